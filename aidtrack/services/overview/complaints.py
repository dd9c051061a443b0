"""R13: how disputes ended, counted by outcome, and what still waits for the shift lead. Counts only: no family, no name.

A complaint about somebody who works here is never typed in: slips and posters print a telephone that is not ours (field.md §1, 33).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import whole_minutes, without_pauses
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.queueing import Stage, TicketEvent, TicketState, ticket_now
from aidtrack.services.overview.figures import ComplaintFigures, ComplaintReport
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.queueing.tickets import events_of
from aidtrack.store import queueing as store
from aidtrack.store.queueing import Dispute, dispute_stands

WEEK = timedelta(days=7)
_ENDED = (TicketState.SERVED, TicketState.LEFT, TicketState.CANCELLED)


def count_complaints(session: Session, by: Actor, day: date) -> ComplaintReport:
    """The outcomes of a day, of the seven days up to it, and of all days; and numbers that nobody settled by its end."""
    frame = frame_of(session, by, day)
    rows = tuple(
        ComplaintFigures(
            outcome.text,
            _count(session, frame, outcome, day),
            _count(session, frame, outcome, day - WEEK + timedelta(days=1)),
            _count(session, frame, outcome, date(1, 1, 1)),
        )
        for outcome in Outcome
    )
    waits = _unsettled(session, frame)
    return ComplaintReport(frame.heading, rows, _stopped(session, frame), len(waits), max(waits, default=None))


def _count(session: Session, frame: Frame, outcome: Outcome, since: date) -> int:
    mine = (Dispute.site_id == frame.site_id, Dispute.outcome == outcome.value, Dispute.at <= frame.until, dispute_stands(frame.until))
    query = select(func.count()).where(*mine, Dispute.day >= since, Dispute.day <= frame.day)
    return session.scalar(query) or 0


def _stopped(session: Session, frame: Frame) -> int:
    """People who no longer collect for a family, by what was said up to this day."""
    mine = (Dispute.site_id == frame.site_id, Dispute.day <= frame.day, Dispute.at <= frame.until, dispute_stands(frame.until))
    query = select(func.count(func.distinct(Dispute.stopped_id))).where(*mine, Dispute.stopped_id.is_not(None))
    return session.scalar(query) or 0


def _unsettled(session: Session, frame: Frame) -> list[int]:
    """Minutes since numbers were sent to the shift lead that stood there at the end of the day, or now."""
    sent = select(store.TicketEvent.ticket_id).where(store.TicketEvent.stage == Stage.SHIFT_LEAD).distinct()
    query = select(store.Ticket.id).where(store.Ticket.site_id == frame.site_id, store.Ticket.day == frame.day)
    minutes = []
    for ticket_id in session.scalars(query.where(store.Ticket.id.in_(sent))).all():
        since = _since([event for event in events_of(session, ticket_id) if event.at <= frame.until])
        if since is not None:
            minutes.append(whole_minutes(without_pauses(since, frame.until, frame.now.pauses)))
    return minutes


def _since(events: list[TicketEvent]) -> datetime | None:
    """Since when the number waits for the shift lead; None when it does not."""
    now = ticket_now(events) if events else None
    if now is None or now.stage is not Stage.SHIFT_LEAD or now.state in _ENDED:
        return None
    return max(event.at for event in events if event.stage is Stage.SHIFT_LEAD)
