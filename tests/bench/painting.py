"""From the key to the painted list: the find box of the Desk in a window, typed into as a person types, timed until the hits are drawn."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from aidtrack.domain.access import Role
from aidtrack.services.people import FoundRow
from aidtrack.ui import jobs, theme
from aidtrack.ui.application import _import_ahead
from aidtrack.ui.pages.desk.find import FindBox, list_of_hits
from aidtrack.ui.rings import RingCollector
from tests.bench import handlers, population
from tests.bench.measures import Figure, percentile
from tests.ui.typing import type_text

LIMIT_MS = 16
READING_MS = 700


class _Watched(FindBox):
    """A find box that says when it showed an answer."""

    answered = Signal()

    def _show(self, rows: Sequence[FoundRow]) -> None:
        super()._show(rows)
        self.answered.emit()


def painting(path: Path, number: int, texts: Iterable[str]) -> list[Figure]:
    """Every key of the texts, as a volunteer types them; each waited for before the next."""
    app = handlers.application()
    theme.apply(app)
    collector = RingCollector(app)
    _import_ahead()
    database, by = population.opened(path)
    jobs.start(database, replace(by, roles=frozenset({Role.REGISTRAR})), watch=False)
    window, box = _window()
    _wait(READING_MS)
    times = [taken for text in texts for taken in _typed(app, box, text)]
    window.close()
    jobs.stop()
    collector.deleteLater()
    gc.enable()
    return [
        Figure(f"key to the painted list, {number:,} people, p50", percentile(times, 0.5), "ms"),
        Figure(f"… p99 of {len(times):,} keys", percentile(times, 0.99), "ms", LIMIT_MS),
    ]


def _window() -> tuple[QWidget, _Watched]:
    window = QWidget()
    box = _Watched(list_of_hits())
    QVBoxLayout(window).addWidget(box)
    window.resize(360, 600)
    window.show()
    return window, box


def _wait(milliseconds: int) -> None:
    """Nobody types before having seen where."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _typed(app: QApplication, box: _Watched, text: str) -> list[float]:
    """Seconds of every key of one text."""
    box.clear()
    app.processEvents()
    return [_key(box, letter) for letter in text]


def _key(box: _Watched, letter: str) -> float:
    """The window waits as it does in life: asleep, so that the search has the computer to itself."""
    wait = QEventLoop()
    box.answered.connect(wait.quit)
    begin = time.perf_counter()
    type_text(box.field, letter)
    wait.exec()
    box.hits.repaint()
    taken = time.perf_counter() - begin
    box.answered.disconnect(wait.quit)
    return taken
