"""The rail at the left: the pages of the role, each an icon over its word. Holding Alt shows their digits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts import Icon, KeyCap, Words, rendered


class RailItem(QPushButton):
    """One page."""

    def __init__(self, name: str, word: Text, icon: str, digit: int) -> None:
        super().__init__()
        self.name, self._word, self._icon_name = name, word, icon
        self.setObjectName(f"rail_{name}")
        self.setProperty("cls", "railitem")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(rendered(word))
        self._icon = Icon(icon, 20, "ink2")
        self._words = Words(word, "railword")
        self._cap = KeyCap(str(digit))
        self._cap.setParent(self)
        self._cap.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 7, 0, 5)
        column.setSpacing(2)
        for part in (self._icon, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_current(self, current: bool) -> None:
        """Soft ground, accent icon and word."""
        theme.set_look(self, st="chosen" if current else "")
        theme.set_look(self._words, st="chosen" if current else "")
        self._icon.show_icon(self._icon_name, "accent" if current else "ink2")

    def show_digit(self, shown: bool) -> None:
        """The digit that opens the page with Alt."""
        self._cap.adjustSize()
        self._cap.move(self.width() - self._cap.width() - 2, 2)
        self._cap.setVisible(shown)
        self._cap.raise_()

    def word_width(self) -> int:
        """What the word needs when it is the current one, so that the rail stands still."""
        return QFontMetrics(theme.styled(self.font(), "caption")).horizontalAdvance(self._words.text())

    def sizeHint(self) -> QSize:
        return QSize(60, theme.size_of("railitem"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(rendered(self._word))


class Rail(QFrame):
    """All pages of the role."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("cls", "rail")
        self._items: dict[str, RailItem] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3, 8, 3, 8)  # the border of the focus must not touch the longest word
        self._column.setSpacing(4)
        self._column.addStretch(1)

    def show_pages(self, pages: Sequence[tuple[str, Text, str]]) -> None:
        """(name, word, icon) of each page the person may use."""
        if [name for name, *_ in pages] == self.names():
            return
        for item in self._items.values():
            item.hide()
            item.deleteLater()
        self._items = {}
        for digit, (name, word, icon) in enumerate(pages, 1):
            item = RailItem(name, word, icon, digit)
            item.clicked.connect(lambda _=False, name=name: self.wanted.emit(name))
            self._column.insertWidget(digit - 1, item)
            self._items[name] = item
        self._fit()

    def names(self) -> list[str]:
        """The pages in their order: Alt+1 is the first."""
        return list(self._items)

    def show_current(self, name: str) -> None:
        """Marks the page that is shown."""
        for each, item in self._items.items():
            item.show_current(each == name)

    def show_digits(self, shown: bool) -> None:
        """While Alt is held."""
        for item in self._items.values():
            item.show_digit(shown)

    def _fit(self) -> None:
        widest = max((item.word_width() for item in self._items.values()), default=0)
        self.setFixedWidth(max(theme.size_of("rail"), widest + 16))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.colour("line"))
