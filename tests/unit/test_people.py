"""Families as they are typed: dates and ages, the members line, phones, papers, guesses, and all problems at once."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.birth import Birth, Precision, Unclear, of_age, read_birth
from aidtrack.domain.contacts import document_key, masked_phone, normal_phone, phone_key
from aidtrack.domain.people import (
    DocumentDraft,
    DocumentKind,
    HouseholdDraft,
    HowConfirmed,
    Lodging,
    MemberDraft,
    Need,
    Presence,
    Relation,
    Sex,
    guess_sex,
    is_child_alone,
    problems_of,
    read_members,
    split_full_name,
)

DAY = date(2026, 8, 26)


@pytest.mark.parametrize(
    ("typed", "iso", "precision", "age"),
    [
        ("12.8.61", "1961-08-12", Precision.DAY, 65), ("12.08.1961", "1961-08-12", Precision.DAY, 65),
        ("1961-08-12", "1961-08-12", Precision.DAY, 65), ("120861", "1961-08-12", Precision.DAY, 65),
        ("27.8.61", "1961-08-27", Precision.DAY, 64), ("12.8.25", "2025-08-12", Precision.DAY, 1),
        ("8.1961", "1961-08", Precision.MONTH, 65), ("1961-08", "1961-08", Precision.MONTH, 65),
        ("1961", "1961", Precision.YEAR, 65), ("63", "1963", Precision.AGE, 63), ("0", "2026", Precision.AGE, 0),
        ("5 мес", "2026-03", Precision.MONTH, 0), ("63 года", "1963", Precision.AGE, 63),
    ],
)  # fmt: skip
def test_dates_and_ages_are_read_as_people_type_them(typed: str, iso: str, precision: Precision, age: int) -> None:
    birth = read_birth(typed, DAY)
    assert birth is not None
    assert (birth.iso, birth.precision, birth.age_at(DAY)) == (iso, precision, age)


@pytest.mark.parametrize("typed", ["31.2.61", "abc", "12.8.2030", "150", "1700", "1.2.3.4", "--"])
def test_what_is_no_date_says_what_to_do(typed: str) -> None:
    with pytest.raises(Unclear):
        read_birth(typed, DAY)


@given(st.dates(date(1900, 1, 1), DAY))
def test_a_date_typed_again_is_the_same(day: date) -> None:
    birth = Birth(day, Precision.DAY)
    assert read_birth(birth.typed, DAY) == birth
    assert read_birth(birth.iso, DAY) == birth


@given(st.dates(date(1900, 1, 1), DAY), st.integers(0, 20_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    for precision in Precision:
        birth = Birth(born, precision)
        assert 0 <= birth.age_at(born) <= birth.age_at(born + timedelta(days=days))


@given(st.text(max_size=30))
def test_anything_typed_as_a_date_is_read_or_told(typed: str) -> None:
    birth = None
    with contextlib.suppress(Unclear):
        birth = read_birth(typed, DAY)
    assert birth is None or birth.first <= DAY


@pytest.mark.parametrize(
    "line", ["м36 ж8 м3", "ч36 ж8 ч3", "m36 f8 m3", "m36, f8, m3", "v36 ;8 v3", "М36  Ж8  М3", "м1990 ж2018 м2023"]
)
def test_the_members_line_in_every_alphabet(line: str) -> None:
    read = read_members(line, DAY)
    assert read.problems == ()
    assert [(m.sex, m.birth.age_at(DAY) if m.birth else None) for m in read.members] == [
        (Sex.MALE, 36), (Sex.FEMALE, 8), (Sex.MALE, 3),
    ]  # fmt: skip


def test_the_members_line_says_what_is_not_clear_and_keeps_the_rest() -> None:
    read = read_members("ч36 ж8 ч3 ж qq ж99999", DAY)
    assert len(read.members) == 3
    assert [str(problem).split("”")[0] for problem in read.problems[:2]] == ["“ж", "“qq"]
    assert len(read.problems) == 3


@given(st.text(max_size=60))
def test_any_members_line_is_read_or_told(line: str) -> None:
    read = read_members(line, DAY)
    assert all(member.birth for member in read.members)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("8 (910) 123-45-67", "+79101234567"), ("9101234567", "+79101234567"), ("+7 910 1234567", "+79101234567"),
     ("050 123 45 67", "+380501234567"), ("380501234567", "+380501234567"), ("+49 30 123456", "+4930123456"), ("112", "112"),
     ("у соседей", "у соседей"), ("", "")],
)  # fmt: skip
def test_phones_as_they_are_dialled(typed: str, stored: str) -> None:
    assert normal_phone(typed) == stored


def test_a_phone_is_looked_up_by_its_end_and_masked() -> None:
    assert phone_key("8 910 123 45 67").startswith(phone_key("910 123 45 67")[:10])
    assert (masked_phone("+79101234567"), masked_phone("112")) == ("··· 67", "")


@given(st.text(max_size=60))
def test_contacts_take_anything(typed: str) -> None:
    assert isinstance(normal_phone(typed), str)
    assert len(phone_key(typed)) <= 20
    assert len(document_key(typed)) <= 64
    assert isinstance(masked_phone(typed), str)


def test_a_paper_is_the_same_however_it_is_written() -> None:
    assert len({document_key(n) for n in ("38 15 № 123456", "3815123456", "38-15 123456")}) == 1
    assert document_key("АЕ 712172") == document_key("ae712172")


@pytest.mark.parametrize(
    ("names", "sex"),
    [(("Ткаченко", "Мария", "Петровна"), Sex.FEMALE), (("Ткаченко", "Микола", ""), Sex.MALE), (("Иванов", "Саша", ""), None),
     (("", "Женя", "Ивановна"), Sex.FEMALE), (("Шевченко", "Любов", ""), Sex.FEMALE), (("Иванова", "", ""), Sex.FEMALE),
     (("Smith", "John", ""), None), (("", "", ""), None)],
)  # fmt: skip
def test_the_sex_is_guessed_only_where_the_name_says_it(names: tuple[str, str, str], sex: Sex | None) -> None:
    assert guess_sex(*names) is sex


def test_a_full_name_is_split() -> None:
    assert split_full_name(" Ткаченко  Мария Петровна оглы ") == ("Ткаченко", "Мария", "Петровна оглы")
    assert split_full_name("Ткач") == ("Ткач", "", "")


def test_all_problems_are_told_at_once() -> None:
    head = MemberDraft(
        birth=Birth(date(2030, 1, 1), Precision.DAY), document=DocumentDraft("1" * 201), given_name="я" * 401
    )
    draft = HouseholdDraft(members=(head, MemberDraft(phone="1" * 201)), note="н" * 5000, arrived_on=date(2027, 1, 1))
    assert {problem.field for problem in problems_of(draft, DAY)} == {
        "members.0.birth", "members.0.given_name", "members.0.document", "members.1.phone", "note", "arrived_on",
    }  # fmt: skip
    assert [p.field for p in problems_of(HouseholdDraft(), DAY)] == ["members"]
    assert [p.field for p in problems_of(HouseholdDraft(members=(MemberDraft(),)), DAY)] == ["members.0.family_name"]
    assert problems_of(HouseholdDraft(members=(MemberDraft(),)), DAY, name_needed=False) == []


def test_a_child_alone_is_seen_only_when_it_is_sure() -> None:
    child, adult, unknown = MemberDraft(birth=of_age(9, DAY)), MemberDraft(birth=of_age(40, DAY)), MemberDraft()
    assert is_child_alone(HouseholdDraft(members=(child,)), DAY)
    assert not is_child_alone(HouseholdDraft(members=(child, adult)), DAY)
    assert not is_child_alone(HouseholdDraft(members=(child, unknown)), DAY)
    ticked = replace(adult, needs=frozenset({Need.CHILD_ALONE}))
    assert is_child_alone(HouseholdDraft(members=(ticked,)), DAY)


@pytest.mark.parametrize("kind", [Sex, Presence, Lodging, Relation, Need, DocumentKind, HowConfirmed])
def test_every_code_has_words(kind: type[Sex]) -> None:
    assert all(member.text.msgid for member in kind)
    assert len({member.text.msgid for member in kind}) == len(kind)
