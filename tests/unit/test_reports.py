"""The papers as they are printed: sums read back from the PDF, nothing beyond the margins, codes that scan, bytes that repeat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from importlib import import_module
from itertools import combinations

import pypdfium2
import pytest
import zxingcpp

from aidtrack.reports import (
    badges,
    cards,
    catalogue,
    complaints,
    deliveries,
    disclosures,
    distribution,
    exceptions,
    fonts,
    goods_papers,
    intake,
    people_papers,
    programme_papers,
    promises,
    queueing,
    quick,
    rolls,
    served,
    sheets,
    shift,
    slips,
    stock,
    supply,
    wall,
)
from aidtrack.reports.catalogue import SlipSize
from aidtrack.reports.page import A4, A4_ACROSS, CARDS, Paper, document, roll
from aidtrack.services.overview import DeliveryReport, PauseFigures, QueueReport, StockReport
from tests.unit import more_figures as more
from tests.unit import report_figures as figures

LANGUAGES = ("ru", "uk", "en")
MM = 72 / 25.4
TALLEST = 30
Box = tuple[float, float, float, float]


def papers(lang: str) -> dict[str, tuple[bytes, Paper]]:
    """Every paper in one language, with the margins it must keep."""
    a6 = replace(roll(148), width=105, left=14, right=7)
    return {
        "distribution": (distribution.make_pdf(figures.distribution_report(), figures.stamp("R1"), lang), A4),
        "queue": (queueing.make_pdf(figures.queue_report(), figures.stamp("R9"), lang), A4),
        "stock": (stock.make_pdf(figures.stock_report(), figures.stamp("R5"), lang), A4_ACROSS),
        "ages": (people_papers.ages_pdf(figures.age_report(), figures.stamp("R2"), lang), A4),
        "origins": (people_papers.origins_pdf(figures.origin_report(), figures.stamp("R3"), lang), A4),
        "delivered": (goods_papers.delivered_pdf(figures.delivery_report(), figures.stamp("R4"), lang), A4),
        "goods": (goods_papers.goods_pdf(figures.goods_report(), figures.stamp("R8"), lang), A4_ACROSS),
        "activities": (
            programme_papers.activities_pdf(figures.activity_report(), figures.stamp("R14"), lang),
            A4_ACROSS,
        ),
        "programmes": (
            programme_papers.programmes_pdf(figures.programme_report(), figures.stamp("R16"), lang),
            A4_ACROSS,
        ),
        "exceptions": (exceptions.make_pdf(figures.exception_report(), figures.stamp("R10"), lang), A4),
        "served": (served.make_pdf(figures.served_cards(), figures.stamp("N"), lang), A4),
        "sheets": (sheets.sheets_pdf(figures.sign_off_sheets(), figures.stamp("R12"), lang), sheets.SIGN_OFF),
        "ticket": (slips.ticket_pdf(figures.ticket_slip(), lang), roll(0)),
        "ticket a6": (slips.ticket_pdf(figures.ticket_slip(), lang, SlipSize.A6), a6),
        "come back": (slips.come_back_pdf(figures.come_back_slip(), lang), roll(0)),
        "hand-over": (slips.hand_over_pdf(figures.hand_over_slip(), lang), roll(0)),
        "cards": (cards.cards_pdf(figures.family_cards(), figures.stamp("C"), lang, "8 800 000-00-00"), CARDS),
        "badges": (badges.make_pdf(figures.day_badges(), figures.stamp("B"), lang), CARDS),
        "quick": (quick.make_pdf(figures.quick_sheets(), figures.stamp("Q"), lang), A4_ACROSS),
        "roll": (rolls.make_pdf(figures.roll_numbers(), figures.stamp("T"), lang), A4),
        "shift": (shift.make_pdf(figures.shift_report(), figures.stamp("R17"), lang), A4),
        "complaints": (complaints.make_pdf(more.complaints(), figures.stamp("R13"), lang), A4),
        "enough": (supply.enough_pdf(more.supply(), figures.stamp("R6"), lang), A4),
        "expiring": (supply.expiring_pdf(more.expiring(), figures.stamp("R7"), lang), A4),
        "request": (supply.request_pdf(more.goods_request(), figures.stamp("R19"), lang), A4),
        "disclosures": (disclosures.register_pdf(more.disclosures(), figures.stamp("R18"), lang), A4_ACROSS),
        "promises": (promises.make_pdf(more.promise_report(), figures.stamp("R11"), lang), A4),
        "door": (promises.door_pdf(more.door_list(), figures.stamp("L"), lang), A4),
        "wall": (wall.make_pdf(more.wall_rule(), figures.stamp("W"), lang), A4),
        "home delivery": (deliveries.make_pdf(more.delivery_paper(), figures.stamp("R15"), lang), A4_ACROSS),
        "one language": (goods_papers.delivered_pdf(in_one_language(), more.alone("R4"), lang), A4),
        "one language across": (stock.make_pdf(figures.stock_report(), more.alone("R5"), "ru"), A4_ACROSS),
        "recovery": (cards.recovery_pdf("12345 67890 " * 5, figures.stamp("K"), lang), A4),
        "form": (intake.form_pdf(figures.aid_form(), figures.stamp("F"), lang), intake.FORM),
        "filled form": (
            intake.form_pdf(figures.aid_form(figures.filled_form()), figures.stamp("F"), lang),
            intake.FORM,
        ),
    }


def in_one_language() -> DeliveryReport:
    report = figures.delivery_report()
    return replace(report, heading=replace(report.heading, languages=("ru",)))


def text_of(pdf: bytes) -> str:
    """What stands on all pages, no-break spaces as spaces."""
    with pypdfium2.PdfDocument(pdf) as pages:
        said = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"[ \u00a0]+", " ", said.replace("\r", ""))


def codes_of(pdf: bytes) -> list[str]:
    """What a scanner reads at 200 dpi."""
    with pypdfium2.PdfDocument(pdf) as pages:
        return [code.text for page in pages for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_letter_stands_beyond_the_margins(lang: str) -> None:
    for name, (pdf, paper) in papers(lang).items():
        with pypdfium2.PdfDocument(pdf) as pages:
            for page in pages:
                wide, tall = page.get_size()
                letters = page.get_textpage()
                for n in range(letters.count_chars()):
                    if letters.get_text_range(n, 1).strip():
                        left, bottom, right, top = letters.get_charbox(n)
                        assert left >= paper.left * MM - 0.8, (name, lang, letters.get_text_range(n, 20))
                        assert right <= wide - paper.right * MM + 0.8, (
                            name,
                            lang,
                            letters.get_text_range(max(n - 20, 0), 21),
                        )
                        assert bottom >= 3.5 * MM, (name, lang)
                        assert top <= tall - 3.5 * MM, (name, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_words_cover_each_other(lang: str) -> None:
    """Lines of words never lie on one another: a long translation has its place."""
    for name, (pdf, _) in papers(lang).items():
        with pypdfium2.PdfDocument(pdf) as pages:
            for page in pages:
                boxes = list(lines_of(page.get_textpage()))
                assert [(name, lang, a, b) for a, b in combinations(boxes, 2) if cover_each_other(a, b)] == []


def cover_each_other(one: Box, other: Box) -> bool:
    """Whether two lines share more than the air around their letters."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    upright = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and upright > 0.3 * min(one[3] - one[1], other[3] - other[1])


def lines_of(page: pypdfium2.PdfTextPage) -> Iterator[Box]:
    for n in range(page.count_rects()):
        left, bottom, right, top = page.get_rect(n)
        if top - bottom < TALLEST:  # the letters of a watermark lie under everything
            yield left, bottom, right, top


def test_a_form_with_names_says_so_across_the_page_and_a_blank_one_does_not() -> None:
    filled = text_of(intake.form_pdf(figures.aid_form(figures.filled_form()), figures.stamp("F"), "ru"))
    assert filled.count("Личные данные · напечатано 12.08.2024 20:34") == 2
    assert "Личные данные" not in text_of(intake.form_pdf(figures.aid_form(), figures.stamp("F"), "ru"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_every_paper_carries_the_hash_of_the_day(lang: str) -> None:
    for name, (pdf, _) in papers(lang).items():
        with pypdfium2.PdfDocument(pdf) as pages:
            for n, page in enumerate(pages):
                said = re.sub(r"\s+", " ", page.get_textpage().get_text_range())
                assert "7F3A 91C2" in said, (name, n)


SIGNED_OR_PUBLIC = (
    "distribution", "queue", "stock", "ages", "origins", "delivered", "goods", "activities", "programmes", "complaints", "enough",
    "expiring", "request", "disclosures", "sheets", "quick", "home delivery", "door", "exceptions", "promises", "shift",
)  # fmt: skip
SAID = {
    "distribution": ("полагалось належало", "Откуда приехали Звідки приїхали", "Старший смены Старший зміни"),
    "queue": ("выдано видано", "По окнам За вікнами"),
    "stock": ("на начало на початок", "Ближайшие сроки годности Найближчі строки придатності", "Кладовщик Комірник"),
    "goods": ("поставщик постачальник", "Приход и потери Надходження та втрати"),
    "request": ("нужно потрібно", "подпись, фамилия, время / підпис, прізвище, час"),
    "sheets": ("подпись получателя підпис одержувача", "на этом листе / на цьому аркуші", "Чим підтверджено: 1"),
    "home delivery": ("улица, дом, квартира вулиця, будинок, квартира",),
    "door": ("Отложено для вас, готово Відкладено для вас, готово", "Спитайте на вході"),
}


def test_what_people_sign_or_the_public_reads_says_it_in_both_languages() -> None:
    made = {name: re.sub(r"\s+", " ", text_of(pdf)) for name, (pdf, _) in papers("ru").items()}
    for name, sentences in SAID.items():
        for words in sentences:
            assert words in made[name], (name, words)
    for name in SIGNED_OR_PUBLIC:
        assert re.search("[іїєґ]", made[name]), name
    assert not re.search("[іїєґ]", made["one language"] + made["one language across"].replace("ПА", ""))


def test_a_paper_with_names_says_whose_copy_it_is() -> None:
    said = text_of(deliveries.make_pdf(more.delivery_paper(), figures.stamp("R15"), "ru"))
    assert said.count("Личные данные · экземпляр 2 · Пётр В.") == len(re.findall(r"лист \d из 2", said)) == 2


def test_badges_scan_and_carry_no_name() -> None:
    found = codes_of(badges.make_pdf(figures.day_badges(), figures.stamp("B"), "ru"))
    assert sorted(found) == [f"B:{n:020x}" for n in range(1, 13)]


def test_the_roll_gives_every_number_once() -> None:
    said = text_of(rolls.make_pdf(figures.roll_numbers(), figures.stamp("T"), "en"))
    assert re.findall(r"\bA (\d+)", said) == [str(n) for n in range(38, 110)]


def test_the_hand_over_of_a_shift_holds_what_is_open() -> None:
    said = text_of(shift.make_pdf(figures.shift_report(), figures.stamp("R17"), "en"))
    for words in ("2-02/14–2-02/16", "Soap: given on paper, not in the book", "A 38", "12 units to explain"):
        assert words in said


def test_the_queue_report_holds_its_sums() -> None:
    report = figures.queue_report()
    said = text_of(queueing.make_pdf(report, figures.stamp("R9"), "ru"))
    assert "Всего" in said
    for number in (836, 774, 11, 20, 7, 9, 15, 31, 66, 94):
        assert re.search(rf"(?<!\d){number}(?!\d)", said), number
    parts = (
        report.total.served,
        report.total.not_here,
        report.total.gone,
        report.total.cancelled,
        report.total.expired,
        report.total.waiting,
    )
    assert f"836 выдано = {' + '.join(map(str, parts))}" in said
    assert sum(parts) == report.total.issued
    assert "R9-К1-240812-1 · день 7F3A 91C2" in said
    assert "лист 1 из 1" in said


def test_the_distribution_report_holds_its_sums() -> None:
    report = figures.distribution_report()
    said = text_of(distribution.make_pdf(report, figures.stamp("R1"), "en"))
    for number in ("812", "2,987", "8,233", "1,661", "1,324", "139", "4,497", "> 99 %", "81 %", "37"):
        assert number in said, number
    assert "It adds up: 8,233 units to families = 8,236 from the shelves − 3 put back (R5)." in said
    assert sum(row.people for row in report.origins) == sum(row.total for row in report.cohorts) == 2987
    assert sum(row.families for row in report.lodgings) == sum(row.families for row in report.origins) == 812
    assert "page 1 of 1" in said


def test_a_pause_that_lasts_is_said_by_its_beginning() -> None:
    """R1 printed in a pause said «pause 12:40––»."""
    pauses = (PauseFigures(time(12, 40), None, None, datetime(2024, 8, 12, 9, 40, tzinfo=UTC)),)
    day, line = figures.distribution_report(), figures.queue_report()
    daily = distribution.make_pdf(replace(day, closed=None, pauses=pauses), figures.stamp("R1"), "en")
    queue = queueing.make_pdf(replace(line, closed=None, pauses=pauses), figures.stamp("R9"), "en")
    assert all("pause since 12:40" in text_of(paper) for paper in (daily, queue))


def test_a_distribution_that_does_not_add_up_says_so() -> None:
    wrong = replace(figures.distribution_report(), issued=8240)
    assert "It does not add up" in text_of(distribution.make_pdf(wrong, figures.stamp("R1"), "en"))


def test_the_exceptions_say_when_where_and_why() -> None:
    said = text_of(exceptions.make_pdf(figures.exception_report(), figures.stamp("R10"), "ru"))
    for words in ("2-01/14", "открыта не та семья", "размокла коробка", "похожие пары ждут решения"):
        assert words in said, words
    assert re.search(r"14:40 1 1-04/02 3 .* –", said)


def test_a_quiet_day_says_none_and_a_wild_one_goes_on() -> None:
    report = figures.exception_report()
    quiet = replace(
        report, cancelled=(), more=(), deeds=(), look_ups=(), turned_away=(), left_open=0, joined=0, told_apart=0
    )
    said = text_of(exceptions.make_pdf(quiet, figures.stamp("R10"), "en"))
    assert said.count("none") == 7
    assert "page 1 of 1" in said
    wild = replace(report, cancelled=report.cancelled * 40)
    said = text_of(exceptions.make_pdf(wild, figures.stamp("R10"), "en"))
    assert re.search(r"page (\d) of \1", said)
    assert said.count("2-01/14") == 40


def test_the_list_of_served_cards_names_days_and_nobody() -> None:
    said = text_of(served.make_pdf(figures.served_cards(), figures.stamp("N"), "ru"))
    assert "4821 1790 0003 19.08 19.08 03.09 0" in said
    assert "4821 1790 0001 19.08 19.08 – –" in said
    assert len(re.findall(r"4821 1790 \d{4}", said)) == 200


def test_every_sheet_of_every_window_has_its_number_and_lines() -> None:
    said = text_of(sheets.sheets_pdf(figures.sign_off_sheets(), figures.stamp("R12"), "uk"))
    for name in ("2-03", "2-04", "4-01"):
        assert f"Аркуш підписів {name}" in said
    assert said.count("Лист подписей") == 3
    assert said.count("Красный Крест") == 2
    assert said.count("на людину / на человека: Продуктовий набір 7 дн. × 1, Вода 5 л × 1") == 2
    assert len(re.findall(r"(?m)^20$", said)) == 3
    assert "аркуш 3 із 3" in said


def test_many_items_go_on_to_the_next_page() -> None:
    report = figures.distribution_report()
    long = replace(report, items=report.items * 5)
    said = text_of(distribution.make_pdf(long, figures.stamp("R1"), "ru"))
    assert "лист 2 из 2" in said
    assert said.count("Мыло 250 г") == 5


def test_a_queue_that_does_not_add_up_says_so() -> None:
    report = figures.queue_report()
    wrong = replace(report, total=replace(report.total, served=773))
    assert "It does not add up" in text_of(queueing.make_pdf(wrong, figures.stamp("R9"), "en"))


def test_the_stock_report_holds_its_sums() -> None:
    report = figures.stock_report()
    said = text_of(stock.make_pdf(report, figures.stamp("R5"), "ru"))
    for number in ("10 705", "3 084", "8 236", "5 492", "5 410", "8 233"):
        assert number in said, number
    assert "сходится" in said
    assert "лист 2 из 2" in said


@pytest.mark.parametrize(("lang", "wanted"), [("ru", "2 120"), ("uk", "2 120"), ("en", "2,120")])
def test_numbers_are_written_as_the_language_does(lang: str, wanted: str) -> None:
    assert wanted in text_of(stock.make_pdf(figures.stock_report(), figures.stamp("R5"), lang))


def test_a_long_list_goes_on_with_known_page_numbers() -> None:
    report = figures.stock_report()
    many = replace(report, items=report.items * 8)
    said = text_of(stock.make_pdf(many, figures.stamp("R5"), "en"))
    pages = max(int(n) for n in re.findall(r"page \d+ of (\d+)", said))
    assert pages > 4
    assert [f"page {n} of {pages}" in said for n in range(1, pages + 1)] == [True] * pages


def test_many_windows_get_a_second_page() -> None:
    report = figures.queue_report()
    many = replace(report, windows=report.windows * 5)
    said = text_of(queueing.make_pdf(many, figures.stamp("R9"), "en"))
    assert "page 2 of 2" in said
    assert said.count("signature, surname") == 2


def test_a_day_over_midnight_shows_at_most_twelve_groups() -> None:
    report = figures.queue_report()
    long = replace(report, hours=tuple(replace(report.hours[0], hour=h) for h in range(8, 33)))
    said = text_of(queueing.make_pdf(long, figures.stamp("R9"), "en"))
    assert "08–11" in said
    assert "23–02" in said


def empty_queue() -> QueueReport:
    report = figures.queue_report()
    nothing = replace(
        report.total, issued=0, served=0, not_here=0, gone=0, cancelled=0, expired=0, waiting=0, waits=None
    )
    return replace(
        report,
        lanes=tuple(replace(nothing, letter=lane.letter, name=lane.name) for lane in report.lanes),
        total=nothing,
        hours=(),
        windows=(),
        pauses=(),
        closed=None,
        families=0,
        tickets_for_others=0,
        waited_too_long=(),
        ordinary_over_an_hour=0,
        called_out_of_turn=(),
    )


def empty_stock() -> StockReport:
    report = figures.stock_report()
    return replace(
        report, items=(), total=type(report.total)(), documents=(), differences=(), expiries=(), put_aside=0, counted_lots=0, lots=0,
        reconciliation=type(report.reconciliation)(0, 0, 0, 0, None),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_without_anything_is_a_paper_too(lang: str) -> None:
    assert text_of(queueing.make_pdf(empty_queue(), figures.stamp("R9"), lang))
    assert text_of(stock.make_pdf(empty_stock(), figures.stamp("R5"), lang))


def test_a_missing_thing_is_said() -> None:
    said = text_of(queueing.make_pdf(empty_queue(), figures.stamp("R9"), "en"))
    for words in (
        "No number was issued that day.",
        "nothing to explain",
        "no number was called",
        "the day is not closed yet",
        "There was no pause.",
    ):
        assert words in said
    said = text_of(stock.make_pdf(empty_stock(), figures.stamp("R5"), "en"))
    for words in (
        "nothing lies on the shelves",
        "Nothing was given that day.",
        "No batch on the shelf has a use-by day.",
    ):
        assert words in said


# ── bytes and codes ──────────────────────────────────────────────────────────────────────────────


def test_a_second_print_has_the_same_bytes() -> None:
    first, second = papers("ru"), papers("ru")
    assert {name: pdf for name, (pdf, _) in first.items()} == {name: pdf for name, (pdf, _) in second.items()}


def test_only_the_line_printed_differs() -> None:
    report = figures.queue_report()
    once = text_of(queueing.make_pdf(report, figures.stamp("R9", "printed 12 Aug 2024 20:34"), "en"))
    again = text_of(queueing.make_pdf(report, figures.stamp("R9", "printed 13 Aug 2024 08:01"), "en"))
    assert once != again
    assert once.replace("12 Aug 2024 20:34", "") == again.replace("13 Aug 2024 08:01", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_scans_at_200_dpi(lang: str) -> None:
    made = papers(lang)
    assert codes_of(made["ticket"][0]) == ["T-K1-240812-A217"]
    assert codes_of(made["ticket a6"][0]) == ["T-K1-240812-A217"]
    assert codes_of(made["hand-over"][0]) == ["H-K1-240812-2-03-12"]
    assert sorted(codes_of(made["cards"][0])) == sorted(card.token for card in figures.family_cards())
    assert len(codes_of(made["recovery"][0])) == 1


def test_slips_and_cards_have_the_number_in_view() -> None:
    assert "A 217" in text_of(slips.ticket_pdf(figures.ticket_slip(), "uk"))
    said = text_of(cards.cards_pdf(figures.family_cards(23), figures.stamp("C"), "en"))
    assert "page 3 of 3" in said
    assert all(card.number in said for card in figures.family_cards(23))


def test_the_slip_of_tomorrow_and_of_the_shift_lead_say_when_and_where() -> None:
    tomorrow = text_of(slips.ticket_pdf(replace(figures.ticket_slip(), slot=(date(2024, 8, 13), 10)), "ru"))
    assert "Приходите 13 августа" in tomorrow
    assert "с 10:00 до 11:00" in tomorrow
    first = text_of(slips.ticket_pdf(replace(figures.ticket_slip(), slot=(date(2024, 8, 13), None)), "ru"))
    assert "Приходите 13 августа" in first
    assert "перед вами" not in first
    lead = text_of(slips.ticket_pdf(replace(figures.ticket_slip(), at_window="1"), "en"))
    assert "Shift lead: window 1" in lead
    assert "You need not queue again" in lead
    assert "before you" not in lead


def test_who_comes_too_early_takes_the_days_home() -> None:
    said = text_of(slips.come_back_pdf(figures.come_back_slip(), "ru"))
    assert "Приходите с 19 августа" in said
    assert "с 3 сентября" in said
    assert "5570" in said


def test_one_card_uses_up_a_sheet_already_begun() -> None:
    pdf = cards.card_pdf(figures.family_cards(1)[0], figures.stamp("C"), "en", place=10)
    with pypdfium2.PdfDocument(pdf) as pages:
        found = pages[0].get_textpage()
        at = found.get_text_range().index("4821")
        left, _, _, top = found.get_charbox(at)
    assert left > 105 * MM
    assert top < 80 * MM


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


def test_a_filled_form_holds_the_answers() -> None:
    said = text_of(intake.form_pdf(figures.aid_form(figures.filled_form()), figures.stamp("F"), "ru"))
    for words in ("Ткаченко", "Мария", "Петровна", "Суджанский район", "окна", "Ищем брата", "Б-0317"):
        assert words in said, words


def test_a_blank_form_holds_every_question_and_no_answer() -> None:
    said = text_of(intake.form_pdf(figures.aid_form(), figures.stamp("F"), "en"))
    assert all(question.words["en"] in said for question in figures.questions())
    assert "only if: yes" in said


def test_a_large_family_gets_a_second_sheet() -> None:
    form = figures.filled_form()
    large = replace(form, members=form.members * 4)
    with pypdfium2.PdfDocument(intake.form_pdf(figures.aid_form(large), figures.stamp("F"), "ru")) as pages:
        assert len(pages) == 3


# ── letters ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_own_words_need_no_other_font(lang: str) -> None:
    """DejaVu stands in for strange names only; what we say ourselves is in PT Sans."""
    for name, (pdf, _) in papers(lang).items():
        assert b"DejaVu" not in pdf, name
        assert "[U+" not in text_of(pdf), name


HOSTILE = (
    "<b>Иван</b> & <img src=x>",
    "=cmd|' /C calc'!A0",
    "محمد علي",
    "יוסף",
    "中文名字",
    "👨‍👩‍👧 Семья",
    "e\u0301\u200b\ufeff\u202eabc",
    "\ufdfa\U0010ffff\ud7ff",
    "ﬁ Ω → ☐ ✓ Σ",
    "А" * 300,
    "слово " * 80,
    "",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_printed_and_nothing_is_lost_silently(name: str) -> None:
    item = {"ru": name, "uk": name, "en": name}
    slip = replace(
        figures.hand_over_slip(),
        again=((item, figures.DAY),),
        missing=(replace(figures.hand_over_slip().given[0], names=item),),
    )
    assert slips.hand_over_pdf(slip, "ru")
    form = replace(figures.filled_form(), family_name=name, address=name, answers={"how": name, "note": name})
    assert intake.form_pdf(figures.aid_form(form), figures.stamp("F"), "ru")
    report = figures.stock_report()
    strange = replace(report, items=(replace(report.items[0], names=item), *report.items[1:]))
    assert stock.make_pdf(strange, figures.stamp("R5"), "ru")


def test_a_letter_no_font_has_is_printed_as_its_code() -> None:
    assert fonts.runs("中", fonts.TEXT) == ((fonts.TEXT, "[U+4E2D]"),)
    assert fonts.runs("ж→", fonts.TEXT) == ((fonts.TEXT, "ж"), ("DejaVuSans", "→"))


def test_markup_is_only_text() -> None:
    form = replace(figures.filled_form(), family_name="<b>Иван</b>")
    assert "<b>Иван</b>" in text_of(intake.form_pdf(figures.aid_form(form), figures.stamp("F"), "ru"))


def test_too_long_is_shrunk_then_wrapped_never_cut() -> None:
    name = "очень длинное наименование набора"
    assert fonts.fit(name, fonts.TEXT, 9, fonts.width(name, fonts.TEXT, 7)) == (7, (name,))
    size, lines = fonts.fit(name, fonts.TEXT, 9, 60)
    assert len(lines) == len(fonts.wrap(name, fonts.TEXT, fonts.SMALLEST, 60)), "small letters save no line"
    assert size == 9 or fonts.wrap(name, fonts.TEXT, size + 0.25, 60) != lines, "and so none smaller than it must be"
    assert size > fonts.SMALLEST
    assert "".join(lines).replace("-", "").replace(" ", "") == "оченьдлинноенаименованиенабора"
    assert all(fonts.width(line, fonts.TEXT, size) <= 60 for line in lines)


def test_of_a_word_without_end_only_what_fits_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []
    width = fonts.width

    def watched(text: str, face: str, size: float) -> float:
        measured.append(len(text))
        return width(text, face, size)

    monkeypatch.setattr(fonts, "width", watched)
    lines = fonts.wrap("щ" * 2_000, fonts.TEXT, 9, 81.5)
    assert "".join(lines) == "щ" * 2_000
    assert len(measured) < 32 * len(lines)


@pytest.mark.parametrize("word", ["отложено", "просрочено", "дождались", "обслуговано", "cancelled"])
def test_words_are_parted_where_one_may_part_them(word: str) -> None:
    for place in fonts._syllables(word, len(word)):
        assert 2 <= place <= len(word) - 3
        assert any(c in "аеёиоуыэюяєіїaeiou" for c in word[:place])


def test_a_page_knows_how_many_there_are() -> None:
    draw: Callable[..., None] = lambda sheet: sheet.text(20, 20, sheet.sheet_of())  # noqa: E731
    assert "page 2 of 3" in text_of(document(A4, "en", "", [draw] * 3))


@pytest.mark.parametrize("paper", catalogue.REPORTS, ids=lambda paper: paper.name)
def test_every_paper_of_the_list_can_be_drawn(paper: catalogue.Report) -> None:
    """What draws it and what makes its tables is named in words: each word means a function that is there."""
    for maker in filter(None, (paper.draw, paper.grids)):
        module, _, function = maker.partition(".")
        assert callable(getattr(import_module(f"aidtrack.reports.{module}"), function))
