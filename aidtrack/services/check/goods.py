"""Proves the truths of the shelf: T1 ways of goods, T2 balances, T3 never below zero, T4 hand-overs, T6 days that add up.

Reads only. Counts everything again from the movements; trusts no balance and no report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, distinct, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.lending import LoanEnd
from aidtrack.domain.stock import REAL, DocumentKind, MovementKind, PlaceKind, may_move
from aidtrack.errors import Names, Text
from aidtrack.services.check.failure import Failure
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid, LoanReturn
from aidtrack.store.stock import Balance, Document, Item, KitRecipe, Lot, Movement, StockPlace

Origin, Target = aliased(StockPlace), aliased(StockPlace)
Key = tuple[UUID, UUID, UUID]
_REAL = [kind.value for kind in REAL]


def failures(session: Session) -> Iterator[Failure]:
    """Every broken truth of the shelf, in the order of the truths."""
    yield from crossing_lots(session)
    yield from wrong_ways(session)
    yield from goods_from_nowhere(session)
    yield from kits_unlike_their_recipe(session)
    yield from balances_off(session)
    yield from lines_without_goods(session)
    yield from goods_without_line(session)
    yield from voids_without_return(session)
    yield from days_that_do_not_add_up(session)


# ── T1 ───────────────────────────────────────────────────────────────────────────────────────────


def crossing_lots(session: Session) -> Iterator[Failure]:
    """A movement of an item names a lot of that item."""
    query = select(Movement.id, Item.names, Lot.code).join(Lot, Movement.lot_id == Lot.id)
    for row_id, names, lot in session.execute(
        query.join(Item, Movement.item_id == Item.id).where(Movement.item_id != Lot.item_id)
    ):
        words = Text("A movement of {item} names the batch {lot} of another item.", item=names, lot=lot)
        yield Failure("T1-other-item", words, row_id.hex)


def wrong_ways(session: Session) -> Iterator[Failure]:
    """Goods take only the ways their kind of movement has; a counter-entry may take it backwards."""
    query = (
        select(Movement.id, Movement.kind, Origin.kind, Target.kind, Movement.reverses_id, Item.names)
        .join(Origin, Movement.from_id == Origin.id)
        .join(Target, Movement.to_id == Target.id)
        .join(Item, Movement.item_id == Item.id)
    )
    for row_id, kind, origin, target, reverses, names in session.execute(query):
        if not _known_way(kind, origin, target, reverses is not None):
            words = Text(
                "{item} went from {origin} to {target} as “{kind}”: there is no such way.",
                item=names,
                origin=PlaceKind(origin).text,
                target=PlaceKind(target).text,
                kind=kind,
            )
            yield Failure("T1-way", words, row_id.hex)


def _known_way(kind: str, origin: str, target: str, reverses: bool) -> bool:
    if kind not in list(MovementKind):
        return False
    way = MovementKind(kind), PlaceKind(origin), PlaceKind(target)
    return may_move(*way) or (reverses and may_move(*way, reverses=True))


def goods_from_nowhere(session: Session) -> Iterator[Failure]:
    """Nothing leaves *supplier* without a receipt, but what was given back to a donor and is taken back."""
    query = (
        select(Movement.id, Item.names, Movement.quantity)
        .join(Origin, Movement.from_id == Origin.id)
        .join(Item, Movement.item_id == Item.id)
        .outerjoin(Document, Movement.document_id == Document.id)
        .where(Origin.kind == PlaceKind.SUPPLIER.value, Movement.reverses_id.is_(None))
        .where(or_(Document.id.is_(None), Document.kind != DocumentKind.RECEIPT.value))
    )
    for row_id, names, quantity in session.execute(query):
        words = Text("{item}, {quantity}: came in without a receipt.", item=names, quantity=quantity)
        yield Failure("T1-no-receipt", words, row_id.hex)


def kits_unlike_their_recipe(session: Session) -> Iterator[Failure]:
    """Of each assembly: parts = kits × the recipe of that edition. Taking kits apart counts backwards."""
    recipes = _recipes(session)
    for (operation, edition), made in _assemblies(session).items():
        kits = {item: n for item, n in made.items() if (item, edition) in recipes}
        expected: dict[UUID, int] = defaultdict(int, kits)
        for kit, n in kits.items():
            for part, each in recipes[kit, edition].items():
                expected[part] -= n * each
        if not kits or dict(expected) != made:
            words = Text("Kits were put together with other quantities than their recipe says.")
            yield Failure("T1-kit", words, operation.hex)


def _recipes(session: Session) -> dict[tuple[UUID, int | None], dict[UUID, int]]:
    found: dict[tuple[UUID, int | None], dict[UUID, int]] = defaultdict(dict)
    for row in session.scalars(select(KitRecipe)):
        found[row.kit_id, row.edition][row.part_id] = row.quantity
    return found


def _assemblies(session: Session) -> dict[tuple[UUID, int | None], dict[UUID, int]]:
    """Of each operation and edition at the place where kits are made: how much of each item came out (in: below zero)."""
    made: dict[tuple[UUID, int | None], dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    query = (
        select(Movement.operation_id, Movement.recipe_edition, Movement.item_id, Movement.quantity, Origin.kind)
        .join(Origin, Movement.from_id == Origin.id)
        .where(Movement.kind == MovementKind.ASSEMBLE.value)
    )
    for operation, edition, item, quantity, origin in session.execute(query):
        made[operation, edition][item] += quantity if origin == PlaceKind.ASSEMBLY.value else -quantity
    return {key: dict(items) for key, items in made.items()}


# ── T2, T3 ───────────────────────────────────────────────────────────────────────────────────────


def balances_off(session: Session) -> Iterator[Failure]:
    """Each balance is the fold of its movements, and no real place holds less than nothing."""
    folds, kept = fold(session), _balances(session)
    names = _Facts(session)
    for key in sorted({*folds, *kept}, key=str):
        moved, book = folds.get(key, 0), kept.get(key, 0)
        facts: dict[str, Any] = names(key) | {"book": book, "moved": moved}
        if moved != book:
            words = Text("{item}, batch {lot}, {place}: the book says {book}, the movements say {moved}.", **facts)
            yield Failure("T2-balance", words, _about(key))
        if min(moved, book) < 0:
            words = Text("{item}, batch {lot}, {place}: less than nothing is there ({moved}).", **facts)
            yield Failure("T3-below-zero", words, _about(key))


def fold(session: Session, *, until: date | None = None) -> dict[Key, int]:
    """What the movements leave at each real place, of each item and lot; with `until`, at the end of that day."""
    total = defaultdict[Key, int](int)
    for place, item, lot, quantity in session.execute(_summed(_sides(_until(until)))):
        total[place, item, lot] += quantity
    return {key: quantity for key, quantity in total.items() if quantity}


def _until(day: date | None) -> ColumnElement[bool]:
    return literal(True) if day is None else Movement.day <= day


def _sides(where: ColumnElement[bool]) -> Any:
    """Each movement seen from both its places: what came to one and what left the other."""
    columns = (
        Movement.item_id.label("item"),
        Movement.lot_id.label("lot"),
        Movement.day.label("day"),
        Movement.kind.label("kind"),
    )
    came = select(Movement.to_id.label("place"), *columns, Movement.quantity.label("change"))
    went = select(Movement.from_id.label("place"), *columns, (-Movement.quantity).label("change"))
    return union_all(came.where(where), went.where(where)).subquery()


def _summed(sides: Any) -> Select[Any]:
    c = sides.c
    real = select(StockPlace.id).where(StockPlace.kind.in_(_REAL))
    query = select(c.place, c.item, c.lot, func.sum(c.change)).where(c.place.in_(real))
    return query.group_by(c.place, c.item, c.lot)


def _balances(session: Session) -> dict[Key, int]:
    query = select(Balance.place_id, Balance.item_id, Balance.lot_id, Balance.quantity)
    real = query.join(StockPlace, Balance.place_id == StockPlace.id).where(StockPlace.kind.in_(_REAL))
    return {(place, item, lot): quantity for place, item, lot, quantity in session.execute(real) if quantity}


class _Facts:
    """Facts of a place, item and lot for a sentence, read once."""

    def __init__(self, session: Session) -> None:
        self.places = {
            row[0]: row[1] or row[2] for row in _rows(session, StockPlace.id, StockPlace.name, StockPlace.code)
        }
        self.items = {row[0]: row[1] for row in _rows(session, Item.id, Item.names)}
        self.lots = {row[0]: row[1] for row in _rows(session, Lot.id, Lot.code)}

    def __call__(self, key: Key) -> dict[str, Any]:
        place, item, lot = key
        return {"place": self.places.get(place, "?"), "item": self.items.get(item, "?"), "lot": self.lots.get(lot, "?")}


def _rows(session: Session, *columns: Any) -> Iterable[Any]:
    return session.execute(select(*columns))


def _about(key: Key) -> str:
    return "/".join(part.hex for part in key)


# ── T4 ───────────────────────────────────────────────────────────────────────────────────────────

_ISSUES = and_(Movement.kind == MovementKind.ISSUE.value, Movement.reverses_id.is_(None))


def lines_without_goods(session: Session) -> Iterator[Failure]:
    """Each hand-over line has exactly one issue movement, of the same lot and quantity; each hand-over has a line."""
    alike = and_(
        Movement.hand_over_line_id == HandOverLine.id,
        Movement.item_id == HandOverLine.item_id,
        Movement.lot_id == HandOverLine.lot_id,
        Movement.quantity == HandOverLine.quantity,
        _ISSUES,
    )
    query = (
        select(HandOverLine.id, Item.names, HandOverLine.quantity, func.count(Movement.id))
        .join(Item, HandOverLine.item_id == Item.id)
        .outerjoin(Movement, alike)
        .group_by(HandOverLine.id, Item.names, HandOverLine.quantity)
        .having(func.count(Movement.id) != 1)
    )
    for row_id, names, quantity, found in session.execute(query):
        words = Text(
            "{item}, {quantity} handed over: {found} movements instead of one.",
            item=names,
            quantity=quantity,
            found=found,
        )
        yield Failure("T4-issue", words, row_id.hex)
    empty = select(HandOver.id).outerjoin(HandOverLine, HandOverLine.hand_over_id == HandOver.id)
    for row_id in session.scalars(empty.where(HandOverLine.id.is_(None))):
        yield Failure("T4-no-line", Text("A hand-over has no line."), row_id.hex)


def goods_without_line(session: Session) -> Iterator[Failure]:
    """Nothing goes to a family but by a line, and nothing is returned twice."""
    query = (
        select(Movement.id, Item.names, Movement.quantity)
        .join(Item, Movement.item_id == Item.id)
        .outerjoin(HandOverLine, Movement.hand_over_line_id == HandOverLine.id)
        .where(_ISSUES, HandOverLine.id.is_(None))
    )
    for row_id, names, quantity in session.execute(query):
        words = Text(
            "{item}, {quantity}: went to a family without a line of a hand-over.", item=names, quantity=quantity
        )
        yield Failure("T4-no-hand-over", words, row_id.hex)
    twice = select(Movement.reverses_id).where(Movement.reverses_id.is_not(None)).group_by(Movement.reverses_id)
    for taken_back in session.scalars(twice.having(func.count() > 1)):
        assert taken_back is not None
        yield Failure("T4-returned-twice", Text("One movement was taken back twice."), taken_back.hex)


def voids_without_return(session: Session) -> Iterator[Failure]:
    """The goods of a cancelled hand-over, and of a loan that came back, returned by exactly one movement a line; those of a valid one by
    none.
    """
    issue, back = aliased(Movement), aliased(Movement)
    ended = and_(LoanReturn.hand_over_line_id == HandOverLine.id, LoanReturn.outcome != LoanEnd.KEPT.value)
    voids, loans, returns = (func.count(distinct(one)) for one in (HandOverVoid.id, LoanReturn.id, back.id))
    query = (
        select(HandOverLine.id, Item.names, voids, loans, returns)
        .join(Item, HandOverLine.item_id == Item.id)
        .join(issue, and_(issue.hand_over_line_id == HandOverLine.id, issue.reverses_id.is_(None)))
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOverLine.hand_over_id)
        .outerjoin(LoanReturn, ended)
        .outerjoin(
            back, and_(back.reverses_id == issue.id, back.quantity == issue.quantity, back.lot_id == issue.lot_id)
        )
        .group_by(HandOverLine.id, Item.names)
    )
    for row_id, names, cancelled, lent, returned in session.execute(query):
        for code, words in _wrong_return(names, cancelled, lent, returned):
            yield Failure(code, words, row_id.hex)


def _wrong_return(names: Names, voids: int, loans: int, returned: int) -> Iterator[tuple[str, Text]]:
    if voids > 1:
        words = Text("{item}: the hand-over was cancelled {times} times.", item=names, times=voids)
        yield "T4-cancelled-twice", words
    if voids and returned != 1:
        yield "T4-void", Text("{item}: the hand-over was cancelled, but its goods did not come back once.", item=names)
    if loans and (voids or returned != 1):
        yield "T4-loan", Text("{item}: the loan came back, but its goods did not come back once.", item=names)
    if returned and not (voids or loans):
        yield "T4-return", Text("{item}: came back, but the hand-over was not cancelled.", item=names)


# ── T6 ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one kind of movement changed at one place on one day."""

    key: Key
    day: date
    kind: str
    change: int


def days_that_do_not_add_up(session: Session) -> Iterator[Failure]:
    """Opening + in − out − losses ± count = closing for each day, and the closing of the last day is what the book says."""
    running: dict[Key, int] = defaultdict(int)
    by_day: dict[date, list[_Kept]] = defaultdict(list)
    for one in _changes(session):
        by_day[one.day].append(one)
    for day in sorted(by_day):
        yield from _one_day(day, by_day[day], running, fold(session, until=day))
    yield from _against_the_book(running, _balances(session), _Facts(session))


def _changes(session: Session) -> Iterator[_Kept]:
    c = _sides(literal(True)).c
    real = select(StockPlace.id).where(StockPlace.kind.in_(_REAL))
    query = select(c.place, c.item, c.lot, c.day, c.kind, func.sum(c.change)).where(c.place.in_(real))
    for place, item, lot, day, kind, change in session.execute(query.group_by(c.place, c.item, c.lot, c.day, c.kind)):
        yield _Kept((place, item, lot), day, kind, change)


def _one_day(day: date, kept: list[_Kept], running: dict[Key, int], closing: Mapping[Key, int]) -> Iterator[Failure]:
    """Adds the columns of the day to what was there, and compares with what all movements until then leave."""
    columns = set(MovementKind)
    for one in kept:
        if one.kind in columns:
            running[one.key] += one.change
    for key in {one.key for one in kept}:
        if running[key] != closing.get(key, 0):
            words = Text("{day}: opening, in, out, losses and count do not come to the closing balance.", day=day)
            yield Failure("T6-day", words, f"{day}/{_about(key)}")


def _against_the_book(running: Mapping[Key, int], book: Mapping[Key, int], names: _Facts) -> Iterator[Failure]:
    for key in sorted({*running, *book}, key=str):
        if running.get(key, 0) != book.get(key, 0):
            words = Text(
                "{item}, batch {lot}, {place}: the days come to {days}, the book says {book}.",
                **names(key),
                days=running.get(key, 0),
                book=book.get(key, 0),
            )
            yield Failure("T6-closing", words, _about(key))
