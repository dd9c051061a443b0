"""The Stock: the table and what lies behind a row, every paper of the store, and its small forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt

from aidtrack.domain.stock import LossCause, WriteOffDraft
from aidtrack.errors import Refused, Text
from aidtrack.services import stock as store
from aidtrack.ui import jobs
from aidtrack.ui.page import Key
from aidtrack.ui.pages.stock import StockPage
from tests.screenshots.scenes import scene

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio

KEEPER = "Виктор Т."


def _stock(studio: Studio, code: str = "FOOD-KIT-P7") -> StockPage:
    page = cast("StockPage", studio.page("stock"))
    page._open("table")
    studio.settle()
    row = next(row for row in page._table.rows() if row.code == code)
    page._table.select_key(row.item_id)
    page._table.moved.emit(page._table.current())
    studio.settle()
    return page


def _more(studio: Studio, word: str, code: str = "FOOD-KIT-P7") -> StockPage:
    page = _stock(studio, code)
    studio.more(word)
    return page


def _paper(studio: Studio, name: str) -> Any:
    page = _stock(studio)
    page._open(name)
    studio.settle()
    return page._panels[name]


@scene("stock/", who=KEEPER)
def table(studio: Studio) -> None:
    page = _stock(studio)
    page._on_chosen(page._table.current())


@scene("stock/sizes-side", who=KEEPER, folded=False)
def sizes_side(studio: Studio) -> None:
    page = _stock(studio, "DIAP-C")
    page._on_chosen(page._table.current())


@scene("stock/empty", at="empty")
def empty(studio: Studio) -> None:
    studio.page("stock")


@scene("stock/more", "more")
def more(studio: Studio) -> None:
    _stock(studio, "FOOD-KIT-F")
    studio.press(Key.MORE)


@scene("stock/receive", who=KEEPER)
def receive(studio: Studio) -> None:
    _paper(studio, "receive")


@scene("stock/receive-more", "more", who=KEEPER, folded=False)
def receive_more(studio: Studio) -> None:
    _paper(studio, "receive")
    studio.press(Key.MORE)


@scene("stock/receive-counted", who=KEEPER)
def receive_counted(studio: Studio) -> None:
    """A lorry that was signed for is counted: only what differs is typed."""
    page = _stock(studio)
    page._count(page._expected[0])
    studio.settle()
    page._panels["receive"].editor.rows[0].came.set_value(410)


@scene("stock/transfer", who=KEEPER)
def transfer(studio: Studio) -> None:
    _paper(studio, "transfer")


@scene("stock/partner", who=KEEPER)
def partner(studio: Studio) -> None:
    from aidtrack.domain.stock import Destination

    panel = _paper(studio, "transfer")
    panel.form.field("to").input.set_value(Destination.ORGANISATION)
    panel.form.field("to").input.edited.emit()
    panel.form.field("to_name").input.set_value("Городская больница № 2")
    panel.form.field("people").input.set_value(60)


@scene("stock/write-off", who=KEEPER)
def write_off(studio: Studio) -> None:
    _paper(studio, "write_off")


@scene("stock/write-off-wrong", who=KEEPER)
def write_off_wrong(studio: Studio) -> None:
    """A number without an item, and no cause: both are said beside their fields."""
    panel = _paper(studio, "write_off")
    panel.editor.rows[0].quantity.set_value(12)
    panel.accept_now()
    studio.settle()
    studio.shoot("stock-write-off-wrong")
    panel.editor.rows[0].quantity.set_value(None)


@scene("stock/write-off-approval", "stock_approval", who=KEEPER)
def approval(studio: Studio) -> None:
    panel = _paper(studio, "write_off")
    panel._draft = WriteOffDraft(LossCause.DAMAGED, (), "бутыли лопнули")
    panel._on_failed(Refused("needs-approval", Text("More than {n} units: a shift lead approves this here.", n=100)))


@scene("stock/write-off-limit", "units")
def limit(studio: Studio) -> None:
    _paper(studio, "write_off")
    studio.more("Approval of write-offs")


@scene("stock/count", who=KEEPER)
def count(studio: Studio) -> None:
    _paper(studio, "count")


@scene("stock/announce", who=KEEPER)
def announce(studio: Studio) -> None:
    _paper(studio, "announce")


@scene("stock/waiting", "waiting_dialog", who=KEEPER)
def waiting(studio: Studio) -> None:
    _more(studio, "On the way and to be counted")


@scene("stock/arrival", "arrival_dialog", who=KEEPER)
def arrival(studio: Studio) -> None:
    page = _stock(studio)
    rows = jobs.database().read(lambda session: store.on_the_way(session, jobs.actor()))
    page._forms._ask_arrival(rows[0])


@scene("stock/move", "move_dialog", who=KEEPER)
def move(studio: Studio) -> None:
    _more(studio, "Another place: set aside or back")


@scene("stock/assemble", "kit_dialog", who=KEEPER)
def assemble(studio: Studio) -> None:
    _more(studio, "Assemble kits", "FOOD-KIT-F")


@scene("stock/take-apart", "kit_dialog", who=KEEPER)
def take_apart(studio: Studio) -> None:
    _more(studio, "Take kits apart", "FOOD-KIT-F")


@scene("stock/recipe", "recipe_dialog")
def recipe(studio: Studio) -> None:
    _more(studio, "What is in the kit", "FOOD-KIT-F")


@scene("stock/promise-to-card", "promise_card")
def promise_to_card(studio: Studio) -> None:
    _more(studio, "Promise the item to a family")


@scene("stock/owed", "owed_dialog", who=KEEPER)
def owed(studio: Studio) -> None:
    page = _stock(studio)
    page._owed.open(None)


def _owed_row(studio: Studio, kind: str) -> None:
    owed(studio)
    studio.settle()
    dialog: Any = studio.panels()[-1]
    row = next(row for row in dialog.table.rows() if type(row).__name__ == kind)
    dialog.table.select_key(row.id)
    dialog.table.moved.emit(row)


@scene("stock/owed-empty", "owed_dialog", at="empty", folded=False)
def owed_empty(studio: Studio) -> None:
    studio.page("stock")
    studio.more("Promises and wait list")


@scene("stock/delivery-day", "new_date_dialog")
def delivery_day(studio: Studio) -> None:
    _owed_row(studio, "AnnouncementRow")
    studio.click("owed_date")


@scene("stock/delivery-cancelled", "cancel_delivery")
def delivery_cancelled(studio: Studio) -> None:
    _owed_row(studio, "AnnouncementRow")
    studio.click("owed_cancel")


@scene("stock/promise-late", "late_promises")
def promise_late(studio: Studio) -> None:
    _owed_row(studio, "PromiseRow")
    studio.click("owed_date")


@scene("stock/which-delivery", "which_delivery", who=KEEPER)
def which_delivery(studio: Studio) -> None:
    _more(studio, "Receive an announced delivery")


@scene("stock/receive-announced")
def receive_announced(studio: Studio) -> None:
    _stock(studio)._panels["receive"].clear()  # what another picture began
    which_delivery(studio)
    studio.answer(1)


@scene("stock/card", "card_dialog", who=KEEPER)
def card(studio: Studio) -> None:
    _more(studio, "Stock card")


@scene("stock/papers", "papers_dialog", who=KEEPER)
def papers(studio: Studio) -> None:
    _more(studio, "Papers of the store, take back")


@scene("stock/take-back", "back_dialog", who=KEEPER)
def take_back(studio: Studio) -> None:
    papers(studio)
    studio.click("papers_take_back")


@scene("stock/loans", "loans_dialog", who=KEEPER)
def loans(studio: Studio) -> None:
    _more(studio, "On loan")


@scene("stock/least", "least", who=KEEPER)
def least(studio: Studio) -> None:
    _more(studio, "Least stock of the item")


@scene("stock/new-item", "item_dialog")
def new_item(studio: Studio) -> None:
    _more(studio, "New item")


@scene("stock/change-item", "item_dialog")
def change_item(studio: Studio) -> None:
    _more(studio, "Change the item")


@scene("stock/sizes", "sizes_dialog")
def sizes(studio: Studio) -> None:
    _more(studio, "Sizes", "DIAP-C")


@scene("stock/shelf", "shelf_dialog")
def shelf(studio: Studio) -> None:
    _more(studio, "New shelf")


@scene("stock/search", who=KEEPER, folded=False)
def search(studio: Studio) -> None:
    page = _stock(studio)
    page._search.set_value("подгуз")
    page._search.edited.emit()
    studio.key(Qt.Key.Key_Down)
