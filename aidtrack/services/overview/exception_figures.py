"""The lines of R10 as values: what somebody answers for at the end of a day, each with when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from aidtrack.errors import Names, Text


@dataclass(frozen=True, slots=True)
class CancelledFigures:
    """A hand-over cancelled that day: when, at which window, which line of which sheet, how much, where the goods are, why: the reason as
    it was written, or what it was part of where nobody was asked for one.
    """

    at: time
    window: str
    signed: str
    units: int
    goods: Text
    reason: str
    part_of: Text | None = None


@dataclass(frozen=True, slots=True)
class MoreFigures:
    """A line of more than its rule allows: who allowed it and why; or how it came to that where nobody was asked: it had happened."""

    at: time
    window: str
    names: Names
    allowed: int
    given: int
    why: Text | None = None
    note: str = ""
    approver: str = ""
    happened: Text | None = None

    @property
    def allowed_by(self) -> Text | None:
        """“Olha K.: special need, a baby of three weeks”, or “given on paper”."""
        if self.why is None:
            return self.happened
        why = Text("{why}, {note}", why=self.why, note=self.note) if self.note else self.why
        return Text("{who}: {why}", who=self.approver, why=why)


@dataclass(frozen=True, slots=True)
class DeedFigures:
    """Something out of the ordinary that was done: how often, and the reasons that were written down."""

    name: Text
    count: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookUpFigures:
    """A family somebody opened and did nothing for that day; who it was stands in the journal, not on paper."""

    at: time
    card_tail: str
    how: Text
    times: int


@dataclass(frozen=True, slots=True)
class TurnedAwayFigures:
    """A family that was told “not today” at the door, and from when; `came_in` says that it took a number all the same."""

    at: time
    card_tail: str
    said: Text
    next_day: date | None
    came_in: bool


@dataclass(frozen=True, slots=True)
class DeclaredFigures:
    """Families that declared an item by the stamps of another centre's card; it counts only where a rule says so."""

    names: Names
    stamped_on: date
    families: int


@dataclass(frozen=True, slots=True)
class NewHomeFigures:
    """A line that was due only because a new home has its own: members had the item with another card before."""

    at: time
    window: str
    signed: str
    names: Names
    given: int
