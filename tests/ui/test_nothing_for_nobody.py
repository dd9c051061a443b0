"""What nobody sees is asked nothing, and what changes together is laid out once: a key costs a blink however many pages stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.errors import Text
from aidtrack.store.database import Database
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.page import Key, Page
from aidtrack.ui.parts import FlowLayout, MainButton, at_once
from tests.factories import Team
from tests.ui.conftest import JobsOn
from tests.ui.test_desk import Visit, visit  # noqa: F401


class Room(Page):
    """A page that counts what it is asked and told."""

    name = "room"

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.told: list[QEvent.Type] = []
        self.words = Told(self.told)
        self.root.addWidget(self.words)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self.asked += 1
        return 100


class Told(QLabel):
    """Words that remember what they were told."""

    def __init__(self, told: list[QEvent.Type]) -> None:
        super().__init__("words")
        self._heard = told

    def event(self, event: QEvent) -> bool:
        self._heard.append(event.type())
        return super().event(event)


def _window(kit: QtBot, by: Team) -> tuple[MainWindow, list[Room]]:
    window = MainWindow([PageEntry(name, Text("Day"), "info", Room) for name in ("first", "second", "third")])
    kit.addWidget(window)
    window.show()
    window.start(by.coordinator)
    pages = [window.page(name) for name in ("first", "second", "third")]
    QApplication.processEvents()
    return window, [page for page in pages if isinstance(page, Room)]


def test_a_page_opens_without_asking_the_others_how_high_they_would_be(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window, pages = _window(window_kit, by)
    for page in pages:
        page.asked = 0
    window.show_page("second")
    pages[1].words.setText("other words, and more of them")
    QApplication.processEvents()
    assert [page.asked for page in pages] == [0, 0, 0]


def test_a_question_is_no_news_to_each_part_of_the_window_behind_it(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window, pages = _window(window_kit, by)
    question = Question(window, title=Text("More"), answers=[Answer(1, "one")])
    question.open()
    window_kit.waitUntil(lambda: QApplication.activeModalWidget() is question)
    question.give_up()
    told = {QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked}
    assert [told & set(page.told) for page in pages] == [set(), set(), set()]


def test_while_a_question_is_open_the_keys_of_the_window_are_faint_and_only_its_own_button_is_filled(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    window, pages = _window(window_kit, by)
    cell, button = window.keybar.cells[Key.MORE], MainButton()
    pages[0].root.addWidget(button)
    pages[0]._main_buttons.append(button)
    button.setEnabled(True)
    question = Question(window, title=Text("More"), answers=[Answer(1, "one")])
    question.open()
    window_kit.waitUntil(lambda: (cell.is_faint, button.property("st")) == (True, "under"))
    assert not window.keybar.cells[Key.LOCK].is_faint, "it comes through every question"
    question.give_up()
    window_kit.waitUntil(lambda: not (cell.is_faint or button.property("st")))


class Counting(QVBoxLayout):
    """A column that counts how often it is laid out."""

    laid_out = 0

    def setGeometry(self, rect: QRect) -> None:
        self.laid_out += 1
        super().setGeometry(rect)


def test_parts_that_appear_together_are_laid_out_once(window_kit: QtBot) -> None:
    whole = QWidget()
    window_kit.addWidget(whole)
    column = Counting(whole)
    parts = [QLabel(str(n)) for n in range(5)]
    for part in parts:
        column.addWidget(part)
        part.hide()
    whole.setFixedSize(200, 300)
    whole.show()
    QApplication.processEvents()
    column.laid_out = 0
    with at_once(whole):
        for part in parts:
            part.show()
        assert column.laid_out == 0
    QApplication.processEvents()
    assert column.laid_out == 1
    assert [part.y() for part in parts] == sorted({part.y() for part in parts}), "they stand under each other"


def test_another_family_is_laid_out_when_all_of_it_is_there(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Name, facts, chips and tables change together: none of them has the rest of the Desk laid out anew."""
    visit.scan(visit.family)
    visit.settle()
    laid_out, place = [False], FlowLayout._place

    def placed(self: FlowLayout, rect: QRect, *, moving: bool) -> int:
        laid_out.append(moving)
        return place(self, rect, moving=moving)

    family, view = visit.page.family, visit.page._view
    assert view is not None
    family.show_nothing(soon=True)
    QApplication.processEvents()
    monkeypatch.setattr(FlowLayout, "_place", placed)
    family.show_view(view)
    assert laid_out == [False]
    QApplication.processEvents()
    assert True in laid_out
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
