"""What was typed to find somebody, and how well a name fits it: pure rules of the search.

Owns the *line*, the form in which a person is kept for finding: one word of the name, then the others, then the birth year, as in a
telephone book that is printed once by surname, once by given name, once by patronymic. Reading lines from tables is `store.names`.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from aidtrack.domain.birth import Precision, Unclear, read_birth
from aidtrack.domain.names import (
    NameWord,
    delete_keys,
    first_sound,
    forms_likeness,
    is_cyrillic,
    is_latin,
    letters_of,
    name_words,
    query_words,
    reading_sounds,
    sound,
    word_fit,
    word_likeness,
)

FAMILY, GIVEN, PATRONYMIC = "0", "1", "2"
PARTS = (FAMILY, GIVEN, PATRONYMIC)
MOST_WORDS = 6
KEPT = 48
"""So many letters of the other words stand behind the first one of a line."""
SURE = 0.9
"""A typed word that fits at least so well is the word or its beginning, not a slip."""

_UNLIKE = 0.5
_ALIKE = 0.7
_LEFT_OUT = 0.6
"""A word that has nothing to do with a name does not speak against the others."""
_NEEDED = 2
"""So many words must begin like those of a name: of three, one may have lost its first letter."""
_TRIED = 1.25
"""So many times the words that are wanted are looked at closely."""
_READ, _READ_WITH_A_SLIP = 0.96, 0.9
_DATE = re.compile(r"(?<![\w.])(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?![\w])")
_HALF_A_DATE = re.compile(r"(?<!\w)\d{1,4}[./-](?:\d{0,2}(?:[./-](?:\d?|19\d?|20\d?))?)?\s*$")
"""While a year is being typed, 19 and 20 are its beginning."""
_LONG_NUMBER = re.compile(r"(?<!\w)\+?\d[\d()\-\u2013 ]{5,}\d(?!\w)")
_LIKE_PATRONYMIC = re.compile(r"(?:ich|ych|ovna|evna|ivna|ichna|ychna|ovic|evic|yts)$")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def lines_of(family_name: str, given_name: str, patronymic: str, year: int | None) -> tuple[str, ...]:
    """The lines of a person: one for every word of the name; none for somebody without a name."""
    names = (family_name, given_name, patronymic)
    return tuple(line for part in PARTS for line in lines_of_part(part, names, year))


def lines_of_part(part: str, names: tuple[str, str, str], year: int | None) -> list[str]:
    """The lines that begin with a word of this part of the name."""
    heads, _ = _folded(names[_PLACE[part]])
    if not heads:
        return []
    rest = [word for other in _BEHIND[part] for word in _folded(names[_PLACE[other]])[1]]
    born = f" {year}" if year else ""
    return [f"{part}{head} {_cut(rest, head)}".rstrip() + born for head in heads]


_PLACE = {FAMILY: 0, GIVEN: 1, PATRONYMIC: 2}
_BEHIND = {
    FAMILY: (GIVEN, PATRONYMIC, FAMILY),
    GIVEN: (FAMILY, PATRONYMIC, GIVEN),
    PATRONYMIC: (GIVEN, FAMILY, PATRONYMIC),
}
"""What stands behind each part: a given name has its patronymic before it somewhere, so that each pair of neighbours is in a line."""


@lru_cache(maxsize=50_000)
def _folded(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a name, and those of them that are no joined form of a double name: the parts say it all."""
    words = tuple(word.plain for word in name_words(name)) if name else ()
    if len(words) < 3:
        return words, words
    joined = {"".join(words[start:end]) for start, end in combinations(range(len(words) + 1), 2) if end - start > 1}
    return words, tuple(word for word in words if word not in joined)


def _cut(words: Sequence[str], head: str) -> str:
    text = " ".join([word for word in words if word != head])
    return text if len(text) <= KEPT else text[:KEPT].rpartition(" ")[0] or text[:KEPT]


def words_in(line: str) -> tuple[list[str], int | None]:
    """The words of a line and the birth year at its end."""
    words = line[1:].split(" ")
    last = words[-1]
    is_year = len(words) > 1 and len(last) == 4 and last.isascii() and last.isdigit()
    return (words[:-1], int(last)) if is_year else (words, None)


@lru_cache(maxsize=20_000)
def is_like_patronymic(plain: str) -> bool:
    """Whether a word may be a patronymic by its ending; surnames such as «Мицкевич» may, too."""
    return bool(_LIKE_PATRONYMIC.search(plain))


# ── what was typed ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, taken apart: words of names, birth years (two digits: of either century), a whole birth date, long numbers."""

    words: tuple[NameWord, ...]
    years: tuple[int, ...] = ()
    born: date | None = None
    numbers: tuple[str, ...] = ()


def read_typed(text: str, today: date) -> Typed:
    """Takes apart what was typed. Beside a name, digits that are no year (yet) say nothing of it."""
    is_named = any(c.isalpha() for c in text)
    if is_named:
        text = _HALF_A_DATE.sub("", text)
    dates = [(found, _born(found, today)) for found in _DATE.findall(text)]
    born = next((day for _, day in dates if day), None)
    for found, day in dates:
        if day or is_named:
            text = text.replace(found, " " if day else _year_in(found))
    numbers = tuple(_LONG_NUMBER.findall(text))
    words = query_words(_LONG_NUMBER.sub(" ", text))
    names = tuple(word for word in words if not (word.plain.isascii() and word.plain.isdigit()))
    if not names:
        return Typed(words[:MOST_WORDS], (), born, numbers)
    digits = sorted((word.plain for word in words), key=len, reverse=True)
    spans = next((years for word in digits if (years := _years(word, today))), ())
    return Typed(names[:MOST_WORDS], spans or ((born.year,) if born else ()), born, numbers)


def _year_in(written: str) -> str:
    """The year of a date that cannot be; its day must not be taken for one."""
    return max(reversed(re.split("[./-]", written)), key=len)


def _born(written: str, today: date) -> date | None:
    try:
        birth = read_birth(written, today)
    except Unclear:
        return None
    return birth.first if birth and birth.precision is Precision.DAY else None


def _years(word: str, today: date) -> tuple[int, ...]:
    """The years a word of digits may mean: `89` is 1989, `12` is 2012 or 1912; none for any other number."""
    if not (word.isascii() and word.isdigit() and len(word) in (2, 4)):
        return ()
    number = int(word)
    return tuple(
        y for y in ((number,) if len(word) == 4 else (1900 + number, 2000 + number)) if 1900 <= y <= today.year
    )


# ── how well a line fits ─────────────────────────────────────────────────────────────────────────


class Ranking:
    """Tells of one query how well lines fit it; every pair of words is compared once. `before` has read some of the words already."""

    def __init__(self, typed: Typed, before: Ranking | None = None) -> None:
        self._typed = typed
        self._by_word: dict[NameWord, dict[str, float]] = before._by_word if before else {}
        self._known = [self._by_word.setdefault(word, {}) for word in typed.words]
        # The second letter too: the first two may have changed places.
        self._beginnings = frozenset(first for word in typed.words for heard in _heard(word) for first in heard[:2])
        self._least = min(_NEEDED, len(typed.words))

    def begins_like(self, names: Iterable[str]) -> bool:
        """Whether so many of these names begin like typed words that it may be who was typed; the quickest question there is."""
        return sum([first_sound(name) in self._beginnings for name in names]) >= self._least

    @property
    def beginnings(self) -> tuple[str, int]:
        """The same question for a store: with which letters names begin that are like the typed words, and how many must."""
        return "".join(map(letters_of, self._beginnings)), self._least

    def likely(self, people: Sequence[Sequence[NameWord]], most: int) -> list[int]:
        """Which of these names, each as its words, are worth a closer look: by sounds alone, which is quick."""
        owners = [no for no, words in enumerate(people) for _ in words]
        sounds = [word.sound for words in people for word in words]
        sums = dict.fromkeys(range(len(people)), 0.0)
        for typed in self._typed.words:
            fits: dict[int, float] = {}
            for heard in _heard(typed):
                for _, fit, at in process.extract_iter(
                    heard, sounds, scorer=JaroWinkler.similarity, score_cutoff=_ALIKE
                ):
                    fits[owners[at]] = max(fit, fits.get(owners[at], 0.0))
            for no, fit in fits.items():
                sums[no] += fit
        least = _ALIKE * len(self._typed.words) * _LEFT_OUT
        return [no for no in heapq.nlargest(most, sums, key=sums.__getitem__) if sums[no] >= least]

    def spelled(self, no: int, words: Iterable[NameWord], most: int) -> list[tuple[float, str]]:
        """The likeliest of these known words for the typed word `no`, the best first; what is learned of them stays known."""
        typed, found = self._typed.words[no], dict[str, float]()
        read = _readings_of(typed)
        promising = [(_promise(typed, word, read), word) for word in words]
        for _, word in heapq.nlargest(round(_TRIED * most), promising):
            found[word.plain] = max(found.get(word.plain, 0.0), fit_of(typed, word))
        self._known[no] |= found
        return sorted(((fit, plain) for plain, fit in found.items() if fit > _UNLIKE), reverse=True)[:most]

    def score(self, line: str) -> tuple[float, float]:
        """How well the line fits, 0 to 1, and how well its worst word does."""
        words, year = words_in(line)
        fits = self._fits(words)
        whole = sum(fits) / len(fits) - 0.01 + 0.01 * self._begins(line[0], words)
        return max(0.0, min(1.0, whole + self._by_year(year))), min(fits)

    def _fits(self, words: list[str]) -> list[float]:
        """Each typed word by its best partner that no other typed word has taken."""
        left, fits = list(words), []
        for no, typed in enumerate(self._typed.words):
            known = self._known[no]
            best, partner = 0.0, ""
            for word in left:
                fit = known.get(word)
                if fit is None:
                    fit = known[word] = quick_fit(typed, word)
                if fit > best:
                    best, partner = fit, word
            if partner:
                left.remove(partner)
            fits.append(best)
        return fits

    def _begins(self, mark: str, words: list[str]) -> bool:
        """Whether what was typed begins with the surname, as names are written here."""
        place = _PLACE[mark]
        family = words[place] if len(words) > place else words[0]
        return self._known[0].get(family, 0.0) >= SURE

    def _by_year(self, year: int | None) -> float:
        years = self._typed.years
        if not years or year in years:
            return 0.0
        if year is None:
            return -0.03
        return -0.02 if any(abs(year - one) == 1 for one in years) else -0.05 if _one_digit(year, years) else -0.3


def _one_digit(year: int, years: Sequence[int]) -> bool:
    written = str(year)
    return any(sum(a != b for a, b in zip(written, str(one), strict=True)) == 1 for one in years)


def birth_fit(typed: date, known: date | None) -> float:
    """What a typed birth date adds to the likeness of a name: day and month swapped and one wrong digit are slips."""
    if known is None:
        return 0.0
    if typed == known:
        return 0.06
    if (typed.day, typed.month) in ((known.month, known.day), (known.day, known.month)) or _one_digit(
        int(f"{typed:%Y%m%d}"), (int(f"{known:%Y%m%d}"),)
    ):
        return 0.03
    return 0.0 if known.day == known.month == 1 and abs(typed.year - known.year) <= 1 else -0.04


def _heard(typed: NameWord) -> tuple[str, ...]:
    """How a word sounds as it stands and as it is most likely read."""
    read = reading_sounds(typed.written)[:1] if is_latin(typed.written) else ()
    return (typed.sound, *(one for one in read if one != typed.sound))


class _Read(NamedTuple):
    """How a Latin word may sound: its likeliest readings, and how long a word is that one of them is with a letter left out."""

    sounds: frozenset[str]
    lengths: frozenset[int]


def _readings_of(typed: NameWord) -> _Read | None:
    """Nothing for a word in any other script."""
    if not is_latin(typed.written):
        return None
    sounds = frozenset(reading_sounds(typed.written))
    return _Read(sounds, frozenset(len(one) + 1 for one in sounds))


def _promise(typed: NameWord, word: NameWord, read: _Read | None) -> float:
    """Which words are worth a closer look: those that a Latin spelling is read as before those that only begin like it."""
    quick = quick_fit(typed, word.plain, word.sound)
    if read is None or quick >= _READ:
        return quick
    if word.sound in read.sounds:
        return _READ
    if quick >= _READ_WITH_A_SLIP or len(word.sound) not in read.lengths:
        return quick
    return quick if read.sounds.isdisjoint(delete_keys(word.sound)) else _READ_WITH_A_SLIP


def fit_of(typed: NameWord, word: NameWord) -> float:
    """How well one typed word fits one word of a name: the word, its beginning, its sound, another form of it, a slip."""
    if is_latin(typed.written) and is_cyrillic(word.written):
        return max(word_fit(typed, word), forms_likeness(typed.plain, word.plain) or 0.0)
    quick = quick_fit(typed, word.plain, word.sound)
    if quick >= SURE:
        return quick
    first = 0.0 if typed.plain[:3] == word.plain[:3] else 0.01
    alike = 0.85 * JaroWinkler.similarity(typed.sound, word.sound) - first
    return max(quick, alike, min(0.96, word_likeness(typed, word)))


def quick_fit(typed: NameWord, plain: str, heard: str = "") -> float:
    """The same by letters and sounds alone, for words that nobody would take for another form or spelling."""
    if typed.plain == plain:
        return 1.0
    if plain.startswith(typed.plain):
        return 0.90 + 0.05 * len(typed.plain) / len(plain)
    heard = heard or sound(plain)
    if typed.sound == heard:
        return 0.97
    if heard.startswith(typed.sound):
        return 0.86 + 0.05 * len(typed.sound) / len(heard)
    return 0.8 * JaroWinkler.similarity(typed.sound, heard)
