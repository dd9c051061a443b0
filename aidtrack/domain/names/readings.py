"""Latin spellings and the Cyrillic names they may stand for: «schmidt» шмидт, «moore» мур, «dupuy» дюпюи.

Owns the costs of reading Latin letters as Cyrillic ones. They come from counts over names that are known in both scripts
(resources/names/spellings.tsv, groups.tsv): a cost is the negative logarithm of how likely a group of letters stands for another one
beside its neighbours, so costs add up along a word and the cheapest way tells how likely the whole spelling is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from heapq import nsmallest
from math import log
from typing import NamedTuple

from anyascii import anyascii

from aidtrack.domain.names.folding import plain, sound
from aidtrack.shipped import table

MAX_GROUP = 4
"""Letters of the longest Latin group: tsch, shch, eaux."""
MAX_LETTERS = 3
"""Letters of the longest Cyrillic group a Latin one may stand for."""

_BEAM = 16
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


_Way = tuple[float, str, str]
"""A reading on its way: its cost, its letters, and its letters without what only sounds alike."""


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
    lattice = _lattice(latin)
    ways: list[dict[str, _Way]] = [{} for _ in range(len(lattice) + 1)]
    ways[0][""] = (0.0, "", "")
    for at, groups in enumerate(lattice):
        kept = nsmallest(_BEAM, ways[at].values())
        for size, options in groups:
            _go_on(ways[at + size], kept, options.cheapest)
    return tuple(Reading(cost, cyrillic) for cost, cyrillic, _ in nsmallest(most, ways[-1].values()) if cyrillic)


def _go_on(ahead: dict[str, _Way], kept: Iterable[_Way], options: tuple[_Way, ...]) -> None:
    for cost, so_far, key in kept:
        for more, group, alike in options:
            longer, sum_of_costs = key + alike, cost + more
            known = ahead.get(longer)
            if known is None or sum_of_costs < known[0]:
                ahead[longer] = (sum_of_costs, so_far + group, longer)


@lru_cache(maxsize=200_000)
def fit(latin: str, cyrillic: str) -> Fit:
    """The cheapest way to read the Latin word as the Cyrillic one."""
    lattice, name = _lattice(latin), cyrillic.translate(_ONE_SET)
    ways: list[dict[int, float]] = [{} for _ in range(len(lattice) + 1)]
    ways[0][0] = 0.0
    for at, groups in enumerate(lattice):
        for size, options in groups if ways[at] else ():
            _step(ways[at], ways[at + size], options.costs, name)
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


class _Options(NamedTuple):
    """What a Latin group may stand for at its place: every cost, and the few readings worth following."""

    costs: Mapping[str, float]
    cheapest: tuple[_Way, ...]


_Lattice = tuple[tuple[tuple[int, _Options], ...], ...]
_SILENT = _Options({"": _UNREADABLE}, ((_UNREADABLE, "", ""),))


@lru_cache(maxsize=20_000)
def _lattice(latin: str) -> _Lattice:
    """For every letter of a Latin word the groups that begin there and what they may stand for."""
    word = "".join(c if c in _counts() else anyascii(c).lower() for c in latin)[:_LONGEST]
    return tuple(_groups_at(f"^{word}$", at) for at in range(1, len(word) + 1))


def _groups_at(word: str, at: int) -> tuple[tuple[int, _Options], ...]:
    sizes = range(1, min(MAX_GROUP, len(word) - 1 - at) + 1)
    found = ((size, _options(word[at - 1], word[at : at + size], word[at + size])) for size in sizes)
    groups = tuple((size, options) for size, options in found if options)
    return groups if groups and groups[0][0] == 1 else ((1, _SILENT), *groups)


@lru_cache(maxsize=50_000)
def _options(before: str, group: str, after: str) -> _Options | None:
    """The costs of a group between two letters: half by the letter before, half by the one after, where too little is known by none."""
    contexts = _counts().get(group)
    if contexts is None:
        return None
    anywhere, left, right = contexts["", ""], contexts.get((before, ""), {}), contexts.get(("", after), {})
    all_times, left_times, right_times = sum(anywhere.values()), sum(left.values()), sum(right.values())
    taken = _taken(group, after)
    costs: dict[str, float] = {}
    for cyrillic, times in anywhere.items():
        share = times / all_times
        by_left = (left.get(cyrillic, 0) + share) / (left_times + 1)
        by_right = (right.get(cyrillic, 0) + share) / (right_times + 1)
        costs[cyrillic] = -log(taken * (by_left + by_right) / 2)
    ordered = sorted((cost, cyrillic, cyrillic.translate(_ALIKE)) for cyrillic, cost in costs.items())
    return _Options(costs, tuple(option for option in ordered[:_WIDTH] if option[0] < ordered[0][0] + _FAR))


def _taken(group: str, after: str) -> float:
    """How likely letters that stand before another one are one group."""
    anywhere, there = _groups().get((group, ""), (0, 0)), _groups().get((group, after), (0, 0))
    share = (anywhere[0] + 0.1) / (anywhere[1] + 0.2)
    return (there[0] + 2 * share) / (there[1] + 2)


@cache
def _counts() -> dict[str, dict[tuple[str, str], dict[str, int]]]:
    """By Latin group, then by the letters before and after, how often it stands for each Cyrillic group."""
    counts: dict[str, dict[tuple[str, str], dict[str, int]]] = {}
    for before, group, after, cyrillic, times in table("names/spellings.tsv"):
        counts.setdefault(group, {}).setdefault((before, after), {})[cyrillic] = int(times)
    return counts


@cache
def _groups() -> dict[tuple[str, str], tuple[int, int]]:
    return {(group, after): (int(taken), int(met)) for group, after, taken, met in table("names/groups.tsv")}
