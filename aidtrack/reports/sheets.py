"""R12, the sheets families sign on: a line a hand-over, as the window counts them; blank, so that they also serve without power.

Heads stand in the language of the paper and, where the centre's public reads another, in that one too. A blank cell is to be filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Names, Text
from aidtrack.reports import fonts
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import HEAVY, LINE, Paper, Sheet, Stamp, document
from aidtrack.services.overview.sheets import SignOffSheets, WindowSheets

SIGN_OFF = Paper(297, 210, 15, 10, 14, 8)
_HEAD = 48.0
_HEADS_TALL = 13.4
_ROW, _SUM = 6.1, 5.0
_PERSONAL = Text("in person")
_PEOPLE = Text("people")
_GROUP = 5
_FEW_GOODS, _SOME_GOODS = 3, 4
_GOODS = {True: 20.0, False: 14.0}
_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5)
Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to be filled in."""

    head: Text | str
    width: float
    is_goods: bool = False


def sheets_pdf(sheets: SignOffSheets, stamp: Stamp, lang: str) -> bytes:
    """A page a sheet, window after window."""
    pages = [
        partial(_page, window, number, sheets.lines, stamp)
        for window in sheets.windows
        for number in range(window.first, window.first + window.count)
    ]
    return document(SIGN_OFF, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


def _page(window: WindowSheets, number: int, lines: int, stamp: Stamp, sheet: Sheet) -> None:
    sheet.head(stamp)
    used = sheet.title(25.6, Text("Sign-off sheet {sheet}", sheet=f"{window.window}-{number:02}"), 170)
    place = Text("window {window}, sheet {sheet}", window=window.window, sheet=number)
    sheet.fitted(SIGN_OFF.edge, 25.6, sheet.both(place, " · "), SIGN_OFF.usable - used - 4, TEXT, 10, "right")
    _programme(window, sheet)
    columns = _columns(window)
    _heads(sheet, columns)
    _sums(sheet, columns, _lines(sheet, columns, lines))
    _signatures(sheet)
    sheet.foot(stamp)


def _programme(window: WindowSheets, sheet: Sheet) -> None:
    """Whose goods these are and what is due, on one line: whoever checks the sheet needs no other paper."""
    who = "; ".join(" · ".join(part for part in (i18n.pick(names, sheet.lang), donor) if part) for names, donor in window.programmes)
    labels = (Text("project, donor"), Text("per person"), Text("per family"))
    told = zip(labels, (who, _due(window.per_person, sheet), _due(window.per_family, sheet)), strict=True)
    parts = [f"{sheet.both(label)}: {words}" for label, words in told if words]
    sheet.fitted(SIGN_OFF.left, 30.6, "   ".join(parts), SIGN_OFF.usable, NARROW, 8.5)


def _due(goods: Sequence[tuple[Names, int]], sheet: Sheet) -> str:
    return i18n.together(f"{i18n.pick(names, sheet.lang)} × {sheet.number(n)}" for names, n in goods)


def _columns(window: WindowSheets) -> tuple[_Column, ...]:
    wide = _GOODS[len(window.gives) <= _FEW_GOODS]
    goods = [_Column(Text("{item}", item=names), wide, is_goods=True) for names in window.gives]
    plain = (
        _Column("№", 9),
        _Column(Text("card, last digits"), 22),
        _Column(Text("card holder: surname, initials"), 36 if len(goods) <= _SOME_GOODS else 33),
        _Column(_PEOPLE, 11),
        *goods,
        _Column(_PERSONAL, 14),
        _Column(Text("another person: surname, first name"), 42 if len(goods) <= _SOME_GOODS else 36),
        _Column(Text("how known"), 13),
        _Column(Text("time"), 13),
    )
    rest = SIGN_OFF.usable - sum(column.width for column in plain)
    return (*plain, _Column(Text("signature of who collects"), rest))


def _heads(sheet: Sheet, columns: tuple[_Column, ...]) -> None:
    """The language of the paper in bold above, the other below it; all stand on the rule."""
    at = SIGN_OFF.left
    smallest = min((_head(column, sheet)[0] for column in columns if column.is_goods), default=_SIZES[0])
    for column in columns:
        size, lines = _head(column, sheet, smallest if column.is_goods else _SIZES[0])
        for n, (line, face) in enumerate(lines, 1):
            sheet.text(at + 0.8, _HEAD - 1.3 - (len(lines) - n) * size * _STEP, line, face, size)
        at += column.width
    sheet.rule(SIGN_OFF.left, _HEAD, SIGN_OFF.edge, HEAVY)


_STEP = 0.38
"""Millimetres from line to line a point of the letters."""


def _head(column: _Column, sheet: Sheet, largest: float = _SIZES[0]) -> tuple[float, Lines]:
    """Both languages as large as they fit; of an item whose whole name is too long the words before its comma, or the first language
    alone."""
    words, also = sheet.say(column.head), sheet.also(column.head)
    brief = (words.partition(", ")[0], also.partition(", ")[0]) if column.is_goods else (words, also)
    for said in ((words, also), brief, (words, ""), (brief[0], "")):
        for size in (one for one in _SIZES if one <= largest):
            lines = _wrapped(said, size, column.width)
            if len(lines) * size * _STEP <= _HEADS_TALL:
                return size, lines
    return size, lines


def _wrapped(said: tuple[str, str], size: float, width: float) -> Lines:
    faces = ((said[0], NARROW_BOLD), (said[1], NARROW))
    return [(line, face) for words, face in faces if words for line in fonts.wrap(words, face, size, (width - 1.6) * mm)]


def _lines(sheet: Sheet, columns: tuple[_Column, ...], lines: int) -> float:
    """Numbered lines, every fifth closed by a heavier rule."""
    end = _HEAD + lines * _ROW
    for n in range(1, lines + 1):
        base = _HEAD + n * _ROW
        sheet.text(SIGN_OFF.left + 0.8, base - _ROW / 2 + 1.2, f"{n:02}", BOLD, 9)
        sheet.rule(SIGN_OFF.left, base, SIGN_OFF.edge, HEAVY if n % _GROUP == 0 else LINE)
    at = SIGN_OFF.left
    for column in columns[:-1]:
        at += column.width
        sheet.upright(at, _HEAD, end, LINE)
    _ticks(sheet, columns, lines)
    return end


def _left_of(columns: tuple[_Column, ...], head: Text) -> tuple[int, float]:
    """Which column it is, and where it begins."""
    before = next(n for n, column in enumerate(columns) if column.head == head)
    return before, SIGN_OFF.left + sum(column.width for column in columns[:before])


def _ticks(sheet: Sheet, columns: tuple[_Column, ...], lines: int) -> None:
    """The box in the column “in person”."""
    n, x = _left_of(columns, _PERSONAL)
    for row in range(lines):
        sheet.box(x + (columns[n].width - 3.8) / 2, _HEAD + row * _ROW + (_ROW - 3.8) / 2, 3.8, 3.8)


def _sums(sheet: Sheet, columns: tuple[_Column, ...], down: float) -> None:
    """Lines for the sums of this sheet, of those before, and both; beside them what the digits and a signature mean."""
    first, left = _left_of(columns, _PEOPLE)
    last, right = _left_of(columns, _PERSONAL)
    for n, label in enumerate((Text("this sheet"), Text("sheets before"), Text("running total")), 1):
        words = sheet.both(label)
        sheet.fitted(left - 2, down + n * _SUM - 1.4, words, left - SIGN_OFF.left - 4, BOLD if n == 3 else TEXT, 9, "right")
        sheet.rule(left, down + n * _SUM, right, HEAVY if n == 3 else LINE)
    at = left
    for column in columns[first:last]:
        sheet.upright(at, down, down + 3 * _SUM)
        at += column.width
    sheet.upright(at, down, down + 3 * _SUM)
    _terms(sheet, right + 4, down)


_SIGNED = Text(
    "Signed: everything in the line was received. A wrong line is struck out by the shift lead. Data only to account for this aid."
)


def _terms(sheet: Sheet, x: float, down: float) -> None:
    """What a signature means in both languages; how somebody is known, by its digit, in both where there is room."""
    known = [_known(code) for code in (sheet.lang, sheet.other) if code]
    signed = [part for part in (sheet.say(_SIGNED), sheet.also(_SIGNED)) if part]
    room = SIGN_OFF.edge - x
    for said in ((*known, *signed), (known[0], *signed)):
        for size in _SIZES:
            lines = [line for words in said for line in fonts.wrap(words, NARROW, size, room * mm)]
            if len(lines) * size * _STEP <= 3 * _SUM - 0.4:
                break
        else:
            continue
        break
    for n, line in enumerate(lines, 1):
        sheet.text(x, down + n * size * _STEP, line, NARROW, size)


def _known(lang: str) -> str:
    """How known: 1 holds the card · 2 …"""
    listed = " · ".join(f"{n} {i18n.render(how.text, lang)}" for n, how in enumerate(HowConfirmed, 1))
    return i18n.render(Text("How known: {list}", list=listed), lang)


def _signatures(sheet: Sheet) -> None:
    labels = (Text("Distributed by"), Text("Approved by"), Text("Witness 1"), Text("Witness 2"))
    width = (SIGN_OFF.usable - 3 * 6) / 4
    base = SIGN_OFF.floor - 11
    caption = sheet.both(Text("name, signature"))
    for n, label in enumerate(labels):
        x = SIGN_OFF.left + n * (width + 6)
        also = sheet.also(label)
        used = sheet.text(x, base - 3.4 if also else base, label, NARROW_BOLD, 8.5)
        used = max(used, sheet.text(x, base, also, NARROW, 8.5))
        sheet.rule(x + used + 2, base, x + width)
        sheet.fitted(x + used + 2, base + 2.9, caption, width - used - 2, NARROW, 8)
