"""What F7 of the Desk prints or shows about the family that is open: its card, its last slip, the aid form, what it has on loan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from aidtrack.services.handover import DeskView, HandOverReceipt, HistoryRow


def print_slip(owner: QWidget, rows: Sequence[HistoryRow], last: HandOverReceipt | None) -> None:
    """Of the newest hand-over of the open family, else of the last one at this window."""
    from aidtrack.ui import printing

    hand_over_id = rows[0].id if rows else last.id if last else None
    if hand_over_id is not None:
        printing.print_hand_over(owner, hand_over_id)


def print_form(owner: QWidget, view: DeskView | None) -> None:
    """Filled for the family that is open, else blank."""
    from aidtrack.ui import printing

    printing.print_form(owner, view.family.id if view is not None else None)


def print_card(owner: QWidget, view: DeskView) -> None:
    """The card of the family that is open."""
    from aidtrack.ui import printing

    printing.print_family_card(owner, view.family.id)


def show_loans(owner: QWidget, view: DeskView | None) -> None:
    """What the family has on loan, to be taken back piece by piece."""
    from aidtrack.ui import lending

    if view is not None:
        lending.show_loans(owner, view.family.id)
