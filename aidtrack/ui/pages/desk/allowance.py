"""The right side of the Desk: what this family can have now, who is collecting, and the one button that hands it over.

Owns its rows, quantities and the choice of the collector; it knows no service. The page fills it and asks it for a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import theme
from aidtrack.ui.inputs import QuantityBox, TextInput
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.parts import (
    Button,
    Caption,
    Chip,
    DigitChips,
    EmptyState,
    Icon,
    Line,
    LinkButton,
    MainButton,
    Panel,
    SayLine,
    Words,
    clear_layout,
)

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import DeskView

OTHER = "other"
_ICONS = {
    "give": ("check", "accent"),
    "not_today": ("clock", "ink3"),
    "other_window": ("arrow-right", "ink3"),
    "none_left": ("package-x", "fault"),
    "put_aside": ("bookmark-check", "accent"),
    "promised": ("clock", "ink3"),
    "waiting": ("list-plus", "ink3"),
}
GIVES = ("give", "put_aside")
SHORT = ("none_left", "waiting")
"""Where the book has none: it may lie on the shelf all the same, and the family may wait for it."""


class AllowanceLine(QFrame):
    """One rule's answer: icon, item over reason, and at the right the quantity, the day or the window."""

    edited = Signal()
    stepped = Signal(int)
    wait_wanted = Signal(object)

    def __init__(self, row: AllowanceRow, *, may_count: bool) -> None:
        super().__init__()
        self.row = row
        self.seen: int | None = None
        self._may_count = may_count
        self.setObjectName(f"allowance_{row.item_id.hex}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon = Icon("", 20)
        self._name = Words("", "row", elide=True, name="allowance_name")
        self._reason = Words("", "small", tone="ink3", elide=True, name="allowance_reason")
        self._right = Words("", "small", name="allowance_right")
        self.box = QuantityBox(row.due, name="quantity")
        self.box.set_value(row.due)
        self.box.edited.connect(self._on_edited)
        self.box.stepped.connect(self.stepped)
        self._shelf = Button(Text("It is on the shelf"), name="on_shelf")
        self._shelf.clicked.connect(self.count_here)
        self._wait = LinkButton(Text("wait list"), "list-plus", "1", name="keep_place")
        self._wait.clicked.connect(self.keep_place)
        self._seen = QuantityBox(name="seen")
        self._seen.edited.connect(self._on_seen)
        self._seen.stepped.connect(self.stepped)
        self._seen.hide()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(1)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self._name)
        column.addWidget(self._reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(column, 1)
        for part in (self._right, self.box, self._seen):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        out = QVBoxLayout()
        out.setSpacing(0)
        out.setContentsMargins(0, 4, 0, 4)
        for button in (self._shelf, self._wait):
            out.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        row.addLayout(out)
        self._show_parts()

    def _show_parts(self) -> None:
        gives = self.row.state in GIVES
        short = self.row.state in SHORT
        self.box.setVisible(gives)
        self._shelf.setVisible(short and self._may_count and self.seen is None and not self._seen.isVisibleTo(self))
        self._wait.setVisible(self.may_wait and self.seen is None and not self._seen.isVisibleTo(self))
        self._right.setVisible(not (short and self._shelf.isVisibleTo(self)))

    # ── what it says ──

    def sizeHint(self) -> QSize:
        """As high as the design says, or as both lines need in large letters; never squeezed below it."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), theme.size_of("allowance")))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def retranslate(self) -> None:
        """Says everything again in the language of the window."""
        icon, tint = _ICONS[self.row.state]
        self._icon.show_icon(icon, tint)
        self._name.say(sentences.item_name(self.row.item_names), "" if self.is_open else "ink2")
        self._reason.say(self._why(), "fault" if self.row.state == "none_left" else "ink3")
        self._right.say(self._at_right(), "ink3" if self.row.state in GIVES else "ink2")

    def _why(self) -> str:
        if self.row.state in SHORT and self._seen.isVisibleTo(self):
            return tr("how many are on the shelf?")
        return sentences.under_name(self.row, self.quantity())

    def _at_right(self) -> str:
        row = self.row
        if row.state in GIVES:
            return f"{i18n.number(row.due, i18n.language())} ×"
        if row.state == "not_today":
            if row.next_day is None:
                return tr("was given once") if row.last_day else ""
            return tr("from {day}", day=sentences.on_day(row.next_day))
        if row.state == "other_window":
            return tr("window {number}", number=", ".join(str(n) for n in row.windows)) if row.windows else ""
        if row.state == "promised" and row.until is not None:
            return sentences.on_day(row.until)
        if row.state == "waiting":
            return "" if self._seen.isVisibleTo(self) else tr("in the list")
        return "" if self._seen.isVisibleTo(self) else tr("book 0")

    @property
    def is_open(self) -> bool:
        """Whether something can be given on this line now."""
        return self.row.state in GIVES or bool(self.seen)

    @property
    def may_wait(self) -> bool:
        """Whether one key keeps a place in the wait list."""
        return self.row.state == "none_left" and self._may_count and self.row.due > 0

    def keep_place(self) -> None:
        """One key: the family waits for it."""
        if self.may_wait:
            self.wait_wanted.emit(self.row.rule_id)

    # ── quantities ──

    def quantity(self) -> int | None:
        """How many are to be given; None where nothing can be typed or what is typed is no number."""
        if self.row.state in GIVES:
            return self.box.value()
        return min(self.seen, self.row.due) if self.seen else None

    def set_quantity(self, quantity: int) -> None:
        """Shows another quantity; nobody is told."""
        self.box.set_value(quantity)
        self._show_change()

    @property
    def is_touched(self) -> bool:
        """Whether it differs from what is due."""
        return self.is_open and self.quantity() != self.row.due

    def draft(self) -> LineDraft | None:
        """The line as it is to be booked; None where it stays undecided here."""
        quantity = self.quantity()
        return LineDraft(self.row.rule_id, quantity, self.seen) if self.is_open and quantity is not None else None

    def _on_edited(self) -> None:
        value = self.box.value()
        if value is not None and value > self.row.due:
            self.box.set_value(self.row.due)
        self._show_change()
        self.edited.emit()

    def _show_change(self) -> None:
        self.box.show_changed(self.box.value() != self.row.due)
        self.retranslate()

    # ── on the shelf, not in the book ──

    def count_here(self) -> None:
        """“It is on the shelf”: the number seen is typed in place of the button."""
        self.show_seen(None)
        self._seen.setFocus()

    def show_seen(self, seen: int | None) -> None:
        """The number seen on the shelf; nobody is told."""
        self.seen = seen
        self._seen.set_value(seen)
        self._shelf.hide()
        self._seen.show()
        self._show_parts()
        self.retranslate()

    def _on_seen(self) -> None:
        self.seen = self._seen.value()
        self.retranslate()
        self.edited.emit()

    def focus_box(self) -> bool:
        """Puts the cursor into its quantity; False if it has none."""
        for box in (self.box, self._seen, self._shelf, self._wait):
            if box.isVisibleTo(self):
                box.setFocus()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Insert and self.may_wait:
            self.keep_place()
        else:
            super().keyPressEvent(event)

    def has_cursor(self) -> bool:
        """Whether one of its parts has the focus."""
        return any(part.hasFocus() for part in (self.box, self._seen, self._shelf, self._wait))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        left = self._name.geometry().left()
        painter.fillRect(left, self.height() - 1, self.width() - left, 1, theme.colour("line"))


class WhoChips(DigitChips):
    """Who is collecting. Digits come from the page, which waits until a scan is ruled out; ↑ ↓ go to the quantities."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__(name="who_collects")
        self.setProperty("cls", "who")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.text().isdecimal():
            event.ignore()
        else:
            super().keyPressEvent(event)


class AllowancePanel(Panel):
    """“Can have now”: rows, the sentence to say, who is collecting, F9, and where to sign."""

    edited = Signal()
    left = Signal()
    wait_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(padding=0, name="allowance_panel")
        self._lines: list[AllowanceLine] = []
        self._household: UUID | None = None
        self._ticket: UUID | None = None
        self._rows: Sequence[AllowanceRow] = ()
        self._window = Chip("", "monitor", name="window_chip")
        self._empty = EmptyState(
            "package", Text("Nothing to hand over yet"), Text("Open a family first"), name="no_family"
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._window.hide()
        self.say_line = SayLine(name="say_line")
        self._caption = Caption(Text("Who is collecting"))
        self.who = WhoChips()
        self.who.edited.connect(self._on_who)
        self.who.stepped.connect(self.step)
        self.other_name = TextInput(Text("Who is it, and how do we know"), name="collector_name")
        self.other_name.edited.connect(self.edited)
        self.main = MainButton()
        self._place = Words("", "small", tone="ink2", name="signs_at")
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        holder = QWidget()
        holder.setProperty("cls", "clear")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._list)
        inside.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("allowance_list")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(holder)
        holder.setAutoFillBackground(False)
        self.body.setSpacing(0)
        self.body.addLayout(self._head())
        self.body.addWidget(Line())
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 0, 16, 12)
        inner.setSpacing(8)
        self.body.addLayout(inner, 1)
        inner.addWidget(self._empty, 1)
        inner.addWidget(self._scroll, 1)
        for part in (self.say_line, self._caption, self.who, self.other_name):
            inner.addWidget(part)
        inner.addSpacing(4)
        inner.addWidget(self.main)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addStretch(1)
        self._pencil = Icon("pencil", 16, "ink3")
        foot.addWidget(self._pencil)
        foot.addWidget(self._place)
        foot.addStretch(1)
        inner.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.addWidget(Words(Text("Can have now"), "h2", name="allowance_title"))
        head.addStretch(1)
        head.addWidget(self._window)
        return head

    # ── what it shows ──

    def show_nothing(self) -> None:
        """No family is open."""
        self._household = self._ticket = None
        self._rows = ()
        clear_layout(self._list)
        self._lines = []
        self.who.set_value(None)
        self.other_name.clear()
        self._show_family(False)

    def _show_family(self, shown: bool) -> None:
        self._empty.setVisible(not shown)
        for part in (self._scroll, self.say_line, self._caption, self.who, self.main, self._place, self._pencil):
            part.setVisible(shown)
        self._show_other()

    def show_view(self, view: DeskView, collector: UUID | None, *, may_count: bool) -> None:
        """Another family, or the same one read again: then what was typed stays where it still may be given."""
        same = self._household == view.family.id
        typed = {line.row.rule_id: line.quantity() for line in self._lines if line.is_touched} if same else {}
        seen = {line.row.rule_id: line.seen for line in self._lines if line.seen is not None} if same else {}
        self._household = view.family.id
        self._ticket = view.ticket.id if view.ticket else None
        self._rows = view.allowances
        self._show_rows(typed, seen, may_count=may_count)
        self.who.show_choices(sentences.collectors(view.family.members))
        if not same:
            self.other_name.clear()
            self.who.set_value(collector)
        self.show_window(view.window)
        self._place.say(view.signs_at.text if view.signs_at else "")
        self._show_family(True)
        self.retranslate()

    def _show_rows(self, typed: Mapping[UUID, int | None], seen: Mapping[UUID, int | None], *, may_count: bool) -> None:
        had_cursor = next((line.row.rule_id for line in self._lines if line.has_cursor()), None)
        clear_layout(self._list)
        self._lines = [AllowanceLine(row, may_count=may_count) for row in self._rows]
        for line in self._lines:
            quantity = typed.get(line.row.rule_id)
            if quantity is not None and line.row.state in GIVES:
                line.set_quantity(min(quantity, line.row.due))
            if line.row.rule_id in seen and line.row.state in SHORT:
                line.show_seen(seen[line.row.rule_id])
            line.edited.connect(self.edited)
            line.stepped.connect(self.step)
            line.wait_wanted.connect(self.wait_wanted)
            self._list.addWidget(line)
            if line.row.rule_id == had_cursor:
                line.focus_box()

    def show_window(self, window: int | None) -> None:
        """The number over this window."""
        self._window.setVisible(window is not None)
        self._window.say(Text("window {number}", number=str(window)))

    def retranslate(self) -> None:
        """Says everything again in the language of the window."""
        for line in self._lines:
            line.retranslate()
        self.say_line.say(sentences.aloud(self._rows))

    def limit(self, possible: Mapping[UUID, int]) -> None:
        """What turned out to be possible on some lines; all others stay as they were filled."""
        for line in self._lines:
            if line.row.rule_id in possible and line.row.state in GIVES:
                line.set_quantity(min(possible[line.row.rule_id], line.row.due))
        self.edited.emit()

    # ── what it answers ──

    @property
    def can_give(self) -> bool:
        """Whether at least one thing is to be given."""
        return any(line.is_open and line.quantity() for line in self._lines)

    @property
    def is_touched(self) -> bool:
        """Whether a person changed something that would be lost by opening another family."""
        return any(line.is_touched for line in self._lines) or bool(self.other_name.value())

    def draft(self) -> HandOverDraft | None:
        """The hand-over as it stands; None without a family."""
        if self._household is None:
            return None
        lines = tuple(draft for line in self._lines if (draft := line.draft()) is not None)
        chosen = self.who.value()
        return HandOverDraft(
            self._household,
            lines,
            self._ticket,
            collector_person_id=chosen if isinstance(chosen, UUID) else None,
            collector_text=str(self.other_name.value()) if chosen == OTHER else "",
        )

    # ── keys ──

    def choose_digit(self, digit: int) -> bool:
        """Who is collecting, by digit; 1 on a line that ran out keeps a place in its wait list."""
        waiting = next((line for line in self._lines if line.has_cursor() and line.may_wait), None)
        if waiting is not None:
            if digit == 1:
                waiting.keep_place()
            return digit == 1
        return self._household is not None and self.who.choose_digit(digit)

    def _on_who(self, value: object) -> None:
        self._show_other()
        if value == OTHER:
            self.other_name.setFocus()
        self.edited.emit()

    def _show_other(self) -> None:
        self.other_name.setVisible(self._household is not None and self.who.value() == OTHER)

    def step(self, by: int) -> None:
        """↑ ↓: the next quantity that can be changed; past the first and the last back to who is collecting."""
        lines = [line for line in self._lines if line.box.isVisibleTo(line) or line.row.state in SHORT]
        at = next((n for n, line in enumerate(lines) if line.has_cursor()), None)
        wanted = (0 if by > 0 else len(lines) - 1) if at is None else at + by
        if not lines or not 0 <= wanted < len(lines) or not lines[wanted].focus_box():
            self.rest()
            return
        self._scroll.ensureWidgetVisible(lines[wanted])

    def rest(self) -> None:
        """The cursor rests where digits choose who is collecting."""
        self.who.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.who.hasFocus() and self._household is not None:
            self.rest()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
