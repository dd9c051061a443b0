"""Two records of people side by side: how likely they are one person, the verdict and the reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from aidtrack.domain.identity.evidence import Evidence, weigh
from aidtrack.domain.identity.facts import Face, Known, face_of
from aidtrack.errors import Text

SAME_FROM = 0.95
PERHAPS_FROM = 0.5
PRIOR = math.log(0.2 / 10_000)
MEMBER_MATCHES = 0.6
MOST_FROM_FAMILY = 6.0


class Verdict(StrEnum):
    """*Same* must be answered, *perhaps* may be passed, *other* is not shown."""

    SAME = "same"
    PERHAPS = "perhaps"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two records are one person, 0 to 1, and why, the strongest reason first."""

    score: float
    verdict: Verdict
    reasons: tuple[Text, ...] = ()


def compare(a: Known, b: Known) -> Likeness:
    """Symmetric; never fails. A record that says nothing is like nobody."""
    own = weigh(face_of(a), face_of(b))
    if not own.is_enough:
        return Likeness(0.0, Verdict.OTHER)
    shared = _shared(a, b)
    total = PRIOR + own.weight + min(MOST_FROM_FAMILY, 3.0 * shared)
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    return Likeness(score, verdict_of(score), (*own.reasons, *_family_reason(shared)))


def verdict_of(score: float) -> Verdict:
    """The verdict a score stands for."""
    return Verdict.SAME if score >= SAME_FROM else Verdict.PERHAPS if score >= PERHAPS_FROM else Verdict.OTHER


def _shared(a: Known, b: Known) -> int:
    """How many others of the two families are the same people, each counted once."""
    left = [face_of(other) for other in b.others]
    count = 0
    for other in a.others:
        face = face_of(other)
        best = max(left, key=lambda mine: _weight(face, mine), default=None)
        if best is not None and _weight(face, best) > -math.log(MEMBER_MATCHES / 10):
            left.remove(best)
            count += 1
    return count


def _weight(a: Face, b: Face) -> float:
    found: Evidence = weigh(a, b)
    return found.weight if found.is_enough else -math.inf


def _family_reason(shared: int) -> tuple[Text, ...]:
    if not shared:
        return ()
    return (Text.plural("{n} of the same family members", "{n} of the same family members", n=shared),)
