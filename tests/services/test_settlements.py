"""Places families come from, on both databases: loaded once, found in any script, known again in an import."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.days import Period
from aidtrack.domain.ids import new_id
from aidtrack.errors import NotFound
from aidtrack.services import overview, settlements
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Site
from aidtrack.store.people import Settlement
from tests.aid import TODAY, make_aid
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


def test_the_tables_say_by_codes_where_the_centre_lies_and_nothing_where_that_is_not_known(
    database: Database, by: Team, centre: Centre
) -> None:
    """R2 and the 5W sheet; a name that means no place, or several, is no place."""
    lead, period = by.coordinator, Period.of(TODAY)
    database.write(lambda s: make_aid(s, by, centre))

    def told() -> tuple[str, str, str]:
        r14, r2 = (database.read(lambda s, read=read: read(s, lead, period)) for read in (overview.activity_report, overview.age_report))
        return r2.region, r14.region, r14.district

    def moved_to(place: str) -> tuple[str, str, str]:
        def move(session: Session) -> None:
            with journal.operation(session, lead, new_id(), "save_centre"):
                session.get_one(Site, centre.site_id).place = place

        database.write(move)
        return told()

    assert told() == ("", "", ""), "no list of places is loaded"
    database.write(lambda s: settlements.load_settlements(s, lead, request_id=new_id()))
    assert told() == ("RU-KRS", "RU-KRS", "")
    region, same, district = moved_to("Суджа")
    assert region == same == "RU-KRS"
    assert district == "RU-KRS-38640000"
    assert moved_to("Нигдегород") == moved_to("") == ("", "", "")
