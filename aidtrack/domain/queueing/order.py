"""Who is called next, and why: weighted ageing with a cap, and one call in three for the ordinary line.

The rule hangs on the wall (`reports.wall`) and is played forward to tell people how long they will wait (`waits`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from aidtrack.domain.queueing.lanes import Lane
from aidtrack.errors import Text

TICKETS_BEFORE_RETURN = 3
ORDINARY_ONE_IN = 3
MAX_WAIT = timedelta(minutes=90)
FEW_FAMILIES = 3



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
    lane = turn(ready, last_calls, max_wait).lane
    first = _oldest([w for w in ready if w.lane is lane])
    if lane is Lane.A and _ordinary_is_due(last_calls):
        return _chosen(first, EVERY_THIRD)
    return _chosen(first, Text("nobody else waits") if len(ready) == 1 else _why(first, max_wait))


def turn(ready: Sequence[Waiting], last_calls: Sequence[Lane], max_wait: timedelta = MAX_WAIT) -> Waiting:
    """Whose lane is called: every third call the ordinary one, else the one where somebody's wait weighs most."""
    ordinary = [w for w in ready if w.lane is Lane.A]
    if ordinary and _ordinary_is_due(last_calls):
        return _oldest(ordinary)
    return min(ready, key=lambda w: (-score(w, max_wait), *_seniority(w)))


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
        return _chosen(first, EVERY_THIRD)
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


EVERY_THIRD = Text("every third call goes to the ordinary line")
_WHY_LANE = {
    Lane.K: Text("served first: a minute counts three times"),
    Lane.M: Text("comes again, a short visit"),
    Lane.T: Text("waits longest in this line"),
}
