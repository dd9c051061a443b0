"""The Desk: a family found, everything F7 offers for it, a new family, and what the shift lead is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from aidtrack.domain.queueing import Stage
from aidtrack.services import disputes
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine
from aidtrack.store.people import Card, ChildAlone, Household, HouseholdMember, Person
from aidtrack.store.promises import WaitEntry
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item
from aidtrack.ui import jobs
from aidtrack.ui.page import Key
from aidtrack.ui.pages.desk.page import DeskPage
from tests.screenshots.scenes import scene

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio

GIVES, LEAD, REGISTRAR = "Андрей П.", "Ирина Л.", "Марина С."


def _cards(query: Any) -> list[str]:
    wanted = select(Card.number).where(Card.household_id.in_(query), Card.state == "active").order_by(Card.id)
    return list(jobs.database().read(lambda session: session.scalars(wanted).all()))


def waiting_cards() -> list[str]:
    """Families of several people that are registered and were given nothing yet."""
    served = select(HandOver.household_id).where(HandOver.household_id.is_not(None))
    sizes = select(HouseholdMember.household_id).group_by(HouseholdMember.household_id)
    several = sizes.having(func.count() > 2)
    waits = select(Ticket.household_id).where(Ticket.stage == Stage.HAND_OVER, Ticket.household_id.not_in(served))
    return _cards(waits.where(Ticket.household_id.in_(several)))


def waiting_card() -> str:
    """The first of them."""
    return waiting_cards()[0]


def sized_card() -> str:
    """A family that was given diapers of one size."""
    line = select(HandOverLine.hand_over_id).join(Item, Item.id == HandOverLine.item_id).where(Item.size != "")
    return _cards(select(HandOver.household_id).where(HandOver.id.in_(line)))[0]


def waits_card() -> str:
    """A family with places in the wait list."""
    return _cards(select(WaitEntry.household_id).order_by(WaitEntry.id).limit(9))[-1]


def _fourth() -> Any:
    return select(Desk.id).where(Desk.number == 4).scalar_subquery()


def _somebody(studio: Studio) -> tuple[str, str]:
    """Name and year of birth of somebody who is here already."""
    query = select(Person.family_name, Person.given_name, Person.birth_date).join(
        Household, Household.head_id == Person.id
    )
    family, given, birth = jobs.database().read(
        lambda session: session.execute(query.order_by(Person.id).offset(20)).first()
    )
    return f"{family} {given}", str(birth.year)


def served_card() -> str:
    """A family that was served today at both windows and has a fourth window before it."""
    twice = (
        select(HandOver.household_id)
        .where(HandOver.household_id.is_not(None))
        .group_by(HandOver.household_id)
        .having(func.count() == 2)
    )
    several = select(HouseholdMember.household_id).group_by(HouseholdMember.household_id).having(func.count() == 4)
    return _cards(twice.where(HandOver.household_id.in_(several)))[2]


def lent_card() -> str:
    """A family that has a heater on loan."""
    return _cards(select(HandOver.household_id).order_by(HandOver.id).limit(1))[0]


def disputed_card() -> str:
    """Stands before the shift lead."""
    return _cards(
        select(Ticket.household_id).where(Ticket.stage == Stage.SHIFT_LEAD, Ticket.household_id.is_not(None))
    )[0]


def desk(studio: Studio) -> DeskPage:
    """The page, empty."""
    return cast("DeskPage", studio.page("desk"))


def opened(studio: Studio, card: str) -> DeskPage:
    """A family by its card."""
    page = desk(studio)
    page.on_scan(card)
    studio.settle()
    return page


@scene("desk/", who=GIVES)
def waiting(studio: Studio) -> None:
    opened(studio, waiting_card())


@scene("desk/empty", who=GIVES)
def empty(studio: Studio) -> None:
    desk(studio)


@scene("desk/found", who=GIVES)
def found(studio: Studio) -> None:
    page = opened(studio, waiting_card())
    assert page.view is not None
    page.find_box.focus()
    studio.type("find", page.view.family.head_name.split()[0][:4])


@scene("desk/nobody-found", who=GIVES)
def nobody(studio: Studio) -> None:
    desk(studio).find_box.focus()
    studio.type("find", "хзцфж")


@scene("desk/served", who="fourth window")
def served(studio: Studio) -> None:
    opened(studio, served_card())


@scene("desk/less", who=GIVES)
def less(studio: Studio) -> None:
    opened(studio, waiting_card())
    studio.key(Qt.Key.Key_Down)
    field = QApplication.focusWidget()
    assert field is not None
    studio.type(field.objectName(), "2")


@scene("desk/more", "more", who=GIVES)
def more(studio: Studio) -> None:
    opened(studio, waiting_card())
    studio.press(Key.MORE)


@scene("desk/more-lead", "more")
def more_of_the_lead(studio: Studio) -> None:
    opened(studio, served_card())
    studio.press(Key.MORE)


@scene("desk/cancel-which", "cancel_which")
def cancel_which(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Cancel a hand-over")


@scene("desk/cancel-where", "cancel_where")
def cancel(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Cancel a hand-over")
    studio.answer(1)


@scene("desk/correct-which", "correct_which")
def correct_which(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Correct a hand-over")


@scene("desk/correct", "correct")
def correct(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Correct a hand-over")
    studio.answer(1)


@scene("desk/exchange", "exchange")
def exchange(studio: Studio) -> None:
    opened(studio, sized_card())
    studio.more("Exchange a size")


@scene("desk/instead", "instead", who=GIVES)
def instead(studio: Studio) -> None:
    opened(studio, waiting_card())
    studio.more("Something else in its place")


@scene("desk/more-than-due", "approval", who=GIVES)
def more_than_due(studio: Studio) -> None:
    page = opened(studio, waiting_card())
    studio.more("More than is due")
    line = next(line for line in page.allowance.lines if line.row.state == "give")
    line.set_quantity((line.row.due or 1) + 2)
    page.allowance.choose_digit(1)
    studio.press(Key.MAIN)


@scene("desk/unregistered", "unregistered", who=GIVES)
def unregistered(studio: Studio) -> None:
    desk(studio)
    studio.more("Goods without registration")


@scene("desk/several", who=GIVES)
def several(studio: Studio) -> None:
    first, *others = waiting_cards()
    page = opened(studio, first)
    page.allowance.choose_digit(1)
    studio.more("For several families")
    for card in others[:2]:
        page.on_scan(card)
        studio.settle()


@scene("desk/other-card", who=GIVES)
def other_card(studio: Studio) -> None:
    first, other = waiting_cards()[:2]
    page = opened(studio, first)
    page.on_scan(other)
    studio.settle()


@scene("desk/unknown-card", who=GIVES, folded=False)
def unknown_card(studio: Studio) -> None:
    opened(studio, "4821 1790 5573")


@scene("desk/card", "card_question")
def card(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Card and protection")


@scene("desk/new-card", "new_card_question")
def new_card(studio: Studio) -> None:
    card(studio)
    studio.answer(2)


@scene("desk/protect", "protection_form")
def protect(studio: Studio) -> None:
    card(studio)
    studio.answer(3)


@scene("desk/foreign-card", "foreign_card")
def foreign_card(studio: Studio) -> None:
    card(studio)
    studio.answer(4)


@scene("desk/protected", who=LEAD)
def protected(studio: Studio) -> None:
    opened(studio, _cards(select(Household.id).where(Household.is_protected))[0])


@scene("desk/separate", "who_goes")
def separate(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Separate card")


@scene("desk/to-another", "who_goes")
def to_another(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("To another family")


@scene("desk/loans", "loans_dialog")
def loans(studio: Studio) -> None:
    opened(studio, lent_card())
    studio.more("On loan, take back")


@scene("desk/loan-end", "loan_end")
def loan_end(studio: Studio) -> None:
    loans(studio)
    studio.key(Qt.Key.Key_Return)


@scene("desk/loan-kept", "loan_kept")
def loan_kept(studio: Studio) -> None:
    loan_end(studio)
    studio.answer(3)


@scene("desk/deliveries", "deliveries")
def deliveries(studio: Studio) -> None:
    desk(studio)
    studio.more("Home delivery")


@scene("desk/delivery-out", "delivery")
def delivery_out(studio: Studio) -> None:
    deliveries(studio)
    studio.answer(1)


@scene("desk/delivery-back", "delivery")
def delivery_back(studio: Studio) -> None:
    deliveries(studio)
    studio.answer(2)


@scene("desk/promise-what", "owed_which")
def promise_what(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Promise goods to the family")


@scene("desk/promise-from", "promise_from")
def promise_from(studio: Studio) -> None:
    promise_what(studio)
    studio.answer(1)


@scene("desk/promise", "promise_dialog")
def promise(studio: Studio) -> None:
    promise_from(studio)
    studio.answer(2)


@scene("desk/waits", who="fourth window")
def waits(studio: Studio) -> None:
    opened(studio, waits_card())


@scene("desk/dispute-which", "dispute_which", who=LEAD)
def dispute_which(studio: Studio) -> None:
    page, card = desk(studio), disputed_card()
    opened(studio, card)
    assert page.view is not None
    page.disputing.ask(page.view.family.id)
    studio.settle()


@scene("desk/dispute", "dispute_outcome", who=LEAD)
def dispute(studio: Studio) -> None:
    dispute_which(studio)
    studio.answer(1)


@scene("desk/dispute-earlier", "dispute_earlier", who=LEAD)
def dispute_earlier(studio: Studio) -> None:
    page, card = desk(studio), disputed_card()
    opened(studio, card)
    assert page.view is not None
    household = page.view.family.id
    rows = jobs.database().read(lambda session: disputes.past(session, jobs.actor(), household))
    page.disputing._ask_coordinator(rows[0])


@scene("desk/dispute-word", "dispute_word", who=LEAD)
def dispute_word(studio: Studio) -> None:
    dispute_earlier(studio)
    studio.settle()
    studio.answer(1)


@scene("desk/called-to-a-child", who=LEAD)
def called(studio: Studio) -> None:
    desk(studio)


@scene("desk/child-alone", who=LEAD)
def child(studio: Studio) -> None:
    opened(studio, _cards(select(ChildAlone.household_id))[0])


@scene("desk/new", who=REGISTRAR)
def new(studio: Studio) -> None:
    desk(studio)
    studio.press(Key.NEW)
    studio.click("empty_form")


@scene("desk/new-typed", who=REGISTRAR)
def new_typed(studio: Studio) -> None:
    """Somebody who is here already comes under another spelling, with the family."""
    page, view = desk(studio), _somebody(studio)
    new(studio)
    fields = page.register
    fields.fields.full_name.input.set_value(view[0])
    studio.settle()
    studio.type("birth", view[1])
    studio.key(Qt.Key.Key_Return)
    studio.settle()


@scene("desk/new-full", who=REGISTRAR)
def new_full(studio: Studio) -> None:
    desk(studio)
    studio.press(Key.NEW)
    studio.press(Key.MORE)


@scene("desk/new-child", who=REGISTRAR)
def new_child(studio: Studio) -> None:
    new(studio)
    studio.type("full_name", "Соколов Егор")
    studio.key(Qt.Key.Key_Return)
    studio.type("birth", "11")
    studio.key(Qt.Key.Key_Return)


@scene("desk/change", who=REGISTRAR)
def change(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Change the family")


@scene("desk/aid-form", who=REGISTRAR)
def aid_form(studio: Studio) -> None:
    opened(studio, served_card())
    studio.more("Fill in the aid form")


@scene("desk/aid-form-more", "more", who=REGISTRAR)
def aid_form_more(studio: Studio) -> None:
    aid_form(studio)
    studio.press(Key.MORE)


@scene("desk/my-screen", "my_screen", who=GIVES)
def my_screen(studio: Studio) -> None:
    from aidtrack.ui.frame.my_screen import open_my_screen

    desk(studio)
    open_my_screen(studio.window)


@scene("desk/said-before", "earlier", who=GIVES)
def said_before(studio: Studio) -> None:
    from aidtrack.ui.frame import more

    opened(studio, "4821 1790 5573")
    more.show_earlier(studio.window)
