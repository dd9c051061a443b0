"""Every page of the window at twenty past eleven of the demonstration day: made, opened, told of news, and its keys pressed, as in service.

What is done for the first time counts like the rest. The pages are made before, as the program does while nobody presses anything:
each piece of that is a handler too.
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
from aidtrack.domain.actor import Actor
from aidtrack.store.database import Database
from aidtrack.store.days import Desk
from aidtrack.store.people import Card
from aidtrack.ui import jobs, rings, sound, theme
from aidtrack.ui.application import PAGES, _import_ahead, _import_pages
from aidtrack.ui.furnish import first_pieces, names, pieces
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
        _import_ahead()
        _import_pages([entry.name for entry in PAGES])
        window, by = _window(database, moment)
        figures = [*_coming_in(app, window, by), *_furnishing(app, window)]
        cards = database.read(lambda s: list(s.scalars(select(Card.number).limit(40))))
        figures += [one for entry in PAGES for one in _figures(app, window, entry.name, cards)]
        figures += _leaving(app, window)
        window.close()
        jobs.stop()
        collector.deleteLater()
        return figures


def _window(database: Database, moment: Moment) -> tuple[MainWindow, Actor]:
    """Somebody who may do everything is about to sit down at the first window."""
    desk = database.read(lambda s: s.scalars(select(Desk.id).order_by(Desk.number)).first())
    by = replace(moment.people["Ольга К."], roles=frozenset({Role.COORDINATOR}), desk_id=desk)
    jobs.start(database, by)
    window = MainWindow(PAGES)
    window.resize(1366, 768)
    window.show()
    QApplication.processEvents()
    return window, by


def _coming_in(app: WatchedApplication, window: MainWindow, by: Actor) -> list[Figure]:
    """The first page after the name and the password, made and shown."""
    handlers = Handlers()
    for _ in _watched(app, handlers, "named", names()):
        pass
    for _ in _watched(app, handlers, "made", first_pieces(window, by)):
        pass
    _do(app, handlers, "shown", lambda: window.start(by))
    return [*handlers.figures("the first page after signing in"), Figure("… all of it", sum(handlers.seconds) * 1000, "ms")]


def _furnishing(app: WatchedApplication, window: MainWindow) -> list[Figure]:
    """All others, while nobody presses anything."""
    handlers = Handlers()
    for entry in PAGES:
        for _ in _watched(app, handlers, entry.name, pieces(window, entry.name)):
            pass
    return handlers.figures("pages made ahead, piece by piece")


def _leaving(app: WatchedApplication, window: MainWindow) -> list[Figure]:
    """Somebody with other rights comes, and all pages go."""
    handlers = Handlers()
    for name in list(window._pages):
        _do(app, handlers, f"{name} goes", lambda name=name: window._drop_page(name))  # type: ignore[misc]
    for _ in _watched(app, handlers, "taken apart", rings.taking_apart()):
        pass
    return handlers.figures("pages taken apart")


def _watched(app: WatchedApplication, handlers: Handlers, doing: str, work: Iterator[None]) -> Iterator[None]:
    """Each piece as a handler of its own."""
    ended: list[bool] = []
    while not ended:
        _do(app, handlers, doing, lambda: ended.append(True) if next(work, work) is work else None)
        yield


def _do(app: WatchedApplication, handlers: Handlers, doing: str, do: Callable[[], object]) -> None:
    """As an event like a key, with all that comes of it."""
    handlers.doing = doing
    QTimer.singleShot(0, do)
    app.handlers = handlers
    _pause()
    jobs.wait_all()
    app.handlers = None


def _figures(app: WatchedApplication, window: MainWindow, name: str, cards: list[str]) -> list[Figure]:
    handlers = Handlers()
    for round_ in range(ROUNDS):
        for step, do in _steps(window, name, cards[round_ * 4 :]):
            _do(app, handlers, step if round_ else f"{step}, the first time", do)
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
