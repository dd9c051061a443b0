"""R14 and R16: who does what where when for whom, and a programme at its end. The page is `outline`'s."""

from __future__ import annotations

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.goods_papers import BOOK, book_row, delivered_row, delivered_sum
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import A4_ACROSS, Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.overview import (
    ActivityFigures,
    ActivityReport,
    ItemFlow,
    ProgrammeFigures,
    ProgrammeItem,
    ProgrammeReport,
)

# ── R14 ──────────────────────────────────────────────────────────────────────────────────────────


def activities_pdf(report: ActivityReport, stamp: Stamp, lang: str) -> bytes:
    """The lines of a 5W sheet."""
    paper = Outline(
        title=Text("Who does what, where, when, for whom"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _activity_figures(report, sheet),
        parts=(_activities(report, lang),),
        terms=Text(
            "People are counted once in each line, and once in the figures above. The table as XLSX or CSV has the columns of the 5W sheet "
            "with HXL tags; what the centre does not know (targets, money, contact) is left free there."
        ),
        paper=A4_ACROSS,
    )
    return outline.make_pdf(paper, stamp, lang)


def _activity_figures(report: ActivityReport, sheet: Sheet) -> tuple[Figure, ...]:
    people = Text.plural("person reached", "people reached", n=report.people)
    families = Text.plural("in {n} family", "in {n} families", n=report.families)
    items = len({str(line.names) for line in report.activities})
    funders = sorted({line.funder for line in report.activities if line.funder})
    return (
        Figure(sheet.number(report.people), people, families),
        Figure(sheet.number(items), Text.plural("kind of goods", "kinds of goods", n=items), Text("handed over in kind")),
        Figure(sheet.number(len(funders)), Text.plural("funder named", "funders named", n=len(funders)), ", ".join(funders) or NONE),
    )


_ACTIVITIES = (
    Column(Text("programme"), 52),
    Column(Text("funder"), 34, face=NARROW),
    Column(Text("sector"), 38, face=NARROW),
    Column(Text("item"), 52),
    Column(Text("unit"), 14, face=NARROW),
    Column(Text("units"), 18, right=True),
    Column(Text("families"), 17, right=True),
    Column(Text("people"), 17, right=True, bold=True),
    Column(Text("from – to"), 30),
)


def _activities(report: ActivityReport, lang: str) -> Section:
    rows = [_activity_row(line, lang) for line in report.activities]
    note = report.organisation + (f" · {report.place}" if report.place and report.place not in report.organisation else "")
    return outline.part(Text("Activities"), _ACTIVITIES, rows, lang, note=note)


def _activity_row(line: ActivityFigures, lang: str) -> Row:
    days = i18n.day_short(line.last, lang)
    if line.last != line.first:
        days = f"{i18n.day_brief(line.first, lang)}–{days}"
    return Row((
        i18n.pick(line.programme, lang), line.funder or NONE, i18n.render(line.sector, lang), i18n.pick(line.names, lang),
        i18n.render(line.unit, lang), *counts((line.units, line.families, line.people), lang), days,
    ))  # fmt: skip


# ── R16 ──────────────────────────────────────────────────────────────────────────────────────────


def programmes_pdf(report: ProgrammeReport, stamp: Stamp, lang: str) -> bytes:
    """Every programme of the days: whom it was for, whom it reached, its goods; then lines for what figures do not tell."""
    parts = [part for programme in report.programmes for part in _of_programme(programme, lang)]
    paper = Outline(
        title=Text("The programme at its end"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _programme_figures(report, sheet),
        parts=(*(parts or [_no_programme(lang)]), _to_write(lang)),
        paper=A4_ACROSS,
    )
    return outline.make_pdf(paper, stamp, lang)


def _no_programme(lang: str) -> Section:
    return outline.part(Text("Programmes"), _RATIONS, [], lang)


def _programme_figures(report: ProgrammeReport, sheet: Sheet) -> tuple[Figure, ...]:
    """Of the one programme there is, or of the largest one; the others are told below."""
    largest = max(report.programmes, key=lambda one: one.families, default=None)
    if largest is None:
        return (Figure(NONE, Text("no programme ran"), ""),)
    due = sum(item.delivered.due for item in largest.items)
    given = sum(item.delivered.given for item in largest.items)
    share = i18n.share(largest.families, largest.registered, sheet.lang)
    return (
        Figure(share, Text("of the families reached"), Text("{n} of {all} registered", n=largest.families, all=largest.registered)),
        Figure(sheet.number(largest.people), Text.plural("person in them", "people in them", n=largest.people),
               Text.plural("{n} hand-over", "{n} hand-overs", n=largest.hand_overs)),
        Figure(i18n.share(given, due, sheet.lang), Text("of what was due"), Text("{n} of {all} units", n=given, all=due)),
    )  # fmt: skip


def _of_programme(programme: ProgrammeFigures, lang: str) -> tuple[Section, ...]:
    return _rations(programme, lang), _planned(programme, lang), _shelves(programme, lang), _reasons(programme, lang)


def _until(programme: ProgrammeFigures, lang: str) -> str:
    return i18n.day_short(programme.ends_on, lang) if programme.ends_on else i18n.render(Text("no end set"), lang)


_RATIONS = (Column(Text("rule"), 272),)


def _rations(programme: ProgrammeFigures, lang: str) -> Section:
    rows = [_ration_row(item, lang) for item in programme.items]
    facts = Text(
        "{from_} – {until}, donor {donor}; families registered {all}, reached {families}, people {people}",
        from_=programme.starts_on, until=_until(programme, lang), donor=programme.donor or NONE, all=programme.registered,
        families=programme.families, people=programme.people,
    )  # fmt: skip
    title = Text("{programme}", programme=programme.names)
    return outline.part(title, _RATIONS, rows, lang, note=facts)


def _ration_row(item: ProgrammeItem, lang: str) -> Row:
    if item.rule:
        return Row((i18n.render(item.rule, lang),))
    gone = i18n.render(Text("no rule gives it any more"), lang)
    return Row((f"{i18n.pick(item.delivered.names, lang)}: {gone}",))


_PLANNED = (
    Column(Text("item"), 62),
    Column(Text("unit"), 14, face=NARROW),
    Column(Text("families"), 20, right=True),
    Column(Text("due"), 22, right=True),
    Column(Text("handed over"), 22, right=True, bold=True),
    Column(Text("did not want"), 20, right=True),
    Column(Text("given less"), 20, right=True),
    Column(Text("wait list"), 20, right=True),
    Column(Text("above the rule"), 20, right=True),
    Column(Text("share"), 17, right=True),
    Column(Text("if not all, why"), 35, face=NARROW, smallest=8),
)


def _planned(programme: ProgrammeFigures, lang: str) -> Section:
    rows = [delivered_row(item.delivered, lang) for item in programme.items]
    total = delivered_sum([item.delivered for item in programme.items], lang) if len(rows) > 1 else None
    return outline.part(Text("Planned and done"), _PLANNED, rows, lang, total=total)


def _shelves(programme: ProgrammeFigures, lang: str) -> Section:
    flows = [ItemFlow(item.delivered.names, item.delivered.unit, item.flow) for item in programme.items]
    rows = [book_row(flow, lang) for flow in flows]
    note = Text("all that happened to these goods in those days, other programmes too")
    return outline.part(Text("Goods on the shelves"), BOOK, rows, lang, note=note)


_REASONS = (Column(Text("day"), 26), Column(Text("item"), 92), Column(Text("how it was given"), 154))


def _reasons(programme: ProgrammeFigures, lang: str) -> Section:
    rows = [
        Row((i18n.day_short(day, lang), i18n.pick(names, lang), i18n.render(words, lang)))
        for day, names, words in programme.switched
    ]
    note = Text("hand-overs cancelled: {n}", n=programme.cancelled)
    return outline.part(Text("Why it was not as planned"), _REASONS, rows, lang, note=note)


_QUESTIONS = (
    Text("Where and how it was organised"),
    Text("What people were told, and how"),
    Text("How women, men, girls and boys were served alike"),
    Text("How order was kept"),
    Text("Problems, and what was done about them"),
    Text("Complaints"),
)


def _to_write(lang: str) -> Section:
    """What only people know: a question with the rest of its line and one more to write on, each (domain.md §1.5)."""
    line = (Column("", A4_ACROSS.usable),)
    asked = [Row((i18n.render(question, lang),), keeps_next=True) for question in _QUESTIONS]
    rows = [row for words in asked for row in (words, Row(("",)))]
    return Section(Text("In words"), line, tuple(rows), note=Text("to be written by who led it"), height=7.0)
