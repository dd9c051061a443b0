"""How long people will wait: measured visits, and the published rule played forward from the line as it stands.

What a family is told is the wait that nine in ten do not pass, not the average: half of all people would wait longer than that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from math import sqrt
from statistics import median
from uuid import UUID

from aidtrack.domain.queueing.lanes import Lane, Stage
from aidtrack.domain.queueing.order import FEW_FAMILIES, MAX_WAIT, Waiting, in_line_order, turn
from aidtrack.errors import Text

USUAL_VISIT = {
    Stage.REGISTER: timedelta(minutes=5),
    Stage.HAND_OVER: timedelta(minutes=2),
    Stage.SHIFT_LEAD: timedelta(minutes=5),
}
USUAL_COUNTS_AS = 5
"""What is usual weighs like so many measured visits: the first of the morning decide little, the twentieth almost all."""
USUAL_SPREAD = 0.6
"""The spread of visits as a part of their length, where too few were measured."""
LONGEST_COUNTED = 3
"""A visit counts as at most so many middle ones: one long dispute must not frighten everybody."""
MARGIN = 0.4
"""So many standard deviations above the middle, then rounded up: nine in ten do not wait longer (measured, `make bench`)."""
FORECAST_CALLS = 600
_MINUTE = timedelta(minutes=1)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Coming:
    """How many numbers of a lane join the line in a minute, and how long they have waited by then: who was registered first keeps
    the time of the door."""

    a_minute: float
    waited: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a stage goes: how long the newest visits took, the windows at work, those of them that are free, and who comes.

    `turns` are the windows themselves, the free ones first, where numbers may have been sent to one of them.
    """

    visits: tuple[timedelta, ...] = ()
    windows: int = 1
    free: int = 0
    arrivals: Mapping[Lane, Coming] = field(default_factory=dict)
    usual: timedelta = USUAL_VISIT[Stage.REGISTER]
    turns: tuple[UUID, ...] = ()

    def may_call(self, one: Waiting, turn: int) -> bool:
        """Whether the window whose turn it is calls this number; who was sent to a window that is not at work goes to any."""
        return one.window not in self.turns or one.may_go_to(self.turns[turn % len(self.turns)])

    @property
    def measured(self) -> int:
        """On how much the figures rest, in visits."""
        return len(self.visits) + USUAL_COUNTS_AS

    @property
    def each(self) -> float:
        """Minutes of one visit."""
        own = self._counted()
        return (sum(own) + USUAL_COUNTS_AS * (self.usual / _MINUTE)) / self.measured

    @property
    def spread(self) -> float:
        """Minutes by which visits differ from each other."""
        own, each = self._counted(), self.each
        usual = USUAL_COUNTS_AS * (USUAL_SPREAD * each) ** 2
        return sqrt((sum((one - each) ** 2 for one in own) + usual) / self.measured)

    @property
    def between_calls(self) -> float:
        """Minutes from one call to the next while every window works."""
        return self.each / max(self.windows, 1)

    def _counted(self) -> list[float]:
        minutes = [visit / _MINUTE for visit in self.visits]
        most = LONGEST_COUNTED * median(minutes) if minutes else 0
        return [min(one, most) for one in minutes]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a family can be told. `ahead` numbers of those that wait now are called before it; `expected` is the middle of what may
    happen, `stated` the wait that nine in ten do not pass."""

    ahead: int
    expected: timedelta
    stated: timedelta


def forecast(
    line: Sequence[Waiting],
    asks: Waiting,
    pace: Pace,
    last_calls: Sequence[Lane] = (),
    *,
    max_wait: timedelta = MAX_WAIT,
) -> Forecast:
    """When `asks` (in the line, or somebody who would join it now) will be called, by the rule that calls everybody."""
    ahead, later, minutes = _played(line, asks, pace, last_calls, max_wait)
    of_visits = (ahead + later + 1) * (pace.spread / max(pace.windows, 1)) ** 2
    of_measuring = (minutes * pace.spread / pace.each) ** 2 / pace.measured
    of_overtakers = later * pace.between_calls**2
    margin = MARGIN * sqrt(of_visits + of_measuring + of_overtakers) if minutes else 0.0
    return Forecast(ahead, minutes * _MINUTE, (minutes + margin) * _MINUTE)


def _played(
    line: Sequence[Waiting], asks: Waiting, pace: Pace, last_calls: Sequence[Lane], max_wait: timedelta
) -> tuple[int, int, float]:
    """Calls the line by the rule until it is the turn of `asks`: numbers of now and numbers still to come before it, minutes till then."""
    everybody = [one for one in line if one.id != asks.id]
    lanes = {lane: deque(in_line_order([*everybody, asks], lane, max_wait)) for lane in Lane}
    calls, ahead, later, minutes = list(last_calls), 0, 0, 0.0
    come = dict.fromkeys(Lane, 0)
    for n in range(FORECAST_CALLS):
        if n >= pace.free:
            minutes += pace.between_calls
        _let_in(lanes, come, pace, minutes)
        ready = [_later(one, minutes) for lane in Lane for one in _first_of(lanes[lane], pace, n)]
        if not ready:
            continue
        called = turn(ready, calls, max_wait)
        if called.id == asks.id:
            break
        _leave(lanes[called.lane], called)
        calls = [*calls[-1:], called.lane]
        ahead, later = ahead + (called.number > 0), later + (called.number <= 0)
    return ahead, later, minutes


def _first_of(line: deque[Waiting], pace: Pace, turn_no: int) -> list[Waiting]:
    """Whose wait decides whether it is the turn of this lane: the first one's, and of those for several families anybody's, for the more
    families somebody fetches for, the less a minute counts."""
    may = (one for one in line if pace.may_call(one, turn_no))
    return list(may) if line and line[0].lane is Lane.T else list(islice(may, 1))


def _leave(line: deque[Waiting], called: Waiting) -> None:
    del line[next(at for at, one in enumerate(line) if (one.id, one.number) == (called.id, called.number))]


def _let_in(lanes: Mapping[Lane, deque[Waiting]], come: dict[Lane, int], pace: Pace, minutes: float) -> None:
    """Those who will have come by then, one by one at the pace of now; numbers of theirs are below zero."""
    for lane, coming in pace.arrivals.items():
        while come[lane] + 1 <= coming.a_minute * minutes:
            come[lane] += 1
            waited = coming.waited - timedelta(minutes=come[lane] / coming.a_minute)
            _join(lanes[lane], Waiting(_NOBODY, lane, -come[lane], waited, families=FEW_FAMILIES + 1))


def _join(line: deque[Waiting], newcomer: Waiting) -> None:
    """Behind everybody who waits longer."""
    place = len(line)
    while place and line[place - 1].waited < newcomer.waited:
        place -= 1
    line.insert(place, newcomer)


def _later(waiting: Waiting, minutes: float) -> Waiting:
    return replace(waiting, waited=waiting.waited + minutes * _MINUTE)


def about_minutes(stated: timedelta) -> int:
    """A forecast people may be told: to 5 minutes below half an hour, to 10 above, rounded up so that nobody is told
    too little."""
    minutes = int(-(-stated.total_seconds() // 60))
    step = 5 if minutes <= 30 else 10
    return -(-minutes // step) * step


def about_words(minutes: int) -> Text:
    """“about 40 minutes”, or that nobody waits before them."""
    return Text.plural("about {n} minute", "about {n} minutes", n=minutes) if minutes else Text("without waiting")
