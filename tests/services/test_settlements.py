"""Places families come from, on both databases: loaded once, found in any script, known again in an import."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from aidtrack.domain.ids import new_id
from aidtrack.errors import NotFound
from aidtrack.services import settlements
from aidtrack.store.database import Database
from aidtrack.store.people import Settlement
from tests.factories import Centre, Team


@pytest.fixture
def places(database: Database, by: Team, centre: Centre) -> int:
    """The Kursk pack is loaded."""
    return database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))


def test_a_pack_is_loaded_once(database: Database, by: Team, places: int) -> None:
    again = database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))
    assert (places, again) == (database.read(lambda s: s.scalar(select(func.count()).select_from(Settlement))), 0)
    assert places > 500


@pytest.mark.parametrize(
    ("typed", "first"),
    [("суд", "Суджа"), ("kmujd", "Льгов"), ("Sudzha", "Суджа"), ("тетк", "Тёткино"), ("большое солд", "Большое Солдатское"),
     ("казачья", "Казачья Локня"), ("рильс", "Рыльск")],
)  # fmt: skip
def test_a_place_is_found_while_it_is_typed(database: Database, by: Team, places: int, typed: str, first: str) -> None:
    found = database.read(lambda s: settlements.find_settlements(s, by.registrar, typed))
    assert found[0].names["ru"] == first


def test_a_place_knows_its_district(database: Database, by: Team, places: int) -> None:
    found = database.read(lambda s: settlements.find_settlements(s, by.registrar, "суджа"))
    assert found[0].within["uk"] == "Суджанський район"


def test_spellings_of_one_place_meet(database: Database, by: Team, places: int) -> None:
    known = database.read(settlements.places_by_spelling)
    spellings = ("Тёткино", "Теткино", "Тьоткіно", "Tetkino", "тёткино")
    assert len({known[settlements.spelling_key(spelling)] for spelling in spellings}) == 1
    assert settlements.spelling_key("Нигденет") not in known


@pytest.mark.parametrize("typed", ["", "%", "_", "zzzz", "👾"])
def test_nothing_that_is_typed_breaks_it(database: Database, by: Team, places: int, typed: str) -> None:
    assert database.read(lambda s: settlements.find_settlements(s, by.registrar, typed)) == ()


def test_an_unknown_pack_is_told(database: Database, by: Team, centre: Centre) -> None:
    with pytest.raises(NotFound, match="no-pack"):
        database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id(), pack="mars"))
