"""What one desk writes, another hears of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.store.arrivals import Arrivals
from aidtrack.store.database import Database, open_database
from tests.factories import Centre, Team
from tests.services.test_journal import add_desk


@pytest.fixture
def elsewhere(database: Database, centre: Centre) -> Iterator[Arrivals]:
    """Another desk on the same database, listening."""
    other = open_database(database.address)
    watching = Arrivals(other)
    yield watching
    watching.close()
    other.close()


def test_silence_is_an_empty_answer(elsewhere: Arrivals) -> None:
    assert elsewhere.wait(0.05) == frozenset()


def test_another_desk_hears_which_tables_were_written(
    database: Database, centre: Centre, by: Team, elsewhere: Arrivals
) -> None:
    elsewhere.wait(0.2)
    database.write(lambda s: add_desk(s, by.coordinator, new_id(), 7))
    assert "desk" in elsewhere.wait(3)
    assert elsewhere.wait(0.05) == frozenset()
