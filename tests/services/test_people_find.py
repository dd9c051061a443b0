"""Finding at every key, on both databases: scripts, spellings, slips, layouts, numbers; and what a volunteer may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aidtrack.domain.birth import read_birth
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import DocumentDraft, HouseholdDraft, MemberDraft
from aidtrack.errors import NotAllowed
from aidtrack.services import people
from aidtrack.services.people import FoundRow
from aidtrack.store.database import Database
from aidtrack.store.people import Household
from tests.factories import Centre, Team
from tests.services.test_people import TODAY

NAMES = (
    ("Щербаков", "Юрий", "Иванович", "1961"),
    ("Ткаченко", "Мария", "Петровна", "12.8.1989"),
    ("Ткаченко", "Мария", "Ивановна", "1954"),
    ("Їжакевич", "Галина", "Павлівна", "1961"),
    ("Нечуй-Левицький", "Іван", "", ""),
    ("Müller", "Jörg", "", "1970"),
    ("Елкина", "Наталья", "", "1990"),
)


@pytest.fixture
def find(database: Database, centre: Centre, by: Team) -> Callable[[str], tuple[FoundRow, ...]]:
    """Seven families are there; finds as the coordinator, who sees whole names."""
    for family, given, patronymic, birth in NAMES:
        member = MemberDraft(
            family_name=family, given_name=given, patronymic=patronymic, birth=read_birth(birth, TODAY),
            phone="+79101234567" if given == "Юрий" else "", document=DocumentDraft("AE 712172") if given == "Галина" else None,
        )  # fmt: skip
        draft = HouseholdDraft(members=(member,), phone="+380501234567" if given == "Галина" else "")
        database.write(
            lambda s, draft=draft: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        )
    return lambda text: database.read(lambda s: people.find(s, by.coordinator, text))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("щерб", "Щербаков"), ("юрий щербаков", "Щербаков"), ("Shcherbakov", "Щербаков"), ("iurii scherbakov", "Щербаков"),
        ("Юрій", "Щербаков"), ("щебраков", "Щербаков"), ("щербакоф", "Щербаков"), ("шербаков юрий", "Щербаков"),
        ("ижакевич", "Їжакевич"), ("Izhakevych", "Їжакевич"), ("Левицкий", "Нечуй-Левицький"), ("нечуйлев", "Нечуй-Левицький"),
        ("nrfxtyrj", "Ткаченко"),
        ("nrfxtyjr vfhbz", "Ткаченко"), ("nrfxtyjr", "Ткаченко"), ("ьгддук", "Müller"),
        ("елкина", "Елкина"), ("Ёлкина", "Елкина"), ("наталия", "Елкина"), ("muller", "Müller"),
        ("Jorg", "Müller"), ("Щербаков Юрий Петрович", "Щербаков"), ("Tкаченко", "Ткаченко"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(
    find: Callable[[str], tuple[FoundRow, ...]], typed: str, expected: str
) -> None:
    found = find(typed)
    assert (found[0].full_name.split()[0] if found else "") == expected


def test_the_year_chooses_among_namesakes(find: Callable[[str], tuple[FoundRow, ...]]) -> None:
    assert {row.year for row in find("ткач мар")} == {1989, 1954}
    assert [row.year for row in find("ткач мар 89")] == [1989]
    assert [row.year for row in find("ткач мар 1954")] == [1954]


@pytest.mark.parametrize("typed", ["4567", "9101234567", "8 910 123-45-67", "+7 (910) 1234567"])
def test_a_phone_finds_by_its_end(find: Callable[[str], tuple[FoundRow, ...]], typed: str) -> None:
    assert ("Щербаков" in {row.full_name.split()[0] for row in find(typed)}) == (len(typed) > 4)


def test_papers_and_the_phone_of_the_family(find: Callable[[str], tuple[FoundRow, ...]]) -> None:
    assert [row.full_name for row in find("ае712172")] == ["Їжакевич Галина Павлівна"]
    assert [row.full_name for row in find("0501234567")] == ["Їжакевич Галина Павлівна"]


def test_a_card_finds_by_its_end(database: Database, by: Team, find: Callable[[str], tuple[FoundRow, ...]]) -> None:
    tail = find("щербаков")[0].card_tail
    assert "Щербаков" in find(tail)[0].full_name


def test_volunteers_see_initials_and_need_three_letters(
    database: Database, by: Team, find: Callable[[str], tuple[FoundRow, ...]]
) -> None:

    def ask(text: str) -> tuple[FoundRow, ...]:
        return database.read(lambda s: people.find(s, by.registrar, text, limit=100))

    assert ask("тк") == ()
    assert {row.name for row in ask("тка")} == {"Ткаченко М. П.", "Ткаченко М. И."}
    assert {row.full_name for row in ask("ткаченко")} == {""}
    with pytest.raises(NotAllowed):
        database.read(lambda s: people.find(s, by.storekeeper, "ткаченко"))


def test_a_volunteer_never_gets_more_than_eight(database: Database, centre: Centre, by: Team) -> None:
    for number in range(12):
        draft = HouseholdDraft(members=(MemberDraft(family_name="Иванова", given_name=f"Имя{number}"),))
        database.write(
            lambda s, draft=draft: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        )
    assert len(database.read(lambda s: people.find(s, by.registrar, "иванова", limit=100))) == 8
    assert len(database.read(lambda s: people.find(s, by.coordinator, "иванова", limit=100))) == 12


def test_a_family_stands_once_in_the_list(database: Database, centre: Centre, by: Team) -> None:
    members = tuple(MemberDraft(family_name="Гончар", given_name=name) for name in ("Анна", "Олег", "Ирина"))
    draft = HouseholdDraft(members=members)
    database.write(lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft))
    rows = database.read(lambda s: people.find(s, by.coordinator, "гончар олег"))
    assert [row.full_name for row in rows] == ["Гончар Олег"]
    assert len(database.read(lambda s: people.find(s, by.coordinator, "гончар", families=False))) == 3


def test_a_family_stands_where_its_best_member_stands(database: Database, centre: Centre, by: Team) -> None:
    """However many of the others fit less well: they pull nobody down."""
    for names in (("Анна", "Анатолий", "Ананий"), ("Анатолий",), ("Ананий",)):
        members = tuple(MemberDraft(family_name="Гончар", given_name=name) for name in names)
        draft = HouseholdDraft(members=members)
        database.write(lambda s, d=draft: people.register_household(s, by.registrar, request_id=new_id(), draft=d))
    rows = database.read(lambda s: people.find(s, by.coordinator, "гончар анна"))
    assert [row.full_name for row in rows][:1] == ["Гончар Анна"]
    assert len({row.household_id for row in rows}) == len(rows)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


def test_a_protected_family_is_not_found_by_name(database: Database, by: Team, centre: Centre) -> None:
    from aidtrack.store import journal

    draft = HouseholdDraft(members=(MemberDraft(family_name="Закрытова"),))
    receipt = database.write(lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft))

    def protect(session: object) -> None:
        with journal.operation(session, by.shift_lead, new_id(), "protect"):  # type: ignore[arg-type]
            session.get(Household, receipt.household_id).is_protected = True  # type: ignore[attr-defined]

    database.write(protect)
    assert database.read(lambda s: people.find(s, by.registrar, "закрытова")) == ()
    assert len(database.read(lambda s: people.find(s, by.shift_lead, "закрытова"))) == 1
    assert database.read(lambda s: people.household_by_code(s, by.registrar, receipt.token)) == receipt.household_id


@pytest.mark.parametrize(
    "typed", ["", " ", "\\", "'; DROP TABLE person; --", "%", "_", "👾", "1" * 500, "а" * 500, "\u200b"]
)
def test_anything_may_be_typed(find: Callable[[str], tuple[FoundRow, ...]], typed: str) -> None:
    assert find(typed) == ()
