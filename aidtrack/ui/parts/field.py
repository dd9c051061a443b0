"""A field of a form: caption above, hint at the right, the input, and one kept line for what is wrong with it."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts.words import Caption, Hint, Icon, Sayable, Words


class Input(Protocol):
    """What every input can do; `edited` is emitted by a person only, never by filling."""

    @property
    def edited(self) -> SignalInstance: ...

    def value(self) -> Any: ...

    def set_value(self, value: Any, /) -> None: ...

    def clear(self) -> None: ...

    def problem(self) -> Text | None: ...


class Field(QWidget):
    """Caption, hint, input and problem. `name` is the draft's field and the object name of the input.

    The line for the problem is kept even when there is none, so that a form never jumps; `reserve=False` where nothing can be wrong.
    """

    def __init__(
        self, caption: Sayable, input_: QWidget, hint: Sayable = "", *, name: str, lines: int = 1, reserve: bool = True
    ) -> None:
        super().__init__()
        self.name = name
        self.input: Any = input_
        self._lines = lines
        self._reserve = reserve
        self._hint = Hint(hint)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._mark = Icon("", 16, "att")
        self._problem = Words("", "problem", tone="att", wrap=True, name=f"{name}_problem")
        input_.setObjectName(name)
        self.setFocusProxy(input_)
        self._lay_out(Caption(caption), input_)
        input_.edited.connect(self.clear_problem)  # type: ignore[attr-defined]

    def _lay_out(self, caption: Caption, input_: QWidget) -> None:
        caption.setBuddy(input_)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(caption)
        top.addWidget(self._hint, 1)
        under = QHBoxLayout()
        under.setContentsMargins(0, 2, 0, 0)
        under.setSpacing(6)
        under.addWidget(self._mark)
        under.addWidget(self._problem, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        self._line = QHBoxLayout()
        self._line.setSpacing(12)
        self._line.addWidget(input_, 1)
        self._line.addStretch(0)  # one that may not be as wide as the row stands at its beginning
        column.addLayout(self._line)
        column.addLayout(under)
        column.addStretch(1)
        self._keep_room()

    def hint_beside(self) -> Field:
        """The hint follows the caption: the input may be shorter than the row."""
        self._hint.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return self

    def beside(self, button: QWidget) -> Field:
        """A button that belongs to the input, in one line with it."""
        self._line.insertWidget(1, button, 0, Qt.AlignmentFlag.AlignVCenter)
        return self

    def _keep_room(self) -> None:
        room = theme.px(18) * self._lines if self._reserve else 0
        self._problem.setMinimumHeight(room)
        self._mark.setVisible(self._reserve)
        self._problem.setVisible(self._reserve)

    def reserve(self, kept: bool) -> None:
        """Whether the line for the problem keeps its room; where there is none to spare it comes when it is needed."""
        self._reserve = kept
        self._problem.setMinimumHeight(theme.px(18) * self._lines if kept else 0)
        has_problem = bool(self.problem_text())
        self._mark.setVisible(kept or has_problem)
        self._problem.setVisible(kept or has_problem)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # at once: whoever asks how high it is now must not hear how high it was

    def set_hint(self, text: Sayable) -> None:
        """What is shown right above the input: an age, a region."""
        self._hint.say(text)

    def show_problem(self, text: Sayable) -> None:
        """Says what to do about this field."""
        self._problem.say(text)
        self._problem.setVisible(True)
        self._mark.setVisible(True)
        self._mark.show_icon("circle-alert", "att")

    def clear_problem(self, *_: object) -> None:
        """Nothing is wrong (any more)."""
        self._problem.say("")
        self._mark.show_icon("")
        if not self._reserve:
            self._problem.setVisible(False)
            self._mark.setVisible(False)

    def problem_text(self) -> str:
        """What is said to be wrong, as shown."""
        return self._problem.text()
