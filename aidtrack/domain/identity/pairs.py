"""All records of a file against each other: which pairs are worth a person's time, and which of them hang together.

Pure and in memory: it can run in a process of its own. A second look takes in what the first one found: families around the two, and
that nobody is the same as two people who are known to be different.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from aidtrack.domain.identity.blocks import pairs_to_compare
from aidtrack.domain.identity.compare import PERHAPS_FROM, Likeness, likeness_of
from aidtrack.domain.identity.crowd import Crowd, crowd_of
from aidtrack.domain.identity.evidence import weigh
from aidtrack.domain.identity.facts import Face, Known, face_of
from aidtrack.domain.identity.families import Match, match_families, table_of
from aidtrack.errors import Refused, Text

Pair = tuple[int, int]
Progress = Callable[[int, int], object]

STEPS = 100
_FOLDED, _BLOCKED, _WEIGHED = 10, 25, 40
_WORTH_A_LOOK = -9.0
_REMEMBERED_FROM = -3.0
_UNKNOWN = -8.0
_SURE = 30.0


@dataclass(frozen=True, slots=True)
class Alike:
    """Two records by their place in the list (`a` < `b`); pairs of one `group` hang together."""

    a: int
    b: int
    likeness: Likeness
    group: int


@dataclass(slots=True)
class _Course:
    """How far the work is, and whether somebody has had enough of it."""

    progress: Progress | None
    cancelled: Callable[[], bool] | None

    def at(self, step: int) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Refused("stopped", Text("Stopped. Nothing was changed."))
        if self.progress is not None:
            self.progress(step, STEPS)


def similar_people(
    people: Sequence[Known],
    homes: Sequence[int],
    *,
    least: float = PERHAPS_FROM,
    answers: Mapping[Pair, bool] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Alike, ...]:
    """Pairs that score at least `least`, the likeliest first. People of one of `homes` are never the same.

    `answers`: pairs somebody has settled, True for one person; they are not asked again, and what was said of them counts.
    `progress(done, of)` hears how far it is; Refused with “stopped” soon after `cancelled()` is true.
    """
    course = _Course(progress, cancelled)
    course.at(0)
    faces = [face_of(known) for known in people]
    crowd = crowd_of(faces, homes)
    course.at(_FOLDED)
    matches = _settled(_matches(faces, homes, crowd, course), answers or {})
    matches = _against_others(matches, homes)
    course.at(STEPS)
    wanted = sorted((pair for pair in matches if pair not in (answers or {})), key=lambda p: (-matches[p].odds, p))
    found = [(pair, likeness_of(faces[pair[0]], faces[pair[1]], matches[pair], crowd)) for pair in wanted]
    return _grouped([(pair, likeness) for pair, likeness in found if likeness.score >= least], matches, homes)


def _matches(faces: Sequence[Face], homes: Sequence[int], crowd: Crowd, course: _Course) -> dict[Pair, Match]:
    """The first look finds families that may have met; the second compares them member by member."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for no, home in enumerate(homes):
        members[home].append(no)
    met = sorted(_families_that_met(faces, homes, crowd, course))
    found: dict[Pair, Match] = {}
    for no, (one, other) in enumerate(met):
        if no % 100 == 0:
            course.at(_WEIGHED + (STEPS - _WEIGHED) * no // len(met))
        left, right = members[one], members[other]
        table = table_of([faces[x] for x in left], [faces[y] for y in right], crowd)
        for match in match_families(table, crowd):
            if match.odds > _REMEMBERED_FROM:
                found[_pair(left[match.a], right[match.b])] = match
    return found


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _families_that_met(faces: Sequence[Face], homes: Sequence[int], crowd: Crowd, course: _Course) -> set[Pair]:
    pairs = pairs_to_compare(faces, homes)
    course.at(_BLOCKED)
    met: set[Pair] = set()
    for no, (a, b) in enumerate(pairs):
        if no % 1000 == 0:
            course.at(_BLOCKED + (_WEIGHED - _BLOCKED) * no // len(pairs))
        home = _pair(homes[a], homes[b])
        if home not in met:
            evidence = weigh(faces[a], faces[b], crowd)
            if crowd.prior + evidence.person + evidence.place > _WORTH_A_LOOK:
                met.add(home)
    return met


def _settled(matches: dict[Pair, Match], answers: Mapping[Pair, bool]) -> dict[Pair, Match]:
    """What people have said counts more than any likeness."""
    for pair, is_same in answers.items():
        known = matches.get(pair, Match(0, 0, 0.0, 0))
        matches[pair] = replace(known, odds=_SURE if is_same else -_SURE)
    return matches


def _against_others(matches: Mapping[Pair, Match], homes: Sequence[int]) -> dict[Pair, Match]:
    """Who is the same as one of two different people is not the other one: each takes from the odds of the other."""
    partners: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), match in matches.items():
        partners[a].append((b, match.odds))
        partners[b].append((a, match.odds))

    def rivals(of: int, chosen: int) -> float:
        return sum(exp(odds) for other, odds in partners[of] if homes[other] != homes[chosen] and apart(other, chosen))

    def apart(x: int, y: int) -> bool:
        known = matches.get(_pair(x, y))
        return x != y and (known is None or known.odds < 0)

    return {
        (a, b): replace(match, odds=match.odds - log(1 + rivals(a, b) + rivals(b, a)))
        for (a, b), match in matches.items()
    }


# ── groups ───────────────────────────────────────────────────────────────────────────────────────


def _grouped(
    found: Iterable[tuple[Pair, Likeness]], matches: Mapping[Pair, Match], homes: Sequence[int]
) -> tuple[Alike, ...]:
    """Each pair that holds with everybody its two already hang together with, the likeliest first; others are dropped."""
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    kept: list[tuple[Pair, Likeness]] = []
    for (a, b), likeness in found:
        left, right = group_of.setdefault(a, a), group_of.setdefault(b, b)
        mine, theirs = members.setdefault(left, [a]), members.setdefault(right, [b])
        if left != right:
            if _mean_odds(mine, theirs, matches, homes) < 0:
                continue
            mine += theirs
            group_of.update(dict.fromkeys(theirs, left))
            del members[right]
        kept.append(((a, b), likeness))
    numbers: dict[int, int] = {}
    return tuple(Alike(a, b, like, numbers.setdefault(group_of[a], len(numbers) + 1)) for (a, b), like in kept)


def _mean_odds(left: Sequence[int], right: Sequence[int], matches: Mapping[Pair, Match], homes: Sequence[int]) -> float:
    def odds(x: int, y: int) -> float:
        if homes[x] == homes[y]:
            return -_SURE
        known = matches.get(_pair(x, y))
        return max(-_SURE, min(-_UNKNOWN, known.odds)) if known else _UNKNOWN

    return sum(odds(x, y) for x in left for y in right) / (len(left) * len(right))
