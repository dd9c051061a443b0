"""Every page of the window at twenty past eleven of the demonstration day: opened, told of news, and its keys pressed, as in service.

The pages are made before, as the program does while nobody presses anything.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from aidtrack.domain.access import Role
from aidtrack.store.database import Database
from aidtrack.store.days import Desk
from aidtrack.store.people import Card
from aidtrack.ui import jobs, rings, sound, theme
from aidtrack.ui.application import PAGES
from aidtrack.ui.furnish import make_ready
from aidtrack.ui.kinds import Kind
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.page import Key
from tests.bench.handlers import Handlers, WatchedApplication, application
from tests.bench.measures import Figure
from tests.screenshots.day import Moment, late_morning

ROUNDS = 3
PAUSE_MS = 60
NAME = "тка"
FULL_NAME = "Ткаченко Мария"
Step = tuple[str, Callable[[], object]]


def turning() -> list[Figure]:
    """The longest handler of each page."""
    with tempfile.TemporaryDirectory() as folder:
        moment = late_morning(Path(folder) / "day")
        app = application()
        theme.apply(app)
        sound.use(lambda _sound: None)
        collector = rings.RingCollector(app)
        database = moment.open()
        window = _furnished(database, moment)
        cards = database.read(lambda s: list(s.scalars(select(Card.number).limit(40))))
        figures = [one for entry in PAGES for one in _figures(app, window, entry.name, cards)]
        window.close()
        jobs.stop()
        collector.deleteLater()
        return figures


def _furnished(database: Database, moment: Moment) -> MainWindow:
    """Somebody who may do everything sits at the first window; all pages stand, each was seen once."""
    desk = database.read(lambda s: s.scalars(select(Desk.id).order_by(Desk.number)).first())
    by = replace(moment.people["Ольга К."], roles=frozenset({Role.COORDINATOR}), desk_id=desk)
    jobs.start(database, by)
    window = MainWindow(PAGES)
    window.resize(1366, 768)
    window.show()
    window.start(by)
    for entry in PAGES:
        make_ready(window, entry.name)
        window.show_page(entry.name)
        jobs.wait_all()
    rings.settle()
    return window


def _figures(app: WatchedApplication, window: MainWindow, name: str, cards: list[str]) -> list[Figure]:
    handlers = Handlers()
    for round_ in range(ROUNDS):
        for step, do in _steps(window, name, cards[round_ * 4 :]):
            handlers.doing = step
            QTimer.singleShot(0, do)  # so that what is done is an event like a key
            app.handlers = handlers
            _pause()
            jobs.wait_all()
            app.handlers = None
    return handlers.figures(name)


def _steps(window: MainWindow, name: str, cards: list[str]) -> Iterator[Step]:
    other = "day" if name != "day" else "queue"
    yield "another page", lambda: window.show_page(other)
    yield "opened", lambda: window.show_page(name)
    yield "news of everything", lambda: jobs.news.changed.emit(frozenset(Kind))
    if name in ("desk", "queue"):
        yield from _at_the_window(window, name, cards)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        yield f"{key.name}", lambda key=key: _press(key)  # type: ignore[misc]
    yield "F7", lambda: _key(window, Key.MORE)
    yield "Esc", lambda: _press(Qt.Key.Key_Escape)


def _at_the_window(window: MainWindow, name: str, cards: list[str]) -> Iterator[Step]:
    yield "a card", lambda: window.scanner.scanned.emit(cards[0])
    if name == "queue":
        yield "a digit", lambda: window._tell_in_front("on_digit", 1)
        yield "F5", lambda: _key(window, Key.NEXT)
        yield "F6", lambda: _key(window, Key.NOT_HERE)
        return
    yield "F9", lambda: _key(window, Key.MAIN)
    yield "another card", lambda: window.scanner.scanned.emit(cards[1])
    yield "F2", lambda: _key(window, Key.FIND)
    for letter in NAME:
        yield "a letter in Find", lambda letter=letter: _press(Qt.Key(0), letter)  # type: ignore[misc]
    yield "Enter in Find", lambda: _press(Qt.Key.Key_Return)
    yield "F3", lambda: _key(window, Key.NEW)
    for letter in FULL_NAME:
        yield "a letter in New family", lambda letter=letter: _press(Qt.Key(0), letter)  # type: ignore[misc]
    yield "Enter in New family", lambda: _press(Qt.Key.Key_Return)
    yield "Esc in New family", lambda: _press(Qt.Key.Key_Escape)


def _key(window: MainWindow, key: Key) -> None:
    window._ran.clear()
    window.press(key)


def _press(key: Qt.Key, letter: str = "") -> None:
    target = QApplication.activeModalWidget() or QApplication.focusWidget()
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        if target is not None:
            QApplication.sendEvent(target, QKeyEvent(kind, key.value, Qt.KeyboardModifier.NoModifier, letter))


def _pause() -> None:
    loop = QEventLoop()
    QTimer.singleShot(PAUSE_MS, loop.quit)
    loop.exec()
