"""A number and its events: reading it, locking it, and appending what happened so that the row shows what all events
add up to.

Owns the only place where a ticket's events are written. When an event is due is decided beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import (
    AT_WINDOW,
    Lane,
    Stage,
    TicketEventKind,
    TicketNow,
    TicketState,
    label,
    ticket_now,
    why_not,
)
from aidtrack.domain.queueing import TicketEvent as Happened
from aidtrack.errors import NotFound, Text
from aidtrack.store import journal
from aidtrack.store.days import Day, Desk
from aidtrack.store.queueing import Ticket, TicketEvent

AT_ONCE = 400
"""So many ids fit one question on both databases."""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A number as windows and slips show it; nothing in it is personal but the link to the family."""

    id: UUID
    lane: Lane
    number: int
    label: str
    day: date
    state: TicketState
    stage: Stage
    household_id: UUID | None
    families: int
    issued_at: datetime
    called_at: datetime | None
    ended_at: datetime | None
    desk_id: UUID | None
    desk_number: int | None
    for_window: int | None
    """The window it was sent to and waits for."""
    not_here: int
    is_printed: bool | None
    """None: nobody tried."""
    continues: str
    """The label of the number from the day before, empty for a new one."""


def ticket_row(session: Session, ticket_id: UUID) -> TicketRow:
    """A number as it stands now."""
    return ticket_rows(session, Ticket.id == ticket_id)[0]


def ticket_rows(session: Session, *where: ColumnElement[bool], limit: int | None = None) -> list[TicketRow]:
    """Numbers by their time of issue."""
    before, sent_to = aliased(Ticket), aliased(Desk)
    query = (
        select(Ticket, Desk.number, sent_to.number, before.lane, before.number)
        .outerjoin(Desk, Desk.id == Ticket.desk_id)
        .outerjoin(sent_to, sent_to.id == Ticket.for_desk_id)
        .outerjoin(before, before.id == Ticket.from_id)
        .where(*where)
        .order_by(Ticket.issued_at, Ticket.lane, Ticket.number)
        .limit(limit)
    )
    return [_row(ticket, desk, window, lane, number) for ticket, desk, window, lane, number in session.execute(query)]


def _row(ticket: Ticket, desk: int | None, window: int | None, lane: str | None, number: int | None) -> TicketRow:
    return TicketRow(
        id=ticket.id,
        lane=Lane(ticket.lane),
        number=ticket.number,
        label=label_of(ticket),
        day=ticket.day,
        state=TicketState(ticket.state),
        stage=Stage(ticket.stage),
        household_id=ticket.household_id,
        families=ticket.families,
        issued_at=ticket.issued_at,
        called_at=ticket.called_at,
        ended_at=ticket.ended_at,
        desk_id=ticket.desk_id,
        desk_number=desk,
        for_window=window,
        not_here=ticket.calls,
        is_printed=ticket.is_printed,
        continues=label(Lane(lane), number) if lane and number else "",
    )


def current_ticket(session: Session, by: Actor) -> TicketRow | None:
    """The number called to or served at this window; the newest if there are several."""
    at_window = Ticket.state.in_(AT_WINDOW)
    rows = ticket_rows(session, Ticket.site_id == by.site, Ticket.desk_id == by.desk_id, at_window)
    return max(rows, key=lambda row: row.called_at or row.issued_at, default=None)


def label_of(ticket: Ticket) -> str:
    return label(Lane(ticket.lane), ticket.number)


def of_day(day: Day) -> tuple[ColumnElement[bool], ...]:
    return Ticket.site_id == day.site_id, Ticket.day == day.day


def locked(session: Session, ticket_id: UUID) -> Ticket:
    ticket = session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise NotFound("ticket", Text("This number is not in the database."))
    return ticket


def locked_all(session: Session, *where: ColumnElement[bool]) -> list[Ticket]:
    """Every number that fits, locked in the order of their ids, as it stands once it is ours."""
    query = select(Ticket).where(*where).order_by(Ticket.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def events_of(session: Session, ticket_id: UUID) -> list[Happened]:
    query = select(*_EVENT).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.no)
    return [_happened(event) for event in session.execute(query)]


_EVENT = (
    TicketEvent.ticket_id,
    TicketEvent.no,
    TicketEvent.kind,
    TicketEvent.at,
    TicketEvent.desk_id,
    TicketEvent.stage,
    TicketEvent.household_id,
    TicketEvent.undoes_no,
    TicketEvent.to_desk_id,
)
"""Columns, not entities: some hundred events are read when a day closes, and none of them changes."""


def _happened(event: Any) -> Happened:
    return Happened(
        no=event.no,
        kind=TicketEventKind(event.kind),
        at=event.at,
        desk_id=event.desk_id,
        stage=Stage(event.stage) if event.stage else None,
        household_id=event.household_id,
        undoes=event.undoes_no,
        to_desk_id=event.to_desk_id,
    )


def fold_of(session: Session, ticket: Ticket) -> TicketNow:
    return ticket_now(events_of(session, ticket.id))


def append(
    session: Session,
    by: Actor,
    ticket: Ticket,
    kind: TicketEventKind,
    *,
    stage: Stage | None = None,
    household_id: UUID | None = None,
    reason: str = "",
    to_desk_id: UUID | None = None,
) -> None:
    """Writes one event, if it may follow what happened before, and shows on the ticket what all its events add up
    to."""
    _write(session, by, ticket, kind, stage=stage or "", household_id=household_id, reason=reason, to_desk_id=to_desk_id)


def take_back(session: Session, by: Actor, ticket: Ticket, no: int) -> None:
    """Writes that this event of the number never happened."""
    _write(session, by, ticket, TicketEventKind.UNDONE, undoes_no=no)


def _write(session: Session, by: Actor, ticket: Ticket, kind: TicketEventKind, **facts: Any) -> None:
    before = events_of(session, ticket.id)
    event = _next_event(session, by, ticket, before, kind)
    for name, fact in facts.items():
        setattr(event, name, fact)
    session.add(event)
    _show(ticket, ticket_now([*before, _happened(event)]))
    session.flush()


def append_all(
    session: Session, by: Actor, tickets: Sequence[Ticket], kind: TicketEventKind, *, undo_last: bool = False
) -> None:
    """The same event for many numbers, locked already, in a handful of statements: a whole queue closes at once.

    With `undo_last` each event takes back the newest of its number.
    """
    before = _events_of_all(session, tickets)
    for ticket in tickets:
        event = _next_event(session, by, ticket, before[ticket.id], kind)
        event.undoes_no = before[ticket.id][-1].no if undo_last else None
        session.add(event)
        _show(ticket, ticket_now([*before[ticket.id], _happened(event)]))
    session.flush()


def _next_event(
    session: Session, by: Actor, ticket: Ticket, before: Sequence[Happened], kind: TicketEventKind
) -> TicketEvent:
    if kind not in (TicketEventKind.ISSUED, TicketEventKind.UNDONE):
        refusal = why_not(ticket_now(before), kind)
        if refusal is not None:
            raise refusal
    return TicketEvent(
        operation_id=journal.current(session).id,
        ticket_id=ticket.id,
        no=len(before) + 1,
        kind=kind,
        at=by.now(),
        desk_id=by.desk_id,
        household_id=None,
        stage="",
        reason="",
        undoes_no=None,
    )


def _in_parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE))


def _events_of_all(session: Session, tickets: Sequence[Ticket]) -> dict[UUID, list[Happened]]:
    found: dict[UUID, list[Happened]] = {ticket.id: [] for ticket in tickets}
    for some in _in_parts(list(found)):
        query = select(*_EVENT).where(TicketEvent.ticket_id.in_(some))
        for event in session.execute(query.order_by(TicketEvent.ticket_id, TicketEvent.no)):
            found[event.ticket_id].append(_happened(event))
    return found


def _show(ticket: Ticket, now: TicketNow) -> None:
    ticket.state = now.state
    ticket.stage = now.stage
    ticket.household_id = now.household_id
    ticket.families = now.families
    ticket.desk_id, ticket.for_desk_id = now.desk_id, now.for_desk_id
    ticket.called_at = now.called_at
    ticket.first_called_at = now.first_called_at
    ticket.ended_at = now.finished_at
    ticket.returned_at = now.returned_at
    ticket.calls = now.not_here
    ticket.is_printed = now.is_printed
