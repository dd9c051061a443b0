"""The USB scanner, which types like a very fast keyboard: a burst ended by Enter or Tab is a code, whatever layout is set.

Owns telling a scan from typing. Letters of a burst go into the focused field as they come and are taken out again when it turns out
to be a scan, so nothing typed is lost and no key waits. Single-key commands wait until a burst can be ruled out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

BURST_MS = 30
SHORTEST = 4
SURE, BREATH_MS = 8, 300
"""So many letters so fast no hand types, however quick its fingers roll: from then on the scanner may falter, as by radio or under load,
and its Enter come apart. An Enter taken for a hand's would sign somebody in or answer a question."""
WAIT_MS = 45

_RU = "йцукенгшщзхъфывапролджэячсмитьбю.ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,№"
_EN_RU = "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?#"
_UK = "йцукенгшщзхїфівапролджєячсмитьбю.ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ,№"
_LATIN = {ord(cyrillic): latin for row in (_UK, _RU) for cyrillic, latin in zip(row, _EN_RU, strict=True)}


def as_scanned(text: str) -> str:
    """The code as it is printed, even when the scanner typed it under a Cyrillic layout."""
    if any("а" <= c.lower() <= "ґ" for c in text):
        return text.translate(_LATIN)
    return text


_HELD = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr})
"""Keys that only change what another key says. A scanner presses Shift before every capital and sign of a code: its burst goes on."""


@dataclass
class _Kept:
    """A field as it was before the burst."""

    widget: QWidget
    text: str
    cursor: int


class Pace:
    """How fast keys follow each other; a test may set the clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.last, self._stamp = 0.0, 0

    def is_fast(self, event: QKeyEvent, burst: str) -> bool:
        """Whether the press goes on with the burst as only a scanner's does: as the keyboard says it, for a busy window comes late."""
        now, stamp = self.clock(), event.timestamp()
        has_stamps = bool(stamp and self._stamp) and self.clock is time.monotonic
        passed = stamp - self._stamp if has_stamps else (now - self.last) * 1000
        self.last, self._stamp = now, stamp
        return passed < (BURST_MS if len(burst) < SURE else BREATH_MS)


class LoneDigits(QObject):
    """For a question that digits answer: `pressed(n)` once it is no scan; `scanned` when it was one, which answers nothing."""

    pressed = Signal(int)
    scanned = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._pace, self._burst = Pace(), ""
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._tell)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether the key waits here, or is one of a scan."""
        if event.key() in _HELD:
            return False
        fast = self._pace.is_fast(event, self._burst)
        self._wait.stop()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            was_scan = fast and len(self._burst) >= SHORTEST
            self._burst = ""
            if was_scan:
                self.scanned.emit()
            return was_scan
        text = event.text()
        is_more = fast and bool(self._burst)
        self._burst = self._burst + text if is_more else text
        if is_more:
            return True
        if text.isdecimal() and not _is_chord(event):
            self._wait.start()
        return self._wait.isActive()

    def _tell(self) -> None:
        self.pressed.emit(int(self._burst))


class Scanner(QObject):
    """Watches the keys of the window. `scanned(code)`; `digit(n)` for a lone digit outside of fields; `camera_wanted` by F1, also where a
    question waits for a scan."""

    scanned = Signal(str)
    camera_wanted = Signal()
    digit = Signal(int)
    space = Signal()

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window, self.pace = window, Pace(clock)
        self._burst = ""
        self._kept: _Kept | None = None
        self._pending: str | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._rule_out)

    def takes(self, watched: QObject, event: QEvent) -> bool:
        """Whether the key on its way to `watched` is a scanner's, or waits until that is known."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not isinstance(watched, QWidget):
            return False
        if watched is not QApplication.focusWidget() and QApplication.focusWidget() is not None:
            return False  # a key nobody took travels up through the parents: each is looked at once
        if event.key() == Qt.Key.Key_F1:
            self.camera_wanted.emit()
            return True
        if not self._window.isAncestorOf(watched) and watched is not self._window:
            return False
        return self._on_key(watched, event)

    def take(self, code: str, field: QLineEdit | None = None) -> None:
        """A code that was read by something else than keys; with `field` it is typed into that, as in a form before the window."""
        if field is None:
            self.scanned.emit(as_scanned(code).strip())
        elif isValid(field):
            field.insert(as_scanned(code).strip())
            field.textEdited.emit(field.text())

    def _on_key(self, widget: QWidget, event: QKeyEvent) -> bool:
        if event.key() in _HELD:
            return False
        fast = self.pace.is_fast(event, self._burst)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return self._end_burst(is_scan=fast)
        text = event.text()
        if not text or not text.isprintable() or _is_chord(event):
            self._start("")
            return False
        if fast and self._burst:
            self._burst += text
        else:
            self._rule_out()
            self._start(text, widget)
        return self._hold_back(widget, text)

    def _start(self, text: str, widget: QWidget | None = None) -> None:
        self._burst = text
        self._kept = _keep(widget) if widget is not None else None

    def _hold_back(self, widget: QWidget, text: str) -> bool:
        """Outside of fields a key could be a command: it waits until it is known not to be the start of a scan."""
        if is_text_field(widget):
            return False
        if len(self._burst) > 1:
            self._pending = None
            self._timer.start()
            return True
        if text.isdecimal() or text == " ":
            self._pending = text
            self._timer.start()
            return not _takes_keys(widget)
        return False

    def _rule_out(self) -> None:
        pending, self._pending = self._pending, None
        self._timer.stop()
        if pending is None or len(self._burst) > 1:
            return
        focus = QApplication.focusWidget()
        if focus is not None and _takes_keys(focus):
            return
        if pending == " " and isinstance(focus, QAbstractButton):
            _press(focus)
        elif pending == " ":
            self.space.emit()
        else:
            self.digit.emit(int(pending))

    def _end_burst(self, *, is_scan: bool) -> bool:
        code, kept = as_scanned(self._burst), self._kept
        self._start("")
        if not is_scan:
            return False
        self._pending = None
        self._timer.stop()
        if len(code) < SHORTEST:
            return False
        if kept is not None:
            _restore(kept)
        self.scanned.emit(code.strip())
        return True


def _press(button: QAbstractButton) -> None:
    """What has the focus is ticked or pressed by Space, as everywhere; the page's one filled button is F9's alone: it hands goods over."""
    if button.property("cls") != "main":
        button.click()


def is_text_field(widget: QWidget | None) -> bool:
    """Whether letters typed now would become text."""
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        return not widget.isReadOnly() and widget.isEnabled()
    return isinstance(widget, QComboBox)


def _takes_keys(widget: QWidget) -> bool:
    """Whether digits and the space bar are the widget's own, where the cursor stands on it."""
    return widget.property("cls") == "choices" or bool(widget.property("takes_keys"))


def _is_chord(event: QKeyEvent) -> bool:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.modifiers() & held)


def _keep(widget: QWidget) -> _Kept | None:
    if isinstance(widget, QLineEdit):
        return _Kept(widget, widget.text(), widget.cursorPosition())
    if isinstance(widget, QPlainTextEdit):
        return _Kept(widget, widget.toPlainText(), widget.textCursor().position())
    return None


def _restore(kept: _Kept) -> None:
    widget = kept.widget
    if isinstance(widget, QLineEdit):
        widget.setText(kept.text)
        widget.setCursorPosition(kept.cursor)
        widget.textEdited.emit(kept.text)  # whoever listened to the burst listens to its end
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(kept.text)
        cursor = widget.textCursor()
        cursor.setPosition(kept.cursor)
        widget.setTextCursor(cursor)
