"""Where a page asks for other colours or letters; the application hears it and makes the whole window look so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class _Looks(QObject):
    """`wanted(theme, large)`: light, dark or system, and whether in large text."""

    wanted = Signal(str, bool)


looks = _Looks()
