"""Choosing one of a few: digit chips, segments, and the large cards of the wizard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts.chips import FlowLayout, drop_from
from aidtrack.ui.parts.drawn import Drawn, beside, cap_size, draw_cap, draw_words, letters
from aidtrack.ui.parts.words import Icon, KeyCap, Sayable, Words, rendered

Choice = Sequence[Any]
"""(value, text) or (value, text, digit)."""


class ChoiceChip(Drawn, QPushButton):
    """One answer: its digit and its word; filled when chosen."""

    def __init__(self, value: object, text: Sayable, digit: int | None) -> None:
        super().__init__()
        self._look = (False, False)
        self.setProperty("st", "")
        self.setProperty("cls", "digit" if digit is not None else "segment")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.mean(value, text, digit)

    def mean(self, value: object, text: Sayable, digit: int | None) -> None:
        """Another answer in the same place."""
        self.value, self.digit, self._said = value, digit, text
        self.setObjectName(f"choice_{value}")
        self._say_again()

    def said(self) -> str:
        return rendered(self._said)

    def show_chosen(self, chosen: bool, has_focus: bool = False) -> None:
        """Filled or not, and whether the keyboard is here."""
        if self._look == (chosen, has_focus):
            return
        self._look = (chosen, has_focus)
        self.setProperty("at", "yes" if has_focus else "")
        self.setProperty("st", "chosen" if chosen else "")
        theme.set_look(self)  # polished again even if only the focus moved

    def _say_again(self) -> None:
        self.setAccessibleName(self.said())
        self.updateGeometry()
        self.update()

    # ── how it looks ──

    def _word_at(self) -> int:
        if self.digit is None:
            return theme.px(14)
        return theme.px(9) + cap_size(str(self.digit)).width() + theme.px(8)

    def need(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        word = letters("body", 500).wide(self.said())
        return QSize(self._word_at() + word + theme.px(13), theme.size_of("digit"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, is_filled = QPainter(self), self._look[0] and self.digit is not None
        if self.digit is not None:
            cap = QRect(theme.px(9), 0, 0, self.height())
            draw_cap(painter, beside(cap_size(str(self.digit)), cap), str(self.digit), "on" if is_filled else "")
        place = self.rect().adjusted(self._word_at(), 0, -theme.px(13), 0)
        draw_words(painter, place, self.said(), letters("body", 500), "onaccent" if is_filled else "ink")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()


class DigitChips(QWidget):
    """A few answers, each with its digit. Digits and ← → choose while it has the focus; a click always does."""

    edited = Signal(object)
    went_on = Signal()

    _with_digits = True

    def __init__(self, first: int = 1, *, name: str = "") -> None:
        super().__init__()
        self._first = first
        self._value: object = None
        self._chips: list[ChoiceChip] = []
        self._flow = FlowLayout(self, 8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("cls", "choices")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if name:
            self.setObjectName(name)

    def show_choices(self, choices: Iterable[Choice]) -> None:
        """The answers: (value, text) or (value, text, digit); what was chosen stays chosen if it is still there."""
        shown = [(choice[0], choice[1], self._digit_of(n, choice)) for n, choice in enumerate(choices)]
        if shown == [(chip.value, chip._said, chip.digit) for chip in self._chips]:
            return
        drop_from(self._flow, len(shown))
        del self._chips[len(shown) :]
        for chip, answer in zip(self._chips, shown, strict=False):
            chip.mean(*answer)
        for answer in shown[len(self._chips) :]:
            self._add(ChoiceChip(*answer))
        self._flow.invalidate()
        self._refresh()
        self.updateGeometry()

    def _digit_of(self, place: int, choice: Choice) -> int | None:
        if not self._with_digits:
            return None
        return choice[2] if len(choice) > 2 else self._first + place

    def _add(self, chip: ChoiceChip) -> None:
        chip.clicked.connect(lambda: self._choose(chip.value))
        self._chips.append(chip)
        self._flow.addWidget(chip)

    def value(self) -> Any:
        """What is chosen, or None."""
        return self._value

    def set_value(self, value: object) -> None:
        """Chooses without telling anybody."""
        self._value = value
        self._refresh()

    def clear(self) -> None:
        """Nothing chosen."""
        self.set_value(None)

    def problem(self) -> Text | None:
        """A choice is never malformed."""
        return None

    def choose_digit(self, digit: int) -> bool:
        """Chooses by digit as if a person had pressed it; False if no answer has it."""
        for chip in self._chips:
            if chip.digit == digit:
                self._choose(chip.value)
                return True
        return False

    def _choose(self, value: object) -> None:
        self._value = value
        self._refresh()
        self.edited.emit(value)

    def _step(self, by: int) -> None:
        values = [chip.value for chip in self._chips]
        if values:
            at = values.index(self._value) + by if self._value in values else 0
            self._choose(values[at % len(values)])

    def _refresh(self) -> None:
        chosen = [chip.value == self._value and self._value is not None for chip in self._chips]
        at = chosen.index(True) if any(chosen) else 0
        for n, chip in enumerate(self._chips):
            chip.show_chosen(chosen[n], self.hasFocus() and n == at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._with_digits and event.text().isdigit() and self.choose_digit(int(event.text())):
            self.went_on.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._step(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._step(-1)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.updateGeometry()


class Segmented(DigitChips):
    """The same without digits: the chosen one is soft, not filled (it is a setting, not an answer)."""

    _with_digits = False


class ChoiceCard(QPushButton):
    """A large answer with a second line, an icon and its digit."""

    def __init__(self, title: Sayable, second: Sayable, icon: str, digit: int, *, name: str = "") -> None:
        super().__init__()
        self.digit = digit
        self.setCheckable(True)
        self.setProperty("cls", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)  # higher where its second line goes on below
        if name:
            self.setObjectName(name)
        self._dot = Icon("circle", 22, "ink3")
        self._icon = Icon(icon, 28, "ink2")
        self._icon_name = icon
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(Words(title, "h3"))
        column.addWidget(Words(second, "small", wrap=True))
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 16, 18, 16)
        row.setSpacing(16)
        row.addWidget(self._dot)
        row.addLayout(column, 1)
        row.addWidget(self._icon)
        row.addWidget(KeyCap(str(digit)))
        self.setMinimumHeight(theme.px(84))
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, chosen: bool) -> None:
        self._dot.show_icon("circle-dot" if chosen else "circle", "accent" if chosen else "ink3")
        self._icon.show_icon(self._icon_name, "accent" if chosen else "ink2")

    def sizeHint(self) -> QSize:
        layout = self.layout()
        hint = layout.sizeHint() if layout is not None else QSize()
        return QSize(hint.width(), max(hint.height(), theme.px(84)))

