"""Tables on paper: fixed widths, rules instead of grids, strings in cells; a page is a known number of rows before it is drawn.

Owns columns, rows and how many of them fit. What the numbers mean is each paper's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.reports import fonts
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import HEAVY, LINE, Sheet, Words, in_other

NONE = "–"
"""What a cell says where there is nothing to say: paper leaves no hole somebody could write in."""
ROW = 4.7
_INSIDE = 0.8
_GAP = 1.2
_AFTER_NUMBERS = 1.6
_HEAD_SIZE = 8.5
_HEAD_STEP = 3.3
_CELL_STEP = 3.4


@dataclass(frozen=True, slots=True)
class Column:
    """A column of fixed width in mm. `sign` is the sign of a movement; it stands above the head, so that a line reads as a sum.
    A cell too long shrinks to `smallest` points, then it is wrapped."""

    head: Words
    width: float
    right: bool = False
    bold: bool = False
    face: str = TEXT
    sign: str = ""
    smallest: float = fonts.SMALLEST


@dataclass(frozen=True, slots=True)
class Row:
    """Strings, one a column; "" is a cell that says nothing. `below` is the thickness of the rule under the row, 0 for none.
    A row that `keeps_next` never stands last on a page."""

    cells: tuple[str, ...]
    bold: bool = False
    indent: float = 0
    below: float = LINE
    strong: frozenset[int] = frozenset()
    keeps_next: bool = False


def count(n: int, lang: str) -> str:
    """A count as it is printed; none is a dash."""
    return i18n.number(n, lang) if n else NONE


def counts(numbers: Iterable[int], lang: str) -> tuple[str, ...]:
    """The counts of a row."""
    return tuple(count(n, lang) for n in numbers)


def signed(n: int, lang: str) -> str:
    """A difference with its sign: +4, −2; none is a dash."""
    return f"+{i18n.number(n, lang)}" if n > 0 else count(n, lang)


def total(cells: Iterable[str]) -> Row:
    """A bold row closed by a heavy rule."""
    return Row(tuple(cells), bold=True, below=HEAVY)


def closed(rows: Sequence[Row]) -> list[Row]:
    """The same rows, the last one closed by a heavy rule."""
    done = list(rows)
    if done:
        done[-1] = replace(done[-1], below=HEAVY)
    return done


def row_height(columns: Sequence[Column], row: Row, height: float = ROW) -> float:
    """The row's height: the usual one, or more when a cell is wrapped."""
    deepest = max((len(_cell(columns, row, n)[1]) for n, text in enumerate(row.cells) if text), default=1)
    return height + (deepest - 1) * _CELL_STEP


def split(
    columns: Sequence[Column], rows: Sequence[Row], rooms: Sequence[float], height: float = ROW
) -> list[list[Row]]:
    """The rows of each page. `rooms` are the heights free on the pages; the last one counts for all that follow."""
    pages: list[list[Row]] = [[]]
    left = rooms[0]
    heights = [row_height(columns, row, height) for row in rows]
    for row, tall, needed in zip(rows, heights, _kept_together(rows, heights), strict=True):
        if needed > left and pages[-1]:
            pages.append([])
            left = rooms[min(len(pages) - 1, len(rooms) - 1)]
        pages[-1].append(row)
        left -= tall
    return pages


def _kept_together(rows: Sequence[Row], heights: Sequence[float]) -> list[float]:
    """What each row needs with those it keeps beside it; the last row never stands alone on a page, it may be the sum of all."""
    needed = list(heights)
    for n in range(len(rows) - 2, -1, -1):
        if rows[n].keeps_next or (n == len(rows) - 2 and n > 0):
            needed[n] += needed[n + 1]
    return needed


def table(
    sheet: Sheet, x: float, down: float, columns: Sequence[Column], rows: Sequence[Row], height: float = ROW
) -> float:
    """Head and rows from `down`, where the rule under the head lies; returns where the last row ends."""
    head(sheet, x, down, columns)
    edge = x + sum(c.width for c in columns)
    for row in rows:
        tall = row_height(columns, row, height)
        _draw_row(sheet, x, down, columns, row, tall)
        down += tall
        if row.below:
            sheet.rule(x, down, edge, row.below)
    return down


def head(sheet: Sheet, x: float, down: float, columns: Sequence[Column]) -> None:
    """Column heads standing on a heavy rule at `down`."""
    at = x
    for column, inset in zip(columns, _insets(columns), strict=True):
        _draw_head(sheet, at + inset, down, column)
        at += column.width
    sheet.rule(x, down, at, HEAVY)


def head_height(columns: Sequence[Column], lang: str, other: str = "") -> float:
    """What the column heads need above their rule, in one language or in both."""
    return max((_head_lines(column, lang, other) for column in columns), default=1) * _HEAD_STEP


def head_room(columns: Sequence[Column], lang: str, other: str = "", lines: int = 1) -> float:
    """How much more the heads need than so many lines; never less than nothing."""
    return max(head_height(columns, lang, other) - lines * _HEAD_STEP, 0.0)


def _head_lines(column: Column, lang: str, other: str) -> int:
    return max(len(_said(column, lang, other)), 1) + (1 if column.sign else 0)


def _said(column: Column, lang: str, other: str) -> list[tuple[str, str]]:
    """The lines of a head, each with its face: of two languages the paper's own is bold and stands above."""
    words, also = i18n.render(column.head, lang) if not isinstance(column.head, str) else column.head, in_other(column.head, lang, other)
    own = NARROW_BOLD if other and words else NARROW
    room = (column.width - 2 * _INSIDE) * mm
    lines = [(line, own) for line in fonts.wrap(words, own, _HEAD_SIZE, room)]
    return lines + [(line, NARROW) for line in fonts.wrap(also, NARROW, _HEAD_SIZE, room) if also]


def _draw_head(sheet: Sheet, at: float, down: float, column: Column) -> None:
    side, align = (at + column.width - _INSIDE, "right") if column.right else (at, "left")
    lines = _said(column, sheet.lang, sheet.other)
    foot = down - 1.3
    if column.sign:
        sheet.text(side, foot - len(lines) * _HEAD_STEP, column.sign, BOLD, 11, align)
    for n, (line, face) in enumerate(lines, 1):
        sheet.text(side, foot - (len(lines) - n) * _HEAD_STEP, line, face, _HEAD_SIZE, align)


def _insets(columns: Sequence[Column]) -> list[float]:
    """Words that follow a column of numbers stand a little away from them."""
    return [_AFTER_NUMBERS if n and columns[n - 1].right and not c.right else 0.0 for n, c in enumerate(columns)]


def _draw_row(sheet: Sheet, x: float, down: float, columns: Sequence[Column], row: Row, tall: float) -> None:
    at = x
    insets = _insets(columns)
    for n, (column, text) in enumerate(zip(columns, row.cells, strict=True)):
        if text:
            size, lines = _cell(columns, row, n)
            side, align = (
                (at + column.width - _INSIDE, "right") if column.right else (at + insets[n] + _indent(row, n), "left")
            )
            for k, line in enumerate(lines, 1):
                sheet.text(side, down + tall - 1.3 - (len(lines) - k) * _CELL_STEP, line, _face(column, row, n), size, align)
        at += column.width


def _cell(columns: Sequence[Column], row: Row, n: int) -> tuple[float, tuple[str, ...]]:
    column = columns[n]
    taken = _INSIDE if column.right else _GAP + _indent(row, n) + _insets(columns)[n]
    return fonts.fit(row.cells[n], _face(column, row, n), 9, (column.width - taken) * mm, column.smallest)


def _face(column: Column, row: Row, n: int) -> str:
    return BOLD if row.bold or column.bold or n in row.strong else column.face


def _indent(row: Row, n: int) -> float:
    return row.indent if n == 0 else 0
