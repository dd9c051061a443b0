"""The daily tasks of the Desk key by key, as field.md §3 counts them: each press outside of typed facts is counted and may only fall."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HowConfirmed
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.services import queueing, settlements
from aidtrack.services.handover import hand_over
from aidtrack.services.people import household_by_code, household_view
from aidtrack.store.handover import HandOver
from aidtrack.store.people import Card, Household, HouseholdMember, Person, Settlement
from aidtrack.store.queueing import Ticket
from aidtrack.ui.inputs import SuggestInput
from tests.aid import draft_of, make_family
from tests.ui.keys import Hands
from tests.ui.test_desk import Visit, give_blanket, said, state, ticket_for, visit

__all__ = ["visit"]


@pytest.fixture
def hands(visit: Visit) -> Hands[Visit]:
    """Hands at the Desk."""
    return Hands(visit)


def test_task_1_serving_a_known_family_is_one_scan_and_one_key(hands: Hands[Visit]) -> None:
    hands.scan(hands.at.family.token)
    hands.key(Qt.Key.Key_F9)
    hands.told("serve")
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01 · stamp box 1"
    assert hands.at.ask(lambda s: s.scalar(select(func.count()).select_from(HandOver))) == 1


def test_task_1_with_the_number_called_before(hands: Hands[Visit]) -> None:
    give_blanket(hands.at, hands.at.family.household_id)
    ticket = ticket_for(hands.at, hands.at.family.household_id)
    hands.key(Qt.Key.Key_F5)
    hands.scan(hands.at.family.token)
    hands.key(Qt.Key.Key_F9)
    assert (hands.scans, hands.keys) == (1, 2)
    assert state(hands.at, ticket) is TicketState.SERVED


def test_task_1_without_a_card_is_three_keys_and_a_name(hands: Hands[Visit]) -> None:
    hands.key(Qt.Key.Key_F2)
    hands.write("ткач мар")
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_F9)
    hands.told("serve-name")
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01 · stamp box 1"


def test_task_1_less_of_one_item_is_two_more_keys(hands: Hands[Visit]) -> None:
    hands.scan(hands.at.family.token)
    hands.key(Qt.Key.Key_Down)
    hands.digit("3")
    hands.key(Qt.Key.Key_F9)
    assert (hands.scans, hands.keys) == (1, 3)
    assert said() == "Given: food kit 3, soap 4 · signed on 1-01/01 · stamp box 1"


def three_cards(hands: Hands[Visit]) -> list[str]:
    """The card of the family that is known, and of two more; a number for several families is at the window."""
    at = hands.at
    others = [at.database.write(lambda s, n=name: make_family(s, at.by.registrar, n)) for name in ("Коваль", "Бойко")]  # type: ignore[misc]
    return [at.family.token, *(one.token for one in others)]


def test_representative_with_18_clicks(hands: Hands[Visit]) -> None:
    """Task 1, three families by one collector: a grandmother with three cards is known today, so it is three scans and F9."""
    cards = three_cards(hands)
    at = hands.at
    fourth = at.database.write(lambda s: make_family(s, at.by.registrar, "Гончар"))
    mother = at.ask(lambda s: household_view(s, at.by.shift_lead, at.family.household_id)).members[0].person_id
    word = replace(
        draft_of(fourth.household_id, (at.aid.food, 1)), collector_text="", collector_person_id=mother,
        how_known=HowConfirmed.WITNESS,
    )  # fmt: skip
    at.database.write(lambda s: hand_over(s, at.by.distributor, request_id=new_id(), draft=word))
    for card in cards:
        hands.scan(card)
    hands.key(Qt.Key.Key_F9)
    hands.told("serve-three")
    assert said() == "Given to 3 families · signed on 1-01/02, 1-01/03, 1-01/04"
    assert [row.how_known for row in at.hand_overs()] == ["witness", "", "witness", "witness"]


def test_task_1_the_word_for_others_is_asked_once(hands: Hands[Visit]) -> None:
    at = hands.at
    cards = three_cards(hands)
    several = at.database.write(
        lambda s: queueing.issue_ticket(s, at.by.registrar, request_id=new_id(), lane=Lane.T, stage=Stage.HAND_OVER)
    )
    at.database.write(lambda s: queueing.call_ticket(s, at.by.distributor, request_id=new_id(), ticket_id=several.id, reason="urgent"))
    at.page.load()
    at.settle()
    hands.scan(cards[0])
    hands.scan(cards[1])
    hands.digit("3")
    hands.scan(cards[2])
    hands.key(Qt.Key.Key_F9)
    hands.told("serve-three-first")
    assert [row.how_known for row in at.hand_overs()] == ["", "witness", "witness"]
    assert [row.ticket_id for row in at.hand_overs()] == [several.id, None, None]


def test_task_2_registering_four_people_is_eight_keys_and_the_facts(hands: Hands[Visit], window_kit: QtBot) -> None:
    at = hands.at
    at.database.write(lambda s: settlements.load_settlements(s, at.by.coordinator, request_id=new_id()))
    hands.key(Qt.Key.Key_F3)
    hands.write("Олійник Мария")
    hands.key(Qt.Key.Key_Return)
    hands.write("35")
    hands.key(Qt.Key.Key_Return)
    hands.write("суд")
    places = QApplication.focusWidget()
    assert isinstance(places, SuggestInput)
    hands.key(Qt.Key.Key_Return)
    hands.digit("2")
    hands.write("м36 ж8 м3")
    hands.key(Qt.Key.Key_Return)
    hands.digit("1")
    window_kit.waitUntil(lambda: at.page.register.told.value())
    hands.key(Qt.Key.Key_F9)
    hands.told("register-quick")
    newest = at.ask(
        lambda s: s.scalars(select(Household).order_by(Household.registered_at.desc(), Household.id.desc())).first()
    )
    assert newest is not None
    members = select(func.count()).select_from(HouseholdMember).where(HouseholdMember.household_id == newest.id)
    assert at.ask(lambda s: s.scalar(members)) == 4
    assert at.ask(lambda s: s.get_one(Person, newest.head_id).family_name) == "Олійник"
    assert at.ask(lambda s: s.get_one(Settlement, newest.settlement_id).names["ru"]) == "Суджа"
    assert newest.lodging == "relatives"
    card = at.ask(lambda s: s.scalars(select(Card.number).where(Card.household_id == newest.id)).one())
    assert at.ask(lambda s: household_by_code(s, at.by.registrar, card)) == newest.id
    assert at.words("family_name") == "Олійник Мария", "the new family stands open, ready to be served"


def test_task_2_registering_four_people_in_full(hands: Hands[Visit], window_kit: QtBot) -> None:
    at = hands.at
    at.database.write(lambda s: settlements.load_settlements(s, at.by.coordinator, request_id=new_id()))
    hands.key(Qt.Key.Key_F3)
    hands.key(Qt.Key.Key_F7)
    assert at.page.register.fields.full_name.input.hasFocus()
    hands.fact("Олійник Мария Петровна")
    hands.fact("12.8.89")
    hands.fact("суд")
    hands.digit("2")
    hands.fact("9101234567")
    for name, birth, relation in (("Олійник Пётр", "36", "1"), ("Олійник Анна", "8", "2"), ("Олійник Олег", "3", "2")):
        hands.fact(name)
        hands.fact(birth)
        hands.digit(relation)
    hands.key(Qt.Key.Key_Return)
    hands.digit("1")
    window_kit.waitUntil(lambda: at.page.register.told.value())
    hands.key(Qt.Key.Key_F9)
    members = at.ask(
        lambda s: s.execute(
            select(Person.given_name, HouseholdMember.relation)
            .join(HouseholdMember, HouseholdMember.person_id == Person.id)
            .where(Person.family_name == "Олійник")
            .order_by(HouseholdMember.no)
        ).all()
    )
    assert [tuple(row) for row in members] == [
        ("Мария", "HEAD"),
        ("Пётр", "WIFE_HUSBAND"),
        ("Анна", "SON_DAUGHTER"),
        ("Олег", "SON_DAUGHTER"),
    ]
    hands.told("register-full")


def test_task_2_what_was_typed_in_find_goes_along(hands: Hands[Visit]) -> None:
    hands.key(Qt.Key.Key_F2)
    hands.write("новая семья")
    hands.key(Qt.Key.Key_F3)
    assert hands.at.page.register.fields.full_name.input.value() == "Новая Семья"


def test_task_3_calling_is_one_key_and_nobody_there_another(hands: Hands[Visit]) -> None:
    ticket = ticket_for(hands.at, None)
    hands.key(Qt.Key.Key_F5)
    assert state(hands.at, ticket) is TicketState.CALLED
    hands.told("call")
    hands.key(Qt.Key.Key_F6)
    assert state(hands.at, ticket) is TicketState.WAITING
    assert hands.keys == 2
    assert hands.at.ask(lambda s: s.scalar(select(Ticket.calls))) == 1
