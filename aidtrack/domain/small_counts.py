"""Which counts of a crossed table are not told, so that nobody is recognised by them (domain.md §6.1): small ones, and beside them as
many others that no small one is found by taking the told ones away from the totals of its line and column.

Pure: a table is a mapping of (line, column) to people; a pair that is not in it counts nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import product
from typing import TypeAlias

FEWEST = 5
"""Fewer people than this could point at somebody."""

Place: TypeAlias = tuple[Hashable, Hashable]
Table: TypeAlias = Mapping[Place, int]
_Node: TypeAlias = tuple[int, Hashable]


def hidden(table: Table, fewest: int = FEWEST) -> frozenset[Place]:
    """The places not to be told. Where nothing beside a small one could cover it, the whole table is hidden.

    Every line and column with hidden places has `fewest` people in them at least, and no hidden one follows from the others.
    """
    chosen = {place for place, people in table.items() if 0 < people < fewest}
    while True:
        more = next(_covers(table, chosen, fewest), None)
        if more is None:
            return frozenset(chosen)
        if not more:
            return frozenset(table)
        chosen |= more


def _covers(table: Table, chosen: AbstractSet[Place], fewest: int) -> Iterator[set[Place]]:
    """For each weakness the fewest people that cover it; an empty set where nothing does."""
    for node, places in _lines(chosen).items():
        if sum(table[place] for place in places) < fewest:
            yield _next_in_line(table, chosen, node)
    for line, column in _bridges(chosen):
        yield _way_round(table, chosen, line, column)


def _lines(chosen: AbstractSet[Place]) -> dict[_Node, list[Place]]:
    """The hidden places of each line (0, …) and column (1, …), in a stable order."""
    found: dict[_Node, list[Place]] = defaultdict(list)
    for place in sorted(chosen, key=str):
        for axis in (0, 1):
            found[axis, place[axis]].append(place)
    return found


def _next_in_line(table: Table, chosen: AbstractSet[Place], node: _Node) -> set[Place]:
    axis, name = node
    free = [place for place in table if place[axis] == name and place not in chosen]
    return {min(free, key=lambda place: (table[place], str(place)))} if free else set()


def _way_round(table: Table, chosen: AbstractSet[Place], line: Hashable, column: Hashable) -> set[Place]:
    """The three other corners of a rectangle, those that are not hidden yet, with the fewest people."""
    lines = {other for other, _ in table if other != line}
    columns = {other for _, other in table if other != column}
    corners = [((line, c), (r, column), (r, c)) for r, c in product(lines, columns)]
    whole = [{place for place in three if place not in chosen} for three in corners if all(p in table for p in three)]
    return min(whole, key=lambda new: (sum(table[p] for p in new), sorted(map(str, new))), default=set())


def _bridges(chosen: AbstractSet[Place]) -> list[Place]:
    """Hidden places on no ring of hidden ones: from the totals each of them could be reckoned."""
    return [place for place in sorted(chosen, key=str) if not _other_way(chosen, place)]


def _other_way(chosen: AbstractSet[Place], place: Place) -> bool:
    """Whether the line of the place reaches its column by other hidden places."""
    ways = _lines(chosen - {place})
    goal, seen, todo = (1, place[1]), {(0, place[0])}, [(0, place[0])]
    while todo:
        axis, _ = node = todo.pop()
        for step in ways.get(node, ()):
            other = (1 - axis, step[1 - axis])
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return goal in seen
