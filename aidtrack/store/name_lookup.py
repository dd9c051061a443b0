"""Questions to the search tables at a key press: many short ranges of lines in one statement, and the words a typed word may stand for.

Statements are text made once for each number of ranges: building one by expressions takes longer than running it. Every range and every
list has an end, so that the most frequent name of a million people costs no more than a rare one. Who asks is `asking`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.names import NameWord, other_forms, sought_keys
from aidtrack.store.asking import Question, Rows, is_on_server

LAST = "\U0010ffff"
SCAN, SCAN_OF_DATED = 1500, 500
"""Of a filtered range so many lines are looked at; fewer where a birth date tells people apart anyway."""
_WORDS = 60
_WHOLE_WORDS = 12
_SIZES = (3, 6, 12, 24, 48, 96)
_KEYS = (8, 16, 32, 64, 128)
_FEW = (2, 9, 24, 96)
_MOST_ROWS = 600
_BETWEEN = "\x1f"
_LIST = f"string_to_array(%s, chr({ord(_BETWEEN)}))"
"""A list as one text: the driver takes longer to write an array down than the server to take a text apart (an empty
one is no list, hence `coalesce`). No folded word holds the sign."""


class Reach(NamedTuple):
    """Lines from `low` up to but without `high`; of a filtered one those that also hold both texts (an empty one is in every line)."""

    low: str
    high: str
    holds: str = ""
    also: str = ""


def beginning(text: str, *held: str) -> Reach:
    """Lines that begin so and hold the first two of these texts."""
    first, second, *_ = [*held, "", ""]
    return Reach(text, text + LAST, first, second)


def whole(text: str) -> Reach:
    """Lines that begin with these words or are nothing else: who has no other name has no space behind the first."""
    return Reach(text, text + "!")


_NOTHING = Reach("~", "~")


Line = tuple[int, str, Any]
"""The number of what was asked, a line, and the person as the driver gives one."""


def lines_in(
    session: Session, reaches: Sequence[Reach], each: int, *, after: int = 0, scan: int = SCAN
) -> Question[list[Line]]:
    """The lines of all reaches, of each at most `each`, of a filtered one among its first `scan`.

    `after`: of each reach only what stands behind so many lines; there is something when there are more than that.
    """
    is_filtered = any(reach.holds for reach in reaches)
    looked_at = scan if is_filtered else each
    if is_on_server(session):
        columns = list(zip(*reaches, strict=True))[: 4 if is_filtered else 2]
        sql = _on_postgres(is_filtered, looked_at, each, after)
        return Question([(sql, tuple(map(_BETWEEN.join, columns)))] if reaches else [], _lines)
    starts = range(0, len(reaches), _SIZES[-1])
    parts = [_on_file(reaches[at : at + _SIZES[-1]], is_filtered, looked_at, each, after) for at in starts]
    return Question(parts, _lines)


def _lines(parts: Sequence[Rows]) -> list[Line]:
    first, *others = parts or [[]]
    return [
        *first,
        *((no * _SIZES[-1] + at, line, who) for no, rows in enumerate(others, 1) for at, line, who in rows),
    ]


def _on_file(
    some: Sequence[Reach], is_filtered: bool, looked_at: int, each: int, after: int
) -> tuple[str, tuple[str, ...]]:
    size = next(size for size in _SIZES if size >= len(some))
    padded = [*some, *[_NOTHING] * (size - len(some))]
    facts = tuple(value for reach in padded for value in (reach if is_filtered else reach[:2]))
    return _on_sqlite(size, is_filtered, looked_at, each, after), facts


def person_of(key: Any) -> UUID:
    """The id of a person as the driver gave it."""
    return key if isinstance(key, UUID) else UUID(bytes=bytes(key))


class PersonRow(NamedTuple):
    """A person as the driver gives one: `person_of` makes an id of the key, `date_of` a date of when it was born."""

    key: Any
    family_name: str
    given_name: str
    patronymic: str
    sex: str
    born: Any
    precision: str


def born_on(session: Session, days: Sequence[date], letters: str = "", least: int = 0) -> Question[list[PersonRow]]:
    """People born on one of these days. Of a day that stands for a year only some.

    `least`: only those of whose three names so many begin with one of the `letters`; an empty name counts as if it did.
    """
    return _people_by(session, "birth_date", _as_days(session, days), letters, least)


def rows_of(session: Session, people: Collection[Any]) -> Question[list[PersonRow]]:
    """These people, asked for by ids or by keys as the driver gave them."""
    return _people_by(session, "id", keys_of(session, people))


def _as_days(session: Session, days: Iterable[date]) -> list[Any]:
    return list(days) if is_on_server(session) else [day.isoformat() for day in days]


def keys_of(session: Session, people: Iterable[Any]) -> list[Any]:
    """Ids, or keys as the driver gave them, as it takes them."""
    is_bytes = not is_on_server(session)
    return [who.bytes if is_bytes and isinstance(who, UUID) else who for who in people]


def _filled(values: Sequence[Any]) -> list[Any]:
    """Of one of a few lengths, so that there are few statements."""
    size = next((size for size in _FEW if size >= len(values)), len(values))
    return [*values, *[values[0]] * (size - len(values))]


def date_of(born: Any) -> date | None:
    """The birth date of such a row."""
    return date.fromisoformat(born) if isinstance(born, str) else born


def _people_by(
    session: Session, column: str, values: Sequence[Any], letters: str = "", least: int = 0
) -> Question[list[PersonRow]]:
    asked = []
    for start in range(0, len(values), _FEW[-1]):
        some = _filled(values[start : start + _FEW[-1]])
        sql = _rows_by(is_on_server(session), column, len(some), least)
        asked.append((sql, (*some, *[letters] * (3 if least else 0))))
    return Question(asked, _people)


def _people(parts: Sequence[Rows]) -> list[PersonRow]:
    return [PersonRow._make(row) for row in chain(*parts)]


@cache
def _rows_by(is_on_postgres: bool, column: str, size: int, least: int) -> str:
    place, found_in = ("%s", "strpos") if is_on_postgres else ("?", "instr")
    named = " + ".join(
        f"CASE WHEN {found_in}({place}, substr({name}, 1, 1)) > 0 THEN 1 ELSE 0 END"
        for name in ("family_name", "given_name", "patronymic")
    )
    return (
        "SELECT id, family_name, given_name, patronymic, sex, birth_date, birth_precision FROM person"
        f" WHERE {column} IN ({', '.join([place] * size)}){f' AND {named} >= {least}' if least else ''} LIMIT {_MOST_ROWS}"
    )


@cache
def _on_sqlite(size: int, is_filtered: bool, looked_at: int, each: int, after: int) -> str:
    some = f"LIMIT {looked_at} OFFSET {after}"
    scan = f"SELECT line, person_id FROM name_line WHERE line >= ? AND line < ? ORDER BY line {some}"
    if is_filtered:
        scan = f"SELECT line, person_id FROM ({scan}) WHERE instr(line, ?) AND instr(line, ?) LIMIT {each}"
    return " UNION ALL ".join(f"SELECT {no}, line, person_id FROM ({scan})" for no in range(size))


@cache
def _on_postgres(is_filtered: bool, looked_at: int, each: int, after: int) -> str:
    columns = "low, high, holds, also" if is_filtered else "low, high"
    lists = ", ".join([_LIST] * (4 if is_filtered else 2))
    inner = (
        "SELECT line, person_id FROM name_line WHERE line >= w.low AND line < w.high"
        f" ORDER BY line LIMIT {looked_at} OFFSET {after}"
    )
    if is_filtered:
        inner = (
            f"SELECT line, person_id FROM ({inner}) AS s WHERE strpos(s.line, coalesce(w.holds, '')) > 0"
            f" AND strpos(s.line, coalesce(w.also, '')) > 0 LIMIT {each}"
        )
    return (
        f"SELECT (w.no - 1)::int, l.line, l.person_id FROM unnest({lists}) WITH ORDINALITY AS w({columns}, no)"
        f" CROSS JOIN LATERAL ({inner}) AS l"
    )


class Sought(NamedTuple):
    """A typed word that known words are looked for; of a `is_whole` one, which nobody is still typing, only a few that are longer."""

    word: NameWord
    is_whole: bool


def words_like(session: Session, sought: Sequence[Sought]) -> Question[list[list[NameWord]]]:
    """Of each sought word the known words that begin like it, sound like it or its beginning, are a slip away or another form of it;
    in no order."""
    keys = [tuple(dict.fromkeys([*sought_keys(w), *other_forms(w.plain)]))[: _KEYS[-1]] for w, _ in sought]
    facts: list[str] = []
    kinds: list[tuple[int, int]] = []
    is_on_postgres = is_on_server(session)
    for (word, is_whole), some in zip(sought, keys, strict=True):
        size = 0 if is_on_postgres else next(size for size in _KEYS if size >= len(some))
        asked = [_BETWEEN.join(some)] if is_on_postgres else [*some, *[some[0]] * (size - len(some))]
        facts += [word.plain, word.plain + LAST, word.sound, word.sound + LAST, *asked]
        kinds.append((size, _WHOLE_WORDS if is_whole else _WORDS))
    return Question([(_words(tuple(kinds)), facts)] if sought else [], partial(_each_once, len(sought)))


def _each_once(size: int, parts: Sequence[Rows]) -> list[list[NameWord]]:
    found: list[list[NameWord]] = [[] for _ in range(size)]
    for no, *columns in chain(*parts):
        found[no].append(NameWord._make(columns))
    return [list(dict.fromkeys(words)) for words in found]


@cache
def _words(kinds: tuple[tuple[int, int], ...]) -> str:
    return " UNION ALL ".join(_words_of_one(no, size, begun) for no, (size, begun) in enumerate(kinds))


def _words_of_one(no: int, size: int, begun: int) -> str:
    """With `size` keys; 0: a list of them, as a server takes it."""
    place, keys = ("?", f"IN ({', '.join('?' * size)})") if size else ("%s", f"= ANY({_LIST})")
    columns = "plain, sound, written"
    return (
        f"SELECT {no}, {columns} FROM (SELECT {columns} FROM name_word WHERE plain >= {place} AND plain < {place}"
        f" ORDER BY plain LIMIT {begun}) AS a{no}"
        f" UNION ALL SELECT {no}, {columns} FROM (SELECT {columns} FROM name_word WHERE sound >= {place} AND sound < {place}"
        f" ORDER BY sound LIMIT {begun}) AS b{no}"
        f" UNION ALL SELECT {no}, w.plain, w.sound, w.written FROM"
        f" (SELECT DISTINCT plain FROM (SELECT plain FROM name_slip WHERE key {keys} LIMIT {2 * _WORDS}) AS d{no}) AS c{no}"
        f" JOIN name_word AS w ON w.plain = c{no}.plain"
    )


def which_begin(session: Session, groups: Sequence[Sequence[NameWord]]) -> Question[list[bool]]:
    """Of each group of words whether one of them is known, or a longer one that begins so."""
    place = "%s" if is_on_server(session) else "?"
    facts = tuple(end for words in groups for word in words for end in (word.plain, word.plain + LAST))
    return Question(
        [(_beginning(tuple(map(len, groups)), place), facts)] if facts else [], partial(_which, len(groups))
    )


def _which(size: int, parts: Sequence[Rows]) -> list[bool]:
    return [bool(is_so) for ((*found,),) in parts for is_so in found] or [False] * size


@cache
def _beginning(sizes: tuple[int, ...], place: str) -> str:
    one = f"EXISTS (SELECT 1 FROM name_word WHERE plain >= {place} AND plain < {place})"
    return f"SELECT {', '.join(' OR '.join([one] * size) or 'false' for size in sizes)}"
