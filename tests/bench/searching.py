"""The search in figures: every key of typed names, newcomers among the registered, and what the index costs in time, bytes and memory."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.people import HouseholdDraft
from aidtrack.services import people
from aidtrack.services.identity.candidates import CandidateRow, candidates
from aidtrack.store.database import Database, open_database
from aidtrack.store.names import rebuild
from aidtrack.store.people import HouseholdMember, Person
from tests.bench import population, region
from tests.bench.measures import Figure, percentile, timed
from tests.bench.region import Place
from tests.e2e.console import ROOT

NEWCOMERS = 400
TYPED = 60
TRIES = 3
"""Each key is measured as the quickest of so many: somebody else's work on the same computer is not ours."""
FIRST = 5
Opened = Callable[[], tuple[Database, Actor]]
TABLES = ("name_line", "name_slip", "name_word")


def searching(folder: Path, number: int, place: Place = Place.FILE) -> list[Figure]:
    """All measures on a region of `number` people."""
    newcomers = list(region.newcomers(NEWCOMERS, number))
    with region.standing(folder, number, place) as (address, key):
        opened = partial(_opened, address, key)
        return [
            *_typing(opened, f"{number:,} people, {place}", newcomers),
            *_newcomers(opened, number, newcomers),
            *_comers_again(opened, number),
            *_index(opened, address if place is Place.SERVER else Path(address), key, number),
            _memory(address, key),
        ]


def _opened(address: str, key: bytes | None = None) -> tuple[Database, Actor]:
    database = open_database(address, key=key)
    return database, population.actor(database)


def _typing(open_it: Opened, where: str, newcomers: list[tuple[region.Human, str]]) -> list[Figure]:
    """Every beginning of what is typed, as a coordinator and as a volunteer."""
    database, by = open_it()
    database.read(lambda s: people.get_ready(s, by))
    keys = [text[:length].lower() for _, text in newcomers[:TYPED] for length in range(1, len(text) + 1)]
    figures = []
    for who, actor in (("coordinator", by), ("volunteer", replace(by, roles=frozenset({Role.REGISTRAR})))):
        times = [_quickest(lambda t=text, a=actor: database.read(lambda s: people.find(s, a, t))) for text in keys]  # type: ignore[misc]
        figures.append(Figure(f"search at every key, {where}, {who}, p50", percentile(times, 0.5), "ms"))
        figures.append(Figure(f"… p99 of {len(times):,} keys", percentile(times, 0.99), "ms", 10))
    database.close()
    return figures


def _quickest(do: Callable[[], object]) -> float:
    """As in the window, whose workers never collect rings of objects: that is done between two questions."""
    gc.disable()
    best = min(timed(do) for _ in range(TRIES))
    gc.enable()
    return best


def _newcomers(open_it: Opened, number: int, newcomers: list[tuple[region.Human, str]]) -> list[Figure]:
    """Registered people as another desk types them into Find: are they among the first five?"""
    database, by = open_it()
    times, found = [], 0
    for one, text in newcomers:

        def ask(typed: str = text) -> list[str]:
            rows = database.read(lambda s: people.find(s, by, typed, limit=FIRST, families=False))
            return [row.external_id for row in rows]

        found += one.key in ask()
        times.append(_quickest(ask))
    database.close()
    return _found(f"newcomers against {number:,}", found / len(newcomers), times)


def _comers_again(open_it: Opened, number: int) -> list[Figure]:
    """Registered families as another desk types them into the form: is theirs among the first five that may be the same?"""
    database, by = open_it()
    times, found, families = [], 0, list(region.comers_again(NEWCOMERS, number))
    for one, draft in families:

        def ask(typed: HouseholdDraft = draft) -> tuple[CandidateRow, ...]:
            return database.read(lambda s: candidates(s, by, typed, limit=FIRST))

        homes = [row.household_id for row in ask()]
        found += database.read(lambda s, key=one.key, homes=homes: s.scalar(_lives_in(key, homes)))  # type: ignore[misc]
        times.append(_quickest(ask))
    database.close()
    return _found(f"whole families of one to four against {number:,}", found / len(families), times)


def _lives_in(key: str, homes: list[UUID]) -> Select[bool]:
    query = select(HouseholdMember.id).join(Person, Person.id == HouseholdMember.person_id)
    return select(query.where(Person.external_id == key, HouseholdMember.household_id.in_(homes)).exists())


def _found(what: str, share: float, times: list[float]) -> list[Figure]:
    return [
        Figure(f"{what}: not in the first five, of a hundred", 100 - 100 * share, "", 3),
        Figure("… p50", percentile(times, 0.5), "ms"),
        Figure("… p99", percentile(times, 0.99), "ms", 5),
    ]


def _index(open_it: Opened, where: Path | str, key: bytes | None, number: int) -> list[Figure]:
    """The index made anew; of a file, in a copy where it was taken away first."""
    if isinstance(where, Path):
        copy = Path(shutil.copyfile(where, where.with_name("index.db")))
        database, _ = _opened(str(copy), key)
        size = _emptied(database)
    else:
        database, _ = open_it()
        size = _size_on_server(database)
    begin = time.perf_counter()
    database.write(rebuild)
    taken = time.perf_counter() - begin
    database.close()
    if isinstance(where, Path):
        copy.unlink()
    return [
        Figure(f"index of {number:,} people made anew", taken, "s", 60 * number / 1_000_000),
        Figure("… bytes a person", size / number, "bytes", 400),
    ]


def _size_on_server(database: Database) -> int:
    asked = ", ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
    with database.connection() as connection:
        return sum(connection.exec_driver_sql(f"SELECT {asked}").one())


def _emptied(database: Database) -> int:
    """The bytes of the pages that are free when the index is gone."""
    with database.connection() as connection:
        page, before = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_size", "freelist_count")
        )
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        after = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
        connection.commit()
    return page * (after - before)


def _memory(address: str, key: bytes | None) -> Figure:
    """A process that searches, beside itself before it opened the database."""
    command = [sys.executable, "-m", "tests.bench.searching", address, key.hex() if key else ""]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True, timeout=600
    )
    return Figure("memory over the empty program while searching", float(done.stdout.split()[-1]), "MB", 150)


def _resident() -> float:
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(address: str, key: str) -> None:
    """Searches as a day of typing does and prints by how many megabytes the process has grown."""
    empty = _resident()
    database, by = _opened(address, bytes.fromhex(key) or None)
    for _, text in region.newcomers(40, 20_000):
        for length in range(1, len(text) + 1):
            database.read(lambda s, t=text[:length]: people.find(s, by, t))  # type: ignore[misc]
    sys.stdout.write(f"{_resident() - empty:.1f}\n")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
