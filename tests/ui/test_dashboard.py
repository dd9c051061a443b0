"""The shift at a glance: F10 on Queue and Day, figures of the day, what runs out, what wants a look, in the language of the window."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.services import days, queueing
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.dashboard import DashboardScreen
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.pages.queue import QueuePage
from tests.aid import Aid, make_aid, make_family
from tests.factories import Centre, SettableClock, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press


@pytest.fixture
def aid(sqlite_database: Database, centre: Centre, by: Team) -> Aid:
    return sqlite_database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def screen(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team, aid: Aid) -> DashboardScreen:
    jobs_on(sqlite_database, by.shift_lead)
    screen = DashboardScreen()
    window_kit.addWidget(screen)
    screen.open_there()
    jobs.wait_all()
    return screen


def shown(screen: DashboardScreen) -> list[str]:
    screen.load()
    jobs.wait_all()
    return screen.said().splitlines()


def test_it_tells_the_shift(screen: DashboardScreen, sqlite_database: Database, by: Team, clock: SettableClock) -> None:
    sqlite_database.write(lambda s: make_family(s, by.registrar))
    for lane in (Lane.A, Lane.A, Lane.K):
        sqlite_database.write(partial(queueing.issue_ticket, by=by.registrar, request_id=new_id(), lane=lane))
    clock.forward(minutes=25)
    called = sqlite_database.write(partial(queueing.call_next, by=by.distributor, request_id=new_id()))
    assert called is not None
    said = shown(screen)
    assert said[:4] == [
        "2 waiting now", "0 served today", "— 9 in 10 of the ordinary line waited no longer",
        "25 min, 9 in 10 of those served first waited no longer",
    ]  # fmt: skip
    assert "Blanket: enough for 10 families" in said
    sqlite_database.write(partial(queueing.serve, by=by.distributor, request_id=new_id(), ticket_id=called.id))
    clock.forward(minutes=70)
    assert "2 wait longer than 90 minutes" in shown(screen)


def test_a_quiet_shift_is_said(screen: DashboardScreen) -> None:
    assert shown(screen)[-1] == "Nothing: a quiet shift"


def test_it_speaks_the_language_of_the_window_and_is_painted_at_any_size(screen: DashboardScreen) -> None:
    switch_language("ru")
    assert screen.said().splitlines()[-1] == "Ничего: спокойная смена"
    for size in ((1920, 1080), (1024, 700)):
        screen.resize(*size)
        assert not screen.grab().isNull()


def test_before_the_day_is_open_it_says_so(screen: DashboardScreen, sqlite_database: Database, by: Team) -> None:
    sqlite_database.write(partial(days.close_day, by=by.coordinator, request_id=new_id()))
    assert shown(screen) == ["The day is not open"]


def test_f10_opens_it_and_it_follows_what_happens(
    aid: Aid, window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, by: Team
) -> None:
    jobs_on(sqlite_database, by.shift_lead)
    window = MainWindow([PageEntry("queue", QueuePage.title, "ticket", QueuePage)])
    window_kit.addWidget(window)
    window.show()
    window.start(by.shift_lead)
    window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is window)
    jobs.wait_all()
    page = window.page("queue")
    assert isinstance(page, QueuePage)
    press(QApplication.focusWidget() or window, Qt.Key.Key_F10)
    screen = page.glance._screen
    assert screen is not None
    window_kit.addWidget(screen)
    jobs.wait_all()
    assert screen.isVisible()
    sqlite_database.write(partial(queueing.issue_ticket, by=by.registrar, request_id=new_id(), lane=Lane.A))
    window_kit.waitUntil(lambda: "1 waiting now" in screen.said(), timeout=5000)
    press(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()
