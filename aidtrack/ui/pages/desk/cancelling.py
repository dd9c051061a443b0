"""Cancelling a hand-over at the Desk: which one, where the goods are, and whose they are now when another family has them.

Owns the questions and the move that waits for a card. What the Desk shows afterwards is the page's work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.pages.desk import sentences

if TYPE_CHECKING:
    from aidtrack.services.handover import CancelReceipt, HandOverReceipt, HistoryRow

MOST = 8


class Cancelling(QObject):
    """`cancelled`: it is booked, the Desk is to be read again. `wants_family`: the one that has the goods is to be found.

    `taken_back` carries the family whose hand-over was undone before the goods left.
    """

    cancelled = Signal()
    wants_family = Signal()
    taken_back = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._rows: Sequence[HistoryRow] = ()
        self._family = ""
        self._moving: UUID | None = None

    @property
    def is_moving(self) -> bool:
        """Whether the next family that is scanned or found is the one that has the goods."""
        return self._moving is not None

    def show_history(self, family: str, rows: Sequence[HistoryRow]) -> None:
        """What was given to the family that is open."""
        self._family, self._rows = family, [row for row in rows if not row.is_cancelled][:MOST]

    def rows(self) -> Sequence[HistoryRow]:
        """What can be cancelled, the newest first."""
        return self._rows

    def ask_which(self) -> None:
        """One of several, or at once the only one."""
        if len(self._rows) == 1:
            self._ask_where(self._rows[0].id)
            return
        answers = [Answer(row.id, sentences.given_first(row.given), second=sentences.signed_on(row)) for row in self._rows]
        title = Text("Cancel a hand-over: which one?")
        question = Question(self._window, title=title, answers=answers, name="cancel_which", width=560)
        question.answered.connect(lambda one: QTimer.singleShot(0, partial(self._ask_where, one)))
        question.open()

    def _ask_where(self, hand_over_id: UUID) -> None:
        row = next((row for row in self._rows if row.id == hand_over_id), None)
        if row is None:
            return
        question = Question(
            self._window,
            title=Text("Cancel hand-over: where are the goods?"),
            facts=f"{self._family} · {sentences.given(row.given)} · {sentences.signed_on(row)}",
            answers=[Answer(where, where.text) for where in GoodsAre],
            foot=Text("Nothing is deleted: a counter-entry is written"),
            name="cancel_where",
        )
        question.answered.connect(partial(self._on_where, hand_over_id))
        question.open()

    def _on_where(self, hand_over_id: UUID, where: GoodsAre) -> None:
        if where is GoodsAre.OTHER_FAMILY:
            self._moving = hand_over_id
            text = Text("Scan the card of the family that has the goods, or find it. Esc: back")
            messages.attention(text, icon="scan-line")
            QTimer.singleShot(0, self.wants_family.emit)
        else:
            self._cancel(hand_over_id, where)

    def move_to(self, household_id: UUID) -> None:
        """This family has the goods."""
        moving, self._moving = self._moving, None
        if moving is not None:
            self._cancel(moving, GoodsAre.OTHER_FAMILY, other=household_id)

    def stop_moving(self) -> None:
        """Back: nothing is cancelled."""
        self._moving = None
        messages.clear()

    def take_back(self, receipts: Sequence[HandOverReceipt]) -> None:
        """Undo: the goods have not left the window yet."""
        for one in receipts:
            self._cancel(one.id, GoodsAre.NEVER_LEFT, then=partial(self._on_taken_back, one.household_id))

    def _on_taken_back(self, household_id: UUID | None, receipt: CancelReceipt) -> None:
        messages.done(sentences.taken_back(receipt), icon="undo-2")
        if household_id is not None:
            self.taken_back.emit(household_id)

    def _cancel(
        self,
        hand_over_id: UUID,
        where: GoodsAre,
        *,
        other: UUID | None = None,
        then: Callable[[CancelReceipt], object] | None = None,
    ) -> None:
        from aidtrack.services import handover

        facts: dict[str, Any] = {"hand_over_id": hand_over_id, "where": where, "other_household_id": other}
        cancel = partial(handover.cancel_hand_over, request_id=new_id(), **facts)
        jobs.write(cancel, owner=self, then=then or self._on_cancelled)

    def _on_cancelled(self, receipt: CancelReceipt) -> None:
        messages.done(sentences.taken_back(receipt), icon="undo-2")
        self.cancelled.emit()
