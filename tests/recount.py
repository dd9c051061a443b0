"""The figures of the reports counted again: plain SQL over the raw tables, by another way than the program counts them.

Nothing of `services.overview` is used here. Days are ISO texts, one centre is in the database.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

STANDING = "h.day BETWEEN :a AND :b AND NOT EXISTS (SELECT 1 FROM hand_over_void v WHERE v.hand_over_id = h.id AND v.day <= :b)"
OURS = "('shelf', 'quarantine')"


@dataclass(frozen=True)
class Raw:
    """A session and the days to count."""

    session: Session
    first: date
    last: date

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        asked = {"a": self.first.isoformat(), "b": self.last.isoformat()}
        return [tuple(row) for row in self.session.execute(text(sql), asked)]

    def one(self, sql: str) -> int:
        return int(self.rows(sql)[0][0] or 0)


# ── the queue ────────────────────────────────────────────────────────────────────────────────────


def tickets(raw: Raw) -> dict[str, Counter[str]]:
    """By lane, the states of the numbers drawn on those days, by the last event that was not undone."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for lane, state, n in raw.rows("SELECT lane, state, count(*) FROM ticket WHERE day BETWEEN :a AND :b GROUP BY lane, state"):
        found[lane][state] += n
    return found


def minutes_at_calls(raw: Raw) -> dict[str, float]:
    """By number, the longest it had waited when it was called, at whichever window and however often, the pauses left out: the time in
    pauses is counted second by second of the calendar, not by the program's clock."""
    pauses = _pauses(raw)
    sql = (
        "SELECT t.lane, t.number, t.issued_at, e.at FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id "
        "WHERE e.kind = 'called' AND t.day BETWEEN :a AND :b"
    )
    found: dict[str, float] = defaultdict(float)
    for lane, number, issued, called in raw.rows(sql):
        since, until = _moment(issued), _moment(called)
        still = sum(max((min(until, end) - max(since, start)).total_seconds(), 0) for start, end in pauses)
        found[f"{lane} {number}"] = max(found[f"{lane} {number}"], ((until - since).total_seconds() - still) / 60)
    return found


def _pauses(raw: Raw) -> list[tuple[datetime, datetime]]:
    sql = (
        "SELECT e.kind, e.at FROM day_event e JOIN day d ON d.id = e.day_id "
        "WHERE d.day BETWEEN :a AND :b AND e.kind IN ('pause', 'resume') ORDER BY e.at"
    )
    moments = [_moment(at) for _, at in raw.rows(sql)]
    return list(zip(moments[::2], moments[1::2], strict=True))


def _moment(stored: Any) -> datetime:
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def families(raw: Raw) -> int:
    return raw.one(f"SELECT count(DISTINCT h.household_id) FROM hand_over h WHERE {STANDING}")


def hand_overs(raw: Raw) -> int:
    return raw.one(f"SELECT count(*) FROM hand_over h WHERE {STANDING}")


def people_by_sex(raw: Raw) -> Counter[str]:
    sql = (
        "SELECT p.sex, count(*) FROM person p WHERE p.id IN (SELECT hp.person_id FROM hand_over_person hp "
        f"JOIN hand_over h ON h.id = hp.hand_over_id WHERE {STANDING}) GROUP BY p.sex"
    )
    return Counter(dict(raw.rows(sql)))


def adults_by_full_date(raw: Raw) -> int:
    """People aged 18 to 59 whose whole birth date is known, reckoned by month and day."""
    sql = (
        "SELECT p.id, p.birth_date, max(h.day) FROM person p JOIN hand_over_person hp ON hp.person_id = p.id "
        f"JOIN hand_over h ON h.id = hp.hand_over_id WHERE p.birth_precision = 'day' AND {STANDING} GROUP BY p.id, p.birth_date"
    )
    return sum(18 <= _years(born, day) <= 59 for _, born, day in raw.rows(sql))


def _years(born: Any, day: Any) -> int:
    then, now = date.fromisoformat(str(born)), date.fromisoformat(str(day))
    return now.year - then.year - ((now.month, now.day) < (then.month, then.day))


def families_by_district(raw: Raw) -> Counter[int]:
    """Sizes of the districts families came from, the unnamed one too: how many districts of each size."""
    sql = (
        "SELECT CASE WHEN s.kind = 'place' AND d.kind = 'district' THEN d.code ELSE s.code END AS home, "
        "count(DISTINCT h.household_id) FROM hand_over h JOIN household f ON f.id = h.household_id "
        "LEFT JOIN settlement s ON s.id = f.settlement_id LEFT JOIN settlement d ON d.id = s.parent_id "
        f"WHERE {STANDING} GROUP BY home"
    )
    return Counter(n for _, n in raw.rows(sql))


# ── goods ────────────────────────────────────────────────────────────────────────────────────────


def given(raw: Raw) -> dict[str, tuple[int, int, int]]:
    """By item: units, units held back, units not wanted."""
    lines = raw.rows(
        "SELECT i.code, sum(l.quantity), sum(CASE WHEN l.allowed > l.quantity THEN l.allowed - l.quantity ELSE 0 END) "
        "FROM hand_over_line l JOIN hand_over h ON h.id = l.hand_over_id JOIN item i ON i.id = l.item_id "
        f"WHERE {STANDING} GROUP BY i.code"
    )
    declines = dict(
        raw.rows(
            "SELECT i.code, sum(d.allowed) FROM hand_over_decline d JOIN hand_over h ON h.id = d.hand_over_id "
            f"JOIN item i ON i.id = d.item_id WHERE {STANDING} GROUP BY i.code"
        )
    )
    found = {code: (int(units), int(back), int(declines.pop(code, 0))) for code, units, back in lines}
    return found | {code: (0, 0, int(n)) for code, n in declines.items()}


def shelves(raw: Raw) -> dict[str, tuple[int, int]]:
    """By item: what lay on the shelves and aside before the first day, and after the last one."""
    sums = []
    for until in ("m.day < :a", "m.day <= :b"):
        rows = raw.rows(
            "SELECT i.code, sum(CASE WHEN t.kind IN " + OURS + " THEN m.quantity ELSE 0 END) - "
            "sum(CASE WHEN f.kind IN " + OURS + " THEN m.quantity ELSE 0 END) FROM movement m JOIN item i ON i.id = m.item_id "
            "JOIN stock_place t ON t.id = m.to_id JOIN stock_place f ON f.id = m.from_id "
            f"WHERE {until} AND (:a <= :b) GROUP BY i.code".replace(":a <= :b", ":a <= :b")
        )
        sums.append({code: int(n) for code, n in rows})
    return {code: (sums[0].get(code, 0), n) for code, n in sums[1].items()}


def moved(raw: Raw, kind: str, outwards: bool) -> int:
    """Units of one kind of movement over our shelves in those days, counter-entries taken off."""
    here, there = ("f", "t") if outwards else ("t", "f")
    rows = raw.rows(
        f"SELECT {here}.kind IN {OURS}, sum(m.quantity) FROM movement m JOIN stock_place t ON t.id = m.to_id "
        f"JOIN stock_place f ON f.id = m.from_id WHERE m.kind = '{kind}' AND m.day BETWEEN :a AND :b "
        f"AND ({here}.kind IN {OURS}) <> ({there}.kind IN {OURS}) GROUP BY 1"
    )
    sums = {bool(is_ours): int(n) for is_ours, n in rows}
    return sums.get(True, 0) - sums.get(False, 0)


def received_on_paper(raw: Raw) -> int:
    """Good units on the receipt acts of those days, as the acts say."""
    rows = raw.rows("SELECT facts FROM document WHERE kind = 'GRN' AND day BETWEEN :a AND :b")
    facts = [json.loads(one) if isinstance(one, str) else one for (one,) in rows]
    return sum(line["received"] for fact in facts for line in fact.get("lines", ()))


# ── out of the ordinary ──────────────────────────────────────────────────────────────────────────


def cancelled(raw: Raw) -> int:
    return raw.one("SELECT count(*) FROM hand_over_void WHERE day BETWEEN :a AND :b")


def units_cancelled(raw: Raw) -> int:
    return raw.one(
        "SELECT sum(l.quantity) FROM hand_over_line l JOIN hand_over_void v ON v.hand_over_id = l.hand_over_id "
        "WHERE v.day BETWEEN :a AND :b"
    )
