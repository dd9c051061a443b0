"""What people read about promises and the wait list: by item, what an evening asks about, and whom to call by card number.

Only reads. Cards are numbers; no name stands anywhere here. Protected families are seen by the shift lead only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import show_card
from aidtrack.domain.promises import EndReason, PromiseState, must_be_answered, state_of
from aidtrack.domain.stock import Unit
from aidtrack.errors import Names, Text
from aidtrack.services.people import may_see
from aidtrack.services.stock import aside
from aidtrack.services.stock.ledger import available_at
from aidtrack.services.stock.sizes import item_with_sizes, sizes_of, with_sizes
from aidtrack.services.stock.waiting import is_open
from aidtrack.services.today import current_day
from aidtrack.store.people import Card, Household
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise, WaitEntry
from aidtrack.store.stock import Item


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """An open promise in a list: `aside` of its `owed` units stand ready. `supplier` brings it, if it hangs on a delivery."""

    id: UUID
    household_id: UUID
    card: str
    item_id: UUID
    names: Names
    unit: Text
    quantity: int
    owed: int
    aside: int
    until: date
    since: date
    state: PromiseState
    supplier: str
    must_be_answered: bool


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A place in the wait list of an item: `place` from 1, for how many units, since when, and when it was told that it came."""

    id: UUID
    household_id: UUID
    rule_id: UUID
    card: str
    item_id: UUID
    names: Names
    unit: Text
    quantity: int
    place: int
    since: date
    came_on: date | None


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """The promises of one item that were not kept by an evening: to be dated anew or honestly cancelled."""

    item_id: UUID
    names: Names
    unit: Text
    promises: tuple[PromiseRow, ...]

    @property
    def ids(self) -> tuple[UUID, ...]:
        return tuple(one.id for one in self.promises)

    @property
    def units(self) -> int:
        return sum(one.owed for one in self.promises)


def promise_rows(session: Session, by: Actor, *, item_id: UUID | None = None) -> tuple[PromiseRow, ...]:
    """Open promises in the order they were made, of one item when it is named; as they stand today."""
    by.require(Permission.STOCK_SEE)
    return _open_promises(session, by, item_id, current_day(session, by))


def open_promises(session: Session, by: Actor, day: date) -> tuple[PromiseRow, ...]:
    """Open promises of all items as they stand on `day`, for papers."""
    by.require(Permission.REPORT)
    return _open_promises(session, by, None, day)


def _open_promises(session: Session, by: Actor, item_id: UUID | None, day: date) -> tuple[PromiseRow, ...]:
    session.flush()
    query = _promises().where(Promise.site_id == by.site, Promise.owed > 0, Promise.ended_on.is_(None))
    if item_id is not None:
        query = query.where(Promise.item_id.in_(item_with_sizes(item_id)))
    rows = [row for row in session.execute(query).all() if may_see(by, row.is_protected)]
    stands = aside.standing(session, [row.Promise.id for row in rows])
    cards = cards_of(session, {row.Promise.household_id for row in rows})
    return tuple(_promise_row(row, stands.get(row.Promise.id, ()), cards, day) for row in rows)


def _promises() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Promise, Item.names, Item.unit, Announcement.supplier, Announcement.document_id, Announcement.cancelled_on,
            Household.is_protected,
        )
        .join(Item, Item.id == Promise.item_id)
        .join(Household, Household.id == Promise.household_id)
        .outerjoin(AnnouncementLine, AnnouncementLine.id == Promise.line_id)
        .outerjoin(Announcement, Announcement.id == AnnouncementLine.announcement_id)
        .order_by(Item.code, Promise.at, Promise.id)
    )  # fmt: skip


def _promise_row(row: Any, parts: Sequence[aside.Aside], cards: Mapping[UUID, str], day: date) -> PromiseRow:
    one: Promise = row.Promise
    stands = sum(part.quantity for part in parts if part.can_be_given(day))
    coming = row.supplier is not None and row.document_id is None and row.cancelled_on is None
    facts: Any = {"owed": one.owed, "aside": stands, "until": one.until_on, "is_coming": coming, "day": day}
    return PromiseRow(
        id=one.id, household_id=one.household_id, card=cards.get(one.household_id, "—"), item_id=one.item_id, names=row.names,
        unit=Unit(row.unit).text, quantity=one.quantity, owed=one.owed, aside=stands, until=one.until_on, since=one.day,
        state=state_of(**facts), supplier=row.supplier or "", must_be_answered=must_be_answered(**facts),
    )  # fmt: skip


def cards_of(session: Session, households: Collection[UUID]) -> dict[UUID, str]:
    """The newest valid card of each family, as it is read."""
    query = select(Card.household_id, Card.number).where(Card.household_id.in_(list(households)), Card.is_valid)
    return {home: show_card(number) for home, number in session.execute(query.order_by(Card.issued_at, Card.id))}


def wait_rows(session: Session, by: Actor, *, item_id: UUID | None = None) -> tuple[WaitRow, ...]:
    """The wait list, item by item, in the order of coming."""
    by.require(Permission.STOCK_SEE)
    return _open_places(session, by, item_id)


def open_places(session: Session, by: Actor) -> tuple[WaitRow, ...]:
    """The whole wait list, for papers."""
    by.require(Permission.REPORT)
    return _open_places(session, by, None)


def _open_places(session: Session, by: Actor, item_id: UUID | None) -> tuple[WaitRow, ...]:
    session.flush()
    query = (
        select(WaitEntry, Item.names, Item.unit, Household.is_protected)
        .join(Item, Item.id == WaitEntry.item_id)
        .join(Household, Household.id == WaitEntry.household_id)
        .where(WaitEntry.site_id == by.site, is_open())
        .order_by(Item.code, WaitEntry.at, WaitEntry.id)
    )
    if item_id is not None:
        query = query.where(WaitEntry.item_id == item_id)
    rows = session.execute(query).all()
    cards = cards_of(session, {row.WaitEntry.household_id for row in rows})
    places: dict[UUID, int] = defaultdict(int)
    found = []
    for row in rows:
        one: WaitEntry = row.WaitEntry
        places[one.item_id] += 1
        if may_see(by, row.is_protected):
            found.append(
                WaitRow(
                    one.id, one.household_id, one.rule_id, cards.get(one.household_id, "—"), one.item_id, row.names,
                    Unit(row.unit).text, one.quantity, places[one.item_id], one.day, one.came_on,
                )
            )  # fmt: skip
    return tuple(found)


def to_answer(session: Session, by: Actor, day: date) -> tuple[ToAnswer, ...]:
    """What the evening of `day` asks about, item by item: nobody is held hostage, but nothing is forgotten."""
    by.require(Permission.REPORT)
    by_item: dict[UUID, list[PromiseRow]] = defaultdict(list)
    for row in _open_promises(session, by, None, day):
        if row.must_be_answered:
            by_item[row.item_id].append(row)
    return tuple(ToAnswer(item, rows[0].names, rows[0].unit, tuple(rows)) for item, rows in by_item.items())


@dataclass(frozen=True, slots=True)
class CallRow:
    """A card on the door list: `until` its goods stand aside; None where the item came and nothing is owed."""

    card: str
    names: Names
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """Whom to call by card number: goods put aside, items that came for the wait list, promises that cannot be kept."""

    ready: tuple[CallRow, ...] = ()
    came: tuple[CallRow, ...] = ()
    broken: tuple[CallRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ready or self.came or self.broken)


def calls(session: Session, by: Actor, day: date) -> Calls:
    """The door list of a day, each part in its order; protected families are not on it.

    Who waits is called while what can be given is enough for it; who was told that day that a promise ended is told by us why.
    """
    by.require(Permission.REPORT)
    public = _unprotected(session, by)
    ready = [
        CallRow(row.card, row.names, row.until)
        for row in _open_promises(session, by, None, day)
        if row.state is PromiseState.READY and row.household_id in public
    ]
    return Calls(tuple(ready), tuple(_came(session, by, day, public)), tuple(_broken(session, by, day, public)))


def _unprotected(session: Session, by: Actor) -> set[UUID]:
    waiting = select(WaitEntry.household_id).where(WaitEntry.site_id == by.site)
    promised = select(Promise.household_id).where(Promise.site_id == by.site)
    query = select(Household.id).where(Household.is_protected.is_(False), Household.id.in_(waiting.union(promised)))
    return set(session.scalars(query))


def _came(session: Session, by: Actor, day: date, public: Collection[UUID]) -> list[CallRow]:
    query = select(WaitEntry, Item.names).join(Item, Item.id == WaitEntry.item_id)
    query = query.where(WaitEntry.site_id == by.site, is_open()).order_by(Item.code, WaitEntry.at, WaitEntry.id)
    left, found = with_sizes(available_at(session, by.site, day), sizes_of(session)), []
    rows = session.execute(query).all()
    cards = cards_of(session, {entry.household_id for entry, _ in rows})
    for entry, names in rows:
        if entry.quantity > left.get(entry.item_id, 0):
            left[entry.item_id] = 0  # nobody is called before all earlier ones are
        elif entry.household_id in public and entry.came_on is not None:
            found.append(CallRow(cards.get(entry.household_id, "—"), names))
        left[entry.item_id] = max(left.get(entry.item_id, 0) - entry.quantity, 0)
    return found


def _broken(session: Session, by: Actor, day: date, public: Collection[UUID]) -> list[CallRow]:
    ours = [reason.value for reason in EndReason if reason.is_ours]
    query = (
        select(Promise.household_id, Item.names)
        .join(Item, Item.id == Promise.item_id)
        .where(Promise.site_id == by.site, Promise.ended_on == day, Promise.ended_because.in_(ours))
        .order_by(Item.code, Promise.at, Promise.id)
    )
    rows = session.execute(query).all()
    cards = cards_of(session, {home for home, _ in rows})
    return [CallRow(cards.get(home, "—"), names) for home, names in rows if home in public]
