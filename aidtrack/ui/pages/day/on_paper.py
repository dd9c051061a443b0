"""Typing in what was given on paper, one line a family: card, items, time; F9 writes it and the next line carries on.

Owns the fields and what stands beside them: whose card it is, what the numbers mean, what is typed, which lines are missing. Nothing is
handed over here and nothing is refused for a rule: it has happened.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain import on_paper as rules
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.errors import AidTrackError, InvalidInput, Problem, Text
from aidtrack.services import on_paper
from aidtrack.services.on_paper import EnteredRow, PaperFamily, PaperItem, PaperReceipt, PaperView, WindowLines
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import ChoiceInput, TextInput
from aidtrack.ui.pages.day.shown import Legend
from aidtrack.ui.parts import Field, Note, Panel, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHOWN_RUNS = 6
_WHAT = Text("1x4 2x1, or 1 2 for all that is due")


class PaperSection(QWidget):
    """`changed`: what F9 can do is another. `left`: back to the day."""

    changed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper_section")
        self.day: date | None = None
        self._signed_off = False
        self._view: PaperView | None = None
        self._family: PaperFamily | None = None
        self._request = Request()
        self.form = Form()

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        self._card = self._field(Text("Card"), TextInput(Text("last digits"), max_length=20), "card")
        self._items = self._field(Text("What was given"), TextInput(_WHAT, max_length=80), "items")
        self._time = self._field(Text("At"), TextInput(max_length=8), "time")
        self._place = self._field(Text("Sheet line"), TextInput(max_length=10), "place")
        yield
        self._window = self._field(Text("Window"), ChoiceInput(), "window")
        self._because = self._field(Text("Why it comes after signing off"), TextInput(max_length=300), "because")
        yield
        self._whose = Words("", "row", wrap=True, name="paper_whose")
        self._table = RecordTable(_COLUMNS, key=lambda row: row.hand_over_id, name="paper_lines")
        self._table.set_empty("pencil", Text("No line is typed in yet"), Text("Card, what was given, F9"))
        yield
        self._legend, self._gaps = Legend(), Words("", "body", wrap=True, name="paper_gaps")
        self._short = Words("", "small", tone="ink2", wrap=True, name="paper_short")
        self._short.hide()
        self._hint = Note(Text("Enter goes on to the next field, F9 writes the line. Esc: back to the day."), "info")
        yield
        yield from self._lay_out()
        self._listen()

    def _field(self, caption: Text, widget: QWidget, name: str) -> Field:
        return self.form.add(Field(caption, widget, name=name))

    def _lay_out(self) -> Iterator[None]:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        entry = Panel(Text("Typed in from paper"), name="paper_entry")
        row.addWidget(entry, 1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._place_fields(False)
        entry.body.addLayout(self._grid)
        entry.body.addWidget(self._because)
        yield
        entry.body.addWidget(self._whose)
        entry.body.addWidget(self._short)
        entry.body.addWidget(self._hint)
        entry.body.addWidget(self._table, 1)
        yield
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(12)
        for title, words in ((Text("Items by their numbers"), self._legend), (Text("Lines nobody typed yet"), self._gaps)):
            panel = Panel(title)
            panel.body.addWidget(words)
            side.addWidget(panel)
        side.addStretch(1)
        row.addWidget(self._side)

    def _listen(self) -> None:
        order = (self._card, self._items, self._time, self._place)
        for here, after in pairwise(order):
            here.input.returnPressed.connect(partial(self._go_on, after))
        self._card.input.returnPressed.connect(self._look_up)
        self._card.input.edited.connect(self._forget_family)
        self._window.input.edited.connect(self._show_view)

    # ── what is shown ──

    def open(self, day: date, *, signed_off: bool) -> None:
        """The lines of a day."""
        self.day, self._signed_off = day, signed_off
        self._because.setVisible(signed_off)
        self.load()
        self._card.input.setFocus()

    def load(self) -> None:
        """What is typed, what is missing."""
        if self.day is not None:
            jobs.read(partial(on_paper.paper_view, day=self.day), owner=self, then=self._on_view, latest="paper")

    def _on_view(self, view: PaperView) -> None:
        chosen = self._window.input.value()
        self._view = view
        self._window.input.show_choices([(one.window_id, str(one.number)) for one in view.windows])
        known = [one.window_id for one in view.windows]
        mine = jobs.actor().desk_id
        self._window.input.set_value(chosen if chosen in known else mine if mine in known else next(iter(known), None))
        self._show_view()

    def _show_view(self) -> None:
        view, lang = self._view, i18n.language()
        if view is None:
            return
        self._legend.show_items((one.number, _shown(one, lang)) for one in view.items)
        self._table.show_rows(view.entered)
        self._gaps.say(_gaps(view.windows))
        items = " · ".join(f"{one.number} {_shown(one, lang)}" for one in view.items)
        runs = ", ".join(a if a == b else f"{a}–{b}" for one in view.windows for a, b in one.runs[:_SHOWN_RUNS])
        self._short.say(Text("{items}. Not typed yet: {gaps}", items=items, gaps=runs or Text("none")))
        window = self._chosen_window()
        if window is not None:
            first = window.missing[0] if window.missing else window.last + 1
            self._place.input.set_placeholder(rules.show_place(window.number, first))
        self.changed.emit()

    def retranslate(self) -> None:
        """The legend, the gaps and the family in another language."""
        self._show_view()
        self._show_family()

    def show_narrow(self, narrow: bool) -> None:
        """Where there is no room beside the lines, what stands there goes above them in one sentence, and the items get their own row."""
        self._side.setFixedWidth(theme.px(300))
        self._side.setVisible(not narrow)
        self._short.setVisible(narrow)
        self._hint.setVisible(not (narrow and theme.is_large()))  # F9 and its word stand in the bar: the lines need the room
        self._place_fields(narrow)

    def _place_fields(self, narrow: bool) -> None:
        """In the order they are typed; folded, the items stand below."""
        whole = ((self._window, 0, 0, 1), (self._card, 0, 1, 1), (self._items, 0, 2, 1), (self._time, 0, 3, 1), (self._place, 0, 4, 1))
        folded = ((self._window, 0, 0, 1), (self._card, 0, 1, 1), (self._time, 0, 2, 1), (self._place, 0, 3, 1), (self._items, 1, 0, 4))
        for n in range(5):
            self._grid.setColumnStretch(n, ((2, 3, 2, 2, 0) if narrow else (2, 3, 6, 2, 2))[n])
        for field, row, column, span in folded if narrow else whole:
            self._grid.addWidget(field, row, column, 1, span)

    def _chosen_window(self) -> WindowLines | None:
        chosen = self._window.input.value()
        return next((one for one in self._view.windows if one.window_id == chosen), None) if self._view else None

    # ── the family ──

    def take_card(self, code: str) -> None:
        """A card was scanned: as if it had been typed."""
        self._forget_family()
        self._card.input.set_value(code)
        self._look_up()
        self._items.input.setFocus()

    def _forget_family(self) -> None:
        self._family = None
        self._whose.say("")

    def _look_up(self) -> None:
        code = self._card.input.value()
        if self.day is not None and code and self._family is None:
            ask = partial(on_paper.family_of_card, code=code, day=self.day)
            jobs.read(ask, owner=self, then=self._on_family, failed=self._on_no_family, latest="paper_family")

    def _on_family(self, family: PaperFamily) -> None:
        self._family = family
        self._card.input.set_value(family.card_tail)
        self._card.clear_problem()
        self._show_family()
        if self._waits:
            self._waits = False
            self.save()

    _waits = False
    """F9 was pressed while the family was still asked for."""

    def _on_no_family(self, error: BaseException) -> None:
        self._waits = False
        if isinstance(error, AidTrackError):
            self._card.show_problem(error.text)
            self._card.input.setFocus()
            self._card.input.selectAll()
        else:
            messages.show_error(error)

    def _show_family(self) -> None:
        family, view, lang = self._family, self._view, i18n.language()
        if family is None or view is None:
            return
        due = [f"{i18n.pick(one.names, lang)} {family.due[one.item_id]}" for one in view.items if family.due.get(one.item_id)]
        people = Text.plural("{n} person", "{n} people", n=family.people)
        name, told = family.name or Text("see shift lead"), ", ".join(due) or Text("nothing today")
        self._whose.say(Text("{name} · {people} · due: {due}", name=name, people=people, due=told))

    # ── writing ──

    def _go_on(self, after: Field) -> None:
        after.input.setFocus()
        after.input.selectAll()

    def save(self) -> None:
        """Writes the line; nothing typed is lost when it cannot be read."""
        if self._family is None:
            self._waits = bool(self._card.input.value())
            self._look_up()
            if not self._waits:
                self._card.show_problem(Text("Type the last digits of the card, four or more."))
                self._card.input.setFocus()
            return
        line = self._line(self._family)
        if line is not None:
            write = partial(on_paper.enter_paper_line, request_id=self._request.id_of(line), line=line)
            jobs.write(write, owner=self, then=partial(self._on_written, line), failed=self._on_refused)

    def _line(self, family: PaperFamily) -> PaperLine | None:
        view, window = self._view, self._chosen_window()
        if view is None or window is None or self.day is None:
            return None
        numbers, sizes = [one.item_id for one in view.items], {one.item_id: one.sizes for one in view.items}
        items = rules.read_items(self._items.input.value(), numbers, family.due, sizes)
        at = rules.read_time(self._time.input.value(), self.day, _now(), jobs.zone())
        typed = self._place.input.value()
        place = rules.read_place(typed, window.number) if typed else None
        problems = []
        if items is None:
            words = Text("Type what was given: the item’s number, x and how many. Example: 1x4 2x1, a size as 3/4x1")
            problems.append(Problem("items", words))
        if at is None:
            problems.append(Problem("time", Text("When? 14:20")))
        if typed and place is None:
            problems.append(Problem("place", Text("As on the sheet: {place}", place=rules.show_place(window.number, 12))))
        self.form.show_problems(problems)
        if problems or items is None or at is None:
            return None
        because = self._because.input.value() if self._signed_off else ""
        return PaperLine(family.household_id, items, at, window.window_id, self.day, place, because)

    def _on_refused(self, error: BaseException) -> None:
        self._request.ended(error)
        if isinstance(error, InvalidInput):
            self.form.show_problems(error.problems)
        else:
            messages.show_error(error)

    def _on_written(self, line: PaperLine, receipt: PaperReceipt) -> None:
        self._request.ended()
        undo = None if receipt.was_written else partial(self.take_back, receipt.hand_over.id)
        messages.done(_told(receipt), undo=undo, icon="pencil")
        self._card.input.clear()
        self._forget_family()
        window = self._chosen_window()
        carried = rules.show_place(window.number, line.place + 1) if window and line.place is not None else ""
        self._place.input.set_value(carried)
        self._card.input.setFocus()
        self.load()

    def take_back(self, hand_over_id: UUID) -> None:
        """A line that was typed wrongly."""
        because = self._because.input.value() if self._signed_off else ""
        back = partial(on_paper.take_back_line, request_id=new_id(), hand_over_id=hand_over_id, because=because)
        jobs.write(back, owner=self, then=self._on_back)

    def _on_back(self, receipt: PaperReceipt) -> None:
        messages.done(Text("{place} is taken back and can be typed again.", place=str(receipt.hand_over.signed_at)), icon="undo-2")
        self.load()

    def chosen(self) -> EnteredRow | None:
        """The line of the table that can be taken back."""
        row = self._table.current()
        return row if isinstance(row, EnteredRow) and not row.is_back else None

    def ask_where_paper_ended(self) -> None:
        """The last line that was signed: the windows go on below it."""
        if self._view is not None and self.day is not None:
            ended = PaperEnded(self, self._view.windows, self.day)
            ended.noted.connect(self.load)
            ended.dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _shown(one: PaperItem, lang: str) -> str:
    """“Diapers /3 /4 /5”: what is typed behind the number of an item that comes in sizes."""
    return " ".join([i18n.pick(one.names, lang), *(f"/{size}" for size in one.sizes)])


def _now() -> datetime:
    return jobs.actor().now()


def _told(receipt: PaperReceipt) -> Text:
    """What came of a line."""
    place, tail = str(receipt.hand_over.signed_at), receipt.card_tail
    if receipt.was_written:
        return Text(
            "{place}: card … {tail} stands there already with the same goods. Nothing was written a second time.", place=place, tail=tail
        )
    return Text("{place}: card … {tail} is written{marks}", place=place, tail=tail, marks=_marks(receipt))


def _marks(receipt: PaperReceipt) -> Text | str:
    """What is marked: more than the rule, not in the book, a line that somebody else stands on, too."""
    over = Text.plural("; {n} unit more than allowed", "; {n} units more than allowed", n=receipt.over) if receipt.over else ""
    owed = Text.plural("; {n} unit to explain", "; {n} units to explain", n=receipt.owed) if receipt.owed else ""
    beside = Text("; card … {tails} stands on this line, too", tails=", … ".join(receipt.beside)) if receipt.beside else ""
    return Text("{over}{owed}{beside}", over=over, owed=owed, beside=beside)


def _gaps(windows: Sequence[WindowLines]) -> str | Text:
    runs = [(a if a == b else f"{a} – {b}") for one in windows for a, b in one.runs]
    if not runs:
        return Text("none")
    return "\n".join(runs[:_SHOWN_RUNS]) + (f"\n… +{len(runs) - _SHOWN_RUNS}" if len(runs) > _SHOWN_RUNS else "")


def _goods(row: EnteredRow) -> str:
    lang = i18n.language()
    return ", ".join(f"{i18n.pick(names, lang)} {n}" for names, n in row.items)


def _remark(row: EnteredRow) -> Cell:
    if row.is_back:
        return Cell(Text("taken back"), tone="ink3")
    over: Text | str = Text("+{n} above the rule", n=row.over) if row.over else ""
    beside: Text | str = Text("same line as … {tails}", tails=", … ".join(row.beside)) if row.beside else ""
    return Cell(Text("{over} · {beside}", over=over, beside=beside) if over and beside else over or beside, tone="att")


_COLUMNS = (
    Column(Text("Sheet line"), lambda row: row.place, width=80, strong=True),
    Column(Text("Card"), lambda row: f"… {row.card_tail}", width=80),
    Column(Text("At"), lambda row: row.at, width=60),
    Column(Text("What was given"), _goods, width=220, stretch=True),
    Column(Text("Remark"), _remark, width=150),
)


class PaperEnded(QObject):
    """Asks for the last line that was signed on paper at a window. `noted`: it is known."""

    noted = Signal()

    def __init__(self, parent: QWidget, windows: Sequence[WindowLines], day: date) -> None:
        super().__init__(parent)
        self._windows = {one.window_id: one for one in windows}
        self._day = day
        self.dialog = FormDialog(
            parent, title=Text("Where did the paper end?"), main=Text("Go on below it"), name="paper_ended",
            facts=Text("The last line that was signed. The window goes on below it, the lines before it wait to be typed in."),
        )  # fmt: skip
        window = ChoiceInput()
        window.show_choices([(one.window_id, str(one.number)) for one in windows])
        self.dialog.body.addWidget(self.dialog.form.add(Field(Text("Window"), window, name="window")))
        self.dialog.body.addWidget(self.dialog.form.add(Field(Text("Last line signed"), TextInput(max_length=10), name="place")))
        self.dialog.accepted_values.connect(self._send)

    def _send(self, values: dict[str, object]) -> None:
        window = self._windows[UUID(str(values["window"]))]
        place = rules.read_place(str(values["place"]), window.number)
        if place is None:
            words = Text("As on the sheet: {place}", place=rules.show_place(window.number, 12))
            self.dialog.failed(InvalidInput([Problem("place", words)]))
            return
        note = partial(on_paper.paper_ended, request_id=new_id(), day=self._day, window_id=window.window_id, place=place)
        jobs.write(note, owner=self, then=self._on_noted, failed=self.dialog.failed)

    def _on_noted(self, window: WindowLines) -> None:
        self.dialog.done_close()
        waiting = Text.plural("{n} line waits to be typed in.", "{n} lines wait to be typed in.", n=len(window.missing))
        messages.done(Text("Window {window}: {waiting}", window=str(window.number), waiting=waiting), icon="pencil")
        self.noted.emit()
