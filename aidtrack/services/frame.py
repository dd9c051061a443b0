"""What stands around every page: the centre, its day, how many wait and how long, and for how many families there is enough.

Composed from the nouns; it owns no table and asks no permission, for it tells figures and nobody's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, DayState
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.services import accounts, campaigns, today
from aidtrack.services.queueing.line import told_now
from aidtrack.services.queueing.tickets import of_day, ticket_rows
from aidtrack.store.base import by_first
from aidtrack.store.days import Day
from aidtrack.store.queueing import Ticket


@dataclass(frozen=True, slots=True)
class FrameView:
    """The day of the centre as the frame of the window shows it, and what accounts know of centre and person."""

    centre: accounts.FrameView
    day: date
    state: DayState
    paused_since: datetime | None
    waiting: tuple[tuple[Lane, int], ...]
    wait: timedelta | None
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnoughView:
    """For how many families the shelf is enough of what most of them get, and until when by today's pace."""

    item_id: UUID
    families: int
    until: datetime | None


def frame_view(session: Session, by: Actor) -> FrameView | None:
    """The centre the actor works at; None when there is none."""
    if by.site_id is None:
        return None
    centre, day = accounts.frame_view(session, by), today.current_day(session, by)
    row = session.scalar(select(Day).where(Day.site_id == by.site_id, Day.day == day))
    if row is None:
        return FrameView(centre, day, DayState.NOT_OPEN, None, _nobody(), None, ())
    clock = today.now_of(session, row.id)
    return FrameView(centre, day, clock.state, clock.paused_since, *_queue(session, by, row, clock))


def enough_view(session: Session, by: Actor) -> EnoughView | None:
    """The first rule's item tells for how many there is enough; None when no rule runs or nobody is registered."""
    day = today.current_day(session, by)
    found = campaigns.enough_for(session, by, day)
    for rule in campaigns.running_rules(session, by, day):
        if rule.rule.item_id in found:
            enough = found[rule.rule.item_id]
            return EnoughView(rule.rule.item_id, enough.families, enough.until)
    return None


def _nobody() -> tuple[tuple[Lane, int], ...]:
    return tuple((lane, 0) for lane in Lane)


def _queue(
    session: Session, by: Actor, day: Day, clock: DayNow
) -> tuple[tuple[tuple[Lane, int], ...], timedelta | None, tuple[str, ...]]:
    """How many wait in each line, how long who comes now, and who was called but not yet served."""
    waiting = (*of_day(day), Ticket.state == TicketState.WAITING)
    query = select(Ticket.lane, func.count()).where(*waiting).group_by(Ticket.lane)
    counted = by_first(session, query)
    lanes = tuple((lane, counted.get(lane.value, 0)) for lane in Lane)
    if clock.state in (DayState.CLOSED, DayState.SIGNED_OFF):
        return lanes, None, ()
    called = ticket_rows(session, *of_day(day), Ticket.state == TicketState.CALLED)
    return lanes, told_now(session, day, by.now(), clock).stated, tuple(row.label for row in called)
