"""One start of a window, timed from outside: prints the seconds to the first painted window and to a usable one."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

_first = 0.0


def _since(start: float) -> float:
    return time.time() - start


def _end(first: float, usable: float) -> None:
    sys.stdout.write(f"{first} {usable}\n")
    sys.stdout.flush()
    os._exit(0)


class _Bare(QMainWindow):
    """What Qt alone needs."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self._start = start

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _end(_since(self._start), _since(self._start))


def bare(start: float) -> None:
    """A bare window of the same size."""
    app = QApplication([])
    window = _Bare(start)
    window.resize(1366, 768)
    window.show()
    app.exec()


def _can_type(door: Any) -> bool:
    """The cursor stands in the name."""
    return bool(door.password.isVisible() and door.password.name.input.hasFocus())


def _can_choose(door: Any) -> bool:
    """A plain file: its people are on the screen, one is marked."""
    return bool(door.choose.isVisible() and door.choose.chosen())


def program(start: float, address: str) -> None:
    """The program on a database: the first painted shell, then a sign-in that takes keys (a plain file: that shows who there is)."""
    from aidtrack import app
    from aidtrack.ui.shell import Shell

    def painted(self: Shell, event: QPaintEvent) -> None:
        global _first
        QMainWindow.paintEvent(self, event)
        if not _first:
            _first = _since(start)
            watch.start(2)

    def look() -> None:
        doors = [
            widget for widget in QApplication.allWidgets() if type(widget).__name__ == "SignIn" and widget.isVisible()
        ]
        if any(_can_type(door) or _can_choose(door) for door in doors):
            _end(_first, _since(start))

    Shell.paintEvent = painted  # type: ignore[method-assign,assignment]
    watch = QTimer()
    watch.timeout.connect(look)
    os.environ["AIDTRACK_DATABASE"] = address
    app.main([])


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(float(sys.argv[3]))
    else:
        program(float(sys.argv[3]), sys.argv[2])
