"""What the Desk does with a queue number: call the next one, not here, done, on to the shift lead, and every way back.

Owns no widget and keeps nothing. The page says which number is meant and goes on when it hears what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN, Lane, Stage, TicketState
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages, printing

if TYPE_CHECKING:
    from aidtrack.services.queueing import TicketRow


class QueueKeys(QObject):
    """`began`: wait; `failed` carries an error; `called` a number or None; `left`: the family is no longer at this window."""

    began = Signal()
    failed = Signal(object)
    called = Signal(object)
    left = Signal()

    def call_next(self) -> None:
        """F5."""
        from aidtrack.services import queueing

        self.began.emit()
        call = partial(queueing.call_next, request_id=new_id())
        jobs.write(call, owner=self, then=self._on_called, failed=self.failed.emit)

    def _on_called(self, ticket: TicketRow | None) -> None:
        if ticket is None:
            messages.attention(Text("Nobody waits for this window"), icon="users")
        else:
            messages.done(Text("Called: {ticket}", ticket=ticket.label), icon="ticket", undo=self.undo)
        self.called.emit(ticket)

    def undo(self) -> None:
        """The last step of a number, taken back."""
        from aidtrack.services import queueing

        jobs.write(partial(queueing.undo_last, request_id=new_id()), owner=self, then=lambda _: self.left.emit())

    def not_here(self, ticket: TicketRow) -> None:
        """F6: the place is kept."""
        from aidtrack.services import queueing

        send = partial(queueing.not_here, request_id=new_id(), ticket_id=ticket.id)
        self._send_away(send, lambda one: Text("{ticket}: not here, the place is kept", ticket=one.label))

    def finish(self, ticket: TicketRow) -> None:
        """Nothing else here: the number is served, or goes on to a window that hands over."""
        from aidtrack.services import queueing

        send = partial(queueing.finish_here, request_id=new_id(), ticket_id=ticket.id)
        self._send_away(send, _finished)

    def to_shift_lead(self, ticket: TicketRow | None, household_id: UUID | None) -> None:
        """F8: the number goes on with its time; a family without one gets one."""
        from aidtrack.services import queueing

        send: Any
        if ticket is not None:
            send = partial(queueing.move_stage, request_id=new_id(), ticket_id=ticket.id, stage=Stage.SHIFT_LEAD)
        else:
            facts: dict[str, Any] = {"lane": Lane.A, "household_id": household_id, "stage": Stage.SHIFT_LEAD}
            send = partial(queueing.issue_ticket, request_id=new_id(), **facts)
        jobs.write(send, owner=self, then=self._on_sent_on)

    def _on_sent_on(self, ticket: TicketRow) -> None:
        text = Text("{ticket} goes to the shift lead and keeps its time", ticket=ticket.label)
        messages.done(text, icon="arrow-right", undo=self.undo)
        page = self.parent()
        if isinstance(page, QWidget) and printing.has_printer():
            printing.print_ticket(page, ticket.id)  # “window 1, you need not queue again”
        self.left.emit()

    def take(self, ticket: TicketRow) -> None:
        """A number that belongs to no family yet stands at this window."""
        from aidtrack.services import queueing

        if ticket.state is TicketState.SERVING:
            return
        text = Text("{ticket} is at this window", ticket=ticket.label)
        start = partial(queueing.start_serving, request_id=new_id(), ticket_id=ticket.id)
        jobs.write(start, owner=self, then=lambda _: messages.done(text, icon="ticket", undo=self.undo))

    def tie(self, ticket: TicketRow | None, household_id: UUID, then: Callable[[], object]) -> None:
        """The number at the window, if it is nobody's yet, belongs to this family from now on; then it goes on."""
        from aidtrack.services import queueing

        if ticket is None or ticket.household_id is not None or ticket.state not in OPEN:
            then()
            return
        tie = partial(queueing.tie_ticket, request_id=new_id(), ticket_id=ticket.id, household_id=household_id)
        jobs.write(tie, owner=self, then=lambda _: then())

    def _send_away(self, send: Any, words: Callable[[TicketRow], Text]) -> None:
        jobs.write(send, owner=self, then=partial(self._on_away, words))

    def _on_away(self, words: Callable[[TicketRow], Text], ticket: TicketRow) -> None:
        messages.done(words(ticket), undo=self.undo)
        self.left.emit()


def _finished(ticket: TicketRow) -> Text:
    """Served, or on its way to the hand-over."""
    if ticket.state is TicketState.WAITING:
        return Text("{ticket} goes on to the hand-over and keeps its time", ticket=ticket.label)
    return Text("{ticket}: done", ticket=ticket.label)
