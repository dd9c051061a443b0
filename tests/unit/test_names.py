"""Folding of names: what must be equal, what must stay apart, and that nothing anybody is called breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.names import (
    delete_keys,
    first_sound,
    letters_of,
    likeness,
    name_words,
    other_layouts,
    plain,
    query_words,
    sound,
)

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
CYRILLIC = st.text("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=20)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Юрий", "Юрій", "Iurii", "Yuriy", "Jurij", "Yuri"),
        ("Щербаков", "Shcherbakov", "Scherbakov"),
        ("Їжакевич", "Ижакевич", "Izhakevych", "Izhakevich"),
        ("Євген", "Ievgen", "Yevhen", "Evgen"),
        ("Ёлкина", "Елкина", "ЁЛКИНА"),
        ("Мар'яна", "Мар’яна", "Марʼяна", "Маряна"),
        ("Галаґан", "Галаган", "Halahan"),
        ("Mapія", "Марія", "МАРІЯ"),
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({sound(plain(name)) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Иванов", "Петров"), ("Анна", "Инна"), ("Олег", "Игорь"), ("Ткач", "Ткаченко")]
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert sound(plain(one)) != sound(plain(other))


@given(CYRILLIC, st.integers(0, 20))
def test_what_is_typed_so_far_begins_what_is_stored(word: str, typed: int) -> None:
    if word[:typed]:
        beginning = plain(word[:typed])
        assert plain(word).startswith(beginning) or not beginning.isascii() or set(word[:typed]) <= set("ьъ")


@given(st.text(max_size=300))
def test_nothing_anybody_is_called_breaks_folding(name: str) -> None:
    words = name_words(name)
    assert bool(words) == bool(name.strip()) or not words
    assert all(word.plain and word.sound and len(word.plain) <= 64 for word in words)
    assert likeness(query_words(name), words) <= 1.0
    assert all(isinstance(reading, str) for reading in other_layouts(name))


@pytest.mark.parametrize("name", [text for text in NAUGHTY if text.strip()], ids=repr)
def test_every_naughty_name_has_words_that_its_query_meets(name: str) -> None:
    words = {word.plain for word in name_words(name)}
    assert words
    assert {word.plain for word in query_words(name)[:6]} <= words


@given(CYRILLIC.filter(lambda word: len(word) > 4), st.data())
def test_one_slip_apart_share_a_key(word: str, data: st.DataObject) -> None:
    folded = sound(plain(word))
    if len(folded) < 4:
        return
    at = data.draw(st.integers(0, len(folded) - 1))
    slipped = (folded[:at] + folded[at + 1 :], folded[:at] + "q" + folded[at + 1 :], folded[:at] + "q" + folded[at:])
    for other in slipped:
        if len(other) >= 4:
            assert set(delete_keys(folded)) & set(delete_keys(other))


@pytest.mark.parametrize(
    ("typed", "meant"), [("nrfxtyrj", "ткаченко"), ("Bdfyjd", "иванов"), ("rjdfktyrj", "коваленко")]
)
def test_the_keyboard_layout_may_be_the_other_one(typed: str, meant: str) -> None:
    assert meant in other_layouts(typed)


def test_hyphenated_names_are_found_by_part_and_joined() -> None:
    assert [word.plain for word in name_words("Нечуй-Левицький")] == ["nechui", "levitskii", "nechuilevitskii"]


def test_the_very_name_is_likelier_than_its_beginning_and_a_slip() -> None:
    scores = [likeness(query_words("ткач"), name_words(name)) for name in ("Ткач", "Ткаченко", "Такач", "Иванов")]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > scores[2] > scores[3]


LATIN = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÄÖÜäöüŁłŞşČčŚśŻż", min_size=1, max_size=20)


@given(st.one_of(CYRILLIC.filter(lambda name: name[0] not in "ьъ"), LATIN))
def test_a_name_begins_with_one_of_the_letters_of_its_first_sound(name: str) -> None:
    assert name[0] in letters_of(first_sound(name))
    assert name[0].swapcase() in letters_of(first_sound(name))
