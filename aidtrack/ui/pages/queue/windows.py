"""Which number stands at which window, and how long already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.queueing import WindowRow
from aidtrack.ui import theme
from aidtrack.ui.pages.queue.lanes import minutes_words
from aidtrack.ui.parts import Icon, Panel, Words
from aidtrack.ui.parts.drawn import Drawn, draw_words, letters, tell

SHOWN = 5
SHOWN_FOLDED = 3
BEFORE, GAP, AFTER = 15, 8, 12
"""Pixels before the window's name, between words, and after the last."""


class Windows(Panel):
    """One line: window by window, if need be those with a number first."""

    def __init__(self) -> None:
        super().__init__(padding=0, name="at_windows")
        self._cells = QHBoxLayout()
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon("monitor", 18, "ink2"))
        self._title = Words(Text("At the windows"), "strong")
        row.addWidget(self._title)
        row.addSpacing(12)
        row.addLayout(self._cells, 1)
        self.body.addLayout(row)
        self.setFixedHeight(theme.px(48))
        self._fits = SHOWN
        self._rows: Sequence[WindowRow] = ()
        self._places: list[_WindowCell] = []

    def fold(self, narrow: bool) -> None:
        """Fewer windows where there is less room."""
        self._fits = SHOWN_FOLDED - theme.is_large() if narrow else SHOWN
        self._title.setVisible(not narrow)
        self.show_windows(self._rows)

    def show_windows(self, rows: Sequence[WindowRow]) -> None:
        """Windows with a number first, if there are more than fit."""
        self._rows = rows
        if len(rows) > self._fits:
            rows = sorted(rows, key=lambda row: (row.ticket is None, row.number))[: self._fits]
        shown = sorted(rows, key=lambda row: row.number)
        while len(self._places) < len(shown):
            self._places.append(_WindowCell())
            self._cells.addWidget(self._places[-1], 1)
        for place, cell in enumerate(self._places):
            cell.show_window(shown[place] if place < len(shown) else None)


class _WindowCell(Drawn, QWidget):
    """A window and its number, painted as one part. Kept and said anew: making it again at every call would cost more than everything
    else on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._row: WindowRow | None = None
        self._name = self._number = self._minutes = ""

    def show_window(self, row: WindowRow | None) -> None:
        """Which number stands there, and how long already; None hides the place."""
        self._row = row
        self.setVisible(row is not None)
        self._say_again()

    def said(self) -> str:
        return " ".join(part for part in (self._name, self._number, self._minutes) if part)

    def _say_again(self) -> None:
        row = self._row
        if row is None:
            return
        self.setObjectName(f"window_{row.number}")
        self._name = tr("window {n}", n=row.number)
        self._number = row.ticket.label if row.ticket else "—"
        self._minutes = "" if row.ticket is None else tr("now") if row.minutes == 0 else minutes_words(row.minutes)
        tell(self, self.said())

    # ── how it looks ──

    def need(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        small, number = letters("small"), letters("h3")
        minutes = GAP + small.wide(self._minutes) if self._minutes else 0
        return QSize(BEFORE + small.wide(self._name) + GAP + number.wide(self._number) + minutes + AFTER, number.height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, small = QPainter(self), letters("small")
        painter.fillRect(0, 0, 1, self.height(), theme.colour("line"))
        place = self.rect().adjusted(BEFORE, 0, -AFTER, 0)
        if self._minutes:
            place.adjust(0, 0, -draw_words(painter, place, self._minutes, small, "ink3", right=True) - GAP, 0)
        draw_words(painter, place, self._number, letters("h3"), "ink" if self._minutes else "ink3", right=True)
        draw_words(painter, place, self._name, small, "ink3")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
