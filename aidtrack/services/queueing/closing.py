"""The queue when the day pauses, closes and opens again: who was called is called again, who waits keeps a place for
tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import AT_WINDOW, TicketEventKind, TicketState
from aidtrack.services.queueing.tickets import append, append_all, locked, locked_all, of_day
from aidtrack.store.days import Day
from aidtrack.store.queueing import Ticket, TicketEvent

STILL_HERE = (TicketState.WAITING, *sorted(AT_WINDOW))
_LET_GO = (TicketEventKind.POSTPONED, TicketEventKind.EXPIRED)


def call_again_after_pause(session: Session, by: Actor, day: Day) -> None:
    """Whoever was called when the pause began is called again, to the same window."""
    for ticket_id in _ids(session, day, [TicketState.CALLED]):
        ticket = locked(session, ticket_id)
        if ticket.state == TicketState.CALLED:
            append(session, replace(by, desk_id=ticket.desk_id), ticket, TicketEventKind.CALLED)


def let_go(session: Session, by: Actor, day: Day, *, to_tomorrow: bool) -> None:
    """Open numbers of a closing day: they keep a place for tomorrow, or expire. Who was *not here* stays counted as
    such."""
    kind = TicketEventKind.POSTPONED if to_tomorrow else TicketEventKind.EXPIRED
    append_all(session, by, locked_all(session, *of_day(day), Ticket.state.in_(STILL_HERE)), kind)


def take_back_closing(session: Session, by: Actor, day: Day, closed_at: datetime) -> None:
    """The day goes on: what closing did to the numbers is taken back exactly."""
    states = (TicketState.TOMORROW, TicketState.EXPIRED)
    let_go_then = (
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.kind.in_(_LET_GO), TicketEvent.at == closed_at)
        .where(TicketEvent.no == _last_no())
    )
    tickets = locked_all(session, *of_day(day), Ticket.state.in_(states), let_go_then.exists())
    append_all(session, by, tickets, TicketEventKind.UNDONE, undo_last=True)


def _last_no() -> ScalarSelect[int]:
    """The number of the newest event of a ticket."""
    newest = aliased(TicketEvent)
    return select(func.max(newest.no)).where(newest.ticket_id == TicketEvent.ticket_id).scalar_subquery()


def _ids(session: Session, day: Day, states: Sequence[TicketState]) -> Sequence[UUID]:
    query = select(Ticket.id).where(*of_day(day), Ticket.state.in_(states)).order_by(Ticket.id)
    return session.scalars(query).all()
