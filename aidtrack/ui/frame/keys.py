"""The keyboard of the window: the same physical keys under every layout, Ctrl+Z for what was done last, and who is still there.

Owns no action; it tells the window which chord was pressed and that somebody pressed something.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.page import Key
from aidtrack.ui.scanner import Scanner, as_scanned

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_URGENT = {Qt.Key.Key_F11: Key.PAUSE, Qt.Key.Key_F12: Key.LOCK}
_ACTIVITY = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}


class Keys(QObject):
    """Watches the keys on their way to the window, after the scanner: one look at each event of the program is enough.

    `undo`: Ctrl+Z that no field wants. `alt(held)`. `active`: somebody is there.
    `urgent(key)`: F11 or F12 over an open question, through which no other key of the window comes."""

    undo = Signal()
    alt = Signal(bool)
    active = Signal()
    urgent = Signal(object)

    def __init__(self, window: QWidget, scanner: Scanner) -> None:
        super().__init__(window)
        self._window, self._scanner = window, scanner
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QInputEvent):
            return False  # nearly all of them; asking an event for its kind costs more than the rest of this
        if self._scanner.takes(watched, event):
            return True
        kind = event.type()
        if kind in _ACTIVITY and isinstance(watched, QWidget):
            self.active.emit()
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.KeyPress and event.key() in _URGENT and self._is_over_us(watched):
            self.urgent.emit(_URGENT[Qt.Key(event.key())])
            return True
        if event.key() == Qt.Key.Key_Alt:
            self.alt.emit(kind == QEvent.Type.KeyPress)
        if kind == QEvent.Type.KeyPress and event.isAutoRepeat() and event.modifiers() & _ALT and event.text().isdecimal():
            return True  # Alt and a digit, held a moment too long: the page is there, and its field must not get the digit
        if kind == QEvent.Type.KeyPress and event.modifiers() & _CTRL and watched is QApplication.focusWidget():
            return self._on_chord(watched, event)
        # A field would claim Ctrl+Z even with nothing to take back in it.
        return kind == QEvent.Type.ShortcutOverride and _is_undo(event) and not _can_undo(watched)

    def _on_chord(self, widget: QWidget, event: QKeyEvent) -> bool:
        if _is_undo(event):
            if _can_undo(widget) or not self._is_ours(widget):
                return False
            self.undo.emit()
            return True
        latin = _latin(event.key())
        if latin is None:
            return False
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, latin, event.modifiers(), ""))
        return True

    def _is_ours(self, widget: QWidget) -> bool:
        return widget is self._window or (self._window.isAncestorOf(widget) and widget.window() is self._window.window())

    def _is_over_us(self, widget: QWidget) -> bool:
        """Whether it is, or has the focus in, a panel before our window."""
        panel = widget.window()
        is_focus = widget is (QApplication.focusWidget() or panel)
        return is_focus and isinstance(panel, Panelled) and panel.parentWidget() is self._window.window()


def _latin(key: int) -> int | None:
    """The Latin letter on the same physical key as a Cyrillic one, or None if it is none."""
    if not 0x400 <= key <= 0x4FF:
        return None
    letter = as_scanned(chr(key).lower()).upper()
    return ord(letter) if letter.isascii() and letter.isalpha() else None


def _is_undo(event: QKeyEvent) -> bool:
    held = event.modifiers() & (_CTRL | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
    return held == _CTRL and (event.key() == Qt.Key.Key_Z or _latin(event.key()) == Qt.Key.Key_Z.value)


def _can_undo(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    return isinstance(widget, QPlainTextEdit) and widget.document().isUndoAvailable()
