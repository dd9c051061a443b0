"""Keys by which an index of words is asked: what is kept for a word and what is sought for a typed one, so that the two meet.

Owns which keys; how they are stored is `store.names`.
"""

from __future__ import annotations

from functools import lru_cache

from aidtrack.domain.names.folding import delete_keys
from aidtrack.domain.names.readings import is_latin, reading_sounds
from aidtrack.domain.names.words import NameWord

_READINGS_KEPT = 6
_READINGS_WITH_SLIPS = 3


@lru_cache(maxsize=50_000)
def kept_keys(word: NameWord) -> tuple[str, ...]:
    """What a stored word is found by: its sound with one symbol left out or none; a Latin one also by its likeliest Cyrillic readings."""
    read = reading_sounds(word.written)[:_READINGS_KEPT] if is_latin(word.written) else ()
    return tuple(dict.fromkeys([*delete_keys(word.sound), *read]))


@lru_cache(maxsize=5_000)
def sought_keys(word: NameWord) -> tuple[str, ...]:
    """What a typed word is looked for by: as it is kept, and a Latin one by all its readings, the likeliest of them with a slip."""
    read = reading_sounds(word.written) if is_latin(word.written) else ()
    slips = (key for reading in read[:_READINGS_WITH_SLIPS] for key in delete_keys(reading))
    return tuple(dict.fromkeys([*delete_keys(word.sound), *read, *slips]))
