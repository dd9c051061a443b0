"""The search in figures: every key of typed names, newcomers among the registered, and what the index costs in time, bytes and memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from aidtrack.domain.access import Role
from aidtrack.services import people
from aidtrack.store.database import Database
from aidtrack.store.names import rebuild
from tests.bench import population, region
from tests.bench.measures import Figure, percentile, timed
from tests.e2e.console import ROOT

NEWCOMERS = 400
TYPED = 60
TRIES = 3
"""Each key is measured as the quickest of so many: somebody else's work on the same computer is not ours."""
TABLES = ("name_line", "name_slip", "name_word")


def searching(folder: Path, number: int) -> list[Figure]:
    """All measures on a region of `number` people."""
    path = region.make(folder, number)
    newcomers = list(region.newcomers(NEWCOMERS, number))
    return [
        *_typing(path, number, newcomers),
        *_newcomers(path, number, newcomers),
        *_index(path, folder, number),
        _memory(path),
    ]


def _typing(path: Path, number: int, newcomers: list[tuple[region.Human, str]]) -> list[Figure]:
    """Every beginning of what is typed, as a coordinator and as a volunteer."""
    database, by = population.opened(path)
    keys = [text[:length].lower() for _, text in newcomers[:TYPED] for length in range(1, len(text) + 1)]
    figures = []
    for who, actor in (("coordinator", by), ("volunteer", replace(by, roles=frozenset({Role.REGISTRAR})))):
        times = [_quickest(lambda t=text, a=actor: database.read(lambda s: people.find(s, a, t))) for text in keys]  # type: ignore[misc]
        figures.append(Figure(f"search at every key, {number:,} people, {who}, p50", percentile(times, 0.5), "ms"))
        figures.append(Figure(f"… p99 of {len(times):,} keys", percentile(times, 0.99), "ms", 10))
    database.close()
    return figures


def _quickest(do: object) -> float:
    return min(timed(do) for _ in range(TRIES))  # type: ignore[arg-type]


def _newcomers(path: Path, number: int, newcomers: list[tuple[region.Human, str]]) -> list[Figure]:
    """Registered people as another desk types them: are they among the first five?"""
    database, by = population.opened(path)
    times, found = [], 0
    for one, text in newcomers:

        def ask(typed: str = text) -> list[str]:
            rows = database.read(lambda s: people.find(s, by, typed, limit=5, families=False))
            return [row.external_id for row in rows]

        found += one.key in ask()
        times.append(_quickest(ask))
    database.close()
    return [
        Figure(
            f"newcomers against {number:,}: not in the first five, of a hundred",
            100 - 100 * found / len(newcomers),
            "",
            3,
        ),
        Figure("… p50", percentile(times, 0.5), "ms"),
        Figure("… p99", percentile(times, 0.99), "ms", 5),
    ]


def _index(path: Path, folder: Path, number: int) -> list[Figure]:
    """The index emptied and made anew on a copy."""
    copy = Path(shutil.copyfile(path, folder / "index.db"))
    database, _ = population.opened(copy)
    size = _emptied(database)
    begin = time.perf_counter()
    database.write(rebuild)
    taken = time.perf_counter() - begin
    database.close()
    copy.unlink()
    return [
        Figure(f"index of {number:,} people made anew", taken, "s", 60 * number / 1_000_000),
        Figure("… bytes a person", size / number, "bytes", 400),
    ]


def _emptied(database: Database) -> int:
    """The bytes of the pages that are free when the index is gone."""
    with database.connection() as connection:
        page, before = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_size", "freelist_count")
        )
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        after = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        connection.commit()
    return int(page * (after - before))


def _memory(path: Path) -> Figure:
    """A process that searches, beside itself before it opened the database."""
    command = [sys.executable, "-m", "tests.bench.searching", str(path)]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True, timeout=600
    )
    return Figure("memory over the empty program while searching", float(done.stdout.split()[-1]), "MB", 150)


def _resident() -> float:
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(path: Path) -> None:
    """Searches as a day of typing does and prints by how many megabytes the process has grown."""
    empty = _resident()
    database, by = population.opened(path)
    for _, text in region.newcomers(40, 20_000):
        for length in range(1, len(text) + 1):
            database.read(lambda s, t=text[:length]: people.find(s, by, t))  # type: ignore[misc]
    sys.stdout.write(f"{_resident() - empty:.1f}\n")
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
