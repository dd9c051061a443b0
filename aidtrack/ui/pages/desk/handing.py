"""F9 of the Desk: one family or several are handed over, with the shift lead's approval where more than due is given.

Owns the request and its retry. What is shown before and after is the page's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.handover import HandOverDraft, MoreDraft
from aidtrack.errors import Refused
from aidtrack.ui import jobs
from aidtrack.ui.pages.desk.approving import Approving
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.handover import HandOverReceipt

LIFTED_BY_LEAD = ("too-many-families", "spot-count")
"""What a shift lead may allow at this window."""


class Handing(QObject):
    """`began`: wait; `given` carries the receipts in the order of the families, `failed` the error."""

    began = Signal()
    given = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.approving = Approving(window)
        self._request = Request()

    @property
    def is_open(self) -> bool:
        """Whether something was sent and nobody knows what became of it: F9 sends the same again."""
        return self._request.is_open

    def forget(self) -> None:
        """Another family is open: what was sent before is not sent again."""
        self._request.ended()

    def press(self, drafts: Sequence[HandOverDraft], *, is_more: bool) -> None:
        """Books them, after a shift lead allowed more where that is asked."""
        if is_more:
            self.approving.ask(partial(self._send_approved, tuple(drafts)))
        else:
            self._send(tuple(drafts), None)

    def _send_approved(self, drafts: tuple[HandOverDraft, ...], approver: Actor, more: MoreDraft) -> None:
        self._send(tuple(replace(draft, more=more) for draft in drafts), approver)

    def _send(self, drafts: tuple[HandOverDraft, ...], approver: Actor | None) -> None:
        request_id = self._request.id_of((drafts, approver.user_id if approver else None))
        give = partial(_give, request_id=request_id, drafts=drafts, approver=approver)
        self.began.emit()
        jobs.write(give, owner=self, then=self._on_given, failed=partial(self._on_failed, drafts, approver))

    def _on_given(self, receipts: tuple[HandOverReceipt, ...]) -> None:
        self._request.ended()
        self.given.emit(receipts)

    def _on_failed(self, drafts: tuple[HandOverDraft, ...], approver: Actor | None, error: BaseException) -> None:
        self._request.ended(error)
        self.failed.emit(error)
        if isinstance(error, Refused) and error.code in LIFTED_BY_LEAD and approver is None:
            self.approving.ask(partial(self._send_approved, drafts), error.text)


def _give(
    session: Session, by: Actor, *, request_id: UUID, drafts: tuple[HandOverDraft, ...], approver: Actor | None
) -> tuple[HandOverReceipt, ...]:
    from aidtrack.services import handover

    if len(drafts) == 1:
        return (handover.hand_over(session, by, request_id=request_id, draft=drafts[0], approver=approver),)
    return handover.hand_over_together(session, by, request_id=request_id, drafts=drafts, approver=approver)
