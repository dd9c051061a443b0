"""The list of what is on loan, by keyboard: from the store, and one thing taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.lending import LoansDialog
from aidtrack.ui.pages.stock import StockPage
from tests.factories import Centre, Team
from tests.services.test_lending import Heaters
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


def here() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def listed(page: StockPage) -> LoansDialog:
    """The list that is open now."""
    return page.window().findChildren(LoansDialog)[-1]


def opened(page: StockPage, qtbot: QtBot, name: str) -> QWidget:
    """The newest dialog of this name."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.window().findChildren(QWidget, name)))
    return next(one for one in page.window().findChildren(QWidget, name) if one.isVisible())


def test_what_is_on_loan_is_listed_and_taken_back_by_keyboard(
    sqlite_database: Database, centre: Centre, by: Team, jobs_on: JobsOn, qtbot: QtBot
) -> None:
    heaters = Heaters(sqlite_database, by)
    heaters.give(2)
    jobs_on(sqlite_database, by.coordinator)
    page = StockPage()
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    page.load()
    assert jobs.wait_all()
    next(action for action in page.more() if str(action.word) == "On loan").run()
    assert jobs.wait_all()
    assert len(listed(page).table.rows()) == 2
    assert [len(row.split("\t")[1]) for row in listed(page).table.copy_text().splitlines()] == [len("·1234")]
    press(listed(page).table.view, Qt.Key.Key_Return)
    press(opened(page, qtbot, "loan_end"), Qt.Key.Key_1)
    qtbot.waitUntil(lambda: len(heaters.open()) == 1)
    assert jobs.wait_all()
    assert len(listed(page).table.rows()) == 1
    press(listed(page).table.view, Qt.Key.Key_Return)
    press(opened(page, qtbot, "loan_end"), Qt.Key.Key_3)
    form = opened(page, qtbot, "loan_kept")
    qtbot.waitUntil(lambda: isinstance(here(), QLineEdit) and form.isAncestorOf(here()))
    type_text(here(), "сгорел")
    press(here(), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: heaters.open() == ())
    assert jobs.wait_all()
