"""What may happen to a number, and what all that happened to it adds up to.

A number's state is the fold of its events; undone ones never happened. Owns no clock and no counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from aidtrack.domain.queueing.lanes import Stage
from aidtrack.errors import Refused, Text

CALLS_BEFORE_MISSED = 3
KEPT_FOR = timedelta(minutes=30)
"""So long a number that is not here keeps its place."""


class TicketState(StrEnum):
    """Where a number stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    MISSED = "missed"
    LEFT = "left"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    TOMORROW = "tomorrow"

    @property
    def text(self) -> Text:
        return _STATE_WORDS[self]


_STATE_WORDS = {
    TicketState.WAITING: Text("waiting"),
    TicketState.CALLED: Text("called"),
    TicketState.SERVING: Text("at the window"),
    TicketState.SERVED: Text("served"),
    TicketState.MISSED: Text("not here"),
    TicketState.LEFT: Text("gone"),
    TicketState.CANCELLED: Text("cancelled"),
    TicketState.EXPIRED: Text("no longer valid"),
    TicketState.TOMORROW: Text("moved to tomorrow"),
}
AT_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})
OPEN = AT_WINDOW | {TicketState.WAITING, TicketState.MISSED}
"""States of a number whose family is still in the queue; it keeps its place."""
UNSERVED = frozenset({TicketState.LEFT, TicketState.CANCELLED, TicketState.EXPIRED, TicketState.TOMORROW})


class TicketEventKind(StrEnum):
    """What may happen to a number. TIED, PRINTED, NOT_PRINTED and UNDONE change no state by themselves."""

    ISSUED = "issued"
    TIED = "tied"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    CALLED = "called"
    NOT_HERE = "not_here"
    MISSED = "missed"
    BACK = "back"
    SERVING = "serving"
    MOVED = "moved"
    SERVED = "served"
    REOPENED = "reopened"
    LEFT = "left"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    POSTPONED = "tomorrow"
    UNDONE = "undone"


_K, _S = TicketEventKind, TicketState
ON_PAPER = frozenset({_K.PRINTED, _K.NOT_PRINTED})
"""A failed print leaves the number *not printed*, to be printed again; nobody takes that back."""
_LEADS_TO = {
    _K.CALLED: _S.CALLED,
    _K.NOT_HERE: _S.WAITING,
    _K.MISSED: _S.MISSED,
    _K.BACK: _S.WAITING,
    _K.SERVING: _S.SERVING,
    _K.MOVED: _S.WAITING,
    _K.SERVED: _S.SERVED,
    _K.REOPENED: _S.SERVING,
    _K.LEFT: _S.LEFT,
    _K.CANCELLED: _S.CANCELLED,
    _K.EXPIRED: _S.EXPIRED,
    _K.POSTPONED: _S.TOMORROW,
}
_MAY_FOLLOW = {
    _K.TIED: frozenset(TicketState),
    _K.PRINTED: frozenset(TicketState),
    _K.NOT_PRINTED: frozenset(TicketState),
    _K.CALLED: frozenset({_S.WAITING, _S.CALLED}),
    _K.NOT_HERE: AT_WINDOW,
    _K.MISSED: AT_WINDOW,
    _K.BACK: frozenset({_S.MISSED}) | UNSERVED,
    _K.SERVING: frozenset({_S.WAITING, _S.CALLED, _S.MISSED}),
    _K.MOVED: OPEN,
    _K.SERVED: OPEN,
    _K.REOPENED: frozenset({_S.SERVED}),
    _K.LEFT: OPEN,
    _K.CANCELLED: OPEN,
    _K.EXPIRED: OPEN,
    _K.POSTPONED: OPEN,
}


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One thing that happened to a number; `no` counts the events of that number from 1."""

    no: int
    kind: TicketEventKind
    at: datetime
    desk_id: UUID | None = None
    user_id: UUID | None = None
    stage: Stage | None = None
    household_id: UUID | None = None
    undoes: int | None = None
    to_desk_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TicketNow:
    """What the events of a number add up to. `for_desk_id` is the window it was sent to: only that one calls it."""

    state: TicketState
    stage: Stage
    issued_at: datetime
    since: datetime
    desk_id: UUID | None = None
    for_desk_id: UUID | None = None
    household_id: UUID | None = None
    families: int = 0
    not_here: int = 0
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    is_printed: bool | None = None


def ticket_now(events: Iterable[TicketEvent]) -> TicketNow:
    """The state after `events`, in the order of `no`. Undone events never happened; an undone issue is a cancelled
    number."""
    listed = sorted(events, key=lambda event: event.no)
    undone = {event.undoes for event in listed if event.kind is _K.UNDONE}
    first = listed[0]
    now = TicketNow(_S.WAITING, first.stage or Stage.REGISTER, first.at, first.at)
    if first.no in undone:
        now = replace(now, state=_S.CANCELLED, finished_at=first.at)
    for event in listed:
        if event.no not in undone and event.kind is not _K.UNDONE:
            now = _after(now, event)
    return now


def why_not(now: TicketNow, kind: TicketEventKind) -> Refused | None:
    """Why `kind` cannot happen to the number now, or None if it can."""
    if now.state in _MAY_FOLLOW[kind]:
        return None
    return Refused("ticket-state", Text("This number is: {state}. Look at the queue again.", state=now.state.text))


def _after(now: TicketNow, event: TicketEvent) -> TicketNow:
    if event.kind in (_K.ISSUED, _K.TIED):
        return _tied(now, event)
    if event.kind in ON_PAPER:
        return replace(now, is_printed=event.kind is _K.PRINTED)
    moved = replace(now, state=_LEADS_TO[event.kind], since=event.at, desk_id=event.desk_id or now.desk_id)
    return _TRACES[event.kind](moved, event) if event.kind in _TRACES else moved


def _tied(now: TicketNow, event: TicketEvent) -> TicketNow:
    if event.household_id is None:
        return now
    return replace(now, household_id=now.household_id or event.household_id, families=now.families + 1)


def _called(now: TicketNow, event: TicketEvent) -> TicketNow:
    return replace(now, called_at=event.at, first_called_at=now.first_called_at or event.at, finished_at=None)


def _back_in_line(now: TicketNow, event: TicketEvent) -> TicketNow:
    absent = now.not_here + 1 if event.kind is _K.NOT_HERE else 0
    return replace(now, not_here=absent, returned_at=event.at, desk_id=None, finished_at=None)


def _missed(now: TicketNow, event: TicketEvent) -> TicketNow:
    return replace(now, not_here=now.not_here + 1, finished_at=event.at)


def _serving(now: TicketNow, event: TicketEvent) -> TicketNow:
    called = now.called_at or event.at
    return replace(now, called_at=called, first_called_at=now.first_called_at or event.at, finished_at=None)


def _moved(now: TicketNow, event: TicketEvent) -> TicketNow:
    """To a stage, or to one window; where it goes nobody has called it yet."""
    stage = event.stage or now.stage
    return replace(
        now, stage=stage, desk_id=None, for_desk_id=event.to_desk_id, not_here=0, finished_at=None, returned_at=None
    )


def _finished(now: TicketNow, event: TicketEvent) -> TicketNow:
    called = now.first_called_at or (event.at if event.kind is _K.SERVED else None)
    return replace(now, finished_at=event.at, first_called_at=called)


_TRACES = {
    _K.CALLED: _called,
    _K.NOT_HERE: _back_in_line,
    _K.BACK: _back_in_line,
    _K.MISSED: _missed,
    _K.SERVING: _serving,
    _K.REOPENED: _serving,
    _K.MOVED: _moved,
    _K.SERVED: _finished,
    _K.LEFT: _finished,
    _K.CANCELLED: _finished,
    _K.EXPIRED: _finished,
    _K.POSTPONED: _finished,
}


def not_here_kind(now: TicketNow) -> TicketEventKind:
    """The third call nobody answers makes the number *not here*; before, it goes back into the line and is called
    again."""
    return _K.MISSED if now.not_here + 1 >= CALLS_BEFORE_MISSED else _K.NOT_HERE


def last_undoable(events: Sequence[TicketEvent]) -> TicketEvent | None:
    """The last event of a number that still counts."""
    undone = {event.undoes for event in events if event.kind is _K.UNDONE}
    kept = [event for event in events if event.kind is not _K.UNDONE and event.kind not in ON_PAPER]
    counting = [event for event in kept if event.no not in undone]
    return max(counting, key=lambda event: event.no) if counting else None


def balances(issued: int, by_state: Mapping[TicketState, int]) -> bool:
    """Issued = served + not here + gone + cancelled + expired + open, for every lane and every day."""
    return issued == sum(by_state.values())
