"""What is owed and what is not: announced deliveries, promises that never exceed goods, and a wait list that owes nothing.

Owns values and rules only. A wait list keeps a place; a promise stands on goods put aside or on an announced delivery, never on hope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from aidtrack.domain.stock import LONGEST_NAME, length_problems, quantity_problems
from aidtrack.errors import Problem, Text

FARTHEST = timedelta(days=366)
"""A date beyond this is a slip of the finger, not a promise."""

LONGEST_NOTE = 300


class PromiseState(StrEnum):
    """Where a promise stands: goods put aside, on their way, past its date without being kept, or closed."""

    READY = "ready"
    EXPECTED = "expected"
    OVERDUE = "overdue"
    CLOSED = "closed"

    @property
    def text(self) -> Text:
        return _STATE_WORDS[self]


_STATE_WORDS = {
    PromiseState.READY: Text("put aside, ready"),
    PromiseState.EXPECTED: Text("delivery announced"),
    PromiseState.OVERDUE: Text("overdue"),
    PromiseState.CLOSED: Text("closed"),
}


class EndReason(StrEnum):
    """Why a promise was closed without goods; a promise that was kept is closed by its hand-over and has none of these."""

    NOT_COMING = "not_coming"
    NOT_WANTED = "not_wanted"
    NOT_FETCHED = "not_fetched"
    OTHER_HELP = "other_help"
    MISTAKE = "mistake"

    @property
    def text(self) -> Text:
        return _END_WORDS[self]

    @property
    def is_ours(self) -> bool:
        """Whether we did not keep our word: the family is told, and has its old place in the wait list again."""
        return self is EndReason.NOT_COMING


_END_WORDS = {
    EndReason.NOT_COMING: Text("the goods will not come"),
    EndReason.NOT_WANTED: Text("the family does not want it any more"),
    EndReason.NOT_FETCHED: Text("not fetched by the date"),
    EndReason.OTHER_HELP: Text("the family received it elsewhere"),
    EndReason.MISTAKE: Text("promised by mistake"),
}


class WaitEndReason(StrEnum):
    """How a place in the wait list ended."""

    GIVEN = "given"
    PROMISED = "promised"
    LEFT = "left"

    @property
    def text(self) -> Text:
        return _WAIT_END_WORDS[self]


_WAIT_END_WORDS = {
    WaitEndReason.GIVEN: Text("handed over"),
    WaitEndReason.PROMISED: Text("promised"),
    WaitEndReason.LEFT: Text("left the list"),
}


class AsideKind(StrEnum):
    """Why units stand aside for a promise, or do no longer."""

    PUT_ASIDE = "put_aside"
    GIVEN = "given"
    RETURNED = "returned"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class AnnouncedLine:
    """So many units of an item that a delivery brings."""

    item_id: UUID | None
    quantity: int | None


@dataclass(frozen=True, slots=True)
class AnnouncementDraft:
    """A delivery somebody announced: who, when, what."""

    supplier: str
    expected_on: date | None
    lines: tuple[AnnouncedLine, ...]
    donor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """Goods promised to one family under one rule: `quantity` units, out of an announced line, else of the shelf until `until`; `size_id`
    is the size taken there of an item that has some.
    """

    household_id: UUID
    rule_id: UUID
    quantity: int
    line_id: UUID | None = None
    until: date | None = None
    size_id: UUID | None = None


def announcement_problems(draft: AnnouncementDraft, today: date) -> list[Problem]:
    """Everything wrong with an announced delivery."""
    found = [] if draft.supplier else [Problem("supplier", Text("From whom? Three letters are enough."))]
    found += date_problems("expected_on", draft.expected_on, today)
    found += length_problems(LONGEST_NAME, supplier=draft.supplier, donor=draft.donor)
    found += length_problems(LONGEST_NOTE, note=draft.note)
    if not draft.lines:
        found.append(Problem("lines", Text("Name at least one item that is to come.")))
    items = [line.item_id for line in draft.lines]
    for n, line in enumerate(draft.lines):
        if line.item_id is None:
            found.append(Problem(f"lines.{n}.item", Text("Which item? Type three letters of it.")))
        elif line.item_id in items[:n]:
            found.append(Problem(f"lines.{n}.item", Text("This item stands here twice: put it on one line.")))
        found += quantity_problems(f"lines.{n}.quantity", line.quantity)
    return found


def date_problems(field: str, day: date | None, today: date) -> list[Problem]:
    """A date people are told is today or later, and within a year."""
    if day is None:
        return [Problem(field, Text("Which day? 15.8 will do."))]
    if day < today:
        return [Problem(field, Text("This day is over. Type today or a later one."))]
    if day - today > FARTHEST:
        return [Problem(field, Text("This is more than a year away. Type a nearer day."))]
    return []


def state_of(*, owed: int, aside: int, until: date, is_coming: bool, day: date) -> PromiseState:
    """Where a promise of `owed` open units stands on `day`, with `aside` units put aside and its delivery still coming or not.

    Overdue is what is past its date, and what stands on no goods any more whatever its date.
    """
    if not owed:
        return PromiseState.CLOSED
    if until < day or (aside < owed and not is_coming):
        return PromiseState.OVERDUE
    return PromiseState.READY if aside >= owed else PromiseState.EXPECTED


def must_be_answered(*, owed: int, aside: int, until: date, is_coming: bool, day: date) -> bool:
    """Whether the evening of `day` asks for a new date or an honest cancellation: its date is today and it was not kept."""
    return bool(owed) and (until <= day or (aside < owed and not is_coming))


def share_in_order(wanted: Sequence[int], came: int) -> tuple[int, ...]:
    """What each gets of `came` units, whoever was first being first: nobody gets any before all earlier ones have all of theirs."""
    shares = []
    for number in wanted:
        share = min(number, came)
        shares.append(share)
        came -= share
    return tuple(shares)


def give_up_in_order(held: Sequence[int], missing: int) -> tuple[int, ...]:
    """What each gives up of `missing` units, in the order of being promised: whoever was last gives up first."""
    return tuple(reversed(share_in_order(list(reversed(held)), missing)))
