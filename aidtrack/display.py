"""Whether there is a screen to show a window on. Told without loading Qt, which would abort without a word."""

from __future__ import annotations

import os
import sys

NO_DISPLAY = 69
"""The exit code of a machine that has no screen to show a window on (EX_UNAVAILABLE)."""


def has_display() -> bool:
    """Whether Qt can show a window here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
