"""The papers of the store: receive, transfer, write off, move, count, kit assembly, and the counter-entry of each.

Each use case writes one numbered document and its movements together. The book itself is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import DocumentKind, GoodsLine, KitPart, MovementKind, PlaceKind
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import days
from aidtrack.services.stock.ledger import Step, book, pick_from_shelf, place_of, shelf_of, way_back
from aidtrack.store import journal
from aidtrack.store.days import Site, draw
from aidtrack.store.stock import Document, Item, KitRecipe, Lot, Movement


def new_document(session: Session, by: Actor, kind: DocumentKind, **values: Any) -> Document:
    """The next paper of its series: SITE-KIND-YEAR-n, drawn in this transaction so that no number is missing."""
    day = days.current_day(session, by)
    number = draw(session, by.site, f"document:{kind.value}:{day.year}")
    site = session.get_one(Site, by.site)
    code = stock.document_number(site.code, kind, day.year, number)
    row = Document(
        id=new_id(), site_id=by.site, kind=kind.value, year=day.year, number=number, code=code, day=day, at=by.now(),
        **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _raise_if(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput(problems)


# ── receive ──────────────────────────────────────────────────────────────────────────────────────


def receive(session: Session, by: Actor, *, request_id: UUID, draft: stock.ReceiveDraft) -> UUID:
    """A delivery: good units go on the shelf, what was damaged or short stands on the receipt. Returns the
    document's id.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "receive", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = _cleaned(draft)
        _raise_if(stock.receive_problems(draft, _expiring(session, draft.lines)))
        document = _receipt(session, by, draft)
        shelf, supplier = draft.shelf_id or shelf_of(session, by), place_of(session, by.site, PlaceKind.SUPPLIER)
        lots = [_lot_for(session, document, line, draft.donor, n) for n, line in enumerate(draft.lines, 1)]
        came = [(line, lot) for line, lot in zip(draft.lines, lots, strict=True) if line.quantity]
        book(session, by, [_arrival(line, lot, supplier, shelf, document.id) for line, lot in came])
        return document.id


def _cleaned(draft: stock.ReceiveDraft) -> stock.ReceiveDraft:
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
    ids = {line.item_id for line in lines if line.item_id}
    return frozenset(session.scalars(select(Item.id).where(Item.id.in_(ids), Item.expires)))


def _receipt(session: Session, by: Actor, draft: stock.ReceiveDraft) -> Document:
    lines = [
        {
            "item": line.item_id.hex if line.item_id else "",
            "on_waybill": line.promised,
            "received": line.quantity or 0,
            "damaged": line.damaged,
            "short": line.short,
        }
        for line in draft.lines
    ]
    return new_document(
        session,
        by,
        DocumentKind.RECEIPT,
        other_party=draft.supplier,
        paper_number=draft.waybill,
        note=draft.note,
        facts={"lines": lines, "donor": draft.donor},
    )


def _lot_for(session: Session, document: Document, line: stock.ReceiveLine, donor: str, n: int) -> UUID:
    """The lot named on the boxes when we know it already, else a new one; without a name it is the receipt's number."""
    assert line.item_id is not None
    code = line.lot or f"{document.year % 100:02}-{document.number}" + (f"-{n}" if n > 1 else "")
    query = select(Lot.id).where(Lot.item_id == line.item_id, Lot.code == code, Lot.donor == donor)
    known = session.scalar(query.where(Lot.expires_on.is_not_distinct_from(line.expiry)).limit(1)) if line.lot else None
    return known or new_lot(session, line.item_id, code, line.expiry, document.day, donor)


def new_lot(session: Session, item_id: UUID, code: str, expiry: date | None, day: date, donor: str = "") -> UUID:
    """A new batch of an item; only inside an operation."""
    lot = Lot(id=new_id(), item_id=item_id, code=code, expires_on=expiry, donor=donor, received_day=day)
    session.add(lot)
    session.flush()
    return lot.id


def _arrival(line: stock.ReceiveLine, lot: UUID, supplier: UUID, shelf: UUID, document: UUID) -> Step:
    assert line.item_id is not None
    assert line.quantity is not None
    return Step(MovementKind.RECEIVE, line.item_id, lot, supplier, shelf, line.quantity, document)


# ── goods that leave the shelf ───────────────────────────────────────────────────────────────────


def transfer(session: Session, by: Actor, *, request_id: UUID, draft: stock.TransferDraft) -> UUID:
    """Goods leave us on a waybill, to another centre, an organisation or the free table. Returns the document's id."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "transfer", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = replace(draft, to_name=clean(draft.to_name), note=clean_note(draft.note))
        _raise_if(stock.transfer_problems(draft))
        facts = {"to": draft.to.value} | ({"people": draft.people} if draft.people else {})
        document = new_document(
            session, by, DocumentKind.WAYBILL, other_party=draft.to_name, note=draft.note, facts=facts
        )
        partner = place_of(session, by.site, PlaceKind.PARTNER)
        _take(session, by, MovementKind.TRANSFER, draft.lines, (draft.shelf_id, partner), document)
        return document.id


def write_off(session: Session, by: Actor, *, request_id: UUID, draft: stock.WriteOffDraft) -> UUID:
    """Goods are lost, with a cause of domain.md §1.5. Returns the document's id."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "write_off", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = replace(draft, note=clean_note(draft.note))
        _raise_if(stock.write_off_problems(draft))
        assert draft.cause is not None
        document = new_document(session, by, DocumentKind.WRITE_OFF, cause=draft.cause.value, note=draft.note)
        loss = place_of(session, by.site, PlaceKind.LOSS)
        _take(session, by, MovementKind.WRITE_OFF, draft.lines, (draft.place_id, loss), document)
        return document.id


def move_goods(session: Session, by: Actor, *, request_id: UUID, draft: stock.MoveDraft) -> UUID:
    """Goods change their place inside the centre, for example set aside to check. Returns the document's id."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "move_goods", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        _raise_if(stock.goods_problems(draft.lines))
        document = new_document(session, by, DocumentKind.MOVE, note=clean_note(draft.note))
        _take(session, by, MovementKind.MOVE, draft.lines, (draft.from_id, draft.to_id), document)
        return document.id


def set_aside(session: Session, by: Actor, *, request_id: UUID, lines: tuple[GoodsLine, ...], note: str = "") -> UUID:
    """Goods of the shelf are put apart to be checked: nobody is given them until they are moved back."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "set_aside", lines=lines, note=note) as op:
        if op.is_repeat:
            return op.only("document")
        aside = place_of(session, by.site, PlaceKind.QUARANTINE)
        draft = stock.MoveDraft(shelf_of(session, by), aside, lines, note)
        return move_goods(session, by, request_id=request_id, draft=draft)


def _take(
    session: Session,
    by: Actor,
    kind: MovementKind,
    lines: Sequence[GoodsLine],
    way: tuple[UUID | None, UUID],
    document: Document,
) -> None:
    """Books lines of goods out of a place: of the lot named, else first expiring first."""
    origin, target = way[0] or shelf_of(session, by), way[1]
    steps = []
    for line in sorted(lines, key=lambda one: (one.item_id, one.lot_id or UUID(int=0))):
        for lot, quantity in _lots_of(session, line, origin, document.day):
            steps.append(Step(kind, line.item_id, lot, origin, target, quantity, document.id))
    book(session, by, steps)


def _lots_of(session: Session, line: GoodsLine, origin: UUID, day: date) -> list[tuple[UUID, int]]:
    quantity = line.quantity or 0
    if line.lot_id is not None:
        return [(line.lot_id, quantity)]
    picks = pick_from_shelf(session, shelf_id=origin, item_id=line.item_id, quantity=quantity, day=day)
    return [(p.lot_id, p.quantity) for p in picks]


# ── kits ─────────────────────────────────────────────────────────────────────────────────────────


def assemble_kits(session: Session, by: Actor, *, request_id: UUID, kit_id: UUID, kits: int) -> UUID:
    """Parts leave the shelf and kits come back to it, by the newest recipe; the kit lasts as long as its shortest
    part.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "assemble_kits", kit_id=kit_id, kits=kits) as op:
        if op.is_repeat:
            return op.only("document")
        _raise_if(stock.quantity_problems("kits", kits))
        edition, recipe = newest_recipe(session, kit_id)
        if not recipe:
            raise Refused("no-recipe", Text("Say first what one kit is made of."))
        document = new_document(session, by, DocumentKind.ASSEMBLY, facts={"kit": kit_id.hex, "kits": kits})
        shelf, bench = shelf_of(session, by), place_of(session, by.site, PlaceKind.ASSEMBLY)
        plain = Step(MovementKind.ASSEMBLE, kit_id, kit_id, shelf, bench, 1, document.id, recipe_edition=edition)
        parts = _part_steps(session, stock.parts_for(recipe, kits), plain, document.day)
        lot = new_lot(session, kit_id, document.code, _shortest(session, parts), document.day)
        made = replace(plain, lot_id=lot, origin=bench, target=shelf, quantity=kits)
        book(session, by, [*parts, made])
        return document.id


def newest_recipe(session: Session, kit_id: UUID) -> tuple[int, tuple[KitPart, ...]]:
    """The edition in force and the parts of one kit; edition 0 when there is none."""
    rows = session.scalars(
        select(KitRecipe).where(KitRecipe.kit_id == kit_id).order_by(KitRecipe.edition.desc(), KitRecipe.part_id)
    ).all()
    edition = rows[0].edition if rows else 0
    return edition, tuple(KitPart(row.part_id, row.quantity) for row in rows if row.edition == edition)


def _part_steps(session: Session, parts: Sequence[KitPart], plain: Step, day: date) -> list[Step]:
    steps = []
    for part in sorted(parts, key=lambda one: one.item_id):
        picks = pick_from_shelf(session, shelf_id=plain.origin, item_id=part.item_id, quantity=part.quantity, day=day)
        steps += [replace(plain, item_id=part.item_id, lot_id=p.lot_id, quantity=p.quantity) for p in picks]
    return steps


def _shortest(session: Session, parts: Sequence[Step]) -> date | None:
    query = select(Lot.expires_on).where(Lot.id.in_({step.lot_id for step in parts}), Lot.expires_on.is_not(None))
    return min((expiry for expiry in session.scalars(query) if expiry), default=None)


# ── counter-entry ────────────────────────────────────────────────────────────────────────────────


def cancel_document(session: Session, by: Actor, *, request_id: UUID, document_id: UUID, reason: str) -> UUID:
    """Takes back everything a document moved, by a counter-entry with a number of its own; once. Returns its id.

    Refused `short` when the goods are not on the shelf any more: then a count says what is.
    """
    by.require(Permission.STOCK_MOVE)
    asked: Mapping[str, object] = {"document_id": document_id, "reason": reason}
    with journal.operation(session, by, request_id, "cancel_document", because=clean(reason), asked=asked) as op:
        if op.is_repeat:
            return op.only("document")
        first = session.get(Document, document_id)
        if first is None or first.site_id != by.site:
            raise NotFound("no-document", Text("This paper is not of this centre."))
        moved = _still_standing(session, document_id)
        kind = DocumentKind(first.kind)
        counter = new_document(session, by, kind, note=clean(reason), facts={"reverses": first.code})
        book(session, by, [way_back(row, counter.id) for row in moved])
        return counter.id


def _still_standing(session: Session, document_id: UUID) -> Sequence[Movement]:
    moved = session.scalars(select(Movement).where(Movement.document_id == document_id).order_by(Movement.id)).all()
    taken_back = session.scalar(select(Movement.id).where(Movement.reverses_id.in_([row.id for row in moved])).limit(1))
    if not moved or taken_back or any(row.reverses_id for row in moved):
        raise Refused("reversed", Text("This paper was taken back already."))
    return moved
