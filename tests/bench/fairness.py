"""Is the order fair? Seeded days of a whole centre, played by the published rule and by two others, and what each makes of the waits.

A day has 800 families: nine in ten are registered at one of seven windows and then go to one of two that hand over; who comes again goes
there at once. Times in minutes. Nothing of the program is played but its rules: `domain.queueing` calls and forecasts.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from math import ceil, log, sqrt
from random import Random
from statistics import fmean
from uuid import UUID

from rich.table import Table

from aidtrack.domain.queueing import (
    MAX_WAIT,
    USUAL_VISIT,
    Coming,
    Lane,
    Pace,
    Stage,
    Waiting,
    about_minutes,
    forecast,
    turn,
)

FAMILIES, OPEN_FOR = 800, 600.0
WINDOWS = {Stage.REGISTER: 7, Stage.HAND_OVER: 2}
AT_OPENING, IN_THE_MORNING = 0.1, 0.58
"""So many stand there when the centre opens, and so many of the others come before noon."""
RETURN, SEVERAL = 0.07, 0.02
VISIT = {Stage.REGISTER: (4.6, 0.45), Stage.HAND_OVER: (1.1, 0.5)}
"""Minutes of a visit, and their spread as a part of them."""
NEWEST = 40
ASKED_EVERY = 4
SHARES = (0.1, 0.2, 0.3, 0.4)

Order = Callable[[Sequence[Waiting], Sequence[Lane]], Waiting]


def first_come(heads: Sequence[Waiting], _calls: Sequence[Lane]) -> Waiting:
    """Who waits longest, whoever it is."""
    return max(heads, key=lambda w: w.waited)


def strict(heads: Sequence[Waiting], _calls: Sequence[Lane]) -> Waiting:
    """*Served first* before everybody, always."""
    return max(heads, key=lambda w: (w.lane is Lane.K, w.waited))


def published(heads: Sequence[Waiting], calls: Sequence[Lane]) -> Waiting:
    """The rule that hangs on the wall."""
    return turn(heads, calls)


@dataclass
class Family:
    """One number: when it comes, what it still needs, and when it was called first."""

    id: UUID
    no: int
    lane: Lane
    comes: float
    visits: list[tuple[Stage, float]]
    called: float | None = None
    stated: int | None = None

    @property
    def wait(self) -> float:
        assert self.called is not None
        return self.called - self.comes


def families(seed: int, share: float, number: int = FAMILIES) -> list[Family]:
    """A day's arrivals: the same for every order, so that orders are compared on the same people."""
    chance = Random(seed)
    times = sorted(_arrival(chance) for _ in range(number))
    return [_family(chance, no, at, share) for no, at in enumerate(times, 1)]


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
    """The windows of one stage and the lines before them."""

    stage: Stage
    free: int
    lanes: dict[Lane, deque[Family]] = field(default_factory=lambda: {lane: deque() for lane in Lane})
    calls: list[Lane] = field(default_factory=list)
    visits: deque[timedelta] = field(default_factory=lambda: deque(maxlen=NEWEST))
    came: deque[tuple[float, Lane, float]] = field(default_factory=deque)

    def heads(self, now: float) -> list[Waiting]:
        return [_seen(line[0], now) for line in self.lanes.values() if line]

    def join(self, family: Family, now: float) -> None:
        """Into its lane by the time its number was given: who comes from another stage keeps it."""
        line = self.lanes[family.lane]
        line.append(family)
        if len(line) > 1 and line[-2].no > family.no:
            self.lanes[family.lane] = deque(sorted(line, key=lambda one: one.no))
        self.came.append((now, family.lane, now - family.comes))

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


def _seen(family: Family, now: float) -> Waiting:
    return Waiting(family.id, family.lane, family.no, timedelta(minutes=now - family.comes), families=4)


def play(day: Sequence[Family], order: Order, *, asks: bool = False) -> list[Family]:
    """The day from the first family to the last; with `asks` every fourth is told how long it will wait."""
    desks = {stage: _Desks(stage, windows) for stage, windows in WINDOWS.items()}
    ticks = count()
    events: list[tuple[float, int, Family]] = [(family.comes, next(ticks), family) for family in day]
    heapq.heapify(events)
    while events:
        now, _, family = heapq.heappop(events)
        if family.called is not None:
            _leave(desks, family)
        if family.visits:
            at = desks[family.visits[0][0]]
            if asks and family.called is None and family.no % ASKED_EVERY == 0:
                family.stated = _told(at, family, now)
            at.join(family, now)
        for each in desks.values():
            while each.free and (heads := each.heads(now)):
                chosen = each.lanes[order(heads, each.calls).lane].popleft()
                each.free -= 1
                each.calls = [*each.calls[-1:], chosen.lane]
                chosen.called = now if chosen.called is None else chosen.called
                heapq.heappush(events, (now + chosen.visits[0][1], next(ticks), chosen))
    return list(day)


def _leave(desks: dict[Stage, _Desks], family: Family) -> None:
    stage, took = family.visits.pop(0)
    desks[stage].free += 1
    desks[stage].visits.append(timedelta(minutes=took))


def _told(at: _Desks, family: Family, now: float) -> int:
    line = [_seen(one, now) for lane in at.lanes.values() for one in lane]
    return about_minutes(forecast(line, _seen(family, now), at.pace(now), at.calls).stated)


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
"""The longest wait of the rule, and one visit more: a long one."""


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
    longest = max(one.wait for one in everybody)
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
    made = Table(box=None, pad_edge=False, title="Fair order, minutes from the number to the first call")
    for header in ("served first", "order", "their 9 in 10", "ordinary mean", "bound", "ordinary 9 in 10", "longest", ""):
        made.add_column(header, justify="left" if header in ("order", "") else "right")
    for row in rows:
        verdict = ("holds" if row.holds else "OVER") if row.order == published.__name__ else ""
        figures = (row.first_p90, row.ordinary_mean, row.bound, row.ordinary_p90, row.longest)
        made.add_row(f"{row.share:.0%}", row.order.replace("_", " "), *(f"{one:.1f}" for one in figures), verdict)
    return made
