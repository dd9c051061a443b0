"""What stands around every page: the centre, its day, how many wait and how long, and for how many families there is enough.

Composed from the nouns; it owns no table and asks no permission, for it tells figures and nobody's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, DayState
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.services import campaigns, today
from aidtrack.services.queueing.line import pace
from aidtrack.services.queueing.tickets import of_day, ticket_rows
from aidtrack.store.days import Day, Desk, Site
from aidtrack.store.queueing import Ticket


@dataclass(frozen=True, slots=True)
class FrameView:
    """The centre as the frame of the window shows it. `day` is None while none is open and none was closed today."""

    site_name: str
    zone: str
    desk_number: int | None
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
    site = session.get(Site, by.site_id) if by.site_id is not None else None
    if site is None:
        return None
    desk = session.scalar(select(Desk.number).where(Desk.id == by.desk_id)) if by.desk_id is not None else None
    day = today.current_day(session, by)
    row = session.scalar(select(Day).where(Day.site_id == site.id, Day.day == day))
    if row is None:
        return FrameView(site.name, site.timezone, desk, day, DayState.NOT_OPEN, None, _nobody(), None, ())
    clock = today.now_of(session, row.id)
    return FrameView(site.name, site.timezone, desk, day, clock.state, clock.paused_since, *_queue(session, by, row, clock))


def enough_view(session: Session, by: Actor) -> EnoughView | None:
    """The first rule's item tells for how many there is enough; None when no rule runs or nobody is registered."""
    day = today.current_day(session, by)
    found = campaigns.enough_for(session, by, day)
    for rule in campaigns.running_rules(session, by, day):
        if rule.rule.item_id in found:
            enough = found[rule.rule.item_id]
            return EnoughView(rule.rule.item_id, enough.families, enough.until)
    return None


def zone(view: FrameView) -> ZoneInfo:
    """The clock on the centre's wall."""
    return ZoneInfo(view.zone)


def _nobody() -> tuple[tuple[Lane, int], ...]:
    return tuple((lane, 0) for lane in Lane)


def _queue(
    session: Session, by: Actor, day: Day, clock: DayNow
) -> tuple[tuple[tuple[Lane, int], ...], timedelta | None, tuple[str, ...]]:
    """How many wait in each line, how long the last of them, and who was called but not yet served."""
    waiting = (*of_day(day), Ticket.state == TicketState.WAITING)
    query = select(Ticket.lane, func.count()).where(*waiting).group_by(Ticket.lane)
    counted: dict[str, int] = dict(session.execute(query).tuples().all())
    lanes = tuple((lane, counted.get(lane.value, 0)) for lane in Lane)
    if clock.state in (DayState.CLOSED, DayState.SIGNED_OFF):
        return lanes, None, ()
    behind = sum(n for _, n in lanes)
    called = ticket_rows(session, *of_day(day), Ticket.state == TicketState.CALLED)
    return lanes, pace(session, day, by.now(), clock).wait_behind(behind), tuple(row.label for row in called)
