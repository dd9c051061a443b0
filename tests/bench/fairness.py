"""Is the order fair? Seeded days of a whole centre, played by the published rule and by two others, and what each makes of the waits.

A day has 800 families: nine in ten are registered at one of seven windows and then go to one of two that hand over; who comes again goes
there at once. One in fifteen is not there when its number is called, some of them twice or three times: they are called again, and
whoever was called three times in vain comes back by itself. Times in minutes. Nothing of the program is played but its rules:
`domain.queueing` calls and forecasts.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import accumulate, count
from math import ceil, log, sqrt
from random import Random
from statistics import fmean
from uuid import UUID

from rich.table import Table

from aidtrack.domain.queueing import (
    CALLS_BEFORE_MISSED,
    MAX_WAIT,
    USUAL_VISIT,
    Coming,
    Lane,
    Pace,
    Stage,
    Waiting,
    about_minutes,
    forecast,
    next_in_line,
)

FAMILIES, OPEN_FOR = 800, 600.0
WINDOWS = {Stage.REGISTER: 7, Stage.HAND_OVER: 2}
AT_OPENING, IN_THE_MORNING = 0.1, 0.58
"""So many stand there when the centre opens, and so many of the others come before noon."""
RETURN, SEVERAL = 0.07, 0.02
VISIT = {Stage.REGISTER: (4.6, 0.45), Stage.HAND_OVER: (1.1, 0.5)}
"""Minutes of a visit, and their spread as a part of them."""
ABSENT = (0.04, 0.015, 0.01)
"""So many are not there the first time they are called, the first two times, the first three."""
NOBODY_COMES, COMES_BACK = 0.8, 10.0
"""A window waits so long for somebody who does not come; after the third time the family is back at the desk so much later."""
NEWEST = 40
ASKED_EVERY = 4
SHARES = (0.1, 0.2, 0.3, 0.4)

Order = Callable[[Sequence[Waiting], Sequence[Lane]], Waiting]


def first_come(heads: Sequence[Waiting], _calls: Sequence[Lane]) -> Waiting:
    """Who waits longest, whoever it is."""
    return max(_ready(heads), key=lambda w: w.waited)


def strict(heads: Sequence[Waiting], _calls: Sequence[Lane]) -> Waiting:
    """*Served first* before everybody, always."""
    return max(_ready(heads), key=lambda w: (w.lane is Lane.K, w.waited))


def _ready(heads: Sequence[Waiting]) -> Sequence[Waiting]:
    """Under every order somebody who was not there is not called again at once."""
    return [one for one in heads if one.is_ready()] or heads


def published(heads: Sequence[Waiting], calls: Sequence[Lane]) -> Waiting:
    """The rule that hangs on the wall."""
    chosen = next_in_line(heads, calls)
    return next(one for one in heads if chosen is not None and one.id == chosen.id)


@dataclass
class Family:
    """One number: when it comes, what it still needs, how often nobody will answer, and how long it had waited at each call: the time at
    windows, or away after three calls, is no waiting."""

    id: UUID
    no: int
    lane: Lane
    comes: float
    visits: list[tuple[Stage, float]]
    absent: int = 0
    spent: float = 0.0
    back_after: int | None = None
    waits: list[float] = field(default_factory=list)
    stated: int | None = None

    @property
    def wait(self) -> float:
        """Until the first call."""
        return self.waits[0]


def families(seed: int, share: float, number: int = FAMILIES) -> list[Family]:
    """A day's arrivals: the same for every order, so that orders are compared on the same people."""
    chance = Random(seed)
    times = sorted(_arrival(chance) for _ in range(number))
    everybody = [_family(chance, no, at, share) for no, at in enumerate(times, 1)]
    for family in everybody:
        some = chance.random()
        family.absent = next((n for n, part in enumerate(accumulate(ABSENT), 1) if some < part), 0)
    return everybody


def _arrival(chance: Random) -> float:
    if chance.random() < AT_OPENING:
        return 0.0
    half = OPEN_FOR / 2
    return chance.random() * half + (0.0 if chance.random() < IN_THE_MORNING else half)


def _family(chance: Random, no: int, at: float, share: float) -> Family:
    kind = chance.random()
    lane = Lane.K if kind < share else Lane.M if kind < share + RETURN else Lane.A
    lane = Lane.T if share + RETURN <= kind < share + RETURN + SEVERAL else lane
    stages = [Stage.HAND_OVER] if lane is Lane.M else [Stage.REGISTER, Stage.HAND_OVER]
    return Family(UUID(int=no), no, lane, at, [(stage, _visit(chance, stage)) for stage in stages])


def _visit(chance: Random, stage: Stage) -> float:
    mean, spread = VISIT[stage]
    sigma = sqrt(log(1 + spread**2))
    return chance.lognormvariate(log(mean) - sigma**2 / 2, sigma)


@dataclass
class _Desks:
    """The windows of one stage and the lines before them: those never called here, and those that were not there."""

    stage: Stage
    free: int
    lanes: dict[Lane, deque[Family]] = field(default_factory=lambda: {lane: deque() for lane in Lane})
    back: list[Family] = field(default_factory=list)
    called: int = 0
    calls: list[Lane] = field(default_factory=list)
    visits: deque[timedelta] = field(default_factory=lambda: deque(maxlen=NEWEST))
    came: deque[tuple[float, Lane, float]] = field(default_factory=deque)

    def heads(self, now: float) -> dict[UUID, tuple[Family, Waiting]]:
        """Whoever may be called: the first of each lane, and all that come up again."""
        some = [line[0] for line in self.lanes.values() if line] + self.back
        return {family.id: (family, self.seen(family, now)) for family in some}

    def seen(self, family: Family, now: float) -> Waiting:
        since = None if family.back_after is None else self.called - family.back_after
        waited = timedelta(minutes=now - family.comes)
        return Waiting(family.id, family.lane, family.no, waited, families=4, called_since_return=since)

    def line(self, now: float) -> list[Waiting]:
        everybody = [*(one for lane in self.lanes.values() for one in lane), *self.back]
        return [self.seen(one, now) for one in everybody]

    def join(self, family: Family, now: float) -> None:
        """Into its lane by the time its number was given: who comes from another stage keeps it."""
        line = self.lanes[family.lane]
        line.append(family)
        if len(line) > 1 and line[-2].no > family.no:
            self.lanes[family.lane] = deque(sorted(line, key=lambda one: one.no))
        self.came.append((now, family.lane, now - family.comes))

    def join_again(self, family: Family) -> None:
        family.back_after = self.called
        self.back.append(family)

    def call(self, family: Family, now: float) -> None:
        """To a free window; a number that comes up again is called like any other."""
        if family.back_after is None:
            self.lanes[family.lane].popleft()
        else:
            self.back.remove(family)
        self.free, self.called = self.free - 1, self.called + 1
        self.calls = [*self.calls[-1:], family.lane]
        family.waits.append(now - family.comes - family.spent)

    def pace(self, now: float) -> Pace:
        while self.came and self.came[0][0] < now - 60:
            self.came.popleft()
        hour = max(min(now, 60.0), 10.0)
        arrivals = {}
        for lane in Lane:
            waits = [waited for _, of, waited in self.came if of is lane]
            if waits:
                arrivals[lane] = Coming(len(waits) / hour, timedelta(minutes=fmean(waits)))
        return Pace(tuple(self.visits), WINDOWS[self.stage], self.free, arrivals, USUAL_VISIT[self.stage])


def play(day: Sequence[Family], order: Order, *, asks: bool = False) -> list[Family]:
    """The day from the first family to the last; with `asks` every fourth is told how long it will wait."""
    _Day(order, asks).run(day)
    return list(day)


class _Day:
    """What is still to come, in the order of time."""

    def __init__(self, order: Order, asks: bool) -> None:
        self._order, self._asks = order, asks
        self._desks = {stage: _Desks(stage, windows) for stage, windows in WINDOWS.items()}
        self._to_come: list[tuple[float, int, Callable[[float], None]]] = []
        self._ticks = count()

    def run(self, day: Sequence[Family]) -> None:
        for family in day:
            self._at(family.comes, partial(self._comes, family))
        while self._to_come:
            now, _, happen = heapq.heappop(self._to_come)
            happen(now)
            for desks in self._desks.values():
                while desks.free and (heads := desks.heads(now)):
                    chosen = self._order([waiting for _, waiting in heads.values()], desks.calls)
                    self._call(desks, heads[chosen.id][0], now)

    def _at(self, moment: float, happen: Callable[[float], None]) -> None:
        heapq.heappush(self._to_come, (moment, next(self._ticks), happen))

    def _comes(self, family: Family, now: float) -> None:
        desks = self._desks[family.visits[0][0]]
        if self._asks and not family.waits and family.no % ASKED_EVERY == 0:
            told = forecast(desks.line(now), desks.seen(family, now), desks.pace(now), desks.calls)
            family.stated = about_minutes(told.stated)
        desks.join(family, now)

    def _call(self, desks: _Desks, family: Family, now: float) -> None:
        desks.call(family, now)
        if family.absent:
            self._at(now + NOBODY_COMES, partial(self._nobody_came, desks, family))
        else:
            family.back_after = None
            self._at(now + family.visits[0][1], partial(self._leaves, desks, family))

    def _nobody_came(self, desks: _Desks, family: Family, now: float) -> None:
        desks.free += 1
        family.absent -= 1
        if len(family.waits) < CALLS_BEFORE_MISSED:
            desks.join_again(family)
            return
        family.spent += COMES_BACK
        self._at(now + COMES_BACK, lambda _now: desks.join_again(family))

    def _leaves(self, desks: _Desks, family: Family, now: float) -> None:
        _, took = family.visits.pop(0)
        desks.free += 1
        desks.visits.append(timedelta(minutes=took))
        family.spent += took
        if family.visits:
            self._comes(family, now)


# ── what came of it ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Waits:
    """The waits of many days under one order, in minutes. `bound` is the least the others can wait on average, given how long those
    served first did: what one family is spared another one waits."""

    share: float
    order: str
    first_p90: float
    first_mean: float
    ordinary_mean: float
    ordinary_p90: float
    longest: float
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the order keeps what it promises: quick for those served first, cheap for the others, nobody forgotten."""
        quick = self.first_p90 <= QUICK or self.share > SHARES[1]
        return quick and self.ordinary_mean <= self.bound + SPARE and self.longest <= CAP


QUICK, SPARE = 20.0, 3.0
CAP = MAX_WAIT / timedelta(minutes=1) + 3 * VISIT[Stage.REGISTER][0]
"""The longest wait of the rule, and one visit more, a long one: at every call, in every line, also for those who were not there before."""


def compared(days: int, shares: Iterable[float] = SHARES) -> list[Waits]:
    """The same days under the three orders, for each share of those served first."""
    return [_waits(days, share, order) for share in shares for order in (first_come, published, strict)]


def _waits(days: int, share: float, order: Order) -> Waits:
    everybody = [one for seed in range(days) for one in play(families(seed, share), order)]
    in_turn = [one for seed in range(days) for one in play(families(seed, share), first_come)]
    first = [one.wait for one in everybody if one.lane is Lane.K]
    ordinary = [one.wait for one in everybody if one.lane is Lane.A]
    part = len(first) / len(everybody)
    bound = (fmean(one.wait for one in in_turn) - part * fmean(first)) / (1 - part)
    longest = max(wait for one in everybody for wait in one.waits)
    return Waits(share, order.__name__, nine_in_ten(first), fmean(first), fmean(ordinary), nine_in_ten(ordinary), longest, bound)


def nine_in_ten(waits: Sequence[float]) -> float:
    """The wait that nine in ten do not pass, by nearest rank."""
    return sorted(waits)[ceil(0.9 * len(waits)) - 1]


def told_right(days: int, share: float = 0.2) -> float:
    """Of the families that were told a wait, the part that did not wait longer."""
    told = [one for seed in range(days) for one in play(families(seed, share), published, asks=True) if one.stated]
    return sum(one.wait <= (one.stated or 0) for one in told) / len(told)


def tables(days: int = 200) -> Iterable[Table]:
    """What `make bench` prints."""
    yield _orders(compared(max(days // 10, 4)))
    right = told_right(days)
    said = Table(box=None, pad_edge=False, title=f"What people are told, {days} days")
    for header in ("", "measured", "limit", " "):
        said.add_column(header)
    said.add_row("told a wait and waited no longer", f"{right:.1%}", "85–95 %", "holds" if 0.85 <= right <= 0.95 else "OVER")
    yield said


def _orders(rows: Iterable[Waits]) -> Table:
    made = Table(box=None, pad_edge=False, title="Fair order, minutes from the number to the first call; the longest at any call")
    for header in ("served first", "order", "their 9 in 10", "ordinary mean", "bound", "ordinary 9 in 10", "longest", ""):
        made.add_column(header, justify="left" if header in ("order", "") else "right")
    for row in rows:
        verdict = ("holds" if row.holds else "OVER") if row.order == published.__name__ else ""
        figures = (row.first_p90, row.ordinary_mean, row.bound, row.ordinary_p90, row.longest)
        made.add_row(f"{row.share:.0%}", row.order.replace("_", " "), *(f"{one:.1f}" for one in figures), verdict)
    return made
