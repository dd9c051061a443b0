"""The application: Qt, fonts and language first, then the window, then everything that takes time to import.

Owns the way from nothing to somebody at work: which database, first run or sign-in, the pages of the role, and the end.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import StoreTrouble, Text
from aidtrack.ui import crash, jobs, messages, qt_words, theme
from aidtrack.ui.battery import BatteryWatch
from aidtrack.ui.furnish import Furnishing
from aidtrack.ui.looks import looks
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import PRINT_KIT, Page
from aidtrack.ui.rings import RingCollector, keep_what_is_loaded
from aidtrack.ui.shell import Shell

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.services.frame import FrameView
    from aidtrack.store.database import Database


def _page(module: str, name: str) -> Callable[[], Page]:
    """Makes a page when it is shown first: its module and all it needs are imported only then."""

    def make() -> Page:
        page = getattr(importlib.import_module(f"aidtrack.ui.pages.{module}"), name)()
        assert isinstance(page, Page)
        return page

    return make


P = Permission
PAGES = (
    PageEntry("desk", Text("Desk"), "scan-line", _page("desk", "DeskPage"), P.REGISTER),
    PageEntry("queue", Text("Queue"), "ticket", _page("queue", "QueuePage"), P.CALL),
    PageEntry("stock", Text("Stock"), "package", _page("stock", "StockPage"), P.STOCK_MOVE),
    PageEntry("campaigns", Text("Programmes"), "clipboard-list", _page("campaigns", "CampaignsPage"), P.CAMPAIGN),
    PageEntry("people", Text("People"), "users", _page("people", "PeoplePage"), P.SEE_NAMES),
    PageEntry("reports", Text("Reports"), "file-text", _page("reports", "ReportsPage"), P.REPORT),
    PageEntry("day", Text("Day"), "calendar-check", _page("day", "DayPage"), P.REPORT),
    PageEntry("settings", Text("Settings"), "settings", _page("settings", "SettingsPage"), P.SETTINGS),
)
"""The pages of the rail in their order; a role sees those it may use."""
SELDOM = "upgrading"
"""What only a database of another version needs; it takes as long to import as all the rest."""


class Application(QObject):
    """One run of the window. `turned_away`: whoever came in could not be let through, and the door asks again."""

    turned_away = Signal()

    def __init__(self, app: QApplication, shell: Shell, address: str, lang: str) -> None:
        super().__init__()
        self._app, self._address = app, address
        self._theme, self._large = "system", False
        i18n.use(lang)
        theme.apply(app, self._theme_now(), self._large)
        self.window = MainWindow(PAGES, self._make_lock)
        self.window.language_switched.connect(self.use_language)
        self.window.pause_wanted.connect(self._pause)
        messages.line.bug.connect(lambda error: crash.show(error, self.window))
        looks.wanted.connect(self._on_looks_wanted)
        self._furnishing = Furnishing(self.window)
        self._battery = BatteryWatch(self)
        self._battery.ran_low.connect(self._on_battery_low)
        self._battery.ran_very_low.connect(self._on_battery_very_low)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.use_looks(self._theme, self._large))

        shell.setCentralWidget(self.window)
        shell.closing.connect(self.window.leave)

    def begin(self) -> None:
        """Fills the window; what is heavier to import comes after that is on the screen."""
        self.window.cover(QWidget())
        QTimer.singleShot(0, self._ask_who)

    # ── language and looks ──

    def use_language(self, lang: str) -> None:
        """The whole window speaks another language, with everything typed still in it."""
        switch_language(lang)
        self._remember_looks()

    def use_looks(self, name: str, large: bool) -> None:
        """light · dark · system, and ordinary or large text."""
        self._theme, self._large = name, large
        theme.apply(self._app, self._theme_now(), large)

    def _on_looks_wanted(self, name: str, large: bool) -> None:
        self.use_looks(name, large)
        self._remember_looks()

    def _theme_now(self) -> str:
        if self._theme != "system":
            return self._theme
        return "dark" if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"

    def _remember_looks(self) -> None:
        """A person's language follows the person to every computer of this database."""
        if not jobs.is_started() or jobs.actor().user_id is None:
            return
        jobs.write(
            partial(_keep_looks, self._theme, self._large, i18n.language()), owner=self, failed=lambda _error: None
        )

    # ── who works here ──

    def _ask_who(self) -> None:
        qt_words.speak(i18n.language())
        from aidtrack.services.addresses import AddressKind, kind_of

        try:
            kind = kind_of(self._address)
        except StoreTrouble as trouble:
            from aidtrack.ui.sign_in import ShutDoor

            shut = ShutDoor(trouble)
            shut.tried_again.connect(self._ask_who)
            self._show_door(shut)
            return
        if kind is AddressKind.MISSING:
            from aidtrack.ui.first_run import FirstRun

            first = FirstRun(self._address)
            first.opened.connect(self.enter)
            self._show_door(first)
        else:
            from aidtrack.ui.sign_in import SignIn

            sign_in = SignIn(self._address)
            sign_in.opened.connect(self.enter)
            self.turned_away.connect(sign_in.release)
            self._show_door(sign_in)
            if kind is not AddressKind.PLAIN:  # there a reader asks at once who is to be shown
                jobs.run(_import_ahead, owner=self)

    def _show_door(self, door: QWidget) -> None:
        self.window.cover(door)
        door.setFocus()
        self._furnishing.make_names()

    def _make_lock(self) -> QWidget:
        from aidtrack.ui.sign_in import Lock

        lock = Lock()
        lock.unlocked.connect(self._unlock)
        self.turned_away.connect(lock.release)
        return lock

    def enter(self, database: Database, actor: Actor) -> None:
        """Somebody signed in: the window is theirs."""
        jobs.start(database, actor)
        self._battery.start()
        self._let_in(actor)

    def _let_in(self, actor: Actor) -> None:
        jobs.read(_frame_view, owner=self, then=partial(self._start, actor), failed=self._turn_away)

    def _turn_away(self, error: BaseException) -> None:
        messages.show_error(error)
        self.turned_away.emit()

    # ── no power ──

    def _on_battery_low(self, percent: int) -> None:
        """Told to everybody, while there is time."""
        messages.attention(Text("Battery {n} %, no power comes in. What is saved is safe.", n=percent), icon="zap")

    def _on_battery_very_low(self, percent: int) -> None:
        """One press prints what the windows go on with by hand, for whoever may."""
        if jobs.is_started() and jobs.actor().may(Permission.REPORT):
            words = Text("Battery {n} %: print the paper kit before the screen goes dark.", n=percent)
            messages.attention(words, action=(Text("Print the kit"), self._print_kit), icon="zap")
        else:
            messages.attention(Text("Battery {n} %: finish this family, then go on by hand.", n=percent), icon="zap")

    def _print_kit(self) -> None:
        self.window.go("day", PRINT_KIT)

    def _unlock(self, actor: Actor) -> None:
        if actor.user_id != jobs.actor().user_id:
            messages.forget()
            self.window.put_away.give_up()
        jobs.use_actor(actor)
        self._let_in(actor)

    def _start(self, actor: Actor, view: FrameView | None) -> None:
        if view is not None:
            self._take_over(view, has_looks=actor.user_id is not None)
        come_in = partial(self._come_in, actor)
        made_first = partial(self._furnishing.make_first, actor, come_in)
        jobs.run(partial(_import_page, self.window.first_page(actor)), owner=self, then=lambda _: made_first())

    def _come_in(self, actor: Actor) -> None:
        self.window.uncover(actor)
        jobs.run(partial(_import_pages, self.window.rail.names()), owner=self, then=lambda _: self._furnishing.begin())

    def _take_over(self, view: FrameView, *, has_looks: bool) -> None:
        from zoneinfo import ZoneInfo

        jobs.set_day(view.day, ZoneInfo(view.centre.zone))
        if not has_looks:
            return
        if view.centre.language != i18n.language():
            switch_language(view.centre.language)
        if (str(view.centre.theme), view.centre.large_text) != (self._theme, self._large):
            self.use_looks(str(view.centre.theme), view.centre.large_text)

    def _pause(self, pause: bool) -> None:
        jobs.write(partial(_pause_or_resume, pause), owner=self, then=lambda _day: _say_pause(pause))


def _import_ahead() -> None:
    """While the name is typed: what the work needs first, in a reader, so that nobody waits for it after Enter."""
    for module in ("signing_in", "frame", "handover", "people"):
        importlib.import_module(f"aidtrack.services.{module}")
    importlib.import_module("aidtrack.domain.names").read_tables()
    for lang in i18n.LANGUAGES:  # a rule and the board speak all of them
        i18n.catalogue(lang)
    keep_what_is_loaded()


def _import_page(name: str) -> None:
    """All that a page is made of, also where its module only points to it."""
    if name:
        getattr(importlib.import_module(f"aidtrack.ui.pages.{name}"), f"{name.capitalize()}Page")


def _import_pages(names: Sequence[str]) -> None:
    """While the first page is looked at: what the others need, and what they ask for later, in a reader."""
    for name in names:
        _import_page(name)
    services = importlib.import_module("aidtrack.services")
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        if module.name != f"{services.__name__}.{SELDOM}":
            importlib.import_module(module.name)


def _frame_view(session: Session, by: Actor) -> FrameView | None:
    from aidtrack.services import frame

    return frame.frame_view(session, by)


def _keep_looks(name: str, large: bool, lang: str, session: Session, by: Actor) -> None:
    from aidtrack.domain.accounts import TextSize, Theme
    from aidtrack.domain.ids import new_id
    from aidtrack.services import accounts

    size = TextSize.LARGE if large else TextSize.NORMAL
    accounts.change_looks(session, by, request_id=new_id(), language=lang, text_size=size, theme=Theme(name))


def _pause_or_resume(pause: bool, session: Session, by: Actor) -> object:
    from aidtrack.domain.ids import new_id
    from aidtrack.services import days

    return (days.pause if pause else days.resume)(session, by, request_id=new_id())


def _say_pause(pause: bool) -> None:
    said = Text("Pause: numbers do not expire, nothing is printed") if pause else Text("The queue goes on")
    messages.done(said, icon="circle-pause" if pause else "circle-check")


def run(app: QApplication, shell: Shell, address: str, lang: str) -> int:
    """Fills the open window with a database and runs until it is closed; the exit code of the program."""
    application = Application(app, shell, address, lang)
    crash.install(application.window)
    RingCollector(app)
    application.begin()
    code = app.exec()
    jobs.stop()
    return code
