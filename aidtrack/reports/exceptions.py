"""R10, what was out of the ordinary: cancelled hand-overs, more than the rule, similar records, and deeds somebody answers for.

Owns the pages and their words; the figures come ready from `services.overview`. A quiet day is one page that says so.
"""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row
from aidtrack.services.overview import ExceptionReport

TITLE = Text("Out of the ordinary")


def make_pdf(report: ExceptionReport, stamp: Stamp, lang: str) -> bytes:
    """The report as PDF; as many pages as the day needs."""
    paper = Outline(
        title=TITLE,
        context=Text("No family is named here; reasons stand as they were written."),
        figures=partial(_figures, report),
        parts=_sections(report, lang),
        signed_by=outline.CENTRE_SIGNED_BY,
    )
    return outline.make_pdf(paper, stamp, lang)


# ── the answer first ─────────────────────────────────────────────────────────────────────────────


def _figures(report: ExceptionReport, sheet: Sheet) -> tuple[Figure, ...]:
    return _cancelled_figure(report, sheet), _more_figure(report, sheet), _similar_figure(report, sheet)


def _cancelled_figure(report: ExceptionReport, sheet: Sheet) -> Figure:
    n = len(report.cancelled)
    unit = Text.plural("hand-over cancelled", "hand-overs cancelled", n=n)
    sentence = Text.plural("{n} unit in them", "{n} units in them", n=report.units_cancelled)
    return Figure(sheet.number(n), unit, sheet.say(sentence))


def _more_figure(report: ExceptionReport, sheet: Sheet) -> Figure:
    n = len(report.more)
    unit = Text.plural("line above the rule", "lines above the rule", n=n)
    over = sum(row.given - row.allowed for row in report.more)
    sentence = Text.plural("{n} unit more than allowed", "{n} units more than allowed", n=over)
    return Figure(sheet.number(n), unit, sheet.say(sentence))


def _similar_figure(report: ExceptionReport, sheet: Sheet) -> Figure:
    unit = Text.plural("similar pair to settle", "similar pairs to settle", n=report.left_open)
    today = Text("today: joined {same}, other people {other}", same=report.joined, other=report.told_apart)
    return Figure(sheet.number(report.left_open), unit, sheet.say(today))


# ── in full ──────────────────────────────────────────────────────────────────────────────────────


def _sections(report: ExceptionReport, lang: str) -> tuple[Section, ...]:
    first = _cancelled(report, lang), _above(report, lang), _new_homes(report, lang), _turned_away(report, lang)
    return *first, _declared(report, lang), *_rest(report, lang)


def _cancelled(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("time"), 15),
        Column(Text("window"), 15),
        Column(Text("sheet and line"), 24, face=NARROW),
        Column(Text("units"), 14, right=True, bold=True),
        Column(Text("where the goods are"), 46),
        Column(Text("why"), 66, face=NARROW),
    )
    rows = [
        Row(
            (
                f"{c.at:%H:%M}",
                c.window,
                c.signed,
                i18n.number(c.units, lang),
                i18n.render(c.goods, lang),
                c.reason or (i18n.render(c.part_of, lang) if c.part_of else NONE),
            )
        )
        for c in report.cancelled
    ]
    check = Text("“Our error” was taken back, to be handed over again: {list}.", list=", ".join(report.to_give_again))
    return outline.part(Text("Cancelled hand-overs"), columns, rows, lang, check=check if report.to_give_again else "")


def _above(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("time"), 15),
        Column(Text("window"), 15),
        Column(Text("item"), 54),
        Column(Text("allowed"), 17, right=True),
        Column(Text("given"), 15, right=True, bold=True),
        Column(Text("more"), 14, right=True),
        Column(Text("who allowed it, and why"), 50, face=NARROW),
    )
    rows = [
        Row(
            (
                f"{m.at:%H:%M}", m.window, i18n.pick(m.names, lang), i18n.number(m.allowed, lang), i18n.number(m.given, lang),
                i18n.number(m.given - m.allowed, lang), i18n.render(m.allowed_by, lang) if m.allowed_by else NONE,
            )
        )
        for m in report.more
    ]  # fmt: skip
    return outline.part(Text("More than the rule allows"), columns, rows, lang)


def _new_homes(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("time"), 15),
        Column(Text("window"), 15),
        Column(Text("sheet and line"), 30, face=NARROW),
        Column(Text("item"), 100),
        Column(Text("given"), 20, right=True, bold=True),
    )
    rows = [
        Row((f"{one.at:%H:%M}", one.window, one.signed, i18n.pick(one.names, lang), i18n.number(one.given, lang)))
        for one in report.new_homes
    ]
    title = Text("Given because a new home has its own; with the old card they had it already")
    return outline.part(title, columns, rows, lang)


def _turned_away(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("time"), 15),
        Column(Text("card"), 30),
        Column(Text("what was said"), 55),
        Column(Text("from when"), 40, bold=True),
        Column(Text("took a number all the same"), 40),
    )
    rows = [
        Row(
            (
                f"{one.at:%H:%M}", f"… {one.card_tail or NONE}", i18n.render(one.said, lang),
                i18n.day_short(one.next_day, lang) if one.next_day else NONE,
                i18n.render(Text("yes"), lang) if one.came_in else NONE,
            )
        )
        for one in report.turned_away
    ]  # fmt: skip
    title = Text("Told “not today” at the door, before waiting")
    return outline.part(title, columns, rows, lang)


def _rest(report: ExceptionReport, lang: str) -> tuple[Section, Section]:
    return _look_ups(report, lang), _deeds(report, lang)


def _declared(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("item"), 90),
        Column(Text("stamped on"), 50),
        Column(Text("families"), 40, right=True, bold=True),
    )
    rows = [
        Row((i18n.pick(one.names, lang), i18n.day_short(one.stamped_on, lang), i18n.number(one.families, lang)))
        for one in report.declared
    ]
    title = Text("Declared by cards of other centres; counts where a rule says so")
    return outline.part(title, columns, rows, lang)


def _look_ups(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("time"), 15),
        Column(Text("card"), 40),
        Column(Text("how it was opened"), 95),
        Column(Text("how often"), 30, right=True, bold=True),
    )
    rows = [
        Row((f"{one.at:%H:%M}", f"… {one.card_tail or NONE}", i18n.render(one.how, lang), i18n.number(one.times, lang)))
        for one in report.look_ups
    ]
    title = Text("Families looked at and nothing done; who looked stands in the journal")
    return outline.part(title, columns, rows, lang)


def _deeds(report: ExceptionReport, lang: str) -> Section:
    columns = (
        Column(Text("what was done"), 70),
        Column(Text("how often"), 18, right=True, bold=True),
        Column(Text("reasons written down"), 92, face=NARROW),
    )
    rows = [
        Row((i18n.render(d.name, lang), i18n.number(d.count, lang), "; ".join(d.reasons) or NONE)) for d in report.deeds
    ]
    return outline.part(Text("Deeds to answer for"), columns, rows, lang)
