"""Latin spellings and the Cyrillic names they may stand for: «schmidt» шмидт, «moore» мур, «dupuy» дюпюи.

Owns the costs of writing Cyrillic letters with Latin ones. They are learned from names that are known in both scripts
(resources/names/spellings.tsv); a cost is the negative logarithm of how often the two groups of letters stand for each other, so costs
add up along a word and the cheapest way tells how likely the whole spelling is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from heapq import nsmallest
from typing import NamedTuple

from anyascii import anyascii

from aidtrack.domain.names.folding import plain, sound
from aidtrack.shipped import table

MAX_GROUP = 4
"""Letters of the longest Latin group: tsch, shch, eaux."""
MAX_LETTERS = 3
"""Letters of the longest Cyrillic group a Latin one may stand for."""

_BEAM = 24
_MOST = 40
_WIDTH = 8
_FAR = 5.0
_UNREADABLE = 9.0
_LONGEST = 32
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# Ukrainian letters by the Russian ones of the same sound: the table knows one set.
_ONE_SET = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "ў": "у", "'": None})
# Readings that differ in these only sound alike: one of them is enough.
_ALIKE = str.maketrans({"э": "е", "ё": "е", "й": "и", "ы": "и", "ь": None, "ъ": None})


class Reading(NamedTuple):
    """One Cyrillic name a Latin spelling may stand for; the lower the cost the likelier."""

    cost: float
    cyrillic: str


class Fit(NamedTuple):
    """What it costs to read a whole Latin word as a whole Cyrillic one, and as the beginning of it; infinite if it cannot be."""

    whole: float
    beginning: float


_NO_FIT = Fit(float("inf"), float("inf"))


def is_latin(written: str) -> bool:
    """Whether a word is written in Latin letters alone, accents allowed."""
    return bool(_LATIN.search(written)) and written.isalpha() and not _CYRILLIC.search(written)


def is_cyrillic(written: str) -> bool:
    """Whether a word is written in Cyrillic letters."""
    return bool(_CYRILLIC.search(written))


@lru_cache(maxsize=20_000)
def readings(latin: str, most: int = _MOST) -> tuple[Reading, ...]:
    """What a Latin word may stand for, likeliest first; distinct in sound. A beam over the groups of its letters."""
    word = _known_letters(latin)[:_LONGEST]
    ways: list[dict[str, Reading]] = [{} for _ in range(len(word) + 1)]
    ways[0][""] = Reading(0.0, "")
    for at in range(len(word)):
        kept = nsmallest(_BEAM, ways[at].values())
        for size in range(1, min(MAX_GROUP, len(word) - at) + 1):
            _go_on(ways[at + size], kept, _cheapest().get(word[at : at + size], ()))
        if not _cheapest().get(word[at]):
            _go_on(ways[at + 1], kept, (Reading(_UNREADABLE, ""),))
    return tuple(found for found in nsmallest(most, ways[-1].values()) if found.cyrillic)


def _go_on(ahead: dict[str, Reading], kept: list[Reading], options: tuple[Reading, ...]) -> None:
    for cost, so_far in kept:
        for more, group in options:
            cyrillic = so_far + group
            key = cyrillic.translate(_ALIKE)
            known = ahead.get(key)
            if known is None or cost + more < known.cost:
                ahead[key] = Reading(cost + more, cyrillic)


@lru_cache(maxsize=200_000)
def fit(latin: str, cyrillic: str) -> Fit:
    """The cheapest way to read the Latin word as the Cyrillic one."""
    word, name = _known_letters(latin)[:_LONGEST], cyrillic.translate(_ONE_SET)
    ways: list[dict[int, float]] = [{} for _ in range(len(word) + 1)]
    ways[0][0] = 0.0
    for at in range(len(word)):
        for size in range(1, min(MAX_GROUP, len(word) - at) + 1) if ways[at] else ():
            costs = _costs().get(word[at : at + size])
            if costs:
                _step(ways[at], ways[at + size], costs, name)
    last = ways[-1]
    return Fit(last.get(len(name), float("inf")), min(last.values())) if last else _NO_FIT


def _step(here: Mapping[int, float], ahead: dict[int, float], costs: Mapping[str, float], name: str) -> None:
    for at, so_far in here.items():
        for size in range(min(MAX_LETTERS, len(name) - at) + 1):
            more = costs.get(name[at : at + size])
            if more is not None and so_far + more < ahead.get(at + size, float("inf")):
                ahead[at + size] = so_far + more


@lru_cache(maxsize=20_000)
def best_cost(latin: str) -> float:
    """What the likeliest reading of a Latin word costs: the measure for all others."""
    return readings(latin, 1)[0].cost if readings(latin, 1) else float("inf")


@lru_cache(maxsize=20_000)
def reading_sounds(latin: str, most: int = _MOST) -> tuple[str, ...]:
    """The distinct sounds of the likeliest readings, likeliest first: where a Latin spelling is to be looked for."""
    return tuple(dict.fromkeys(sound(plain(reading.cyrillic)) for reading in readings(latin, most)))


def _known_letters(latin: str) -> str:
    """The word with letters that the table does not know in their plain form: ệ → e."""
    return "".join(c if c in _costs() else anyascii(c).lower() for c in latin)


@cache
def _costs() -> dict[str, dict[str, float]]:
    costs: dict[str, dict[str, float]] = {}
    for latin, cyrillic, cost in table("names/spellings.tsv"):
        costs.setdefault(latin, {})[cyrillic] = float(cost)
    return costs


@cache
def _cheapest() -> dict[str, tuple[Reading, ...]]:
    """Of each Latin group the few readings worth following."""
    return {latin: _worth_following(costs) for latin, costs in _costs().items()}


def _worth_following(costs: Mapping[str, float]) -> tuple[Reading, ...]:
    ordered = sorted(Reading(cost, cyrillic) for cyrillic, cost in costs.items())
    return tuple(option for option in ordered[:_WIDTH] if option.cost < ordered[0].cost + _FAR)
