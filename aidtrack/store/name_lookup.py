"""Reading the search tables at a key press: many short ranges of lines in one statement, and the words a typed word may stand for.

Statements are text made once for each number of ranges: building one by expressions takes longer than running it. Every range and every
list has an end, so that the most frequent name of a million people costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.names import NameWord, other_forms, sought_keys

LAST = "\U0010ffff"
SCAN = 1500
_WORDS = 60
_WHOLE_WORDS = 12
_SIZES = (3, 6, 12, 24, 48, 96)
_KEYS = (8, 16, 32, 64, 128)
_FEW = (2, 9, 24, 96)
_MOST_ROWS = 600


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


def lines_in(session: Session, reaches: Sequence[Reach], each: int, *, after: int = 0) -> list[tuple[str, Any]]:
    """(line, person as the driver gives it) of all reaches, of each at most `each`, of a filtered one among its first `SCAN`.

    `after`: of each reach only what stands behind so many lines; there is something when there are more than that.
    """
    found: list[tuple[str, Any]] = []
    is_filtered = any(reach.holds for reach in reaches)
    postgres = _is_postgres(session)
    for start in range(0, len(reaches), _SIZES[-1]):
        some = reaches[start : start + _SIZES[-1]]
        if postgres:
            facts: tuple[Any, ...] = tuple(list(column) for column in zip(*some, strict=True))[
                : 4 if is_filtered else 2
            ]
            sql = _on_postgres(is_filtered, each, after)
        else:
            size = next(size for size in _SIZES if size >= len(some))
            padded = [*some, *[_NOTHING] * (size - len(some))]
            facts = tuple(value for reach in padded for value in (reach if is_filtered else reach[:2]))
            sql = _on_sqlite(size, is_filtered, each, after)
        found += session.connection().exec_driver_sql(sql, facts).all()
    return found


def person_of(key: Any) -> UUID:
    """The id of a person as the driver gave it."""
    return key if isinstance(key, UUID) else UUID(bytes=bytes(key))


def born_on(session: Session, days: Sequence[date], letters: str = "", least: int = 0) -> list[Any]:
    """Rows of people born on one of these days, as the driver gives them: key (`person_of` makes an id of it), names, sex, born
    (`date_of` makes a date of it), precision. Of a day that stands for a year only some.

    `least`: only those of whose three names so many begin with one of the `letters`; an empty name counts as if it did.
    """
    is_text = not _is_postgres(session)
    return _people_by(session, "birth_date", [day.isoformat() if is_text else day for day in days], letters, least)


def rows_of(session: Session, people: Collection[Any]) -> list[Any]:
    """The same rows of these people, asked for by ids or by keys as the driver gave them."""
    is_bytes = not _is_postgres(session)
    return _people_by(session, "id", [who.bytes if is_bytes and isinstance(who, UUID) else who for who in people])


def date_of(born: Any) -> date | None:
    """The birth date of such a row."""
    return date.fromisoformat(born) if isinstance(born, str) else born


def _people_by(session: Session, column: str, values: Sequence[Any], letters: str = "", least: int = 0) -> list[Any]:
    found: list[Any] = []
    is_on_postgres = _is_postgres(session)
    for start in range(0, len(values), _FEW[-1]):
        some = values[start : start + _FEW[-1]]
        size = next(size for size in _FEW if size >= len(some))
        facts = (*some, *[some[0]] * (size - len(some)), *[letters] * (3 if least else 0))
        found += session.connection().exec_driver_sql(_rows_by(is_on_postgres, column, size, least), facts).all()
    return found


@cache
def _rows_by(is_on_postgres: bool, column: str, size: int, least: int) -> str:
    place, found_in = ("%s", "strpos") if is_on_postgres else ("?", "instr")
    named = " + ".join(
        f"CASE WHEN {found_in}({place}, substr({name}, 1, 1)) > 0 THEN 1 ELSE 0 END"
        for name in ("family_name", "given_name", "patronymic")
    )
    return (
        "SELECT id AS key, family_name, given_name, patronymic, sex, birth_date AS born, birth_precision AS precision FROM person"
        f" WHERE {column} IN ({', '.join([place] * size)}){f' AND {named} >= {least}' if least else ''} LIMIT {_MOST_ROWS}"
    )


@cache
def _on_sqlite(size: int, is_filtered: bool, each: int, after: int) -> str:
    some = f"LIMIT {SCAN if is_filtered else each} OFFSET {after}"
    scan = f"SELECT line, person_id FROM name_line WHERE line >= ? AND line < ? ORDER BY line {some}"
    if is_filtered:
        scan = f"SELECT line, person_id FROM ({scan}) WHERE instr(line, ?) AND instr(line, ?) LIMIT {each}"
    return " UNION ALL ".join([f"SELECT line, person_id FROM ({scan})"] * size)


@cache
def _on_postgres(is_filtered: bool, each: int, after: int) -> str:
    columns = "low, high, holds, also" if is_filtered else "low, high"
    arrays = ", ".join(["%s::text[]"] * (4 if is_filtered else 2))
    inner = (
        "SELECT line, person_id FROM name_line WHERE line >= w.low AND line < w.high"
        f" ORDER BY line LIMIT {SCAN if is_filtered else each} OFFSET {after}"
    )
    if is_filtered:
        inner = (
            f"SELECT line, person_id FROM ({inner}) AS s WHERE strpos(s.line, w.holds) > 0"
            f" AND strpos(s.line, w.also) > 0 LIMIT {each}"
        )
    return f"SELECT l.line, l.person_id FROM unnest({arrays}) AS w({columns}) CROSS JOIN LATERAL ({inner}) AS l"


def words_like(session: Session, word: NameWord, *, is_whole: bool = False) -> list[NameWord]:
    """Known words that begin like this one, sound like it or its beginning, are a slip away or another form of it; in no order.

    Of an `is_whole` word, which nobody is still typing, only a few that are longer.
    """
    keys = tuple(dict.fromkeys([*sought_keys(word), *other_forms(word.plain)]))[: _KEYS[-1]]
    facts: list[Any] = [word.plain, word.plain + LAST, word.sound, word.sound + LAST]
    begun = _WHOLE_WORDS if is_whole else _WORDS
    if _is_postgres(session):
        facts.append(list(keys))
        sql = _words_on_postgres(begun)
    else:
        size = next(size for size in _KEYS if size >= len(keys))
        facts += [*keys, *[keys[0]] * (size - len(keys))]
        sql = _words_on_sqlite(size, begun)
    rows = session.connection().exec_driver_sql(sql, tuple(facts)).all()
    return list(dict.fromkeys(NameWord._make(row) for row in rows))


def is_beginning(session: Session, words: Sequence[NameWord]) -> bool:
    """Whether one of these words is known, or a longer one that begins so."""
    place = "%s" if _is_postgres(session) else "?"
    facts = tuple(end for word in words for end in (word.plain, word.plain + LAST))
    return bool(words) and bool(session.connection().exec_driver_sql(_beginning(len(words), place), facts).scalar())


@cache
def _beginning(words: int, place: str) -> str:
    one = f"EXISTS (SELECT 1 FROM name_word WHERE plain >= {place} AND plain < {place})"
    return f"SELECT {' OR '.join([one] * words)}"


def _words(places: str, keys: str, begun: int) -> str:
    columns = "plain, sound, written"
    return (
        f"SELECT {columns} FROM (SELECT {columns} FROM name_word WHERE plain >= {places} AND plain < {places}"
        f" ORDER BY plain LIMIT {begun}) AS a"
        f" UNION ALL SELECT {columns} FROM (SELECT {columns} FROM name_word WHERE sound >= {places} AND sound < {places}"
        f" ORDER BY sound LIMIT {begun}) AS b"
        f" UNION ALL SELECT w.plain, w.sound, w.written FROM"
        f" (SELECT DISTINCT plain FROM (SELECT plain FROM name_slip WHERE key {keys} LIMIT {2 * _WORDS}) AS d) AS c"
        " JOIN name_word AS w ON w.plain = c.plain"
    )


@cache
def _words_on_sqlite(size: int, begun: int) -> str:
    return _words("?", f"IN ({', '.join('?' * size)})", begun)


@cache
def _words_on_postgres(begun: int) -> str:
    return _words("%s", "= ANY(%s::text[])", begun)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
