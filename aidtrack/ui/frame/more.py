"""F7: what else the page can do, by digits, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from aidtrack.errors import Text
from aidtrack.ui import messages
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.dialogs.panel import WIDTH
from aidtrack.ui.dialogs.question import ONE_COLUMN
from aidtrack.ui.page import Action

EARLIER = 8


def ask(window: QWidget, actions: Sequence[Action]) -> Question:
    """Opens the list, at once: a digit that was typed ahead while the window was busy is the list's, and never the page's."""
    question = made(window, actions)
    question.open()
    return question


def made(window: QWidget, actions: Sequence[Action]) -> Question:
    """The list before it opens; the chosen thing is done when it has gone."""
    offered = [*actions, Action(Text("My screen: language, letters, colours"), lambda: _my_screen(window))]
    offered.append(Action(Text("What was said before"), lambda: show_earlier(window), bool(messages.earlier())))
    offered.append(Action(Text("Camera instead of a scanner (F1)"), lambda: _camera(window)))
    answers = [Answer(n, action.word or "", action.enabled) for n, action in enumerate(offered)]
    width = 2 * WIDTH - 160 if len(answers) > ONE_COLUMN else WIDTH
    question = Question(window, title=Text("More"), answers=answers, name="more", width=width)
    question.answered.connect(lambda n: QTimer.singleShot(0, offered[n].run))
    return question


def _my_screen(window: QWidget) -> None:
    from aidtrack.ui.frame.my_screen import open_my_screen  # it knows the window, which knows this list

    open_my_screen(window)


def _camera(window: QWidget) -> None:
    from aidtrack.ui.frame import scans
    from aidtrack.ui.main_window import MainWindow

    if isinstance(window, MainWindow):
        scans.by_camera(window)


def show_earlier(window: QWidget) -> None:
    """The newest things that were said, to be read again."""
    answers = [Answer(n, message.text) for n, message in enumerate(messages.earlier()[:EARLIER])]
    Question(window, title=Text("What was said before"), answers=answers, width=640, name="earlier").open()
