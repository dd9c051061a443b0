"""No word is cut, in any language, size of window or size of letters: every page of a late morning is looked over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services import intake
from aidtrack.ui import jobs, theme
from aidtrack.ui.application import PAGES
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.dialogs.panel import WIDTH
from aidtrack.ui.main_window import MainWindow, switch_language
from tests.house.source import dotted, modules, tree
from tests.screenshots.day import Moment, card_of_a_large_family, late_morning
from tests.ui.conftest import JobsOn
from tests.ui.fitting import misfits

SIZES = ((1024, 700), (1366, 768))


@pytest.fixture(scope="module")
def moment(tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """The demonstration day with people waiting."""
    return late_morning(tmp_path_factory.mktemp("morning") / "file")


@pytest.fixture
def window(moment: Moment, jobs_on: JobsOn, window_kit: QtBot) -> Iterator[MainWindow]:
    """The whole window of the coordinator."""
    database = moment.open()
    actor = moment.people["Ольга К."]
    jobs_on(database, actor)
    made = MainWindow(PAGES, QWidget)
    window_kit.addWidget(made)
    made.show()
    made.start(actor)
    assert jobs.wait_all(60_000)
    yield made
    assert jobs.wait_all(60_000)
    database.close()


def all_ways(window: MainWindow, app: QApplication, large: bool) -> Iterator[tuple[str, list[str]]]:
    """Each language and size of the window, with what does not fit."""
    theme.apply(app, "light", large)
    for size in SIZES:
        window.resize(*size)
        for lang in i18n.LANGUAGES:
            switch_language(lang)
            settle()
            yield f"{size[0]} {lang}{' large' if large else ''}", misfits(window)


def settle() -> None:
    for _ in range(3):
        assert jobs.wait_all(60_000)
        QApplication.processEvents()


def told(ways: Iterator[tuple[str, list[str]]]) -> str:
    """What does not fit, each once, with where it does not."""
    where: dict[str, list[str]] = {}
    for way, found in ways:
        for one in found:
            where.setdefault(one, []).append(way)
    return "\n".join(f"{one}   [{', '.join(ways)}]" for one, ways in sorted(where.items()))


def all_fits(ways: Iterator[tuple[str, list[str]]]) -> None:
    misfitting = told(ways)
    if misfitting:
        pytest.fail(misfitting, pytrace=False)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_every_page_fits(window: MainWindow, qapp: QApplication, name: str, large: bool) -> None:
    window.show_page(name)
    settle()
    all_fits(all_ways(window, qapp, large))


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_a_family_on_the_desk_fits(window: MainWindow, qapp: QApplication, large: bool) -> None:
    page = window.show_page("desk")
    assert page is not None
    page.on_scan(card_of_a_large_family(jobs.database()))
    settle()
    all_fits(all_ways(window, qapp, large))


@pytest.mark.parametrize("section", ["here", "centre", "windows", "users", "form", "safety", "about"])
def test_every_section_of_the_settings_fits(window: MainWindow, qapp: QApplication, section: str) -> None:
    from aidtrack.ui.pages.settings import SettingsPage

    page = window.show_page("settings")
    assert isinstance(page, SettingsPage)
    page.show_section(section)
    settle()
    all_fits(all_ways(window, qapp, True))


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_question_of_the_form_fits_the_smallest_window(
    window: MainWindow, qapp: QApplication, lang: str, large: bool
) -> None:
    from aidtrack.ui.pages.settings.question import QuestionDialog

    theme.apply(qapp, "light", large)
    switch_language(lang)
    window.resize(*SIZES[0])
    page = window.show_page("settings")
    assert page is not None
    form = jobs.database().read(lambda s: intake.current_form(s, jobs.actor()))
    assert form is not None
    dialog = QuestionDialog(page, next(q for q in form.questions if q.kind.has_choices), form.questions, "q1")
    dialog.open()
    settle()
    assert dialog.height() <= SIZES[0][1]
    assert misfits(dialog) == []
    dialog.close()


@pytest.mark.parametrize("paper", ["receive", "transfer", "write_off", "count"])
def test_the_papers_of_the_store_fit(window: MainWindow, qapp: QApplication, paper: str) -> None:
    from aidtrack.ui.pages.stock import StockPage

    page = window.show_page("stock")
    assert isinstance(page, StockPage)
    page._open(paper)
    settle()
    all_fits(all_ways(window, qapp, True))


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_typing_in_from_paper_fits(window: MainWindow, qapp: QApplication, large: bool) -> None:
    from aidtrack.ui.pages.day import DayPage

    page = window.show_page("day")
    assert isinstance(page, DayPage)
    settle()
    page.open_paper()
    settle()
    all_fits(all_ways(window, qapp, large))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_words_of_a_main_button_fit_their_dialog_in_large_letters(window_kit: QtBot, qapp: QApplication, lang: str) -> None:
    """A dialog is as wide as the design says, whatever its button says."""
    said = {(word, width) for path in modules("aidtrack/ui") for word, width in main_words(path)}
    assert ("Sign off: the figures stand", WIDTH) in said
    theme.apply(qapp, "light", large=True)
    i18n.use(lang)
    holder = QWidget()
    window_kit.addWidget(holder)
    holder.resize(*SIZES[0])
    too_long = []
    for word, width in sorted(said):
        dialog = FormDialog(holder, title="", main=Text(word), width=width)
        if dialog.main_button.minimumSizeHint().width() > dialog.width() - 40:
            too_long.append(f"{word}: {dialog.main_button.said()}")
        dialog.deleteLater()
    assert too_long == []


def main_words(path: Path) -> Iterator[tuple[str, int]]:
    """What the main buttons of dialogs say, where they say always the same, with the width of their dialog."""
    for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
        given = {word.arg: word.value for word in call.keywords}
        width = given.get("width", ast.Constant(WIDTH))
        word = given.get("main")
        if isinstance(width, ast.Constant) and isinstance(word, ast.Call) and not word.keywords and dotted(word.func) == "Text":
            (msgid,) = word.args
            assert isinstance(msgid, ast.Constant)
            yield str(msgid.value), int(str(width.value))


def test_cut_words_are_found(window_kit: QtBot) -> None:
    """The watcher watches: a label too narrow, one too low, one under another."""
    window = QWidget()
    window_kit.addWidget(window)
    window.resize(400, 200)
    for n, (text, box) in enumerate(
        [
            ("cut at the side", (0, 0, 30, 20)),
            ("wrapped and too low here", (0, 40, 60, 16)),
            ("over", (0, 100, 80, 20)),
            ("under", (5, 105, 80, 20)),
        ]
    ):
        label = QLabel(text, window)
        label.setObjectName(f"label_{n}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(n == 1)
        label.setGeometry(*box)
    window.show()
    found = misfits(window)
    assert [one.split(":")[0] for one in found] == ["label_0", "label_1", "label_2"]


def test_a_shortened_name_tells_itself_whole(window_kit: QtBot, tmp_path: Path) -> None:
    from aidtrack.ui.parts import Words

    words = Words("Ткаченко-Воскресенская Мария Александровна", elide=True)
    window_kit.addWidget(words)
    words.resize(120, 20)
    words.show()
    assert words.text().endswith("…")
    assert misfits(words) == []
