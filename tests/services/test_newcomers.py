"""A new family with its answers: one operation, other people remembered for the pair, the rest left for the evening, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from aidtrack.domain.birth import read_birth
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import pair_of
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import Conflict, NotAllowed, NotFound, Text
from aidtrack.services import people
from aidtrack.services.identity import links
from aidtrack.services.newcomers import Alike, register_newcomer
from aidtrack.store.database import Database
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.journal import Operation
from aidtrack.store.people import Household
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)


def member(name: str, age: str) -> MemberDraft:
    return MemberDraft(family_name="Коваль", given_name=name, birth=read_birth(age, TODAY))


NEW = HouseholdDraft(members=(member("Анна", "36"), member("Олег", "9")))


@pytest.fixture
def known(database: Database, centre: Centre, by: Team) -> tuple[UUID, UUID]:
    """Two people of a family that is here."""
    draft = HouseholdDraft(members=(member("Ганна", "36"), member("Олег", "8")))
    register = people.register_household
    receipt = database.write(lambda s: register(s, by.registrar, request_id=new_id(), draft=draft))
    view = database.read(lambda s: people.household_view(s, by.registrar, receipt.household_id))
    return view.members[0].person_id, view.members[1].person_id


def test_answers_and_family_are_one_operation(database: Database, by: Team, known: tuple[UUID, UUID]) -> None:
    request_id = new_id()
    others = (Alike(0, known[0], 0.97, (Text("same surname"),)),)
    perhaps = (Alike(1, known[1], 0.61, (Text("same name"),)),)
    for _ in range(2):
        receipt = database.write(
            lambda s: register_newcomer(
                s, by.registrar, request_id=request_id, draft=NEW, others=others, perhaps=perhaps
            )
        )
    view = database.read(lambda s: people.household_view(s, by.registrar, receipt.household_id))
    anna, oleg = (one.person_id for one in view.members)
    (link,) = database.read(lambda s: s.scalars(select(PersonLink)).all())
    (pair,) = database.read(lambda s: s.scalars(select(SimilarPair)).all())
    assert {link.a_id, link.b_id} == {anna, known[0]}
    assert {pair.a_id, pair.b_id} == {oleg, known[1]}
    assert pair.score == 610
    assert link.operation_id == pair.operation_id == request_id
    said = database.read(lambda s: links.answered(s, [pair_of(anna, known[0])]))
    assert [word.value for word in said.values()] == ["different"]
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Household))) == 2
    kinds = database.read(lambda s: s.scalars(select(Operation.kind).where(Operation.id == request_id)).all())
    assert list(kinds) == ["register_household"]


def test_the_same_request_with_other_answers_is_a_conflict(
    database: Database, by: Team, known: tuple[UUID, UUID]
) -> None:
    request_id = new_id()
    register = register_newcomer
    database.write(lambda s: register(s, by.registrar, request_id=request_id, draft=NEW))
    with pytest.raises(Conflict):
        database.write(
            lambda s: register(s, by.registrar, request_id=request_id, draft=NEW, others=(Alike(0, known[0], 0.9),))
        )


def test_nothing_is_saved_when_an_answer_cannot_be(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotFound):
        database.write(
            lambda s: register_newcomer(
                s, by.registrar, request_id=new_id(), draft=NEW, others=(Alike(0, new_id(), 0.9),)
            )
        )
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Household))) == 0


def test_only_who_registers_answers(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotAllowed):
        database.write(
            lambda s: register_newcomer(s, by.storekeeper, request_id=new_id(), draft=replace(NEW, note="x"))
        )
