"""Counting: what was seen against the book at that moment, on a sheet or on the spot.

A count never looks away: the difference becomes a movement at once, with a sentence, and stands in the evening's
report. It is held against the book of the moment it was made, so that what moved after it is not undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import CountDifference, DocumentKind, MovementKind, PlaceKind, SeenLine, ShelfLot
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Names, Problem, Refused, Text
from aidtrack.services import days
from aidtrack.services.stock.ledger import Step, book, find_shelf, place_of, shelf_lots, shelf_of
from aidtrack.services.stock.papers import new_document, new_lot
from aidtrack.services.stock.table import lot_rows
from aidtrack.store import journal
from aidtrack.store.base import by_first
from aidtrack.store.on_paper import COUNTED, ON_PAPER, SPOT, seen_at_shelf
from aidtrack.store.stock import CountLine, Document, Item, Lot, Movement

_ANSWERED = "answered"
"""In the facts of a count on the spot, that a shift lead gave the word for it."""


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line of a count sheet after the fact."""

    item_id: UUID
    lot_id: UUID
    book: int
    seen: int
    note: str
    first_seen: int | None = None

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
        draft = _cleaned(draft)
        _raise_if(stock.count_problems(draft) + _times(by, draft))
        place = draft.place_id or shelf_of(session, by)
        document = new_document(session, by, DocumentKind.COUNT, note=clean(draft.note), facts={"place": place.hex})
        _settle(session, by, document, place, _with_lots(session, document, draft))
        return document.id


def _cleaned(draft: stock.CountDraft) -> stock.CountDraft:
    """Every line with its own moment, where the sheet has one."""
    lines = tuple(
        replace(line, note=clean(line.note), lot=clean(line.lot), counted_at=line.counted_at or draft.counted_at)
        for line in draft.lines
    )
    return replace(draft, lines=lines)


def _times(by: Actor, draft: stock.CountDraft) -> list[Problem]:
    late = [stock.counted_late(line.counted_at, by.now()) for line in draft.lines]
    return next((problems for problems in late if problems), [])


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInput(problems)


def _with_lots(session: Session, document: Document, draft: stock.CountDraft) -> tuple[SeenLine, ...]:
    """Goods seen without a batch get one: that of their name and date, else the newest that fits, else a new one."""
    return tuple(
        line if line.lot_id else replace(line, lot_id=_lot_seen(session, document, line)) for line in draft.lines
    )


def _lot_seen(session: Session, document: Document, line: SeenLine) -> UUID:
    named = select(Lot.id).where(Lot.item_id == line.item_id, Lot.expires_on.is_not_distinct_from(line.expiry))
    if line.lot or line.expiry:
        query = named.where(Lot.code == line.lot) if line.lot else named
        known = session.scalars(query.order_by(Lot.received_day.desc(), Lot.id.desc()).limit(1)).all()
    else:
        known = _known_lot(session, line.item_id, document.day)
    return next(iter(known), None) or new_lot(
        session, line.item_id, line.lot or document.code, line.expiry, document.day
    )


def to_count_again(session: Session, by: Actor, draft: stock.CountDraft) -> tuple[int, ...]:
    """Which lines differ from the book of their moment, by their place in the draft: these are counted once more.

    Says nothing of the book itself: a count is blind. InvalidInput for a moment that has not come.
    """
    by.require(Permission.STOCK_COUNT)
    draft = _cleaned(draft)
    _raise_if(_times(by, draft))
    place = draft.place_id or find_shelf(session, by)
    known = [line for line in draft.lines if line.lot_id]
    book_of = _book_at(session, place, known, lock=False) if place else {}
    return tuple(
        n
        for n, line in enumerate(draft.lines)
        if line.seen is not None and line.seen != (book_of.get(line.lot_id, 0) if line.lot_id else 0)
    )


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
    session: Session, by: Actor, *, request_id: UUID, item_id: UUID, seen: int, shelf_id: UUID | None = None, is_answered: bool = False
) -> UUID:
    """“It is on the shelf”: only the sum of an item was seen, without what is put aside for families. Returns the document's id; joins
    a hand-over's operation. `is_answered`: a shift lead gave the word for it.

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
        document = new_document(session, by, DocumentKind.COUNT, facts={"place": place.hex, SPOT: True, _ANSWERED: is_answered})
        lots = _countable(session, by, place, item_id, document)
        _settle(session, by, document, place, _seen_lines(item_id, stock.spread_seen(lots, seen)))
        return document.id


# ── goods given on paper ─────────────────────────────────────────────────────────────────────────


def counted_since(session: Session, shelf_id: UUID, item_ids: Iterable[UUID], at: datetime) -> dict[UUID, str]:
    """Items that were counted at this shelf after a moment, each with the sheet it was counted on: what left before was not seen there."""
    query = (
        select(CountLine.item_id, Document.code)
        .join(Document, Document.id == CountLine.document_id)
        .where(CountLine.place_id == shelf_id, CountLine.item_id.in_(list(item_ids)), CountLine.counted_at > at)
        .where(seen_at_shelf())
        .order_by(CountLine.counted_at.desc(), CountLine.id)
    )
    return by_first(session, query)


def found_on_paper(
    session: Session, by: Actor, *, shelf_id: UUID, more: Mapping[UUID, int], day: date, sheets: Mapping[UUID, str]
) -> UUID:
    """So many units more than the book says were on this shelf, or they could not have been given. An inner step; returns the document.

    `sheets` names the counts that took some of these goods off the book since: they are explained by them.
    """
    facts: dict[str, object] = {"place": shelf_id.hex, ON_PAPER: True, COUNTED: [item.hex for item in sorted(sheets)]}
    document = new_document(session, by, DocumentKind.COUNT, day=day, facts=facts)
    for item_id in sorted(more):
        lots = _countable(session, by, shelf_id, item_id, document)
        seen = stock.spread_seen(lots, sum(lot.quantity for lot in lots) + more[item_id])
        changed = {lot.lot_id: seen[lot.lot_id] for lot in lots if seen[lot.lot_id] != lot.quantity}
        lines = [SeenLine(item_id, lot, number, sheets.get(item_id, "")) for lot, number in changed.items()]
        _settle(session, by, document, shelf_id, lines)
    return document.id


def take_off_paper(session: Session, by: Actor, *, document_id: UUID, day: date) -> UUID:
    """Takes such a count back: what was given on paper was not given after all. An inner step; returns the new document."""
    before = session.get_one(Document, document_id)
    document = new_document(session, by, DocumentKind.COUNT, day=day, facts=dict(before.facts))
    for line in session.scalars(select(CountLine).where(CountLine.document_id == document_id).order_by(CountLine.id)):
        lots = shelf_lots(session, line.place_id, [line.item_id], lock=True).get(line.item_id, [])
        held = next((lot.quantity for lot in lots if lot.lot_id == line.lot_id), 0)
        back = min(line.seen - line.book, held)
        _settle(session, by, document, line.place_id, [SeenLine(line.item_id, line.lot_id, held - back)])
    return document.id


def came_with(session: Session, by: Actor, *, receipt: Document, item_id: UUID, most: int, of_day: date) -> int:
    """At most so many units came with this receipt before it was typed: they are counted off its batches. An inner step; how many."""
    left = most
    document: Document | None = None
    for place, lot_id in _arrived(session, receipt, item_id):
        lots = shelf_lots(session, place, [item_id], lock=True).get(item_id, [])
        held = next((lot.quantity for lot in lots if lot.lot_id == lot_id), 0)
        part = min(left, held)
        if part > 0:
            facts = {"place": place.hex, ON_PAPER: True, "receipt": receipt.id.hex, "of_day": of_day.isoformat()}
            day = journal.current(session).day
            document = document or new_document(session, by, DocumentKind.COUNT, day=day, facts=facts)
            _settle(session, by, document, place, [SeenLine(item_id, lot_id, held - part, receipt.code)])
            left -= part
    return most - left


def _arrived(session: Session, receipt: Document, item_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    query = select(Movement.to_id, Movement.lot_id).where(Movement.document_id == receipt.id, Movement.item_id == item_id)
    rows = session.execute(query.where(Movement.reverses_id.is_(None)).order_by(Movement.lot_id))
    return [(row[0], row[1]) for row in rows]


def units_of(session: Session, document_id: UUID) -> int:
    """How many units a count changed the book by, whichever way."""
    rows = session.execute(select(CountLine.seen - CountLine.book).where(CountLine.document_id == document_id))
    return sum(abs(row[0]) for row in rows)


def spot_units_before(session: Session, document_id: UUID, item_id: UUID) -> int:
    """How many units of the item windows counted beside the book at this shelf that day before this count, whichever way: since it was
    last counted on a sheet, or a shift lead gave the word.
    """
    this = session.get_one(Document, document_id)
    place = UUID(hex=this.facts["place"])
    query = (
        select(Document.id, Document.facts, func.sum(func.abs(CountLine.seen - CountLine.book)))
        .join(CountLine, CountLine.document_id == Document.id)
        .where(Document.site_id == this.site_id, Document.day == this.day, Document.kind == DocumentKind.COUNT.value)
        .where(Document.number < this.number, CountLine.place_id == place, CountLine.item_id == item_id, seen_at_shelf())
        .group_by(Document.id, Document.number)
        .order_by(Document.number.desc())
    )
    rows = takewhile(lambda row: row[1].get(SPOT) and not row[1].get(_ANSWERED), session.execute(query))
    return sum(int(units) for _, _, units in rows)


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
    book_of = _book_at(session, place, lines, lock=True)
    found = stock.count_differences(book_of, {line.lot_id: line.seen or 0 for line in lines if line.lot_id})
    for line, difference in zip(_each_once(lines), found, strict=True):
        session.add(_count_line(document, place, line, difference))
    unseen = place_of(session, by.site, PlaceKind.COUNT)
    items = {line.lot_id: line.item_id for line in lines}
    _refuse_impossible(session, place, [(items[d.lot_id], d) for d in found])
    book(session, by, [_step(d, items[d.lot_id], place, unseen, document.id) for d in found if d.difference])


def _refuse_impossible(session: Session, place: UUID, found: Sequence[tuple[UUID, CountDifference]]) -> None:
    """More can have left since than was seen only if one of both is wrong: the shelf is counted again now."""
    held = shelf_lots(session, place, {item for item, _ in found})
    now = {lot.lot_id: lot.quantity for lots in held.values() for lot in lots}
    for item, one in found:
        if now.get(one.lot_id, 0) + one.difference < 0:
            names = session.scalar(select(Item.names).where(Item.id == item))
            words = Text("{item}: more left the shelf since than was seen there. Count it again as it is now.", item=names)
            raise Refused("count-late", words)


def _book_at(session: Session, place: UUID, lines: Sequence[SeenLine], *, lock: bool) -> dict[UUID, int]:
    """What the book had of each lot at the moment its line was counted."""
    held = shelf_lots(session, place, {line.item_id for line in lines}, lock=lock)
    now = {lot.lot_id: lot.quantity for lots in held.values() for lot in lots}
    late = [line for line in lines if line.counted_at is not None]
    since = [change for line in late for change in _moved_since(session, place, line)]
    return stock.book_at(now, since)


def _moved_since(session: Session, place: UUID, line: SeenLine) -> Sequence[tuple[UUID, int]]:
    """What came to this place and left it of a lot after it was counted."""
    came = case((Movement.to_id == place, Movement.quantity), else_=-Movement.quantity)
    touching = or_(Movement.to_id == place, Movement.from_id == place)
    query = select(Movement.lot_id, came).where(
        Movement.item_id == line.item_id, Movement.lot_id == line.lot_id, touching, Movement.at > line.counted_at
    )
    return [(lot, int(change)) for lot, change in session.execute(query)]


def _each_once(lines: Sequence[SeenLine]) -> Sequence[SeenLine]:
    """The last word on each lot, in the order they were first named."""
    return tuple({line.lot_id: line for line in lines}.values())


def _count_line(document: Document, place: UUID, line: SeenLine, found: CountDifference) -> CountLine:
    return CountLine(
        id=new_id(), document_id=document.id, place_id=place, item_id=line.item_id, lot_id=line.lot_id, seen=found.seen,
        book=found.book, counted_at=line.counted_at or document.at, note=line.note, first_seen=line.first,
    )  # fmt: skip


def _step(found: CountDifference, item_id: UUID, place: UUID, unseen: UUID, document_id: UUID) -> Step:
    way = (unseen, place) if found.difference > 0 else (place, unseen)
    return Step(MovementKind.COUNT, item_id, found.lot_id, *way, abs(found.difference), document_id)


@dataclass(frozen=True, slots=True)
class ToCount:
    """A batch that is to be counted at a place; how many the book has stands nowhere."""

    names: Names
    size: str
    code: str
    expiry: date | None
    place: Text


def batches_to_count(session: Session, by: Actor) -> tuple[ToCount, ...]:
    """What lies at the places of the centre, in the order somebody walks: place by place, item by item."""
    by.require(Permission.STOCK_SEE)
    names = {item: (code, words) for item, code, words in session.execute(select(Item.id, Item.code, Item.names))}
    rows = sorted(lot_rows(session, by), key=lambda lot: (str(lot.place), names[lot.item_id][0], lot.code))
    return tuple(ToCount(names[lot.item_id][1], lot.size, lot.code, lot.expiry, lot.place) for lot in rows)


def counted_lines(session: Session, by: Actor, document_id: UUID) -> tuple[CountedLine, ...]:
    """The lines of a count sheet, differences first."""
    rows = session.scalars(select(CountLine).where(CountLine.document_id == document_id)).all()
    lines = [CountedLine(row.item_id, row.lot_id, row.book, row.seen, row.note, row.first_seen) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.difference == 0))
