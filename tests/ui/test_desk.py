"""The Desk by keyboard and scanner: a visit from the card to the signature, and every way back. Rows and visible words are asserted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.errors import StoreTrouble, Text
from aidtrack.services import drafts, handover, queueing
from aidtrack.services.handover import hand_over
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverVoid
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import CountLine
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Question
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.pages.desk.allowance_line import AllowanceLine
from aidtrack.ui.pages.desk.page import DeskPage
from tests.aid import Aid, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, scan, type_text

T = TypeVar("T")


class Hand:
    """The time between keys as the scanner is told it: a busy machine must not turn a scan into typing.

    It knows no window, so that no window outlives its test.
    """

    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment

    def rest(self) -> None:
        """A hand is slower than a scanner."""
        self.moment += 1


@dataclass
class Visit:
    """A window with the Desk, the goods, and one registered family."""

    window: MainWindow
    page: DeskPage
    database: Database
    by: Team
    centre: Centre
    aid: Aid
    family: HouseholdReceipt
    hand: Hand

    def settle(self) -> None:
        """Waits until nothing is under way."""
        assert jobs.wait_all()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key where the cursor is, and what follows from it."""
        self.hand.rest()
        self.window._ran.clear()  # a test types faster than a hand: the guard against trembling fingers has its own test
        press(QApplication.focusWidget() or self.window, key, held)
        self.settle()

    def scan(self, card: HouseholdReceipt) -> None:
        """A card is held to the scanner."""
        self.scan_code(card.token)

    def scan_code(self, code: str) -> None:
        """A code comes in one burst, a while after the last key."""
        self.hand.rest()
        scan(None, code)
        self.settle()

    def write(self, text: str) -> None:
        """Letters typed by a hand."""
        for letter in text:
            self.hand.rest()
            type_text(None, letter)

    def ask(self, question: Callable[[Session], T]) -> T:
        return self.database.read(question)

    def given(self) -> list[tuple[UUID, int, int]]:
        """Item, quantity and allowed of every line booked, batches of an item together."""
        query = select(HandOverLine.item_id, HandOverLine.quantity, HandOverLine.allowed).order_by(HandOverLine.no)
        sums: dict[UUID, tuple[int, int]] = {}
        for item, quantity, allowed in self.ask(lambda s: s.execute(query).all()):
            had = sums.get(item, (0, 0))
            sums[item] = (had[0] + quantity, had[1] + allowed)
        return [(item, *both) for item, both in sums.items()]

    def hand_overs(self) -> list[HandOver]:
        return list(self.ask(lambda s: s.scalars(select(HandOver).order_by(HandOver.at, HandOver.line)).all()))

    def voids(self) -> list[HandOverVoid]:
        return list(self.ask(lambda s: s.scalars(select(HandOverVoid)).all()))

    def line(self, goods: Goods) -> AllowanceLine:
        found = self.page.findChild(AllowanceLine, f"allowance_{goods.item_id.hex}")
        assert isinstance(found, AllowanceLine)
        return found

    def words(self, name: str) -> str:
        found = self.page.findChild(QLabel, name)
        assert isinstance(found, QLabel), name
        return found.text()


@pytest.fixture
def visit(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> Visit:
    aid = sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.distributor)
    window = MainWindow([PageEntry("desk", Text("Desk"), "scan-line", DeskPage)], QWidget)
    window_kit.addWidget(window)
    window.show()
    window.start(by.distributor)
    window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is window)
    page = window.page()
    assert isinstance(page, DeskPage)
    hand = Hand()
    window.scanner.pace.clock = hand
    made = Visit(window, page, sqlite_database, by, centre, aid, family, hand)
    made.settle()
    return made


def said() -> str:
    message = messages.current()
    assert message is not None, "nothing was said"
    return message.text if isinstance(message.text, str) else i18n.render(message.text, i18n.language())


def ticket_for(visit: Visit, household_id: UUID | None) -> UUID:
    def issue(session: Session) -> UUID:
        by, stage = visit.by.registrar, Stage.HAND_OVER
        row = queueing.issue_ticket(
            session, by, request_id=new_id(), lane=Lane.A, household_id=household_id, stage=stage
        )
        return row.id

    return visit.database.write(issue)


def state(visit: Visit, ticket: UUID) -> TicketState:
    return TicketState(visit.ask(lambda s: s.get_one(Ticket, ticket).state))


def give_blanket(visit: Visit, household_id: UUID) -> None:
    there = visit.by.at(visit.by.distributor, visit.centre.windows[1])
    draft = draft_of(household_id, (visit.aid.blanket, 1))
    visit.database.write(lambda s: hand_over(s, there, request_id=new_id(), draft=draft))


# ── a visit ──────────────────────────────────────────────────────────────────────────────────────


def test_a_known_family_takes_one_scan_and_one_key(visit: Visit) -> None:
    visit.scan(visit.family)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert visit.words("signs_at") == "sheet 1-01, line 1"
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == [(visit.aid.food.item_id, 4, 4), (visit.aid.soap.item_id, 4, 4)]
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01 · stamp box 1"
    (booked,) = visit.hand_overs()
    assert booked.collector_id is not None, "the card holder stands at the window"
    assert not visit.page.findChild(QWidget, "family_name").isVisible(), "the Desk is ready for the next family"


def test_without_a_card_a_name_enter_and_one_key(visit: Visit, window_kit: QtBot) -> None:
    visit.key(Qt.Key.Key_F2)
    visit.write("ткач мар")
    visit.settle()
    visit.key(Qt.Key.Key_Return)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    visit.key(Qt.Key.Key_F9)
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01 · stamp box 1"
    (booked,) = visit.hand_overs()
    assert booked.collector_id is not None, "who said her name stands at the window"


def test_a_card_in_the_middle_of_a_new_family_says_where_the_form_is(visit: Visit) -> None:
    visit.key(Qt.Key.Key_F3)
    visit.write("Бондаренко Олег")
    visit.scan(visit.family)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert said() == "The new family that was begun is kept: F3 opens it again."
    visit.key(Qt.Key.Key_F3)
    assert visit.page.register._typed().full_name == "Бондаренко Олег"


def test_enter_never_hands_over(visit: Visit) -> None:
    visit.scan(visit.family)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Return):
        visit.key(key)
    assert visit.hand_overs() == []


def test_less_is_one_digit_on_the_row(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.key(Qt.Key.Key_Down)
    visit.write("3")
    assert visit.line(visit.aid.soap).findChild(QLabel, "allowance_reason").text() == "per person · less than due"
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == [(visit.aid.food.item_id, 4, 4), (visit.aid.soap.item_id, 3, 4)]


def test_nothing_of_an_item_is_written_as_not_wanted(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("0")
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == [(visit.aid.soap.item_id, 4, 4)]
    declined = visit.ask(lambda s: s.scalars(select(HandOverDecline.item_id)).all())
    assert list(declined) == [visit.aid.food.item_id]


def test_more_than_due_says_whom_it_asks(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("9")
    words = visit.line(visit.aid.food).findChild(QLabel, "allowance_reason").text()
    assert words == "the shift lead approves it"
    visit.key(Qt.Key.Key_F9)
    assert visit.hand_overs() == [], "nothing is booked before the shift lead has allowed it"


def test_a_digit_says_who_is_collecting(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    visit.write("0")
    window_kit.waitUntil(lambda: visit.page.allowance.other_name.isVisible())
    visit.write("Соседка Нина")
    visit.key(Qt.Key.Key_F9)
    assert [(row.collector_id, row.collector_text) for row in visit.hand_overs()] == [(None, "Соседка Нина")]


def test_nobody_named_is_asked_for_and_nothing_is_lost(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("3")
    visit.key(Qt.Key.Key_Escape)
    visit.write("0")
    window_kit.waitUntil(lambda: visit.page.allowance.other_name.isVisible())
    visit.key(Qt.Key.Key_F9)
    assert said().startswith("Who is collecting?")
    assert visit.hand_overs() == []
    assert visit.line(visit.aid.food).box.value() == 3


def test_the_digits_of_a_scan_never_pick_a_collector(visit: Visit) -> None:
    visit.scan(visit.family)
    before = visit.page.allowance.who.value()
    visit.scan_code("000000000000")
    assert visit.page.allowance.who.value() == before
    assert said().startswith("Card from another centre: find")
    assert visit.hand_overs() == []


def test_lines_of_other_windows_are_grey_with_their_number(visit: Visit) -> None:
    visit.scan(visit.family)
    blanket = visit.line(visit.aid.blanket)
    assert blanket.findChild(QLabel, "allowance_right").text() == "window 2"
    assert not blanket.box.isVisible()


def test_not_today_says_from_when_and_what_to_say(visit: Visit) -> None:
    draft = draft_of(visit.family.household_id, (visit.aid.food, 4))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan(visit.family)
    food = visit.line(visit.aid.food)
    assert food.findChild(QLabel, "allowance_right").text() == "from 19 August"
    assert visit.words("say_line") == "Say: “Food kit: from 19 August. Today there is: soap.”"
    assert visit.words("history_line") == "Before: 12 August, food kit 4"


# ── the book and the shelf ───────────────────────────────────────────────────────────────────────


def test_a_line_that_ran_out_meanwhile_changes_alone(visit: Visit) -> None:
    visit.scan(visit.family)
    big = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Гость", size=48)).household_id
    draft = draft_of(big, (visit.aid.soap, 48))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.key(Qt.Key.Key_F9)
    assert said() == "Soap: the book has 2."
    assert len(visit.hand_overs()) == 1
    assert (visit.line(visit.aid.food).quantity(), visit.line(visit.aid.soap).quantity()) == (4, 2)
    visit.key(Qt.Key.Key_F9)
    assert said() == "Given: food kit 4, soap 2 · signed on 1-01/02 · stamp box 1"


def test_what_is_on_the_shelf_is_counted_and_given(visit: Visit) -> None:
    crowd = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Гость", size=50)).household_id
    draft = draft_of(crowd, (visit.aid.soap, 50))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan(visit.family)
    soap = visit.line(visit.aid.soap)
    assert soap.findChild(QWidget, "on_shelf").isVisible()
    soap.count_here()
    visit.write("9")
    visit.key(Qt.Key.Key_F9)
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/02 · stamp box 1"
    assert visit.ask(lambda s: s.scalars(select(CountLine.seen)).all())[-1] == 9


def test_what_can_be_pressed_takes_nothing_from_the_name(visit: Visit) -> None:
    """The link to the wait list is longer than the button above it; the name of the item needs only go round the button."""
    crowd = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Гость", size=50)).household_id
    draft = draft_of(crowd, (visit.aid.soap, 50))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan(visit.family)
    switch_language("uk")
    visit.settle()
    line = visit.line(visit.aid.soap)
    name, shelf, link = (line.findChild(QWidget, part) for part in ("allowance_name", "on_shelf", "keep_place"))
    assert name is not None
    assert shelf is not None
    assert link is not None
    assert link.isVisible()
    assert link.width() > shelf.width() + 40
    assert name.width() >= line.width() - shelf.width() - 60


# ── ways back ────────────────────────────────────────────────────────────────────────────────────


def test_ctrl_z_takes_the_hand_over_back(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    (void,) = visit.voids()
    assert void.goods == GoodsAre.NEVER_LEFT
    assert said() == "Hand-over cancelled: food kit 4, soap 4 · never left"
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert visit.line(visit.aid.food).quantity() == 4


def question(visit: Visit, name: str) -> Question:
    QApplication.processEvents()
    return next(one for one in visit.window.findChildren(Question) if one.objectName() == name and one.isVisible())


def cancel_last(visit: Visit, window_kit: QtBot, where: int) -> None:
    """F7, the second answer, where the goods are."""
    visit.key(Qt.Key.Key_F7)
    question(visit, "more").answer_digit(2)
    window_kit.waitUntil(lambda: any(q.objectName() == "cancel_where" for q in visit.window.findChildren(Question)))
    question(visit, "cancel_where").answer_digit(where)
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is visit.window)
    visit.settle()


def test_cancelling_asks_where_the_goods_are(visit: Visit, window_kit: QtBot) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.scan(visit.family)
    cancel_last(visit, window_kit, 3)
    (void,) = visit.voids()
    assert void.goods == GoodsAre.SET_ASIDE
    assert said() == "Hand-over cancelled: food kit 4, soap 4 · set aside to check"
    assert visit.line(visit.aid.food).quantity() == 4, "the family can have it again"


def test_goods_with_another_family_move_by_its_card(visit: Visit, window_kit: QtBot) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.scan(visit.family)
    cancel_last(visit, window_kit, 2)
    window_kit.waitUntil(lambda: "Scan the card" in said())
    visit.scan(other)
    assert said() == "Moved to the other family: food kit 4, soap 4"
    newest = visit.hand_overs()[-1]
    assert newest.household_id == other.household_id
    assert visit.voids()[0].replaced_by_id == newest.id


def test_another_card_never_discards_an_open_hand_over(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль"))
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("1")
    visit.scan(other)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert said().startswith("Finish Ткаченко Мария Петровна first? F9. Esc keeps it waiting.")
    assert visit.line(visit.aid.food).box.value() == 1


def can_give(visit: Visit) -> bool:
    action = visit.page.main_action()
    return action is not None and action.enabled


def test_while_a_scanned_card_is_looked_up_nothing_goes_to_the_family_before(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    assert can_give(visit)
    visit.page.on_scan(other.token)
    assert not can_give(visit)
    visit.page._hand_over()
    visit.settle()
    assert visit.hand_overs() == []
    visit.key(Qt.Key.Key_Escape)
    assert "Коваль" in visit.words("family_name")
    visit.key(Qt.Key.Key_F9)
    assert {row.household_id for row in visit.hand_overs()} == {other.household_id}


def test_while_a_scanned_card_is_looked_up_no_key_touches_the_number_before(visit: Visit) -> None:
    give_blanket(visit, visit.family.household_id)
    ticket = ticket_for(visit, visit.family.household_id)
    visit.key(Qt.Key.Key_F5)
    visit.page.on_scan(visit.family.token)
    for key in (Key.NEXT, Key.NOT_HERE, Key.SHIFT_LEAD):
        assert not visit.page.keys()[key].enabled, key
    assert not any(action.enabled for action in visit.page.more() if action.word == Text("Done: nothing else today"))
    visit.settle()
    assert state(visit, ticket) is TicketState.CALLED
    for key in (Key.NOT_HERE, Key.SHIFT_LEAD):
        assert visit.page.keys()[key].enabled, key


def test_while_another_family_is_opened_the_one_before_is_gone(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    visit.page.open_family(other.household_id)
    assert not can_give(visit)
    assert not visit.page.findChild(QWidget, "family_name").isVisible()
    visit.page.load()
    visit.settle()
    assert "Коваль" in visit.words("family_name")
    assert can_give(visit)


def test_between_who_it_is_and_what_they_can_have_nothing_is_given(visit: Visit) -> None:
    """A family is shown in two turns of the window. A key that comes between them does nothing, and the next family keeps its own."""
    keyed: list[bool] = []
    show_family = visit.page.family.show_view

    def shown(view: handover.DeskView) -> None:
        show_family(view)
        keyed.append(visit.window.press(Key.MAIN))

    visit.page.family.show_view = shown  # type: ignore[method-assign]
    visit.scan(visit.family)
    assert keyed == [False]
    assert visit.given() == []
    assert visit.page.family.findChild(QLabel, "family_name").text()
    visit.key(Qt.Key.Key_F9)
    assert visit.given()


def test_a_scan_that_cannot_be_looked_up_says_so_and_the_visit_goes_on(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trouble(*_: object, **__: object) -> None:
        raise StoreTrouble("busy", Text("The database is busy."))

    visit.scan(visit.family)
    monkeypatch.setattr(handover, "scanned", trouble)
    visit.page.on_scan(visit.family.token)
    visit.settle()
    assert said() == "The database is busy."
    assert can_give(visit)


def test_a_family_just_served_does_not_open_again(visit: Visit) -> None:
    visit.page.open_family(visit.family.household_id)
    visit.page._close_family()
    visit.settle()
    assert visit.page._view is None


def test_the_answer_for_one_family_does_not_close_the_next(visit: Visit) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Коваль", size=2))
    visit.scan(visit.family)
    visit.page._hand_over()
    visit.page.open_family(other.household_id)
    visit.settle()
    assert "Коваль" in visit.words("family_name")
    assert [row.household_id for row in visit.hand_overs()] != []
    assert can_give(visit)


def test_f9_again_after_a_lost_answer_gives_once(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("1")
    lose_next_answer(monkeypatch, visit.database)
    visit.key(Qt.Key.Key_F9)
    assert said() == "The database is busy."
    booked = visit.given()
    visit.page.load()
    visit.settle()
    assert visit.line(visit.aid.food).row.due == 4, "what was sent stands as it was"
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == booked == [(visit.aid.food.item_id, 1, 4), (visit.aid.soap.item_id, 4, 4)]
    assert said() == "Given: food kit 1, soap 4 · signed on 1-01/01 · stamp box 1"


def test_closing_the_window_keeps_what_was_typed_last(visit: Visit) -> None:
    visit.page.register.fields.full_name.input.set_value("Ткаченко Мария")
    visit.page.register._on_edited()
    visit.window.leave()
    visit.settle()
    kept = visit.ask(lambda s: drafts.kept_draft(s, visit.by.distributor, kind="register"))
    assert kept is not None
    assert kept["full_name"] == "Ткаченко Мария"


def test_closing_the_window_keeps_the_half_filled_aid_form(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bool] = []
    monkeypatch.setattr(visit.page.intake, "_keep", lambda: kept.append(True))
    visit.window.leave()
    assert kept == [], "nothing waits to be kept"
    visit.page.intake._keeping.start()
    visit.window.leave()
    visit.page.intake._keeping.stop()
    assert kept == [True]
