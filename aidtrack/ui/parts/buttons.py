"""What is pressed: ordinary buttons, links, and the one filled button of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QMoveEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from aidtrack.ui import theme
from aidtrack.ui.parts.drawn import Drawn, Letters, beside, cap_size, draw_cap, draw_icon, draw_words, letters
from aidtrack.ui.parts.words import Sayable, rendered

_TOKENS = {"button": "ink", "link": "accent", "main": "onaccent"}
_STYLES = {"button": ("body", 500), "link": ("body", 500), "main": ("row", 600)}
_ICON = 16


class Button(Drawn, QPushButton):
    """An ordinary button: icon, word, key cap. Set `st` to "chosen" by `theme.set_look` where it marks a choice."""

    _cls = "button"
    _height = "button"

    def __init__(self, text: Sayable = "", icon: str = "", cap: str = "", *, name: str = "") -> None:
        super().__init__()
        self.setProperty("cls", self._cls)
        self.setAutoDefault(False)  # Enter must never press a button nobody looks at: scanners send it
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        self._said: Sayable = text
        self._shown = rendered(text)
        self._icon, self._cap = icon, cap
        self.setAccessibleName(self._shown)

    def say(self, text: Sayable, icon: str | None = None) -> None:
        """Another word on the button, and another icon if one is given."""
        self._said = text
        self._icon = self._icon if icon is None else icon
        self._say_again()

    def show_cap(self, cap: str) -> None:
        """Another key does it now."""
        self._cap = cap
        self._look_again()

    def said(self) -> str:
        """The word on the button."""
        return rendered(self._said)

    def _say_again(self) -> None:
        self._shown = self.said()
        if self._shown != self.accessibleName():
            self.setAccessibleName(self._shown)
        self._look_again()

    def _look_again(self) -> None:
        self.updateGeometry()
        self.update()

    # ── how it looks ──

    def _letters(self) -> Letters:
        return letters(*_STYLES[self._cls])

    def _gap(self) -> int:
        return theme.px(8 if self._cls != "main" else 12)

    def _side(self) -> int:
        return theme.px(14 if self._cls != "link" else 0)

    def _row(self) -> list[tuple[str, int]]:
        """What is shown from left to right, and how wide each is."""
        icon = [("icon", theme.px(_ICON))] if self._icon else []
        word = [("word", self._letters().wide(self._shown))] if self._shown or not self._icon else []
        return [*icon, *word, *([("cap", cap_size(self._cap).width())] if self._cap else [])]

    def need(self) -> QSize:
        return self.sizeHint()

    def _wide(self, row: list[tuple[str, int]]) -> int:
        return sum(width for _, width in row) + self._gap() * (len(row) - 1) + 2 * self._side()

    def sizeHint(self) -> QSize:
        return QSize(self._wide(self._row()), theme.size_of(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """All of it in the middle; where it is too wide the word gives way."""
        super().paintEvent(event)
        painter, row = QPainter(self), self._row()
        spare = self.width() - self._wide(row)
        x = self._side() + max(spare, 0) // 2
        for part, width in row:
            room = width + min(spare, 0) if part == "word" else width
            self._draw(painter, part, QRect(x, 0, room, self.height()))
            x += room + self._gap()

    def _draw(self, painter: QPainter, part: str, place: QRect) -> None:
        if part == "icon":
            draw_icon(painter, beside(QSize(place.width(), place.width()), place).topLeft(), self._icon, _ICON, self._icon_token())
        elif part == "word":
            draw_words(painter, place, self._shown, self._letters(), self._word_token())
        else:
            draw_cap(painter, beside(cap_size(self._cap), place), self._cap, self._cap_state())

    def _icon_token(self) -> str:
        return _TOKENS[self._cls] if self.isEnabled() else "ink3"

    def _word_token(self) -> str:
        return _TOKENS[self._cls] if self.isEnabled() else "ink3"

    def _cap_state(self) -> str:
        return "" if self.isEnabled() else "off"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()


class LinkButton(Button):
    """A quiet thing that can be done, in the words of a link."""

    _cls = "link"
    _height = "chip"


class MainButton(Button):
    """The one filled button of a page: F9. Its word comes from the page's main action."""

    _cls = "main"
    _height = "main"

    def __init__(self, cap: str = "F9", *, name: str = "main_button") -> None:
        super().__init__("", "", cap, name=name)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._ring: _FocusRing | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        parent = self.parentWidget()
        if parent is not None and self._ring is None:
            self._ring = _FocusRing(self, parent)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._drop_ring()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drop_ring()

    def lie_under(self, is_under: bool) -> None:
        """A question stands before the window: F9 is its key now, and one button is filled, not two."""
        theme.set_look(self, st="under" if is_under and self.isEnabled() else "")

    def _word_token(self) -> str:
        return super()._word_token() if self.property("st") != "under" else "ink3"

    def _cap_state(self) -> str:
        return "on" if self.isEnabled() and self.property("st") != "under" else "off"

    def _drop_ring(self) -> None:
        if self._ring is not None:
            self._ring.deleteLater()
            self._ring = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._ring is not None:
            self._ring.follow()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._ring is not None:
            self._ring.follow()


class _FocusRing(QWidget):
    """Two pixels of ink, two pixels outside the filled button: a border inside would not be seen on the fill."""

    def __init__(self, button: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._button = button
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.follow()
        self.show()

    def follow(self) -> None:
        """Lies around the button wherever it is."""
        self.setGeometry(self._button.geometry().adjusted(-4, -4, 4, 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("ink"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
