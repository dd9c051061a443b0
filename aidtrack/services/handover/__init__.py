"""Hand-overs: giving by one press, cancelling by one counter-entry, and everything the Desk shows about a family.

The entry points stand here; each is in the module of its name.
"""

from aidtrack.services.handover.cancelling import CancelReceipt, cancel_hand_over
from aidtrack.services.handover.giving import GivenLine, HandOverReceipt, hand_over, receipt
from aidtrack.services.handover.viewing import (
    DeskNow,
    DeskView,
    HistoryRow,
    Scanned,
    desk_now,
    desk_view,
    history,
    scanned,
    ticket_of,
)

__all__ = [
    "CancelReceipt",
    "DeskNow",
    "DeskView",
    "GivenLine",
    "HandOverReceipt",
    "HistoryRow",
    "Scanned",
    "cancel_hand_over",
    "desk_now",
    "desk_view",
    "hand_over",
    "history",
    "receipt",
    "scanned",
    "ticket_of",
]
