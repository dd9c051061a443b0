"""The public board on a second screen, painted in one piece at any size: numbers, windows, what there is today.

Shows no name and speaks the centre's public language, whatever language the window speaks. Esc closes it.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.errors import Text
from aidtrack.services.public_board import CallRow, GivenRow, PublicBoard, public_board
from aidtrack.ui import jobs, theme

WIDTH, HEIGHT = 1920.0, 1080.0
LOOK_MS = 2000
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter


class PublicScreen(QWidget):
    """A window of its own; it looks again by itself."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("public_board")
        self.setWindowTitle("AidTrack")
        self.setAccessibleName("board")
        self.resize(1280, 720)
        self._board: PublicBoard | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.load)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # the program ends with its own window

    def load(self) -> None:
        """The board as it is now."""
        if jobs.is_started():
            jobs.read(public_board, owner=self, then=self.show_board, latest="public board")

    def show_board(self, board: PublicBoard) -> None:
        """Paints this board from now on."""
        self._board = board
        self.update()

    def open_there(self) -> None:
        """On the second screen in full, else as a window that can be moved to a projector."""
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            self.setGeometry(screens[1].geometry())
            self.showFullScreen()
        else:
            self.show()
        self.load()

    def said(self) -> str:
        """Everything that can be read on it, for those who cannot see it and for tests."""
        board = self._board
        if board is None:
            return ""
        if board.is_paused or not board.is_open:
            return f"{board.site}\n{self._say(_silence(board))}"
        calls = [f"{call.label} {call.window}" for call in board.calls]
        given = [self._item(row) for row in board.given]
        return "\n".join([board.site, *calls, *given, self._say(_wait(board)), self._say(_FIRST)])

    def _say(self, text: Text) -> str:
        return i18n.render(text, self._board.language) if self._board is not None else ""

    def _item(self, row: GivenRow) -> str:
        name = i18n.pick(row.names, self._board.language if self._board else "en")
        return name if row.is_there else self._say(Text("{item}: none today", item=row.names))

    # ── painting, in a field of 1920 × 1080 ──

    def _paint(self, painter: QPainter, board: PublicBoard) -> None:
        self._head(painter, board)
        if board.is_paused or not board.is_open:
            self._text(
                painter,
                QRectF(60, 300, WIDTH - 120, 480),
                self._say(_silence(board)),
                72,
                600,
                "ink",
                _MIDDLE,
                wrap=True,
            )
            return
        for place, call in enumerate(board.calls):
            self._call(painter, place, call)
        self._side(painter, board)
        painter.fillRect(QRectF(0, 975, WIDTH, 1), theme.colour("line"))
        painter.drawPixmap(QRectF(58, 1004, 44, 44).toRect(), theme.icon("armchair", 44, "accent", 2))
        self._text(painter, QRectF(120, 980, WIDTH - 180, 92), self._say(_FIRST), 36, 500, "ink", _LEFT)

    def _head(self, painter: QPainter, board: PublicBoard) -> None:
        self._text(painter, QRectF(56, 0, 1100, 120), board.site, 40, 600, "ink", _LEFT)
        self._text(
            painter, QRectF(1100, 0, 540, 120), self._say(Text("Help is free of charge")), 36, 500, "accent", _RIGHT
        )
        now = i18n.clock_time(wall_clock(), ZoneInfo(board.timezone))
        self._text(painter, QRectF(1650, 0, 206, 120), now, 56, 600, "ink", _RIGHT)
        painter.fillRect(QRectF(0, 120, WIDTH, 1), theme.colour("line"))

    def _call(self, painter: QPainter, place: int, call: CallRow) -> None:
        """The newest filled and larger, the older ones under hairlines."""
        newest = place == 0
        top = 157.0 if newest else 233 + 168.0 * place
        area = QRectF(40, top, 1120, 232 if newest else 168)
        ground, words = ("onaccent", "onaccent") if newest else ("ink", "ink2")
        if newest:
            painter.setBrush(theme.colour("accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area, 16, 16)
        elif place > 1:
            painter.fillRect(QRectF(40, top, 1120, 1), theme.colour("line"))
        size = 128 if newest else 96
        self._text(painter, area.adjusted(58, 0, -400, 0), call.label, size, 600, ground, _LEFT)
        number = QRectF(area.right() - 190, area.top(), 118, area.height())
        self._text(painter, number, str(call.window), size, 600, "onaccent" if newest else "accent", _RIGHT)
        word = QRectF(area.right() - 480, area.top(), 300, area.height())
        self._text(painter, word, self._say(Text("window")), 44, 500, words, _RIGHT)
        icon = 56 if newest else 44
        arrow = QRectF(area.right() - 420 - icon, area.center().y() - icon / 2, icon, icon)
        painter.drawPixmap(arrow.toRect(), theme.icon("arrow-right", icon, words, 2))

    def _side(self, painter: QPainter, board: PublicBoard) -> None:
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRoundedRect(QRectF(1200, 157, 680, 782), 16, 16)
        self._text(painter, QRectF(1256, 200, 560, 60), self._say(Text("Given today")), 32, 600, "ink3", _LEFT)
        for place, row in enumerate(board.given):
            icon = "package" if row.is_there else "circle-slash"
            how = self._say(row.how) if row.is_there else ""
            self._fact(painter, 266 + 124.0 * place, icon, self._item(row), how)
        painter.fillRect(QRectF(1256, 769, 568, 1), theme.colour("line"))
        self._fact(painter, 790, "hourglass", self._say(_wait(board)), self._say(Text("for those who come now")))

    def _fact(self, painter: QPainter, top: float, icon: str, title: str, second: str) -> None:
        painter.drawPixmap(QRectF(1258, top + 8, 52, 52).toRect(), theme.icon(icon, 52, "ink2", 2))
        self._text(painter, QRectF(1338, top, 520, 60), title, 40, 600, "ink", _LEFT)
        self._text(painter, QRectF(1338, top + 52, 520, 48), second, 32, 400, "ink2", _LEFT)

    def _text(
        self, painter: QPainter, area: QRectF, words: str, size: int, weight: int, token: str, align: Qt.AlignmentFlag,
        *, wrap: bool = False,
    ) -> None:  # fmt: skip
        """Words that do not fit grow smaller rather than being cut."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight(weight))
        font.setPixelSize(size)
        while not wrap and font.pixelSize() > 18 and QFontMetricsF(font).horizontalAdvance(words) > area.width():
            font.setPixelSize(font.pixelSize() - 2)
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        painter.drawText(area, int(align) | (int(Qt.TextFlag.TextWordWrap) if wrap else 0), words)

    # ── Qt ──

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("bg"))
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        painter.translate((self.width() - WIDTH * scale) / 2, (self.height() - HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        if self._board is not None:
            self._paint(painter, self._board)
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


_FIRST = Text("Hard to stand, with a baby, over 65? Say so at the door: you are called first.")


def _silence(board: PublicBoard) -> Text:
    """The one sentence of a pause, or of a closed centre."""
    return Text("Pause. Your number keeps its place.") if board.is_paused else Text("The centre is closed now.")


def _wait(board: PublicBoard) -> Text:
    minutes = board.wait_minutes or 0
    return Text.plural("about {n} minute", "about {n} minutes", n=minutes) if minutes else Text("without waiting")
