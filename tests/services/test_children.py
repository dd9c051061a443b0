"""A child without parents: protected from the start, the shift lead is called once and without a sound, and how it came is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from aidtrack.domain.birth import read_birth
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need
from aidtrack.errors import NotAllowed, NotFound
from aidtrack.services import people
from aidtrack.services.people import children
from aidtrack.store.database import Database
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)


def member(name: str, age: str, *needs: Need) -> MemberDraft:
    return MemberDraft(family_name="Коваль", given_name=name, birth=read_birth(age, TODAY), needs=frozenset(needs))


def registered(database: Database, by: Team, draft: HouseholdDraft) -> UUID:
    register = people.register_household
    return database.write(lambda s: register(s, by.registrar, request_id=new_id(), draft=draft)).household_id


@pytest.fixture
def child(database: Database, centre: Centre, by: Team) -> UUID:
    draft = HouseholdDraft(members=(member("Олег", "9"),), came_with=" соседка Нина ", found_at="вокзал")
    return registered(database, by, draft)


def test_a_child_alone_is_protected_and_the_shift_lead_is_called(database: Database, by: Team, child: UUID) -> None:
    (call,) = database.read(lambda s: children.open_calls(s, by.shift_lead))
    assert call.household_id == child
    assert database.read(lambda s: children.open_calls(s, by.registrar)) == ()
    seen = database.read(lambda s: people.household_view(s, by.shift_lead, child))
    assert (seen.is_protected, seen.came_with, seen.found_at) == (True, "соседка Нина", "вокзал")
    plain = database.read(lambda s: people.household_view(s, by.registrar, child))
    assert (plain.came_with, plain.found_at) == ("", "")
    found = database.read(lambda s: people.find(s, by.registrar, "Коваль Олег"))
    assert [row for row in found if row.household_id == child and row.name.startswith("Коваль")] == []


def test_the_call_is_answered_once(database: Database, by: Team, child: UUID) -> None:
    request_id = new_id()
    for _ in range(2):
        database.write(lambda s: children.answer_call(s, by.shift_lead, request_id=request_id, household_id=child))
    assert database.read(lambda s: children.open_calls(s, by.shift_lead)) == ()
    with pytest.raises(NotAllowed):
        database.write(lambda s: children.answer_call(s, by.registrar, request_id=new_id(), household_id=child))
    with pytest.raises(NotFound):
        database.write(lambda s: children.answer_call(s, by.shift_lead, request_id=new_id(), household_id=new_id()))


def test_what_is_known_later_is_written_down(database: Database, by: Team, child: UUID) -> None:
    draft = database.read(lambda s: people.household_draft(s, by.shift_lead, child))
    assert (draft.came_with, draft.found_at) == ("соседка Нина", "вокзал")
    later = replace(draft, came_with="соседка Нина, т. 12", found_at="вокзал, зал 2")
    database.write(
        lambda s: people.change_household(s, by.shift_lead, request_id=new_id(), household_id=child, draft=later)
    )
    seen = database.read(lambda s: people.household_view(s, by.shift_lead, child))
    assert (seen.came_with, seen.found_at) == ("соседка Нина, т. 12", "вокзал, зал 2")


def test_a_family_with_an_adult_or_of_unknown_age_calls_nobody(database: Database, centre: Centre, by: Team) -> None:
    for members in ((member("Олег", "9"), member("Анна", "30")), (member("Олег", "9"), member("Анна", ""))):
        household = registered(database, by, HouseholdDraft(members=members))
        assert not database.read(lambda s, one=household: people.household_view(s, by.shift_lead, one)).is_protected
    assert database.read(lambda s: children.open_calls(s, by.shift_lead)) == ()


def test_the_tick_calls_whatever_the_age(database: Database, centre: Centre, by: Team) -> None:
    household = registered(database, by, HouseholdDraft(members=(member("Олег", "", Need.CHILD_ALONE),)))
    assert [call.household_id for call in database.read(lambda s: children.open_calls(s, by.shift_lead))] == [household]
