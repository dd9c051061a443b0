"""The totals of a report as plain text, to be sent where only sums may go, and as a QR code that a telephone reads from the screen.

Owns the sentences. There is no name, card or number of a family in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services.overview import DistributionReport, ExceptionReport, QueueReport, ShiftReport, StockReport

MOST_LETTERS = 1000
"""What a QR code of Cyrillic letters holds so that a telephone still reads it from a screen."""


def totals(figures: Any, lang: str) -> str:
    """The report in a few lines: day and centre, then its sums. Cut at the end of a line where a code could not hold it."""
    head = f"{i18n.day_short(figures.heading.day, lang)}, {figures.heading.site}"
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
    if isinstance(figures, DistributionReport):
        return _of_distribution(figures)
    if isinstance(figures, ExceptionReport):
        return _of_exceptions(figures)
    if isinstance(figures, ShiftReport):
        return _of_shift(figures)
    return _of_queue(figures) if isinstance(figures, QueueReport) else _of_stock(figures)


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
            "People: {people}, under 18 {children}, aged 60+ {older}",
            people=report.people,
            children=report.children,
            older=report.older,
        ),
    ]
    lines += [Text("{item}: {n}", item=item.names, n=item.given) for item in report.items if item.given]
    if report.partners:
        units = sum(row.quantity for row in report.partners)
        lines.append(Text("To organisations: {units} units, for {people} people", units=units, people=report.partner_people))
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
