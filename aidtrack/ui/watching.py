"""Waits in a thread of its own for what this desk or another saved, and says in the thread of the window which kinds of things it was.

Each operation is told once, however the desks overlap, and none is left out, even if the connection was lost meanwhile. Owns the
thread; what to do with news is the pages' business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from aidtrack.ui.kinds import Kind

LOOK_S = 0.5
"""Should nobody ring, it looks by itself so often."""
CALM_S = 0.2
"""Where desks save without pause, what they saved is told together, so often."""
QUIET_MS = 2_000
END_S = 2.0


class Bell(Protocol):
    """What the watch sleeps by."""

    def wait(self, seconds: float) -> None:
        """Until somebody saved, or rang."""

    def rest(self, seconds: float) -> None:
        """Until somebody rang."""

    def ring(self) -> None:
        """From another thread: wake up."""

    def mend(self) -> None:
        """Whoever it asks did not answer."""

    def close(self) -> None:
        """Never again."""


class Watch(QObject):
    """`tell(kinds)` after every save of anybody, `tidy()` when nobody has saved for a while; both in the thread it was made in.

    `look()` is asked in the thread of the watch, and answers which kinds were saved since it was asked last; None when it cannot say.
    """

    _looked = Signal(int, object)

    def __init__(
        self,
        bell: Bell,
        look: Callable[[], frozenset[Kind] | None],
        tell: Callable[[frozenset[Kind]], object],
        tidy: Callable[[], object],
    ) -> None:
        super().__init__()
        self._bell, self._look, self._tell = bell, look, tell
        self._asked, self._answered = 1, 0
        self._is_stopped = False
        self._began = threading.Event()
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(tidy)
        self._quiet.start()
        self._looked.connect(self._on_looked, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._keep_looking, daemon=True, name="news")
        self._thread.start()

    def stop(self) -> None:
        """No more looking."""
        self._is_stopped = True
        self._quiet.stop()
        self._bell.ring()
        self._thread.join(END_S)

    def look(self) -> None:
        """Looks now: this window has just saved something."""
        self._asked += 1
        self._bell.ring()

    @property
    def is_looking(self) -> bool:
        """Whether what was saved before now may still have to be told."""
        return self._answered < self._asked and self._thread.is_alive()

    def wait_until_it_began(self) -> None:
        """In a reader: whatever is asked after this, later changes of it will be told."""
        self._began.wait(END_S)

    def _on_looked(self, asked: int, kinds: frozenset[Kind]) -> None:
        self._answered = asked
        if kinds and not self._is_stopped:
            self._quiet.start()
            self._tell(kinds)

    # ── in the thread ──

    def _keep_looking(self) -> None:
        told = 0
        while not self._is_stopped:
            asked = self._asked
            kinds = self._look()
            self._began.set()
            if (kinds or asked != told) and isValid(self):
                self._looked.emit(asked, kinds or frozenset())
            told = asked
            self._wait(has_news=bool(kinds), has_failed=kinds is None)
        self._bell.close()

    def _wait(self, *, has_news: bool, has_failed: bool) -> None:
        if has_failed:
            self._bell.mend()
        if has_news:
            self._bell.rest(CALM_S)
        self._bell.wait(LOOK_S)
