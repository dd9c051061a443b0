"""News from other desks: which tables somebody wrote to since we last looked.

On SQLite one connection of its own watches `data_version`, which costs microseconds, and reads the journal only when it moved.
On PostgreSQL the commit itself sends the names of the tables: a sequence is not commit order, so asking for greater arrival numbers
would miss some.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from aidtrack.store.database import Database, translated
from aidtrack.store.journal import CHANNEL, Change, Operation

_STEP = 0.1


class Arrivals:
    """Watches one database. Used by one thread; `close` lets go of its connection."""

    def __init__(self, database: Database) -> None:
        self._is_sqlite = database.is_sqlite
        with translated():
            self._connection: Connection = database.watcher()
            self._last = self._begin()

    def wait(self, seconds: float) -> frozenset[str]:
        """The tables others (or we) wrote to, as soon as there are any; empty after `seconds` of silence.

        StoreTrouble: the database is lost.
        """
        with translated():
            return self._poll(seconds) if self._is_sqlite else self._listen(seconds)

    def close(self) -> None:
        """Stops watching."""
        try:
            self._connection.close()
        except DBAPIError:
            return  # a lost server needs no farewell

    def _begin(self) -> tuple[int, int]:
        if not self._is_sqlite:
            self._driver().execute(f"LISTEN {CHANNEL}")
            return 0, 0
        return self._version(), self._newest()

    def _poll(self, seconds: float) -> frozenset[str]:
        until = time.monotonic() + seconds
        while True:
            version = self._version()
            if version != self._last[0]:
                return self._read(version)
            if time.monotonic() >= until:
                return frozenset()
            time.sleep(_STEP)

    def _read(self, version: int) -> frozenset[str]:
        known = self._last[1]
        self._last = version, self._newest()
        query = (
            select(Change.table_name)
            .join(Operation, Operation.id == Change.operation_id)
            .where(Operation.arrival > known)
        )
        found = frozenset(self._connection.scalars(query.distinct()))
        self._connection.rollback()
        return found

    def _newest(self) -> int:
        newest = self._connection.scalar(select(Operation.arrival).order_by(Operation.arrival.desc()).limit(1))
        self._connection.rollback()
        return newest or 0

    def _version(self) -> int:
        return int(self._driver().execute("PRAGMA data_version").fetchone()[0])

    def _listen(self, seconds: float) -> frozenset[str]:
        tables: set[str] = set()
        for note in self._driver().notifies(timeout=seconds, stop_after=1):
            tables.update(note.payload.split(","))
        return frozenset(tables - {""})

    def _driver(self) -> Any:
        found: Any = self._connection.connection.driver_connection
        return found
