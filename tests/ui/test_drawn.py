"""Buttons, chips, answers and keys paint their own words: what is read, its colour, and that nothing is cut unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.errors import Text
from aidtrack.ui import theme, tokens
from aidtrack.ui.dialogs.answer import Answer, AnswerRow
from aidtrack.ui.frame.keybar import KeyCell
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.parts import Button, Chip, ChoiceChip, LinkButton, MainButton
from aidtrack.ui.parts.drawn import Drawn, letters
from tests.ui.fitting import misfits

SAVE = Text("Save")


def _main(_: QWidget) -> MainButton:
    button = MainButton()
    button.say(SAVE)
    return button


def _key(_: QWidget) -> KeyCell:
    cell = KeyCell(Key.FIND)
    cell.show_action(SAVE, True)
    return cell


MADE: dict[str, tuple[Callable[[QWidget], QWidget], str]] = {
    "button": (lambda _: Button(SAVE, "save", "F9"), "ink"),
    "link": (lambda _: LinkButton(SAVE, "save"), "accent"),
    "main": (_main, "onaccent"),
    "choice": (lambda _: ChoiceChip("a", SAVE, 1), "ink"),
    "chip": (lambda _: Chip(SAVE, "save", "att"), "att"),
    "answer": (lambda holder: AnswerRow(Answer(1, SAVE, second="three times"), 1, holder), "ink"),
    "key": (_key, "ink"),
}


@pytest.fixture
def stage(window_kit: QtBot, qapp: QApplication) -> QWidget:
    theme.apply(qapp, "light")
    holder = QWidget()
    window_kit.addWidget(holder)
    QHBoxLayout(holder)
    return holder


def _shown(stage: QWidget, kind: str) -> QWidget:
    part = MADE[kind][0](stage)
    layout = stage.layout()
    assert layout is not None
    layout.addWidget(part)
    stage.show()
    QApplication.processEvents()
    return part


def _colours(part: QWidget) -> set[str]:
    image = part.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def _token(name: str) -> str:
    return QColor(tokens.LIGHT[name]).name()


@pytest.mark.parametrize("kind", MADE)
def test_its_words_are_painted_in_their_colour(stage: QWidget, kind: str) -> None:
    assert _token(MADE[kind][1]) in _colours(_shown(stage, kind))


@pytest.mark.parametrize("kind", ["button", "link", "main", "answer", "key"])
def test_what_cannot_be_done_is_faint(stage: QWidget, kind: str) -> None:
    part = _shown(stage, kind)
    part.setEnabled(False)
    colours = _colours(part)
    assert _token("ink3") in colours
    assert _token(MADE[kind][1]) not in colours - {_token("ink3")}


@pytest.mark.parametrize("kind", MADE)
def test_where_there_is_no_room_it_is_found(stage: QWidget, kind: str) -> None:
    part = _shown(stage, kind)
    assert isinstance(part, Drawn)
    assert misfits(stage) == []
    part.setFixedWidth(part.need().width() // 2)
    QApplication.processEvents()
    assert any("Save" in found for found in misfits(stage))


@pytest.mark.parametrize("kind", MADE)
def test_it_follows_the_language(stage: QWidget, kind: str) -> None:
    part = _shown(stage, kind)
    assert isinstance(part, Drawn)
    before = part.grab().toImage()
    switch_language("ru")
    QApplication.processEvents()
    assert part.said() == part.accessibleName() == "Сохранить"
    assert part.grab().toImage() != before


@pytest.mark.parametrize("kind", MADE)
def test_large_letters_need_more_room(stage: QWidget, qapp: QApplication, kind: str) -> None:
    part = _shown(stage, kind)
    before = part.sizeHint()
    theme.apply(qapp, "light", large=True)
    try:
        assert letters("body").height > 0
        assert part.sizeHint().height() >= before.height()
        assert part.sizeHint().width() > before.width()
    finally:
        theme.apply(qapp, "light")


def test_a_long_answer_goes_on_below_and_what_explains_it_stands_under_it(stage: QWidget) -> None:
    short, long = Answer(1, "yes", second="at once"), Answer(2, "yes " * 40, second="this is said in more than one line " * 4)
    rows = [AnswerRow(answer, n, stage) for n, answer in enumerate((short, long), 1)]
    low, high = (row.heightForWidth(300) for row in rows)
    assert low == theme.size_of("field")
    assert high > 4 * low
    assert rows[1].heightForWidth(200) > high
