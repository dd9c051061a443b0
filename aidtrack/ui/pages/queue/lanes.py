"""The lanes side by side and the windows above them: numbers, minutes, and why each first one is first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.queueing import LaneRow, LineRow, QueueBoard, TicketRow, WindowRow
from aidtrack.ui import theme
from aidtrack.ui.parts import Caption, Icon, Line, Panel, RowItem, RowList, SayLine, Words

SHOWN_WINDOWS = 5
SHOWN_WINDOWS_FOLDED = 3


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
        self._longest = Words("", "small", tone="ink3", name=f"lane_{lane}_longest")
        self._count = Words("0", "h2", name=f"lane_{lane}_count")
        self._because = Caption("")
        self._why = SayLine("", name=f"lane_{lane}_why")
        self.rows = RowList(36, name=f"lane_{lane}_rows")
        self.rows.chosen.connect(self.acted)
        self.rows.moved.connect(self.moved)
        self._lay_out()
        self.fold(False)

    def fold(self, narrow: bool) -> None:
        """The reason keeps the room of two lines in the letters of now; two by two in large ones it has no heading."""
        self._why.setFixedHeight(2 * (theme.font_px("small") + 5))
        self._because.setVisible(not (narrow and theme.is_large()))
        self.rows.setMinimumHeight(theme.px(38))
        edge = 8 if narrow else 12
        self._top.setContentsMargins(edge, 10, edge, 10)
        self._top.setSpacing(edge - 4)

    def _lay_out(self) -> None:
        self.body.setSpacing(0)
        self.body.addLayout(self._head())
        self.body.addWidget(Line())
        reason = QVBoxLayout()
        reason.setContentsMargins(14, 10, 14, 4)
        reason.setSpacing(2)
        reason.addWidget(self._because)
        reason.addWidget(self._why)
        self.body.addLayout(reason)
        rows = QVBoxLayout()
        rows.setContentsMargins(4, 0, 4, 4)
        rows.addWidget(self.rows)
        self.body.addLayout(rows, 1)

    def _head(self) -> QHBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Words(self.lane.short, "row", elide=True))
        names.addWidget(self._longest)
        counts = QVBoxLayout()
        counts.setSpacing(0)
        self._waiting = Words("", "small", tone="ink3")
        for words in (self._count, self._waiting):
            words.setAlignment(words.alignment().AlignRight)
            counts.addWidget(words)
        self._top = head = QHBoxLayout()
        head.addWidget(Words(str(self.lane), "h1", tone="accent"))
        head.addLayout(names, 1)
        head.addLayout(counts)
        return head

    def show_lane(self, row: LaneRow, not_here: Sequence[TicketRow]) -> None:
        """The lane now; numbers *not here* stand under the line: their place is kept."""
        self._count.say(str(row.waiting))
        self._waiting.say(Text.plural("waits here", "wait here", n=row.waiting))
        longest = Text("up to {n} min", n=row.longest_minutes)
        self._longest.say(longest if row.waiting else Text("nobody"))
        self._because.say(Text("First, because") if row.why else "")
        self._why.say(row.why or "")
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


class Windows(Panel):
    """One line: which number stands at which window, and how long already."""

    def __init__(self) -> None:
        super().__init__(padding=0, name="at_windows")
        self._cells = QHBoxLayout()
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon("monitor", 18, "ink2"))
        self._title = Words(Text("At the windows"), "strong")
        row.addWidget(self._title)
        row.addSpacing(12)
        row.addLayout(self._cells, 1)
        self.body.addLayout(row)
        self.setFixedHeight(theme.px(48))
        self._fits = SHOWN_WINDOWS
        self._rows: Sequence[WindowRow] = ()
        self._places: list[_WindowCell] = []

    def fold(self, narrow: bool) -> None:
        """Fewer windows where there is less room."""
        self._fits = SHOWN_WINDOWS_FOLDED - theme.is_large() if narrow else SHOWN_WINDOWS
        self._title.setVisible(not narrow)
        self.show_windows(self._rows)

    def show_windows(self, rows: Sequence[WindowRow]) -> None:
        """Windows with a number first, if there are more than fit."""
        self._rows = rows
        if len(rows) > self._fits:
            rows = sorted(rows, key=lambda row: (row.ticket is None, row.number))[: self._fits]
        shown = sorted(rows, key=lambda row: row.number)
        while len(self._places) < len(shown):
            self._places.append(_WindowCell())
            self._cells.addWidget(self._places[-1], 1)
        for place, cell in enumerate(self._places):
            cell.show_window(shown[place] if place < len(shown) else None)


class _WindowCell(QWidget):
    """A window and its number. Kept and said anew: making it again at every call would cost more than everything else on the page."""

    def __init__(self) -> None:
        super().__init__()
        self._name = Words("", "small", tone="ink3")
        self._number = Words("", "h3")
        self._minutes = Words("", "small", tone="ink3")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(Line(vertical=True))
        line.addSpacing(6)
        line.addWidget(self._name)
        line.addStretch(1)
        line.addWidget(self._number)
        line.addWidget(self._minutes)

    def show_window(self, row: WindowRow | None) -> None:
        """Which number stands there, and how long already; None hides the place."""
        self.setVisible(row is not None)
        if row is None:
            return
        self.setObjectName(f"window_{row.number}")
        self._name.say(tr("window {n}", n=row.number))
        self._number.say(row.ticket.label if row.ticket else "—", "" if row.ticket else "ink3")
        self._minutes.say("" if row.ticket is None else tr("now") if row.minutes == 0 else minutes_words(row.minutes))
        self._minutes.setVisible(row.ticket is not None)
