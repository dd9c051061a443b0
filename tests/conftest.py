"""What every test gets: a real database of either kind, a centre and its people, and no noise that goes unnoticed."""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from aidtrack.demo import write_day
from aidtrack.store.database import Database, create_database, open_database
from tests import cluster
from tests.factories import Centre, SettableClock, Team, make_centre, make_team

# How long an example takes on a busy machine says nothing about a rule: speed is measured in tests/bench.
hypothesis.settings.register_profile("rules", deadline=None)
hypothesis.settings.load_profile("rules")

RUN = "AIDTRACK_TEST_RUN"
ROOM = 4 << 30
KINDS = ("sqlite", "postgres")


# ── one run: a folder for template databases and the cluster ─────────────────────────────────────


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the run makes its folder; workers find it in the environment."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="aidtrack-tests-", dir=_quick_place()))
        folder.chmod(0o755)
        config.option.basetemp = config.option.basetemp or str(folder / "tmp")
        os.environ[RUN] = str(folder)
        os.environ["AIDTRACK_HOME"] = str(folder / "home")


def _quick_place() -> Path | None:
    """Memory, where there is enough: thousands of small databases are synced to disk for nobody; else the usual place."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Workers are gone by now: the cluster and the templates go too."""
    if not hasattr(config, "workerinput") and RUN in os.environ:
        folder = Path(os.environ.pop(RUN))
        cluster.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this run, shared by its workers."""
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def template_file(run_folder: Path) -> Path:
    """An empty SQLite database, migrated once a run."""
    template = run_folder / "template.db"
    with cluster.only_one(run_folder / "template.lock"):
        if not template.exists():
            making = run_folder / "making.db"
            create_database(making).close()
            making.rename(template)
    return template


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Path:
    """The run's PostgreSQL with an empty migrated template; skips where there is none, fails where there must be one."""
    if cluster.programs() is None:
        reason = "PostgreSQL is not installed: `make test` installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with cluster.only_one(run_folder / "postgres.lock"):
        done = run_folder / "postgres.done"
        if not done.exists():
            cluster.ask(run_folder, "CREATE DATABASE aidtrack_template")
            create_database(cluster.address_of(run_folder, "aidtrack_template")).close()
            done.touch()
    return run_folder


@pytest.fixture(scope="session")
def demo_template(run_folder: Path) -> Path:
    """The demonstration day, played once a run; tests work on copies."""
    played = run_folder / "demo.db"
    with cluster.only_one(run_folder / "demo.lock"):
        if not played.exists():
            database = create_database(run_folder / "playing.db")
            write_day(database)
            database.close()
            (run_folder / "playing.db").rename(played)
    return played


# ── one test: a database, a centre, people ───────────────────────────────────────────────────────


@pytest.fixture
def database_file(template_file: Path, tmp_path: Path) -> Path:
    """A fresh SQLite database, not opened."""
    return Path(shutil.copyfile(template_file, tmp_path / "centre.db"))


@pytest.fixture
def demo_file(demo_template: Path, tmp_path: Path) -> Path:
    """A copy of the evening of the demonstration day."""
    return Path(shutil.copyfile(demo_template, tmp_path / "demo.db"))


@pytest.fixture
def postgres_address(postgres: Path) -> Iterator[str]:
    """A fresh PostgreSQL database, not opened; dropped after the test."""
    name = f"t_{os.getpid()}_{os.urandom(4).hex()}"
    cluster.ask(postgres, f"CREATE DATABASE {name} TEMPLATE aidtrack_template STRATEGY file_copy")
    yield cluster.address_of(postgres, name)
    cluster.ask(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=KINDS)
def database_address(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database: the test runs once on a SQLite file and once on PostgreSQL."""
    return str(request.getfixturevalue("database_file" if request.param == "sqlite" else "postgres_address"))


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """A fresh open database: the test runs once on SQLite and once on PostgreSQL."""
    opened = open_database(database_address)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(database_file: Path) -> Iterator[Database]:
    """A fresh open SQLite database, for what does not depend on the kind."""
    opened = open_database(database_file)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SettableClock:
    """Eight o'clock on 12 August 2024; `clock.forward(minutes=5)` moves it."""
    return SettableClock()


def _whichever(request: pytest.FixtureRequest) -> Database:
    """The database the test asked for, so that `centre` and `by` fit both `database` and `sqlite_database`."""
    name = "database" if "database" in request.fixturenames else "sqlite_database"
    opened: Database = request.getfixturevalue(name)
    return opened


@pytest.fixture
def centre(request: pytest.FixtureRequest, clock: SettableClock) -> Centre:
    """A centre with two windows and a shelf in the test's database."""
    return _whichever(request).write(lambda session: make_centre(session, clock))


@pytest.fixture
def by(request: pytest.FixtureRequest, clock: SettableClock, centre: Centre) -> Team:
    """The people of the centre: by.coordinator, by.registrar, by.distributor, by.storekeeper …"""
    return _whichever(request).write(lambda session: make_team(session, clock, centre))


# ── no noise ─────────────────────────────────────────────────────────────────────────────────────


class ExpectedLogs(logging.Handler):
    """Warnings and errors logged during a test. What a test means to provoke it allows by a pattern."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []
        self.patterns: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def allow(self, pattern: str) -> None:
        """Records that match are meant to happen."""
        self.patterns.append(pattern)

    def surprises(self) -> list[str]:
        return [record for record in self.records if not any(re.search(p, record) for p in self.patterns)]


@pytest.fixture(autouse=True)
def logs() -> Iterator[ExpectedLogs]:
    """A warning or an error in the log that the test did not allow fails the test."""
    watcher = ExpectedLogs()
    _hear_everything()
    logging.getLogger().addHandler(watcher)
    yield watcher
    logging.getLogger().removeHandler(watcher)
    assert watcher.surprises() == []


def _hear_everything() -> None:
    """No test before, and no library it loaded, has muted a logger of ours: a watcher that hears nothing would find nothing."""
    logging.disable(logging.NOTSET)
    ours = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "aidtrack"]
    for logger in (logging.getLogger(), *map(logging.getLogger, ours)):
        logger.disabled, logger.propagate = False, True
        if logger.level > logging.WARNING:
            logger.setLevel(logging.WARNING)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """The program has no network but the configured database: a connection beyond loopback is a bug."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a connection to {address[0]}")
        connect(self, address)

    socket.socket.connect = only_loopback  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
