"""Who may be meant by the words of a name: exactly these words first, then words like them, then some of them.

Owns the order in which lines are asked for, so that frequent names do not hide the right family and no query grows with the database.
What fits how well is `domain.finding`; who may see what is `find`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from heapq import nlargest
from itertools import permutations
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.finding import (
    FAMILY,
    GIVEN,
    KEPT,
    PARTS,
    PATRONYMIC,
    SURE,
    Ranking,
    Typed,
    is_like_patronymic,
    lines_of_part,
)
from aidtrack.domain.names import NameWord, is_latin, name_words
from aidtrack.store.asking import Ahead, Question, answer, answers
from aidtrack.store.name_lookup import (
    SCAN,
    SCAN_OF_DATED,
    Line,
    PersonRow,
    Reach,
    Sought,
    beginning,
    born_on,
    lines_in,
    person_of,
    whole,
    words_like,
)
from aidtrack.store.names import Progress, rebuild

ENOUGH = 6
MOST = 48
_MIN_FIT = 0.72
_SPELLINGS = 14
_LOOKED_AT = 20
_BEGUN = 5
_MANY = 5
_USUAL = 0.08
_PAIRS = 48
_NEIGHBOURS = 2
_FIRST_LETTERS = 4
_PAIRED = 4
_FEWEST_LETTERS = 2
_BORN_THEN = 8
_NEARLY, _WORST = 0.8, 0.66

Found = dict[Any, tuple[float, float]]
"""Of each person how well the best line fits, and how well its worst word does."""


class Memory:
    """What one question has learned of its words, for when it is asked in another way: only as long as its transaction."""

    def __init__(self) -> None:
        self.ranking: Ranking | None = None
        self.spellings: dict[Sought, list[tuple[float, str]]] = {}
        self.lines: dict[tuple[Reach, ...], Ahead[list[Line]]] = {}

    def of(self, typed: Typed) -> Ranking:
        self.ranking = Ranking(typed, self.ranking)
        return self.ranking


def bearers(
    session: Session, typed: Typed, *, most: int = MOST, is_thorough: bool = True, memory: Memory | None = None
) -> list[tuple[float, UUID]]:
    """People whose names fit what was typed, the best first; not `is_thorough`: only those who fit without slips."""
    if not typed.words:
        return []
    look = _Look(session, typed, memory or Memory())
    if not is_thorough:
        look.add(answer(session, look.as_typed()))
    elif typed.born:
        look.by_birthday(typed.born)
    else:
        look.by_name()
    return _fitting(look.found, most)


def bearers_without_slips(session: Session, asked: Sequence[Typed], *, most: int = MOST) -> Question[list[list[UUID]]]:
    """Of each of several names the people it fits as typed, the best first: one question for all of them."""
    reaches = [(no, reach) for no, typed in enumerate(asked) if typed.words for reach in _as_typed(typed)]

    def of_each(lines: Sequence[Line]) -> list[list[UUID]]:
        found: list[list[Line]] = [[] for _ in asked]
        for line in lines:
            found[reaches[line[0]][0]].append(line)
        return [_best(typed, some, most) for typed, some in zip(asked, found, strict=True)]

    return lines_in(session, [reach for _, reach in reaches], 40, scan=SCAN_OF_DATED).then(of_each)


def _best(typed: Typed, lines: Iterable[Line], most: int) -> list[UUID]:
    found: Found = {}
    _add(found, Ranking(typed), lines)
    return [who for _, who in _fitting(found, most)]


class _Look:
    """One look for the bearers of a name: whom it has found so far.

    What does not wait for each other is asked together, though not all of it is always needed: the way to a server takes longer.
    """

    def __init__(self, session: Session, typed: Typed, memory: Memory) -> None:
        self.session, self.typed, self.memory = session, typed, memory
        self.ranking = memory.of(typed)
        self.found: Found = {}
        self.like: Ahead[list[list[NameWord]]] | None = None

    def as_typed(self) -> Question[list[Line]]:
        return lines_in(self.session, list(_as_typed(self.typed)), 40, scan=self._scan())

    def _scan(self) -> int:
        return SCAN_OF_DATED if self.typed.born else SCAN

    def add(self, lines: Iterable[Line]) -> None:
        _add(self.found, self.ranking, lines)

    def by_birthday(self, born: date) -> None:
        """Who was born that day, or with day and month in each other's place; if that is nobody, on that day of another year."""
        on_the_day, lines = answers(self.session, born_on(self.session, _swapped(born)), self.as_typed())
        self._add_born(on_the_day)
        if not self._has_somebody():
            self._in_other_years(born)
        # Who is called so and born then is found; only the year of somebody called so may still be a slip.
        if self._has_somebody():
            self.add(lines)
        else:
            self._wider(lines)

    def by_name(self) -> None:
        """Who is called so."""
        if self._is_foreign():
            self.like = Ahead(self.session, self._words())
        self._wider(answer(self.session, self.as_typed()))

    def _wider(self, lines: Iterable[Line]) -> None:
        """Wider and wider, until enough people fit without slips."""
        # How a foreign name is read must be known before a name that only begins with the same letters is taken for it.
        likely = self._as_meant() if self._is_foreign() else None
        self.add(lines)
        if _sure(self.found) < ENOUGH:
            self._with_slips(self._as_meant() if likely is None else likely)

    def _is_foreign(self) -> bool:
        return any(is_latin(word.written) for word in self.typed.words)

    def _with_slips(self, likely: list[Reach]) -> None:
        """Of several words first who also has the third, then who was born in the decade: the year may be a slip, and a frequent name must
        not fill the list with people of any age."""
        bare = [reach._replace(holds="", also="") for reach in likely]
        held = likely if len(self.typed.words) > _NEIGHBOURS else []
        if self.typed.years:
            held = held + [reach._replace(holds=decade) for decade in _decades(self.typed) for reach in bare]
        others = self._lines_of(bare)
        if held:
            self.add(answer(self.session, lines_in(self.session, held, 24, scan=self._scan())))
        if _sure(self.found) < ENOUGH:
            self.add(others.answer())

    def _lines_of(self, reaches: Sequence[Reach]) -> Ahead[list[Line]]:
        """Asked once: without the year the same name is looked for again."""
        known, asked = self.memory.lines, tuple(reaches)
        if asked not in known:
            known[asked] = Ahead(self.session, lines_in(self.session, asked, 16))
        return known[asked]

    def _in_other_years(self, born: date) -> None:
        letters, least = self.ranking.beginnings
        found = answer(self.session, born_on(self.session, _in_other_years(born), letters, least))
        self._add_born([row for row in found if self.ranking.begins_like((row[1], row[2], row[3]))])

    def _add_born(self, people: Sequence[PersonRow]) -> None:
        words = [name_words(row.family_name, row.given_name, row.patronymic) for row in people]
        likely = self.ranking.likely(words, _BORN_THEN)
        known = list(dict.fromkeys(word for no in likely for word in words[no]))
        for no in range(len(self.typed.words)):
            self.ranking.spelled(no, known, _SPELLINGS)
        for row in (people[no] for no in likely):
            names, year = (row.family_name, row.given_name, row.patronymic), int(str(row.born)[:4])
            self.add([(0, line, row.key) for line in lines_of_part(FAMILY, names, year)])

    def _has_somebody(self) -> bool:
        """Whether somebody is found who is hardly anybody else: so many names with slips nobody shares who shares a birthday, too."""
        return any(score >= _NEARLY and worst >= _WORST for score, worst in self.found.values())

    def _as_meant(self) -> list[Reach]:
        """Words that sound like the typed ones, begin like them or are a slip away; of several words the likeliest pairs."""
        words = self.typed.words[:_PAIRED]
        spelled = self._spellings()
        if len(words) == 1:
            return [whole(f"{part}{plain}") for _, plain in spelled[0] for part in _parts_of(plain, PARTS)]
        pairs = nlargest(_PAIRS, _pairs(words, spelled))
        return [
            beginning(f"{part}{head} {tail[:KEPT]}", *third)
            for _, head, tail, third in pairs
            for part in _parts_of(head, (FAMILY, PATRONYMIC))
        ]

    def _sought(self) -> list[Sought]:
        """The words; only the last may be still in typing, and not if a year was typed already."""
        words, is_whole = self.typed.words[:_PAIRED], bool(self.typed.years or self.typed.born)
        return [Sought(word, is_whole or no < len(words) - 1) for no, word in enumerate(words)]

    def _unknown(self) -> list[tuple[int, Sought]]:
        """Words whose spellings are still to be asked for."""
        # A word that was taken for whole before is whole still, though the digits behind it were no year.
        known = self.memory.spellings
        return [
            (no, one)
            for no, one in enumerate(self._sought())
            if one not in known and one._replace(is_whole=True) not in known
        ]

    def _words(self) -> Question[list[list[NameWord]]]:
        return words_like(self.session, [one for _, one in _long(self._unknown())])

    def _spellings(self) -> list[list[tuple[float, str]]]:
        """Of each word the likeliest ones it may stand for."""
        if unknown := self._unknown():
            self._learn(unknown)
        known = self.memory.spellings
        return [known[one] if one in known else known[one._replace(is_whole=True)] for one in self._sought()]

    def _learn(self, unknown: Sequence[tuple[int, Sought]]) -> None:
        like = self.like.answer() if self.like else answer(self.session, self._words())
        long = _long(unknown)
        found = [self.ranking.spelled(no, words, _LOOKED_AT) for (no, _), words in zip(long, like, strict=True)]
        usual = _usual(self.session, {plain for pairs in found for fit, plain in pairs if fit < 1})
        for (_, one), pairs in zip(long, found, strict=True):
            self.memory.spellings[one] = _likeliest(one.word, pairs, usual)
        for _, one in unknown:
            self.memory.spellings.setdefault(one, [(1.0, one.word.plain)])


def _long(sought: Iterable[tuple[int, Sought]]) -> list[tuple[int, Sought]]:
    """A letter alone may stand for too much."""
    return [(no, one) for no, one in sought if len(one.word.plain) >= _FEWEST_LETTERS]


def _decades(typed: Typed) -> list[str]:
    return list(dict.fromkeys(f" {year // 10}" for year in typed.years))


def _swapped(born: date) -> list[date]:
    """The day, and with day and month in each other's place."""
    return [born, born.replace(month=born.day, day=born.month)] if born.day <= 12 and born.day != born.month else [born]


def _in_other_years(born: date) -> list[date]:
    """The same birthday with another last digit of the year."""
    if (born.month, born.day) == (2, 29):
        return []
    first = born.year // 10 * 10
    return [born.replace(year=year) for year in range(first, first + 10) if year != born.year]


def _add(found: Found, ranking: Ranking, lines: Iterable[Line]) -> None:
    seen: dict[str, tuple[float, float]] = {}
    for _, line, person in lines:
        score = seen.get(line)
        if score is None:
            score = seen[line] = ranking.score(line)
        key = bytes(person) if isinstance(person, memoryview) else person
        if key not in found or found[key] < score:
            found[key] = score


def _fitting(found: Found, most: int) -> list[tuple[float, UUID]]:
    """Who fits best of whom was found, the best first."""
    fit = [(score, key) for key, (score, _) in found.items() if score >= _MIN_FIT]
    return [(score, person_of(key)) for score, key in sorted(fit, key=lambda hit: -hit[0])[:most]]


def _sure(found: Found) -> int:
    return sum(worst >= SURE and score >= SURE for score, worst in found.values())


# ── as typed ─────────────────────────────────────────────────────────────────────────────────────


def _as_typed(typed: Typed) -> Iterator[Reach]:
    """The words as they stand: one alone in every part of the name, several as pairs of neighbours with the others somewhere behind."""
    words = typed.words[:_PAIRED]
    years = _decades(typed) if typed.born else [f" {year}" for year in typed.years]
    for born in ([year] for year in years or [""]):
        if len(words) == 1:
            yield from (beginning(f"{part}{words[0].plain}", *born) for part in PARTS)
        else:
            yield from _pairs_as_typed(words, born)


def _pairs_as_typed(words: Sequence[NameWord], born: Sequence[str]) -> Iterator[Reach]:
    for head, tail in permutations(words, 2):
        others = _held(w for w in words if w is not head and w is not tail)
        for part in PARTS:
            if part != GIVEN or tail is words[-1]:
                yield beginning(f"{part}{head.plain} {tail.plain[:KEPT]}", *born, *others)
    # Surname and patronymic are no neighbours in any line, and both words may be beginnings.
    for head in words[:2]:
        yield beginning(f"{FAMILY}{head.plain}", *born, *_held(w for w in words if w is not head))


def _held(words: Iterable[NameWord]) -> list[str]:
    """The longest word tells most."""
    return [f" {plain[:KEPT]}" for plain in sorted((word.plain for word in words), key=len, reverse=True)]


# ── as meant ─────────────────────────────────────────────────────────────────────────────────────


def _parts_of(plain: str, parts: Sequence[str]) -> Sequence[str]:
    return parts if is_like_patronymic(plain) else [part for part in parts if part != PATRONYMIC]


def _likeliest(word: NameWord, found: list[tuple[float, str]], usual: Set[str]) -> list[tuple[float, str]]:
    """The likeliest words for a typed one. Names many people bear come before slips somebody made in writing them down, and of
    words that only begin like it there are few: they would crowd out the others."""
    likely = sorted(((fit + _USUAL * (plain in usual) * (fit < 1), plain) for fit, plain in found), reverse=True)
    begun = [pair for pair in likely if pair[1].startswith(word.plain)]
    likely = [pair for pair in likely if pair[1] == word.plain or pair not in begun[_BEGUN:]][:_SPELLINGS]
    # A word that nobody has and nobody's begins with is no name to look for.
    return [(1.0, word.plain), *likely] if begun and begun[0][1] != word.plain else likely


def _usual(session: Session, plains: Iterable[str]) -> set[str]:
    """Those of the words that many people bear."""
    reaches = [whole(f"{part}{plain}") for plain in plains for part in (FAMILY, GIVEN)]
    return {line[1:].partition(" ")[0] for _, line, _ in answer(session, lines_in(session, reaches, 1, after=_MANY))}


def _pairs(
    words: Sequence[NameWord], spelled: Sequence[Sequence[tuple[float, str]]]
) -> Iterator[tuple[float, str, str, list[str]]]:
    """A patronymic stands behind a given name or before it, never behind a surname. A third word is kept to its first letters."""
    tails = [[(fit, plain) for fit, plain in known if not is_like_patronymic(plain)] for known in spelled]
    for a, b in permutations(range(len(words)), 2):
        third = [f" {word.plain[:_FIRST_LETTERS]}" for no, word in enumerate(words) if no not in (a, b)]
        yield from ((one * other, head, tail, third) for one, head in spelled[a] for other, tail in tails[b])


# ── all of it anew ───────────────────────────────────────────────────────────────────────────────


def rebuild_search(session: Session, by: Actor, *, progress: Progress | None = None) -> int:
    """Makes the search anew from the people, which it is derived from, and returns how many there are; it changes nothing they said."""
    by.require(Permission.BACKUP)
    return rebuild(session, progress)
