"""Announced deliveries: who brings what, and when. A date may be set anew, the delivery cancelled; a receipt fulfils it.

Whoever was promised something of it learns the new date; a cancelled delivery leaves its promises overdue until each is dated or cancelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Select, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain import promises as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncementDraft
from aidtrack.domain.stock import Unit
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import InvalidInput, Names, NotFound, Refused, Text
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.base import expect_version
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise
from aidtrack.store.stock import Document, Item


@dataclass(frozen=True, slots=True)
class AnnouncedItem:
    """A line of an announced delivery; `promised` of its `quantity` families were told about."""

    line_id: UUID
    item_id: UUID
    names: Names
    unit: Text
    quantity: int
    promised: int

    @property
    def free(self) -> int:
        """Units that can still be promised: never more than it brings."""
        return self.quantity - self.promised


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """An announced delivery that is still to come. `is_late`: its date is over."""

    id: UUID
    supplier: str
    donor: str
    note: str
    expected_on: date
    lines: tuple[AnnouncedItem, ...]
    version: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What is announced of one item by a day: units, those families were promised, and the nearest date."""

    units: int
    promised: int
    first_on: date


def announce(session: Session, by: Actor, *, request_id: UUID, draft: AnnouncementDraft) -> UUID:
    """Writes down a delivery that is to come; returns its id. InvalidInput names everything that is wrong with it."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "announce", draft=draft) as op:
        if op.is_repeat:
            return op.only("announcement")
        draft = replace(draft, supplier=clean(draft.supplier), donor=clean(draft.donor), note=clean_note(draft.note))
        day = current_day(session, by)
        problems = rules.announcement_problems(draft, day)
        if problems:
            raise InvalidInput(problems)
        assert draft.expected_on is not None
        row = Announcement(
            id=new_id(), site_id=by.site, supplier=draft.supplier, donor=draft.donor, expected_on=draft.expected_on,
            note=draft.note, day=day, at=by.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        lines = [
            {"id": new_id(), "announcement_id": row.id, "item_id": line.item_id, "quantity": line.quantity}
            for line in draft.lines
        ]
        journal.add_many(session, AnnouncementLine, lines)
        return row.id


def date_announcement(
    session: Session, by: Actor, *, request_id: UUID, announcement_id: UUID, expected_on: date, version: int
) -> AnnouncementRow:
    """Another day for a delivery; every open promise on it has the new date too."""
    by.require(Permission.STOCK_MOVE)
    asked = {"announcement_id": announcement_id, "expected_on": expected_on, "version": version}
    with journal.operation(session, by, request_id, "date_announcement", asked=asked) as op:
        if not op.is_repeat:
            problems = rules.date_problems("expected_on", expected_on, current_day(session, by))
            if problems:
                raise InvalidInput(problems)
            row = open_announcement(session, by, announcement_id)
            expect_version(row, version)
            set_date(session, row, expected_on)
        return announcement_row(session, by, announcement_id)


def set_date(session: Session, row: Announcement, expected_on: date) -> None:
    """The delivery and everything promised of it stand for this day from now on; inside an operation, its row locked."""
    row.expected_on = expected_on
    for promise in session.scalars(_promises_on(row.id).order_by(Promise.id).with_for_update()):
        promise.until_on = expected_on
    session.flush()


def _promises_on(announcement_id: UUID) -> Select[Promise]:
    of_delivery = select(AnnouncementLine.id).where(AnnouncementLine.announcement_id == announcement_id)
    return select(Promise).where(Promise.line_id.in_(of_delivery), Promise.owed > 0, Promise.ended_on.is_(None))


def cancel_announcement(
    session: Session, by: Actor, *, request_id: UUID, announcement_id: UUID, reason: str, version: int
) -> int:
    """The delivery will not come. Returns how many promises stand on nothing now: they are overdue until dated anew or cancelled."""
    by.require(Permission.STOCK_MOVE)
    asked = {"announcement_id": announcement_id, "reason": reason, "version": version}
    because = clean(reason)
    with journal.operation(session, by, request_id, "cancel_announcement", because=because, asked=asked) as op:
        if not op.is_repeat:
            row = open_announcement(session, by, announcement_id)
            expect_version(row, version)
            row.cancelled_on, row.cancelled_because = current_day(session, by), because
            session.flush()
        return len(session.scalars(_promises_on(announcement_id)).all())


def open_announcement(session: Session, by: Actor, announcement_id: UUID) -> Announcement:
    """The announced delivery, locked; Refused when it came or was cancelled."""
    row = session.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)
    if row is None or row.site_id != by.site:
        raise NotFound("no-announcement", Text("This delivery was not announced here."))
    if row.document_id is not None or row.cancelled_on is not None:
        raise Refused("announcement-over", Text("This delivery came already or was cancelled."))
    return row


# ── what is to come ──────────────────────────────────────────────────────────────────────────────


def announced(session: Session, by: Actor, *, item_id: UUID | None = None) -> tuple[AnnouncementRow, ...]:
    """The deliveries still to come, the nearest first; those with this item when one is named."""
    session.flush()
    query = select(Announcement).where(
        Announcement.site_id == by.site, Announcement.document_id.is_(None), Announcement.cancelled_on.is_(None)
    )
    if item_id is not None:
        with_item = select(AnnouncementLine.announcement_id).where(AnnouncementLine.item_id == item_id)
        query = query.where(Announcement.id.in_(with_item))
    rows = session.scalars(query.order_by(Announcement.expected_on, Announcement.at, Announcement.id)).all()
    return _rows(session, by, rows)


def announcement_row(session: Session, by: Actor, announcement_id: UUID) -> AnnouncementRow:
    """One announced delivery, whatever became of it."""
    row = session.get(Announcement, announcement_id)
    if row is None or row.site_id != by.site:
        raise NotFound("no-announcement", Text("This delivery was not announced here."))
    return _rows(session, by, [row])[0]


def _rows(session: Session, by: Actor, rows: Sequence[Announcement]) -> tuple[AnnouncementRow, ...]:
    day, lines = current_day(session, by), defaultdict[UUID, list[AnnouncedItem]](list)
    query = (
        select(AnnouncementLine, Item)
        .join(Item, Item.id == AnnouncementLine.item_id)
        .where(AnnouncementLine.announcement_id.in_([row.id for row in rows]))
        .order_by(Item.code)
        .execution_options(populate_existing=True)
    )
    for line, item in session.execute(query):
        told = AnnouncedItem(line.id, item.id, item.names, Unit(item.unit).text, line.quantity, line.promised)
        lines[line.announcement_id].append(told)
    return tuple(
        AnnouncementRow(
            row.id, row.supplier, row.donor, row.note, row.expected_on, tuple(lines[row.id]), row.version,
            row.expected_on < day,
        )
        for row in rows
    )  # fmt: skip


def expected(
    session: Session, by: Actor, *, until: date | None = None, day: date | None = None, at: datetime | None = None
) -> Mapping[UUID, Expected]:
    """What is announced of each item by `until` (None: at all): what a request for goods need not ask for again.

    With a day and the moment it was closed it is what was still to come then: a day that is over says what it said.
    """
    session.flush()
    day, at = day or current_day(session, by), at or by.now()
    sums = (func.sum(AnnouncementLine.quantity), func.sum(AnnouncementLine.promised), func.min(Announcement.expected_on, type_=Date))
    query = (
        select(AnnouncementLine.item_id, *sums)
        .join(Announcement, Announcement.id == AnnouncementLine.announcement_id)
        .outerjoin(Document, Document.id == Announcement.document_id)
        .where(Announcement.site_id == by.site, Announcement.at <= at, or_(Document.id.is_(None), Document.at > at))
        .where(or_(Announcement.cancelled_on.is_(None), Announcement.cancelled_on > day))
        .group_by(AnnouncementLine.item_id)
    )
    if until is not None:
        query = query.where(Announcement.expected_on <= until)
    return {item: Expected(int(units), int(promised), first) for item, units, promised, first in session.execute(query)}
