"""The rules of the shelf: picking, ways, counting, kits, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack import i18n
from aidtrack.domain import stock
from aidtrack.domain.stock import ItemMode, KitPart, LotPick, MovementKind, PlaceKind, ShelfLot, StockState

DAY = date(2024, 8, 12)

days = st.dates(DAY - timedelta(days=40), DAY + timedelta(days=400))
shelf_lots = st.lists(
    st.builds(ShelfLot, st.uuids(), st.integers(0, 60), days, st.none() | days),
    max_size=8,
    unique_by=lambda lot: lot.lot_id,
)

Pick = Callable[[Iterable[ShelfLot], int, date], tuple[LotPick, ...]]


def check_pick(pick: Pick, lots: list[ShelfLot], wanted: int) -> None:
    """What a person at the shelf relies on."""
    taken = {p.lot_id: p.quantity for p in pick(lots, wanted, DAY)}
    held = {lot.lot_id: lot for lot in lots}
    assert sum(taken.values()) == min(wanted, stock.can_be_given(lots, DAY))
    assert all(0 < n <= held[lot].quantity for lot, n in taken.items())
    assert all((expiry := held[lot].expiry) is None or expiry >= DAY for lot in taken)
    left = [lot for lot in lots if lot.can_be_given(DAY) and taken.get(lot.lot_id, 0) < lot.quantity]
    last_taken = max((held[lot].expiry or date.max for lot in taken), default=date.min)
    assert all((lot.expiry or date.max) >= last_taken for lot in left)


@given(shelf_lots, st.integers(0, 200))
def test_the_first_expiring_goes_first_and_expired_goods_never(lots: list[ShelfLot], wanted: int) -> None:
    check_pick(stock.pick, lots, wanted)


def takes_expired(lots: Iterable[ShelfLot], wanted: int, day: date) -> tuple[LotPick, ...]:
    return stock.pick(lots, wanted, date.min)


def takes_as_it_comes(lots: Iterable[ShelfLot], wanted: int, day: date) -> tuple[LotPick, ...]:
    undated = [ShelfLot(lot.lot_id, lot.quantity, date.min, None) for lot in lots if lot.can_be_given(day)]
    return stock.pick(undated, wanted, day)


def takes_too_much(lots: Iterable[ShelfLot], wanted: int, day: date) -> tuple[LotPick, ...]:
    return tuple(LotPick(p.lot_id, p.quantity + 1) for p in stock.pick(lots, wanted, day))


@pytest.mark.parametrize("faulty", [takes_expired, takes_as_it_comes, takes_too_much])
def test_a_faulty_picker_is_caught(faulty: Pick) -> None:
    fresh, old = UUID(int=1), UUID(int=2)
    lots = [ShelfLot(fresh, 5, DAY, DAY + timedelta(days=90)), ShelfLot(old, 5, DAY, DAY + timedelta(days=9))]
    lots.append(ShelfLot(UUID(int=3), 5, DAY, DAY - timedelta(days=1)))
    with pytest.raises(AssertionError):
        check_pick(faulty, lots, 6)


def test_a_lot_is_given_on_its_last_day_and_not_on_the_next() -> None:
    lot = ShelfLot(UUID(int=1), 3, DAY, DAY)
    assert stock.pick([lot], 2, DAY) == (LotPick(lot.lot_id, 2),)
    assert stock.pick([lot], 2, DAY + timedelta(days=1)) == ()


def test_nothing_leaves_a_supplier_without_a_receipt_and_a_family_only_returns() -> None:
    leaving = {kind for kind in MovementKind for to in PlaceKind if stock.may_move(kind, PlaceKind.SUPPLIER, to)}
    assert leaving == {MovementKind.RECEIVE}
    back = {kind for kind in MovementKind for to in PlaceKind if stock.may_move(kind, PlaceKind.HOUSEHOLD, to)}
    assert back == {MovementKind.RETURN}


def test_goods_in_quarantine_are_never_handed_over() -> None:
    assert not stock.may_move(MovementKind.ISSUE, PlaceKind.QUARANTINE, PlaceKind.HOUSEHOLD)
    assert stock.may_move(MovementKind.ISSUE, PlaceKind.SHELF, PlaceKind.HOUSEHOLD)


ways = st.sampled_from([kind for kind in MovementKind if kind is not MovementKind.RETURN])


@given(ways, st.sampled_from(PlaceKind), st.sampled_from(PlaceKind))
def test_a_counter_entry_takes_the_same_way_back(kind: MovementKind, a: PlaceKind, b: PlaceKind) -> None:
    assert stock.may_move(kind, a, b) == stock.may_move(kind, b, a, reverses=True)


@given(shelf_lots, st.integers(0, 600))
def test_a_sum_seen_is_spread_over_the_lots_exactly(lots: list[ShelfLot], seen: int) -> None:
    spread = stock.spread_seen(lots, seen)
    assert all(n >= 0 for n in spread.values())
    assert not lots or sum(spread.values()) == seen


def test_a_surplus_belongs_to_the_lot_that_came_last_and_what_is_missing_went_first() -> None:
    old = ShelfLot(UUID(int=1), 4, DAY - timedelta(days=9), DAY + timedelta(days=5))
    new = ShelfLot(UUID(int=2), 6, DAY, DAY + timedelta(days=50))
    assert stock.spread_seen([new, old], 12) == {old.lot_id: 4, new.lot_id: 8}
    assert stock.spread_seen([new, old], 5) == {old.lot_id: 0, new.lot_id: 5}


def test_a_lot_nobody_looked_at_is_not_missing() -> None:
    a, b = UUID(int=1), UUID(int=2)
    rows = stock.count_differences({a: 5, b: 7}, {a: 4})
    assert [(row.lot_id, row.difference) for row in rows] == [(a, -1)]


@given(st.lists(st.builds(KitPart, st.uuids(), st.integers(1, 9)), min_size=1, max_size=6), st.integers(0, 40))
def test_kits_possible_is_the_greatest_number_the_shelf_is_enough_for(recipe: list[KitPart], kits: int) -> None:
    held = {part.item_id: part.quantity for part in stock.parts_for(recipe, kits)}
    assert stock.kits_possible(recipe, held) == kits


def test_a_recipe_says_all_its_problems_at_once() -> None:
    kit, soap = UUID(int=1), UUID(int=2)
    wrong = stock.recipe_problems(kit, [KitPart(kit, 1), KitPart(soap, 0), KitPart(soap, 2)])
    assert [problem.field for problem in wrong] == ["parts.0.item", "parts.1.quantity", "parts"]
    assert [problem.field for problem in stock.recipe_problems(kit, [])] == ["parts"]


@pytest.mark.parametrize(
    ("can", "least", "days", "families", "said"),
    [(9, 10, 3, 1, StockState.LOW), (0, 0, None, 0, StockState.NONE), (9, 0, 14, 1, StockState.SOON), (9, 0, 15, 19, StockState.FEW),
     (9, 9, 15, 20, StockState.OK), (9, 0, None, None, StockState.OK)],
)  # fmt: skip
def test_of_an_item_the_most_pressing_thing_is_said(can: int, least: int, days: int | None, families: int | None, said: StockState) -> None:
    assert stock.stock_state(ItemMode.COUNTED, can, least, days, families) is said


def test_a_free_table_is_never_short_of_families_but_may_be_lower_than_wanted() -> None:
    assert stock.stock_state(ItemMode.FREE_TABLE, 0, 0, 1, 0) is StockState.FREE_TABLE
    assert stock.stock_state(ItemMode.FREE_TABLE, 0, 1, 1, 0) is StockState.LOW


def test_quantities_are_whole_and_above_zero() -> None:
    assert stock.quantity_problems("q", None)
    assert stock.quantity_problems("q", 0)
    assert not stock.quantity_problems("q", 0, zero=True)
    assert stock.quantity_problems("q", -1, zero=True)
    assert stock.quantity_problems("q", stock.MOST + 1)
    assert not stock.quantity_problems("q", 1)


def test_document_numbers_say_site_kind_year_and_count() -> None:
    assert stock.document_number("K1", stock.DocumentKind.RECEIPT, 2024, 17) == "K1-GRN-2024-17"


def test_every_code_has_words() -> None:
    for codes in (stock.ItemMode, stock.PlaceKind, stock.MovementKind, stock.LossCause, stock.DocumentKind):
        for code in codes:
            assert code.text.msgid


# ── counts of a moment, journeys, kits taken apart ───────────────────────────────────────────────

changes = st.lists(st.tuples(st.sampled_from([UUID(int=1), UUID(int=2)]), st.integers(-5, 9)), max_size=12)


@given(changes, st.integers(0, 12), st.integers(0, 20))
def test_a_count_of_a_moment_leaves_what_was_seen_and_all_that_moved_after_it(
    moves: list[tuple[UUID, int]], at: int, seen: int
) -> None:
    before, after = moves[:at], moves[at:]
    lot = UUID(int=1)
    now = {lot: sum(n for one, n in moves if one == lot)}
    book = stock.book_at(now, after)
    assert book[lot] == sum(n for one, n in before if one == lot)
    (difference,) = stock.count_differences(book, {lot: seen})
    assert now[lot] + difference.difference == seen + sum(n for one, n in after if one == lot)


some = st.dictionaries(st.sampled_from([UUID(int=n) for n in range(5)]), st.integers(0, 9))


@given(some, some)
def test_every_unit_that_was_sent_arrives_or_is_lost(sent: dict[UUID, int], came: dict[UUID, int]) -> None:
    settled = stock.settle(sent, came)
    for lot in {*sent, *came}:
        arrived, lost, surplus = (part.get(lot, 0) for part in (settled.arrived, settled.lost, settled.surplus))
        assert arrived + lost == sent.get(lot, 0)
        assert arrived + surplus == came.get(lot, 0)
        assert min(arrived, lost, surplus) >= 0
        assert not (lost and surplus)


@given(st.integers(1, 20), st.lists(st.integers(0, 9), max_size=4))
def test_parts_come_out_of_what_is_inside_and_the_rest_is_unknown(wanted: int, inside: list[int]) -> None:
    item = UUID(int=9)
    lots = [LotPick(UUID(int=n), quantity) for n, quantity in enumerate(inside)]
    out = stock.unpack([KitPart(item, wanted)], {item: lots})
    known = sum(lot.quantity for _, lot in out.known)
    assert known == min(wanted, sum(inside))
    assert known + sum(part.quantity for part in out.unknown) == wanted
    assert all(lot.quantity <= inside[lot.lot_id.int] for _, lot in out.known)


def test_a_quantity_is_said_in_its_number() -> None:
    assert [str(stock.so_many(n, stock.Unit.KIT.text)) for n in (0, 1, 171)] == ["0 kits", "1 kit", "171 kits"]
    assert i18n.render(stock.so_many(3, stock.Unit.PIECE.text), "ru") == "3 штуки"
    assert {unit: str(stock.so_many(2, unit.text)) for unit in stock.Unit}.keys() == set(stock.Unit), "every unit can be counted"
