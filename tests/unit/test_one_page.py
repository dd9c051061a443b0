"""R1 stays one page on a day with everything: it is set closer, and what stands beside the families is counted in one line."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from aidtrack.i18n import LANGUAGES
from aidtrack.reports import distribution
from aidtrack.services.overview import BesideFigures, DistributionReport, PassedFigures
from tests.unit import more_figures as more
from tests.unit import report_figures as figures
from tests.unit.test_reports import text_of


def crowded(organisations: int = 3, free: int = 3) -> DistributionReport:
    """Ten items, seven lines of districts, organisations, a free table, people without registration."""
    paper, water = "PUNKTV-WB-2024-", (figures.WATER, figures.BOTTLE, 10)
    to = [BesideFigures(f"Городская больница № {n}", f"{paper}{n}", 60 + n, *water) for n in range(organisations)]
    table = [BesideFigures("", "", 0, names, figures.PIECE, 7) for names in (figures.SOAP, figures.BLANKET, figures.LINEN)[:free]]
    passed = PassedFigures(10 * organisations, 7 * free, 0, 0, 10 * organisations + 7 * free)
    return replace(figures.distribution_report(), beside=(*to, *table), passed=passed, unregistered=12)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stamp", [figures.stamp("R1"), more.alone("R1")])
@pytest.mark.parametrize("organisations", [0, 1, 3, 5])
def test_a_full_day_with_organisations_is_one_page(lang: str, stamp: object, organisations: int) -> None:
    pdf = distribution.make_pdf(crowded(organisations), stamp, lang)  # type: ignore[arg-type]
    with pypdfium2.PdfDocument(pdf) as pages:
        assert len(pages) == 1
        page = pages[0].get_textpage()
        said = page.get_text_range()
        assert "R8" in said


def test_a_quiet_day_is_set_as_wide_as_ever_and_names_who_was_given() -> None:
    quiet = replace(crowded(2, 1), items=figures.distribution_report().items[:3])
    said = text_of(distribution.make_pdf(quiet, more.alone("R1"), "ru"))
    assert "Городская больница № 1" in said
    assert "Мыло 250 г" in said


def test_the_paper_says_why_not_all_was_given() -> None:
    said = text_of(distribution.make_pdf(figures.distribution_report(), figures.stamp("R1"), "ru"))
    assert "кончилось в 11:04" in said
    assert "причина" in said
