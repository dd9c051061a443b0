"""The figures of what is told in the evening about the time after: enough for how long, what expires, what to ask for, what the next
shift takes over.

Owns the dataclasses and what follows from them alone, like `figures` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from aidtrack.errors import Names, Text
from aidtrack.services.overview.figures import Heading, LaneFigures, SaidFigures
from aidtrack.services.promises import Expected


@dataclass(frozen=True, slots=True)
class EnoughLine:
    """An item some rule gives. `families` it is enough for (rounded down) until about `until`; `waiting` now in line; `to_come` those
    whom it is for and who have not had it; `expected` what is announced.
    """

    names: Names
    unit: Text
    can_be_given: int
    units: int
    of_families: int
    families: int
    until: time | None
    waiting: int
    to_come: int
    expected: Expected | None

    @property
    def is_short(self) -> bool:
        """Not enough for those who wait now."""
        return self.families < self.waiting

    @property
    def is_enough_for_all(self) -> bool:
        """Enough for everybody who may still come."""
        return self.can_be_given * self.of_families >= self.to_come * self.units


@dataclass(frozen=True, slots=True)
class Supply:
    """R6: each item against the families who wait and those who may still come."""

    heading: Heading
    lines: tuple[EnoughLine, ...]
    waiting: int
    families_per_hour: int
    opens_at: time


@dataclass(frozen=True, slots=True)
class ExpiringLine:
    """A batch with a last day: `left` units of it will still lie there then, at the present pace of `a_day` units."""

    names: Names
    unit: Text
    lot: str
    use_by: date
    days: int
    quantity: int
    a_day: int
    left: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """R7: what has a last day, first expiring first."""

    heading: Heading
    lines: tuple[ExpiringLine, ...]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An item to ask for: needed − can be given − announced = ask, never below nothing."""

    names: Names
    unit: Text
    needed: int
    can_be_given: int
    announced: int
    ask: int


@dataclass(frozen=True, slots=True)
class GoodsRequest:
    """R19: what tomorrow needs, for as many families as today and the numbers that were moved to tomorrow."""

    heading: Heading
    lines: tuple[RequestLine, ...]
    served: int
    moved: int

    @property
    def families(self) -> int:
        """How many families are expected."""
        return self.served + self.moved


@dataclass(frozen=True, slots=True)
class ShiftWindow:
    """A window: hand-overs that stand, its last sheet and line (empty: none), lines nobody is written for, lines counted on paper."""

    window: int
    hand_overs: int
    last: str
    missing: tuple[str, ...]
    counted: int | None


@dataclass(frozen=True, slots=True)
class ShiftRoll:
    """A paper roll: from and to which number, the last one known to be given (empty: none), how many are left."""

    first: str
    last: str
    given_to: str
    left: int


@dataclass(frozen=True, slots=True)
class ShiftBadges:
    """Badges of a role: made, taken, ended or dead."""

    role: Text
    made: int
    taken: int
    ended: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """The hand-over of a shift. `open_rows` are things of the checklist that are not settled: what, and its figures; `explained` those a
    sentence was said about.
    """

    heading: Heading
    at: datetime
    windows: tuple[ShiftWindow, ...]
    lanes: tuple[LaneFigures, ...]
    total: LaneFigures
    not_printed: int
    rolls: tuple[ShiftRoll, ...]
    badges: tuple[ShiftBadges, ...]
    kits: tuple[datetime, ...]
    open_rows: tuple[tuple[Text, Text], ...]
    explained: tuple[SaidFigures, ...] = ()
