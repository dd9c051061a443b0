"""News of other desks, on both databases: quick, each once, none lost, whatever becomes of the connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.domain.queueing import Lane
from aidtrack.services import days, people, queueing
from aidtrack.store.database import Database, open_database
from aidtrack.ui import jobs
from aidtrack.ui.kinds import Kind
from aidtrack.ui.watching import LOOK_S
from tests.conftest import ExpectedLogs
from tests.factories import SettableClock, Team, make_centre, make_team
from tests.ui.conftest import JobsOn

LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
SOON_MS = 10_000
"""Far more than it takes, for computers that do much else meanwhile; how long it takes `make bench` says."""


class Heard:
    """What the window was told, in order."""

    def __init__(self, kit: QtBot) -> None:
        self._kit = kit
        self.kinds: list[frozenset[Kind]] = []
        jobs.news.changed.connect(self._hear)

    def _hear(self, kinds: frozenset[Kind]) -> None:
        self.kinds.append(kinds)

    def wait_for(self, kind: Kind) -> None:
        """Until a change of that kind was told."""
        self._kit.waitUntil(lambda: any(kind in told for told in self.kinds), timeout=SOON_MS)

    def count(self, kind: Kind) -> int:
        """How often changes of that kind were told, after everybody had time to tell them again."""
        self._kit.wait(int(3 * LOOK_S * 1000))
        return sum(kind in told for told in self.kinds)

    def end(self) -> None:
        """Hears no more."""
        jobs.news.changed.disconnect(self._hear)


@pytest.fixture
def heard_news(window_kit: QtBot) -> Iterator[Heard]:
    """What the window is told during the test."""
    heard = Heard(window_kit)
    yield heard
    heard.end()


@pytest.fixture
def other_desk(database: Database, database_address: str, by: Team) -> Iterator[Database]:
    """Another process's way to the same data: nothing is shared but the database."""
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    opened = open_database(database_address)
    yield opened
    opened.close()


def give_number(database: Database, by: Actor) -> None:
    """A number given at the door of another desk."""
    database.write(lambda s: queueing.issue_ticket(s, by, request_id=new_id(), lane=Lane.A))


def test_a_number_given_at_another_desk_is_told_once(
    database: Database, other_desk: Database, by: Team, jobs_on: JobsOn, heard_news: Heard
) -> None:
    jobs_on(database, by.coordinator)
    assert jobs.wait_all()
    give_number(other_desk, by.registrar)
    heard_news.wait_for(Kind.QUEUE)
    assert heard_news.count(Kind.QUEUE) == 1


def test_what_this_desk_saves_is_told_once(
    database: Database, other_desk: Database, by: Team, jobs_on: JobsOn, heard_news: Heard
) -> None:
    jobs_on(database, by.coordinator)
    owner = QObject()
    jobs.write(lambda s, actor: queueing.issue_ticket(s, actor, request_id=new_id(), lane=Lane.A), owner=owner)
    heard_news.wait_for(Kind.QUEUE)
    assert heard_news.count(Kind.QUEUE) == 1


def test_every_one_of_many_desks_is_heard(
    database: Database, other_desk: Database, by: Team, jobs_on: JobsOn, heard_news: Heard
) -> None:
    """However they overlap, after the last of them nothing is left to be told."""
    jobs_on(database, by.coordinator)
    assert jobs.wait_all()
    desks = [threading.Thread(target=give_number, args=(other_desk, by.registrar)) for _ in range(6)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    heard_news.wait_for(Kind.QUEUE)
    assert 1 <= heard_news.count(Kind.QUEUE) <= len(desks)


# ── a server ──


@dataclass(frozen=True)
class Server:
    """A centre with an open day on PostgreSQL, and the way to speak to the server beside the program."""

    database: Database
    address: str
    by: Team

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """One statement as the owner of the server."""
        with psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def allow(self, connections: bool) -> None:
        """Whether anybody may come in from now on."""
        with psycopg.connect(
            self.address.replace("+psycopg", "").rpartition("/")[0] + "/postgres", autocommit=True
        ) as owner:
            owner.execute(f"ALTER DATABASE {self.address.rpartition('/')[2]} ALLOW_CONNECTIONS {connections}".encode())


@pytest.fixture
def server(postgres_address: str) -> Iterator[Server]:
    """For what only a server can do to its desks."""
    database, clock = open_database(postgres_address), SettableClock()
    centre = database.write(lambda s: make_centre(s, clock))
    team = database.write(lambda s: make_team(s, clock, centre))
    database.write(lambda s: days.open_day(s, team.coordinator, request_id=new_id()))
    yield Server(database, postgres_address, team)
    database.close()


def test_a_lost_connection_is_made_again_and_nothing_is_lost(
    server: Server, jobs_on: JobsOn, heard_news: Heard, window_kit: QtBot, logs: ExpectedLogs
) -> None:
    logs.allow("looking for news failed")  # if it was just being asked
    jobs_on(server.database, server.by.coordinator)
    assert jobs.wait_all()
    window_kit.waitUntil(lambda: bool(server.ask(LISTENING)), timeout=SOON_MS)
    first = server.ask(LISTENING)
    server.ask(OTHERS)
    give_number(server.database, server.by.registrar)
    heard_news.wait_for(Kind.QUEUE)
    assert heard_news.count(Kind.QUEUE) == 1
    again = server.ask(LISTENING)
    assert again
    assert again != first


def test_what_was_saved_while_the_server_was_away_is_told_afterwards(
    server: Server, jobs_on: JobsOn, heard_news: Heard, window_kit: QtBot, logs: ExpectedLogs
) -> None:
    logs.allow("looking for news failed")
    jobs_on(server.database, server.by.coordinator)
    assert jobs.wait_all()
    other = open_database(server.address)

    def give_and_shut_out(session: Session) -> None:
        queueing.issue_ticket(session, server.by.registrar, request_id=new_id(), lane=Lane.A)
        server.allow(False)
        session.connection().exec_driver_sql(OTHERS)

    other.write(give_and_shut_out)
    other.close()
    window_kit.wait(int(2 * LOOK_S * 1000))
    assert heard_news.kinds == []
    server.allow(True)
    heard_news.wait_for(Kind.QUEUE)
    assert heard_news.count(Kind.QUEUE) == 1


def test_a_window_that_began_without_the_server_looks_at_everything_when_it_is_there(
    server: Server, jobs_on: JobsOn, heard_news: Heard, window_kit: QtBot, logs: ExpectedLogs
) -> None:
    logs.allow("looking for news failed")
    server.allow(False)
    server.database.close()
    jobs_on(server.database, server.by.coordinator)
    window_kit.wait(int(LOOK_S * 1000))
    assert heard_news.kinds == []
    server.allow(True)
    window_kit.waitUntil(lambda: frozenset(Kind) in heard_news.kinds, timeout=SOON_MS)


def test_work_that_took_long_is_told_although_many_were_quicker(
    server: Server, jobs_on: JobsOn, heard_news: Heard, window_kit: QtBot
) -> None:
    """A list of thousands is taken in for half a minute while windows go on giving numbers."""
    began, may_end = threading.Event(), threading.Event()

    def take_in_a_list(session: Session) -> None:
        draft = HouseholdDraft(members=(MemberDraft(family_name="Общий", given_name="Иван", sex=Sex.MALE),))
        people.register_household(session, server.by.registrar, request_id=new_id(), draft=draft)
        session.flush()
        began.set()
        assert may_end.wait(SOON_MS / 1000)

    slow_desk = open_database(server.address)
    slow = threading.Thread(target=slow_desk.write, args=(take_in_a_list,))
    slow.start()
    assert began.wait(SOON_MS / 1000)
    jobs_on(server.database, server.by.coordinator)
    assert jobs.wait_all()
    for _ in range(20):
        give_number(server.database, server.by.registrar)
    heard_news.wait_for(Kind.QUEUE)
    assert not any(Kind.PEOPLE in told for told in heard_news.kinds)
    may_end.set()
    slow.join()
    slow_desk.close()
    heard_news.wait_for(Kind.PEOPLE)
    assert heard_news.count(Kind.PEOPLE) == 1
