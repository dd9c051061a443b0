"""R1 stays one page on a day with everything: it is set closer, and what stands beside the families is counted in one line."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2
import pytest

from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Text
from aidtrack.i18n import LANGUAGES, render
from aidtrack.reports import distribution, intake, people_papers, shift
from aidtrack.services.overview import BesideFigures, DistributionReport, PassedFigures, SaidFigures
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


def said(many: int, sentence: str = "Лист испорчен, зачёркнут старшим смены.") -> tuple[SaidFigures, ...]:
    """Differences of the evening: signatures, a count, goods nobody counted."""
    short = Text("{item}: by the book {book}, on the shelf {seen}", item=figures.SOAP, book=525, seen=523)
    found = (
        (Text("Signatures"), Text("sheets {sheets}, {lines}", sheets="1-01 … 2-09", lines="336")),
        (short, Text("difference {less}", less=-2)),
        (short, Text("difference {less}", less=-2)),
        (
            Text.plural("{n} kind of goods was not counted", "{n} kinds of goods were not counted", n=3),
            Text("{items}", items=(figures.WATER, figures.LINEN, figures.BLANKET)),
        ),
    )
    kinds = [found[n % len(found)] for n in range(many)]
    return tuple(SaidFigures(what, counted, f"{n}-й случай: {sentence}") for n, (what, counted) in enumerate(kinds, 1))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stamp", [figures.stamp("R1"), more.alone("R1")])
def test_what_did_not_agree_stands_on_page_one_with_its_sentence(lang: str, stamp: object) -> None:
    """On a full day four differences cost no second page."""
    report = replace(crowded(3), differences=(*said(3), replace(said(4)[3], sentence="")))
    pdf = distribution.make_pdf(report, stamp, lang)  # type: ignore[arg-type]
    with pypdfium2.PdfDocument(pdf) as pages:
        assert len(pages) == 1
    text = text_of(pdf)
    assert all(f"{n}-й случай: Лист испорчен" in text for n in (1, 2, 3))
    assert render(Text("not explained yet"), lang) in text


def test_of_very_many_differences_page_one_says_where_the_others_are() -> None:
    report = replace(crowded(3), differences=said(20, "Долгое объяснение. " * 14))
    with pypdfium2.PdfDocument(distribution.make_pdf(report, figures.stamp("R1"), "ru")) as pages:
        first = pages[0].get_textpage().get_text_range()
    assert "1-й случай" in first
    assert "и ещё 17 расхождений: R17" in first


def test_a_quiet_day_is_set_as_wide_as_ever_and_names_who_was_given() -> None:
    quiet = replace(crowded(2, 1), items=figures.distribution_report().items[:3])
    said = text_of(distribution.make_pdf(quiet, more.alone("R1"), "ru"))
    assert "Городская больница № 1" in said
    assert "Мыло 250 г" in said


def test_the_paper_says_why_not_all_was_given() -> None:
    said = text_of(distribution.make_pdf(figures.distribution_report(), figures.stamp("R1"), "ru"))
    assert "кончилось в 11:04" in said
    assert "причина" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_big_figure_counts_is_never_small(lang: str) -> None:
    """Two lines beside the figure rather than letters of a footnote."""
    pdf = people_papers.ages_pdf(figures.age_report(), figures.stamp("R2"), lang)
    wanted = render(Text.plural("person reached", "people reached", n=2987), lang).split()[-1]
    with pypdfium2.PdfDocument(pdf) as pages:
        page = pages[0].get_textpage()
        at = page.get_text_range().index(wanted)
        sizes = [page.get_charbox(at + n)[3] - page.get_charbox(at + n)[1] for n in range(len(wanted))]
    assert max(sizes) > 0.45 * 9, "at least nine points"


def test_nobody_is_a_dash_and_not_a_share_of_nothing() -> None:
    said = text_of(people_papers.ages_pdf(figures.age_report(), figures.stamp("R2"), "ru"))
    assert not re.search(r"(?<![\d,])0 %", said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shift_is_set_closer_rather_than_leave_a_line_on_a_page_of_its_own(lang: str) -> None:
    said = SaidFigures(Text("{item}: by the book {book}, on the shelf {seen}", item=figures.SOAP, book=276, seen=274), Text("none"), "две")
    report = figures.shift_report()
    usual = replace(report, open_rows=report.open_rows[:1] * 10, explained=(said,))
    with pypdfium2.PdfDocument(shift.make_pdf(usual, figures.stamp("R17"), lang)) as pages:
        assert len(pages) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_of_the_form_are_read_in_a_tent(lang: str) -> None:
    """Goods to note and how somebody is known: 8 points at least, a long name on two lines."""
    long = dict.fromkeys(LANGUAGES, "Комплект постельного белья")
    form = replace(figures.aid_form(), items=(long,) * 10, heading=replace(figures.HEADING, languages=(lang,)))
    lead = render(HowConfirmed.SHIFT_LEAD.text, lang)
    with pypdfium2.PdfDocument(intake.form_pdf(form, figures.stamp("F"), lang)) as pages:
        page = pages[0].get_textpage()
        words = page.get_text_range()
        _, bottom, _, top = page.get_charbox(words.index("Комплект"))
        assert top - bottom > 5.4, "capitals of 8 points"
        marks = [page.get_charbox(words.index(lead) + n) for n in range(len(lead)) if lead[n] != " "]
        assert max(box[3] for box in marks) - min(box[1] for box in marks) > 5.6, "from the letters to what hangs below"
