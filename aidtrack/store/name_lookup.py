"""Reading the search tables at a key press: many short ranges of lines in one statement, and the words a typed word may stand for.

Statements are text made once for each number of ranges: building one by expressions takes longer than running it. Every range and every
list has an end, so that the most frequent name of a million people costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
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
_DAYS = (2, 9)
_OF_DAYS = 600


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


def born_on(session: Session, days: Sequence[date]) -> Sequence[Any]:
    """(person, surname, given name, patronymic, birth date) as the driver gives them of people born on one of these days; of a day
    that stands for a year only some."""
    if not days:
        return []
    postgres = _is_postgres(session)
    size = next(size for size in _DAYS if size >= len(days))
    facts = [day if postgres else day.isoformat() for day in (*days, *[days[0]] * (size - len(days)))]
    return session.connection().exec_driver_sql(_born_on("%s" if postgres else "?", size), tuple(facts)).all()


@cache
def _born_on(place: str, size: int) -> str:
    return (
        "SELECT id, family_name, given_name, patronymic, birth_date FROM person"
        f" WHERE birth_date IN ({', '.join([place] * size)}) LIMIT {_OF_DAYS}"
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
