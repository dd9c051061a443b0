"""“Enough for …”: for how many families each item lasts, so that nobody waits in vain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.campaigns import about_families, about_time
from aidtrack.errors import Text
from aidtrack.services.door import EnoughBoard, EnoughRow
from aidtrack.ui import jobs, theme
from aidtrack.ui.parts import Bar, Icon, Panel, Words

SHOWN = 4
SHOWN_FOLDED = 1
_BETWEEN, _AROUND = 27, 80
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
        self._lines: list[_EnoughLine] = []
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
        rows: Sequence[EnoughRow] = self._shown.rows
        most = max((row.families for row in rows), default=1) or 1
        if len(rows) > self._fits == SHOWN_FOLDED:
            rows = sorted(rows, key=lambda row: row.families)
        while len(self._lines) < min(len(rows), self._fits):
            self._lines.append(_EnoughLine())
            self._rows.addWidget(self._lines[-1])
        for place, line in enumerate(self._lines):
            line.setVisible(place < min(len(rows), self._fits))
            if place < min(len(rows), self._fits):
                line.show_row(rows[place], rows[place].families / most, self._waiting)
        left = len(rows) - self._fits
        self._more.say(Text.plural("and {n} more item", "and {n} more items", n=left) if left > 0 else "")
        if not rows:
            self._more.say(Text("No programme gives anything yet."))
        stop = self._shown.stop_line
        self._stop.say(Text("stop line: {label}", label=stop) if stop else "")


class _EnoughLine(QWidget):
    """An item: name, families, bar, sentence. Kept and said anew."""

    def __init__(self) -> None:
        super().__init__()
        self._name = Words("", "strong", elide=True)
        self._icon = Icon("package", 16)
        self._families = Words("", "small")
        self._bar = Bar()
        self._sentence = Words("", "small", tone="ink3")
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._name, 1)
        top.addWidget(self._icon)
        top.addWidget(self._families)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(self._bar)
        column.addWidget(self._sentence)

    def show_row(self, row: EnoughRow, part: float, waiting: int) -> None:
        """How far it goes now."""
        tone = "ink3" if not row.families else ("att" if row.is_short else "accent")
        self._name.say(i18n.pick(row.names, i18n.language()))
        self._icon.setVisible(tone != "accent")
        self._icon.show_icon("triangle-alert" if row.families else "circle-slash", tone)
        families = Text.plural("{n} family", "{n} families", n=about_families(row.families))
        self._families.say(families if row.families else Text("none today"), "att" if tone == "att" else "")
        self._bar.show_part(part, tone)
        self._sentence.say(_sentence(row, waiting))


def _sentence(row: EnoughRow, waiting: int) -> Text:
    if not row.families:
        return Text("say so before anybody waits for it")
    if row.until is not None:
        return Text("until about {time} at today’s pace", time=i18n.clock_time(about_time(row.until), jobs.zone()))
    if row.families >= waiting:
        return Text("enough for everybody who waits")
    return Text("not enough for everybody who waits")
