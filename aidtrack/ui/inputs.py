"""What is typed into: text, numbers, dates, choices. Each reads and shows one kind of value and says what is wrong with what was typed.

`edited` is emitted by a person only; `set_value` tells nobody. Captions and problems are shown by `parts.Field`, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QIntValidator, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from aidtrack.domain.dates import any_day
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts.rowlist import RowItem, RowList
from aidtrack.ui.parts.words import Sayable, rendered, shortened, tooltip

_FRAME = 30
_ICON_ROOM = 26
"""Pixels of a field that hold no letters, and what an icon takes of them besides."""


class TextInput(QLineEdit):
    """One line of text; its value is clean (stripped, NFC)."""

    edited = Signal()

    def __init__(self, placeholder: Sayable = "", max_length: int = 200, *, name: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder
        self.setMaxLength(max_length)
        if name:
            self.setObjectName(name)
        self.textEdited.connect(lambda _text: self.edited.emit())
        self._retranslate()

    def value(self) -> Any:
        """What was typed, clean."""
        return clean(self.text())

    def set_value(self, value: Any) -> None:
        """Shows a value, from its beginning where it is longer than the field; nobody is told."""
        self.setText("" if value is None else str(value))
        self.setCursorPosition(len(self.text()) if self.hasFocus() else 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.hasSelectedText():
            self.end(False)  # who comes back goes on where they were; a click says another place after this

    def problem(self) -> Text | None:
        """What is wrong with what was typed, if anything."""
        return None

    def set_placeholder(self, text: Sayable) -> None:
        """What stands in the empty field."""
        self._placeholder = text
        self._retranslate()

    def _retranslate(self) -> None:
        """What does not fit is shortened, by whole words where it names several things, and whole in the tooltip."""
        whole = rendered(self._placeholder)
        room = max(self.width() - _FRAME - (_ICON_ROOM if self.property("icon") == "yes" else 0), _FRAME)
        shown = shortened(whole, self.fontMetrics(), room)
        self.setPlaceholderText(shown)
        self.setToolTip(tooltip(whole) if shown != whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._retranslate()


class SearchInput(TextInput):
    """A field with an icon that is looked things up in: Enter chooses, ↓ goes to the list under it."""

    entered = Signal()
    went_down = Signal()

    def __init__(self, placeholder: Sayable = "", icon: str = "search", *, name: str = "") -> None:
        super().__init__(placeholder, name=name)
        self._icon = icon
        self.setProperty("icon", "yes")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.px(16)
        painter = QPainter(self)
        painter.drawPixmap(11, (self.height() - size) // 2, theme.icon(self._icon, 16, "ink3", self.devicePixelRatioF()))


class PasswordInput(TextInput):
    """A password; it is taken exactly as typed."""

    def __init__(self, placeholder: Sayable = "", *, name: str = "") -> None:
        super().__init__(placeholder, name=name)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def value(self) -> str:
        """Exactly what was typed."""
        return self.text()


class AreaInput(QPlainTextEdit):
    """Several lines of text. Tab goes on to the next field."""

    edited = Signal()

    def __init__(self, placeholder: Sayable = "", lines: int = 3, *, name: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder
        self._filling = False
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 18)
        if name:
            self.setObjectName(name)
        self.textChanged.connect(self._on_changed)
        self.setPlaceholderText(rendered(placeholder))

    def value(self) -> str:
        """What was typed, clean, with its line breaks."""
        return clean_note(self.toPlainText())

    def set_value(self, value: str | None) -> None:
        """Shows a text; nobody is told."""
        self._filling = True
        self.setPlainText(value or "")
        self._filling = False

    def problem(self) -> Text | None:
        """Text is never malformed."""
        return None

    def _on_changed(self) -> None:
        if not self._filling:
            self.edited.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setPlaceholderText(rendered(self._placeholder))


class NumberInput(TextInput):
    """A whole number; spaces between thousands are allowed. Its value is None when empty or no number."""

    def __init__(
        self, minimum: int = 0, maximum: int | None = None, *, placeholder: Sayable = "", optional: bool = True, name: str = ""
    ) -> None:
        super().__init__(placeholder, 12, name=name)
        self._minimum, self._maximum, self._optional = minimum, maximum, optional

    def value(self) -> int | None:
        """The number, or None."""
        digits = re.sub(r"[\s\u00a0\u202f]", "", self.text()).replace("−", "-")
        return int(digits) if re.fullmatch(r"-?[0-9]{1,9}", digits) else None

    def problem(self) -> Text | None:
        """Says which numbers can be typed."""
        number = self.value()
        if number is None:
            needed = self.text().strip() or not self._optional
            return Text("Type a whole number.") if needed else None
        if number < self._minimum:
            return Text("At least {least}.", least=self._minimum)
        if self._maximum is not None and number > self._maximum:
            return Text("At most {most}.", most=self._maximum)
        return None

    def limit(self, minimum: int, maximum: int | None) -> None:
        """Other limits."""
        self._minimum, self._maximum = minimum, maximum


class QuantityBox(NumberInput):
    """The narrow box of a quantity in a row; ↑ and ↓ are left to the row it stands in."""

    stepped = Signal(int)

    def __init__(self, maximum: int | None = None, *, name: str = "") -> None:
        super().__init__(0, maximum, name=name)
        self.setProperty("cls", "quantity")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(theme.px(52))
        self.setValidator(QIntValidator(0, 999_999, self))

    def show_changed(self, changed: bool) -> None:
        """Marks that it differs from what is due."""
        theme.set_look(self, st="changed" if changed else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class DateInput(TextInput):
    """A day typed in figures; shown as 12.08.2026 when the field is left."""

    def __init__(self, *, month_ok: bool = False, optional: bool = True, placeholder: Sayable = "", name: str = "") -> None:
        super().__init__(placeholder, 20, name=name)
        self._month_ok, self._optional = month_ok, optional
        self.today = date.today()  # noqa: DTZ011  only the year of a day typed without one; set it to the centre's day
        self.editingFinished.connect(self._tidy)

    def value(self) -> date | None:
        """The day, or None."""
        return any_day(self.text(), self.today, month_ok=self._month_ok)

    def set_value(self, value: date | None) -> None:
        """Shows a day; nobody is told."""
        self.setText(f"{value.day:02}.{value.month:02}.{value.year}" if value else "")

    def problem(self) -> Text | None:
        """Says how a day is typed."""
        if self.value() is not None or (self._optional and not self.text().strip()):
            return None
        return Text("Type the day like 12.8.2026.") if not self._month_ok else Text("Type the day like 12.8.2026, or the month like 6.27.")

    def _tidy(self) -> None:
        day = self.value()
        if day is not None:
            self.set_value(day)


class ChoiceInput(QComboBox):
    """One of some values, chosen from a list that drops down."""

    edited = Signal()

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self._choices: list[tuple[Any, Sayable]] = []
        if name:
            self.setObjectName(name)
        self.activated.connect(lambda _at: self.edited.emit())

    def show_choices(self, choices: Iterable[tuple[Any, Sayable]]) -> None:
        """The values and their words; what was chosen stays chosen. The same ones again take no time."""
        before, known = self.value(), self.values()
        self._choices = list(choices)
        words = [rendered(text) for _, text in self._choices]
        if known == self.values() and words == [self.itemText(n) for n in range(self.count())]:
            return
        self.clear_items()
        self.addItems(words)
        self.set_value(before)

    def clear_items(self) -> None:
        """Empties the list itself (`clear` only un-chooses)."""
        while self.count():
            self.removeItem(0)

    def value(self) -> Any:
        """What is chosen, or None."""
        at = self.currentIndex()
        return self._choices[at][0] if 0 <= at < len(self._choices) else None

    def values(self) -> list[Any]:
        """All there is to choose from, in its order."""
        return [value for value, _ in self._choices]

    def set_value(self, value: Any) -> None:
        """Chooses; nobody is told. An unknown value chooses nothing."""
        self.setCurrentIndex(next((n for n, choice in enumerate(self._choices) if choice[0] == value), -1))

    def clear(self) -> None:
        """Nothing chosen."""
        self.setCurrentIndex(-1)

    def problem(self) -> Text | None:
        """A choice is never malformed."""
        return None

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()  # the wheel scrolls the page; it must not change what was chosen

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.px(16)
        painter = QPainter(self)
        mark = theme.icon("chevron-down", 16, "ink2" if self.isEnabled() else "ink3", self.devicePixelRatioF())
        painter.drawPixmap(self.width() - size - 10, (self.height() - size) // 2, mark)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            for n, (_, text) in enumerate(self._choices):
                self.setItemText(n, rendered(text))


class CheckInput(QCheckBox):
    """Yes or no with its word, drawn in the tokens."""

    edited = Signal()

    def __init__(self, text: Sayable, *, name: str = "") -> None:
        super().__init__(rendered(text).replace("&", "&&"))
        self._said = text
        if name:
            self.setObjectName(name)
        self.clicked.connect(lambda _on: self.edited.emit())

    def say(self, text: Sayable) -> None:
        """Another word beside the tick."""
        self._said = text
        self.setText(rendered(text).replace("&", "&&"))
        self.updateGeometry()

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Ticks or not; nobody is told."""
        self.setChecked(bool(value))

    def clear(self) -> None:
        """Not ticked."""
        self.setChecked(False)

    def problem(self) -> Text | None:
        """A tick is never malformed."""
        return None

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(rendered(self._said)) + theme.px(34)
        return QSize(width, theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        size = theme.px(18)
        top = (self.height() - size) // 2
        on, focus = self.isChecked(), bool(option.state & QStyle.StateFlag.State_HasFocus)
        if focus:  # the border of a ticked box is an accent already: the ground tells where the hands are
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("soft"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        thick = 2 if on or focus else 1
        painter.setPen(QPen(theme.colour("accent" if on or focus else "ctl"), thick))
        painter.setBrush(theme.colour("soft" if focus else "surface"))
        painter.drawRoundedRect(_inside(QRectF(0, top, size, size), thick), 4, 4)
        if on:
            painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline([QPointF(size * x, top + size * y) for x, y in ((0.25, 0.5), (0.43, 0.68), (0.74, 0.32))])
        painter.setPen(theme.colour("ink" if self.isEnabled() else "ink3"))
        painter.setFont(self.font())
        room = self.rect().adjusted(size + theme.px(12), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, rendered(self._said))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(rendered(self._said).replace("&", "&&"))
            self.updateGeometry()


def _inside(box: QRectF, thick: int) -> QRectF:
    """Where the middle of a border runs that ends at the edge of the box: along whole pixels, else it is spread over two and pales."""
    return box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)


class PinInput(QWidget):
    """Some boxes of one digit each, shown as dots; what is typed moves on by itself."""

    edited = Signal()
    completed = Signal(str)

    def __init__(self, digits: int = 4, *, name: str = "") -> None:
        super().__init__()
        self._digits = digits
        self._typed = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if name:
            self.setObjectName(name)

    def value(self) -> str:
        """The digits typed so far."""
        return self._typed

    def set_value(self, value: str | None) -> None:
        """Fills the boxes; nobody is told."""
        self._typed = re.sub(r"\D", "", value or "")[: self._digits]
        self.update()

    def clear(self) -> None:
        """Empty boxes."""
        self.set_value("")

    def problem(self) -> Text | None:
        """All boxes must be filled."""
        return None if len(self._typed) == self._digits else Text("Type all {n} digits.", n=self._digits)

    def sizeHint(self) -> QSize:
        return QSize(self._digits * theme.px(64) - 8, theme.size_of("field"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self._typed = self._typed[:-1]
        elif event.text().isdecimal() and len(self._typed) < self._digits:
            self._typed += str(int(event.text()))
        else:
            super().keyPressEvent(event)
            return
        self.update()
        self.edited.emit()
        if len(self._typed) == self._digits:
            self.completed.emit(self._typed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n in range(self._digits):
            here = self.hasFocus() and n == min(len(self._typed), self._digits - 1)
            thick = 2 if here else 1
            painter.setPen(QPen(theme.colour("accent" if here else "ctl"), thick))
            painter.setBrush(theme.colour("surface"))
            left = n * theme.px(64)
            painter.drawRoundedRect(_inside(QRectF(left, 0, theme.px(56), self.height()), thick), 6, 6)
            if n < len(self._typed):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("ink"))
                painter.drawEllipse(QPointF(left + theme.px(56) / 2, self.height() / 2 + 1), 3, 3)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class SuggestInput(TextInput):
    """Typed text with a list under it: the page answers `wanted` with `show_choices`; Enter takes the first, ↓ another."""

    wanted = Signal(str)
    took = Signal(object)

    def __init__(self, placeholder: Sayable = "", *, name: str = "") -> None:
        super().__init__(placeholder, name=name)
        self._taken: Any = None
        self._list: RowList | None = None
        self.textEdited.connect(self._on_typed)

    def value(self) -> Any:
        """The value taken from the list; None while there is only text."""
        return self._taken

    def set_value(self, value: Any) -> None:
        """A (value, text) pair, or None; nobody is told."""
        self._taken, text = (value[0], value[1]) if value else (None, "")
        self.setText(text)
        self.hide_list()

    def clear(self) -> None:
        """No text, no value."""
        self.set_value(None)

    def show_choices(self, choices: Iterable[Sequence[Any]]) -> None:
        """(value, text) or (value, text, second line) under the field, the first one chosen."""
        items = [RowItem(c[1], right=c[2] if len(c) > 2 else "", data=(c[0], c[1])) for c in choices]
        if not items or not self.hasFocus():
            self.hide_list()
            return
        drop = self._drop_down()
        drop.show_rows(items, keep=False)
        drop.select_first()
        below = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        height = min(len(items), 8) * theme.px(34) + 8
        drop.setGeometry(below.x(), min(below.y(), self.window().height() - height), self.width(), height)
        drop.raise_()
        drop.show()

    def hide_list(self) -> None:
        """No list."""
        if self._list is not None:
            self._list.hide()

    def list_is_open(self) -> bool:
        """Whether there is something to take."""
        return self._list is not None and self._list.isVisible()

    def _drop_down(self) -> RowList:
        if self._list is None:
            self._list = RowList(34, name=f"{self.objectName()}_list")
            self._list.setProperty("cls", "popup")
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.moved.connect(self._take)
            self.destroyed.connect(self._list.deleteLater)
        self._list.setParent(self.window())
        return self._list

    def _on_typed(self, text: str) -> None:
        self._taken = None
        self.wanted.emit(text)

    def _take(self, data: tuple[Any, str]) -> None:
        self.set_value(data)
        self.took.emit(data[0])
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        drop, key = self._list, event.key()
        if drop is None or not drop.isVisible():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            drop.keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and drop.current() is not None:
            self._take(drop.current())
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.hide_list()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide_list()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hide_list()


