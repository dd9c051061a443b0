"""The small forms of the store: an item, what a kit is made of, kits to assemble, goods set aside, a shelf, the
day's papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.stock import ItemDraft, ItemMode, KitPart, LossCause, Unit, so_many
from aidtrack.errors import Problem, Text
from aidtrack.services.stock import DocumentRow, ItemRow, PlaceRow, StockCard
from aidtrack.ui import theme
from aidtrack.ui.dialogs import FormDialog, Panelled
from aidtrack.ui.inputs import CheckInput, ChoiceInput, NumberInput, TextInput
from aidtrack.ui.pages.stock.lines import Goods, GoodsRow, LineRow, LinesEditor, item_name
from aidtrack.ui.parts import Button, Field
from aidtrack.ui.record_table import Cell, Column, RecordTable


class ItemDialog(FormDialog):
    """An item of the catalogue in three languages. The values are an ItemDraft's."""

    def __init__(self, parent: QWidget, row: ItemRow | None, lang: str) -> None:
        title = Text("Change the item") if row else Text("New item")
        super().__init__(parent, title=title, main=Text("Save"), width=640, name="item_dialog")
        self._row = row
        names = [("ru", Text("Name in Russian")), ("uk", Text("Name in Ukrainian")), ("en", Text("Name in English"))]
        self._names = {code: Field(text, TextInput(), name=f"names.{code}") for code, text in names}
        for code in sorted(self._names, key=lambda code: code != lang):
            self.body.addWidget(self.form.add(self._names[code]))
        unit, mode = ChoiceInput(), ChoiceInput()
        unit.show_choices([(one, one.text) for one in Unit])
        mode.show_choices([(one, one.text) for one in ItemMode])
        self._side_by_side(
            Field(Text("Code"), TextInput(max_length=40), Text("may be empty"), name="code"),
            Field(Text("Unit"), unit, name="unit"),
            Field(Text("How it is given"), mode, name="mode"),
        )
        ticks = (
            ("expires", Text("has a use-by date")),
            ("is_kit", Text("is a kit of other items")),
            ("is_numbered", Text("each piece has a number")),
            ("is_active", Text("is in use")),
        )
        for some in (ticks[:2], ticks[2:]):
            self._side_by_side(*(Field("", CheckInput(text), name=name, reserve=False) for name, text in some))
        self._fill(row)

    def _side_by_side(self, *fields: Field) -> None:
        line = QHBoxLayout()
        line.setSpacing(16)
        for field in fields:
            line.addWidget(self.form.add(field), 1)
        self.body.addLayout(line)

    def _fill(self, row: ItemRow | None) -> None:
        draft = row.draft if row else ItemDraft({})
        self.form.fill({f"names.{code}": draft.names.get(code, "") for code in self._names})
        plain = {"unit": draft.unit, "code": draft.code, "mode": draft.mode, "expires": draft.expires}
        self.form.fill(plain | {"is_kit": draft.is_kit, "is_active": draft.is_active, "is_numbered": draft.is_numbered})

    def draft(self) -> ItemDraft:
        """The item as typed."""
        values = self.form.values()
        names = {code: values[f"names.{code}"] for code in self._names}
        row = self._row
        return ItemDraft(
            names, values["code"], values["unit"] or Unit.PIECE, row.category if row else "", values["expires"],
            values["is_kit"], values["mode"] or ItemMode.COUNTED, values["is_active"], row.version if row else 0,
            values["is_numbered"],
        )  # fmt: skip

    def failed(self, error: BaseException) -> None:
        """A problem of the names stands beside the first name."""
        problems = getattr(error, "problems", None)
        if problems:
            first = next(iter(self.form.fields())).name
            self.main_button.setEnabled(True)
            self.form.show_problems([Problem(first if p.field == "names" else p.field, p.text) for p in problems])
        else:
            super().failed(error)


class KitDialog(FormDialog):
    """How many kits are put together now, or taken apart."""

    def __init__(self, parent: QWidget, kit: ItemRow, possible: int, parts: str, *, apart: bool = False) -> None:
        together = Text("One kit: {parts}. The shelf is enough for {n}.", parts=parts, n=possible)
        taken = Text("One kit: {parts}. Kits on the shelf: {n}; their parts go back into their batches.", parts=parts, n=possible)
        title = Text("Take apart: {kit}", kit=kit.names) if apart else Text("Assemble: {kit}", kit=kit.names)
        main = Text("Take apart") if apart else Text("Assemble")
        super().__init__(parent, title=title, main=main, facts=taken if apart else together, name="kit_dialog")
        self.body.addWidget(self.form.add(Field(Text("How many kits"), NumberInput(1, optional=False), name="kits")))


class LeastDialog(FormDialog):
    """One number: the least of an item, or the limit of write-offs."""

    def __init__(self, parent: QWidget, title: Text, facts: Text, value: int, *, name: str) -> None:
        super().__init__(parent, title=title, main=Text("Save"), facts=facts, name=f"{name}_dialog")
        self.body.addWidget(self.form.add(Field(Text("Units"), NumberInput(0, optional=False), name=name)))
        self.form.fill({name: value})


class PartRow(GoodsRow):
    """An item of a kit and how many of it."""

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__(n, goods)
        self.item.shows_stock = False
        self.inputs = {"item": self.item, "quantity": self.quantity}
        self.lot.setParent(self)
        self.lot.hide()

    def offer_lots(self) -> None:
        """A recipe names items, not batches."""


class RecipeDialog(FormDialog):
    """What one kit is made of."""

    def __init__(self, parent: QWidget, kit: ItemRow, goods: Goods, parts: Sequence[KitPart]) -> None:
        title = Text("What is in one: {kit}", kit=kit.names)
        foot = Text("A new recipe; kits made before keep theirs.")
        super().__init__(parent, title=title, main=Text("Save"), foot=foot, width=560, name="recipe_dialog")
        columns = [("item", Text("Item"), 0), ("quantity", Text("How many"), 104)]
        self.editor = LinesEditor(PartRow, columns)
        self.editor.use(goods)
        self.editor.setMinimumHeight(theme.px(280))
        self.body.addWidget(self.editor)
        for part in parts:
            row: LineRow = self.editor.rows[-1]
            row.item.show_item(part.item_id)
            row.inputs["quantity"].set_value(part.quantity)
            self.editor.add_line()
        self.editor.rows[-1].item.setFocus()

    def parts(self) -> tuple[KitPart, ...]:
        """The recipe as typed; a line without an item has no place in it."""
        lines = [row.line() for row in self.editor.filled()]
        return tuple(KitPart(line.item_id, line.quantity or 0) for line in lines if line.item_id)

    def accept_now(self) -> None:
        """Lines without an item or a number are shown before anything is saved."""
        for row in reversed(self.editor.filled()):
            if row.item.value() is None:
                row.show_problem("item", Text("Which item? Type three letters of it."))
        if self.editor.check() and all(row.item.value() for row in self.editor.filled()):
            super().accept_now()

    def failed(self, error: BaseException) -> None:
        """Problems of parts stand under their lines."""
        problems: Iterable[Problem] = getattr(error, "problems", ())
        moved = [Problem(p.field.replace("parts", "lines", 1), p.text) for p in problems]
        if moved:
            self.main_button.setEnabled(True)
            self.editor.show_problems(moved, {})
        else:
            super().failed(error)


class MoveDialog(FormDialog):
    """Goods of one item change their place: set aside to check, or back."""

    def __init__(self, parent: QWidget, row: ItemRow, places: Sequence[PlaceRow], most: int) -> None:
        title = Text("Another place: {item}", item=row.names)
        super().__init__(parent, title=title, main=Text("Move"), name="move_dialog")
        origin, target = ChoiceInput(), ChoiceInput()
        for one in (origin, target):
            one.show_choices([(place.id, place.text) for place in places])
        self.body.addWidget(self.form.add(Field(Text("From place"), origin, name="from_id")))
        self.body.addWidget(self.form.add(Field(Text("To place"), target, name="to_id")))
        quantity = Field(Text("How many"), NumberInput(1, most, optional=False), name="quantity")
        self.body.addWidget(self.form.add(quantity))
        self.body.addWidget(self.form.add(Field(Text("Why, in one sentence"), TextInput(max_length=300), name="note")))
        if places:
            self.form.fill({"from_id": places[0].id, "to_id": places[-1].id})


class ShelfDialog(FormDialog):
    """One more shelf."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, title=Text("New shelf"), main=Text("Save"), name="shelf_dialog")
        self.body.addWidget(self.form.add(Field(Text("Short name"), TextInput(max_length=20), Text("B4"), name="code")))
        where = Field(Text("Where it stands"), TextInput(max_length=80), Text("may be empty"), name="name")
        self.body.addWidget(self.form.add(where))


class PapersDialog(Panelled):
    """The store's papers, newest first; the chosen one can be printed again or taken back by a counter-entry."""

    print_wanted = Signal(object)
    take_back_wanted = Signal(object)

    def __init__(self, parent: QWidget, rows: Sequence[DocumentRow]) -> None:
        super().__init__(parent, Text("Papers of the store"), width=820, name="papers_dialog")
        columns = [
            Column(Text("Number"), lambda row: row.code, width=150, strong=True),
            Column(Text("What"), lambda row: row.kind.text, width=150, wrap=True),
            Column(Text("Day"), lambda row: row.day, width=96),
            Column(Text("From or to, why"), _about, stretch=True, width=190, wrap=True),
            Column(Text("Units"), lambda row: row.units, align="right", width=80),
        ]
        self.table = RecordTable(columns, row_height=36, key=lambda row: row.id, name="papers_table")
        self.table.set_empty("file-text", Text("No papers yet"))
        self.table.show_rows(rows)
        self.table.setMinimumHeight(theme.px(380))
        self.body.addWidget(self.table)
        self._back = Button(Text("Take back"), "undo-2", name="papers_take_back")
        self._print = Button(Text("Print"), "printer", name="papers_print")
        line = QHBoxLayout()
        line.addWidget(self._print)
        line.addWidget(self._back)
        line.addStretch(1)
        self.body.addLayout(line)
        self.add_foot(Text("Nothing is deleted: a paper is taken back by a counter-entry with a number of its own."))
        self.table.moved.connect(self._on_moved)
        self._print.clicked.connect(lambda: self.print_wanted.emit(self.table.current()))
        self.table.chosen.connect(self.print_wanted)
        self._back.clicked.connect(lambda: self.take_back_wanted.emit(self.table.current()))
        if rows:
            self.table.select_row(0)
        self._on_moved(self.table.current())
        self.table.setFocus()

    def _on_moved(self, row: DocumentRow | None) -> None:
        self._print.setEnabled(row is not None)
        self._back.setEnabled(row is not None and not row.is_counter and not row.is_reversed and row.units > 0)


def _about(row: DocumentRow) -> Cell:
    lang = i18n.language()
    parts: list[Any] = [row.other_party, row.cause.text if isinstance(row.cause, LossCause) else "", row.note]
    words = [i18n.render(part, lang) if isinstance(part, Text) else part for part in parts]
    state = i18n.tr("taken back") if row.is_reversed else i18n.tr("counter-entry") if row.is_counter else ""
    whole = " · ".join(word for word in (*words, state) if word)
    return Cell(whole or None, tone="ink3" if state else "")


class CardDialog(Panelled):
    """The stock card: every movement of an item, or of one batch, with what was left after each."""

    print_wanted = Signal()

    def __init__(self, parent: QWidget, card: StockCard) -> None:
        title = Text("Stock card: {item}", item=card.item_names)
        super().__init__(parent, title, facts=_card_facts(card), width=820, name="card_dialog")
        columns = [
            Column(Text("Day"), lambda row: row.day, width=96),
            Column(Text("Time"), lambda row: row.at, width=60),
            Column(Text("What"), lambda row: row.words, stretch=True),
            Column(Text("Batch"), lambda row: row.lot_code, width=120),
            Column(Text("In"), lambda row: row.quantity if row.quantity > 0 else None, align="right", width=72),
            Column(Text("Out"), lambda row: -row.quantity if row.quantity < 0 else None, align="right", width=72),
            Column(Text("Balance"), lambda row: row.after, align="right", width=80, strong=True),
        ]
        self.table = RecordTable(columns, row_height=34, key=lambda row: row.id, name="card_table")
        self.table.set_empty("history", Text("Nothing moved yet"))
        self.table.show_rows(list(reversed(card.rows)))
        self.table.setMinimumHeight(theme.px(420))
        self.body.addWidget(self.table)
        self._print = Button(Text("Print"), "printer", name="card_print")
        self._print.clicked.connect(self.print_wanted)
        self.body.addWidget(self._print)
        self.add_foot(Text("The newest stands on top. Ctrl+C copies the rows."))
        self.table.setFocus()


def _card_facts(card: StockCard) -> Text:
    much = so_many(card.closing, card.unit)
    if not card.lot_code:
        return Text("{much} on the shelf", much=much)
    if card.expiry is None:
        return Text("batch {code}: {much}", code=card.lot_code, much=much)
    return Text("batch {code}, use by {day}: {much}", code=card.lot_code, day=card.expiry, much=much)


class BackDialog(FormDialog):
    """Why a paper is taken back."""

    def __init__(self, parent: QWidget, row: DocumentRow) -> None:
        title = Text("Take back {paper}?", paper=row.code)
        facts = Text.plural("{n} unit goes back where it came from.", "{n} units go back where they came from.", n=row.units)
        super().__init__(parent, title=title, main=Text("Take back"), facts=facts, name="back_dialog")
        reason = Field(Text("Why, in one sentence"), TextInput(max_length=300), name="reason")
        self.body.addWidget(self.form.add(reason))


def kit_words(parts: Sequence[KitPart], goods: Goods) -> str:
    """“2 × soap, 250 g; 1 × towel”: a name may have a comma of its own."""
    named = [(part.quantity, goods.item(part.item_id)) for part in parts]
    return "; ".join(f"{number} × {item_name(row)}" for number, row in named if row)
