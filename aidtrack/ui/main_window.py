"""The window: puts rail, top bar, pages, message line and keys together and sends each key to whoever takes it.

Owns which page is shown, lock and pause. It knows pages only as `Page`; what they do is theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QGridLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages, rings
from aidtrack.ui.frame import more, scans
from aidtrack.ui.frame.cover import Cover
from aidtrack.ui.frame.keybar import KeyBar
from aidtrack.ui.frame.keys import Keys
from aidtrack.ui.frame.language import switch_language
from aidtrack.ui.frame.message_line import MessageLine
from aidtrack.ui.frame.news import Listener
from aidtrack.ui.frame.pause import PauseScreen
from aidtrack.ui.frame.put_away import PutAway
from aidtrack.ui.frame.rail import Rail
from aidtrack.ui.frame.reading_order import ReadingOrder
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.frame.topbar import Banner, TopBar
from aidtrack.ui.kinds import Kind
from aidtrack.ui.page import Action, Key, Page, PageEntry, in_pieces, whole
from aidtrack.ui.parts import Stack
from aidtrack.ui.scanner import Scanner
from aidtrack.ui.shell import MINIMUM

__all__ = ["MainWindow", "PageEntry", "switch_language"]

REPEAT_S = 1.0
IDLE_MS = 5 * 60 * 1000
GUARDED = {Key.NEXT, Key.MAIN}
TAKEN_BY = {
    Key.FIND: "desk", Key.NEW: "desk", Key.NEXT: "desk", Key.NOT_HERE: "desk", Key.SHIFT_LEAD: "desk", Key.TICKET: "queue",
}  # fmt: skip
"""Which page takes a key that the page shown does not take itself."""


class MainWindow(ReadingOrder):
    """What stands in the window of one person at one desk."""

    language_switched = Signal(str)
    pause_wanted = Signal(bool)
    somebody_active = Signal()

    def __init__(self, entries: Sequence[PageEntry], make_lock: Callable[[], QWidget] | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setProperty("cls", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._entries = list(entries)
        self._make_lock = make_lock
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._state = FrameState()
        self._ran: dict[Key, float] = {}
        self._focus_before_lock: QWidget | None = None
        self._worked: Actor | None = None
        self._cover: QWidget | None = None
        self.put_away = PutAway(self, lambda: self.is_locked() or self._state.is_paused)
        self._build()
        self._bind_keys()
        self._listener = Listener(self, self.show_state, self._on_news)

    def _build(self) -> None:
        self.rail, self.topbar, self.message_line, self.keybar = Rail(), TopBar(), MessageLine(), KeyBar()
        self.pages = Stack()
        self.pause_screen = PauseScreen()
        self.pages.addWidget(self.pause_screen)
        plain = Text("This file is not encrypted: for trying out only, no real names.")
        self.banner = Banner(plain, "lock-open", name="plain_banner")
        self.banner.hide()
        self._frame = frame = QWidget()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.topbar, 0, 0, 1, 2)
        grid.addWidget(self.banner, 1, 0, 1, 2)
        grid.addWidget(self.rail, 2, 0)
        grid.addWidget(self.pages, 2, 1)
        grid.addWidget(self.message_line, 3, 0, 1, 2)
        grid.addWidget(self.keybar, 4, 0, 1, 2)
        grid.setRowStretch(2, 1)
        grid.setColumnStretch(1, 1)
        self._layers = QStackedWidget()
        self._layers.addWidget(frame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._layers)
        self.setMinimumSize(MINIMUM)
        self.resize(1366, 768)
        self.rail.wanted.connect(self.show_page)
        self.keybar.pressed.connect(self.press)
        self.topbar.languages.switched.connect(self.language_switched)

    def _bind_keys(self) -> None:
        for key in self.keybar.cells:
            self._shortcut(key.cap, partial(self.press, key))
        for chord in ("Ctrl+Return", "Ctrl+Enter"):
            self._shortcut(chord, partial(self.press, Key.MAIN))
        for digit in range(1, 10):
            self._shortcut(f"Alt+{digit}", partial(self._show_nth, digit))
        self.scanner = Scanner(self)
        self._keys = Keys(self, self.scanner)
        self._keys.undo.connect(self._on_undo)
        self._keys.urgent.connect(self.press)
        self._keys.alt.connect(self.rail.show_digits)
        self._keys.active.connect(self._on_active)
        self._keys.active.connect(self.somebody_active)
        self.scanner.scanned.connect(partial(scans.route, self))
        self.scanner.camera_wanted.connect(partial(scans.by_camera, self))
        self.scanner.digit.connect(lambda digit: self._tell_in_front("on_digit", digit))
        self.scanner.space.connect(lambda: self._tell_in_front("on_space"))
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.lock)

    def _shortcut(self, keys: str, run: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(run)

    # ── who is here, what is shown ──

    def start(self, actor: Actor) -> None:
        """Somebody signed in: the pages of the role, the first of them shown."""
        self.show_rail(actor)
        for name in [name for name in self._pages if name not in self.rail.names()]:
            self._drop_page(name)
        for page in self._pages.values():  # another person, role or window: each page asks again what it may show
            page.is_stale |= actor != self._worked
        self._worked = actor
        self._idle.start()
        self._listener.start()
        if self.rail.names():
            self.show_page(self.first_page(actor))

    def page(self, name: str | None = None) -> Page | None:
        """The page of that name, made at first use; without a name, the one that is shown."""
        name = name or self._current
        page = self.begun_page(name) if name in self._pages or name in self.rail.names() else None
        if page is not None:
            page.finish()
        return page

    def begun_page(self, name: str) -> Page | None:
        """The page of that name in its place, be it still empty: whoever has time goes on with it."""
        entry = next((entry for entry in self._entries if entry.name == name), None)
        if name in self._pages or entry is None:
            return self._pages.get(name)
        with in_pieces():
            page = self._pages[name] = entry.make()
        page.actions_changed.connect(self._show_keys)
        page.wants_page.connect(self.go)
        self.pages.addWidget(page)
        return page

    def show_rail(self, actor: Actor) -> None:
        """The pages this person may open."""
        self.rail.show_pages([(entry.name, entry.title, entry.icon) for entry in self._allowed(actor)])

    def first_page(self, actor: Actor) -> str:
        """The page this person will see first, if there is one."""
        allowed = [entry.name for entry in self._allowed(actor)]
        return self._current if self._current in allowed else next(iter(allowed), "")

    def _allowed(self, actor: Actor) -> list[PageEntry]:
        return [entry for entry in self._entries if entry.needs is None or actor.may(entry.needs)]

    def show_page(self, name: str) -> Page | None:
        """Shows a page of the rail; its figures are asked again if something changed meanwhile."""
        page = self.page(name)
        if page is None:
            return None
        before = self._pages.get(self._current)
        if before is not None and before is not page:
            before.leave()
        self._current = name
        self.rail.show_current(name)
        if not self._state.is_paused:
            self.pages.setCurrentWidget(page)
        if page.is_stale:
            page.is_stale = False
            page.load()
        self._go_into(page)
        self._show_keys()
        return page

    def _go_into(self, page: Page) -> None:
        """The cursor does; in a pause into none, lest something be typed where nobody sees it."""
        focus = QApplication.focusWidget() or self
        if self._state.is_paused:
            self.pause_screen.setFocus()
        elif not page.isAncestorOf(focus) or isinstance(focus, QAbstractButton):
            page.take_focus()

    def go(self, name: str, what: object = None) -> None:
        """A page sends somebody or something to another one."""
        page = self.show_page(name)
        if page is not None and what is not None:
            page.receive(what)

    def _show_nth(self, digit: int) -> None:
        names = self.rail.names()
        if digit <= len(names) and not self.is_locked():
            self.show_page(names[digit - 1])

    def leave(self) -> None:
        """The window is about to go: what is typed is kept."""
        page = self._pages.get(self._current)
        if page is not None:
            page.leave()

    def _drop_page(self, name: str) -> None:
        page = self._pages.pop(name)
        self.pages.removeWidget(page)
        page.hide()
        rings.let_go(page)

    def state(self) -> FrameState:
        """The centre and its day as they are shown."""
        return self._state

    def show_state(self, state: FrameState) -> None:
        """The centre and its day as they are now; a pause hides every page."""
        was_paused, self._state = self._state.is_paused, state
        self.topbar.show_state(state)
        self.message_line.show_state(state)
        self.banner.setVisible(state.is_plain)
        self.pause_screen.show_state(state)
        if state.is_paused != was_paused:
            page = self._pages.get(self._current)
            self.pages.setCurrentWidget(self.pause_screen if state.is_paused or page is None else page)
            if page is not None and not self.is_locked():
                self._go_into(page)
            self.put_away.look()
        self._show_keys()

    def _on_news(self, kinds: frozenset[Kind]) -> None:
        for name, page in list(self._pages.items()):
            if page.shows & kinds:
                page.is_stale = name != self._current
                if name == self._current:
                    page.load()

    # ── keys ──

    def press(self, key: Key) -> bool:
        """Does what a key of the bottom bar does now; False when it does nothing."""
        if self._cover is not None:
            return key is Key.MAIN and isinstance(self._cover, Cover) and self._cover.run_main()
        action = self._action(key)
        if action is None or not action.enabled or (key in GUARDED and self._is_repeat(key)):
            return False
        self._ran[key] = time.monotonic()
        action.run()
        return True

    def _is_repeat(self, key: Key) -> bool:
        """Two presses within a second are one: two families must not be called, nor handed over to, by a trembling finger."""
        return time.monotonic() - self._ran.get(key, -REPEAT_S) < REPEAT_S

    def _action(self, key: Key, own: Mapping[Key, Action] | None = None) -> Action | None:
        """What a key does now; `own` is what the page's own keys do, where that is known already."""
        page = whole(self._pages.get(self._current))
        if key is Key.LOCK:
            return Action(None, self.lock)
        if key is Key.PAUSE:
            return self._pause_action()
        if self._state.is_paused or page is None:
            return None
        if key is Key.MAIN:
            return page.main_action()
        own = page.keys() if own is None else own
        if key is Key.MORE:
            return own.get(key) or Action(None, lambda: more.ask(self, page.more()))
        return own.get(key) or self._from_other_page(key)

    def _from_other_page(self, key: Key) -> Action | None:
        name = TAKEN_BY.get(key, "")
        if name == self._current or name not in self.rail.names():
            return None

        def run() -> None:
            other = self.show_page(name)
            action = other.keys().get(key) if other is not None else None
            if action is not None and action.enabled:
                action.run()

        return Action(None, run)

    def _pause_action(self) -> Action:
        paused = self._state.is_paused
        may = jobs.is_started() and jobs.actor().may(Permission.RESUME if paused else Permission.PAUSE)
        runs = self._state.state in (DayState.OPEN, DayState.PAUSED)
        return Action(Text("Go on") if paused else None, lambda: self.pause_wanted.emit(not paused), may and runs)

    def _show_keys(self) -> None:
        page = whole(self._pages.get(self._current))
        own = page.keys() if page is not None else {}
        actions = [(key, self._action(key, own)) for key in self.keybar.cells]
        self.keybar.show_actions((key, self._word(key, action), action is not None and action.enabled) for key, action in actions)

    def _word(self, key: Key, action: Action | None) -> Text | None:
        """Of a key; in a pause F9 says what it will do again when that is over."""
        page = whole(self._pages.get(self._current))
        if action is None and key is Key.MAIN and page is not None:
            action = page.main_action()
        return action.word if action is not None else None

    def _on_undo(self) -> None:
        page = self._pages.get(self._current)
        own = page.keys().get(Key.UNDO) if page is not None and not self._state.is_paused else None
        if not self.is_locked() and not messages.undo() and own is not None and own.enabled:
            own.run()

    def _tell_in_front(self, method: str, *args: int) -> None:
        """A key outside of fields is for the door, where one stands, else for the page."""
        page = None if self._state.is_paused else self._pages.get(self._current)
        getattr(page if self._cover is None else self._cover, method, lambda *_: None)(*args)

    # ── lock ──

    def is_locked(self) -> bool:
        """Whether something covers the frame: sign-in, first run, or a locked screen that shows nothing of anybody."""
        return self._cover is not None

    def door(self) -> QWidget | None:
        """What stands in front of the work."""
        return self._cover

    def cover(self, widget: QWidget) -> None:
        """Shows one thing alone in place of the frame; what is behind it waits as it is."""
        old, self._cover = self._cover, widget
        self._layers.addWidget(widget)
        self._layers.setCurrentWidget(widget)
        self._drop_cover(old)
        widget.setFocus()

    def uncover(self, actor: Actor) -> None:
        """Somebody is here (again): the same person goes on where the cursor stood."""
        old, self._cover = self._cover, None
        self._layers.setCurrentWidget(self._frame)
        self._drop_cover(old)
        self.start(actor)
        self.put_away.look()
        if self._focus_before_lock is not None and isValid(self._focus_before_lock) and self._focus_before_lock.isVisible():
            self._focus_before_lock.setFocus()

    def _drop_cover(self, cover: QWidget | None) -> None:
        if cover is not None:
            self._layers.removeWidget(cover)
            cover.hide()
            cover.deleteLater()

    def lock(self) -> None:
        """Hides everything; what is half typed waits behind."""
        if self.is_locked() or self._make_lock is None:
            return
        self.put_away.hide_open()
        self.leave()
        self._focus_before_lock = QApplication.focusWidget()
        self._idle.stop()
        self.cover(self._make_lock())

    def _on_active(self) -> None:
        if self._idle.isActive():
            self._idle.start()

    # ── Qt ──

    def event(self, event: QEvent) -> bool:
        """That a question stands before the window Qt would tell two thousand parts; only the keys ask: until then they are its own."""
        if event.type() not in (QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked):
            return super().event(event)
        parts: list[KeyBar | Page] = [self.keybar, *self._pages.values()]
        for part in parts:
            QTimer.singleShot(0, part, partial(part.lie_under, event.type() == QEvent.Type.WindowBlocked))
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.topbar.languages.show_current()
            self.show_state(self._state)
        elif event.type() == QEvent.Type.StyleChange:
            self.topbar.refit()
            self.message_line.refit()
