"""Tables on paper: fixed widths, rules instead of grids, strings in cells; a page is a known number of rows before it is drawn.

Owns columns, rows and how many of them fit. What the numbers mean is each paper's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm

from aidtrack.reports import fonts
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import HEAVY, LINE, Sheet, Words

ROW = 4.7
_INSIDE = 0.8
_GAP = 1.2
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
    """Strings, one a column; "" is a cell that says nothing. `below` is the thickness of the rule under the row, 0 for none."""

    cells: tuple[str, ...]
    bold: bool = False
    indent: float = 0
    below: float = LINE
    strong: frozenset[int] = frozenset()


def total(cells: Iterable[str]) -> Row:
    """A bold row closed by a heavy rule."""
    return Row(tuple(cells), bold=True, below=HEAVY)


def closed(rows: Sequence[Row]) -> list[Row]:
    """The same rows, the last one closed by a heavy rule."""
    done = list(rows)
    if done:
        last = done[-1]
        done[-1] = Row(last.cells, last.bold, last.indent, HEAVY, last.strong)
    return done


def row_height(columns: Sequence[Column], row: Row, height: float = ROW) -> float:
    """The row's height: the usual one, or more when a cell is wrapped."""
    deepest = max((len(_cell(c, row, n, t)[1]) for n, (c, t) in enumerate(zip(columns, row.cells, strict=True)) if t), default=1)
    return height + (deepest - 1) * _CELL_STEP


def split(columns: Sequence[Column], rows: Sequence[Row], rooms: Sequence[float], height: float = ROW) -> list[list[Row]]:
    """The rows of each page. `rooms` are the heights free on the pages; the last one counts for all that follow."""
    pages: list[list[Row]] = [[]]
    left = rooms[0]
    for row in rows:
        tall = row_height(columns, row, height)
        if tall > left and pages[-1]:
            pages.append([])
            left = rooms[min(len(pages) - 1, len(rooms) - 1)]
        pages[-1].append(row)
        left -= tall
    return pages


def table(sheet: Sheet, x: float, down: float, columns: Sequence[Column], rows: Sequence[Row], height: float = ROW) -> float:
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
    for column in columns:
        _draw_head(sheet, at, down, column)
        at += column.width
    sheet.rule(x, down, at, HEAVY)


def _draw_head(sheet: Sheet, at: float, down: float, column: Column) -> None:
    side, align = (at + column.width - _INSIDE, "right") if column.right else (at, "left")
    lines = fonts.wrap(sheet.say(column.head), NARROW, _HEAD_SIZE, (column.width - _INSIDE) * mm)
    for n, line in enumerate(reversed(lines)):
        sheet.text(side, down - 1.3 - n * _HEAD_STEP, line, NARROW, _HEAD_SIZE, align)
    if column.sign:
        sheet.text(side, down - 1.3 - len(lines) * _HEAD_STEP, column.sign, BOLD, 11, align)


def _draw_row(sheet: Sheet, x: float, down: float, columns: Sequence[Column], row: Row, tall: float) -> None:
    at = x
    for n, (column, text) in enumerate(zip(columns, row.cells, strict=True)):
        if text:
            _draw_cell(sheet, at, down + tall - 1.3, (column, row, n, text))
        at += column.width


def _draw_cell(sheet: Sheet, at: float, base: float, cell: tuple[Column, Row, int, str]) -> None:
    column, row, n, _ = cell
    size, lines = _cell(*cell)
    face = _face(column, row, n)
    side, align = (at + column.width - _INSIDE, "right") if column.right else (at + _indent(row, n), "left")
    for k, line in enumerate(reversed(lines)):
        sheet.text(side, base - k * _CELL_STEP, line, face, size, align)


def _cell(column: Column, row: Row, n: int, text: str) -> tuple[float, tuple[str, ...]]:
    room = column.width - (_INSIDE if column.right else _GAP + _indent(row, n))
    return fonts.fit(text, _face(column, row, n), 9, room * mm, column.smallest)


def _face(column: Column, row: Row, n: int) -> str:
    return BOLD if row.bold or column.bold or n in row.strong else column.face


def _indent(row: Row, n: int) -> float:
    return row.indent if n == 0 else 0
