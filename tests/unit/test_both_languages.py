"""What a family carries away or reads stands in both public languages of the centre, and in one where it has one; never mixed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import accumulate, pairwise
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack import i18n
from aidtrack.domain.access import Role
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.reports import cards, intake, slips
from aidtrack.reports.catalogue import Format, Printed, SlipSize, make
from aidtrack.reports.page import A6
from aidtrack.services.overview import HandOverSlip, OwedSlip, Poster, PosterRow, SlipLine, WallRule
from tests.unit import more_figures as more
from tests.unit import report_figures as figures
from tests.unit.test_reports import MM, codes_of, text_of

ONE = replace(figures.HEADING, languages=("ru",))
UK = "[іїєґ]"
HEATER = {"ru": "Обогреватель", "uk": "Обігрівач", "en": "Heater"}
PRINTED = Printed(datetime(2024, 8, 12, 17, 34, tzinfo=UTC), Role.COORDINATOR)


def full_slip() -> HandOverSlip:
    """Everything a slip may say at once."""
    slip, linen = figures.hand_over_slip(), SlipLine(figures.LINEN, 2, figures.SET)
    lent = SlipLine(HEATER, 1, figures.PIECE, back_by=date(2024, 9, 11))
    return replace(slip, given=(*slip.given, lent), waiting=(linen,), owed=((linen, date(2024, 8, 15)),))


def wait_slip() -> OwedSlip:
    return OwedSlip(figures.HEADING, "5570", figures.LINEN, figures.SET, 2)


SLIPS: dict[str, tuple[Any, Any, str, str]] = {
    "ticket": (slips.ticket_pdf, figures.ticket_slip(), "Тревога? Идите в укрытие.", "Тривога? Йдіть в укриття."),
    "come back": (slips.come_back_pdf, figures.come_back_slip(), "Приходите с 19 августа", "Приходьте з 19 серпня"),
    "hand-over": (slips.hand_over_pdf, full_slip(), "на время, верните до 11 сентября", "тимчасово, поверніть до 11 вересня"),
    "wait list": (slips.owed_pdf, wait_slip(), "Комплект постельного белья", "Комплект постільної білизни"),
    "promise": (slips.owed_pdf, replace(wait_slip(), until=date(2024, 8, 15), is_aside=True), "чт, 15 августа", "чт, 15 серпня"),
    "shift lead": (slips.ticket_pdf, replace(figures.ticket_slip(), at_window="1"), "Старший смены: окно 1", "Старший зміни: вікно 1"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_says_everything_in_both_languages_the_local_one_large(name: str) -> None:
    make_slip, figures_of_it, own, also = SLIPS[name]
    said = re.sub(r"\s+", " ", text_of(make_slip(figures_of_it, "ru")))
    assert own in said
    assert also in said
    other_way = re.sub(r"\s+", " ", text_of(make_slip(figures_of_it, "uk")))
    assert other_way.index(also) < other_way.index(own)


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_of_a_centre_of_one_language_says_it_in_one(name: str) -> None:
    make_slip, figures_of_it, own, _ = SLIPS[name]
    said = re.sub(r"\s+", " ", text_of(make_slip(replace(figures_of_it, heading=ONE), "ru")))
    assert own in said
    assert not re.search(UK, said)


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_codes_of_slips_scan_and_a_ticket_stays_on_its_sheet(lang: str) -> None:
    assert codes_of(slips.hand_over_pdf(full_slip(), lang)) == [full_slip().code]
    pdf = slips.ticket_pdf(figures.ticket_slip(), lang, SlipSize.A6)
    assert codes_of(pdf) == [figures.ticket_slip().code]
    with pypdfium2.PdfDocument(pdf) as pages:
        assert pages[0].get_height() == pytest.approx(A6.height * MM, abs=0.5)


@pytest.mark.parametrize("name", SLIPS)
@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_a_slip_on_sheets_says_all_the_roll_says_and_no_sheet_is_longer_than_a6(name: str, lang: str) -> None:
    make_slip, slip, *_ = SLIPS[name]
    pdf = make_slip(slip, lang, SlipSize.A6)
    with pypdfium2.PdfDocument(pdf) as pages:
        sizes = {(round(page.get_width() / MM), round(page.get_height() / MM)) for page in pages}
    assert sizes == {(round(A6.width), round(A6.height))}
    assert set(text_of(make_slip(slip, lang)).split()) <= set(text_of(pdf).split())


@given(st.lists(st.floats(1, 80), min_size=1, max_size=12), st.floats(20, 140))
def test_parts_are_shared_out_in_their_order_and_a_sheet_holds_what_fits(heights: list[float], room: float) -> None:
    cuts = list(accumulate(heights, initial=12.0))
    sheets = slips._shared_out(cuts, room)
    assert [part for parts, _ in sheets for part in parts] == list(range(1, len(heights) + 1))
    for parts, high in sheets:
        assert high == pytest.approx(sum(heights[part - 1] for part in parts), abs=1e-6)
        assert high <= room + 1e-6 or len(parts) == 1
    for (_, high), (parts, _) in pairwise(sheets):
        assert high + heights[parts.start - 1] > room - 1e-6, "a sheet is begun only where the one before is full"


def test_a_family_card_says_what_it_is_in_both_languages_and_still_scans() -> None:
    ten = figures.family_cards()
    pdf = cards.cards_pdf(ten, figures.stamp("C"), "uk", "8 800 000-00-00")
    said = text_of(pdf)
    assert said.count("Картка родини") == said.count("Карта семьи") == 10
    assert said.count("помощь бесплатна") == said.count("загубили? питання?") == said.count("потеряли? вопрос?") == 10
    assert sorted(codes_of(pdf)) == sorted(card.token for card in ten)
    assert not re.search(UK, text_of(cards.cards_pdf(ten, more.alone("C"), "ru", "8 800 000-00-00")))


def test_a_blank_form_comes_in_each_public_language_and_a_filled_one_in_its_own() -> None:
    said = text_of(intake.form_pdf(figures.aid_form(), figures.stamp("F"), "ru"))
    assert said.index("Анкета семьи") < said.index("Анкета родини")
    assert "лист 2 из 2" in said
    assert "аркуш 2 із 2" in said
    filled = text_of(intake.form_pdf(figures.aid_form(figures.filled_form()), figures.stamp("F"), "ru"))
    assert "Анкета родини" not in filled


PUBLIC = {
    "poster": Poster(figures.HEADING, (), None, 1),
    "wall": WallRule(figures.HEADING),
    "form": figures.aid_form(),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_of_one_language_has_no_word_of_another_in_its_foot(name: str) -> None:
    pdf = make(name, Format.PDF, PUBLIC[name], PRINTED, "ru")
    with pypdfium2.PdfDocument(pdf) as pages:
        for page in pages:
            said = page.get_textpage().get_text_range()
            is_uk = "аркуш" in said
            assert ("надруковано 12.08.2024 20:34" in said) is is_uk
            assert ("напечатано 12.08.2024 20:34" in said) is not is_uk


def test_numbers_of_a_roll_and_goods_at_the_door_are_named_in_both_languages() -> None:
    roll = text_of(make("roll", Format.PDF, figures.roll_numbers(), PRINTED, "ru"))
    assert "обычная / звичайна" in roll
    door = text_of(make("door", Format.PDF, more.door_list(), PRINTED, "uk"))
    assert "Комплект постільної білизни / Комплект постельного белья" in door


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_a_badge_and_the_quick_sheet_say_everything_in_both_languages(lang: str) -> None:
    badges = text_of(make("badges", Format.PDF, figures.day_badges(), PRINTED, lang))
    sheet = text_of(make("quick", Format.PDF, figures.quick_sheets(), PRINTED, lang))
    pdf = make("badges", Format.PDF, figures.day_badges(), PRINTED, lang)
    assert sorted(codes_of(pdf)) == [f"B:{n:020x}" for n in range(1, 13)]
    for said in ("holds until the day is closed; give it back then", "scan, then four digits", "first name, if you like"):
        for one in _both(lang):
            assert i18n.render(Text(said), one) in badges, (said, one)
    for one in _both(lang):
        assert i18n.render(Lodging.RELATIVES.text, one) in sheet
        assert i18n.render(Text("birth or age"), one) in sheet
    assert "бейдж на 12.08" in badges, "the day in the words of its language"
    alone = text_of(make("badges", Format.PDF, replace(figures.day_badges(), heading=ONE), PRINTED, "ru"))
    assert not re.search(UK, alone)


def _both(lang: str) -> tuple[str, str]:
    """The language of the paper and the first other one of the centre."""
    return lang, next(one for one in figures.HEADING.languages if one != lang)


def test_on_the_poster_a_loan_is_read_from_the_queue() -> None:
    """What is too long for its place stands on two lines, none of them in small letters."""
    loan = Text.plural("on loan for {n} day", "on loan for {n} days", n=30)
    row = PosterRow("HEATER", "", HEATER, figures.PIECE, 1, Text("per family"), (), loan)
    pdf = make("poster", Format.PDF, Poster(figures.HEADING, (row,), None, 1), PRINTED, "uk")
    with pypdfium2.PdfDocument(pdf) as pages:
        page = pages[0].get_textpage()
        at = page.get_text_range().lower().index("тимчасово")
        _, bottom, _, top = page.get_charbox(at)
    assert top - bottom > 2.5 * MM, "16 points"
