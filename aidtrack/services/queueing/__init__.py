"""The queue at work: numbers given, called, served, missed, brought back and taken back; rolls, slots, the board and the door.

Every change is one event of one number, appended under the number's lock. Who is next is decided by `domain.queueing`.
"""

from aidtrack.services.queueing.blocks import BlockRow, block_of, blocks, cut_block, take_in_block
from aidtrack.services.queueing.board import LaneRow, LineRow, NextRow, QueueBoard, WindowRow, ahead_of, board
from aidtrack.services.queueing.calling import (
    bring_back,
    call_again,
    call_next,
    call_ticket,
    cancel_ticket,
    finish_here,
    gone,
    move_stage,
    not_here,
    reopen_ticket,
    send_to_window,
    serve,
    start_serving,
    undo_last,
)
from aidtrack.services.queueing.issuing import issue_ticket, mark_printed, tie_ticket
from aidtrack.services.queueing.slots import issue_for_tomorrow, put_off, slot_of
from aidtrack.services.queueing.tickets import TicketRow, current_ticket, ticket_row, ticket_rows
from aidtrack.services.queueing.turning_away import Said, TurnedAwayRow, turn_away, turned_away

__all__ = [
    "BlockRow",
    "LaneRow",
    "LineRow",
    "NextRow",
    "QueueBoard",
    "Said",
    "TicketRow",
    "TurnedAwayRow",
    "WindowRow",
    "ahead_of",
    "block_of",
    "blocks",
    "board",
    "bring_back",
    "call_again",
    "call_next",
    "call_ticket",
    "cancel_ticket",
    "current_ticket",
    "cut_block",
    "finish_here",
    "gone",
    "issue_for_tomorrow",
    "issue_ticket",
    "mark_printed",
    "move_stage",
    "not_here",
    "put_off",
    "reopen_ticket",
    "send_to_window",
    "serve",
    "slot_of",
    "start_serving",
    "take_in_block",
    "ticket_row",
    "ticket_rows",
    "tie_ticket",
    "turn_away",
    "turned_away",
    "undo_last",
]
