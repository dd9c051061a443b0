"""Numbers put off to the next day while there is still light: each gets an hour, and comes first in the line M then.

Owns the hour. How many fit into one is `domain.queueing.slots`' rule.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import without_pauses
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketEventKind, TicketState
from aidtrack.domain.queueing.slots import slot_hour
from aidtrack.services.queueing.issuing import issue_ticket
from aidtrack.services.queueing.tickets import TicketRow, append, locked, of_day, ticket_row
from aidtrack.services.today import now_of, require_open_day, zone_of
from aidtrack.store import journal
from aidtrack.store.days import Day
from aidtrack.store.queueing import Slot, Ticket


def put_off(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """The number goes on tomorrow, in the hour of its slot; taken back like every other step."""
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(session, by, request_id, "put_off", ticket_id=ticket_id) as op:
        if not op.is_repeat:
            day = require_open_day(session, by)
            session.execute(select(Day.id).where(Day.id == day.id).with_for_update(key_share=True))
            hour = _next_hour(session, by, day)
            append(session, by, locked(session, ticket_id), TicketEventKind.POSTPONED)
            tomorrow = day.day + timedelta(days=1)
            session.add(Slot(id=new_id(), operation_id=op.id, ticket_id=ticket_id, day=tomorrow, hour=hour, at=by.now()))
            session.flush()
        return ticket_row(session, ticket_id)


def issue_for_tomorrow(session: Session, by: Actor, *, request_id: UUID, household_id: UUID | None = None) -> TicketRow:
    """A number that is put off at once: nobody stands in vain where the goods do not reach. A family's earlier number stays."""
    with journal.operation(session, by, request_id, "issue_for_tomorrow", household_id=household_id) as op:
        if op.is_repeat:
            return ticket_row(session, op.only("ticket"))
        issued = issue_ticket(session, by, request_id=request_id, lane=Lane.A, household_id=household_id)
        return put_off(session, by, request_id=request_id, ticket_id=issued.id)


def slot_of(session: Session, ticket_id: UUID) -> tuple[date, int] | None:
    """Day and hour a number was put off to; None for one that was not."""
    query = select(Slot.day, Slot.hour).join(Ticket, Ticket.id == Slot.ticket_id).where(Slot.ticket_id == ticket_id)
    found = session.execute(query.where(Ticket.state == TicketState.TOMORROW).order_by(Slot.at.desc())).first()
    return (found.day, found.hour) if found is not None else None


def _next_hour(session: Session, by: Actor, day: Day) -> int:
    """Whoever was put off before counts, taken back or not: an hour that was said is never said differently."""
    before = select(func.count()).select_from(Slot).join(Ticket, Ticket.id == Slot.ticket_id).where(*of_day(day))
    clock = now_of(session, day.id)
    opened = clock.opened_at or by.now()
    local = opened.astimezone(zone_of(session, by.site))
    served = select(func.count()).where(*of_day(day), Ticket.state == TicketState.SERVED)
    hours = without_pauses(opened, by.now(), clock.pauses) / timedelta(hours=1)
    an_hour = (session.scalar(served) or 0) / max(hours, 1.0)
    return slot_hour(session.scalar(before) or 0, an_hour, local.hour)
