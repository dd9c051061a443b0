"""The lanes side by side: numbers, minutes, and why each first one is first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from aidtrack.domain.queueing import Lane
from aidtrack.i18n import tr
from aidtrack.services.queueing import LaneRow, LineRow, QueueBoard, TicketRow
from aidtrack.ui import theme
from aidtrack.ui.pages.queue.lane_top import LaneTop
from aidtrack.ui.parts import Panel, RowItem, RowList


def minutes_words(minutes: int) -> str:
    """«12 min» in the language of the window."""
    return tr("{n} min", n=minutes)


class LaneCard(Panel):
    """One lane: letter, name, longest wait, how many wait; the reason; the numbers."""

    acted = Signal(object)
    moved = Signal(object)

    def __init__(self, lane: Lane) -> None:
        super().__init__(padding=0, name=f"lane_{lane}")
        self.lane = lane
        self.top = LaneTop(lane)
        self.rows = RowList(36, name=f"lane_{lane}_rows")
        self.rows.chosen.connect(self.acted)
        self.rows.moved.connect(self.moved)
        self.body.setSpacing(0)
        self.body.addWidget(self.top)
        holder = QVBoxLayout()
        holder.setContentsMargins(4, 0, 4, 4)
        holder.addWidget(self.rows)
        self.body.addLayout(holder, 1)
        self.fold(False)

    def fold(self, narrow: bool) -> None:
        """Two by two there is less room beside the words, and in large letters less over the numbers."""
        self.top.fold(narrow)
        self.rows.setMinimumHeight(theme.px(38))

    def show_lane(self, row: LaneRow, not_here: Sequence[TicketRow]) -> None:
        """The lane now; numbers *not here* stand under the line: their place is kept."""
        self.top.show_row(row)
        items = [self._item(line, row.first_id) for line in row.line]
        if not_here:
            items.append(RowItem(tr("not here, place kept"), is_section=True))
            items += [RowItem(t.label, tone="ink3", data=t.id) for t in not_here]
        self.rows.show_rows(items)

    def _item(self, line: LineRow, first: UUID | None) -> RowItem:
        second = tr("called again later") if line.is_back else ""
        if line.for_window is not None:
            second = tr("sent to window {n}", n=line.for_window)
        if line.is_not_printed:
            second = tr("not printed")
        return RowItem(
            line.label,
            second=second,
            right=minutes_words(line.minutes),
            right_icon="hourglass" if line.is_long else "",
            right_tone="att" if line.is_long else "ink2",
            data=line.id,
            is_marked=line.id == first,
            height=46 if second else None,
        )


class Lanes(QWidget):
    """The four lanes, side by side or two by two."""

    acted = Signal(object)
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lanes")
        self.cards: list[LaneCard] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)

    def build(self) -> Iterator[None]:
        """Makes one lane after another."""
        for n, lane in enumerate(Lane):
            card = LaneCard(lane)
            card.acted.connect(self.acted)
            card.moved.connect(self._on_moved)
            self.cards.append(card)
            self._grid.addWidget(card, 0, n)
            yield
        self.fold(False)

    def fold(self, narrow: bool) -> None:
        """Two by two where there is less room."""
        columns = 2 if narrow else 4
        for n, card in enumerate(self.cards):
            card.fold(narrow)
            self._grid.addWidget(card, n // columns, n % columns)
        for n in range(4):
            self._grid.setColumnStretch(n, 1 if n < columns else 0)
            self._grid.setRowStretch(n, 1 if n < 4 // columns else 0)

    def show_board(self, board: QueueBoard) -> None:
        """All lanes now."""
        for card, row in zip(self.cards, board.lanes, strict=True):
            card.show_lane(row, [t for t in board.not_here if t.lane is row.lane])

    def chosen(self) -> UUID | None:
        """The number the focus or the last click stands on."""
        for card in self.cards:
            current = card.rows.current()
            if isinstance(current, UUID):
                return current
        return None

    def _on_moved(self, ticket_id: object) -> None:
        for card in self.cards:
            if card.rows.current() != ticket_id:
                card.rows.clearSelection()
                card.rows.setCurrentIndex(card.rows.rootIndex())
        self.moved.emit(ticket_id)
