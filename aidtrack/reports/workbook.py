"""The figures of a report as tables: a workbook with a sheet a table, or one CSV with HXL tags in its second row.

Owns the files. A text that looks like a formula stays a text, and what is read back is what was written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

import xlsxwriter

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services.overview import Heading
from aidtrack.services.spreadsheets.reading import escaped

Cell: TypeAlias = str | int | float | date | time | None
_LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its head, and its tag for machines that read HXL."""

    head: Text
    tag: str
    width: int = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a report; `name` is short and Latin, it tells the tables of one CSV apart. `is_state`: it says how things stand at the
    end of the day, not what happened on it. `total` sums its rows up and is none of them: whoever adds the lines up counts nothing twice.
    """

    name: str
    title: Text
    fields: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_state: bool = False
    total: tuple[Cell, ...] = ()

    @property
    def lines(self) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Each row with the name of its part: the total is a part of its own."""
        yield from ((self.name, row) for row in self.rows)
        if self.total:
            yield f"{self.name}_total", self.total


def make_csv(grids: Sequence[Grid], heading: Heading, lang: str) -> bytes:
    """All tables in one rectangle, UTF-8 with its mark so that every office program reads the letters."""
    fields, common = _all_fields(grids), _common(heading, grids)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([escaped(i18n.render(field.head, lang)) for field in (*common, *fields)])
    writer.writerow([field.tag for field in (*common, *fields)])
    for grid in grids:
        places = {field.tag: n for n, field in enumerate(grid.fields)}
        for name, row in grid.lines:
            cells = [row[places[field.tag]] if field.tag in places else None for field in fields]
            writer.writerow([_plain(cell) for cell in (*_days(heading), heading.site, name, *cells)])
    return out.getvalue().encode("utf-8-sig")


_WHERE = (Field(Text("centre"), "#loc+name"), Field(Text("part of the report"), "#meta+table"))


def _common(heading: Heading, grids: Sequence[Grid]) -> tuple[Field, ...]:
    """What stands before every line: the day, or the first and the last one; centre and part."""
    if heading.since is None:
        tag = "#date+reported" if any(grid.is_state for grid in grids) else "#date+occurred"
        return Field(Text("day"), tag), *_WHERE
    return Field(Text("from"), "#date+start"), Field(Text("until"), "#date+end"), *_WHERE


def _days(heading: Heading) -> tuple[date, ...]:
    return (heading.day,) if heading.since is None else (heading.since, heading.day)


def _all_fields(grids: Sequence[Grid]) -> list[Field]:
    found: dict[str, Field] = {}
    for grid in grids:
        for field in grid.fields:
            found.setdefault(field.tag, field)
    return list(found.values())


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escaped(cell)
    return f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)


def make_xlsx(grids: Sequence[Grid], heading: Heading, lang: str) -> bytes:
    """A workbook: a sheet a table, with centre and day above it, and HXL tags below the heads. A total stands over the heads, where it
    stays in sight and no machine takes it for a line. Texts are texts, never formulas or links."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"author": "AidTrack", "created": datetime.combine(heading.day, time())})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}),
        "tag": book.add_format({"font_size": 8, "font_color": "#595959"}),
        "total": book.add_format({"bold": True, "num_format": "#,##0"}),
        "int": book.add_format({"num_format": "#,##0"}),
        "float": book.add_format({"num_format": "0.0"}),
        "date": book.add_format({"num_format": "dd.mm.yyyy"}),
        "time": book.add_format({"num_format": "hh:mm"}),
    }
    for grid in grids:
        _sheet(book, styles, grid, heading, lang)
    book.close()
    return out.getvalue()


_HEADS = 3
"""The row of the heads, counted from nought: title, centre and day, and the total or a free row stand above it."""
_Styles: TypeAlias = dict[str, "xlsxwriter.format.Format"]


def _sheet(book: xlsxwriter.Workbook, styles: _Styles, grid: Grid, heading: Heading, lang: str) -> None:
    title = i18n.render(grid.title, lang)
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
    sheet.write_string(0, 0, title, styles["title"])
    days = i18n.span_long(heading.since, heading.day, lang) if heading.since else i18n.day_long(heading.day, lang)
    sheet.write_string(1, 0, f"{heading.site} · {days}")
    bold = dict.fromkeys((*styles, "text"), styles["total"])
    for n, cell in enumerate(grid.total):
        _write(sheet, (_HEADS - 1, n), cell, bold)
    for n, field in enumerate(grid.fields):
        sheet.set_column(n, n, field.width)
        sheet.write_string(_HEADS, n, i18n.render(field.head, lang), styles["head"])
        sheet.write_string(_HEADS + 1, n, field.tag, styles["tag"])
    for r, row in enumerate(grid.rows, _HEADS + 2):
        for n, cell in enumerate(row):
            _write(sheet, (r, n), cell, styles)
    sheet.freeze_panes(_HEADS + 2, 1)


def _write(sheet: xlsxwriter.worksheet.Worksheet, at: tuple[int, int], cell: Cell, styles: _Styles) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(*at, cell[:_LONGEST_CELL], styles.get("text"))
    elif isinstance(cell, int):
        sheet.write_number(*at, cell, styles["int"])
    elif isinstance(cell, float):
        sheet.write_number(*at, cell, styles["float"])
    else:
        sheet.write_datetime(*at, cell, styles["time" if isinstance(cell, time) else "date"])
