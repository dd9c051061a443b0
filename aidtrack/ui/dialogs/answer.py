"""One answer of a question: a row with its digit, painted by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from aidtrack.ui import theme
from aidtrack.ui.parts import Sayable, rendered
from aidtrack.ui.parts.drawn import Drawn, beside, cap_size, draw_cap, draw_text, draw_words, letters
from aidtrack.ui.parts.words import glued


@dataclass(frozen=True)
class Answer:
    """One answer; its digit is its place in the list."""

    value: Any
    word: Sayable
    enabled: bool = True
    second: Sayable = ""


ONE_DIGIT = 9
"""Beyond it no single key answers: arrows and Enter reach the rest, and no cap promises more."""
BESIDE = 26
"""Letters that fit beside an answer; what is longer stands under it."""
SIDE, AIR, GAP, NARROWEST = 13, 7, 12, 120
"""Pixels of a row: what is free at its sides, above, and between its parts, and the least it may be wide."""


class AnswerRow(Drawn, QPushButton):
    """An answer as a row with its digit; beside it, or under it when that is long, what explains it."""

    def __init__(self, answer: Answer, digit: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.answer, self.digit = answer, digit
        self.setProperty("cls", "answer")
        self.setObjectName(f"answer_{digit}")
        self.setAutoDefault(False)
        self.setEnabled(answer.enabled)
        self.setAccessibleName(self.said())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def said(self) -> str:
        return rendered(self.answer.word)

    def explained(self) -> str:
        """What stands beside the word or under it."""
        return rendered(self.answer.second)

    # ── how it looks ──

    def _cap(self) -> str:
        return str(min(self.digit, ONE_DIGIT))

    def _place(self, width: int) -> QRect:
        """Of the words, from the top; as high as there is room."""
        left = SIDE + cap_size(self._cap()).width() + GAP
        return QRect(left, AIR, width - SIDE - left, max(self.height() - 2 * AIR, 0))

    def _room(self, width: int) -> int:
        """How wide a line of the word may be: what explains it keeps its room at the right."""
        taken = letters("small").wide(self.explained()) + GAP if self.explained() and not self._is_under() else 0
        return self._place(width).width() - taken

    def _is_under(self) -> bool:
        return len(self.explained()) > BESIDE

    def _heights(self, width: int) -> tuple[int, int]:
        """Of the word, and of what stands under it."""
        word = letters("row").high(glued(self.said()), self._room(width))
        room = self._place(width).width()
        return word, (1 + letters("small").high(glued(self.explained()), room) if self._is_under() else 0)

    def need(self) -> QSize:
        longest = max((letters("row").wide(word) for word in self.said().split()), default=0)
        return QSize(self.width() - self._room(self.width()) + longest, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        return max(sum(self._heights(width)) + 2 * AIR, theme.size_of("field"))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(NARROWEST), theme.size_of("field"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, is_on, place = QPainter(self), self.isEnabled(), self._place(self.width())
        if self.digit <= ONE_DIGIT:
            cap = QRect(SIDE, 0, 0, self.height())
            draw_cap(painter, beside(cap_size(self._cap()), cap), self._cap(), "" if is_on else "off")
        word, under = self._heights(self.width())
        top = (self.height() - word - under) // 2
        room = QSize(self._room(self.width()), word)
        draw_text(painter, QRect(QPoint(place.left(), top), room), glued(self.said()), letters("row"), _ink(is_on))
        self._draw_second(painter, QRect(place.left(), top + word, place.width(), under))

    def _draw_second(self, painter: QPainter, place: QRect) -> None:
        if self._is_under():
            draw_text(painter, place.adjusted(0, 1, 0, 0), glued(self.explained()), letters("small"), "ink3")
        elif self.explained():
            at = place.right() + 1 - letters("small").wide(self.explained())
            draw_words(painter, QRect(at, 0, self.width() - at, self.height()), self.explained(), letters("small"), "ink3")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.said())
            self.updateGeometry()


def _ink(is_on: bool) -> str:
    return "ink" if is_on else "ink3"
