"""The line as it stands: who waits and how long by a clock without pauses, who is next, how fast it goes.

Reads, and lets numbers expire that nobody answered for half an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow, without_pauses
from aidtrack.domain.queueing import (
    KEPT_FOR,
    Lane,
    Next,
    Stage,
    TicketEventKind,
    TicketState,
    Waiting,
    expected_wait,
    next_in_line,
)
from aidtrack.services.queueing.tickets import append, locked, of_day
from aidtrack.store.days import Day, Desk
from aidtrack.store.queueing import Ticket, TicketEvent

LAST_SERVED = 20
"""So many of the newest visits measure how fast the line goes."""
ACTIVE_FOR = timedelta(minutes=30)
"""A window that called nobody for so long is not counted as open."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the line goes: measured times at the window, and how many windows work."""

    service_times: tuple[timedelta, ...]
    windows: int

    def wait_behind(self, ahead: int) -> timedelta:
        """The expected wait with so many numbers before."""
        return expected_wait(ahead, self.service_times, self.windows)


@dataclass(frozen=True, slots=True)
class _Call:
    ticket_id: UUID
    lane: Lane
    at: datetime
    desk_id: UUID | None


def stages_of(session: Session, by: Actor) -> tuple[Stage, ...]:
    """What the actor's window does."""
    stages = session.scalars(select(Desk.stages).where(Desk.id == by.desk)).one()
    return tuple(Stage(stage) for stage in stages)


def who_is_next(
    session: Session, day: Day, now: datetime, clock: DayNow, stages: Sequence[Stage], without: Iterable[UUID] = ()
) -> Next | None:
    """The number a window with these stages calls now, and why."""
    left_out = set(without)
    line = [w for w in waiting_line(session, day, now, clock, stages) if w.id not in left_out]
    return next_in_line(line, last_calls(session, day, stages))


def waiting_line(
    session: Session, day: Day, now: datetime, clock: DayNow, stages: Sequence[Stage] = tuple(Stage)
) -> list[Waiting]:
    """Everybody who waits for one of the stages."""
    query = _waiting_columns(day, stages).order_by(Ticket.issued_at, Ticket.number)
    tickets = session.execute(query).all()
    returned = [ticket.returned_at for ticket in tickets if ticket.returned_at is not None]
    calls = _calls(session, day, TicketEvent.at >= min(returned)) if returned else []
    return [
        Waiting(
            id=ticket.id,
            lane=Lane(ticket.lane),
            number=ticket.number,
            waited=without_pauses(ticket.issued_at, now, clock.pauses),
            families=ticket.families,
            called_since_return=_called_since(ticket.id, ticket.lane, ticket.returned_at, calls),
            from_yesterday=ticket.from_id is not None,
        )
        for ticket in tickets
    ]


def _waiting_columns(
    day: Day, stages: Sequence[Stage]
) -> Select[UUID, str, int, datetime, int, datetime | None, UUID | None]:
    """Columns, not entities: some hundred may wait, and the next one is wanted at once."""
    is_waiting = (*of_day(day), Ticket.state == TicketState.WAITING, Ticket.stage.in_(stages))
    return select(
        Ticket.id,
        Ticket.lane,
        Ticket.number,
        Ticket.issued_at,
        Ticket.families,
        Ticket.returned_at,
        Ticket.from_id,
    ).where(*is_waiting)


def _called_since(ticket_id: UUID, lane: str, since: datetime | None, calls: Sequence[_Call]) -> int | None:
    if since is None:
        return None
    return sum(1 for c in calls if c.lane == lane and c.at > since and c.ticket_id != ticket_id)


def last_calls(session: Session, day: Day, stages: Sequence[Stage]) -> list[Lane]:
    """The lanes of the last two calls at windows that share a stage with these, newest last."""
    desks = [
        desk_id
        for desk_id, own in session.execute(select(Desk.id, Desk.stages).where(Desk.site_id == day.site_id))
        if set(own) & set(stages)
    ]
    query = _calls_of(day).where(TicketEvent.desk_id.in_(desks)).order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
    return [Lane(lane) for _ticket, lane, _at, _desk in session.execute(query.limit(2))][::-1]


def _calls(session: Session, day: Day, *where: ColumnElement[bool]) -> list[_Call]:
    query = _calls_of(day).where(*where).order_by(TicketEvent.at)
    return [_Call(ticket, Lane(lane), at, desk) for ticket, lane, at, desk in session.execute(query)]


def _calls_of(day: Day) -> Select[UUID, str, datetime, UUID | None]:
    """The calls of a day that nobody took back."""
    taken_back = aliased(TicketEvent)
    undone = select(taken_back.id).where(
        taken_back.ticket_id == TicketEvent.ticket_id, taken_back.undoes_no == TicketEvent.no
    )
    return (
        select(Ticket.id, Ticket.lane, TicketEvent.at, TicketEvent.desk_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(*of_day(day), TicketEvent.kind == TicketEventKind.CALLED, ~undone.exists())
    )


def expire_missed(session: Session, by: Actor, day: Day, clock: DayNow) -> None:
    """Numbers *not here* whose half hour without pauses is over leave the queue."""
    now = by.now()
    query = select(Ticket.id, Ticket.ended_at).where(*of_day(day), Ticket.state == TicketState.MISSED)
    for ticket_id, missed_at in session.execute(query.order_by(Ticket.id)).all():
        if missed_at and without_pauses(missed_at, now, clock.pauses) >= KEPT_FOR:
            ticket = locked(session, ticket_id)
            if ticket.state == TicketState.MISSED:
                append(session, by, ticket, TicketEventKind.EXPIRED)


def pace(session: Session, day: Day, now: datetime, clock: DayNow) -> Pace:
    """How fast the line went lately: call to end of the newest visits, and the windows that called somebody lately."""
    served = (*of_day(day), Ticket.state == TicketState.SERVED, Ticket.called_at.is_not(None))
    query = select(Ticket.called_at, Ticket.ended_at).where(*served).order_by(Ticket.ended_at.desc()).limit(LAST_SERVED)
    visits = [(called, ended) for called, ended in session.execute(query) if called and ended]
    times = tuple(without_pauses(called, ended, clock.pauses) for called, ended in visits)
    calls = _calls(session, day, TicketEvent.at >= _working_since(now, clock))
    return Pace(times, len({call.desk_id for call in calls if call.desk_id is not None}) or 1)


def _working_since(now: datetime, clock: DayNow) -> datetime:
    """Half an hour ago by a clock that stood still in pauses."""
    paused = timedelta(0)
    for pause in clock.pauses:
        if pause.until is None or pause.until > now - ACTIVE_FOR - paused:
            paused += (pause.until or now) - pause.since
    return now - ACTIVE_FOR - paused
