"""The table of the store: what lies of each item, what stands apart, what can be given, how far it goes; and the batches of an item.

Only reads, and adds up in the database: a store of thousands of batches opens as quickly as one of ten. How far the shelf goes is
handed in from the programmes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Enough
from aidtrack.domain.stock import ItemMode, PlaceKind, StockState, Unit, days_left, place_words, stock_state
from aidtrack.errors import Names, Text
from aidtrack.services import days
from aidtrack.services.stock.ledger import place_ids
from aidtrack.services.stock.levels import least_levels
from aidtrack.services.stock.sizes import item_with_sizes, sizes_of
from aidtrack.store.base import table_of
from aidtrack.store.stock import Balance, Item, Lot, StockPlace

STANDING = (PlaceKind.SHELF, PlaceKind.QUARANTINE)


@dataclass(frozen=True, slots=True)
class StockRow:
    """An item as the page shows it: on the shelf = put aside + set aside + can be given.

    Put aside is promised to families; set aside is what stands apart to be checked or is past its date. An item that
    comes in sizes counts together with them; `variant_of` marks the row of one size.
    """

    item_id: UUID
    code: str
    names: Names
    unit: Text
    mode: ItemMode
    expires: bool
    is_kit: bool
    on_shelf: int
    put_aside: int
    set_aside: int
    expired: int
    can_be_given: int
    nearest_expiry: date | None
    days_left: int | None
    enough: Enough | None
    state: StockState
    least: int = 0
    variant_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class LotRow:
    """A batch at a place, in the order it is given out. `is_given`: counts for families today; `size` of an item that has some."""

    item_id: UUID
    lot_id: UUID
    code: str
    donor: str
    place_id: UUID
    place: Text
    quantity: int
    expiry: date | None
    days_left: int | None
    is_given: bool
    size: str = ""


# ── the table ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Lying:
    """What lies of an item: all of it, what of it can be given and what is promised, what is past its date, and the nearest date of
    what can be given."""

    total: int = 0
    can: int = 0
    promised: int = 0
    expired: int = 0
    nearest: date | None = None

    def __add__(self, other: _Lying) -> _Lying:
        dates = [day for day in (self.nearest, other.nearest) if day]
        return _Lying(
            self.total + other.total,
            self.can + other.can,
            self.promised + other.promised,
            self.expired + other.expired,
            min(dates, default=None),
        )


_NOTHING = _Lying()

# Made once: the page asks for it after every change.
_BALANCE, _LOT = table_of(Balance), table_of(Lot)
_IS_PAST = _LOT.c.expires_on < bindparam("day")
_IS_GIVEN = and_(
    _BALANCE.c.place_id.in_(bindparam("shelves", expanding=True)), or_(_LOT.c.expires_on.is_(None), ~_IS_PAST)
)
_LYING = (
    select(
        _BALANCE.c.item_id,
        func.sum(_BALANCE.c.quantity),
        func.sum(case((_IS_GIVEN, _BALANCE.c.quantity - _BALANCE.c.reserved), else_=0)),
        func.sum(case((_IS_GIVEN, _BALANCE.c.reserved), else_=0)),
        func.sum(case((_IS_PAST, _BALANCE.c.quantity), else_=0)),
        func.min(case((and_(_IS_GIVEN, _BALANCE.c.quantity > _BALANCE.c.reserved), _LOT.c.expires_on))),
    )
    .join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .where(_BALANCE.c.place_id.in_(bindparam("places", expanding=True)), _BALANCE.c.quantity > 0)
    .group_by(_BALANCE.c.item_id)
)


def stock_rows(session: Session, by: Actor, *, enough: Mapping[UUID, Enough] | None = None) -> tuple[StockRow, ...]:
    """Every active item, and inactive ones that still lie here; what families are short of first in its own order."""
    by.require(Permission.STOCK_SEE)
    day = days.current_day(session, by)
    lying = _with_sizes(session, _lying(session, by, day))
    least = least_levels(session, by)
    items = session.scalars(select(Item).order_by(Item.code))
    return tuple(
        _stock_row(item, lying.get(item.id, _NOTHING), day, (enough or {}).get(item.id), least.get(item.id, 0))
        for item in items
        if item.is_active or item.id in lying
    )


def _lying(session: Session, by: Actor, day: date) -> dict[UUID, _Lying]:
    session.flush()
    places = {"places": list(place_ids(session, by.site, *STANDING))}
    shelves = {"shelves": list(place_ids(session, by.site, PlaceKind.SHELF))}
    rows = session.connection().execute(_LYING, places | shelves | {"day": day})
    return {
        item: _Lying(int(total), int(can), int(promised), int(past), nearest)
        for item, total, can, promised, past, nearest in rows
    }


def _with_sizes(session: Session, lying: Mapping[UUID, _Lying]) -> Mapping[UUID, _Lying]:
    """An item that comes in sizes counts together with them."""
    found = dict(lying)
    for whole, sizes in sizes_of(session).items():
        parts = [lying[one.item_id] for one in sizes if one.item_id in lying]
        if parts:
            found[whole] = sum(parts, lying.get(whole, _NOTHING))
    return found


def _stock_row(item: Item, lying: _Lying, day: date, enough: Enough | None, least: int) -> StockRow:
    mode, left = ItemMode(item.mode), days_left(lying.nearest, day)
    return StockRow(
        item_id=item.id,
        code=item.code,
        names=item.names,
        unit=Unit(item.unit).text,
        mode=mode,
        expires=item.expires,
        is_kit=item.is_kit,
        on_shelf=lying.total,
        put_aside=lying.promised,
        set_aside=lying.total - lying.can - lying.promised,
        expired=lying.expired,
        can_be_given=lying.can,
        nearest_expiry=lying.nearest,
        days_left=left,
        enough=enough,
        state=stock_state(mode, lying.can, least, left, enough.families if enough else None),
        least=least,
        variant_of=item.variant_of_id,
    )


# ── batches ──────────────────────────────────────────────────────────────────────────────────────


def lot_rows(session: Session, by: Actor, item_id: UUID | None = None) -> tuple[LotRow, ...]:
    """What lies at the places of the centre, by lot, in the order it is given out: first expiring first; of one item with its sizes."""
    by.require(Permission.STOCK_SEE)
    day = days.current_day(session, by)
    query = (
        select(Balance, Lot, StockPlace, Item.size)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(StockPlace, StockPlace.id == Balance.place_id)
        .where(StockPlace.site_id == by.site, StockPlace.kind.in_([k.value for k in STANDING]), Balance.quantity > 0)
    )
    if item_id is not None:
        query = query.where(Balance.item_id.in_(item_with_sizes(item_id)))
    query = query.order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.received_day, Lot.id, StockPlace.code)
    return tuple(_lot_row(balance, lot, place, size, day) for balance, lot, place, size in session.execute(query))


def _lot_row(balance: Balance, lot: Lot, place: StockPlace, size: str, day: date) -> LotRow:
    kind, left = PlaceKind(place.kind), days_left(lot.expires_on, day)
    is_given = kind is PlaceKind.SHELF and (left is None or left >= 0)
    return LotRow(
        balance.item_id,
        lot.id,
        lot.code,
        lot.donor,
        place.id,
        place_words(kind, place.code),
        balance.quantity,
        lot.expires_on,
        left,
        is_given,
        size,
    )
