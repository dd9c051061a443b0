"""What people read about goods: the table of the page, lots, movements with their running balance, the stock card,
papers.

Only reads. Every figure opens to its lines; how far the shelf goes is handed in from the programmes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Enough
from aidtrack.domain.stock import (
    SOON_DAYS,
    DocumentKind,
    ItemMode,
    LossCause,
    MovementKind,
    PlaceKind,
    Unit,
    days_left,
    place_words,
)
from aidtrack.errors import NotFound, Text
from aidtrack.services import days
from aidtrack.services.stock.ledger import place_ids
from aidtrack.services.stock.sizes import item_with_sizes, sizes_of
from aidtrack.store.handover import HandOver, HandOverLine
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Balance, Document, Item, Lot, Movement, StockPlace

Names = Mapping[str, str]

FEW_FAMILIES = 20
STANDING = (PlaceKind.SHELF, PlaceKind.QUARANTINE)


@dataclass(frozen=True, slots=True)
class StockRow:
    """An item as the page shows it: on the shelf = set aside + can be given.

    Set aside is what stands apart to be checked or is past its date. `state`: ok · soon (a date comes near) · few ·
    none · free_table. An item that comes in sizes counts together with them; `variant_of` marks the row of one size.
    """

    item_id: UUID
    code: str
    names: Names
    unit: Text
    mode: ItemMode
    expires: bool
    is_kit: bool
    on_shelf: int
    set_aside: int
    expired: int
    can_be_given: int
    nearest_expiry: date | None
    days_left: int | None
    enough: Enough | None
    state: str
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


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement of an item: `quantity` signed as the centre sees it, `after` what the centre held then."""

    id: UUID
    at: datetime
    day: date
    kind: MovementKind
    words: Text
    document: str
    lot_code: str
    quantity: int
    after: int
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class ItemDay:
    """An item's day: opening + changes = closing, and whether the balances say the same as the movements."""

    opening: int
    rows: tuple[MovementRow, ...]
    closing: int
    balances: bool

    @property
    def sums(self) -> tuple[tuple[MovementKind, int], ...]:
        """What each kind of movement changed, those that changed something."""
        found: dict[MovementKind, int] = defaultdict(int)
        for row in self.rows:
            found[row.kind] += row.quantity
        return tuple((kind, number) for kind, number in found.items() if number)


@dataclass(frozen=True, slots=True)
class StockCard:
    """The card that hangs on the stack: one item, or one lot of it, from the first day to the last."""

    item_names: Names
    code: str
    unit: Text
    lot_code: str
    expiry: date | None
    donor: str
    opening: int
    rows: tuple[MovementRow, ...]
    closing: int


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
    """A line of a paper: what moved, and for a receipt what the waybill said."""

    item_names: Names
    unit: Text
    lot_code: str
    expiry: date | None
    quantity: int
    on_waybill: int | None = None
    damaged: int = 0
    short: int = 0


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A paper with its lines, as it prints."""

    row: DocumentRow
    facts: Mapping[str, Any]
    lines: tuple[DocumentLine, ...] = field(default=())


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def stock_rows(
    session: Session, by: Actor, *, enough: Mapping[UUID, Enough] | None = None, day: date | None = None
) -> tuple[StockRow, ...]:
    """Every active item, and inactive ones that still lie here; what families are short of first in its own order."""
    by.require(Permission.STOCK_SEE)
    day = day or days.current_day(session, by)
    lots: dict[UUID, list[LotRow]] = defaultdict(list)
    whole = {one.item_id: item for item, sizes in sizes_of(session).items() for one in sizes}
    for lot in lot_rows(session, by, day=day):
        lots[lot.item_id].append(lot)
        if lot.item_id in whole:
            lots[whole[lot.item_id]].append(lot)
    query = select(Item).where(or_(Item.is_active, Item.id.in_(list(lots)))).order_by(Item.code)
    return tuple(_stock_row(item, lots[item.id], (enough or {}).get(item.id)) for item in session.scalars(query))


def _stock_row(item: Item, lots: Sequence[LotRow], enough: Enough | None) -> StockRow:
    given = [lot for lot in lots if lot.is_given]
    nearest = min((lot.expiry for lot in given if lot.expiry), default=None)
    left = min((lot.days_left for lot in given if lot.days_left is not None), default=None)
    total, can = sum(lot.quantity for lot in lots), sum(lot.quantity for lot in given)
    expired = sum(lot.quantity for lot in lots if lot.days_left is not None and lot.days_left < 0)
    mode = ItemMode(item.mode)
    return StockRow(
        item_id=item.id,
        code=item.code,
        names=item.names,
        unit=Unit(item.unit).text,
        mode=mode,
        expires=item.expires,
        is_kit=item.is_kit,
        on_shelf=total,
        set_aside=total - can,
        expired=expired,
        can_be_given=can,
        nearest_expiry=nearest,
        days_left=left,
        enough=enough,
        state=_state(mode, can, left, enough),
        variant_of=item.variant_of_id,
    )


def _state(mode: ItemMode, can: int, left: int | None, enough: Enough | None) -> str:
    if mode is ItemMode.FREE_TABLE:
        return "free_table"
    if not can:
        return "none"
    if left is not None and left <= SOON_DAYS:
        return "soon"
    return "few" if enough and enough.families < FEW_FAMILIES else "ok"


def lot_rows(
    session: Session, by: Actor, item_id: UUID | None = None, *, day: date | None = None
) -> tuple[LotRow, ...]:
    """What lies at the places of the centre, by lot, in the order it is given out: first expiring first; of one item with its sizes."""
    by.require(Permission.STOCK_SEE)
    day = day or days.current_day(session, by)
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


# ── movements ────────────────────────────────────────────────────────────────────────────────────


def item_day(session: Session, by: Actor, item_id: UUID, *, day: date | None = None) -> ItemDay:
    """What moved of an item and its sizes today, newest last, with the running balance; and whether it balances."""
    by.require(Permission.STOCK_SEE)
    day = day or days.current_day(session, by)
    ours, items = _ours(session, by), item_with_sizes(item_id)
    moved = Movement.item_id.in_(items)
    opening = _sum(session, ours, moved, Movement.day < day)
    rows = _movements(session, ours, opening, moved, Movement.day == day)
    held = select(func.coalesce(func.sum(Balance.quantity), 0))
    balance = session.scalar(held.where(Balance.item_id.in_(items), Balance.place_id.in_(ours)))
    return ItemDay(opening, rows, _closing(opening, rows), balance == _sum(session, ours, moved))


def stock_card(
    session: Session, by: Actor, item_id: UUID, *, lot_id: UUID | None = None, since: date | None = None,
    until: date | None = None,
) -> StockCard:  # fmt: skip
    """Every movement of an item, or of one lot, between two days, with the balance after each."""
    by.require(Permission.STOCK_SEE)
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound("no-item", Text("There is no such item."))
    lot = session.get(Lot, lot_id) if lot_id else None
    ours = _ours(session, by)
    which = [Movement.item_id.in_(item_with_sizes(item_id)), *([Movement.lot_id == lot_id] if lot_id else [])]
    opening = _sum(session, ours, *which, Movement.day < since) if since else 0
    span = [*which, *([Movement.day >= since] if since else []), *([Movement.day <= until] if until else [])]
    rows = _movements(session, ours, opening, *span)
    code, expiry, donor = (lot.code, lot.expires_on, lot.donor) if lot else ("", None, "")
    closing = _closing(opening, rows)
    return StockCard(item.names, item.code, Unit(item.unit).text, code, expiry, donor, opening, rows, closing)


def _ours(session: Session, by: Actor) -> tuple[UUID, ...]:
    return place_ids(session, by.site, *STANDING)


def _closing(opening: int, rows: Sequence[MovementRow]) -> int:
    return rows[-1].after if rows else opening


def _signed(ours: Sequence[UUID]) -> Any:
    """A movement as the centre sees it: in counts up, out down, inside not at all."""
    into = case((Movement.to_id.in_(ours), Movement.quantity), else_=0)
    out = case((Movement.from_id.in_(ours), Movement.quantity), else_=0)
    return into - out


def _sum(session: Session, ours: Sequence[UUID], *which: Any) -> int:
    touching = or_(Movement.to_id.in_(ours), Movement.from_id.in_(ours))
    return int(session.scalar(select(func.coalesce(func.sum(_signed(ours)), 0)).where(touching, *which)) or 0)


def _movements(session: Session, ours: Sequence[UUID], opening: int, *which: Any) -> tuple[MovementRow, ...]:
    rows, after = [], opening
    for movement, signed, facts in _told(session, ours, which):
        after += signed
        rows.append(
            MovementRow(
                movement.id,
                movement.at,
                movement.day,
                MovementKind(movement.kind),
                _words(movement, facts),
                facts.document,
                facts.lot,
                signed,
                after,
                movement.document_id,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a movement's sentence is made of."""

    lot: str
    document: str
    paper: str
    spot: bool
    target: PlaceKind
    ticket: str


def _told(session: Session, ours: Sequence[UUID], which: Iterable[Any]) -> Iterable[tuple[Movement, int, _Facts]]:
    target = aliased(StockPlace)
    query: Select[Any] = (
        select(
            Movement, _signed(ours), Lot.code, Document.code, Document.paper_number, Document.facts, target.kind,
            Ticket.lane, Ticket.number,
        )
        .join(Lot, Lot.id == Movement.lot_id)
        .join(target, target.id == Movement.to_id)
        .outerjoin(Document, Document.id == Movement.document_id)
        .outerjoin(HandOverLine, HandOverLine.id == Movement.hand_over_line_id)
        .outerjoin(HandOver, HandOver.id == HandOverLine.hand_over_id)
        .outerjoin(Ticket, Ticket.id == HandOver.ticket_id)
        .where(or_(Movement.to_id.in_(ours), Movement.from_id.in_(ours)), *which)
        .order_by(Movement.at, Movement.id)
    )  # fmt: skip
    for movement, signed, lot, document, paper, facts, kind, lane, number in session.execute(query):
        ticket = f"{lane} {number:02}" if lane else ""
        spot = bool((facts or {}).get("spot"))
        yield movement, int(signed), _Facts(lot, document or "", paper or "", spot, PlaceKind(kind), ticket)


def _words(movement: Movement, facts: _Facts) -> Text:
    kind = MovementKind(movement.kind)
    if movement.reverses_id and kind is not MovementKind.RETURN:
        return Text("taken back: {what}", what=kind.text)
    if kind is MovementKind.ISSUE and facts.ticket:
        return Text("hand-over {ticket}", ticket=facts.ticket)
    if kind is MovementKind.RETURN and facts.ticket:
        return Text("returned {ticket}", ticket=facts.ticket)
    if kind is MovementKind.COUNT and facts.spot:
        return Text("it is on the shelf")
    if kind is MovementKind.RECEIVE:
        return Text("receipt {number}", number=facts.paper or facts.document)
    return Text("set aside to check") if facts.target is PlaceKind.QUARANTINE else kind.text


# ── papers ───────────────────────────────────────────────────────────────────────────────────────


def document_rows(session: Session, by: Actor, *, day: date | None = None, limit: int = 200) -> tuple[DocumentRow, ...]:
    """The papers of the store, newest first; of one day when it is given."""
    by.require(Permission.STOCK_SEE)
    query = select(Document).where(Document.site_id == by.site, *([Document.day == day] if day else []))
    rows = session.scalars(query.order_by(Document.at.desc(), Document.id.desc()).limit(limit)).all()
    return _document_rows(session, rows)


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
    return tuple(_document_row(row, *moved.get(row.id, (0, 0))) for row in rows)


def _document_row(row: Document, units: int, taken_back: int) -> DocumentRow:
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
        is_reversed=taken_back > 0,
    )


def document_view(session: Session, by: Actor, document_id: UUID) -> DocumentView:
    """A paper with its lines; those of a receipt say what the waybill promised."""
    by.require(Permission.STOCK_SEE)
    row = session.get(Document, document_id)
    if row is None or row.site_id != by.site:
        raise NotFound("no-document", Text("This paper is not of this centre."))
    query = (
        select(Movement, Item, Lot)
        .join(Item, Item.id == Movement.item_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Movement.document_id == document_id)
        .order_by(Movement.id)
    )
    moved = [(movement, item, lot) for movement, item, lot in session.execute(query)]
    promised = row.facts.get("lines")
    lines = _receipt_lines(session, promised, moved) if promised else tuple(_line(*one) for one in moved)
    return DocumentView(_document_rows(session, [row])[0], row.facts, lines)


def _line(movement: Movement, item: Item, lot: Lot) -> DocumentLine:
    return DocumentLine(item.names, Unit(item.unit).text, lot.code, lot.expires_on, movement.quantity)


def _receipt_lines(
    session: Session, promised: Sequence[Mapping[str, Any]], moved: Sequence[tuple[Movement, Item, Lot]]
) -> tuple[DocumentLine, ...]:
    """The lines as they were typed; lines of which nothing came have no movement."""
    left = list(moved)
    found = []
    for fact in promised:
        item = session.get_one(Item, UUID(hex=fact["item"]))
        one = next((row for row in left if row[0].item_id == item.id and row[0].quantity == fact["received"]), None)
        lot, expiry = ("", None) if one is None else (one[2].code, one[2].expires_on)
        if one is not None:
            left.remove(one)
        found.append(
            DocumentLine(
                item.names,
                Unit(item.unit).text,
                lot,
                expiry,
                fact["received"],
                fact["on_waybill"],
                fact["damaged"],
                fact["short"],
            )
        )
    return tuple(found)


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
