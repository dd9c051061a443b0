"""The totals of a report to read out, to copy, or to take from the screen with a telephone. Knows no report, only its words and code."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.dialogs.panel import Panelled
from aidtrack.ui.parts import Button, Words

Modules = Sequence[Sequence[tuple[int, int]]]
_CELL, _QUIET = 3, 4
"""Free modules around a code (ISO/IEC 18004, 9.1)."""


class QrCode(QWidget):
    """A QR code, black on white in every theme: a telephone reads no other."""

    def __init__(self, modules: Modules) -> None:
        super().__init__()
        self.setObjectName("qr_code")
        self._modules = modules
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = theme.px(_CELL) * (len(self._modules) + 2 * _QUIET)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        cell = theme.px(_CELL)
        for row, runs in enumerate(self._modules, _QUIET):
            for start, length in runs:
                dark = QRect((start + _QUIET) * cell, row * cell, length * cell, cell)
                painter.fillRect(dark, Qt.GlobalColor.black)
        painter.end()


class TotalsDialog(Panelled):
    """The sums in words beside their code. Enter copies the words; Esc goes back."""

    def __init__(self, parent: QWidget, text: str, modules: Modules) -> None:
        title = Text("Totals to pass on")
        facts = Text("Sums only, no names: read them out, copy them, or point a telephone at the code.")
        super().__init__(parent, title, facts=facts, width=720, name="totals_dialog")
        self._text = text
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(self._words(), 1)
        row.addWidget(QrCode(modules), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.add_foot()

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        self._said = Words("", "small", tone="ink3", name="totals_said")
        copy = Button(Text("Copy the words"), "clipboard-list", name="totals_copy")
        copy.clicked.connect(self._copy)
        column.addWidget(Words(self._text, "body", wrap=True, name="totals_text"))
        column.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(copy)
        line.addWidget(self._said, 1)
        column.addLayout(line)
        return column

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._text)
        self._said.say(Text("Copied"))
