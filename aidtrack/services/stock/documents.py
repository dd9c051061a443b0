"""The papers of the store as people read them again: a list, and each with its lines as it prints.

Only reads. What a paper moved is told with the facts that were typed: what the waybill said, what was seen, who approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import DocumentKind, LossCause, PlaceKind, Unit, place_words
from aidtrack.errors import Names, Text
from aidtrack.services.stock.papers import own_document, taken_back
from aidtrack.store.stock import CountLine, Document, Item, Lot, Movement, StockPlace

_NEWEST = 200


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A paper of the store in a list."""

    id: UUID
    kind: DocumentKind
    code: str
    day: date
    at: datetime
    other_party: str
    paper_number: str
    cause: LossCause | None
    note: str
    units: int
    is_counter: bool
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of a paper: what moved; of a receipt what the waybill said, of a count what was seen and what the book had.

    `place` is where it lies now and `origin` where it lay; None where that is no place of the centre.
    """

    item_names: Names
    unit: Text
    lot_code: str
    expiry: date | None
    quantity: int
    on_waybill: int | None = None
    damaged: int = 0
    short: int = 0
    item_code: str = ""
    donor: str = ""
    place: Text | None = None
    origin: Text | None = None
    book: int | None = None
    first_seen: int | None = None
    note: str = ""
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A paper with its lines, as it prints; `follows` is the paper it goes on with."""

    row: DocumentRow
    facts: Mapping[str, Any]
    lines: tuple[DocumentLine, ...] = field(default=())
    follows: DocumentRow | None = None
    follows_facts: Mapping[str, Any] = field(default_factory=dict)


def document_rows(session: Session, by: Actor) -> tuple[DocumentRow, ...]:
    """The newest papers of the store, the last one first."""
    by.require(Permission.STOCK_SEE)
    query = select(Document).where(Document.site_id == by.site).order_by(Document.at.desc(), Document.id.desc())
    return _document_rows(session, session.scalars(query.limit(_NEWEST)).all())


def _document_rows(session: Session, rows: Sequence[Document]) -> tuple[DocumentRow, ...]:
    ids = [row.id for row in rows]
    back = aliased(Movement)
    query = (
        select(Movement.document_id, func.sum(Movement.quantity), func.count(back.id))
        .outerjoin(back, and_(back.reverses_id == Movement.id))
        .where(Movement.document_id.in_(ids))
        .group_by(Movement.document_id)
    )
    moved = {document: (int(units), taken) for document, units, taken in session.execute(query)}
    gone = set(session.scalars(select(Document.id).where(Document.id.in_(ids), taken_back(Document))))
    return tuple(_document_row(row, *moved.get(row.id, (0, 0)), row.id in gone) for row in rows)


def _document_row(row: Document, units: int, reversed_ones: int, is_gone: bool) -> DocumentRow:
    return DocumentRow(
        id=row.id,
        kind=DocumentKind(row.kind),
        code=row.code,
        day=row.day,
        at=row.at,
        other_party=row.other_party,
        paper_number=row.paper_number,
        cause=LossCause(row.cause) if row.cause else None,
        note=row.note,
        units=units,
        is_counter="reverses" in row.facts,
        is_reversed=reversed_ones > 0 or is_gone,
    )


def document_view(session: Session, by: Actor, document_id: UUID) -> DocumentView:
    """A paper with its lines; those of a receipt say what the waybill promised, those of a count what was seen."""
    by.require(Permission.STOCK_SEE)
    row = own_document(session, by, document_id)
    origin = aliased(StockPlace)
    query = (
        select(Movement, Item, Lot, StockPlace, origin)
        .join(Item, Item.id == Movement.item_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(StockPlace, StockPlace.id == Movement.to_id)
        .join(origin, origin.id == Movement.from_id)
        .where(Movement.document_id == document_id)
        .order_by(Movement.id)
    )
    moved = [(movement, item, lot, place, left) for movement, item, lot, place, left in session.execute(query)]
    promised = row.facts.get("lines")
    lines = _promised_lines(session, promised, moved) if promised else tuple(_line(*one) for one in moved)
    counted = _count_lines(session, document_id) if row.kind == DocumentKind.COUNT.value else ()
    follows = session.get(Document, row.follows_id) if row.follows_id else None
    before = _document_rows(session, [follows])[0] if follows else None
    return DocumentView(
        _document_rows(session, [row])[0], row.facts, counted or lines, before, follows.facts if follows else {}
    )


def _line(movement: Movement, item: Item, lot: Lot, place: StockPlace, origin: StockPlace) -> DocumentLine:
    is_lost = PlaceKind(place.kind) is PlaceKind.LOSS
    goods = _goods(item, lot, movement.quantity)
    return replace(goods, place=_where(place), origin=_where(origin), is_lost=is_lost)


def _where(place: StockPlace) -> Text | None:
    kind = PlaceKind(place.kind)
    return place_words(kind, place.code) if kind.is_real else None


def _goods(item: Item, lot: Lot | None, quantity: int) -> DocumentLine:
    unit, code = Unit(item.unit).text, item.code
    if lot is None:
        return DocumentLine(item.names, unit, "", None, quantity, item_code=code)
    return DocumentLine(item.names, unit, lot.code, lot.expires_on, quantity, item_code=code, donor=lot.donor)


_Moved = tuple[Movement, Item, Lot, StockPlace, StockPlace]


def _promised_lines(
    session: Session, promised: Sequence[Mapping[str, Any]], moved: Sequence[_Moved]
) -> tuple[DocumentLine, ...]:
    """The lines as they were typed; lines of which nothing came have no movement, nor have those that are only signed for."""
    left = [one for one in moved if PlaceKind(one[3].kind).is_real]
    found = []
    for fact in promised:
        item = session.get_one(Item, UUID(hex=fact["item"]))
        came = fact.get("received", 0)
        one = next((row for row in left if row[0].item_id == item.id and row[0].quantity == came), None)
        if one is not None:
            left.remove(one)
        line = _line(*one) if one is not None else _typed(item, fact)
        found.append(
            replace(
                line,
                quantity=came,
                on_waybill=fact["on_waybill"],
                damaged=fact.get("damaged", 0),
                short=fact.get("short", 0),
            )
        )
    return tuple(found)


def _typed(item: Item, fact: Mapping[str, Any]) -> DocumentLine:
    expiry = date.fromisoformat(fact["expiry"]) if fact.get("expiry") else None
    return replace(_goods(item, None, 0), lot_code=fact.get("lot", ""), expiry=expiry)


def _count_lines(session: Session, document_id: UUID) -> tuple[DocumentLine, ...]:
    """Every batch that was looked at, equal ones too: a sheet that shows only differences proves nothing."""
    query = (
        select(CountLine, Item, Lot, StockPlace)
        .join(Item, Item.id == CountLine.item_id)
        .join(Lot, Lot.id == CountLine.lot_id)
        .join(StockPlace, StockPlace.id == CountLine.place_id)
        .where(CountLine.document_id == document_id)
        .order_by(Item.code, Lot.code)
    )
    return tuple(
        replace(
            _goods(item, lot, line.seen),
            book=line.book,
            first_seen=line.first_seen,
            note=line.note,
            place=place_words(PlaceKind(place.kind), place.code),
        )
        for line, item, lot, place in session.execute(query)
    )


def suppliers(session: Session, by: Actor) -> tuple[str, ...]:
    """Who brought goods before, the newest first: what a new delivery proposes."""
    newest = func.max(Document.at)
    query = (
        select(Document.other_party)
        .where(Document.site_id == by.site, Document.kind == DocumentKind.RECEIPT.value, Document.other_party != "")
        .group_by(Document.other_party)
        .order_by(newest.desc())
    )
    return tuple(session.scalars(query.limit(50)))
