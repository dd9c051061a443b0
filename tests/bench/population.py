"""A database with as many people as a region registers, made once and kept under build/; the names are invented."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from aidtrack.clock import wall_clock
from aidtrack.demo.families import words
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import of_age
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, Lodging, MemberDraft, Relation, Sex
from aidtrack.services import days, founding, people
from aidtrack.services.signing_in import desk_of, site_of
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.versions import head
from tests import cluster

FAMILY = 4
AT_ONCE = 250
PASSWORD = "four words of nobody"
STEMS = tuple("Бор Вер Гор Дор Ев Жур Зим Кал Кор Лук Мал Нек Ор Пол Род Сам Тим Ур Фил Чер".split())
MIDDLES = ("ев", "ис", "ан", "ош", "ум", "ел", "ик", "ад", "ор", "ыш", "ет", "ул")
ENDINGS = (("енко", "енко"), ("ов", "ова"), ("ин", "ина"), ("чук", "чук"), ("ский", "ская"), ("ко", "ко"))
SURNAMES = tuple((a + b + m, a + b + f) for a, b, (m, f) in product(STEMS, MIDDLES, ENDINGS))


def family(chance: Random, today: date) -> HouseholdDraft:
    """Four people with one surname."""
    surname, father = chance.choice(SURNAMES), chance.choice(words()["fathers"])
    members = []
    for n in range(FAMILY):
        is_woman = chance.random() < 0.55
        given = chance.choice(words()["women" if is_woman else "men"])
        sex, age = (Sex.FEMALE if is_woman else Sex.MALE), chance.randint(1, 85)
        relation = Relation.HEAD if n == 0 else Relation.CHILD
        members.append(
            MemberDraft(None, surname[is_woman], given, father[1 + is_woman], sex, of_age(age, today), relation)
        )
    phone = f"+7 900 {chance.randrange(10**7):07}"
    return HouseholdDraft(
        tuple(members), origin_text="Суджа", lodging=Lodging.RELATIVES, phone=phone, notice_language="ru"
    )


def _many(session: Session, by: Actor, chance: Random, families: int) -> None:
    today = current_day(session, by)
    with journal.operation(session, by, new_id(), "population"):
        for _ in range(families):
            people.register_household(session, by, request_id=new_id(), draft=family(chance, today))


def populated(folder: Path, number: int) -> Path:
    """The file with `number` people of this version of the tables."""
    path = folder / f"people-{number}-{head()}.db"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    for left in folder.glob(f"{making.name}*"):
        left.unlink()
    database = create_database(making)
    fill(database, number)
    database.close()
    making.rename(path)
    return path


@contextmanager
def served(number: int) -> Iterator[Callable[[str], str]]:
    """The same on a PostgreSQL server, which stands for this time only: gives the address of a copy of this name."""
    with tempfile.TemporaryDirectory() as name:
        run = Path(name)
        run.chmod(0o711)
        try:
            cluster.ask(run, "CREATE DATABASE centre")
            database = create_database(cluster.address_of(run, "centre"))
            fill(database, number)
            database.close()
            cluster.ask(run, "VACUUM ANALYZE", "centre")
            yield partial(_copy, run)
        finally:
            cluster.stop(run)


def _copy(run: Path, name: str) -> str:
    cluster.ask(run, f"CREATE DATABASE {name} TEMPLATE centre")
    return cluster.address_of(run, name)


def fill(database: Database, number: int) -> None:
    """A centre with an open day and `number` people."""
    founder = Actor(None, "bench", frozenset(Role), wall_clock)
    found = partial(
        founding.found_centre, request_id=new_id(), draft=CentreDraft("Bench"), coordinator="Bench", password=PASSWORD
    )
    database.write(lambda s: found(s, founder))
    by = actor(database)
    chance = Random(1)
    for _ in range(number // FAMILY // AT_ONCE):
        database.write(lambda s: _many(s, by, chance, AT_ONCE))
    database.write(lambda s: days.open_day(s, by, request_id=new_id()))


def encrypted(folder: Path) -> Path:
    """A centre of its own in a file that asks for a name and a password."""
    path = folder / "locked.db"
    begun = founding.begin(str(path), name="Bench", password=PASSWORD)
    database = create_database(begun.address, key=begun.key)
    founder = Actor(None, "bench", frozenset(Role), wall_clock)
    found = partial(
        founding.found_centre, by=founder, request_id=new_id(), draft=CentreDraft("Bench"), coordinator="Bench"
    )
    database.write(partial(found, user_id=begun.user_id, password=PASSWORD))
    database.close()
    founding.finish(begun, str(path))
    return path


def actor(database: Database) -> Actor:
    """Who measures: somebody with every role, at whatever kind of database."""

    def at_home(session: Session) -> Actor:
        site = site_of(session, None)
        return Actor(None, "bench", frozenset(Role), wall_clock, site, desk_of(session, site, 0))

    return database.read(at_home)


def opened(path: Path | str) -> tuple[Database, Actor]:
    """The file, or what an address leads to, and who measures."""
    database = open_database(path)
    return database, actor(database)
