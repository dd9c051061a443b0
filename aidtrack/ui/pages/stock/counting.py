"""Counting a shelf without seeing the book: what is seen is typed first, then only what differs is asked again, in
one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.stock import CountDraft, PlaceKind, SeenLine
from aidtrack.errors import InvalidInput, Text
from aidtrack.services import stock
from aidtrack.services.stock import LotRow
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.inputs import NumberInput, TextInput
from aidtrack.ui.pages.stock.keeping import Keeper
from aidtrack.ui.parts import Caption, EmptyState, Icon, KeyCap, Line, MainButton, Panel, Words
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

Names = Mapping[str, str]
_SEEN = 112


def ask_lots(session: Session, by: Actor) -> tuple[tuple[LotRow, ...], Mapping[UUID, Names]]:
    """What lies on the shelves, and what it is called."""
    lots = tuple(lot for lot in stock.lot_rows(session, by))
    return lots, {row.id: row.names for row in stock.item_rows(session, by, active_only=False)}


class CountRow(QFrame):
    """A batch to count: name and place, what was seen, and when it differs a sentence."""

    moved_on = Signal()

    def __init__(self, lot: LotRow, names: Names) -> None:
        super().__init__()
        self.lot = lot
        self._name = names
        self.setObjectName(f"count_{lot.lot_id}_{lot.place_id}")
        self.title = Words("", "row", elide=True)
        self.place = Words(self._where(), "small", tone="ink3")
        self.seen = NumberInput(0, name=f"seen_{lot.lot_id}")
        self.seen.setFixedWidth(theme.px(_SEEN))
        self.note = TextInput(Text("why, in one sentence"), max_length=300, name=f"why_{lot.lot_id}")
        self._mark, self._problem = Icon("", 16, "att"), Words("", "problem", tone="att")
        self._lay_out()
        self.seen.edited.connect(self.clear_problem)
        self.retranslate()

    def _where(self) -> Text:
        if self.lot.expiry is None:
            return Text("{code} · {place}", code=self.lot.code, place=self.lot.place)
        return Text("{code} · {place} · until {day}", code=self.lot.code, place=self.lot.place, day=self.lot.expiry)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.place, 1, 0)
        grid.addWidget(self.seen, 0, 1, 2, 1)
        grid.addWidget(self.note, 0, 2, 2, 1)
        under = QHBoxLayout()
        under.setSpacing(6)
        under.addWidget(self._mark)
        under.addWidget(self._problem, 1)
        grid.addLayout(under, 2, 1, 1, 2)
        grid.setRowMinimumHeight(3, 6)
        grid.addWidget(Line(), 4, 0, 1, 3)
        for hidden in (self.note, self._mark, self._problem):
            hidden.hide()

    def retranslate(self) -> None:
        """The name in the language of the window."""
        self.title.say(i18n.pick(self._name, i18n.language()))

    @property
    def differs(self) -> bool:
        """Whether something else was seen than the book has."""
        return self.seen.value() not in (None, self.lot.quantity)

    def ask_again(self) -> None:
        """It differs: count it once more and say why. The book is still not shown."""
        self.note.show()
        self.show_problem(Text("Differs from the book. Count once more, then say why."))

    def show_problem(self, text: Text) -> None:
        """Says what to do about this batch."""
        self._mark.show_icon("message-square-text", "att")
        self._problem.say(text)
        self._mark.show()
        self._problem.show()

    def clear_problem(self) -> None:
        """Nothing is wrong (any more)."""
        self._mark.hide()
        self._problem.hide()

    def line(self) -> SeenLine:
        """What was seen."""
        return SeenLine(self.lot.item_id, self.lot.lot_id, self.seen.value(), self.note.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and not event.modifiers():
            self.moved_on.emit()
        else:
            super().keyPressEvent(event)


class CountPanel(Panel):
    """All batches of the shelves with an empty box each; a box left empty was not looked at."""

    closed = Signal()
    saved = Signal()

    def __init__(self) -> None:
        super().__init__(Text("Count"), cls="h2", name="count")
        self.main_button = MainButton(name="count_main")
        self.rows: list[CountRow] = []
        self._asked_again = False
        self._request = Request()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._said = Words("", "small", tone="ink3", name="count_said")
        self._empty = EmptyState("package", Text("Nothing lies on the shelf"), Text("F3 receives a delivery"))
        self._keeper = Keeper(self, "stock/count", self._typed, self._put_back)
        self._build()

    def _build(self) -> None:
        self.head.addWidget(KeyCap("Esc"))
        self.head.addWidget(Words(Text("back to the table, nothing is lost"), "small", tone="ink3"))
        text = Text("Type what you see. What was not looked at stays empty. The book is shown to nobody before.")
        self.body.addWidget(Words(text, "small"))
        captions = QHBoxLayout()
        captions.setContentsMargins(0, 0, 8, 0)
        captions.setSpacing(16)
        captions.addWidget(Caption(Text("Item and batch")), 3)
        seen = Caption(Text("Seen"))
        seen.setFixedWidth(theme.px(_SEEN))
        captions.addWidget(seen)
        captions.addStretch(4)
        inner = QWidget()
        inner.setLayout(self._column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        self._scroller = scroll
        self.body.addLayout(captions)
        self.body.addWidget(Line())
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self._empty, 1)
        self._empty.hide()
        foot = self.add_foot()
        foot.addWidget(self._said, 1)
        foot.addWidget(self.main_button)

    def begin(self) -> None:
        """Shown: what was typed stays, otherwise the batches are asked for."""
        if not any(row.seen.text() for row in self.rows):
            jobs.read(ask_lots, owner=self, then=self._show, latest="lots")
        else:
            self._focus_next(None)

    def _show(self, answer: tuple[Iterable[LotRow], Mapping[UUID, Names]]) -> None:
        self._clear_rows()
        lots, names = answer
        for lot in sorted(lots, key=lambda one: _walk(one, names[one.item_id])):
            row = CountRow(lot, names[lot.item_id])
            row.moved_on.connect(lambda row=row: self._focus_next(row))
            row.seen.edited.connect(self._show_said)
            for one in (row.seen, row.note):
                one.edited.connect(self._keeper.touched)
            self.rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
        self._empty.setVisible(not self.rows)
        self._scroller.setVisible(bool(self.rows))
        self._show_said()
        self._focus_next(None)
        self._keeper.bring_back()

    def leave(self) -> None:
        """The page is hidden or locked."""
        self._keeper.leave()

    def _typed(self) -> dict[str, Any]:
        """What was seen of each batch; nothing when nothing was counted."""
        return {row.objectName(): [row.seen.text(), row.note.text()] for row in self.counted()}

    def _put_back(self, kept: Mapping[str, Any]) -> None:
        for row in self.rows:
            seen, note = kept.get(row.objectName(), ("", ""))
            row.seen.setText(seen)
            row.note.setText(note)
            row.note.setVisible(bool(note))
        self._show_said()
        messages.done(Text("What was half filled is here again"), icon="save")

    def _clear_rows(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows, self._asked_again = [], False

    def _focus_next(self, row: CountRow | None) -> None:
        at = self.rows.index(row) + 1 if row in self.rows else 0
        if at < len(self.rows):
            self.rows[at].seen.setFocus()
            self._scroller.ensureWidgetVisible(self.rows[at])

    def counted(self) -> list[CountRow]:
        """The batches that were looked at."""
        return [row for row in self.rows if row.seen.text().strip()]

    def _show_said(self) -> None:
        self._said.say(Text("{n} of {all} batches counted", n=len(self.counted()), all=len(self.rows)))

    def accept_now(self) -> None:
        """F9: what differs is asked once more; the second time it is saved as typed."""
        wrong = [(row, text) for row in self.counted() if (text := row.seen.problem()) is not None]
        for row, text in reversed(wrong):
            row.show_problem(text)
            row.seen.setFocus()
        differing = [row for row in self.counted() if row.differs]
        if wrong:
            return
        if differing and not self._asked_again:
            self._ask_again(differing)
        elif self.counted():
            self._save()
        else:
            messages.attention(Text("Count at least one item."))

    def _ask_again(self, differing: list[CountRow]) -> None:
        self._asked_again = True
        for row in differing:
            row.ask_again()
        differing[0].seen.setFocus()
        differing[0].seen.selectAll()
        self._scroller.ensureWidgetVisible(differing[0])

    def _save(self) -> None:
        by_place: dict[UUID, list[SeenLine]] = {}
        for row in self.counted():
            by_place.setdefault(row.lot.place_id, []).append(row.line())
        drafts = [CountDraft(tuple(lines), place) for place, lines in by_place.items()]
        request = self._request.id_of(drafts)
        jobs.write(
            lambda session, by: save_counts(session, by, drafts, request),
            owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main_button,
        )  # fmt: skip

    def _on_saved(self, answer: Mapping[str, int]) -> None:
        self._request.ended()
        self._keeper.saved()
        self._clear_rows()
        text = Text.plural("Counted: {n} batch, {other} differ", "Counted: {n} batches, {other} differ", **answer)
        messages.done(text, icon="clipboard-check")
        self.saved.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._request.ended(error)
        if isinstance(error, InvalidInput):
            for row in self.counted():
                row.show_problem(error.problems[0].text)
        else:
            messages.show_error(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _walk(lot: LotRow, names: Names) -> tuple[bool, str, str]:
    """The way somebody walks: shelf by shelf, item by item, what stands apart last."""
    return lot.place == PlaceKind.QUARANTINE.text, str(lot.place), i18n.pick(names, i18n.language())


def save_counts(session: Session, by: Actor, drafts: list[CountDraft], request_id: UUID) -> Mapping[str, int]:
    """One sheet a place, in one operation; how many batches and how many of them differed."""
    lines = [
        line
        for document in stock.count_places(session, by, request_id=request_id, drafts=tuple(drafts))
        for line in stock.counted_lines(session, by, document)
    ]
    return MappingProxyType({"n": len(lines), "other": sum(line.difference != 0 for line in lines)})
