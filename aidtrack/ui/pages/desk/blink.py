"""A moment nobody sees: while the next family is read, the frame of the last one stays, without whose it was and with nothing to be done.

Taking all of it away and putting it back a hundredth of a second later flickers, and costs more than showing the family.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

BLINK_MS = 120


class Blink(QTimer):
    """Calls `then` when the moment is over; `stop` when what was waited for has come."""

    def __init__(self, parent: QObject, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(BLINK_MS)
        self.timeout.connect(then)
