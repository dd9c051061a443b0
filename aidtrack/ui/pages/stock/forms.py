"""The small forms of the store over its table: what each is filled from, what it saves, and what is said then.

Owns no widget of the page: it is handed the table, whose chosen row a form is about. How a form looks is `dialogs`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import GoodsLine, MoveDraft, kits_possible
from aidtrack.errors import Text
from aidtrack.services import stock
from aidtrack.services.stock import DocumentRow, Expected, ItemRow, LotRow, PlaceRow, StockCard
from aidtrack.ui import jobs, messages
from aidtrack.ui.pages.stock import printing
from aidtrack.ui.pages.stock.dialogs import (
    BackDialog,
    CardDialog,
    ItemDialog,
    KitDialog,
    LeastDialog,
    MoveDialog,
    PapersDialog,
    RecipeDialog,
    ShelfDialog,
    kit_words,
)
from aidtrack.ui.pages.stock.lines import Goods
from aidtrack.ui.pages.stock.papers import ask_catalogue
from aidtrack.ui.pages.stock.sizes import SizesDialog
from aidtrack.ui.pages.stock.waiting import ArrivalDialog, WaitingDialog, names_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.ui.page import Page
    from aidtrack.ui.record_table import RecordTable


def ask_tools(session: Session, by: Actor) -> tuple[Goods, tuple[PlaceRow, ...]]:
    """What the small forms choose from."""
    return ask_catalogue(session, by, active_only=False), stock.place_rows(session, by)


def ask_waiting(session: Session, by: Actor) -> tuple[Expected, ...]:
    """Deliveries to count, then our waybills whose copy is not back."""
    return stock.expected_deliveries(session, by) + stock.on_the_way(session, by)


def ask_recipe(session: Session, by: Actor, *, kit: Any) -> Any:
    """What one kit is made of."""
    return stock.newest_recipe(session, kit)[1]


class SmallForms:
    """One form at a time, about the chosen row of the table. `count` opens a delivery that is to be counted."""

    def __init__(self, page: Page, table: RecordTable, count: Callable[[Expected], object]) -> None:
        self._page, self._table, self._count = page, table, count

    # ── what F7 offers ──

    def move(self) -> None:
        """Another place."""
        self._with_tools(self._ask_move)

    def assemble(self) -> None:
        """Kits put together."""
        self._with_tools(self._ask_kits)

    def take_apart(self) -> None:
        """Kits taken apart."""
        self._with_tools(partial(self._ask_kits, apart=True))

    def recipe(self) -> None:
        """What a kit is made of."""
        self._with_tools(self._ask_recipe)

    def new_item(self) -> None:
        """One more item."""
        self._show_item(None)

    def change_item(self) -> None:
        """The chosen item, or the one it is a size of."""
        self._with_tools(lambda goods, _places: self._show_item(self._whole(goods)))

    def sizes(self) -> None:
        """The sizes it comes in."""
        self._with_tools(self._ask_sizes)

    def _with_tools(self, then: Any) -> None:
        jobs.read(ask_tools, owner=self._page, then=lambda answer: then(*answer))

    def _item(self, goods: Goods) -> ItemRow | None:
        row = self._table.current()
        return goods.item(row.item_id) if row is not None else None

    def _ask_move(self, goods: Goods, places: tuple[PlaceRow, ...]) -> None:
        item = self._item(goods)
        if item is not None:
            dialog = MoveDialog(self._page, item, places, self._table.current().on_shelf)
            dialog.accepted_values.connect(lambda values: self._move(dialog, item.id, values))
            self._page.ask(dialog)

    def _move(self, dialog: MoveDialog, item: UUID, values: dict[str, Any]) -> None:
        lines = (GoodsLine(item, values["quantity"]),)
        draft = MoveDraft(values["from_id"], values["to_id"], lines, values["note"])
        self._write(dialog, partial(stock.move_goods, request_id=new_id(), draft=draft), Text("Moved."))

    def _ask_kits(self, goods: Goods, _places: object, *, apart: bool = False) -> None:
        item = self._item(goods)
        if item is not None:
            then = partial(self._show_kits, goods, item, apart)
            jobs.read(partial(ask_recipe, kit=item.id), owner=self._page, then=then)

    def _show_kits(self, goods: Goods, kit: ItemRow, apart: bool, parts: Any) -> None:
        possible = goods.on_shelf(kit.id) if apart else kits_possible(parts, goods.free)
        dialog = KitDialog(self._page, kit, possible, kit_words(parts, goods), apart=apart)
        do = partial(stock.break_up_kits if apart else stock.assemble_kits, request_id=new_id(), kit_id=kit.id)
        said = Text("Kits taken apart.") if apart else Text("Kits assembled.")
        dialog.accepted_values.connect(lambda values: self._write(dialog, partial(do, **values), said))
        self._page.ask(dialog)

    def _ask_recipe(self, goods: Goods, _places: object) -> None:
        item = self._item(goods)
        if item is not None:
            jobs.read(partial(ask_recipe, kit=item.id), owner=self._page, then=partial(self._show_recipe, goods, item))

    def _show_recipe(self, goods: Goods, kit: ItemRow, parts: Any) -> None:
        dialog = RecipeDialog(self._page, kit, goods, parts)
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog,
                partial(stock.save_recipe, request_id=new_id(), kit_id=kit.id, parts=dialog.parts()),
                Text("Saved: {what}", what=kit.names),
            )
        )
        self._page.ask(dialog)

    def _whole(self, goods: Goods) -> ItemRow | None:
        """The chosen item; of a size the item it is a size of."""
        item = self._item(goods)
        return goods.item(item.variant_of) if item is not None and item.variant_of is not None else item

    def _ask_sizes(self, goods: Goods, _places: object) -> None:
        item = self._whole(goods)
        if item is not None:
            dialog = SizesDialog(self._page, item, goods.items)
            save = partial(stock.save_sizes, item_id=item.id)
            said = Text("Saved: {what}", what=item.names)
            dialog.accepted_values.connect(
                lambda _values: self._write(dialog, partial(save, request_id=new_id(), sizes=dialog.sizes()), said)
            )
            self._page.ask(dialog)

    def _show_item(self, row: ItemRow | None) -> None:
        dialog = ItemDialog(self._page, row, i18n.language())
        save = partial(stock.save_item, item_id=row.id if row else None)
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog,
                partial(save, request_id=new_id(), draft=dialog.draft()),
                Text("Saved: {what}", what=dialog.draft().names),
            )
        )
        self._page.ask(dialog)

    def shelf(self) -> None:
        """One more shelf."""
        dialog = ShelfDialog(self._page)
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(stock.add_shelf, request_id=new_id(), **values),
                Text("Saved: {what}", what=values["code"]),
            )
        )
        self._page.ask(dialog)

    def card(self, lot: LotRow | None) -> None:
        """The stock card of the item, or of one batch."""
        row = self._table.current()
        if row is not None:
            lot_id = lot.lot_id if lot is not None else None
            ask = partial(stock.stock_card, item_id=row.item_id, lot_id=lot_id)
            jobs.read(ask, owner=self._page, then=self.show_card)

    def show_card(self, card: StockCard) -> None:
        """A card that was asked for."""
        dialog = CardDialog(self._page, card)
        dialog.print_wanted.connect(lambda: printing.print_card(self._page, card))
        self._page.ask(dialog)

    def papers(self) -> None:
        """Papers printed again or taken back."""
        jobs.read(stock.document_rows, owner=self._page, then=self._show_papers)

    def _show_papers(self, rows: tuple[DocumentRow, ...]) -> None:
        dialog = PapersDialog(self._page, rows)
        dialog.print_wanted.connect(lambda row: printing.print_document(self._page, row))
        dialog.take_back_wanted.connect(lambda row: self._ask_back(dialog, row))
        self._page.ask(dialog)

    def _ask_back(self, papers: PapersDialog, row: DocumentRow) -> None:
        papers.close()
        dialog = BackDialog(self._page, row)
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(stock.cancel_document, request_id=new_id(), document_id=row.id, reason=values["reason"]),
                Text("Taken back by a counter-entry."),
            )
        )
        self._page.ask(dialog)

    def _write(self, dialog: Any, do: Any, said: Text) -> None:
        def then(_answer: object) -> None:
            dialog.done_close()
            messages.done(said)

        jobs.write(do, owner=self._page, then=then, failed=dialog.failed)

    # ── on the way ──

    def waiting(self) -> None:
        """What is on its way or stands uncounted."""
        jobs.read(ask_waiting, owner=self._page, then=self._show_waiting_list)

    def _show_waiting_list(self, rows: tuple[Expected, ...]) -> None:
        dialog = WaitingDialog(self._page, rows)
        dialog.chosen.connect(lambda row: self._ask_arrival(row) if row.is_ours else self._count(row))
        self._page.ask(dialog)

    def _ask_arrival(self, row: Expected) -> None:
        ask = partial(stock.item_rows, active_only=False)
        jobs.read(ask, owner=self._page, then=lambda items: self._show_arrival(row, names_of(items)))

    def _show_arrival(self, row: Expected, names: Any) -> None:
        dialog = ArrivalDialog(self._page, row, names)
        do = partial(stock.arrive, request_id=new_id(), waybill_id=row.document_id or new_id())
        dialog.accepted_values.connect(
            lambda values: self._write(
                dialog,
                partial(do, lines=dialog.lines(), note=values["note"]),
                Text("Arrived: {code}", code=row.code),
            )
        )
        self._page.ask(dialog)

    def least(self) -> None:
        """The least the centre wants to have of the item."""
        row = self._table.current()
        if row is not None:
            facts = Text("With less than this on the shelf the page warns; 0: it never does.")
            title = Text("Least stock: {item}", item=row.names)
            dialog = LeastDialog(self._page, title, facts, row.least, name="least")
            save = partial(stock.save_level, request_id=new_id(), item_id=row.item_id)
            dialog.accepted_values.connect(
                lambda values: self._write(dialog, partial(save, **values), Text("Saved: {what}", what=row.names))
            )
            self._page.ask(dialog)

    def limit(self) -> None:
        """From how many units on a write-off is approved."""
        jobs.read(stock.write_off_limit, owner=self._page, then=self._show_limit)

    def _show_limit(self, limit: int) -> None:
        facts = Text("More units than this in one write-off are approved by a shift lead. 0: every write-off is.")
        dialog = LeastDialog(self._page, Text("Approval of write-offs"), facts, limit, name="units")
        save = partial(stock.save_write_off_limit, request_id=new_id())
        said = Text("Saved: {what}", what=Text("Approval of write-offs"))
        dialog.accepted_values.connect(lambda values: self._write(dialog, partial(save, **values), said))
        self._page.ask(dialog)
