"""Typing as a person or a scanner does. Qt's own typing aborts the interpreter on Cyrillic text, so the letters are sent as events."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

SHIFTED = '~!@#$%^&*()_+{}|:"<>?'


def type_text(widget: QWidget | None, text: str) -> None:
    """Types `text` letter by letter into `widget` (or into whatever has the focus)."""
    for letter in text:
        target = widget or QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        _send(target, letter)


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses one key that is no letter, with whatever is held; shortcuts of the window hear it too."""
    QTest.keyClick(widget, key, held)
    QApplication.processEvents()


def scan(widget: QWidget | None, code: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    """A scanner's burst: every character at once, Shift before each that needs it, then Enter."""
    for character in code:
        if character.isupper() or character in SHIFTED:
            _hold_shift(widget)
        type_text(widget, character)
    target = widget or QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, end.value, Qt.KeyboardModifier.NoModifier, "\r"))
    QApplication.processEvents()


def _hold_shift(widget: QWidget | None) -> None:
    target = widget or QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    held = Qt.KeyboardModifier.ShiftModifier
    QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift.value, held, ""))


def _send(target: QWidget, letter: str) -> None:
    key = ord(letter.upper()) if letter.isascii() else 0
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))
