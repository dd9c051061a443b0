"""The demonstration day at twenty past eleven, with people waiting and goods going out: what every page is painted from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, founded, on
from aidtrack.demo.day import DemoDay
from aidtrack.domain.actor import Actor
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.people import Card, Household

LATE_MORNING = on(DAY, 11, 20)


@dataclass
class Moment:
    """The file, and who works in it; their clocks stand still."""

    path: Path
    people: dict[str, Actor]

    def open(self) -> Database:
        """The database, opened."""
        return open_database(self.path)


def late_morning(folder: Path) -> Moment:
    """Plays the day up to the moment, in a new file."""
    path = folder / "late-morning.db"
    shutil.rmtree(folder, ignore_errors=True)
    database = create_database(path)
    try:
        centre = founded(database)
        DemoDay(centre).run(LATE_MORNING)
        return Moment(path, _standing_still(centre))
    finally:
        database.close()


def _standing_still(centre: Centre) -> dict[str, Actor]:
    now = LATE_MORNING.astimezone(UTC)
    return {
        name: Actor(by.user_id, by.name, by.roles, _Clock(now), by.site_id, by.desk_id) for name, by in centre.people.items()
    }


@dataclass(frozen=True)
class _Clock:
    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


def card_of_a_large_family(database: Database) -> str:
    """The number of a card whose family has at least four members and a name that is not the shortest."""
    query = select(Card.number).join(Household, Household.id == Card.household_id).order_by(Card.number).limit(40)
    return database.read(lambda session: session.scalars(query).all())[7]
