"""What every page is: a name, what it shows, how it loads, and what its keys do. The frame asks; a page never knows the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QVBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.errors import Text
from aidtrack.ui import jobs, theme
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.kinds import Kind
from aidtrack.ui.parts import MainButton, PageHead

__all__ = ["Action", "Key", "Kind", "Page", "PageEntry", "in_pieces"]

NARROW = 1340
PRINT_KIT = "print the paper kit"
"""What the page Day is sent when power is about to fail."""


class Key(Enum):
    """The keys a page may give a meaning to; the word is the ordinary one of the bottom bar."""

    FIND = ("F2", Text("Find"), Qt.Key.Key_F2)
    NEW = ("F3", Text("New family"), Qt.Key.Key_F3)
    TICKET = ("F4", Text("Ticket"), Qt.Key.Key_F4)
    NEXT = ("F5", Text("Next"), Qt.Key.Key_F5)
    NOT_HERE = ("F6", Text("Not here"), Qt.Key.Key_F6)
    MORE = ("F7", Text("More"), Qt.Key.Key_F7)
    SHIFT_LEAD = ("F8", Text("Shift lead"), Qt.Key.Key_F8)
    MAIN = ("F9", Text("Save"), Qt.Key.Key_F9)
    PAUSE = ("F11", Text("Pause"), Qt.Key.Key_F11)
    LOCK = ("F12", Text("Lock screen"), Qt.Key.Key_F12)
    UNDO = ("Ctrl+Z", Text("Undo"), Qt.Key.Key_Z)

    @property
    def cap(self) -> str:
        """What is printed on the key."""
        return self.value[0]

    @property
    def word(self) -> Text:
        """What it ordinarily does."""
        return self.value[1]

    @property
    def code(self) -> Qt.Key:
        """Qt's name of it."""
        return self.value[2]


@dataclass(frozen=True)
class Action:
    """Something that can be done now (or not: then it is shown faint). A word of None is the key's ordinary one."""

    word: Text | None
    run: Callable[[], object]
    enabled: bool = True


class Page(QWidget):
    """A page of the rail. Subclasses build into `self.root` and override what they need.

    `_build` makes what stands on it piece by piece, so that nobody waits for more than one: handed to `made_of`.
    """

    name: ClassVar[str] = ""
    title: ClassVar[Text] = Text("")
    icon: ClassVar[str] = "info"
    shows: ClassVar[frozenset[Kind]] = frozenset()

    actions_changed = Signal()
    wants_page = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(f"page_{self.name}")
        self.root = QVBoxLayout(self)
        self.root.setContentsMargins(16, 14, 16, 16)
        self.root.setSpacing(12)
        self._main_buttons: list[MainButton] = []
        self._was_narrow: tuple[bool, bool] | None = None
        self._pieces: Iterator[None] | None = None
        self.is_stale = True

    # ── how it is made ──

    def made_of(self, pieces: Iterator[None]) -> None:
        """What it is made of: at once, or by whoever said `in_pieces`, which has put the empty page into its window first. A tree of
        parts that comes into another one has all of it styled anew, so what is made in its place is made quickest."""
        self._pieces = pieces
        if not _making.in_pieces:
            self.finish()

    def make_piece(self) -> bool:
        """One piece more; False when there was none left."""
        if self._pieces is not None and next(self._pieces, self) is self:
            self._pieces = None
            self._became_whole()
        return not self.is_whole

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left to be made."""
        return self._pieces is None

    def finish(self) -> None:
        """Somebody wants it now: all that is left."""
        while self.make_piece():
            pass

    # ── what a page answers ──

    def load(self) -> None:
        """Asks for what it shows; called when it is shown first and after every change of its kinds."""

    def main_action(self) -> Action | None:
        """What F9 does now."""
        return None

    def keys(self) -> Mapping[Key, Action]:
        """What the other keys do here; keys left out go to the page that ordinarily takes them."""
        return {}

    def more(self) -> Sequence[Action]:
        """What F7 offers, in order."""
        return ()

    def on_scan(self, code: str) -> bool:
        """A code was scanned while this page is shown; True when it was taken."""
        return False

    def on_badge(self, code: str) -> bool:
        """Somebody's badge was scanned while this page is shown; True when it waited for one, else the screen changes hands."""
        return False

    def on_digit(self, digit: int) -> bool:
        """A lone digit outside of fields, never one of a scan; True when it was taken."""
        return False

    def on_space(self) -> bool:
        """The space bar outside of fields; True when it was taken."""
        return False

    def receive(self, what: object) -> None:
        """Another page sent somebody or something here."""

    def retranslate(self) -> None:
        """Says its own `tr` sentences again; `Text`s follow by themselves."""

    def leave(self) -> None:
        """It is about to be hidden or locked: what is typed is kept."""

    def on_narrow(self, narrow: bool) -> None:
        """There is room for less, or for all again; or the letters changed their size."""

    def on_resized(self) -> None:
        """Its place has another size."""

    def on_shown(self) -> None:
        """It is to be seen again."""

    # ── what a page may use ──

    def head(self, title: Text | None = None) -> PageHead:
        """The row with the title, put at the top."""
        made = PageHead(title or self.title)
        self.root.addWidget(made)
        return made

    def follow_main(self, button: MainButton) -> None:
        """The button takes word, state and work from `main_action`."""
        self._main_buttons.append(button)
        button.clicked.connect(self.run_main)
        self._show_main()

    def refresh_actions(self) -> None:
        """Something that can be done changed."""
        self._show_main()
        self.actions_changed.emit()

    def run_main(self) -> bool:
        """Does what F9 does, if it can be done now."""
        action = self.main_action()
        if action is None or not action.enabled:
            return False
        action.run()
        return True

    def go(self, page: str, what: object = None) -> None:
        """Shows another page and gives it something."""
        self.wants_page.emit(page, what)

    def ask(self, question: Panelled) -> None:
        """Opens a question or form over this page."""
        question.open()

    def take_focus(self) -> None:
        """The cursor goes to the first field or list, never to a button: a stray Space must start nothing."""
        focus = cast("QWidget | None", self.focusWidget())  # Qt's stubs promise one; there may be none
        if focus is not None and not isinstance(focus, QAbstractButton) and focus.isVisibleTo(self):
            focus.setFocus()
            return
        for child in self.findChildren(QWidget):
            if isinstance(child, QLineEdit | QAbstractItemView) and child.isEnabled() and child.isVisibleTo(self):
                child.setFocus()
                return

    def is_narrow(self) -> bool:
        """Whether the window is folded: under 1340 px, or large text."""
        return self.window().width() < NARROW or theme.is_large()

    def lie_under(self, is_under: bool) -> None:
        """A question stands before the window, or no longer."""
        for button in self._main_buttons:
            button.lie_under(is_under)

    # ── inside ──

    def _show_main(self) -> None:
        action = self.main_action() if self._main_buttons else None
        for button in self._main_buttons:
            button.say(action.word if action is not None and action.word is not None else "")
            button.setEnabled(action is not None and action.enabled)

    def _look_at_width(self) -> None:
        narrow, large = self.is_narrow(), theme.is_large()
        if (narrow, large) != self._was_narrow:
            self._was_narrow = narrow, large
            self.on_narrow(narrow)

    def _became_whole(self) -> None:
        """It may have been laid out and shown before there was anything to fold."""
        self.on_resized()
        if self.isVisible():
            self._look_at_width()
            self.on_shown()

    # Qt may lay out and show a page that is half made, when the one before it in the window goes: nothing is asked of it then.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_whole:
            self._look_at_width()
            self.on_resized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.is_whole:
            self.on_shown()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.finish()
            self.retranslate()
            self._show_main()
        elif event.type() == QEvent.Type.StyleChange and jobs.is_started() and self.is_whole:
            # Between two people nobody is asked; the page looks again when it is laid out for the next one.
            self._look_at_width()


@dataclass(frozen=True)
class PageEntry:
    """A page of the rail before it is made: its module is imported when it is shown first."""

    name: str
    title: Text
    icon: str
    make: Callable[[], Page]
    needs: Permission | None = None


class _Making:
    """How pages are made now."""

    in_pieces = False


_making = _Making()


@contextmanager
def in_pieces() -> Iterator[None]:
    """A page made now is empty at first: `make_piece` and `finish` go on with it."""
    _making.in_pieces = True
    try:
        yield
    finally:
        _making.in_pieces = False


def whole(page: Page | None) -> Page | None:
    """The page, once all of it is made: a key asks nothing of one that is half made, which another language may meet behind the door."""
    return page if page is not None and page.is_whole else None
