"""What is asked on the page Queue: what to do with a number, why it is called before others, and how far a paper roll has come.

Owns the questions and forms. What is done with the answers is said by `wants`; forms save by themselves and keep what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.queueing import Lane, Stage, label
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services import disputes, queueing
from aidtrack.services.queueing import BlockRow, TicketRow, WindowRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import NumberInput, TextInput
from aidtrack.ui.parts import DigitChips, Field
from aidtrack.ui.request import Request

URGENT = Text("urgent: cannot wait, staff fetch the family")
_OF_A_ROLL = ("lane", "number", "first")
ROLL = 100
"""Numbers on a usual roll."""


class Asking(QObject):
    """`wants(use_case, ticket_id)`: done at once; `done(ticket)`: a form saved."""

    wants = Signal(object, object, object)
    done = Signal(object)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page

    # ── a number ──

    def about(self, ticket_id: UUID, number: str, windows: Sequence[WindowRow], *, is_missed: bool) -> None:
        """What to do with a number of the lists. `windows` are those it may be sent to."""
        first = Answer("back", Text("is here after all")) if is_missed else Answer("jump", Text("call before others …"))
        answers = [
            first,
            Answer("gone", Text("the family has gone")),
            Answer("lead", Text("to the shift lead")),
            Answer("cancel", Text("cancel the number …")),
            Answer("stage", Text("to another window …")),
            Answer("tomorrow", Text("tomorrow: with an hour, first in the line M")),
        ]
        question = Question(self._page, title=number, answers=answers, name="ticket_question")
        question.answered.connect(partial(self._on_about, ticket_id, number, windows))
        question.open()

    def _on_about(self, ticket_id: UUID, number: str, windows: Sequence[WindowRow], what: object) -> None:
        match what:
            case "back":
                self.wants.emit(queueing.bring_back, ticket_id, {})
            case "gone":
                self.wants.emit(queueing.gone, ticket_id, {})
            case "lead":
                self.wants.emit(queueing.move_stage, ticket_id, {"stage": Stage.SHIFT_LEAD})
            case "tomorrow":
                self.wants.emit(queueing.put_off, ticket_id, {})
            case "stage":
                QTimer.singleShot(0, self, partial(self.ask_where, ticket_id, number, windows))
            case "jump":
                QTimer.singleShot(0, self, partial(self._ask_jump, ticket_id, number))
            case _:
                QTimer.singleShot(0, self, partial(self._ask_cancel, ticket_id, number))

    def ask_where(self, ticket_id: UUID, number: str, windows: Sequence[WindowRow]) -> None:
        """One window, or whichever is free for what comes next."""
        answers = [Answer(stage, Text("whichever is free: {stage}", stage=stage.text)) for stage in Stage]
        answers += [Answer(one.desk_id, _window_name(one), second=_does(one)) for one in windows]
        title, foot = Text("{label}: to which window?", label=number), Text("The number keeps its time")
        question = Question(self._page, title=title, answers=answers, foot=foot, name="which_stage", width=560)
        question.answered.connect(partial(self._on_where, ticket_id))
        question.open()

    def _on_where(self, ticket_id: UUID, where: object) -> None:
        if isinstance(where, UUID):
            self.wants.emit(queueing.send_to_window, ticket_id, {"desk_id": where})
        else:
            self.wants.emit(queueing.move_stage, ticket_id, {"stage": where})

    def _ask_jump(self, ticket_id: UUID, number: str) -> None:
        """Urgent is one digit; anything else is said in words. Both stand in the report of the day."""
        answers = [Answer("urgent", URGENT), Answer("other", Text("another reason …"))]
        title = Text("Call {label} before others: why?", label=number)
        foot = Text("The reason stands in the report of the day")
        question = Question(self._page, title=title, answers=answers, foot=foot, name="why_jump")
        question.answered.connect(partial(self._on_jump, ticket_id, number))
        question.open()

    def _on_jump(self, ticket_id: UUID, number: str, why: object) -> None:
        if why == "urgent":
            self.wants.emit(queueing.call_ticket, ticket_id, {"reason": tr(URGENT.msgid)})
        else:
            title = Text("Call {label} before others", label=number)
            form = partial(self._ask_reason, ticket_id, title, Text("Call the number"), queueing.call_ticket, "jump_ticket")
            QTimer.singleShot(0, self, form)

    def _ask_cancel(self, ticket_id: UUID, number: str) -> None:
        title = Text("Cancel {label}", label=number)
        self._ask_reason(ticket_id, title, Text("Cancel the number"), queueing.cancel_ticket, "cancel_ticket")

    def _ask_reason(self, ticket_id: UUID, title: Text, main: Text, use_case: Callable[..., TicketRow], name: str) -> None:
        dialog = FormDialog(self._page, title=title, main=main, name=name)
        field = Field(Text("Why, in a few words"), TextInput(), name="reason")
        _add(dialog, field)
        self._save_by(dialog, lambda values: partial(use_case, ticket_id=ticket_id, reason=values["reason"]))

    # ── paper rolls ──

    def rolls(self, rows: Sequence[BlockRow]) -> None:
        """Which roll has come how far, or a new one."""
        answers = [Answer(row, _come_to(row), second=_roll_words(row)) for row in rows if row.left]
        answers.append(Answer(None, Text("Numbers for a new roll …")))
        question = Question(self._page, title=Text("Paper rolls"), answers=answers, name="rolls", width=560)
        question.answered.connect(lambda row: QTimer.singleShot(0, self, partial(self._on_roll, row)))
        question.open()

    def _on_roll(self, row: BlockRow | None) -> None:
        if row is None:
            self._ask_new_roll()
        else:
            self._ask_come_to(row)

    def _ask_new_roll(self) -> None:
        dialog = FormDialog(self._page, title=Text("Numbers for a paper roll"), main=Text("Cut the numbers"), name="new_roll")
        lane = DigitChips()
        lane.show_choices([(one, str(one)) for one in Lane])
        lane.set_value(Lane.A)
        number = NumberInput(1, 500, optional=False)
        number.set_value(ROLL)
        starts = Field(Text("A printed roll starts at"), NumberInput(1, 99_999), Text("empty: the next number"), name="first")
        _add(dialog, Field(Text("Line"), lane, name="lane"), Field(Text("How many numbers"), number, name="number"), starts)
        self._save_by(dialog, lambda typed: partial(queueing.cut_block, **{one: typed[one] for one in _OF_A_ROLL}), _say_start)

    def _ask_come_to(self, row: BlockRow) -> None:
        dialog = FormDialog(self._page, title=_come_to(row), main=Text("Take the numbers in"), name="roll_come_to")
        number = NumberInput(row.first, row.last, optional=False)
        _add(dialog, Field(Text("The last number that was given"), number, name="given_to"))
        take_in = partial(queueing.take_in_block, block_id=row.id)
        self._save_by(dialog, lambda values: partial(take_in, given_to=values["given_to"]), say_come_to)

    # ── good faith ──

    def good_faith(self, a_day: int) -> None:
        """How many disputes a day may end in good faith; the coordinator says."""
        dialog = FormDialog(self._page, title=Text("Given in good faith"), main=Text("Save"), name="good_faith")
        number = NumberInput(0, 100, optional=False)
        number.set_value(a_day)
        _add(dialog, Field(Text("How many a day"), number, Text("the shift lead decides on each"), name="a_day"))
        self._save_by(dialog, lambda values: partial(disputes.set_good_faith, a_day=values["a_day"]), _say_good_faith)

    # ── inside ──

    def _save_by(self, dialog: FormDialog, work: Callable[[dict[str, Any]], Any], say: Callable[[Any], object] | None = None) -> None:
        """F9 sends the same request until it is answered; what was typed stays where it cannot be saved."""
        request = Request()

        def save(values: dict[str, Any]) -> None:
            send = partial(work(values), request_id=request.id_of(tuple(sorted(map(str, values.items())))))
            jobs.write(send, owner=dialog, then=done, failed=failed)

        def failed(error: BaseException) -> None:
            request.ended(error)
            dialog.failed(error)

        def done(answer: Any) -> None:
            dialog.done_close()
            (say or self.done.emit)(answer)

        dialog.accepted_values.connect(save)
        dialog.open()


def _add(dialog: FormDialog, *fields: Field) -> None:
    for field in fields:
        dialog.body.addWidget(field)
        dialog.form.add(field)


def _window_name(row: WindowRow) -> Text | str:
    return row.name or Text("Window {n}", n=row.number)


def _does(row: WindowRow) -> str:
    return ", ".join(i18n.render(stage.text, i18n.language()) for stage in row.stages)


def _say_good_faith(a_day: int) -> None:
    messages.done(Text.plural("{n} a day in good faith", "{n} a day in good faith", n=a_day))


def _come_to(row: BlockRow) -> Text:
    return Text("The roll from {start} has come to …", start=row.start_at)


def _roll_words(row: BlockRow) -> Text:
    if not row.given_to:
        return Text("none given yet")
    return Text("given to {label}", label=label(row.lane, row.given_to))


def _say_start(row: BlockRow) -> None:
    words = Text("Start the roll at {start}, up to {last}. The computer goes on behind it.", start=row.start_at, last=_last(row))
    messages.done(words, icon="ticket")


def _last(row: BlockRow) -> str:
    return label(row.lane, row.last)


def say_come_to(row: BlockRow) -> None:
    """So far the roll has come."""
    messages.done(Text("All numbers up to {label} stand in the line.", label=label(row.lane, row.given_to)), icon="ticket")
