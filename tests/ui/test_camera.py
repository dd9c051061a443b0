"""The camera as a scanner: a film of our own slip is read like a scan; no camera, a busy one and a pulled plug are one sentence each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import settings
from aidtrack.domain.access import Permission, Role
from aidtrack.errors import Text
from aidtrack.reports import slips
from aidtrack.ui import camera, camera_panel
from aidtrack.ui.camera import Source
from aidtrack.ui.camera_panel import CameraPanel
from aidtrack.ui.dialogs import Panelled, Question
from aidtrack.ui.dialogs.answer import AnswerRow
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.main_window import MainWindow, PageEntry
from tests.ui.test_window_frame import TryPage, everybody, shown
from tests.ui.typing import press
from tests.unit import report_figures as figures

CODE = "T-K1-240812-A217"
WIDTH, HEIGHT = 640, 480


def film(path: Path, *, frames: int = 30, empty: int = 8) -> Path:
    """A desk, then a hand that brings the slip nearer, a little turned and not quite sharp."""
    with pypdfium2.PdfDocument(slips.ticket_pdf(figures.ticket_slip(), "ru")) as pages:
        paper = pages[0].render(scale=110 / 72).to_numpy()[..., :3]
    slip = paper[-min(paper.shape[0], 440) :]
    out = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 12, (WIDTH, HEIGHT))
    for n in range(frames):
        picture = np.full((HEIGHT, WIDTH, 3), (120, 140, 150), np.uint8)
        if n >= empty:
            turn = cv2.getRotationMatrix2D((slip.shape[1] / 2, slip.shape[0] / 2), 6 - n / 4, 1.0)
            turn[:, 2] += ((WIDTH - slip.shape[1]) / 2, (HEIGHT - slip.shape[0]) / 2 + max(20 - 2 * (n - empty), 0))
            cv2.warpAffine(slip, turn, (WIDTH, HEIGHT), dst=picture, borderMode=cv2.BORDER_TRANSPARENT)
        out.write(cv2.GaussianBlur(picture, (3, 3), 0))
    out.release()
    return path


@pytest.fixture
def slip_film(tmp_path: Path) -> Path:
    return film(tmp_path / "slip.avi")


@pytest.fixture
def window(window_kit: QtBot) -> Iterator[MainWindow]:
    made = MainWindow([PageEntry("desk", Text("Desk"), "scan-line", lambda: TryPage("desk"), Permission.REGISTER)], QWidget)
    window_kit.addWidget(made)
    made.show()
    made.start(everybody(Role.COORDINATOR))
    made.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is made)
    yield made
    camera.use(None)
    window_kit.waitUntil(lambda: not camera._alive)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))


def plays(path: Path, number: int = 0) -> Callable[[int], Source | None]:
    """A computer with one camera, of that number, which shows the film."""
    return lambda which: cv2.VideoCapture(str(path)) if which == number else None


def panel_of(window: MainWindow) -> CameraPanel:
    (panel,) = (one for one in window.findChildren(CameraPanel) if one.isVisible())
    return panel


def is_open(window: MainWindow) -> bool:
    return any(one.isVisible() for one in window.findChildren(CameraPanel))


def words_of(panel: CameraPanel) -> str:
    return panel.findChild(QLabel, "camera_words").text()


def opens_by_key(window: MainWindow) -> CameraPanel:
    press(shown(window).field, Qt.Key.Key_F1)
    return panel_of(window)


def test_a_slip_held_before_the_camera_is_a_scan(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    camera.use(plays(slip_film))
    opens_by_key(window)
    window_kit.waitUntil(lambda: ("scan", CODE) in shown(window).did)
    assert not is_open(window)
    assert shown(window).did.count(("scan", CODE)) == 1


def test_the_picture_is_seen_and_where_to_hold_the_card(window: MainWindow, tmp_path: Path, window_kit: QtBot) -> None:
    camera.use(plays(film(tmp_path / "desk.avi", frames=40, empty=40)))
    panel = opens_by_key(window)
    picture = panel.findChild(QLabel, "camera_picture")
    window_kit.waitUntil(lambda: not picture.pixmap().isNull())
    assert words_of(panel) == "Hold the card a hand away from the camera, so that its square code is in the picture."
    press(panel, Qt.Key.Key_Escape)
    assert not is_open(window)
    assert not [did for did in shown(window).did if isinstance(did, tuple)]


def test_what_is_half_typed_stays_and_the_focus_comes_back(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    camera.use(plays(slip_film))
    field = shown(window).field
    field.setText("ткач")
    field.setFocus()
    opens_by_key(window)
    window_kit.waitUntil(lambda: ("scan", CODE) in shown(window).did)
    assert field.text() == "ткач"
    assert window.focusWidget() is field


def test_the_camera_that_answered_is_asked_first_the_next_time(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    asked: list[int] = []

    def only_the_third(which: int) -> Source | None:
        asked.append(which)
        return plays(slip_film, 2)(which)

    camera.use(only_the_third)
    opens_by_key(window)
    window_kit.waitUntil(lambda: ("scan", CODE) in shown(window).did)
    assert (asked, settings.read().settings.camera) == ([0, 1, 2], 2)
    asked.clear()
    opens_by_key(window)
    window_kit.waitUntil(lambda: shown(window).did.count(("scan", CODE)) == 2)
    assert asked == [2]


def test_the_right_key_asks_another_camera(window: MainWindow, slip_film: Path, tmp_path: Path, window_kit: QtBot) -> None:
    desk = film(tmp_path / "desk.avi", frames=60, empty=60)
    camera.use(lambda which: cv2.VideoCapture(str(slip_film if which == 1 else desk)) if which < 2 else None)
    panel = opens_by_key(window)
    window_kit.waitUntil(lambda: not panel.findChild(QLabel, "camera_picture").pixmap().isNull())
    press(panel, Qt.Key.Key_Right)
    window_kit.waitUntil(lambda: ("scan", CODE) in shown(window).did)
    assert settings.read().settings.camera == 1


def test_no_camera_is_one_sentence(window: MainWindow, window_kit: QtBot) -> None:
    camera.use(lambda _which: None)
    panel = opens_by_key(window)
    said = "No camera answers here. Plug one in, or close the program that uses it, and press F1 again."
    window_kit.waitUntil(lambda: words_of(panel) == said)


def test_a_real_device_that_is_not_there_is_the_same_sentence(window: MainWindow, window_kit: QtBot) -> None:
    """Through the library itself: this machine of the test has no camera, or a test would look into a room."""
    if camera.cameras():
        pytest.skip("there is a camera here")
    panel = opens_by_key(window)
    window_kit.waitUntil(lambda: words_of(panel).startswith("No camera answers here."))


def test_a_pulled_plug_is_one_sentence(window: MainWindow, tmp_path: Path, window_kit: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The film ends: no picture comes any more."""
    monkeypatch.setattr(camera, "EVERY_S", 0.01)
    camera.use(plays(film(tmp_path / "short.avi", frames=3, empty=3)))
    panel = opens_by_key(window)
    window_kit.waitUntil(lambda: words_of(panel) == "The camera gives no picture any more. Plug it in again and press F1.")


def test_a_form_that_asks_for_a_badge_gets_it_from_the_camera(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    camera.use(plays(slip_film))
    asking = Panelled(window, Text("Badge of the shift lead"), name="asking")
    badge = TextInput(name="badge")
    asking.body.addWidget(badge)
    asking.open()
    badge.setFocus()
    window_kit.waitUntil(badge.hasFocus)
    press(badge, Qt.Key.Key_F1)
    window_kit.waitUntil(lambda: badge.text() == CODE)
    assert asking.isVisible()
    assert ("scan", CODE) not in shown(window).did


def test_it_stands_in_the_list_of_more(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    camera.use(plays(slip_film))
    press(window, Qt.Key.Key_F7)
    (more,) = (one for one in window.findChildren(Question) if one.isVisible())
    (at,) = (row for row in more.findChildren(AnswerRow) if row.said() == "Camera instead of a scanner (F1)")
    more.answered.emit(at.answer.value)
    more.close()
    window_kit.waitUntil(lambda: ("scan", CODE) in shown(window).did)


def test_locking_the_screen_leaves_no_picture(window: MainWindow, tmp_path: Path, window_kit: QtBot) -> None:
    camera.use(plays(film(tmp_path / "desk.avi", frames=60, empty=60)))
    panel = opens_by_key(window)
    picture = panel.findChild(QLabel, "camera_picture")
    window_kit.waitUntil(lambda: not picture.pixmap().isNull())
    window.lock()
    assert not panel.isVisible()
    window_kit.waitUntil(lambda: not camera._alive)
    assert picture.pixmap().isNull()


def test_opening_a_slow_camera_keeps_nobody_waiting(window: MainWindow, slip_film: Path, window_kit: QtBot) -> None:
    """The device answers when it is let: until then the window goes on."""
    from threading import Event

    let = Event()

    def slow(which: int) -> Source | None:
        let.wait(20)
        return plays(slip_film)(which)

    camera.use(slow)
    panel = opens_by_key(window)
    assert words_of(panel) == "The camera is being opened …"
    press(panel, Qt.Key.Key_Escape)
    assert not is_open(window)
    let.set()


def test_a_busy_window_gets_fewer_pictures_never_a_heap_of_old_ones(slip_film: Path, window_kit: QtBot) -> None:
    camera.use(plays(slip_film))
    reader = camera.CameraReader()
    pictures: list[Any] = []
    reader.pictured.connect(pictures.append)
    with window_kit.waitSignal(reader.read):
        reader.start(0)
    assert len(pictures) == 1
    reader.stop()
    camera.use(None)
    window_kit.waitUntil(lambda: not camera._alive)


def test_two_codes_in_one_picture_are_none(slip_film: Path) -> None:
    """Nobody knows which of them was meant."""
    import zxingcpp as zx

    codes = [np.array(zx.write_barcode_to_image(zx.create_barcode(text, zx.BarcodeFormat.QRCode))) for text in ("AAAA", "BBBB")]
    one, other = (cv2.resize(code, (180, 180), interpolation=cv2.INTER_NEAREST) for code in codes)
    both = np.full((240, 480), 255, np.uint8)
    both[30:210, 30:210] = one
    assert camera.code_in(both) == "AAAA"
    both[30:210, 270:450] = other
    assert camera.code_in(both) == ""


def test_the_window_starts_without_the_libraries_of_the_camera() -> None:
    """Whoever has no camera does not wait for them."""
    pages = "aidtrack.ui.application, aidtrack.ui.pages.desk, aidtrack.ui.pages.queue"
    told = f"import sys, {pages}; print({{'cv2', 'numpy', 'zxingcpp'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_panel_says_it_in_the_language_of_the_window() -> None:
    from aidtrack import i18n

    for lang in ("ru", "uk"):
        for words in (camera.NO_CAMERA, camera.PULLED, camera_panel.HOLD, camera_panel.OPENING):
            assert i18n.render(words, lang) != words.msgid
