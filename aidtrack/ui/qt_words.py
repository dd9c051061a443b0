"""Qt's own words, in the language of the window: the menus of fields, the dialogs of printers and files."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

_loaded: list[QTranslator] = []


def speak(lang: str) -> None:
    """Qt speaks `lang` from now on; English is what it speaks without being told."""
    while _loaded:
        QApplication.removeTranslator(_loaded.pop())
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if lang != "en" and translator.load(f"qtbase_{lang}", folder):
        _loaded.append(translator)
        QApplication.installTranslator(translator)
