"""A small panel with the picture of the camera: whatever code is held before it is taken as if a scanner had read it.

Shows the picture mirrored, as people aim. Closes by itself with the first code, or by Esc; → asks another camera. The one that answered is
remembered on this computer.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from aidtrack import settings
from aidtrack.errors import AidTrackError, Text
from aidtrack.ui import camera, messages
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.parts import Words
from aidtrack.ui.scanner import Scanner

WIDTH = 380
OPENING = Text("The camera is being opened …")
HOLD = Text("Hold the card a hand away from the camera, so that its square code is in the picture.")


class CameraPanel(Panelled):
    """Open while somebody holds a card before the camera. Opened over a form, it fills the field that had the cursor."""

    def __init__(self, parent: QWidget, scanner: Scanner) -> None:
        super().__init__(parent, Text("Camera"), width=WIDTH, name="camera")
        focus = parent.focusWidget() if isinstance(parent, Panelled) else None
        self._scanner, self._field = scanner, focus if isinstance(focus, QLineEdit) else None
        self._wanted = settings.read().settings.camera
        self._reader = camera.CameraReader()
        self._picture = QLabel()
        self._picture.setObjectName("camera_picture")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight((self.width() - 40) * 3 // 4)
        self._words = Words(OPENING, "body", wrap=True, name="camera_words")
        self.body.addWidget(self._picture)
        self.body.addWidget(self._words)
        self.add_foot(Text("→ another camera"))

    # ── the camera ──

    def _start(self) -> None:
        self._words.say(OPENING)
        self._reader = camera.CameraReader()
        self._reader.opened.connect(self._on_opened)
        self._reader.pictured.connect(self._on_picture)
        self._reader.read.connect(self._on_read)
        self._reader.failed.connect(self._on_failed)
        self._reader.start(self._wanted)

    def _on_opened(self, which: int) -> None:
        self._picture.show()
        self._words.say(HOLD)
        self.fit()
        if which == settings.read().settings.camera:
            return
        try:
            settings.write(replace(settings.read().settings, camera=which))
        except AidTrackError as error:
            messages.show_error(error)

    def _on_picture(self, picture: QImage) -> None:
        if self.isVisible():
            size = self._picture.size()
            small = picture.flipped(Qt.Orientation.Horizontal).scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
            )
            self._picture.setPixmap(QPixmap.fromImage(small))
        self._reader.shown()

    def _on_read(self, code: str) -> None:
        """The panel goes first: the code is for what stands behind it."""
        if self.isVisible():
            self.close()
            QTimer.singleShot(0, self._scanner, partial(self._scanner.take, code, self._field))

    def _on_failed(self, why: Text) -> None:
        self._picture.clear()
        self._picture.hide()  # no picture, no empty square
        self._words.say(why)
        if self.isVisible():
            self.fit()

    def _another(self) -> None:
        """The next number; where nothing answers there, the reader takes one that does."""
        there = camera.cameras() or (0,)
        later = [one for one in there if one > self._wanted]
        self._wanted = later[0] if later else there[0]
        self._reader.stop()
        self._start()

    # ── Qt ──

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self._another()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed, or hidden because the screen is locked: no picture stays."""
        self._reader.stop()
        self._picture.clear()
        super().hideEvent(event)


def look(window: QWidget, scanner: Scanner) -> CameraPanel | None:
    """Opens the panel over whatever is in front; None when it is open already."""
    front = QApplication.activeModalWidget() or window
    if isinstance(front, CameraPanel):
        return None
    panel = CameraPanel(front, scanner)
    panel.open()
    return panel
