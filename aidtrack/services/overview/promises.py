"""R11: what was promised and waited for by the end of a day, what is overdue first; and the door list of card numbers to call.

Reads promises, reservations and hand-overs up to the moment the day was closed. No family is named: cards are numbers, protected
families stand in the sums only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.promises import AsideKind, EndReason, PromiseState, must_be_answered, state_of
from aidtrack.domain.stock import Unit
from aidtrack.errors import Names, Text
from aidtrack.services import promises
from aidtrack.services.overview.figures import (
    AnnouncedFigures,
    Heading,
    OverdueFigures,
    OwedFigures,
    PromiseEndFigures,
    PromiseReport,
)
from aidtrack.services.overview.heading import Frame, frame_of, heading_of
from aidtrack.services.promises.views import cards_of
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.people import Household
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise, Reservation, WaitEnd, WaitEntry
from aidtrack.store.stock import Document, Item


@dataclass(frozen=True, slots=True)
class _Open:
    """A promise as it stood at the end of the day."""

    row: Promise
    owed: int
    aside: int
    is_coming: bool
    kept_today: int
    supplier: str
    is_protected: bool

    def facts(self, day: date) -> dict[str, Any]:
        return {"owed": self.owed, "aside": self.aside, "until": self.row.until_on, "is_coming": self.is_coming, "day": day}


def count_promises(session: Session, by: Actor, day: date) -> PromiseReport:
    """The figures of R11 for a day, in the order of the catalogue."""
    frame = frame_of(session, by, day)
    found = _promises(session, frame)
    waits = _waits(session, frame)
    names = _names(session, {one.row.item_id for one in found} | {row.item_id for row in waits})
    return PromiseReport(
        heading=frame.heading,
        overdue=tuple(_overdue(session, frame, found, names)),
        items=tuple(_items(frame, found, waits, names)),
        announced=tuple(announced_after(session, frame)),
        ends=tuple(_ends(session, frame)),
    )


def _promises(session: Session, frame: Frame) -> list[_Open]:
    query = (
        select(Promise, Announcement, Document.at, Household.is_protected)
        .join(Household, Household.id == Promise.household_id)
        .outerjoin(AnnouncementLine, AnnouncementLine.id == Promise.line_id)
        .outerjoin(Announcement, Announcement.id == AnnouncementLine.announcement_id)
        .outerjoin(Document, Document.id == Announcement.document_id)
        .where(Promise.site_id == frame.site_id, Promise.at <= frame.until)
        .order_by(Promise.at, Promise.id)
    )
    given, today, stands = _given(session, frame), _given(session, frame, frame.day), _stands(session, frame)
    found = []
    for row, delivery, arrived, is_protected in session.execute(query):
        ended = row.ended_on is not None and row.ended_on <= frame.day
        found.append(
            _Open(
                row, 0 if ended else row.quantity - given.get(row.id, 0), stands.get(row.id, 0),
                _is_coming(frame, delivery, arrived), today.get(row.id, 0), delivery.supplier if row.line_id else "",
                is_protected,
            )
        )  # fmt: skip
    return found


def _is_coming(frame: Frame, delivery: Announcement | None, arrived: datetime | None) -> bool:
    """Whether the delivery was still to come at the end of the day."""
    if delivery is None or (arrived is not None and arrived <= frame.until):
        return False
    return delivery.cancelled_on is None or delivery.cancelled_on > frame.day


def _given(session: Session, frame: Frame, day: date | None = None) -> Mapping[UUID, int]:
    """What hand-overs that stood then brought of each promise, of one day when it is named."""
    query = (
        select(Reservation.promise_id, -func.sum(Reservation.quantity))
        .join(HandOverLine, HandOverLine.id == Reservation.hand_over_line_id)
        .join(HandOver, HandOver.id == HandOverLine.hand_over_id)
        .outerjoin(HandOverVoid, (HandOverVoid.hand_over_id == HandOver.id) & (HandOverVoid.at <= frame.until))
        .where(Reservation.kind == AsideKind.GIVEN.value, HandOver.at <= frame.until, HandOverVoid.id.is_(None))
        .where(HandOver.site_id == frame.site_id, *([HandOver.day == day] if day else []))
    )
    return {promise: int(units) for promise, units in session.execute(query.group_by(Reservation.promise_id))}


def _stands(session: Session, frame: Frame) -> Mapping[UUID, int]:
    query = select(Reservation.promise_id, func.sum(Reservation.quantity)).where(Reservation.at <= frame.until)
    return {promise: int(units) for promise, units in session.execute(query.group_by(Reservation.promise_id))}


def _waits(session: Session, frame: Frame) -> Sequence[WaitEntry]:
    """The places that were kept at the end of the day."""
    void = (
        select(HandOverVoid.id)
        .where(HandOverVoid.hand_over_id == WaitEnd.hand_over_id, HandOverVoid.at <= frame.until)
        .exists()
    )
    ours = [reason.value for reason in EndReason if reason.is_ours]
    broken = (
        select(Promise.id)
        .where(Promise.id == WaitEnd.promise_id, Promise.ended_because.in_(ours), Promise.ended_on <= frame.day)
        .exists()
    )
    ended = (
        select(WaitEnd.id)
        .where(WaitEnd.wait_entry_id == WaitEntry.id, WaitEnd.at <= frame.until, ~void, ~broken)
        .exists()
    )
    query = select(WaitEntry).where(WaitEntry.site_id == frame.site_id, WaitEntry.at <= frame.until, ~ended)
    return session.scalars(query.order_by(WaitEntry.at, WaitEntry.id)).all()


def _names(session: Session, items: Iterable[UUID]) -> dict[UUID, tuple[Names, Text]]:
    query = select(Item.id, Item.names, Item.unit).where(Item.id.in_(list(items))).order_by(Item.code)
    return {item: (names, Unit(unit).text) for item, names, unit in session.execute(query)}


def _overdue(
    session: Session, frame: Frame, found: Sequence[_Open], names: Mapping[UUID, tuple[Names, Text]]
) -> Iterable[OverdueFigures]:
    late = [one for one in found if must_be_answered(**one.facts(frame.day))]
    cards = cards_of(session, {one.row.household_id for one in late})
    for item in names:
        for one in late:
            if one.row.item_id == item:
                card = "—" if one.is_protected else cards.get(one.row.household_id, "—")
                days = (frame.day - one.row.until_on).days
                yield OverdueFigures(names[item][0], card, one.owed, one.row.until_on, max(days, 0), _why(one))


def _why(one: _Open) -> Text:
    if one.is_coming:
        return Text("delivery late: {supplier}", supplier=one.supplier)
    if one.aside >= one.owed:
        return Text("stands ready, not fetched")
    return Text("no goods: {supplier}", supplier=one.supplier) if one.supplier else Text("its goods are gone")


def _to_come(one: _Open) -> int:
    """Units that do not stand aside yet."""
    return max(one.owed - one.aside, 0)


def _items(
    frame: Frame, found: Sequence[_Open], waits: Sequence[WaitEntry], names: Mapping[UUID, tuple[Names, Text]]
) -> Iterable[OwedFigures]:
    for item, (name, unit) in names.items():
        mine = [one for one in found if one.row.item_id == item]
        still = [one for one in mine if one.owed]
        places = [row for row in waits if row.item_id == item]
        states = [state_of(**one.facts(frame.day)) for one in still]
        figures = OwedFigures(
            names=name,
            unit=unit,
            promises=len(still),
            units=sum(one.owed for one in still),
            ready=sum(one.owed - _to_come(one) for one in still),
            expected=sum(_to_come(one) for one, state in zip(still, states, strict=True) if state is PromiseState.EXPECTED),
            overdue=sum(must_be_answered(**one.facts(frame.day)) for one in still),
            oldest_days=max(((frame.day - one.row.day).days for one in still), default=None),
            made_today=sum(one.row.day == frame.day for one in mine),
            kept_today=sum(one.kept_today for one in mine),
            waiting=len(places),
            waiting_units=sum(row.quantity for row in places),
            waiting_days=max(((frame.day - row.day).days for row in places), default=None),
            called=sum(row.came_on is not None and row.came_on <= frame.day for row in places),
        )
        if figures.promises or figures.waiting or figures.made_today or figures.kept_today:
            yield figures


def announced_after(session: Session, frame: Frame) -> Iterable[AnnouncedFigures]:
    """Deliveries still to come when the day was closed, the next one first."""
    query = (
        select(Announcement, AnnouncementLine, Item.names, Item.unit)
        .join(AnnouncementLine, AnnouncementLine.announcement_id == Announcement.id)
        .join(Item, Item.id == AnnouncementLine.item_id)
        .outerjoin(Document, Document.id == Announcement.document_id)
        .where(Announcement.site_id == frame.site_id, Announcement.at <= frame.until)
        .where(Document.id.is_(None) | (Document.at > frame.until))
        .where(Announcement.cancelled_on.is_(None) | (Announcement.cancelled_on > frame.day))
        .order_by(Announcement.expected_on, Announcement.id, Item.code)
    )
    for row, line, names, unit in session.execute(query):
        yield AnnouncedFigures(
            row.supplier, row.expected_on, names, Unit(unit).text, line.quantity, line.promised, row.expected_on < frame.day
        )


def _ends(session: Session, frame: Frame) -> Iterable[PromiseEndFigures]:
    query = (
        select(Item.names, Promise.ended_because, func.count(), func.sum(Promise.quantity))
        .join(Item, Item.id == Promise.item_id)
        .where(Promise.site_id == frame.site_id, Promise.ended_on == frame.day)
        .group_by(Item.id, Item.code, Item.names, Promise.ended_because)
        .order_by(Item.code, Promise.ended_because)
    )
    for names, because, families, units in session.execute(query):
        yield PromiseEndFigures(names, EndReason(str(because)).text, families, int(units))


# ── the door list ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DoorList:
    """Whom to call by card number; public."""

    heading: Heading
    calls: promises.Calls


def door_list(session: Session, by: Actor, day: date) -> DoorList:
    """The list for the door as it stands now, under the head of that day."""
    by.require(Permission.REPORT)
    return DoorList(heading_of(session, by, day), promises.calls(session, by, day))
