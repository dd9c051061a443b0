"""The book of the shelf: places, balances and the movements they are the fold of.

Owns the only code that writes movements and balances, in one transaction and under locks taken in the order of ids.
Papers, pages and hand-overs go through `book`; none of them touches a balance itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    LotPick,
    MovementKind,
    PlaceKind,
    ShelfLot,
    breaks_promises,
    can_be_given,
    may_move,
    pick,
)
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services import days
from aidtrack.services.stock import aside
from aidtrack.store import balances, journal
from aidtrack.store.balances import Held, Key
from aidtrack.store.base import table_of
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


# Statements made once: building one anew costs more than running it, and a hand-over asks them for each family.
_BALANCE, _LOT, _PLACE = table_of(Balance), table_of(Lot), table_of(StockPlace)
_LOTS = (
    select(
        _BALANCE.c.item_id,
        _BALANCE.c.lot_id,
        _BALANCE.c.quantity,
        _LOT.c.received_day,
        _LOT.c.expires_on,
        _BALANCE.c.reserved,
    )
    .join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .where(_BALANCE.c.place_id == bindparam("place"))
    .order_by(_BALANCE.c.item_id, _BALANCE.c.lot_id)
)
_LOTS_OF_ITEMS = _LOTS.where(_BALANCE.c.item_id.in_(bindparam("items", expanding=True)))
_LOCKED_LOTS = _LOTS_OF_ITEMS.with_for_update(of=_BALANCE)
_FREE = (
    select(func.sum(_BALANCE.c.quantity - _BALANCE.c.reserved))
    .join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .where(_BALANCE.c.quantity > 0, _LOT.c.expires_on.is_(None) | (_LOT.c.expires_on >= bindparam("day")))
)
_ON_SHELF = _BALANCE.c.place_id == bindparam("place")
_CAN_BE_GIVEN = _FREE.add_columns(_BALANCE.c.item_id).group_by(_BALANCE.c.item_id)
_ON_ONE_SHELF = _CAN_BE_GIVEN.where(_ON_SHELF)
_ON_ALL_SHELVES = _CAN_BE_GIVEN.join(_PLACE, _PLACE.c.id == _BALANCE.c.place_id).where(
    _PLACE.c.site_id == bindparam("site"), _PLACE.c.kind == PlaceKind.SHELF.value
)
_KINDS = select(_PLACE.c.id, _PLACE.c.kind, _PLACE.c.site_id).where(
    _PLACE.c.id.in_(bindparam("places", expanding=True))
)
_FIRST_PLACE = (
    select(_PLACE.c.id)
    .where(_PLACE.c.site_id == bindparam("site"), _PLACE.c.kind == bindparam("kind"))
    .order_by(_PLACE.c.code)
    .limit(1)
)


# ── places ───────────────────────────────────────────────────────────────────────────────────────


def place_of(session: Session, site_id: UUID, kind: PlaceKind) -> UUID:
    """The one place of this kind at a site; made when the first goods take this way."""
    found: UUID | None = session.connection().execute(_FIRST_PLACE, {"site": site_id, "kind": kind.value}).scalar()
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
    session: Session, place_id: UUID, item_ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, list[ShelfLot]]:
    """The lots of each item at a place. With `lock` their balances are locked in the order of ids until the commit."""
    session.flush()
    query = _LOCKED_LOTS if lock else _LOTS_OF_ITEMS
    found: dict[UUID, list[ShelfLot]] = defaultdict(list)
    rows = session.connection().execute(query, {"place": place_id, "items": list(item_ids)})
    for item, lot, quantity, received, expiry, reserved in rows:
        found[item].append(ShelfLot(lot, quantity, received, expiry, reserved))
    return found


def available(session: Session, shelf_id: UUID, day: date) -> Mapping[UUID, int]:
    """How many units of each item may be given from this shelf to anybody on `day`: expired lots and what is put aside for promises
    are not counted.
    """
    rows = session.connection().execute(_ON_ONE_SHELF, {"place": shelf_id, "day": day})
    return {item: int(number) for number, item in rows}


def available_at(session: Session, site_id: UUID, day: date) -> Mapping[UUID, int]:
    """How many units of each item may be given to anybody from all shelves of a site together."""
    rows = session.connection().execute(_ON_ALL_SHELVES, {"site": site_id, "day": day})
    return {item: int(number) for number, item in rows}


def free_of(item: ColumnElement[UUID]) -> ScalarSelect[int]:
    """The same for one row of a greater question: what of its item may be given from the shelf `place` on `day`; NULL for nothing."""
    return _FREE.where(_ON_SHELF, _BALANCE.c.item_id == item).scalar_subquery()


def pick_from_shelf(
    session: Session, *, shelf_id: UUID, item_id: UUID, quantity: int, day: date, donor: str | None = None
) -> tuple[LotPick, ...]:
    """The lots to take `quantity` from, locked; Refused `short` with the facts item and available. With `donor` only what they gave."""
    lots = shelf_lots(session, shelf_id, [item_id], lock=True).get(item_id, [])
    if donor is not None:
        given = set(session.scalars(select(Lot.id).where(Lot.item_id == item_id, Lot.donor == donor)))
        lots = [lot for lot in lots if lot.lot_id in given]
    picked = pick(lots, quantity, day)
    if sum(p.quantity for p in picked) < quantity:
        raise aside.short(session, item_id, can_be_given(lots, day))
    return picked


# ── moving ───────────────────────────────────────────────────────────────────────────────────────


def book(session: Session, by: Actor, steps: Sequence[Step]) -> tuple[UUID, ...]:
    """Writes movements and balances together; Refused `short` when a real place would fall below zero, `put-aside` when goods would
    leave that are promised to families. Facts are never refused for a promise: then it gives its goods up.

    Joins the open operation. Returns the ids of the movements in the order of the steps.
    """
    session.flush()
    kinds = _kinds(session, by, steps)
    for step in steps:
        _check_way(step, kinds)
    are_facts = all(breaks_promises(s.kind, kinds[s.target], reverses=s.reverses_id is not None) for s in steps)
    _apply(session, by, _deltas(steps, kinds), are_facts=are_facts)
    operation = journal.current(session)
    day, now = operation.day or days.current_day(session, by), by.now()
    rows = [_movement(step, operation.id, day, now) for step in steps]
    journal.add_many(session, Movement, rows)
    return tuple(row["id"] for row in rows)


def _kinds(session: Session, by: Actor, steps: Sequence[Step]) -> dict[UUID, PlaceKind]:
    """Of which kind each place of the steps is. Every place has one owner: of another centre only what is on its way is touched."""
    ids = {place for step in steps for place in (step.origin, step.target)}
    rows = session.connection().execute(_KINDS, {"places": list(ids)}).all()
    if any(site != by.site_id and kind != PlaceKind.TRANSIT.value for _, kind, site in rows):
        raise Refused("not-ours", Text("This place is of another centre: only its own people move goods there."))
    return {place: PlaceKind(kind) for place, kind, _ in rows}


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


def _apply(session: Session, by: Actor, deltas: Mapping[Key, int], *, are_facts: bool) -> None:
    """Every real place of the steps, locked in the order of ids: none may end below zero, nor below what is put aside."""
    held = balances.hold(session, deltas)
    missing: dict[Key, int] = {}
    for key in sorted(deltas):
        quantity, reserved = held.get(key, balances.NOTHING)
        if quantity + deltas[key] < 0:
            raise aside.short(session, key[1], quantity)
        if quantity + deltas[key] < reserved:
            missing[key] = reserved - quantity - deltas[key]
    if missing and not are_facts:
        raise _put_aside(session, next(iter(missing)), held)
    aside.make_room(session, by, missing)
    balances.set_quantities(
        session, {key: held[key].quantity + change for key, change in deltas.items() if key in held}
    )
    fresh = [
        {"place_id": key[0], "item_id": key[1], "lot_id": key[2], "quantity": change}
        for key, change in deltas.items()
        if key not in held
    ]
    journal.add_many(session, Balance, fresh)


def _put_aside(session: Session, key: Key, held: Mapping[Key, Held]) -> Refused:
    quantity, reserved = held[key]
    names = session.scalar(select(Item.names).where(Item.id == key[1]))
    words = Text(
        "{item}: {reserved} of {quantity} are put aside for families. Take another batch, or cancel a promise first.",
        item=names, reserved=reserved, quantity=quantity,
    )  # fmt: skip
    return Refused("put-aside", words)


def _movement(step: Step, operation: UUID, day: date, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "operation_id": operation, "kind": step.kind.value, "item_id": step.item_id,
        "lot_id": step.lot_id, "from_id": step.origin, "to_id": step.target, "quantity": step.quantity, "day": day,
        "at": now, "document_id": step.document_id, "hand_over_line_id": step.hand_over_line_id,
        "reverses_id": step.reverses_id, "recipe_edition": step.recipe_edition,
    }  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Issue:
    """What one line of a hand-over takes off a shelf."""

    line_id: UUID
    item_id: UUID
    lot_id: UUID
    quantity: int
    shelf_id: UUID


def issue_to_household(session: Session, by: Actor, issues: Sequence[Issue]) -> tuple[UUID, ...]:
    """Takes what the lines of a hand-over say off their shelves; returns the ids of the movements.

    An inner step of a hand-over: its lines are written before.
    """
    family = place_of(session, by.site, PlaceKind.HOUSEHOLD)
    return book(
        session,
        by,
        [
            Step(
                MovementKind.ISSUE, one.item_id, one.lot_id, one.shelf_id, family, one.quantity,
                hand_over_line_id=one.line_id,
            )
            for one in issues
        ],
    )  # fmt: skip


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


def return_line(session: Session, by: Actor, *, line_id: UUID, where: PlaceKind) -> tuple[UUID, ...]:
    """Takes back what one line of a hand-over moved, as `return_from_household` does for a whole one: an inner step of a loan's end."""
    query = select(Movement).where(
        Movement.hand_over_line_id == line_id, Movement.kind == MovementKind.ISSUE.value, Movement.reverses_id.is_(None)
    )
    issues = session.scalars(query).all()
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
