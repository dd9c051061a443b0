"""Makes the pages of the rail one after another while nobody presses anything, so that opening one is as quick the first time as later.

Owns when; which pages there are and what they show is the window's business.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from aidtrack.ui import rings
from aidtrack.ui.main_window import MainWindow

PAUSE_MS = 250
STILL_S = 1.0
"""So long nobody pressed anything before the next page is made."""


def make_ready(window: MainWindow, name: str) -> None:
    """Makes a page, and has what it hides for now look as it should: else all of that is done when the first family is shown."""
    page = window.page(name)
    for part in page.findChildren(QWidget) if page is not None else ():
        part.ensurePolished()


class Furnishing(QObject):
    """`begin` after somebody came in; it ends by itself."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._left: list[str] = []
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._go_on)
        window.somebody_active.connect(self._on_active)

    def begin(self) -> None:
        """All pages of whoever is here now."""
        self._left = list(self._window.rail.names())
        self._timer.start()

    def _on_active(self) -> None:
        self._last = time.monotonic()

    def _go_on(self) -> None:
        if time.monotonic() - self._last < STILL_S or self._window.is_locked():
            return
        if self._left:
            make_ready(self._window, self._left.pop(0))
        else:
            self._timer.stop()
            rings.settle()
