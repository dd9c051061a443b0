"""The floor: the rows of one registration or hand-over, journal and all, by the bare driver with the same pragmas, each time anew.

The statements are those the service sent, so service and floor always write the same; only what must be unique is made anew.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event
from sqlalchemy.engine import Engine

from aidtrack.store.database import BUSY_MS

Row = tuple[Any, ...]
COLUMNS = re.compile(r"INTO \"?(\w+)\"? \(([^)]*)\)")


@dataclass
class Statement:
    """One insert or update with all its rows."""

    sql: str
    rows: list[Row]


class Recording:
    """The writing statements of everything that happens while it listens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statements: list[Statement] = []

    def __enter__(self) -> Recording:
        event.listen(self._engine, "before_cursor_execute", self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._heard)

    def _heard(self, _c: object, _cursor: object, sql: str, given: Any, _context: object, many: bool) -> None:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
            rows = given if many and given and isinstance(given[0], tuple | list) else [given]
            self.statements.append(Statement(sql, [tuple(_held(value) for value in row) for row in rows]))


def _held(value: Any) -> Any:
    """Ids arrive as views of memory: their bytes are what is compared."""
    return bytes(value) if isinstance(value, memoryview) else value


class Floor:
    """Writes the recorded rows again and again, each time as another family."""

    def __init__(self, path: Path, statements: Sequence[Statement]) -> None:
        self._connection = sqlcipher.connect(str(path), isolation_level=None)
        self._cursor = self._connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "cell_size_check=ON",
                       "secure_delete=ON", "temp_store=MEMORY", "wal_autocheckpoint=4000", "cache_size=-16000"):  # fmt: skip
            self._cursor.execute(f"PRAGMA {pragma}")
        self._statements = statements
        self._seq = self._cursor.execute("SELECT max(seq) FROM operation").fetchone()[0]
        self._own = self._made_ids()
        self._unique = self._unique_columns()

    @property
    def rows(self) -> int:
        """How many rows one registration writes."""
        return sum(len(statement.rows) for statement in self._statements)

    def _made_ids(self) -> set[bytes]:
        """Ids of the rows that are inserted: they are made anew each time, all others were there before and stay."""
        found = set()
        for statement in self._statements:
            match = COLUMNS.search(statement.sql)
            names = [name.strip(' "') for name in match[2].split(",")] if match else []
            if "id" in names:
                found |= {row[names.index("id")] for row in statement.rows if isinstance(row[names.index("id")], bytes)}
        return found

    def _unique_columns(self) -> list[dict[int, str]]:
        """Where each statement has a card number, a token or the number of the operation."""
        found = []
        for statement in self._statements:
            match = COLUMNS.search(statement.sql)
            names = [name.strip(' "') for name in match[2].split(",")] if match else []
            wanted = {("card", "number"), ("card", "token"), ("operation", "seq"), ("hand_over", "line")}
            found.append({n: name for n, name in enumerate(names) if match and (match[1], name) in wanted})
        return found

    def write(self) -> float:
        """One registration; the seconds it took, the making of its values not counted."""
        self._seq += 1
        fresh = {value: os.urandom(len(value)) for value in self._own}
        batches = [
            (statement.sql, [self._renewed(row, fresh, unique) for row in statement.rows])
            for statement, unique in zip(self._statements, self._unique, strict=True)
        ]
        begin = time.perf_counter()
        self._cursor.execute("BEGIN IMMEDIATE")
        for sql, rows in batches:
            self._send(sql, rows)
        self._cursor.execute("COMMIT")
        return time.perf_counter() - begin

    def _send(self, sql: str, rows: list[Row]) -> None:
        if len(rows) == 1:
            self._cursor.execute(sql, rows[0])
        else:
            self._cursor.executemany(sql, rows)

    def _renewed(self, row: Iterable[Any], fresh: dict[bytes, bytes], unique: dict[int, str]) -> Row:
        made = {"number": os.urandom(6).hex(), "token": os.urandom(10).hex(), "seq": self._seq, "line": self._seq}
        return tuple(
            made[unique[n]] if n in unique else fresh.get(v, v) if isinstance(v, bytes) else v
            for n, v in enumerate(row)
        )

    def checkpoint(self) -> None:
        """The log into the file, as the program does when nobody saves."""
        self._cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        self._connection.close()
