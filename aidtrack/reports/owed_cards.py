"""Promises and the wait list by card number, for a day without power: what stands aside for whom, and lines to write more on by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import sections, tables
from aidtrack.reports.fonts import BOLD, TEXT
from aidtrack.reports.page import A4, Draw, Sheet, Stamp, document
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, count
from aidtrack.services.overview import OwedCards

TITLE = Text("Promises and wait list by card number")
_TOP, _FLOOR = 40.0, 277.0
_TO_WRITE = 8
"""Empty lines for whoever is written down by hand."""
_TICKED, _WRITTEN = 5.6, 6.9
"""Height of a row somebody ticks, and of one somebody writes in."""


def make_pdf(owed: OwedCards, stamp: Stamp, lang: str) -> bytes:
    """What is promised first: it is kept, with power or without."""
    parts = sections.flow(sections.in_both((_promised(owed, lang), _waiting(owed, lang)), lang, ""), _FLOOR - _TOP)
    pages: list[Draw] = [partial(_page, stamp, part) for part in parts]
    return document(A4, lang, f"AidTrack {stamp.number}", pages)


def _page(stamp: Stamp, parts: Sequence[Section], sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.text(A4.left, 24.2, TITLE, BOLD, 17)
    words = Text(
        "For serving by hand without power. What stands aside is given to its card; a wait list owes nothing. Cross out what was given and "
        "type it in afterwards."
    )
    sheet.block(A4.left, 29.4, words, A4.usable, TEXT, 9, 3.9)
    sections.draw(parts, A4.left, _TOP, sheet)
    sheet.foot(stamp)


def _promised(owed: OwedCards, lang: str) -> Section:
    columns = (
        Column(Text("card"), 42, bold=True),
        Column(Text("item"), 58),
        Column(Text("units"), 16, right=True, bold=True),
        Column(Text("stand ready"), 20, right=True),
        Column(Text("until, or expected"), 28, right=True),
        Column(Text("given"), 16),
    )
    rows = [
        Row(
            (
                one.card, i18n.pick(one.names, lang), i18n.number(one.units, lang),
                count(one.ready, lang), i18n.day_short(one.until, lang), "",
            )
        )
        for one in owed.promised
    ]  # fmt: skip
    return Section(Text("Promised"), columns, tuple(tables.closed(rows or [_none(columns, lang)])), height=_TICKED)


def _waiting(owed: OwedCards, lang: str) -> Section:
    columns = (
        Column(Text("number in the list"), 16, right=True),
        Column(Text("card"), 42, bold=True),
        Column(Text("item"), 62),
        Column(Text("units"), 16, right=True),
        Column(Text("since"), 28, right=True),
        Column(Text("given"), 16),
    )
    rows = [
        Row(
            (
                i18n.number(one.place, lang), one.card, i18n.pick(one.names, lang), i18n.number(one.units, lang),
                i18n.day_short(one.since, lang), "",
            )
        )
        for one in owed.waiting
    ]  # fmt: skip
    blank = [Row(("",) * len(columns))] * _TO_WRITE
    title = Text("Wait list, not a promise; lines to write on")
    return Section(title, columns, tuple(tables.closed([*rows, *blank])), height=_WRITTEN)


def _none(columns: Sequence[Column], lang: str) -> Row:
    """A missing thing is said."""
    return Row((i18n.render(Text("none"), lang), *[NONE] * (len(columns) - 2), ""))
