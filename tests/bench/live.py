"""The window while four other desks work: when a number given elsewhere is seen here, and what the window's own thread spends on it.

Drives the real pages Queue and Desk, off-screen, on both databases; every event of the window is a handler. Gaps by the clock on the wall
also count whatever else the computer does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from sqlalchemy import select

from aidtrack.domain.access import Role
from aidtrack.services.queueing import QueueBoard
from aidtrack.store.database import create_database, open_database
from aidtrack.store.people import Card
from aidtrack.ui import jobs, rings, sound, theme
from aidtrack.ui.application import PAGES, _import_ahead, _import_pages
from aidtrack.ui.furnish import names, pieces
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.page import Key
from tests import cluster
from tests.bench.handlers import Handlers, WatchedApplication, application
from tests.bench.measures import Figure, percentile
from tests.e2e import race
from tests.e2e.console import ROOT
from tests.e2e.desk import actor_at

DESKS, SECONDS, ACT_EVERY_MS = 4, 20.0, 220
SEEN_MS, GAP_MS = 1000, 50
SHOWN = ("desk", "queue")


@dataclass
class Watch:
    """What the heart of the window tells: time on the wall between two beats, what each handler took, and when numbers were seen."""

    handlers: Handlers = field(default_factory=Handlers)
    wall: list[float] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)
    since: float = 0.0
    until: float = 0.0
    _wall: float = 0.0

    def begin(self) -> None:
        self._wall = time.perf_counter()

    def beat(self) -> None:
        now = time.perf_counter()
        self.wall.append(now - self._wall)
        self._wall = now

    def look(self, board: QueueBoard) -> None:
        now = time.time()
        for lane in board.lanes:
            for row in lane.line:
                self.seen.setdefault(row.label.replace(" ", ""), now)


def living() -> list[Figure]:
    """Both databases, one after the other; without PostgreSQL only the file."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "live.db"
        create_database(path).close()
        figures += _measured("SQLite", str(path))
    if cluster.programs() is not None:
        with _server() as address:
            figures += _measured("PostgreSQL", address)
    return figures


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder)
        run.chmod(0o755)
        try:
            cluster.ask(run, "CREATE DATABASE live")
            address = cluster.address_of(run, "live")
            create_database(address).close()
            yield address
        finally:
            cluster.stop(run)


def _measured(kind: str, address: str) -> list[Figure]:
    race.prepare(address, 100_000)
    busy = [_desk(address, window) for window in range(2, 2 + DESKS)]
    teller = _desk(address, 2 + DESKS, "--tell")
    assert teller.stdout is not None
    for one in (*busy, teller):
        assert one.stdout is not None
        one.stdout.readline()  # it has begun
    watch = _window_at_work(address)
    for one in (*busy, teller):
        one.terminate()
    told = teller.communicate(timeout=60)[0]
    for one in busy:
        one.communicate(timeout=60)
    saved = dict(line.split() for line in told.splitlines())
    late = [
        watch.seen[label] - float(at)
        for label, at in saved.items()
        if watch.since < float(at) < watch.until and label in watch.seen
    ]
    return [
        Figure(f"{kind}: number given at one desk seen at another, p50 of {len(late)}", percentile(late, 0.5), "ms"),
        Figure("… p99", percentile(late, 0.99), "ms", SEEN_MS),
        *watch.handlers.figures(f"{kind}, Desk and Queue"),
        Figure(
            f"{kind}: gap of the window by the clock, {DESKS} busy desks, p99",
            percentile(watch.wall, 0.99),
            "ms",
            GAP_MS,
        ),
    ]


def _desk(address: str, window: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.busy_desk", address, str(window), *more]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True)


def _window_at_work(address: str) -> Watch:
    """The pages Queue and Desk by turns: digits, F5, F6, scans and F9, as fast as a practised hand. Imports, made pages and the collector
    are as the program has them: with Python's own a round of it held everything for a sixth of a second."""
    from aidtrack.ui.pages.queue import QueuePage

    app = application()
    theme.apply(app)
    sound.use(lambda _sound: None)
    collector = rings.RingCollector(app)
    entries = [entry for entry in PAGES if entry.name in SHOWN]
    _import_ahead()
    _import_pages(SHOWN)
    database = open_database(address)
    by = database.read(lambda s: actor_at(s, 1))
    jobs.start(database, replace(by, roles=frozenset({Role.COORDINATOR})))
    cards = database.read(lambda s: list(s.scalars(select(Card.number).limit(40))))
    window = MainWindow(entries)
    window.show()
    for _ in chain(names(), *(pieces(window, name) for name in SHOWN)):
        QCoreApplication.processEvents()
    window.start(jobs.actor())
    page = window.page("queue")
    assert isinstance(page, QueuePage)
    watch, shown = Watch(), page._show_board

    def show(board: QueueBoard) -> None:
        shown(board)
        watch.look(board)

    page._show_board = show  # type: ignore[method-assign]
    window.show_page("desk")
    window.show_page("queue")
    jobs.wait_all()
    watch.seen.clear()
    watch.since = time.time()
    _look_on()
    watch.until = time.time() - SEEN_MS / 1000
    _act(app, window, cards, watch)
    window.close()
    jobs.stop()
    collector.deleteLater()
    return watch


def _look_on() -> None:
    """The page Queue lies open, and nobody touches it."""
    loop = QEventLoop()
    QTimer.singleShot(int(SECONDS * 1000), loop.quit)
    loop.exec()


def _do(window: MainWindow, deed: str, steps: int, card: str) -> None:
    match deed:
        case "queue" | "desk":
            window.show_page(deed)
        case "digit":
            window._tell_in_front("on_digit", 1 + steps % 4)
        case "scan" | "scan at the door":
            window.scanner.scanned.emit(card)
        case "F5":
            window.press(Key.NEXT)
        case "F6":
            window.press(Key.NOT_HERE)
        case _:
            window.press(Key.MAIN)


def _act(app: WatchedApplication, window: MainWindow, cards: list[str], watch: Watch) -> None:
    """Everything in turn, once every fifth of a second, while the heart beats as often as it can."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        window._ran.clear()
        deeds = ("queue", "digit", "scan at the door", "F5", "F6", "desk", "scan", "F9", "queue", "F5", "desk", "F5")
        watch.handlers.doing = deeds[steps % len(deeds)]
        _do(window, watch.handlers.doing, steps, cards[steps % len(cards)])

    heart, hand = QTimer(), QTimer()
    heart.setTimerType(Qt.TimerType.PreciseTimer)
    heart.timeout.connect(watch.beat)
    hand.timeout.connect(step)
    loop = QEventLoop()
    QTimer.singleShot(int(SECONDS * 1000), loop.quit)
    watch.begin()
    heart.start(1)
    hand.start(ACT_EVERY_MS)
    app.handlers = watch.handlers
    loop.exec()
    app.handlers = None
    heart.stop()
    hand.stop()
    QCoreApplication.processEvents()
