"""Buttons, chips, answers and keys paint their own words: what is read, its colour, and that nothing is cut unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.services.door import EnoughBoard, EnoughRow
from aidtrack.services.queueing import LaneRow
from aidtrack.ui import theme, tokens
from aidtrack.ui.dialogs.answer import Answer, AnswerRow
from aidtrack.ui.frame.keybar import KeyCell
from aidtrack.ui.frame.rail import RailItem
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.pages.queue.enough_panel import EnoughPanel
from aidtrack.ui.pages.queue.lane_top import LaneTop
from aidtrack.ui.parts import Button, Chip, ChoiceChip, LinkButton, MainButton
from aidtrack.ui.parts.drawn import KEPT, Drawn, cap_size, draw_cap, letters
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


def _page(_: QWidget) -> RailItem:
    item = RailItem("desk", SAVE, "scan-line", 1)
    item.show_current(True)
    return item


MADE: dict[str, tuple[Callable[[QWidget], QWidget], str]] = {
    "button": (lambda _: Button(SAVE, "save", "F9"), "ink"),
    "link": (lambda _: LinkButton(SAVE, "save"), "accent"),
    "main": (_main, "onaccent"),
    "choice": (lambda _: ChoiceChip("a", SAVE, 1), "ink"),
    "chip": (lambda _: Chip(SAVE, "save", "att"), "att"),
    "answer": (lambda holder: AnswerRow(Answer(1, SAVE, second="three times"), 1, holder), "ink"),
    "key": (_key, "ink"),
    "page": (_page, "accent"),
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


def test_a_key_cap_is_kept_but_follows_theme_and_size(stage: QWidget, qapp: QApplication) -> None:
    def painted() -> QImage:
        image = QImage(cap_size("F9"), QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_cap(painter, QRect(QPoint(), cap_size("F9")), "F9")
        painter.end()
        return image

    light = painted()
    try:
        theme.apply(qapp, "dark")
        dark = painted()
        theme.apply(qapp, "dark", large=True)
        large = painted()
    finally:
        theme.apply(qapp, "light")
    assert light != dark
    assert light.size() == dark.size() != large.size()
    assert painted() == light


def test_a_page_of_the_rail_shows_its_digit_while_it_is_asked_for(stage: QWidget) -> None:
    item = _shown(stage, "page")
    assert isinstance(item, RailItem)
    before = item.grab().toImage()
    item.show_digit(True)
    assert item.grab().toImage() != before
    item.show_digit(False)
    assert item.grab().toImage() == before


def test_the_page_the_keyboard_stands_on_has_a_border(stage: QWidget) -> None:
    item = _shown(stage, "page")
    assert isinstance(item, RailItem)
    item.show_current(False)
    item.clearFocus()
    assert _token("accent") not in _colours(item)
    item.setFocus()
    QApplication.processEvents()
    assert _token("accent") in _colours(item)


def test_a_long_answer_goes_on_below_and_what_explains_it_stands_under_it(stage: QWidget) -> None:
    short, long = Answer(1, "yes", second="at once"), Answer(2, "yes " * 40, second="this is said in more than one line " * 4)
    rows = [AnswerRow(answer, n, stage) for n, answer in enumerate((short, long), 1)]
    low, high = (row.heightForWidth(300) for row in rows)
    assert low == theme.size_of("field")
    assert high > 4 * low
    assert rows[1].heightForWidth(200) > high


def test_what_was_painted_is_kept_but_not_without_end(stage: QWidget) -> None:
    by = letters("small")
    first = by.line("вода 5 л")
    assert by.line("вода 5 л") is first
    for n in range(KEPT + 1):
        assert by.wide(f"line {n}") > 0
    assert by.line("вода 5 л") is not first
    assert by.line("вода 5 л")[0] == first[0]


@pytest.mark.parametrize("hostile", ["two\nlines", "<b>bold</b>", "&amp;", "a\u2028b"])
def test_words_are_painted_as_they_are_and_on_one_line(stage: QWidget, hostile: str) -> None:
    line = letters("body").line(hostile)[1]
    assert line.textFormat() is Qt.TextFormat.PlainText
    line.prepare(QTransform(), letters("body").font)
    assert line.size().height() <= letters("body").height + 1
    assert len(line.text()) == len(hostile)


def _lane(why: Text | None, waiting: int = 4) -> LaneRow:
    return LaneRow(Lane.A, waiting, 38, None, why, ())


def test_a_lane_is_said_whole_and_where_there_is_no_room_it_is_found(stage: QWidget) -> None:
    top = LaneTop(Lane.A)
    top.show_row(_lane(Text("waits longest in the ordinary line")))
    stage.layout().addWidget(top)  # type: ignore[union-attr]
    stage.resize(240, 300)
    stage.show()
    QApplication.processEvents()
    assert top.accessibleName() == "A ordinary line up to 38 min 4 wait here First, because waits longest in the ordinary line"
    assert {_token("accent"), _token("ink"), _token("ink3"), _token("line")} <= _colours(top)
    assert misfits(stage) == []
    top.setFixedWidth(top.minimumSizeHint().width() // 2)
    assert any("ordinary" in found for found in misfits(stage))


def test_the_name_of_a_lane_gives_way_and_is_read_whole_under_the_mouse(stage: QWidget) -> None:
    top = LaneTop(Lane.T)
    top.show_row(LaneRow(Lane.T, 0, 0, None, None, ()))
    top.setParent(stage)
    stage.show()
    top.show()
    top.resize(top.sizeHint())
    assert top.toolTip() == ""
    top.resize(top.minimumSizeHint())
    assert "for several" in top.toolTip()
    switch_language("ru")
    QApplication.processEvents()
    assert top.said() == top.accessibleName()
    assert "никого" in top.said()


def test_a_reason_of_three_lines_would_be_found(stage: QWidget) -> None:
    top = LaneTop(Lane.A)
    top.resize(220, top.sizeHint().height())
    top.show_row(_lane(Text("waits longest in the ordinary line")))
    assert top.need().height() <= top.sizeHint().height()
    top.show_row(_lane(Text("waits longest in the ordinary line " * 5)))
    assert top.need().height() > top.sizeHint().height()


def test_what_runs_out_is_said_with_its_sign_and_a_long_name_gives_way(stage: QWidget) -> None:
    panel = EnoughPanel()
    stage.layout().addWidget(panel)  # type: ignore[union-attr]
    stage.resize(330, 320)
    stage.show()
    long = "Hygiene kit for a family of five and a month"
    rows = (
        EnoughRow(new_id(), {"en": "Water, 5 l"}, 60, None, False),
        EnoughRow(new_id(), {"en": long}, 5, None, True),
        EnoughRow(new_id(), {"en": "Blanket"}, 0, None, True),
    )
    panel.show_enough(EnoughBoard(rows))
    panel.show_waiting(20)
    QApplication.processEvents()
    water, kit, blanket = (part for part in panel.findChildren(QWidget) if isinstance(part, Drawn))
    assert water.said() == "Water, 5 l 60 families enough for everybody who waits"
    assert kit.said() == f"{long} 5 families not enough for everybody who waits"
    assert blanket.said() == "Blanket none today say so before anybody waits for it"
    assert [_token("att") in _colours(part) for part in (water, kit, blanket)] == [False, True, False]
    assert [long in part.toolTip() for part in (water, kit, blanket)] == [False, True, False]
    assert misfits(stage) == []
