"""Counting a shelf without seeing the book: what is seen is typed first, then only what differs is asked again, in
one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.days import last_time
from aidtrack.domain.stock import CountDraft, PlaceKind, SeenLine
from aidtrack.errors import InvalidInput, Names, Text
from aidtrack.services import stock
from aidtrack.services.stock import LotRow
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.inputs import DateInput, NumberInput, SearchInput, TextInput
from aidtrack.ui.pages.stock.keeping import Keeper, typed_in
from aidtrack.ui.pages.stock.lines import Goods, LineRow, LinesEditor
from aidtrack.ui.parts import Caption, EmptyState, Icon, KeyCap, Line, MainButton, Panel, Scrolling, Words
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

_SEEN = 112


_AT, _AT_YESTERDAY = Text("Counted on paper at"), Text("Counted on paper yesterday at")

UNDER_ROWS = 3
"""What stands under the rows: a caption, the lines of what is in no row, and the room that is left."""

MOST_ROWS = 120
"""So many rows are drawn at once; a greater store is searched."""


def ask_lots(session: Session, by: Actor) -> tuple[tuple[LotRow, ...], Goods]:
    """What lies on the shelves, and the catalogue."""
    return stock.lot_rows(session, by), Goods(stock.item_rows(session, by, active_only=False))


def ask_again(session: Session, by: Actor, *, drafts: Sequence[CountDraft]) -> tuple[tuple[int, ...], ...]:
    """Of each sheet which lines differ from the book of their moment."""
    return tuple(stock.to_count_again(session, by, draft) for draft in drafts)


def row_name(lot: LotRow) -> str:
    """What the row of a batch at a place is called."""
    return f"count_{lot.lot_id}_{lot.place_id}"


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _spoken(lot: LotRow, names: Names) -> str:
    return f"{' '.join(names.values())} {lot.code} {lot.place}".casefold()


class CountRow(QFrame):
    """A batch to count: name and place, what was seen, and when it differs a sentence."""

    moved_on = Signal()

    def __init__(self, lot: LotRow, names: Names) -> None:
        super().__init__()
        self.lot = lot
        self._name = names
        self.setObjectName(row_name(lot))
        self.title = Words("", "row", elide=True)
        self.place = Words(self._where(), "small", tone="ink3")
        self.seen = NumberInput(0, name=f"seen_{lot.lot_id}")
        self.seen.setFixedWidth(theme.px(_SEEN))
        self.note = TextInput(Text("why, in one sentence"), max_length=300, name=f"why_{lot.lot_id}")
        self._mark, self._problem = Icon("", 16, "att"), Words("", "problem", tone="att")
        self._lay_out()
        self.first: int | None = None
        self.counted_at: datetime | None = None
        self.seen.edited.connect(self._on_seen)
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

    def _on_seen(self) -> None:
        """The moment a number is typed is the moment of the count: what moves after it is not undone."""
        self.counted_at = jobs.actor().now()
        self.clear_problem()

    def ask_again(self) -> None:
        """It differs: count it once more and say why. The book is still not shown."""
        self.first = self.seen.value()
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

    def line(self, at: datetime | None) -> SeenLine:
        """What was seen; `at`: when the sheet was filled, if it was on paper."""
        return SeenLine(
            self.lot.item_id, self.lot.lot_id, self.seen.value(), self.note.value(), first=self.first,
            counted_at=at or self.counted_at,
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and not event.modifiers():
            self.moved_on.emit()
        else:
            super().keyPressEvent(event)


class FoundRow(LineRow):
    """Something that stands on the shelf and is in no row: the book may have none of it."""

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__(n, goods)
        self.seen = NumberInput(0, name=f"line_{n}_seen")
        self.expiry = DateInput(month_ok=True, name=f"line_{n}_expiry")
        self.lot = TextInput(max_length=60, name=f"line_{n}_lot")
        self.inputs |= {"seen": self.seen, "expiry": self.expiry, "lot": self.lot}

    def line(self, at: datetime | None) -> SeenLine:
        """What was seen of it."""
        return SeenLine(
            self.item.value(), None, self.seen.value(), expiry=self.expiry.value(), lot=self.lot.value(), counted_at=at
        )

    def units(self) -> int:
        """Units seen."""
        return self.seen.value() or 0


class ClockInput(TextInput):
    """The last such time that is over, as 14:30; empty is now."""

    def __init__(self, name: str = "") -> None:
        super().__init__(Text("now"), 5, name=name)

    def problem(self) -> Text | None:
        """Says how a time is typed."""
        return Text("A time that is over, for example 14:30.") if self.text().strip() and self.value() is None else None

    def value(self) -> datetime | None:
        """That moment, of today or, when it is still ahead today, of yesterday; None when empty or no time."""
        hour, _, minute = self.text().strip().replace(".", ":").partition(":")
        if not (hour.isdecimal() and minute.isdecimal()) or int(hour) > 23 or int(minute) > 59:
            return None
        return last_time(time(int(hour), int(minute)), self._now())

    def is_of_yesterday(self) -> bool:
        """Whether what is typed was before midnight."""
        moment = self.value()
        return moment is not None and moment.date() < self._now().date()

    def _now(self) -> datetime:
        return jobs.actor().now().astimezone(jobs.zone())


class CountPanel(Panel):
    """All batches of the shelves with an empty box each; a box left empty was not looked at."""

    closed = Signal()
    saved = Signal()

    def __init__(self) -> None:
        super().__init__(Text("Count"), cls="h2", name="count")

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        self.main_button = MainButton(name="count_main")
        self.rows: list[CountRow] = []
        self._asked_again = False
        self._request = Request()
        self._lots: list[tuple[LotRow, Names]] = []
        self.search = SearchInput(Text("item, batch or shelf"), name="count_search")
        self.at = ClockInput("count_at")
        self._at_words = Words(_AT, "small", name="count_at_words")
        self.found = LinesEditor(
            FoundRow,
            (
                ("item", Text("Item"), 0),
                ("seen", Text("Seen"), _SEEN),
                ("expiry", Text("Use by"), 126),
                ("lot", Text("Batch"), 112),
            ),
        )
        yield
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._said = Words("", "small", tone="ink3", name="count_said")
        self._empty = EmptyState("package", Text("Nothing lies on the shelf"), Text("F3 receives a delivery"))
        self._keeper = Keeper(self, "stock/count", self._typed, self._put_back)
        yield
        yield from self._lay_out()

    def _lay_out(self) -> Iterator[None]:
        self.head.addWidget(KeyCap("Esc"))
        self.head.addWidget(Words(Text("back to the table, nothing is lost"), "small"))
        text = Text("Type what you see. What was not looked at stays empty. The book is shown to nobody before.")
        self.body.addWidget(Words(text, "small", wrap=True))
        self.body.addLayout(self._what_and_when())
        self.body.addLayout(self._captions())
        yield
        self.body.addWidget(Line())
        self.body.addWidget(self._empty)
        self.body.addWidget(self._list(), 1)
        yield
        self._empty.hide()
        self._grow()
        foot = self.add_foot()
        foot.addWidget(self._said, 1)
        foot.addWidget(self.main_button)
        self._listen()

    def _what_and_when(self) -> QHBoxLayout:
        """What is sought in the list, and the time of a count that was written on paper."""
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.search, 1)
        head.addWidget(self._at_words)
        self.at.setFixedWidth(theme.px(84))
        head.addWidget(self.at)
        return head

    def _captions(self) -> QHBoxLayout:
        captions = QHBoxLayout()
        captions.setContentsMargins(0, 0, 8, 0)
        captions.setSpacing(16)
        captions.addWidget(Caption(Text("Item and batch")), 3)
        seen = Caption(Text("Seen"))
        seen.setFixedWidth(theme.px(_SEEN))
        captions.addWidget(seen)
        captions.addStretch(4)
        return captions

    def _list(self) -> Scrolling:
        """The batches, and under them what lies there besides."""
        inner = QWidget()
        inner.setLayout(self._column)
        self._column.insertWidget(0, Caption(Text("On the shelf, but not in this list")))
        self._column.insertWidget(1, self.found)
        self._scroller = Scrolling(inner)
        return self._scroller

    def _listen(self) -> None:
        self.search.edited.connect(self._show_rows)
        self.at.textChanged.connect(self._show_at)
        for heard in (self._keeper.touched, self._show_said, self._grow):
            self.found.edited.connect(heard)

    def _show_at(self) -> None:
        """Which day the typed time is of, before anything is saved."""
        self._at_words.say(_AT_YESTERDAY if self.at.is_of_yesterday() else _AT)

    def _grow(self) -> None:
        """Under the rows stand as many lines as are typed, and an empty one."""
        self.found.setFixedHeight(theme.px(34 + 50 * len(self.found.rows)))

    def begin(self) -> None:
        """Shown: what was typed stays, otherwise the batches are asked for."""
        if not self.counted() and not self.found.filled():
            jobs.read(ask_lots, owner=self, then=self._show, latest="lots")
        else:
            self._focus_next(None)

    def _show(self, answer: tuple[Iterable[LotRow], Goods]) -> None:
        self._clear_rows()
        lots, goods = answer
        names = {row.id: row.names for row in goods.items}
        self.found.use(goods)
        known = [(lot, names[lot.item_id]) for lot in lots if lot.item_id in names]
        self._lots = sorted(known, key=lambda one: _walk(*one))
        self._show_rows()
        self._focus_next(None)
        self._keeper.bring_back()

    def _show_rows(self) -> None:
        """Rows of what is sought, at most so many; what is counted already stays."""
        kept = {(row.lot.lot_id, row.lot.place_id) for row in self.counted()}
        for row in [row for row in self.rows if row not in self.counted()]:
            self.rows.remove(row)
            self._column.removeWidget(row)
            row.hide()  # it goes a moment later, and would lie under the others till then
            row.deleteLater()
        words = self.search.value().casefold().split()
        fits = [one for one in self._lots if all(word in _spoken(*one) for word in words)]
        for lot, names in fits[:MOST_ROWS]:
            if (lot.lot_id, lot.place_id) not in kept:
                self._add_row(lot, names)
        self._empty.setVisible(not self.rows)
        self._show_said()

    def _add_row(self, lot: LotRow, names: Names) -> CountRow:
        row = CountRow(lot, names)
        row.moved_on.connect(lambda: self._focus_next(row))
        row.seen.edited.connect(self._show_said)
        for one in (row.seen, row.note):
            one.edited.connect(self._keeper.touched)
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - UNDER_ROWS, row)
        return row

    def leave(self) -> None:
        """The page is hidden or locked."""
        self._keeper.leave()

    def _typed(self) -> dict[str, Any]:
        """What was seen of each batch and when; nothing when nothing was counted."""
        rows = {row.objectName(): [row.seen.text(), row.note.text(), _iso(row.counted_at)] for row in self.counted()}
        found = [{name: typed_in(one) for name, one in row.inputs.items()} for row in self.found.filled()]
        return rows | ({"found": found} if found else {}) | ({"at": self.at.text()} if self.at.text() else {})

    def _put_back(self, kept: Mapping[str, Any]) -> None:
        self.at.setText(kept.get("at", ""))
        for line in kept.get("found", ()):
            self.found.put_back(line)
        shown = {row.objectName(): row for row in self.rows}
        for lot, names in self._lots:
            name = row_name(lot)
            if name in kept:
                row = shown.get(name) or self._add_row(lot, names)
                seen, note, *moment = kept[name]
                row.seen.setText(seen)
                row.counted_at = datetime.fromisoformat(moment[0]) if moment and moment[0] else None
                row.note.setText(note)
                row.note.setVisible(bool(note))
        self._show_said()
        messages.done(Text("What was half filled is here again"), icon="save")

    def _clear_rows(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()  # it goes a moment later, and would lie under the others till then
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
        many, shown = len(self._lots), len(self.rows)
        words = Text("{n} of {all} batches counted", n=len(self.counted()), all=many)
        hidden = Text("{what} · {shown} are shown: search for the others", what=words, shown=shown)
        self._said.say(hidden if shown < many and not self.search.value() else words)

    def accept_now(self) -> None:
        """F9: what differs is asked once more; the second time it is saved as typed."""
        wrong = [(row, text) for row in self.counted() if (text := row.seen.problem()) is not None]
        for row, text in reversed(wrong):
            row.show_problem(text)
            row.seen.setFocus()
        if self.at.problem() is not None:
            messages.attention(self.at.problem() or "")
        elif not wrong and self.found.check() and (self.counted() or self.found.filled()):
            self._compare()
        elif not wrong and not self.found.filled():
            messages.attention(Text("Count at least one item."))

    def _compare(self) -> None:
        """Once: what differs is asked again without a word about the book."""
        if self._asked_again:
            self._save()
        else:
            places, drafts = self._drafts()
            ask = partial(ask_again, drafts=drafts[: len(places)])
            jobs.read(ask, owner=self, then=partial(self._on_compared, list(places.values())), failed=self._on_failed)

    def _on_compared(self, rows: list[list[CountRow]], differ: Sequence[Sequence[int]]) -> None:
        differing = [some[n] for some, found in zip(rows, differ, strict=True) for n in found]
        if differing:
            self._ask_again(differing)
        else:
            self._save()

    def _ask_again(self, differing: list[CountRow]) -> None:
        self._asked_again = True
        for row in differing:
            row.ask_again()
        differing[0].seen.setFocus()
        differing[0].seen.selectAll()
        self._scroller.ensureWidgetVisible(differing[0])

    def _drafts(self) -> tuple[Mapping[UUID, list[CountRow]], list[CountDraft]]:
        """A sheet for each place, then one of what is in no row: it stands on the shelf of this window."""
        at, places = self.at.value(), dict[UUID, list[CountRow]]()
        for row in self.counted():
            places.setdefault(row.lot.place_id, []).append(row)
        drafts = [CountDraft(tuple(row.line(at) for row in rows), place) for place, rows in places.items()]
        found = tuple(row.line(at) for row in self.found.filled())
        return places, [*drafts, *([CountDraft(found)] if found else [])]

    def _save(self) -> None:
        drafts = self._drafts()[1]
        request = self._request.id_of(drafts)
        jobs.write(
            lambda session, by: save_counts(session, by, drafts, request),
            owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main_button,
        )  # fmt: skip

    def _on_saved(self, answer: Mapping[str, int]) -> None:
        self._request.ended()
        self._keeper.saved()
        self._clear_rows()
        self.found.clear()
        self._grow()
        self.at.setText("")
        text = Text.plural("Counted: {n} batch, {other} differ", "Counted: {n} batches, {other} differ", **answer)
        messages.done(text, icon="clipboard-check")
        self.saved.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._request.ended(error)
        if isinstance(error, InvalidInput):
            messages.attention(error.problems[0].text)
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
