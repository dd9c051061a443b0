"""The window before the camera: who sits at it, what is opened, the picture that is kept, and what a picture shows to be wrong.

Owns no scene. What does not fit, what has no focus and what was not to be seen is kept in `faults` and told at the end.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from aidtrack.ui import jobs, messages, rings
from aidtrack.ui.application import Application
from aidtrack.ui.dialogs import FormDialog, Panelled, Question
from aidtrack.ui.page import Action, Key, Page
from aidtrack.ui.parts import RowList
from aidtrack.ui.shell import open_shell
from tests.screenshots.day import Moment
from tests.ui.fitting import misfits

WHOLE, SMALL = (1366, 768), (1024, 700)
PATIENCE_MS = 60_000


class Studio:
    """One window, many moments of the day."""

    def __init__(self, folder: Path, moments: dict[str, Moment]) -> None:
        self.folder, self.moments, self.made = folder, moments, list[Path]()
        self.faults, self.seen = dict[str, list[str]](), set[str]()
        self.under = ""
        self.app, self.shell = open_shell()
        self.shell.showNormal()  # each picture has its own size
        self.application = Application(self.app, self.shell, str(moments["morning"].path), "ru")
        self.window = self.application.window
        messages.line.bug.connect(lambda error: self._on_mistake(type(error), error, error.__traceback__))
        self._databases = {name: moment.open() for name, moment in moments.items()}
        sys.excepthook = self._on_mistake
        self._looks: tuple[Any, ...] = ("ru", "light", False, WHOLE)
        self.at, self.who = "", ""

    def _on_mistake(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A bug behind the picture is worse than a word that is cut: told with the rest, and at once."""
        sys.__excepthook__(kind, error, trace)
        where = traceback.extract_tb(trace)[-1] if trace else None
        place = f" ({where.filename}:{where.lineno})" if where else ""
        self.tell(f"{self.under}: a mistake", [f"{kind.__name__}: {error}{place}"])

    # ── who, when, how it looks ──

    def work_as(self, who: str, at: str = "morning") -> None:
        """Somebody of the centre sits at the window, at a moment of the day."""
        if (who, at) == (self.who, self.at):
            return
        self.application._furnishing._timer.stop()  # what it makes goes now
        for name in list(self.window._pages):
            self.window._drop_page(name)
        for _ in rings.taking_apart():
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.who, self.at = who, at
        jobs.start(self._databases[at], self.moments[at].people[who], watch=False)
        self.application.enter(self._databases[at], self.moments[at].people[who])
        self.settle()
        self.look(*self._looks)
        self.shell.activateWindow()

    def look(self, lang: str, look: str, large: bool = False, size: tuple[int, int] = WHOLE) -> None:
        """Language, theme, text and size from now on."""
        self._looks = (lang, look, large, size)
        self.application.use_looks(look, large)
        self.application.use_language(lang)
        self.shell.resize(*size)
        self.settle()

    def settle(self) -> None:
        """Everything asked is answered and painted."""
        for _ in range(3):
            jobs.wait_all(PATIENCE_MS)
            QApplication.processEvents()

    # ── what a person does ──

    def page(self, name: str) -> Page:
        """A page of the rail, as it opens."""
        page = self.window.show_page(name)
        assert page is not None, f"{self.who} has no page {name}"
        self.settle()
        return page

    def press(self, key: Key) -> None:
        """A key of the bottom bar."""
        self.window._ran.clear()
        self.window.press(key)
        self.settle()

    def more(self, word: str) -> None:
        """One of the things F7 offers here."""
        page = self.window.page()
        assert page is not None
        offered = [action for action in page.more() if action.word is not None and action.word.msgid == word]
        assert offered, f"F7 of {page.name} offers no “{word}”"
        self._run(offered[0], word)

    def _run(self, action: Action, word: str) -> None:
        assert action.enabled, f"“{word}” cannot be done now"
        action.run()
        self.settle()

    def answer(self, digit: int) -> None:
        """A digit at the open question; what it opens comes in the next turn of the loop."""
        question = self.panels()[-1]
        assert isinstance(question, Question)
        assert question.answer_digit(digit), f"{question.objectName()} has no answer {digit}"
        self._next_turn()

    def accept(self) -> None:
        """F9 in the open form."""
        form = self.panels()[-1]
        assert isinstance(form, FormDialog)
        form.accept_now()
        self._next_turn()

    def _next_turn(self) -> None:
        QTimer.singleShot(0, lambda: None)
        self.settle()
        if not self.panels():
            self.shell.activateWindow()  # as a window manager does when a dialog goes

    def fill(self, **values: Any) -> None:
        """Types into the fields of the open form."""
        form = self.panels()[-1]
        assert isinstance(form, FormDialog)
        for name, value in values.items():
            field = form.form.field(name)
            assert field is not None, f"{form.objectName()} has no field {name}"
            field.input.set_value(value)
        self.settle()

    def click(self, name: str) -> None:
        """A button by its name, in the panel on top, else on the page."""
        button = next(one for one in self._top().findChildren(QAbstractButton, name) if one.isVisible())
        button.click()
        self.settle()

    def choose(self, name: str, data: object) -> None:
        """A row of a list by its data."""
        rows = self._top().findChild(RowList, name)
        assert isinstance(rows, RowList), name
        rows.select(data)
        rows.moved.emit(data)
        self.settle()

    def type(self, name: str, text: str) -> None:
        """Letter by letter, so that what answers while somebody types answers here too."""
        field = next(one for one in self._top().findChildren(QLineEdit, name) if one.isVisible())
        field.setFocus()
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
        self.window.scanner.pace.last = 0.0  # a hand: the next key does not end the burst of a scanner
        self.settle()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, where the cursor is."""
        focus = QApplication.focusWidget() or self.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focus, QKeyEvent(kind, key, held))
        self._next_turn()

    def _top(self) -> QWidget:
        panels = self.panels()
        return panels[-1] if panels else self.shell

    # ── the picture ──

    def panels(self) -> list[Panelled]:
        """Every panel that lies over the window, the newest last."""
        return [panel for panel in self.shell.findChildren(Panelled) if panel.isVisible()]

    def shoot(self, name: str, *shows: str) -> None:
        """The window with whatever panel lies over it; `shows` names what must be seen on it."""
        self.settle()
        picture = self.shell.grab()
        for panel in self.panels():
            place = self.shell.rect().center() - QPoint(panel.width() // 2, panel.height() // 2)
            painter = QPainter(picture)
            painter.drawPixmap(place, panel.grab())
            painter.end()
        self._look_over(name, shows)
        self.keep(picture, name)

    def keep(self, picture: QPixmap, name: str) -> None:
        """One picture more."""
        path = self.folder / self.under / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(str(path), "PNG", 80)  # quick to pack; the smallest file takes longer than the scene
        self.made.append(path)

    def _look_over(self, name: str, shows: tuple[str, ...]) -> None:
        top = self._top()
        there = {one.objectName() for one in self._visible()}
        self.seen |= {type(one).__name__ for one in self._visible()}
        found = [f"{one} is not to be seen" for one in shows if one not in there]
        found += misfits(top)
        for panel in self.panels():
            if panel.height() > self.shell.height() or panel.width() > self.shell.width():
                found.append(f"{panel.objectName()} is larger than the window: {panel.width()} × {panel.height()}")
        focus = QApplication.focusWidget()
        wants = any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in top.findChildren(QWidget) if one.isVisible())
        if wants and (focus is None or not (focus is top or top.isAncestorOf(focus))):
            found.append(f"the focus is at {focus.objectName() or type(focus).__name__ if focus else 'nothing'}")
        if found:
            self.tell(f"{self.under}/{name}", found)

    def tell(self, place: str, found: list[str]) -> None:
        """What a picture shows to be wrong is told at once: painting everything takes a while."""
        self.faults.setdefault(place, []).extend(found)
        for one in found:
            print(f"{place}: {one}", flush=True)

    def _visible(self) -> Iterator[QWidget]:
        for panel in self.panels():
            yield panel
            yield from (one for one in panel.findChildren(QWidget) if one.isVisible())
        yield from (one for one in self.shell.findChildren(QWidget) if one.isVisible())

    # ── back to where it began ──

    def tidy(self) -> None:
        """Esc on everything that is open, until nothing is."""
        for dialog in self.shell.findChildren(QFileDialog):
            dialog.close()
        for _ in range(4):
            panels = self.panels()
            if not panels:
                break
            panels[-1].give_up()
            self._next_turn()
        for _ in range(2):
            self.key(Qt.Key.Key_Escape)
        messages.clear()
        self.shell.activateWindow()  # as a window manager does when a dialog goes
        self.settle()

    def close(self) -> None:
        """The end."""
        self.shell.close()
        jobs.stop()
        for database in self._databases.values():
            database.close()
