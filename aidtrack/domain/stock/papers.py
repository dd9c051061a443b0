"""The papers of the store as they are typed, and everything that can be wrong with them.

Owns drafts and their problems. What goods are and which way they may take is `goods`; what is written is the stock use cases'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from aidtrack.domain.stock.goods import LONGEST_NAME, LossCause, length_problems, quantity_problems
from aidtrack.errors import Problem, Text


@dataclass(frozen=True, slots=True)
class ReceiveLine:
    """One line of a delivery: good units, and what the waybill says when it differs (None: the same). `lot_id`: a batch known
    already, as the waybill of another centre names it."""

    item_id: UUID | None
    quantity: int | None
    expiry: date | None = None
    lot: str = ""
    on_waybill: int | None = None
    damaged: int = 0
    lot_id: UUID | None = None

    @property
    def promised(self) -> int:
        """Units the waybill speaks of."""
        return (self.quantity or 0) + self.damaged if self.on_waybill is None else self.on_waybill

    @property
    def short(self) -> int:
        """Units that did not come; negative when more came than the waybill says."""
        return self.promised - (self.quantity or 0) - self.damaged


@dataclass(frozen=True, slots=True)
class ReceiveDraft:
    """A delivery as typed. Good units go on the shelf; damaged and short ones make no stock. `follows_id`: the paper it was
    signed for on, or the waybill of another centre; `announcement_id`: the announced delivery it is."""

    supplier: str
    lines: tuple[ReceiveLine, ...]
    waybill: str = ""
    donor: str = ""
    note: str = ""
    shelf_id: UUID | None = None
    follows_id: UUID | None = None
    announcement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignedDraft:
    """A delivery signed for by boxes, contents not checked: nothing of it is stock yet. Lines are what the waybill says, if it is
    typed already."""

    supplier: str
    boxes: int | None
    lines: tuple[ReceiveLine, ...] = ()
    waybill: str = ""
    donor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """What came of one batch of a waybill, as the copy signed by the other centre says."""

    lot_id: UUID
    came: int | None


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """Units of an item to take: of one lot, or first expiring first when none is named; from a place, or from that of the paper."""

    item_id: UUID
    quantity: int | None
    lot_id: UUID | None = None
    place_id: UUID | None = None


class Destination(StrEnum):
    """Where a waybill sends goods."""

    CENTRE = "centre"
    ORGANISATION = "organisation"
    DONOR = "donor"
    FREE_TABLE = "free_table"

    @property
    def text(self) -> Text:
        return _DESTINATION_WORDS[self]


_DESTINATION_WORDS = {
    Destination.CENTRE: Text("to another centre"),
    Destination.ORGANISATION: Text("to an organisation"),
    Destination.DONOR: Text("back to the donor"),
    Destination.FREE_TABLE: Text("to the free table"),
}


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """Goods that leave us on a waybill. `people`: for how many, as an organisation states it. `to_site_id`: a centre that keeps its
    book in this database too. `shelf_id`: the place they leave, ordinarily the shelf of the window."""

    to: Destination
    to_name: str
    lines: tuple[GoodsLine, ...]
    people: int | None = None
    note: str = ""
    shelf_id: UUID | None = None
    to_site_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WriteOffDraft:
    """Goods that are lost, with the cause and one sentence."""

    cause: LossCause | None
    lines: tuple[GoodsLine, ...]
    note: str = ""
    place_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """Goods that change their place inside the centre."""

    from_id: UUID
    to_id: UUID
    lines: tuple[GoodsLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """What was seen of a lot, counted without looking at the book; `note` explains a difference.

    Without a lot the goods are of no batch the book knows here: one is found by its name and date, or made. `first` is what was
    seen the first time, where it was counted twice. `counted_at`: when, if the sheet is typed in later.
    """

    item_id: UUID
    lot_id: UUID | None
    seen: int | None
    note: str = ""
    expiry: date | None = None
    lot: str = ""
    first: int | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CountDraft:
    """A count of one place. Lots that are not named were not looked at. `counted_at`: the moment of a sheet typed in later."""

    lines: tuple[SeenLine, ...]
    place_id: UUID | None = None
    note: str = ""
    counted_at: datetime | None = None


def receive_problems(draft: ReceiveDraft, expiring: AbstractSet[UUID]) -> list[Problem]:
    """Everything wrong with a delivery; `expiring` are the items that need a date."""
    found = [] if draft.supplier else [Problem("supplier", Text("From whom? Three letters are enough."))]
    if not draft.lines:
        found.append(Problem("lines", Text("Name at least one item that came.")))
    found += length_problems(LONGEST_NAME, supplier=draft.supplier, waybill=draft.waybill, donor=draft.donor)
    for n, line in enumerate(draft.lines):
        found += _receive_line_problems(f"lines.{n}", line, expiring)
    return found


def _receive_line_problems(at: str, line: ReceiveLine, expiring: AbstractSet[UUID]) -> list[Problem]:
    found = [] if line.item_id else [Problem(f"{at}.item", Text("Which item? Type three letters of it."))]
    came_none = line.on_waybill is not None or line.damaged > 0
    found += quantity_problems(f"{at}.quantity", line.quantity, zero=came_none)
    found += quantity_problems(f"{at}.damaged", line.damaged, zero=True)
    if line.on_waybill is not None:
        found += quantity_problems(f"{at}.on_waybill", line.on_waybill, zero=True)
    found += length_problems(LONGEST_NAME, **{f"{at}.lot": line.lot})
    if line.item_id in expiring and line.expiry is None and line.quantity:
        found.append(Problem(f"{at}.expiry", Text("Use by when? Month and year are enough: 6.27.")))
    return found


def signed_problems(draft: SignedDraft) -> list[Problem]:
    """Everything wrong with a delivery that is only signed for: what is asked is from whom and how many boxes."""
    found = [] if draft.supplier else [Problem("supplier", Text("From whom? Three letters are enough."))]
    found += [Problem("boxes", Text("How many boxes? The driver waits for this number."))] if draft.boxes is None else []
    found += quantity_problems("boxes", draft.boxes) if draft.boxes is not None else []
    found += length_problems(LONGEST_NAME, supplier=draft.supplier, waybill=draft.waybill, donor=draft.donor)
    for n, line in enumerate(draft.lines):
        found += [] if line.item_id else [Problem(f"lines.{n}.item", Text("Which item? Type three letters of it."))]
        found += quantity_problems(f"lines.{n}.quantity", line.promised)
    return found


def arrival_problems(lines: Sequence[ArrivalLine], sent: Mapping[UUID, int]) -> list[Problem]:
    """Everything wrong with what is said to have come of a waybill: no more than was sent, no batch that was not."""
    found = []
    for n, line in enumerate(lines):
        problems = quantity_problems(f"lines.{n}.came", line.came, zero=True)
        if not problems and (line.came or 0) > sent.get(line.lot_id, 0):
            text = Text("The waybill has {sent} of this batch.", sent=sent.get(line.lot_id, 0))
            problems = [Problem(f"lines.{n}.came", text)]
        found += problems
    return found


def goods_problems(lines: Sequence[GoodsLine]) -> list[Problem]:
    """Everything wrong with lines of goods to take."""
    found = [] if lines else [Problem("lines", Text("Name at least one item."))]
    for n, line in enumerate(lines):
        found += quantity_problems(f"lines.{n}.quantity", line.quantity)
    return found


def transfer_problems(draft: TransferDraft) -> list[Problem]:
    """Everything wrong with goods that leave us."""
    found = []
    if not draft.to_name and draft.to is not Destination.FREE_TABLE:
        found.append(Problem("to_name", Text("To whom? Write the name.")))
    found += length_problems(LONGEST_NAME, to_name=draft.to_name)
    if draft.people is None and draft.to is Destination.ORGANISATION:
        found.append(Problem("people", Text("For how many people? The organisation says it.")))
    if draft.people is not None:
        found += quantity_problems("people", draft.people)
    return found + goods_problems(draft.lines)


def write_off_problems(draft: WriteOffDraft) -> list[Problem]:
    """Everything wrong with a write-off."""
    found = [] if draft.cause else [Problem("cause", Text("Why? Choose the cause."))]
    return found + goods_problems(draft.lines)


def count_problems(draft: CountDraft) -> list[Problem]:
    """Everything wrong with a count."""
    found = [] if draft.lines else [Problem("lines", Text("Count at least one item."))]
    for n, line in enumerate(draft.lines):
        found += quantity_problems(f"lines.{n}.seen", line.seen, zero=True)
        found += length_problems(LONGEST_NAME, **{f"lines.{n}.lot": line.lot})
    return found


def counted_late(counted_at: datetime | None, now: datetime) -> list[Problem]:
    """A count is of a moment that has been."""
    if counted_at is None or counted_at <= now:
        return []
    return [Problem("counted_at", Text("This moment has not come yet. When was it counted?"))]


WRITE_OFF_LIMIT = 20
"""Units of one write-off that need nobody else's word, where the organisation has said nothing."""


def needs_approval(units: int, limit: int) -> bool:
    """Whether a write-off of so many units is approved by a second person."""
    return units > limit
