"""Promises that were not kept, asked about item by item: a new date, or an honest cancellation with its reason. Esc leaves them overdue.

Owns the questions. Where they are asked from, the Day or the Stock, is the page's choice.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import EndReason
from aidtrack.errors import Names, Text
from aidtrack.services import days, promises
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import DateInput
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

NEW_DATE = "new date"


def ask_late(session: Session, by: Actor, *, item_id: UUID) -> tuple[date, promises.ToAnswer | None]:
    """The day, and what of this item is to be answered."""
    day = days.day_state(session, by).day
    return day, next((one for one in promises.to_answer(session, by, day) if one.item_id == item_id), None)


class LatePromises(QObject):
    """`answered`: something was written, whoever shows promises reads again."""

    answered = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask(self, item_id: UUID) -> None:
        """Asks about everything of one item that was not kept."""
        jobs.read(partial(ask_late, item_id=item_id), owner=self, then=self._show)

    def _show(self, found: tuple[date, promises.ToAnswer | None]) -> None:
        today, late = found
        if late is not None and jobs.actor().may(Permission.PROMISE):
            self.ask_about(late.ids, late.names, today)
        elif late is not None:
            messages.attention(Text("The shift lead or the coordinator dates promises anew."), icon="lock")

    def ask_about(self, promise_ids: tuple[UUID, ...], names: Names, today: date) -> None:
        """These promises of one item: 1 a new date, else the reason of an honest end."""
        answers = [Answer(NEW_DATE, Text("a new date"))]
        answers += [Answer(reason, Text("cancel: {why}", why=reason.text)) for reason in EndReason]
        what = i18n.pick(names, i18n.language())
        question = Question(
            self._window,
            title=Text.plural("{n} promise: {item}", "{n} promises: {item}", n=len(promise_ids), item=what),
            answers=answers,
            facts=Text("Whoever was promised hears it from the list at the door."),
            foot=Text("Left as they are, they stand as overdue"),
            name="late_promises",
            width=560,
        )
        then = partial(self._on_chosen, promise_ids, today)
        question.answered.connect(lambda one: QTimer.singleShot(0, partial(then, one)))
        question.open()

    def _on_chosen(self, promise_ids: tuple[UUID, ...], today: date, chosen: EndReason | str) -> None:
        if isinstance(chosen, EndReason):
            cancel = partial(promises.cancel_promises, request_id=new_id(), promise_ids=promise_ids, reason=chosen)
            jobs.write(cancel, owner=self, then=self._on_cancelled)
        else:
            dialog = NewDateDialog(self._window, today)
            dialog.accepted_values.connect(lambda values: self._date(dialog, promise_ids, values))
            dialog.open()

    def _date(self, dialog: FormDialog, promise_ids: Sequence[UUID], values: dict[str, Any]) -> None:
        anew = partial(promises.date_promises, request_id=new_id(), promise_ids=tuple(promise_ids), until=values["until"])
        jobs.write(anew, owner=self, then=partial(self._on_dated, dialog), failed=dialog.failed)

    def _on_dated(self, dialog: FormDialog, receipt: promises.DatedReceipt) -> None:
        dialog.done_close()
        text = Text.plural("{n} promise has its new date", "{n} promises have their new date", n=receipt.dated)
        if receipt.left:
            text = Text("{done}; {left} found no goods and stay overdue.", done=text, left=receipt.left)
        messages.done(text, icon="bookmark-check")
        self.answered.emit()

    def _on_cancelled(self, number: int) -> None:
        messages.done(Text.plural("{n} promise cancelled", "{n} promises cancelled", n=number), icon="bookmark-check")
        self.answered.emit()


class NewDateDialog(FormDialog):
    """The day the families are told."""

    def __init__(self, parent: QWidget, today: date, title: Text | None = None) -> None:
        super().__init__(parent, title=title or Text("A new date"), main=Text("Save"), name="new_date_dialog")
        until = DateInput(optional=False)
        until.today = today
        self.body.addWidget(self.form.add(Field(Text("By which day"), until, Text("15.8 will do"), name="until")))
