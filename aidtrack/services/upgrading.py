"""Bringing the tables of an existing database to this version; the file is copied first.

Opens the database itself, for `open_database` rightly stops at one of another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aidtrack.errors import StoreTrouble, Text
from aidtrack.store.database import Database, translated
from aidtrack.store.migrate import upgrade as run_migrations
from aidtrack.store.versions import head, version_of


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which; `kept` is the copy made before. Equal versions: there was nothing to do."""

    before: str
    after: str
    kept: Path | None


def upgrade(address: str, *, key: bytes | None = None) -> Upgraded:
    """Upgrades the database at `address`. StoreTrouble when there is none, it is not ours, or it is newer than the program."""
    path = None if "://" in address else Path(address)
    if path is not None and not path.exists():
        raise StoreTrouble("missing", Text("There is no database at {path}.", path=address))
    database = Database(address, key)
    try:
        before = _version(database)
        return Upgraded(before, head(), run_migrations(database) if before != head() else None)
    finally:
        database.close()


def _version(database: Database) -> str:
    with translated(), database.connection() as connection:
        found = version_of(connection)
    if found is None:
        raise StoreTrouble("not-ours", Text("This file is no AidTrack database."))
    if found > head():
        raise StoreTrouble("too-new", Text("This database is of a newer version. Open it with the newer AidTrack."))
    return found
