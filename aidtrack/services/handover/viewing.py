"""What the Desk shows about a family, in one read: who they are, what they can have now, what they had, where they sign.

Reads only. Given names appear where the family is open at the window; lists elsewhere show less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre, SheetLine, sheet_series
from aidtrack.domain.queueing import AT_WINDOW, OPEN, Lane
from aidtrack.errors import Names, Refused
from aidtrack.services import queueing
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.handover.receipts import GivenLine, given_lines
from aidtrack.services.identity.classes import household_class
from aidtrack.services.people import HouseholdView, household_by_code, household_view, is_own_card, may_see
from aidtrack.services.people.protection import SEE_LEAD
from aidtrack.services.queueing import NextRow, TicketRow
from aidtrack.services.stock.ledger import available, find_shelf
from aidtrack.services.today import current_day
from aidtrack.store.days import Desk, last_drawn, open_day_row
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.people import Household, Person
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item

SHOWN = 20
HEX_DIGITS = 32


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One hand-over of a family. `goods` says where they are if it was cancelled; `moved` that another family has them."""

    id: UUID
    day: date
    at: datetime
    lines: tuple[GivenLine, ...]
    collector: str
    signed_at: SheetLine
    is_cancelled: bool
    goods: GoodsAre | None
    reason: str

    @property
    def given(self) -> tuple[GivenLine, ...]:
        """The items that really left."""
        return tuple(line for line in self.lines if line.quantity)


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything the Desk shows about one family. `signs_at` is the line this hand-over would be signed on."""

    family: HouseholdView
    allowances: tuple[AllowanceRow, ...]
    history: tuple[HistoryRow, ...]
    ticket: TicketRow | None
    window: int | None
    signs_at: SheetLine | None
    last_collector_id: UUID | None
    day: date
    is_day_open: bool
    numbered: frozenset[UUID] = frozenset()
    """Items whose pieces carry numbers."""


@dataclass(frozen=True, slots=True)
class GoodsHere:
    """An item that can be given from this window's shelf; a size says of which item."""

    item_id: UUID
    names: Names
    available: int
    is_numbered: bool
    size_of: UUID | None


def goods_here(session: Session, by: Actor) -> tuple[GoodsHere, ...]:
    """What can be given from this window's shelf now, in the order of the catalogue."""
    by.require(Permission.HAND_OVER)
    shelf = find_shelf(session, by)
    held = available(session, shelf, current_day(session, by)) if shelf else {}
    query = select(Item).where(Item.id.in_(held), Item.is_active).order_by(Item.code)
    return tuple(
        GoodsHere(row.id, row.names, held[row.id], row.is_numbered, row.variant_of_id) for row in session.scalars(query)
    )


@dataclass(frozen=True, slots=True)
class DeskNow:
    """The queue as this window sees it: who stands here, and who would be called next."""

    ticket: TicketRow | None = None
    next: NextRow | None = None
    window: int | None = None


def desk_now(session: Session, by: Actor) -> DeskNow:
    """Who stands at this window and who comes next; empty without a window."""
    if by.desk_id is None or not by.may(Permission.CALL):
        return DeskNow()
    return DeskNow(queueing.current_ticket(session, by), queueing.board(session, by).next, _number(session, by))


def _number(session: Session, by: Actor) -> int | None:
    """The number over the actor's window."""
    return session.scalar(select(Desk.number).where(Desk.id == by.desk_id)) if by.desk_id else None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code leads to: a family, a number that may belong to nobody yet, or neither."""

    household_id: UUID | None = None
    ticket: TicketRow | None = None


def scanned(session: Session, by: Actor, code: str) -> Scanned:
    """A family card, the slip of a queue number (`T:…`) or of a hand-over (`H:…`)."""
    by.require(Permission.FIND)
    kind, found = code[:2].upper(), _id_in(code[2:])
    if kind == "T:" and found is not None:
        rows = queueing.ticket_rows(session, Ticket.site_id == by.site, Ticket.id == found)
        return Scanned(rows[0].household_id, rows[0]) if rows else Scanned()
    if kind == "H:" and found is not None:
        return Scanned(session.scalar(select(HandOver.household_id).where(HandOver.id == found)))
    return Scanned(household_by_code(session, by, code))


def _id_in(digits: str) -> UUID | None:
    plain = digits.strip().lower()
    return UUID(hex=plain) if len(plain) == HEX_DIGITS and set(plain) <= set("0123456789abcdef") else None


def desk_view(session: Session, by: Actor, household_id: UUID, *, card: str = "") -> DeskView:
    """One read for the whole page. NotFound where the family is not here; Refused for a protected one without its own `card`."""
    by.require(Permission.FIND)
    day = current_day(session, by)
    family = household_view(session, by, household_id, day=day)
    if not may_see(by, family.is_protected) and not is_own_card(session, household_id, card):
        raise Refused("see-shift-lead", SEE_LEAD)
    number = _number(session, by)
    past = history(session, by, household_id)
    ticket = ticket_of(session, by, household_id)
    is_first = ticket is not None and ticket.lane is Lane.K
    rows = allowances(session, by, household_id, day=day, is_served_first=is_first)
    return DeskView(
        family=family,
        allowances=rows,
        history=past,
        ticket=ticket,
        window=number,
        signs_at=_next_line(session, by, number, day),
        last_collector_id=_last_collector(session, household_id, family),
        day=day,
        is_day_open=open_day_row(session, by.site, by.now()) is not None,
        numbered=_numbered(session, rows),
    )


def _numbered(session: Session, rows: Sequence[AllowanceRow]) -> frozenset[UUID]:
    query = select(Item.id).where(Item.id.in_({row.item_id for row in rows}), Item.is_numbered)
    return frozenset(session.scalars(query))


def ticket_of(session: Session, by: Actor, household_id: UUID) -> TicketRow | None:
    """The number this family is served under: its own open one, else the one at this window that is tied to nobody."""
    day = current_day(session, by)
    cards = household_class(session, household_id)
    own = queueing.ticket_rows(
        session, Ticket.site_id == by.site, Ticket.day == day, Ticket.household_id.in_(cards),
        Ticket.state.in_(OPEN), limit=1,
    )  # fmt: skip
    if own:
        return own[0]
    at_window = queueing.current_ticket(session, by) if by.desk_id else None
    is_free = at_window is not None and at_window.household_id is None and at_window.state in AT_WINDOW
    return at_window if is_free else None


def history(session: Session, by: Actor, household_id: UUID, *, limit: int = SHOWN) -> tuple[HistoryRow, ...]:
    """What the family received under any of its cards, the newest first, cancelled ones too; at most `limit`.

    What a protected family received is shown under its own card only (field.md §1, 11).
    """
    by.require(Permission.FIND)
    rows = session.execute(_history(_open_cards(session, by, household_id)).limit(limit)).all()
    lines = given_lines(session, [row[0].id for row in rows])
    return tuple(
        HistoryRow(
            id=row.id,
            day=row.day,
            at=row.at,
            lines=lines[row.id],
            collector=name or row.collector_text,
            signed_at=SheetLine(str(window), row.sheet, row.line),
            is_cancelled=void is not None,
            goods=GoodsAre(void.goods) if void else None,
            reason=void.reason if void else "",
        )
        for row, window, name, void in rows
    )


def _open_cards(session: Session, by: Actor, household_id: UUID) -> frozenset[UUID]:
    """The cards of this family that the asker may see the past of."""
    others = household_class(session, household_id) - {household_id}
    if not others:
        return frozenset({household_id})
    query = select(Household.id, Household.is_protected).where(Household.id.in_(others))
    seen = (card for card, is_protected in session.execute(query) if may_see(by, is_protected))
    return frozenset({household_id, *seen})


def _history(cards: frozenset[UUID]) -> Select[HandOver, int, str | None, HandOverVoid | None]:
    collector = aliased(Person)
    return (
        select(HandOver, Desk.number, collector.given_name, HandOverVoid)
        .join(Desk, Desk.id == HandOver.desk_id)
        .outerjoin(collector, collector.id == HandOver.collector_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.household_id.in_(cards))
        .order_by(HandOver.day.desc(), HandOver.at.desc(), HandOver.id.desc())
    )


def _last_collector(session: Session, household_id: UUID, family: HouseholdView) -> UUID | None:
    """Who collected last, if this person still belongs to the family."""
    query = (
        select(HandOver.collector_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.household_id == household_id, HandOver.collector_id.is_not(None), HandOverVoid.id.is_(None))
        .order_by(HandOver.at.desc())
        .limit(1)
    )
    found = session.scalar(query)
    return found if any(member.person_id == found for member in family.members) else None


def _next_line(session: Session, by: Actor, number: int | None, day: date) -> SheetLine | None:
    """Where the next hand-over of this window is signed; only F9 really draws it."""
    if number is None:
        return None
    return SheetLine.of(str(number), last_drawn(session, by.site, sheet_series(day, number)) + 1)
