"""What the Desk does about an item that ran out: a place in the wait list by one key, and a promise by the shift lead.

Owns the wait list's questions and the slips; a promise is asked by `ui.promising`. A wait list owes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import promises
from aidtrack.ui import jobs, messages
from aidtrack.ui.page import Action
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.promising import Promising, choose, promisable

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import DeskView


class Owing(QObject):
    """`changed`: something was written, the Desk is to be read again."""

    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._promising = Promising(window)
        self._promising.changed.connect(self.changed)

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
        may_promise = view is not None and view.is_day_open and may(Permission.PROMISE) and bool(promisable(rows))
        found = []
        if view is not None:
            found.append(Action(Text("Promise goods to the family"), partial(self._promising.ask_of, view), may_promise))
        if waiting and may(Permission.HAND_OVER):
            found.append(Action(Text("Give up the place in the wait list"), partial(self._ask_leave, waiting)))
        if (waiting or owed) and may(Permission.HAND_OVER):
            found.append(Action(Text("Print the slip of promise or wait list"), partial(self._print, waiting, owed)))
        return found

    def _ask_leave(self, rows: Sequence[AllowanceRow]) -> None:
        choose(self._window, Text("Give up the place in the wait list: which one?"), rows, self._leave_place)

    def _leave_place(self, row: AllowanceRow) -> None:
        if row.waiting is not None:
            self._leave(row.waiting.id)

    def _print(self, waiting: Sequence[AllowanceRow], owed: Sequence[AllowanceRow]) -> None:
        from aidtrack.ui import printing

        for row in owed:
            for one in row.promises:
                printing.print_promise(self._window, one.id)
        for row in waiting:
            if row.waiting is not None:
                printing.print_wait(self._window, row.waiting.id)
