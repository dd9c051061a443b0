"""Whoever opens a family is written down, once for one request; look-ups that led to nothing can be counted."""

from __future__ import annotations

from uuid import UUID

import pytest

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.domain.queueing import Lane
from aidtrack.errors import NotAllowed, NotFound
from aidtrack.services import days, people, queueing
from aidtrack.services.people import HouseholdReceipt, Opened
from aidtrack.services.today import current_day
from aidtrack.store.database import Database
from tests.factories import Centre, SettableClock, Team


def register(database: Database, by: Actor, name: str) -> HouseholdReceipt:
    draft = HouseholdDraft(members=(MemberDraft(family_name=name),))
    return database.write(lambda s: people.register_household(s, by, request_id=new_id(), draft=draft))


def look(database: Database, by: Actor, household_id: UUID, card: str = "", request_id: UUID | None = None) -> None:
    asked = request_id or new_id()
    database.write(lambda s: people.open_household(s, by, request_id=asked, household_id=household_id, card=card))


def idle(database: Database, by: Actor) -> list[tuple[str, UUID, Opened, int]]:
    rows = database.read(lambda s: people.lookups_without_action(s, by, current_day(s, by)))
    return [(row.by_name, row.household_id, row.how, row.times) for row in rows]


def test_a_look_that_led_to_nothing_is_listed_once_a_person_and_a_family(
    database: Database, centre: Centre, by: Team, clock: SettableClock
) -> None:
    first, second = register(database, by.coordinator, "Иванова"), register(database, by.coordinator, "Петренко")
    look(database, by.registrar, first.household_id)
    clock.forward(minutes=1)
    look(database, by.registrar, first.household_id)
    look(database, by.distributor, second.household_id, card=second.token)
    assert idle(database, by.coordinator) == [
        (by.registrar.name, first.household_id, Opened.NAME, 2),
        (by.distributor.name, second.household_id, Opened.CODE, 1),
    ]


def test_who_does_something_for_the_family_has_not_looked_in_vain(database: Database, centre: Centre, by: Team) -> None:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    family = register(database, by.coordinator, "Иванова").household_id
    for actor in (by.registrar, by.distributor):
        look(database, actor, family)
    assert len(idle(database, by.coordinator)) == 2
    database.write(
        lambda s: queueing.issue_ticket(s, by.registrar, request_id=new_id(), lane=Lane.A, household_id=family)
    )
    assert [name for name, *_ in idle(database, by.coordinator)] == [by.distributor.name]
    database.write(lambda s: people.reissue_card(s, by.distributor, request_id=new_id(), household_id=family))
    assert idle(database, by.coordinator) == []


def test_the_same_request_is_one_look(database: Database, centre: Centre, by: Team) -> None:
    family, request_id = register(database, by.coordinator, "Иванова").household_id, new_id()
    for _ in range(2):
        look(database, by.registrar, family, request_id=request_id)
    assert idle(database, by.shift_lead) == [(by.registrar.name, family, Opened.NAME, 1)]


def test_another_day_is_another_list(database: Database, centre: Centre, by: Team, clock: SettableClock) -> None:
    look(database, by.registrar, register(database, by.coordinator, "Иванова").household_id)
    clock.forward(hours=24)
    assert idle(database, by.coordinator) == []


def test_who_may_do_it(database: Database, centre: Centre, by: Team) -> None:
    family = register(database, by.coordinator, "Иванова").household_id
    with pytest.raises(NotAllowed):
        look(database, by.storekeeper, family)
    with pytest.raises(NotFound):
        look(database, by.registrar, new_id())
    with pytest.raises(NotAllowed):
        idle(database, by.registrar)
