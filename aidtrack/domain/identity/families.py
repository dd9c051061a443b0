"""What the family around two people says: others of it who are the same too, and that nobody is the same as two of one family.

Works on families as lists of faces. Of each pair three tales are weighed: one person, two relatives, two strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from aidtrack.domain.identity.crowd import Crowd
from aidtrack.domain.identity.evidence import Evidence, weigh
from aidtrack.domain.identity.facts import Face

Table = list[list[Evidence | None]]

_COMES_AGAIN = 0.8
"""A member of a family that is registered again is written down again."""
_FAMILIES = 1.2
"""How many families of a crowd of one person each are registered again."""
_MOVES = 0.03
"""Who is registered again, lives with other people."""
_GUEST = 0.1
_MOST_OF_ONE, _LEAST_SAID, _MOST_SAID = 10.0, -3.5, 14.0
_CONTRADICTED = -4.0
_COUNTS_FROM = 4.0
_FURTHEST = 40.0


@dataclass(frozen=True, slots=True)
class Match:
    """Two members of two families: log-odds that they are one person, and how many others around them are the same."""

    a: int
    b: int
    odds: float
    shared: int


def table_of(left: Sequence[Face], right: Sequence[Face], crowd: Crowd) -> Table:
    """Everybody of one family beside everybody of the other; None where there is nothing to go by."""
    return [[weigh(a, b, crowd) if is_comparable(a, b) else None for b in right] for a in left]


def is_comparable(a: Face, b: Face) -> bool:
    """Both have a name, or they have one paper: sex, age and phone alone tell nobody."""
    return (a.is_named and b.is_named) or not a.documents.isdisjoint(b.documents)


def match_families(table: Table, crowd: Crowd) -> list[Match]:
    """All pairs of two families with their odds, the members' rivalry taken in."""
    said = [[_said(evidence) for evidence in row] for row in table]
    together = max((e.place for row in table for e in row if e is not None), default=0.0)
    raw: dict[tuple[int, int], tuple[float, int]] = {}
    for a, row in enumerate(table):
        for b, evidence in enumerate(row):
            if evidence is not None:
                raw[a, b] = _odds(said, (a, b), evidence, together, crowd)
    return [Match(a, b, odds - _rivals(raw, a, b), shared) for (a, b), (odds, shared) in raw.items()]


def _said(evidence: Evidence | None) -> float:
    """What a pair says of its families: without the surname, which all of them share or none; contradicted, it says nothing."""
    if evidence is None or evidence.against < _CONTRADICTED:
        return -_FURTHEST
    return evidence.person - max(0.0, evidence.surname)


def _odds(
    said: list[list[float]], pair: tuple[int, int], evidence: Evidence, together: float, crowd: Crowd
) -> tuple[float, int]:
    """Log-odds of the pair, and how many of the others are the same."""
    rows, columns = len(said), len(said[0])
    person, kin, place = (min(_FURTHEST, x) for x in (evidence.person, evidence.kin, evidence.place))
    cousins = exp(min(_FURTHEST, kin + place)) * crowd.relatives / crowd.people
    if min(rows, columns) == 1:
        return crowd.prior + person + place - log(1 + cousins), 0
    others, shared = _others(said, *pair)
    is_family = chance(log(_FAMILIES / crowd.people) + others + together)
    again = is_family * _COMES_AGAIN / max(rows, columns)
    moved = (1 - is_family) * exp(crowd.prior + place) * _MOVES
    relatives = is_family * exp(kin) + (1 - is_family) * cousins
    strangers = is_family * _GUEST + 1 - is_family
    return person + log(again + moved) - log(relatives + strangers), shared


def chance(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + exp(-max(-_FURTHEST, min(_FURTHEST, odds))))


def _others(said: list[list[float]], a: int, b: int) -> tuple[float, int]:
    """What the rest of the two families says for one family, each member used once; and how many of them are the same."""
    rows, columns = len(said) - 1, len(said[0]) - 1
    for_it = [(w, x, y) for x, row in enumerate(said) if x != a for y, w in enumerate(row) if w > 0 and y != b]
    total, shared = 0.0, 0
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    for weight, x, y in sorted(for_it, reverse=True):
        if x in used_rows or y in used_columns:
            continue
        used_rows.add(x)
        used_columns.add(y)
        total += log(1 - _COMES_AGAIN + _COMES_AGAIN * exp(min(_MOST_OF_ONE, weight)) / max(rows, columns))
        shared += weight > _COUNTS_FROM
    total += (min(rows, columns) - len(used_rows)) * log(1 - _COMES_AGAIN)
    return max(_LEAST_SAID, min(_MOST_SAID, total)), shared


def _rivals(raw: dict[tuple[int, int], tuple[float, int]], a: int, b: int) -> float:
    """Nobody is two people of one family: what speaks for another partner speaks against this one."""
    row_or_column = (odds for (x, y), (odds, _) in raw.items() if (x == a) != (y == b))
    return log(1 + sum(exp(min(_FURTHEST, odds)) for odds in row_or_column))
