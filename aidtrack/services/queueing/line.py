"""The line as it stands: who waits and how long by a clock without pauses, who is next, how fast it goes.

Reads, and lets numbers expire that nobody answered for half an hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, without_pauses
from aidtrack.domain.queueing import (
    AT_WINDOW,
    KEPT_FOR,
    USUAL_VISIT,
    Coming,
    Forecast,
    Lane,
    Next,
    Pace,
    Stage,
    TicketEventKind,
    TicketState,
    Waiting,
    forecast,
    next_in_line,
)
from aidtrack.services.queueing.tickets import append, locked, of_day
from aidtrack.store.days import Day, Desk
from aidtrack.store.journal import Operation
from aidtrack.store.queueing import Ticket, TicketEvent

NEWEST = 40
"""So many of the newest visits measure how fast the line goes."""
ACTIVE_FOR = timedelta(minutes=30)
"""A window that called nobody for so long is not counted as open."""
CALLED_AGAIN = ("call_again", "resume")
"""Operations that call a number a second time: it was its turn before."""
ARRIVING_FOR = timedelta(hours=1)
SHORTEST_LOOK = timedelta(minutes=10)
_SOMEBODY = UUID(int=1)


@dataclass(frozen=True, slots=True)
class _Call:
    ticket_id: UUID
    at: datetime
    desk_id: UUID | None


def stages_of(session: Session, by: Actor) -> tuple[Stage, ...]:
    """What the actor's window does."""
    stages = session.scalars(select(Desk.stages).where(Desk.id == by.desk)).one()
    return tuple(Stage(stage) for stage in stages)


def who_is_next(
    session: Session,
    day: Day,
    now: datetime,
    clock: DayNow,
    stages: Sequence[Stage],
    desk_id: UUID,
    without: Iterable[UUID] = (),
) -> Next | None:
    """The number this window with these stages calls now, and why."""
    left_out = set(without)
    line = [w for w in waiting_line(session, day, now, clock, stages) if w.id not in left_out and w.may_go_to(desk_id)]
    return next_in_line(line, last_calls(session, day, stages))


def waiting_line(
    session: Session, day: Day, now: datetime, clock: DayNow, stages: Sequence[Stage] = tuple(Stage)
) -> list[Waiting]:
    """Everybody who waits for one of the stages."""
    query = _waiting_columns(day, stages).order_by(Ticket.issued_at, Ticket.number)
    tickets = session.execute(query).all()
    returned = [ticket.returned_at for ticket in tickets if ticket.returned_at is not None]
    calls = _calls(session, day, TicketEvent.at >= min(returned)) if returned else []
    done_at = _stages_by_desk(session, day) if returned else {}
    return [
        Waiting(
            id=ticket.id,
            lane=Lane(ticket.lane),
            number=ticket.number,
            waited=without_pauses(ticket.issued_at, now, clock.pauses),
            families=ticket.families,
            called_since_return=_called_since(ticket, calls, done_at),
            from_yesterday=ticket.from_id is not None,
            window=ticket.window,
        )
        for ticket in tickets
    ]


def _waiting_columns(
    day: Day, stages: Sequence[Stage]
) -> Select[UUID, str, int, str, datetime, int, datetime | None, UUID | None, UUID | None]:
    """Columns, not entities: some hundred may wait, and the next one is wanted at once. A window that was closed since lets go of the
    numbers that were sent to it."""
    is_waiting = (*of_day(day), Ticket.state == TicketState.WAITING, Ticket.stage.in_(stages))
    return (
        select(
            Ticket.id,
            Ticket.lane,
            Ticket.number,
            Ticket.stage,
            Ticket.issued_at,
            Ticket.families,
            Ticket.returned_at,
            Ticket.from_id,
            Desk.id.label("window"),
        )
        .outerjoin(Desk, and_(Desk.id == Ticket.for_desk_id, Desk.is_active))
        .where(*is_waiting)
    )


def _called_since(ticket: Any, calls: Sequence[_Call], done_at: Mapping[UUID | None, list[str]]) -> int | None:
    """How many other numbers were called, at windows that might have called this one, since it went back into the line."""
    if ticket.returned_at is None:
        return None
    since = (c for c in calls if c.at > ticket.returned_at and ticket.stage in done_at.get(c.desk_id, ()))
    return len({c.ticket_id for c in since} - {ticket.id})


def _stages_by_desk(session: Session, day: Day) -> dict[UUID | None, list[str]]:
    rows = session.execute(select(Desk.id, Desk.stages).where(Desk.site_id == day.site_id))
    return {desk_id: list(stages) for desk_id, stages in rows}


def last_calls(session: Session, day: Day, stages: Sequence[Stage]) -> list[Lane]:
    """The lanes of the last two calls at windows that share a stage with these, newest last."""
    desks = [desk_id for desk_id, own in _stages_by_desk(session, day).items() if set(own) & set(stages)]
    query = _calls_of(day).where(TicketEvent.desk_id.in_(desks)).order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
    return [Lane(lane) for _ticket, lane, _at, _desk in session.execute(query.limit(2))][::-1]


def _calls(session: Session, day: Day, *where: ColumnElement[bool]) -> list[_Call]:
    query = _calls_of(day).where(*where).order_by(TicketEvent.at)
    return [_Call(ticket, at, desk) for ticket, _lane, at, desk in session.execute(query)]


def _calls_of(day: Day) -> Select[UUID, str, datetime, UUID | None]:
    """The calls of a day that nobody took back. A number that is called again takes no other one's turn, nor gives one."""
    is_call = (TicketEvent.kind == TicketEventKind.CALLED, Operation.kind.not_in(CALLED_AGAIN))
    return (
        select(Ticket.id, Ticket.lane, TicketEvent.at, TicketEvent.desk_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .join(Operation, Operation.id == TicketEvent.operation_id)
        .where(*of_day(day), *is_call, ~_taken_back().exists())
    )


def _taken_back() -> Select[UUID]:
    """The event that takes this one back."""
    later = aliased(TicketEvent)
    return select(later.id).where(later.ticket_id == TicketEvent.ticket_id, later.undoes_no == TicketEvent.no)


def expire_missed(session: Session, by: Actor, day: Day, clock: DayNow) -> None:
    """Numbers *not here* whose half hour without pauses is over leave the queue."""
    now = by.now()
    query = select(Ticket.id, Ticket.ended_at).where(*of_day(day), Ticket.state == TicketState.MISSED)
    for ticket_id, missed_at in session.execute(query.order_by(Ticket.id)).all():
        if missed_at and without_pauses(missed_at, now, clock.pauses) >= KEPT_FOR:
            ticket = locked(session, ticket_id)
            if ticket.state == TicketState.MISSED:
                append(session, by, ticket, TicketEventKind.EXPIRED)


# ── how long ─────────────────────────────────────────────────────────────────────────────────────


def told_now(session: Session, day: Day, now: datetime, clock: DayNow) -> Forecast:
    """What an ordinary family without a card is told that comes now."""
    asks = Waiting(_SOMEBODY, Lane.A, 1, timedelta(0))
    return forecast_of(session, day, now, clock, Stage.REGISTER, asks)


def forecast_of(session: Session, day: Day, now: datetime, clock: DayNow, stage: Stage, asks: Waiting) -> Forecast:
    """How long `asks` waits before the windows of a stage."""
    desks, stages = _windows_of(session, day, stage)
    line = waiting_line(session, day, now, clock, stages)
    return forecast(line, asks, pace(session, day, now, clock, stage, desks), last_calls(session, day, stages))


def _windows_of(session: Session, day: Day, stage: Stage) -> tuple[list[UUID], tuple[Stage, ...]]:
    """The windows that do this, and everything they do: who waits for it stands in one line with all of that."""
    query = select(Desk.id, Desk.stages).where(Desk.site_id == day.site_id, Desk.is_active)
    found = [(desk, stages) for desk, stages in session.execute(query) if stage in stages]
    together = {Stage(one) for _, stages in found for one in stages}
    return [desk for desk, _ in found], tuple(together or {stage})


def pace(session: Session, day: Day, now: datetime, clock: DayNow, stage: Stage, desks: Sequence[UUID]) -> Pace:
    """How fast these windows went lately."""
    since = _working_since(now, clock)
    calls = _calls(session, day, TicketEvent.at >= since, TicketEvent.desk_id.in_(desks))
    working = {call.desk_id for call in calls if call.desk_id}
    windows = working or set(desks)
    busy = select(Ticket.desk_id).where(*of_day(day), Ticket.state.in_(AT_WINDOW), Ticket.desk_id.in_(desks))
    free = windows - set(session.scalars(busy))
    turns = tuple(sorted(windows, key=lambda window: (window not in free, window)))
    visits, arrivals = _visits(session, day, desks, clock), _arrivals(session, day, now, clock, stage)
    return Pace(visits, len(windows) or 1, len(free), arrivals, USUAL_VISIT[stage], turns)


def _visits(session: Session, day: Day, desks: Sequence[UUID], clock: DayNow) -> tuple[timedelta, ...]:
    """The newest visits at these windows from the last call to the end; who was not called there is in none."""
    begin = aliased(TicketEvent)
    called = (
        select(func.max(begin.at, type_=TicketEvent.at.type))
        .where(
            begin.ticket_id == TicketEvent.ticket_id, begin.desk_id == TicketEvent.desk_id, begin.no < TicketEvent.no
        )
        .where(begin.kind == TicketEventKind.CALLED)
        .scalar_subquery()
    )
    ends = (TicketEventKind.SERVED, TicketEventKind.MOVED)
    query = (
        select(called, TicketEvent.at)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(*of_day(day), TicketEvent.kind.in_(ends), TicketEvent.desk_id.in_(desks), ~_taken_back().exists())
        .order_by(TicketEvent.at.desc())
        .limit(NEWEST)
    )
    visits: Sequence[tuple[datetime | None, datetime]] = [(row[0], row[1]) for row in session.execute(query)]
    return tuple(without_pauses(since, until, clock.pauses) for since, until in visits if since is not None)


def _arrivals(session: Session, day: Day, now: datetime, clock: DayNow, stage: Stage) -> dict[Lane, Coming]:
    """Who joined this line in the last hour, lane by lane."""
    hour_ago = _moving_back(now, clock, ARRIVING_FOR)
    since = max(hour_ago, clock.opened_at or hour_ago)
    joins = (TicketEventKind.ISSUED, TicketEventKind.MOVED)
    query = (
        select(Ticket.lane, Ticket.issued_at, TicketEvent.at)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(*of_day(day), TicketEvent.kind.in_(joins), TicketEvent.stage == stage, TicketEvent.at > since)
    )
    waited: dict[Lane, list[float]] = defaultdict(list)
    for lane, issued, at in session.execute(query):
        waited[Lane(lane)].append(without_pauses(issued, at, clock.pauses).total_seconds())
    minutes = max(without_pauses(since, now, clock.pauses), SHORTEST_LOOK) / timedelta(minutes=1)
    return {lane: Coming(len(all_) / minutes, timedelta(seconds=fmean(all_))) for lane, all_ in waited.items()}


def _working_since(now: datetime, clock: DayNow) -> datetime:
    return _moving_back(now, clock, ACTIVE_FOR)


def _moving_back(now: datetime, clock: DayNow, span: timedelta) -> datetime:
    """So long ago by a clock that stood still in pauses."""
    paused = timedelta(0)
    for pause in reversed(clock.pauses):
        if pause.until is None or pause.until > now - span - paused:
            paused += (pause.until or now) - pause.since
    return now - span - paused
