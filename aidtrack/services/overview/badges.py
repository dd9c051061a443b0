"""The day badges nobody took yet, as they are printed: number, role and code; no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.badges import badge_code
from aidtrack.errors import NotFound, Text
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.accounts import Badge


@dataclass(frozen=True, slots=True)
class BadgeFigures:
    """A badge: its number of the day, what it lets somebody do, what its QR says."""

    number: int
    role: Text
    code: str


@dataclass(frozen=True, slots=True)
class DayBadges:
    """Badges to print, by their numbers."""

    heading: Heading
    badges: tuple[BadgeFigures, ...]


def day_badges(session: Session, by: Actor, day: date) -> DayBadges:
    """The badges of a day that nobody took and nobody ended; NotFound when there are none."""
    by.require(Permission.DAY)
    query = select(Badge).where(Badge.site_id == by.site, Badge.day == day)
    free = query.where(Badge.user_id.is_(None), Badge.ended_at.is_(None)).order_by(Badge.number)
    rows = tuple(BadgeFigures(one.number, Role(one.role).text, badge_code(one.token)) for one in session.scalars(free))
    if not rows:
        raise NotFound("no-badges", Text("There are no badges to print. They are made on the page Day, by F7."))
    return DayBadges(heading_of(session, by, day), rows)
