"""What was given on paper without power: typed in afterwards a line a family, never refused, and explained until nothing is missing."""

from aidtrack.services.on_paper.entering import PaperReceipt, enter_paper_line, take_back_line
from aidtrack.services.on_paper.explaining import OwedRow, came_with, owed_goods
from aidtrack.services.on_paper.kit import ready_roll
from aidtrack.services.on_paper.looking import (
    EnteredRow,
    PaperFamily,
    PaperItem,
    PaperView,
    WindowLines,
    family_of_card,
    items_of_today,
    missing_lines,
    paper_ended,
    paper_view,
    place_of,
)

__all__ = [
    "EnteredRow",
    "OwedRow",
    "PaperFamily",
    "PaperItem",
    "PaperReceipt",
    "PaperView",
    "WindowLines",
    "came_with",
    "enter_paper_line",
    "family_of_card",
    "items_of_today",
    "missing_lines",
    "owed_goods",
    "paper_ended",
    "paper_view",
    "place_of",
    "ready_roll",
    "take_back_line",
]
