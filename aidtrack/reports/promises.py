"""R11, promises and the wait list, what is overdue first; and the list for the door, card numbers only.

Owns the pages and their words; the figures come ready from `services.overview`. The door list is public: no name, no household, no count
of anybody's goods.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline, sections
from aidtrack.reports.fonts import NARROW, TEXT
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import A4, Draw, Figure, Sheet, Stamp, document
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, count, counts
from aidtrack.services.overview import DoorList, PromiseReport
from aidtrack.services.promises import CallRow

TITLE = Text("Promises and wait list")


def make_pdf(report: PromiseReport, stamp: Stamp, lang: str) -> bytes:
    """The report as PDF: overdue promises stand on page one until each is dated anew or honestly cancelled."""
    paper = Outline(
        title=TITLE,
        context=Text("A promise stands on goods put aside or on an announced delivery. A wait list owes nothing."),
        figures=partial(_figures, report),
        parts=_sections(report, lang),
        signed_by=outline.CENTRE_SIGNED_BY,
    )
    return outline.make_pdf(paper, stamp, lang)


def _figures(report: PromiseReport, sheet: Sheet) -> tuple[Figure, ...]:
    late, ready = len(report.overdue), sum(item.ready for item in report.items)
    overdue = Text.plural("promise overdue", "promises overdue", n=late)
    dated = Text("a new date or an honest cancellation is due") if late else Text("every promise has its date")
    open_ones = Text.plural("promise open", "promises open", n=report.promises)
    aside = Text.plural("{n} unit put aside and ready", "{n} units put aside and ready", n=ready)
    waits = Text.plural("family waits", "families wait", n=report.waiting)
    called = sum(item.called for item in report.items)
    told = Text.plural("{n} of them told that it came", "{n} of them told that it came", n=called)
    return (
        Figure(sheet.number(late), overdue, sheet.say(dated)),
        Figure(sheet.number(report.promises), open_ones, sheet.say(aside)),
        Figure(sheet.number(report.waiting), waits, sheet.say(told)),
    )


def _sections(report: PromiseReport, lang: str) -> tuple[Section, ...]:
    return _overdue(report, lang), _items(report, lang), _announced(report, lang), _ends(report, lang)


def _overdue(report: PromiseReport, lang: str) -> Section:
    columns = (
        Column(Text("item"), 52),
        Column(Text("card"), 32, face=NARROW),
        Column(Text("units"), 14, right=True, bold=True),
        Column(Text("promised for"), 24, right=True),
        Column(Text("days late"), 16, right=True),
        Column(Text("why"), 42, face=NARROW),
    )
    rows = [
        Row(
            (
                i18n.pick(one.names, lang), one.card, i18n.number(one.owed, lang), i18n.day_short(one.until, lang),
                i18n.number(one.days_late, lang), i18n.render(one.why, lang),
            )
        )
        for one in report.overdue
    ]  # fmt: skip
    title = Text("Overdue: to be dated anew or honestly cancelled")
    return outline.part(title, columns, rows, lang)


def _items(report: PromiseReport, lang: str) -> Section:
    columns = (
        Column(Text("item"), 44),
        Column(Text("promises"), 16, right=True, bold=True),
        Column(Text("units"), 14, right=True),
        Column(Text("stand ready"), 18, right=True),
        Column(Text("on the way"), 17, right=True),
        Column(Text("oldest, days"), 18, right=True),
        Column(Text("made today"), 17, right=True),
        Column(Text("kept, units"), 17, right=True),
        Column(Text("wait list"), 19, right=True, bold=True),
    )
    rows = [
        Row(
            (
                i18n.pick(one.names, lang),
                *counts((one.promises, one.units, one.ready, one.expected), lang),
                i18n.number(one.oldest_days, lang) if one.oldest_days is not None else NONE,
                *counts((one.made_today, one.kept_today, one.waiting), lang),
            )
        )
        for one in report.items
    ]
    title = Text("By item: promises, and families in the wait list")
    return outline.part(title, columns, rows, lang)


def _announced(report: PromiseReport, lang: str) -> Section:
    columns = (
        Column(Text("from whom"), 46),
        Column(Text("expected"), 22, right=True),
        Column(Text("item"), 56),
        Column(Text("units"), 16, right=True, bold=True),
        Column(Text("promised of it"), 24, right=True),
        Column(Text("late"), 16, face=NARROW),
    )
    rows = [
        Row(
            (
                one.supplier, i18n.day_short(one.expected_on, lang), i18n.pick(one.names, lang), i18n.number(one.quantity, lang),
                count(one.promised, lang),
                i18n.render(Text("late"), lang) if one.is_late else NONE,
            )
        )
        for one in report.announced
    ]  # fmt: skip
    return outline.part(Text("Announced deliveries"), columns, rows, lang)


def _ends(report: PromiseReport, lang: str) -> Section:
    columns = (
        Column(Text("item"), 70),
        Column(Text("reason"), 74),
        Column(Text("families"), 18, right=True, bold=True),
        Column(Text("units"), 18, right=True),
    )
    rows = [
        Row(
            (
                i18n.pick(one.names, lang), i18n.render(one.reason, lang), i18n.number(one.families, lang),
                i18n.number(one.units, lang),
            )
        )
        for one in report.ends
    ]  # fmt: skip
    return outline.part(Text("Cancelled today"), columns, rows, lang)



# ── the list for the door ────────────────────────────────────────────────────────────────────────

_DOOR_TOP, _DOOR_FLOOR = 40.0, 277.0
_CARD, _UNTIL = 42.0, 34.0


def door_pdf(door: DoorList, stamp: Stamp, lang: str) -> bytes:
    """Large enough to be read standing: card numbers under what they are called for."""
    other = stamp.other(lang)
    top = _DOOR_TOP + (5 if other else 0)
    parts = sections.flow(sections.in_both(_door_sections(door, lang, other), lang, other), _DOOR_FLOOR - top)
    pages: list[Draw] = [partial(_door, stamp, part, top) for part in parts]
    return document(A4, lang, f"AidTrack {stamp.number}", pages, other=other)


def _door(stamp: Stamp, parts: Sequence[Section], top: float, sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.title(24.2, Text("Please come: these card numbers"))
    words = Text("Numbers of family cards, no names. Is yours not here? Ask at the door, nothing is lost.")
    sheet.fitted(A4.left, 30.4, words, A4.usable, TEXT, 10)
    sheet.fitted(A4.left, 35.4, sheet.also(words), A4.usable, TEXT, 10)
    sections.draw(parts, A4.left, top, sheet)
    sheet.foot(stamp)


def _door_sections(door: DoorList, lang: str, other: str) -> list[Section]:
    calls = door.calls
    shown = (
        (Text("Put aside for you, ready"), calls.ready, True),
        (Text("It came, from the wait list: while it lasts, this is not a promise"), calls.came, False),
        (Text("We could not keep our word, please ask the shift lead"), calls.broken, False),
    )
    return [_door_section(title, rows, (lang, other), with_until=dated) for title, rows, dated in shown if rows or title is shown[0][0]]


def _door_section(title: Text, rows: Sequence[CallRow], langs: tuple[str, str], *, with_until: bool) -> Section:
    last = [Column(Text("kept until"), _UNTIL, right=True)] if with_until else []
    item = A4.usable - _CARD - (_UNTIL if with_until else 0)
    columns = (Column(Text("card"), _CARD, bold=True), Column(Text("item"), item), *last)
    cells = [_door_row(row, langs, with_until=with_until) for row in rows]
    return outline.part(title, columns, cells, langs[0])


def _door_row(row: CallRow, langs: tuple[str, str], *, with_until: bool) -> Row:
    """Everybody reads it: the item is named in both languages where it is called differently."""
    until = (i18n.day_short(row.until, langs[0]) if row.until else NONE,) if with_until else ()
    names = dict.fromkeys(i18n.pick(row.names, lang) for lang in langs if lang)
    return Row((row.card, " / ".join(names), *until))
