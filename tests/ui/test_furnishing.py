"""Pages stand before anybody wants them, made a piece at a time, and nobody who presses a key waits for one."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.actor import Actor
from aidtrack.errors import Text
from aidtrack.store.database import Database
from aidtrack.ui import furnish, jobs, rings
from aidtrack.ui.application import PAGES
from aidtrack.ui.furnish import Furnishing, pieces
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Action, Page
from tests.factories import Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press

MOST = 100
"""So many widgets are made in one piece; seven or so take a millisecond."""


class Room(Page):
    """A page in three pieces."""

    name = "room"
    asked: ClassVar[list[int]] = []

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[QLabel] = []
        self.said = 0
        self.folded: list[int] = []
        self.made_of(self._build())

    def _build(self) -> Iterator[None]:
        for n in range(3):
            self.parts.append(QLabel(str(n)))
            self.root.addWidget(self.parts[-1])
            yield

    def retranslate(self) -> None:
        self.said = len(self.parts)

    def on_narrow(self, narrow: bool) -> None:
        self.folded.append(len(self.parts))

    def main_action(self) -> Action | None:
        self.asked.append(len(self.parts))
        return None


def _window(kit: QtBot, actor: Actor) -> MainWindow:
    window = MainWindow([PageEntry(name, Text("Day"), "info", Room) for name in ("first", "second", "third")])
    kit.addWidget(window)
    window.show()
    window.start(actor)
    return window


def _begun(window: MainWindow, name: str) -> Room:
    page = window.begun_page(name)
    assert isinstance(page, Room)
    return page


def test_pages_are_made_when_nobody_presses_anything(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    furnishing = Furnishing(window)
    furnishing.begin()
    made = window.pages.count()
    for _ in range(4):
        press(window, Qt.Key.Key_Shift)
        window_kit.wait(furnish.PAUSE_MS)
    assert window.pages.count() == made, "somebody is at the keys"
    window_kit.waitUntil(lambda: window.pages.count() == made + 2, timeout=20_000)
    window_kit.waitUntil(lambda: len(_begun(window, "third").parts) == 3, timeout=20_000)
    assert window.page() is window.page("first"), "what is shown stays"


def test_a_page_that_is_half_made_is_whole_when_somebody_wants_it(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    work = pieces(window, "second")
    next(work)
    next(work)
    assert len(_begun(window, "second").parts) == 1
    window.show_page("second")
    assert [part.isVisible() for part in _begun(window, "second").parts] == [True, True, True]
    while next(work, work) is not work:
        pass
    assert len(_begun(window, "second").parts) == 3, "nothing of it is made twice"


def test_a_page_that_goes_half_made_is_made_no_further(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    work = pieces(window, "second")
    next(work)
    next(work)
    window._drop_page("second")
    for _ in rings.taking_apart():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert list(work) == []


def test_another_language_finds_no_page_half_made(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    next(pieces(window, "second"))
    switch_language("uk")
    assert _begun(window, "second").said == 3


def test_another_language_behind_the_door_asks_no_key_of_a_page_half_made(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    window._drop_page("first")
    next(pieces(window, "first"))
    asked = len(Room.asked)
    window._show_keys()
    assert len(Room.asked) == asked
    switch_language("uk")
    window._show_keys()
    assert set(Room.asked) == {3}


def test_a_page_half_made_is_not_folded_before_it_is_whole(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    next(pieces(window, "second"))
    page = _begun(window, "second")
    window.pages.setCurrentWidget(page)  # as when the one before it goes
    page.resize(900, 500)
    assert page.folded == []
    page.finish()
    assert page.folded == [3]


def test_the_first_page_stands_before_the_door_opens(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry("first", Text("Day"), "info", Room)])
    window_kit.addWidget(window)
    stood: list[int] = []
    Furnishing(window).make_first(by.coordinator, lambda: stood.append(len(_begun(window, "first").parts)))
    assert stood == [], "a piece at a time, with the window awake between them"
    window_kit.waitUntil(lambda: stood == [3])


@pytest.mark.parametrize("entry", PAGES, ids=[entry.name for entry in PAGES])
def test_no_piece_of_a_page_is_large(
    entry: PageEntry, sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    """What makes a window stutter is many parts made in one go."""
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([entry])
    window_kit.addWidget(window)
    window.rail.show_pages([(entry.name, entry.title, entry.icon)])
    grown, before = [], 0
    for _ in pieces(window, entry.name):
        page = window.begun_page(entry.name)
        assert page is not None
        now = len(page.findChildren(QWidget))
        grown.append(now - before)
        before = now
    assert max(grown) <= MOST, grown
    assert len(grown) > 3


@pytest.mark.parametrize("entry", PAGES, ids=[entry.name for entry in PAGES])
def test_a_page_that_has_gone_is_taken_apart_piece_by_piece(
    entry: PageEntry, sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot, no_rounds: None
) -> None:
    """It was left out of the collector's rounds, and nobody waits while everything is looked at for its sake."""
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([entry])
    window_kit.addWidget(window)
    window.rail.show_pages([(entry.name, entry.title, entry.icon)])
    parts = _parts_of(window, entry.name)
    window._drop_page(entry.name)
    for _ in rings.taking_apart():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [type(part()).__name__ for part in parts if part() is not None]
    assert (len(parts) > 20, left) == (True, [])


def test_a_page_whose_window_went_first_is_passed_over(qapp: QApplication) -> None:
    window = QWidget()
    rings.let_go(QWidget(window))
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert list(rings.taking_apart()) == []


def _parts_of(window: MainWindow, name: str) -> list[weakref.ref[QWidget]]:
    """What stands on a page, of our own making."""
    for _ in pieces(window, name):
        pass
    page = window.begun_page(name)
    assert page is not None
    jobs.wait_all()
    return [weakref.ref(part) for part in page.findChildren(QWidget) if type(part).__module__.startswith("aidtrack")]


@pytest.fixture
def no_rounds() -> Iterator[None]:
    """Python looks for no rings by itself."""
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


def test_a_page_that_stands_is_not_made_ready_again(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    """Whoever unlocks the screen finds the pages as they were: nothing is left out of the rounds that was not looked at."""
    jobs_on(sqlite_database, by.coordinator)
    window = _window(window_kit, by.coordinator)
    assert list(pieces(window, "first")) == []
    assert len(list(pieces(window, "second"))) > 3
    assert list(pieces(window, "second")) == []


@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_that_is_laid_out_and_shown_half_made_is_asked_nothing(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot, name: str
) -> None:
    """The page before it goes, and Qt shows the next one of its own accord, be it made or not."""
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow(PAGES)
    window_kit.addWidget(window)
    window.show()
    made = -1
    while (page := window.begun_page(name)) is not None and not page.is_whole:
        window.pages.setCurrentWidget(page)
        window.resize(1100 + 10 * made, 720)
        QApplication.processEvents()
        window.pages.setCurrentWidget(window.pause_screen)
        page.make_piece()
        made += 1
    assert made > 0


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_a_page_hears_of_its_size_and_of_being_shown_only_when_it_is_whole(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, entry: PageEntry
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    own = vars(type(entry.make()))
    assert not {"resizeEvent", "showEvent", "hideEvent"} & set(own)
