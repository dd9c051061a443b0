"""“Enough for …”: for how many families each item lasts, so that nobody waits in vain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services.door import EnoughBoard, EnoughRow
from aidtrack.ui import jobs, theme
from aidtrack.ui.parts import Bar, Icon, Panel, Words, clear_layout

SHOWN = 4
SHOWN_FOLDED = 1
_BETWEEN, _AROUND = 27, 96
"""Pixels of a row beside its letters, and of the panel beside its rows."""


class EnoughPanel(Panel):
    """An item a row: families at the right, a bar, a sentence."""

    def __init__(self) -> None:
        super().__init__(Text("Enough for …"), name="enough")
        self._stop = Words("", "small", tone="ink3", name="stop_line")
        self.head.addWidget(self._stop)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self._more = Words("", "small", tone="ink3")
        self.body.addLayout(self._rows)
        self.body.addWidget(self._more)
        self.body.addStretch(1)
        self._shown = EnoughBoard()
        self._waiting = 0
        self._most = self._fits = SHOWN

    def fold(self, narrow: bool) -> None:
        """Only what runs out first where there is less room."""
        self._most = SHOWN_FOLDED if narrow else SHOWN
        self._refit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many rows as stand whole."""
        super().resizeEvent(event)
        self._refit()

    def _refit(self) -> None:
        row = theme.font_px("row") + theme.font_px("small") + _BETWEEN
        fits = min(max((self.height() - _AROUND) // row, SHOWN_FOLDED), self._most)
        if fits != self._fits:
            self._fits = fits
            self._show()

    def shown(self) -> EnoughBoard:
        """What is shown."""
        return self._shown

    def show_enough(self, enough: EnoughBoard) -> None:
        """The shelf now."""
        self._shown = enough
        self._show()

    def show_waiting(self, waiting: int) -> None:
        """How many families stand in line."""
        if waiting != self._waiting:
            self._waiting = waiting
            self._show()

    def _show(self) -> None:
        clear_layout(self._rows)
        rows: Sequence[EnoughRow] = self._shown.rows
        most = max((row.families for row in rows), default=1) or 1
        if len(rows) > self._fits == SHOWN_FOLDED:
            rows = sorted(rows, key=lambda row: row.families)
        for row in rows[: self._fits]:
            self._rows.addWidget(_EnoughLine(row, row.families / most, self._waiting))
        left = len(rows) - self._fits
        self._more.say(Text.plural("and {n} more item", "and {n} more items", n=left) if left > 0 else "")
        if not rows:
            self._more.say(Text("No programme gives anything yet."))
        stop = self._shown.stop_line
        self._stop.say(Text("stop line: {label}", label=stop) if stop else "")


class _EnoughLine(QWidget):
    def __init__(self, row: EnoughRow, part: float, waiting: int) -> None:
        super().__init__()
        tone = "ink3" if not row.families else ("att" if row.is_short else "accent")
        families = Text.plural("{n} family", "{n} families", n=row.families)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(Words(i18n.pick(row.names, i18n.language()), "strong", elide=True), 1)
        if tone != "accent":
            top.addWidget(Icon("triangle-alert" if row.families else "circle-slash", 16, tone))
        words = Words(families if row.families else Text("none today"), "small", tone="att" if tone == "att" else "")
        top.addWidget(words)
        bar = Bar()
        bar.show_part(part, tone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(bar)
        column.addWidget(Words(_sentence(row, waiting), "small", tone="ink3"))


def _sentence(row: EnoughRow, waiting: int) -> Text:
    if not row.families:
        return Text("say so before anybody waits for it")
    if row.until is not None:
        return Text("until {time} at today’s pace", time=i18n.clock_time(row.until, jobs.zone()))
    if row.families >= waiting:
        return Text("enough for everybody who waits")
    return Text("not enough for everybody who waits")
