"""Hand-overs: giving by one press, several families at once or nobody's names, correcting and cancelling by counter-entries, and everything
the Desk shows about a family.

The entry points stand here; each is in the module of its name.
"""

from aidtrack.services.handover.cancelling import CancelReceipt, cancel_hand_over
from aidtrack.services.handover.collecting import word_of
from aidtrack.services.handover.correcting import (
    CorrectionDraft,
    CorrectReceipt,
    correct_hand_over,
    exchange_size,
    given_as_drafts,
)
from aidtrack.services.handover.deliveries import SheetOut, sheets_out, sign_in_sheet, sign_out_sheet
from aidtrack.services.handover.giving import hand_over, hand_over_together
from aidtrack.services.handover.lending import LoanRow, lent_for, loans, take_back
from aidtrack.services.handover.limits import limits, save_limits
from aidtrack.services.handover.receipts import GivenLine, HandOverReceipt, receipt
from aidtrack.services.handover.unregistered import given_without_registration, hand_over_unregistered
from aidtrack.services.handover.viewing import (
    DeskNow,
    DeskView,
    GoodsHere,
    HistoryRow,
    Scanned,
    desk_now,
    desk_view,
    goods_here,
    history,
    scanned,
    ticket_of,
)

__all__ = [
    "CancelReceipt",
    "CorrectReceipt",
    "CorrectionDraft",
    "DeskNow",
    "DeskView",
    "GivenLine",
    "GoodsHere",
    "HandOverReceipt",
    "HistoryRow",
    "LoanRow",
    "Scanned",
    "SheetOut",
    "cancel_hand_over",
    "correct_hand_over",
    "desk_now",
    "desk_view",
    "exchange_size",
    "given_as_drafts",
    "given_without_registration",
    "goods_here",
    "hand_over",
    "hand_over_together",
    "hand_over_unregistered",
    "history",
    "lent_for",
    "limits",
    "loans",
    "receipt",
    "save_limits",
    "scanned",
    "sheets_out",
    "sign_in_sheet",
    "sign_out_sheet",
    "take_back",
    "ticket_of",
    "word_of",
]
