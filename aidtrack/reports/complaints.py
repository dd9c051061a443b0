"""R13, complaints as counts: how disputes ended, what still waits for the shift lead. No family and no name stands on it.

Owns the page and its words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import sections, tables
from aidtrack.reports.fonts import BOLD, TEXT
from aidtrack.reports.page import A4, Figure, Sheet, Stamp, document
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import Column, Row
from aidtrack.services.overview import ComplaintReport

TITLE = Text("Disputes and complaints")
NONE = "–"
_TOP = 64.0


def make_pdf(report: ComplaintReport, stamp: Stamp, lang: str) -> bytes:
    """One page."""
    return document(A4, lang, f"AidTrack {stamp.number}", [partial(_page, report, stamp)])


def _page(report: ComplaintReport, stamp: Stamp, sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.text(A4.left, 24.2, TITLE, BOLD, 17)
    sheet.fitted(A4.left, 29.4, Text("Counts only: no family is named here."), A4.usable, TEXT, 9)
    sheet.big(32.6, _figures(report, sheet))
    end = sections.draw([_outcomes(report, sheet.lang)], A4.left, _TOP, sheet)
    _terms(report, end + 8, sheet)
    sheet.signatures((Text("Leader of the shift"), Text("Coordinator of the centre")), Text("signature, surname"))
    sheet.foot(stamp)


def _figures(report: ComplaintReport, sheet: Sheet) -> tuple[Figure, ...]:
    ended, open_ = report.today, report.waiting
    unit = Text.plural("dispute ended", "disputes ended", n=ended)
    waiting = Text.plural("number waits for the shift lead", "numbers wait for the shift lead", n=open_)
    longest = Text("the longest for {n} min", n=report.longest) if report.longest is not None else Text("nobody is left standing")
    stopped = Text.plural("person no longer collects", "people no longer collect", n=report.stopped)
    return (
        Figure(sheet.number(ended), unit, sheet.say(Text("by the shift lead, today"))),
        Figure(sheet.number(open_), waiting, sheet.say(longest)),
        Figure(sheet.number(report.stopped), stopped, sheet.say(Text("for a family, up to today"))),
    )


def _outcomes(report: ComplaintReport, lang: str) -> Section:
    columns = (
        Column(Text("how it ended"), 105),
        Column(Text("today"), 25, right=True, bold=True),
        Column(Text("seven days"), 25, right=True),
        Column(Text("to date"), 25, right=True),
    )
    rows = [Row((i18n.render(one.name, lang), *_counts(one.today, one.week, one.to_date, lang=lang))) for one in report.rows]
    whole = (report.today, sum(one.week for one in report.rows), sum(one.to_date for one in report.rows))
    total = tables.total((i18n.render(Text("Total"), lang), *_counts(*whole, lang=lang)))
    return Section(Text("How disputes ended"), columns, (*tables.closed(rows), total))


def _counts(*numbers: int, lang: str) -> tuple[str, ...]:
    return tuple(i18n.number(n, lang) if n else NONE for n in numbers)


def _terms(report: ComplaintReport, down: float, sheet: Sheet) -> None:
    phone = report.heading.phone
    outside = Text("It is told to the outside phone {phone}, which stands on every slip.", phone=phone) if phone else Text(
        "No outside phone is written down yet: Settings, Centre."
    )
    words = Text("A complaint about somebody who works here is never typed in.")
    down = sheet.block(A4.left, down, words, A4.usable, TEXT, 9, 4.2)
    sheet.block(A4.left, down + 0.6, outside, A4.usable, TEXT, 9, 4.2)
