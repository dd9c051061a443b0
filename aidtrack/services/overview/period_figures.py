"""The figures of papers that look at a day or at several: people, places, what was due, goods, activities, programmes.

Owns the dataclasses and the sums that follow from them alone, like `figures` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from aidtrack.errors import Names, Text
from aidtrack.services.overview.figures import CohortFigures, Flow, Heading, OriginCell, OriginFigures


@dataclass(frozen=True, slots=True)
class NeedFigures:
    """How many of the people reached something helps; one person may stand in several lines."""

    name: Text
    people: int


@dataclass(frozen=True, slots=True)
class AgeReport:
    """People by sex and age (R2). `hard` are those with a difficulty among each row of `cohorts`, in the same order; `needs` what helps
    the people reached. `region` is the code of the one the centre lies in, where it is known.

    People and families are counted once for all the days; `hand_overs` counts every time they came.
    """

    heading: Heading
    open_days: int
    families: int
    new: int
    hand_overs: int
    cohorts: tuple[CohortFigures, ...]
    hard: tuple[CohortFigures, ...]
    needs: tuple[NeedFigures, ...] = ()
    organisation: str = ""
    region: str = field(default="", compare=False)  # where the centre lies is no figure: days kept without it did not change

    @property
    def people(self) -> int:
        return sum(row.total for row in self.cohorts)

    @property
    def with_difficulty(self) -> int:
        return sum(row.total for row in self.hard)


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district and its places; a place too small to be told stands with others in one line without a name."""

    whole: OriginFigures
    places: tuple[OriginFigures, ...]


@dataclass(frozen=True, slots=True)
class OriginReport:
    """Where families came from (R3): district by district, and district crossed with sex and age."""

    heading: Heading
    open_days: int
    districts: tuple[DistrictFigures, ...]
    cells: tuple[OriginCell, ...]

    @property
    def total(self) -> OriginFigures:
        rows = [district.whole for district in self.districts]
        sums = [sum(getattr(row, name) for row in rows) for name in ("families", "people", "new", "to_date")]
        return OriginFigures(None, *sums)


@dataclass(frozen=True, slots=True)
class DeliveredFigures:
    """An item by what became of what was due: units handed over, not wanted, held back though due. `more` are units above the
    rule that were allowed, and are due by that; `families` were given some; `waiting` were put on the wait list, where nothing is
    owed: they are in no other column. `why` they did not get all, where a decision or an empty shelf says it; `funder` the donors of
    the programmes it was given by."""

    code: str
    names: Names
    unit: Text
    families: int
    due: int
    given: int
    not_wanted: int
    held_back: int
    more: int
    waiting: int = 0
    why: Text | None = None
    funder: str = ""

    @property
    def adds_up(self) -> bool:
        return self.due == self.given + self.not_wanted + self.held_back


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What families were due and what they received (R4), and what the shelves say to it."""

    heading: Heading
    open_days: int
    families: int
    hand_overs: int
    items: tuple[DeliveredFigures, ...]
    issued: int
    returned: int

    @property
    def due(self) -> int:
        return sum(row.due for row in self.items)

    @property
    def given(self) -> int:
        return sum(row.given for row in self.items)

    @property
    def adds_up(self) -> bool:
        """Each item's columns, and all of them against the shelves."""
        return all(row.adds_up for row in self.items) and self.given == self.issued - self.returned


@dataclass(frozen=True, slots=True)
class ItemFlow:
    """What the shelves did with an item in those days."""

    names: Names
    unit: Text
    flow: Flow


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of a receipt act. `promised` stood on the waybill (None: there was none), good ones were taken in; an act that was taken
    back stands once more with what went back, below zero."""

    number: str
    day: date
    supplier: str
    waybill: str
    donor: str
    names: Names
    promised: int | None
    good: int
    damaged: int
    short: int


@dataclass(frozen=True, slots=True)
class LossLine:
    """Goods written off or lost on the way: on which act, how many, why; below zero where an act was taken back. `note` is as it was
    written; `approved` is as what a second person approved a great one."""

    number: str
    day: date
    names: Names
    lot: str
    quantity: int
    cause: Text
    note: str
    approved: Text | None = None


@dataclass(frozen=True, slots=True)
class PassedLine:
    """Goods sent on to another centre or organisation; below zero where a waybill was taken back. `people` are those the whole waybill is
    for, as an organisation said."""

    number: str
    day: date
    to: str
    names: Names
    quantity: int
    people: int = 0
    where: Text | None = None
    """Where nobody received them by name: the free table."""


@dataclass(frozen=True, slots=True)
class GoodsReport:
    """Receipts and losses (R8): the papers of those days, and the book of the shelves (truth T6). `on_the_way` is what this centre
    sent to others that did not arrive: it left the shelves with its waybill, so the book has it as passed on."""

    heading: Heading
    open_days: int
    items: tuple[ItemFlow, ...]
    receipts: tuple[ReceiptLine, ...]
    losses: tuple[LossLine, ...]
    passed_on: tuple[PassedLine, ...]
    on_the_way: tuple[LossLine, ...] = ()

    @property
    def total(self) -> Flow:
        return sum((item.flow for item in self.items), Flow())

    @property
    def taken_in(self) -> int:
        return sum(line.good for line in self.receipts)

    @property
    def missing(self) -> int:
        """Short or damaged at the door."""
        return sum(line.short + line.damaged for line in self.receipts)

    @property
    def lost(self) -> int:
        return sum(line.quantity for line in self.losses)

    @property
    def lost_on_the_way(self) -> int:
        return sum(line.quantity for line in self.on_the_way)

    @property
    def adds_up(self) -> bool:
        """Whether the acts of write-off are what the book wrote off."""
        return self.lost == self.total.written_off


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """One line of who does what where when for whom (R14): an item of a programme, and whom it reached."""

    programme: Names
    funder: str
    sector: Text
    code: str
    names: Names
    unit: Text
    units: int
    families: int
    people: int
    first: date
    last: date
    is_running: bool


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """Who does what where when for whom (5W, R14); `families` and `people` are counted once over all lines. `region` and `district` are
    the codes of those the centre lies in, empty where the list of places does not know it.
    """

    heading: Heading
    open_days: int
    organisation: str
    place: str
    activities: tuple[ActivityFigures, ...]
    families: int
    people: int
    region: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """An item of a programme: what was due and given by it, its rule in a sentence (None: no rule gives it any more), and what the
    shelves did with the item in those days."""

    delivered: DeliveredFigures
    rule: Text | None
    flow: Flow


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """A programme at its end: whom it was for and whom it reached, item by item."""

    names: Names
    donor: str
    starts_on: date
    ends_on: date | None
    is_running: bool
    registered: int
    families: int
    people: int
    hand_overs: int
    items: tuple[ProgrammeItem, ...]
    switched: tuple[tuple[date, Names, Text], ...]
    cancelled: int


@dataclass(frozen=True, slots=True)
class ProgrammeReport:
    """Every programme that ran in those days (R16): planned against done, with room for what figures do not tell."""

    heading: Heading
    open_days: int
    programmes: tuple[ProgrammeFigures, ...]


@dataclass(frozen=True, slots=True)
class DisclosureFigures:
    """Names that left the program: when, to whom, on what paper, for what, which fields, of how many; which two people answered."""

    number: str
    day: date
    asked_by: str
    paper: str
    purpose: str
    fields: tuple[str, ...]
    people: int
    families: int
    given_by: str
    second: str
    is_locked: bool = True


@dataclass(frozen=True, slots=True)
class DisclosureReport:
    """The register of disclosures (R18)."""

    heading: Heading
    open_days: int
    rows: tuple[DisclosureFigures, ...]

    @property
    def people(self) -> int:
        """Rows of people given out, all copies together."""
        return sum(row.people for row in self.rows)
