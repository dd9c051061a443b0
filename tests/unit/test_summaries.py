"""The totals of every report that has tables: in words and as a code a telephone reads, without a name."""

from __future__ import annotations

import re

import pytest

from aidtrack.domain.small_counts import FEWEST
from aidtrack.reports import summaries
from aidtrack.reports.catalogue import REPORTS
from tests.unit import report_figures as figures
from tests.unit.test_reports_period import FIGURES

TABLES = [report.name for report in REPORTS if report.has_tables]
SAID = {
    "distribution": ("Families: 812, for the first time 214", "People: 2,987; under 18: 935; aged 60+: 781"),
    "ages": ("People: 2,987", "Women and girls 1,661, men and boys 1,324"),
    "origins": ("Families: 812", "Sudzhansky District: 301 families"),
    "delivered": ("Food kit, 7 days: due 2,214, given 2,208",),
    "goods": ("Taken in: 2,600, short or damaged 10", "Written off: 10, lost on the way 2", "Passed on: 60"),
    "programme": ("reached 812 of 2,240 families",),
    "disclosures": ("Lists of names given out: 2, lines of people 2,991",),
    "promises": ("Promises: open 5, overdue 3",),
    "complaints": ("Disputes ended: 3, waiting 2",),
    "enough": ("Food kit, 7 days: for about 390 families", "Bed linen set: for about 0 families"),
    "expiring": ("Infant food: 37 until 26 Aug 2024, about 0 left over",),
    "request": ("Families expected: 827", "Food kit, 7 days: we ask for 1,177 kit"),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_every_report_with_tables_has_totals_a_telephone_reads(name: str, lang: str) -> None:
    report = FIGURES[name]()
    text = summaries.totals(report, lang)
    assert report.heading.site in text.splitlines()[0]
    assert len(text.splitlines()) >= 2
    assert len(text) <= summaries.MOST_LETTERS
    assert len(summaries.modules(text)) >= 21
    assert "{" not in text


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_totals_are_those_of_the_paper(name: str) -> None:
    text = summaries.totals(FIGURES[name](), "en").replace("\u00a0", " ")
    for words in SAID[name]:
        assert words in text, (words, text)


def test_a_district_of_few_people_is_not_told() -> None:
    report = figures.origin_report()
    small = {row.whole.names["en"] for row in report.districts if row.whole.names and row.whole.people < FEWEST}
    text = summaries.totals(report, "en")
    assert not [name for name in small if name in text]


def test_no_card_and_no_name_is_in_any_of_them() -> None:
    for name in TABLES:
        text = summaries.totals(FIGURES[name](), "ru")
        assert not re.search(r"\d{4} \d{4} \d{4}", text), name
        assert "Ольга" not in text, name
