"""The door of the program: with words behind it the command line, without any the window.

Knows everything and does little: settings, logs, language, then whoever does the work.
"""

from __future__ import annotations

import locale
import multiprocessing
import os
import sys
from collections.abc import Sequence

from aidtrack import i18n, logs, settings
from aidtrack.display import NO_DISPLAY, has_display
from aidtrack.errors import Text


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit code."""
    multiprocessing.freeze_support()
    words = list(sys.argv[1:] if arguments is None else arguments)
    logs.start()
    if not words:
        return show_window(os.environ.get("AIDTRACK_DATABASE"), _language())
    from aidtrack.cli.main import run  # a window does not wait for the command line's libraries

    return run(words, shows_window=show_window)


def show_window(address: str | None, lang: str) -> int:
    """Opens the window on a database (the machine's own without an address) and waits until it is closed."""
    if not has_display():
        print(i18n.render(_no_display(), lang), file=sys.stderr)  # noqa: T201  there is no window to say it in
        return NO_DISPLAY
    from aidtrack.ui import application

    return application.run(address or settings.read().settings.database or str(settings.default_database()), lang)


def _language() -> str:
    chosen = settings.read().settings.language or (locale.getlocale()[0] or "")[:2]
    return chosen if chosen in i18n.LANGUAGES else "en"


def _no_display() -> Text:
    return Text(
        "There is no screen to show the window on. Sit down at the computer itself, or try the program without a window: "
        "python main.py demo --no-window --out DIR"
    )
