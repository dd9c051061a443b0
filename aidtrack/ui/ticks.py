"""Several of a few: ticks side by side, as one input of a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui.inputs import CheckInput
from aidtrack.ui.parts import FlowLayout, Sayable, clear_layout


class TicksInput(QWidget):
    """Its value is the tuple of what is ticked, in the order of the choices. `columns`: in a grid instead of a flow."""

    edited = Signal()

    def __init__(self, choices: Iterable[tuple[Any, Sayable]] = (), *, columns: int = 0, name: str = "") -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        self._columns = columns
        self._places: QGridLayout | FlowLayout = _grid(self) if columns else FlowLayout(self, 16)
        self._ticks: list[tuple[Any, CheckInput]] = []
        self.show_choices(choices)

    def show_choices(self, choices: Iterable[tuple[Any, Sayable]]) -> None:
        """What can be ticked; what was ticked stays so."""
        before = self.value()
        clear_layout(self._places)
        self._ticks = []
        for value, words in choices:
            tick = CheckInput(words, name=f"tick_{value}")
            tick.edited.connect(self.edited)
            self._place(tick)
            self._ticks.append((value, tick))
        self.setFocusProxy(self._ticks[0][1] if self._ticks else self)
        self.set_value(before)
        self.updateGeometry()

    def _place(self, tick: CheckInput) -> None:
        if isinstance(self._places, QGridLayout):
            self._places.addWidget(tick, *divmod(len(self._ticks), self._columns))
        else:
            self._places.addWidget(tick)

    def value(self) -> tuple[Any, ...]:
        """What is ticked."""
        return tuple(value for value, tick in self._ticks if tick.value())

    def set_value(self, values: Iterable[Any] | None) -> None:
        """Ticks; nobody is told."""
        wanted = set(values or ())
        for value, tick in self._ticks:
            tick.set_value(value in wanted)

    def clear(self) -> None:
        """Nothing ticked."""
        self.set_value(())

    def problem(self) -> Text | None:
        """A tick is never malformed."""
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A panel as high as its content asks for the height before it knows the width: told here, it grows.
        if isinstance(self._places, FlowLayout):
            self.setMinimumHeight(self._places.heightForWidth(self.width()))


def _grid(parent: QWidget) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(0)
    return grid
