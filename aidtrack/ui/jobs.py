"""Work that takes time, away from the hands: questions to the database, writes, and papers made in a process of their own.

Owns the scopes of the window (nobody else in it opens one), the workers, and the news of what changed. Every callback comes on the
thread of the window and only while its owner lives; the window itself never waits.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, tzinfo
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from aidtrack import logs
from aidtrack.domain.actor import Actor
from aidtrack.errors import AidTrackError, Refused, Text
from aidtrack.ui.kinds import Kind, kinds_of
from aidtrack.ui.watching import Watch

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.arrivals import Seen
    from aidtrack.store.database import Database

T = TypeVar("T")
Ask = Callable[["Session", Actor], T]
Then = Callable[[Any], object]
"""Takes the answer. A generator takes it in pieces, one in each turn of the window, until nobody wants it any more."""
Failed = Callable[[BaseException], object]
Progress = Callable[[int, int], object]

_log = logging.getLogger(__name__)
READERS = 2
BUSY_AFTER_MS = 300


class Job:
    """One piece of work under way; `cancel` drops its answer (and stops its process, if it has one).

    Lives and dies in the thread of the window, with everything its callbacks hold: workers know it by its number only.
    """

    def __init__(
        self, owner: QObject, then: Then | None, failed: Failed | None, progress: Progress | None = None
    ) -> None:
        self._owner, self._then, self._failed, self._progress = owner, then, failed, progress
        self.number = next(_ids)
        self.is_cancelled = False
        self.is_done = False
        self.work: Callable[[], Any] | None = None
        self.again: Callable[[], object] | None = None
        self._stop: Callable[[], object] | None = None

    def cancel(self) -> None:
        """Nobody wants the answer any more."""
        self.is_cancelled = True
        if self._stop is not None:
            self._stop()
        _running.discard(self)

    def _is_wanted(self) -> bool:
        return not self.is_cancelled and isValid(self._owner)

    def tell_progress(self, done: int, of: int) -> None:
        """So much of it is done."""
        if self._progress is not None and self._is_wanted():
            self._progress(done, of)

    def deliver(self, answer: object, error: BaseException | None) -> None:
        """The worker is through with it. What is told in pieces is through when the last one is."""
        self._end()
        told = None
        try:
            told = self._tell(answer, error) if self._is_wanted() else None
        finally:
            if isinstance(told, Generator):
                self.is_done = False
                _running.add(self)
                self._go_on(told)
            else:
                self._ask_again()

    def _tell(self, answer: object, error: BaseException | None) -> object:
        if error is not None:
            return (self._failed or on_error)(error)
        return self._then(answer) if self._then is not None else None

    def _go_on(self, pieces: Generator[None]) -> None:
        """One piece, while anybody wants it; the others in turns of the window to come."""
        is_through = True
        try:
            is_through = not self._is_wanted() or next(pieces, self) is self
        finally:
            if is_through:
                self._end()
                self._ask_again()
            else:
                QTimer.singleShot(0, partial(self._go_on, pieces))

    def _end(self) -> None:
        self.is_done = True
        _running.discard(self)

    def _ask_again(self) -> None:
        again, self.again = self.again, None
        if again is not None and self._is_wanted():
            again()


class _Crossing(QObject):
    """Where answers cross from workers to the thread of the window.

    A worker that held the last hold on a job, a callback or an answer would end widgets in its own thread, and the program with them.
    So it takes its work by number, lets go of it, leaves what came of it here and rings.
    """

    _rang = Signal(int)
    _told = Signal(int, int, int)

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[int, Job] = {}
        self._works: dict[int, Callable[[], Any]] = {}
        self._outcomes: dict[int, tuple[Any, BaseException | None]] = {}
        self._rang.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def entrust(self, job: Job, work: Callable[[], Any] | None = None) -> int:
        """The number a worker knows the job by."""
        self._jobs[job.number] = job
        if work is not None:
            job.work = self._works[job.number] = work
        return job.number

    def withdraw(self, number: int) -> None:
        """A job no worker has begun."""
        self._works.pop(number, None)
        self._jobs.pop(number, None)

    def run(self, number: int) -> None:
        """In a worker: does the work, unless nobody wants it any more."""
        work = self._works.pop(number, None)
        wanted = work is not None and not self.is_cancelled(number)
        outcome = _outcome(work) if work is not None and wanted else (None, None)
        del work
        self.post(number, outcome)

    def is_cancelled(self, number: int) -> bool:
        """Whether nobody wants it any more."""
        job = self._jobs.get(number)
        return job is None or job.is_cancelled

    def post(self, number: int, outcome: tuple[Any, BaseException | None]) -> None:
        """In a worker: what came of it, (answer, None) or (None, error)."""
        self._outcomes[number] = outcome
        del outcome
        if isValid(self):
            self._rang.emit(number)

    def tell(self, number: int, done: int, of: int) -> None:
        """In a worker: so much is done."""
        if isValid(self):
            self._told.emit(number, done, of)

    def _deliver(self, number: int) -> None:
        job, outcome = self._jobs.pop(number, None), self._outcomes.pop(number, (None, None))
        if job is not None:
            job.deliver(*outcome)

    def _tell(self, number: int, done: int, of: int) -> None:
        job = self._jobs.get(number)
        if job is not None:
            job.tell_progress(done, of)


def _outcome(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return work(), None
    except AidTrackError as error:
        return None, error
    except Exception as error:
        _log.exception("a job failed")
        return None, error


class _News(QObject):
    """Tells which kinds of things changed, here or at another desk."""

    changed = Signal(object)


class _Desk:
    """What the window works with: database, person, clock of the centre."""

    database: Database | None = None
    actor: Actor | None = None
    zone: tzinfo = ZoneInfo("UTC")
    day: date | None = None


_desk = _Desk()
_running: set[Job] = set()
_latest: dict[tuple[int, str], Job] = {}
_readers: ThreadPoolExecutor | None = None
_writer: ThreadPoolExecutor | None = None
_watch: Watch | None = None
news = _News()
on_error: Failed = lambda error: _log.error("nobody shows errors yet", exc_info=error)  # noqa: E731  replaced by messages
_ids = itertools.count(1)
_crossing = _Crossing()


# ── with what ────────────────────────────────────────────────────────────────────────────────────


def start(database: Database, actor: Actor, *, watch: bool = True) -> None:
    """From now on questions go to this database and are asked by this person."""
    global _readers, _writer, _watch
    _desk.database, _desk.actor = database, actor
    _readers = _readers or ThreadPoolExecutor(READERS, thread_name_prefix="read")
    _writer = _writer or ThreadPoolExecutor(1, thread_name_prefix="write")
    if _watch is None and watch:
        _watch = Watch(database.doorbell(), _Lookout(database, actor), news.changed.emit, _tidy)


def stop() -> None:
    """Waits for what is under way (nothing acknowledged is lost), then lets the workers and the database go."""
    global _readers, _writer, _watch
    if _watch is not None:
        _watch.stop()
    for job in list(_running):
        if job._stop is not None:
            job.cancel()
    for pool in (_writer, _readers):
        if pool is not None:
            pool.shutdown(wait=True)
    _readers = _writer = _watch = None
    _running.clear()
    _latest.clear()
    if _desk.database is not None:
        _desk.database.close()
    _desk.database = _desk.actor = _desk.day = None
    _desk.zone = ZoneInfo("UTC")


def is_started() -> bool:
    """Whether there is a database and somebody who acts."""
    return _desk.database is not None and _desk.actor is not None


def actor() -> Actor:
    """Who acts in this window."""
    if _desk.actor is None:
        raise Refused("nobody-signed-in", Text("Sign in first."))
    return _desk.actor


def use_actor(actor: Actor) -> None:
    """Somebody else acts from now on."""
    _desk.actor = actor


def database() -> Database:
    """The open database, for the few who need it whole (backup, check)."""
    if _desk.database is None:
        raise Refused("nobody-signed-in", Text("Sign in first."))
    return _desk.database


def zone() -> tzinfo:
    """The time zone of the centre's clock on the wall."""
    return _desk.zone


def today() -> date | None:
    """The day of the centre as the frame knows it."""
    return _desk.day


def set_day(day: date | None, zone: tzinfo) -> None:
    """The frame learnt which day it is, and by which clock."""
    _desk.day, _desk.zone = day, zone


def open_database(address: str, key: bytes | None = None) -> Database:
    """Opens a database; StoreTrouble says why not."""
    from aidtrack.store import database as store  # SQLAlchemy is imported only after the window stands

    return store.open_database(address, key=key)


def create_database(address: str, key: bytes | None = None) -> Database:
    """Makes a new, empty database."""
    from aidtrack.store import database as store

    return store.create_database(address, key=key)


# ── work ─────────────────────────────────────────────────────────────────────────────────────────


def read(
    ask: Ask[Any], *, owner: QObject, then: Then | None = None, failed: Failed | None = None, latest: str | None = None
) -> Job:
    """Asks `ask(session, by)` in a reader. `latest`: a newer question of the same owner and name drops the answer of this one."""
    job = Job(owner, then, failed)
    if latest is not None:
        older = _older(owner, latest)
        if older is not None:
            older.cancel()
        _latest[id(owner), latest] = job
    _submit(_readers, job, partial(_read, _watch, ask))
    return job


def _read(watch: Watch | None, ask: Ask[T], base: Database, by: Actor) -> T:
    if watch is not None:
        watch.wait_until_it_began()
    return base.read(lambda session: ask(session, by))


def follow(ask: Ask[Any], *, owner: QObject, then: Then, name: str, failed: Failed | None = None) -> None:
    """Asks for what is shown and may change at any time. Asked while the same question is under way, it shows that answer first and
    asks once more afterwards: where desks save without pause, dropping the older answer would show nothing for as long as they do.
    """
    older = _older(owner, name)
    if older is not None and not older.is_done and not older.is_cancelled:
        older.again = partial(follow, ask, owner=owner, then=then, name=name, failed=failed)
        return
    _latest[id(owner), name] = read(ask, owner=owner, then=then, failed=failed)


def _older(owner: QObject, name: str) -> Job | None:
    older = _latest.get((id(owner), name))
    return older if older is not None and older._owner is owner else None


def write(
    do: Ask[Any],
    *,
    owner: QObject,
    then: Then | None = None,
    failed: Failed | None = None,
    busy: QObject | None = None,
) -> Job:
    """Runs `do(session, by)` in the one writer and commits. `busy` (a button) is disabled until the answer is there."""
    job = Job(owner, _and_look(then, busy), _and_free(failed, busy))
    if busy is not None:
        _set_enabled(busy, False)
    _submit(_writer, job, lambda base, by: base.write(lambda session: do(session, by)))
    return job


def run(do: Callable[[], T], *, owner: QObject, then: Then | None = None, failed: Failed | None = None) -> Job:
    """Runs something slow without a database (opening one, deriving a key) in a reader."""
    global _readers
    if _readers is None:
        _readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
    job = Job(owner, then, failed)
    _running.add(job)
    _readers.submit(_crossing.run, _crossing.entrust(job, do))
    return job


def _submit(pool: ThreadPoolExecutor | None, job: Job, work: Callable[[Database, Actor], Any]) -> None:
    _running.add(job)
    base, by = _desk.database, _desk.actor
    if pool is None or base is None or by is None:
        _crossing.post(_crossing.entrust(job), (None, Refused("nobody-signed-in", Text("Sign in first."))))
        return
    future = pool.submit(_crossing.run, _crossing.entrust(job, partial(work, base, by)))
    if pool is not _writer:  # a write once asked for is done, whoever has gone meanwhile
        job._stop = partial(_take_back, future, job.number)


def _take_back(future: Future[None], number: int) -> None:
    if future.cancel():
        _crossing.withdraw(number)


def _and_look(then: Then | None, busy: QObject | None) -> Then:
    def deliver(answer: Any) -> object:
        if busy is not None:
            _set_enabled(busy, True)
        look()
        return then(answer) if then is not None else None

    return deliver


def _and_free(failed: Failed | None, busy: QObject | None) -> Failed:
    def deliver(error: BaseException) -> None:
        if busy is not None:
            _set_enabled(busy, True)
        (failed or on_error)(error)

    return deliver


def _set_enabled(widget: QObject, enabled: bool) -> None:
    if isValid(widget):
        widget.setProperty("enabled", enabled)


# ── papers and spreadsheets, in a process of their own ───────────────────────────────────────────


def paper(
    make: Callable[..., T],
    *args: Any,
    owner: QObject,
    then: Then | None = None,
    failed: Failed | None = None,
    progress: Progress | None = None,
) -> Job:
    """Runs `make(*args)` in a spawned process: a PDF made in a thread would make the window stutter.

    `make` stands at the top of a module and its arguments can be pickled. A function that takes a keyword `progress`
    is given one when the caller wants to know: `progress(done, of)`.
    """
    job = Job(owner, then, failed, progress)
    _running.add(job)
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_in_process, args=(there, make, args, progress is not None), daemon=True
    )
    job._stop = lambda: process.kill() if process.pid is not None else None
    threading.Thread(
        target=_follow, args=(_crossing.entrust(job), process, here, there), daemon=True, name="paper"
    ).start()
    return job


def _in_process(pipe: Connection, make: Callable[..., Any], args: tuple[Any, ...], with_progress: bool) -> None:
    """In the other process."""
    told = {"progress": lambda done, of: pipe.send(("progress", (done, of)))} if with_progress else {}
    try:
        answer = ("answer", make(*args, **told))
    except AidTrackError as error:
        answer = ("error", error)
    except Exception as error:
        _log.exception("a paper failed")
        answer = ("error", logs.Elsewhere(logs.trace_of(error)))  # a traceback does not cross, nor must a value
    pipe.send(answer)
    pipe.close()


def _follow(number: int, process: SpawnProcess, here: Connection, there: Connection) -> None:
    """In a thread: waits for the process and passes on what it says."""
    stopped = Refused("paper-stopped", Text("The paper was not made: its process ended. Try again."))
    try:
        process.start()
    except OSError:
        _log.exception("a process could not be started")
        _crossing.post(number, (None, stopped))
        return
    if _crossing.is_cancelled(number):
        process.kill()
    there.close()
    _crossing.post(number, _heard(number, here) or (None, stopped))
    process.join()
    here.close()


def _heard(number: int, here: Connection) -> tuple[Any, BaseException | None] | None:
    """What the process says last; None when it ended without a word."""
    try:
        while True:
            what, value = here.recv()
            if what != "progress":
                return (value, None) if what == "answer" else (None, value)
            _crossing.tell(number, *value)
    except EOFError:
        return None


# ── what changed ─────────────────────────────────────────────────────────────────────────────────


class _Lookout:
    """In the thread of the watch: which kinds were saved since it was asked last. None when the database does not answer.

    What was saved before it was asked first is no news to anybody, for pages ask after that; only when that first time failed, everybody
    looks again.
    """

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database, self._actor = database, actor
        self._seen: Seen | None = None
        self._has_failed = False

    def __call__(self) -> frozenset[Kind] | None:
        is_late = self._seen is None and self._has_failed
        found, error = _outcome(lambda: self._database.read(self._look))
        if error is not None and not self._has_failed:
            _log.warning("looking for news failed", exc_info=error)
        self._has_failed = error is not None
        return frozenset(Kind) if is_late and error is None else found

    def _look(self, session: Session) -> frozenset[Kind]:
        from aidtrack.services import journal

        if self._seen is None:
            self._seen = journal.seen_until_now(session, self._actor)
            return frozenset()
        rows = journal.touched(session, self._actor, self._seen)
        self._seen = self._seen.having({arrival for arrival, _ in rows})
        return kinds_of(table for _, table in rows if table is not None)


def _tidy() -> None:
    """The log goes into the file when nobody has saved for a while, so that no save has to wait for it."""
    _submit(_writer, Job(news, None, _on_untidy), lambda base, by: base.checkpoint())


def _on_untidy(error: BaseException) -> None:
    _log.warning("the log stays beside the file for now", exc_info=error)


def look() -> None:
    """Looks for news now instead of when the bell rings."""
    if _watch is not None:
        _watch.look()


def wait_all(timeout_ms: int = 60_000) -> bool:
    """Runs the window's events until nothing is under way; for tests and screenshots only."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop
    from PySide6.QtWidgets import QApplication

    end = QDeadlineTimer(timeout_ms)
    while not end.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if not _is_busy():
            QApplication.processEvents()
            if not _is_busy():
                return True
    return False


def _is_busy() -> bool:
    return bool(_running) or (_watch is not None and _watch.is_looking)
