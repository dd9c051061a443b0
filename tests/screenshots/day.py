"""The demonstration day at twenty past eleven, with people waiting and goods going out: what every page is painted from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, founded, on
from aidtrack.demo.day import DemoDay
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import people
from aidtrack.services.identity import links
from aidtrack.services.identity.links import PairToSettle
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.people import Card, Household, HouseholdMember, Person

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
        _write_similar(database, centre.people["Ольга К."])
        return Moment(path, _standing_still(centre))
    finally:
        database.close()


def _write_similar(database: Database, by: Actor) -> None:
    """Three families come once more under another spelling: one is joined already, two wait for the evening."""
    heads = select(Person, HouseholdMember.household_id).join(HouseholdMember, HouseholdMember.person_id == Person.id)
    heads = heads.join(Household, Household.head_id == Person.id).order_by(Person.id).offset(4).limit(3)
    known = database.read(lambda session: [row[1] for row in session.execute(heads)])
    pairs = [_again(database, by, household) for household in known]
    left = [PairToSettle(*pair, 0.93 - 0.2 * no, _REASONS[no:]) for no, (pair, *_) in enumerate(pairs[1:])]
    (a, b), *also = pairs[0]
    database.write(lambda session: links.join(session, by, request_id=new_id(), a=a, b=b, also=also))
    database.write(lambda session: links.leave_for_evening(session, by, request_id=new_id(), pairs=left))


_REASONS = (Text("same surname"), Text("same name, spelled another way"))


def _again(database: Database, by: Actor, household_id: UUID) -> list[tuple[UUID, UUID]]:
    """The same family registered once more, its names in Latin letters; who is who."""
    draft = database.read(lambda session: people.household_draft(session, by, household_id))
    members = tuple(
        replace(
            m, person_id=None, family_name=anyascii(m.family_name), given_name=anyascii(m.given_name), needs=frozenset()
        )
        for m in draft.members
    )
    again = replace(draft, members=members, external_id="", phone="", version=1)
    receipt = database.write(lambda session: people.register_household(session, by, request_id=new_id(), draft=again))
    ours, theirs = (
        database.read(lambda session, one=one: people.household_draft(session, by, one)).members
        for one in (household_id, receipt.household_id)
    )
    return [(a.person_id, b.person_id) for a, b in zip(ours, theirs, strict=True) if a.person_id and b.person_id]


def _standing_still(centre: Centre) -> dict[str, Actor]:
    now = LATE_MORNING.astimezone(UTC)
    return {
        name: Actor(by.user_id, by.name, by.roles, _Clock(now), by.site_id, by.desk_id)
        for name, by in centre.people.items()
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
