"""What is lent and comes back: how a loan ends. That it is due again only then is `domain.entitlement`'s."""

from __future__ import annotations

from enum import StrEnum

from aidtrack.errors import Problem, Text


class LoanEnd(StrEnum):
    """What became of a thing on loan. The order is the order of the digits on the screen."""

    SHELF = "shelf"
    SET_ASIDE = "set_aside"
    KEPT = "kept"

    @property
    def text(self) -> Text:
        return _WORDS[self]

    @property
    def came_back(self) -> bool:
        """Whether the goods are with us again."""
        return self is not LoanEnd.KEPT


_WORDS = {
    LoanEnd.SHELF: Text("back on shelf"),
    LoanEnd.SET_ASIDE: Text("set aside to check"),
    LoanEnd.KEPT: Text("stays with the family"),
}


def end_problems(end: LoanEnd, reason: str) -> list[Problem]:
    """What does not come back needs a reason."""
    is_missing = end is LoanEnd.KEPT and not reason
    return [Problem("reason", Text("Why does it not come back? One sentence."))] if is_missing else []
