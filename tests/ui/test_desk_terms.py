"""The Desk beyond one family with a card: more than due, sizes, numbers, something else, several families, corrections, no registration.

Keyboard and scanner only; rows and visible words are asserted.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.campaigns import RuleDraft
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import WhyMore
from aidtrack.domain.ids import new_id
from aidtrack.services.campaigns import save_rule
from aidtrack.services.handover import hand_over
from aidtrack.services.stock import save_sizes
from aidtrack.store import journal
from aidtrack.store.days import Desk
from aidtrack.store.handover import Approval, HandOver, HandOverLine, HandOverNumber
from aidtrack.store.stock import Document, Item
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.pages.desk.approving import ApprovalDialog
from aidtrack.ui.pages.desk.goods_forms import CorrectDialog, ExchangeDialog, InsteadDialog, UnregisteredDialog
from tests.aid import Goods, bring_in, draft_of, make_family
from tests.ui.test_desk import Visit, question, said, visit

__all__ = ["visit"]

D = TypeVar("D", bound=FormDialog)


def dialog(visit: Visit, kind: type[D]) -> D:
    """The open form of this kind."""
    QApplication.processEvents()
    visit.settle()
    return next(one for one in visit.window.findChildren(kind) if one.isVisible())


def more(visit: Visit, word: str) -> None:
    """F7 and the answer with these words."""
    visit.key(Qt.Key.Key_F7)
    asked = question(visit, "more")
    row = next(one for one in asked._rows if str(one.answer.word) == word)
    assert row.isEnabled(), word
    row.click()
    QApplication.processEvents()
    visit.settle()


def back(visit: Visit, window_kit: QtBot) -> None:
    """The window has the keyboard again."""
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is visit.window)
    visit.settle()


def goods(visit: Visit, *, numbered: bool = False, sizes: tuple[str, ...] = ()) -> Goods:
    """One more item, one a person, given at both windows; ten of each size, or twenty."""

    def make(session: Session) -> Goods:
        lead, paper = visit.by.coordinator, session.scalars(select(Document.id)).first()
        assert paper is not None
        with journal.operation(session, lead, new_id(), "save_item"):
            item = Item(id=new_id(), code="X", names={"en": "Shoes"}, unit="pcs", is_numbered=numbered)
            session.add(item)
            session.flush()
            rule = save_rule(
                session, lead, request_id=new_id(), campaign_id=visit.aid.campaign_id, draft=RuleDraft(item.id, Basis.PERSON)
            )
            lots = [item.id]
            if sizes:
                save_sizes(session, lead, request_id=new_id(), item_id=item.id, sizes=sizes)
                query = select(Item.id).where(Item.variant_of_id == item.id).order_by(Item.size)
                lots = list(session.scalars(query))
            for one in lots:
                bring_in(session, lead, visit.centre, one, 20, paper)
            for desk in visit.centre.windows:
                session.get_one(Desk, desk).gives = None
        return Goods(item.id, rule, tuple(lots))

    return visit.database.write(make)


def reason(visit: Visit, one: Goods) -> str:
    words = visit.line(one).findChild(QLabel, "allowance_reason")
    assert isinstance(words, QLabel)
    return words.text()


# ── more than is due ─────────────────────────────────────────────────────────────────────────────


def test_the_shift_lead_allows_more_at_the_same_window(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("5")
    visit.key(Qt.Key.Key_F9)
    asked = dialog(visit, ApprovalDialog)
    asked.reason.choose_digit(1)
    who = asked.form.field("who").input
    assert who.values(), "on a plain file the lead is chosen by name"
    who.set_value(visit.by.shift_lead.user_id)
    asked.accept_now()
    visit.settle()
    back(visit, window_kit)
    assert visit.given()[0] == (visit.aid.food.item_id, 5, 4)
    row = visit.ask(lambda s: s.scalars(select(Approval)).one())
    assert (row.reason, row.approver_id) == (WhyMore.NEED, visit.by.shift_lead.user_id)
    assert said().startswith("Given: food kit 5")


def test_an_approval_needs_its_reason_and_its_lead_and_loses_nothing(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("5")
    visit.key(Qt.Key.Key_F9)
    asked = dialog(visit, ApprovalDialog)
    asked.accept_now()
    visit.settle()
    assert asked.isVisible()
    asked.reason.choose_digit(2)
    asked.accept_now()
    visit.settle()
    assert asked.isVisible(), "nobody was named"
    asked.give_up()
    assert visit.hand_overs() == []
    assert visit.line(visit.aid.food).quantity() == 5


def test_a_line_that_is_not_due_can_be_given_with_approval(visit: Visit) -> None:
    draft = draft_of(visit.family.household_id, (visit.aid.food, 4))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan(visit.family)
    assert not visit.line(visit.aid.food).box.isVisible()
    more(visit, "More than is due")
    assert visit.line(visit.aid.food).box.isVisible()
    assert visit.line(visit.aid.food).drafts() == [], "nothing is asked for until a number is typed"


# ── sizes and numbers ────────────────────────────────────────────────────────────────────────────


def test_sizes_are_chosen_by_digits_and_may_differ(visit: Visit) -> None:
    shoes = goods(visit, sizes=("36", "38"))
    visit.scan(visit.family)
    assert reason(visit, shoes) == "which size?"
    line = visit.line(shoes)
    line.sizes.setFocus()
    visit.write("2")
    visit.settle()
    visit.page.on_digit(2)
    assert reason(visit, shoes) == "38 × 4"
    visit.key(Qt.Key.Key_Down)
    visit.write("1")
    line.sizes.setFocus()
    visit.page.on_digit(1)
    assert reason(visit, shoes) == "38 × 1, 36 × 3"
    visit.key(Qt.Key.Key_F9)
    query = select(HandOverLine.item_id, HandOverLine.quantity).where(HandOverLine.item_id.in_(shoes.lots))
    given = {row[0]: row[1] for row in visit.ask(lambda s: s.execute(query).all())}
    assert given == {shoes.lots[0]: 3, shoes.lots[1]: 1}


def test_a_size_is_exchanged_on_the_same_day_in_one_step(visit: Visit, window_kit: QtBot) -> None:
    shoes = goods(visit, sizes=("36", "38"))
    visit.scan(visit.family)
    visit.line(shoes).sizes.setFocus()
    visit.page.on_digit(1)
    visit.key(Qt.Key.Key_F9)
    visit.scan(visit.family)
    more(visit, "Exchange a size")
    asked = dialog(visit, ExchangeDialog)
    asked.form.field("new").input.set_value(shoes.lots[1])
    asked.accept_now()
    visit.settle()
    back(visit, window_kit)
    assert said().startswith("Exchanged:")
    query = select(HandOver.id).order_by(HandOver.line.desc()).limit(1)
    newest = visit.ask(lambda s: s.scalar(query))
    lines = select(HandOverLine.item_id, HandOverLine.quantity).where(HandOverLine.hand_over_id == newest)
    assert {row[0]: row[1] for row in visit.ask(lambda s: s.execute(lines).all()) if row[0] in shoes.lots} == {
        shoes.lots[0]: 3, shoes.lots[1]: 1,
    }  # fmt: skip


def test_numbers_are_scanned_and_a_card_is_never_one(visit: Visit) -> None:
    cards = goods(visit, numbered=True)
    visit.scan(visit.family)
    assert reason(visit, cards) == "scan the numbers: 0 of 4"
    for number in ("PHARM-1", "PHARM-2", "PHARM-2", "PHARM-3", "PHARM-4", "PHARM-5"):
        visit.scan_code(number)
    assert visit.line(cards).filled.numbers == ["PHARM-1", "PHARM-3", "PHARM-4", "PHARM-5"], "twice takes it off"
    visit.key(Qt.Key.Key_F9)
    held = visit.ask(lambda s: s.scalars(select(HandOverNumber.number).order_by(HandOverNumber.number)).all())
    assert list(held) == ["PHARM-1", "PHARM-3", "PHARM-4", "PHARM-5"]


# ── something else in its place ──────────────────────────────────────────────────────────────────


def test_something_else_is_put_in_place_of_what_is_out(visit: Visit, window_kit: QtBot) -> None:
    crowd = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Гость", size=50)).household_id
    draft = draft_of(crowd, (visit.aid.soap, 50))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan(visit.family)
    more(visit, "Something else in its place")
    asked = dialog(visit, InsteadDialog)
    assert asked.form.field("rule").input.value() == visit.aid.soap.rule_id, "what is out is chosen already"
    other = next(one for one in asked.form.field("goods").input.values() if one.item_id == visit.aid.blanket.item_id)
    asked.form.field("goods").input.set_value(other)
    asked.accept_now()
    back(visit, window_kit)
    assert reason(visit, visit.aid.soap) == "in its place: Blanket"
    visit.key(Qt.Key.Key_F9)
    line = visit.ask(lambda s: s.scalars(select(HandOverLine).where(HandOverLine.substitute_of_id.is_not(None))).one())
    assert (line.item_id, line.substitute_of_id, line.quantity) == (
        visit.aid.blanket.item_id, visit.aid.soap.item_id, 4,
    )  # fmt: skip


# ── another card, several families ───────────────────────────────────────────────────────────────


def test_esc_keeps_the_open_family_waiting_and_it_comes_back(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("1")
    visit.scan(other)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    visit.key(Qt.Key.Key_Escape)
    assert "Коваль" in visit.words("family_name")
    visit.key(Qt.Key.Key_F9)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert visit.line(visit.aid.food).quantity() == 1, "what was typed waited too"


def test_f9_finishes_the_open_family_and_opens_the_card_that_waits(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    visit.scan(other)
    visit.key(Qt.Key.Key_F9)
    assert [row.household_id for row in visit.hand_overs()] == [visit.family.household_id]
    assert "Коваль" in visit.words("family_name")


def test_several_families_are_one_list_and_esc_takes_the_last_one_off(visit: Visit) -> None:
    others = [visit.database.write(lambda s, n=n: make_family(s, visit.by.registrar, n)) for n in ("Коваль", "Бойко")]  # type: ignore[misc]
    visit.scan(visit.family)
    more(visit, "For several families")
    visit.window.activateWindow()
    visit.settle()
    for one in others:
        visit.scan(one)
    families = [label.text() for label in visit.page.findChildren(QLabel, "together_family")]
    assert [words.split(":")[0] for words in families[-2:]] == ["Ткаченко Мария Петровна", "Коваль Мария Петровна"]
    main = visit.page.main_action()
    assert main is not None
    assert str(main.word) == "Hand over to 3 families"
    visit.key(Qt.Key.Key_F9)
    assert said().startswith("How do we know")
    assert visit.hand_overs() == []
    visit.key(Qt.Key.Key_Escape)
    assert "Коваль" in visit.words("family_name")
    assert len(visit.page.allowance.together.families) == 1


def test_somebody_unusual_is_asked_one_question(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    ask = visit.page.findChild(QLabel, "ask_line")
    assert isinstance(ask, QLabel)
    assert not ask.isVisible(), "the card holder is ordinary"
    visit.write("0")
    window_kit.waitUntil(lambda: visit.page.allowance.other_name.isVisible())
    assert ask.isVisible()
    assert ask.text() == "Ask: how old is the youngest?"
    visit.key(Qt.Key.Key_Escape)
    visit.key(Qt.Key.Key_Escape)
    assert visit.page.view is None
    assert not ask.isVisible(), "nobody stands here any more"


def test_a_family_found_without_a_scan_has_no_collector_yet(visit: Visit) -> None:
    visit.page.open_family(visit.family.household_id)
    visit.settle()
    assert visit.page.allowance.who.value() is None
    visit.key(Qt.Key.Key_F9)
    assert said().startswith("Who is collecting?")


# ── correcting, no registration ──────────────────────────────────────────────────────────────────


def test_a_correction_is_prefilled_and_one_step(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.scan(visit.family)
    more(visit, "Correct a hand-over")
    asked = dialog(visit, CorrectDialog)
    numbers = [asked.form.field(f"lines[{n}]").input for n in range(2)]
    assert [one.value() for one in numbers] == [4, 4]
    numbers[1].set_value(3)
    asked.accept_now()
    visit.settle()
    back(visit, window_kit)
    assert said() == "Corrected: food kit 4, soap 3 · signed on 1-01/02"
    assert visit.voids()[0].kind == "corrected"
    assert visit.line(visit.aid.soap).quantity() == 1, "one is due again"


def test_goods_without_registration_and_their_undo(visit: Visit, window_kit: QtBot) -> None:
    more(visit, "Goods without registration")
    asked = dialog(visit, UnregisteredDialog)
    asked.form.field("item_0").input.set_value(visit.aid.soap.item_id)
    asked.form.field("quantity_0").input.set_value(12)
    asked.accept_now()
    visit.settle()
    assert asked.isVisible(), "how many people is asked"
    asked.form.field("people").input.set_value(30)
    asked.accept_now()
    visit.settle()
    back(visit, window_kit)
    assert said() == "Given to 30 people without registration: soap 12 · signed on 1-01/01"
    (row,) = visit.hand_overs()
    assert (row.household_id, row.people) == (None, 30)
    visit.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(visit.voids()) == 1


def test_the_list_of_more_fits_the_smallest_window(visit: Visit) -> None:
    visit.window.resize(1024, 700)
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F7)
    asked: Question = question(visit, "more")
    assert asked.height() <= 700
    assert all(one.isVisible() for one in asked._rows)
    asked.close()


