"""The bottom bar: ten keys with their words, always visible, always at the same place, the same on every page."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.page import Key
from aidtrack.ui.parts import rendered
from aidtrack.ui.parts.drawn import Drawn, Letters, beside, cap_size, draw_cap, draw_words, letters, tell

SHOWN = (Key.FIND, Key.NEW, Key.TICKET, Key.NEXT, Key.NOT_HERE, Key.MORE, Key.SHIFT_LEAD, Key.MAIN, Key.PAUSE, Key.LOCK)
SIDE, MAIN_SIDE, EDGE, GAP = 4, 8, 16, 4
BETWEEN, OVER = 7, 2
"""Pixels between key and word, beside one another and over one another."""


class KeyCell(Drawn, QPushButton):
    """One key and what it does now. What cannot be done is faint, never hidden, never moved."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key
        self.setObjectName(f"key_{key.cap}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._word: Text = key.word
        self._shown: object = None
        self._is_under = self._is_stacked = self._is_tight = False
        self.setAccessibleName(self.said())
        self.stack(False)

    def show_action(self, word: Text | None, enabled: bool) -> None:
        """The word of the key, and whether it can be pressed. Told after every change of anything: mostly it is so already."""
        if self._shown == (word, enabled, i18n.language()):
            return
        self._shown = (word, enabled, i18n.language())
        self._word = word or self.key.word
        self.setEnabled(enabled)
        self._say_again()

    def _say_again(self) -> None:
        tell(self, self.said())
        self.update()

    def said(self) -> str:
        """The word as shown."""
        return rendered(self._word)

    def lie_under(self, is_under: bool) -> None:
        """A question stands before the window: until it is answered the key does nothing here."""
        if is_under != self._is_under:
            self._is_under = is_under
            self.update()

    def stack(self, stacked: bool) -> None:
        """Key over word, or key beside word."""
        self._is_stacked = stacked
        self.setFixedHeight(theme.px(48 if stacked else 32))
        self.updateGeometry()
        self.update()

    def tighten(self, tight: bool) -> None:
        """Smaller letters, the last thing that gives way in large text on a small screen."""
        if self._is_tight != tight:
            self._is_tight = tight
            self.updateGeometry()
            self.update()

    # ── how it looks ──

    @property
    def is_faint(self) -> bool:
        """It does nothing now, or nothing before the question is answered."""
        return not self.isEnabled() or self._is_under

    @property
    def _is_main(self) -> bool:
        return self.key is Key.MAIN

    def _letters(self, *, strong: bool) -> Letters:
        return letters("small" if self._is_tight else "body", 600 if strong else 500)

    def _widths(self) -> tuple[int, int]:
        """Of key and word; the main one keeps its room when it is faint."""
        return cap_size(self.key.cap).width(), self._letters(strong=self._is_main).wide(self.said())

    def line_width(self) -> int:
        """What key beside word need."""
        return sum(self._widths()) + BETWEEN + 2 * (MAIN_SIDE if self._is_main else SIDE)

    def stacked_width(self) -> int:
        """What key over word need."""
        return max(self._widths()) + 2 * (MAIN_SIDE if self._is_main else SIDE)

    def need(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        return QSize(self.stacked_width() if self._is_stacked else self.line_width(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._draw_ground(painter)
        (cap, word), key = self._places(), self.key.cap
        draw_cap(painter, cap, key, "off" if self.is_faint else "on" if self._is_main else "")
        font = self._letters(strong=self._is_main and self.isEnabled())
        draw_words(painter, word, self.said(), font, "ink3" if self.is_faint else "onaccent" if self._is_main else "ink")

    def _draw_ground(self, painter: QPainter) -> None:
        """The main key is filled; what can be pressed shows that the mouse is over it."""
        is_over, is_main = self.underMouse(), self._is_main and not self._is_under
        token = ("accent2" if is_over else "accent") if is_main else "soft" if is_over else ""
        if token and self.isEnabled():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(token))
            painter.drawRoundedRect(self.rect(), 6, 6)

    def _places(self) -> tuple[QRect, QRect]:
        """Of key and word, both in the middle of the cell."""
        cap, word = cap_size(self.key.cap), QSize(self._widths()[1], self._letters(strong=False).height)
        if not self._is_stacked:
            x = (self.width() - cap.width() - word.width() - BETWEEN) // 2
            room = min(word.width(), self.width() - x - cap.width() - BETWEEN)
            return beside(cap, QRect(x, 0, 0, self.height())), QRect(x + cap.width() + BETWEEN, 0, room, self.height())
        top = (self.height() - cap.height() - word.height() - OVER) // 2
        room = min(word.width(), self.width())
        under = QRect((self.width() - room) // 2, top + cap.height() + OVER, room, word.height())
        return QRect(QPoint((self.width() - cap.width()) // 2, top), cap), under

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()


class KeyBar(QFrame):
    """The ten keys; they stack when one line does not hold them."""

    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("cls", "keybar")
        self.cells = {key: KeyCell(key) for key in SHOWN}
        self._stacked = False
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE, 1, EDGE, 0)
        row.setSpacing(0)
        for n, (key, cell) in enumerate(self.cells.items()):
            if n:
                row.addStretch(1)
            cell.clicked.connect(lambda _=False, key=key: self.pressed.emit(key))
            row.addWidget(cell)
        self.refit()

    def show_actions(self, actions: Iterable[tuple[Key, Text | None, bool]]) -> None:
        """What the keys do now, and whether they can be pressed. Where words changed, their room is looked at once for all of them."""
        before = self._said()
        for key, word, enabled in actions:
            self.cells[key].show_action(word, enabled)
        if self._said() != before:
            self.refit()

    def lie_under(self, is_under: bool) -> None:
        """They are faint while a question stands before the window, and none moves; pause and lock come through every question."""
        for key, cell in self.cells.items():
            cell.lie_under(is_under and key not in (Key.PAUSE, Key.LOCK))

    def _said(self) -> list[str]:
        return [cell.accessibleName() for cell in self.cells.values()]

    def refit(self) -> None:
        """Decides by what the words need whether the keys stand in one line or two."""
        needed = sum(cell.line_width() for cell in self.cells.values()) + 2 * EDGE + 9 * GAP
        self._stacked = needed > self.width()
        for cell in self.cells.values():
            cell.tighten(False)
        stacked = sum(cell.stacked_width() for cell in self.cells.values()) + 2 * EDGE + 9 * GAP
        for cell in self.cells.values():
            cell.tighten(self._stacked and stacked > self.width())
            cell.stack(self._stacked)
        self.setFixedHeight(theme.size_of("keybar2" if self._stacked else "keybar"))

    def minimumSizeHint(self) -> QSize:
        return QSize(600, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.refit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            self.refit()
