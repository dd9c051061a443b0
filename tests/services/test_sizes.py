"""Sizes on both databases: own stock and batches, one rule and one window for all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import HandOverDraft, LineDraft, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import ItemDraft, ReceiveDraft, ReceiveLine, Unit
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import campaigns, days, handover, stock
from aidtrack.services.campaigns import AllowanceRow
from aidtrack.services.check import check
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOverLine
from aidtrack.store.stock import Item
from tests.aid import TODAY, make_family
from tests.factories import Centre, Team


class Diapers:
    """Diapers per person every seven days, in sizes 3 and 4, ten of size 3 on the shelf."""

    def __init__(self, database: Database, by: Team) -> None:
        self.database, self.by = database, by
        draft = ItemDraft({"ru": "Подгузники", "en": "Diapers"}, "DIAP", Unit.PACK)
        self.item = self.write(stock.save_item, by.coordinator, draft=draft)
        self.three, self.four = self.sizes("4", "3")
        aid = self.write(campaigns.save_campaign, by.coordinator, draft=CampaignDraft({"ru": "Помощь"}, TODAY))
        rule = RuleDraft(self.item, Basis.PERSON, 1, 7)
        self.rule = self.write(campaigns.save_rule, by.coordinator, campaign_id=aid, draft=rule)
        self.receive(self.three, 10)

    def write(self, do: Callable[..., Any], by: Actor, **values: Any) -> Any:
        return self.database.write(lambda s: do(s, by, request_id=new_id(), **values))

    def sizes(self, *sizes: str) -> tuple[UUID, ...]:
        found: tuple[UUID, ...] = self.write(stock.save_sizes, self.by.coordinator, item_id=self.item, sizes=sizes)
        return found

    def receive(self, item: UUID, quantity: int) -> None:
        self.write(stock.receive, self.by.storekeeper, draft=ReceiveDraft("Фонд", (ReceiveLine(item, quantity),)))

    def row(self, household: UUID, days: int = 0) -> AllowanceRow:
        day = TODAY + timedelta(days=days)
        rows = self.database.read(lambda s: campaigns.allowances(s, self.by.coordinator, household, day=day))
        return next(row for row in rows if row.rule_id == self.rule)

    def give(self, household: UUID, quantity: int, size: UUID | None) -> handover.HandOverReceipt:
        draft = HandOverDraft(household, (LineDraft(self.rule, quantity, size_id=size),), collector_text="мать")
        found: handover.HandOverReceipt = self.write(handover.hand_over, self.by.distributor, draft=draft)
        return found


@pytest.fixture
def diapers(database: Database, by: Team, centre: Centre) -> Diapers:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    return Diapers(database, by)


@pytest.fixture
def household(database: Database, by: Team) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar)).household_id


def test_an_allowance_says_what_sizes_can_be_given_now(diapers: Diapers, household: UUID) -> None:
    row = diapers.row(household)
    assert (row.item_id, row.due, row.available, row.without_size) == (diapers.item, 4, 10, 0)
    assert [(one.item_id, one.size, one.available) for one in row.sizes] == [
        (diapers.three, "3", 10), (diapers.four, "4", 0)
    ]  # fmt: skip


def test_any_size_is_one_window_and_the_line_keeps_the_size(
    diapers: Diapers, household: UUID, database: Database
) -> None:
    diapers.receive(diapers.four, 5)
    receipt = diapers.give(household, 4, diapers.four)
    assert [(line.rule_id, line.item_id, line.item_names["en"]) for line in receipt.lines] == [
        (diapers.rule, diapers.four, "Diapers, 4")
    ]
    assert set(database.read(lambda s: s.scalars(select(HandOverLine.item_id)).all())) == {diapers.four}
    row = diapers.row(household)
    assert (row.state, row.next_day, row.available) == ("not_today", TODAY + timedelta(days=7), 11)
    assert diapers.row(household, 6).due == 0
    assert diapers.row(household, 7).due == 4
    with pytest.raises(LinesRefused):
        diapers.give(household, 1, diapers.three)
    assert database.read(lambda s: check(s, diapers.by.auditor)).holds


def test_a_size_must_be_said_and_be_one_of_the_item(diapers: Diapers, household: UUID, database: Database) -> None:
    for size in (None, new_id()):
        with pytest.raises(LinesRefused) as told:
            diapers.give(household, 1, size)
        assert told.value.code == "which-size"
    with pytest.raises(LinesRefused) as told:
        diapers.give(household, 1, diapers.four)
    assert told.value.code == "short"
    diapers.receive(diapers.item, 2)  # came without sizes written on it
    assert diapers.row(household).without_size == 2
    assert diapers.give(household, 2, None).lines[0].item_id == diapers.item


def test_the_shelf_is_counted_with_all_sizes(diapers: Diapers, household: UUID, database: Database) -> None:
    diapers.receive(diapers.four, 5)
    enough = database.read(lambda s: campaigns.enough_for(s, diapers.by.coordinator))
    assert enough[diapers.item].families == 15 // 4
    rows = database.read(lambda s: stock.stock_rows(s, diapers.by.storekeeper, enough=enough))
    held = {row.code: (row.can_be_given, row.variant_of) for row in rows}
    assert held["DIAP"] == (15, None)
    assert held["DIAP-3"] == (10, diapers.item)
    lots = database.read(lambda s: stock.lot_rows(s, diapers.by.storekeeper, diapers.item))
    assert sorted(lot.size for lot in lots) == ["3", "4"]
    day = database.read(lambda s: stock.item_day(s, diapers.by.storekeeper, diapers.item))
    assert (day.closing, day.balances) == (15, True)


def test_sizes_follow_their_item_and_those_left_out_keep_their_stock(
    diapers: Diapers, household: UUID, database: Database
) -> None:
    item = next(row for row in items(database, diapers) if row.id == diapers.item)
    draft = ItemDraft({"ru": "Подгузники детские"}, "DIAP", Unit.PIECE, version=item.version)
    diapers.write(stock.save_item, diapers.by.coordinator, draft=draft, item_id=diapers.item)
    assert diapers.sizes("4", "5") == (diapers.four, diapers.row(household).sizes[-1].item_id)
    assert [one.size for one in diapers.row(household).sizes] == ["3", "4", "5"]  # three still lies there
    names = {row.code: (row.names["ru"], row.unit, row.is_active) for row in items(database, diapers)}
    assert names["DIAP-3"] == ("Подгузники детские, 3", Unit.PIECE, False)
    assert names["DIAP-5"] == ("Подгузники детские, 5", Unit.PIECE, True)
    assert diapers.sizes("3", "4") == (diapers.three, diapers.four)


def items(database: Database, diapers: Diapers) -> tuple[stock.ItemRow, ...]:
    return database.read(lambda s: stock.item_rows(s, diapers.by.storekeeper, active_only=False))


def test_a_size_is_no_item_of_its_own_for_rules_and_the_catalogue(diapers: Diapers, household: UUID) -> None:
    row = diapers.row(household)
    with pytest.raises(InvalidInput):
        diapers.write(
            campaigns.save_rule, diapers.by.coordinator, campaign_id=row.campaign_id, draft=RuleDraft(diapers.three)
        )
    with pytest.raises(Refused, match="one size of an item"):
        diapers.write(
            stock.save_item, diapers.by.coordinator, draft=ItemDraft({"ru": "Другое"}), item_id=diapers.three
        )
    with pytest.raises(Refused):
        diapers.write(stock.save_sizes, diapers.by.coordinator, item_id=diapers.three, sizes=("1",))
    with pytest.raises(InvalidInput):
        diapers.sizes("слишком длинный размер")


def test_the_pack_brings_diapers_in_sizes(database: Database, by: Team) -> None:
    database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))

    def sizes(code: str) -> list[str]:
        def read(session: Session) -> list[str]:
            whole = session.scalars(select(Item.id).where(Item.code == code)).one()
            return [one.size for one in stock.sizes_of(session)[whole]]

        return database.read(read)

    assert (sizes("DIAP-C"), sizes("DIAP-A")) == (["2", "3", "4", "5", "6"], ["S", "M", "L", "XL"])
