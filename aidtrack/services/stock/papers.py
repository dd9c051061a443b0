"""The papers of the store by which goods leave the shelf or change their place, and the counter-entry of every paper.

Each use case writes one numbered document and its movements together. What comes in is `receiving`, kits are `kits`; the book itself
is `ledger`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import Destination, DocumentKind, GoodsLine, MovementKind, PlaceKind
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import days
from aidtrack.services.stock import arrivals
from aidtrack.services.stock.approving import approval
from aidtrack.services.stock.ledger import Step, book, pick_from_shelf, place_of, shelf_of, way_back
from aidtrack.store import journal
from aidtrack.store.days import Site, draw
from aidtrack.store.stock import Document, Lot, Movement


def new_document(
    session: Session, by: Actor, kind: DocumentKind, *, day: date | None = None, **values: Any
) -> Document:
    """The next paper of its series: SITE-KIND-YEAR-n, drawn in this transaction so that no number is missing. Of the current day, or of
    the `day` it tells of."""
    day = day or days.current_day(session, by)
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


def raise_if(problems: Sequence[Problem]) -> None:
    """All problems at once, or none."""
    if problems:
        raise InvalidInput(problems)


def new_lot(session: Session, item_id: UUID, code: str, expiry: date | None, day: date, donor: str = "") -> UUID:
    """A new batch of an item; only inside an operation."""
    lot = Lot(id=new_id(), item_id=item_id, code=code, expires_on=expiry, donor=donor, received_day=day)
    session.add(lot)
    session.flush()
    return lot.id


# ── papers that go on with another ───────────────────────────────────────────────────────────────


def taken_back(document: Any) -> ColumnElement[bool]:
    """Whether a counter-entry of this document stands: it follows it under the same kind."""
    counter = aliased(Document)
    return exists().where(counter.follows_id == document.id, counter.kind == document.kind)


def is_open(document: Any) -> ColumnElement[bool]:
    """Whether nothing goes on with this document: it was neither taken back nor answered by another that stands."""
    answer = aliased(Document)
    answered = exists().where(answer.follows_id == document.id, answer.kind != document.kind, ~taken_back(answer))
    return ~taken_back(document) & ~answered


def own_document(
    session: Session,
    by: Actor,
    document_id: UUID,
    *,
    lock: bool = False,
    ours: Callable[[Document, Actor], bool] | None = None,
) -> Document:
    """The document, if it is of this centre or `ours` says it is meant for it. With `lock` it waits for whoever works on it."""
    row = session.get(Document, document_id, with_for_update=lock)
    is_ours = row is not None and (ours(row, by) if ours else row.site_id == by.site)
    if row is None or not is_ours:
        raise NotFound("no-document", Text("This paper is not of this centre."))
    return row


def sent_by(session: Session, waybill_id: UUID) -> dict[UUID, int]:
    """What a waybill sent on its way, by batch, in the order it was loaded."""
    query = select(Movement.lot_id, Movement.quantity).where(Movement.document_id == waybill_id).order_by(Movement.id)
    sent: dict[UUID, int] = {}
    for lot, number in session.execute(query):
        sent[lot] = sent.get(lot, 0) + number
    return sent


# ── goods that leave the shelf ───────────────────────────────────────────────────────────────────

_ENDS = {
    Destination.CENTRE: PlaceKind.TRANSIT,
    Destination.ORGANISATION: PlaceKind.PARTNER,
    Destination.DONOR: PlaceKind.SUPPLIER,
    Destination.FREE_TABLE: PlaceKind.PARTNER,
}
"""Where goods of a waybill are until another paper says more."""


def transfer(session: Session, by: Actor, *, request_id: UUID, draft: stock.TransferDraft) -> UUID:
    """Goods leave us on a waybill: to another centre (on the way until they arrive), an organisation, back to the donor, or to the
    free table. Returns the document's id.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "transfer", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        draft = replace(draft, to_name=clean(draft.to_name), note=clean_note(draft.note))
        draft = _to_site(session, by, draft)
        raise_if(stock.transfer_problems(draft) + _of_other_donors(session, draft))
        document = new_document(
            session, by, DocumentKind.WAYBILL, other_party=draft.to_name, note=draft.note, facts=_facts(session, by, draft)
        )
        target = place_of(session, by.site, _ENDS[draft.to])
        donor = draft.to_name if draft.to is Destination.DONOR else None
        take(session, by, MovementKind.TRANSFER, draft.lines, (draft.shelf_id, target), document, donor=donor)
        return document.id


def _facts(session: Session, by: Actor, draft: stock.TransferDraft) -> dict[str, Any]:
    facts: dict[str, Any] = {"to": draft.to.value, "from": session.get_one(Site, by.site).name}
    facts |= {"people": draft.people} if draft.people else {}
    return facts | ({"to_site": draft.to_site_id.hex} if draft.to_site_id else {})


def _to_site(session: Session, by: Actor, draft: stock.TransferDraft) -> stock.TransferDraft:
    """A centre of this database is called by its own name."""
    if draft.to_site_id is None:
        return draft
    site = session.get(Site, draft.to_site_id)
    if site is None or site.id == by.site or draft.to is not Destination.CENTRE:
        raise InvalidInput([Problem("to_name", Text("Choose another centre."))])
    return replace(draft, to_name=site.name)


def _of_other_donors(session: Session, draft: stock.TransferDraft) -> list[Problem]:
    """Goods go back to whoever gave them."""
    named = {line.lot_id for line in draft.lines if line.lot_id} if draft.to is Destination.DONOR else set()
    donors = dict(session.execute(select(Lot.id, Lot.donor).where(Lot.id.in_(named))).all())
    return [
        Problem(f"lines.{n}.lot", Text("This batch was given by {donor}.", donor=donors[line.lot_id]))
        for n, line in enumerate(draft.lines)
        if line.lot_id in donors and donors[line.lot_id] not in ("", draft.to_name)
    ]


def write_off(
    session: Session, by: Actor, *, request_id: UUID, draft: stock.WriteOffDraft, approver: Actor | None = None
) -> UUID:
    """Goods are lost, with a cause of domain.md §1.5. Returns the document's id.

    Above the organisation's limit a shift lead or coordinator approves at the same desk: Refused `needs-approval` without one.
    """
    by.require(Permission.STOCK_MOVE)
    asked: dict[str, Any] = {"approver": approver.user_id} if approver else {}
    with journal.operation(session, by, request_id, "write_off", draft=draft, **asked) as op:
        if op.is_repeat:
            return op.only("document")
        draft = replace(draft, note=clean_note(draft.note))
        raise_if(stock.write_off_problems(draft))
        assert draft.cause is not None
        units = sum(line.quantity or 0 for line in draft.lines)
        facts = approval(session, by, units, approver)
        document = new_document(
            session, by, DocumentKind.WRITE_OFF, cause=draft.cause.value, note=draft.note, facts=facts
        )
        loss = place_of(session, by.site, PlaceKind.LOSS)
        take(session, by, MovementKind.WRITE_OFF, draft.lines, (draft.place_id, loss), document)
        return document.id


def move_goods(session: Session, by: Actor, *, request_id: UUID, draft: stock.MoveDraft) -> UUID:
    """Goods change their place inside the centre, for example set aside to check. Returns the document's id."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "move_goods", draft=draft) as op:
        if op.is_repeat:
            return op.only("document")
        raise_if(stock.goods_problems(draft.lines))
        document = new_document(session, by, DocumentKind.MOVE, note=clean_note(draft.note))
        take(session, by, MovementKind.MOVE, draft.lines, (draft.from_id, draft.to_id), document)
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


def take(
    session: Session,
    by: Actor,
    kind: MovementKind,
    lines: Sequence[GoodsLine],
    way: tuple[UUID | None, UUID],
    document: Document,
    *,
    donor: str | None = None,
) -> None:
    """Books lines of goods out of a place: of the lot named, else first expiring first, with `donor` of that donor's lots only."""
    ordinary, target = way[0] or shelf_of(session, by), way[1]
    steps = []
    for line in sorted(lines, key=lambda one: (one.item_id, one.lot_id or UUID(int=0))):
        origin = line.place_id or ordinary
        for lot, quantity in _lots_of(session, line, origin, document.day, donor):
            steps.append(Step(kind, line.item_id, lot, origin, target, quantity, document.id))
    book(session, by, steps)


def _lots_of(
    session: Session, line: GoodsLine, origin: UUID, day: date, donor: str | None
) -> Sequence[tuple[UUID, int]]:
    quantity = line.quantity or 0
    if line.lot_id is not None:
        return [(line.lot_id, quantity)]
    picks = pick_from_shelf(session, shelf_id=origin, item_id=line.item_id, quantity=quantity, day=day, donor=donor)
    return [(p.lot_id, p.quantity) for p in picks]


# ── counter-entry ────────────────────────────────────────────────────────────────────────────────


def cancel_document(session: Session, by: Actor, *, request_id: UUID, document_id: UUID, reason: str) -> UUID:
    """Takes back everything a document moved, by a counter-entry with a number of its own; once. Returns its id.

    Refused `short` when the goods are not on the shelf any more: then a count says what is; Refused `followed` while another paper
    goes on with it.
    """
    by.require(Permission.STOCK_MOVE)
    asked: Mapping[str, object] = {"document_id": document_id, "reason": reason}
    with journal.operation(session, by, request_id, "cancel_document", because=clean(reason), asked=asked) as op:
        if op.is_repeat:
            return op.only("document")
        first = own_document(session, by, document_id, lock=True)
        moved = _still_standing(session, first)
        counter = new_document(
            session, by, DocumentKind(first.kind), note=clean(reason), facts={"reverses": first.code}, follows_id=first.id
        )
        book(session, by, [way_back(row, counter.id) for row in moved])
        arrivals.opened_again(session, by, document_id)
        return counter.id


def _still_standing(session: Session, first: Document) -> Sequence[Movement]:
    moved = session.scalars(select(Movement).where(Movement.document_id == first.id).order_by(Movement.id)).all()
    by_movement = select(Movement.id).where(Movement.reverses_id.in_([row.id for row in moved])).limit(1)
    is_back = session.scalar(select(Document.id).where(Document.id == first.id, taken_back(Document)))
    if "reverses" in first.facts or is_back or session.scalar(by_movement):
        raise Refused("reversed", Text("This paper was taken back already."))
    answer = session.scalars(
        select(Document).where(Document.follows_id == first.id, ~taken_back(Document)).limit(1)
    ).first()
    if answer is not None:
        raise Refused("followed", Text("{paper} goes on with this one: take that back first.", paper=answer.code))
    return moved
