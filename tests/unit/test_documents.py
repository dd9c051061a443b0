"""Numbers of papers: kinds, doubts that never block, and how little of them is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.contacts import document_key
from aidtrack.domain.documents import doubt, kind_of, masked, rnokpp_fits, snils_fits, tail_of, with_kind
from aidtrack.domain.people import DocumentDraft, DocumentKind

SNILS = (
    "112-233-445 95",
    "087-654-303 00",
    "123-456-789 64",
    "126-103-073 01",
    "026-002-389 00",
    "030-214-884 00",
    "543-546-368 00",
    "532-971-373 00",
)
RNOKPP = ("3178412340", "2938600012")
ANY_PAPER = st.builds(DocumentDraft, st.text(max_size=60), st.none() | st.sampled_from(DocumentKind))


@pytest.mark.parametrize("number", SNILS)
def test_the_official_snils_fit_and_one_wrong_digit_does_not(number: str) -> None:
    assert kind_of(number) is DocumentKind.SNILS
    assert doubt(DocumentDraft(number, DocumentKind.SNILS)) is None
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert doubt(DocumentDraft(wrong, DocumentKind.SNILS)) is not None


def test_a_snils_of_the_first_ones_has_no_check_number() -> None:
    assert snils_fits("00100199877")
    assert not snils_fits("00100199977")


@given(st.integers(min_value=1_001_999, max_value=999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_a_slip_in_one_digit_of_a_snils_is_noticed(body: int, at: int, by: int) -> None:
    digits = f"{body:09}"
    control = next(f"{n:02}" for n in range(100) if snils_fits(f"{digits}{n:02}"))
    slipped = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    moved = abs(int(digits[at]) - int(slipped[at])) * (9 - at)
    noticed = not snils_fits(slipped + control) or int(slipped) <= 1_001_998
    assert noticed or moved in (1, 99, 100, 101), "100 and 101 share the number 00 with 0"


@pytest.mark.parametrize("number", RNOKPP)
def test_a_tax_number_shows_nothing_of_itself(number: str) -> None:
    assert rnokpp_fits(number)
    for paper in (DocumentDraft(number, DocumentKind.UA_RNOKPP), DocumentDraft(number)):
        assert (tail_of(paper), masked(paper)) == ("", "···")
    assert with_kind(DocumentDraft(number)).kind is None, "a passport of Russia may look the same"


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 9999))
def test_no_digit_of_any_tax_number_is_shown(born: date, serial: int) -> None:
    nine = f"{(born - date(1899, 12, 31)) // timedelta(days=1):05}{serial:04}"
    number = next(nine + str(digit) for digit in range(10) if rnokpp_fits(nine + str(digit)))
    for kind in (None, DocumentKind.UA_RNOKPP, DocumentKind.OTHER):
        assert not any(sign.isdigit() for sign in masked(DocumentDraft(number, kind)))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("38 15 123456", DocumentKind.RU_PASSPORT),
        ("3815 № 123456", DocumentKind.RU_PASSPORT),
        ("3815123456", DocumentKind.RU_PASSPORT),
        ("СЮ 123456", DocumentKind.UA_PASSPORT),
        ("FA 123456", None),
        ("II-ЖТ 123456", None),
        ("123456789", None),
        ("справка 12", None),
        ("", None),
    ],
)
def test_a_kind_is_read_only_from_a_number_that_tells_it(number: str, kind: DocumentKind | None) -> None:
    assert kind_of(number) is kind


@pytest.mark.parametrize(
    ("kind", "good", "odd"),
    [
        (DocumentKind.RU_PASSPORT, "38 15 123456", "38 15 12345"),
        (DocumentKind.RU_BIRTH, "II-ЖТ 123456", "II-ЖТ 12345"),
        (DocumentKind.RU_BIRTH, "іі-жт 123456", "ЖТ 123456"),
        (DocumentKind.UA_BIRTH, "І-БК № 123456", "123456"),
        (DocumentKind.RU_MILITARY, "АН 1234567", "АН 123"),
        (DocumentKind.RU_DRIVING, "46 АВ 123456", "46 АВ"),
        (DocumentKind.RU_DRIVING, "4612 123456", "4612"),
        (DocumentKind.UA_PASSPORT, "мт 123456", "мт 12345"),
        (DocumentKind.UA_ID_CARD, "000123456", "00012345"),
        (DocumentKind.UA_ID_CARD, "19870108-01234", "19871308-01234"),
        (DocumentKind.UA_FOREIGN, "FA123456", "FA12345"),
        (DocumentKind.RU_FOREIGN, "75 1234567", "75 123456"),
        (DocumentKind.UA_RNOKPP, "3178412340", "3178412341"),
    ],
)
def test_what_is_odd_is_told_and_what_is_usual_is_not(kind: DocumentKind, good: str, odd: str) -> None:
    assert doubt(DocumentDraft(good, kind)) is None
    assert doubt(DocumentDraft(odd, kind)) is not None


@given(ANY_PAPER)
def test_whatever_is_typed_nothing_fails_and_little_is_shown(paper: DocumentDraft) -> None:
    doubt(paper)
    assert with_kind(paper).number == paper.number
    assert len(tail_of(paper)) <= 3
    assert document_key(paper.number) not in masked(paper) or len(document_key(paper.number)) <= 3


def test_papers_without_a_pattern_are_never_doubted() -> None:
    for kind in (DocumentKind.UA_DISPLACED, DocumentKind.OTHER, DocumentKind.RU_TEMPORARY, DocumentKind.RU_RESIDENCE):
        assert doubt(DocumentDraft("любая 1", kind)) is None


def test_a_long_number_shows_its_end() -> None:
    assert masked(DocumentDraft("38 15 123456", DocumentKind.RU_PASSPORT)) == "··· 456"
    assert masked(DocumentDraft("12", DocumentKind.OTHER)) == "···"
    assert masked(None) == ""
