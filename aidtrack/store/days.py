"""The centre and its working days: site, desk, day and what happened to the day.

The *day* of a fact is the site's open day; only when none is open, the local date by the hour the site's day starts at (data.md §1).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    Executable,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    bindparam,
    case,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from aidtrack.domain.days import DAY_STARTS_AT, LONGEST_DAY, wall_day
from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, Note, OwnId, Versioned, Word, table_of


class Site(Versioned, Base):
    """A distribution centre, warehouse or mobile point."""

    __tablename__ = "site"
    exchange = "fields"
    id: Mapped[OwnId]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Word]
    place: Mapped[Word] = mapped_column(default="")
    timezone: Mapped[Code] = mapped_column(default="Europe/Moscow")
    public_languages: Mapped[JsonList] = mapped_column(default=lambda: ["ru"])
    day_starts_at: Mapped[int] = mapped_column(default=DAY_STARTS_AT)
    outside_phone: Mapped[Word] = mapped_column(default="")


class Desk(Versioned, Base):
    """One working place, a “window”: its stages, and what it gives here (None: every item)."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("site_id", "number"),)
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    number: Mapped[int]
    name: Mapped[Word] = mapped_column(default="")
    stages: Mapped[JsonList] = mapped_column(default=lambda: ["register", "hand_over"])
    gives: Mapped[JsonList | None] = mapped_column(default=None)
    shelf_id: Mapped[Id | None] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"), default=None)
    is_active: Mapped[bool] = mapped_column(default=True)


class Day(Base):
    """A site's working day. `state` is the fold of its events: open, paused, closed, signed_off."""

    __tablename__ = "day"
    __table_args__ = (
        UniqueConstraint("site_id", "day"),
        CheckConstraint("state IN ('open', 'paused', 'closed', 'signed_off')", name="state"),
        Index("ix_day_open", "site_id", "state"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    state: Mapped[Code] = mapped_column(default="open", info={"derived": True})


class DayEvent(Base):
    """open, pause, resume, reason, close, reopen, sign_off, with who, when and why."""

    __tablename__ = "day_event"
    __table_args__ = (UniqueConstraint("day_id", "no"),)
    exchange = "append"
    id: Mapped[OwnId]
    day_id: Mapped[Id] = mapped_column(ForeignKey("day.id", ondelete="RESTRICT"))
    no: Mapped[int]
    kind: Mapped[Code]
    at: Mapped[Moment]
    by_name: Mapped[Word] = mapped_column(default="")
    reason: Mapped[Note] = mapped_column(default="")
    facts: Mapped[Json] = mapped_column(default=dict)


class DayNote(Base):
    """One sentence that explains one difference of a day; a later one about the same topic replaces it on paper."""

    __tablename__ = "day_note"
    exchange = "append"
    id: Mapped[OwnId]
    day_id: Mapped[Id] = mapped_column(ForeignKey("day.id", ondelete="RESTRICT"), index=True)
    topic: Mapped[Word]
    sentence: Mapped[Note]
    at: Mapped[Moment]


class DayCount(Base):
    """What somebody counted by hand of a day's papers: signed lines of a window, papers with names. The last number of a topic counts."""

    __tablename__ = "day_count"
    __table_args__ = (CheckConstraint("number >= 0", name="number"),)
    exchange = "append"
    id: Mapped[OwnId]
    day_id: Mapped[Id] = mapped_column(ForeignKey("day.id", ondelete="RESTRICT"), index=True)
    topic: Mapped[Word]
    number: Mapped[int]
    at: Mapped[Moment]


class ReportIssue(Base):
    """The figures of one report of a signed-off day, as they were printed; a later revision stands beside the older ones."""

    __tablename__ = "report_issue"
    __table_args__ = (
        UniqueConstraint("site_id", "day", "report", "revision"),
        CheckConstraint("revision > 0", name="revision"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    report: Mapped[Code]
    revision: Mapped[int]
    figures: Mapped[Json]
    because: Mapped[Note] = mapped_column(default="")
    at: Mapped[Moment]


class Counter(Base):
    """The last number drawn of a series (tickets of a lane and day, documents of a kind and year, sheets of a desk and day)."""

    __tablename__ = "counter"
    exchange = "local"
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    series: Mapped[Word] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


_COUNTER = table_of(Counter)
_OF_SERIES = (_COUNTER.c.site_id == bindparam("site")) & (_COUNTER.c.series == bindparam("name"))
_LAST_DRAWN = select(_COUNTER.c.last).where(_OF_SERIES)
_HELD = _LAST_DRAWN.with_for_update()
_DRAWING = update(_COUNTER).where(_OF_SERIES).returning(_COUNTER.c.last)
_NUMBER = bindparam("number", type_=Integer)
_DRAWN = _DRAWING.values(last=_COUNTER.c.last + _NUMBER)
_DRAWN_UP_TO = _DRAWING.values(last=case((_COUNTER.c.last < _NUMBER, _NUMBER), else_=_COUNTER.c.last))
_BEGIN = insert(_COUNTER)
_HOLD_SITE = select(Site.id).where(Site.id == bindparam("site")).with_for_update(key_share=True)

_forgotten = exists().where(DayEvent.day_id == Day.id, DayEvent.kind == "open", DayEvent.at < bindparam("oldest"))
_TAKING = (
    select(Day)
    .where(Day.site_id == bindparam("site"), or_(Day.state == "open", Day.state == "paused"), ~_forgotten)
    .order_by(Day.day.desc())
    .limit(1)
)
_TAKING_DAY = _TAKING.with_only_columns(Day.day)
_HELD_DAY = _TAKING_DAY.with_for_update(read=True)


def day_of(session: Session, site_id: UUID, now: datetime) -> date:
    """The site's open (or paused) day; when none is open, the local date by the hour the day starts at.

    A day forgotten open for more than thirty hours takes no more facts.
    """
    found = session.connection().execute(_TAKING_DAY, {"site": site_id, "oldest": now - LONGEST_DAY}).scalar()
    return found or local_day(session, site_id, now)


def open_day_row(session: Session, site_id: UUID, now: datetime) -> Day | None:
    """The row of the day that takes facts now."""
    return session.scalar(_TAKING, {"site": site_id, "oldest": now - LONGEST_DAY})


def held_day(session: Session, site_id: UUID, now: datetime) -> date | None:
    """The day that takes facts now, kept from being closed until the commit. Whoever waited for the closing finds none."""
    return session.connection().execute(_HELD_DAY, {"site": site_id, "oldest": now - LONGEST_DAY}).scalar()


def local_day(session: Session, site_id: UUID, now: datetime) -> date:
    """The date on the centre's wall, where the hours before `day_starts_at` still belong to the day before."""
    zone, starts_at = session.execute(select(Site.timezone, Site.day_starts_at).where(Site.id == site_id)).one()
    return wall_day(now, ZoneInfo(zone), starts_at)


def last_drawn(session: Session, site_id: UUID, series: str) -> int:
    """The last number drawn of a series; 0 of one nobody drew from."""
    return session.connection().execute(_LAST_DRAWN, {"site": site_id, "name": series}).scalar() or 0


def hold_series(session: Session, site_id: UUID, series: str) -> int:
    """The last number drawn of a series, held until the commit: nobody draws from it meanwhile."""
    return _of_series(session, _HELD, site_id, series)


def draw_up_to(session: Session, site_id: UUID, series: str, number: int) -> None:
    """All numbers up to this one are drawn: the next is above it."""
    _of_series(session, _DRAWN_UP_TO, site_id, series, number)


def draw(session: Session, site_id: UUID, series: str, how_many: int = 1) -> int:
    """The next number of a series, or the last of the next so many, drawn inside the write transaction: no number twice, none lost
    by a rollback."""
    return _of_series(session, _DRAWN, site_id, series, how_many)


def _of_series(session: Session, statement: Executable, site_id: UUID, series: str, number: int = 0) -> int:
    ask, asked = session.connection(), {"site": site_id, "name": series, "number": number}
    last = ask.execute(statement, asked).scalar()
    if last is None:
        _begin_series(session, site_id, series)
        last = ask.execute(statement, asked).scalar_one()
    return int(last)


def _begin_series(session: Session, site_id: UUID, series: str) -> None:
    """The first two desks of a series meet at the row of the site: the second one finds the counter of the first."""
    ask, first = session.connection(), {"site_id": site_id, "series": series, "last": 0}
    ask.execute(_HOLD_SITE, {"site": site_id})
    if ask.execute(_LAST_DRAWN, {"site": site_id, "name": series}).scalar() is None:
        ask.execute(_BEGIN, first)
