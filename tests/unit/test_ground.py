"""The ground tests stand on: both databases, the centre, the clock, and the traps for noise."""

from __future__ import annotations

import logging
import socket

import pytest
from sqlalchemy import func, select

from aidtrack.store.database import Database
from aidtrack.store.days import Desk, local_day
from aidtrack.store.journal import Operation
from tests.conftest import ExpectedLogs
from tests.factories import Centre, SettableClock, Team


def test_the_centre_stands_in_both_databases(database: Database, centre: Centre, by: Team) -> None:
    numbers = database.read(lambda session: session.scalars(select(Desk.number).order_by(Desk.number)).all())
    assert list(numbers) == [1, 2]
    assert by.coordinator.site == centre.site_id
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Operation))) == 2


def test_the_clock_moves_only_by_hand(sqlite_database: Database, centre: Centre, by: Team, clock: SettableClock) -> None:
    before = by.registrar.now()
    clock.forward(hours=21)
    assert (by.registrar.now() - before).total_seconds() == 21 * 3600
    assert sqlite_database.read(lambda s: local_day(s, centre.site_id, clock())).isoformat() == "2024-08-13"


def test_a_log_record_nobody_expects_is_seen(logs: ExpectedLogs) -> None:
    logging.getLogger("aidtrack").warning("the printer is silent")
    assert logs.surprises() == ["WARNING aidtrack: the printer is silent"]
    logs.allow("printer")
    assert logs.surprises() == []


def test_no_connection_leaves_the_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="a connection to"):
        outside.connect(("192.0.2.1", 80))
