"""Lines of goods typed by keyboard: item by three letters, quantity, date; Enter goes on, the next line is always
there.

Owns the inputs of lines and their problems. What a paper does with the lines is the paper's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.stock import GoodsLine, ItemMode, ReceiveLine
from aidtrack.errors import Problem, Text
from aidtrack.services import stock
from aidtrack.services.stock import ExpectedLine, ItemRow, LotRow, find_items
from aidtrack.ui import jobs, theme
from aidtrack.ui.inputs import ChoiceInput, DateInput, NumberInput, SuggestInput, TextInput
from aidtrack.ui.pages.stock.keeping import put_back
from aidtrack.ui.parts import Caption, Icon, Scrolling, Words

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Goods:
    """What lines are typed about: the catalogue, and how many of an item can be given."""

    items: tuple[ItemRow, ...] = ()
    free: Mapping[UUID, int] = field(default_factory=dict)

    def item(self, item_id: UUID | None) -> ItemRow | None:
        """The item of that id."""
        return next((row for row in self.items if row.id == item_id), None)

    def on_shelf(self, item_id: UUID) -> int:
        """How many of an item can be given."""
        return self.free.get(item_id, 0)


def item_name(row: ItemRow) -> str:
    """The name in the language of the window."""
    return i18n.pick(row.names, i18n.language())


class ItemInput(SuggestInput):
    """An item chosen by a few letters of its name in any language."""

    def __init__(self, name: str) -> None:
        super().__init__(Text("three letters"), name=name)
        self.goods = Goods()
        self.shows_stock = False
        self.wanted.connect(self._on_wanted)

    def _on_wanted(self, typed: str) -> None:
        found = find_items(self.goods.items, typed) if typed.strip() else ()
        self.show_choices([(row.id, item_name(row), self._right(row)) for row in found[:8]])

    def _right(self, row: ItemRow) -> str:
        if self.shows_stock:
            return i18n.number(self.goods.on_shelf(row.id), i18n.language())
        return i18n.tr("free table") if row.mode is ItemMode.FREE_TABLE else row.code

    def show_item(self, item_id: UUID | None) -> None:
        """Shows an item without telling anybody."""
        row = self.goods.item(item_id)
        self.set_value((row.id, item_name(row)) if row else None)


class LineRow(QFrame):
    """One line: inputs under the captions of the editor, and what is wrong with them under it."""

    edited = Signal()
    done = Signal()
    stepped = Signal(str, int)

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__()
        self.setObjectName(f"line_{n}")
        self.n = n
        self.item = ItemInput(f"line_{n}_item")
        self.inputs: dict[str, Any] = {"item": self.item}
        self._mark, self._problem = Icon("", 16, "att"), Words("", "problem", tone="att", name=f"line_{n}_problem")
        self.goods = goods
        self.item.goods = goods
        self.item.edited.connect(self._on_item)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(self._typed(one) for one in self.inputs.values() if not isinstance(one, ChoiceInput))

    @staticmethod
    def _typed(one: Any) -> bool:
        return bool(one.text().strip())

    def use(self, goods: Goods) -> None:
        """Another catalogue or shelf; what is typed stays. An item that was taken from it is named in the language of now."""
        self.goods = self.item.goods = goods
        if goods.item(self.item.value()) is not None:
            self.item.show_item(self.item.value())

    def lay_out(self, widths: Mapping[str, int]) -> None:
        """Puts the inputs into columns; width 0 takes what is left."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for column, (name, one) in enumerate(self.inputs.items()):
            grid.addWidget(one, 0, column)
            grid.setColumnStretch(column, 0 if widths[name] else 1)
            one.edited.connect(self._on_edited)
        self.set_widths(widths)
        under = QHBoxLayout()
        under.setSpacing(6)
        under.addWidget(self._mark)
        under.addWidget(self._problem, 1)
        grid.addLayout(under, 1, 0, 1, len(self.inputs))
        self._mark.hide()
        self._problem.hide()

    def set_widths(self, widths: Mapping[str, int]) -> None:
        """The inputs as wide as their columns are in the letters of now."""
        for name, one in self.inputs.items():
            if widths[name]:
                one.setFixedWidth(theme.px(widths[name]))

    def _on_edited(self) -> None:
        self.clear_problem()
        self.edited.emit()

    def _on_item(self) -> None:
        """Another item was taken: subclasses fit their inputs to it."""

    def own_problem(self) -> tuple[str, Text] | None:
        """What the inputs themselves find wrong: the first one, with its input."""
        found = ((name, one.problem()) for name, one in self.inputs.items())
        return next(((name, text) for name, text in found if text is not None), None)

    def show_problem(self, column: str, text: Text) -> None:
        """Says what to do under the line and puts the cursor where it is."""
        self._mark.show_icon("circle-alert", "att")
        self._problem.say(text)
        self._mark.show()
        self._problem.show()
        self.inputs.get(column, self.item).setFocus()

    def clear_problem(self) -> None:
        """Nothing is wrong (any more)."""
        self._problem.say("")
        self._mark.hide()
        self._problem.hide()

    def problem_text(self) -> str:
        """What is said to be wrong, as shown."""
        return self._problem.text()

    def after(self, name: str) -> str | None:
        """The input Enter goes to from `name`; None ends the line."""
        names = [one for one in self.inputs if self.inputs[one].isEnabled()]
        at = names.index(name) + 1
        return names[at] if at < len(names) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = next((name for name, one in self.inputs.items() if one.hasFocus()), None)
        if event.key() in STEPS and name is not None and not event.modifiers():
            self.stepped.emit(name, STEPS[Qt.Key(event.key())])
            return
        if event.key() not in ENTER or name is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        following = self.after(name)
        if following is None or (name == "item" and self.is_empty):
            self.done.emit()
        else:
            self.inputs[following].setFocus()


class ReceiveRow(LineRow):
    """A line of a delivery. Enter: item, quantity, date, next line; Tab also stops at *came* when less came.

    `lot_id`: a batch of this database that the waybill of another centre names.
    """

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__(n, goods)
        self.lot_id: UUID | None = None
        self.quantity = NumberInput(0, name=f"line_{n}_quantity")
        self.came = NumberInput(0, name=f"line_{n}_came")
        self.expiry = DateInput(month_ok=True, name=f"line_{n}_expiry")
        self.lot = TextInput(max_length=60, name=f"line_{n}_lot")
        self.damaged = NumberInput(0, name=f"line_{n}_damaged")
        self.inputs |= {
            "quantity": self.quantity, "came": self.came, "expiry": self.expiry, "lot": self.lot, "damaged":
            self.damaged
        }  # fmt: skip

    def _on_item(self) -> None:
        row = self.goods.item(self.item.value())
        self.expiry.setEnabled(row is None or row.expires)

    def after(self, name: str) -> str | None:
        """Enter skips what is ordinarily not typed."""
        if name in ("quantity", "came"):
            return "expiry" if self.expiry.isEnabled() else None
        return "quantity" if name == "item" else None

    def line(self) -> ReceiveLine:
        """The line as typed: good units came, the waybill says `quantity`."""
        on_waybill, damaged = self.quantity.value(), self.damaged.value() or 0
        came = self.came.value()
        good = came if came is not None else None if on_waybill is None else max(on_waybill - damaged, 0)
        differs = on_waybill is not None and on_waybill != (good or 0) + damaged
        expiry = self.expiry.value() if self.expiry.isEnabled() else None
        said = on_waybill if differs else None
        return ReceiveLine(self.item.value(), good, expiry, self.lot.value(), said, damaged, self.lot_id)

    def fill(self, expected: ExpectedLine) -> None:
        """What the waybill says of it: only what differs is typed. An item nobody knows here is named by its code."""
        self.item.show_item(expected.item_id)
        if expected.item_id is None:
            self.item.setText(expected.item_code)
        self._on_item()
        self.quantity.set_value(expected.quantity)
        self.expiry.set_value(expected.expiry)
        self.lot.set_value(expected.lot)
        self.lot_id = expected.lot_id

    def empty(self) -> None:
        """Nothing is typed in it."""
        self.lot_id = None
        for one in self.inputs.values():
            one.clear()

    def units(self) -> int:
        """Good units of this line."""
        return self.line().quantity or 0


class GoodsRow(LineRow):
    """A line of goods that leave: item, batch (ordinarily the first to expire), quantity."""

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__(n, goods)
        self.quantity = NumberInput(0, name=f"line_{n}_quantity")
        self.lot = ChoiceInput(name=f"line_{n}_lot")
        self.item.shows_stock = True
        self.inputs |= {"quantity": self.quantity, "lot": self.lot}
        self.lot_wanted = ""
        self._show_lots(())

    def _on_item(self) -> None:
        self.offer_lots()

    def use(self, goods: Goods) -> None:
        super().use(goods)
        self.offer_lots()

    def offer_lots(self) -> None:
        """The batches of the item; the first answer leaves the choice to the shelf."""
        item = self.item.value()
        if item is None:
            self._show_lots(())
        else:
            jobs.read(partial(stock.lot_rows, item_id=item), owner=self, then=self._show_lots, latest=f"lots {self.n}")

    def _show_lots(self, lots: tuple[LotRow, ...]) -> None:
        words = [(None, Text("the first to expire"))]
        self.lot.show_choices([*words, *((_lot_key(lot), _lot_words(lot)) for lot in lots)])
        kept = next((key for key in map(_lot_key, lots) if key == self.lot_wanted), None)
        if self.lot.value() is None:
            self.lot.set_value(kept)

    def after(self, name: str) -> str | None:
        """Enter skips the batch."""
        return "quantity" if name == "item" else None

    def line(self) -> GoodsLine:
        """The line as typed."""
        lot, _, place = (self.lot.value() or "").partition("/")
        ids = (UUID(hex=lot), UUID(hex=place)) if lot else (None, None)
        return GoodsLine(self.item.value(), self.quantity.value(), *ids)

    def units(self) -> int:
        """Units of this line."""
        return self.quantity.value() or 0


def _lot_key(lot: LotRow) -> str:
    """A batch at a place, as a choice keeps it."""
    return f"{lot.lot_id.hex}/{lot.place_id.hex}"


def _lot_words(lot: LotRow) -> Text:
    if lot.expiry is None:
        return Text("{code} · {n} · {place}", code=lot.code, n=lot.quantity, place=lot.place)
    words = Text("{code} · {n} · until {day}", code=lot.code, n=lot.quantity, day=lot.expiry)
    return words if lot.is_given else Text("{what} · {place}", what=words, place=lot.place)


class LinesEditor(QWidget):
    """Lines that grow: the last one is always empty. `columns`: name, caption, width (0: what is left)."""

    edited = Signal()

    def __init__(self, make: Callable[[int, Goods], LineRow], columns: Sequence[tuple[str, Text, int]]) -> None:
        super().__init__()
        self.setObjectName("lines")
        self._make = make
        self._widths = {name: width for name, _, width in columns}
        self._goods = Goods()
        self.rows: list[Any] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._lay_out([(name, caption) for name, caption, _ in columns])
        self.add_line()

    def _lay_out(self, captions: Sequence[tuple[str, Text]]) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        self._captions = {name: Caption(text) for name, text in captions}
        for name, caption in self._captions.items():
            head.addWidget(caption, 0 if self._widths[name] else 1)
        self._size_captions()
        inner = QWidget()
        inner.setLayout(self._column)
        self.scroller = Scrolling(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.scroller, 1)

    def _size_captions(self) -> None:
        for name, caption in self._captions.items():
            if self._widths[name]:
                caption.setFixedWidth(theme.px(self._widths[name]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # lines typed in ordinary letters stand under the others in large ones
            self._size_captions()
            for row in self.rows:
                row.set_widths(self._widths)

    def use(self, goods: Goods) -> None:
        """The catalogue and the shelf the lines are typed about."""
        self._goods = goods
        for row in self.rows:
            row.use(goods)

    def add_line(self) -> Any:
        """One more empty line."""
        row = self._make(len(self.rows), self._goods)
        row.lay_out(self._widths)
        row.edited.connect(self._on_edited)
        row.done.connect(partial(self._on_done, row))
        row.stepped.connect(partial(self._on_stepped, row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def put_back(self, line: Mapping[str, Any]) -> None:
        """A line as it was typed before; the one after it is empty."""
        row = self.rows[-1]
        if isinstance(row, GoodsRow):
            row.lot_wanted = str(line.get("lot", ""))
        if isinstance(row, ReceiveRow) and line.get("lot_id"):
            row.lot_id = UUID(hex=line["lot_id"])
        for name, one in row.inputs.items():
            if name in line:
                put_back(one, line[name])
                if name == "item":
                    row.use(self._goods)
                    row._on_item()
        self.add_line()

    def filled(self) -> list[Any]:
        """The rows something was typed in."""
        return [row for row in self.rows if not row.is_empty]

    def units(self) -> int:
        """All units together: a control sum of unlike things."""
        return sum(row.units() for row in self.filled())

    def clear(self) -> None:
        """One empty line."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()  # it goes a moment later, and would lie under the others till then
            row.deleteLater()
        self.rows = []
        self.add_line()

    def check(self) -> bool:
        """Shows what the inputs find wrong, all lines at once; the cursor goes to the first."""
        found = [(row, wrong) for row in self.filled() if (wrong := row.own_problem())]
        for row, (name, text) in reversed(found):
            row.show_problem(name, text)
        return not found

    def show_problems(self, problems: Iterable[Problem], columns: Mapping[str, str]) -> list[Problem]:
        """Shows problems of `lines.N.x` under line N; gives back the others. `columns`: the input a draft's field is
        in.
        """
        others: list[Problem] = []
        rows = self.filled() or self.rows[:1]
        for problem in reversed(list(problems)):
            parts = problem.field.split(".")
            if parts[0] != "lines":
                others.insert(0, problem)
            elif len(parts) == 3 and int(parts[1]) < len(rows):
                rows[int(parts[1])].show_problem(columns.get(parts[2], parts[2]), problem.text)
            else:
                rows[0].show_problem("item", problem.text)
        return others

    def _on_edited(self) -> None:
        if not self.rows[-1].is_empty:
            self.add_line()
        self.edited.emit()

    def _on_done(self, row: LineRow) -> None:
        at = self.rows.index(row) + 1
        if at < len(self.rows):
            self.rows[at].item.setFocus()
            self.scroller.ensureWidgetVisible(self.rows[at])

    def _on_stepped(self, row: LineRow, name: str, by: int) -> None:
        """↑ and ↓ stay in the column: where lines are filled, what differs is reached by them."""
        at = self.rows.index(row) + by
        if 0 <= at < len(self.rows):
            self.stand_in(at, name)

    def stand_in(self, n: int, name: str) -> None:
        """The cursor stands in an input of a line."""
        self.rows[n].inputs[name].setFocus()
        self.rows[n].inputs[name].selectAll()
        self.scroller.ensureWidgetVisible(self.rows[n])
