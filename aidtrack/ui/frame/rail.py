"""The rail at the left: the pages of the role, each an icon over its word. Holding Alt shows their digits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts import rendered
from aidtrack.ui.parts.drawn import Drawn, Letters, cap_size, draw_cap, draw_icon, draw_words, letters, tell

ICON = 20
OVER, BETWEEN, UNDER = 7, 2, 5
"""Pixels over the icon, between icon and word, under the word."""
BORDER, ROUND = 2, 6
"""Of the focus, and of the corners."""


class RailItem(Drawn, QPushButton):
    """One page."""

    def __init__(self, name: str, word: Text, icon: str, digit: int) -> None:
        super().__init__()
        self.name, self._word, self._icon, self._digit = name, word, icon, str(digit)
        self._is_current = self._has_digit = False
        self.setObjectName(f"rail_{name}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.said())

    def show_current(self, current: bool) -> None:
        """Soft ground, accent icon and word."""
        if current != self._is_current:
            self._is_current = current
            self.update()

    def show_digit(self, shown: bool) -> None:
        """The digit that opens the page with Alt."""
        if shown != self._has_digit:
            self._has_digit = shown
            self.update()

    def said(self) -> str:
        return rendered(self._word)

    # ── how it looks ──

    def _letters(self, *, strong: bool) -> Letters:
        return letters("caption", 600 if strong else 500)

    def word_width(self) -> int:
        """What the word needs when it is the current one, so that the rail stands still."""
        return self._letters(strong=True).wide(self.said())

    def need(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        return QSize(self.word_width() + 2 * BORDER, theme.size_of("railitem"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = QPainter(self), theme.px(ICON)
        tint, word = "accent" if self._is_current else "ink2", self._letters(strong=self._is_current)
        self._draw_ground(painter)
        draw_icon(painter, QPoint((self.width() - side) // 2, OVER), self._icon, ICON, tint)
        wide, top = min(word.wide(self.said()), self.width()), OVER + side + BETWEEN
        draw_words(painter, QRect((self.width() - wide) // 2, top, wide, self.height() - UNDER - top), self.said(), word, tint)
        if self._has_digit:
            cap = cap_size(self._digit)
            draw_cap(painter, QRect(QPoint(self.width() - cap.width() - BORDER, BORDER), cap), self._digit)

    def _draw_ground(self, painter: QPainter) -> None:
        """Soft under the current page, sunken under the mouse; the border of the focus."""
        token = "soft" if self._is_current else "sunken" if self.underMouse() else ""
        if token or self.hasFocus():
            inside = 0.5 * BORDER if self.hasFocus() else 0.0
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), BORDER) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(token) if token else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inside, inside, -inside, -inside), ROUND - inside, ROUND - inside)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            tell(self, self.said())


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
