"""One line of what a family can have now: what it says, and everything that can be typed, chosen or scanned on it.

Owns its quantity, the size, what is given in its place, the numbers on the pieces, and what was seen on the shelf. It knows no service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.handover import LineDraft
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import theme
from aidtrack.ui.inputs import QuantityBox
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.parts import Button, DigitChips, Icon, LinkButton, Words, at_once

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import GoodsHere

_S = AllowanceState
_ICONS = {
    _S.GIVE: ("check", "accent"),
    _S.NOT_TODAY: ("clock", "ink3"),
    _S.OTHER_WINDOW: ("arrow-right", "ink3"),
    _S.NONE_LEFT: ("package-x", "fault"),
    _S.PUT_ASIDE: ("bookmark-check", "accent"),
    _S.PROMISED: ("clock", "ink3"),
    _S.WAITING: ("list-plus", "ink3"),
}
_PLACES = {_S.GIVE: 0, _S.PUT_ASIDE: 0, _S.NONE_LEFT: 1, _S.WAITING: 1, _S.PROMISED: 2, _S.NOT_TODAY: 2, _S.OTHER_WINDOW: 3}
SHORT = (_S.NONE_LEFT, _S.WAITING)
"""Where the book has none: it may lie on the shelf all the same, and the family may wait for it."""


def place_in_list(state: AllowanceState) -> int:
    """What is given here stands first, then what is out, then what has its day, last what other windows give."""
    return _PLACES[state]


@dataclass
class Filled:
    """What a person did on a line: kept when the family is read again, and while another card is served first."""

    quantity: int | None = None
    seen: int | None = None
    sizes: dict[UUID, int] = field(default_factory=dict)
    instead: GoodsHere | None = None
    numbers: list[str] = field(default_factory=list)
    is_more: bool = False


class WhoChips(DigitChips):
    """Who is collecting. Digits come from the page, which waits until a scan is ruled out; ↑ ↓ go to the quantities."""

    stepped = Signal(int)

    def __init__(self, name: str = "who_collects") -> None:
        super().__init__(name=name)
        self.setProperty("cls", "who")  # no longer "choices", whose digits the scanner leaves to themselves

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.text().isdecimal():
            event.ignore()
        else:
            super().keyPressEvent(event)


class AllowanceLine(QFrame):
    """One rule's answer: icon, item over reason, and at the right the quantity, the day or the window. Empty until `show_row`."""

    row: AllowanceRow

    edited = Signal()
    stepped = Signal(int)
    wait_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._icon = Icon("", 20)
        self._name = Words("", "row", wrap=True, name="allowance_name")
        self._reason = Words("", "small", tone="ink3", elide=True, name="allowance_reason")
        self._right = Words("", "small", tone="ink3", name="allowance_right")
        self.box = QuantityBox(name="quantity")
        self.box.edited.connect(self._on_edited)
        self.sizes = WhoChips("sizes")
        self.sizes.edited.connect(self._on_size)
        self._shelf = Button(Text("It is on the shelf"), name="on_shelf")
        self._shelf.clicked.connect(self.count_here)
        self._wait = LinkButton(Text("wait list"), "list-plus", "1", name="keep_place")
        self._wait.clicked.connect(self.keep_place)
        self._seen = QuantityBox(name="seen")
        self._seen.edited.connect(self._on_seen)
        for part in (self.box, self._seen, self.sizes):
            part.stepped.connect(self.stepped)
        self._lay_out()
        self.sizes.hide()
        self.hide()

    def show_row(self, row: AllowanceRow, *, may_count: bool, is_numbered: bool) -> None:
        """Another line in the same place: nothing that was done on the one before stays. `retranslate` says it."""
        self.row, self.filled = row, Filled()
        self._may_count, self._is_numbered = may_count, is_numbered
        self.setObjectName(f"allowance_{row.item_id.hex}")
        self.sizes.set_value(None)
        self.sizes.show_choices([(one.item_id, one.size, n) for n, one in enumerate(row.sizes[:9], 1)])
        self._seen.set_value(None)
        self._seen.hide()
        self.box.set_value(row.due)
        self.box.show_changed(False)
        with at_once(self):
            self._show_parts()
            self.show()

    def shows(self, row: AllowanceRow, *, may_count: bool, is_numbered: bool) -> bool:
        """Whether it is this line already, with whatever was done on it."""
        return not self.isHidden() and (row, may_count, is_numbered) == (self.row, self._may_count, self._is_numbered)

    def park(self) -> None:
        """Not needed now; it waits, empty, for the next family."""
        self.hide()
        self.setObjectName("")

    def _lay_out(self) -> None:
        # What can be pressed stands beside the line of words it belongs to: a long link takes nothing from the name.
        column = QVBoxLayout()
        column.setSpacing(1)
        self._column = column
        for words, button in ((self._name, self._shelf), (self._reason, self._wait)):
            beside = QHBoxLayout()
            beside.setSpacing(10)
            beside.addWidget(words, 1)
            beside.addWidget(button)
            column.addLayout(beside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        row = QHBoxLayout()
        whole.addLayout(row)
        under = QHBoxLayout()
        under.setContentsMargins(30, 0, 0, 8)
        under.addWidget(self.sizes)
        whole.addLayout(under)
        self._under = under
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(column, 1)
        for one in (self._right, self.box, self._seen):
            row.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)

    def _show_parts(self) -> None:
        short = self.row.state in SHORT and self.filled.instead is None
        self.box.setVisible(self.gives)
        self.sizes.setVisible(self.gives and bool(self.row.sizes) and self.filled.instead is None)
        self._under.setContentsMargins(30, 0, 0, 8 if self.sizes.isVisibleTo(self) else 0)
        self._shelf.setVisible(short and self._may_count and self.seen is None and not self._seen.isVisibleTo(self))
        self._wait.setVisible(self.may_wait and self.seen is None and not self._seen.isVisibleTo(self))
        air = 4 if self._shelf.isVisibleTo(self) or self._wait.isVisibleTo(self) else 8
        self._column.setContentsMargins(0, air, 0, air)
        self._seen.setVisible(short and self._seen.isVisibleTo(self))
        self._right.setVisible(not (short and self._shelf.isVisibleTo(self)))
        edge = 4 if self._shelf.isVisibleTo(self) else 8  # a button is higher than words
        self._column.setContentsMargins(0, edge, 0, edge)

    # ── what it says ──

    def sizeHint(self) -> QSize:
        """As high as the design says, or as both lines need in large letters; never squeezed below it."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), theme.size_of("allowance")))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """A long name goes on in a second line: no item is known by half of it."""
        return max(super().heightForWidth(width), theme.size_of("allowance"))

    def retranslate(self) -> None:
        """Says everything again in the language of the window."""
        icon, tint = _ICONS[_S.GIVE if self.filled.instead else self.row.state]
        self._icon.show_icon(icon, tint)
        self._name.say(sentences.item_name(self.row.item_names), "" if self.is_open else "ink2")
        self._reason.say(*self._why())
        self._right.say(self._at_right(), "ink3" if self.row.state.gives else "ink2")

    def _why(self) -> tuple[str, str]:
        """The second line and its tone: what is still asked on this line, else why it is as it is."""
        filled, quantity = self.filled, self.quantity() or 0
        if self.is_more:
            return tr("the shift lead approves it"), "att"
        if filled.instead is not None:
            return tr("in its place: {item}", item=sentences.item_name(filled.instead.names)), "ink2"
        if self.wants_numbers:
            return tr("scan the numbers: {n} of {all}", n=len(filled.numbers), all=quantity), "att"
        if self.gives and self.row.sizes:
            return (self._in_sizes(), "ink3") if filled.sizes else (tr("which size?"), "att")
        if self.row.state in SHORT and self._seen.isVisibleTo(self):
            return tr("how many are on the shelf?"), "fault"
        return sentences.under_name(self.row, self.quantity()), "fault" if self.row.state is _S.NONE_LEFT else "ink3"

    def _in_sizes(self) -> str:
        names = {one.item_id: one.size for one in self.row.sizes}
        lang = i18n.language()
        return ", ".join(f"{names[item]} × {i18n.number(n, lang)}" for item, n in self.filled.sizes.items())

    def _at_right(self) -> str:
        row = self.row
        if row.state.gives:
            return f"{i18n.number(row.due, i18n.language())} ×"
        if row.state is _S.NOT_TODAY:
            if row.next_day is None:
                return tr("was given once") if row.last_day else ""
            return tr("from {day}", day=sentences.on_day(row.next_day))
        if row.state is _S.OTHER_WINDOW:
            return tr("window {number}", number=", ".join(str(n) for n in row.windows)) if row.windows else ""
        if row.state is _S.PROMISED and row.until is not None:
            return sentences.on_day(row.until)
        if row.state is _S.WAITING:
            return "" if self._seen.isVisibleTo(self) else tr("in the list")
        return "" if self._seen.isVisibleTo(self) else tr("book 0")

    @property
    def gives(self) -> bool:
        """Whether a quantity can be typed: it is given here, or something stands in for it, or a shelf lead was asked for."""
        return self.row.state.gives or self.filled.instead is not None or self.filled.is_more

    @property
    def is_open(self) -> bool:
        """Whether something can be given on this line now."""
        return self.gives or bool(self.seen)

    @property
    def may_wait(self) -> bool:
        """Whether one key keeps a place in the wait list."""
        is_out = self.row.state is _S.NONE_LEFT and self.filled.instead is None
        return is_out and self._may_count and self.row.due > 0

    def keep_place(self) -> None:
        """One key: the family waits for it."""
        if self.may_wait:
            self.wait_wanted.emit(self.row.rule_id)

    @property
    def is_more(self) -> bool:
        """Whether more than is due is to be given."""
        return self.gives and (self.quantity() or 0) > self.row.due

    @property
    def wants_numbers(self) -> bool:
        """Whether a number is still to be scanned for a piece."""
        return self._is_numbered and self.gives and len(self.filled.numbers) < (self.quantity() or 0)

    # ── quantities ──

    @property
    def seen(self) -> int | None:
        """How many were seen on the shelf."""
        return self.filled.seen

    def quantity(self) -> int | None:
        """How many are to be given; None where nothing can be typed or what is typed is no number."""
        if self.gives:
            return sum(self.filled.sizes.values()) if self.filled.sizes else self.box.value()
        return min(self.seen, self.row.due) if self.seen else None

    def set_quantity(self, quantity: int) -> None:
        """Shows another quantity; nobody is told. Sizes are asked again."""
        self.filled.sizes.clear()
        self.sizes.set_value(None)
        self.box.set_value(quantity)
        self._show_change()

    @property
    def is_touched(self) -> bool:
        """Whether a person did something on it."""
        filled = self.filled
        is_chosen = bool(filled.sizes or filled.instead or filled.numbers)
        return is_chosen or (self.is_open and self.quantity() != self.row.due)

    def drafts(self) -> list[LineDraft]:
        """The line as it is to be booked, one a size; nothing where it stays undecided here."""
        quantity, filled = self.quantity(), self.filled
        if not self.is_open or quantity is None or (filled.is_more and not quantity):
            return []
        if filled.instead is None and filled.sizes:
            return [LineDraft(self.row.rule_id, n, size_id=item) for item, n in filled.sizes.items() if n]
        instead = filled.instead.item_id if filled.instead else None
        return [LineDraft(self.row.rule_id, quantity, self.seen, instead_id=instead, numbers=tuple(filled.numbers))]

    def keep(self) -> Filled:
        """What a person did on it, to be filled in again."""
        self.filled.quantity = self.box.value() if self.gives else None
        return self.filled

    def fill(self, filled: Filled) -> None:
        """Does again what a person did; as much of it as still can be."""
        self.filled = filled
        if filled.quantity is not None and self.gives:
            self.box.set_value(filled.quantity)
        if self.seen is not None and self.row.state in SHORT:
            self.show_seen(self.seen)
        there = {one.item_id for one in self.row.sizes}
        filled.sizes = {item: n for item, n in filled.sizes.items() if item in there}
        self._show_parts()
        self._show_change()

    def _on_edited(self) -> None:
        chosen, value = self.sizes.value(), self.box.value()
        if self.filled.sizes and chosen in self.filled.sizes and value is not None:
            self.filled.sizes[chosen] = value
        del self.filled.numbers[value or 0 :]
        self._show_change()
        self.edited.emit()

    def _show_change(self) -> None:
        self.box.show_changed(self.quantity() != self.row.due)
        self.retranslate()

    # ── sizes, something else, numbers, more ──

    def choose_size(self, digit: int) -> bool:
        """A size by its digit, while the cursor is on the sizes."""
        return self.sizes.hasFocus() and self.sizes.choose_digit(digit)

    def _on_size(self, item_id: UUID) -> None:
        """The first one takes all that is due; another one takes what is left, or stands in for the last."""
        sizes = self.filled.sizes
        left = (self.box.value() or 0) if not sizes else self.row.due - sum(sizes.values())
        if item_id not in sizes and left <= 0:
            left += sizes.pop(list(sizes)[-1])
        sizes[item_id] = sizes.get(item_id, 0) + max(left, 0)
        self.box.set_value(sizes[item_id])
        self._show_change()
        self.edited.emit()

    def give_instead(self, goods: GoodsHere | None) -> None:
        """Something else in its place; None: the item itself again."""
        self.filled.instead = goods
        self.filled.sizes.clear()
        self._show_parts()
        self._show_change()
        self.edited.emit()

    def ask_for_more(self) -> None:
        """A line that is not due today can be typed on: the shift lead is asked when it is handed over."""
        if self.row.state is _S.NOT_TODAY and not self.filled.is_more:
            self.filled.is_more = True
            self.box.set_value(0)
            self._show_parts()
            self._show_change()

    def take_number(self, number: str) -> bool:
        """A number from a piece; the same one scanned again is taken off. False where none is asked for."""
        if not (self._is_numbered and self.gives):
            return False
        if number in self.filled.numbers:
            self.filled.numbers.remove(number)
        elif self.wants_numbers:
            self.filled.numbers.append(number)
        else:
            return False
        self.retranslate()
        self.edited.emit()
        return True

    # ── on the shelf, not in the book ──

    def count_here(self) -> None:
        """“It is on the shelf”: the number seen is typed in place of the button."""
        self.show_seen(None)
        self._seen.setFocus()

    def show_seen(self, seen: int | None) -> None:
        """The number seen on the shelf; nobody is told."""
        self.filled.seen = seen
        self._seen.set_value(seen)
        self._shelf.hide()
        self._seen.show()
        self._show_parts()
        self.retranslate()

    def _on_seen(self) -> None:
        self.filled.seen = self._seen.value()
        self.retranslate()
        self.edited.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many sizes in a row as there is room for. A line that still waits for its row has a size as well."""
        super().resizeEvent(event)
        layout = self.sizes.layout()
        if self.sizes.isVisibleTo(self) and layout is not None:
            self.sizes.setFixedHeight(layout.heightForWidth(max(self.width() - 30, 60)))

    # ── the cursor ──

    def stops(self) -> list[QWidget]:
        """Where the cursor rests on this line, in order."""
        parts: tuple[QWidget, ...] = (self.sizes, self.box, self._seen, self._shelf, self._wait)
        return [part for part in parts if part.isVisibleTo(self)]

    def focus_box(self) -> bool:
        """Puts the cursor into its quantity; False if it has none."""
        found = next((part for part in self.stops() if part is not self.sizes), None)
        if found is not None:
            found.setFocus()
        return found is not None

    def has_cursor(self) -> bool:
        """Whether one of its parts has the focus."""
        return any(part.hasFocus() for part in self.stops())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Insert and self.may_wait:
            self.keep_place()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        left = self._name.geometry().left()
        painter.fillRect(left, self.height() - 1, self.width() - left, 1, theme.colour("line"))
