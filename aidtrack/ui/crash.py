"""What a person sees when the program itself made a mistake: that nothing saved is lost, and a report that can be copied.

The report holds kinds and places of the fault, never a value, a message or a name.
"""

from __future__ import annotations

import platform
import sys
from types import TracebackType

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from aidtrack import __version__, logs
from aidtrack.errors import Text
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.parts import Button

_shown: set[str] = set()


def report_of(error: BaseException) -> str:
    """The copyable report."""
    head = f"AidTrack {__version__} · Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.release()}"
    return f"{head}\n{logs.trace_of(error)}"


class CrashDialog(Panelled):
    """Says it, and offers the report."""

    def __init__(self, parent: QWidget, report: str) -> None:
        super().__init__(
            parent,
            Text("The program made a mistake"),
            facts=Text("What was saved is safe, and what is typed is still there. Please send this report; it holds no names."),
            width=640,
            name="crash",
        )
        words = QPlainTextEdit(report)
        words.setReadOnly(True)
        words.setObjectName("crash_report")
        words.setFixedHeight(180)
        copy = Button(Text("Copy the report"), "clipboard-list", name="crash_copy")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(report))
        self.body.addWidget(words)
        self.body.addWidget(copy)
        self.add_foot()
        copy.setFocus()


def show(error: BaseException, window: QWidget | None) -> None:
    """One panel for each fault: a fault that repeats does not fill the screen. It opens in a turn of its own: the fault may have come
    up while something was painted or laid out."""
    report = report_of(error)
    if window is None or report in _shown:
        return
    _shown.add(report)
    QTimer.singleShot(0, window, lambda: CrashDialog(window, report).open())


def install(window: QWidget) -> None:
    """From now on a fault nobody caught is logged and shown instead of ending the program."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if report_of(error) not in _shown:
            logs_of_crash(error)
        show(error, window)

    sys.excepthook = hook


def logs_of_crash(error: BaseException) -> None:
    """The place of the fault, in the log."""
    import logging

    logging.getLogger(__name__).error("a fault nobody caught", exc_info=error)
