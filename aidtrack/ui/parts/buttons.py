"""What is pressed: ordinary buttons, links, and the one filled button of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QMoveEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from aidtrack.ui import theme
from aidtrack.ui.parts.words import Icon, KeyCap, Sayable, Words, rendered

_TOKENS = {"button": "ink", "link": "accent", "main": "onaccent"}


class Button(QPushButton):
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
        self._icon_name = icon
        self._icon = Icon(icon, 16, _TOKENS[self._cls])
        if not icon:
            self._icon.hide()  # never shown here: without a parent yet it would be a window, and take the focus
        self._words = Words(text, f"{self._cls}word")
        if icon and not text:
            self._words.hide()  # an icon alone stands in the middle
        self._cap = KeyCap(cap, "on" if self._cls == "main" else "")
        if not cap:
            self._cap.hide()
        self._lay_out()
        self._name_it()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        side = theme.px(14 if self._cls != "link" else 0)
        row.setContentsMargins(side, 0, side, 0)
        row.setSpacing(theme.px(8 if self._cls != "main" else 12))
        row.addStretch(1)
        for part in (self._icon, self._words, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)

    def say(self, text: Sayable, icon: str | None = None) -> None:
        """Another word on the button; the same one again has nothing laid out anew."""
        if icon is None and text == self._said and rendered(text) == self._words.text():
            return
        self._said = text
        self._words.say(text)
        if self._words.isHidden() and text:
            self._words.show()
        if icon is not None:
            self._icon_name = icon
            self._icon.setVisible(bool(icon))
            self._icon.show_icon(icon)
        self._name_it()
        self.updateGeometry()

    def show_cap(self, cap: str) -> None:
        """Another key does it now."""
        self._cap.setText(cap)
        self._cap.setVisible(bool(cap))
        self.updateGeometry()

    def said(self) -> str:
        """The word on the button."""
        return rendered(self._said)

    def _name_it(self) -> None:
        self.setAccessibleName(self.said())

    def sizeHint(self) -> QSize:
        layout = self.layout()
        width = layout.sizeHint().width() if layout is not None else 0
        return QSize(width, theme.size_of(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._words.say(self._said)
            self._name_it()
        if event.type() == QEvent.Type.EnabledChange:
            self._on_enabled()

    def _on_enabled(self) -> None:
        self._icon.show_icon(self._icon_name, _TOKENS[self._cls] if self.isEnabled() else "ink3")
        theme.set_look(self._cap, st="off" if not self.isEnabled() else ("on" if self._cls == "main" else ""))


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
        state = "under" if is_under and self.isEnabled() else ""
        theme.set_look(self, st=state)
        theme.set_look(self._words, st=state)
        theme.set_look(self._cap, st="off" if state or not self.isEnabled() else "on")

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
