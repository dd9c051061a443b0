"""Python's collector of rings of objects, kept to the thread of the window.

A ring may hold widgets. Left to itself Python collects in whatever thread happens to allocate the next object; a worker would then destroy
Qt objects that belong to the window, and the program would end without a word.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 50
"""A save leaves thousands of objects behind: taken away often it takes a blink, after two seconds a handler too long."""
SELDOM = 40
"""Rounds over what lives long are as many times rarer than those over what lived a moment."""


class RingCollector(QObject):
    """Collects now and then in the thread it lives in, and nowhere else. Keep it as long as the window lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def keep_what_is_loaded() -> None:
    """The modules and tables of the program stay as long as it runs: the collector need not look at them again, which would take it a
    tenth of a second each time. May be called in any thread: nothing is collected."""
    gc.freeze()


class _Frozen:
    """Of what is left out of the rounds."""

    has_gone = False


_frozen = _Frozen()


def let_go() -> None:
    """Something that was to stay has gone: `take_away` looks at everything once, or it would never be taken away."""
    _frozen.has_gone = True


def settle() -> None:
    """Leaves what lives on out of the ordinary rounds: a page that was made stays as long as somebody works with it, and looking at it
    again and again would take longer than anybody should wait for a key. In the thread of the window, when nobody waits."""
    gc.collect(1)
    gc.freeze()


def take_away() -> None:
    """Looks at everything, where pages have gone because somebody with other rights came; that takes a fifth of a second."""
    if _frozen.has_gone:
        _frozen.has_gone = False
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def collect_due() -> None:
    """Collects the oldest generation that Python itself would collect now; nothing when none is due."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [generation for generation in (0, 1, 2) if counts[generation] > limits[generation]]
    if due:
        gc.collect(due[-1])
