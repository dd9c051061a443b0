"""How often a Latin spelling finds the right Cyrillic name among 30,000: asked by the keys and ranked by the likeness the search uses.

    python -m tests.accuracy.spelling

Asks with the even rows only; the costs of spellings were learned from the odd ones. All names of the list are the vocabulary.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aidtrack.domain.names import NameWord, kept_keys, likeness, name_words, query_words, sought_keys
from tests.accuracy.learn_spellings import NAMES

TEN = 10
SHORTEST, LONGEST = 3, 12


class Row(NamedTuple):
    """One name in both scripts and how often it was seen so."""

    latin: str
    cyrillic: str
    seen: int


class Share(NamedTuple):
    """What share of the asked names came first, and among the first ten."""

    asked: int
    first: float
    ten: float


class Names:
    """A vocabulary of names found by keys, as the store keeps them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._words: dict[str, tuple[NameWord, ...]] = {name: name_words(name) for name in names}
        self._by_key: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name, words in sorted(self._words.items()):
            for word in words:
                for key in kept_keys(word):
                    self._by_key[key][name] = None

    def best(self, typed: str, most: int = TEN) -> list[str]:
        """The likeliest names for what was typed, best first."""
        query = query_words(typed)
        found = {name: None for word in query for key in sought_keys(word) for name in self._by_key.get(key, ())}
        return sorted(found, key=lambda name: (-likeness(query, self._words[name]), name))[:most]


def rows() -> list[Row]:
    """The list of names in both scripts."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()[1:]
    return [Row(latin, cyrillic, int(seen)) for latin, cyrillic, seen in (line.split("\t") for line in lines)]


def unseen(every: int = 1) -> list[Row]:
    """The rows nothing was learned from, or one of so many of them."""
    return rows()[1::2][::every]


def places(asked: Sequence[Row]) -> list[int]:
    """The place of the right name for each row, 0 the first; ten where it is not among the first ten."""
    names = Names(row.cyrillic for row in rows())
    answers = (names.best(row.latin) for row in asked)
    return [best.index(row.cyrillic) if row.cyrillic in best else TEN for row, best in zip(asked, answers, strict=True)]


def share(found: Iterable[tuple[int, int]]) -> Share:
    """Of places and their weights."""
    weights: Counter[str] = Counter()
    for place, weight in found:
        weights["asked"] += weight
        weights["first"] += weight * (place == 0)
        weights["ten"] += weight * (place < TEN)
    asked = weights["asked"] or 1
    return Share(weights["asked"], weights["first"] / asked, weights["ten"] / asked)


def by_size(asked: Sequence[Row], found: Sequence[int]) -> dict[str, Share]:
    """Of all rows, of all weighted by how often they were seen, and by length of the spelling."""
    every = list(zip(asked, found, strict=True))
    by_length: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, place in every:
        by_length[min(max(len(row.latin), SHORTEST), LONGEST)].append((place, 1))
    return {
        "every row": share((place, 1) for _, place in every),
        "weighted by how often seen": share((place, row.seen) for row, place in every),
        **{f"{size} letters": share(by_length[size]) for size in sorted(by_length)},
    }


def report(asked: Sequence[Row], found: Sequence[int]) -> list[str]:
    """Lines to print."""
    head = "Latin spelling → Cyrillic name    asked  first  first ten"
    return [head, *(_line(what, of) for what, of in by_size(asked, found).items())]


def _line(what: str, of: Share) -> str:
    return f"{what:<32}{of.asked:>7}   {of.first:.3f}      {of.ten:.3f}"


def main() -> None:
    """Prints the whole unseen half."""
    asked = unseen()
    print("\n".join(report(asked, places(asked))))


if __name__ == "__main__":
    main()
