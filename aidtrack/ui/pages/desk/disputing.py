"""A dispute at the shift lead's window: both look at the hand-over together, one digit says how it ended.

Owns the questions. What the Desk shows afterwards is the page's work; the right family is scanned or found there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.queueing import Stage
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, messages
from aidtrack.ui.approving import Word, WordDialog
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.page import Action
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.request import Requests

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.services.disputes import DisputeReceipt, PastRow
    from aidtrack.services.handover import DeskView


class Disputing(QObject):
    """`settled` carries the outcome: the family is read again, or done. `wants_family`: the right one is to be found."""

    settled = Signal(object)
    wants_family = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._household: UUID | None = None
        self._moving: UUID | None = None
        self._requests = Requests()

    @property
    def is_moving(self) -> bool:
        """Whether the next family that is scanned or found is the one that has the goods."""
        return self._moving is not None

    def is_about(self, view: DeskView) -> bool:
        """Whether this family stands at the shift lead's window with a number that was sent there."""
        return view.ticket is not None and view.ticket.stage is Stage.SHIFT_LEAD and jobs.actor().may(Permission.APPROVE)

    def action(self, view: DeskView | None, word: Text, is_free: bool) -> Action:
        """Asks how it ended, where a shift lead has a family open."""
        may = view is not None and is_free and jobs.actor().may(Permission.APPROVE)
        return Action(word, lambda: self.ask(view.family.id) if view is not None else None, may)

    def ask(self, household_id: UUID) -> None:
        """What is in the book about this family, then how it ended."""
        from aidtrack.services import disputes

        self._household = household_id
        jobs.read(partial(disputes.past, household_id=household_id), owner=self, then=self._ask_which)

    def _ask_which(self, rows: tuple[PastRow, ...]) -> None:
        if len(rows) == 1:
            self._ask_outcome(rows[0])
            return
        if not rows:
            self._ask_outcome(None)
            return
        answers = [Answer(row, sentences.given_first(row.row.given), second=_signed(row)) for row in rows]
        title = Text("Which hand-over is it about?")
        question = Question(self._window, title=title, answers=answers, name="dispute_which", width=620)
        question.answered.connect(lambda row: QTimer.singleShot(0, self, partial(self._ask_outcome, row)))
        question.open()

    def _ask_outcome(self, row: PastRow | None) -> None:
        """The book as a sentence to say, and the five outcomes by digit."""
        answers = [Answer(one, one.text, row is not None or not one.needs_hand_over) for one in Outcome]
        facts = facts_of(row) if row is not None else Text("The book shows nothing given to this family.")
        question = Question(
            self._window, title=Text("How did it end?"), facts=facts, answers=answers, foot=Text("The number keeps its time"),
            name="dispute_outcome", width=620,
        )  # fmt: skip
        question.answered.connect(partial(self._on_outcome, row))
        question.open()

    def _on_outcome(self, row: PastRow | None, outcome: Outcome) -> None:
        hand_over_id = row.id if row is not None else None
        if outcome is Outcome.OUR_ERROR and row is not None and row.is_earlier and not jobs.actor().may(Permission.CHANGE_PAST):
            QTimer.singleShot(0, self, partial(self._ask_coordinator, row))
        elif outcome is Outcome.WRONG_FAMILY:
            self._moving = hand_over_id
            text = Text("Scan the card of the family that has the goods, or find it. Esc: back")
            messages.attention(text, icon="scan-line")
            QTimer.singleShot(0, self.wants_family.emit)
        else:
            self._settle(outcome, hand_over_id)

    def _ask_coordinator(self, row: PastRow) -> None:
        """What stands in the figures of an earlier day a coordinator takes back, here and now or later."""
        answers = [
            Answer(True, Text("a coordinator is here: cancel it now")),
            Answer(False, Text("later: the family is given more by the shift lead’s word")),
        ]
        words = Text("A hand-over of an earlier day is cancelled by a coordinator. Its day keeps its figures, the cancelling is of today.")
        question = Question(
            self._window, title=Text("The hand-over is of {day}", day=row.row.day), facts=words, answers=answers, name="dispute_earlier",
            width=620,
        )  # fmt: skip
        question.answered.connect(lambda is_here: QTimer.singleShot(0, self, partial(self._on_coordinator, row, is_here)))
        question.open()

    def _on_coordinator(self, row: PastRow, is_here: bool) -> None:
        if not is_here:
            self._settle(Outcome.OUR_ERROR, row.id)
            return
        dialog = WordDialog(
            self._window, facts_of(row), title=Text("A coordinator cancels it"), main=Text("Cancel the hand-over"),
            foot=Text("It stands in the evening’s report. Esc: nothing happens."), name="dispute_word", needs=Permission.CHANGE_PAST,
        )  # fmt: skip
        Word(self, dialog, lambda approver: self._settle(Outcome.OUR_ERROR, row.id, approver=approver))

    def move_to(self, household_id: UUID) -> None:
        """This family has the goods."""
        moving, self._moving = self._moving, None
        if moving is not None:
            self._settle(Outcome.WRONG_FAMILY, moving, household_id)

    def stop_moving(self) -> None:
        """Back: nothing is settled."""
        self._moving = None
        messages.clear()

    def _settle(
        self, outcome: Outcome, hand_over_id: UUID | None, other: UUID | None = None, approver: Actor | None = None
    ) -> None:
        from aidtrack.services import disputes

        facts: dict[str, Any] = {
            "household_id": self._household, "outcome": outcome, "hand_over_id": hand_over_id, "other_household_id": other,
        } | ({"approver": approver} if approver else {})  # fmt: skip
        what = (*list(facts.values())[:4], approver.user_id if approver else None)
        request_id = self._requests.id_of(what)

        def failed(error: BaseException) -> None:
            self._requests.ended(what, request_id, error)
            messages.show_error(error)

        settle = partial(disputes.settle_dispute, request_id=request_id, **facts)
        jobs.write(settle, owner=self, then=self._on_settled, failed=failed)

    def _on_settled(self, receipt: DisputeReceipt) -> None:
        messages.done(said(receipt), icon="users", undo=partial(self.undo, receipt.id))
        self.settled.emit(receipt)

    def undo(self, dispute_id: UUID) -> None:
        """Ctrl+Z: it did not end like that."""
        from aidtrack.services import disputes

        request_id = self._requests.id_of(("undo", dispute_id))
        undo = partial(disputes.undo_dispute, request_id=request_id, dispute_id=dispute_id)
        jobs.write(undo, owner=self, then=self._on_undone)

    def _on_undone(self, receipt: DisputeReceipt) -> None:
        messages.done(said_undone(receipt), icon="undo-2")
        self.settled.emit(receipt)


def facts_of(row: PastRow) -> Text:
    """“The book shows soap on 12 August at 14:10. Let us look together.”, and where to look."""
    given = sentences.given(row.row.given)
    when = Text("{day} at {time}", day=sentences.on_day(row.row.day), time=i18n.clock_time(row.at, jobs.zone()))
    book = Text("Say: “The book shows {given}, {when}. Let us look together.”", given=given, when=when)
    return Text("{book} {place}", book=book, place=_place(row))


def _signed(row: PastRow) -> str:
    return tr("{day}, signed {place}", day=sentences.on_day(row.row.day), place=str(row.signed_at))


def _place(row: PastRow) -> str:
    collector = row.row.collector or tr("nobody written down")
    return tr(
        "Window {window}, {operator}; collected by {collector}; signed on sheet {signed}", window=row.signed_at.window,
        operator=row.operator or "—", collector=collector, signed=str(row.signed_at),
    )  # fmt: skip


def said_undone(receipt: DisputeReceipt) -> Text:
    """What stands now."""
    if receipt.outcome is Outcome.OUR_ERROR and receipt.to_cancel is None:
        return Text("Taken back. The hand-over stays cancelled: hand it over again.")
    return Text("Taken back: the dispute is open again.")


def said(receipt: DisputeReceipt) -> Text:
    """What follows now."""
    match receipt.outcome:
        case Outcome.OUR_ERROR if receipt.to_cancel is not None:
            return Text("Our error is written down: hand over now by the shift lead’s word. A coordinator cancels that of {day}: F7",
                        day=receipt.to_cancel)  # fmt: skip
        case Outcome.OUR_ERROR:
            return Text("Our error is written down: hand over now")
        case Outcome.WRONG_FAMILY:
            return Text("The hand-over stands with the right family; this one can be served")
        case Outcome.OTHER_COLLECTOR:
            return Text("That person no longer collects for this family")
        case Outcome.SIGNATURE if receipt.next_day is not None:
            return Text("Done: the family comes again from {day}", day=receipt.next_day)
        case Outcome.SIGNATURE:
            return Text("Done: the signature was shown")
    return Text.plural(
        "In good faith: F7, “More than is due”, hands over now; {n} more such today",
        "In good faith: F7, “More than is due”, hands over now; {n} more such today",
        n=receipt.left_today,
    )
