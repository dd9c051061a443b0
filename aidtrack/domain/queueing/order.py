"""Who is called next, and why: weighted ageing, one call in three for the ordinary line, and a cap that stands above both.

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
    """A number in the line as the order sees it: how long it waits without pauses, how many others were called before the same windows
    since it went back into the line (None: it never did), and the window it was sent to, which alone calls it."""

    id: UUID
    lane: Lane
    number: int
    waited: timedelta
    families: int = 0
    called_since_return: int | None = None
    from_yesterday: bool = False
    window: UUID | None = None

    def may_go_to(self, window: UUID) -> bool:
        """Whether this window calls it when its turn has come."""
        return self.window in (None, window)

    def is_ready(self, max_wait: timedelta = MAX_WAIT) -> bool:
        """Whether it may be called: a number that was not here comes up again after the next three, of whichever lane, for three of its own
        would take a slow lane the whole morning; over the cap already after one."""
        others = 1 if _is_over(self, max_wait) else TICKETS_BEFORE_RETURN
        return self.called_since_return is None or self.called_since_return >= others


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

    A number that went back into the line comes up again after the next three, over the cap after one, or when nobody else waits.
    """
    ready = [w for w in waiting if w.is_ready(max_wait)] or list(waiting)
    if not ready:
        return None
    first = turn(ready, last_calls, max_wait)
    return _chosen(first, _why(first, last_calls, max_wait, is_alone=len(ready) == 1))


def turn(ready: Sequence[Waiting], last_calls: Sequence[Lane], max_wait: timedelta = MAX_WAIT) -> Waiting:
    """Whose turn it is: whoever waits longest over the cap, before all lanes; else every third call the ordinary line; else the lane
    where somebody's wait weighs most. So nobody over the cap is passed by anyone who waits less."""
    over = [w for w in ready if _is_over(w, max_wait)]
    if over:
        return _oldest(over, max_wait)
    ordinary = [w for w in ready if w.lane is Lane.A]
    if ordinary and _ordinary_is_due(last_calls):
        return _oldest(ordinary, max_wait)
    heaviest = min(ready, key=lambda w: (-score(w), *_seniority(w, max_wait)))
    return _oldest([w for w in ready if w.lane is heaviest.lane], max_wait)


def first_of_lane(
    waiting: Sequence[Waiting], lane: Lane, last_calls: Sequence[Lane], *, max_wait: timedelta = MAX_WAIT
) -> Next | None:
    """Who of this lane comes first, and why."""
    line = in_line_order(waiting, lane, max_wait)
    return _chosen(line[0], _why(line[0], last_calls, max_wait)) if line else None


def in_line_order(waiting: Sequence[Waiting], lane: Lane, max_wait: timedelta = MAX_WAIT) -> list[Waiting]:
    """The numbers of a lane as they will come up, those that wait for their turn again last."""
    line = [w for w in waiting if w.lane is lane]
    return sorted(line, key=lambda w: (not w.is_ready(max_wait), *_seniority(w, max_wait)))


def score(waiting: Waiting) -> float:
    """Minutes waited × the lane's weight."""
    weight = waiting.lane.weight
    if waiting.lane is Lane.T and waiting.families <= FEW_FAMILIES:
        weight = Lane.A.weight
    return waiting.waited.total_seconds() / 60 * weight


def _is_over(waiting: Waiting, max_wait: timedelta) -> bool:
    return waiting.waited >= max_wait


def _seniority(waiting: Waiting, max_wait: timedelta) -> tuple[bool, bool, timedelta, int]:
    """Over the cap the wait alone decides; below it a number from yesterday comes first."""
    over = _is_over(waiting, max_wait)
    return not over, not (over or waiting.from_yesterday), -waiting.waited, waiting.number


def _oldest(line: Sequence[Waiting], max_wait: timedelta) -> Waiting:
    return min(line, key=lambda w: _seniority(w, max_wait))


def _ordinary_is_due(last_calls: Sequence[Lane]) -> bool:
    before = last_calls[-(ORDINARY_ONE_IN - 1) :]
    return len(before) == ORDINARY_ONE_IN - 1 and Lane.A not in before


def _chosen(waiting: Waiting, why: Text) -> Next:
    return Next(waiting.id, waiting.lane, waiting.number, why)


def _why(first: Waiting, last_calls: Sequence[Lane], max_wait: timedelta, *, is_alone: bool = False) -> Text:
    """The strongest true reason, said so that the people in the line can check it."""
    if _is_over(first, max_wait):
        return Text("waits longer than {minutes} minutes", minutes=int(max_wait.total_seconds() // 60))
    if first.lane is Lane.A and _ordinary_is_due(last_calls):
        return EVERY_THIRD
    if is_alone:
        return Text("nobody else waits")
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
