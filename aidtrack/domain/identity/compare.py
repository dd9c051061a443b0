"""Two records of people side by side: how likely they are one person, the verdict and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aidtrack.domain.identity.crowd import Crowd
from aidtrack.domain.identity.evidence import OTHER_PAPERS, born_weight, document_gap
from aidtrack.domain.identity.facts import Face, Known, face_of
from aidtrack.domain.identity.families import Match, chance, match_families, table_of
from aidtrack.domain.identity.reasons import reasons_for
from aidtrack.errors import Text

PERHAPS_FROM = 0.5
"""More likely one person than not: worth a person's time."""
REASONS_FROM = 0.1
"""Less likely pairs are shown to nobody and need no words."""
SAME_FROM = 0.97
"""So likely that the question must be answered before a second card is given."""

UNKNOWN_CROWD = Crowd()


class Verdict(StrEnum):
    """*Same* must be answered, and is never said for names alone; *perhaps* may be passed, *other* is not shown."""

    SAME = "same"
    PERHAPS = "perhaps"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two records are one person, 0 to 1, and why, the strongest reason first."""

    score: float
    verdict: Verdict
    reasons: tuple[Text, ...] = ()


NOBODY = Likeness(0.0, Verdict.OTHER)


def compare(a: Known, b: Known, crowd: Crowd = UNKNOWN_CROWD) -> Likeness:
    """Symmetric; never fails. A record that says nothing is like nobody. `crowd`: who else could be meant."""
    left = [face_of(one) for one in (a, *a.others)]
    right = [face_of(one) for one in (b, *b.others)]
    match = _matches(left, right, crowd).get((0, 0))
    return likeness_of(left[0], right[0], match, crowd) if match else NOBODY


def likest(left: Sequence[Face], right: Sequence[Face], crowd: Crowd = UNKNOWN_CROWD) -> tuple[int, int, Likeness]:
    """Who of one family is likest to whom of the other; of equals the first of `left`."""
    found = _matches(left, right, crowd)
    if not found:
        return 0, 0, NOBODY
    (x, y), match = max(found.items(), key=lambda one: (round(chance(one[1].odds), 4), -one[0][0]))
    return x, y, likeness_of(left[x], right[y], match, crowd)


def _matches(left: Sequence[Face], right: Sequence[Face], crowd: Crowd) -> dict[tuple[int, int], Match]:
    """All pairs of two families that could be one person."""
    is_turned = _stands_behind(left, right)  # sums of floats depend on their order
    table = table_of(right, left, crowd) if is_turned else table_of(left, right, crowd)
    return {(m.b, m.a) if is_turned else (m.a, m.b): m for m in match_families(table, crowd)}


def _stands_behind(left: Sequence[Face], right: Sequence[Face]) -> bool:
    """An order of families that needs no look at everything said of them, but where their names and births are equal."""
    one, other = ([(f.family or (), f.given or (), f.born or date.min) for f in faces] for faces in (left, right))
    return one > other if one != other else repr(left) > repr(right)


def likeness_of(a: Face, b: Face, match: Match, crowd: Crowd) -> Likeness:
    """The odds as a score, with its verdict; reasons only where there is something to show."""
    score = round(chance(match.odds), 4)
    verdict = verdict_of(score)
    if verdict is Verdict.SAME and not (match.shared or is_beyond_names(a, b)):
        verdict = Verdict.PERHAPS
    return Likeness(score, verdict, reasons_for(a, b, match.shared, crowd) if score >= REASONS_FROM else ())


def is_beyond_names(a: Face, b: Face) -> bool:
    """Whether anything but names and places is known to agree: whole villages bear one surname, and sons their father's name."""
    papers = bool(a.documents and b.documents) and document_gap(a, b) < OTHER_PAPERS
    return papers or not a.phones.isdisjoint(b.phones) or born_weight(a, b) > 0


def verdict_of(score: float) -> Verdict:
    """The verdict a score stands for."""
    return Verdict.SAME if score >= SAME_FROM else Verdict.PERHAPS if score >= PERHAPS_FROM else Verdict.OTHER
