"""Shows what lies on the shelf, for how many families it is enough and when it expires; opens an item to batches and
movements. Does: receive, transfer, write off, count, kits, another place, counter-entries. Listens to: stock,
programmes, hand-overs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import GoodsLine, MoveDraft, kits_possible
from aidtrack.errors import Text
from aidtrack.services import campaigns, stock
from aidtrack.services.stock import DocumentRow, ItemRow, LotRow, PlaceRow, StockCard, StockRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.inputs import SearchInput
from aidtrack.ui.lending import show_loans
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.stock import printing
from aidtrack.ui.pages.stock.counting import CountPanel
from aidtrack.ui.pages.stock.dialogs import (
    BackDialog,
    CardDialog,
    ItemDialog,
    KitDialog,
    MoveDialog,
    PapersDialog,
    RecipeDialog,
    ShelfDialog,
    kit_words,
)
from aidtrack.ui.pages.stock.lines import Goods
from aidtrack.ui.pages.stock.papers import DELIVERY, WAYBILL, WRITE_OFF_ACT, PaperPanel
from aidtrack.ui.pages.stock.side import SidePanel, ask_detail
from aidtrack.ui.pages.stock.sizes import SizesDialog
from aidtrack.ui.parts import Button, KeyCap, Panel, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.theme import is_large, px, set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

TABLE, RECEIVE, TRANSFER, WRITE_OFF, COUNT = "table", "receive", "transfer", "write_off", "count"
_WORDS = {
    COUNT: (Text("Count"), "clipboard-check"),
    WRITE_OFF: (Text("Write off"), "file-x"),
    TRANSFER: (Text("Transfer"), "truck"),
    RECEIVE: (Text("Receive"), "package-check"),
}
_ALL, _LARGE, _BESIDE = (0, 1, 2, 3, 4, 5), (0, 3, 4), (0, 3)
"""Columns kept: with room, in large text, and beside an opened item in a small window."""
_MARKS = {"ok": ("circle-check", "ink2"), "soon": ("triangle-alert", "att"), "few": ("triangle-alert", "att")}
_QUIET = {"none": ("circle-slash", Text("none today")), "free_table": ("coffee", Text("free table"))}


def ask_stock(session: Session, by: Actor) -> tuple[StockRow, ...]:
    """The table: what lies, and how many families it is enough for."""
    return stock.stock_rows(session, by, enough=campaigns.enough_for(session, by))


def ask_tools(session: Session, by: Actor) -> tuple[Goods, tuple[PlaceRow, ...]]:
    """What the small forms choose from."""
    goods = Goods(stock.item_rows(session, by, active_only=False), stock.lot_rows(session, by))
    return goods, stock.place_rows(session, by)


class StockPage(Page):
    """The store."""

    name = "stock"
    title = Text("Stock")
    icon = "package"
    shows = frozenset({Kind.STOCK, Kind.CAMPAIGNS, Kind.HANDOVERS})

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[StockRow, ...] = ()
        self._now = TABLE
        self._wants_side = True
        self._kept: tuple[int, ...] = _ALL
        self._search = SearchInput(Text("item or code"), name="stock_search")
        self._buttons = {name: Button(word, icon, name=f"stock_{name}") for name, (word, icon) in _WORDS.items()}
        self._table = RecordTable(_columns(), row_height=40, key=lambda row: row.item_id, name="stock_table")
        self._side = SidePanel()
        self._panels: dict[str, Any] = {
            RECEIVE: PaperPanel(DELIVERY), TRANSFER: PaperPanel(WAYBILL), WRITE_OFF: PaperPanel(WRITE_OFF_ACT), COUNT: CountPanel()
        }  # fmt: skip
        self._said = Words("", "small", tone="ink3", name="stock_sum")
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    # ── building ──

    def _build(self) -> None:
        head = self.head()
        self._search.setMinimumWidth(px(140))
        self._search.setMaximumWidth(px(340))
        head.add(self._search, stretch=1000)
        for button in self._buttons.values():
            head.add_right(button)
        self._stack.addWidget(self._table_side())
        for panel in self._panels.values():
            self._stack.addWidget(panel)
            self.follow_main(panel.main_button)
        self.root.addWidget(self._stack, 1)
        self._table.set_empty("package", Text("No goods yet"), Text("F3 receives a delivery"))
        self._mark_button()

    def _table_side(self) -> QWidget:
        panel = Panel(padding=8, name="stock_panel")
        panel.body.addWidget(self._table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        foot.addWidget(KeyCap("Enter"))
        foot.addWidget(Words(Text("batches and movements"), "small"))
        panel.body.addLayout(foot)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(panel, 1)
        row.addWidget(self._side)
        self._side.hide()
        return whole

    def _connect(self) -> None:
        self._search.edited.connect(self._show_found)
        self._search.entered.connect(self._to_table)
        self._search.went_down.connect(self._to_table)
        self._table.moved.connect(self._on_moved)
        self._table.chosen.connect(self._on_chosen)
        self._side.lot_chosen.connect(self._ask_card)
        for name, button in self._buttons.items():
            button.clicked.connect(partial(self._open, name))
        for panel in self._panels.values():
            panel.closed.connect(partial(self._open, TABLE))
            panel.saved.connect(partial(self._open, TABLE))

    # ── what the frame asks ──

    def load(self) -> None:
        """The table, and the opened item again."""
        jobs.read(ask_stock, owner=self, then=self._show, latest="stock rows")

    def leave(self) -> None:
        for panel in self._panels.values():
            panel.leave()

    def main_action(self) -> Action | None:
        """Receive on the table; save on a paper."""
        if self._now == TABLE:
            return Action(Text("Receive"), partial(self._open, RECEIVE), self._may(Permission.STOCK_MOVE))
        return Action(_SAVE_WORDS[self._now], self._panels[self._now].accept_now)

    def keys(self) -> dict[Key, Action]:
        """F2 the search, F3 a new delivery."""
        new = Action(Text("New delivery"), partial(self._open, RECEIVE), self._may(Permission.STOCK_MOVE))
        return {Key.FIND: Action(None, self._find), Key.NEW: new}

    def more(self) -> Sequence[Action]:
        """F7: what is done less often."""
        row, may = self._table.current(), self._may(Permission.STOCK_MOVE)
        chosen, catalogue = row is not None, self._may(Permission.CATALOGUE)
        is_kit = chosen and row.is_kit
        return (
            Action(Text("Another place: set aside or back"), partial(self._with_tools, self._ask_move), may and chosen),
            Action(Text("Assemble kits"), partial(self._with_tools, self._ask_kits), may and is_kit),
            Action(Text("What is in the kit"), partial(self._with_tools, self._ask_recipe), catalogue and is_kit),
            Action(Text("Stock card"), lambda: self._ask_card(None), chosen),
            Action(Text("Papers of the store, take back"), self._ask_papers, may),
            Action(Text("On loan"), partial(show_loans, self)),
            Action(Text("New item"), partial(self._with_tools, self._ask_new_item), catalogue),
            Action(Text("Change the item"), partial(self._with_tools, self._ask_item), catalogue and chosen),
            Action(Text("Sizes"), partial(self._with_tools, self._ask_sizes), catalogue and chosen and not is_kit),
            Action(Text("New shelf"), self._ask_shelf, catalogue),
        )

    def receive(self, what: object) -> None:
        """Another page sends an item to look at."""
        if isinstance(what, UUID) and self._table.select_key(what):
            self._on_chosen(self._table.current())

    def retranslate(self) -> None:
        """Names and sums in another language."""
        self._show_found()
        if self._side.detail is not None:
            self._side.show_detail(self._side.detail)

    def on_narrow(self, narrow: bool) -> None:
        """With little room the side opens by Enter over the table."""
        self._wants_side = not narrow
        self._show_side(not narrow and self._side.detail is not None)
        for name, button in self._buttons.items():
            word, icon = _WORDS[name]
            button.say(word, "" if narrow and is_large() else icon)

    def _show_side(self, shown: bool) -> None:
        """With little room the table gives way: only what decides stays in it."""
        self._side.setVisible(shown)
        kept = _ALL if not self.is_narrow() else _BESIDE if shown else _LARGE if is_large() else _ALL
        if kept != self._kept:
            self._kept = kept
            chosen = self._table.current()
            self._table.show_columns([column for n, column in enumerate(_columns()) if n in kept])
            if chosen is not None:
                self._table.select_key(chosen.item_id)

    # ── the table ──

    def _show(self, rows: tuple[StockRow, ...]) -> None:
        self._rows = rows
        self._show_found()
        row = self._table.current()
        if row is None and rows:
            self._table.select_row(0)
            row = self._table.current()
        if (row is not None and not self.is_narrow() and self._wants_side) or (
            row is not None and self._side.isVisible()
        ):
            self._ask_detail(row)

    def _show_found(self) -> None:
        words = self._search.value().casefold().split()
        found = [row for row in self._rows if all(_holds(row, word) for word in words)]
        self._table.show_rows(sorted(found, key=_order))
        lying = [row for row in found if (row.on_shelf or row.state == "free_table") and row.variant_of is None]
        units = sum(row.on_shelf for row in lying)
        self._said.say(Text("{items} items · {units} units on the shelf", items=len(lying), units=units))

    def _find(self) -> None:
        self._open(TABLE)
        self._search.setFocus()
        self._search.selectAll()

    def _to_table(self) -> None:
        if self._table.rows():
            if self._table.current() is None:
                self._table.select_row(0)
            self._table.setFocus()
            self._on_moved(self._table.current())

    def _on_moved(self, row: StockRow) -> None:
        self.refresh_actions()
        if self._side.isVisible() or (self._wants_side and not self.is_narrow()):
            self._ask_detail(row)

    def _on_chosen(self, row: StockRow) -> None:
        self._wants_side = True
        self._ask_detail(row)

    def _ask_detail(self, row: StockRow) -> None:
        jobs.read(partial(ask_detail, row=row), owner=self, then=self._show_detail, latest="detail")

    def _show_detail(self, detail: Any) -> None:
        self._side.show_detail(detail)
        self._show_side(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._now == TABLE and self._side.isVisible():
            self._wants_side = False
            self._show_side(False)
            self._table.setFocus()
        else:
            super().keyPressEvent(event)

    # ── papers ──

    def _open(self, name: str) -> None:
        self._now = name
        self._stack.setCurrentIndex([TABLE, *self._panels].index(name))
        self._mark_button()
        self.refresh_actions()
        if name == TABLE:
            self._table.setFocus()
            self.load()
        else:
            panel: PaperPanel | CountPanel = self._panels[name]
            panel.begin()

    def _mark_button(self) -> None:
        for name, button in self._buttons.items():
            set_look(button, st="chosen" if name == (RECEIVE if self._now == TABLE else self._now) else "")
            allowed = Permission.STOCK_COUNT if name == COUNT else Permission.STOCK_MOVE
            button.setEnabled(self._may(allowed))

    def _may(self, permission: Permission) -> bool:
        return jobs.is_started() and jobs.actor().may(permission)

    # ── small forms ──

    def _with_tools(self, then: Any) -> None:
        jobs.read(ask_tools, owner=self, then=lambda answer: then(*answer))

    def _item(self, goods: Goods) -> ItemRow | None:
        row = self._table.current()
        return goods.item(row.item_id) if row is not None else None

    def _ask_move(self, goods: Goods, places: tuple[PlaceRow, ...]) -> None:
        item = self._item(goods)
        if item is not None:
            dialog = MoveDialog(self, item, places, sum(lot.quantity for lot in goods.lots_of(item.id)))
            dialog.accepted_values.connect(lambda values: self._move(dialog, item.id, values))
            self.ask(dialog)

    def _move(self, dialog: MoveDialog, item: UUID, values: dict[str, Any]) -> None:
        lines = (GoodsLine(item, values["quantity"]),)
        draft = MoveDraft(values["from_id"], values["to_id"], lines, values["note"])
        self._write(dialog, partial(stock.move_goods, request_id=new_id(), draft=draft), Text("Moved."))

    def _ask_kits(self, goods: Goods, _places: object) -> None:
        item = self._item(goods)
        if item is not None:
            jobs.read(partial(_ask_recipe, kit=item.id), owner=self, then=partial(self._show_kits, goods, item))

    def _show_kits(self, goods: Goods, kit: ItemRow, parts: Any) -> None:
        held = {row.id: goods.on_shelf(row.id) for row in goods.items}
        dialog = KitDialog(self, kit, kits_possible(parts, held), kit_words(parts, goods))
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(stock.assemble_kits, request_id=new_id(), kit_id=kit.id, kits=values["kits"]),
                Text("Kits assembled."),
            )
        )
        self.ask(dialog)

    def _ask_recipe(self, goods: Goods, _places: object) -> None:
        item = self._item(goods)
        if item is not None:
            jobs.read(partial(_ask_recipe, kit=item.id), owner=self, then=partial(self._show_recipe, goods, item))

    def _show_recipe(self, goods: Goods, kit: ItemRow, parts: Any) -> None:
        dialog = RecipeDialog(self, kit, goods, parts)
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog,
                partial(stock.save_recipe, request_id=new_id(), kit_id=kit.id, parts=dialog.parts()),
                Text("Saved: {what}", what=kit.names),
            )
        )
        self.ask(dialog)

    def _ask_new_item(self, _goods: Goods, _places: object) -> None:
        self._show_item(None)

    def _ask_item(self, goods: Goods, _places: object) -> None:
        self._show_item(self._whole(goods))

    def _whole(self, goods: Goods) -> ItemRow | None:
        """The chosen item; of a size the item it is a size of."""
        item = self._item(goods)
        return goods.item(item.variant_of) if item is not None and item.variant_of is not None else item

    def _ask_sizes(self, goods: Goods, _places: object) -> None:
        item = self._whole(goods)
        if item is not None:
            dialog = SizesDialog(self, item, goods.items)
            save = partial(stock.save_sizes, item_id=item.id)
            said = Text("Saved: {what}", what=item.names)
            dialog.accepted_values.connect(
                lambda _values: self._write(dialog, partial(save, request_id=new_id(), sizes=dialog.sizes()), said)
            )
            self.ask(dialog)

    def _show_item(self, row: ItemRow | None) -> None:
        dialog = ItemDialog(self, row, i18n.language())
        save = partial(stock.save_item, item_id=row.id if row else None)
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog,
                partial(save, request_id=new_id(), draft=dialog.draft()),
                Text("Saved: {what}", what=dialog.draft().names),
            )
        )
        self.ask(dialog)

    def _ask_shelf(self) -> None:
        dialog = ShelfDialog(self)
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(stock.add_shelf, request_id=new_id(), **values),
                Text("Saved: {what}", what=values["code"]),
            )
        )
        self.ask(dialog)

    def _ask_card(self, lot: LotRow | None) -> None:
        row = self._table.current()
        if row is not None:
            lot_id = lot.lot_id if lot is not None else None
            ask = partial(stock.stock_card, item_id=row.item_id, lot_id=lot_id)
            jobs.read(ask, owner=self, then=self._show_card)

    def _show_card(self, card: StockCard) -> None:
        dialog = CardDialog(self, card)
        dialog.print_wanted.connect(lambda: printing.print_card(self, card))
        self.ask(dialog)

    def _ask_papers(self) -> None:
        jobs.read(stock.document_rows, owner=self, then=self._show_papers)

    def _show_papers(self, rows: tuple[DocumentRow, ...]) -> None:
        dialog = PapersDialog(self, rows)
        dialog.print_wanted.connect(lambda row: printing.print_document(self, row))
        dialog.take_back_wanted.connect(lambda row: self._ask_back(dialog, row))
        self.ask(dialog)

    def _ask_back(self, papers: PapersDialog, row: DocumentRow) -> None:
        papers.close()
        dialog = BackDialog(self, row)
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(stock.cancel_document, request_id=new_id(), document_id=row.id, reason=values["reason"]),
                Text("Taken back by a counter-entry."),
            )
        )
        self.ask(dialog)

    def _write(self, dialog: Any, do: Any, said: Text) -> None:
        def then(_answer: object) -> None:
            dialog.done_close()
            messages.done(said)

        jobs.write(do, owner=self, then=then, failed=dialog.failed)


_SAVE_WORDS = {
    RECEIVE: Text("Receive"),
    TRANSFER: Text("Transfer"),
    WRITE_OFF: Text("Write off"),
    COUNT: Text("Compare and save"),
}


def _ask_recipe(session: Session, by: Actor, *, kit: UUID) -> Any:
    return stock.newest_recipe(session, kit)[1]


def _columns() -> Sequence[Column]:
    return (
        Column(Text("Item"), lambda row: i18n.pick(row.names, i18n.language()), stretch=True, strong=True),
        Column(Text("On the shelf"), lambda row: _figure(row, row.on_shelf), align="right", width=84),
        Column(Text("Set aside"), lambda row: _figure(row, row.set_aside), align="right", width=84),
        Column(Text("Can be given"), lambda row: _figure(row, row.can_be_given), align="right", width=100, strong=True),
        Column(Text("Enough for"), _enough, width=196),
        Column(Text("Use by"), lambda row: row.nearest_expiry, align="right", width=104),
    )


def _figure(row: StockRow, number: int) -> int | None:
    """The free table is not counted by pieces until something lies there."""
    return None if row.state == "free_table" and not row.on_shelf else number


def _holds(row: StockRow, word: str) -> bool:
    return word in row.code.casefold() or any(word in name.casefold() for name in row.names.values())


def _order(row: StockRow) -> tuple[bool, bool, bool]:
    """What is given by a programme or lies here first, the free table last."""
    return row.state == "free_table", row.on_shelf == 0 and row.enough is None, False


def _enough(row: StockRow) -> Cell:
    if row.state in _QUIET:
        icon, words = _QUIET[row.state]
        return Cell(words, icon=icon, tone="ink3")
    icon, tone = _MARKS[row.state]
    if row.state == "soon" and row.days_left is not None:
        return Cell(_days_words(row.days_left), icon=icon, tone=tone)
    if row.enough is None:
        return Cell(None)
    return Cell(_families(row), icon=icon, tone=tone)


def _days_words(days: int) -> Text:
    return Text("last day today") if days == 0 else Text.plural("good for {n} day", "good for {n} days", n=days)


def _families(row: StockRow) -> Text:
    assert row.enough is not None
    families = Text.plural("{n} family", "{n} families", n=row.enough.families)
    if row.enough.until is None:
        return families
    return Text("{families}, until {time}", families=families, time=i18n.clock_time(row.enough.until, jobs.zone()))
