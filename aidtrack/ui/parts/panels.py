"""Grounds and groups: panels, notes, empty places, the sentence to say, bars, checklist rows, the head of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts.drawn import draw_bar
from aidtrack.ui.parts.words import Icon, KeyCap, Line, Sayable, Words, rendered


class Panel(QFrame):
    """White ground with a hairline around: one thing. `body` takes what it shows, `head` what stands right of the title."""

    def __init__(
        self, title: Sayable = "", *, padding: int = 16, cls: str = "h3", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("cls", "panel")
        if name:
            self.setObjectName(name)
        self._padding = padding
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(1, 1, 1, 1)
        self._whole.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(8)
        self._whole.addLayout(self.body, 1)
        self._foot = QWidget(self)
        self._foot.hide()
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = Words(title, cls)
        if title:
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.body.addLayout(self.head)

    def add_foot(self) -> QHBoxLayout:
        """A last row under a hairline that reaches from edge to edge."""
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        foot = QHBoxLayout()
        foot.setContentsMargins(self._padding, 10, self._padding, 12)
        foot.setSpacing(12)
        column.addLayout(foot)
        self._whole.addWidget(self._foot)
        self._foot.show()
        return foot

    def show_foot(self, shown: bool) -> None:
        """Its hairline too: a last row with nothing in it is none."""
        self._foot.setVisible(shown)

    def add_line(self) -> None:
        """A hairline between two parts of the body, from edge to edge."""
        line = Line()
        holder = QHBoxLayout()
        holder.setContentsMargins(-self._padding, 0, -self._padding, 0)
        holder.addWidget(line)
        self.body.addLayout(holder)


class Note(QFrame):
    """A quiet strip with one thing worth knowing."""

    def __init__(self, text: Sayable = "", icon: str = "info", *, tone: str = "", name: str = "") -> None:
        super().__init__()
        self.setProperty("cls", "note")
        self.setProperty("st", tone)
        if name:
            self.setObjectName(name)
        self._icon = Icon(icon, 18, tone if tone in ("att", "fault") else "ink2")
        self._words = Words(text, "small", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)  # beside its icon, however high the strip
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 14, 9)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def say(self, text: Sayable) -> None:
        """Another sentence."""
        self._words.say(text)

    def text(self) -> str:
        """The sentence as shown."""
        return self._words.text()


class SayLine(Words):
    """A sentence to say aloud; two lines are always kept for it, so that nothing under it moves."""

    def __init__(self, text: Sayable = "", *, name: str = "say_line") -> None:
        super().__init__(text, "small", wrap=True, name=name)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * 2 + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().lineSpacing() * 2 + 2)


class EmptyState(QWidget):
    """An empty place that says what is so and which key starts."""

    def __init__(self, icon: str = "info", title: Sayable = "", hint: Sayable = "", *, name: str = "") -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        self._icon = Icon(icon, 32, "ink3")
        self._title = Words(title, "h3", wrap=True)
        self._hint = Words(hint, "small", tone="ink3", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        for words in (self._title, self._hint):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(words)
        self._hint.setVisible(bool(hint))
        column.addStretch(1)

    def say(self, icon: str, title: Sayable, hint: Sayable = "") -> None:
        """Other words for the same emptiness."""
        self._icon.show_icon(icon)
        self._title.say(title)
        self._hint.say(hint)
        self._hint.setVisible(bool(hint))


class Bar(QWidget):
    """How much of the whole there is, 6 px high."""

    def __init__(self) -> None:
        super().__init__()
        self._part, self._token = 0.0, "accent"
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, part: float, tone: str = "accent") -> None:
        """From 0 to 1, in the colour of a token."""
        self._part, self._token = min(max(part, 0.0), 1.0), tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_bar(QPainter(self), self.rect().toRectF(), self._part, self._token)


_STATES = {
    "done": ("circle-check", "accent"),
    "sentence": ("message-square-text", "att"),
    "open": ("message-square-text", "att"),
    "later": ("circle", "ink3"),
    "count": ("circle", "ink3"),
}


class ChecklistRow(QFrame):
    """One thing to settle: what, its figures, and whether it balances or wants one sentence. `wants_sight`: hands are on it."""

    wants_answer = Signal()
    wants_sight = Signal()
    answered = Signal(str)
    stepped = Signal(int)

    def __init__(self, *, name: str = "") -> None:
        super().__init__()
        self.setProperty("cls", "check")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if name:
            self.setObjectName(name)
        self._state = "later"
        self._icon = Icon("circle", 22, "ink3")
        self._title = Words("", "row", wrap=True)
        self._figures = Words("", "small", tone="ink3", wrap=True)
        self._right = Words("", "small")
        self._cap = KeyCap("Enter")
        self.field = QLineEdit()
        self.field.setObjectName("sentence")
        self.field.setMaxLength(300)
        self.field.returnPressed.connect(self._on_field_return)
        self.field.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(1)
        for part in (self._title, self._figures):
            column.addWidget(part)
        column.addWidget(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(14)
        row.addWidget(self._icon)
        row.addLayout(column, 1)
        row.addWidget(self._right)
        row.addWidget(self._cap)
        self.setMinimumHeight(theme.size_of("allowance"))

    def show_state(self, state: str, title: Sayable, figures: Sayable, right: Sayable = "") -> None:
        """state: done · sentence (one sentence is wanted) · count (a number may be typed) · later."""
        self._state = state
        icon, token = _STATES[state]
        self._icon.show_icon(icon, token)
        self._title.say(title)
        self._figures.say(figures)
        self._right.say(right, token)
        self._cap.setVisible(state in ("sentence", "open", "count"))

    def open_field(self, text: str = "") -> None:
        """The row opens: its sentence is typed here."""
        self.field.setText(text)
        self.field.show()
        self._right.hide()
        theme.set_look(self, st="open")
        self.field.setFocus()
        self.wants_sight.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.wants_sight.emit()

    def close_field(self) -> None:
        """The row closes; what was typed stays in it."""
        self.field.hide()
        self._right.show()
        theme.set_look(self, st="")

    def _on_field_return(self) -> None:
        self.answered.emit(self.field.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.field.isVisible():
            self.wants_answer.emit()
        elif event.key() == Qt.Key.Key_Escape and self.field.isVisible():
            self.close_field()
            self.setFocus()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.field.isVisible():
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.property("st") != "open":
            painter = QPainter(self)
            left = self._title.geometry().left()
            painter.fillRect(left, self.height() - 1, self.width() - left - 16, 1, theme.colour("line"))


class PageHead(QWidget):
    """The title of a page; chips and fields to its right, buttons at the far right."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        self.title = Words(title, "h1", name="page_title")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.title)
        self._row.addSpacing(16)
        self._row.addStretch(1)
        self._left_end = 2
        self.setFixedHeight(theme.px(36))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Right after the title and what is there already."""
        self._row.insertWidget(self._left_end, widget, stretch)
        self._left_end += 1

    def add_right(self, widget: QWidget) -> None:
        """At the far right."""
        self._row.addWidget(widget)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(theme.px(36))

    def text(self) -> str:
        """The title as shown."""
        return rendered(self.title._said)
