"""Foreign spellings find their people through the whole search, on both databases; people with one name are found as others are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.services import people
from aidtrack.store.database import Database
from tests.factories import Centre, Team

NAMES = (
    ("Шмидт", ""), ("Джексон", "Майкл"), ("Мур", ""), ("Фудзита", "Акира"), ("Дюпон", ""), ("Абарратехи", ""), ("Чжан", "Вэй"),
    ("Шевченко", "Микола"), ("Сомова", "Александра"), ("Moore", "Alice"), ("Рэй", ""), ("Рей", ""), ("Мурзин", "Пётр"),
)  # fmt: skip


@pytest.fixture
def find(database: Database, centre: Centre, by: Team) -> Callable[[str], list[str]]:
    """Finds, as the coordinator, the names of the families that are there."""
    for family, given in NAMES:
        draft = HouseholdDraft(members=(MemberDraft(family_name=family, given_name=given),))
        database.write(
            lambda s, draft=draft: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        )
    return lambda text: [row.full_name for row in database.read(lambda s: people.find(s, by.coordinator, text))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("schmidt", "Шмидт"), ("Jackson", "Джексон Майкл"), ("michael jackson", "Джексон Майкл"), ("Fujita", "Фудзита Акира"),
        ("dupont", "Дюпон"), ("abarrategi", "Абарратехи"), ("Zhang Wei", "Чжан Вэй"), ("Ray", "Рэй"), ("moore", "Moore Alice"),
        ("mykola shevchenko", "Шевченко Микола"), ("Николай Шевченко", "Шевченко Микола"), ("саша сомова", "Сомова Александра"),
        ("Sasha Somova", "Сомова Александра"),
        ("муур", "Мур"), ("шмитд", "Шмидт"),
    ],
)  # fmt: skip
def test_a_foreign_name_is_found_as_people_spell_it(
    find: Callable[[str], list[str]], typed: str, expected: str
) -> None:
    assert find(typed)[:1] == [expected]


def test_a_cyrillic_query_finds_who_is_written_in_latin(find: Callable[[str], list[str]]) -> None:
    assert "Moore Alice" in find("мур")
    assert "Мур" in find("moore")
