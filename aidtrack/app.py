"""The door of the program: with words behind it the command line, without any the window.

Knows everything and does little. The window is on the screen before anything else is imported: people see that it starts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from aidtrack.display import NO_DISPLAY, has_display


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        return show_window(os.environ.get("AIDTRACK_DATABASE"), None)
    from aidtrack import logs
    from aidtrack.cli.main import run  # a window does not wait for the command line's libraries

    logs.start()
    return run(words, shows_window=show_window)


def show_window(address: str | None, lang: str | None) -> int:
    """Opens the window on a database (the machine's own without an address) and waits until it is closed."""
    if not has_display():
        return _say_no_display(lang)
    from aidtrack.ui.shell import open_shell

    app, shell = open_shell()
    from aidtrack import logs, settings
    from aidtrack.ui import application

    logs.start()
    where = address or settings.read().settings.database or str(settings.default_database())
    return application.run(app, shell, where, lang or settings.usual_language())


def _say_no_display(lang: str | None) -> int:
    """What to do on a machine without a screen."""
    from aidtrack import i18n, settings
    from aidtrack.errors import Text

    said = Text(
        "There is no screen to show the window on. Sit down at the computer itself, or try the program without a window: "
        "python main.py demo --no-window --out DIR"
    )
    print(i18n.render(said, lang or settings.usual_language()), file=sys.stderr)  # noqa: T201  there is no window to say it in
    return NO_DISPLAY
