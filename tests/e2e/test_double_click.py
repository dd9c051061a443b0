"""The same press twice, at once and from two programs: one effect, the same receipt; another press under its id is refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.birth import of_age
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Conflict
from aidtrack.services import days, people, queueing
from aidtrack.store.database import Database, open_database
from aidtrack.store.journal import Operation
from aidtrack.store.people import Household
from aidtrack.store.queueing import Ticket
from tests.factories import Centre, Team

PRESSES = 8


@pytest.fixture
def beside(database: Database) -> Iterator[Database]:
    """The same database opened by another program."""
    opened = open_database(database.address)
    yield opened
    opened.close()


def draft_of(by: Team) -> HouseholdDraft:
    birth = of_age(35, by.clock().date())
    return HouseholdDraft((MemberDraft(family_name="Ткаченко", given_name="Мария", sex=Sex.FEMALE, birth=birth),))


def _operations(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Operation)) or 0


def test_one_press_many_times_registers_one_family(database: Database, beside: Database, centre: Centre, by: Team) -> None:
    request, draft = new_id(), draft_of(by)

    def press(n: int) -> object:
        return (database, beside)[n % 2].write(lambda s: people.register_household(s, by.registrar, request_id=request, draft=draft))

    with ThreadPoolExecutor(PRESSES) as hands:
        receipts = list(hands.map(press, range(PRESSES)))
    assert receipts == receipts[:1] * PRESSES
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Household))) == 1


def test_one_press_many_times_gives_one_number(database: Database, beside: Database, centre: Centre, by: Team) -> None:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    request, before = new_id(), database.read(_operations)

    def press(n: int) -> str:
        return (database, beside)[n % 2].write(
            lambda s: queueing.issue_ticket(s, by.registrar, request_id=request, lane=Lane.A)
        ).label

    with ThreadPoolExecutor(PRESSES) as hands:
        assert set(hands.map(press, range(PRESSES))) == {"A 01"}
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Ticket))) == 1
    assert database.read(_operations) == before + 1


def test_another_content_under_the_same_id_is_refused(database: Database, centre: Centre, by: Team) -> None:
    request, draft = new_id(), draft_of(by)
    database.write(lambda s: people.register_household(s, by.registrar, request_id=request, draft=draft))
    other = replace(draft, origin_text="Суджа")
    with pytest.raises(Conflict):
        database.write(lambda s: people.register_household(s, by.registrar, request_id=request, draft=other))
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Household))) == 1
