"""Goods put aside for promises: the book of what stands apart, lot by lot, and that nobody else is given it.

Owns the only code that writes `reservation` and `balance.reserved`, together and under the locks of the balances. What may be given is
everywhere the balance without what is reserved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AsideKind, give_up_in_order
from aidtrack.errors import Refused, Text
from aidtrack.services.today import current_day
from aidtrack.store import balances, journal
from aidtrack.store.balances import Key
from aidtrack.store.base import table_of
from aidtrack.store.promises import Promise, Reservation
from aidtrack.store.stock import Item, Lot

_LOT, _ASIDE, _PROMISE = map(table_of, (Lot, Reservation, Promise))
_WHAT = (_ASIDE.c.promise_id, _ASIDE.c.place_id, _ASIDE.c.item_id, _ASIDE.c.lot_id)
_TOTAL = func.sum(_ASIDE.c.quantity)
_STANDING = (
    select(*_WHAT, _TOTAL.label("quantity"), _LOT.c.expires_on)
    .join_from(_ASIDE, _LOT, _LOT.c.id == _ASIDE.c.lot_id)
    .where(_ASIDE.c.promise_id.in_(bindparam("promises", expanding=True)))
    .group_by(*_WHAT, _LOT.c.expires_on, _LOT.c.received_day)
    .having(_TOTAL > 0)
    .order_by(_LOT.c.expires_on.is_(None), _LOT.c.expires_on, _LOT.c.received_day, _ASIDE.c.lot_id, _ASIDE.c.place_id)
)
_HOLDERS = (
    select(_ASIDE.c.promise_id, _TOTAL.label("quantity"))
    .join_from(_ASIDE, _PROMISE, _PROMISE.c.id == _ASIDE.c.promise_id)
    .where(
        _ASIDE.c.place_id == bindparam("place"),
        _ASIDE.c.item_id == bindparam("item"),
        _ASIDE.c.lot_id == bindparam("lot"),
    )
    .group_by(_ASIDE.c.promise_id, _PROMISE.c.at, _PROMISE.c.id)
    .having(_TOTAL > 0)
    .order_by(_PROMISE.c.at, _PROMISE.c.id)
)


@dataclass(frozen=True, slots=True)
class Aside:
    """Units of a lot at a place for one promise; `line_id` is the line of a hand-over that draws or returns them."""

    promise_id: UUID
    place_id: UUID
    item_id: UUID
    lot_id: UUID
    quantity: int
    expiry: date | None = None
    line_id: UUID | None = None

    @property
    def key(self) -> Key:
        return self.place_id, self.item_id, self.lot_id

    def can_be_given(self, day: date) -> bool:
        """A lot may be given on its last day, never after."""
        return self.expiry is None or self.expiry >= day


def standing(session: Session, promise_ids: Collection[UUID]) -> dict[UUID, list[Aside]]:
    """What stands aside for each of these promises, first expiring first."""
    found: dict[UUID, list[Aside]] = defaultdict(list)
    if promise_ids:
        session.flush()
        for row in session.connection().execute(_STANDING, {"promises": list(promise_ids)}):
            found[row.promise_id].append(Aside(*row[:4], int(row.quantity), row.expires_on))
    return found


def put_aside(session: Session, by: Actor, parts: Sequence[Aside]) -> None:
    """From now on these units are for their promises only; Refused `short` when they are not free."""
    _book(session, by, AsideKind.PUT_ASIDE, parts)


def draw(session: Session, by: Actor, parts: Sequence[Aside]) -> None:
    """The units leave with the lines of a hand-over they name: they stand aside no more."""
    _book(session, by, AsideKind.GIVEN, parts)


def put_back(session: Session, by: Actor, parts: Sequence[Aside]) -> None:
    """Units drawn by a hand-over that was cancelled stand aside for their promises again."""
    _book(session, by, AsideKind.RETURNED, parts)


def release(session: Session, by: Actor, parts: Sequence[Aside]) -> None:
    """The units are free for everybody."""
    _book(session, by, AsideKind.RELEASED, parts)


def make_room(session: Session, by: Actor, missing: Mapping[Key, int]) -> None:
    """Goods that are not there any more stand aside for nobody: whoever was promised them last gives them up first.

    The promises stay owed, and stand as overdue until they are dated anew or honestly cancelled.
    """
    parts = []
    for key in sorted(missing):
        asked = dict(zip(("place", "item", "lot"), key, strict=True))
        held = session.connection().execute(_HOLDERS, asked).all()
        lost = give_up_in_order([int(row.quantity) for row in held], missing[key])
        parts += [Aside(row.promise_id, *key, n) for row, n in zip(held, lost, strict=True) if n]
    release(session, by, parts)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────

_COMES = frozenset({AsideKind.PUT_ASIDE, AsideKind.RETURNED})


def _book(session: Session, by: Actor, kind: AsideKind, parts: Sequence[Aside]) -> None:
    if not parts:
        return
    session.flush()
    signed = [replace(part, quantity=part.quantity if kind in _COMES else -part.quantity) for part in parts]
    _set_reserved(session, signed)
    day, now = journal.current(session).day or current_day(session, by), by.now()
    journal.add_many(session, Reservation, [_row(part, kind) | {"day": day, "at": now} for part in signed])


def _set_reserved(session: Session, signed: Iterable[Aside]) -> None:
    changes: dict[Key, int] = defaultdict(int)
    for part in signed:
        changes[part.key] += part.quantity
    held = balances.hold(session, changes)
    for key in sorted(changes):
        quantity, reserved = held.get(key, balances.NOTHING)
        if changes[key] > quantity - reserved:
            raise short(session, key[1], quantity - reserved)
    balances.set_reserved(session, {key: held[key].reserved + change for key, change in changes.items() if change})


def _row(part: Aside, kind: AsideKind) -> dict[str, Any]:
    return {
        "id": new_id(), "promise_id": part.promise_id, "place_id": part.place_id, "item_id": part.item_id,
        "lot_id": part.lot_id, "quantity": part.quantity, "kind": kind.value, "hand_over_line_id": part.line_id,
    }  # fmt: skip


def short(session: Session, item_id: UUID, left: int) -> Refused:
    """The refusal for a line the book cannot fill."""
    names = session.scalar(select(Item.names).where(Item.id == item_id))
    return Refused("short", Text("{item}: the book has {available}.", item=names, available=left))
