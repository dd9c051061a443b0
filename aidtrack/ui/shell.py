"""The window itself, before anything is in it: shown at once, so that a person sees the program start while the rest is imported.

Imports nothing of ours but the tokens. What stands in it is `ui.main_window`.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from aidtrack.ui import tokens

MINIMUM = QSize(1024, 700)
USUAL = QSize(1366, 768)
TITLE_BAR = 40
"""About what a desktop puts over a window; what it really is nobody knows before the window is shown."""


class Shell(QMainWindow):
    """An empty window of the right size, place and ground. `closing`: it is about to go."""

    closing = Signal()

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.setWindowTitle("AidTrack")
        self.setMinimumSize(MINIMUM)
        self.resize(USUAL)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(ground))
        self.setPalette(palette)
        geometry = _kept().value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        wanted = USUAL if geometry is None else self.size()
        if not has_room(self.screen().availableSize(), wanted):
            self.setWindowState(Qt.WindowState.WindowMaximized)  # else the keys at the bottom are under the edge

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        _kept().setValue("geometry", self.saveGeometry())
        event.accept()


def has_room(screen: QSize, window: QSize) -> bool:
    """Whether a window of that size, with what the desktop puts over it, is seen whole."""
    return screen.width() >= window.width() and screen.height() >= window.height() + TITLE_BAR


def open_shell() -> tuple[QApplication, Shell]:
    """Qt and the empty window, on the screen."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("AidTrack")
    app.setStyle("Fusion")
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    shell = Shell((tokens.DARK if dark else tokens.LIGHT)["bg"])
    shell.show()
    app.processEvents()
    return app, shell


def _kept() -> QSettings:
    return QSettings("AidTrack", "AidTrack")
