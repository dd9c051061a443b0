"""The shift at a glance: who waits, who was served, how long nine in ten waited, what runs out when, and what wants a look.

Composed from queue, shelf and programmes; figures only. Reads, asks no permission and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, whole_minutes, without_pauses
from aidtrack.domain.queueing import LONG_WAIT_FIRST, MAX_WAIT, Lane, Stage, TicketState
from aidtrack.errors import Names, Text
from aidtrack.services import door, queueing
from aidtrack.services.queueing.line import waiting_line
from aidtrack.services.queueing.tickets import of_day
from aidtrack.services.today import now_of
from aidtrack.store.days import Day, open_day_row
from aidtrack.store.queueing import Ticket

SHOWN = 4


@dataclass(frozen=True, slots=True)
class RunsOut:
    """An item: for how many families it is enough, until when by today's pace."""

    names: Names
    families: int
    until: datetime | None
    is_short: bool


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`wait` is what who comes now is told; the waits are those of today, in minutes, None while nobody was called."""

    is_open: bool = False
    paused_since: datetime | None = None
    waiting: int = 0
    served: int = 0
    wait: int = 0
    ordinary_nine_in_ten: int | None = None
    first_nine_in_ten: int | None = None
    runs_out: tuple[RunsOut, ...] = ()
    exceptions: tuple[Text, ...] = ()


def dashboard(session: Session, by: Actor) -> Dashboard:
    """The open day now; what runs out first stands first."""
    now = by.now()
    day = open_day_row(session, by.site, now)
    if day is None:
        return Dashboard()
    clock = now_of(session, day.id)
    board = queueing.board(session, by)
    items = [RunsOut(row.names, row.families, row.until, row.is_short) for row in door.enough(session, by).rows]
    return Dashboard(
        is_open=True,
        paused_since=clock.paused_since,
        waiting=board.waiting,
        served=board.served,
        wait=board.wait_minutes or 0,
        ordinary_nine_in_ten=_nine_in_ten(session, day, clock, Lane.A),
        first_nine_in_ten=_nine_in_ten(session, day, clock, Lane.K),
        runs_out=tuple(sorted(items, key=lambda item: item.families))[:SHOWN],
        exceptions=tuple(_exceptions(session, by, day, clock)),
    )


def _nine_in_ten(session: Session, day: Day, clock: DayNow, lane: Lane) -> int | None:
    """The wait to the first call that nine in ten of a lane did not pass today."""
    query = select(Ticket.issued_at, Ticket.first_called_at).where(*of_day(day), Ticket.lane == lane)
    called = [(row[0], row[1]) for row in session.execute(query)]
    waits = sorted(whole_minutes(without_pauses(since, until, clock.pauses)) for since, until in called if until is not None)
    return waits[ceil(0.9 * len(waits)) - 1] if waits else None


def _exceptions(session: Session, by: Actor, day: Day, clock: DayNow) -> list[Text]:
    """What somebody should look at now, the most pressing first; an empty list is a quiet shift."""
    line = waiting_line(session, day, by.now(), clock)
    over = sum(one.waited >= MAX_WAIT for one in line)
    first = sum(one.lane is Lane.K and one.waited >= LONG_WAIT_FIRST for one in line)
    lead = _count(session, day, Ticket.stage == Stage.SHIFT_LEAD, Ticket.state == TicketState.WAITING)
    missed = _count(session, day, Ticket.state == TicketState.MISSED)
    unprinted = _count(session, day, Ticket.is_printed.is_(False), Ticket.state == TicketState.WAITING)
    said = (
        (over, Text.plural("{n} waits longer than 90 minutes", "{n} wait longer than 90 minutes", n=over)),
        (first, Text.plural("{n} served first waits longer than 20 minutes", "{n} served first wait longer than 20 minutes", n=first)),
        (lead, Text.plural("{n} waits for the shift lead", "{n} wait for the shift lead", n=lead)),
        (missed, Text.plural("{n} is not here, place kept", "{n} are not here, places kept", n=missed)),
        (unprinted, Text.plural("{n} slip is not printed", "{n} slips are not printed", n=unprinted)),
    )
    return [text for number, text in said if number]


def _count(session: Session, day: Day, *where: object) -> int:
    query = select(func.count()).where(*of_day(day), *where)  # type: ignore[arg-type]
    return session.scalar(query) or 0
