"""What kind of family this is, read from who is in it: large, one adult with children, only older people, with children.

Owns the kinds and how they are told from ages. Nothing is asked for it and nothing stored: a birthday changes it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from aidtrack.errors import Text

CHILD_UNTIL, OLDER_FROM, MANY_CHILDREN = 17, 60, 3
"""Ages as the forms of the region count them: a child is under 18, an older person 60 or more, a large family has three children."""


class FamilyKind(StrEnum):
    """A kind of family a rule may ask for. One family can be of several."""

    WITH_CHILDREN = "with_children"
    LARGE = "large"
    ONE_ADULT = "one_adult"
    OLDER_ONLY = "older_only"

    @property
    def text(self) -> Text:
        return _WORDS[self]


_WORDS = {
    FamilyKind.WITH_CHILDREN: Text("with children"),
    FamilyKind.LARGE: Text("with three children or more"),
    FamilyKind.ONE_ADULT: Text("one adult with children"),
    FamilyKind.OLDER_ONLY: Text("only people of 60 and over"),
}


def kinds_of(ages: Iterable[int | None]) -> frozenset[FamilyKind]:
    """The kinds a family is, by the ages of those who are here. Whoever's age is not known is no child and not old."""
    told = list(ages)
    children = sum(age is not None and age <= CHILD_UNTIL for age in told)
    older = sum(age is not None and age >= OLDER_FROM for age in told)
    found = {
        FamilyKind.WITH_CHILDREN: children > 0,
        FamilyKind.LARGE: children >= MANY_CHILDREN,
        FamilyKind.ONE_ADULT: children > 0 and len(told) - children == 1,
        FamilyKind.OLDER_ONLY: bool(told) and older == len(told),
    }
    return frozenset(kind for kind, is_so in found.items() if is_so)
