"""The last kits when the cable is bad or the main computer starts anew: the same press again finds what was booked, one effect.

The races of a good day are in `test_aid_races`.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import HandOverDraft, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble
from aidtrack.services.check import goods as truths
from aidtrack.services.handover import HandOverReceipt, hand_over
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.handover import HandOver
from aidtrack.store.stock import Balance
from tests import cluster
from tests.aid import Aid, draft_of, make_aid, make_family
from tests.cutting import cutting
from tests.factories import Centre, SettableClock, Team, make_centre, make_team
from tests.services.test_aid_races import DESKS, OPENED, _more_blankets, desks

PATIENCE = 200
"""How often somebody presses F9 again before giving up; a tenth of a second apart."""


def press_until_answered(where: Database, actor: Actor, request: UUID, draft: HandOverDraft) -> HandOverReceipt | str:
    """As the window does it: trouble keeps the request, and the next press sends the same one."""
    for _ in range(PATIENCE):
        try:
            return where.write(lambda s: hand_over(s, actor, request_id=request, draft=draft))
        except LinesRefused as refused:
            return refused.code
        except StoreTrouble:
            threading.Event().wait(0.1)
    raise AssertionError("nobody answered")


class Shelf:
    """A centre with so many kits, windows and families, on a database of its own."""

    def __init__(self, database: Database, families: int, kits: int) -> None:
        self.database, self.kits = database, kits
        clock = SettableClock()
        self.centre: Centre = database.write(lambda s: make_centre(s, clock))
        self.by: Team = database.write(lambda s: make_team(s, clock, self.centre))
        self.aid: Aid = database.write(lambda s: make_aid(s, self.by, self.centre))
        if kits > 10:
            database.write(lambda s: _more_blankets(s, self.by, self.centre, self.aid))
        self.homes = [
            database.write(lambda s: make_family(s, self.by.registrar, "Ткаченко", 1)).household_id
            for _ in range(families)
        ]
        self.actors = desks(database, self.by, self.centre)
        self.begun = threading.Event()  # somebody was answered: the race is on

    def race(self, addresses: list[str], meanwhile: threading.Thread | None = None) -> float:
        """Every family presses, each request is sent twice; exactly the kits are given, none twice, none below zero.

        Returns the moment of the last answer.
        """
        several = [open_database(address) for address in addresses]
        if meanwhile is not None:
            meanwhile.start()
        with ThreadPoolExecutor(DESKS) as pool:
            answers = list(pool.map(lambda n: self._press(several[n % len(several)], n), range(len(self.homes))))
        ended = time.monotonic()
        if meanwhile is not None:
            meanwhile.join(60)
        for one in several:
            one.close()
        assert answers.count("served") == self.kits
        assert answers.count("short") == len(self.homes) - self.kits, "the others are told why at once"
        self._expect_truth()
        return ended

    def _press(self, where: Database, n: int) -> str:
        request, draft = new_id(), draft_of(self.homes[n], (self.aid.blanket, 1))
        answers = [press_until_answered(where, self.actors[n % DESKS], request, draft) for _ in range(2)]
        self.begun.set()
        assert answers[0] == answers[1], "the second sending has the answer of the first"
        return "served" if isinstance(answers[0], HandOverReceipt) else str(answers[0])

    def _expect_truth(self) -> None:
        held = select(func.sum(Balance.quantity)).where(Balance.item_id == self.aid.blanket.item_id)
        given = select(func.count(), func.count(func.distinct(HandOver.household_id))).select_from(HandOver)
        assert self.database.read(lambda s: s.scalar(held)) == 0
        assert tuple(self.database.read(lambda s: s.execute(given).one())) == (self.kits, self.kits)
        assert [one.code for one in self.database.read(lambda s: list(truths.failures(s)))] == []


# ── a cable that breaks after COMMIT ─────────────────────────────────────────────────────────────


def cable(address: str, families: int, kits: int, every: int) -> None:
    database = open_database(address)
    shelf = Shelf(database, families, kits)
    with cutting(address, every) as (proxy, through):
        shelf.race([through] * OPENED)
        assert proxy.cuts > 0, "the cable did break"
    database.close()


def test_a_commit_whose_answer_is_lost_is_found_by_the_next_press(postgres_address: str) -> None:
    cable(postgres_address, families=16, kits=10, every=4)


@pytest.mark.soak
def test_a_hundred_kits_over_a_cable_that_keeps_breaking(postgres_address: str) -> None:
    cable(postgres_address, families=200, kits=100, every=5)


# ── the main computer starts anew ────────────────────────────────────────────────────────────────


@pytest.fixture
def own_cluster(postgres: Path) -> Iterator[Path]:
    """A PostgreSQL for this test alone, so that it may be stopped under nobody else's feet."""
    run = postgres / f"own-{os.getpid()}-{os.urandom(3).hex()}"
    run.mkdir(mode=0o755)
    yield run
    cluster.stop(run)
    shutil.rmtree(run, ignore_errors=True)


def restarted(run: Path, families: int, kits: int, times: int, gap: float) -> None:
    cluster.ask(run, "CREATE DATABASE aid")
    database = create_database(cluster.address_of(run, "aid"))
    shelf = Shelf(database, families, kits)

    back: list[float] = []

    def restart() -> None:
        for _ in range(times):
            shelf.begun.wait(30)
            threading.Event().wait(gap)
            cluster.restart(run)
            back.append(time.monotonic())

    ended = shelf.race([database.address] * OPENED, threading.Thread(target=restart))
    assert back[0] < ended, "it did start anew in the middle"
    database.close()


def test_the_main_computer_starts_anew_in_the_middle(own_cluster: Path) -> None:
    restarted(own_cluster, families=24, kits=10, times=1, gap=0)


@pytest.mark.soak
def test_a_hundred_kits_while_the_main_computer_starts_anew(own_cluster: Path) -> None:
    restarted(own_cluster, families=200, kits=100, times=3, gap=1.0)
