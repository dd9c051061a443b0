"""What opens beside the table: an item's batches in the order they are given out, and what moved today until it
balances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services import stock
from aidtrack.services.stock import ItemDay, LotRow, MovementRow, StockRow
from aidtrack.ui import theme
from aidtrack.ui.parts import Caption, Icon, KeyCap, Panel, RowItem, RowList, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

WIDTH = 346
MOST_LOTS = 4


@dataclass(frozen=True, slots=True)
class Detail:
    """An item opened: its row, batches and day."""

    row: StockRow
    lots: tuple[LotRow, ...]
    day: ItemDay


def ask_detail(session: Session, by: Actor, *, row: StockRow) -> Detail:
    """Reads what lies and what moved of one item."""
    lots = stock.lot_rows(session, by, row.item_id)
    return Detail(row, lots, stock.item_day(session, by, row.item_id))


def signed(number: int) -> str:
    """+6 or −3, grouped."""
    words = i18n.number(number, i18n.language())
    return f"+{words}" if number > 0 else words


def equation(day: ItemDay) -> str:
    """525 + 960 + 6 − 5 = 1 486."""
    lang = i18n.language()
    parts = [i18n.number(day.opening, lang)]
    parts += [f"{'+' if number > 0 else '−'} {i18n.number(abs(number), lang)}" for _, number in day.sums]
    return f"{' '.join(parts)} = {i18n.number(day.closing, lang)}"


class SidePanel(Panel):
    """Batches and movements of the chosen item."""

    closed = Signal()
    lot_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(name="stock_side", padding=16)
        self.fit()
        self.detail: Detail | None = None
        self.name = Words("", "h3", wrap=True, name="side_name")
        self.total = Words("", "h1", name="side_total")
        self.lots = RowList(50, name="side_lots")
        self.moves = RecordTable(
            [
                Column(Text("Time"), lambda row: row.at, width=54),
                Column(Text("What"), _what, stretch=True, wrap=True),
                Column(Text("Qty"), lambda row: signed(row.quantity), align="right", width=52),
                Column(Text("Then"), lambda row: row.after, align="right", width=56),
            ],
            row_height=32, key=lambda row: row.id, name="side_moves",
        )  # fmt: skip
        self.moves.set_empty("history", Text("Nothing moved today"))
        self._sum = Words("", "small", name="side_sum")
        self._mark = Icon("circle-check", 16, "accent")
        self._balances = Words("", "small", tone="accent", name="side_balances")
        self._build()
        self.lots.chosen.connect(self.lot_chosen)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(KeyCap("Esc"))
        big = QHBoxLayout()
        big.setSpacing(8)
        big.addWidget(self.total)
        big.addWidget(Words(Text("on the shelf"), "small", tone="ink3"))
        big.addStretch(1)
        self.body.setSpacing(6)
        self.body.addLayout(top)
        self.body.addLayout(big)
        self.add_line()
        self.body.addWidget(Caption(Text("Batches, given from the top")))
        self.body.addWidget(self.lots)
        self.add_line()
        self.body.addWidget(Caption(Text("Movements today")))
        self.body.addWidget(self.moves, 1)
        foot = self.add_foot()
        foot.setSpacing(6)
        foot.addWidget(self._sum, 1)
        foot.addWidget(self._mark)
        foot.addWidget(self._balances)

    def fit(self) -> None:
        """As wide as its letters need."""
        self.setFixedWidth(theme.px(WIDTH))

    def show_detail(self, detail: Detail) -> None:
        """Another item, or the same one after a change."""
        self.detail = detail
        lang = i18n.language()
        self.name.say(i18n.pick(detail.row.names, lang))
        self.total.say(i18n.number(detail.row.on_shelf, lang))
        given_first = sorted(detail.lots, key=lambda lot: not lot.is_given)
        nothing = RowItem(i18n.tr("nothing on the shelf"), is_section=True)
        self.lots.show_rows([_lot_item(lot) for lot in given_first] or [nothing])
        shown = min(max(len(detail.lots), 1), MOST_LOTS)
        self.lots.setFixedHeight(theme.px(50) * shown + 4)
        self.moves.show_rows(list(reversed(detail.day.rows)))
        self._sum.say(equation(detail.day))
        good = detail.day.balances
        self._mark.show_icon("circle-check" if good else "triangle-alert", "accent" if good else "fault")
        self._balances.say(Text("balances") if good else Text("does not balance"), "accent" if good else "fault")


def _what(row: MovementRow) -> Cell:
    return Cell(row.words)


def _lot_item(lot: LotRow) -> RowItem:
    lang = i18n.language()
    second = [lot.donor, i18n.render(lot.place, lang)]
    until = i18n.tr("until {day}", day=lot.expiry) if lot.expiry else ""
    past = lot.days_left is not None and lot.days_left < 0
    return RowItem(
        title=f"{lot.size} · {lot.code or '—'}" if lot.size else lot.code or "—",
        second=" · ".join(part for part in second if part),
        right=i18n.number(lot.quantity, lang),
        right_second=i18n.tr("past its date, {day}", day=lot.expiry) if past else until,
        tone="ink" if lot.is_given else "ink3",
        data=lot,
    )
