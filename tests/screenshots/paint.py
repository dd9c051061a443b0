"""Paints the window at work: each page of the late morning, its dialogs, and what stands before and over the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.errors import Text
from aidtrack.ui import crash, jobs, messages
from aidtrack.ui.application import Application
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.first_run import FirstRun
from aidtrack.ui.page import Key, Page
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.pages.people import PeoplePage
from aidtrack.ui.pages.queue.public_screen import PublicScreen
from aidtrack.ui.parts import RowList
from aidtrack.ui.shell import open_shell
from aidtrack.ui.sign_in import SignIn
from tests.screenshots import gallery, papers
from tests.screenshots.day import LATE_MORNING, Moment, card_of_a_large_family, late_morning

LOOKS = ("light", "dark")
WHOLE, SMALL = (1366, 768), (1024, 700)


class Studio:
    """The window, and where its pictures go."""

    def __init__(self, folder: Path, moment: Moment) -> None:
        self.folder, self.moment, self.made = folder, moment, list[Path]()
        self.app, self.shell = open_shell()
        self.application = Application(self.app, self.shell, str(moment.path), "ru")
        self.window = self.application.window
        self.database = moment.open()
        self.card = card_of_a_large_family(self.database)

    def work_as(self, name: str) -> None:
        """Somebody of the centre sits at the window."""
        actor: Actor = self.moment.people[name]
        jobs.start(self.database, actor, watch=False)
        self.application.enter(self.database, actor)
        self.settle()

    def look(self, lang: str, look: str, *, large: bool = False, size: tuple[int, int] = WHOLE) -> None:
        """Language, theme, text and size from now on."""
        self.application.use_looks(look, large)
        self.application.use_language(lang)
        self.shell.resize(*size)
        self.settle()

    def settle(self) -> None:
        """Everything asked is answered and painted."""
        jobs.wait_all(20_000)
        for _ in range(3):
            QApplication.processEvents()

    def shoot(self, name: str) -> None:
        """The window with whatever panel lies over it."""
        self.settle()
        picture = self.shell.grab()
        for panel in self._panels():
            painter = QPainter(picture)
            middle = self.shell.rect().center()
            place = middle - QPoint(panel.width() // 2, panel.height() // 2)
            painter.drawPixmap(place, panel.grab())
            painter.end()
        self.keep(picture, name)

    def keep(self, picture: QPixmap, name: str) -> None:
        """One picture more."""
        path = self.folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(str(path))
        self.made.append(path)

    def _panels(self) -> list[Panelled]:
        return [panel for panel in self.shell.findChildren(Panelled) if panel.isVisible()]

    def close_panels(self) -> None:
        """Esc on everything that is open."""
        for panel in self._panels():
            panel.give_up()
        self.settle()
        focus = QApplication.focusWidget() or self.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focus, QKeyEvent(kind, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier))
        self.settle()


def everything(folder: Path) -> list[Path]:
    """All pictures; the files made."""
    moment = late_morning(folder / "day")
    studio = Studio(folder, moment)
    for lang in i18n.LANGUAGES:
        for look in LOOKS:
            _pages(studio, lang, look)
    _folded(studio)
    _before_and_over(studio)
    studio.shell.close()
    jobs.stop()
    return [
        *studio.made,
        *gallery.paint(folder, "light"),
        *gallery.paint(folder, "dark"),
        *papers.paint(moment, folder),
    ]


def _pages(studio: Studio, lang: str, look: str) -> None:
    """Every page as the coordinator sees it, with a family open on the desk, and what each page can open."""
    studio.work_as("Ольга К.")
    studio.look(lang, look)
    for name in studio.window.rail.names():
        page = studio.window.show_page(name)
        assert page is not None
        studio.settle()
        if name == "desk":
            page.on_scan(studio.card)
        studio.shoot(f"{lang}-{look}/{name}")
        for what, open_it in _doings(studio, page):
            open_it()
            studio.shoot(f"{lang}-{look}/{name}-{what}")
            studio.close_panels()
    messages.clear()


def _doings(studio: Studio, page: Page) -> Iterator[tuple[str, Callable[[], object]]]:
    """What a page opens without changing or printing anything."""
    yield "more", lambda: studio.window.press(Key.MORE)
    if page.name == "desk":
        for name, word in (
            ("cancel", "Cancel a hand-over"),
            ("form", "Fill in the aid form"),
            ("change", "Change the family"),
        ):
            yield name, partial(_more_on_family, studio, page, word)
        yield "new", lambda: studio.window.press(Key.NEW)
    elif page.name == "stock":
        yield "waiting", partial(_more_of, page, "On the way and to be counted")
        yield "papers", partial(_more_of, page, "Papers of the store, take back")
        for name in ("count", "write_off", "transfer", "receive"):
            yield name, partial(_click, page, f"stock_{name}")
    elif page.name == "campaigns":
        yield "rule", lambda: studio.window.press(Key.MAIN)
        yield "programme", lambda: studio.window.press(Key.NEW)
    elif page.name == "people":
        yield from _people(page)
    elif isinstance(page, DayPage):
        yield "paper", page.open_paper
        yield "badges", page._badges.ask_how_many
    elif page.name == "settings":
        sections = page.findChild(RowList, "settings_list")
        assert sections is not None
        for item in sections.items()[1:]:
            yield str(item.data), partial(_choose, sections, item.data)


def _people(page: Page) -> Iterator[tuple[str, Callable[[], object]]]:
    """A family whole, a new card and protection asked for, similar records side by side, taking apart."""
    assert isinstance(page, PeoplePage)
    yield "family", partial(_open_family, page)
    yield "new-card", partial(_click, page, "new_card_button")
    yield "protect", partial(_click, page, "protect_button")
    yield "similar", page.start_settling
    yield "joined", partial(_open_joined, page)
    yield "list", page.settle.give_up


def _open_family(page: PeoplePage) -> None:
    page.settle.give_up()
    page.table.select_row(3)
    page.table.moved.emit(page.table.current())
    if not page.detail.isVisible():
        page.table.chosen.emit(page.table.current())


def _open_joined(page: PeoplePage) -> None:
    page.start_settling()
    jobs.wait_all(20_000)
    QApplication.processEvents()
    joined = [item.data for item in page.settle.rows.items() if item.data and item.data[0] == "join"]
    _choose(page.settle.rows, joined[0])
    jobs.wait_all(20_000)
    QApplication.processEvents()
    page.settle.ask_unjoin()


def _more_on_family(studio: Studio, page: Page, word: str) -> None:
    """One of the things F7 offers while a family is open."""
    page.on_scan(studio.card)
    studio.settle()
    action = next(action for action in page.more() if action.word is not None and action.word.msgid == word)
    action.run()


def _more_of(page: Page, word: str) -> None:
    """One of the things F7 offers over the table, whatever paper was open before."""
    page.keys()[Key.FIND].run()
    next(action for action in page.more() if action.word is not None and action.word.msgid == word).run()


def _click(page: Page, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def _choose(rows: RowList, data: object) -> None:
    rows.select(data)
    rows.moved.emit(data)


def _folded(studio: Studio) -> None:
    """The smallest window, and large text."""
    studio.work_as("Ольга К.")
    for lang in i18n.LANGUAGES:
        for large, size, name in ((False, SMALL, "1024x700"), (True, WHOLE, "large"), (True, SMALL, "large-1024x700")):
            studio.look(lang, "light", large=large, size=size)
            for page in studio.window.rail.names():
                shown = studio.window.show_page(page)
                if page == "desk" and shown is not None:
                    shown.on_scan(studio.card)
                studio.shoot(f"{lang}-{name}/{page}")
                if isinstance(shown, PeoplePage):
                    _folded_people(studio, shown, f"{lang}-{name}")


def _folded_people(studio: Studio, page: PeoplePage, folder: str) -> None:
    for what, open_it in _people(page):
        if what in ("family", "similar"):
            open_it()
            studio.shoot(f"{folder}/people-{what}")
            studio.close_panels()


def _before_and_over(studio: Studio) -> None:
    """What stands before and over the window in each language: first run, sign-in, lock, pause, a fault, the public board."""
    for lang in i18n.LANGUAGES:
        studio.look(lang, "light")
        messages.fault(Text("The disk is full: nothing was saved. Free some space, then press the key again."))
        studio.shoot(f"{lang}-light/fault")
        messages.clear()
        crash.CrashDialog(studio.window, crash.report_of(ZeroDivisionError())).open()
        studio.shoot(f"{lang}-light/crash")
        studio.close_panels()
        _board(studio, lang)
        state = studio.window.state()
        studio.window.show_state(replace(state, state=DayState.PAUSED, paused_since=LATE_MORNING))
        studio.shoot(f"{lang}-light/pause")
        studio.window.show_state(state)
        studio.window.lock()
        studio.shoot(f"{lang}-light/lock")
        studio.window.cover(SignIn(str(studio.moment.path)))
        studio.shoot(f"{lang}-light/sign-in")
        _first_run(studio, lang)
        studio.window.uncover(jobs.actor())


def _board(studio: Studio, lang: str) -> None:
    """The screen the people see, at its own size."""
    board = PublicScreen()
    board.resize(1920, 1080)
    board.load()
    board.show()
    studio.settle()
    studio.keep(board.grab(), f"{lang}-light/board")
    board.close()


def _first_run(studio: Studio, lang: str) -> None:
    """Every step, without founding anything."""
    first = FirstRun(str(studio.folder / "nowhere.db"))
    studio.window.cover(first)
    for number in range(len(first.steps) - 1):
        first._show_step(number)
        studio.shoot(f"{lang}-light/first-run-{number + 1}")
