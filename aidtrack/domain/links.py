"""What words about pairs of people come to: classes of records that are one person, and where the words contradict each other.

Pure: it sees the last word of each pair and nothing else. Where the words are kept, and who may say them, is `services.identity`'s.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

Pair = tuple[UUID, UUID]
Node = TypeVar("Node", bound=Hashable)


class Said(StrEnum):
    """One word about a pair. OPEN takes the word before back: nobody has answered."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"


def pair_of(a: UUID, b: UUID) -> Pair:
    """The pair in its one order."""
    return (a, b) if a < b else (b, a)


def components(edges: Iterable[tuple[Node, Node]]) -> tuple[frozenset[Node], ...]:
    """What hangs together, each group once, in the order its first edge comes."""
    group: dict[Node, set[Node]] = {}
    for a, b in edges:
        mine, theirs = group.setdefault(a, {a}), group.setdefault(b, {b})
        if mine is not theirs:
            small, great = sorted((mine, theirs), key=len)
            great |= small
            group.update(dict.fromkeys(small, great))
    return tuple(frozenset(found) for found in {id(found): found for found in group.values()}.values())


def classes(last: Mapping[Pair, Said]) -> dict[UUID, frozenset[UUID]]:
    """The class of everybody who is joined with somebody; who is not named here stands alone."""
    joined = (pair for pair, said in last.items() if said is Said.SAME)
    return {person: found for found in components(joined) for person in found}


def disputes(last: Mapping[Pair, Said]) -> tuple[Pair, ...]:
    """Pairs somebody called other people although their class holds them together: a person has to decide."""
    found = classes(last)
    return tuple(
        pair
        for pair, said in last.items()
        if said is Said.DIFFERENT and pair[0] in found and found[pair[0]] is found.get(pair[1])
    )


def are_one_family(
    ours: Mapping[UUID, UUID], theirs: Mapping[UUID, UUID], heads: tuple[UUID | None, UUID | None]
) -> bool:
    """Two cards of one family: one card holder, or more than half of the smaller one are people of the other.

    Members come as person → a stand-in of their class, so that two records of one person meet.
    """
    mine, other = heads
    if mine is not None and other is not None and ours.get(mine, mine) == theirs.get(other, other):
        return True
    shared = set(ours.values()) & set(theirs.values())
    smaller = min(len(set(ours.values())), len(set(theirs.values())))
    return 2 * len(shared) > smaller > 0


def count_families(cards: AbstractSet[UUID], joined: Iterable[AbstractSet[UUID]]) -> int:
    """How many families hold these cards, where each of `joined` holds several and every other card is a family of its own."""
    return len(cards) - sum(max(len(cards & family) - 1, 0) for family in joined)


def best_matches(scores: Sequence[tuple[float, UUID, UUID]]) -> tuple[Pair, ...]:
    """Who of one family is who of the other: the surest first, nobody twice. (ours, theirs) as given, not ordered."""
    taken: set[UUID] = set()
    found = []
    for _, ours, theirs in sorted(scores, key=lambda one: -one[0]):
        if ours not in taken and theirs not in taken:
            taken |= {ours, theirs}
            found.append((ours, theirs))
    return tuple(found)
