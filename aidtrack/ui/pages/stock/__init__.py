"""Shows what lies on the shelf, for how many families it is enough and when it expires; opens an item to batches and
movements. Does: receive, transfer, write off, count, kits, another place, counter-entries. Listens to: stock,
programmes, hand-overs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.stock import DOCUMENT_MARK, LOT_MARK, StockState, id_behind
from aidtrack.domain.stock import MARK as WAYBILL_MARK
from aidtrack.errors import Text
from aidtrack.services import campaigns, stock
from aidtrack.services.promises import AnnouncementRow
from aidtrack.services.stock import Expected, StockRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.inputs import SearchInput
from aidtrack.ui.lending import show_loans
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.stock import printing
from aidtrack.ui.pages.stock.announcing import AnnouncePanel, OwedQuestions
from aidtrack.ui.pages.stock.counting import CountPanel
from aidtrack.ui.pages.stock.delivery import DeliveryPanel, ask_expected
from aidtrack.ui.pages.stock.forms import SmallForms
from aidtrack.ui.pages.stock.leaving import WaybillPanel, WriteOffPanel
from aidtrack.ui.pages.stock.papers import PaperPanel
from aidtrack.ui.pages.stock.side import SidePanel, ask_detail
from aidtrack.ui.parts import Button, KeyCap, Note, Panel, Stack, Words
from aidtrack.ui.promising import Promising
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.theme import is_large, px, set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

TABLE, RECEIVE, TRANSFER, WRITE_OFF, COUNT = "table", "receive", "transfer", "write_off", "count"
ANNOUNCE = "announce"
_WORDS = {
    COUNT: (Text("Count"), "clipboard-check"),
    WRITE_OFF: (Text("Write off"), "file-x"),
    TRANSFER: (Text("Transfer"), "truck"),
    RECEIVE: (Text("Receive"), "package-check"),
}
_PANELS: dict[str, Callable[..., Any]] = {
    RECEIVE: DeliveryPanel, TRANSFER: WaybillPanel, WRITE_OFF: WriteOffPanel, COUNT: CountPanel, ANNOUNCE: AnnouncePanel,
}  # fmt: skip
_ALL, _LARGE, _BESIDE = (0, 1, 2, 3, 4, 5, 6), (0, 4, 5), (0, 4)
"""Columns kept: with room, in large text, and beside an opened item in a small window."""
_MARKS = {
    StockState.OK: ("circle-check", "ink2"),
    StockState.SOON: ("triangle-alert", "att"),
    StockState.FEW: ("triangle-alert", "att"),
    StockState.LOW: ("triangle-alert", "att"),
}
_QUIET = {StockState.NONE: ("circle-slash", Text("none today")), StockState.FREE_TABLE: ("coffee", Text("free table"))}


def ask_stock(session: Session, by: Actor) -> tuple[tuple[StockRow, ...], tuple[Expected, ...]]:
    """The table: what lies, and how many families it is enough for; and the deliveries that are to be counted."""
    rows = stock.stock_rows(session, by, enough=campaigns.enough_for(session, by))
    return rows, stock.expected_deliveries(session, by)


class StockPage(Page):
    """The store."""

    name = "stock"
    title = Text("Stock")
    icon = "package"
    shows = frozenset({Kind.STOCK, Kind.CAMPAIGNS, Kind.HANDOVERS, Kind.PROMISES})

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[StockRow, ...] = ()
        self._now = TABLE
        self._wants_side = True
        self._kept: tuple[int, ...] = _ALL
        self._expected: tuple[Expected, ...] = ()
        self.made_of(self._build())

    # ── building ──

    def _build(self) -> Iterator[None]:
        self._search = SearchInput(Text("item, code"), name="stock_search")
        self._buttons = {name: Button(word, icon, name=f"stock_{name}") for name, (word, icon) in _WORDS.items()}
        yield
        self._table = RecordTable(_columns(), row_height=40, key=lambda row: row.item_id, name="stock_table")
        yield
        self._side = SidePanel()
        yield
        self._said = Words("", "small", tone="ink3", name="stock_sum")
        self._waiting = Note("", "truck", tone="att", name="stock_waiting")
        self._count_waiting = Button(Text("Count it"), "package-check", name="stock_count_waiting")
        self._owed = OwedQuestions(self)
        self._owed.receive.connect(self._receive_announced)
        self._owed.changed.connect(self.load)
        self._promising = Promising(self)
        self._promising.changed.connect(self.load)
        self._owed.promise.connect(lambda row: self._promising.ask(row.household_id, row.item_id, row.names))
        self._forms = SmallForms(self, self._table, self._count)
        head = self.head()
        self._search.setMinimumWidth(px(140))
        self._search.setMaximumWidth(px(340))
        head.add(self._search, stretch=1000)
        for button in self._buttons.values():
            head.add_right(button)
        self._stack = Stack()
        self.root.addWidget(self._stack, 1)
        yield
        whole = QWidget()
        self._stack.addWidget(whole)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._table_side(), 1)
        yield
        row.addWidget(self._side)
        self._side.hide()
        self._panels: dict[str, Any] = {}
        for name, make in _PANELS.items():
            yield
            panel = self._panels[name] = make()
            self._stack.addWidget(panel)
            yield from panel.build()
            self.follow_main(self._panels[name].main_button)
        self._table.set_empty("package", Text("No goods yet"), Text("F3 receives a delivery"))
        self._mark_button()
        self._connect()

    def _table_side(self) -> Panel:
        panel = Panel(padding=8, name="stock_panel")
        strip = QHBoxLayout()
        strip.addWidget(self._waiting, 1)
        strip.addWidget(self._count_waiting)
        panel.body.addLayout(strip)
        panel.body.addWidget(self._table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        self._enter = (KeyCap("Enter"), Words(Text("batches and movements"), "small"))
        for one in self._enter:
            foot.addWidget(one)
        panel.body.addLayout(foot)
        return panel

    def _connect(self) -> None:
        self._search.edited.connect(self._show_found)
        self._search.entered.connect(self._to_table)
        self._search.went_down.connect(self._to_table)
        self._table.moved.connect(self._on_moved)
        self._table.chosen.connect(self._on_chosen)
        self._side.lot_chosen.connect(self._forms.card)
        self._count_waiting.clicked.connect(self._on_count_waiting_clicked)
        self._panels[RECEIVE].made.connect(lambda row: printing.print_for_driver(self, row))
        for name, button in self._buttons.items():
            button.clicked.connect(partial(self._open, name))
        for panel in self._panels.values():
            panel.closed.connect(partial(self._open, TABLE))
            panel.saved.connect(partial(self._open, TABLE))

    # ── what the frame asks ──

    def load(self) -> None:
        """The table, and the opened item again."""
        jobs.follow(ask_stock, owner=self, then=self._show, name="stock rows")

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
        kits = (
            Action(Text("Assemble kits"), self._forms.assemble, may),
            Action(Text("Take kits apart"), self._forms.take_apart, may),
            Action(Text("What is in the kit"), self._forms.recipe, catalogue),
        )
        waiting = Action(Text("On the way and to be counted"), self._forms.waiting, may)
        if self._now != TABLE:
            return (*self._of_the_paper(), waiting)
        return (
            waiting,
            Action(Text("Another place: set aside or back"), self._forms.move, may and chosen),
            *(kits if is_kit else ()),
            Action(Text("Promises and wait list"), lambda: self._owed.open(self._table.current())),
            Action(Text("Promise the item to a family"), self._promise, chosen and self._may(Permission.PROMISE)),
            Action(Text("Announce a delivery"), partial(self._open, ANNOUNCE), may),
            Action(Text("Receive an announced delivery"), self._owed.ask_which, may),
            Action(Text("Stock card"), lambda: self._forms.card(None), chosen),
            Action(Text("Papers of the store, take back"), self._forms.papers, may),
            Action(Text("On loan"), partial(show_loans, self)),
            Action(Text("Least stock of the item"), self._forms.least, may and chosen),
            Action(Text("New item"), self._forms.new_item, catalogue),
            Action(Text("Change the item"), self._forms.change_item, catalogue and chosen),
            Action(Text("Sizes"), self._forms.sizes, catalogue and chosen and not is_kit),
            Action(Text("New shelf"), self._forms.shelf, catalogue),
        )

    def _promise(self) -> None:
        row = self._table.current()
        if row is not None:
            self._promising.ask_whom(row.variant_of or row.item_id, row.names)

    def _of_the_paper(self) -> Sequence[Action]:
        """What can be done besides with the paper that is filled now."""
        if self._now == RECEIVE:
            return (Action(Text("Signed for, count later"), self._panels[RECEIVE].sign_now),)
        if self._now == WRITE_OFF:
            return (Action(Text("Approval of write-offs"), self._forms.limit, self._may(Permission.SETTINGS)),)
        if self._now == COUNT:
            return (Action(Text("Print sheets to count on"), lambda: printing.print_count_sheet(self)),)
        return ()

    def on_scan(self, code: str) -> bool:
        """A waybill, a paper signed for, the card of a batch; while a family is asked for, its card."""
        if self._promising.on_scan(code):
            return True
        is_ours = code[:2].upper() in (WAYBILL_MARK, DOCUMENT_MARK, LOT_MARK)
        if is_ours and self._may(Permission.STOCK_SEE):
            ask_expected(self, code, self._count, partial(self._open_code, code))
        return is_ours

    def _on_count_waiting_clicked(self) -> None:
        if len(self._expected) == 1:
            self._count(self._expected[0])
        else:
            self._forms.waiting()

    def _count(self, expected: Expected) -> None:
        """Its lines stand in the receipt, and the cursor where less is typed."""
        if self._may(Permission.STOCK_MOVE):
            self._open(RECEIVE)
            self._panels[RECEIVE].show_expected(expected)

    def _open_code(self, code: str) -> None:
        lot = id_behind(LOT_MARK, code)
        if lot is None:
            messages.attention(Text("This code is of nothing that comes in. Scan it again, or type the waybill."))
        else:
            jobs.read(partial(stock.lot_card, lot_id=lot), owner=self, then=self._forms.show_card)

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
        self._side.fit()
        self._show_side(not narrow and self._side.detail is not None)
        for name, button in self._buttons.items():
            word, icon = _WORDS[name]
            button.say(word, "" if narrow and is_large() else icon)

    def _show_side(self, shown: bool) -> None:
        """With little room the table gives way: only what decides stays in it."""
        self._side.setVisible(shown)
        for one in self._enter:
            one.setVisible(not (shown and self.is_narrow()))  # what it opens is open
        kept = _ALL if not self.is_narrow() else _BESIDE if shown else _LARGE if is_large() else _ALL
        if kept != self._kept:
            self._kept = kept
            chosen = self._table.current()
            self._table.show_columns([column for n, column in enumerate(_columns()) if n in kept])
            if chosen is not None:
                self._table.select_key(chosen.item_id)

    # ── the table ──

    def _show(self, answer: tuple[tuple[StockRow, ...], tuple[Expected, ...]]) -> None:
        rows, self._expected = answer
        self._rows = rows
        self._show_waiting()
        self._show_found()
        row = self._table.current()
        if row is None and rows:
            self._table.select_row(0)
            row = self._table.current()
        if (row is not None and not self.is_narrow() and self._wants_side) or (
            row is not None and self._side.isVisible()
        ):
            self._ask_detail(row)

    def _show_waiting(self) -> None:
        """A lorry that was signed for waits in sight of everybody until it is counted."""
        waits = bool(self._expected)
        names = ", ".join(row.waybill or row.code for row in self._expected[:3])
        words = Text.plural(
            "{n} delivery is to be counted: {names}", "{n} deliveries are to be counted: {names}", n=len(self._expected), names=names
        )
        self._waiting.say(words)
        self._waiting.setVisible(waits)
        self._count_waiting.setVisible(waits and self._may(Permission.STOCK_MOVE))

    def _show_found(self) -> None:
        words = self._search.value().casefold().split()
        found = [row for row in self._rows if all(_holds(row, word) for word in words)]
        self._table.show_rows(sorted(found, key=partial(_order, {row.item_id: row for row in self._rows})))
        lying = [row for row in found if row.on_shelf and row.variant_of is None]
        units = sum(row.on_shelf for row in lying)
        items = Text.plural("{n} item", "{n} items", n=len(lying))
        on_shelf = Text.plural("{n} unit on the shelf", "{n} units on the shelf", n=units)
        self._said.say(Text("{items} · {units}", items=items, units=on_shelf))

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

    def _show_detail(self, detail: Any) -> Generator[None]:
        """What lies there, and in the next turn of the window the table makes room for it."""
        self._side.show_detail(detail)
        yield
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

    def _receive_announced(self, row: AnnouncementRow) -> None:
        self._open(RECEIVE)
        self._panels[RECEIVE].show_announced(row)

    def _mark_button(self) -> None:
        for name, button in self._buttons.items():
            set_look(button, st="chosen" if name == (RECEIVE if self._now == TABLE else self._now) else "")
            allowed = Permission.STOCK_COUNT if name == COUNT else Permission.STOCK_MOVE
            button.setEnabled(self._may(allowed))

    def _may(self, permission: Permission) -> bool:
        return jobs.is_started() and jobs.actor().may(permission)


_SAVE_WORDS = {
    ANNOUNCE: Text("Announce"),
    RECEIVE: Text("Receive"),
    TRANSFER: Text("Transfer"),
    WRITE_OFF: Text("Write off"),
    COUNT: Text("Compare and save"),
}


def _columns() -> Sequence[Column]:
    return (
        Column(Text("Item"), lambda row: i18n.pick(row.names, i18n.language()), stretch=True, width=200, strong=True, wrap=True),
        Column(Text("On the shelf"), lambda row: _figure(row, row.on_shelf), align="right", width=84),
        Column(Text("Put aside"), lambda row: _figure(row, row.put_aside), align="right", width=76),
        Column(Text("Set aside"), lambda row: _figure(row, row.set_aside), align="right", width=76),
        Column(Text("Can be given"), lambda row: _figure(row, row.can_be_given), align="right", width=100, strong=True),
        Column(Text("Enough for"), _enough, width=150),
        Column(Text("Use by"), lambda row: row.nearest_expiry, align="right", width=104),
    )


def _figure(row: StockRow, number: int) -> int | None:
    """The free table is not counted by pieces until something lies there."""
    return None if row.state is StockState.FREE_TABLE and not row.on_shelf else number


def _holds(row: StockRow, word: str) -> bool:
    return word in row.code.casefold() or any(word in name.casefold() for name in row.names.values())




def _order(rows: Mapping[UUID, StockRow], row: StockRow) -> tuple[Any, ...]:
    """By the name people look for, sizes under their item; what neither lies here nor is given after that, the free table last."""
    whole, lang = rows.get(row.variant_of or row.item_id, row), i18n.language()
    is_idle = whole.on_shelf == 0 and whole.enough is None
    name = i18n.by_alphabet(i18n.pick(whole.names, lang), lang)
    return whole.state is StockState.FREE_TABLE, is_idle, name, row.variant_of is not None, row.code


def _enough(row: StockRow) -> Cell:
    if row.state in _QUIET:
        icon, words = _QUIET[row.state]
        return Cell(words, icon=icon, tone="ink3")
    icon, tone = _MARKS[row.state]
    if row.state is StockState.LOW:
        return Cell(Text("less than {least}", least=row.least), icon=icon, tone=tone)
    if row.state is StockState.SOON and row.days_left is not None:
        return Cell(_days_words(row.days_left), icon=icon, tone=tone)
    if row.enough is None:
        return Cell(None)
    return Cell(_families(row), icon=icon, tone=tone)


def _days_words(days: int) -> Text:
    return Text("last day today") if days == 0 else Text.plural("good for {n} day", "good for {n} days", n=days)


def _families(row: StockRow) -> Text:
    assert row.enough is not None
    about = row.enough.about
    families = Text.plural("{n} family", "{n} families", n=about.families)
    if about.until is None:
        return families
    return Text("{families}, until {time}", families=families, time=i18n.clock_time(about.until, jobs.zone()))
