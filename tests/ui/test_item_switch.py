"""How an item is given today, said at one window and shown at the other by its next look for news: none, a ration, only K, giving again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.errors import Text
from aidtrack.services import campaigns, queueing
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store.database import Database, open_database
from aidtrack.ui import jobs, watching
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.pages.campaigns import CampaignsPage
from aidtrack.ui.pages.campaigns.today import TodayDialog
from aidtrack.ui.pages.desk.allowance_line import AllowanceLine
from aidtrack.ui.pages.desk.page import DeskPage
from tests.aid import Aid, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.test_desk import Hand
from tests.ui.typing import press, scan


class TwoWindows:
    """The Desk of window 1 in this program; another program on the same database, where the coordinator sits."""

    def __init__(self, window: MainWindow, database: Database, beside: Database, by: Team, aid: Aid, family: HouseholdReceipt) -> None:
        self.window, self.database, self.beside, self.by, self.aid, self.family = window, database, beside, by, aid, family
        page = window.page()
        assert isinstance(page, DeskPage)
        self.page = page

    def open_family(self) -> None:
        scan(None, self.family.token)
        assert jobs.wait_all()

    def switch(self, giving: Giving, ration: int | None = None) -> None:
        """At the other program; then this window looks once, as it does every half second."""
        facts = {"item_id": self.aid.food.item_id, "switch": Switch(giving, ration)}
        self.beside.write(lambda s: campaigns.switch_item(s, self.by.coordinator, request_id=new_id(), **facts))  # type: ignore[arg-type]
        jobs.look()
        assert jobs.wait_all()

    def shown(self) -> tuple[str, int | None]:
        """What the row of the food says, and what stands in its box."""
        line = self.page.findChild(AllowanceLine, f"allowance_{self.aid.food.item_id.hex}")
        assert isinstance(line, AllowanceLine)
        reason = line.findChild(QLabel, "allowance_reason")
        assert isinstance(reason, QLabel)
        return reason.text(), line.quantity()

    def ticket(self, lane: Lane) -> None:
        facts = {"lane": lane, "household_id": self.family.household_id, "stage": Stage.HAND_OVER}
        self.database.write(partial(queueing.issue_ticket, by=self.by.registrar, request_id=new_id(), **facts))  # type: ignore[arg-type]


@pytest.fixture
def two(jobs_on: JobsOn, window_kit: QtBot, database: Database, centre: Centre, by: Team) -> Iterator[TwoWindows]:
    aid = database.write(lambda s: make_aid(s, by, centre))
    family = database.write(lambda s: make_family(s, by.registrar))
    jobs_on(database, by.distributor)
    window = MainWindow([PageEntry("desk", Text("Desk"), "scan-line", DeskPage)], QWidget)
    window_kit.addWidget(window)
    window.show()
    window.start(by.distributor)
    window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is window)
    window.scanner.pace.clock = Hand()
    beside = open_database(database.address)
    assert jobs.wait_all()
    yield TwoWindows(window, database, beside, by, aid, family)
    jobs.wait_all()
    jobs.stop()  # it would look for news in a database that is gone
    beside.close()


def test_a_window_looks_for_news_often_enough_for_a_second() -> None:
    assert watching.LOOK_S + watching.CALM_S <= 0.75, "even unheard, a quarter of a second is left to read it again"


def test_none_today_said_elsewhere_stands_at_the_open_family_at_its_next_look(two: TwoWindows) -> None:
    two.open_family()
    assert two.shown() == ("per person", 4)
    two.switch(Giving.NONE)
    assert two.shown()[0] == "none today"
    press(two.window, Qt.Key.Key_F9)
    assert jobs.wait_all()
    given = two.database.read(lambda s: campaigns.allowances(s, two.by.coordinator, two.family.household_id))
    left = {row.item_id: row.due for row in given}
    assert left[two.aid.soap.item_id] == 0, "the rest is handed over"
    two.switch(Giving.ALL)
    two.open_family()
    assert two.shown() == ("per person", 4), "nothing was booked of what was not given: it is due again when it is given again"


def test_a_ration_said_elsewhere_is_what_stands_in_the_box(two: TwoWindows) -> None:
    two.open_family()
    two.switch(Giving.RATION, 2)
    assert two.shown() == ("2 for a family today", 2)
    two.switch(Giving.RATION, 3)
    assert two.shown() == ("3 for a family today", 3)
    two.switch(Giving.ALL)
    assert two.shown() == ("per person", 4)


@pytest.mark.parametrize(("lane", "due"), [(Lane.A, None), (Lane.K, 4)])
def test_only_those_served_first_have_it(two: TwoWindows, lane: Lane, due: int | None) -> None:
    two.ticket(lane)
    two.open_family()
    assert two.shown()[1] == 4
    two.switch(Giving.SERVED_FIRST)
    reason, number = two.shown()
    assert number == due
    assert reason == ("only for those served first" if due is None else "per person")


def test_tomorrow_begins_without_it(two: TwoWindows) -> None:
    two.switch(Giving.NONE)
    assert two.database.read(lambda s: campaigns.switches(s, two.by.coordinator.site, two.by.clock().date())) != {}
    tomorrow = two.by.clock.forward(days=1).date()
    assert two.database.read(lambda s: campaigns.switches(s, two.by.coordinator.site, tomorrow)) == {}


def test_two_windows_of_this_program_say_and_show_it(two: TwoWindows, window_kit: QtBot) -> None:
    """The coordinator's form at one window, the open family at the other."""
    two.open_family()
    jobs.use_actor(two.by.coordinator)
    other = MainWindow([PageEntry("campaigns", CampaignsPage.title, "clipboard-list", CampaignsPage)], QWidget)
    window_kit.addWidget(other)
    other.show()
    other.start(two.by.coordinator)
    assert jobs.wait_all()
    page = other.page("campaigns")
    assert isinstance(page, CampaignsPage)
    choose_food(page, two.aid.food.item_id)
    next(one for one in page.more() if str(one.word) == "How is it given today?").run()
    assert jobs.wait_all()
    dialog = other.findChild(TodayDialog)
    assert dialog is not None
    dialog.form.fill({"giving": Giving.RATION, "ration": 1})
    dialog.accept_now()
    assert jobs.wait_all()
    jobs.look()
    assert jobs.wait_all()
    assert two.shown() == ("1 for a family today", 1)
    other.close()


def choose_food(page: CampaignsPage, item_id: UUID) -> None:
    at = next(n for n, row in enumerate(page._rules.rows()) if row.row.rule.item_id == item_id)
    page._rules.select_row(at)
