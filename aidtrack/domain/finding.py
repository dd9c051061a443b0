"""What was typed to find somebody, and how well a name fits it: pure rules of the search.

Owns the *line*, the form in which a person is kept for finding: one word of the name, then the others, then the birth year, as in a
telephone book that is printed once by surname, once by given name, once by patronymic. Reading lines from tables is `store.names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from aidtrack.domain.birth import Precision, Unclear, read_birth
from aidtrack.domain.names import NameWord, likeness, name_words, query_words, sound, word_likeness

FAMILY, GIVEN, PATRONYMIC = "0", "1", "2"
PARTS = (FAMILY, GIVEN, PATRONYMIC)
MOST_WORDS = 6
SURE = 0.9
"""A typed word that fits at least so well is the word or its beginning, not a slip."""

_UNLIKE = 0.5
_REST = 48
_DATE = re.compile(r"(?<![\w.])(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?![\w])")
_LONG_NUMBER = re.compile(r"(?<!\w)\+?\d[\d()\-\u2013 ]{5,}\d(?!\w)")
_LIKE_PATRONYMIC = re.compile(r"(?:ich|ych|ovna|evna|ivna|ichna|ychna|ovic|evic|yts)$")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def lines_of(family_name: str, given_name: str, patronymic: str, year: int | None) -> tuple[str, ...]:
    """The lines of a person: one for every word of the name; none for somebody without a name."""
    parts = [
        [word.plain for word in name_words(name)] if name else [] for name in (family_name, given_name, patronymic)
    ]
    pieces = [_pieces(words) for words in parts]
    family, given, father = pieces
    ends = (given + father + family, family + father + given, given + family + father)
    born = f" {year}" if year else ""
    lines = {
        f"{mark}{word} {_cut(other for other in rest if other != word)}".rstrip() + born: None
        for mark, words, rest in zip(PARTS, parts, ends, strict=True)
        for word in words
    }
    return tuple(lines)


def _pieces(words: Sequence[str]) -> list[str]:
    """Without the joined forms of double names: their parts say it all."""
    if len(words) < 3:
        return list(words)
    joined = {"".join(words[start:end]) for start, end in combinations(range(len(words) + 1), 2) if end - start > 1}
    return [word for word in words if word not in joined]


def _cut(words: Iterable[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _REST else text[:_REST].rpartition(" ")[0] or text[:_REST]


def words_in(line: str) -> tuple[list[str], int | None]:
    """The words of a line and the birth year at its end."""
    words = line[1:].split(" ")
    last = words[-1]
    is_year = len(words) > 1 and len(last) == 4 and last.isascii() and last.isdigit()
    return (words[:-1], int(last)) if is_year else (words, None)


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

    @property
    def is_by_name(self) -> bool:
        return bool(self.words)


def read_typed(text: str, today: date) -> Typed:
    """Takes apart what was typed; a digit or two that are no year stay words, for somebody may be called so."""
    dates = [(found, _born(found, today)) for found in _DATE.findall(text)]
    born = next((day for _, day in dates if day), None)
    for found, day in dates:
        text = text.replace(found, " ") if day else text
    numbers = tuple(_LONG_NUMBER.findall(text))
    words = query_words(_LONG_NUMBER.sub(" ", text))
    years = [word for word in words if is_year(word.plain, today)]
    names = tuple(word for word in words if word not in years)
    if not names:
        return Typed(words[:MOST_WORDS], (), born, numbers)
    spans = tuple(year for word in years for year in _years(int(word.plain), today))
    return Typed(names[:MOST_WORDS], spans or ((born.year,) if born else ()), born, numbers)


def _born(written: str, today: date) -> date | None:
    try:
        birth = read_birth(written, today)
    except Unclear:
        return None
    return birth.first if birth and birth.precision is Precision.DAY else None


def is_year(word: str, today: date) -> bool:
    """Whether a word of digits may be a year somebody is born in."""
    if not (word.isascii() and word.isdigit()):
        return False
    return len(word) == 2 or (len(word) == 4 and 1900 <= int(word) <= today.year)


def _years(number: int, today: date) -> tuple[int, ...]:
    return (number,) if number > 99 else tuple(year for year in (1900 + number, 2000 + number) if year <= today.year)


# ── how well a line fits ─────────────────────────────────────────────────────────────────────────


class Ranking:
    """Tells of one query how well lines fit it; every pair of words is compared once."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._known: list[dict[str, float]] = [{} for _ in typed.words]

    def spelled(self, no: int, words: Iterable[NameWord], most: int) -> list[tuple[float, str]]:
        """The likeliest of these known words for the typed word `no`, the best first; what is learned of them stays known."""
        typed, known, found = self._typed.words[no], self._known[no], dict[str, float]()
        for word in words:
            found[word.plain] = max(found.get(word.plain, 0.0), fit_of(typed, word))
        known |= found
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
                    fit = known[word] = fit_of(typed, NameWord(word, sound(word)))
                if fit > best:
                    best, partner = fit, word
            if partner:
                left.remove(partner)
            fits.append(best)
        return fits

    def _begins(self, mark: str, words: list[str]) -> bool:
        """Whether what was typed begins with the surname, as names are written here."""
        place = {FAMILY: 0, GIVEN: 1, PATRONYMIC: 2}[mark]
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


def fit_of(typed: NameWord, word: NameWord) -> float:
    """How well one typed word fits one word of a name: the word, its sound or beginning, another form of it, a slip."""
    if typed.plain == word.plain:
        return 1.0
    if word.plain.startswith(typed.plain):
        return 0.90 + 0.05 * len(typed.plain) / len(word.plain)
    return max(likeness((typed,), (word,)), min(0.96, word_likeness(typed, word)))
