"""A power cut or a kill at any moment loses nothing that was acknowledged, and leaves nothing half done."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable
from random import Random

import pytest

from aidtrack.store.database import open_database
from tests.e2e import race

SHORT_ROUNDS, LONG_ROUNDS = 3, 25
LONGEST = 1.5
"""Seconds until the kill, at most."""


Round = Callable[[str, float], str]
"""One kill so long after the first receipt; what was printed until then."""


def one_killed_one_not(address: str, after: float) -> str:
    """Two desks at once; the first is killed. What both had printed."""
    desk, beside = race.start(address, 1, 60.0), race.start(address, 2, LONGEST)
    race.go(desk, beside)
    return killed(desk, after) + finish(beside)


def the_store_killed(address: str, after: float) -> str:
    """In the middle of a receipt, a waybill, a line of paper, the closing of the day."""
    store = race.start(address, 1, 60.0, desk="store_desk")
    race.go(store)
    return killed(store, after)


def killed(desk: subprocess.Popen[str], after: float) -> str:
    assert desk.stdout
    first = desk.stdout.readline()
    threading.Event().wait(after)
    desk.send_signal(signal.SIGKILL)
    rest, complaints = desk.communicate(timeout=20)
    assert (desk.returncode, complaints) == (-signal.SIGKILL, "")
    return first + rest


def expect_nothing_lost(address: str, rounds: int, one_round: Round = one_killed_one_not) -> None:
    """Kills desk after desk, and looks after each kill whether everything acknowledged is there and everything adds up."""
    race.prepare(address, 100_000)
    chance, printed = Random(rounds), ""
    for _ in range(rounds):
        printed += one_round(address, chance.uniform(0.02, LONGEST))
        database = open_database(address)
        try:
            assert race.missing(database, race.acknowledged(printed)) == []
            assert race.failures(database) == []
        finally:
            database.close()


def finish(desk: subprocess.Popen[str]) -> str:
    """The desk beside goes on as if nothing had happened."""
    said, complaints = desk.communicate(timeout=60)
    assert (desk.returncode, complaints) == (0, "")
    return said


def test_a_kill_loses_nothing_acknowledged(database_address: str) -> None:
    expect_nothing_lost(database_address, SHORT_ROUNDS)


def test_a_kill_in_the_store_or_at_the_closing_loses_nothing_acknowledged(database_address: str) -> None:
    expect_nothing_lost(database_address, SHORT_ROUNDS, the_store_killed)


@pytest.mark.soak
def test_many_kills_in_the_store_and_at_the_closing_lose_nothing(database_address: str) -> None:
    expect_nothing_lost(database_address, LONG_ROUNDS, the_store_killed)


@pytest.mark.soak
def test_many_kills_lose_nothing_acknowledged(database_address: str) -> None:
    expect_nothing_lost(database_address, LONG_ROUNDS)
