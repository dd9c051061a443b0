"""Goods that come in: a lorry signed for by its boxes, counted at once or later, from a supplier or from another centre.

Signing makes no stock; counting does. Whatever a delivery goes on with (the paper it was signed for on, the waybill of a centre of
this database) is counted once. The book itself is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import DocumentKind, LossCause, MovementKind, PlaceKind, WaybillCode
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import Problem, Refused, Text
from aidtrack.services.stock import arrivals
from aidtrack.services.stock.ledger import Step, book, place_of, shelf_of
from aidtrack.services.stock.papers import is_open, new_document, new_lot, own_document, raise_if, sent_by
from aidtrack.store import journal
from aidtrack.store.stock import Document, Item, Lot

Draft = TypeVar("Draft", stock.ReceiveDraft, stock.SignedDraft)

# ── signed for ───────────────────────────────────────────────────────────────────────────────────


def sign_for(session: Session, by: Actor, *, request_id: UUID, draft: stock.SignedDraft) -> UUID:
    """Boxes are signed for, contents not checked; the driver leaves with a copy. Nothing of it is stock yet.

    Returns the document's id; `receive` goes on with it.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "sign_for", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = _cleaned(draft)
        raise_if(stock.signed_problems(draft))
        facts = {"lines": [_promised(line) for line in draft.lines], "boxes": draft.boxes, "donor": draft.donor}
        document = new_document(
            session, by, DocumentKind.SIGNED, other_party=draft.supplier, paper_number=draft.waybill, note=draft.note,
            facts=facts,
        )  # fmt: skip
        return document.id


def _promised(line: stock.ReceiveLine) -> dict[str, Any]:
    assert line.item_id is not None
    expiry = line.expiry.isoformat() if line.expiry else ""
    return {"item": line.item_id.hex, "on_waybill": line.promised, "expiry": expiry, "lot": line.lot}


# ── expected ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line of a delivery as its waybill says it. `item_id` is None where no item here has its code."""

    item_id: UUID | None
    quantity: int
    expiry: date | None = None
    lot: str = ""
    lot_id: UUID | None = None
    item_code: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A delivery that is to be counted: signed for, or sent by another centre. `document_id`: what its receipt goes on with."""

    document_id: UUID | None
    kind: DocumentKind
    code: str
    supplier: str
    waybill: str
    donor: str
    lines: tuple[ExpectedLine, ...]
    boxes: int | None = None
    at: datetime | None = None
    is_ours: bool = False


def on_the_way(session: Session, by: Actor) -> tuple[Expected, ...]:
    """Our waybills to centres that keep their book elsewhere, whose signed copy is not back: `supplier` is who receives."""
    by.require(Permission.STOCK_SEE)
    query = select(Document).where(
        Document.site_id == by.site,
        Document.kind == DocumentKind.WAYBILL.value,
        Document.facts["to"].as_string() == stock.Destination.CENTRE.value,
        Document.facts["to_site"].as_string().is_(None),
    )
    rows = session.scalars(query.where(is_open(Document)).order_by(Document.at, Document.number))
    return tuple(replace(_expected(session, row), supplier=row.other_party, is_ours=True) for row in rows)


def expected_deliveries(session: Session, by: Actor) -> tuple[Expected, ...]:
    """What was signed for here and what other centres of this database sent here, not counted yet; the oldest first."""
    by.require(Permission.STOCK_SEE)
    to_us = Document.facts["to_site"].as_string() == by.site.hex
    sent = select(Document).where(Document.kind == DocumentKind.WAYBILL.value, to_us)
    rows = [row for query in (_signed_here(by), sent) for row in session.scalars(query.where(is_open(Document)))]
    return tuple(_expected(session, row) for row in sorted(rows, key=lambda row: (row.at, row.code)))


def _signed_here(by: Actor) -> Select[Document]:
    return select(Document).where(
        Document.site_id == by.site, Document.kind == DocumentKind.SIGNED.value, Document.follows_id.is_(None)
    )


def expected(session: Session, by: Actor, scanned: str) -> Expected | None:
    """The delivery behind a scanned code: of a paper of this database, or all that a waybill printed elsewhere says.

    None where the code is of nothing that comes in. Refused `received` when it was counted already.
    """
    by.require(Permission.STOCK_SEE)
    waybill = stock.read_waybill(scanned)
    if waybill is not None and not _is_of_this_database(session, by, waybill):
        _refuse_second(session, by, waybill.number)
        return _going_on(session, by, _from_code(session, waybill))
    document_id = waybill.document_id if waybill else stock.id_behind(stock.DOCUMENT_MARK, scanned)
    row = session.get(Document, document_id) if document_id else None
    if row is None or not _comes_here(row, by):
        return None
    _refuse_followed(session, row)
    return _expected(session, row)


def _is_of_this_database(session: Session, by: Actor, waybill: WaybillCode) -> bool:
    return session.get(Document, waybill.document_id) is not None


def _comes_here(row: Document, by: Actor) -> bool:
    if row.kind == DocumentKind.SIGNED.value:
        return row.site_id == by.site and row.follows_id is None
    return row.kind == DocumentKind.WAYBILL.value and row.facts.get("to_site") == by.site.hex


def _expected(session: Session, row: Document) -> Expected:
    is_signed = row.kind == DocumentKind.SIGNED.value
    lines = _typed_lines(row.facts["lines"]) if is_signed else _sent_lines(session, row)
    return Expected(
        document_id=row.id,
        kind=DocumentKind(row.kind),
        code=row.code,
        supplier=row.other_party if is_signed else row.facts.get("from", ""),
        waybill=row.paper_number if is_signed else row.code,
        donor=row.facts.get("donor", ""),
        lines=lines,
        boxes=row.facts.get("boxes"),
        at=row.at,
    )


def _typed_lines(facts: Iterable[Mapping[str, Any]]) -> tuple[ExpectedLine, ...]:
    return tuple(
        ExpectedLine(
            UUID(hex=one["item"]), one["on_waybill"], date.fromisoformat(one["expiry"]) if one["expiry"] else None,
            one["lot"],
        )
        for one in facts
    )  # fmt: skip


def _sent_lines(session: Session, row: Document) -> tuple[ExpectedLine, ...]:
    sent = sent_by(session, row.id)
    lots = {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(sent)))}
    return tuple(
        ExpectedLine(lots[lot].item_id, number, lots[lot].expires_on, lots[lot].code, lot) for lot, number in sent.items()
    )


def _from_code(session: Session, waybill: WaybillCode) -> Expected:
    codes = {line.item_code for line in waybill.lines}
    known = dict(session.execute(select(Item.code, Item.id).where(Item.code.in_(codes))).all())
    donors = {line.donor for line in waybill.lines}
    lines = tuple(
        ExpectedLine(known.get(one.item_code), one.quantity, one.expiry, one.lot, item_code=one.item_code)
        for one in waybill.lines
    )
    donor = donors.pop() if len(donors) == 1 else ""
    return Expected(None, DocumentKind.WAYBILL, waybill.number, waybill.sender, waybill.number, donor, lines)


def _going_on(session: Session, by: Actor, printed: Expected) -> Expected:
    """What was signed for on this waybill is what is counted: received beside it, its goods would wait to be counted once more."""
    query = _signed_here(by).where(Document.paper_number == printed.waybill)
    signed = session.scalars(query.where(is_open(Document)).order_by(Document.at).limit(1)).first()
    if signed is None:
        return printed
    found = _expected(session, signed)
    return found if found.lines else replace(found, lines=printed.lines)


def _refuse_second(session: Session, by: Actor, number: str) -> None:
    """A waybill is received once: its printed code may be scanned twice."""
    query = select(Document).where(
        Document.site_id == by.site, Document.kind == DocumentKind.RECEIPT.value, Document.paper_number == number
    )
    earlier = session.scalars(query.where(is_open(Document)).limit(1)).first()
    if earlier is not None:
        raise _received(earlier)


def _refuse_followed(session: Session, row: Document) -> None:
    """What is counted is not counted again; what was taken back is not counted at all."""
    if session.scalar(select(Document.id).where(Document.id == row.id, is_open(Document))) is None:
        follower = session.scalars(
            select(Document).where(Document.follows_id == row.id).order_by(Document.at.desc()).limit(1)
        ).one()
        raise _received(follower)


def _received(earlier: Document) -> Refused:
    return Refused("received", Text("This was received already: {paper}.", paper=earlier.code))


# ── counted ──────────────────────────────────────────────────────────────────────────────────────


def receive(session: Session, by: Actor, *, request_id: UUID, draft: stock.ReceiveDraft) -> UUID:
    """A delivery as counted: good units go on the shelf, what was damaged or short stands on the receipt. Returns the
    document's id.

    With `follows_id` it ends what was signed for, or the waybill of another centre: of that every unit arrives or is lost. With
    `announcement_id` it is an announced delivery: what was promised of it is put aside. Who waits hears that it came.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "receive", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = _cleaned(draft)
        raise_if(stock.receive_problems(draft, _expiring(session, draft.lines)))
        followed = _followed(session, by, draft.follows_id)
        sent = _on_the_way(session, followed)
        document = _receipt(session, by, draft, sent)
        lots = [_lot_for(session, document, line, draft.donor, n) for n, line in enumerate(draft.lines, 1)]
        came = [(line, lot) for line, lot in zip(draft.lines, lots, strict=True) if line.quantity]
        shelf = draft.shelf_id or shelf_of(session, by)
        steps = _arrivals(session, by, came, shelf, document) if followed is None or not sent else ()
        steps = steps or _from_transit(session, by, came, (sent, shelf), (followed, document))
        book(session, by, steps)
        items = [line.item_id for line, _ in came if line.item_id]
        arrivals.came(
            session, by, document_id=document.id, shelf_id=shelf, items=items, announcement_id=draft.announcement_id
        )
        return document.id


def _cleaned(draft: Draft) -> Draft:
    lines = tuple(replace(line, lot=clean(line.lot)) for line in draft.lines)
    return replace(
        draft,
        supplier=clean(draft.supplier),
        waybill=clean(draft.waybill),
        donor=clean(draft.donor),
        note=clean_note(draft.note),
        lines=lines,
    )


def _expiring(session: Session, lines: Iterable[stock.ReceiveLine]) -> frozenset[UUID]:
    ids = {line.item_id for line in lines if line.item_id and line.lot_id is None}
    return frozenset(session.scalars(select(Item.id).where(Item.id.in_(ids), Item.expires)))


def _followed(session: Session, by: Actor, follows_id: UUID | None) -> Document | None:
    """The paper this delivery goes on with, locked: of two who count it at once the second is told."""
    if follows_id is None:
        return None
    row = own_document(session, by, follows_id, lock=True, ours=_comes_here)
    _refuse_followed(session, row)
    return row


def _on_the_way(session: Session, followed: Document | None) -> Mapping[UUID, int]:
    """What the waybill of another centre sent, by batch; nothing for a delivery from outside."""
    if followed is None or followed.kind != DocumentKind.WAYBILL.value:
        return {}
    return sent_by(session, followed.id)


def _receipt(session: Session, by: Actor, draft: stock.ReceiveDraft, sent: Mapping[UUID, int]) -> Document:
    lines = [_counted(line) for line in draft.lines]
    named = {line.lot_id for line in draft.lines}
    is_short = any(line.short > 0 for line in draft.lines) or bool(set(sent) - named)
    return new_document(
        session,
        by,
        DocumentKind.RECEIPT,
        other_party=draft.supplier,
        paper_number=draft.waybill,
        cause=LossCause.SHORT_DELIVERY.value if is_short and sent else "",
        note=draft.note,
        facts={"lines": lines, "donor": draft.donor},
        follows_id=draft.follows_id,
    )


def _counted(line: stock.ReceiveLine) -> dict[str, Any]:
    return {
        "item": line.item_id.hex if line.item_id else "",
        "on_waybill": line.promised,
        "received": line.quantity or 0,
        "damaged": line.damaged,
        "short": line.short,
    }


def _lot_for(session: Session, document: Document, line: stock.ReceiveLine, donor: str, n: int) -> UUID:
    """The lot named on the boxes when we know it already, else a new one; without a name it is the receipt's number."""
    assert line.item_id is not None
    if line.lot_id is not None:
        return _known_batch(session, line.item_id, line.lot_id, n)
    code = line.lot or f"{document.year % 100:02}-{document.number}" + (f"-{n}" if n > 1 else "")
    query = select(Lot.id).where(Lot.item_id == line.item_id, Lot.code == code, Lot.donor == donor)
    known = session.scalar(query.where(Lot.expires_on.is_not_distinct_from(line.expiry)).limit(1)) if line.lot else None
    return known or new_lot(session, line.item_id, code, line.expiry, document.day, donor)


def _known_batch(session: Session, item_id: UUID, lot_id: UUID, n: int) -> UUID:
    lot = session.get(Lot, lot_id)
    if lot is None or lot.item_id != item_id:
        raise_if([Problem(f"lines.{n - 1}.lot", Text("This batch is of another item."))])
    return lot_id


_Came = Sequence[tuple[stock.ReceiveLine, UUID]]


def _arrivals(session: Session, by: Actor, came: _Came, shelf: UUID, document: Document) -> Sequence[Step]:
    """From outside: good units go on the shelf."""
    supplier = place_of(session, by.site, PlaceKind.SUPPLIER)
    return [
        Step(MovementKind.RECEIVE, line.item_id, lot, supplier, shelf, line.quantity, document.id)
        for line, lot in came
        if line.item_id and line.quantity
    ]


def _from_transit(
    session: Session,
    by: Actor,
    came: _Came,
    goods: tuple[Mapping[UUID, int], UUID],
    papers: tuple[Document | None, Document],
) -> Sequence[Step]:
    """From another centre of this database: each unit it sent arrives or is lost; what came beyond it is from outside."""
    (sent, shelf), (waybill, document) = goods, papers
    if waybill is None:
        return ()
    counted: dict[UUID, int] = {}
    for line, lot in came:
        counted[lot] = counted.get(lot, 0) + (line.quantity or 0)
    settled, item_of = stock.settle(sent, counted), items_of_lots(session, {*sent, *counted})
    transit, loss = place_of(session, waybill.site_id, PlaceKind.TRANSIT), place_of(session, by.site, PlaceKind.LOSS)
    supplier = place_of(session, by.site, PlaceKind.SUPPLIER)
    ways = (
        (MovementKind.RECEIVE, transit, shelf, settled.arrived),
        (MovementKind.WRITE_OFF, transit, loss, settled.lost),
        (MovementKind.RECEIVE, supplier, shelf, settled.surplus),
    )
    return [
        Step(kind, item_of[lot], lot, origin, target, number, document.id)
        for kind, origin, target, some in ways
        for lot, number in sorted(some.items())
    ]


def items_of_lots(session: Session, lots: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Of which item each lot is."""
    return dict(session.execute(select(Lot.id, Lot.item_id).where(Lot.id.in_(list(lots)))).all())


# ── what another centre says of our waybill ──────────────────────────────────────────────────────


def arrive(
    session: Session, by: Actor, *, request_id: UUID, waybill_id: UUID, lines: tuple[stock.ArrivalLine, ...],
    note: str = "",
) -> UUID:  # fmt: skip
    """The signed copy of our waybill is back: what came is the other centre's now, the rest is lost on the way.

    For a centre that keeps its book elsewhere; one of this database receives for itself. Returns the document's id.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "arrive", waybill_id=waybill_id, lines=lines, note=note) as op:
        if op.is_repeat:
            return op.only("document")
        waybill = own_document(session, by, waybill_id, lock=True, ours=_goes_elsewhere)
        _refuse_followed(session, waybill)
        sent = sent_by(session, waybill.id)
        raise_if(stock.arrival_problems(lines, sent))
        settled = stock.settle(sent, {line.lot_id: line.came or 0 for line in lines})
        document = new_document(
            session, by, DocumentKind.ARRIVAL, other_party=waybill.other_party, paper_number=waybill.code,
            cause=LossCause.SHORT_DELIVERY.value if settled.lost else "", note=clean_note(note), follows_id=waybill.id,
        )  # fmt: skip
        book(session, by, _ended(session, by, settled, document))
        return document.id


def _goes_elsewhere(row: Document, by: Actor) -> bool:
    is_transfer = row.kind == DocumentKind.WAYBILL.value and row.facts.get("to") == stock.Destination.CENTRE.value
    return is_transfer and row.site_id == by.site and "to_site" not in row.facts


def _ended(session: Session, by: Actor, settled: stock.Settled, document: Document) -> Sequence[Step]:
    transit = place_of(session, by.site, PlaceKind.TRANSIT)
    partner, loss = (place_of(session, by.site, kind) for kind in (PlaceKind.PARTNER, PlaceKind.LOSS))
    item_of = items_of_lots(session, {*settled.arrived, *settled.lost})
    ways = (
        (MovementKind.TRANSFER, partner, settled.arrived),
        (MovementKind.WRITE_OFF, loss, settled.lost),
    )
    return [
        Step(kind, item_of[lot], lot, transit, target, number, document.id)
        for kind, target, some in ways
        for lot, number in sorted(some.items())
    ]
