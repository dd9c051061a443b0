"""What the Desk does about an item that ran out: a place in the wait list by one key, and a promise by the shift lead.

Owns the questions and their slips. A wait list owes nothing; a promise stands on goods put aside or on an announced delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import PromiseDraft
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services import promises
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import DateInput, NumberInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import DeskView

@dataclass(frozen=True)
class Way:
    """What a promise stands on: a line of an announced delivery, or goods that lie here, of one size where there are sizes."""

    line: promises.AnnouncedItem | None = None
    size_id: UUID | None = None


def ask_ways(session: Session, by: Actor, *, row: AllowanceRow) -> tuple[promises.AnnouncementRow, ...]:
    """The announced deliveries that bring this item, or one of its sizes, and have some of it left."""
    items = {row.item_id, *(one.item_id for one in row.sizes)}
    found = (one for one in promises.announced(session, by) if any(line.item_id in items and line.free for line in one.lines))
    return tuple(found)


class Owing(QObject):
    """`changed`: something was written, the Desk is to be read again."""

    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    # ── the wait list ──

    def keep_place(self, view: DeskView, rule_id: UUID) -> None:
        """One key: a place for the family; the message line says which, and takes it back."""
        keep = partial(promises.keep_place, request_id=new_id(), household_id=view.family.id, rule_id=rule_id)
        names = next(row.item_names for row in view.allowances if row.rule_id == rule_id)
        jobs.write(keep, owner=self, then=partial(self._on_kept, sentences.short_name(names)))

    def _on_kept(self, what: str, receipt: promises.WaitReceipt) -> None:
        from aidtrack.ui import printing

        words = Text("Wait list, place {n}: {what}. Not a promise: the card number will be posted.", n=receipt.place, what=what)
        messages.done(words, undo=partial(self._leave, receipt.entry_id), icon="list-plus")
        if printing.has_printer():
            printing.print_wait(self._window, receipt.entry_id)
        self.changed.emit()

    def _leave(self, entry_id: UUID) -> None:
        leave = partial(promises.leave_list, request_id=new_id(), entry_id=entry_id)
        jobs.write(leave, owner=self, then=lambda _: self._on_left())

    def _on_left(self) -> None:
        messages.done(Text("The place in the wait list is given up."), icon="list-plus")
        self.changed.emit()

    # ── F7 ──

    def actions(self, view: DeskView | None) -> Sequence[Action]:
        """What F7 offers for the family that is open."""
        rows = view.allowances if view is not None else ()
        waiting = [row for row in rows if row.waiting is not None]
        owed = [row for row in rows if row.promises]
        may = jobs.actor().may
        may_promise = view is not None and view.is_day_open and may(Permission.PROMISE) and bool(self._promisable(rows))
        found = []
        if view is not None:
            found.append(Action(Text("Promise goods to the family"), partial(self._ask_what, view), may_promise))
        if waiting and may(Permission.HAND_OVER):
            found.append(Action(Text("Give up the place in the wait list"), partial(self._ask_leave, waiting)))
        if (waiting or owed) and may(Permission.HAND_OVER):
            found.append(Action(Text("Print the slip of promise or wait list"), partial(self._print, waiting, owed)))
        return found

    def _promisable(self, rows: Sequence[AllowanceRow]) -> list[AllowanceRow]:
        return [row for row in rows if row.due > row.promised]

    def _ask_leave(self, rows: Sequence[AllowanceRow]) -> None:
        self._choose(Text("Give up the place in the wait list: which one?"), rows, lambda row: self._leave(row.waiting.id))

    def _print(self, waiting: Sequence[AllowanceRow], owed: Sequence[AllowanceRow]) -> None:
        from aidtrack.ui import printing

        for row in owed:
            for one in row.promises:
                printing.print_promise(self._window, one.id)
        for row in waiting:
            if row.waiting is not None:
                printing.print_wait(self._window, row.waiting.id)

    def _choose(self, title: Text, rows: Sequence[AllowanceRow], then: Any) -> None:
        """One of several, or at once the only one."""
        if len(rows) == 1:
            then(rows[0])
            return
        answers = [Answer(row, sentences.item_name(row.item_names)) for row in rows]
        question = Question(self._window, title=title, answers=answers, name="owed_which")
        question.answered.connect(lambda row: QTimer.singleShot(0, partial(then, row)))
        question.open()

    # ── a promise ──

    def _ask_what(self, view: DeskView) -> None:
        rows = self._promisable(view.allowances)
        self._choose(Text("What is promised?"), rows, partial(self._ask_from, view))

    def _ask_from(self, view: DeskView, row: AllowanceRow) -> None:
        then = partial(self._show_ways, view, row)
        jobs.read(partial(ask_ways, row=row), owner=self, then=then)

    def _show_ways(self, view: DeskView, row: AllowanceRow, found: tuple[promises.AnnouncementRow, ...]) -> None:
        """Goods that lie here, or an announced delivery; nothing else can be promised."""
        answers = [*_lying(row), *(answer for one in found for answer in _coming(row, one))][:MOST]
        question = Question(
            self._window,
            title=Text("Promise {item}: from what?", item=sentences.short_name(row.item_names)),
            answers=answers,
            foot=Text("A promise is kept: it stands on goods, never on hope."),
            name="promise_from",
        )
        question.answered.connect(lambda way: QTimer.singleShot(0, partial(self._ask_how_many, view, row, way)))
        question.open()

    def _ask_how_many(self, view: DeskView, row: AllowanceRow, way: Way) -> None:
        dialog = PromiseDialog(self._window, row, way.line, view.day)
        dialog.accepted_values.connect(lambda values: self._promise(dialog, view.family.id, row, way, values))
        dialog.open()

    def _promise(
        self, dialog: PromiseDialog, household_id: UUID, row: AllowanceRow, way: Way, values: dict[str, Any]
    ) -> None:
        line = way.line.line_id if way.line else None
        draft = PromiseDraft(household_id, row.rule_id, values["quantity"], line, values.get("until"), way.size_id)
        save = partial(promises.promise, request_id=new_id(), draft=draft)
        jobs.write(save, owner=self, then=partial(self._on_promised, dialog, row), failed=dialog.failed)

    def _on_promised(self, dialog: PromiseDialog, row: AllowanceRow, receipt: promises.PromiseReceipt) -> None:
        from aidtrack.ui import printing

        dialog.done_close()
        day, what = i18n.day_in_words(receipt.until, i18n.language()), sentences.short_name(row.item_names)
        kept = Text("Put aside until {day}: {what}, {n}", day=day, what=what, n=receipt.quantity)
        comes = Text("Promised for {day}: {what}, {n}", day=day, what=what, n=receipt.quantity)
        messages.done(kept if receipt.is_put_aside else comes, icon="bookmark-check")
        if printing.has_printer():
            printing.print_promise(self._window, receipt.id)
        self.changed.emit()


MOST = 9
"""Answers have one digit."""


def _lying(row: AllowanceRow) -> list[Answer]:
    """Goods of the shelf, size by size where there are sizes."""
    if not row.sizes:
        free = max(row.available - row.promised, 0)
        return [Answer(Way(), Text("put aside from the shelf"), enabled=free > 0, second=_free(free))]
    return [
        Answer(Way(size_id=one.item_id), Text("put aside from the shelf, size {size}", size=one.size), second=_free(one.available))
        for one in row.sizes
        if one.available
    ]


def _coming(row: AllowanceRow, delivery: promises.AnnouncementRow) -> list[Answer]:
    """The lines of a delivery that bring this item or a size of it, with what is not promised yet."""
    wanted = {row.item_id} if not row.sizes else {one.item_id for one in row.sizes}
    day = i18n.day_in_words(delivery.expected_on, i18n.language())
    return [
        Answer(Way(line), Text("{supplier}, {day}", supplier=delivery.supplier, day=day), second=_free(line.free))
        for line in delivery.lines
        if line.free and line.item_id in wanted
    ]


def _free(number: int) -> str:
    return tr("free {n}", n=i18n.number(number, i18n.language()))


class PromiseDialog(FormDialog):
    """How many, and of goods that lie here until when they are kept."""

    def __init__(self, parent: QWidget, row: AllowanceRow, line: promises.AnnouncedItem | None, today: date) -> None:
        most = row.due - row.promised if line is None else min(row.due - row.promised, line.free)
        title = Text("Promise: {item}", item=sentences.item_name(row.item_names))
        super().__init__(parent, title=title, main=Text("Promise"), name="promise_dialog")
        quantity = Field(Text("How many"), NumberInput(1, most, optional=False), name="quantity")
        self.body.addWidget(self.form.add(quantity))
        if line is None:
            until = DateInput(optional=False)
            until.today = today
            self.body.addWidget(self.form.add(Field(Text("Kept until"), until, Text("15.8 is enough"), name="until")))
        self.form.fill({"quantity": most})
