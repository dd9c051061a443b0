"""The bottom bar: ten keys with their words, always visible, always at the same place, the same on every page."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.page import Key
from aidtrack.ui.parts import KeyCap, Words

SHOWN = (Key.FIND, Key.NEW, Key.TICKET, Key.NEXT, Key.NOT_HERE, Key.MORE, Key.SHIFT_LEAD, Key.MAIN, Key.PAUSE, Key.LOCK)
SIDE, MAIN_SIDE, EDGE, GAP = 4, 8, 16, 4


class KeyCell(QPushButton):
    """One key and what it does now. What cannot be done is faint, never hidden, never moved."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key
        self.setProperty("cls", "key")
        self.setObjectName(f"key_{key.cap}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._cap, self._words = KeyCap(key.cap), Words(key.word, "keyword")
        self._shown: object = None
        self._is_under = False
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        for part in (self._cap, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._box.addWidget(part, 0, Qt.AlignmentFlag.AlignCenter)
        self.stack(False)

    def show_action(self, word: Text | None, enabled: bool) -> None:
        """The word of the key, and whether it can be pressed. Told after every change of anything: mostly it is so already."""
        if self._shown == (word, enabled, i18n.language()):
            return
        self._shown = (word, enabled, i18n.language())
        self._words.say(word or self.key.word)
        self.setEnabled(enabled)
        self._look()
        self.setAccessibleName(self._words.said())

    def lie_under(self, is_under: bool) -> None:
        """A question stands before the window: until it is answered the key does nothing here."""
        if is_under != self._is_under:
            self._is_under = is_under
            self._look()

    def _look(self) -> None:
        enabled, is_main = self.isEnabled(), self.key is Key.MAIN
        state = ("under" if is_main else "off") if self._is_under and enabled else "main" if is_main else ""
        state = state if enabled else "off"
        theme.set_look(self, st=state)
        theme.set_look(self._words, st=state)
        theme.set_look(self._cap, st={"main": "on", "under": "off"}.get(state, state))

    def stack(self, stacked: bool) -> None:
        """Key over word, or key beside word."""
        vertical = QBoxLayout.Direction.TopToBottom
        self._box.setDirection(vertical if stacked else QBoxLayout.Direction.LeftToRight)
        side = MAIN_SIDE if self.key is Key.MAIN else SIDE
        self._box.setContentsMargins(side, 3 if stacked else 0, side, 3 if stacked else 0)
        self._box.setSpacing(2 if stacked else 7)
        self.setFixedHeight(theme.px(48 if stacked else 32))

    def line_width(self) -> int:
        """What key beside word need."""
        side = MAIN_SIDE if self.key is Key.MAIN else SIDE
        return self._cap.sizeHint().width() + self._words.sizeHint().width() + 7 + 2 * side

    def stacked_width(self) -> int:
        """What key over word need."""
        side = MAIN_SIDE if self.key is Key.MAIN else SIDE
        return max(self._cap.sizeHint().width(), self._words.sizeHint().width()) + 2 * side

    def tighten(self, tight: bool) -> None:
        """Smaller letters, the last thing that gives way in large text on a small screen."""
        if bool(self._words.property("tight")) != tight:
            self._words.setProperty("tight", "yes" if tight else "")
            theme.set_look(self._words)

    def word(self) -> str:
        """The word as shown."""
        return self._words.text()

    def sizeHint(self) -> QSize:
        return QSize(self._box.sizeHint().width(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


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
        stacked = sum(cell.stacked_width() for cell in self.cells.values()) + 2 * EDGE
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
