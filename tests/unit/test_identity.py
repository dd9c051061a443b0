"""Whether two records are one person: what speaks for it, what keeps alike people apart, and that nothing written breaks it."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aidtrack.domain.birth import Birth, Precision, read_birth
from aidtrack.domain.identity import Known, Verdict, compare, similar_people
from aidtrack.errors import Refused

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)


def born(written: str) -> Birth | None:
    return read_birth(written, TODAY)


JURI = Known(
    "Щербаков", "Юрий", "Иванович", "m", born("14.5.1961"), ("38 15 123456",), ("+79101234567",), "Суджа",
    "Курск, ул. Лесная, 33",
)  # fmt: skip
OLGA = Known("Щербакова", "Ольга", "Петровна", "f", born("3.9.1963"), (), (), "Суджа", "Курск, ул. Лесная, 33", "WIFE")
SON = Known("Щербаков", "Юрий", "Юрьевич", "m", born("2.2.1990"), (), (), "Суджа", "Курск, ул. Лесная, 33", "SON")


def bare(**changes: object) -> Known:
    """The names and the birth day of one, with nothing else."""
    return replace(Known("Щербаков", "Юрий", "", "m", born("14.5.1961")), **changes)  # type: ignore[arg-type]


def said(a: Known, b: Known) -> tuple[Verdict, set[str]]:
    found = compare(a, b)
    return found.verdict, {str(reason) for reason in found.reasons}


# ── one person ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (bare(), "born on the same day"),
        (bare(family_name="Shcherbakov", given_name="Iurii"), "same surname, spelled another way"),
        (bare(family_name="Щебраков"), "same surname, spelled another way"),
        (bare(given_name="Юрій"), "same name, spelled another way"),
        (bare(family_name="Юрий", given_name="Щербаков"), "name and surname changed places"),
        (bare(birth=born("5.6.1961"), documents=("3815123456",)), "same document"),
        (bare(birth=None, documents=("38 15 123457",)), "document differs by one sign"),
        (bare(birth=None, documents=("123456",)), "document differs by one sign"),
        (bare(birth=born("14.5.1962"), home="Суджа"), "same birthday, another year"),
        (bare(birth=born("14.5.1961"), phones=("8 910 123-45-67",)), "same phone"),
        (bare(birth=born("1961"), home="Sudzha", address="Kursk, ul. Lesnaia, 33"), "about the same age"),
    ],
)
def test_one_person_written_twice_is_known_with_the_reason(other: Known, reason: str) -> None:
    verdict, reasons = said(JURI, other)
    assert verdict is not Verdict.OTHER
    assert reason in reasons


def test_day_and_month_change_places() -> None:
    one, other = bare(birth=born("4.5.1961")), bare(birth=born("5.4.1961"))
    assert said(one, other) == (
        Verdict.SAME,
        {"same surname", "same name", "day and month of birth changed places"},
    )


def test_one_digit_of_the_birth_date_is_a_slip_where_more_speaks_for_it() -> None:
    verdict, reasons = said(JURI, bare(patronymic="Иванович", birth=born("15.5.1961"), phones=JURI.phones))
    assert (verdict, "one digit of the birth date differs" in reasons) == (Verdict.SAME, True)


# ── alike, and two people ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "other",
    [
        bare(birth=born("14.5.1961"), given_name="Олег"),  # a twin
        bare(birth=born("3.3.1961"), patronymic="Сергеевич", home="Суджа"),  # a cousin of the same village and age
        Known("Коваленко", "Пётр", "", "m", born("1980"), (), JURI.phones),  # a neighbour with the same phone
        Known("Щербакова", "Юлия", "Ивановна", "f", born("14.5.1961"), (), (), "Суджа", JURI.address),
    ],
)
def test_alike_is_not_the_same(other: Known) -> None:
    assert compare(JURI, other).verdict is Verdict.OTHER


def test_names_alone_may_be_passed() -> None:
    assert compare(JURI, Known("Щербаков", "Юрий", "Иванович", "m", home="Суджа")).verdict is Verdict.PERHAPS


def test_father_and_son_of_one_name_stay_apart_and_find_themselves() -> None:
    father, son = (
        Known("Щербаков", "Юрий", sex="m", birth=born("1961")),
        Known("Щербаков", "Юрий", sex="m", birth=born("1990")),
    )
    here = replace(JURI, others=(OLGA, SON))
    assert compare(here, replace(son, others=(father,))).verdict is Verdict.OTHER
    assert compare(here, replace(father, others=(son,))).verdict is Verdict.SAME


def test_two_of_the_same_members_weigh_more_than_a_name() -> None:
    """A surname misheard and a year said: alone nobody, in the family the same man."""
    alone = Known("Щерба", "Юрий", sex="m", birth=born("1962"))
    family = (
        Known("Щерба", "Ольга", "Петровна", "f", born("3.9.1963")),
        Known("Щерба", "Юрий", "Юрьевич", "m", born("2.2.1990")),
    )
    assert compare(replace(JURI, others=(OLGA, SON)), alone).verdict is Verdict.OTHER
    found = compare(replace(JURI, others=(OLGA, SON)), replace(alone, others=family))
    assert found.verdict is not Verdict.OTHER
    assert "2 of the same family members" in {str(reason) for reason in found.reasons}


def test_a_rare_surname_weighs_more() -> None:
    many = [Known("Иванов", "Иван", sex="m", birth=born(str(1930 + n))) for n in range(60)]
    few = [Known("Подопригора", "Иван", sex="m", birth=born(str(year))) for year in (1950, 1950)]
    found = {(pair.a, pair.b) for pair in similar_people([*many, *many, *few], range(122))}
    assert found == {(120, 121)}


@pytest.mark.parametrize(("have_families", "are_asked"), [(False, True), (True, False)])
def test_whoever_shares_name_and_home_is_a_relative_only_where_people_have_relatives(
    have_families: bool, are_asked: bool
) -> None:
    """Two of one name at one address, years apart: where whole families are registered it is father and son."""
    names = ["Иван", "Пётр", "Олег", "Семён"]
    others = [
        Known(f"Фамилия{no // 4}", names[no % 4], birth=born(str(1940 + 17 * (no % 4))), address=f"ул. Мира, {no // 4}")
        for no in range(400)
    ]
    homes = [no // 4 if have_families else no for no in range(400)]
    alone = (
        others if have_families else [replace(one, address=f"{one.address}, кв. {no}") for no, one in enumerate(others)]
    )
    two = [replace(bare(birth=born(birth)), address="ул. Лесная, 33") for birth in ("14.5.1961", "2.2.1990")]
    found = {(pair.a, pair.b) for pair in similar_people([*alone, *two], [*homes, 1000, 1001])}
    assert ((400, 401) in found) is are_asked


# ── rules of the score ───────────────────────────────────────────────────────────────────────────

TEXT = st.one_of(
    st.sampled_from(["", "Иванов", "Ivanov", "Иван", "Ян", "О", "Нечуй-Левицький", "Петровна"]),
    st.text(max_size=12),
    st.sampled_from([text for text in NAUGHTY if "\ud800" not in text]),
)
BIRTH = st.one_of(
    st.none(),
    st.builds(Birth, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.sampled_from(list(Precision))),
)
PERSON = st.builds(
    Known, TEXT, TEXT, TEXT, st.sampled_from(["", "f", "m", "x"]), BIRTH,
    st.lists(TEXT, max_size=2).map(tuple), st.lists(TEXT, max_size=2).map(tuple), TEXT, TEXT,
)  # fmt: skip
SAME_DAY = Birth(date(2000, 1, 1), Precision.DAY)
FAMILY = st.builds(lambda one, others: replace(one, others=tuple(others)), PERSON, st.lists(PERSON, max_size=3))


@settings(deadline=None)
@given(FAMILY, FAMILY)
@example(Known("", "Иванов", birth=SAME_DAY), Known("Иванов", "", birth=SAME_DAY))
@example(Known("Иванов", "Иван", birth=SAME_DAY), Known("Ивана", "Иванов", birth=SAME_DAY))
def test_a_score_is_bounded_the_same_both_ways_and_never_fails(a: Known, b: Known) -> None:
    found = compare(a, b)
    assert 0 <= found.score <= 1
    assert compare(b, a) == found


@settings(deadline=None)
@given(FAMILY)
def test_a_record_that_says_nothing_is_nobody(other: Known) -> None:
    for nothing in (
        Known(),
        Known(sex="m"),
        Known(birth=born("1961")),
        Known(patronymic="Иванович"),
        Known("", " ", "-"),
    ):
        assert compare(nothing, other).verdict is not Verdict.SAME


@pytest.mark.parametrize("name", ["Я", "а" * 200, "12345", "🙂", "\u202eעברית\u202c", "''", "Иванович"])
def test_strange_names_alone_are_no_reason_to_join(name: str) -> None:
    assert compare(Known(name), Known(name)).verdict is not Verdict.SAME
    assert compare(Known("", name), Known("", name)).verdict is not Verdict.SAME
    assert compare(Known(patronymic=name), Known(patronymic=name)).verdict is Verdict.OTHER


@settings(deadline=None)
@given(PERSON, PERSON, st.sampled_from(["birth", "documents", "phones", "home", "sex"]))
def test_one_thing_more_in_common_never_speaks_against(a: Known, b: Known, name: str) -> None:
    lacking: Any = {"birth": None, "documents": (), "phones": (), "home": "", "sex": ""}[name]
    shared: Any = getattr(JURI, name)
    without = compare(replace(a, **{name: lacking}), replace(b, **{name: lacking}))
    assert compare(replace(a, **{name: shared}), replace(b, **{name: shared})).score >= without.score - 1e-9


# ── all of a file ────────────────────────────────────────────────────────────────────────────────


def test_all_pairs_are_found_and_nobody_is_two_of_one_family() -> None:
    again = Known("Shcherbakov", "Iurii", "", "m", born("1961"))
    son_again = Known("Shcherbakov", "Iurii", "", "m", born("1990"))
    found = similar_people([JURI, OLGA, SON, again, son_again], [0, 0, 0, 1, 1])
    assert [(pair.a, pair.b) for pair in found] in ([(0, 3), (2, 4)], [(2, 4), (0, 3)])
    assert len({pair.group for pair in found}) == 2
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_was_answered_is_not_asked_again_and_counts() -> None:
    """Two records are known to be different: a third can be one of them only."""
    people = [JURI, bare(), bare(patronymic="Иванович")]
    assert {(pair.a, pair.b) for pair in similar_people(people, [0, 1, 2])} == {(0, 1), (0, 2), (1, 2)}
    told = similar_people(people, [0, 1, 2], answers={(0, 2): False})
    assert (0, 2) not in {(pair.a, pair.b) for pair in told}
    assert len(told) <= 1
    joined = similar_people(people, [0, 1, 2], answers={(0, 1): True})
    assert {(pair.a, pair.b) for pair in joined} == {(0, 2), (1, 2)}
    assert {pair.group for pair in joined} == {1}


def test_progress_is_told_and_the_work_can_be_stopped() -> None:
    steps: list[tuple[int, int]] = []
    similar_people([JURI, bare()], [0, 1], progress=lambda done, of: steps.append((done, of)))
    assert steps[0] == (0, 100)
    assert steps[-1] == (100, 100)
    assert steps == sorted(steps)
    with pytest.raises(Refused, match="Stopped"):
        similar_people([JURI, bare()], [0, 1], cancelled=lambda: len(steps) > 0)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(PERSON, st.integers(0, 4)), max_size=12))
def test_no_list_breaks_it(people: list[tuple[Known, int]]) -> None:
    homes = [home for _, home in people]
    for pair in similar_people([known for known, _ in people], homes, least=0.0):
        assert pair.a < pair.b
        assert homes[pair.a] != homes[pair.b]
