"""What people read about goods that moved: an item's day with its running balance, the stock card, papers.

Only reads. Every figure opens to its lines; what lies now is `table`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import (
    MovementKind,
    PlaceKind,
    Unit,
)
from aidtrack.errors import Names, NotFound, Text
from aidtrack.services import days
from aidtrack.services.stock.ledger import place_ids
from aidtrack.services.stock.levels import least_levels
from aidtrack.services.stock.sizes import item_with_sizes
from aidtrack.services.stock.table import STANDING
from aidtrack.store.handover import HandOver, HandOverLine
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Balance, Document, Item, Lot, Movement, StockPlace


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
    party: str = ""


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
    lot_id: UUID | None = None
    least: int = 0


# ── movements ────────────────────────────────────────────────────────────────────────────────────


def item_day(session: Session, by: Actor, item_id: UUID) -> ItemDay:
    """What moved of an item and its sizes today, newest last, with the running balance; and whether it balances.

    Looks at today's movements and at those of the batches that lie here, never at years of them.
    """
    by.require(Permission.STOCK_SEE)
    day = days.current_day(session, by)
    ours, items = _ours(session, by), item_with_sizes(item_id)
    moved = Movement.item_id.in_(items)
    held = _held(session, ours, items)
    opening = sum(held.values()) - _sum(session, ours, moved, Movement.day >= day)
    rows = _movements(session, ours, opening, moved, Movement.day == day)
    lately = set(session.scalars(select(Movement.lot_id).where(moved, Movement.day >= day).distinct()))
    fold = _fold(session, ours, moved, Movement.lot_id.in_({*held, *lately}))
    return ItemDay(opening, rows, _closing(opening, rows), fold == held)


def _held(session: Session, ours: Sequence[UUID], items: Select[UUID]) -> Mapping[UUID, int]:
    """What lies at our places of each batch of these items."""
    query = select(Balance.lot_id, func.sum(Balance.quantity)).where(
        Balance.item_id.in_(items), Balance.place_id.in_(ours), Balance.quantity > 0
    )
    return {lot: int(number) for lot, number in session.execute(query.group_by(Balance.lot_id))}


def _fold(session: Session, ours: Sequence[UUID], *which: Any) -> Mapping[UUID, int]:
    """What movements leave at our places of each batch, none left out but those of which nothing is left."""
    touching = or_(Movement.to_id.in_(ours), Movement.from_id.in_(ours))
    query = select(Movement.lot_id, func.sum(_signed(ours))).where(touching, *which).group_by(Movement.lot_id)
    return {lot: int(number) for lot, number in session.execute(query) if number}


def stock_card(
    session: Session, by: Actor, item_id: UUID, *, lot_id: UUID | None = None, since: date | None = None
) -> StockCard:
    """Every movement of an item, or of one lot, from a day on, with the balance after each."""
    by.require(Permission.STOCK_SEE)
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound("no-item", Text("There is no such item."))
    lot = session.get(Lot, lot_id) if lot_id else None
    ours = _ours(session, by)
    which = [Movement.item_id.in_(item_with_sizes(item_id)), *([Movement.lot_id == lot_id] if lot_id else [])]
    opening = _sum(session, ours, *which, Movement.day < since) if since else 0
    rows = _movements(session, ours, opening, *which, *([Movement.day >= since] if since else []))
    code, expiry, donor = (lot.code, lot.expires_on, lot.donor) if lot else ("", None, "")
    closing = _closing(opening, rows)
    return StockCard(
        item.names, item.code, Unit(item.unit).text, code, expiry, donor, opening, rows, closing, lot_id,
        least_levels(session, by).get(item_id, 0),
    )  # fmt: skip


def lot_card(session: Session, by: Actor, *, lot_id: UUID) -> StockCard:
    """The card of one batch, as its printed code asks for it."""
    lot = session.get(Lot, lot_id)
    if lot is None:
        raise NotFound("no-lot", Text("This batch is not known here."))
    return stock_card(session, by, lot.item_id, lot_id=lot_id)


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
                facts.party,
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
    party: str


def _told(session: Session, ours: Sequence[UUID], which: Iterable[Any]) -> Iterable[tuple[Movement, int, _Facts]]:
    target = aliased(StockPlace)
    query: Select[Any] = (
        select(
            Movement, _signed(ours), Lot.code, Document.code, Document.paper_number, Document.facts, Document.other_party, target.kind,
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
    for movement, signed, lot, document, paper, facts, party, kind, lane, number in session.execute(query):
        ticket = f"{lane} {number:02}" if lane else ""
        spot = bool((facts or {}).get("spot"))
        yield movement, int(signed), _Facts(lot, document or "", paper or "", spot, PlaceKind(kind), ticket, party or "")


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
