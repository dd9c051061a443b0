"""“Enough for …”: for how many families each item lasts, so that nobody waits in vain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.campaigns import about_families, about_time
from aidtrack.errors import Text
from aidtrack.services.door import EnoughBoard, EnoughRow
from aidtrack.ui import jobs, theme
from aidtrack.ui.parts import Panel, Words, rendered
from aidtrack.ui.parts.drawn import Drawn, beside, draw_bar, draw_icon, draw_words, letters, tell, tell_whole
from aidtrack.ui.parts.words import LEAST

SHOWN = 4
SHOWN_FOLDED = 1
_BETWEEN, _AROUND = 27, 80
"""Pixels of a row beside its letters, and of the panel beside its rows."""
_ICON, _BAR, _SPACE, _GAP = 16, 6, 3, 6
"""Pixels of the sign, of the bar, over and under it, and between words."""


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


class _EnoughLine(Drawn, QWidget):
    """An item: name, families, bar, sentence, painted as one part. Kept and said anew."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = self._families = self._sentence = self._icon = ""
        self._part, self._tone = 0.0, "accent"

    def show_row(self, row: EnoughRow, part: float, waiting: int) -> None:
        """How far it goes now; `part` of the longest bar."""
        self._part, self._tone = part, "ink3" if not row.families else ("att" if row.is_short else "accent")
        self._icon = "" if self._tone == "accent" else "triangle-alert" if row.families else "circle-slash"
        families = Text.plural("{n} family", "{n} families", n=about_families(row.families))
        self._name = i18n.pick(row.names, i18n.language())
        self._families = rendered(families if row.families else Text("none today"))
        self._sentence = rendered(_sentence(row, waiting))
        tell(self, self.said())
        self._tell_whole()
        self.update()

    def said(self) -> str:
        return " ".join((self._name, self._families, self._sentence))

    # ── how it looks ──

    def _beside_name(self) -> int:
        """Pixels of everything in the line of the name but the name."""
        icon = theme.px(_ICON) + _GAP if self._icon else 0
        return _GAP + icon + letters("small").wide(self._families)

    def _height(self) -> int:
        return letters("body", 500).height + _BAR + 2 * _SPACE + letters("small").height

    def sizeHint(self) -> QSize:
        name = letters("body", 500).wide(self._name)
        return QSize(max(name + self._beside_name(), letters("small").wide(self._sentence)), self._height())

    def minimumSizeHint(self) -> QSize:
        first = theme.px(LEAST) + self._beside_name()
        return QSize(max(first, letters("small").wide(self._sentence)), self._height())

    def need(self) -> QSize:
        """The name may give way: its tooltip says it whole."""
        return self.minimumSizeHint()

    def _tell_whole(self) -> None:
        tell_whole(self, self._name, letters("body", 500), self.width() - self._beside_name())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, small = QPainter(self), letters("small")
        top = self.rect().adjusted(0, 0, 0, letters("body", 500).height - self.height())
        used = draw_words(painter, top, self._families, small, "att" if self._tone == "att" else "ink2", right=True)
        if self._icon:
            side = theme.px(_ICON)
            place = QRect(top.width() - used - _GAP - side, 0, side, top.height())
            draw_icon(painter, beside(QSize(side, side), place).topLeft(), self._icon, _ICON, self._tone)
        draw_words(painter, top.adjusted(0, 0, -self._beside_name(), 0), self._name, letters("body", 500), "ink")
        draw_bar(painter, QRectF(0, top.height() + _SPACE, self.width(), _BAR), self._part, self._tone)
        draw_words(painter, self.rect().adjusted(0, self.height() - small.height, 0, 0), self._sentence, small, "ink3")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()


def _sentence(row: EnoughRow, waiting: int) -> Text:
    if not row.families:
        return Text("say so before anybody waits for it")
    if row.until is not None:
        return Text("until about {time} at today’s pace", time=i18n.clock_time(about_time(row.until), jobs.zone()))
    if row.families >= waiting:
        return Text("enough for everybody who waits")
    return Text("not enough for everybody who waits")
