"""Copies of a database file: made while people work, proved by opening them, put in place without losing what was there.

Owns the files of backup and restore. Who may do it, and what the sentences around it say, is `services.backup`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from aidtrack.errors import Refused, StoreTrouble, Text
from aidtrack.store import journal, keys
from aidtrack.store.database import Database, trouble

Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]

STEP = 1 << 20
_OPCODES_BETWEEN_LOOKS = 1_000
_COMPANIONS = ("-wal", "-shm", "-journal", ".turn")
_LOCK_BYTE_OF_OPEN_FILES = 128


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a file that was opened and read through: its version and the rows of each table."""

    version: str
    counts: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def copy_open_database(session: Session, target: Path, progress: Progress, is_cancelled: IsCancelled) -> Verified:
    """Writes a consistent copy of the session's open file, under the same key, and reads it through.

    People go on working meanwhile. A copy that does not hold what the open file held is refused and removed.
    """
    database: Database = session.info["database"]
    assert database.path is not None
    raw = session.connection().engine.raw_connection()
    driver: Any = raw.driver_connection
    try:
        before = _counts(driver)
        _vacuum(driver, database.path, target, progress, is_cancelled)
        after = _counts(driver)
    finally:
        # It was made writable for this one statement: it must not come back among the readers.
        raw.invalidate()
        raw.close()
    found = verify(target, database.key)
    if not _lies_between(found.counts, before, after):
        raise _bad_copy()
    return found


def verify(path: Path, key: bytes | None) -> Verified:
    """Opens a file with its key, checks every page, and counts its rows. StoreTrouble when anything is wrong with it."""
    with _translated(path):
        driver = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            if key is not None:
                driver.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            return _read_through(driver)
        finally:
            driver.close()


def copy_closed_database(source: Path, target: Path, progress: Progress, is_cancelled: IsCancelled) -> None:
    """The bytes of a file nobody has open, and of its log, if a power cut left one beside it."""
    _copy_bytes(source, target, progress, is_cancelled)
    log = source.with_name(f"{source.name}-wal")
    if log.exists():
        _copy_bytes(log, target.with_name(f"{target.name}-wal"), progress, is_cancelled)


def _copy_bytes(source: Path, target: Path, progress: Progress, is_cancelled: IsCancelled) -> None:
    with _written(target), source.open("rb") as reading, target.open("wb") as writing:
        total = source.stat().st_size
        while block := reading.read(STEP):
            if is_cancelled():
                raise cancelled()
            writing.write(block)
            progress(writing.tell(), total)
        writing.flush()
        os.fsync(writing.fileno())


def as_new_writer(path: Path, key: bytes | None, now: datetime) -> None:
    """A restored file starts its own chain of operations: the file it was copied from may still be at work somewhere."""
    database = Database(str(path), key)
    try:
        with database.connection() as connection, connection.begin():
            journal.become_new_writer(connection, now)
    finally:
        database.close()
    Path(f"{path}.turn").unlink(missing_ok=True)


def settle(path: Path) -> None:
    """What was written to `path` is on the disk when this returns."""
    with _written(path), path.open("rb+") as file:
        os.fsync(file.fileno())


def remove(path: Path) -> None:
    """A copy nobody will use, with everything beside it."""
    for name in (path.name, *(f"{path.name}{end}" for end in _COMPANIONS)):
        path.with_name(name).unlink(missing_ok=True)


def put_aside(path: Path, now: datetime) -> Path:
    """Gives a database another name beside it, with its log and keys, so that it can be opened again any time."""
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%d-%H%M%S}")
    with _written(path):
        if keys.is_encrypted(path):
            slots = keys.path_beside(path)
            if slots.exists():
                keys.copy(slots, keys.own_path(aside))
            keys.own_path(path).unlink(missing_ok=True)
        for end in ("-wal", "-shm", "-journal"):
            companion = path.with_name(f"{path.name}{end}")
            if companion.exists():
                companion.rename(aside.with_name(f"{aside.name}{end}"))
        path.rename(aside)
    return aside


def put_back(aside: Path, path: Path) -> None:
    """The database put aside takes its name again. Its own keys stay with it, whatever became of the shared ones."""
    slots = keys.own_path(aside)
    if slots.exists():
        os.replace(slots, keys.own_path(path))  # a rename, which a full disk does not refuse
    for end in ("-wal", "-shm", "-journal"):
        companion = aside.with_name(f"{aside.name}{end}")
        if companion.exists():
            companion.rename(path.with_name(f"{path.name}{end}"))
    aside.rename(path)


def is_in_use(path: Path) -> bool:
    """Whether another program has the file open now. On Windows such a file cannot be renamed anyway."""
    shared = path.with_name(f"{path.name}-shm")
    if sys.platform == "win32" or not shared.exists():
        return False
    import fcntl

    with shared.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _LOCK_BYTE_OF_OPEN_FILES)
        except OSError:
            return True
        fcntl.lockf(file, fcntl.LOCK_UN, 1, _LOCK_BYTE_OF_OPEN_FILES)
    return False


def cancelled() -> Refused:
    """Somebody stopped it; nothing is left behind."""
    return Refused("cancelled", Text("Stopped. Nothing was changed."))


def _vacuum(driver: Any, source: Path, target: Path, progress: Progress, is_cancelled: IsCancelled) -> None:
    total = source.stat().st_size

    def look() -> int:
        progress(min(target.stat().st_size if target.exists() else 0, total), total)
        return int(is_cancelled())

    with _written(target):
        if is_cancelled():
            raise cancelled()
        try:
            driver.execute("PRAGMA query_only=OFF")
            driver.set_progress_handler(look, _OPCODES_BETWEEN_LOOKS)
            driver.execute("VACUUM INTO ?", (os.fspath(target),))
        except sqlcipher.Error as error:
            raise _why_not(error) from error
        finally:
            driver.set_progress_handler(None, 0)
    progress(total, total)


def _why_not(error: sqlcipher.Error) -> Exception:
    words = str(error).lower()
    if "interrupted" in words:
        return cancelled()
    return trouble(DBAPIError("VACUUM INTO", None, error)) or not_written() if "malformed" in words else not_written()


def _read_through(driver: Any) -> Verified:
    answers = [row[0] for row in driver.execute("PRAGMA integrity_check")]
    if answers != ["ok"] or driver.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise _bad_copy()
    counts = _counts(driver)
    if "alembic_version" not in counts:
        raise StoreTrouble("not-ours", Text("This file is no AidTrack database."))
    return Verified(driver.execute("SELECT version_num FROM alembic_version").fetchone()[0], counts)


def _counts(driver: Any) -> dict[str, int]:
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [row[0] for row in driver.execute(names)]
    return {name: driver.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def _lies_between(found: dict[str, int], before: dict[str, int], after: dict[str, int]) -> bool:
    """People work on while a copy is made: it holds at least what was there before and at most what is there after."""
    return found.keys() == before.keys() and all(
        min(before[table], after.get(table, 0)) <= n <= max(before[table], after.get(table, 0))
        for table, n in found.items()
    )


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlcipher.Error as error:
        found = trouble(DBAPIError("", None, error))
        text = Text("{name} cannot be read as a database.", name=path.name)
        raise found or StoreTrouble("cannot-open", text) from error


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise not_written() from error


def not_written() -> StoreTrouble:
    """The target of a copy does not take it."""
    text = Text("The copy could not be written: the disk is full, read-only or gone. The database itself is unharmed.")
    return StoreTrouble("copy-not-written", text)


def _bad_copy() -> StoreTrouble:
    text = Text(
        "The copy does not hold what the database holds, so it counts for nothing. Use another disk and try again."
    )
    return StoreTrouble("copy-bad", text)
