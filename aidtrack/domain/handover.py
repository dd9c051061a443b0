"""What one family takes away at one time: its draft, its rules, sheet and line of the signature, the people counted.

Owns values and rules of a hand-over, of several in one go, of one to people who are not registered, and of cancelling and correcting.
What a family may have is `domain.entitlement`, goods are `domain.stock`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Names, Problem, Refused, Text

Rule = TypeVar("Rule", bound=Hashable)

MOST_PEOPLE = 10_000
LONGEST_NUMBER = 64
FAMILIES_PER_COLLECTOR = 5
"""How many other families one person collects for in a day, unless the centre says otherwise."""

MOST_FAMILIES = 100
MOST_BESIDE_BOOK = 100_000

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


class VoidKind(StrEnum):
    """What a hand-over was cancelled for."""

    CANCELLED = "cancelled"
    CORRECTED = "corrected"
    EXCHANGED = "exchanged"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a window asks the shift lead. `families`: other families one person collects for in a day (0: for none).

    `spot_count`: units of one item “it is on the shelf” may be beside the book in a day (None: any). `version` is what an edit was filled
    from.
    """

    families: int | None = FAMILIES_PER_COLLECTOR
    spot_count: int | None = None
    version: int = 0

    def allows_families(self, families: int) -> bool:
        """Whether one person may collect for so many other families in a day."""
        return families <= (self.families or 0)

    def allows_beside_book(self, difference: int, before: int = 0) -> bool:
        """Whether a window may count so many more or fewer than the book by itself, when `before` units of the item were counted so today
        and nobody has answered for them: many small counts are one large one. A count that finds the book right is always allowed.
        """
        return self.spot_count is None or not difference or abs(difference) + before <= self.spot_count


def limits_problems(limits: Limits) -> list[Problem]:
    """Everything wrong with the limits, at once."""
    found = []
    if limits.families is None:
        found.append(Problem("families", Text("How many? Type a number.")))
    elif not 0 <= limits.families <= MOST_FAMILIES:
        found.append(Problem("families", Text("From 0 to {most}.", most=MOST_FAMILIES)))
    if limits.spot_count is not None and not 0 <= limits.spot_count <= MOST_BESIDE_BOOK:
        found.append(Problem("spot_count", Text("From 0 to {most}.", most=MOST_BESIDE_BOOK)))
    return found


class SignOff(StrEnum):
    """How what a programme gives is signed for: set once per programme, never asked at the window. Rising in strictness."""

    NONE = "none"
    SHEET = "sheet"
    WITNESSES = "witnesses"

    @property
    def text(self) -> Text:
        return _SIGN_OFF_WORDS[self]


_SIGN_OFF_WORDS = {
    SignOff.NONE: Text("no signature"),
    SignOff.SHEET: Text("signature on the sheet"),
    SignOff.WITNESSES: Text("two witnesses sign"),
}


def strictest(kinds: Iterable[SignOff]) -> SignOff:
    """Of several programmes in one hand-over the one that asks most; a signature where there is none."""
    order = list(SignOff)
    return max(kinds, key=order.index, default=SignOff.SHEET)


class WhyMore(StrEnum):
    """Why the shift lead allows more than is due. The order is the order of the digits."""

    NEED = "need"
    OUR_MISTAKE = "our_mistake"
    GOOD_FAITH = "good_faith"
    SIZE = "size"
    OTHER = "other"

    @property
    def text(self) -> Text:
        return _WHY_MORE_WORDS[self]


_WHY_MORE_WORDS = {
    WhyMore.NEED: Text("special need"),
    WhyMore.OUR_MISTAKE: Text("our mistake before"),
    WhyMore.GOOD_FAITH: Text("given in good faith"),
    WhyMore.SIZE: Text("more people than are written down"),
    WhyMore.OTHER: Text("another reason"),
}


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What is to be given of one rule's item; 0 says the family does not want it today.

    `seen` says how many lie on the shelf where the book is short: they are counted on the spot before they are given.
    `size_id` is the item of the size that is given, where the rule's item comes in sizes; None gives what has no size. `instead_id` is
    another item, given in place of one that is out. `numbers` are those on the pieces of a numbered item.
    """

    rule_id: UUID
    quantity: int
    seen: int | None = None
    size_id: UUID | None = None
    instead_id: UUID | None = None
    numbers: tuple[str, ...] = ()

    @property
    def other_id(self) -> UUID | None:
        """What is really given where that is not the item of the rule itself."""
        return self.instead_id or self.size_id


@dataclass(frozen=True, slots=True)
class MoreDraft:
    """That more than is due is given: why, and whatever is worth writing down."""

    reason: WhyMore
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandOverDraft:
    """A hand-over as the window filled it. Nothing in it is trusted: the allowance is read again under the lock.

    `how_known` is set when somebody collects for another family; then the person need not belong to this one. `more` asks the
    shift lead's approval.
    """

    household_id: UUID
    lines: tuple[LineDraft, ...]
    ticket_id: UUID | None = None
    collector_person_id: UUID | None = None
    collector_text: str = ""
    how_known: HowConfirmed | None = None
    more: MoreDraft | None = None


@dataclass(frozen=True, slots=True)
class GoodsDraft:
    """So many of an item, by no rule."""

    item_id: UUID
    quantity: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnregisteredDraft:
    """Goods for people who are not registered: how many there are, who took the goods for them; no names."""

    lines: tuple[GoodsDraft, ...]
    people: int
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """Why one line cannot be given as asked, and how much of it can; `household_id` says to which of several families.

    A line by no rule is named by its item.
    """

    rule_id: UUID
    possible: int
    text: Text
    household_id: UUID | None = None


class LinesRefused(Refused):
    """Some lines cannot be given as asked; nothing was booked. The window keeps all the others."""

    def __init__(self, code: str, lines: Sequence[LineTrouble]) -> None:
        assert lines, "a refusal of lines names at least one"
        super().__init__(code, lines[0].text)
        self.lines = tuple(lines)


def standing_twice(lines: Sequence[LineDraft]) -> list[Problem]:
    """One problem where an item stands twice or with a number below zero."""
    each = [(line.rule_id, line.other_id) for line in lines]
    if all(line.quantity >= 0 for line in lines) and len(each) == len(set(each)):
        return []
    return [Problem("lines", Text("Each item can stand in a hand-over once, with a number from 0 up."))]


def draft_problems(draft: HandOverDraft, member_ids: AbstractSet[UUID]) -> list[Problem]:
    """Everything wrong with the draft itself, before any allowance is looked at."""
    found = standing_twice(draft.lines)
    if not found and not any(line.quantity for line in draft.lines):
        found.append(Problem("lines", Text("Nothing is to be given: type how many of at least one item.")))
    found += number_problems(draft.lines)
    if draft.collector_person_id is None and not draft.collector_text:
        found.append(
            Problem("collector", Text("Who is collecting? Press a digit of the family, or 0 for somebody else."))
        )
    elif draft.collector_person_id not in {None, *member_ids} and draft.how_known is None:
        found.append(Problem("collector", Text("This person is not in the family. Press 0 for somebody else.")))
    return found


def number_problems(lines: Iterable[LineDraft | GoodsDraft]) -> list[Problem]:
    """Each number once, each short enough to be one."""
    numbers = [number for line in lines for number in line.numbers]
    if len(numbers) != len(set(numbers)):
        return [Problem("lines", Text("The same number was scanned twice."))]
    if any(not number or len(number) > LONGEST_NUMBER for number in numbers):
        return [Problem("lines", Text("A number on a piece has between 1 and {n} signs.", n=LONGEST_NUMBER))]
    return []


def unregistered_problems(draft: UnregisteredDraft) -> list[Problem]:
    """Everything wrong with goods for people who are not registered."""
    found = []
    items = [line.item_id for line in draft.lines]
    if not draft.lines or any(line.quantity < 1 for line in draft.lines) or len(items) != len(set(items)):
        found.append(Problem("lines", Text("Nothing is to be given: type how many of at least one item.")))
    if not 1 <= draft.people <= MOST_PEOPLE:
        found.append(Problem("people", Text("For how many people? Between 1 and {most}.", most=MOST_PEOPLE)))
    return found + number_problems(draft.lines)


def over_allowance(
    lines: Iterable[LineDraft], allowed: Mapping[UUID, int], names: Mapping[UUID, Names]
) -> list[LineTrouble]:
    """The rules whose lines together ask for more than may be given here now, each with what may."""
    asked = Counter[UUID]()
    for line in lines:
        asked[line.rule_id] += line.quantity
    return [
        LineTrouble(rule, allowed.get(rule, 0), _too_much(names.get(rule), allowed.get(rule, 0)))
        for rule, quantity in asked.items()
        if quantity > allowed.get(rule, 0)
    ]


def _too_much(name: Names | None, allowed: int) -> Text:
    if name is None:
        return Text("This item is not given to this family.")
    if not allowed:
        return Text("{item}: not today. It was given meanwhile, or the rule changed.", item=name)
    return Text("{item}: {allowed} can be given now. More needs the shift lead.", item=name, allowed=allowed)


def collector_is_unusual(chosen: object, last: UUID | None, head: UUID | None) -> bool:
    """Whether one question is worth asking: somebody else than collected last, or than the card is for where nobody did yet."""
    return chosen is not None and chosen != (last or head)


# ── taking back ──────────────────────────────────────────────────────────────────────────────────


def why_not_taken_back(given_on: date, today: date, *, is_own: bool, is_lead: bool, is_coordinator: bool) -> Refused | None:
    """A hand-over is taken back or corrected on the same day by whoever did it or a shift lead, later by a coordinator."""
    if given_on < today and not is_coordinator:
        return Refused("earlier-day", Text("This was given on an earlier day: the coordinator can change it."))
    if not (is_own or is_lead or is_coordinator):
        return Refused("not-yours", Text("Somebody else handed this over: they or the shift lead can change it."))
    return None


def ticket_is_settled(due: Mapping[UUID, int], settled: AbstractSet[UUID]) -> bool:
    """Whether nothing is left to do at any window: each rule with something due was given or declined."""
    return all(rule in settled for rule, quantity in due.items() if quantity > 0)


def allowed_per_line(lines: Sequence[tuple[Rule, int]], due: Mapping[Rule, int]) -> list[int]:
    """What each line, a rule and a quantity, is allowed of what is due by its rule: sizes of one item share it in their order, and the
    last of them has what is left.
    """
    last = {rule: n for n, (rule, _) in enumerate(lines)}
    left, allowed = dict(due), list[int]()
    for n, (rule, quantity) in enumerate(lines):
        rest = left.get(rule, 0)
        allowed.append(rest if last[rule] == n else min(rest, quantity))
        left[rule] = rest - allowed[-1]
    return allowed


def allowed_per_pick(allowed: int, picks: Sequence[int]) -> list[int]:
    """`allowed` spread over the batches it was taken from: the sum stays, and less or more than allowed shows on the last ones."""
    spread, left = [], allowed
    for quantity in picks[:-1]:
        spread.append(min(quantity, left))
        left -= spread[-1]
    return [*spread, left]


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

    @property
    def number(self) -> int:
        """Which hand-over of the window's day it is, counted from 1."""
        return (self.sheet - 1) * LINES_PER_SHEET + self.line

    def later(self, lines: int) -> SheetLine:
        """So many lines further on, on the next sheet if need be."""
        return SheetLine.of(self.window, self.number + lines)

    def __str__(self) -> str:
        return f"{self.window}-{self.sheet:02}/{self.line:02}"

    @property
    def text(self) -> Text:
        """`sheet 2-07, line 18`, as the window shows it under the main button."""
        return Text("sheet {sheet}, line {line}", sheet=f"{self.window}-{self.sheet:02}", line=self.line)


def sheet_series(day: date, window: int) -> str:
    """The counter of a window's sheets of one day."""
    return f"sheet/{day.isoformat()}/{window}"


STAMP_BOXES = 24
"""Boxes on a family's card."""


def stamp_box(times: int) -> int:
    """Which box of the card is stamped at the family's `times`-th hand-over; a full card begins anew. 0 where there is no card."""
    return (times - 1) % STAMP_BOXES + 1 if times > 0 else 0


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
