"""The lanes of a day, the stages a number goes through, and how a number is written and read.

Owns the letters and weights. Who is called next is `order`, what happened to a number is `numbers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from aidtrack.errors import Text

LONG_WAIT = timedelta(minutes=40)
LONG_WAIT_FIRST = timedelta(minutes=20)


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
        """How fast a minute of waiting counts. Three for *served first*: with two, on a day when people stand there before the
        opening, one in ten of them waits longer than twenty minutes (`make bench`)."""
        return _WEIGHTS[self]

    @property
    def long_wait(self) -> timedelta:
        """From when a wait is marked as long."""
        return LONG_WAIT_FIRST if self is Lane.K else LONG_WAIT


_LANES = list(Lane)
_WEIGHTS = {Lane.A: 1.0, Lane.K: 3.0, Lane.M: 1.5, Lane.T: 0.8}
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


def stage_at(stages: Sequence[Stage], wanted: Stage) -> Stage:
    """What a number waits for at a window: what it waits for already, if that is done there; else what the window does first."""
    return wanted if wanted in stages or not stages else stages[0]


_STAGE_WORDS = {
    Stage.REGISTER: Text("registration"),
    Stage.HAND_OVER: Text("hand-over"),
    Stage.SHIFT_LEAD: Text("shift lead"),
}


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
