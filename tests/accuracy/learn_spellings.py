"""Learns what Latin groups of letters stand for which Cyrillic ones, from names known in both scripts.

    python -m tests.accuracy.learn_spellings [names.tsv]

Writes resources/names/spellings.tsv and groups.tsv. Expectation-maximisation over all ways to cut a pair of names into groups; then the
likeliest cut of each pair is counted. Learns from the odd rows only, so that the even ones can say how well it works; given names
romanised by the schemes in use are counted too. Takes a minute.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from aidtrack.domain.names import query_words
from aidtrack.domain.names.readings import MAX_GROUP
from aidtrack.shipped import RESOURCES, table
from tests.romanisations import RUSSIAN, UKRAINIAN

NAMES = Path(__file__).parents[1] / "data" / "names-cyrillic-latin.tsv"
ROUNDS = 6
SCHEMES_A_NAME = 4
"""By how many schemes each given name is romanised; the schemes take turns."""
NOISE = -7.5
"""A pair whose mean logarithm of a group lies below is no spelling of one name."""
# Sizes of groups (Latin, Cyrillic) and how much to hold back the longer ones, which always fit best.
SIZES = {(1, 0): 0.3, (1, 1): 1.0, (1, 2): 0.3, (2, 1): 0.5, (3, 1): 0.3, (4, 1): 0.2, (2, 0): 0.05, (1, 3): 0.02}
_ONE_SET = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г"})
SOURCE = """\
# Source: learned by tests/accuracy/learn_spellings.py from the odd rows of tests/data/names-cyrillic-latin.tsv, a sample of
# wd_russian_80 (Merhav & Ash, COLING 2018; from Wikidata, CC0), and from given.tsv romanised in the usual ways. Licence: CC0 1.0.
"""
SPELLINGS = """\
# How often a Latin group of letters stands for a Cyrillic one: anywhere, after a letter, before a letter (^ and $ are the ends).
# Columns: letter before, Latin group, letter after, Cyrillic group, times.
"""
GROUPS = """\
# How often Latin letters that stand together are one group, of all times a group begins there: anywhere, before a letter.
# Columns: group, letter after, times it is one, times it stands there.
"""
ONCE_IS_CHANCE = 2


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
    return cut[::-1] if cut and best[-1] / len(cut) > NOISE else []


Cut = list[tuple[str, str]]


def cuts(names: Iterable[tuple[str, str]]) -> Iterator[Cut]:
    """Each pair of names cut into groups, and given names as the schemes write them."""
    grids = [grid(latin, cyrillic) for latin, cyrillic in names if latin and cyrillic]
    chance = learned(grids)
    yield from (found for found in (likeliest(one, chance) for one in grids) if found)
    yield from romanised_names()


def romanised_names() -> Iterator[Cut]:
    """Given names of both languages; a letter is one group in a scheme, so nothing has to be learned of the cuts."""
    for sex, russian, ukrainian, _, short in table("names/given.tsv"):
        for forms, schemes in ((f"{russian} {short}", RUSSIAN), (f"{ukrainian} {short}", UKRAINIAN)):
            for number, name in enumerate(forms.split()):
                yield from _by_turns(name.lower(), list(schemes.values()), number + (sex == "f"))


def _by_turns(name: str, schemes: Sequence[Mapping[str, str]], turn: int) -> Iterator[Cut]:
    for more in range(SCHEMES_A_NAME):
        scheme = schemes[(len(name) * 7 + turn + more * 5) % len(schemes)]
        cut = [(scheme.get(letter, ""), letter.translate(_ONE_SET)) for letter in name]
        longest = max(size for size, _ in SIZES)
        if all(latin or letter in "ьъ'" for latin, letter in cut) and all(len(latin) <= longest for latin, _ in cut):
            yield _without_silent(cut)


def _without_silent(cut: Cut) -> Cut:
    """A soft sign that a scheme leaves out belongs to the letter before it."""
    joined: Cut = []
    for latin, letter in cut:
        if latin or not joined:
            joined.append((latin, letter))
        elif letter != "'":
            joined[-1] = (joined[-1][0], joined[-1][1] + letter)
    return [(latin, letter) for latin, letter in joined if latin]


Spelling = tuple[str, str, str, str]
Place = tuple[str, str]


def counted(found: Iterable[Cut]) -> tuple[Counter[Spelling], Counter[Place], Counter[Place]]:
    """How often groups stand for groups, by neighbours; how often groups are groups; how often they could be."""
    spellings: Counter[Spelling] = Counter()
    taken: Counter[Place] = Counter()
    met: Counter[Place] = Counter()
    for cut in found:
        word, at = "^" + "".join(latin for latin, _ in cut) + "$", 1
        for latin, cyrillic in cut:
            before, after = word[at - 1], word[at + len(latin)]
            spellings.update([("", latin, "", cyrillic), (before, latin, "", cyrillic), ("", latin, after, cyrillic)])
            taken.update([(latin, ""), (latin, after)])
            for size in range(1, min(MAX_GROUP, len(word) - 1 - at) + 1):
                met.update([(word[at : at + size], ""), (word[at : at + size], word[at + size])])
            at += len(latin)
    return spellings, taken, met


def write_tables(names: Path, folder: Path) -> None:
    """Learns from the odd rows of these names and writes both tables."""
    spellings, taken, met = counted(cuts(pairs(names)[0::2]))
    told = [(*key, times) for key, times in spellings.items() if times >= ONCE_IS_CHANCE or key[0] == key[2] == ""]
    _write(folder / "spellings.tsv", SPELLINGS, told)
    _write(folder / "groups.tsv", GROUPS, [(*place, times, met[place]) for place, times in taken.items()])


def _write(path: Path, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    lines = sorted("\t".join(map(str, row)) for row in rows)
    path.write_text(columns + SOURCE + "".join(line + "\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Writes the tables that ship."""
    write_tables(Path(sys.argv[1]) if len(sys.argv) > 1 else NAMES, RESOURCES / "names")


if __name__ == "__main__":
    main()
