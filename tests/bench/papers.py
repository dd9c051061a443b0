"""How quick papers are: the pack of a day of 800 families, a thick pile of sign-off sheets, a hundred thousand lines of a workbook."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import xlsxwriter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from aidtrack.demo import DAY
from aidtrack.errors import Text
from aidtrack.reports import catalogue, fonts
from aidtrack.reports.catalogue import REPORTS, Format, Printed
from aidtrack.reports.fonts import TEXT
from aidtrack.reports.sheets import SIGN_OFF, sheets_pdf
from aidtrack.reports.workbook import Field, Grid, make_xlsx
from aidtrack.store.database import create_database
from tests.bench.measures import Figure
from tests.simulation import OPENS, Simulation
from tests.unit import report_figures as figures

FAMILIES, REGISTRARS = 800, 7
SHEETS, LINES = 50, 100_000
TRIES = 5
PRINTED = Printed(OPENS)


def printing(folder: Path) -> list[Figure]:
    """The three measures of papers."""
    return [*_pack(folder), *_sheets(), *_workbook()]


def _cpu(do: Callable[[], object], tries: int = TRIES) -> float:
    """The least processor time of some tries: what others do on the machine does not count."""
    spent = []
    for _ in range(tries):
        begin = time.process_time()
        do()
        spent.append(time.process_time() - begin)
    return min(spent)


def _pack(folder: Path) -> list[Figure]:
    """Every report of the list for a day of 800 families, from the tables to the PDF."""
    database = create_database(folder / "simulated.db")
    day = Simulation(database, FAMILIES, REGISTRARS)
    day.run()
    of_a_day = [report for report in REPORTS if report.has_tables]

    def make() -> None:
        for report in of_a_day:
            read = database.read(lambda s, r=report: r.figures(s, day.coordinator, DAY))  # type: ignore[misc]
            catalogue.make(report.name, Format.PDF, read, PRINTED, "ru")

    begin = time.perf_counter()
    make()
    wall = time.perf_counter() - begin
    seconds = min(wall, _cpu(make, 2))
    database.close()
    return [Figure(f"all {len(of_a_day)} reports of a day of {FAMILIES} families, read and printed", seconds, "s", 5)]


# ── sign-off sheets against bare tables ──────────────────────────────────────────────────────────


def _sheets() -> list[Figure]:
    pile = figures.sign_off_sheets()
    pile = replace(pile, windows=(replace(pile.windows[0], first=1, count=SHEETS),))
    stamp = figures.stamp("R12")
    sheets_pdf(pile, stamp, "uk")
    ours = _cpu(lambda: sheets_pdf(pile, stamp, "uk"))
    bare = _cpu(lambda: _bare_sheets(pile.lines, 6))
    return [
        Figure(f"floor: {SHEETS} bare reportlab tables of the same rows", bare * 1000, "ms"),
        Figure(f"{SHEETS} sign-off sheets", ours * 1000, "ms"),
        Figure("… as times the floor", ours / bare, "×", 1.5),
    ]


def _bare_sheets(lines: int, goods: int) -> bytes:
    """The same rows and columns with the same rules, each page a table of fixed widths and heights: no head, no foot, no signatures."""
    fonts.width("1", TEXT, 9)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(SIGN_OFF.width * mm, SIGN_OFF.height * mm), invariant=1, pageCompression=1)
    columns = 9 + goods
    widths = [SIGN_OFF.usable * mm / columns] * columns
    style = TableStyle([
        ("FONT", (0, 0), (-1, -1), TEXT, 8.5), ("LINEBELOW", (0, 0), (-1, -1), 0.75, "black"),
        ("LINEAFTER", (0, 1), (-2, -1), 0.75, "black"),
    ])  # fmt: skip
    for _ in range(SHEETS):
        head = [f"column {n}" for n in range(columns)]
        rows = [head, *([f"{n:02}", *[""] * (columns - 1)] for n in range(1, lines + 1))]
        table = Table(rows, widths, [6.1 * mm] * (lines + 1), style=style)
        table.wrapOn(canvas, SIGN_OFF.usable * mm, SIGN_OFF.height * mm)
        table.drawOn(canvas, SIGN_OFF.left * mm, 20 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# ── a workbook against the bare library ──────────────────────────────────────────────────────────


def _rows() -> tuple[tuple[str | int | date, ...], ...]:
    days = [date(2024, 8, 1 + n % 28) for n in range(LINES)]
    return tuple((f"KRS-{n:06}", "Продуктовый набор, 7 дней", n % 9, n, days[n], "Красный Крест") for n in range(LINES))


def _workbook() -> list[Figure]:
    rows = _rows()
    fields = tuple(Field(Text("item"), f"#item+c{n}") for n in range(len(rows[0])))
    grid = Grid("lines", Text("item"), fields, rows)
    ours = _cpu(lambda: make_xlsx((grid,), figures.HEADING, "ru"), 3)
    bare = _cpu(lambda: _bare_workbook(rows), 3)
    return [
        Figure(f"floor: {LINES:,} lines by bare XlsxWriter", bare, "s"),
        Figure(f"{LINES:,} lines of a report as XLSX", ours, "s"),
        Figure("… as times the floor", ours / bare, "×", 1.2),
    ]


def _bare_workbook(rows: tuple[tuple[str | int | date, ...], ...]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    whole, day = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "dd.mm.yyyy"})
    styles = (None, None, whole, whole, day, None)
    for n, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(n, column, cell, styles[column])
    book.close()
    return out.getvalue()
