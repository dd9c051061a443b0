"""The figures as workbook and CSV: the same numbers as on paper, texts that no spreadsheet takes for formulas, and no loss."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from aidtrack.errors import NotFound
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import REPORTS, Format, Printed
from aidtrack.reports.grids import distribution_grids, queue_grids, stock_grids
from aidtrack.reports.workbook import make_csv, make_xlsx
from aidtrack.services.spreadsheets.reading import escaped, unescaped
from tests.factories import MORNING
from tests.unit import report_figures as figures

NASTY = ("=1+1", "+7 910", "-2", "@cmd", "'=x", "''@", "\t=1", "it's", "'quoted'", "ордер; «1»", 'a"b,c\nd', "")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_is_a_formula_and_all_come_back(text: str) -> None:
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescaped(escaped(text)) == text


def test_the_csv_of_the_stock_adds_up() -> None:
    report = figures.stock_report()
    head, tags, *rows = rows_of(make_csv(stock_grids(report, "en"), report.heading, "en"))
    assert len(head) == len(tags)
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith("#") for tag in tags)
    at = {tag: n for n, tag in enumerate(tags)}
    lots = [row for row in rows if row[at["#meta+table"]] == "batches"]
    (total,) = [row for row in rows if row[at["#meta+table"]] == "items_total"]
    assert total[at["#item+name"]].startswith("Control")
    for tag in ("#indicator+num+opening", "#indicator+issued+num", "#indicator+closing+num"):
        assert sum(int(row[at[tag]]) for row in lots) == int(total[at[tag]])
    assert rows[0][0] == "2024-08-12"


def test_the_csv_of_the_queue_has_lines_hours_and_windows() -> None:
    report = figures.queue_report()
    rows = rows_of(make_csv(queue_grids(report, "uk"), report.heading, "uk"))
    assert {row[2] for row in rows[2:]} == {"lines", "lines_total", "hours", "windows"}
    assert len(rows) == 2 + 5 + 10 + 7


def test_the_csv_of_the_distribution_adds_up() -> None:
    report = figures.distribution_report()
    head, tags, *rows = rows_of(make_csv(distribution_grids(report, "en"), report.heading, "en"))
    assert len(head) == len(tags) == len(set(tags))
    at = {tag: n for n, tag in enumerate(tags)}
    by_table = {name: [row for row in rows if row[2] == name] for name in ("people", "items", "origins", "lodging")}
    everybody = [int(row[at["#reached+ind+total"]]) for row in by_table["people"]]
    assert sum(everybody) == sum(int(row[at["#reached+ind+total"]]) for row in by_table["origins"]) == 2987
    assert sum(int(row[at["#item+provided+num"]]) for row in by_table["items"]) == 8233
    assert sum(int(row[at["#reached+hh"]]) for row in by_table["lodging"]) == 812


def test_the_workbook_holds_numbers_as_numbers() -> None:
    report = figures.stock_report()
    book = CalamineWorkbook.from_filelike(io.BytesIO(make_xlsx(stock_grids(report, "ru"), report.heading, "ru")))
    sheet = book.get_sheet_by_name("Склад по наименованиям").to_python()
    assert sheet[3][1] == "наименование"
    assert sheet[4][3] == "#indicator+num+opening"
    assert sheet[5][3:11] == [2120, 1200, 2, 2210, 0, 0, 0, 1112]
    lots = book.get_sheet_by_name("Склад по партиям").to_python()
    assert lots[5][3] == date(2024, 10, 20)


def test_a_total_stands_over_the_heads_and_is_no_line() -> None:
    """Whoever adds up the lines under the tags comes to the total, and counts nothing twice."""
    report = figures.queue_report()
    book = CalamineWorkbook.from_filelike(io.BytesIO(make_xlsx(queue_grids(report, "en"), report.heading, "en")))
    total, heads, tags, *lines = book.get_sheet_by_name("By line").to_python()[2:]
    assert total[1] == "Total"
    at = tags.index("#output+issued+num")
    assert heads[at] == "issued"
    assert sum(line[at] for line in lines) == total[at] == report.total.issued


def test_texts_stay_texts_in_the_workbook() -> None:
    report = figures.stock_report()
    naughty = '=HYPERLINK("http://x";"y")'
    strange = replace(report, differences=(replace(report.differences[0], explanation=naughty),))
    content = make_xlsx(stock_grids(strange, "en"), report.heading, "en")
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Differences of the count").to_python()
    )
    assert sheet[5][-1] == naughty


def test_naughty_strings_come_back_from_both_files() -> None:
    report = figures.stock_report()
    wanted = [text for text in NASTY if "\n" not in text]
    strange = replace(report, differences=tuple(replace(report.differences[0], explanation=text) for text in wanted))
    head, tags, *rows = rows_of(make_csv(stock_grids(strange, "en"), report.heading, "en"))
    at = tags.index("#description")
    assert len(head) == len(tags)
    assert [unescaped(row[at]) for row in rows if row[2] == "differences"] == wanted


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_found_by_name_and_by_code() -> None:
    assert catalogue.report("queue") is catalogue.report("R9")
    with pytest.raises(NotFound):
        catalogue.report("weather")


def test_names_and_codes_are_said_once() -> None:
    assert len({r.name for r in REPORTS}) == len({r.code for r in REPORTS}) == len(REPORTS)


@pytest.mark.parametrize("kind", list(Format))
def test_equal_figures_make_equal_files(kind: Format) -> None:
    printed = Printed(MORNING)
    made = [catalogue.make("stock", kind, figures.stock_report(), printed, "ru") for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]) > 500


def test_a_form_has_no_table() -> None:
    with pytest.raises(NotFound):
        catalogue.make("form", Format.CSV, figures.aid_form(), Printed(MORNING), "en")


def test_a_file_name_tells_paper_and_day_and_nobody() -> None:
    assert catalogue.file_name("queue", Format.XLSX, figures.queue_report()) == "R9-К1-240812.xlsx"
