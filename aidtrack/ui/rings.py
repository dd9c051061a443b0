"""Python's collector of rings of objects, kept to the thread of the window.

A ring may hold widgets. Left to itself Python collects in whatever thread happens to allocate the next object; a worker would then destroy
Qt objects that belong to the window, and the program would end without a word.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import count

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

EVERY_MS = 25
"""A save leaves thousands of objects behind: taken away often it takes a blink, after two seconds a handler too long."""
AGAIN, SELDOM = 5, 2
"""So many rounds over the newest before one over what is a few rounds old, and so many of those before one over everything. With Python's
own ten each of them finds so much piled up that it takes longer than a blink."""
OLDEST = 2
"""The generation of what lives long."""
LEARNING, LATER = 60, 150
"""After each of so many first rounds over everything, and after one of so many later, what lives on is left out of the rounds to come."""
_rounds = count(1)


class RingCollector(QObject):
    """Collects now and then in the thread it lives in, and nowhere else. Keep it as long as the window lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.set_threshold(gc.get_threshold()[0], AGAIN, SELDOM)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def keep_what_is_loaded() -> None:
    """The modules and tables of the program stay as long as it runs: the collector need not look at them again, which would take it a
    tenth of a second each time. May be called in any thread: nothing is collected."""
    gc.freeze()


AT_ONCE = 250
"""Parts of a page that has gone are taken apart so many at a time."""

_gone: list[QWidget] = []


def let_go(page: QWidget) -> None:
    """A page is not wanted any more. It is left out of the rounds, so it is taken apart by hand: `taking_apart`."""
    _gone.append(page)


def taking_apart() -> Iterator[None]:
    """Destroys the pages that have gone, and parts what their parts hold of each other, a blink at a time. In the thread of the window,
    which must turn between two pieces: Qt destroys what is to be deleted later by itself."""
    while _gone:
        page = _gone.pop()
        if not isValid(page):
            continue  # its window went first
        parts = [page, *page.findChildren(QObject)]
        yield
        page.deleteLater()
        yield
        for n, part in enumerate(parts, 1):
            if not isValid(part):
                vars(part).clear()
            if n % AT_ONCE == 0:
                yield
        yield


def settle() -> None:
    """Leaves what lives on out of the ordinary rounds: a page that was made stays as long as somebody works with it, and looking at it
    again and again would take longer than anybody should wait for a key. In the thread of the window, when nobody waits."""
    gc.collect(1)
    gc.freeze()


def collect_due() -> None:
    """Collects the oldest generation that Python itself would collect now; nothing when none is due."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [generation for generation in range(OLDEST + 1) if counts[generation] > limits[generation]]
    if not due:
        return
    gc.collect(due[-1])
    if due[-1] == OLDEST:
        _leave_out(next(_rounds))


def _leave_out(rounds: int) -> None:
    """What a window learns while it works, statements mostly, lives on; it is learnt in the first minutes. What happens to be in a
    worker's hands meanwhile and ends in a ring stays until the program ends, so it is done seldom afterwards.

    Never by how many objects there are: asking for them holds a tuple that a worker is just filling, and its work ends with an error.
    """
    if rounds <= LEARNING or rounds % LATER == 0:
        gc.freeze()
