"""The smallest parts: words in a type style, key caps, icons, hairlines, big numbers.

Each keeps the `Text` it was given and renders it again when the window changes its language.
"""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import theme

Sayable = Text | str
LEAST = 40
"""Pixels that words which may be cut keep at least."""


def rendered(text: Sayable) -> str:
    """The words in the language of the window."""
    return i18n.render(text, i18n.language()) if isinstance(text, Text) else text


def tooltip(text: str) -> str:
    """A tooltip that shows `text` as it is: names may hold angle brackets, which Qt would read as markup."""
    return f"<span>{escape(text)}</span>" if text else ""


_LOOSE = re.compile(r"(?<=\w) (?=\d)|(?<=\d) (?=\w)")


_ENDLESS = re.compile(r"\S{24}(?=\S)")


def glued(text: str) -> str:
    """A number stays with its word where the text goes on in another line: «вода 3», «12 августа». A word that nobody could have
    meant, a key held too long, may be broken: it must not push half of the page over the edge."""
    return _ENDLESS.sub("\\g<0>\u200b", _LOOSE.sub("\u00a0", text))


def shortened(hint: str, metrics: QFontMetrics, room: int) -> str:
    """A hint where there is less room: «name, card, phone», «name, card», «name»; one thing that does not fit is cut."""
    things = hint.split(", ")
    starts = (", ".join(things[:n]) for n in range(len(things), 0, -1))
    cut = metrics.elidedText(hint, Qt.TextElideMode.ElideRight, room)
    return next((start for start in starts if metrics.horizontalAdvance(start) <= room), cut)


class Words(QLabel):
    """One piece of text in a type style (h1 h2 h3 row body small caption). `elide` shortens names that do not fit."""

    def __init__(
        self, text: Sayable = "", cls: str = "body", *, tone: str = "", wrap: bool = False, elide: bool = False, name: str = ""
    ) -> None:
        super().__init__()
        self._said: Sayable = text
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("cls", cls)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if name:
            self.setObjectName(name)
        self._show()

    def say(self, text: Sayable, tone: str | None = None) -> None:
        """Shows `text`, and in another tone if one is given."""
        self._said = text
        if tone is not None and tone != self.property("tone"):
            self.setProperty("tone", tone)
            theme.set_look(self)
        self._show()

    def said(self) -> str:
        """The whole text, even where it is shown shortened."""
        return rendered(self._said)

    def _show(self) -> None:
        whole = self.said()
        if not self._elide:
            self.setText(glued(whole) if self.wordWrap() else whole)
            return
        shown = self._shorter(whole, max(self.width(), 20))
        self.setText(shown)
        self.setToolTip(tooltip(whole) if shown != whole else "")

    def _shorter(self, whole: str, room: int) -> str:
        return QFontMetrics(self.font()).elidedText(whole, Qt.TextElideMode.ElideRight, room)

    def text(self) -> str:
        """What can be read, as it was said: which spaces may break a line is no part of it."""
        shown = super().text()
        return self.said() if self.wordWrap() and shown == glued(self.said()) else shown

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._elide:
            hint.setWidth(QFontMetrics(self.font()).horizontalAdvance(self.said()) + 2)
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elide:
            hint.setWidth(theme.px(LEAST))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange or (self._elide and event.type() == QEvent.Type.FontChange):
            self._show()


class Hint(Words):
    """What stands quiet at the right over a field; where there is less room it says less."""

    def __init__(self, text: Sayable = "") -> None:
        super().__init__(text, "small", tone="ink3", elide=True)

    def _shorter(self, whole: str, room: int) -> str:
        return shortened(whole, QFontMetrics(self.font()), room)


class Caption(Words):
    """A small heading over a field, a list or a group."""

    def __init__(self, text: Sayable = "", *, name: str = "") -> None:
        super().__init__(text, "caption", name=name)


class KeyCap(QLabel):
    """A key as it is printed on the keyboard. States: "" · off (cannot be done now) · on (on a filled ground)."""

    def __init__(self, key: str, st: str = "") -> None:
        super().__init__(key)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("cls", "cap")
        self.setProperty("st", st)


class Icon(QWidget):
    """One icon, drawn from the tokens in force, so that a change of theme needs nothing."""

    def __init__(self, name: str = "", size: int = 18, tint: str = "ink2") -> None:
        super().__init__()
        self._name, self._size, self._tint = name, size, tint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, tint: str | None = None) -> None:
        """Another icon in the same place; an empty name keeps the place empty."""
        self._name, self._tint = name, tint or self._tint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            painter = QPainter(self)
            painter.drawPixmap(0, 0, theme.icon(self._name, self._size, self._tint, self.devicePixelRatioF()))


class Line(QFrame):
    """A hairline."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__()
        self.setProperty("cls", "vline" if vertical else "line")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class BigNumber(QWidget):
    """A figure read first, and under it what it counts."""

    def __init__(self, cls: str = "h1", *, name: str = "") -> None:
        super().__init__()
        self._number: int | str = ""
        self._figure = Words("", cls, name=f"{name}_figure" if name else "")
        self._under = Words("", "small", tone="ink3", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self._figure)
        column.addWidget(self._under)
        column.addStretch(0)
        if name:
            self.setObjectName(name)

    def show_number(self, number: int | str, under: Sayable) -> None:
        """The figure (an int is grouped) and the words under it."""
        self._number = number
        self._figure.say(i18n.number(number, i18n.language()) if isinstance(number, int) else number)
        self._under.say(under)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.show_number(self._number, self._under._said)


class FactRow(QWidget):
    """What is counted at the left, the figure at the right."""

    def __init__(self, left: Sayable = "", right: Sayable = "", *, name: str = "") -> None:
        super().__init__()
        self._left = Words(left, "small")
        self._right = Words(right, "body", name=name)
        self._right.setProperty("weight", "500")
        self._ways: tuple[Sayable, ...] = ()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 5, 0, 5)
        row.addWidget(self._left)
        row.addStretch(1)
        row.addWidget(self._right)

    def say(self, right: Sayable, left: Sayable | None = None) -> None:
        """Shows another figure, and other words if given."""
        self._ways = ()
        self._right.say(right)
        if left is not None:
            self._left.say(left)

    def say_one_of(self, *ways: Sayable) -> None:
        """The same said longer and shorter, the longest first: the first one there is room for is shown, whatever the width becomes."""
        self._ways = ways
        self._say_what_fits()

    def _say_what_fits(self) -> None:
        room = self.width() - self._left.sizeHint().width() - self._row.spacing()
        metrics = self._right.fontMetrics()
        fitting = (way for way in self._ways if metrics.horizontalAdvance(rendered(way)) <= room)
        self._right.say(next(fitting, self._ways[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._ways:
            self._say_what_fits()
