"""Counting as it is done in a store: by the moment, twice where it differs, what the book says is not there; kits taken apart; write-offs
that a second person approves; the least a centre wants to have.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    CountDraft,
    GoodsLine,
    ItemDraft,
    ItemMode,
    KitPart,
    LossCause,
    ReceiveLine,
    SeenLine,
    Unit,
    WriteOffDraft,
)
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import stock
from aidtrack.services.check import goods
from aidtrack.store.database import Database
from tests.factories import Team
from tests.services.test_stock import LATER, SOON, check_fold, items, received, shelf

__all__ = ["items"]


def count(database: Database, by: Team, *lines: SeenLine) -> UUID:
    draft = CountDraft(lines)
    return database.write(lambda s: stock.count(s, by.storekeeper, request_id=new_id(), draft=draft))


def write_off(database: Database, by: Team, item: UUID, quantity: int, approver: Actor | None = None) -> UUID:
    draft = WriteOffDraft(LossCause.WET, (GoodsLine(item, quantity),))
    return database.write(
        lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=draft, approver=approver)
    )


def lot_of(database: Database, by: Team, item: UUID) -> UUID:
    return database.read(lambda s: stock.lot_rows(s, by.storekeeper, item))[0].lot_id


# ── counts ───────────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_typed_in_late_does_not_undo_what_moved_after_it(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 20))
    lot, counted_at = lot_of(database, by, soap), by.clock()
    by.clock.forward(minutes=10)
    write_off(database, by, soap, 3)
    by.clock.forward(minutes=20)
    document = count(database, by, SeenLine(soap, lot, 18, "две не найдены", counted_at=counted_at))
    assert shelf(database, by, soap) == {None: 15}
    (line,) = database.read(lambda s: stock.counted_lines(s, by.storekeeper, document))
    assert (line.book, line.seen, line.difference) == (20, 18, -2)
    check_fold(database)


def test_a_count_of_a_moment_that_cannot_be_is_told(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 20))
    lot, counted_at = lot_of(database, by, soap), by.clock()
    by.clock.forward(minutes=10)
    write_off(database, by, soap, 18)
    with pytest.raises(Refused, match="count-late"):
        count(database, by, SeenLine(soap, lot, 4, counted_at=counted_at))
    with pytest.raises(InvalidInput) as told:
        count(database, by, SeenLine(soap, lot, 2, counted_at=by.clock() + timedelta(hours=1)))
    assert told.value.problems[0].field == "counted_at"
    assert shelf(database, by, soap) == {None: 2}


def test_what_differs_is_told_without_the_book_and_counted_twice(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap, water = items["SOAP-250"], items["WATER-5L"]
    received(database, by, ReceiveLine(soap, 20), ReceiveLine(water, 7, SOON))
    lines = (SeenLine(water, lot_of(database, by, water), 7), SeenLine(soap, lot_of(database, by, soap), 19))
    again = database.read(lambda s: stock.to_count_again(s, by.storekeeper, CountDraft(lines)))
    assert again == (1,)
    twice = SeenLine(soap, lines[1].lot_id, 18, "две не найдены", first=19)
    document = count(database, by, lines[0], twice)
    found = database.read(lambda s: stock.counted_lines(s, by.storekeeper, document))
    assert [(line.seen, line.first_seen) for line in found] == [(18, 19), (7, None)]


def test_goods_without_a_batch_go_to_the_one_of_their_name_and_date(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    water = items["WATER-5L"]
    received(database, by, ReceiveLine(water, 7, SOON, lot="В-1"))
    write_off(database, by, water, 7)
    count(database, by, SeenLine(water, None, 3, expiry=SOON, lot="В-1"))
    count(database, by, SeenLine(water, None, 2, expiry=LATER, lot="В-9"))
    held = database.read(lambda s: stock.lot_rows(s, by.storekeeper, water))
    assert [(lot.code, lot.quantity, lot.expiry) for lot in held] == [("В-1", 3, SOON), ("В-9", 2, LATER)]
    check_fold(database)


# ── kits ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def recipe(database: Database, by: Team, items: dict[str, UUID]) -> tuple[UUID, UUID, UUID]:
    """A kit of two soaps and a towel."""
    kit, soap, towel = items["HYG-F"], items["SOAP-250"], items["TOWEL"]
    parts = (KitPart(soap, 2), KitPart(towel, 1))
    database.write(lambda s: stock.save_recipe(s, by.coordinator, request_id=new_id(), kit_id=kit, parts=parts))
    return kit, soap, towel


def assemble(database: Database, by: Team, kit: UUID, kits: int) -> UUID:
    return database.write(
        lambda s: stock.assemble_kits(s, by.storekeeper, request_id=new_id(), kit_id=kit, kits=kits)
    )


def break_up(database: Database, by: Team, kit: UUID, kits: int) -> tuple[UUID, ...]:
    return database.write(
        lambda s: stock.break_up_kits(s, by.storekeeper, request_id=new_id(), kit_id=kit, kits=kits)
    )


def test_kits_taken_apart_give_back_the_batches_they_are_made_of(
    database: Database, by: Team, recipe: tuple[UUID, UUID, UUID]
) -> None:
    kit, soap, towel = recipe
    received(database, by, ReceiveLine(soap, 5, SOON), ReceiveLine(soap, 20, LATER), ReceiveLine(towel, 10))
    assemble(database, by, kit, 4)
    assert shelf(database, by, soap) == {LATER: 17}
    (document,) = break_up(database, by, kit, 1)
    assert shelf(database, by, soap) == {SOON: 2, LATER: 17}
    break_up(database, by, kit, 3)
    assert (shelf(database, by, soap), shelf(database, by, towel)) == ({SOON: 5, LATER: 20}, {None: 10})
    assert shelf(database, by, kit) == {}
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert view.row.code == "KRS-KB-2024-1"
    assert database.read(lambda s: list(goods.failures(s))) == []


def test_ready_made_kits_come_apart_into_parts_that_last_as_long(
    database: Database, by: Team, recipe: tuple[UUID, UUID, UUID]
) -> None:
    kit, soap, towel = recipe
    received(database, by, ReceiveLine(kit, 3, SOON))
    break_up(database, by, kit, 2)
    assert shelf(database, by, soap) == {SOON: 4}
    assert shelf(database, by, towel) == {SOON: 2}
    with pytest.raises(Refused, match="short"):
        break_up(database, by, kit, 2)
    assert database.read(lambda s: list(goods.failures(s))) == []


def test_kits_of_two_batches_come_apart_on_a_sheet_each(
    database: Database, by: Team, recipe: tuple[UUID, UUID, UUID]
) -> None:
    kit, soap, towel = recipe
    received(database, by, ReceiveLine(soap, 4, SOON), ReceiveLine(soap, 20, LATER), ReceiveLine(towel, 10))
    assemble(database, by, kit, 2)
    one_each = (KitPart(soap, 1), KitPart(towel, 1))
    database.write(lambda s: stock.save_recipe(s, by.coordinator, request_id=new_id(), kit_id=kit, parts=one_each))
    assemble(database, by, kit, 3)
    assert len(break_up(database, by, kit, 4)) == 2
    assert (shelf(database, by, soap), shelf(database, by, towel)) == ({SOON: 4, LATER: 19}, {None: 9})
    assert database.read(lambda s: list(goods.failures(s))) == []


# ── a second person's word ───────────────────────────────────────────────────────────────────────


def test_a_great_write_off_needs_a_shift_lead(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 100))
    write_off(database, by, soap, 20)
    with pytest.raises(Refused, match="needs-approval") as refused:
        write_off(database, by, soap, 21)
    assert refused.value.text.facts["n"] == 20
    for nobody in (by.storekeeper, by.distributor):
        with pytest.raises(Refused, match="needs-approval"):
            write_off(database, by, soap, 21, approver=nobody)
    document = write_off(database, by, soap, 21, approver=by.shift_lead)
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert view.facts["approved_as"] == "shift_lead"
    assert shelf(database, by, soap) == {None: 59}


def test_the_organisation_sets_the_limit(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 100))
    database.write(lambda s: stock.save_write_off_limit(s, by.coordinator, request_id=new_id(), units=0))
    assert database.read(lambda s: stock.write_off_limit(s, by.storekeeper)) == 0
    with pytest.raises(Refused, match="needs-approval"):
        write_off(database, by, soap, 1)
    draft = WriteOffDraft(LossCause.WET, (GoodsLine(soap, 50),))
    database.write(lambda s: stock.write_off(s, by.coordinator, request_id=new_id(), draft=draft))
    with pytest.raises(NotAllowed):
        database.write(lambda s: stock.save_write_off_limit(s, by.storekeeper, request_id=new_id(), units=9))


# ── levels, the free table ───────────────────────────────────────────────────────────────────────


def test_the_least_level_is_the_centre_s_own(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    for least in (30, 40):
        database.write(
            lambda s, n=least: stock.save_level(s, by.storekeeper, request_id=new_id(), item_id=soap, least=n)  # type: ignore[misc]
        )
    assert database.read(lambda s: stock.least_levels(s, by.storekeeper)) == {soap: 40}
    database.write(lambda s: stock.save_level(s, by.storekeeper, request_id=new_id(), item_id=soap, least=0))
    assert database.read(lambda s: stock.least_levels(s, by.storekeeper)) == {}


def test_goods_of_the_free_table_are_counted_by_box_or_kilogram(database: Database, by: Team) -> None:
    by_piece = ItemDraft({"ru": "Футболки"}, unit=Unit.PIECE, mode=ItemMode.FREE_TABLE)
    with pytest.raises(InvalidInput) as told:
        database.write(lambda s: stock.save_item(s, by.coordinator, request_id=new_id(), draft=by_piece))
    assert [problem.field for problem in told.value.problems] == ["unit"]
    for unit in (Unit.BOX, Unit.KILOGRAM):
        fine = ItemDraft({"ru": "Одежда"}, unit=unit, mode=ItemMode.FREE_TABLE)
        database.write(lambda s, d=fine: stock.save_item(s, by.coordinator, request_id=new_id(), draft=d))  # type: ignore[misc]


def test_the_day_of_a_count_is_the_open_day(database: Database, by: Team, items: dict[str, UUID]) -> None:
    document = count(database, by, SeenLine(items["SOAP-250"], None, 4))
    row = database.read(lambda s: stock.document_view(s, by.storekeeper, document)).row
    assert (row.code, row.day) == ("KRS-CS-2024-1", date(2024, 8, 12))
