"""A rule in the few words of a poster: for whom, how much else, when again. The whole sentence is `domain.campaigns`'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aidtrack.domain.campaigns import RuleDraft, conditions, how_often, who_fits
from aidtrack.domain.categories import CHILD_UNTIL
from aidtrack.domain.entitlement import Basis, Filters
from aidtrack.domain.people import Need, Sex
from aidtrack.domain.sizes import size_order
from aidtrack.errors import Names, Text


def whom(draft: RuleDraft) -> Text:
    """“per family”, “for each person”, “for each child under 2”, “for each woman of 12 to 49”."""
    wanted = draft.filters
    if draft.basis is Basis.HOUSEHOLD:
        return Text("for a family")
    if wanted.needs:
        return Text("for each: {needs}", needs=[Need(need).text for need in sorted(wanted.needs)])
    return _by_age(wanted)


_PERSON = Text("for each person"), Text("for each person of {a} and over"), Text("for each person of {a} to {b}")
_WOMAN = Text("for each woman"), Text("for each woman of {a} and over"), Text("for each woman of {a} to {b}")
_MAN = Text("for each man"), Text("for each man of {a} and over"), Text("for each man of {a} to {b}")


def _by_age(wanted: Filters) -> Text:
    low, high = wanted.age_from or 0, wanted.age_to
    if wanted.sex is None and high is not None and high <= CHILD_UNTIL and not low:
        return Text.plural("for each child under {n} year", "for each child under {n} years", n=high + 1)
    plain, over, within = {Sex.FEMALE.value: _WOMAN, Sex.MALE.value: _MAN}.get(wanted.sex or "", _PERSON)
    if wanted.age_from is None and high is None:
        return plain
    return Text(over.msgid, a=low) if high is None else Text(within.msgid, a=low, b=high)


def only(draft: RuleDraft, places: Sequence[Names]) -> tuple[Text, ...]:
    """What else must be so, each a short line: larger families, home places, ways of living, sizes and kinds of families."""
    more = [Text("from {people} people: {n}", people=band.people_from, n=band.quantity) for band in draft.bands]
    if draft.cap is not None:
        more.append(Text("{n} at most for a family", n=draft.cap))
    if draft.basis is Basis.HOUSEHOLD and draft.filters.looks_at_members:
        more.append(Text("where there is somebody {who}", who=who_fits(draft.filters)))
    return (*more, *conditions(draft.filters, places))


def again(draft: RuleDraft) -> Text:
    """“after 7 days”, “every day”, “once”, “once a month”."""
    if draft.every_days is not None and draft.every_days > 1:
        return Text.plural("after {n} day", "after {n} days", n=draft.every_days)
    return how_often(draft.every_days, monthly=draft.monthly, loan_days=draft.loan_days)


def in_order(sizes: Iterable[str]) -> tuple[str, ...]:
    """Sizes in their order."""
    return tuple(sorted(sizes, key=size_order))
