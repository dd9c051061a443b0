"""Switching the language of the whole window, in place. Whose language it is, `ui.application` knows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from aidtrack import i18n
from aidtrack.ui import qt_words


def switch_language(lang: str) -> None:
    """Every widget of the program speaks `lang` from now on, in place; nothing typed is lost."""
    i18n.use(lang)
    qt_words.speak(lang)
    for widget in QApplication.topLevelWidgets():
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        widget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
