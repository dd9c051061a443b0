"""Eight desks at once on one file and on one server: no error, no number twice, nobody served twice, no stock below zero."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from aidtrack.store.database import open_database
from aidtrack.store.queueing import Ticket
from tests.e2e import race

SHORT, LONG = 4.0, 30.0


def expect_a_fair_race(address: str, seconds: float, units: int) -> None:
    """Runs the race and proves everything that must hold after it."""
    race.prepare(address, units)
    outcome = race.run(address, seconds)
    assert outcome.complaints == []
    assert set(outcome.acknowledged) == {"household", "ticket", "hand_over"}
    database = open_database(address)
    try:
        assert race.missing(database, outcome.acknowledged) == []
        assert race.failures(database) == []
        assert race.served_twice(database) == 0
        numbers = database.read(lambda s: s.execute(select(Ticket.lane, Ticket.number)).all())
        assert max(Counter(map(tuple, numbers)).values()) == 1
        assert sorted(number for _, number in numbers) == list(range(1, len(numbers) + 1))
        assert race.left_on_shelf(database) >= 0
    finally:
        database.close()


def test_eight_desks_at_once(database_address: str) -> None:
    expect_a_fair_race(database_address, SHORT, units=100_000)


def test_the_last_units_are_given_once(database_address: str) -> None:
    """So little is on the shelf that it runs out while eight desks give: what was there is given, and not one unit more."""
    expect_a_fair_race(database_address, SHORT / 2, units=40)


@pytest.mark.soak
def test_eight_desks_for_half_a_minute(database_address: str) -> None:
    expect_a_fair_race(database_address, LONG, units=100_000)
