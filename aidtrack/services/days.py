"""The working day of a centre: which day a fact belongs to, opening, pausing, closing, signing off."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.errors import Refused, Text
from aidtrack.store.days import Day, day_of


def current_day(session: Session, by: Actor) -> date:
    """The open (or paused) day of the actor's site; when none is open, the local date by the hour its day starts at."""
    return day_of(session, by.site, by.now())


def require_open_day(session: Session, by: Actor) -> Day:
    """The row of the open or paused day; Refused when none is open."""
    query = select(Day).where(Day.site_id == by.site, Day.state.in_(("open", "paused"))).order_by(Day.day.desc()).limit(1)
    found = session.scalar(query)
    if found is None:
        raise Refused("day-not-open", Text("The day is not open yet. Open it on the page Day (Alt+7, F9)."))
    return found
