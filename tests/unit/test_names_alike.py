"""Which words are one name and which are not: spellings of two scripts, forms of one name, slips; and that nothing breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.names import (
    MAX_WORDS,
    NameWord,
    delete_keys,
    is_given_name,
    kept_keys,
    likeness,
    name_words,
    other_forms,
    query_words,
    readings,
    sought_keys,
    sound,
    word_likeness,
)  # fmt: skip
from aidtrack.shipped import table
from tests.romanisations import RUSSIAN, UKRAINIAN, Scheme, romanised

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
RUSSIAN_NAMES = (
    "Иванов Щербаков Юрченко Жуковский Цветаева Чайковский Шаляпин Ёлкин Эренбург Ильин Соловьёв Зайцев Грибоедов Мельникова Яковлев "
    "Пятницкая Кузьмин Хрущёв Екатерина Наталья Юрий Дмитрий Игорь Ольга"
).split()
UKRAINIAN_NAMES = (
    "Шевченко Їжакевич Щербина Ґалаґан Згурський Євтушенко Хмельницька Юхименко Прядько Лук'яненко Зозуля Цибуля Чорновіл Жадан "
    "Кравець Дов'юк Сергій Микола Ганна Олександр Юлія"
).split()
# The letters of these mean other sounds than in any other scheme: z is ц, s is з; x is х.
LOOSE = {"German", "GOST 7.79 B"}
ROMANISED = [
    pytest.param(name, scheme, which in LOOSE, id=f"{name} {which}")
    for names, schemes in ((RUSSIAN_NAMES, RUSSIAN), (UKRAINIAN_NAMES, UKRAINIAN))
    for which, scheme in schemes.items()
    for name in names
]
WORDS = st.text("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzäöüßłńşğ", min_size=1, max_size=14)
ANY_NAME = st.one_of(WORDS, st.text(max_size=40), st.sampled_from([text for text in NAUGHTY if text.strip()]))


def word(written: str) -> NameWord:
    return name_words(written)[-1]


def alike(one: str, other: str) -> float:
    return word_likeness(word(one), word(other))


@pytest.mark.parametrize(("name", "scheme", "is_loose"), ROMANISED)
def test_every_romanisation_in_use_is_the_same_name(name: str, scheme: Scheme, is_loose: bool) -> None:
    latin = romanised(name, scheme)
    assert alike(name, latin) >= (0.68 if is_loose else 0.86)
    if not is_loose:
        assert set(kept_keys(word(name))) & set(sought_keys(word(latin))), "a Latin query finds the Cyrillic name"
        assert set(kept_keys(word(latin))) & set(sought_keys(word(name))), "a Cyrillic query finds the Latin name"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Сергей", "Сергій"), ("Николай", "Микола"), ("Елена", "Олена"), ("Анна", "Ганна"), ("Владимир", "Volodymyr"),
        ("Евгений", "Євген"), ("Дмитрий", "Дмитро"), ("Мухаммед", "Mohamed"), ("محمد", "Мухаммад"),
        ("Сергеевич", "Сергійович"), ("Николаевич", "Миколайович"), ("Васильевна", "Vasylivna"), ("Ильинична", "Іллівна"),
        ("Юрьевич", "Юрійович"), ("Григорьевна", "Григорівна"), ("Михайлович", "Mykhailovych"),
        ("Иванов", "Иванова"), ("Левицкий", "Левицька"), ("Белый", "Белая"), ("Ильин", "Ильина"), ("Kowalski", "Kowalska"),
    ],
)  # fmt: skip
def test_forms_of_one_name_are_known(one: str, other: str) -> None:
    assert alike(one, other) >= 0.95


@pytest.mark.parametrize(("one", "other"), [("Юрий", "Jerzy"), ("Михаил", "Michael"), ("Магомед", "Mohamed")])
def test_a_name_of_another_people_is_less_sure(one: str, other: str) -> None:
    assert 0.85 <= alike(one, other) < 0.93


@pytest.mark.parametrize(
    ("short", "full"),
    [("Саша", "Александр"), ("Саша", "Александра"), ("Оля", "Ольга"), ("Вова", "Володимир"), ("Катя", "Kateryna"), ("Женя", "Євген"),
     ("Наташа", "Наталія"), ("Mykola", "Коля"), ("Лёша", "Олексій"), ("Sasha", "Олександра")],
)  # fmt: skip
def test_what_people_are_called_at_home_is_their_name(short: str, full: str) -> None:
    assert 0.85 <= alike(short, full) <= 0.95
    assert sound(word(full).plain) in other_forms(word(short).plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иван", "Иванна"), ("Александр", "Александра"), ("Валентин", "Валентина"), ("Евгений", "Евгения"), ("Анна", "Яна"),
        ("Марина", "Мария"), ("Анна", "Инна"), ("Олег", "Игорь"), ("Юлия", "Уляна"), ("Роман", "Романа"), ("Алла", "Алина"),
        ("Ткач", "Ткаченко"), ("Шевченко", "Шевчук"), ("Бондарь", "Бондаренко"), ("Иван", "Иванович"), ("Иванов", "Ивановна"),
        ("Петрович", "Павлович"), ("Николаевич", "Михайлович"), ("Сергеевна", "Андреевна"), ("Smith", "Шмидт"), ("Müller", "Миронов"),
    ],
)  # fmt: skip
def test_other_people_stay_apart(one: str, other: str) -> None:
    assert alike(one, other) < 0.85


def test_a_brother_and_a_sister_have_one_father_but_are_not_one() -> None:
    assert 0.80 <= alike("Иванович", "Ивановна") <= 0.88
    assert alike("Сергійович", "Сергеевна") == alike("Сергеевна", "Сергійович")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("schmidt", "шмидт"), ("jackson", "джексон"), ("moore", "мур"), ("fujita", "фудзита"), ("müller", "мюллер"), ("garcia", "гарсия"),
     ("łukasz", "лукаш"), ("çelik", "челик"), ("şahin", "шахин"), ("kowalczyk", "ковальчик"), ("dupont", "дюпон"),
     ("živković", "живкович")],
)  # fmt: skip
def test_foreign_spellings_are_read(latin: str, cyrillic: str) -> None:
    others = [
        "иванов",
        "шмелёв",
        "ткаченко",
        "мюнхен",
        "гарин",
        "джонс",
        "фуко",
        "лукич",
        "моор",
        "дюваль",
        "жилин",
        "чехов",
        "шаин",
    ]
    ranked = sorted([cyrillic, *others], key=lambda name: -likeness(query_words(latin), name_words(name)))
    assert ranked[0] == cyrillic
    assert set(kept_keys(word(cyrillic))) & set(sought_keys(word(latin)))


def test_the_likeliest_reading_comes_first() -> None:
    found = readings("schmidt")
    assert found[0].cyrillic == "шмидт"
    assert [reading.cost for reading in found] == sorted(reading.cost for reading in found)


def test_what_is_being_typed_in_latin_finds_its_name_before_others() -> None:
    names = ["Шмидт", "Шевченко", "Шишкин", "Сомов"]
    assert max(names, key=lambda name: likeness(query_words("schm"), name_words(name))) == "Шмидт"


@given(ANY_NAME, ANY_NAME)
def test_likeness_knows_no_order_and_stays_in_bounds(one: str, other: str) -> None:
    for a in name_words(one)[:4]:
        assert word_likeness(a, a) == 1.0
        for b in name_words(other)[:4]:
            assert 0.0 <= word_likeness(a, b) == word_likeness(b, a) <= 1.0


@given(ANY_NAME)
def test_folding_what_is_folded_changes_nothing(name: str) -> None:
    for found in name_words(name):
        again = name_words(found.plain)
        assert not found.plain.isalnum() or [(w.plain, w.sound) for w in again] == [(found.plain, found.sound)]


@pytest.mark.parametrize(
    "name",
    ["", " ", "я", "x", "ь", "-", "'", "а" * 200, "x" * 200, "Оксана-" * 60, "12345", "٣٤", "😀", "👨‍👩‍👧", "محمد عبد الله", "שרה",
     "Іванівна", "\u202eИван", "I\u0361a", "\u0301", "ß", "İ", "ﬁ"],
)  # fmt: skip
def test_nobody_has_a_name_that_breaks_it(name: str) -> None:
    words = name_words(name)
    assert len(words) <= MAX_WORDS
    for found in words:
        assert kept_keys(found)
        assert sought_keys(found)
        assert isinstance(other_forms(found.plain), tuple)
        assert word_likeness(found, word("Степан")) < 0.85
    assert likeness(query_words(name), words) <= 1.0


@given(WORDS)
def test_a_word_is_found_by_its_own_keys(name: str) -> None:
    for found in name_words(name):
        assert set(delete_keys(found.sound)) <= set(kept_keys(found))
        assert set(kept_keys(found)) & set(sought_keys(found))


def test_every_given_name_has_its_forms_and_they_are_known() -> None:
    rows = table("names/given.tsv")
    assert len(rows) >= 150
    for sex, russian, ukrainian, _, short in rows:
        assert sex in ("m", "f")
        assert russian
        assert ukrainian
        assert all(is_given_name(word(form).plain) for form in [*russian.split(), *ukrainian.split(), *short.split()])
