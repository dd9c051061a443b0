"""Several of a few as ticks side by side, several of many as a list of ticks: each one input of a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.inputs import CheckInput
from aidtrack.ui.parts import FlowLayout, RowItem, RowList, Sayable, clear_layout


class TicksInput(QWidget):
    """Its value is the tuple of what is ticked, in the order of the choices."""

    edited = Signal()

    def __init__(self, choices: Iterable[tuple[Any, Sayable]] = (), *, name: str = "") -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        self._flow = FlowLayout(self, 16)
        self._ticks: list[tuple[Any, CheckInput]] = []
        self.show_choices(choices)

    def show_choices(self, choices: Iterable[tuple[Any, Sayable]]) -> None:
        """What can be ticked; what was ticked stays so."""
        before = self.value()
        clear_layout(self._flow)
        self._ticks = []
        for value, words in choices:
            tick = CheckInput(words, name=f"tick_{value}")
            tick.edited.connect(self.edited)
            self._flow.addWidget(tick)
            self._ticks.append((value, tick))
        self.setFocusProxy(self._ticks[0][1] if self._ticks else self)
        self.set_value(before)
        self.updateGeometry()

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
        self.setMinimumHeight(self._flow.heightForWidth(self.width()))


class TickList(RowList):
    """Several of many: a list that scrolls alone; a click, Space or Enter ticks the row."""

    edited = Signal()

    def __init__(self, choices: Iterable[tuple[Any, str]] = (), *, rows: int = 6, name: str = "") -> None:
        super().__init__(height=30, name=name)
        self.setProperty("takes_keys", True)
        self._choices = list(choices)
        self._ticked: set[Any] = set()
        self.setFixedHeight(theme.px(30) * rows)
        self.clicked.connect(lambda _index: self._turn())
        self.chosen.connect(lambda _value: self._turn())
        self._show()

    def value(self) -> tuple[Any, ...]:
        """What is ticked, in the order of the list."""
        return tuple(value for value, _ in self._choices if value in self._ticked)

    def set_value(self, values: Iterable[Any] | None) -> None:
        """Ticks; nobody is told."""
        self._ticked = set(values or ())
        self._show()

    def clear(self) -> None:
        """Nothing ticked."""
        self.set_value(())

    def problem(self) -> Text | None:
        """A tick is never malformed."""
        return None

    def _show(self) -> None:
        icons = {True: "square-check", False: "square"}
        self.show_rows(
            [RowItem(words, icon=icons[value in self._ticked], data=value) for value, words in self._choices]
        )

    def _turn(self) -> None:
        if self.current() is not None:
            self._ticked ^= {self.current()}
            self._show()
            self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._turn()
        else:
            super().keyPressEvent(event)
