"""A power cut or a kill at any moment loses nothing that was acknowledged, and leaves nothing half done."""

from __future__ import annotations

import signal
import subprocess
import threading
from random import Random

import pytest

from aidtrack.store.database import open_database
from tests.e2e import race

SHORT_ROUNDS, LONG_ROUNDS = 3, 25
LONGEST = 1.5
"""Seconds until the kill, at most."""


def one_killed_one_not(address: str, after: float) -> str:
    """Two desks at once; the first is killed so long after its first receipt. What both had printed."""
    desk, beside = race.start(address, 1, 60.0), race.start(address, 2, LONGEST)
    race.go(desk, beside)
    assert desk.stdout
    first = desk.stdout.readline()
    threading.Event().wait(after)
    desk.send_signal(signal.SIGKILL)
    rest, complaints = desk.communicate(timeout=20)
    assert (desk.returncode, complaints) == (-signal.SIGKILL, "")
    return first + rest + finish(beside)


def expect_nothing_lost(address: str, rounds: int) -> None:
    """Kills desk after desk, and looks after each kill whether everything acknowledged is there and everything adds up."""
    race.prepare(address, 100_000)
    chance, printed = Random(rounds), ""
    for _ in range(rounds):
        printed += one_killed_one_not(address, chance.uniform(0.02, LONGEST))
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


@pytest.mark.soak
def test_many_kills_lose_nothing_acknowledged(database_address: str) -> None:
    expect_nothing_lost(database_address, LONG_ROUNDS)
