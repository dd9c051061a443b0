"""Many windows at once: the last kits go to as many families as there are kits, however often each press is sent; joined cards
are one family under the locks too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.services.handover import HandOverReceipt, giving, hand_over
from aidtrack.services.identity import links
from aidtrack.services.people import household_view
from aidtrack.services.stock import ledger
from aidtrack.store import journal
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver
from aidtrack.store.people import HouseholdMember, Person
from aidtrack.store.stock import Balance, Document
from tests.aid import Aid, bring_in, draft_of, make_aid, make_family
from tests.factories import Centre, Team

DESKS = 16
OPENED = 4
"""Connections of different processes: each of these opens the database by itself."""


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


def desks(database: Database, by: Team, centre: Centre) -> list[Actor]:
    """Sixteen windows that give everything from one shelf."""

    def more(session: Session) -> list[UUID]:
        with journal.operation(session, by.coordinator, new_id(), "more_windows"):
            rows = [
                Desk(id=new_id(), site_id=centre.site_id, number=n, shelf_id=centre.shelf) for n in range(3, DESKS + 3)
            ]
            session.add_all(rows)
        return [row.id for row in rows]

    return [by.at(by.distributor, desk) for desk in database.write(more)]


@contextmanager
def opened(database: Database) -> Iterator[list[Database]]:
    several = [open_database(database.address) for _ in range(OPENED)]
    yield several
    for one in several:
        one.close()


def race(database: Database, by: Team, centre: Centre, aid: Aid, families: int, kits: int) -> None:
    """So many families want one of the last kits at sixteen windows, and every press is sent twice."""
    homes = [
        database.write(lambda s: make_family(s, by.registrar, "Ткаченко", 1)).household_id for _ in range(families)
    ]
    actors = desks(database, by, centre)
    held = database.read(
        lambda s: s.scalar(select(func.sum(Balance.quantity)).where(Balance.item_id == aid.blanket.item_id))
    )
    assert held == kits
    with opened(database) as several, ThreadPoolExecutor(DESKS) as pool:

        def press(n: int) -> str:
            request, where = new_id(), several[n % OPENED]
            draft = draft_of(homes[n], (aid.blanket, 1))
            answers = [_send(where, actors[n % DESKS], request, draft) for _ in range(2)]
            assert answers[0] == answers[1], "the second sending has the answer of the first"
            return "served" if isinstance(answers[0], HandOverReceipt) else str(answers[0])

        answers = list(pool.map(press, range(families)))
    assert answers.count("served") == kits
    assert answers.count("short") == families - kits, "the others are told why at once"
    left, given = database.read(lambda s: (
        s.scalar(select(func.sum(Balance.quantity)).where(Balance.item_id == aid.blanket.item_id)),
        s.scalar(select(func.count(func.distinct(HandOver.household_id)))),
    ))  # fmt: skip
    assert (left, given) == (0, kits)


def _send(where: Database, actor: Actor, request: UUID, draft: object) -> HandOverReceipt | str:
    try:
        return where.write(lambda s: hand_over(s, actor, request_id=request, draft=draft))  # type: ignore[arg-type]
    except LinesRefused as refused:
        return refused.code


def test_the_last_kits_go_to_as_many_families(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    race(database, by, centre, aid, families=25, kits=10)


@pytest.mark.soak
def test_the_last_hundred_kits_go_to_a_hundred_families(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    database.write(lambda s: _more_blankets(s, by, centre, aid))
    race(database, by, centre, aid, families=200, kits=100)


def _more_blankets(session: Session, by: Team, centre: Centre, aid: Aid) -> None:
    with journal.operation(session, by.coordinator, new_id(), "more_blankets"):
        paper = session.scalars(select(Document.id)).one()
        bring_in(session, by.coordinator, centre, aid.blanket.item_id, 90, paper)


# ── two cards of one family ──────────────────────────────────────────────────────────────────────


def both_cards_at_once(database: Database, by: Team, centre: Centre, aid: Aid) -> int:
    """One woman stands in two families; both windows press F9, the second before the first has committed. How many were served?"""
    first, second = (
        database.write(lambda s: make_family(s, by.registrar, "Ткаченко", 1)).household_id for _ in range(2)
    )
    a, b = (
        database.read(lambda s, h=home: household_view(s, by.shift_lead, h)).members[0].person_id
        for home in (first, second)
    )  # type: ignore[misc]
    database.write(lambda s: links.join(s, by.coordinator, request_id=new_id(), a=a, b=b))
    booked, begun = threading.Event(), threading.Event()
    served: list[HandOverReceipt] = []

    def press_first(session: Session) -> HandOverReceipt:
        done = hand_over(session, by.distributor, request_id=new_id(), draft=draft_of(first, (aid.food, 1)))
        booked.set()
        begun.wait(1)
        threading.Event().wait(0.3)
        return done

    def press_second(session: Session) -> HandOverReceipt:
        begun.set()
        actor = by.at(by.distributor, centre.windows[1])
        return hand_over(session, actor, request_id=new_id(), draft=draft_of(second, (aid.food, 1)))

    def press(where: Database, do: object) -> None:
        try:
            served.append(where.write(do))  # type: ignore[arg-type]
        except LinesRefused:
            return

    with opened(database) as several:
        threads = [
            threading.Thread(target=press, args=pair)
            for pair in zip(several, (press_first, press_second), strict=False)
        ]
        threads[0].start()
        assert booked.wait(10)
        threads[1].start()
        for thread in threads:
            thread.join(20)
    return len(served)


@pytest.fixture
def food_everywhere(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    def do(session: Session) -> None:
        with journal.operation(session, by.coordinator, new_id(), "all_items_here"):
            for desk in centre.windows:
                session.get_one(Desk, desk).gives = None

    database.write(do)


@pytest.mark.usefixtures("food_everywhere")
def test_two_cards_of_one_person_are_served_once(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    assert both_cards_at_once(database, by, centre, aid) == 1


@pytest.mark.usefixtures("food_everywhere")
def test_a_lock_on_the_card_only_is_caught(
    database: Database, centre: Centre, by: Team, aid: Aid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: only the people of this card are locked. On SQLite the writers take turns anyway."""

    def own_people(session: Session, *households: UUID, **_: object) -> frozenset[UUID]:
        mine = select(HouseholdMember.person_id).where(HouseholdMember.household_id.in_(households))
        return frozenset(session.scalars(select(Person.id).where(Person.id.in_(mine)).with_for_update()))

    monkeypatch.setattr(giving, "lock_family", own_people)
    monkeypatch.setattr(giving, "draw", _without_meeting)
    monkeypatch.setattr(ledger, "shelf_lots", _without_lock)
    served = both_cards_at_once(database, by, centre, aid)
    assert served == (1 if database.address.endswith(".db") else 2)


def _without_meeting(session: Session, site_id: UUID, series: str) -> int:
    return int(new_id().int % 10_000) + 1


_shelf_lots = ledger.shelf_lots


def _without_lock(session: Session, place: UUID, items: object, *, lock: bool = False) -> object:
    return _shelf_lots(session, place, items, lock=False)  # type: ignore[arg-type]
