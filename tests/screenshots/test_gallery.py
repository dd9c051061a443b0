"""The gallery can be painted in every look, and the looks differ."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.ui import theme, tokens
from tests.screenshots import gallery


def test_the_gallery_is_painted_in_every_look(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    light = gallery.paint(tmp_path, "light")
    dark = gallery.paint(tmp_path, "dark")
    large = gallery.paint(tmp_path, "light", large=True)
    try:
        for pictures in zip(light, dark, large, strict=True):
            ground = {QImage(str(path)).pixelColor(2, 300).name().upper() for path in pictures[:2]}
            assert ground == {tokens.LIGHT["bg"], tokens.DARK["bg"]}
            assert len({path.read_bytes() for path in pictures}) == 3
    finally:
        theme.apply(qapp, "light")
        i18n.use("en")
