"""The queue's rules: lanes, what may happen to a number, who is called next and why, how long people wait.

A ticket's state is the fold of its events. Order follows one published rule (weighted ageing with a cap, and one call
in three for the ordinary line), so that it can hang on the wall. Owns no clock and no counter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from aidtrack.errors import Refused, Text

CALLS_BEFORE_MISSED = 3
TICKETS_BEFORE_RETURN = 3
ORDINARY_ONE_IN = 3
KEPT_FOR = timedelta(minutes=30)
MAX_WAIT = timedelta(minutes=90)
LONG_WAIT = timedelta(minutes=40)
LONG_WAIT_FIRST = timedelta(minutes=20)
FEW_FAMILIES = 3
USUAL_SERVICE = timedelta(minutes=3)
MEASURED_AT_LEAST = 5


class Lane(StrEnum):
    """A line of the day. The letters look and sound alike in Russian, Ukrainian and English, so they are never
    translated."""

    A = "A"
    K = "K"
    M = "M"
    T = "T"

    @property
    def text(self) -> Text:
        return _LANE_WORDS[self]

    @property
    def short(self) -> Text:
        """The name where there is little room."""
        return Text("for several") if self is Lane.T else self.text

    @property
    def digit(self) -> int:
        """The key at the door."""
        return _LANES.index(self) + 1

    @property
    def weight(self) -> float:
        """How fast a minute of waiting counts (domain.md §5.2)."""
        return _WEIGHTS[self]

    @property
    def long_wait(self) -> timedelta:
        """From when a wait is marked as long."""
        return LONG_WAIT_FIRST if self is Lane.K else LONG_WAIT


_LANES = list(Lane)
_WEIGHTS = {Lane.A: 1.0, Lane.K: 2.0, Lane.M: 1.5, Lane.T: 0.8}
_LANE_WORDS = {
    Lane.A: Text("ordinary line"),
    Lane.K: Text("served first"),
    Lane.M: Text("return"),
    Lane.T: Text("for several families"),
}


def lane_of_digit(digit: int) -> Lane:
    """1 ordinary, 2 served first, 3 return, 4 for several families."""
    return _LANES[digit - 1]


class Stage(StrEnum):
    """What a number waits for; a window serves one or more of them."""

    REGISTER = "register"
    HAND_OVER = "hand_over"
    SHIFT_LEAD = "shift_lead"

    @property
    def text(self) -> Text:
        return _STAGE_WORDS[self]


_STAGE_WORDS = {
    Stage.REGISTER: Text("registration"),
    Stage.HAND_OVER: Text("hand-over"),
    Stage.SHIFT_LEAD: Text("shift lead"),
}


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


@dataclass(frozen=True, slots=True)
class TicketNow:
    """What the events of a number add up to."""

    state: TicketState
    stage: Stage
    issued_at: datetime
    since: datetime
    desk_id: UUID | None = None
    household_id: UUID | None = None
    families: int = 0
    not_here: int = 0
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    is_printed: bool | None = None
    last_no: int = 1


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
    return replace(now, last_no=listed[-1].no)


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
    return replace(now, stage=event.stage or now.stage, desk_id=None, not_here=0, finished_at=None)


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


# ── who is next ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number in the line as the order sees it: how long it waits without pauses, and how many of its lane were
    called since it went back into the line (None: it never did)."""

    id: UUID
    lane: Lane
    number: int
    waited: timedelta
    families: int = 0
    called_since_return: int | None = None
    from_yesterday: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """Who is called, and the reason in words that may be said aloud."""

    id: UUID
    lane: Lane
    number: int
    why: Text


def next_in_line(
    waiting: Sequence[Waiting], last_calls: Sequence[Lane], *, max_wait: timedelta = MAX_WAIT
) -> Next | None:
    """The number to call now. `last_calls` are the lanes of the calls before, newest last.

    A number that went back into the line comes up again after the next three of its lane, or when nobody else waits.
    """
    ready = [w for w in waiting if _is_ready(w)] or list(waiting)
    if not ready:
        return None
    ordinary = [w for w in ready if w.lane is Lane.A]
    if ordinary and _ordinary_is_due(last_calls):
        return _chosen(_oldest(ordinary), Text("every third call goes to the ordinary line"))
    turn = min(ready, key=lambda w: (-score(w, max_wait), *_seniority(w))).lane
    first = _oldest([w for w in ready if w.lane is turn])
    return _chosen(first, Text("nobody else waits") if len(ready) == 1 else _why(first, max_wait))


def first_of_lane(
    waiting: Sequence[Waiting], lane: Lane, last_calls: Sequence[Lane], *, max_wait: timedelta = MAX_WAIT
) -> Next | None:
    """Who of this lane comes first, and why."""
    line = [w for w in waiting if w.lane is lane]
    ready = [w for w in line if _is_ready(w)] or line
    if not ready:
        return None
    first = _oldest(ready)
    if lane is Lane.A and _ordinary_is_due(last_calls):
        return _chosen(first, Text("every third call goes to the ordinary line"))
    return _chosen(first, _why(first, max_wait))


def in_line_order(waiting: Sequence[Waiting], lane: Lane) -> list[Waiting]:
    """The numbers of a lane as they will come up, those that wait for their turn again last."""
    line = [w for w in waiting if w.lane is lane]
    return sorted(line, key=lambda w: (not _is_ready(w), *_seniority(w)))


def score(waiting: Waiting, max_wait: timedelta = MAX_WAIT) -> float:
    """Minutes waited × the lane's weight. After `max_wait` every number counts like *served first*, so nobody
    starves."""
    weight = waiting.lane.weight
    if waiting.lane is Lane.T and waiting.families <= FEW_FAMILIES:
        weight = Lane.A.weight
    if waiting.waited >= max_wait:
        weight = max(weight, Lane.K.weight)
    return waiting.waited.total_seconds() / 60 * weight


def _is_ready(waiting: Waiting) -> bool:
    return waiting.called_since_return is None or waiting.called_since_return >= TICKETS_BEFORE_RETURN


def _seniority(waiting: Waiting) -> tuple[bool, timedelta, int]:
    return (not waiting.from_yesterday, -waiting.waited, waiting.number)


def _oldest(line: Sequence[Waiting]) -> Waiting:
    return min(line, key=_seniority)


def _ordinary_is_due(last_calls: Sequence[Lane]) -> bool:
    before = last_calls[-(ORDINARY_ONE_IN - 1) :]
    return len(before) == ORDINARY_ONE_IN - 1 and Lane.A not in before


def _chosen(waiting: Waiting, why: Text) -> Next:
    return Next(waiting.id, waiting.lane, waiting.number, why)


def _why(first: Waiting, max_wait: timedelta) -> Text:
    """The strongest true reason, said so that the people in the line can check it."""
    if first.waited >= max_wait and first.lane is not Lane.K:
        return Text("waits longer than {minutes} minutes", minutes=int(max_wait.total_seconds() // 60))
    if first.from_yesterday:
        return Text("a number from yesterday")
    if first.called_since_return is not None:
        return Text("was not here before; the place was kept")
    if first.lane is Lane.A:
        return Text("waits longest in the ordinary line")
    return _WHY_LANE[first.lane]


_WHY_LANE = {
    Lane.K: Text("served first: a minute counts double"),
    Lane.M: Text("comes again, a short visit"),
    Lane.T: Text("waits longest in this line"),
}


# ── how long ─────────────────────────────────────────────────────────────────────────────────────


def expected_wait(ahead: int, service_times: Sequence[timedelta], windows: int) -> timedelta:
    """How long somebody with `ahead` numbers before them will wait: measured service times, shared by the open windows.

    Until five visits were measured the usual three minutes stand in; the median keeps one long dispute from
    frightening everybody.
    """
    enough = len(service_times) >= MEASURED_AT_LEAST
    each = timedelta(seconds=median(t.total_seconds() for t in service_times)) if enough else USUAL_SERVICE
    return each * ahead / max(windows, 1)


def about_minutes(expected: timedelta) -> int:
    """A forecast people may be told: to 5 minutes below half an hour, to 10 above, rounded up so that nobody is told
    too little."""
    minutes = int(-(-expected.total_seconds() // 60))
    step = 5 if minutes <= 30 else 10
    return -(-minutes // step) * step


def about_text(expected: timedelta) -> Text:
    """“about 40 minutes”, or that it is soon."""
    minutes = about_minutes(expected)
    return Text.plural("about {n} minute", "about {n} minutes", n=minutes) if minutes else Text("without waiting")


def balances(issued: int, by_state: Mapping[TicketState, int]) -> bool:
    """Issued = served + not here + gone + cancelled + expired + open, for every lane and every day."""
    return issued == sum(by_state.values())


def label(lane: Lane, number: int) -> str:
    """«A 17», «K 05»: two digits at least, so that numbers stand under each other."""
    return f"{lane} {number:02}"


def read_label(typed: str) -> tuple[Lane, int] | None:
    """The number somebody reads from a slip: “A 17”, “а17”, “K-05”, in Cyrillic or Latin letters; None if it is
    something else."""
    joined = "".join(c for c in typed.upper() if c.isalnum()).translate(_LATIN)
    letter, digits = joined[:1], joined[1:]
    if letter in set(Lane) and digits.isascii() and digits.isdigit() and 0 < int(digits) < 100_000:
        return Lane(letter), int(digits)
    return None


_LATIN = str.maketrans("АКМТ", "AKMT")
