"""Pairs of the whole file, and whom a family that is being typed may be, on both databases and as each role may see it."""

from __future__ import annotations

import csv
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from aidtrack.domain.birth import read_birth
from aidtrack.domain.identity import Verdict
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import DocumentDraft, HouseholdDraft, MemberDraft, Relation, Sex
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import people
from aidtrack.services.identity.candidates import candidates
from aidtrack.services.identity.links import join, say_different
from aidtrack.services.identity.pairs import PairRow, find_pairs, load_people, similar_pairs, write_pairs
from aidtrack.services.people.protection import protect_household
from aidtrack.store.database import Database
from aidtrack.store.identity import PersonLink
from tests.factories import Centre, Team
from tests.services.test_people import TODAY

Register = Callable[[HouseholdDraft], UUID]


def member(family: str, given: str, patronymic: str, sex: str, birth: str, **more: object) -> MemberDraft:
    return MemberDraft(None, family, given, patronymic, Sex(sex), read_birth(birth, TODAY), **more)  # type: ignore[arg-type]


YURI = member("Щербаков", "Юрий", "Иванович", "m", "14.5.1961", external_id="1", document=DocumentDraft("3815 123456"))
OLGA = member("Щербакова", "Ольга", "Петровна", "f", "3.9.1963", external_id="2", relation=Relation.SPOUSE)
HERE = HouseholdDraft(members=(YURI, OLGA), phone="+79101234567", origin_text="Суджа")
AGAIN = HouseholdDraft(
    members=(
        member("Shcherbakov", "Iurii", "", "m", "14.5.1961", external_id="3"),
        member("Shcherbakova", "Olha", "", "f", "1963", external_id="4", relation=Relation.SPOUSE),
    ),
    origin_text="Sudzha",
)
OTHERS = HouseholdDraft(members=(member("Ткаченко", "Мария", "Петровна", "f", "12.8.1959", external_id="5"),))


@pytest.fixture
def register(database: Database, centre: Centre, by: Team) -> Register:
    """Registers a family and tells its id."""

    def registered(draft: HouseholdDraft) -> UUID:
        return database.write(
            lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        ).household_id

    return registered


@pytest.fixture
def pairs(database: Database, register: Register, by: Team) -> Callable[[], tuple[PairRow, ...]]:
    """A family registered twice, and one that was not."""
    for draft in (HERE, AGAIN, OTHERS):
        register(draft)
    return lambda: database.read(lambda s: similar_pairs(s, by.coordinator))


def ids(rows: tuple[PairRow, ...]) -> set[tuple[str, str]]:
    return {(row.a_external_id, row.b_external_id) for row in rows}


# ── pairs ────────────────────────────────────────────────────────────────────────────────────────


def test_a_family_registered_twice_is_found_member_by_member(pairs: Callable[[], tuple[PairRow, ...]]) -> None:
    rows = pairs()
    assert ids(rows) == {("1", "3"), ("2", "4")}
    man = next(row for row in rows if row.a_external_id == "1")
    told = {str(reason) for reason in man.reasons}
    assert {"born on the same day", "same surname, spelled another way", "1 of the same family members"} <= told
    assert (man.verdict, man.a_household != man.b_household) == (Verdict.SAME, True)


def test_what_is_answered_is_not_asked_again(
    database: Database, by: Team, pairs: Callable[[], tuple[PairRow, ...]]
) -> None:
    first = {row.a_external_id: row for row in pairs()}
    man, woman = first["1"], first["2"]
    database.write(lambda s: say_different(s, by.registrar, request_id=new_id(), pairs=[(man.a, man.b)]))
    assert ("1", "3") not in ids(pairs())
    database.write(lambda s: join(s, by.coordinator, request_id=new_id(), a=woman.a, b=woman.b))
    assert pairs() == ()


def test_a_protected_family_is_in_no_list(
    database: Database, by: Team, pairs: Callable[[], tuple[PairRow, ...]]
) -> None:
    hidden = pairs()[0].a_household
    database.write(
        lambda s: protect_household(s, by.shift_lead, request_id=new_id(), household_id=hidden, reason="asked for it")
    )
    assert pairs() == ()
    for actor in (by.registrar, by.coordinator):
        found = database.read(lambda s, actor=actor: candidates(s, actor, AGAIN, limit=5))
        assert hidden not in {row.household_id for row in found}


def test_only_who_settles_may_list_pairs(database: Database, by: Team) -> None:
    for actor in (by.registrar, by.shift_lead):
        with pytest.raises(NotAllowed):
            database.read(lambda s, actor=actor: similar_pairs(s, actor))


def test_the_comparing_can_be_sent_to_another_process_and_stopped(
    database: Database, by: Team, pairs: Callable[[], tuple[PairRow, ...]]
) -> None:
    everybody = pickle.loads(pickle.dumps(database.read(lambda s: load_people(s, by.coordinator))))
    assert pickle.loads(pickle.dumps(find_pairs(everybody))) == pairs()
    with pytest.raises(Refused, match="Stopped"):
        find_pairs(everybody, cancelled=lambda: True)


def test_the_table_has_words_and_no_formulas(tmp_path: Path, register: Register, database: Database, by: Team) -> None:
    formula = "=1+1"
    register(HouseholdDraft(members=(member("Ткач", "Мария", "", "f", "12.8.1959", external_id=formula),)))
    register(HouseholdDraft(members=(member("Ткач", "Мария", "", "f", "12.8.1959"),)))
    rows = database.read(lambda s: similar_pairs(s, by.coordinator))
    write_pairs(tmp_path / "pairs.csv", "csv", rows, "uk")
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        header, line = csv.reader(file)
    assert header == ["a_external_id", "b_external_id", "score", "reasons"]
    assert line[0] == str(rows[0].a)
    assert formula in line[1]
    assert not line[1].startswith("=")
    assert "те саме прізвище" in line[3]


# ── while typing ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        member("Shcherbakov", "Iurii", "", "m", "14.5.1961"),
        member("Щебраков", "Юрий", "", "m", "14.5.1961"),
        member("Юрий", "Щербаков", "", "m", "1961"),
        member("Щербаков", "Юрій", "Іванович", "m", "14.5.1969"),
        member("Юрий", "Щебраков", "", "m", "14.5.1968"),
        member("Щербаков", "Юрий", "", "m", "", document=DocumentDraft("3815123456")),
        member("Щербаков", "Ю", "", "m", "", phone="8 910 123 45 67"),
    ],
)
def test_the_typed_one_is_recognised(database: Database, register: Register, by: Team, typed: MemberDraft) -> None:
    household = register(HERE)
    register(OTHERS)
    found = database.read(lambda s: candidates(s, by.registrar, HouseholdDraft(members=(typed,))))
    assert [(row.household_id, row.member_no) for row in found] == [(household, 0)]
    assert found[0].verdict in (Verdict.SAME, Verdict.PERHAPS)
    assert found[0].reasons


def test_a_candidate_is_shown_as_the_asker_may_see_it(database: Database, register: Register, by: Team) -> None:
    register(HERE)
    for actor, name in ((by.registrar, "Щербаков Ю. И."), (by.coordinator, "Щербаков Юрий Иванович")):
        row = database.read(lambda s, actor=actor: candidates(s, actor, AGAIN))[0]
        assert (row.name, row.year, row.verdict, len(row.card_tail)) == (name, 1961, Verdict.SAME, 4)


def test_a_family_in_the_form_speaks_for_its_members(database: Database, register: Register, by: Team) -> None:
    """Only names and years, both misheard: together they are known."""
    household = register(HERE)
    one, other = member("Щербак", "Юрий", "", "m", "1962"), member("Щербак", "Ольга", "", "f", "1963")
    row = database.read(lambda s: candidates(s, by.registrar, HouseholdDraft(members=(one, other))))[0]
    assert row.household_id == household
    assert "1 of the same family members" in {str(reason) for reason in row.reasons}


@pytest.mark.parametrize(
    "typed",
    [
        member("Щербаков", "Юрий", "Юрьевич", "m", "2.2.1990"),
        member("Коваль", "Олег", "", "m", "14.5.1961", phone="+79101234567"),
        MemberDraft(),
        MemberDraft(sex=Sex.MALE, birth=read_birth("1961", TODAY)),
        MemberDraft(family_name="🙂" * 100, given_name="\u200f"),
    ],
    ids=["son", "neighbour", "nothing", "only an age", "signs"],
)
def test_nobody_is_interrupted_for_others(database: Database, register: Register, by: Team, typed: MemberDraft) -> None:
    register(HERE)
    assert database.read(lambda s: candidates(s, by.registrar, HouseholdDraft(members=(typed,)))) == ()


ODD = (
    "Я",
    "x",
    "щ" * 200,
    "12345",
    "👾👾",
    "محمد",
    "שלום",
    "\u202eабв\u202c",
    "-",
    "%_!",
    "a b c d e f g h i j k l m n o p",
    "",
)


def odd(name: str) -> tuple[MemberDraft, ...]:
    """The name as surname, as given name, as both, and as a patronymic alone."""
    return (
        MemberDraft(family_name=name),
        MemberDraft(given_name=name, birth=read_birth("1950", TODAY)),
        MemberDraft(family_name=name, given_name=name, phone=name, document=DocumentDraft(name) if name else None),
        MemberDraft(patronymic=name or "Петровна"),
    )


@pytest.mark.parametrize("name", ODD)
def test_odd_names_break_nothing_and_join_nobody(database: Database, register: Register, by: Team, name: str) -> None:
    """Asked while it is typed, registered twice, compared with everybody: at most a question, and no word is ever said by itself."""
    for draft in (HouseholdDraft(members=(one,)) for one in odd(name)):
        for _ in range(2):
            rows = database.read(lambda s, d=draft: candidates(s, by.registrar, d))
            assert all(row.verdict is not Verdict.SAME for row in rows if not draft.members[0].document)
            with suppress(InvalidInput):
                register(draft)
    database.read(lambda s: similar_pairs(s, by.coordinator, min_score=0.0))
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(PersonLink))) == 0


def test_a_family_is_not_its_own_candidate(database: Database, register: Register, by: Team) -> None:
    household = register(HERE)
    draft = database.read(lambda s: people.household_draft(s, by.registrar, household))
    assert database.read(lambda s: candidates(s, by.registrar, draft)) == ()
