"""What a button or chip shows, painted by itself: icon, word, key cap.

With a label for each of them a list of keys opened half as fast: a label is made, styled, laid out and taken apart like a button.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QPixmap, QStaticText
from PySide6.QtWidgets import QWidget

from aidtrack.ui import theme
from aidtrack.ui.parts.words import tooltip

CAP_SIDE = 9
"""Of a key cap, its border included."""
_CAPS = {"": ("ink", "ctl", "surface"), "off": ("ink3", "line", ""), "on": ("onaccent", "onaccent", "")}
"""Letter, border and ground of a key cap: ordinary, cannot be done now, on a filled ground."""
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ENDLESS = 100_000
KEPT = 1_000
"""Lines of each type style."""


class Drawn:
    """Shows words without a label of its own."""

    @abstractmethod
    def said(self) -> str:
        """The words, whole."""

    @abstractmethod
    def need(self) -> QSize:
        """What it takes to show them whole at the width it has."""


def tell(part: QWidget, said: str) -> None:
    """Other words than before are painted, given room, and read out to whoever does not see them; the same ones cost nothing."""
    if said != part.accessibleName():
        part.setAccessibleName(said)
        part.updateGeometry()
        part.update()


class Letters:
    """A font, and how much room its words take. Lines it was asked for are kept as they were set: what a window shows is painted many
    times and mostly says the same."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self._set: dict[str, tuple[int, QStaticText]] = {}

    def wide(self, text: str) -> int:
        """Pixels of a line."""
        return self.line(text)[0]

    def line(self, text: str) -> tuple[int, QStaticText]:
        """A line ready to be painted, and its pixels."""
        found = self._set.get(text)
        if found is None:
            if len(self._set) >= KEPT:
                self._set.clear()
            shown = " ".join(text.splitlines())  # whatever a name holds, it is one line
            found = self._set[text] = (self._metrics.horizontalAdvance(shown), _plain(shown))
        return found

    def high(self, text: str, room: int) -> int:
        """Pixels of a text that goes on below where the width ends."""
        return self._metrics.boundingRect(QRect(0, 0, room, _ENDLESS), _WRAPPED, text).height()

    def cut(self, text: str, room: int) -> str:
        """As much of a line as there is room for."""
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


def _plain(text: str) -> QStaticText:
    """Angle brackets are shown as they are."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def letters(style: str, weight: int | None = None) -> Letters:
    """Those of a type style, in the size in force."""
    return _letters(style, weight, theme.is_large())


@cache
def _letters(style: str, weight: int | None, _is_large: bool) -> Letters:
    return Letters(theme.styled(theme.application_font(), style, weight))


def tell_whole(part: QWidget, words: str, by: Letters, room: int) -> None:
    """What is cut for want of room is read under the mouse."""
    part.setToolTip(tooltip(words) if by.wide(words) > room else "")


def cap_size(key: str) -> QSize:
    """Of a key as it is printed on the keyboard."""
    return QSize(letters("caption").wide(key) + 2 * CAP_SIDE, theme.size_of("cap"))


def draw_icon(painter: QPainter, at: QPoint, name: str, size: int, tint: str) -> None:
    """An icon with its upper left corner there."""
    painter.drawPixmap(at, theme.icon(name, size, tint, painter.device().devicePixelRatioF()))


def draw_words(painter: QPainter, place: QRect, text: str, by: Letters, token: str, *, right: bool = False) -> int:
    """One line in the middle of its height; cut where there is no room for it. How wide it came out."""
    if not text:
        return 0
    room = place.width()
    wide, line = by.line(text)
    if wide > room:
        wide, line = room, by.line(by.cut(text, max(room, 1)))[1]
    painter.setFont(by.font)
    painter.setPen(theme.colour(token))
    painter.drawStaticText(place.left() + (room - wide if right else 0), place.top() + (place.height() - by.height) // 2, line)
    return wide


def draw_text(painter: QPainter, place: QRect, text: str, by: Letters, token: str) -> None:
    """From the top of its place, and on below where the width ends."""
    painter.setFont(by.font)
    painter.setPen(theme.colour(token))
    painter.drawText(place, _WRAPPED, text)


def draw_cap(painter: QPainter, place: QRect, key: str, st: str = "") -> None:
    """A key cap. States: "" · off (cannot be done now) · on (on a filled ground)."""
    painter.drawPixmap(place.topLeft(), _cap(key, st, theme.is_dark(), theme.is_large(), painter.device().devicePixelRatioF()))


@cache
def _cap(key: str, st: str, _is_dark: bool, _is_large: bool, ratio: float) -> QPixmap:
    """Painted once, as icons are: the ten of the bottom bar are shown again with every page."""
    size = cap_size(key)
    made = theme.empty(size, ratio)
    painter = QPainter(made)
    letter, border, ground = _CAPS[st]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(border), 1))
    painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(QPointF(0.5, 0.5), size.toSizeF() - QSizeF(1, 1)), 4, 4)
    painter.setFont(letters("caption").font)
    painter.setPen(theme.colour(letter))
    painter.drawText(QRect(QPoint(), size), Qt.AlignmentFlag.AlignCenter, key)
    painter.end()
    return made


def draw_bar(painter: QPainter, place: QRectF, part: float, token: str) -> None:
    """How much of the whole there is, from 0 to 1."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    round_ = place.height() / 2
    painter.drawRoundedRect(place, round_, round_)
    if part > 0:
        painter.setBrush(theme.colour(token))
        filled = QRectF(place.left(), place.top(), max(place.width() * part, place.height()), place.height())
        painter.drawRoundedRect(filled, round_, round_)


def beside(size: QSize, place: QRect) -> QRect:
    """A part of this size at the left of a place, in the middle of its height."""
    return QRect(QPoint(place.left(), place.top() + (place.height() - size.height()) // 2), size)
