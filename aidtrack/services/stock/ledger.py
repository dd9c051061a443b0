"""The book of the shelf: places, balances and the movements they are the fold of.

Owns the only code that writes movements and balances, in one transaction and under locks taken in the order of ids.
Papers, pages and hand-overs go through `book`; none of them touches a balance itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import LotPick, MovementKind, PlaceKind, ShelfLot, can_be_given, may_move, pick
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services import days
from aidtrack.store import journal
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOverLine
from aidtrack.store.stock import Balance, Item, Lot, Movement, StockPlace

FIRST_SHELF = "1"


@dataclass(frozen=True, slots=True)
class Step:
    """A quantity of one lot on its way from one place to another."""

    kind: MovementKind
    item_id: UUID
    lot_id: UUID
    origin: UUID
    target: UUID
    quantity: int
    document_id: UUID | None = None
    hand_over_line_id: UUID | None = None
    reverses_id: UUID | None = None
    recipe_edition: int | None = None


# ── places ───────────────────────────────────────────────────────────────────────────────────────


def place_of(session: Session, site_id: UUID, kind: PlaceKind) -> UUID:
    """The one place of this kind at a site; made when the first goods take this way."""
    query = select(StockPlace.id).where(StockPlace.site_id == site_id, StockPlace.kind == kind.value)
    found = session.scalar(query.order_by(StockPlace.code).limit(1))
    return found or add_place(session, site_id, kind, FIRST_SHELF if kind is PlaceKind.SHELF else kind.value)


def add_place(session: Session, site_id: UUID, kind: PlaceKind, code: str, name: str = "") -> UUID:
    """A new place of a site; only inside an operation."""
    place = StockPlace(id=new_id(), site_id=site_id, code=code, name=name, kind=kind.value)
    session.add(place)
    session.flush()
    return place.id


def shelf_of(session: Session, by: Actor) -> UUID:
    """The shelf this window gives from: its own, else the first of the centre, made inside an operation if there is
    none.
    """
    return find_shelf(session, by) or place_of(session, by.site, PlaceKind.SHELF)


def find_shelf(session: Session, by: Actor) -> UUID | None:
    """Like `shelf_of`, for reads: a centre that never received anything has no shelf yet."""
    own = session.scalar(select(Desk.shelf_id).where(Desk.id == by.desk_id)) if by.desk_id else None
    return own or next(iter(place_ids(session, by.site, PlaceKind.SHELF)), None)


def place_ids(session: Session, site_id: UUID, *kinds: PlaceKind) -> tuple[UUID, ...]:
    """The places of these kinds at a site, in the order of their codes."""
    query = select(StockPlace.id).where(StockPlace.site_id == site_id, StockPlace.kind.in_([k.value for k in kinds]))
    return tuple(session.scalars(query.order_by(StockPlace.code)))


# ── what lies on a shelf ─────────────────────────────────────────────────────────────────────────


def shelf_lots(
    session: Session, place_id: UUID, item_ids: Iterable[UUID] | None = None, *, lock: bool = False
) -> dict[UUID, list[ShelfLot]]:
    """The lots of each item at a place. With `lock` their balances are locked in the order of ids until the commit."""
    query = select(Balance).where(Balance.place_id == place_id).order_by(Balance.item_id, Balance.lot_id)
    if item_ids is not None:
        query = query.where(Balance.item_id.in_(list(item_ids)))
    if lock:
        query = query.with_for_update()
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    dates = _lot_dates(session, {row.lot_id for row in rows})
    found: dict[UUID, list[ShelfLot]] = defaultdict(list)
    for row in rows:
        expiry, received = dates[row.lot_id]
        found[row.item_id].append(ShelfLot(row.lot_id, row.quantity, received, expiry))
    return found


def _lot_dates(session: Session, lot_ids: set[UUID]) -> dict[UUID, tuple[date | None, date]]:
    query = select(Lot.id, Lot.expires_on, Lot.received_day).where(Lot.id.in_(lot_ids))
    return {lot: (expiry, received) for lot, expiry, received in session.execute(query)} if lot_ids else {}


def available(session: Session, shelf_id: UUID, day: date) -> Mapping[UUID, int]:
    """How many units of each item may be given from this shelf on `day`: expired lots are not counted."""
    lots = shelf_lots(session, shelf_id)
    return {item: can_be_given(held, day) for item, held in lots.items()}


def available_at(session: Session, site_id: UUID, day: date) -> Mapping[UUID, int]:
    """How many units of each item may be given from all shelves of a site together."""
    total: dict[UUID, int] = defaultdict(int)
    for shelf in place_ids(session, site_id, PlaceKind.SHELF):
        for item, number in available(session, shelf, day).items():
            total[item] += number
    return total


def lock_items(session: Session, shelf_id: UUID, item_ids: Iterable[UUID], day: date) -> Mapping[UUID, int]:
    """Locks the balances of these items on a shelf until the commit and says how many of each can be given."""
    wanted = list(item_ids)
    lots = shelf_lots(session, shelf_id, wanted, lock=True)
    return {item: can_be_given(lots.get(item, ()), day) for item in wanted}


def pick_from_shelf(
    session: Session, *, shelf_id: UUID, item_id: UUID, quantity: int, day: date
) -> tuple[LotPick, ...]:
    """The lots to take `quantity` from, locked; Refused `short` with the facts item and available."""
    lots = shelf_lots(session, shelf_id, [item_id], lock=True).get(item_id, [])
    picked = pick(lots, quantity, day)
    if sum(p.quantity for p in picked) < quantity:
        raise short(session, item_id, can_be_given(lots, day))
    return picked


def short(session: Session, item_id: UUID, left: int) -> Refused:
    """The refusal for a line the book cannot fill."""
    names = session.scalar(select(Item.names).where(Item.id == item_id))
    return Refused("short", Text("{item}: the book has {available}.", item=names, available=left))


# ── moving ───────────────────────────────────────────────────────────────────────────────────────


def book(session: Session, by: Actor, steps: Sequence[Step]) -> tuple[UUID, ...]:
    """Writes movements and balances together; Refused `short` when a real place would fall below zero.

    Joins the open operation. Returns the ids of the movements in the order of the steps.
    """
    kinds = _kinds(session, steps)
    for step in steps:
        _check_way(step, kinds)
    _apply(session, _deltas(steps, kinds))
    operation, day, now = journal.current(session).id, days.current_day(session, by), by.now()
    rows = [_movement(step, operation, day, now) for step in steps]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def _kinds(session: Session, steps: Sequence[Step]) -> dict[UUID, PlaceKind]:
    ids = {place for step in steps for place in (step.origin, step.target)}
    query = select(StockPlace.id, StockPlace.kind).where(StockPlace.id.in_(ids))
    return {place: PlaceKind(kind) for place, kind in session.execute(query)}


def _check_way(step: Step, kinds: Mapping[UUID, PlaceKind]) -> None:
    origin, target = kinds[step.origin], kinds[step.target]
    if not may_move(step.kind, origin, target, reverses=step.reverses_id is not None):
        raise Refused("no-such-way", Text("Goods cannot go from {a} to {b} like this.", a=origin.text, b=target.text))


def _deltas(steps: Sequence[Step], kinds: Mapping[UUID, PlaceKind]) -> dict[tuple[UUID, UUID, UUID], int]:
    changes: dict[tuple[UUID, UUID, UUID], int] = defaultdict(int)
    for step in steps:
        if kinds[step.origin].is_real:
            changes[step.origin, step.item_id, step.lot_id] -= step.quantity
        if kinds[step.target].is_real:
            changes[step.target, step.item_id, step.lot_id] += step.quantity
    return changes


def _apply(session: Session, deltas: Mapping[tuple[UUID, UUID, UUID], int]) -> None:
    """Every real place of the steps, locked in the order of ids: none may end below zero."""
    for key in sorted(deltas):
        row = session.get(Balance, key, with_for_update=True, populate_existing=True)
        held = row.quantity if row else 0
        if held + deltas[key] < 0:
            raise short(session, key[1], held)
        if row is None:
            session.add(Balance(place_id=key[0], item_id=key[1], lot_id=key[2], quantity=deltas[key]))
        else:
            row.quantity = held + deltas[key]
    session.flush()


def _movement(step: Step, operation: UUID, day: date, now: datetime) -> Movement:
    return Movement(
        id=new_id(),
        operation_id=operation,
        kind=step.kind.value,
        item_id=step.item_id,
        lot_id=step.lot_id,
        from_id=step.origin,
        to_id=step.target,
        quantity=step.quantity,
        day=day,
        at=now,
        document_id=step.document_id,
        hand_over_line_id=step.hand_over_line_id,
        reverses_id=step.reverses_id,
        recipe_edition=step.recipe_edition,
    )


def way_back(row: Movement, document_id: UUID | None = None) -> Step:
    """The counter-entry of a movement: the same goods, the same way backwards."""
    return Step(
        MovementKind(row.kind),
        row.item_id,
        row.lot_id,
        row.to_id,
        row.from_id,
        row.quantity,
        document_id=document_id,
        hand_over_line_id=row.hand_over_line_id,
        reverses_id=row.id,
        recipe_edition=row.recipe_edition,
    )


# ── goods of families ────────────────────────────────────────────────────────────────────────────


def issue_to_household(session: Session, by: Actor, *, hand_over_line_id: UUID, shelf_id: UUID) -> UUID:
    """Takes what one hand-over line says (item, lot, quantity) off the shelf; returns the movement's id.

    An inner step of a hand-over: the line is flushed before, `pick_from_shelf` said which lots.
    """
    line = session.get_one(HandOverLine, hand_over_line_id)
    family = place_of(session, by.site, PlaceKind.HOUSEHOLD)
    step = Step(MovementKind.ISSUE, line.item_id, line.lot_id, shelf_id, family, line.quantity)
    return book(session, by, [replace(step, hand_over_line_id=line.id)])[0]


def return_from_household(session: Session, by: Actor, *, hand_over_id: UUID, where: PlaceKind) -> tuple[UUID, ...]:
    """Takes back everything a hand-over moved: to the shelf it came from, or set aside to check.

    An inner step of a cancelled hand-over. Each issue is returned at most once: a second time is Refused `returned`.
    """
    issues = _issues(session, hand_over_id)
    if not issues:
        raise NotFound("no-goods", Text("This hand-over moved no goods."))
    if _are_returned(session, issues):
        raise Refused("returned", Text("These goods were taken back already."))
    aside = place_of(session, by.site, PlaceKind.QUARANTINE) if where is PlaceKind.QUARANTINE else None
    return book(session, by, [_return(row, aside) for row in issues])


def _issues(session: Session, hand_over_id: UUID) -> Sequence[Movement]:
    lines = select(HandOverLine.id).where(HandOverLine.hand_over_id == hand_over_id)
    query = select(Movement).where(Movement.hand_over_line_id.in_(lines), Movement.kind == MovementKind.ISSUE.value)
    return session.scalars(query.order_by(Movement.item_id, Movement.lot_id)).all()


def _are_returned(session: Session, issues: Sequence[Movement]) -> bool:
    reversed_ones = select(func.count()).where(Movement.reverses_id.in_([row.id for row in issues]))
    return bool(session.scalar(reversed_ones))


def _return(row: Movement, aside: UUID | None) -> Step:
    back = way_back(row)
    return replace(back, kind=MovementKind.RETURN, target=aside or back.target)
