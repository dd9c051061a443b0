"""The public board: numbers and windows in the centre's language, no names, and one sentence in a pause."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.services import days, queueing
from aidtrack.services.public_board import public_board
from aidtrack.store.database import Database
from aidtrack.ui import jobs, sound
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.queue.public_screen import CALL_SIZES, PublicScreen
from tests.aid import Aid, make_aid, make_family
from tests.factories import Centre, SettableClock, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press


@pytest.fixture
def aid(sqlite_database: Database, centre: Centre, by: Team) -> Aid:
    made = sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    for household in (family.household_id, None, None):
        sqlite_database.write(
            partial(queueing.issue_ticket, by=by.registrar, request_id=new_id(), lane=Lane.A, household_id=household)
        )
    return made


@pytest.fixture
def screen(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team, aid: Aid) -> PublicScreen:
    jobs_on(sqlite_database, by.distributor)
    screen = PublicScreen()
    window_kit.addWidget(screen)
    screen.open_there()
    jobs.wait_all()
    return screen


def test_on_a_second_screen_it_leaves_keys_and_scans_to_the_desk(screen: PublicScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened in the morning it took the keyboard: the first card of the day was read by nobody. Off-screen every window is made the
    active one, so what is looked at is what the window is asked to be."""
    screen.close()
    monkeypatch.setattr(QGuiApplication, "screens", lambda: [screen.screen(), screen.screen()])
    screen.open_there()
    jobs.wait_all()
    assert screen.isVisible()
    assert screen.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_the_newest_call_stands_first(
    screen: PublicScreen, sqlite_database: Database, by: Team, centre: Centre, clock: SettableClock
) -> None:
    for window in centre.windows:
        clock.forward(minutes=3)
        sqlite_database.write(partial(queueing.call_next, by=by.at(by.distributor, window), request_id=new_id()))
    board = sqlite_database.read(partial(public_board, by=by.distributor))
    assert [(call.label, call.window) for call in board.calls] == [("A 02", 2), ("A 01", 1)]
    screen.load()
    jobs.wait_all()
    assert screen.said().splitlines()[1:3] == ["A 02 2", "A 01 1"]
    assert "Ткач" not in screen.said()


def test_it_speaks_the_centres_language_whatever_the_window_speaks(screen: PublicScreen) -> None:
    switch_language("en")
    assert "Продуктовый набор" in screen.said()
    assert "Скажите у двери" in screen.said()


def test_in_a_pause_it_says_one_sentence_and_nothing_else(
    screen: PublicScreen, sqlite_database: Database, by: Team
) -> None:
    sqlite_database.write(partial(days.pause, by=by.registrar, request_id=new_id()))
    screen.load()
    jobs.wait_all()
    assert screen.said() == "Пункт на Гоголя\nПауза. Ваше место в очереди сохраняется."


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768), (640, 360)])
def test_it_is_painted_at_any_size(screen: PublicScreen, size: tuple[int, int]) -> None:
    screen.resize(*size)
    assert not screen.grab().isNull()


def test_a_new_call_chimes_and_a_look_in_between_does_not(
    screen: PublicScreen, sqlite_database: Database, by: Team, clock: SettableClock, heard: list[bytes]
) -> None:
    def look() -> int:
        screen.load()
        jobs.wait_all()
        return heard.count(sound.samples(sound.Tone.CHIME))

    assert look() == 0
    clock.forward(minutes=1)
    called = sqlite_database.write(partial(queueing.call_next, by=by.distributor, request_id=new_id()))
    assert called is not None
    assert [look(), look()] == [1, 1]
    clock.forward(minutes=1)
    sqlite_database.write(partial(queueing.call_again, by=by.distributor, request_id=new_id(), ticket_id=called.id))
    assert look() == 2


def test_the_public_languages_take_turns(screen: PublicScreen) -> None:
    first = screen.said()
    screen.next_language()
    second = screen.said()
    screen.next_language()
    assert "Скажите у двери" in first
    assert "Скажіть біля дверей" in second
    assert screen.said() == first


def test_the_numbers_are_readable_at_ten_metres(screen: PublicScreen, sqlite_database: Database, by: Team) -> None:
    """On a television of 43 inches (53 cm high) a letter of 3.3 cm is read at ten metres: 67 of 1080 lines."""
    sqlite_database.write(partial(queueing.call_next, by=by.distributor, request_id=new_id()))
    screen.load()
    jobs.wait_all()
    assert min(CALL_SIZES) >= 67


def test_escape_closes_it(screen: PublicScreen) -> None:
    press(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()
