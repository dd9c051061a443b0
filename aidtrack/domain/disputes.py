"""How the shift lead ends a dispute: five outcomes, each with its digit and what follows from it (field.md §1, 26).

Owns the outcomes and their words. What is booked for each is `services.disputes`.
"""

from __future__ import annotations

from enum import StrEnum

from aidtrack.errors import Text

GOOD_FAITH_A_DAY = 5
"""So many are given in good faith in a day where the coordinator said nothing else."""


class Outcome(StrEnum):
    """In the order of the digits."""

    OUR_ERROR = "our_error"
    WRONG_FAMILY = "wrong_family"
    OTHER_COLLECTOR = "other_collector"
    SIGNATURE = "signature"
    GOOD_FAITH = "good_faith"

    @property
    def text(self) -> Text:
        return _WORDS[self]

    @property
    def needs_hand_over(self) -> bool:
        """Whether it is about one hand-over that stands in the book."""
        return self is not Outcome.GOOD_FAITH

    @property
    def goes_on(self) -> bool:
        """Whether the family is served after it; else it was told the next day and is done."""
        return self is not Outcome.SIGNATURE


_WORDS = {
    Outcome.OUR_ERROR: Text("our error, given now"),
    Outcome.WRONG_FAMILY: Text("wrong family: the hand-over moves to the right one"),
    Outcome.OTHER_COLLECTOR: Text("somebody else collected: that person no longer collects for this family"),
    Outcome.SIGNATURE: Text("the signature was shown, the next day was said"),
    Outcome.GOOD_FAITH: Text("given in good faith"),
}
