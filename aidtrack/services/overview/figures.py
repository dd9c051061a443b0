"""The figures of a day as values: what the queue report and the stock report print, and what a test counts again.

Owns the dataclasses and the sums that follow from them alone. Where the figures come from is `queue` and `stock` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from aidtrack.errors import Names, Text
from aidtrack.services.overview.beside_figures import NOTHING_PASSED, BesideFigures, PassedFigures
from aidtrack.services.overview.exception_figures import (
    CancelledFigures,
    DeclaredFigures,
    DeedFigures,
    LookUpFigures,
    MoreFigures,
    NewHomeFigures,
    TurnedAwayFigures,
)

LONG_WAIT = 90
ORDINARY_WAIT = 60
SECOND_DESK_SHARE = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """Which paper this is: centre, day, and the head of the centre's chain of operations when the figures were read.

    `phone` is the telephone outside the centre for complaints, `languages` those the public reads there. A paper of several days names
    the first one in `since` and the last one in `day`.
    """

    site: str
    code: str
    zone: str
    day: date
    chain: str
    revision: int
    is_closed: bool
    phone: str = ""
    languages: tuple[str, ...] = ("ru",)
    since: date | None = None

    @property
    def first(self) -> date:
        """The day the figures begin with."""
        return self.since or self.day


@dataclass(frozen=True, slots=True)
class PauseFigures:
    """A pause by the centre's clock; `until` is None while it lasts."""

    start: time
    until: time | None
    reason: Text | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """Whole minutes from the ticket to its first call, pauses left out: the middle one, nine in ten, the longest."""

    half: int
    nine_in_ten: int
    longest: int


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """What became of the numbers of one line; `waiting` are those that go on tomorrow, or still wait today."""

    letter: str
    name: Text
    issued: int
    served: int
    not_here: int
    gone: int
    cancelled: int
    expired: int
    waiting: int
    waits: Waits | None

    @property
    def adds_up(self) -> bool:
        """Truth T7: every issued number ended somewhere."""
        return self.issued == self.served + self.not_here + self.gone + self.cancelled + self.expired + self.waiting


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One hour of the queue by the centre's clock: 9 is 09–10. `waiting` stand in line at its end; `half` is by first call."""

    hour: int
    issued: int
    served: int
    waiting: int
    half: int | None


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """One window: seconds it worked, numbers it finished, seconds a number was there (the middle one)."""

    name: str
    gives: tuple[Names, ...]
    registers: bool
    hands_over: bool
    seconds_open: int
    served: int
    seconds_each: int | None


@dataclass(frozen=True, slots=True)
class QueueReport:
    """The day of the queue (R9)."""

    heading: Heading
    opened: time | None
    closed: time | None
    pauses: tuple[PauseFigures, ...]
    lanes: tuple[LaneFigures, ...]
    total: LaneFigures
    hours: tuple[HourFigures, ...]
    windows: tuple[WindowFigures, ...]
    families: int
    families_for_others: int
    tickets_for_others: int
    waited_too_long: tuple[str, ...]
    ordinary_over_an_hour: int
    called_out_of_turn: tuple[str, ...]

    @property
    def left_unserved(self) -> int:
        """Numbers whose people went away or never came."""
        return self.total.gone + self.total.expired


@dataclass(frozen=True, slots=True)
class Flow:
    """A day of an item or lot on the shelves of the centre, in the item's smallest unit. `counted` is the sum of differences."""

    opening: int = 0
    received: int = 0
    returned: int = 0
    issued: int = 0
    transferred: int = 0
    written_off: int = 0
    difference: int = 0

    @property
    def closing(self) -> int:
        """Opening + in − out − losses ± count."""
        came = self.opening + self.received + self.returned
        return came - self.issued - self.transferred - self.written_off + self.difference

    def __add__(self, other: Flow) -> Flow:
        return Flow(
            self.opening + other.opening,
            self.received + other.received,
            self.returned + other.returned,
            self.issued + other.issued,
            self.transferred + other.transferred,
            self.written_off + other.written_off,
            self.difference + other.difference,
        )


@dataclass(frozen=True, slots=True)
class LotFigures:
    """A lot's day. `counted` is the last count of the day, None when nobody counted."""

    lot_id: UUID
    code: str
    use_by: date | None
    flow: Flow
    put_aside: int
    counted: int | None

    @property
    def available(self) -> int:
        """What can be given out."""
        return self.flow.closing - self.put_aside


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """An item's day. `families` is how many more it serves at today's use (None: nothing was given, nobody knows)."""

    item_id: UUID
    names: Names
    unit: Text
    flow: Flow
    put_aside: int
    counted: int | None
    families: int | None
    days: float | None
    until: time | None
    lots: tuple[LotFigures, ...]
    code: str = ""

    @property
    def available(self) -> int:
        """What can be given out."""
        return self.flow.closing - self.put_aside


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """A document that moved goods in or out that day: its number, what it says, the quantity with its sign, when."""

    number: str
    kind: Text
    items: tuple[Names, ...]
    quantity: int
    at: time


@dataclass(frozen=True, slots=True)
class SaidFigures:
    """A difference of the evening's checklist: what it is about, its figures, and the one sentence said about it (empty: none yet)."""

    what: Text
    figures: Text
    sentence: str


@dataclass(frozen=True, slots=True)
class DifferenceFigures:
    """A count that differed from the book, and the sentence that explains it (empty: still to be explained)."""

    names: Names
    lot: str
    book: int
    seen: int
    explanation: str

    @property
    def difference(self) -> int:
        return self.seen - self.book


@dataclass(frozen=True, slots=True)
class ExpiryFigures:
    """A lot on the shelf with a use-by date, the nearest first."""

    names: Names
    unit: Text
    lot: str
    use_by: date
    days: int
    on_shelf: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The shelf's book against the lines of the hand-overs that stand: the two sums must agree."""

    issued: int
    returned: int
    lines: int
    cancelled: int
    sheets: tuple[str, str] | None

    @property
    def difference(self) -> int:
        return self.issued - self.returned - self.lines


@dataclass(frozen=True, slots=True)
class StockReport:
    """The day of the shelves (R5, with the days left, the next use-by dates, the documents and the deliveries to come)."""

    heading: Heading
    items: tuple[ItemFigures, ...]
    total: Flow
    put_aside: int
    counted_lots: int
    lots: int
    documents: tuple[DocumentFigures, ...]
    differences: tuple[DifferenceFigures, ...]
    expiries: tuple[ExpiryFigures, ...]
    reconciliation: Reconciliation
    families_per_hour: int
    opens_at: time
    announced: tuple[AnnouncedFigures, ...] = ()

    @property
    def unexplained(self) -> int:
        """Differences nobody has explained yet."""
        return sum(not row.explanation for row in self.differences)


@dataclass(frozen=True, slots=True)
class CohortFigures:
    """People of one kind by age on the day: one count a cohort of `COHORTS`, then those whose age nobody knows."""

    name: Text
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class DueFigures:
    """An item as families were due it: units allowed, units that left the window, units they did not want, units they did not get
    though they were due; and those a place in the wait list was kept for, which are in no other column. `why` they did not get all."""

    names: Names
    unit: Text
    due: int
    given: int
    not_wanted: int
    held_back: int = 0
    waiting: int = 0
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class OriginFigures:
    """Families served that come from one district or place; `names` is None where nobody named one. `to_date` counts up to that day,
    `code` is that of the list of places."""

    names: Names | None
    families: int
    people: int
    new: int
    to_date: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class LodgingFigures:
    """Families served by where they live now; None is not stated."""

    name: Text | None
    families: int


@dataclass(frozen=True, slots=True)
class OriginCell:
    """People served from one district, of one sex and age group: a small one could point at somebody."""

    names: Names | None
    sex: str
    cohort: str
    people: int


@dataclass(frozen=True, slots=True)
class DistributionReport:
    """The day of the distribution (R1, with people by sex and age, by origin, and what was due)."""

    heading: Heading
    opened: time | None
    closed: time | None
    pauses: tuple[PauseFigures, ...]
    windows: int
    families: int
    new: int
    cohorts: tuple[CohortFigures, ...]
    with_difficulty: CohortFigures
    children: int
    older: int
    items: tuple[DueFigures, ...]
    origins: tuple[OriginFigures, ...]
    cells: tuple[OriginCell, ...]
    lodgings: tuple[LodgingFigures, ...]
    issued: int
    returned: int
    served_first: int
    numbers_served: int
    left_unserved: int
    numbers: int
    allowed_more: int
    cancelled: int
    problems: tuple[Text, ...]
    unregistered: int = 0
    """People goods were given for without registration; in no other figure of people."""
    beside: tuple[BesideFigures, ...] = ()
    passed: PassedFigures = NOTHING_PASSED
    differences: tuple[SaidFigures, ...] = ()

    @property
    def people(self) -> int:
        """Everybody in the families served, each once."""
        return sum(row.total for row in self.cohorts)

    @property
    def partners(self) -> tuple[BesideFigures, ...]:
        """What organisations were given."""
        return tuple(row for row in self.beside if row.organisation)

    @property
    def partner_people(self) -> int:
        """For how many people, as the waybills say; in no other figure of people."""
        return sum({row.document: row.people for row in self.partners}.values())

    @property
    def free_table(self) -> tuple[BesideFigures, ...]:
        """What went out on the free table."""
        return tuple(row for row in self.beside if not row.organisation)

    @property
    def units(self) -> int:
        """Units that left the windows for families."""
        return sum(row.given for row in self.items)

    @property
    def adds_up(self) -> bool:
        """Whether the lines of the hand-overs are what the shelves gave, less what came back to them."""
        return self.units == self.issued - self.returned


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """How often disputes ended in one way: that day, in the seven days up to it, and ever."""

    name: Text
    today: int
    week: int
    to_date: int


@dataclass(frozen=True, slots=True)
class ComplaintReport:
    """Disputes by their outcome (R13). `waiting` numbers were with the shift lead at the end, the `longest` of them for so many
    minutes; `stopped` people no longer collect for a family."""

    heading: Heading
    rows: tuple[ComplaintFigures, ...]
    stopped: int
    waiting: int
    longest: int | None

    @property
    def today(self) -> int:
        return sum(row.today for row in self.rows)


@dataclass(frozen=True, slots=True)
class ExceptionReport:
    """What somebody answers for at the end of the day (R10)."""

    heading: Heading
    cancelled: tuple[CancelledFigures, ...]
    more: tuple[MoreFigures, ...]
    deeds: tuple[DeedFigures, ...]
    joined: int
    told_apart: int
    left_open: int
    look_ups: tuple[LookUpFigures, ...] = ()
    turned_away: tuple[TurnedAwayFigures, ...] = ()
    declared: tuple[DeclaredFigures, ...] = ()
    new_homes: tuple[NewHomeFigures, ...] = ()
    to_give_again: tuple[str, ...] = ()
    """Sheet and line of what was cancelled as our error, which was taken back, and is not handed over again yet."""

    @property
    def units_cancelled(self) -> int:
        return sum(row.units for row in self.cancelled)


# ── R11 ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OverdueFigures:
    """A promise that was not kept by its date: the card, how many units, for when, how many days ago, and why."""

    names: Names
    card: str
    owed: int
    until: date
    days_late: int
    why: Text


@dataclass(frozen=True, slots=True)
class OwedFigures:
    """What is owed and waited for of one item: open promises and their units, how many units stand ready and come; promises that are
    overdue; the oldest.

    `kept_today` are units handed over; `waiting` are families in the wait list, `called` those told that it came.
    """

    names: Names
    unit: Text
    promises: int
    units: int
    ready: int
    expected: int
    overdue: int
    oldest_days: int | None
    made_today: int
    kept_today: int
    waiting: int
    waiting_units: int
    waiting_days: int | None
    called: int


@dataclass(frozen=True, slots=True)
class AnnouncedFigures:
    """A line of a delivery that is to come, and how much of it is promised."""

    supplier: str
    expected_on: date
    names: Names
    unit: Text
    quantity: int
    promised: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class PromiseEndFigures:
    """Promises that were cancelled that day, by reason."""

    names: Names
    reason: Text
    families: int
    units: int


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """Promises and the wait list by the end of a day (R11)."""

    heading: Heading
    overdue: tuple[OverdueFigures, ...]
    items: tuple[OwedFigures, ...]
    announced: tuple[AnnouncedFigures, ...]
    ends: tuple[PromiseEndFigures, ...]

    @property
    def promises(self) -> int:
        """Open promises of all items."""
        return sum(item.promises for item in self.items)

    @property
    def waiting(self) -> int:
        """Places in the wait list of all items."""
        return sum(item.waiting for item in self.items)
