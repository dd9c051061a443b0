"""My screen is there for every role: letters, colours and language are chosen by keyboard and follow the person."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aidtrack.services import accounts
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.application import PAGES
from aidtrack.ui.dialogs import Panelled, Question
from aidtrack.ui.frame.my_screen import LooksChoice, open_my_screen
from aidtrack.ui.looks import looks
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.page import Key
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press


@pytest.mark.parametrize("role", ["registrar", "distributor", "storekeeper"])
def test_a_volunteer_makes_the_letters_large(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team, role: str
) -> None:
    actor = getattr(by, role)
    jobs_on(sqlite_database, actor)
    window = MainWindow(PAGES, QWidget)
    window_kit.addWidget(window)
    window.show()
    window.start(actor)
    assert jobs.wait_all()
    assert window.press(Key.MORE)
    question = window.findChild(Question, "more")
    assert question is not None
    (n,) = [row.digit for row in question._rows if row.said().startswith("My screen")]
    question.answer_digit(n)
    window_kit.waitUntil(lambda: window.findChild(Panelled, "my_screen") is not None)
    assert jobs.wait_all()
    choice = window.findChild(LooksChoice)
    assert choice is not None
    wanted: list[tuple[str, bool]] = []
    looks.wanted.connect(lambda name, large: wanted.append((name, large)))
    choice.letters.setFocus()
    press(choice.letters, Qt.Key.Key_Right)
    assert wanted == [("system", True)]


def test_it_shows_what_holds(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    jobs_on(sqlite_database, by.registrar)
    view = sqlite_database.read(lambda s: accounts.frame_view(s, by.registrar))
    window = QWidget()
    window_kit.addWidget(window)
    window.resize(1024, 700)
    window.show()
    dialog = open_my_screen(window)
    assert jobs.wait_all()
    choice = dialog.findChild(LooksChoice)
    assert choice is not None
    assert (choice.language.value(), choice.colours.value()) == ("en", view.theme)
    assert choice.letters.value() is view.large_text
