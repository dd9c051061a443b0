"""What was typed taken apart, and the lines people are found by: pure rules, whatever somebody is called."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.finding import Ranking, birth_fit, lines_of, read_typed, words_in
from aidtrack.domain.names import name_words

TODAY = date(2024, 8, 12)


def test_a_person_stands_under_every_word_of_the_name() -> None:
    assert lines_of("Иванова", "Мария", "Петровна", 1961) == (
        "0ivanova mariia petrovna 1961",
        "1mariia ivanova petrovna 1961",
        "2petrovna mariia ivanova 1961",
    )
    assert lines_of("Нечуй-Левицький", "Іван", "", None) == (
        "0nechui ivan levitskii",
        "0levitskii ivan nechui",
        "0nechuilevitskii ivan nechui levitskii",
        "1ivan nechui levitskii",
    )
    assert lines_of("", "", "", 1961) == ()


@given(st.lists(st.text(max_size=200), min_size=3, max_size=3), st.none() | st.integers(1900, 2024))
def test_no_name_is_too_odd_for_a_line(names: list[str], year: int | None) -> None:
    lines = lines_of(names[0], names[1], names[2], year)
    heads = {words_in(line)[0][0] for line in lines}
    assert heads == {word.plain for name in names if name for word in name_words(name)}
    assert all(len(line) < 200 for line in lines)
    assert all(year is None or words_in(line)[1] == year for line in lines)


@pytest.mark.parametrize(
    ("text", "words", "years", "born"),
    [
        ("Иванова Мария 12.8.1961", ["ivanova", "mariia"], (1961,), date(1961, 8, 12)),
        ("1961-08-12 ivanova", ["ivanova"], (1961,), date(1961, 8, 12)),
        ("ткач мар 89", ["tkach", "mar"], (1989,), None),
        ("ткач мар 12", ["tkach", "mar"], (1912, 2012), None),
        ("ткач 31.02.1961", ["tkach"], (1961,), None),
        ("ткач 12.08.", ["tkach"], (), None),
        ("89", ["89"], (), None),
        ("ткач +7 910 123-45-67", ["tkach"], (), None),
        ("", [], (), None),
    ],
)  # fmt: skip
def test_what_was_typed_is_taken_apart(text: str, words: list[str], years: tuple[int, ...], born: date | None) -> None:
    typed = read_typed(text, TODAY)
    assert ([word.plain for word in typed.words], typed.years, typed.born) == (words, years, born)


@given(st.text(max_size=300))
def test_anything_can_be_typed(text: str) -> None:
    typed = read_typed(text, TODAY)
    if typed.words:
        score, worst = Ranking(typed).score("0ivanova mariia petrovna 1961")
        assert 0 <= score <= 1
        assert 0 <= worst <= 1


def test_the_year_chooses_and_a_slip_in_it_is_forgiven() -> None:
    ranking = Ranking(read_typed("иванова 1961", TODAY))
    scores = [ranking.score(f"0ivanova mariia {year}")[0] for year in (1961, 1962, 1967, 1958)]
    assert scores == sorted(scores, reverse=True)
    assert scores[2] > 0.9 > 0.72 > scores[3]


def test_each_word_of_the_name_is_taken_once() -> None:
    ranking = Ranking(read_typed("иван иванов", TODAY))
    assert ranking.score("0ivanov ivan")[0] > ranking.score("0ivanov sergei")[0] + 0.05


def test_a_birth_date_with_a_slip_says_less_than_the_right_one() -> None:
    born = date(1961, 3, 8)
    known = (born, date(1961, 8, 3), date(1967, 3, 8), None, date(1954, 1, 30))
    fits = [birth_fit(born, one) for one in known]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] > fits[1] == fits[2] > fits[3] > fits[4]
