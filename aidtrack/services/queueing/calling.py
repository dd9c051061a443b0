"""Calling numbers and what follows: here, not here, back, gone, served, sent on, and the last thing taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayNow
from aidtrack.domain.queueing import (
    ON_PAPER,
    Stage,
    TicketEventKind,
    TicketState,
    last_undoable,
    not_here_kind,
    stage_at,
)
from aidtrack.domain.text import clean
from aidtrack.errors import Conflict, InvalidInput, Problem, Refused, Text
from aidtrack.services.queueing.line import expire_missed, stages_of, who_is_next
from aidtrack.services.queueing.tickets import (
    TicketRow,
    append,
    events_of,
    fold_of,
    label_of,
    locked,
    of_day,
    take_back,
    ticket_row,
)
from aidtrack.services.today import now_of, require_open_day, require_running_day
from aidtrack.store import journal
from aidtrack.store.days import Day, Desk
from aidtrack.store.journal import Operation
from aidtrack.store.queueing import Ticket, TicketEvent


def call_next(session: Session, by: Actor, *, request_id: UUID) -> TicketRow | None:
    """Calls who is next for this window; None when nobody waits. Numbers whose half hour is over expire on the way."""
    by.require(Permission.CALL)
    with journal.operation(session, by, request_id, "call_next", desk_id=by.desk) as op:
        if op.is_repeat:
            called = _called_by(session, op.id)
            return ticket_row(session, called) if called else None
        day = require_running_day(session, by)
        session.execute(select(Day.id).where(Day.id == day.id).with_for_update(key_share=True))
        clock = now_of(session, day.id)
        expire_missed(session, by, day, clock)
        chosen = _taken(session, by, day, clock)
        if chosen is None:
            return None
        ticket, why = chosen
        append(session, by, ticket, TicketEventKind.CALLED, reason=why)
        return ticket_row(session, ticket.id)


def _taken(session: Session, by: Actor, day: Day, clock: DayNow) -> tuple[Ticket, str] | None:
    """The next number, locked. One that somebody else took between looking and locking is passed over."""
    passed: set[UUID] = set()
    stages = stages_of(session, by)
    while (chosen := who_is_next(session, day, by.now(), clock, stages, by.desk, passed)) is not None:
        ticket = locked(session, chosen.id)
        if ticket.state == TicketState.WAITING:
            return ticket, chosen.why.msgid
        passed.add(chosen.id)
    return None


def _called_by(session: Session, operation_id: UUID) -> UUID | None:
    is_call = TicketEvent.kind == TicketEventKind.CALLED
    query = select(TicketEvent.ticket_id).where(TicketEvent.operation_id == operation_id, is_call)
    return session.scalars(query).first()


def call_ticket(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, reason: str) -> TicketRow:
    """Calls one number out of turn, which takes a written reason: it stands in the report of the day. From *not here* it comes back
    first."""
    by.require(Permission.CALL)
    why = clean(reason)
    if not why:
        raise InvalidInput([Problem("reason", Text("Say in a few words why this number is called before others."))])
    facts = {"ticket_id": ticket_id, "desk_id": by.desk, "reason": why}
    with journal.operation(session, by, request_id, "call_ticket", because=why, **facts) as op:
        if not op.is_repeat:
            require_running_day(session, by)
            ticket = locked(session, ticket_id)
            if ticket.state == TicketState.MISSED:
                append(session, by, ticket, TicketEventKind.BACK)
            append(session, by, ticket, TicketEventKind.CALLED, reason=why)
        return ticket_row(session, ticket_id)


def call_again(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """The number that was called to this window, once more."""
    by.require(Permission.CALL)
    with journal.operation(session, by, request_id, "call_again", ticket_id=ticket_id, desk_id=by.desk) as op:
        if not op.is_repeat:
            require_running_day(session, by)
            ticket = locked(session, ticket_id)
            if ticket.state != TicketState.CALLED:
                raise Refused("not-called", Text("This number is not called: {state}.", state=TicketState(ticket.state).text))
            append(session, by, ticket, TicketEventKind.CALLED)
        return ticket_row(session, ticket_id)


def not_here(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """Nobody came: back into the line, called again after three others; the third time *not here*, the place kept. Nobody is missed in
    a pause: whoever was called is in the shelter."""
    return _event(session, by, request_id, ticket_id, None, kind_name="not_here")


def bring_back(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """Somebody came after all: back into the line with the old issue time. After half an hour the shift lead
    decides."""
    by.require(Permission.CALL)
    state = session.scalar(select(Ticket.state).where(Ticket.id == ticket_id))
    if state in (TicketState.EXPIRED, TicketState.CANCELLED):
        by.require(Permission.RESUME)
    return _event(session, by, request_id, ticket_id, TicketEventKind.BACK)


def gone(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """The family said that it leaves."""
    return _event(session, by, request_id, ticket_id, TicketEventKind.LEFT)


def start_serving(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """The family stands at the window."""
    return _event(session, by, request_id, ticket_id, TicketEventKind.SERVING)


def serve(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """Everything is done. A fact: it is taken in a pause too, and for a number that was never called."""
    return _event(session, by, request_id, ticket_id, TicketEventKind.SERVED)


def finish_here(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """What this window does is done: a number goes on from a window that only registers to the hand-over, with its time; else it is
    served."""
    ticket = session.get(Ticket, ticket_id)
    goes_on = ticket is not None and ticket.stage == Stage.REGISTER and Stage.HAND_OVER not in stages_of(session, by)
    if goes_on and _hands_over_somewhere(session, by):
        return move_stage(session, by, request_id=request_id, ticket_id=ticket_id, stage=Stage.HAND_OVER)
    return serve(session, by, request_id=request_id, ticket_id=ticket_id)


def _hands_over_somewhere(session: Session, by: Actor) -> bool:
    query = select(Desk.stages).where(Desk.site_id == by.site, Desk.is_active)
    return any(Stage.HAND_OVER in stages for stages in session.scalars(query))


def reopen_ticket(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID) -> TicketRow:
    """A served number is at the window again: its hand-over was cancelled."""
    return _event(session, by, request_id, ticket_id, TicketEventKind.REOPENED)


def cancel_ticket(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, reason: str) -> TicketRow:
    """Takes a number out of the queue, with a reason. It is never given again."""
    why = clean(reason)
    if not why:
        raise InvalidInput([Problem("reason", Text("Say in a few words why this number is cancelled."))])
    return _event(session, by, request_id, ticket_id, TicketEventKind.CANCELLED, reason=why)


def move_stage(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, stage: Stage) -> TicketRow:
    """Sends the family on to another stage with the same number and the same time of issue."""
    return _event(session, by, request_id, ticket_id, TicketEventKind.MOVED, stage=stage)


def send_to_window(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, desk_id: UUID) -> TicketRow:
    """Sends the family to one window, with the same number and time: only that one calls it, in its turn. It waits there for what it
    waits for already, else for what that window does."""
    by.require(Permission.CALL)
    with journal.operation(session, by, request_id, "send_to_window", ticket_id=ticket_id, desk_id=desk_id) as op:
        if not op.is_repeat:
            window = session.get(Desk, desk_id)
            if window is None or window.site_id != by.site or not window.is_active:
                raise Refused("no-window", Text("This window is not open any more. Choose another one."))
            ticket = locked(session, ticket_id)
            stage = stage_at([Stage(one) for one in window.stages], Stage(ticket.stage))
            append(session, by, ticket, TicketEventKind.MOVED, stage=stage, to_desk_id=desk_id)
        return ticket_row(session, ticket_id)


def _event(
    session: Session,
    by: Actor,
    request_id: UUID,
    ticket_id: UUID,
    kind: TicketEventKind | None,
    *,
    stage: Stage | None = None,
    reason: str = "",
    kind_name: str = "",
) -> TicketRow:
    """One event of one number as one operation, or as part of the one that is open. Without `kind` it is *not here*."""
    by.require(Permission.CALL)
    name = kind_name or f"ticket_{kind}"
    with journal.operation(session, by, request_id, name, because=reason, ticket_id=ticket_id, stage=stage) as op:
        if not op.is_repeat:
            if kind is None:
                require_running_day(session, by)
            ticket = locked(session, ticket_id)
            happened = kind or not_here_kind(fold_of(session, ticket))
            append(session, by, ticket, happened, stage=stage, reason=reason)
        return ticket_row(session, ticket_id)


# ── taking back ──────────────────────────────────────────────────────────────────────────────────


def undo_last(session: Session, by: Actor, *, request_id: UUID) -> TicketRow:
    """Takes back the last thing this person did to the queue at this window today, until the day is signed off."""
    by.require(Permission.CALL)
    with journal.operation(session, by, request_id, "undo_ticket") as op:
        if op.is_repeat:
            return ticket_row(session, _undone_by(session, op.id))
        day = require_open_day(session, by)
        event = _last_of(session, by, day)
        ticket = locked(session, event.ticket_id)
        last = last_undoable(events_of(session, ticket.id))
        if last is None or last.no != event.no:
            raise Conflict("went-on", Text("{label} has gone on meanwhile: look at the queue.", label=label_of(ticket)))
        for no in _of_one_key(session, event):
            take_back(session, by, ticket, no)
        return ticket_row(session, ticket.id)


def _of_one_key(session: Session, event: TicketEvent) -> Sequence[int]:
    """All that the same key did to the number, newest first: one that was *not here* comes back and is called."""
    together = (TicketEvent.operation_id == event.operation_id, TicketEvent.ticket_id == event.ticket_id)
    counts = TicketEvent.kind.not_in((TicketEventKind.UNDONE, *ON_PAPER))
    return session.scalars(select(TicketEvent.no).where(*together, counts).order_by(TicketEvent.no.desc())).all()


def _undone_by(session: Session, operation_id: UUID) -> UUID:
    return session.scalars(select(TicketEvent.ticket_id).where(TicketEvent.operation_id == operation_id).distinct()).one()


_EVENTS = [f"ticket_{kind}" for kind in TicketEventKind]
_BY_HAND = (
    "issue_ticket", "call_next", "call_ticket", "call_again", "tie_ticket", "not_here", "put_off", "issue_for_tomorrow", "send_to_window",
    *_EVENTS,
)  # fmt: skip


def _last_of(session: Session, by: Actor, day: Day) -> TicketEvent:
    """The newest event of this person at this window that still counts. What a hand-over did is undone by cancelling
    it."""
    taken_back = aliased(TicketEvent)
    query = (
        select(TicketEvent)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .join(Operation, Operation.id == TicketEvent.operation_id)
        .where(
            *of_day(day),
            Operation.kind.in_(_BY_HAND),
            _is(Operation.actor_id, by.user_id),
            _is(Operation.desk_id, by.desk_id),
            TicketEvent.kind.not_in((TicketEventKind.UNDONE, TicketEventKind.EXPIRED, *ON_PAPER)),
            ~select(taken_back.id)
            .where(taken_back.ticket_id == TicketEvent.ticket_id, taken_back.undoes_no == TicketEvent.no)
            .exists(),
        )
        .order_by(Operation.arrival.desc(), TicketEvent.no.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        raise Refused("nothing-to-undo", Text("There is nothing to take back at this window."))
    return found


def _is(column: InstrumentedAttribute[UUID | None], value: UUID | None) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value
