"""Chips: one fact with its icon on a quiet ground. They are read, never pressed (what is pressed is a digit chip)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLayout, QLayoutItem, QSizePolicy, QWidget

from aidtrack.ui import theme
from aidtrack.ui.parts.drawn import Drawn, beside, draw_icon, draw_words, letters
from aidtrack.ui.parts.words import Sayable, rendered

_TOKENS = {"sunken": "ink2", "soft": "accent", "att": "att", "fault": "fault", "chosen": "onaccent", "outline": "ink2"}
_ICON = 16


class Chip(Drawn, QFrame):
    """A fact: icon and word. Tones: sunken (quiet) · soft (do this first) · att · fault (ours) · chosen · outline (on soft ground)."""

    def __init__(self, text: Sayable = "", icon: str = "", tone: str = "sunken", *, name: str = "") -> None:
        super().__init__()
        self.setProperty("cls", "chip")
        self.setProperty("st", tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        self._said: Sayable = text
        self._icon, self._tone = icon, tone
        self.setAccessibleName(self.said())

    def say(self, text: Sayable, icon: str | None = None, tone: str | None = None) -> None:
        """Another fact in the same chip."""
        self._said = text
        self._icon = self._icon if icon is None else icon
        self._tone = tone or self._tone
        theme.set_look(self, st=self._tone)
        self._say_again()

    def said(self) -> str:
        return rendered(self._said)

    def text(self) -> str:
        """The words as shown."""
        return self.said()

    def _say_again(self) -> None:
        self.setAccessibleName(self.said())
        self.updateGeometry()
        self.update()

    # ── how it looks ──

    def _word_at(self) -> int:
        return theme.px(8) + (theme.px(_ICON) + theme.px(6) if self._icon else 0)

    def need(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        word = letters("small", 500).wide(self.said())
        return QSize(self._word_at() + word + theme.px(8), theme.size_of("chip"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, token = QPainter(self), _TOKENS[self._tone]
        if self._icon:
            size = QSize(theme.px(_ICON), theme.px(_ICON))
            at = beside(size, QRect(theme.px(8), 0, 0, self.height())).topLeft()
            draw_icon(painter, at, self._icon, _ICON, token if self._tone != "outline" else "ink")
        place = self.rect().adjusted(self._word_at(), 0, -theme.px(8), 0)
        draw_words(painter, place, self.said(), letters("small", 500), token)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()


class Chips(QWidget):
    """Some chips in a row that breaks where the width ends."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self._flow = FlowLayout(self, 8)
        self._chips: list[Chip] = []
        if name:
            self.setObjectName(name)

    def show_chips(self, chips: Iterable[tuple[Sayable, str, str]]) -> None:
        """Shows (text, icon, tone) for each chip in place of what stood there."""
        shown = list(chips)
        drop_from(self._flow, len(shown))
        del self._chips[len(shown) :]
        for chip, (text, icon, tone) in zip(self._chips, shown, strict=False):
            chip.say(text, icon, tone)
        for text, icon, tone in shown[len(self._chips) :]:
            self._chips.append(Chip(text, icon, tone))
            self._flow.addWidget(self._chips[-1])
        self._flow.invalidate()
        self.updateGeometry()


class FlowLayout(QLayout):
    """Widgets side by side, continued on the next line where the width ends."""

    def __init__(self, parent: QWidget, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        parent.setSizePolicy(policy)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Asked a hundred times while a page is laid out: worked out once until something in it changes."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), moving=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._items]
        wide = sum(h.width() for h in hints) + self.spacing() * max(len(hints) - 1, 0)
        return QSize(wide, max((h.height() for h in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, moving: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if moving:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y()


def clear_layout(layout: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    drop_from(layout, 0)


def drop_from(layout: QLayout, place: int) -> None:
    """Takes what stands at this place and after it out of a layout and lets it go; what stands before it is kept to be filled again."""
    while (item := layout.takeAt(place)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
