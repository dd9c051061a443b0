"""The totals of a report as plain text, to be sent where only sums may go, and as a QR code that a telephone reads from the screen.

Owns the sentences. There is no name, card or number of a family in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aidtrack import i18n
from aidtrack.domain.handover import COHORTS
from aidtrack.domain.small_counts import FEWEST
from aidtrack.domain.stock import so_many
from aidtrack.errors import Text
from aidtrack.services.overview import (
    ActivityReport,
    AgeReport,
    ComplaintReport,
    DeliveryReport,
    DisclosureReport,
    DistributionReport,
    ExceptionReport,
    Expiring,
    GoodsReport,
    GoodsRequest,
    OriginReport,
    ProgrammeReport,
    PromiseReport,
    QueueReport,
    ShiftReport,
    StockReport,
    Supply,
)

_UNDER_18 = 3
MOST_LETTERS = 1000
"""What a QR code of Cyrillic letters holds so that a telephone still reads it from a screen."""


def totals(figures: Any, lang: str) -> str:
    """The report in a few lines: day and centre, then its sums. Cut at the end of a line where a code could not hold it."""
    heading = figures.heading
    days = i18n.span_long(heading.since, heading.day, lang) if heading.since else i18n.day_short(heading.day, lang)
    head = f"{days}, {heading.site}"
    return _within((head, *(i18n.render(line, lang) for line in _lines(figures))))


def _within(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line])) > MOST_LETTERS:
            break
        kept.append(line)
    return "\n".join(kept)


def modules(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The QR code of a text: rows of (first, length) of its dark runs; as many rows as columns."""
    from aidtrack.reports.page import qr_modules

    return qr_modules(text, is_worn=False)


def _lines(figures: Any) -> list[Text]:
    return _SAYS[type(figures)](figures)


def _of_exceptions(report: ExceptionReport) -> list[Text]:
    lines = [
        Text("Hand-overs cancelled: {n}", n=len(report.cancelled)),
        Text("Lines above the rule: {n}", n=len(report.more)),
    ]
    return [*lines, Text("Similar pairs to settle: {n}", n=report.left_open)]


def _of_shift(report: ShiftReport) -> list[Text]:
    given = sum(one.hand_overs for one in report.windows)
    return [
        Text("Hand-overs: {n}", n=given),
        Text("Numbers still waiting: {n}", n=report.total.waiting),
        Text("Things still open: {n}", n=len(report.open_rows)),
    ]


def _of_distribution(report: DistributionReport) -> list[Text]:
    lines = [
        Text("Families: {families}, for the first time {new}", families=report.families, new=report.new),
        Text(
            "People: {people}; under 18: {children}; aged 60+: {older}",
            people=report.people,
            children=report.children,
            older=report.older,
        ),
    ]
    lines += [Text("{item}: {n}", item=item.names, n=item.given) for item in report.items if item.given]
    if report.partners:
        units = sum(row.quantity for row in report.partners)
        lines.append(Text("To organisations: units {units}, people there {people}", units=units, people=report.partner_people))
    return [*lines, *report.problems]


def _of_queue(report: QueueReport) -> list[Text]:
    total = report.total
    lines = [
        Text("Numbers: issued {issued}, served {served}", issued=total.issued, served=total.served),
        Text("Not here {n}, gone {gone}, expired {expired}", n=total.not_here, gone=total.gone, expired=total.expired),
        Text("For tomorrow: {n}", n=total.waiting) if report.closed else Text("In line now: {n}", n=total.waiting),
    ]
    if total.waits:
        waits = total.waits
        half = Text("Waited: half up to {half} min, the longest {longest} min", half=waits.half, longest=waits.longest)
        lines.append(half)
    return lines


def _of_stock(report: StockReport) -> list[Text]:
    return [
        Text(
            "{item}: given {given}, left {left}",
            item=item.names,
            given=item.flow.issued - item.flow.returned,
            left=item.available,
        )
        for item in report.items
    ]


# ── of a day or several ──────────────────────────────────────────────────────────────────────────


def _of_ages(report: AgeReport) -> list[Text]:
    women, men = report.cohorts[0].total, report.cohorts[1].total
    young = sum(sum(row.counts[:_UNDER_18]) for row in report.cohorts)
    old = sum(row.counts[len(COHORTS) - 1] for row in report.cohorts)
    return [
        Text("Families: {families}, for the first time {new}", families=report.families, new=report.new),
        Text("People: {people}; under 18: {children}; aged 60+: {older}", people=report.people, children=young, older=old),
        Text("Women and girls {women}, men and boys {men}", women=women, men=men),
        Text("Hard to walk, see, hear or speak: {n}", n=report.with_difficulty),
    ]


def _families(n: int) -> Text:
    return Text.plural("{n} family", "{n} families", n=n)


def _of_origins(report: OriginReport) -> list[Text]:
    total = report.total
    told = [row.whole for row in report.districts if row.whole.names and row.whole.people >= FEWEST]
    return [
        Text("Families: {families}, for the first time {new}", families=total.families, new=total.new),
        *(Text("{district}: {families}", district=row.names, families=_families(row.families)) for row in told),
    ]


def _of_deliveries(report: DeliveryReport) -> list[Text]:
    return [Text("{item}: due {due}, given {given}", item=row.names, due=row.due, given=row.given) for row in report.items]


def _of_goods(report: GoodsReport) -> list[Text]:
    return [
        Text("Taken in: {n}, short or damaged {missing}", n=report.taken_in, missing=report.missing),
        Text("Written off: {n}, lost on the way {lost}", n=report.lost, lost=report.lost_on_the_way),
        Text("Passed on: {n}", n=sum(line.quantity for line in report.passed_on)),
    ]


def _of_activities(report: ActivityReport) -> list[Text]:
    people = Text.plural("{n} person", "{n} people", n=report.people)
    reached = Text("Reached: {people}, {families}", people=people, families=_families(report.families))
    return [reached, *(Text("{item}: {n}", item=line.names, n=line.units) for line in report.activities)]


def _of_programmes(report: ProgrammeReport) -> list[Text]:
    return [
        Text(
            "{programme}: reached {families} of {all} families, {people} people", programme=one.names, families=one.families,
            all=one.registered, people=one.people,
        )
        for one in report.programmes
    ]  # fmt: skip


def _of_disclosures(report: DisclosureReport) -> list[Text]:
    return [Text("Lists of names given out: {n}, lines of people {people}", n=len(report.rows), people=report.people)]


# ── of a day, and ahead ──────────────────────────────────────────────────────────────────────────


def _of_promises(report: PromiseReport) -> list[Text]:
    return [
        Text("Promises: open {n}, overdue {late}", n=report.promises, late=len(report.overdue)),
        Text("Families in the wait list: {n}", n=report.waiting),
        *(Text("{item}: {n} on its way", item=row.names, n=row.quantity) for row in report.announced),
    ]


def _of_complaints(report: ComplaintReport) -> list[Text]:
    return [
        Text("Disputes ended: {n}, waiting {waiting}", n=report.today, waiting=report.waiting),
        *(Text("{how}: {n}", how=row.name, n=row.today) for row in report.rows if row.today),
    ]


def _of_supply(report: Supply) -> list[Text]:
    return [
        Text.plural("{item}: for about {n} family", "{item}: for about {n} families", n=line.families, item=line.names)
        for line in report.lines
    ]


def _of_expiring(report: Expiring) -> list[Text]:
    return [
        Text("{item}: {n} until {day}, about {left} left over", item=line.names, n=line.quantity, day=line.use_by, left=line.left)
        for line in report.lines
    ]


def _of_request(report: GoodsRequest) -> list[Text]:
    asked = [Text("{item}: we ask for {much}", item=line.names, much=so_many(line.ask, line.unit)) for line in report.lines if line.ask]
    return [Text("Families expected: {n}", n=report.families), *(asked or [Text("Nothing is missing.")])]


_SAYS: dict[type, Callable[[Any], list[Text]]] = {
    DistributionReport: _of_distribution, StockReport: _of_stock, QueueReport: _of_queue, ExceptionReport: _of_exceptions,
    PromiseReport: _of_promises, GoodsRequest: _of_request, ShiftReport: _of_shift, AgeReport: _of_ages, OriginReport: _of_origins,
    DeliveryReport: _of_deliveries, GoodsReport: _of_goods, ActivityReport: _of_activities, ProgrammeReport: _of_programmes,
    DisclosureReport: _of_disclosures, ComplaintReport: _of_complaints, Supply: _of_supply, Expiring: _of_expiring,
}  # fmt: skip
