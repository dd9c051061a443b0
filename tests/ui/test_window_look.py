"""The look: every shipped icon is used, contrasts hold in both themes, words fit, and nothing on the way paints an error."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainterPath
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import inputs, theme, tokens, zones
from aidtrack.ui.frame.keybar import KeyBar
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.parts.choices import ChoiceChip, DigitChips
from tests.conftest import ExpectedLogs
from tests.house.source import ROOT, modules

HALF_OF_SETTINGS = 287
"""A field beside another on the page Settings where the window is 1024 wide."""
THEMES = {"light": tokens.LIGHT, "dark": tokens.DARK}


def luminance(colour: str) -> float:
    made = QColor(colour)
    parts = (made.redF(), made.greenF(), made.blueF())
    red, green, blue = (c / 12.92 if c <= 0.03928 else float(((c + 0.055) / 1.055) ** 2.4) for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_every_ground(name: str) -> None:
    """WCAG 2.1 AA: 4.5 for text, 3 for the border of a control."""
    colours = THEMES[name]
    grounds = ("bg", "surface", "sunken", "soft")
    pairs = [(ink, ground) for ink in ("ink", "ink2", "ink3", "accent") for ground in grounds]
    pairs += [("onaccent", "accent"), ("onaccent", "accent2"), ("att", "attsoft"), ("fault", "faultsoft")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert contrast(colours["ctl"], colours["sunken"]) >= 2.95


def test_figures_line_up_and_words_are_not_torn_at_their_hyphen(window_kit: QtBot, qapp: QApplication) -> None:
    """A hyphen as wide as a figure made two words of “hand-over”."""
    theme.apply(qapp, "light")
    wide = QFontMetricsF(qapp.font()).horizontalAdvance
    assert len({wide(figure) for figure in "0123456789"}) == 1
    assert wide("-") < 0.8 * wide("0")


def test_a_large_figure_has_no_seam(window_kit: QtBot, qapp: QApplication) -> None:
    """Two outlines laid over each other show where they meet, once a figure is as large as on the board."""
    theme.apply(qapp, "light")
    for figure, outlines in zip("0123456789", (2, 1, 1, 1, 2, 1, 2, 1, 3, 2), strict=True):
        path = QPainterPath()
        path.addText(0, 0, qapp.font(), figure)
        assert len(path.toSubpathPolygons()) == outlines, figure


@pytest.mark.parametrize("name", THEMES)
def test_an_edge_that_is_drawn_is_as_dark_as_its_token(window_kit: QtBot, qapp: QApplication, name: str) -> None:
    """Half a pixel aside it would be spread over two, and a box to tick could hardly be seen in the dark."""
    theme.apply(qapp, name)
    column = QWidget()
    window_kit.addWidget(column)
    drawn: list[QWidget] = [inputs.CheckInput("no documents"), inputs.PinInput()]
    rows = QVBoxLayout(column)
    for one in drawn:
        one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows.addWidget(one)
    column.show()
    for one in drawn:
        picture = one.grab().toImage()
        assert picture.pixelColor(0, one.height() // 2).name().upper() == THEMES[name]["ctl"], one


def test_every_clock_fits_its_field_on_an_old_laptop(window_kit: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    field = inputs.ChoiceInput()
    window_kit.addWidget(field)
    field.resize(HALF_OF_SETTINGS, theme.size_of("field"))
    field.show()
    option = QStyleOptionComboBox()
    field.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = field.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, field).width()
    shown = [i18n.render(words, lang) for _, words in zones.choices() for lang in i18n.LANGUAGES]
    wide = [words for words in shown if field.fontMetrics().horizontalAdvance(words) > room]
    assert wide == []


def test_towns_of_clocks_are_called_as_people_call_them() -> None:
    shown = dict(zones.choices("Pacific/Port_Moresby"))
    said = [i18n.render(shown["Europe/Moscow"], lang)[5:] for lang in i18n.LANGUAGES]
    assert said == [" · Москва · UTC+3", " · Москва · UTC+3", " · Moscow · UTC+3"]
    assert i18n.render(shown["Pacific/Port_Moresby"], "ru")[5:] == " · Port Moresby · UTC+10"
    assert i18n.render(shown["UTC"], "ru")[5:] == " · UTC+0"


def test_an_answer_no_longer_chosen_is_drawn_like_the_others(window_kit: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    answers = DigitChips()
    window_kit.addWidget(answers)
    answers.show_choices([(n, Text("Save")) for n in range(3)])
    answers.set_value(0)
    answers.show()
    grounds = []
    for chosen in (0, 1):
        answers.set_value(chosen)
        drawn = [chip.grab().toImage() for chip in answers.findChildren(ChoiceChip)]
        grounds.append([image.pixelColor(image.width() // 2, 4).name() for image in drawn])
    accent, other = (QColor(tokens.LIGHT[token]).name() for token in ("accent", "surface"))
    assert grounds == [[accent, other, other], [other, accent, other]]


def test_every_shipped_icon_is_used() -> None:
    said = {word for path in modules("aidtrack") for word in re.findall(r'"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))}
    assert [path.stem for path in sorted((ROOT / "resources" / "icons").glob("*.svg")) if path.stem not in said] == []


def test_a_missing_icon_breaks_no_painting(window_kit: QtBot, logs: ExpectedLogs) -> None:
    logs.allow("is missing")
    assert not theme.icon("no-such-icon", 18).isNull()


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_longest_words_fit_the_bar_of_an_old_laptop_in_large_text(window_kit: QtBot, qapp: QApplication, lang: str) -> None:
    theme.apply(qapp, "light", large=True)
    bar = KeyBar()
    window_kit.addWidget(bar)
    switch_language(lang)
    bar.show_actions([(Key.MAIN, Text("What was said before"), True)])
    bar.resize(1024, 60)
    bar.show()
    QApplication.processEvents()
    cells = list(bar.cells.values())
    theme.apply(qapp, "light")
    assert all(left.geometry().right() < right.geometry().left() + 1 for left, right in pairwise(cells))
    assert cells[-1].geometry().right() <= bar.width()


def test_what_has_no_state_yet_stands_in_the_ordinary_one(window_kit: QtBot) -> None:
    """Each part that is polished anew costs as much as making it, and most are told for the first time that nothing is the matter."""
    told: list[QEvent.Type] = []

    class Watched(QWidget):
        def event(self, event: QEvent) -> bool:
            told.append(event.type())
            return super().event(event)

    widget = Watched()
    window_kit.addWidget(widget)
    widget.show()
    told.clear()
    theme.set_look(widget, st="")
    assert told == []
    theme.set_look(widget, st="chosen")
    assert QEvent.Type.DynamicPropertyChange in told


def test_a_bar_is_measured_once_when_its_words_change(window_kit: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    bar = KeyBar()
    window_kit.addWidget(bar)
    bar.show()
    measured: list[str] = []
    refit = bar.refit

    def counted() -> None:
        measured.append("measured")
        refit()

    monkeypatch.setattr(bar, "refit", counted)
    bar.show_actions((key, Text("Save"), True) for key in bar.cells)
    assert measured == ["measured"]
    bar.show_actions((key, Text("Save"), True) for key in bar.cells)
    assert measured == ["measured"], "and not at all when they stay"


def test_looking_the_same_again_polishes_nothing(window_kit: QtBot, qapp: QApplication) -> None:
    polished: list[str] = []

    class Watched(QWidget):
        def changeEvent(self, event: QEvent) -> None:
            polished.append(event.type().name)

    widget = Watched()
    window_kit.addWidget(widget)
    widget.show()
    polished.clear()
    theme.apply(qapp, "light")
    assert polished == []
    theme.apply(qapp, "dark", large=True)
    assert "StyleChange" in polished
