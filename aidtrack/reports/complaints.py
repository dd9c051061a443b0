"""R13, complaints as counts: how disputes ended, what still waits for the shift lead. No family and no name stands on it.

Owns the page and its words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline, tables
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import Column, Row, counts
from aidtrack.services.overview import ComplaintReport


def make_pdf(report: ComplaintReport, stamp: Stamp, lang: str) -> bytes:
    """One page."""
    paper = Outline(
        title=Text("Disputes and complaints"),
        context=Text("Counts only: no family is named here."),
        figures=lambda sheet: _figures(report, sheet),
        parts=(_outcomes(report, lang),),
        terms=_terms(report, lang),
        signed_by=outline.CENTRE_SIGNED_BY,
    )
    return outline.make_pdf(paper, stamp, lang)


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
    rows = [Row((i18n.render(one.name, lang), *counts((one.today, one.week, one.to_date), lang))) for one in report.rows]
    whole = (report.today, sum(one.week for one in report.rows), sum(one.to_date for one in report.rows))
    total = tables.total((i18n.render(Text("Total"), lang), *counts(whole, lang)))
    return outline.part(Text("How disputes ended"), columns, rows, lang, total=total)


def _terms(report: ComplaintReport, lang: str) -> str:
    """Where a complaint about us goes."""
    phone = report.heading.phone
    outside = Text("It is told to the outside phone {phone}, which stands on every slip.", phone=phone) if phone else Text(
        "No outside phone is written down yet: Settings, Centre."
    )
    words = Text("A complaint about somebody who works here is never typed in.")
    return f"{i18n.render(words, lang)} {i18n.render(outside, lang)}"
