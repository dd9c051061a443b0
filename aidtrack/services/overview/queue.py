"""R9: what became of the numbers of a day, how long people waited, and what each window did.

Reads the events of the day's tickets once and folds them; pauses are in no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil
from operator import attrgetter
from statistics import median_high
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Pause, whole_minutes, without_pauses
from aidtrack.domain.queueing import (
    Lane,
    Stage,
    TicketEvent,
    TicketEventKind,
    TicketNow,
    TicketState,
    label,
    ticket_now,
)
from aidtrack.errors import Names, Text
from aidtrack.services.overview.figures import (
    LONG_WAIT,
    ORDINARY_WAIT,
    HourFigures,
    LaneFigures,
    PauseFigures,
    QueueReport,
    Waits,
    WindowFigures,
)
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.store import queueing as store
from aidtrack.store.days import Desk
from aidtrack.store.journal import Operation
from aidtrack.store.stock import Item

_K, _S = TicketEventKind, TicketState
_STAGE_ENDS = {_K.SERVED, _K.MOVED}
OUT_OF_TURN = "call_ticket"


@dataclass(frozen=True, slots=True)
class _Number:
    """A ticket of the day with its events that still count. `wait` is None while it was never called."""

    lane: Lane
    label: str
    issued_at: datetime
    now: TicketNow
    events: tuple[TicketEvent, ...]
    by_hand: bool
    wait: int | None


def count_queue(session: Session, by: Actor, day: date) -> QueueReport:
    """The figures of the queue of a day; of a closed day as it was closed."""
    frame = frame_of(session, by, day)
    numbers = _numbers(session, frame)
    lanes = tuple(_lane(lane, lane.text, [n for n in numbers if n.lane is lane]) for lane in Lane)
    served = [n for n in numbers if n.now.state is _S.SERVED]
    several = [n for n in served if n.lane is Lane.T]
    return QueueReport(
        heading=frame.heading,
        opened=frame.local(frame.now.opened_at).time() if frame.now.opened_at else None,
        closed=frame.local(frame.now.closed_at).time() if frame.now.closed_at else None,
        pauses=tuple(_pause(pause, frame) for pause in frame.now.pauses),
        lanes=lanes,
        total=_lane(None, Text("Total"), numbers),
        hours=_hours(numbers, frame),
        windows=_windows(session, numbers, frame),
        families=sum(max(n.now.families, 1) for n in served),
        families_for_others=sum(max(n.now.families, 1) for n in several),
        tickets_for_others=len(several),
        waited_too_long=tuple(n.label for n in numbers if n.wait is not None and n.wait > LONG_WAIT),
        ordinary_over_an_hour=sum(n.lane is Lane.A and n.wait is not None and n.wait > ORDINARY_WAIT for n in numbers),
        called_out_of_turn=tuple(n.label for n in numbers if n.by_hand),
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(session: Session, frame: Frame) -> list[_Number]:
    ticket = store.Ticket
    query = select(ticket.id, ticket.lane, ticket.number, ticket.issued_at)
    query = query.where(ticket.site_id == frame.site_id, ticket.day == frame.day).order_by(ticket.lane, ticket.number)
    events, by_hand = _events(session, frame)
    found = []
    for ticket_id, lane, number, issued_at in session.execute(query):
        mine = events.get(ticket_id, [])
        if mine:
            found.append(_number((Lane(lane), number, issued_at), mine, ticket_id in by_hand, frame.now.pauses))
    return found


def _events(session: Session, frame: Frame) -> tuple[dict[UUID, list[TicketEvent]], set[UUID]]:
    """The events of every ticket of the day up to its closing, and the tickets that were called first by somebody who named them."""
    event, ticket = store.TicketEvent, store.Ticket
    query = (
        select(
            event.ticket_id,
            event.no,
            event.kind,
            event.at,
            event.desk_id,
            event.stage,
            event.household_id,
            event.undoes_no,
            Operation.kind,
        )
        .join(ticket, ticket.id == event.ticket_id)
        .join(Operation, Operation.id == event.operation_id)
        .where(ticket.site_id == frame.site_id, ticket.day == frame.day, event.at <= frame.until)
        .order_by(event.ticket_id, event.no)
    )
    found: dict[UUID, list[TicketEvent]] = defaultdict(list)
    called: set[UUID] = set()
    by_hand: set[UUID] = set()
    for ticket_id, no, kind, at, desk_id, stage, household_id, undoes, deed in session.execute(query):
        happened = TicketEvent(no, _K(kind), at, desk_id, None, Stage(stage) if stage else None, household_id, undoes)
        found[ticket_id].append(happened)
        if happened.kind is _K.CALLED and ticket_id not in called:
            called.add(ticket_id)
            if deed == OUT_OF_TURN:
                by_hand.add(ticket_id)
    return found, by_hand


def _number(
    row: tuple[Lane, int, datetime], events: list[TicketEvent], by_hand: bool, pauses: Sequence[Pause]
) -> _Number:
    lane, number, issued_at = row
    now = ticket_now(events)
    undone = {e.undoes for e in events if e.kind is _K.UNDONE}
    valid = tuple(e for e in events if e.kind is not _K.UNDONE and e.no not in undone)
    called = now.first_called_at
    wait = None if called is None else whole_minutes(without_pauses(issued_at, called, pauses))
    return _Number(lane, label(lane, number), issued_at, now, valid, by_hand and called is not None, wait)


# ── by line and by hour ──────────────────────────────────────────────────────────────────────────


def _lane(lane: Lane | None, name: Text, numbers: Sequence[_Number]) -> LaneFigures:
    count: Callable[..., int] = lambda *states: sum(n.now.state in states for n in numbers)  # noqa: E731
    return LaneFigures(
        letter=str(lane) if lane else "",
        name=name,
        issued=len(numbers),
        served=count(_S.SERVED),
        not_here=count(_S.MISSED),
        gone=count(_S.LEFT),
        cancelled=count(_S.CANCELLED),
        expired=count(_S.EXPIRED),
        waiting=count(_S.WAITING, _S.CALLED, _S.SERVING, _S.TOMORROW),
        waits=waits_of([n.wait for n in numbers if n.wait is not None]),
    )


def waits_of(minutes: Sequence[int]) -> Waits | None:
    """The middle wait, the one nine in ten did not pass (nearest rank), the longest; None when nobody was called."""
    if not minutes:
        return None
    ordered = sorted(minutes)
    return Waits(median_high(ordered), ordered[ceil(0.9 * len(ordered)) - 1], ordered[-1])


def _pause(pause: Pause, frame: Frame) -> PauseFigures:
    until = frame.local(pause.until).time() if pause.until else None
    return PauseFigures(
        frame.local(pause.since).time(), until, pause.reason.text if pause.reason else None, pause.since
    )


def _hours(numbers: Sequence[_Number], frame: Frame) -> tuple[HourFigures, ...]:
    """From the hour the day was opened, or the first number drawn, to the last one anything happened in."""
    if not numbers:
        return ()
    hour: Callable[[datetime], int] = lambda moment: int(frame.since_midnight(moment))  # noqa: E731
    issued = [hour(n.issued_at) for n in numbers]
    ended = [_end(n) for n in numbers]
    served = [hour(e) for n, e in zip(numbers, ended, strict=True) if e and n.now.state is _S.SERVED]
    gone = [hour(e) for e in ended if e]
    waits: dict[int, list[int]] = defaultdict(list)
    for n in numbers:
        if n.now.first_called_at and n.wait is not None:
            waits[hour(n.now.first_called_at)].append(n.wait)
    opened = [hour(frame.now.opened_at)] if frame.now.opened_at and frame.now.opened_at <= numbers[0].issued_at else []
    span = range(min(issued + opened), max(issued + gone + list(waits)) + 1)
    return tuple(
        HourFigures(
            hour=h,
            issued=issued.count(h),
            served=served.count(h),
            waiting=sum(i <= h for i in issued) - sum(e <= h for e in gone),
            half=median_high(waits[h]) if waits[h] else None,
        )
        for h in span
    )


def _end(number: _Number) -> datetime | None:
    """When it left the line; a number that goes on tomorrow was still in it at the end."""
    return None if number.now.state is _S.TOMORROW else number.now.finished_at


# ── by window ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Visit:
    """A number at a window: from its first call there to the end of its stage."""

    desk_id: UUID
    begin: datetime
    end: datetime
    is_last: bool
    is_stage: bool


def _windows(session: Session, numbers: Iterable[_Number], frame: Frame) -> tuple[WindowFigures, ...]:
    visits = sorted((visit for n in numbers for visit in _visits(n)), key=lambda v: (v.desk_id.int, v.begin))
    by_desk = {desk: list(rows) for desk, rows in groupby(visits, key=attrgetter("desk_id"))}
    query = select(Desk).where(Desk.site_id == frame.site_id).order_by(Desk.number)
    items = {row.id: row.names for row in session.execute(select(Item.id, Item.names).order_by(Item.code))}
    return tuple(
        _window(desk, by_desk[desk.id], items, frame.now.pauses)
        for desk in session.scalars(query)
        if desk.id in by_desk
    )


def _visits(number: _Number) -> list[_Visit]:
    found: list[_Visit] = []
    begun: dict[UUID, datetime] = {}
    for event in number.events:
        if event.desk_id is None:
            continue
        if event.kind in {_K.CALLED, _K.SERVING, _K.REOPENED}:
            begun.setdefault(event.desk_id, event.at)
        elif event.kind in {_K.SERVED, _K.MOVED, _K.NOT_HERE, _K.MISSED, _K.LEFT}:
            begin = begun.pop(event.desk_id, event.at)
            found.append(_Visit(event.desk_id, begin, event.at, event.kind is _K.SERVED, event.kind in _STAGE_ENDS))
    return _with_one_last(found) if number.now.state is _S.SERVED else [v for v in found if not v.is_last]


def _with_one_last(visits: list[_Visit]) -> list[_Visit]:
    """A number reopened and served again was served once, at the last window."""
    last = max((n for n, visit in enumerate(visits) if visit.is_last), default=-1)
    return [visit for n, visit in enumerate(visits) if not visit.is_last or n == last]


def _window(desk: Desk, visits: Sequence[_Visit], items: dict[UUID, Names], pauses: Sequence[Pause]) -> WindowFigures:
    hands_over = Stage.HAND_OVER in desk.stages or any(v.is_last for v in visits)
    counted = [v for v in visits if v.is_last or (v.is_stage and not hands_over)]
    # A family that walked over from another window was not called here: of it only the end is known.
    seconds = [int(without_pauses(v.begin, v.end, pauses).total_seconds()) for v in counted if v.begin < v.end]
    at_work = without_pauses(min(v.begin for v in visits), max(v.end for v in visits), pauses)
    return WindowFigures(
        name=str(desk.number),
        gives=_gives(desk, items),
        registers=Stage.REGISTER in desk.stages,
        hands_over=hands_over,
        seconds_open=int(at_work.total_seconds()),
        served=len(counted),
        seconds_each=median_high(seconds) if seconds else None,
    )


def _gives(desk: Desk, items: dict[UUID, Names]) -> tuple[Names, ...]:
    wanted = {UUID(str(item)) for item in desk.gives or ()}
    return tuple(names for item, names in items.items() if item in wanted)
