"""Parts of a paper under headings that flow from column to column: a heading keeps its table head and two rows.

Owns where the parts go. What they say is each paper's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aidtrack.errors import Text
from aidtrack.reports import tables
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.page import Sheet, Words
from aidtrack.reports.tables import Column, Row

_HEAD = 6.6
AFTER = 8.5
_CLOSER = (7.0, 5.5)
_CHECK = 4.2
_CHECK_STEP = 3.5
_LITTLE = 0.45
"""Share of a page below which a table rather begins the next one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its table. `tall_head` is what a head of several lines needs more, `note` stands beside the heading, `check` is
    the line that proves the table; `height` is that of a row."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    tall_head: float = 0
    note: Words = ""
    check: Words = ""
    height: float = tables.ROW

    @property
    def head(self) -> float:
        """From the heading to the rule under the table's head."""
        return _HEAD + self.tall_head

    @property
    def foot(self) -> float:
        """What stands under the table."""
        return _CHECK if self.check else 0.0


def draw(sections: Sequence[Section], x: float, down: float, sheet: Sheet, gap: float = AFTER) -> float:
    """The sections one below the other, `gap` apart; returns where the last one ends."""
    end = down
    for section in sections:
        width = sum(column.width for column in section.columns)
        sheet.section(x, down, section.title, section.note, width)
        end = tables.table(sheet, x, down + section.head, section.columns, section.rows, section.height)
        if section.check:
            end = sheet.block(x, end + _CHECK, section.check, width, NARROW, 8.5, _CHECK_STEP) - _CHECK_STEP
        down = end + gap
    return end


def in_both(sections: Sequence[Section], lang: str, other: str) -> list[Section]:
    """The sections with heads as tall as both languages need."""
    return [replace(one, tall_head=tables.head_room(one.columns, lang, other)) for one in sections]


def flow(sections: Sequence[Section], height: float, first: float | None = None, gap: float = AFTER) -> list[list[Section]]:
    """The sections of each column, `height` mm a column, the `first` one perhaps less, `gap` apart; one too long goes on in the next, and
    one that the next can hold whole does not begin at the foot of this one."""
    columns: list[list[Section]] = [[]]
    left = height if first is None else first
    for section in sections:
        if columns[-1] and _begins_new(section, left, height):
            columns.append([])
            left = height
        taken = section.head + section.foot
        rooms = (left - taken, height - taken)
        parts = tables.split(section.columns, section.rows, rooms, section.height)
        for n, rows in enumerate(parts):
            if n:
                columns.append([])
                left = height
            is_last = n == len(parts) - 1
            columns[-1].append(replace(section, rows=tuple(rows), check=section.check if is_last else ""))
            left -= tall(columns[-1][-1]) + gap
    return columns


def tall(section: Section) -> float:
    """From the heading of a section to what stands under its table."""
    rows = sum(tables.row_height(section.columns, row, section.height) for row in section.rows)
    return section.head + section.foot + rows


def _begins_new(section: Section, left: float, height: float) -> bool:
    """Whether a column is better begun for it: no room for two rows, or little is left and the next column takes it whole."""
    needed = tall(section)
    if needed <= left:
        return False
    return left < section.head + section.foot + 2 * section.height or (needed <= height and left < height * _LITTLE)


def flow_signed(
    sections: Sequence[Section], rooms: tuple[float, float], signing: float
) -> tuple[list[list[Section]], float]:
    """Like `flow`, for pages of which only the last is signed: `rooms` are the heights of the first and of every other page, `signing`
    is what the signatures take of the last one. Also returns how far apart the sections stand: closer where that saves a page.
    """
    usual = _flow_signed(sections, rooms, signing, AFTER), AFTER
    if len(usual[0]) == 1:
        return usual
    closer = ((_flow_signed(sections, rooms, signing, gap), gap) for gap in _CLOSER)
    return min((usual, *closer), key=lambda way: len(way[0]))


def _flow_signed(sections: Sequence[Section], rooms: tuple[float, float], signing: float, gap: float) -> list[list[Section]]:
    first, height = rooms
    columns = flow(sections, height, first, gap)
    room = (first if len(columns) == 1 else height) - signing
    if sum(tall(one) + gap for one in columns[-1]) - gap > room:
        columns[-1:] = flow(columns[-1], height - signing, room, gap)
    return columns
