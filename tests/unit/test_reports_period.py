"""Papers of a day or of several: their sums stand on them and agree, and their tables are HXL that others can read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import hxl
import pytest
from python_calamine import CalamineWorkbook

from aidtrack.domain.days import Period
from aidtrack.errors import Refused, Text
from aidtrack.i18n import span_long
from aidtrack.reports import catalogue, goods_papers, people_papers, programme_papers
from aidtrack.reports.catalogue import REPORTS, Format, Printed
from aidtrack.reports.page import stamp_of
from tests.unit import more_figures as more
from tests.unit import report_figures as figures
from tests.unit.test_reports import text_of

LANGUAGES = ("ru", "uk", "en")
FIGURES: dict[str, Callable[[], Any]] = {
    "distribution": figures.distribution_report,
    "stock": figures.stock_report,
    "queue": figures.queue_report,
    "exceptions": figures.exception_report,
    "ages": figures.age_report,
    "origins": figures.origin_report,
    "delivered": figures.delivery_report,
    "goods": figures.goods_report,
    "5w": figures.activity_report,
    "programme": figures.programme_report,
    "promises": more.promise_report,
    "shift": figures.shift_report,
    "disclosures": more.disclosures,
    "complaints": more.complaints,
    "enough": more.supply,
    "expiring": more.expiring,
    "request": more.goods_request,
}
WANTED = {
    "ages": (
        "#reached+hh", "#reached+ind+total", "#reached+f+children+age_0_4", "#reached+m+elderly+age_60_plus",
        "#reached+ind+disability", "#org+impl+name", "#adm1+code",
    ),
    "origins": ("#adm2+code+origin", "#loc+name+origin", "#reached+hh"),
    "delivered": ("#item+code", "#item+provided+num", "#indicator+unit", "#reached+hh", "#modality+name", "#org+funder+name"),
    "stock": (
        "#date+reported",
                "#item+code", "#meta+lot", "#date+expiry", "#indicator+num+opening", "#indicator+num+closing",
        "#indicator+num+days_of_supply",
    ),
    "5w": (
        "#org+impl+name", "#org+prog+name", "#org+funder+name", "#sector+cluster+name", "#subsector+name", "#activity+name", "#modality",
        "#item+name", "#indicator+num", "#value", "#currency+code", "#adm1+code", "#adm2+code", "#loc+name", "#beneficiary+type",
        "#targeted+ind", "#reached+ind", "#reached+hh", "#date+start", "#date+end", "#status", "#contact+email",
    ),
    "queue": ("#service+lane", "#indicator+num+wait_p50", "#indicator+num+wait_p90", "#output+num+served"),
}  # fmt: skip
"""What domain.md §6.1 asks of each export (E1 to E4, E6)."""


def source(name: str, lang: str = "en") -> Any:
    """The CSV of a report as libhxl reads it."""
    made = catalogue.make(name, Format.CSV, FIGURES[name](), Printed(figures.queue_report().pauses[0].started_at), lang)
    return hxl.data(io.BytesIO(made))


@pytest.mark.parametrize("name", [report.name for report in REPORTS if report.has_tables])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_is_valid_hxl(name: str, lang: str) -> None:
    answer = hxl.validate(source(name, lang).cache())
    unusual = [issue for issue in answer["issues"] if issue["severity"] != "info"]  # a large number is told, it is no fault
    assert unusual == []


@pytest.mark.parametrize("name", [report.name for report in REPORTS if report.has_tables])
def test_every_sheet_of_a_workbook_is_valid_hxl_too(name: str) -> None:
    """Whoever passes the workbook on needs no second file: the tags stand below the heads."""
    made = catalogue.make(name, Format.XLSX, FIGURES[name](), Printed(figures.queue_report().pauses[0].started_at), "en")
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    for sheet in book.sheet_names:
        read = hxl.data([[str(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python()])
        assert all(column.tag for column in read.columns)
        assert [issue for issue in hxl.validate(read.cache())["issues"] if issue["severity"] != "info"] == []


@pytest.mark.parametrize("name", sorted(WANTED))
def test_the_columns_others_look_for_are_there(name: str) -> None:
    columns = source(name).columns
    for wanted in WANTED[name]:
        pattern = hxl.model.TagPattern.parse(wanted)
        assert any(pattern.match(column) for column in columns), wanted


def test_the_sums_read_by_hxl_are_those_of_the_paper() -> None:
    rows = [row for row in source("ages") if row.get("#meta+table") == "reached"]
    report = figures.age_report()
    assert [int(row.get("#reached+ind+total")) for row in rows] == [report.people] == [2987]
    women = sum(int(rows[0].get(f"#reached+f{age}")) for age in (
        "+age_0_4", "+age_5_11", "+age_12_17", "+age_18_59", "+age_60_plus", "+age_unknown",
    ))  # fmt: skip
    assert women == report.cohorts[0].total


def test_a_day_is_when_it_happened_or_for_which_it_is_said_how_things_stand() -> None:
    tags = {name: source(name).columns[0].display_tag for name in ("distribution", "queue", "stock", "enough", "expiring", "request")}
    stands = dict.fromkeys(("stock", "enough", "expiring", "request"), "#date+reported")
    assert tags == {"distribution": "#date+occurred", "queue": "#date+occurred", **stands}


def test_the_5w_sheet_says_by_codes_where_the_centre_lies() -> None:
    rows = list(source("5w"))
    where = {tuple(row.get(tag) for tag in ("#adm1+code", "#adm2+code", "#loc+name+place")) for row in rows}
    assert where == {("RU-KRS", "RU-KRS-99", "Курск")}


def test_no_small_count_of_a_district_is_told() -> None:
    rows = [row for row in source("origins") if row.get("#meta+table") == "origin_age"]
    assert len(rows) == 2
    assert [row.get("#reached+ind+total") for row in rows] == [None, None]


def test_people_by_age_add_up_on_paper() -> None:
    said = text_of(people_papers.ages_pdf(figures.age_report(), figures.stamp("R2"), "en"))
    assert "It adds up: 2,987 people = 1,661 + 1,324 + 2." in said
    assert "139" in said


def test_what_helps_is_counted_and_so_few_that_somebody_is_recognised_are_not() -> None:
    said = text_of(people_papers.ages_pdf(figures.age_report(), figures.stamp("R2"), "ru"))
    assert "трудно ходить, коляска 96 3,2 %" in said
    assert "ребёнок без родителей < 5 –" in said
    needs = [row for row in source("ages") if row.get("#meta+table") == "needs"]
    assert [row.get("#reached+ind+num+need") for row in needs] == ["31", "96", None]


def test_a_great_loss_says_who_approved_it_and_a_waybill_for_how_many_people_it_is() -> None:
    said = text_of(goods_papers.goods_pdf(figures.goods_report(), figures.stamp("R8"), "ru"))
    assert "ПВР школа № 5 · 52 человека" in said
    assert "повреждено старший смены бутыли лопнули" in said


def test_origins_add_up_on_paper_and_a_period_is_in_its_head() -> None:
    report = figures.origin_report()
    said = text_of(people_papers.origins_pdf(report, stamp_of(report.heading, "R3"), "ru"))
    assert "6–12 августа 2024" in said
    assert "R3-К1-240806-240812-1" in said
    assert "Сходится: семей 812 = 301 + 168 + 142 + 71 + 54 + 39 + 30 + 7." in said
    assert said.count("остальные места вместе") == 7


def test_what_was_due_is_all_accounted_for() -> None:
    report = figures.delivery_report()
    assert report.adds_up
    said = text_of(goods_papers.delivered_pdf(report, figures.stamp("R4"), "en"))
    assert "It adds up: 8,233 units to families = 8,236 from the shelves − 3 put back (R5)." in said
    wrong = replace(report, issued=8240)
    assert "It does not add up" in text_of(goods_papers.delivered_pdf(wrong, figures.stamp("R4"), "en"))


def test_acts_and_book_of_losses_are_held_against_each_other() -> None:
    report = figures.goods_report()
    said = text_of(goods_papers.goods_pdf(report, figures.stamp("R8"), "en"))
    assert "the acts wrote off 10." in said
    assert "−40" in said
    assert "1,096 – 4 +4 1,304" in said, "what a count found has its sign"
    assert "Sent from here and lost on the way" in said
    assert "− 10 + 4; the acts" in said
    assert "Control sum (units differ) – 2,600 4 6" in said, "what came; one line had no waybill"
    assert "Control sum (units differ) 10" in said, "what was written off"
    wrong = replace(report, losses=report.losses[:1])
    assert "the book wrote off 10, the acts 6." in text_of(goods_papers.goods_pdf(wrong, figures.stamp("R8"), "en"))


def test_the_free_table_is_named_where_goods_went_there() -> None:
    report = figures.goods_report()
    there = replace(report.passed_on[0], to="", people=0, where=Text("free table"))
    said = text_of(goods_papers.goods_pdf(replace(report, passed_on=(*report.passed_on, there)), figures.stamp("R8"), "en"))
    assert re.search(r"free table .*\n?.*60", said)
    assert "Control sum (units differ) 120" in said


def test_a_programme_adds_its_units_up() -> None:
    report = figures.programme_report()
    said = text_of(programme_papers.programmes_pdf(report, figures.stamp("R16"), "en"))
    items = max(report.programmes, key=lambda one: len(one.items)).items
    due, given = (sum(getattr(item.delivered, name) for item in items) for name in ("due", "given"))
    assert f"Control sum (units differ) {due:,} {given:,}" in said


def test_a_programme_leaves_room_for_words() -> None:
    said = text_of(programme_papers.programmes_pdf(figures.programme_report(), figures.stamp("R16"), "en"))
    for words in ("no end set", "no rule gives it any more", "none today", "How order was kept", "812 of 2,240 registered"):
        assert words in said, words


def test_a_paper_of_one_day_is_not_made_of_several() -> None:
    week = Period(date(2024, 8, 6), date(2024, 8, 12))
    with pytest.raises(Refused):
        catalogue.report("queue").figures(None, None, week)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        Period(date(2024, 8, 12), date(2024, 8, 6))


@pytest.mark.parametrize(
    ("first", "last", "lang", "said"),
    [
        (date(2024, 8, 6), date(2024, 8, 12), "en", "6–12 August 2024"),
        (date(2024, 7, 29), date(2024, 8, 4), "ru", "29 июля – 4 августа 2024"),
        (date(2024, 12, 30), date(2025, 1, 2), "uk", "30 грудня 2024 – 2 січня 2025"),
    ],
)
def test_days_in_words(first: date, last: date, lang: str, said: str) -> None:
    assert span_long(first, last, lang) == said
