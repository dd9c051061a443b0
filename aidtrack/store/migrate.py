"""Runs migrations: on their own connection, in one transaction, with proof that no row was lost (house.md §3)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from aidtrack.errors import StoreTrouble, Text
from aidtrack.store.database import Database, translated, vacuum_into
from aidtrack.store.versions import MIGRATIONS, head, version_of

_LOCK = 0x41696454


def upgrade(database: Database, *, to: str = "head") -> Path | None:
    """Brings the tables to revision `to`; nothing to do is no error. Returns the backup made before, if the file had tables."""
    with translated(), database.connection() as connection:
        before = version_of(connection)
        connection.rollback()
        if before == (head() if to == "head" else to):
            return None
        kept = _backup(database, connection, before) if before else None
        _run(connection, to, is_sqlite=database.is_sqlite)
        return kept


def _backup(database: Database, connection: Connection, before: str) -> Path | None:
    if database.path is None:
        return None
    target = database.path.with_name(f"{database.path.name}.before-{before}")
    target.unlink(missing_ok=True)
    vacuum_into(connection, target)
    return target


def _run(connection: Connection, to: str, *, is_sqlite: bool) -> None:
    if is_sqlite:
        # Inside a transaction this pragma is ignored, and with keys on a table rebuild empties the child tables.
        _driver(connection, "PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            if not is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            before = row_counts(connection)
            _alembic(connection, to)
            _prove(connection, before, is_sqlite=is_sqlite)
    finally:
        if is_sqlite:
            _driver(connection, "PRAGMA foreign_keys=ON")


def _driver(connection: Connection, pragma: str) -> None:
    connection.connection.cursor().execute(pragma)


def _alembic(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.upgrade if to == "head" or to >= (version_of(connection) or "") else command.downgrade)(config, to)


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has, and how many of them still name the row of another table they belong to."""
    found = inspect(connection)
    tables = [t for t in found.get_table_names() if t != "alembic_version"]
    links = [(t, column) for t in tables for key in found.get_foreign_keys(t) for column in key["constrained_columns"]]
    counts = {t: connection.scalar(text(f'SELECT count(*) FROM "{t}"')) or 0 for t in tables}
    return counts | {f"{t}.{c}": connection.scalar(text(f'SELECT count("{c}") FROM "{t}"')) or 0 for t, c in links}


def _prove(connection: Connection, before: dict[str, int], *, is_sqlite: bool) -> None:
    after = row_counts(connection)
    lost = [t for t, n in before.items() if t in after and after[t] < n]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if is_sqlite else []
    if lost or broken:
        raise StoreTrouble(
            "migration", Text("The upgrade would have lost rows and was taken back: nothing has changed.")
        )
