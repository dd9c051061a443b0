"""Which day it is here: the open day, its pauses and the centre's clock, as every use case of the day needs them.

Opening, pausing and closing are `services.days`.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayEvent as Happened
from aidtrack.domain.days import DayEventKind, DayNow, DayState, PauseReason, day_now
from aidtrack.errors import Refused, Text
from aidtrack.store.days import Day, DayEvent, Site, day_of, held_day, open_day_row


def current_day(session: Session, by: Actor) -> date:
    """The open (or paused) day of the actor's site; when none is open, the local date by the hour its day starts at."""
    return day_of(session, by.site, by.now())


def require_open_day(session: Session, by: Actor) -> Day:
    """The row of the open or paused day; Refused when none is open."""
    found = open_day_row(session, by.site, by.now())
    if found is None:
        raise _not_open()
    return found


def _not_open() -> Refused:
    return Refused("day-not-open", Text("The day is not open yet. The coordinator opens it on the page Day."))


def require_running_day(session: Session, by: Actor) -> Day:
    """The row of the open day; Refused while none is open and in a pause."""
    day = require_open_day(session, by)
    if day.state == DayState.PAUSED:
        raise Refused("day-paused", Text("Pause: every number keeps its place. The shift lead goes on with F11."))
    return day


def hold_open_day(session: Session, by: Actor) -> date:
    """The open day; nobody closes it while this operation is under way: its lock meets the one of closing. SQLite's writers take turns
    anyway.
    """
    day = held_day(session, by.site, by.now())
    if day is None:
        raise _not_open()
    return day


def now_of(session: Session, day_id: UUID) -> DayNow:
    """What the events of a day add up to."""
    query = select(DayEvent.kind, DayEvent.at, DayEvent.reason).where(DayEvent.day_id == day_id).order_by(DayEvent.no)
    return day_now(Happened(DayEventKind(kind), at, reason_of(why)) for kind, at, why in session.execute(query))


def reason_of(code: str) -> PauseReason | None:
    """The reason of a pause, if one was given."""
    return PauseReason(code) if code else None


def zone_of(session: Session, site_id: UUID) -> ZoneInfo:
    """The time zone of the clock on the centre's wall."""
    return ZoneInfo(session.scalars(select(Site.timezone).where(Site.id == site_id)).one())
