"""Panels that were open when the screen was locked or the centre paused: they wait out of sight as they were filled in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from aidtrack.ui.dialogs import Panelled


class PutAway:
    """The panels over one window. `is_covered()`: whether nobody may see them now."""

    def __init__(self, window: QWidget, is_covered: Callable[[], bool]) -> None:
        self._window, self._is_covered = window, is_covered
        self._panels: list[Panelled] = []

    def look(self) -> None:
        """Something was laid over the window or taken away."""
        if self._is_covered():
            self.hide_open()
        else:
            self._bring_back()

    def hide_open(self) -> None:
        """Nothing stands over the window any more."""
        open_now = [panel for panel in self._window.window().findChildren(Panelled) if panel.isVisible()]
        for panel in open_now:
            panel.hide()
        self._panels += open_now

    def _bring_back(self) -> None:
        """Somebody is here again: what was asked is asked still."""
        waiting, self._panels = self._panels, []
        for panel in filter(isValid, waiting):
            panel.open()

    def give_up(self) -> None:
        """Somebody else is about to work here, and does not read what was typed: it is kept for the person before, as after Esc."""
        waiting, self._panels = self._panels, []
        for panel in filter(isValid, waiting):
            panel.give_up()
