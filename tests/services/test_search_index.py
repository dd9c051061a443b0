"""The search is what the people say: equal to one made anew after any changes, and it finds whoever was registered, whatever the script."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.ids import new_id
from aidtrack.domain.names import EDITION
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotAllowed
from aidtrack.services import people
from aidtrack.store.database import Database, open_database
from aidtrack.store.names import NameIndex, NameLine, NameSlip, NameWordRow, rebuild
from tests.factories import Centre, Team

LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))
SCRIPTS = st.sampled_from(
    (
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
        "abcdefghijklmnopqrstuvwxyz",
        "أبتثجحخدذرزس",
        "עבגדהוז",
    )
)
WORD = SCRIPTS.flatmap(lambda letters: st.text(letters, min_size=3, max_size=14))
NAME = st.one_of(WORD, st.builds("{}-{}".format, WORD, WORD), st.text(LETTERS, max_size=20))
YEAR = st.none() | st.integers(1930, 2020)
EASY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def member(family: str, given_name: str, father: str, year: int | None, person_id: UUID | None = None) -> MemberDraft:
    from datetime import date

    birth = Birth(date(year, 1, 1), Precision.YEAR) if year else None
    return MemberDraft(family_name=family, given_name=given_name, patronymic=father, birth=birth, person_id=person_id)


def register(database: Database, by: Team, *members: MemberDraft) -> UUID | None:
    draft = HouseholdDraft(members=members)
    try:
        return database.write(
            lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        ).household_id
    except InvalidInput:
        return None


def change(database: Database, by: Team, household_id: UUID, name: str, year: int | None) -> None:
    """The first member gets another name and birth, a new member comes, the others leave."""
    draft = database.read(lambda s: people.household_draft(s, by.registrar, household_id))
    first = member(name, "Нова", "", year, draft.members[0].person_id)
    changed = HouseholdDraft(members=(first, member(name, name, "", None)), version=draft.version)
    try:
        database.write(
            lambda s: people.change_household(
                s, by.registrar, request_id=new_id(), household_id=household_id, draft=changed
            )
        )
    except InvalidInput:
        return


def lines(database: Database) -> set[tuple[str, UUID]]:
    return {
        (line, person)
        for line, person in database.read(lambda s: s.execute(select(NameLine.line, NameLine.person_id)).all())
    }


def words(database: Database) -> set[tuple[str, ...]]:
    def kept(session: object) -> set[tuple[str, ...]]:
        found = [session.execute(select(*table.__table__.columns)).all() for table in (NameWordRow, NameSlip)]  # type: ignore[attr-defined]
        return {tuple(row) for rows in found for row in rows}

    return database.read(kept)


def test_it_equals_one_made_anew_after_any_changes(database: Database, centre: Centre, by: Team) -> None:
    @EASY
    @given(st.lists(st.tuples(NAME, NAME, NAME, YEAR, st.booleans()), min_size=1, max_size=4))
    def check(steps: list[tuple[str, str, str, int | None, bool]]) -> None:
        for family, given_name, father, year, is_changed in steps:
            household = register(
                database, by, member(family, given_name, father, year), member(father, family, "", None)
            )
            if household and is_changed:
                change(database, by, household, given_name, year)
        before, known = lines(database), words(database)
        database.write(rebuild)
        assert lines(database) == before
        assert words(database) <= known

    check()


def test_whoever_is_registered_is_found_by_any_part_of_the_name(database: Database, centre: Centre, by: Team) -> None:
    @EASY
    @given(WORD, WORD, WORD, YEAR)
    def check(family: str, given_name: str, father: str, year: int | None) -> None:
        household = register(database, by, member(family, given_name, father, year))
        if household is None:
            return
        parts = [clean(part) for part in (family, given_name, father)]
        asked = [
            *parts,
            f"{parts[1]} {parts[0]}",
            " ".join(parts),
            f"{parts[0]} {year or ''}",
            parts[0][:-1] + parts[0][-1:].upper(),
        ]
        for text in asked:
            found = database.read(lambda s, text=text: people.find(s, by.coordinator, text, limit=48))
            assert household in {row.household_id for row in found}, text

    check()


@pytest.mark.parametrize(
    "name",
    ["Я", "x", "щ" * 200, "12345", "007", "👾👾", "محمد", "שלום", "ʼ", "-", "Петровна", "a b c d e f g h i j", "%_!"],
)
def test_no_name_is_too_odd_to_be_registered_and_sought(
    database: Database, centre: Centre, by: Team, name: str
) -> None:
    for draft in (member(name, "", "", None), member("", name, name, 1950), member("Иванов", name, "", None)):
        register(database, by, draft)
    for text in (name, f"{name} 1950", f"{name} {name}", name[:1], f"Иванов {name}"):
        database.read(lambda s, text=text: people.find(s, by.coordinator, text))
    found = database.read(lambda s: people.find(s, by.coordinator, f"иванов {name}"))
    assert any(row.full_name.startswith("Иванов") for row in found)


def test_frequent_names_hide_nobody(database: Database, centre: Centre, by: Team) -> None:
    fathers = ("Ивановна", "Сергеевна", "Олеговна")
    crowd = [member("Иванова", "Мария", fathers[n % 3], 1940 + n % 7) for n in range(120)]
    for start in range(0, len(crowd), 10):
        register(database, by, *crowd[start : start + 10])
    wanted = register(database, by, member("Иванова", "Мария", "Яковлевна", 1961))
    odd = register(database, by, member("Иванова", "Марфа", "Ивановна", 1988))
    for text, who in (
        ("иванова мария яковлевна", wanted), ("мария иванова я", wanted), ("иванова мария 1961", wanted), ("ив мар 61", wanted),
        ("ivanova mariya yakovlevna", wanted), ("иванова яковлевна", wanted), ("иваноав мария якволевна", wanted),
        ("марфа иванова", odd), ("иванова мар 88", odd),
    ):  # fmt: skip
        found = database.read(lambda s, text=text: people.find(s, by.registrar, text))
        assert found[0].household_id == who, text


def test_folds_that_changed_make_the_search_anew_when_the_database_is_opened(
    database_address: str, database: Database, centre: Centre, by: Team
) -> None:
    household = register(database, by, member("Иванова", "Мария", "", 1961))

    def spoil(session: object) -> None:
        session.connection().execute(delete(NameLine))  # type: ignore[attr-defined]
        session.connection().execute(update(NameIndex).values(edition=EDITION - 1))  # type: ignore[attr-defined]

    database.write(spoil)
    assert database.read(lambda s: people.find(s, by.coordinator, "иванова")) == ()
    again = open_database(database_address)
    found = again.read(lambda s: people.find(s, by.coordinator, "иванова"))
    again.close()
    assert [row.household_id for row in found] == [household]


def test_making_it_anew_is_not_for_volunteers(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotAllowed):
        database.write(lambda s: people.rebuild_search(s, by.registrar))
    steps: list[tuple[int, int]] = []
    assert (
        database.write(lambda s: people.rebuild_search(s, by.coordinator, progress=lambda a, b: steps.append((a, b))))
        == 0
    )
    assert steps[-1][0] == steps[-1][1]
