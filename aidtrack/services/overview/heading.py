"""Which day and centre a report is of, its clock, and until which moment facts of that day count.

Owns what both reports begin with. A closed day is read as it was closed, so that tomorrow's print says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, Period
from aidtrack.errors import NotFound, Text
from aidtrack.services.overview.figures import Heading
from aidtrack.services.today import now_of
from aidtrack.store import journal
from aidtrack.store.days import Day, Site


@dataclass(frozen=True, slots=True)
class Frame:
    """The day a report looks at, or the last one of several: they begin with `first`. `until` is when it was closed, or now."""

    site_id: UUID
    day_id: UUID | None
    day: date
    zone: ZoneInfo
    now: DayNow
    until: datetime
    heading: Heading
    first: date
    open_days: int = 1

    def local(self, moment: datetime) -> datetime:
        """The moment by the clock on the wall, without a zone."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def since_midnight(self, moment: datetime) -> float:
        """Hours since the midnight the day began with; past the next one they go on to 24, 25 …"""
        local = self.local(moment)
        return (local.date() - self.day).days * 24 + local.hour + local.minute / 60 + local.second / 3600


def frame_of(session: Session, by: Actor, days: date | Period) -> Frame:
    """The frame of a day that was opened once, or of a period with such a day; NotFound where none ever was."""
    by.require(Permission.REPORT)
    first, day = (days.first, days.last) if isinstance(days, Period) else (days, days)
    site = session.get_one(Site, by.site)
    of_them = select(Day).where(Day.site_id == by.site, Day.day.between(first, day)).order_by(Day.day)
    rows = session.scalars(of_them).all()
    if not rows:
        raise NotFound("no-day", _never_open(first, day))
    now = now_of(session, rows[-1].id)
    heading = _heading(session, site, (first, day), now)
    until = now.closed_at or by.now()
    return Frame(by.site, rows[-1].id, day, ZoneInfo(site.timezone), now, until, heading, first, len(rows))


def _never_open(first: date, day: date) -> Text:
    if first == day:
        return Text("On {day} the centre was not open: there is nothing to report.", day=day)
    return Text("From {first} to {day} the centre was not open: there is nothing to report.", first=first, day=day)


def heading_of(session: Session, by: Actor, days: date | Period) -> Heading:
    """The head of a paper of this centre and its days, for papers that stand for themselves and need no open day."""
    first, day = (days.first, days.last) if isinstance(days, Period) else (days, days)
    site = session.get_one(Site, by.site)
    row = session.scalar(select(Day.id).where(Day.site_id == by.site, Day.day == day))
    return _heading(session, site, (first, day), now_of(session, row) if row else DayNow())


def _heading(session: Session, site: Site, days: tuple[date, date], now: DayNow) -> Heading:
    first, day = days
    return Heading(
        site=f"{site.name} · {site.place}" if site.place and site.place not in site.name else site.name,
        code=site.code,
        zone=site.timezone,
        day=day,
        chain=journal.chain_head(session, site.id, days, now.signed_off_at),
        revision=1,
        is_closed=now.closed_at is not None,
        phone=site.outside_phone,
        languages=tuple(site.public_languages) or ("ru",),
        since=None if first == day else first,
    )


def site_of_code(session: Session, code: str) -> UUID:
    """The centre with this code, as it stands on its papers."""
    found = session.scalar(select(Site.id).where(Site.code == code))
    if found is None:
        raise NotFound("no-site", Text("There is no centre with the code {code}.", code=code))
    return found


def last_day(session: Session, by: Actor) -> date | None:
    """The newest day of the centre, open or closed: what a report is asked of first."""
    return session.scalar(select(Day.day).where(Day.site_id == by.site).order_by(Day.day.desc()).limit(1))


def last_closed_day(session: Session, by: Actor) -> date | None:
    """The newest day that was closed: its papers are printed again after the evening."""
    closed = Day.state.in_(("closed", "signed_off"))
    return session.scalar(select(Day.day).where(Day.site_id == by.site, closed).order_by(Day.day.desc()).limit(1))
