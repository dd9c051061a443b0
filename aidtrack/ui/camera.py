"""The camera as a scanner: pictures taken in a thread of its own, codes found in them, nothing kept.

Owns opening the device and reading codes; the panel that shows the picture is `ui.camera_panel`. A picture lives in memory until the next
one comes; none is ever written. The libraries are loaded when a camera is opened first.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from aidtrack.errors import Text

EVERY_S = 0.08
"""A dozen pictures a second: enough to see one's hand, little enough for an old laptop."""
SAME_CODE_S = 2.0
"""A card that is held on is one scan."""
LOST_AFTER = 25
"""So many pictures in a row that do not come: somebody pulled the plug."""
MOST_GUESSED = 4
"""Where the system does not list its cameras, so many are tried."""

NO_CAMERA = Text("No camera answers here. Plug one in, or close the program that uses it, and press F1 again.")
PULLED = Text("The camera gives no picture any more. Plug it in again and press F1.")

_log = logging.getLogger(__name__)
_DEVICES = Path("/sys/class/video4linux")
_alive: set[CameraReader] = set()


class Source(Protocol):
    """An open camera."""

    def read(self) -> tuple[bool, Any]:
        """Whether a picture came, and the picture: rows of blue, green and red bytes."""

    def release(self) -> None:
        """Lets the device go."""


def _open_device(which: int) -> Source | None:
    """The camera of that number, or None when it does not answer."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what drivers say belongs into no terminal
    source = cv2.VideoCapture(which)
    return source if source.isOpened() else None


_open: Callable[[int], Source | None] = _open_device


def use(opener: Callable[[int], Source | None] | None) -> None:
    """Another way to open a camera, for tests; None is the device again."""
    global _open
    _open = opener or _open_device


def cameras() -> tuple[int, ...]:
    """The numbers of the cameras there may be, those the system lists where it does."""
    if sys.platform.startswith("linux") and _open is _open_device:
        return tuple(sorted(int(one.name[5:]) for one in _DEVICES.glob("video*") if _takes_pictures(one)))
    return tuple(range(MOST_GUESSED))


def _takes_pictures(device: Path) -> bool:
    """A camera shows itself several times; the first of them is the one with the picture."""
    try:
        return (device / "index").read_text(encoding="ascii").strip() == "0"
    except OSError:
        return True


class CameraReader(QObject):
    """One camera at work. `pictured` a new picture, `read` a code in it, `opened` the camera that answered, `failed` why there is none."""

    pictured = Signal(QImage)
    read = Signal(str)
    opened = Signal(int)
    failed = Signal(object)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stopped, self._is_shown = Event(), Event()
        self._is_shown.set()
        self._last, self._last_at = "", 0.0
        self.ended.connect(lambda: _alive.discard(self))

    def start(self, wanted: int) -> None:
        """Opens the wanted camera, or the first that answers; returns at once."""
        _alive.add(self)
        Thread(target=self._run, args=(wanted,), name="camera", daemon=True).start()

    def stop(self) -> None:
        """No more pictures; the device is let go within a moment. Nobody waits for it."""
        self._stopped.set()

    def shown(self) -> None:
        """The picture was drawn: the next one may come. A busy window gets fewer, never a heap of old ones."""
        self._is_shown.set()

    # ── in the thread of the camera ──

    def _run(self, wanted: int) -> None:
        try:
            self._look(wanted)
        except (ImportError, OSError) as error:
            _log.warning("no camera: %s", error)
            self.failed.emit(NO_CAMERA)
        finally:
            self.ended.emit()

    def _look(self, wanted: int) -> None:
        source = self._opened(wanted)
        if source is None:
            self.failed.emit(NO_CAMERA)
            return
        try:
            self._watch(source)
        finally:
            source.release()

    def _opened(self, wanted: int) -> Source | None:
        there = cameras()
        for which in sorted(there, key=lambda one: (one != wanted, one)):
            source = None if self._stopped.is_set() else _open(which)
            if source is not None:
                self.opened.emit(which)
                return source
        return None

    def _watch(self, source: Source) -> None:
        misses = 0
        while not self._stopped.wait(EVERY_S):
            came, picture = source.read()
            misses = 0 if came else misses + 1
            if misses >= LOST_AFTER:
                self.failed.emit(PULLED)
                return
            if came and not self._stopped.is_set():
                self._take(picture)

    def _take(self, picture: Any) -> None:
        if self._is_shown.is_set():
            self._is_shown.clear()
            height, width = picture.shape[:2]
            self.pictured.emit(QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888).copy())
        code = code_in(picture)
        now = time.monotonic()
        if code and (code != self._last or now - self._last_at > SAME_CODE_S):
            self.read.emit(code)
        if code:
            self._last, self._last_at = code, now


def code_in(picture: Any) -> str:
    """The code in a picture, as a scanner would type it; empty when there is none, or more than one: nobody knows which was meant."""
    import zxingcpp as zx

    found = zx.read_barcodes(picture, formats=_kinds(zx), text_mode=zx.TextMode.Plain)
    texts = {one.text.strip() for one in found if one.text.strip().isprintable()}
    return texts.pop() if len(texts) == 1 else ""


def _kinds(zx: Any) -> Any:
    """What we print and what stands on cards and cartons of others; kinds that see a code in every striped shirt are left out."""
    kind = zx.BarcodeFormat
    return (kind.QRCode, kind.DataMatrix, kind.Aztec, kind.Code128, kind.EAN13)
