"""The queue at work: numbers given, called, served, missed, brought back and taken back; the board and the door.

Every change is one event of one number, appended under the number's lock. Who is next is decided by `domain.queueing`.
"""

from aidtrack.services.queueing.board import LaneRow, LineRow, NextRow, QueueBoard, WindowRow, ahead_of, board
from aidtrack.services.queueing.calling import (
    bring_back,
    call_next,
    call_ticket,
    cancel_ticket,
    gone,
    move_stage,
    not_here,
    reopen_ticket,
    serve,
    start_serving,
    undo_last,
)
from aidtrack.services.queueing.issuing import issue_ticket, mark_printed, tie_ticket
from aidtrack.services.queueing.tickets import TicketRow, current_ticket, ticket_row, ticket_rows

__all__ = [
    "LaneRow",
    "LineRow",
    "NextRow",
    "QueueBoard",
    "TicketRow",
    "WindowRow",
    "ahead_of",
    "board",
    "bring_back",
    "call_next",
    "call_ticket",
    "cancel_ticket",
    "current_ticket",
    "gone",
    "issue_ticket",
    "mark_printed",
    "move_stage",
    "not_here",
    "reopen_ticket",
    "serve",
    "start_serving",
    "ticket_row",
    "ticket_rows",
    "tie_ticket",
    "undo_last",
]
