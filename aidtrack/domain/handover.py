"""What one family takes away at one time: its draft, its rules, sheet and line of the signature, the people counted.

Owns values and rules of a hand-over and of its cancelling. What a family may have is `domain.entitlement`, goods are
`domain.stock`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from aidtrack.errors import Problem, Refused, Text

LINES_PER_SHEET = 20
"""Rows on one sign-off sheet (paper.md §8, R12)."""


class GoodsAre(StrEnum):
    """Where the goods of a cancelled hand-over are now. The order is the order of the digits on the screen."""

    BACK_ON_SHELF = "shelf"
    OTHER_FAMILY = "other_household"
    SET_ASIDE = "set_aside"
    NEVER_LEFT = "never_left"

    @property
    def text(self) -> Text:
        return _GOODS_WORDS[self]


_GOODS_WORDS = {
    GoodsAre.BACK_ON_SHELF: Text("back on shelf"),
    GoodsAre.OTHER_FAMILY: Text("with another family (scan the card)"),
    GoodsAre.SET_ASIDE: Text("set aside to check"),
    GoodsAre.NEVER_LEFT: Text("never left"),
}


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What is to be given of one rule's item; 0 says the family does not want it today.

    `seen` says how many lie on the shelf where the book is short: they are counted on the spot before they are given.
    `size_id` is the item of the size that is given, where the rule's item comes in sizes; None gives what has no size.
    """

    rule_id: UUID
    quantity: int
    seen: int | None = None
    size_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    """A hand-over as the window filled it. Nothing in it is trusted: the allowance is read again under the lock."""

    household_id: UUID
    lines: tuple[LineDraft, ...]
    ticket_id: UUID | None = None
    collector_person_id: UUID | None = None
    collector_text: str = ""


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """Why one line cannot be given as asked, and how much of it can."""

    rule_id: UUID
    possible: int
    text: Text


class LinesRefused(Refused):
    """Some lines cannot be given as asked; nothing was booked. The window keeps all the others."""

    def __init__(self, code: str, lines: Sequence[LineTrouble]) -> None:
        assert lines, "a refusal of lines names at least one"
        super().__init__(code, lines[0].text)
        self.lines = tuple(lines)


def draft_problems(draft: HandOverDraft, member_ids: AbstractSet[UUID]) -> list[Problem]:
    """Everything wrong with the draft itself, before any allowance is looked at."""
    found = []
    rules = [line.rule_id for line in draft.lines]
    if any(line.quantity < 0 for line in draft.lines) or len(rules) != len(set(rules)):
        found.append(Problem("lines", Text("Each item can stand in a hand-over once, with a number from 0 up.")))
    elif not any(line.quantity for line in draft.lines):
        found.append(Problem("lines", Text("Nothing is to be given: type how many of at least one item.")))
    if draft.collector_person_id is None and not draft.collector_text:
        found.append(
            Problem("collector", Text("Who is collecting? Press a digit of the family, or 0 for somebody else."))
        )
    elif draft.collector_person_id is not None and draft.collector_person_id not in member_ids:
        found.append(Problem("collector", Text("This person is not in the family. Press 0 for somebody else.")))
    return found


def over_allowance(
    lines: Iterable[LineDraft], allowed: Mapping[UUID, int], names: Mapping[UUID, Mapping[str, str]]
) -> list[LineTrouble]:
    """The lines that ask for more than may be given here now, with what may."""
    asked = [(line, allowed.get(line.rule_id, 0)) for line in lines]
    return [
        LineTrouble(line.rule_id, possible, _too_much(names.get(line.rule_id), possible))
        for line, possible in asked
        if line.quantity > possible
    ]


def _too_much(name: Mapping[str, str] | None, allowed: int) -> Text:
    if name is None:
        return Text("This item is not given to this family.")
    if not allowed:
        return Text("{item}: not today. It was given meanwhile, or the rule changed.", item=name)
    return Text("{item}: {allowed} can be given now. More needs the shift lead.", item=name, allowed=allowed)


def ticket_is_settled(due: Mapping[UUID, int], settled: AbstractSet[UUID]) -> bool:
    """Whether nothing is left to do at any window: each rule with something due was given or declined."""
    return all(rule in settled for rule, quantity in due.items() if quantity > 0)


def allowed_per_pick(allowed: int, picks: Sequence[int]) -> list[int]:
    """`allowed` spread over the batches it was taken from: the sum stays, only the last one can show less given."""
    *full, _last = picks
    return [*full, allowed - sum(full)]


# ── sheet and line of the signature ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Where the family signs: window, sheet of the day, line on it; written `2-03/12`."""

    window: str
    sheet: int
    line: int

    @classmethod
    def of(cls, window: str, number: int) -> SheetLine:
        """The place of the window's `number`-th hand-over of the day, counted from 1."""
        sheet, line = divmod(number - 1, LINES_PER_SHEET)
        return cls(window, sheet + 1, line + 1)

    def __str__(self) -> str:
        return f"{self.window}-{self.sheet:02}/{self.line:02}"

    @property
    def text(self) -> Text:
        """`sheet 2-07, line 18`, as the window shows it under the main button."""
        return Text("sheet {sheet}, line {line}", sheet=f"{self.window}-{self.sheet:02}", line=self.line)


# ── the people counted ───────────────────────────────────────────────────────────────────────────

COHORTS = ("0-4", "5-11", "12-17", "18-59", "60+")
UNKNOWN_AGE = "?"
_UPPER = (4, 11, 17, 59)


def cohort(age: int | None) -> str:
    """The age group of `age`, one of COHORTS, or UNKNOWN_AGE."""
    if age is None:
        return UNKNOWN_AGE
    return next((name for name, upper in zip(COHORTS, _UPPER, strict=False) if age <= upper), COHORTS[-1])


@dataclass(frozen=True, slots=True)
class Counted:
    """One person as a report counts them on the day of the hand-over."""

    sex: str
    age: int | None


def cohorts(people: Iterable[Counted]) -> dict[str, int]:
    """How many of each sex and age group: `{"f:18-59": 1, "m:0-4": 2}`; empty groups are left out."""
    return dict(sorted(Counter(f"{one.sex}:{cohort(one.age)}" for one in people).items()))
