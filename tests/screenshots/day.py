"""The demonstration day at twenty past eleven, with people waiting and goods going out: what every page is painted from."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, SetClock, founded, on
from aidtrack.demo.day import DemoDay
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import accounts, founding, people
from aidtrack.services.identity import links
from aidtrack.services.identity.links import PairToSettle
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.people import Card, Household, HouseholdMember, Person
from tests.screenshots import besides

LATE_MORNING, EVENING, DAWN = on(DAY, 11, 20), on(DAY, 18, 29), on(DAY, 7, 40)
PEOPLE_FILE = "people.pickle"


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
    path = folder / "morning.db"
    shutil.rmtree(folder, ignore_errors=True)
    with closing(create_database(path)) as database:
        centre = founded(database)
        DemoDay(centre).run(LATE_MORNING)
        _fill(centre)
        return Moment(path, _standing_still(centre))


def whole_day(folder: Path) -> dict[str, Moment]:
    """Every moment something is shown of: a centre that is only founded, dawn, late morning, evening, closed, signed off."""
    shutil.rmtree(folder, ignore_errors=True)
    found = {"empty": _empty(folder / "empty.db")}
    with closing(create_database(folder / "running.db")) as database:
        centre = founded(database)
        found["dawn"] = _stop(centre, folder / "dawn.db", DAWN)
        day = DemoDay(centre)
        day._at(LATE_MORNING, lambda: found.update(morning=_stop(centre, folder / "morning.db", LATE_MORNING, _fill)))
        day.run(EVENING)
        found["evening"] = _stop(centre, folder / "evening.db", EVENING, besides.left_open)
        found["closed"] = _stop(centre, folder / "closed.db", EVENING, besides.closed)
        found["signed"] = _stop(centre, folder / "signed.db", EVENING, besides.signed_off)
    for name, moment in found.items():
        (folder / f"{name}.{PEOPLE_FILE}").write_bytes(pickle.dumps(moment.people))
    return found


def kept_day(folder: Path) -> dict[str, Moment]:
    """The moments that were played there before."""
    kept = {path.name.partition(".")[0]: path for path in folder.glob(f"*.{PEOPLE_FILE}")}
    return {name: Moment(folder / f"{name}.db", pickle.loads(path.read_bytes())) for name, path in kept.items()}


def _stop(centre: Centre, path: Path, moment: datetime, more: Callable[[Centre], object] | None = None) -> Moment:
    """The file as it is now, in a copy; what happens there besides does not disturb the day that goes on."""
    assert isinstance(centre.scopes, Database)
    assert centre.scopes.path is not None
    for end in ("", "-wal"):
        if centre.scopes.path.with_name(centre.scopes.path.name + end).exists():
            shutil.copy(centre.scopes.path.with_name(centre.scopes.path.name + end), path.with_name(path.name + end))
    before = centre.clock.moment
    with closing(open_database(path)) as copied:
        centre.clock.moment = moment
        there = replace(centre, scopes=copied, people=dict(centre.people), items=dict(centre.items))
        if more is not None:
            more(there)
        centre.clock.moment = before
        return Moment(path, _standing_still(there, moment))


def _empty(path: Path) -> Moment:
    """A centre on its first morning: founded, and nothing else."""
    with closing(create_database(path)) as database:
        centre = Centre(database, SetClock(DAWN))
        founder = Actor(None, "console", frozenset(Role), centre.clock)
        draft = CentreDraft(
            "Пункт выдачи на Гоголя", "Курск", "Europe/Moscow", ("ru",), outside_phone="+7 900 000-00-00"
        )
        centre.people["founder"] = founder
        site = centre.do("founder", founding.found_centre, draft=draft, coordinator="Ольга К.").site_id
        founder = replace(founder, site_id=site)
        (row,) = database.read(lambda session: accounts.users(session, founder))
        centre.people["Ольга К."] = replace(
            founder, user_id=row.id, name="Ольга К.", roles=frozenset({Role.COORDINATOR})
        )
        return Moment(path, _standing_still(centre, DAWN))


def _fill(centre: Centre) -> None:
    assert isinstance(centre.scopes, Database)
    besides.fill(centre)
    _write_similar(centre.scopes, centre.people["Ольга К."])


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


def _standing_still(centre: Centre, moment: datetime = LATE_MORNING) -> dict[str, Actor]:
    clock = _Clock(moment.astimezone(UTC))
    return {
        name: Actor(by.user_id, by.name, by.roles, clock, by.site_id, by.desk_id) for name, by in centre.people.items()
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
