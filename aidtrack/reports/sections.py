"""Parts of a paper under headings that flow from column to column: a heading keeps its table head and two rows.

Owns where the parts go. What they say is each paper's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aidtrack.errors import Text
from aidtrack.reports import tables
from aidtrack.reports.page import Sheet
from aidtrack.reports.tables import Column, Row

_HEAD = 6.6
_AFTER = 8.5


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its table. `tall_head` is what a head of several lines needs more."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    tall_head: float = 0

    @property
    def head(self) -> float:
        """From the heading to the rule under the table's head."""
        return _HEAD + self.tall_head


def draw(sections: Sequence[Section], x: float, down: float, sheet: Sheet) -> float:
    """The sections one below the other; returns where the last one ends."""
    end = down
    for section in sections:
        sheet.section(x, down, section.title)
        end = tables.table(sheet, x, down + section.head, section.columns, section.rows)
        down = end + _AFTER
    return end


def flow(sections: Sequence[Section], height: float, first: float | None = None) -> list[list[Section]]:
    """The sections of each column, `height` mm a column, the `first` one perhaps less; one too long goes on in the next."""
    columns: list[list[Section]] = [[]]
    left = height if first is None else first
    for section in sections:
        if left < section.head + 2 * tables.ROW and columns[-1]:
            columns.append([])
            left = height
        rooms = (left - section.head, height - section.head)
        for n, rows in enumerate(tables.split(section.columns, section.rows, rooms)):
            if n:
                columns.append([])
                left = height
            columns[-1].append(Section(section.title, section.columns, tuple(rows), section.tall_head))
            left -= section.head + sum(tables.row_height(section.columns, row) for row in rows) + _AFTER
    return columns
