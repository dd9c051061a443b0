"""Fetching what was promised: the part of a hand-over that draws on promises, and of its cancelling that restores them.

Inner steps only. A promise is drawn from the goods put aside for it; where none are and the item lies free, from those. Cancelling makes
it owed again, and puts the goods aside again when they are back on the shelf they came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.promises import AsideKind
from aidtrack.domain.stock import ShelfLot, pick, without
from aidtrack.errors import Refused, Text
from aidtrack.services.campaigns import AllowanceRow
from aidtrack.services.campaigns.owed import Promised
from aidtrack.services.stock import aside
from aidtrack.services.stock.aside import Aside
from aidtrack.store.handover import HandOverLine
from aidtrack.store.promises import Promise, Reservation


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of a lot for one line of a hand-over, for a promise or for none. `is_fresh`: they were not put aside for it before."""

    shelf_id: UUID
    item_id: UUID
    lot_id: UUID
    quantity: int
    promise_id: UUID | None = None
    is_fresh: bool = False

    def part(self, line_id: UUID | None) -> Aside:
        """What it is in the book of goods put aside."""
        assert self.promise_id is not None
        return Aside(self.promise_id, self.shelf_id, self.item_id, self.lot_id, self.quantity, line_id=line_id)


def hold(session: Session, rows: Collection[AllowanceRow]) -> None:
    """Locks the promises of these rows, before any balance; Refused when one was cancelled or kept meanwhile."""
    known = {one.id: one.owed for row in rows for one in row.promises}
    if not known:
        return
    query = select(Promise).where(Promise.id.in_(known)).order_by(Promise.id).with_for_update()
    for row in session.scalars(query, execution_options={"populate_existing": True}):
        if row.owed != known[row.id]:
            raise Refused("promise-changed", Text("A promise of this family was changed meanwhile. Look at the list again."))


@dataclass(slots=True)
class Shelf:
    """The lots of a shelf and what stands aside for promises, while lines are taken from them one after another."""

    shelf_id: UUID
    free: dict[UUID, list[ShelfLot]]
    stands: dict[UUID, list[Aside]]
    kept: Counter[UUID] = field(default_factory=Counter)

    def copy(self) -> Shelf:
        """The same once more, to try something out."""
        return Shelf(self.shelf_id, dict(self.free), dict(self.stands), Counter(self.kept))

    def take(self, item_id: UUID, promises: Sequence[Promised], quantity: int, day: date) -> tuple[list[Pick], int]:
        """The picks for a line and how many units are missing: first what is put aside, then promises from free goods, then the rest."""
        picks: list[Pick] = []
        for one in promises:
            most = min(quantity, one.owed - self.kept[one.id])
            kept = self._from_aside(one.id, item_id, most, day)
            kept += self._from_free(item_id, most - _units(kept), one.id, day)
            self.kept[one.id] += _units(kept)
            picks += kept
            quantity -= _units(kept)
        rest = self._from_free(item_id, quantity, None, day)
        return [*picks, *rest], quantity - _units(rest)

    def _from_aside(self, promise_id: UUID, item_id: UUID, wanted: int, day: date) -> list[Pick]:
        """Of the size that is taken: another one that stands aside is free again afterwards."""
        picks, left = [], []
        for part in self.stands.get(promise_id, ()):
            fits = part.item_id == item_id and part.can_be_given(day)
            taken = min(part.quantity, wanted) if fits else 0
            wanted -= taken
            if taken:
                picks.append(Pick(part.place_id, part.item_id, part.lot_id, taken, promise_id))
            left.append(replace(part, quantity=part.quantity - taken))
        self.stands[promise_id] = left
        return picks

    def _from_free(self, item_id: UUID, wanted: int, promise_id: UUID | None, day: date) -> list[Pick]:
        found = pick(self.free.get(item_id, ()), wanted, day) if wanted > 0 else ()
        self.free[item_id] = without(self.free.get(item_id, ()), found)
        return [Pick(self.shelf_id, item_id, one.lot_id, one.quantity, promise_id, promise_id is not None) for one in found]


def _units(picks: Sequence[Pick]) -> int:
    return sum(one.quantity for one in picks)


def draw(session: Session, by: Actor, drawn: Mapping[UUID, Pick]) -> None:
    """Draws the picks that keep promises, each by the line of its key; the lines are written, the goods still on the shelf."""
    kept = [(line, one) for line, one in drawn.items() if one.promise_id is not None]
    if not kept:
        return
    aside.put_aside(session, by, [one.part(None) for _, one in kept if one.is_fresh])
    aside.draw(session, by, [one.part(line) for line, one in kept])
    units = Counter[UUID]()
    for _, one in kept:
        assert one.promise_id is not None
        units[one.promise_id] += one.quantity
    for row in _promises(session, units):
        row.owed -= units[row.id]
    session.flush()
    _release_rest(session, by, units)


def _promises(session: Session, ids: Collection[UUID]) -> Sequence[Promise]:
    query = select(Promise).where(Promise.id.in_(ids)).order_by(Promise.id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def _release_rest(session: Session, by: Actor, ids: Collection[UUID]) -> None:
    """Nothing stands aside for what is owed no more."""
    stands, parts = aside.standing(session, ids), list[Aside]()
    for row in _promises(session, ids):
        too_many = sum(part.quantity for part in stands.get(row.id, ())) - row.owed
        for part in reversed(stands.get(row.id, [])):
            freed = min(part.quantity, max(too_many, 0))
            too_many -= freed
            parts += [replace(part, quantity=freed)] if freed else []
    aside.release(session, by, parts)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a hand-over drew on promises; those are locked."""

    parts: tuple[Aside, ...] = ()


def drawn_by(session: Session, hand_over_id: UUID) -> Drawn:
    """What this hand-over drew, its promises locked before any balance is."""
    query = (
        select(Reservation)
        .join(HandOverLine, HandOverLine.id == Reservation.hand_over_line_id)
        .where(HandOverLine.hand_over_id == hand_over_id, Reservation.kind == AsideKind.GIVEN.value)
        .order_by(Reservation.id)
    )
    rows = session.scalars(query).all()
    if rows:
        _promises(session, {row.promise_id for row in rows})
    return Drawn(
        tuple(
            Aside(row.promise_id, row.place_id, row.item_id, row.lot_id, -row.quantity, line_id=row.hand_over_line_id)
            for row in rows
        )
    )


def give_back(session: Session, by: Actor, drawn: Drawn, *, is_on_shelf: bool) -> None:
    """The hand-over is cancelled: its promises are owed again, exactly, but for those that were ended meanwhile. Goods that are back on
    their shelf stand aside for them again; others are not there any more.
    """
    if not drawn.parts:
        return
    units = Counter[UUID]()
    for part in drawn.parts:
        units[part.promise_id] += part.quantity
    still = {row.id: row for row in _promises(session, units) if row.ended_on is None}
    for promise_id, row in still.items():
        row.owed += units[promise_id]
    session.flush()
    if is_on_shelf:
        aside.put_back(session, by, [part for part in drawn.parts if part.promise_id in still])
