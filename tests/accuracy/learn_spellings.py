"""Learns what Latin groups of letters stand for which Cyrillic ones, from names known in both scripts.

    python -m tests.accuracy.learn_spellings [names.tsv] > resources/names/spellings.tsv

Expectation-maximisation over all ways to cut a pair of names into groups, then the likeliest cut of each pair is counted. Learns from
the odd rows only, so that the even ones can say how well it works; the tables of romanisation in use are added as if each of their
letters had been seen some times. Takes a minute.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from aidtrack.domain.names import query_words
from tests.romanisations import RUSSIAN, UKRAINIAN

NAMES = Path(__file__).parents[1] / "data" / "names-cyrillic-latin.tsv"
ROUNDS = 6
SEEN_IN_A_SCHEME = 12
NOISE = -7.5
"""A pair whose mean logarithm of a group lies below is no spelling of one name."""
# Sizes of groups (Latin, Cyrillic) and how much to hold back the longer ones, which always fit best.
SIZES = {(1, 0): 0.3, (1, 1): 1.0, (1, 2): 0.3, (2, 1): 0.5, (3, 1): 0.3, (4, 1): 0.2, (2, 0): 0.05, (1, 3): 0.02}
_ONE_SET = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г"})
HEAD = """\
# Latin groups of letters, the Cyrillic ones they stand for, and the cost: the negative logarithm of how often.
# Source: learned by tests/accuracy/learn_spellings.py from the odd rows of tests/data/names-cyrillic-latin.tsv, a sample of
# wd_russian_80 (Merhav & Ash, COLING 2018; from Wikidata, CC0), and from the usual tables of romanisation. Licence: CC0 1.0.
"""


class Arc(NamedTuple):
    """One pair of groups at its place in a pair of names: from a corner of the grid to a corner further on."""

    start: int
    end: int
    latin: str
    cyrillic: str


class Grid(NamedTuple):
    """All ways to cut one pair of names: arcs in order, from corner 0 to the last one."""

    corners: int
    arcs: tuple[Arc, ...]


Costs = Mapping[tuple[str, str], float]


def pairs(path: Path) -> list[tuple[str, str]]:
    """Latin and Cyrillic of each row as the program sees the words."""
    rows = (line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [(_letters(latin), _letters(cyrillic)) for latin, cyrillic in rows]


def _letters(name: str) -> str:
    return "".join(word.written for word in query_words(name)).translate(_ONE_SET)


def grid(latin: str, cyrillic: str) -> Grid:
    """Every cut of the two words into groups of the allowed sizes."""
    width = len(cyrillic) + 1
    arcs = [
        Arc(i * width + j, (i + a) * width + j + b, latin[i : i + a], cyrillic[j : j + b])
        for i in range(len(latin))
        for j in range(width)
        for a, b in SIZES
        if i + a <= len(latin) and j + b < width
    ]
    return Grid((len(latin) + 1) * width, tuple(arcs))


def learned(grids: Sequence[Grid]) -> dict[tuple[str, str], float]:
    """How likely each pair of groups is, after some rounds of expectation and maximisation."""
    chance: dict[tuple[str, str], float] = {}
    for _ in range(ROUNDS):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        for one in grids:
            _expect(one, chance, counts)
        total = sum(counts.values())
        chance = {group: count / total for group, count in counts.items() if count > 0.01}
    return chance


def _weights(one: Grid, chance: Costs) -> list[float]:
    rare = 1e-9
    return [
        SIZES[len(arc.latin), len(arc.cyrillic)] * (chance.get((arc.latin, arc.cyrillic), rare) if chance else 1.0)
        for arc in one.arcs
    ]


def _expect(one: Grid, chance: Costs, counts: dict[tuple[str, str], float]) -> None:
    weights = _weights(one, chance)
    forward = [1.0, *[0.0] * (one.corners - 1)]
    for arc, weight in zip(one.arcs, weights, strict=True):
        forward[arc.end] += forward[arc.start] * weight
    backward = [*[0.0] * (one.corners - 1), 1.0]
    for arc, weight in zip(reversed(one.arcs), reversed(weights), strict=True):
        onward = backward[arc.end] * weight
        backward[arc.start] += onward
        share = forward[arc.start] * onward / forward[-1] if forward[-1] else 0.0
        if share > 1e-4:
            counts[arc.latin, arc.cyrillic] += share


def likeliest(one: Grid, chance: Costs) -> list[tuple[str, str]]:
    """The best cut of one pair; nothing where the pair is no spelling of one name."""
    best = [0.0, *[-math.inf] * (one.corners - 1)]
    came: dict[int, Arc] = {}
    for arc, weight in zip(one.arcs, _weights(one, chance), strict=True):
        so_far = best[arc.start] + math.log(weight)
        if so_far > best[arc.end]:
            best[arc.end], came[arc.end] = so_far, arc
    cut, corner = [], one.corners - 1
    while corner and corner in came:
        cut.append((came[corner].latin, came[corner].cyrillic))
        corner = came[corner].start
    return cut if cut and best[-1] / len(cut) > NOISE else []


def costs(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """The cost of every pair of groups seen in the likeliest cuts or in a scheme."""
    grids = [grid(latin, cyrillic) for latin, cyrillic in names if latin and cyrillic]
    chance = learned(grids)
    counts = Counter(group for one in grids for group in likeliest(one, chance))
    total = counts.total()
    for scheme in [*RUSSIAN.values(), *UKRAINIAN.values()]:
        for cyrillic, latin in scheme.items():
            if 0 < len(latin) <= max(size for size, _ in SIZES):
                counts[latin, cyrillic.translate(_ONE_SET)] += SEEN_IN_A_SCHEME
    return {group: -math.log(count / total) for group, count in counts.items()}


def main() -> None:
    """Writes the table to standard output."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else NAMES
    found = costs(pairs(path)[0::2])
    print(HEAD, end="")
    for (latin, cyrillic), cost in sorted(found.items()):
        print(f"{latin}\t{cyrillic}\t{max(cost, 0.0):.2f}")


if __name__ == "__main__":
    main()
