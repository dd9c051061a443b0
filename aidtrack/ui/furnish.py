"""Makes the pages of the rail piece by piece while nobody presses anything, so that opening one is as quick the first time as later.

Owns when; which pages there are and what they are made of is the window's business and theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from aidtrack.domain.actor import Actor
from aidtrack.ui import rings
from aidtrack.ui.frame import more
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.page import Page

PAUSE_MS = 20
"""Between two pieces; a key that was pressed meanwhile comes first."""
STILL_S = 1.0
"""So long nobody pressed anything before a page is made."""
AT_ONCE = 30
"""Parts that get their looks in one piece."""
NAMES_AT_ONCE = 10
"""Of Qt's, a millisecond at most."""


def names() -> Iterator[None]:
    """Asks for every name of Qt. PySide makes a class and its enumerations when somebody first needs them, and the first list needs a
    hundred: that would take it as long as all the rest of its page."""
    for module in (QtCore, QtGui, QtWidgets):
        for n, name in enumerate(dir(module), 1):
            getattr(module, name)
            if n % NAMES_AT_ONCE == 0:
                rings.keep_what_is_loaded()
                yield


def pieces(window: MainWindow, name: str) -> Iterator[None]:
    """Makes a page, and has what it hides for now look as it should: else all of that is done when the first family is shown.
    A page that goes meanwhile with somebody's rights is left as it is."""
    page = window.begun_page(name)
    if page is None or page.is_whole:
        return
    for _ in _made(window, page):
        yield
        if not isValid(page):
            return


def _made(window: MainWindow, page: Page) -> Iterator[None]:
    yield
    while page.make_piece():
        yield
    for n, part in enumerate(page.findChildren(QWidget)):
        part.ensurePolished()
        if n % AT_ONCE == AT_ONCE - 1:
            yield
    yield
    page.resize(window.pages.size())
    page.root.activate()
    yield
    rings.settle()


def first_pieces(window: MainWindow, actor: Actor) -> Iterator[None]:
    """What stands behind the door before it opens for this person."""
    window.show_rail(actor)
    yield
    yield from _question(window)
    yield from pieces(window, window.first_page(actor))


def _question(window: MainWindow) -> Iterator[None]:
    """One that nobody sees: the looks of an answer are found once, and the first F7 need not do that beside all its rows."""
    question = more.made(window, ())
    for part in (question, *question.findChildren(QWidget)):
        part.ensurePolished()
    yield
    question.deleteLater()
    yield


class Furnishing(QObject):
    """`begin` after somebody came in; it ends by itself. `make_first` before: the page they will see."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._work: Iterator[None] = iter(())
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._go_on)
        window.somebody_active.connect(self._on_active)

    def begin(self) -> None:
        """All pages of whoever is here now."""
        made = chain.from_iterable(pieces(self._window, name) for name in self._window.rail.names())
        self._work = chain(made, rings.taking_apart())
        self._timer.start()

    def make_names(self) -> None:
        """What every page needs, while the name and the password are typed."""
        self._make(names(), lambda: None)

    def make_first(self, actor: Actor, then: Callable[[], object]) -> None:
        """The page this person will see first, a blink at a time behind the door; `then` it opens."""
        self._timer.stop()
        self._make(first_pieces(self._window, actor), then)

    def _make(self, work: Iterator[None], then: Callable[[], object]) -> None:
        if next(work, self) is self:
            then()
        else:
            QTimer.singleShot(0, self, lambda: self._make(work, then))

    def _on_active(self) -> None:
        self._last = time.monotonic()

    def _go_on(self) -> None:
        if time.monotonic() - self._last < STILL_S or self._window.is_locked():
            return
        if next(self._work, self) is self:
            self._timer.stop()
