"""The one list of papers that can be asked for by name, in the window and on the command line.

Owns what each is called, what it needs and in which formats it comes. A paper is read in one process and may be made in another, so
`make` takes values only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services import disclosures, overview

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.reports.page import Stamp
    from aidtrack.reports.workbook import Grid


class Format(StrEnum):
    """In what a report comes; the value is the ending of its file."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class SlipSize(StrEnum):
    """On what a slip is printed."""

    ROLL = "roll"
    A6 = "a6"

    @property
    def text(self) -> Text:
        return Text("80 mm roll") if self is SlipSize.ROLL else Text("A6 sheet")


@dataclass(frozen=True, slots=True)
class Printed:
    """When and by which role a paper is made; no name stands on it."""

    at: datetime
    role: Role | None = None

    @classmethod
    def by(cls, actor: Actor) -> Printed:
        """The moment and the first role of who acts."""
        return cls(actor.now(), next((role for role in _BY_DUTY if role in actor.roles), None))

    def words(self, zone: str) -> Text:
        """напечатано 12.08.2024 20:34 · координатор; in the language of each page."""
        local = self.at.astimezone(ZoneInfo(zone))
        said = Text("printed {day} {time}", day=local.date(), time=f"{local:%H:%M}")
        return Text("{what} · {who}", what=said, who=self.role.text) if self.role else said


_BY_DUTY = (
    Role.COORDINATOR,
    Role.SHIFT_LEAD,
    Role.STOREKEEPER,
    Role.AUDITOR,
    Role.DISTRIBUTOR,
    Role.REGISTRAR,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Report:
    """A paper of the list. `read` asks the database for its figures; `draw` names what makes the PDF of them and `grids` what makes
    the tables of XLSX and CSV (empty: there are none), each as `module.function` of this package, loaded when first wanted.

    `caution` is what to mind before it is passed on, where it holds more than sums. One that `is_kept` stands as it was once its day is
    signed off, and has revisions. One of a `period` may look at several days, too. One that `is_public` hangs on a wall, is given out or
    signed by families: it speaks the languages the public of the centre reads.
    """

    name: str
    code: str
    title: Text
    about: Text
    group: Text
    read: Callable[..., Any]
    draw: str
    grids: str = ""
    is_kept: bool = False
    caution: Text | None = None
    is_of_period: bool = False
    is_public: bool = False

    def figures(self, session: Session, by: Actor, days: date | Period, revision: int | None = None) -> Any:
        """The figures of the paper; of a paper that is kept the newest revision, unless one is named. Refused when a paper of one
        day is asked for several."""
        period = days if isinstance(days, Period) else Period.of(days)
        if not self.is_of_period and not period.is_day:
            raise Refused("one-day", Text("{paper} is a paper of one day: name one.", paper=self.title))
        asked = period if self.is_of_period else period.last
        return self.read(session, by, asked, revision) if self.is_kept else self.read(session, by, asked)

    def revisions(self, session: Session, by: Actor, days: date | Period) -> tuple[int, ...]:
        """The revisions there are, rising; none while the day is not signed off, of several days, or for a paper that is not kept."""
        period = days if isinstance(days, Period) else Period.of(days)
        return overview.revisions(session, by, period.last, self.name) if self.is_kept and period.is_day else ()

    @property
    def has_tables(self) -> bool:
        return bool(self.grids)

    @property
    def formats(self) -> tuple[Format, ...]:
        return tuple(Format) if self.has_tables else (Format.PDF,)


_EVERY_DAY = Text("Every day")
_BETWEEN = Text("Between two shifts")
_OF_DAYS = Text("For a day or several")
_AHEAD = Text("Looking ahead")
_TO_FILL_IN = Text("To fill in and to cut out")

REPORTS = (
    Report(
        "distribution",
        "R1",
        Text("Distribution of the day"),
        Text("Families and people served, by age and origin; what they were due and received"),
        _EVERY_DAY,
        overview.distribution_report,
        "distribution.make_pdf",
        "grids.distribution_grids",
        is_kept=True,
    ),
    Report(
        "stock",
        "R5",
        Text("Stock of the day"),
        Text("Every item and batch: opening, movements, closing, enough for how long"),
        _EVERY_DAY,
        overview.stock_report,
        "stock.make_pdf",
        "grids.stock_grids",
        is_kept=True,
    ),
    Report(
        "queue",
        "R9",
        Text("Queue and waits"),
        Text("Numbers issued and served, how long people waited, by line, hour and window"),
        _EVERY_DAY,
        overview.queue_report,
        "queueing.make_pdf",
        "grids.queue_grids",
        is_kept=True,
    ),
    Report(
        "exceptions",
        "R10",
        Text("Out of the ordinary"),
        Text("Cancelled hand-overs, more than the rule, similar records, deeds to answer for"),
        _EVERY_DAY,
        overview.exception_report,
        "exceptions.make_pdf",
        "grids.exception_grids",
        is_kept=True,
        caution=Text("Reasons stand as they were written: read them before this is passed on."),
    ),
    Report(
        "promises",
        "R11",
        Text("Promises and wait list"),
        Text("What is overdue, put aside and on its way; who waits for what; deliveries to come"),
        _EVERY_DAY,
        overview.promise_report,
        "promises.make_pdf",
        "grids.promise_grids",
        is_kept=True,
    ),
    Report(
        "door",
        "L",
        Text("List for the door"),
        Text("Card numbers without names: what stands ready, what came, what cannot be kept"),
        _EVERY_DAY,
        overview.door_list,
        "promises.door_pdf",
        is_public=True,
    ),
    Report(
        "request",
        "R19",
        Text("Request for goods"),
        Text("What to ask for tomorrow: families expected × ration − shelf − announced, to be signed"),
        _EVERY_DAY,
        overview.goods_request,
        "supply.request_pdf",
        "supply_grids.request_grids",
        is_kept=True,
    ),
    Report(
        "shift",
        "R17",
        Text("Hand-over of the shift"),
        Text("Windows and sheets, the cash of numbers and rolls, badges, and what is still open"),
        _BETWEEN,
        overview.shift_report,
        "shift.make_pdf",
        "shift.grids",
        is_kept=True,
    ),
    Report(
        "ages",
        "R2",
        Text("People by sex and age"),
        Text("Everybody reached, by sex and age, with those who find it hard to walk or see"),
        _OF_DAYS,
        overview.age_report,
        "people_papers.ages_pdf",
        "period_grids.age_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "origins",
        "R3",
        Text("Where families came from"),
        Text("Districts and places: families, people, for the first time, to date"),
        _OF_DAYS,
        overview.origin_report,
        "people_papers.origins_pdf",
        "period_grids.origin_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "delivered",
        "R4",
        Text("Due and delivered"),
        Text("By item: what families were due, what they received, and why the rest was not given"),
        _OF_DAYS,
        overview.delivery_report,
        "goods_papers.delivered_pdf",
        "period_grids.delivery_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "goods",
        "R8",
        Text("Receipts and losses"),
        Text("Papers on which goods came, were written off or passed on; the book of the shelves"),
        _OF_DAYS,
        overview.goods_report,
        "goods_papers.goods_pdf",
        "period_grids.goods_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "5w",
        "R14",
        Text("Who does what, where (5W)"),
        Text("A line an item of a programme, for the coordination of organisations"),
        _OF_DAYS,
        overview.activity_report,
        "programme_papers.activities_pdf",
        "period_grids.activity_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "programme",
        "R16",
        Text("The programme at its end"),
        Text("Planned and done, goods, reasons; lines for what is told in words"),
        _OF_DAYS,
        overview.programme_report,
        "programme_papers.programmes_pdf",
        "period_grids.programme_grids",
        is_kept=True,
        is_of_period=True,
    ),
    Report(
        "disclosures",
        "R18",
        Text("Register of disclosures"),
        Text("Every list of names that left the program: who asked, on what paper, for what, how many people"),
        _OF_DAYS,
        disclosures.register,
        "disclosures.register_pdf",
        "period_grids.disclosure_grids",
        is_of_period=True,
        caution=Text("No name of a family stands here, but who asked and who answered."),
    ),
    Report(
        "complaints",
        "R13",
        Text("Disputes and complaints"),
        Text("How disputes ended, by outcome, and who still waits for the shift lead: counts only"),
        _EVERY_DAY,
        overview.complaint_report,
        "complaints.make_pdf",
        "grids.complaint_grids",
        is_kept=True,
    ),
    Report(
        "enough",
        "R6",
        Text("Enough for …"),
        Text("Each item against the families in line and those who have not had it yet, until about when"),
        _AHEAD,
        overview.supply,
        "supply.enough_pdf",
        "supply_grids.enough_grids",
        is_kept=True,
    ),
    Report(
        "expiring",
        "R7",
        Text("What expires"),
        Text("Batches with a last day, and what will be left of them at the present pace"),
        _AHEAD,
        overview.expiring,
        "supply.expiring_pdf",
        "supply_grids.expiring_grids",
        is_kept=True,
    ),
    Report(
        "sheets",
        "R12",
        Text("Sign-off sheets"),
        Text("A line for every hand-over to be signed, for each window; they also serve when there is no power"),
        _TO_FILL_IN,
        overview.sign_off_sheets,
        "sheets.sheets_pdf",
        is_public=True,
    ),
    Report(
        "poster",
        "A3",
        Text("Poster: what a family may have"),
        Text("Items with pictures, how many, for whom, when again; what there is none of today. For the wall, A3"),
        _TO_FILL_IN,
        overview.poster,
        "poster.make_pdf",
        is_public=True,
    ),
    Report(
        "wall",
        "W",
        Text("How numbers are called"),
        Text("Who is called when, for the wall, in the public languages"),
        _TO_FILL_IN,
        overview.wall_rule,
        "wall.make_pdf",
        is_public=True,
    ),
    Report(
        "served",
        "N",
        Text("Cards already served"),
        Text("Card numbers without names, for serving by hand when there is no power"),
        _TO_FILL_IN,
        overview.served_cards,
        "served.make_pdf",
    ),
    Report(
        "waiting",
        "WL",
        Text("Promises and wait list by card number"),
        Text("Card numbers without names: what stands aside for whom and who waits, for a day without power"),
        _TO_FILL_IN,
        overview.owed_cards,
        "owed_cards.make_pdf",
    ),
    Report(
        "form",
        "F",
        Text("Blank aid form"),
        Text("To fill in by hand when there is no power, and to copy"),
        _TO_FILL_IN,
        overview.blank_form,
        "intake.form_pdf",
        is_public=True,
    ),
    Report(
        "roll",
        "T",
        Text("Queue numbers for a paper roll"),
        Text("Numbers the computer keeps free, to cut out and give by hand when there is no power"),
        _TO_FILL_IN,
        overview.roll_numbers,
        "rolls.make_pdf",
        is_public=True,
    ),
    Report(
        "quick",
        "Q",
        Text("Quick registration, blank"),
        Text("A line a family to fill in by hand when there is no power, and to copy"),
        _TO_FILL_IN,
        overview.quick_sheets,
        "quick.make_pdf",
    ),
    Report(
        "badges",
        "B",
        Text("Day badges"),
        Text("Badges nobody took yet, without names, ten on a sheet"),
        _TO_FILL_IN,
        overview.day_badges,
        "badges.make_pdf",
    ),
    Report(
        "cards",
        "C",
        Text("Family cards of the day"),
        Text("Cards of the families registered that day, ten on a sheet"),
        _TO_FILL_IN,
        overview.cards_of_day,
        "cards.day_pdf",
        is_public=True,
    ),
)

DAILY = tuple(one for one in REPORTS if one.group is _EVERY_DAY)
"""What is printed every evening."""


def report(name: str) -> Report:
    """The report of this name, or of this code; NotFound names those there are."""
    for found in REPORTS:
        if name.lower() in (found.name, found.code.lower()):
            return found
    raise NotFound(
        "no-report",
        Text("There is no report “{name}”. There are: {names}.", name=name, names=", ".join(r.name for r in REPORTS)),
    )


def make(name: str, kind: Format, figures: Any, printed: Printed, lang: str) -> bytes:
    """The file of a report. Equal figures give equal bytes, but for the line that says when it was printed."""
    if kind is Format.PDF:
        return _pdf(name, figures, printed, lang)
    from aidtrack.reports import workbook

    grids = _grids(name, figures, lang)
    maker = workbook.make_xlsx if kind is Format.XLSX else workbook.make_csv
    return maker(grids, figures.heading, lang)


SLIPS = {
    "ticket": "slips.ticket_pdf", "come_back": "slips.come_back_pdf", "hand_over": "slips.hand_over_pdf", "owed": "slips.owed_pdf",
}  # fmt: skip


def make_slip(kind: str, figures: Any, lang: str, size: SlipSize) -> bytes:
    """A slip a family carries away, of one of the kinds in `SLIPS`."""
    made: bytes = _loaded(SLIPS[kind])(figures, lang, size)
    return made


def make_single(kind: str, figures: Any, printed: Printed, lang: str) -> bytes:
    """A paper of one family: card, delivery, form."""
    from aidtrack.reports import cards, intake
    from aidtrack.reports.page import stamp_of

    code = {"card": "C", "delivery": "R15"}.get(kind, "F")
    stamp = stamp_of(figures.heading, code, printed.words(figures.heading.zone))
    if kind == "card":
        return cards.card_pdf(figures.cards[0], stamp, lang, figures.heading.phone)
    if kind == "delivery":
        from aidtrack.reports import deliveries

        return deliveries.make_pdf(figures, stamp, lang)
    return intake.form_pdf(figures, stamp, lang)


def make_recovery(code: str, site: str, day: date, printed: Printed, zone: str, lang: str) -> bytes:
    """The sheet with the recovery code; it names the centre and nothing else."""
    from aidtrack.reports import cards
    from aidtrack.reports.page import Stamp

    return cards.recovery_pdf(code, Stamp(site, "", day, "K", "", printed.words(zone)), lang)


def file_name(name: str, kind: Format, figures: Any) -> str:
    """R9-K1-240812.pdf: no name in it, and the newest stands last in a folder."""
    found, heading = report(name), figures.heading
    code = "".join(c for c in heading.code if c.isalnum() or c in "-_")
    first = f"{heading.since:%y%m%d}-" if heading.since else ""
    return f"{found.code}-{code}-{first}{heading.day:%y%m%d}.{kind}"


def _pdf(name: str, figures: Any, printed: Printed, lang: str) -> bytes:
    from aidtrack.reports.page import stamp_of

    found = report(name)
    stamp: Stamp = stamp_of(figures.heading, found.code, printed.words(figures.heading.zone))
    drawn: bytes = _loaded(found.draw)(figures, stamp, lang)
    return drawn


def _grids(name: str, figures: Any, lang: str) -> tuple[Grid, ...]:
    found = report(name)
    if not found.has_tables:
        raise NotFound("no-table", Text("This paper has no table. It comes as PDF."))
    grids: tuple[Grid, ...] = _loaded(found.grids)(figures, lang)
    return grids


def _loaded(maker: str) -> Callable[..., Any]:
    """`queueing.make_pdf`: reportlab and the makers of tables cost half a second and are loaded when a paper is made."""
    module, _, function = maker.partition(".")
    made: Callable[..., Any] = getattr(import_module(f"aidtrack.reports.{module}"), function)
    return made
