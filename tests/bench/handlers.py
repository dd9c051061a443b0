"""What the window's own thread spends on each thing it is asked to do: every event is one, and every answer of a worker.

Processor time of the thread alone, so that what other programs do meanwhile does not count.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.bench.measures import Figure, percentile

CPU_MS = 16


@dataclass
class Handlers:
    """Seconds of each handler, and what the longest was."""

    seconds: list[float] = field(default_factory=list)
    doing: str = ""
    worst: tuple[float, str] = (0.0, "")

    def took(self, seconds: float, what: str) -> None:
        """One handler has ended."""
        self.seconds.append(seconds)
        self.worst = max(self.worst, (seconds, f"{self.doing}: {what}"))

    def figures(self, where: str) -> list[Figure]:
        """For people to read."""
        longest = f"… the longest of {len(self.seconds):,} ({self.worst[1]})"
        return [
            Figure(f"{where}: processor time of one handler, p99", percentile(self.seconds, 0.99), "ms"),
            Figure(longest, self.worst[0] * 1000, "ms", CPU_MS),
        ]


class WatchedApplication(QApplication):
    """An application that can say how long each event took it. Events sent while one is handled belong to that one."""

    def __init__(self) -> None:
        super().__init__(["aidtrack"])
        self.handlers: Handlers | None = None
        self._is_inside = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self.handlers is None or self._is_inside:
            return super().notify(receiver, event)
        self._is_inside, begin = True, time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._is_inside = False
            self.handlers.took(time.thread_time() - begin, f"{event.type().name} of {type(receiver).__name__}")


def application() -> WatchedApplication:
    """The one application of this process."""
    app = QApplication.instance() or WatchedApplication()
    assert isinstance(app, WatchedApplication)
    return app
