"""The queue on one page: lanes, who is first and why, who stands at which window, how long it will take.

Reads only, and without names: what stands here may be seen by the people in the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, whole_minutes, without_pauses
from aidtrack.domain.queueing import (
    AT_WINDOW,
    Lane,
    Stage,
    TicketState,
    Waiting,
    about_minutes,
    first_of_lane,
    in_line_order,
    label,
    next_in_line,
)
from aidtrack.errors import Text
from aidtrack.services.queueing.line import forecast_of, last_calls, stages_of, told_now, waiting_line
from aidtrack.services.queueing.tickets import TicketRow, of_day, ticket_rows
from aidtrack.services.today import now_of
from aidtrack.store.base import by_first
from aidtrack.store.days import Day, Desk, open_day_row
from aidtrack.store.queueing import Ticket


@dataclass(frozen=True, slots=True)
class LineRow:
    """A number in its lane; `is_long` from the lane's threshold on, `is_back` while it waits for its turn again,
    `is_not_printed` while its slip is missing, `for_window` when it was sent to one window and waits for that."""

    id: UUID
    label: str
    minutes: int
    is_long: bool
    is_back: bool
    is_not_printed: bool
    for_window: int | None = None


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane: how many wait, the longest wait, who is first and why."""

    lane: Lane
    waiting: int
    longest_minutes: int
    first_id: UUID | None
    why: Text | None
    line: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window and the number that stands there; minutes since it was called, pauses left out."""

    desk_id: UUID
    number: int
    name: str
    ticket: TicketRow | None
    minutes: int
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class NextRow:
    """Who this window calls next, and why."""

    id: UUID
    label: str
    minutes: int
    why: Text


@dataclass(frozen=True, slots=True)
class QueueBoard:
    """The queue of the open day (`day` None: none is open). `wait_minutes` is what a family that comes now is told."""

    day: date | None = None
    lanes: tuple[LaneRow, ...] = ()
    at_windows: tuple[WindowRow, ...] = ()
    not_here: tuple[TicketRow, ...] = ()
    next: NextRow | None = None
    waiting: int = 0
    served: int = 0
    wait_minutes: int | None = None
    paused_since: datetime | None = None
    paused_minutes: int = 0


def board(session: Session, by: Actor) -> QueueBoard:
    """The queue now; empty while no day is open."""
    day = open_day_row(session, by.site, by.now())
    if day is None:
        return QueueBoard()
    now, clock = by.now(), now_of(session, day.id)
    line = waiting_line(session, day, now, clock)
    return QueueBoard(
        day=day.day,
        lanes=_lanes(session, day, line),
        at_windows=_at_windows(session, day, now, clock),
        not_here=tuple(ticket_rows(session, *of_day(day), Ticket.state == TicketState.MISSED)),
        next=_next(session, by, day, line),
        waiting=len(line),
        served=_served(session, day),
        wait_minutes=about_minutes(told_now(session, day, now, clock).stated),
        paused_since=clock.paused_since,
        paused_minutes=whole_minutes(now - clock.paused_since) if clock.paused_since else 0,
    )


def ahead_of(session: Session, by: Actor, ticket_id: UUID) -> tuple[int, int]:
    """Numbers of the line that are called before this one by the rule of now, and the minutes nine in ten do not pass until then:
    for the slip and the door."""
    day = open_day_row(session, by.site, by.now())
    ticket = session.get(Ticket, ticket_id)
    if day is None or ticket is None or ticket.state != TicketState.WAITING:
        return 0, 0
    now, clock, stage = by.now(), now_of(session, day.id), Stage(ticket.stage)
    own = next(one for one in waiting_line(session, day, now, clock, (stage,)) if one.id == ticket_id)
    told = forecast_of(session, day, now, clock, stage, own)
    return told.ahead, about_minutes(told.stated)


def _lanes(session: Session, day: Day, line: Sequence[Waiting]) -> tuple[LaneRow, ...]:
    calls = last_calls(session, day, tuple(Stage))
    not_printed = select(Ticket.id).where(*of_day(day), Ticket.is_printed.is_(False))
    missing = set(session.scalars(not_printed))
    sent = select(Ticket.id, Desk.number).join(Desk, Desk.id == Ticket.for_desk_id)
    is_waiting = (*of_day(day), Ticket.state == TicketState.WAITING)
    windows = by_first(session, sent.where(*is_waiting))
    return tuple(_lane(lane, line, calls, missing, windows) for lane in Lane)


def _lane(
    lane: Lane, line: Sequence[Waiting], calls: Sequence[Lane], missing: Set[UUID], windows: Mapping[UUID, int]
) -> LaneRow:
    own = in_line_order(line, lane)
    first = first_of_lane(line, lane, calls)
    return LaneRow(
        lane=lane,
        waiting=len(own),
        longest_minutes=max((whole_minutes(w.waited) for w in own), default=0),
        first_id=first.id if first else None,
        why=first.why if first else None,
        line=tuple(_line_row(w, missing, windows.get(w.id)) for w in own),
    )


def _line_row(waiting: Waiting, missing: Set[UUID], window: int | None) -> LineRow:
    return LineRow(
        id=waiting.id,
        label=label(waiting.lane, waiting.number),
        minutes=whole_minutes(waiting.waited),
        is_long=waiting.waited >= waiting.lane.long_wait,
        is_back=waiting.called_since_return is not None,
        is_not_printed=waiting.id in missing,
        for_window=window,
    )


def _at_windows(session: Session, day: Day, now: datetime, clock: DayNow) -> tuple[WindowRow, ...]:
    called = ticket_rows(session, *of_day(day), Ticket.state.in_(AT_WINDOW))
    newest = {row.desk_id: row for row in sorted(called, key=lambda row: row.called_at or row.issued_at)}
    desks = select(Desk.id, Desk.number, Desk.name, Desk.stages).where(Desk.site_id == day.site_id, Desk.is_active)
    return tuple(
        WindowRow(desk_id, number, name, newest.get(desk_id), _minutes(newest.get(desk_id), now, clock), tuple(map(Stage, stages)))
        for desk_id, number, name, stages in session.execute(desks.order_by(Desk.number))
    )


def _minutes(row: TicketRow | None, now: datetime, clock: DayNow) -> int:
    if row is None or row.called_at is None:
        return 0
    return whole_minutes(without_pauses(row.called_at, now, clock.pauses))


def _next(session: Session, by: Actor, day: Day, line: Sequence[Waiting]) -> NextRow | None:
    """For a window by its stages; a computer without a window sees who is next of all."""
    stages = stages_of(session, by) if by.desk_id else tuple(Stage)
    ids = select(Ticket.id).where(*of_day(day), Ticket.state == TicketState.WAITING, Ticket.stage.in_(stages))
    wanted = set(session.scalars(ids))
    ours = [w for w in line if w.id in wanted and (by.desk_id is None or w.may_go_to(by.desk_id))]
    chosen = next_in_line(ours, last_calls(session, day, stages))
    if chosen is None:
        return None
    waited = next(w.waited for w in line if w.id == chosen.id)
    return NextRow(chosen.id, label(chosen.lane, chosen.number), whole_minutes(waited), chosen.why)


def _served(session: Session, day: Day) -> int:
    query = select(func.count()).where(*of_day(day), Ticket.state == TicketState.SERVED)
    return session.scalar(query) or 0
