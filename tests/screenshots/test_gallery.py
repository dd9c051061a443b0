"""The gallery can be painted in every look, and the looks differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.ui import theme, tokens
from tests.screenshots import gallery
from tests.screenshots.paint import LOOKS, look_named
from tests.screenshots.studio import SMALL, WHOLE


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


def test_a_look_nobody_planned_is_put_together_by_its_name() -> None:
    assert all(look_named(look.name) is look for look in LOOKS)
    asked = look_named("uk-dark-large-1024x700")
    assert (asked.lang, asked.theme, asked.is_large, asked.size, asked.folded) == ("uk", "dark", True, SMALL, False)
    assert look_named("en-dark").size == WHOLE


@pytest.mark.parametrize("name", ["xx-light", "ru-pink", "ru-dark-800x600"])
def test_a_look_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(SystemExit, match=name):
        look_named(name)
