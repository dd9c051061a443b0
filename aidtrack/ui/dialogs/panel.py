"""The panel every dialog stands in: no system box, no title bar, at most 480 wide; Esc gives up and loses nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts import KeyCap, Sayable, Words

WIDTH = 480


def _corners_are_clear() -> bool:
    """Whether what lies under the round corners shows through. On X11 it does only while somebody composes the screen, which old
    laptops leave out: the corners would be black there, so they get the ground of the window. A mask would cut them ragged."""
    return QGuiApplication.platformName() != "xcb"


class Panelled(QDialog):
    """A panel in the middle of its window. Subclasses fill `body`; `add_foot` makes the row with Esc."""

    given_up = Signal()

    def __init__(
        self, parent: QWidget, title: Sayable, *, facts: Sayable = "", width: int = WIDTH, name: str = "dialog"
    ) -> None:
        super().__init__(parent.window())
        self.setObjectName(name)
        self.setProperty("cls", "dialog")
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, _corners_are_clear())
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(theme.px(width), parent.window().width() - 32))
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(20, 20, 20, 18)
        self._whole.setSpacing(4)
        self.title = Words(title, "h2", wrap=True, name="dialog_title")
        self._facts = Words(facts, "small", wrap=True, name="dialog_facts")
        self._whole.addWidget(self.title)
        self._whole.addWidget(self._facts)
        self._facts.setVisible(bool(facts))
        self._whole.addSpacing(12)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self._whole.addLayout(self.body)

    def add_foot(self, text: Sayable = "", word: Sayable | None = None) -> QHBoxLayout:
        """The last row: what is worth knowing, and Esc."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Words(text, "small", wrap=True), 1)
        row.addWidget(KeyCap("Esc"))
        row.addWidget(Words(word or Text("back"), "small"))
        self._whole.addSpacing(10)
        self._whole.addLayout(row)
        return row

    def fit(self) -> None:
        """As high as what it says needs at its width, and in the middle again."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
        self._centre()

    def give_up(self) -> None:
        """Esc."""
        self.given_up.emit()
        self.close()

    def reject(self) -> None:
        self.give_up()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()  # Qt's own would call `reject`, which closes again, and nothing would close at all

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            event.ignore()  # Enter must press nothing by itself: scanners send it

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._centre()

    def _centre(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            middle = parent.mapToGlobal(parent.rect().center())
            self.move(middle - QPoint(self.width() // 2, self.height() // 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("ctl"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.fit()
