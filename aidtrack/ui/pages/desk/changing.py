"""F7 of the Desk about goods: correcting a hand-over, exchanging a size, something else in place of what is out, no registration.

Owns which forms are asked and what they send. What the Desk shows afterwards is the page's work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.handover import LinesRefused, MoreDraft
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.approving import Approving
from aidtrack.ui.pages.desk.goods_forms import CorrectDialog, ExchangeDialog, InsteadDialog, UnregisteredDialog

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.domain.handover import LineDraft
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import CorrectReceipt, GoodsHere, HandOverReceipt, HistoryRow
    from aidtrack.ui.pages.desk.allowance import AllowancePanel
    from aidtrack.ui.pages.desk.allowance_line import AllowanceLine

MOST = 8


class Changing(QObject):
    """`changed`: something was booked, the Desk is to be read again; `given` carries the receipt of goods without registration."""

    changed = Signal()
    given = Signal(object)

    def __init__(self, window: QWidget, approving: Approving) -> None:
        super().__init__(window)
        self._window, self._approving = window, approving
        self._rows: Sequence[HistoryRow] = ()
        self._allowances: Sequence[AllowanceRow] = ()

    def show_family(self, rows: Sequence[HistoryRow], allowances: Sequence[AllowanceRow]) -> None:
        """What was given to the family that is open, and what it may have."""
        self._rows = [row for row in rows if not row.is_cancelled and row.given][:MOST]
        self._allowances = allowances

    @property
    def can_correct(self) -> bool:
        """Whether there is something to correct."""
        return bool(self._rows)

    # ── correcting ──

    def ask_correct(self) -> None:
        """One of several, or at once the only one."""
        if len(self._rows) == 1:
            self._read(self._rows[0], self._ask_lines)
            return
        answers = [Answer(row, sentences.given_first(row.given), second=sentences.signed_on(row)) for row in self._rows]
        title = Text("Correct a hand-over: which one?")
        question = Question(self._window, title=title, answers=answers, name="correct_which", width=560)
        question.answered.connect(lambda row: QTimer.singleShot(0, partial(self._read, row, self._ask_lines)))
        question.open()

    def _read(self, row: HistoryRow, then: Callable[[HistoryRow, Any], object]) -> None:
        def ask(session: Session, by: Actor) -> object:
            from aidtrack.services import handover

            return handover.given_as_drafts(session, row.id), handover.goods_here(session, by)

        jobs.read(ask, owner=self, then=partial(then, row))

    def _ask_lines(
        self, row: HistoryRow, found: tuple[Sequence[LineDraft], Sequence[GoodsHere]]
    ) -> None:
        drafts, here = found
        given = [line for line in row.given if line.rule_id is not None]
        dialog = CorrectDialog(self._window, sentences.signed_on(row), list(zip(drafts, given, strict=True)), here)
        sizes = {one.item_id: one.size_of for one in here}
        send = partial(self._correct, dialog, row, sizes, None, None)
        dialog.accepted_values.connect(lambda _values: send())
        dialog.open()

    def _correct(
        self,
        dialog: CorrectDialog,
        row: HistoryRow,
        sizes: dict[UUID, UUID | None],
        approver: Actor | None,
        more: MoreDraft | None,
    ) -> None:
        from aidtrack.services import handover

        values = dialog.form.values()
        draft = handover.CorrectionDraft(row.id, dialog.lines(sizes), values["where"], values["reason"], more)
        send = partial(handover.correct_hand_over, request_id=new_id(), draft=draft, approver=approver)
        failed = partial(self._on_not_corrected, dialog, row, sizes)
        jobs.write(send, owner=self, then=partial(self._on_corrected, dialog), failed=failed)

    def _on_not_corrected(
        self, dialog: CorrectDialog, row: HistoryRow, sizes: dict[UUID, UUID | None], error: BaseException
    ) -> None:
        """More than was due: the shift lead is asked; the form stays as it was filled."""
        dialog.failed(error)
        if isinstance(error, LinesRefused) and error.code == "more-than-allowed":
            self._approving.ask(partial(self._correct, dialog, row, sizes))

    def _on_corrected(self, dialog: CorrectDialog, receipt: CorrectReceipt) -> None:
        dialog.done_close()
        messages.done(
            Text("Corrected: {what} · signed on {place}", what=sentences.given(receipt.now.given), place=str(receipt.now.signed_at)),
            icon="pencil",
        )
        self.changed.emit()

    # ── a size ──

    def ask_exchange(self) -> None:
        """Sizes that were given today come back, others are given."""
        sized = {one.item_id: row for row in self._allowances for one in row.sizes}
        given = [
            (line.item_id, sentences.item_name(line.item_names), row.id)
            for row in self._rows
            for line in row.given
            if line.item_id in sized
        ]
        if not given:
            messages.attention(Text("Nothing with a size was given to this family."), icon="info")
            return
        choices = {
            item: [(one.item_id, f"{one.size} · {one.available}") for one in sized[item].sizes if one.item_id != item]
            for item, _, _ in given
        }
        dialog = ExchangeDialog(self._window, [(item, name, 0) for item, name, _ in given], choices)
        of = {item: hand_over for item, _, hand_over in given}
        dialog.accepted_values.connect(partial(self._exchange, dialog, of))
        dialog.open()

    def _exchange(self, dialog: ExchangeDialog, of: dict[UUID, UUID], values: dict[str, Any]) -> None:
        from aidtrack.services import handover

        old, new = values["old"], values["new"]
        send = partial(
            handover.exchange_size, request_id=new_id(), hand_over_id=of[old], from_item=old, to_item=new or old,
            quantity=values["quantity"],
        )  # fmt: skip
        jobs.write(send, owner=self, then=partial(self._on_exchanged, dialog), failed=dialog.failed)

    def _on_exchanged(self, dialog: ExchangeDialog, receipt: CorrectReceipt) -> None:
        dialog.done_close()
        messages.done(Text("Exchanged: {what}", what=sentences.given(receipt.now.given)), icon="refresh-cw")
        self.changed.emit()

    # ── something else ──

    def ask_instead(self, panel: AllowancePanel) -> None:
        """Which line, and what is given in its place."""
        from aidtrack.services import handover

        open_lines = [line for line in panel.lines if line.row.state in (AllowanceState.GIVE, AllowanceState.NONE_LEFT) and line.row.due]
        jobs.read(handover.goods_here, owner=self, then=partial(self._show_instead, open_lines))

    def _show_instead(self, lines: Sequence[AllowanceLine], here: Sequence[GoodsHere]) -> None:
        dialog = InsteadDialog(self._window, [line.row for line in lines], here)
        dialog.accepted_values.connect(partial(self._put_instead, dialog, lines))
        dialog.open()

    def _put_instead(self, dialog: InsteadDialog, lines: Sequence[AllowanceLine], values: dict[str, Any]) -> None:
        line = next((one for one in lines if one.row.rule_id == values["rule"]), None)
        goods = values["goods"]
        dialog.done_close()
        if line is not None and goods is not None:
            line.give_instead(goods if goods.item_id != line.row.item_id else None)

    # ── without registration ──

    def ask_unregistered(self) -> None:
        """Goods for people nobody writes down."""
        from aidtrack.services import handover

        jobs.read(handover.goods_here, owner=self, then=self._show_unregistered)

    def _show_unregistered(self, here: Sequence[GoodsHere]) -> None:
        dialog = UnregisteredDialog(self._window, [one for one in here if not one.is_numbered])
        dialog.accepted_values.connect(lambda _: self._give(dialog))
        dialog.open()

    def _give(self, dialog: UnregisteredDialog) -> None:
        from aidtrack.services import handover

        send = partial(handover.hand_over_unregistered, request_id=new_id(), draft=dialog.draft())
        jobs.write(send, owner=self, then=partial(self._on_given, dialog), failed=dialog.failed)

    def _on_given(self, dialog: UnregisteredDialog, receipt: HandOverReceipt) -> None:
        dialog.done_close()
        self.given.emit(receipt)
