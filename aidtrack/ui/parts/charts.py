"""The two charts people look at rather than read: numbers by the hour, and how long goods last (paper.md §6, as on paper).

Bars from zero with their value beside them, no axis and no frame; what came in is hatched, what was done is solid. Owns the drawing only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts.words import Sayable, rendered

MOST_GROUPS = 12
_HATCH = 5.0
_BAR, _AIR = 7.0, 6.0
_FAR = 3.0
"""Days; what lasts longer fills its bar."""


@dataclass(frozen=True)
class Pair:
    """Two bars standing together: what came in, what was done; its word stands under them."""

    word: str
    came: int
    done: int


@dataclass(frozen=True)
class Level:
    """A lying bar: how long something lasts (None: nothing is left), and the words beside it."""

    name: Sayable
    value: float | None
    said: str


def grouped(pairs: Sequence[Pair], most: int = MOST_GROUPS) -> list[Pair]:
    """At most so many groups: neighbours are added up, the first of them gives the word."""
    step = -(-len(pairs) // most) or 1
    starts = [*range(0, len(pairs), step), len(pairs)]
    return [
        Pair(pairs[a].word, sum(p.came for p in pairs[a:b]), sum(p.done for p in pairs[a:b])) for a, b in pairwise(starts)
    ]


class _Chart(QWidget):
    """Ground of both: words and bars in the colours of the theme."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _font(self, style: str = "caption", weight: int = 400) -> QFont:
        return theme.styled(QFont(self.font()), style, weight)

    def _bar(self, painter: QPainter, bar: QRectF, *, solid: bool, tone: str = "accent") -> None:
        if bar.width() < 0.5 or bar.height() < 0.5:
            return
        colour = theme.colour(tone)
        if solid:
            painter.fillRect(bar, colour)
            return
        painter.save()
        painter.setPen(QPen(colour, 1))
        painter.drawRect(bar)
        painter.setClipRect(bar)
        at = bar.left() - bar.height()
        while at < bar.right():
            painter.drawLine(QPointF(at, bar.bottom()), QPointF(at + bar.height(), bar.top()))
            at += _HATCH
        painter.restore()

    def _say(self, painter: QPainter, area: QRectF, words: str, align: Qt.AlignmentFlag, tone: str = "ink2") -> None:
        painter.setPen(theme.colour(tone))
        shown = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, shown)


class HourChart(_Chart):
    """Numbers drawn and served, hour by hour, with the key beside the first bars' line."""

    def __init__(self, came: Text, done: Text, name: str = "hour_chart") -> None:
        super().__init__(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._key = (came, done)
        self._pairs: list[Pair] = []

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """The hours from the first to the last."""
        self._pairs = grouped(pairs)
        self.setAccessibleDescription("; ".join(f"{p.word}: {p.came}, {p.done}" for p in self._pairs))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, theme.px(150))

    def minimumSizeHint(self) -> QSize:
        """Where there is less room the bars are lower, and their numbers are still read."""
        return QSize(120, theme.px(100))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        line = QFontMetricsF(painter.font()).height()
        self._paint_key(painter, line)
        if not self._pairs:
            return
        floor, top = self.height() - line - 3, 2 * line + 6
        most = max(max(pair.came, pair.done) for pair in self._pairs) or 1
        group = self.width() / len(self._pairs)
        for n, pair in enumerate(self._pairs):
            self._paint_pair(painter, QRectF(n * group, top, group, floor - top), pair, (most, line))
        painter.setPen(QPen(theme.colour("ink3"), 1))
        painter.drawLine(QPointF(0, floor), QPointF(self.width(), floor))

    def _paint_key(self, painter: QPainter, line: float) -> None:
        at = 0.0
        for n, words in enumerate(self._key):
            said = rendered(words)
            self._bar(painter, QRectF(at, 2, line * 0.7, line * 0.7), solid=bool(n))
            wide = QFontMetricsF(painter.font()).horizontalAdvance(said) + 2
            self._say(painter, QRectF(at + line, 0, wide, line), said, Qt.AlignmentFlag.AlignLeft)
            at += line + wide + line

    def _paint_pair(self, painter: QPainter, area: QRectF, pair: Pair, scaled: tuple[int, float]) -> None:
        most, line = scaled
        wide = min(area.width() * 0.4, 22.0)
        middle = area.center().x()
        for n, count in enumerate((pair.came, pair.done)):
            tall = count / most * area.height()
            left = middle - wide if n == 0 else middle
            self._bar(painter, QRectF(left, area.bottom() - tall, wide - 1, tall), solid=bool(n))
            if count and area.width() > 2.2 * line:
                value = QRectF(left - 8, area.bottom() - tall - line, wide + 16, line)
                self._say(painter, value, str(count), Qt.AlignmentFlag.AlignHCenter, "ink")
        word = QRectF(area.left(), area.bottom() + 3, area.width(), line)
        self._say(painter, word, pair.word, Qt.AlignmentFlag.AlignHCenter, "ink3")


class LevelChart(_Chart):
    """How long each thing lasts, the shortest first: solid is less than one day, hatched is more."""

    def __init__(self, name: str = "level_chart") -> None:
        super().__init__(name)
        self._levels: list[Level] = []

    def show_levels(self, levels: Sequence[Level], most: int = 6) -> None:
        """The `most` that end first."""
        rising = sorted(levels, key=lambda one: -1.0 if one.value is None else one.value)
        self._levels = rising[:most]
        self.setAccessibleDescription("; ".join(f"{rendered(one.name)}: {one.said}" for one in self._levels))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, int(max(len(self._levels), 1) * self._step()))

    def _step(self) -> float:
        """A line of words and the bar under it."""
        return QFontMetricsF(self._font("small")).height() + _BAR + _AIR

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font("small"))
        longest = min(max((one.value or 0.0 for one in self._levels), default=1.0) or 1.0, _FAR)
        for n, one in enumerate(self._levels):
            self._paint_level(painter, QRectF(0, n * self._step(), self.width(), self._step() - _AIR), one, longest)

    def _paint_level(self, painter: QPainter, area: QRectF, one: Level, longest: float) -> None:
        is_short = one.value is None or one.value < 1
        words = QRectF(area.left(), area.top(), area.width(), area.height() - _BAR)
        said = QFontMetricsF(painter.font()).horizontalAdvance(one.said) + 2
        name = QRectF(words.left(), words.top(), words.width() - said - 8, words.height())
        self._say(painter, name, rendered(one.name), Qt.AlignmentFlag.AlignLeft)
        value = QRectF(words.right() - said, words.top(), said, words.height())
        self._say(painter, value, one.said, Qt.AlignmentFlag.AlignRight, "att" if is_short else "ink")
        wide = min(one.value or 0.0, longest) / longest * area.width()
        bar = QRectF(area.left(), words.bottom() + 1, wide, _BAR - 1)
        self._bar(painter, bar, solid=is_short, tone="att" if is_short else "accent")
