"""Why families did not get all they were due, on both databases: by a decision of the day, by an empty shelf, or by their own wish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.days import Period
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import Destination, GoodsLine, ReceiveDraft, ReceiveLine, TransferDraft
from aidtrack.i18n import render
from aidtrack.services import campaigns, days, handover, overview, stock
from aidtrack.store.database import Database
from aidtrack.store.days import draw_up_to
from tests.aid import TODAY, Aid, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, Team

HOUR = 60


class Day:
    """A morning on which goods run out and come back."""

    def __init__(self, database: Database, centre: Centre, by: Team) -> None:
        self.database, self.by = database, by
        self.aid: Aid = database.write(lambda s: make_aid(s, by, centre))
        database.write(lambda s: draw_up_to(s, centre.site_id, "document:GRN:2024", 1))  # the paper of `make_aid`

    def do(self, use_case: Callable[..., Any], who: Any, **facts: Any) -> Any:
        return self.database.write(lambda s: use_case(s, who, request_id=new_id(), **facts))

    def give(self, *lines: tuple[Goods, int]) -> None:
        """To a new family of four, an hour later."""
        self.by.clock.forward(minutes=HOUR)
        family = self.database.write(lambda s: make_family(s, self.by.registrar)).household_id
        self.do(handover.hand_over, self.by.distributor, draft=draft_of(family, *lines))

    def send_away(self, goods: Goods, n: int) -> None:
        self.by.clock.forward(minutes=HOUR)
        draft = TransferDraft(Destination.ORGANISATION, "Больница № 1", (GoodsLine(goods.item_id, n),), people=40)
        self.do(stock.transfer, self.by.storekeeper, draft=draft)

    def receive(self, goods: Goods, n: int) -> None:
        self.by.clock.forward(minutes=HOUR)
        self.do(stock.receive, self.by.storekeeper, draft=ReceiveDraft("Фонд", (ReceiveLine(goods.item_id, n),)))

    def switch(self, goods: Goods, switch: Switch) -> None:
        self.by.clock.forward(minutes=HOUR)
        self.do(campaigns.switch_item, self.by.coordinator, item_id=goods.item_id, switch=switch)

    def said(self) -> dict[str, str]:
        """By item, what the paper of the day says; R4 says the same."""
        by, read = self.by.coordinator, self.database.read
        items = read(lambda s: overview.distribution_report(s, by, TODAY)).items
        delivered = read(lambda s: overview.delivery_report(s, by, Period.of(TODAY))).items
        assert [row.why for row in items] == [row.why for row in delivered]
        return {row.names["en"]: render(row.why, "en") for row in items if row.why}


@pytest.fixture
def day(database: Database, centre: Centre, by: Team) -> Day:
    return Day(database, centre, by)


def test_a_family_that_took_a_part_is_the_reason_where_there_was_enough(day: Day) -> None:
    day.give((day.aid.food, 2), (day.aid.soap, 4))
    assert day.said() == {"Food kit": "took part of it"}


def test_an_empty_shelf_says_since_when_and_until_when(day: Day) -> None:
    day.give((day.aid.food, 4), (day.aid.soap, 3))
    day.send_away(day.aid.soap, 47)
    day.give((day.aid.food, 4))
    assert day.said() == {"Soap": "ran out at 10:00"}
    day.receive(day.aid.soap, 20)
    day.give((day.aid.food, 4), (day.aid.soap, 4))
    assert day.said() == {"Soap": "none 10:00–12:00"}


def test_a_shelf_that_was_empty_only_when_nobody_was_served_explains_nothing(day: Day) -> None:
    day.give((day.aid.food, 4), (day.aid.soap, 3))
    day.send_away(day.aid.soap, 47)
    assert day.said() == {"Soap": "took part of it"}


def test_a_decision_of_the_day_comes_before_an_empty_shelf_and_ends_with_the_next(day: Day) -> None:
    day.give((day.aid.food, 4), (day.aid.soap, 3))
    day.send_away(day.aid.soap, 47)
    day.switch(day.aid.soap, Switch(Giving.RATION, 1))
    day.give((day.aid.food, 4))
    assert day.said() == {"Soap": "1 for a family today, from 11:00"}
    day.switch(day.aid.soap, Switch())
    assert day.said() == {"Soap": "1 for a family today, 11:00–13:00"}


def test_a_slip_of_the_hand_that_was_put_right_at_once_explains_nothing(day: Day) -> None:
    day.give((day.aid.food, 4), (day.aid.soap, 3))
    day.switch(day.aid.soap, Switch(Giving.NONE))
    by = day.by.coordinator
    day.do(campaigns.switch_item, by, item_id=day.aid.soap.item_id, switch=Switch())
    assert day.said() == {"Soap": "took part of it"}
    day.switch(day.aid.soap, Switch(Giving.NONE))
    assert day.said() == {"Soap": "not given from 11:00"}


def test_of_several_days_it_says_on_how_many(day: Day) -> None:
    by = day.by.coordinator
    day.give((day.aid.soap, 3))
    day.send_away(day.aid.soap, 47)
    day.give((day.aid.food, 4))
    day.do(days.close_day, by)
    day.by.clock.forward(days=1)
    day.do(days.open_day, by)
    day.give((day.aid.food, 4))
    day.give((day.aid.food, 4))
    tomorrow = day.by.clock().date()
    report = day.database.read(lambda s: overview.delivery_report(s, by, Period(TODAY, tomorrow)))
    assert [render(row.why, "ru") for row in report.items if row.why] == ["не было или выдавали меньше: 2 дня"]
