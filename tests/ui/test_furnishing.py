"""Pages stand before anybody wants them, and nobody who presses a key waits for one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aidtrack.errors import Text
from aidtrack.store.database import Database
from aidtrack.ui import furnish
from aidtrack.ui.furnish import Furnishing
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.page import Page
from tests.factories import Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press


class Room(Page):
    """A page of nothing."""

    name = "room"


def test_pages_are_made_when_nobody_presses_anything(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry(name, Text("Day"), "info", Room) for name in ("first", "second", "third")])
    window_kit.addWidget(window)
    window.show()
    window.start(by.coordinator)
    furnishing = Furnishing(window)
    furnishing.begin()
    made = window.pages.count()
    for _ in range(4):
        press(window, Qt.Key.Key_Shift)
        window_kit.wait(furnish.PAUSE_MS)
    assert window.pages.count() == made, "somebody is at the keys"
    window_kit.waitUntil(lambda: window.pages.count() == made + 2, timeout=20_000)
    assert window.page() is window.page("first"), "what is shown stays"
