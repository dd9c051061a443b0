"""The page Queue by keyboard: a digit, a card, F5, F6, Ctrl+Z; what stands in the database and what people read."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.errors import Text
from aidtrack.services import days, queueing
from aidtrack.services.handover import hand_over
from aidtrack.store.database import Database
from aidtrack.store.queueing import TicketEvent
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.dialogs.answer import AnswerRow
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.pages.queue import QueuePage
from aidtrack.ui.pages.queue.door_panel import DIGIT_ALONE_MS
from aidtrack.ui.pages.queue.lane_top import LaneTop
from aidtrack.ui.parts import Chip, RowList, Words
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, scan, type_text

Rows = dict[str, tuple[TicketState, Stage]]


class Shown:
    """The page over a database, and how to look at both."""

    def __init__(self, page: QueuePage, database: Database, by: Team) -> None:
        self.page, self.database, self.by = page, database, by

    def settle(self) -> None:
        for _ in range(3):
            jobs.wait_all()

    def load(self) -> None:
        self.page.load()
        self.settle()

    def rows(self) -> Rows:
        found = self.database.read(lambda s: queueing.ticket_rows(s))
        return {row.label: (row.state, row.stage) for row in found}

    def press(self, key: Key) -> None:
        action = self.page.main_action() if key is Key.MAIN else self.page.keys()[key]
        assert action is not None
        assert action.enabled
        action.run()
        self.settle()
        self.load()

    def words(self, name: str) -> str:
        found = self.page.findChild(Words, name)
        assert found is not None
        return found.said()

    def reason(self, name: str) -> str:
        found = self.page.findChild(LaneTop, name)
        assert found is not None
        return found.reason()

    def read_out(self) -> list[str]:
        """What parts say to whoever does not see them."""
        return [part.accessibleName() for part in self.page.findChildren(QWidget) if part.isVisible()]

    def lane(self, lane: Lane) -> list[str]:
        rows = self.page.findChild(RowList, f"lane_{lane}_rows")
        assert rows is not None
        return [item.title for item in rows.items()]

    def field(self) -> QLineEdit:
        found = self.page.findChild(QLineEdit, "door_field")
        assert found is not None
        return found

    def said(self) -> str:
        message = messages.current()
        return str(message.text) if message else ""


@pytest.fixture
def shown(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team, clock: SettableClock
) -> Shown:
    sqlite_database.write(partial(days.open_day, by=by.coordinator, request_id=new_id()))
    jobs_on(sqlite_database, by.shift_lead)
    page = QueuePage()
    window_kit.addWidget(page)
    page.resize(1260, 640)
    page.show()
    shown = Shown(page, sqlite_database, by)
    shown.load()
    return shown


@pytest.fixture
def aid(sqlite_database: Database, centre: Centre, by: Team) -> Aid:
    return sqlite_database.write(lambda s: make_aid(s, by, centre))


def test_a_digit_gives_a_number_of_its_lane(shown: Shown) -> None:
    for digit in (1, 2, 3, 4, 1):
        assert shown.page.on_digit(digit)
        shown.settle()
    assert set(shown.rows()) == {"A 01", "K 01", "M 01", "T 01", "A 02"}
    assert not shown.page.on_digit(6)
    assert shown.words("door_text") == "A 02"


def test_a_digit_alone_in_the_field_is_a_lane_and_more_digits_are_a_card(shown: Shown, window_kit: QtBot) -> None:
    shown.field().setFocus()
    type_text(shown.field(), "2")
    window_kit.waitUntil(lambda: shown.field().text() == "", timeout=DIGIT_ALONE_MS * 5)
    shown.settle()
    assert list(shown.rows()) == ["K 01"]
    type_text(shown.field(), "4821")
    press(shown.field(), Qt.Key.Key_Return)
    shown.settle()
    assert list(shown.rows()) == ["K 01"]
    assert shown.words("door_text") == "This card is not known here"


def test_a_click_on_a_lane_key_gives_a_number(shown: Shown) -> None:
    chip = shown.page.findChild(QPushButton, f"choice_{Lane.T}")
    assert chip is not None
    chip.click()
    shown.settle()
    assert list(shown.rows()) == ["T 01"]


def test_after_the_field_of_the_door_tab_comes_to_its_digits(shown: Shown, window_kit: QtBot) -> None:
    window = MainWindow([PageEntry("queue", QueuePage.title, "ticket", lambda: shown.page)])
    window_kit.addWidget(window)
    window.show()
    window.start(shown.by.shift_lead)
    window.activateWindow()
    shown.settle()
    shown.field().setFocus()
    press(shown.field(), Qt.Key.Key_Tab)
    press(window.focusWidget(), Qt.Key.Key_Tab)
    window.scanner.pace.last -= 1  # a hand is slower than a scanner
    type_text(None, " ")
    window_kit.waitUntil(lambda: window.scanner._pending is None)
    shown.settle()
    assert list(shown.rows()) == ["K 01"]


def test_the_number_is_said_with_who_is_before_it_and_taken_back_by_undo(shown: Shown) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.page.on_digit(1)
    shown.settle()
    assert shown.said() == "Number A 02 is given, 1 number before it"
    assert messages.undo()
    shown.settle()
    assert shown.rows()["A 02"][0] is TicketState.CANCELLED
    assert "Taken back. A 02" in shown.said()


def test_f5_calls_and_f6_sends_back_and_undo_calls_again(shown: Shown) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    shown.press(Key.NEXT)
    assert shown.rows()["A 01"][0] is TicketState.CALLED
    assert shown.said() == "A 01 is called to this window"
    shown.load()
    assert "window 1 A 01 now" in shown.read_out()
    shown.press(Key.NOT_HERE)
    assert shown.rows()["A 01"][0] is TicketState.WAITING
    shown.press(Key.UNDO)
    assert shown.rows()["A 01"][0] is TicketState.CALLED


def test_the_main_key_names_whom_it_calls(shown: Shown) -> None:
    action = shown.page.main_action()
    assert action is not None
    assert not action.enabled
    shown.page.on_digit(2)
    shown.settle()
    shown.load()
    action = shown.page.main_action()
    assert action is not None
    assert str(action.word) == "Call K 01"
    shown.press(Key.MAIN)
    assert shown.rows()["K 01"][0] is TicketState.CALLED


def test_f8_sends_the_number_to_the_shift_lead(shown: Shown) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    shown.press(Key.NEXT)
    shown.press(Key.SHIFT_LEAD)
    assert shown.rows()["A 01"] == (TicketState.WAITING, Stage.SHIFT_LEAD)


def test_a_scanned_card_with_something_today_goes_straight_to_the_hand_over(
    aid: Aid, window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team
) -> None:
    jobs_on(sqlite_database, by.distributor)
    page = QueuePage()
    window_kit.addWidget(page)
    shown = Shown(page, sqlite_database, by)
    made = sqlite_database.write(lambda s: make_family(s, by.registrar))
    shown.load()
    assert page.on_scan(made.card_number)
    shown.settle()
    assert shown.rows() == {"A 01": (TicketState.WAITING, Stage.HAND_OVER)}
    page.on_scan(made.card_number)
    shown.settle()
    assert len(shown.rows()) == 1
    assert shown.words("door_text") == "Has the number A 01 already"
    assert "Ткач" not in shown.words("door_text") + shown.words("door_second")


def test_a_family_told_nothing_today_may_still_take_a_number(shown: Shown) -> None:
    made = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    shown.page.on_scan(made.card_number)
    shown.settle()
    assert shown.rows() == {}
    assert shown.words("door_text") == "Nothing to hand over today"
    action = shown.page.main_action()
    assert action is not None
    assert str(action.word) == "Give a number"
    shown.page.on_digit(2)
    shown.settle()
    assert shown.rows() == {"K 01": (TicketState.WAITING, Stage.HAND_OVER)}


def test_lanes_show_numbers_minutes_and_the_reason(shown: Shown, clock: SettableClock) -> None:
    shown.page.on_digit(1)
    shown.settle()
    clock.forward(minutes=52)
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    assert shown.lane(Lane.A) == ["A 01", "A 02"]
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    first = rows.items()[0]
    assert (first.right, first.right_icon, first.is_marked) == ("52 min", "hourglass", True)
    assert shown.reason("lane_A_top") == "waits longest in the ordinary line"
    chip = shown.page.findChild(Chip, "chip_waiting")
    assert chip is not None
    assert chip.text() == "2 waiting"


def test_who_is_not_here_stands_under_the_line_and_is_brought_back(shown: Shown) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    for _ in range(3):
        shown.press(Key.NEXT)
        shown.press(Key.NOT_HERE)
        said = messages.current()
        assert said is not None
        assert str(said.text) == "A 01: not here, the place is kept"
    assert shown.lane(Lane.A) == ["not here, place kept", "A 01"]
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    rows.chosen.emit(rows.items()[1].data)
    question = shown.page.findChild(Question, "ticket_question")
    assert question is not None
    assert question.answer_digit(1)
    shown.settle()
    assert shown.rows()["A 01"][0] is TicketState.WAITING


def test_who_comes_back_to_the_door_with_the_card_stands_in_the_line_again_by_one_key(
    aid: Aid, window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team
) -> None:
    jobs_on(sqlite_database, by.distributor)
    page = QueuePage()
    window_kit.addWidget(page)
    shown = Shown(page, sqlite_database, by)
    shown.load()
    card = shown.database.write(lambda s: make_family(s, shown.by.registrar)).card_number
    shown.page.on_scan(card)
    shown.settle()
    shown.load()
    for _ in range(3):
        shown.press(Key.NEXT)
        shown.press(Key.NOT_HERE)
    shown.page.on_scan(card)
    shown.settle()
    action = shown.page.main_action()
    assert action is not None
    assert str(action.word) == "A 01 is here"
    shown.press(Key.MAIN)
    assert shown.rows()["A 01"][0] is TicketState.WAITING
    action = shown.page.main_action()
    assert action is not None
    assert str(action.word) == "Call A 01"


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_heading_over_who_is_not_here_is_not_cut(shown: Shown, lang: str) -> None:
    """The lane of a usual window, in the widest language too."""
    switch_language(lang)
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    room = QFontMetrics(theme.styled(rows.font(), "caption"))
    assert room.horizontalAdvance(i18n.tr("not here, place kept")) <= 178


def test_a_number_is_cancelled_with_a_reason(shown: Shown, window_kit: QtBot) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    rows.chosen.emit(rows.items()[0].data)
    question = shown.page.findChild(Question, "ticket_question")
    assert question is not None
    question.answer_digit(4)
    window_kit.waitUntil(lambda: shown.page.findChild(FormDialog, "cancel_ticket") is not None)
    dialog = shown.page.findChild(FormDialog, "cancel_ticket")
    assert dialog is not None
    dialog.accept_now()
    shown.settle()
    assert dialog.form.field("reason").problem_text()
    type_text(dialog.form.field("reason").input, "выдан дважды")
    dialog.accept_now()
    shown.settle()
    assert shown.rows()["A 01"][0] is TicketState.CANCELLED


def test_without_an_open_day_nothing_can_be_pressed(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    jobs_on(sqlite_database, by.registrar)
    page = QueuePage()
    window_kit.addWidget(page)
    page.show()
    page.load()
    jobs.wait_all()
    main = page.main_action()
    assert main is not None
    assert (main.word, main.enabled) == (Text("Next"), False)
    assert not page.on_digit(1)
    assert not page.on_scan("482117905570")
    assert not any(action.enabled for action in page.keys().values())


def test_the_language_changes_in_place(shown: Shown) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    switch_language("uk")
    chip = shown.page.findChild(Chip, "chip_waiting")
    assert chip is not None
    assert chip.text() == "1 чекає"
    switch_language("ru")
    assert shown.reason("lane_A_top") == "ждёт дольше всех в обычной очереди"


def test_lanes_fold_two_by_two(shown: Shown) -> None:
    shown.page.on_narrow(True)
    grid = shown.page.findChild(type(shown.page._lanes), "lanes").layout()
    places = [grid.getItemPosition(n)[:2] for n in range(4)]
    assert sorted(places) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_scan_alone_gives_one_number(
    aid: Aid, window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team
) -> None:
    made = sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.distributor)
    window = MainWindow([PageEntry("queue", QueuePage.title, "ticket", QueuePage)])
    window_kit.addWidget(window)
    window.show()
    window.start(by.distributor)
    page = window.page("queue")
    assert isinstance(page, QueuePage)
    shown = Shown(page, sqlite_database, by)
    shown.load()
    shown.field().setFocus()
    scan(shown.field(), made.card_number)
    window_kit.waitUntil(lambda: not page._door._alone.isActive(), timeout=DIGIT_ALONE_MS * 5)
    shown.settle()
    assert shown.rows() == {"A 01": (TicketState.WAITING, Stage.HAND_OVER)}
    assert shown.field().text() == ""


def test_a_lost_answer_at_the_door_gives_one_number(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Booked, the answer lost, the digit pressed again: the same number. Two presses in peace are two numbers."""
    lose_next_answer(monkeypatch, shown.database)
    shown.page.on_digit(1)
    shown.settle()
    shown.page.on_digit(1)
    shown.settle()
    assert list(shown.rows()) == ["A 01"]
    shown.page.on_digit(1)
    shown.page.on_digit(1)
    shown.settle()
    assert list(shown.rows()) == ["A 01", "A 02", "A 03"]


def test_five_gives_a_number_for_tomorrow(shown: Shown) -> None:
    shown.page.on_digit(5)
    shown.settle()
    assert shown.rows()["A 01"][0] is TicketState.TOMORROW
    assert shown.words("door_second") == "for tomorrow: the hour stands on the slip"


def test_enter_takes_yesterdays_number_on_into_the_line_m(shown: Shown, clock: SettableClock) -> None:
    shown.page.on_digit(1)
    shown.settle()
    old = shown.database.read(lambda s: queueing.ticket_rows(s))[0]
    shown.database.write(partial(days.close_day, by=shown.by.coordinator, request_id=new_id()))
    clock.forward(days=1)
    shown.database.write(partial(days.open_day, by=shown.by.coordinator, request_id=new_id()))
    shown.load()
    shown.page.on_scan(f"T:{old.id.hex}")
    shown.settle()
    assert shown.words("door_second") == "Enter gives a number of the line M: it comes first there"
    press(shown.field(), Qt.Key.Key_Return)
    shown.settle()
    assert shown.rows()["M 01"] == (TicketState.WAITING, Stage.REGISTER)


def test_not_today_is_written_down_by_the_scan_alone(
    aid: Aid, window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team, centre: Centre
) -> None:
    made = sqlite_database.write(lambda s: make_family(s, by.registrar))
    draft = draft_of(made.household_id, (aid.food, 4), (aid.soap, 4))
    sqlite_database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft))
    blanket = draft_of(made.household_id, (aid.blanket, 1))
    other = by.at(by.distributor, centre.windows[1])
    sqlite_database.write(lambda s: hand_over(s, other, request_id=new_id(), draft=blanket))
    jobs_on(sqlite_database, by.distributor)
    page = QueuePage()
    window_kit.addWidget(page)
    shown = Shown(page, sqlite_database, by)
    shown.load()
    page.on_scan(made.card_number)
    shown.settle()
    assert shown.words("door_text") == "Not today, from 19 Aug 2024"
    action = page.main_action()
    assert action is not None
    assert str(action.word) == "Slip: come back"
    (row,) = sqlite_database.read(lambda s: queueing.turned_away(s, by.registrar, TODAY))
    assert row.next_day == TODAY + timedelta(days=7)
    assert shown.rows() == {}


def answer(shown: Shown, window_kit: QtBot, name: str, digit: int) -> None:
    window_kit.waitUntil(lambda: shown.page.findChild(Question, name) is not None)
    question = shown.page.findChild(Question, name)
    assert question is not None
    assert question.answer_digit(digit)
    shown.settle()


def test_a_number_is_called_before_others_by_two_digits_and_the_reason_is_kept(shown: Shown, window_kit: QtBot) -> None:
    for _ in range(2):
        shown.page.on_digit(1)
        shown.settle()
    shown.load()
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    rows.chosen.emit(rows.items()[1].data)
    answer(shown, window_kit, "ticket_question", 1)
    answer(shown, window_kit, "why_jump", 1)
    assert shown.rows()["A 02"][0] is TicketState.CALLED
    told = shown.database.read(lambda s: s.scalars(select(TicketEvent.reason).where(TicketEvent.kind == "called")).one())
    assert told == "urgent: cannot wait, staff fetch the family"


def test_a_number_is_sent_to_another_window_by_digits_seen_there_and_taken_back(
    shown: Shown, window_kit: QtBot, centre: Centre, by: Team
) -> None:
    shown.page.on_digit(1)
    shown.settle()
    shown.load()
    rows = shown.page.findChild(RowList, "lane_A_rows")
    assert rows is not None
    rows.chosen.emit(rows.items()[0].data)
    answer(shown, window_kit, "ticket_question", 5)
    question = shown.page.findChild(Question, "which_stage")
    assert [one.said() for one in question.findChildren(AnswerRow) if "Окно" in one.said()] == ["Окно 2"]
    answer(shown, window_kit, "which_stage", 4)
    assert shown.said() == "A 01 waits for window 2 and keeps its time"
    shown.load()
    assert [item.second for item in rows.items()] == ["sent to window 2"]
    assert not shown.page.main_action().enabled
    shown.press(Key.NEXT)
    assert shown.said() == "Nobody waits for this window"
    jobs.use_actor(by.at(by.shift_lead, centre.windows[1]))
    shown.load()
    assert str(shown.page.main_action().word) == "Call A 01"
    shown.press(Key.NEXT)
    assert shown.said() == "A 01 is called to this window"
    jobs.use_actor(by.shift_lead)
    shown.press(Key.UNDO)
    assert shown.said() == "A 01 has gone on meanwhile: look at the queue."


def test_a_roll_is_cut_and_taken_in_by_keys(shown: Shown, window_kit: QtBot) -> None:
    roll = next(one for one in shown.page.more() if str(one.word) == "Paper rolls …")
    roll.run()
    shown.settle()
    answer(shown, window_kit, "rolls", 1)
    window_kit.waitUntil(lambda: shown.page.findChild(FormDialog, "new_roll") is not None)
    dialog = shown.page.findChild(FormDialog, "new_roll")
    assert dialog is not None
    dialog.accept_now()
    shown.settle()
    assert shown.said() == "Start the roll at A 01, up to A 100. The computer goes on behind it."
    roll.run()
    shown.settle()
    answer(shown, window_kit, "rolls", 2)
    window_kit.waitUntil(lambda: len([one for one in shown.page.findChildren(FormDialog, "new_roll") if one.isVisible()]) == 1)
    (printed,) = (one for one in shown.page.findChildren(FormDialog, "new_roll") if one.isVisible())
    type_text(printed.form.field("first").input, "38")
    printed.accept_now()
    shown.settle()
    assert "Free from A 101 on." in printed.form.field("first").problem_text()
    printed.form.field("first").input.set_value(338)
    printed.accept_now()
    shown.settle()
    assert shown.said() == "Start the roll at A 338, up to A 437. The computer goes on behind it."
    type_text(shown.field(), "A 3")
    press(shown.field(), Qt.Key.Key_Return)
    shown.settle()
    press(shown.field(), Qt.Key.Key_Return)
    shown.settle()
    assert list(shown.rows()) == ["A 01", "A 02", "A 03"]
    assert shown.said() == "All numbers up to A 03 stand in the line."
