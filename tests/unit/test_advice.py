"""What is done with a batch that has a last day, said alike on R5 and R7; what is announced stands on R5, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aidtrack.domain.supply import advice
from aidtrack.i18n import render
from aidtrack.reports import sections, stock, supply
from aidtrack.services.overview import Expiring, ExpiringLine
from tests.unit import more_figures as more
from tests.unit import report_figures as figures
from tests.unit.test_reports import text_of

OLD, SOON, LATER, ALONE, MANY = (
    ExpiringLine(names, figures.KIT, lot, figures.DAY + timedelta(days=days), days, 40, 5, left)
    for names, lot, days, left in (
        (figures.FOOD, "А", -1, 0), (figures.FOOD, "Б", 9, 0), (figures.FOOD, "В", 90, 0), (figures.WATER, "Г", 300, 0),
        (figures.SOAP, "Д", 60, 25),
    )
)  # fmt: skip
ALL = (OLD, SOON, LATER, ALONE, MANY)


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (OLD, "do not give, set aside"), (SOON, "give first"), (LATER, "after Б"), (ALONE, "in the usual order"),
        (MANY, "pass on 25 in time"),
    ],
)  # fmt: skip
def test_a_batch_past_its_day_leads_nobody_to_wait_for_it(batch: ExpiringLine, said: str) -> None:
    assert render(advice(batch, ALL, batch.left), "en") == said


@pytest.mark.parametrize(
    ("lang", "head", "words"), [("ru", "что делать", "передать 572 вовремя"), ("uk", "що робити", "передати 572 вчасно")]
)
def test_what_expires_says_what_to_do_batch_by_batch(lang: str, head: str, words: str) -> None:
    said = text_of(supply.expiring_pdf(more.expiring(), figures.stamp("R7"), lang))
    assert head in said
    assert words in said
    assert "Д-0511" in said


def test_what_explains_the_stock_stands_closer_where_that_saves_a_page() -> None:
    report = figures.stock_report()
    full = replace(report, documents=report.documents * 2)
    gap, columns = stock._flow(full, "ru", "uk")
    assert (gap < sections.AFTER, len(columns)) == (True, 1)
    assert "лист 2 из 2" in text_of(stock.make_pdf(full, figures.stamp("R5"), "ru"))
    assert stock._flow(report, "ru", "uk")[0] == sections.AFTER


def test_an_empty_list_of_batches_has_a_row_of_dashes() -> None:
    said = text_of(supply.expiring_pdf(Expiring(figures.HEADING, ()), more.alone("R7"), "ru"))
    assert "нет" in said


def test_the_stock_of_the_day_says_what_is_announced() -> None:
    said = text_of(stock.make_pdf(figures.stock_report(), more.alone("R5"), "ru"))
    assert "14.08.2024 Комплект постельного белья · Красный Крест 300 40" in said
    assert "13.08.2024 Вода 5 л 2 880 –" in said
