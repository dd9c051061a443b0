"""How alike two words of names are, and how well what was typed fits a name.

Owns the scale: 1 the same letters, then the same sound, then known forms of one name, then slips. Whose name it is, and what else
speaks for one person, is `domain.identity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from aidtrack.domain.names.readings import best_cost, fit, is_cyrillic, is_latin, reading_sounds
from aidtrack.domain.names.variants import forms_likeness
from aidtrack.domain.names.words import NameWord

SAME_SOUND = 0.97

_SLIP = 0.92
"""No slip is as sure as a form that is known."""
_OTHER_NAME = 0.60
"""Two names that are both known and are not one, however alike they look: Марина and Мария, Валентин and Валентина."""
_BEST_READING = 0.98
_A_UNIT = 0.02
"""What each unit of cost over the likeliest reading takes away; one unit speaks for a spelling that follows our own table."""
_TYPED_UNIT = 0.012
"""The same in a search, where a far-fetched reading is better than nobody."""
_SURELY_READ = 0.93
_WORTH_READING = 0.45
"""Words whose sounds have less in common are not one name in two scripts, and reading them would only cost time."""
_BEGUN = 0.12
_MISREAD = 0.8
_BY_RULE = 0.6
"""Rules made for one script say little about a Latin spelling that has its own costs."""


def word_likeness(a: NameWord, b: NameWord) -> float:
    """How sure two words are one name, 0 to 1; the order does not matter.

    1 the same letters; 0.97 the same sound; 0.95 to 0.85 known forms of one name (`variants`); in two scripts by the cost of reading
    one as the other (`readings`); less for slips, the less the shorter the word. Known names of different people stay below 0.6.
    """
    if a.plain == b.plain:
        return 1.0
    return _unlike(a, b) if a.plain < b.plain else _unlike(b, a)


@lru_cache(maxsize=400_000)
def _unlike(a: NameWord, b: NameWord) -> float:
    known = forms_likeness(a.plain, b.plain)
    slips = OSA.normalized_similarity(a.sound, b.sound)
    spelled = min(SAME_SOUND, spelling_likeness(a, b)) if slips >= _WORTH_READING else 0.0
    if known == 0.0:
        # «Ûlìâ» has lost its iotas when it is plain: its letters know better that it is Юлия and no Уля.
        return spelled if spelled >= _SURELY_READ else min(_OTHER_NAME, _SLIP * slips)
    if a.sound == b.sound:
        return max(known or 0.0, SAME_SOUND)
    alike = _SLIP * max(slips, (slips + JaroWinkler.similarity(a.sound, b.sound)) / 2)
    return max(known or 0.0, alike, spelled)


def spelling_likeness(a: NameWord, b: NameWord) -> float:
    """How likely one of two words is how the other, in the other script, is spelled; 0 for words of one script."""
    pair = _latin_first(a, b)
    return _spelled(fit(*pair).whole - best_cost(pair[0])) if pair else 0.0


def _latin_first(a: NameWord, b: NameWord) -> tuple[str, str] | None:
    if is_latin(a.written) and is_cyrillic(b.written):
        return a.written, b.written
    if is_latin(b.written) and is_cyrillic(a.written):
        return b.written, a.written
    return None


def _spelled(more_than_the_best: float, unit: float = _A_UNIT) -> float:
    return max(0.0, _BEST_READING - unit * max(0.0, more_than_the_best))


def likeness(query: Sequence[NameWord], name: Sequence[NameWord]) -> float:
    """How well what was typed fits a name, 0 to 1: every typed word by its best partner, whole words before beginnings before slips."""
    if not query or not name:
        return 0.0
    best = [max(word_fit(q, n) for n in name) for q in query]
    in_order = 0.01 if query[0].plain[:3] == name[0].plain[:3] else 0.0
    return max(0.0, min(1.0, sum(best) / len(best) - 0.01 + in_order))


def word_fit(typed: NameWord, written: NameWord) -> float:
    """How well one typed word, perhaps not typed to its end, fits one word of a name."""
    if is_latin(typed.written) and is_cyrillic(written.written):
        return max(_read(typed, written), _misread(typed, written), _BY_RULE * _of_one_script(typed, written))
    return max(_of_one_script(typed, written), spelling_likeness(typed, written))


def _read(typed: NameWord, written: NameWord) -> float:
    """A Latin word as a Cyrillic one or, while it is being typed, as the beginning of one."""
    found, best = fit(typed.written, written.written), best_cost(typed.written)
    whole = _spelled(found.whole - best, _TYPED_UNIT) + (_TYPED_UNIT if typed.plain == written.plain else 0.0)
    missing = 1 - len(typed.written) / max(len(typed.written), len(written.written))
    return max(whole, _spelled(found.beginning - best, _TYPED_UNIT) - _BEGUN * (1 + missing))


def _misread(typed: NameWord, written: NameWord) -> float:
    """A slip in what the Latin word is most likely read as."""
    heard = reading_sounds(typed.written)
    return _MISREAD * JaroWinkler.similarity(heard[0], written.sound) if heard else 0.0


def _of_one_script(typed: NameWord, written: NameWord) -> float:
    if typed.plain == written.plain:
        return 1.0
    if typed.sound == written.sound:
        return SAME_SOUND
    if written.plain.startswith(typed.plain):
        return 0.90 + 0.05 * len(typed.plain) / len(written.plain)
    if written.sound.startswith(typed.sound):
        return 0.86 + 0.05 * len(typed.sound) / len(written.sound)
    return 0.85 * JaroWinkler.similarity(typed.sound, written.sound)
