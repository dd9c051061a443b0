"""How alike two words of names are, and how well what was typed fits a name.

Owns the scale: 1 the same letters, then the same sound, then known forms of one name, then slips. Whose name it is, and what else
speaks for one person, is `domain.identity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from aidtrack.domain.names.words import NameWord

SAME_SOUND = 0.97

_SLIP = 0.92
"""No slip is as sure as a form that is known."""


def word_likeness(a: NameWord, b: NameWord) -> float:
    """How sure two words are one name, 0 to 1; the order does not matter.

    1 the same letters; 0.97 the same sound; less for slips, the less the shorter the word.
    """
    if a.plain == b.plain:
        return 1.0
    if a.sound == b.sound:
        return SAME_SOUND
    return _unlike(a, b) if a.plain < b.plain else _unlike(b, a)


@lru_cache(maxsize=400_000)
def _unlike(a: NameWord, b: NameWord) -> float:
    slips = OSA.normalized_similarity(a.sound, b.sound)
    return _SLIP * max(slips, (slips + JaroWinkler.similarity(a.sound, b.sound)) / 2)


def likeness(query: Sequence[NameWord], name: Sequence[NameWord]) -> float:
    """How well what was typed fits a name, 0 to 1: every typed word by its best partner, whole words before beginnings before slips."""
    if not query or not name:
        return 0.0
    best = [max(_pair(q, n) for n in name) for q in query]
    in_order = 0.01 if query[0].plain[:3] == name[0].plain[:3] else 0.0
    return min(1.0, sum(best) / len(best) - 0.01 + in_order)


def _pair(typed: NameWord, written: NameWord) -> float:
    if typed.plain == written.plain:
        return 1.0
    if typed.sound == written.sound:
        return 0.97
    if written.plain.startswith(typed.plain):
        return 0.90 + 0.05 * len(typed.plain) / len(written.plain)
    if written.sound.startswith(typed.sound):
        return 0.86 + 0.05 * len(typed.sound) / len(written.sound)
    return 0.85 * JaroWinkler.similarity(typed.sound, written.sound)
