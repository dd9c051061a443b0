"""The database as the program holds it: opening, the two transaction scopes, and the sentences for what can go wrong.

`read` and `write` are the only scopes, and the commit stands in one line of the program. Nothing above knows which database it is.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from aidtrack.clock import wall_clock
from aidtrack.domain.ids import new_id
from aidtrack.errors import Conflict, StoreTrouble, Text
from aidtrack.files import why_not
from aidtrack.store import journal, names
from aidtrack.store.asking import close_snapshot
from aidtrack.store.base import to_json
from aidtrack.store.doorbell import SAVED, Doorbell
from aidtrack.store.turn import Turn
from aidtrack.store.versions import head, version_of

T = TypeVar("T")

OLDEST_SQLITE = (3, 51, 3)
BUSY_MS = 10_000
TRIES = 4
DATABASE = "database"
_TWO_AT_ONCE = "23505"
"""Two desks inserted the first row of something at once: the next try sees the other's."""
_RETRIED = {"40001", "40P01", "55P03", "57P01", "08000", "08003", "08006"}


_CALL_OUT = text(f"NOTIFY {SAVED}")


class JournaledSession(Session):
    """The session of both scopes; its flushes are captured by the journal."""


journal.capture(JournaledSession)


class Database:
    """An open database. Threads may share it; `close` when done. Made by `open_database` or `create_database`."""

    def __init__(self, address: str, key: bytes | None = None) -> None:
        self.address = address
        self.path = None if "://" in address else Path(address)
        self.key = key
        self.is_encrypted = key is not None
        self._one_writer = threading.Lock()
        self._turn = Turn(self.path)
        self._readers, self._writers = _engines(self.path, address, key)
        self._writer: UUID | None = None

    def read(self, ask: Callable[[Session], T]) -> T:
        """Runs `ask` in one consistent, read-only view and returns its answer. `ask` may run again when the connection was lost."""
        with translated():
            try:
                return self._read_once(ask)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                # The server was started again since: asking first whether it is there would cost every question a way there and back.
                return self._read_once(ask)

    def _read_once(self, ask: Callable[[Session], T]) -> T:
        with (
            self._readers.connect() as connection,
            JournaledSession(connection, expire_on_commit=False, info={DATABASE: self}) as session,
        ):
            answer = ask(session)
            if not self.is_sqlite:
                close_snapshot(session)
            return answer

    def write(self, do: Callable[[Session], T]) -> T:
        """Runs `do` in one transaction and commits it; all or nothing. `do` may run again when the database asks for a retry."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._write_once(do)
            except DBAPIError as error:
                if attempt == TRIES or not _worth_retrying(error):
                    raise trouble(error) or error from error
            except StaleDataError as error:
                raise Conflict(
                    "changed-meanwhile", Text("Somebody saved this meanwhile. Look again, then repeat it.")
                ) from error
            time.sleep(random.uniform(0.005, 0.02) * attempt)
        raise AssertionError("unreachable")

    def _write_once(self, do: Callable[[Session], T]) -> T:
        with (
            self._one_at_a_time(),
            self._writers.connect() as connection,
            JournaledSession(connection, expire_on_commit=False, info={DATABASE: self}) as session,
        ):
            session.info[journal.WRITER] = self._writer_id(session)
            answer = do(session)
            if not self.is_sqlite:
                session.connection().execute(_CALL_OUT)
            session.commit()
            return answer

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """One writer a process (the chain of operations is one per writer), and one a file on SQLite."""
        if not self._one_writer.acquire(timeout=BUSY_MS / 1000):
            raise busy()
        try:
            with self._turn.taken(BUSY_MS / 1000, busy):
                yield
        finally:
            self._one_writer.release()

    def _writer_id(self, session: Session) -> UUID:
        if self._writer is None:
            self._writer = (journal.writer_of(session) if self.path else None) or new_id()
        return self._writer

    @property
    def is_sqlite(self) -> bool:
        """A file of our own, not a server."""
        return self.path is not None

    def checkpoint(self) -> None:
        """Moves the log into the file while nobody waits for it."""
        if self.path:
            with translated(), self._writers.connect() as connection:
                _checkpoint(connection, "PASSIVE")

    def connection(self) -> Connection:
        """A bare connection for migrations, backups and `check`; the caller closes it."""
        return self._writers.connect()

    def doorbell(self) -> Doorbell:
        """For who waits until somebody saves. Its connection is in no pool: it is waited on for a whole day."""
        return Doorbell(self._own_connection, self._readers.dialect.loaded_dbapi.Error, is_file=self.is_sqlite)

    def _own_connection(self) -> Any:
        pooled = self._readers.raw_connection()
        driver = pooled.dbapi_connection
        pooled.detach()
        return driver

    def close(self) -> None:
        """Lets go of the file; the log is written back and removed."""
        if self.path and self.path.exists():
            try:
                with translated(), self._writers.connect() as connection:
                    _checkpoint(connection, "TRUNCATE")
            except (StoreTrouble, DBAPIError):
                pass  # the log stays beside the file and is read at the next start: nothing is lost
        self._readers.dispose()
        self._writers.dispose()
        self._turn.close()


def database_of(session: Session) -> Database:
    """The database a session belongs to: backups and key slots need its file and its key."""
    found: Database = session.info[DATABASE]
    return found


def open_database(address: str | Path, *, key: bytes | None = None) -> Database:
    """Opens an existing database of this program's version. StoreTrouble: missing, wrong key, too old, too new, not ours."""
    database = Database(str(address), key)
    try:
        if database.path and not database.path.exists():
            raise StoreTrouble("missing", Text("There is no database at {path}.", path=str(database.path)))
        with translated(), database._readers.connect() as connection:  # opening waits for nobody who writes
            found = version_of(connection)
        _expect_version(found)
        _keep_names_current(database)
    except BaseException:
        database.close()
        raise
    return database


def create_database(address: str | Path, *, key: bytes | None = None) -> Database:
    """Makes an empty database of this version (a file that exists already is refused)."""
    from aidtrack.store.migrate import upgrade  # alembic takes 200 ms to import: only when a schema is made or changed

    path = None if "://" in str(address) else Path(address)
    if path and path.exists() and path.stat().st_size:
        raise StoreTrouble("exists", Text("There is a database at {path} already.", path=str(path)))
    with translated():
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(str(address), key)
    try:
        upgrade(database)
        if database.path:
            with translated(), database.connection() as connection, connection.begin():
                journal.become_new_writer(connection, wall_clock())
        _keep_names_current(database)
    except BaseException:
        database.close()
        raise
    return database


def _keep_names_current(database: Database) -> None:
    """Folds that changed with the program, and tables that are new, leave nobody unfindable."""
    if database.read(names.is_stale):
        database.write(names.rebuild_if_stale)


def _expect_version(found: str | None) -> None:
    if found is None:
        raise StoreTrouble("not-ours", Text("This file is no AidTrack database."))
    if found < head():
        raise StoreTrouble(
            "too-old",
            Text("This database is of an older version. Upgrade it first: “upgrade”. A backup is made before."),
        )
    if found > head():
        raise StoreTrouble("too-new", Text("This database is of a newer version. Open it with the newer AidTrack."))


# ── engines ──────────────────────────────────────────────────────────────────────────────────────


_PLANNED_ONCE = {"options": "-c plan_cache_mode=force_generic_plan -c jit=off", "prepare_threshold": 2}
"""A question at a key press is answered by a handful of index look-ups: planning them anew takes longer than doing them."""


def _engines(path: Path | None, address: str, key: bytes | None) -> tuple[Engine, Engine]:
    if path is None:
        url = make_url(address)
        shared: dict[str, Any] = {"hide_parameters": True, "json_serializer": to_json}
        # One snapshot for all statements of a question: the figures of a report belong together, as they do in a file.
        readers = create_engine(url, isolation_level="REPEATABLE READ", connect_args=_PLANNED_ONCE, **shared)
        return readers.execution_options(postgresql_readonly=True), create_engine(url, **shared)
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise StoreTrouble("old-sqlite", Text("The SQLite library is too old to be safe. Install AidTrack again."))
    return _sqlite(path, key, is_writer=False), _sqlite(path, key, is_writer=True)


def _sqlite(path: Path, key: bytes | None, *, is_writer: bool) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://", module=sqlcipher, creator=lambda: _connect(path, key, is_writer), poolclass=QueuePool,
        pool_size=1 if is_writer else 4, max_overflow=1 if is_writer else 4, pool_timeout=BUSY_MS / 1000, hide_parameters=True,
        json_serializer=to_json,
    )  # fmt: skip
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _connect(path: Path, key: bytes | None, is_writer: bool) -> Any:
    # Autocommit mode: SQLAlchemy's begin event says BEGIN itself, the driver's own begins would lose to lock upgrades.
    connection = sqlcipher.connect(
        os.fspath(path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    cursor = connection.cursor()
    if key is not None:
        cursor.execute("PRAGMA cipher_log_level=NONE")  # a wrong key is told in our own sentence, not on the console
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "trusted_schema=OFF",
        "cell_size_check=ON", "secure_delete=ON", "temp_store=MEMORY", "wal_autocheckpoint=4000", "cache_size=-16000",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    if not is_writer:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()
    return connection


# ── what can go wrong ────────────────────────────────────────────────────────────────────────────

_SENTENCES: tuple[tuple[str, str, Text], ...] = (
    (
        "disk is full",
        "disk-full",
        Text("The disk is full: nothing was saved. Free some space, then press the key again."),
    ),
    ("readonly", "read-only", Text("The database cannot be written: the disk or file is read-only.")),
    ("file is not a database", "wrong-key", Text("The database cannot be opened: wrong key, or no AidTrack file.")),
    (
        "malformed",
        "corrupt",
        Text("The database file is damaged. Restore the last backup: it has everything up to that time."),
    ),
    ("unable to open", "cannot-open", Text("The database file cannot be opened. Check the folder and its rights.")),
    (
        "disk i/o error",
        "disk-error",
        Text("The disk does not answer: nothing was saved. Check the disk, then press the key again."),
    ),
)


def busy() -> StoreTrouble:
    """Somebody else is writing for too long."""
    return StoreTrouble("busy", Text("The database is busy. Wait a moment, then press the key again."), retry=True)


def trouble(error: DBAPIError) -> StoreTrouble | None:
    """The sentence for a driver's error; None when it is a bug of ours, not trouble of the store."""
    words = str(error.orig).lower()
    for sign, code, sentence in _SENTENCES:
        if sign in words:
            return StoreTrouble(code, sentence)
    if "database is locked" in words or "database table is locked" in words:
        return busy()
    if error.connection_invalidated or _state(error).startswith("08") or _state(error) in {"57P01", "57P03"}:
        return StoreTrouble(
            "lost", Text("The main computer does not answer. What is typed is kept; try again."), retry=True
        )
    if isinstance(error, OperationalError) and not isinstance(error.orig, sqlcipher.Error):
        return StoreTrouble(
            "unreachable", Text("The database server cannot be reached. Check cable and address."), retry=True
        )
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Driver errors leave this block as StoreTrouble; bugs leave it as they are."""
    try:
        yield
    except DBAPIError as error:
        raise trouble(error) or error from error
    except OSError as error:
        text = Text("The folder or file cannot be used: {why}.", why=why_not(error))
        raise StoreTrouble("cannot-open", text) from error


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _worth_retrying(error: DBAPIError) -> bool:
    """Serialization, deadlock, a lost connection, or two at once with one request id: the next try sees the other's work."""
    same_request = isinstance(error, IntegrityError) and "operation" in str(error.orig).lower()
    return same_request or error.connection_invalidated or _state(error) in _RETRIED | {_TWO_AT_ONCE}


def _checkpoint(connection: Connection, how: str) -> None:
    """Through the driver, because in a transaction nothing is moved; its complaints as SQLAlchemy would give them on."""
    statement = f"PRAGMA wal_checkpoint({how})"
    try:
        connection.connection.cursor().execute(statement)
    except sqlcipher.OperationalError as error:
        raise OperationalError(statement, None, error) from error
    except sqlcipher.DatabaseError as error:
        raise DatabaseError(statement, None, error) from error


def vacuum_into(connection: Connection, target: Path) -> None:
    """A consistent copy of the open file, encrypted with the same key. The connection must not be in a transaction."""
    # Through the driver: SQLAlchemy would begin a transaction first, and inside of one VACUUM is refused.
    connection.connection.cursor().execute("VACUUM INTO ?", (os.fspath(target),))
