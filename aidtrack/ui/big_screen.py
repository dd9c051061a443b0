"""A window painted in one piece at any size, for a second screen or a glance from afar. It looks again by itself; Esc closes it.

Owns the field of 1920 × 1080, the words that shrink rather than be cut, and when to look. What is painted, each screen says.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from aidtrack.ui import jobs, theme
from aidtrack.ui.kinds import Kind

WIDTH, HEIGHT = 1920.0, 1080.0
SMALLEST = 22
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter


def _fits(font: QFont, area: QRectF, words: str, *, wrap: bool) -> bool:
    metrics = QFontMetricsF(font)
    if not wrap:
        return metrics.horizontalAdvance(words) <= area.width()
    return metrics.boundingRect(area, int(Qt.TextFlag.TextWordWrap), words).height() <= area.height()


class BigScreen(QWidget):
    """Subclasses ask in `load`, keep what they heard and paint it in `paint`. `is_for_the_room`: whoever opens it looks elsewhere."""

    is_for_the_room: ClassVar[bool] = False

    def __init__(self, name: str, look_ms: int, shows: frozenset[Kind]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName(name)
        self.setWindowTitle("AidTrack")
        self.setAccessibleName(name)
        self.resize(1280, 720)
        self._shows = shows
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self.load)
        jobs.news.changed.connect(self._on_news)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # the program ends with its own window

    @abstractmethod
    def load(self) -> None:
        """Asks for what it shows."""

    @abstractmethod
    def paint(self, painter: QPainter) -> None:
        """Everything, in the field."""

    def open_there(self) -> None:
        """On the second screen in full, else as a window that can be moved to a projector."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            # keys and scans stay with the window at the desk: the board has no use for them
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, self.is_for_the_room)
            self.setGeometry(screens[1].geometry())
            self.setWindowState(Qt.WindowState.WindowFullScreen)  # Qt's own `showFullScreen` takes the keyboard in any case
        self.show()
        if not self.is_for_the_room:
            self.activateWindow()
        self.load()

    def text(
        self, painter: QPainter, area: QRectF, words: str, size: int, weight: int, token: str,
        align: Qt.AlignmentFlag = LEFT, *, wrap: bool = False,
    ) -> float:  # fmt: skip
        """Words that do not fit grow smaller rather than being cut; how wide they are."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight(weight))
        font.setPixelSize(size)
        while font.pixelSize() > SMALLEST and not _fits(font, area, words, wrap=wrap):
            font.setPixelSize(font.pixelSize() - 2)
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        painter.drawText(area, int(align) | (int(Qt.TextFlag.TextWordWrap) if wrap else 0), words)
        return QFontMetricsF(font).horizontalAdvance(words)

    def mark(self, painter: QPainter, area: QRectF, name: str, token: str) -> None:
        """An icon, drawn for the size it has on this very screen: a small one made larger is blurred from afar."""
        drawn = theme.icon(name, round(area.width()), token, painter.deviceTransform().m11())
        painter.drawPixmap(area, drawn, QRectF(drawn.rect()))

    def rule(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """A hairline."""
        painter.fillRect(QRectF(x, y, width, 1), theme.colour("line"))

    def _on_news(self, kinds: frozenset[Kind]) -> None:
        if self.isVisible() and kinds & self._shows:
            self.load()

    # ── Qt ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("bg"))
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        painter.translate((self.width() - WIDTH * scale) / 2, (self.height() - HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        self.paint(painter)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
