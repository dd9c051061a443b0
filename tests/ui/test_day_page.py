"""The page Day by keyboard: open, explain a difference with one sentence, close, open again, sign off."""

from __future__ import annotations

import re
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack.domain.days import DayState, PauseReason
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.services import days, queueing
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Question
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.parts import ChecklistRow, Chip, Words
from tests.factories import Centre, SettableClock, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


class Shown:
    """The page over a database."""

    def __init__(self, page: DayPage, database: Database, by: Team) -> None:
        self.page, self.database, self.by = page, database, by

    def load(self) -> None:
        self.page.load()
        jobs.wait_all()

    def main(self) -> str:
        action = self.page.main_action()
        assert action is not None
        return str(action.word) if action.enabled else ""

    def press_main(self) -> None:
        assert self.page.run_main()
        jobs.wait_all()
        self.load()

    def state(self) -> DayState:
        return self.database.read(partial(days.day_state, by=self.by.coordinator)).state

    def row(self, topic: str) -> ChecklistRow:
        found = self.page.findChild(ChecklistRow, f"row_{topic}")
        assert found is not None
        return found


@pytest.fixture
def shown(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team, clock: SettableClock
) -> Shown:
    jobs_on(sqlite_database, by.coordinator)
    page = DayPage()
    window_kit.addWidget(page)
    page.resize(1260, 640)
    page.show()
    shown = Shown(page, sqlite_database, by)
    shown.load()
    return shown


def test_arrows_go_from_the_paper_kit_and_from_the_button_to_the_rows(shown: Shown, window_kit: QtBot) -> None:
    """Qt's own arrows led from a button out of the page, and no row could be reached without a mouse."""
    shown.page.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is shown.page)
    shown.press_main()
    rows, kit, main = list(shown.page._rows.values()), shown.page._pack.button, shown.page._main
    assert kit.hasFocus(), "one Enter prints the kit when the day was opened"
    press(kit, Qt.Key.Key_Up)
    assert rows[-1].hasFocus()
    press(rows[-1], Qt.Key.Key_Down)
    press(kit, Qt.Key.Key_Down)
    assert rows[0].hasFocus()
    main.setFocus()
    press(main, Qt.Key.Key_Down)
    assert rows[0].hasFocus()


def test_midday_is_named_only_before_it(shown: Shown, clock: SettableClock) -> None:
    shown.press_main()
    words = shown.page.findChild(Words, "kit_printed")
    assert words.text() == "Not printed today: now, and once more at midday."
    clock.forward(hours=9)
    shown.load()
    assert words.text() == "Not printed today."


def test_a_day_from_opening_to_signing_off_is_one_key_each(shown: Shown) -> None:
    assert shown.main() == "Open the day"
    shown.press_main()
    assert (shown.state(), shown.main()) == (DayState.OPEN, "Close the day")
    assert shown.page._side.title.text() == "The day so far"
    shown.press_main()
    assert (shown.state(), shown.main()) == (DayState.CLOSED, "Sign off the day")
    assert shown.page._side.title.text() == "The day’s totals"
    shown.page.run_main()
    question = shown.page.findChild(Question, "sign_off")
    assert question is not None
    question.answer_digit(1)
    jobs.wait_all()
    assert shown.state() is DayState.SIGNED_OFF


def test_signing_off_can_wait(shown: Shown) -> None:
    shown.press_main()
    shown.press_main()
    shown.page.run_main()
    question = shown.page.findChild(Question, "sign_off")
    assert question is not None
    question.answer_digit(2)
    jobs.wait_all()
    assert shown.state() is DayState.CLOSED


def test_the_main_key_stays_where_it_is_when_its_line_appears(shown: Shown) -> None:
    places = []
    for _ in range(2):
        shown.press_main()
        QApplication.processEvents()
        places.append((shown.page._note.text(), shown.page._main.mapTo(shown.page, QPoint()).y()))
    assert places[0][0] != places[1][0]
    assert places[0][1] == places[1][1]


def test_closing_is_taken_back_by_undo(shown: Shown) -> None:
    shown.press_main()
    ticket = shown.database.write(
        partial(queueing.issue_ticket, by=shown.by.registrar, request_id=new_id(), lane=Lane.A)
    )
    shown.load()
    shown.press_main()
    assert shown.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.TOMORROW
    assert messages.undo()
    jobs.wait_all()
    assert shown.state() is DayState.OPEN
    assert shown.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.WAITING


def test_f7_lets_open_numbers_expire(shown: Shown) -> None:
    shown.press_main()
    ticket = shown.database.write(
        partial(queueing.issue_ticket, by=shown.by.registrar, request_id=new_id(), lane=Lane.A)
    )
    shown.load()
    shown.page.more()[0].run()
    jobs.wait_all()
    assert shown.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.EXPIRED


def test_the_reason_of_a_pause_is_one_digit(shown: Shown) -> None:
    shown.press_main()
    for use_case in (days.pause, days.resume):
        shown.database.write(partial(use_case, by=shown.by.coordinator, request_id=new_id()))
    shown.load()
    shown.page.more()[-1].run()
    question = shown.page.findChild(Question, "why_paused")
    assert question is not None
    question.answer_digit(1)
    jobs.wait_all()
    day = shown.database.read(partial(days.day_state, by=shown.by.coordinator))
    assert [pause.reason for pause in day.pauses] == [PauseReason.ALARM]


def test_pauses_are_said_as_long_as_there_is_room(shown: Shown, clock: SettableClock) -> None:
    """Two pauses with their words are longer than the panel: the times stay whole, the word gives way."""
    shown.press_main()
    lead = shown.by.coordinator
    for _ in range(2):
        shown.database.write(partial(days.pause, by=lead, request_id=new_id(), reason=PauseReason.FIGHT))
        clock.forward(minutes=25)
        shown.database.write(partial(days.resume, by=lead, request_id=new_id()))
    shown.load()
    words = shown.page.findChild(Words, "pauses")
    assert words is not None
    assert re.fullmatch(r"\d\d:\d\d–\d\d:\d\d, \d\d:\d\d–\d\d:\d\d", words.text())
    shown.page._side.setFixedWidth(700)
    QApplication.processEvents()
    assert words.text().count("disorder in the queue") == 2


def test_one_sentence_is_typed_in_the_row_itself(shown: Shown) -> None:
    shown.press_main()
    row = shown.row("tickets")
    row.setFocus()
    press(row, Qt.Key.Key_Return)
    type_text(row.field, "всё на месте")
    press(row.field, Qt.Key.Key_Return)
    jobs.wait_all()
    shown.load()
    day = shown.database.read(partial(days.day_state, by=shown.by.coordinator))
    assert day.id is not None
    rows = shown.database.read(partial(days.checklist, by=shown.by.coordinator, day_id=day.id))
    assert {r.topic: r.sentence for r in rows}["tickets"] == "всё на месте"
    assert messages.undo()
    jobs.wait_all()
    rows = shown.database.read(partial(days.checklist, by=shown.by.coordinator, day_id=day.id))
    assert {r.topic: r.sentence for r in rows}["tickets"] == ""


def test_what_is_being_typed_survives_news_and_a_change_of_language(shown: Shown) -> None:
    shown.press_main()
    row = shown.row("tickets")
    row.wants_answer.emit()
    type_text(row.field, "половина фразы")
    shown.database.write(partial(queueing.issue_ticket, by=shown.by.registrar, request_id=new_id(), lane=Lane.A))
    jobs.wait_all()
    switch_language("ru")
    assert shown.row("tickets").field.text() == "половина фразы"


def test_the_checklist_says_what_waits_for_a_decision(shown: Shown) -> None:
    shown.press_main()
    shown.database.write(partial(queueing.issue_ticket, by=shown.by.registrar, request_id=new_id(), lane=Lane.A))
    shown.load()
    titles = [w.said() for w in shown.row("still_waiting").findChildren(Words)]
    assert "1 number is still in the queue" in titles
    chip = shown.page.findChild(Chip, "chip_done")
    assert chip is not None
    assert chip.text() == "2 done"


def test_the_shift_lead_reads_and_explains_but_does_not_close(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    sqlite_database.write(partial(days.open_day, by=by.coordinator, request_id=new_id()))
    jobs_on(sqlite_database, by.shift_lead)
    page = DayPage()
    window_kit.addWidget(page)
    page.show()
    page.load()
    jobs.wait_all()
    action = page.main_action()
    assert action is not None
    assert not action.enabled
    assert [str(one.word) for one in page.more()] == [
        "Type in what was given on paper",
        "Print the paper kit for a power cut",
        "The shift at a glance (F10)",
    ]
