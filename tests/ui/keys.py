"""Counting what the daily tasks cost a person: keys pressed, letters typed, codes scanned, beside the budget and what is recorded.

A record may only go down: a script that costs more fails, one that costs less asks for the lower number here. `make bench` prints
the table: the scripts write what they counted into the file named by `AIDTRACK_KEY_COUNTS`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

from aidtrack.domain.actor import Actor
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.main_window import MainWindow
from tests.factories import Team
from tests.ui.test_desk import Hand
from tests.ui.typing import press, scan, type_text

PATIENCE_MS = 60_000
"""Papers are made in a process of their own, which starts slowly on a busy machine."""
COUNTS_FILE = "AIDTRACK_KEY_COUNTS"
NOTHING_HELD = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class Cost:
    """What one run of a task takes. A chord is one key; the facts are the letters of names, numbers and dates."""

    scans: int
    keys: int
    typed: int

    def is_within(self, budget: Cost) -> bool:
        """Scans and keys decide; how long a name is, no program can help."""
        return self.scans <= budget.scans and self.keys <= budget.keys


@dataclass(frozen=True)
class Task:
    """A daily task: what it may cost and what it was measured to cost."""

    words: str
    budget: Cost
    recorded: Cost


TASKS = {
    "serve": Task("1 serve a family, with card", Cost(1, 1, 0), Cost(1, 1, 0)),
    "serve-name": Task("1 serve a family, without card", Cost(0, 3, 11), Cost(0, 3, 8)),
    "serve-three": Task("1 serve three families, one collector", Cost(3, 1, 0), Cost(3, 1, 0)),
    "serve-three-first": Task("1 … whom nobody has asked today", Cost(3, 2, 0), Cost(3, 2, 0)),
    "register-quick": Task("2 register four people, quick", Cost(0, 8, 28), Cost(0, 8, 27)),
    "register-full": Task("2 register four people, full", Cost(0, 19, 65), Cost(0, 19, 82)),
    "issue-card": Task("3 issue a number, with card", Cost(1, 0, 0), Cost(1, 0, 0)),
    "issue": Task("3 issue a number, without card", Cost(0, 1, 0), Cost(0, 1, 0)),
    "call": Task("3 call the next number", Cost(0, 1, 0), Cost(0, 1, 0)),
    "lorry": Task("4 receive a lorry of five, typed", Cost(0, 21, 60), Cost(0, 21, 62)),
    "close": Task("5 close the day that balances", Cost(0, 2, 0), Cost(0, 2, 0)),
    "close-and-print": Task("5 close, print all papers, back up", Cost(0, 3, 0), Cost(0, 3, 0)),
    "print-again": Task("5 print the evening again", Cost(0, 3, 0), Cost(0, 3, 0)),
}


class Place(Protocol):
    """A window at which hands work."""

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NOTHING_HELD) -> None: ...

    def write(self, text: str) -> None: ...

    def scan_code(self, code: str) -> None: ...

    def settle(self) -> None: ...


P = TypeVar("P", bound=Place)


class MouseWatch(QObject):
    """Counts mouse buttons pressed anywhere in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.clicks = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.clicks += event.type() == QEvent.Type.MouseButtonPress
        return False


class Hands(Generic[P]):
    """Counts what a person does: keys pressed, letters typed, codes scanned, and that no mouse was needed."""

    def __init__(self, at: P) -> None:
        self.at = at
        self.keys = self.typed = self.scans = 0
        self.mouse = MouseWatch()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self.mouse)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NOTHING_HELD) -> None:
        """One key, or one chord."""
        self.keys += 1
        self.at.key(key, held)

    def digit(self, digit: str) -> None:
        """A digit that chooses; it waits until a scan is ruled out."""
        self.keys += 1
        self.at.write(digit)
        self.at.settle()

    def write(self, text: str) -> None:
        """A fact, letter by letter where the cursor stands."""
        self.typed += len(text)
        self.at.write(text)
        self.at.settle()

    def fact(self, text: str, then: Qt.Key = Qt.Key.Key_Return) -> None:
        """A fact and the key that leaves it."""
        self.write(text)
        self.key(then)

    def scan(self, code: str) -> None:
        """A code before the scanner."""
        self.scans += 1
        self.at.scan_code(code)

    def told(self, name: str) -> None:
        """The task is done: what it cost is told, and must be what is recorded."""
        cost, task = Cost(self.scans, self.keys, self.typed), TASKS[name]
        _tell(name, cost)
        assert self.mouse.clicks == 0
        assert cost == task.recorded, f"{task.words}: {cost} (more is a step back, less is to be recorded)"


def _tell(name: str, cost: Cost) -> None:
    if os.environ.get(COUNTS_FILE):
        with Path(os.environ[COUNTS_FILE]).open("a", encoding="utf-8") as counts:
            counts.write(json.dumps({"task": name, **asdict(cost)}) + "\n")


def read_counts(path: Path) -> dict[str, Cost]:
    """What the scripts told, by task."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return {line.pop("task"): Cost(**line) for line in lines}


@dataclass
class Work:
    """The whole window with every page of a role, over a database."""

    window: MainWindow
    database: Database
    by: Team
    hand: Hand

    def settle(self) -> None:
        """Waits until nothing is under way."""
        assert jobs.wait_all(PATIENCE_MS)
        QApplication.processEvents()
        assert jobs.wait_all(PATIENCE_MS)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NOTHING_HELD) -> None:
        """One key where the cursor is, and what follows from it."""
        self.hand.rest()
        self.window._ran.clear()  # a test types faster than a hand: the guard against trembling fingers has its own test
        press(QApplication.focusWidget() or self.window, key, held)
        self.settle()

    def write(self, text: str) -> None:
        """Letters typed by a hand."""
        for letter in text:
            self.hand.rest()
            type_text(None, letter)

    def scan_code(self, code: str) -> None:
        """A code comes in one burst, a while after the last key."""
        self.hand.rest()
        scan(None, code)
        self.settle()


def at_work(
    window: MainWindow, database: Database, by: Team, actor: Actor, wait: Callable[[Callable[[], bool]], None]
) -> Work:
    """The window shown to `actor`, active, and quiet."""
    window.show()
    window.start(actor)
    window.activateWindow()
    wait(lambda: QApplication.activeWindow() is window)
    hand = Hand()
    window.scanner.pace.clock = hand
    made = Work(window, database, by, hand)
    made.settle()
    return made
