"""Looking through the whole file for similar records: a button, how far it is, and a way to stop it. Keeps what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.parts import Bar, Button, Words

if TYPE_CHECKING:
    from aidtrack.services.identity.links import PairToSettle
    from aidtrack.services.identity.pairs import PairRow, People
    from aidtrack.ui.jobs import Job


class WholeFile(QWidget):
    """`found` when other pairs are there than before."""

    found = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pairs: tuple[PairToSettle, ...] = ()
        self._job: Job | None = None
        self.button = Button(Text("Search all records"), "search", name="whole_file_button")
        self.stop_button = Button(Text("Stop"), "x", name="whole_file_stop")
        self.bar = Bar()
        self.words = Words("", "small", tone="ink3", wrap=True, name="whole_file_words")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.stop_button)
        row.addStretch(1)
        for part in (self.words, self.bar):
            column.addWidget(part)
        column.addLayout(row)
        self.button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        self._show_running(False)

    def pairs(self) -> Sequence[PairToSettle]:
        """What the last search gave."""
        return self._pairs

    def start(self) -> None:
        """Reads everybody, then compares in a process of its own: the window stays quick."""
        if self._job is not None:
            return
        from aidtrack.services.identity import pairs

        self._show_running(True)
        self.words.say(Text("reading everybody …"))
        self._job = jobs.read(pairs.load_people, owner=self, then=self._compare, failed=self._on_failed)

    def _compare(self, people: People) -> None:
        from aidtrack.services.identity import pairs

        self.words.say(Text.plural("comparing {n} person …", "comparing {n} people …", n=len(people.records)))
        self._job = jobs.paper(
            pairs.find_pairs, people, owner=self, then=self._on_found, failed=self._on_failed, progress=self._tell
        )

    def _tell(self, done: int, of: int) -> None:
        self.bar.show_part(done / of if of else 1.0)

    def _on_found(self, rows: Sequence[PairRow]) -> None:
        from aidtrack.services.identity.links import PairToSettle

        self._pairs = tuple(PairToSettle(row.a, row.b, row.score, row.reasons) for row in rows)
        self._end(Text.plural("{n} pair found in the whole file", "{n} pairs found in the whole file", n=len(rows)))
        self.found.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._end(Text("the whole file was not looked through"))
        messages.show_error(error)

    def stop(self) -> None:
        """Gives up the search; what an earlier one found stays."""
        if self._job is not None:
            self._job.cancel()
            self._end(Text("stopped"))

    def _end(self, words: Text) -> None:
        self._job = None
        self.words.say(words)
        self._show_running(False)

    def _show_running(self, running: bool) -> None:
        self.button.setVisible(not running)
        self.stop_button.setVisible(running)
        self.bar.setVisible(running)
        self.bar.show_part(0.0)
