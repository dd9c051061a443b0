"""Counting: what was seen against the book at that moment, on a sheet or on the spot.

A count never looks away: the difference becomes a movement at once, with a sentence, and stands in the evening's
report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import CountDifference, DocumentKind, MovementKind, PlaceKind, SeenLine, ShelfLot
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput
from aidtrack.services import days
from aidtrack.services.stock.ledger import Step, book, place_of, shelf_lots, shelf_of
from aidtrack.services.stock.papers import new_document, new_lot
from aidtrack.store import journal
from aidtrack.store.stock import CountLine, Document, Lot


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line of a count sheet after the fact."""

    item_id: UUID
    lot_id: UUID
    book: int
    seen: int
    note: str

    @property
    def difference(self) -> int:
        return self.seen - self.book


def count(session: Session, by: Actor, *, request_id: UUID, draft: stock.CountDraft) -> UUID:
    """Writes what was seen, the book it was compared with, and the differences as movements. Returns the document's
    id.
    """
    by.require(Permission.STOCK_COUNT)
    with journal.operation(session, by, request_id, "count", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        lines = tuple(replace(line, note=clean(line.note)) for line in draft.lines)
        problems = stock.count_problems(replace(draft, lines=lines))
        if problems:
            raise InvalidInput(problems)
        place = draft.place_id or shelf_of(session, by)
        document = new_document(session, by, DocumentKind.COUNT, note=clean(draft.note), facts={"place": place.hex})
        _settle(session, by, document, place, lines)
        return document.id


def count_places(
    session: Session, by: Actor, *, request_id: UUID, drafts: tuple[stock.CountDraft, ...]
) -> tuple[UUID, ...]:
    """Counts of several places at once, a sheet each. Returns the documents' ids."""
    by.require(Permission.STOCK_COUNT)
    with journal.operation(session, by, request_id, "count_places", drafts=drafts) as op:
        if op.is_repeat:
            return tuple(op.ids("document"))
        return tuple(count(session, by, request_id=request_id, draft=draft) for draft in drafts)


def spot_count(
    session: Session, by: Actor, *, request_id: UUID, item_id: UUID, seen: int, shelf_id: UUID | None = None
) -> UUID:
    """“It is on the shelf”: only the sum of an item was seen. Returns the document's id; joins a hand-over's operation.

    Whoever hands over may do it: the family in front of the shelf must not wait for the book.
    """
    if not by.may(Permission.HAND_OVER):
        by.require(Permission.STOCK_COUNT)
    with journal.operation(session, by, request_id, "spot_count", item_id=item_id, seen=seen, shelf_id=shelf_id) as op:
        if op.is_repeat:
            return op.only("document")
        problems = stock.quantity_problems("seen", seen, zero=True)
        if problems:
            raise InvalidInput(problems)
        place = shelf_id or shelf_of(session, by)
        document = new_document(session, by, DocumentKind.COUNT, facts={"place": place.hex, "spot": True})
        lots = _countable(session, by, place, item_id, document)
        _settle(session, by, document, place, _seen_lines(item_id, stock.spread_seen(lots, seen)))
        return document.id


def _seen_lines(item_id: UUID, seen: Mapping[UUID, int]) -> tuple[SeenLine, ...]:
    return tuple(SeenLine(item_id, lot, number) for lot, number in seen.items())


def _countable(session: Session, by: Actor, place: UUID, item_id: UUID, document: Document) -> list[ShelfLot]:
    """The lots a sum seen may belong to: those that can be given today; never an expired one, and a new one if there
    is none.
    """
    day = days.current_day(session, by)
    lots = shelf_lots(session, place, [item_id], lock=True).get(item_id, [])
    live = [lot for lot in lots if lot.expiry is None or lot.expiry >= day]
    known = live or [ShelfLot(lot, 0, day) for lot in _known_lot(session, item_id, day)]
    return known or [ShelfLot(new_lot(session, item_id, document.code, None, day), 0, day)]


def _known_lot(session: Session, item_id: UUID, day: object) -> Sequence[UUID]:
    fits = (Lot.expires_on.is_(None)) | (Lot.expires_on >= day)
    query = select(Lot.id).where(Lot.item_id == item_id, fits).order_by(Lot.received_day.desc(), Lot.id.desc())
    return session.scalars(query.limit(1)).all()


def _settle(session: Session, by: Actor, document: Document, place: UUID, lines: Sequence[SeenLine]) -> None:
    held = shelf_lots(session, place, {line.item_id for line in lines}, lock=True)
    book_of = {lot.lot_id: lot.quantity for lots in held.values() for lot in lots}
    found = stock.count_differences(book_of, {line.lot_id: line.seen or 0 for line in lines})
    for line, difference in zip(_each_once(lines), found, strict=True):
        session.add(_count_line(document, place, line, difference))
    unseen = place_of(session, by.site, PlaceKind.COUNT)
    items = {line.lot_id: line.item_id for line in lines}
    book(session, by, [_step(d, items[d.lot_id], place, unseen, document.id) for d in found if d.difference])


def _each_once(lines: Sequence[SeenLine]) -> Sequence[SeenLine]:
    """The last word on each lot, in the order they were first named."""
    return tuple({line.lot_id: line for line in lines}.values())


def _count_line(document: Document, place: UUID, line: SeenLine, found: CountDifference) -> CountLine:
    return CountLine(
        id=new_id(), document_id=document.id, place_id=place, item_id=line.item_id, lot_id=line.lot_id, seen=found.seen,
        book=found.book, counted_at=document.at, note=line.note,
    )  # fmt: skip


def _step(found: CountDifference, item_id: UUID, place: UUID, unseen: UUID, document_id: UUID) -> Step:
    way = (unseen, place) if found.difference > 0 else (place, unseen)
    return Step(MovementKind.COUNT, item_id, found.lot_id, *way, abs(found.difference), document_id)


def counted_lines(session: Session, by: Actor, document_id: UUID) -> tuple[CountedLine, ...]:
    """The lines of a count sheet, differences first."""
    rows = session.scalars(select(CountLine).where(CountLine.document_id == document_id)).all()
    lines = [CountedLine(row.item_id, row.lot_id, row.book, row.seen, row.note) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.difference == 0))
