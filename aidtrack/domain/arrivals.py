"""Which operations somebody who waits for news has seen. Two desks may finish in another order than they began, so the newest number
alone tells too little. Owns the counting; asking is `services.journal`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from heapq import nlargest

KEPT = 500
"""So many numbers that did not come are remembered: work that is still being saved, or was given up and never comes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Every number up to `newest` was seen but the `missing` ones."""

    newest: int = 0
    missing: frozenset[int] = frozenset()

    @classmethod
    def beginning(cls, arrivals: Collection[int]) -> Seen:
        """What is known at the start from the newest numbers there are: what lies between them may still come."""
        newest, oldest = max(arrivals, default=0), min(arrivals, default=0)
        return cls(newest, _kept(set(range(oldest, newest)) - set(arrivals)))

    def having(self, arrivals: Collection[int]) -> Seen:
        """After these were seen too, in whatever order they came."""
        newest = max(self.newest, *arrivals) if arrivals else self.newest
        return Seen(newest, _kept({*self.missing, *range(self.newest + 1, newest)} - set(arrivals)))


def _kept(missing: set[int]) -> frozenset[int]:
    return frozenset(nlargest(KEPT, missing))
