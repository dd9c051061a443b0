"""R12, the sheets families sign on: a line a hand-over, as the window counts them; blank, so that they also serve without power.

Heads stand in the language of the paper and, where the centre's public reads another, in that one too. A blank cell is to be filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Text
from aidtrack.reports import fonts
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import HEAVY, LINE, Paper, Sheet, Stamp, document
from aidtrack.services.overview.sheets import SignOffSheets, WindowSheets

SIGN_OFF = Paper(297, 210, 15, 10, 14, 8)
_HEAD = 46.0
_ROW = 6.1
_TALL_ROW = 8.0
_TITLE = Text("Sign-off sheet")
_GROUP = 5
_FEW_GOODS = 3
_WIDE, _NARROW = 22.0, 14.5
_BOTH_FIT = 100.0


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to be filled in."""

    head: Text | str
    width: float
    is_goods: bool = False


def sheets_pdf(sheets: SignOffSheets, stamp: Stamp, lang: str) -> bytes:
    """A page a sheet, window after window."""
    other = next((code for code in sheets.heading.languages if code != lang), "")
    pages = [
        partial(_page, window, number, (sheets.lines, other), stamp)
        for window in sheets.windows
        for number in range(window.first, window.first + window.count)
    ]
    return document(SIGN_OFF, lang, f"AidTrack {stamp.number}", pages)


def _page(window: WindowSheets, number: int, how: tuple[int, str], stamp: Stamp, sheet: Sheet) -> None:
    lines, other = how
    name = f"{window.window}-{number:02}"
    sheet.head(stamp)
    used = sheet.text(SIGN_OFF.left, 26, f"{sheet.say(_TITLE)} {name}", BOLD, 17)
    if other:
        sheet.text(SIGN_OFF.left + used + 6, 26, i18n.render(_TITLE, other), TEXT, 13)
    place = Text("window {window}, sheet {sheet}", window=window.window, sheet=number)
    sheet.text(SIGN_OFF.edge, 26, place, TEXT, 10, "right")
    columns = _columns(window)
    _heads(sheet, columns, other)
    down = _lines(sheet, columns, lines)
    _sums(sheet, columns, down, other)
    _signatures(sheet, other)
    sheet.foot(stamp)


def _columns(window: WindowSheets) -> tuple[_Column, ...]:
    wide = _WIDE if len(window.gives) <= _FEW_GOODS else _NARROW
    goods = [_Column(Text("{item}", item=names), wide, is_goods=True) for names in window.gives]
    rest = SIGN_OFF.usable - 9 - 26 - 46 - 12 - wide * len(goods) - 14 - 16 - 15
    return (
        _Column("№", 9),
        _Column(Text("card, last digits"), 26),
        _Column(Text("card holder: surname, initials"), 46),
        _Column(Text("people"), 12),
        *goods,
        _Column(Text("in person"), 14),
        _Column(Text("how known"), 16),
        _Column(Text("time"), 15),
        _Column(Text("who collects, if another; signature"), rest),
    )


def _heads(sheet: Sheet, columns: tuple[_Column, ...], other: str) -> None:
    """The language of the paper in bold above, the other below it; all stand on the rule."""
    at = SIGN_OFF.left
    for column in columns:
        said = [(sheet.say(column.head), NARROW_BOLD)]
        if other and isinstance(column.head, Text) and not (column.is_goods and column.width < _WIDE):
            said.append((i18n.render(column.head, other), NARROW))
        lines = [
            (line, face) for words, face in said for line in fonts.wrap(words, face, 8.5, (column.width - 1.6) * mm)
        ]
        for n, (line, face) in enumerate(reversed(lines)):
            sheet.text(at + 0.8, _HEAD - 1.3 - n * 3.2, line, face, 8.5)
        at += column.width
    sheet.rule(SIGN_OFF.left, _HEAD, SIGN_OFF.edge, HEAVY)


def _lines(sheet: Sheet, columns: tuple[_Column, ...], lines: int) -> float:
    """Numbered lines, every fifth closed by a heavier rule. Rows are taller where the paper allows it."""
    tall = _TALL_ROW if lines * _TALL_ROW <= 122 else _ROW
    end = _HEAD + lines * tall
    for n in range(1, lines + 1):
        base = _HEAD + n * tall
        sheet.text(SIGN_OFF.left + 0.8, base - tall / 2 + 1.2, f"{n:02}", BOLD, 9)
        sheet.rule(SIGN_OFF.left, base, SIGN_OFF.edge, HEAVY if n % _GROUP == 0 else LINE)
    at = SIGN_OFF.left
    for column in columns[:-1]:
        at += column.width
        sheet.upright(at, _HEAD, end, LINE)
    _ticks(sheet, columns, (lines, tall))
    return end


def _ticks(sheet: Sheet, columns: tuple[_Column, ...], rows: tuple[int, float]) -> None:
    """The box in the column “in person”."""
    lines, tall = rows
    before = next(n for n, column in enumerate(columns) if column.head == Text("in person"))
    x = SIGN_OFF.left + sum(column.width for column in columns[:before]) + (columns[before].width - 3.8) / 2
    for n in range(lines):
        sheet.box(x, _HEAD + n * tall + (tall - 3.8) / 2, 3.8, 3.8)


def _sums(sheet: Sheet, columns: tuple[_Column, ...], down: float, other: str) -> None:
    """Lines for the sums of this sheet, of those before, and both; how somebody is known, by its digit."""
    labels = (Text("this sheet"), Text("sheets before"), Text("running total"))
    people = next(n for n, column in enumerate(columns) if column.head == Text("people"))
    last = next(n for n, column in enumerate(columns) if column.head == Text("in person"))
    left = SIGN_OFF.left + sum(column.width for column in columns[:people])
    right = SIGN_OFF.left + sum(column.width for column in columns[:last])
    for n, label in enumerate(labels, 1):
        sheet.text(left - 2, down + n * 5.2 - 1.3, label, BOLD if n == 3 else TEXT, 9, "right")
        sheet.rule(left, down + n * 5.2, right, HEAVY if n == 3 else LINE)
    at = left
    for column in columns[people:last]:
        sheet.upright(at, down, down + 15.6)
        at += column.width
    sheet.upright(at, down, down + 15.6)
    _terms(sheet, right + 4, down + 4, other)


_SIGNED = Text(
    "Signed: everything in the line was received. A wrong line is struck out by the shift lead. Data only to account for this aid."
)


def _terms(sheet: Sheet, x: float, down: float, other: str) -> None:
    """How somebody is known, by its digit, on the left; what a signature means on the right, in both languages where there is room."""
    known = " · ".join(f"{n} {sheet.say(how.text)}" for n, how in enumerate(HowConfirmed, 1))
    sheet.block(SIGN_OFF.left, down, Text("How known: {list}", list=known), 54, NARROW, 8.5, 3.5)
    room = SIGN_OFF.edge - x
    down = sheet.block(x, down, _SIGNED, room, NARROW, 8.5, 3.5)
    if other and room >= _BOTH_FIT:
        sheet.block(x, down, i18n.render(_SIGNED, other), room, NARROW, 8.5, 3.5)


def _signatures(sheet: Sheet, other: str) -> None:
    labels = (Text("Distributed by"), Text("Approved by"), Text("Witness 1"), Text("Witness 2"))
    width = (SIGN_OFF.usable - 3 * 6) / 4
    base = SIGN_OFF.floor - 11
    for n, label in enumerate(labels):
        x = SIGN_OFF.left + n * (width + 6)
        used = sheet.text(x, base - 3.4 if other else base, label, NARROW_BOLD, 8.5)
        if other:
            used = max(used, sheet.text(x, base, i18n.render(label, other), NARROW, 8.5))
        sheet.rule(x + used + 2, base, x + width)
        sheet.text(x + used + 2, base + 2.9, Text("name, signature"), NARROW, 8)
