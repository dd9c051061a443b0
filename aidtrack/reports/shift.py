"""R17, the hand-over of a shift: windows, sheets, the cash of numbers and rolls, badges, what is open and what was explained.

Owns the page and its words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline, tables
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.grids import said_grid
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.reports.workbook import Cell, Field, Grid
from aidtrack.services.overview import LaneFigures, ShiftReport

TITLE = Text("Hand-over of the shift")


def make_pdf(report: ShiftReport, stamp: Stamp, lang: str) -> bytes:
    """As many pages as the shift needs, signed on the last."""
    at = report.at.astimezone(ZoneInfo(report.heading.zone))
    paper = Outline(
        title=TITLE,
        context=Text("As it stood at {time}. No family is named here.", time=f"{at:%H:%M}"),
        figures=partial(_figures, report),
        parts=_sections(report, lang),
        signed_by=(Text("Shift handed over by"), Text("Shift taken over by")),
    )
    return outline.make_pdf(paper, stamp, lang)


def _figures(report: ShiftReport, sheet: Sheet) -> tuple[Figure, ...]:
    given = sum(one.hand_overs for one in report.windows)
    waiting = report.total.waiting
    open_rows = len(report.open_rows)
    served = Text.plural("{n} number was served", "{n} numbers were served", n=report.total.served)
    printed = Text.plural("{n} slip was not printed", "{n} slips were not printed", n=report.not_printed)
    return (
        Figure(sheet.number(given), Text.plural("hand-over stands", "hand-overs stand", n=given), served),
        Figure(sheet.number(waiting), Text.plural("number still waits", "numbers still wait", n=waiting), printed),
        Figure(sheet.number(open_rows), Text.plural("thing is open", "things are open", n=open_rows), Text("each stands below")),
    )


def _sections(report: ShiftReport, lang: str) -> tuple[Section, ...]:
    known = _windows(report, lang), _numbers(report, lang), _rolls(report, lang), _badges(report, lang)
    return *known, _open(report, lang), _explained(report, lang)


def _windows(report: ShiftReport, lang: str) -> Section:
    columns = (
        Column(Text("window"), 18),
        Column(Text("hand-overs"), 24, right=True, bold=True),
        Column(Text("last line"), 28, face=NARROW),
        Column(Text("nobody is written for"), 74, face=NARROW),
        Column(Text("counted on paper"), 36, right=True),
    )
    number = partial(i18n.number, lang=lang)
    rows = [
        Row(
            (
                str(one.window), number(one.hand_overs), one.last or NONE, ", ".join(one.missing) or NONE,
                NONE if one.counted is None else number(one.counted),
            )
        )
        for one in report.windows
    ]  # fmt: skip
    given = number(sum(one.hand_overs for one in report.windows))
    total = tables.total((i18n.render(_ALL, lang), given, "", "", "")) if len(rows) > 1 else None
    return outline.part(Text("Windows and their sheets"), columns, rows, lang, total=total)


_ALL = Text("All")


def _numbers(report: ShiftReport, lang: str) -> Section:
    columns = (
        Column(Text("line"), 12, bold=True),
        Column(Text("name of the line"), 54),
        Column(Text("issued"), 22, right=True, bold=True),
        Column(Text("served"), 22, right=True),
        Column(Text("not here"), 22, right=True),
        Column(Text("gone, called off"), 26, right=True),
        Column(Text("still waiting"), 22, right=True, bold=True),
    )
    rows = [Row((lane.letter, i18n.render(lane.name, lang), *_states(lane, lang))) for lane in report.lanes]
    total = tables.total(("", i18n.render(_ALL, lang), *_states(report.total, lang))) if len(rows) > 1 else None
    return outline.part(Text("Cash of the queue numbers"), columns, rows, lang, total=total)


def _states(lane: LaneFigures, lang: str) -> tuple[str, ...]:
    """Issued, and where each of them is now."""
    return (*counts((lane.issued, lane.served, lane.not_here, _left(lane)), lang), i18n.number(lane.waiting, lang))


def _left(lane: LaneFigures) -> int:
    return lane.gone + lane.cancelled + lane.expired


def _rolls(report: ShiftReport, lang: str) -> Section:
    columns = (
        Column(Text("roll from"), 45, bold=True),
        Column(Text("to"), 45),
        Column(Text("last one given"), 45),
        Column(Text("left on it"), 45, right=True, bold=True),
    )
    rows = [Row((one.first, one.last, one.given_to or NONE, i18n.number(one.left, lang))) for one in report.rolls]
    return outline.part(Text("Paper rolls"), columns, rows, lang)


def _badges(report: ShiftReport, lang: str) -> Section:
    columns = (
        Column(Text("badges"), 72),
        Column(Text("made"), 36, right=True),
        Column(Text("in use"), 36, right=True, bold=True),
        Column(Text("lost or dead"), 36, right=True),
    )
    number = partial(i18n.number, lang=lang)
    rows = [
        Row((i18n.render(one.role, lang), number(one.made), number(one.taken), number(one.ended))) for one in report.badges
    ]
    return outline.part(Text("Badges to collect"), columns, rows, lang)


def _open(report: ShiftReport, lang: str) -> Section:
    columns = (Column(Text("what is open"), 96, bold=True), Column(Text("figures"), 84, face=NARROW))
    rows = [Row((i18n.render(what, lang), i18n.render(figures, lang))) for what, figures in report.open_rows]
    return outline.part(Text("What the next shift has to settle"), columns, rows, lang)


def _explained(report: ShiftReport, lang: str) -> Section:
    columns = (
        Column(Text("what did not agree"), 60, bold=True),
        Column(Text("figures"), 50, face=NARROW),
        Column(Text("explained in one sentence"), 70),
    )
    rows = [Row((i18n.render(one.what, lang), i18n.render(one.figures, lang), one.sentence)) for one in report.explained]
    return outline.part(Text("What did not agree, in one sentence each"), columns, rows, lang)


# ── as tables ────────────────────────────────────────────────────────────────────────────────────


def grids(report: ShiftReport, lang: str) -> tuple[Grid, ...]:
    """Windows, numbers, rolls, badges, open things, and what was explained."""
    known = _window_grid(report), _lane_grid(report, lang), _roll_grid(report), _badge_grid(report, lang)
    return *known, _open_grid(report, lang), said_grid(report.explained, lang)


def _window_grid(report: ShiftReport) -> Grid:
    fields = (
        Field(Text("window"), "#service+window"),
        Field(Text("hand-overs"), "#output+handed_over+num"),
        Field(Text("last line"), "#meta+sheet"),
        Field(Text("nobody is written for"), "#meta+missing", 30),
        Field(Text("counted on paper"), "#indicator+counted+num"),
    )
    rows: list[tuple[Cell, ...]] = [
        (str(one.window), one.hand_overs, one.last, ", ".join(one.missing), one.counted) for one in report.windows
    ]
    return Grid("windows", Text("Windows and their sheets"), fields, tuple(rows))


def _lane_grid(report: ShiftReport, lang: str) -> Grid:
    fields = (
        Field(Text("line"), "#service+lane"),
        Field(Text("name of the line"), "#service+name", 24),
        Field(Text("issued"), "#output+issued+num"),
        Field(Text("served"), "#output+num+served"),
        Field(Text("not here"), "#output+missed+num"),
        Field(Text("gone, called off"), "#output+left+num"),
        Field(Text("still waiting"), "#output+num+waiting"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.letter, i18n.render(one.name, lang), one.issued, one.served, one.not_here, _left(one), one.waiting) for one in report.lanes
    ]
    return Grid("numbers", Text("Cash of the queue numbers"), fields, tuple(rows))


def _roll_grid(report: ShiftReport) -> Grid:
    fields = (
        Field(Text("roll from"), "#meta+first"),
        Field(Text("to"), "#meta+last"),
        Field(Text("last one given"), "#meta+given"),
        Field(Text("left on it"), "#indicator+left+num"),
    )
    rows: list[tuple[Cell, ...]] = [(one.first, one.last, one.given_to, one.left) for one in report.rolls]
    return Grid("rolls", Text("Paper rolls"), fields, tuple(rows))


def _badge_grid(report: ShiftReport, lang: str) -> Grid:
    fields = (
        Field(Text("badges"), "#service+role", 20),
        Field(Text("made"), "#indicator+made+num"),
        Field(Text("in use"), "#indicator+num+used"),
        Field(Text("lost or dead"), "#indicator+ended+num"),
    )
    rows: list[tuple[Cell, ...]] = [(i18n.render(one.role, lang), one.made, one.taken, one.ended) for one in report.badges]
    return Grid("badges", Text("Badges to collect"), fields, tuple(rows))


def _open_grid(report: ShiftReport, lang: str) -> Grid:
    fields = (Field(Text("what is open"), "#status+name", 40), Field(Text("figures"), "#description", 50))
    rows: list[tuple[Cell, ...]] = [(i18n.render(a, lang), i18n.render(b, lang)) for a, b in report.open_rows]
    return Grid("open", Text("What the next shift has to settle"), fields, tuple(rows))
