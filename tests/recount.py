"""The figures of the reports counted again: plain SQL over the raw tables, by another way than the program counts them.

Nothing of `services.overview` is used here. Days are ISO texts, one centre is in the database.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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


def moment(value: Any) -> datetime:
    """A moment as either database gives it."""
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


STANDS = {
    "called": "waiting", "not_here": "waiting", "back": "waiting", "serving": "waiting", "moved": "waiting", "reopened": "waiting",
    "issued": "waiting", "tomorrow": "waiting", "missed": "missed", "served": "served", "left": "left", "cancelled": "cancelled",
    "expired": "expired",
}  # fmt: skip
"""In which column of R9 a number stands after something happened to it; whatever is not here moves it nowhere."""


@dataclass(frozen=True)
class Number:
    """A number of one day as its events tell it, by the moment the day was closed."""

    lane: str
    stands: str
    wait: timedelta | None
    issued: datetime
    served: datetime | None
    with_lead: bool


def numbers(raw: Raw) -> list[Number]:
    """Every number drawn on the last of those days, by the last event that was not undone."""
    closed = _closed(raw)
    events: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for row in raw.rows(
        "SELECT t.id, t.lane, t.issued_at, e.no, e.kind, e.at, e.undoes_no, e.stage FROM ticket t JOIN ticket_event e "
        "ON e.ticket_id = t.id WHERE t.day = :b AND (:a <= :b) ORDER BY t.id, e.no"
    ):
        if moment(row[5]) <= closed:
            events[row[0]].append(row)
    return [_number(rows, raw) for rows in events.values()]


def _closed(raw: Raw) -> datetime:
    sql = "SELECT e.at FROM day_event e JOIN day d ON d.id = e.day_id WHERE e.kind = 'close' AND d.day = :b AND (:a <= :b)"
    return max(moment(at) for (at,) in raw.rows(sql))


def _number(rows: Sequence[tuple[Any, ...]], raw: Raw) -> Number:
    undone = {row[6] for row in rows if row[4] == "undone"}
    valid = [row for row in rows if row[4] in STANDS and row[3] not in undone]
    calls = [moment(row[5]) for row in valid if row[4] in ("called", "serving", "served")]  # who walks up was called then
    last, issued = valid[-1], moment(rows[0][2])
    stages = [row[7] for row in valid if row[7]]
    return Number(
        lane=rows[0][1], stands=STANDS[last[4]], wait=_without_pauses(raw, issued, calls[0]) if calls else None, issued=issued,
        served=moment(last[5]) if last[4] == "served" else None,
        with_lead=stages[-1:] == ["shift_lead"] and STANDS[last[4]] not in ("served", "left", "cancelled"),
    )  # fmt: skip


def pauses(raw: Raw) -> list[tuple[datetime, datetime]]:
    """From – to, of the last of those days."""
    rows = raw.rows(
        "SELECT e.kind, e.at FROM day_event e JOIN day d ON d.id = e.day_id WHERE d.day = :b AND (:a <= :b) "
        "AND e.kind IN ('pause', 'resume') ORDER BY e.no"
    )
    moments = [moment(at) for _, at in rows]
    return list(zip(moments[::2], moments[1::2], strict=True))


def _without_pauses(raw: Raw, since: datetime, until: datetime) -> timedelta:
    """Second by second would be the same: the part of the time in which no clock stood still."""
    left = max(until - since, timedelta(0))
    for begin, end in pauses(raw):
        left -= max(min(until, end) - max(since, begin), timedelta(0))
    return left


def tickets(raw: Raw) -> dict[str, Counter[str]]:
    """By lane, where the numbers of the day stand."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in numbers(raw):
        found[one.lane][one.stands] += 1
    return found


def minutes_at_calls(raw: Raw) -> dict[str, float]:
    """By number, the longest it had waited when it was called, at whichever window and however often, the pauses left out: the time in
    pauses is counted second by second of the calendar, not by the program's clock."""
    sql = (
        "SELECT t.lane, t.number, t.issued_at, e.at FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id "
        "WHERE e.kind = 'called' AND t.day BETWEEN :a AND :b"
    )
    found: dict[str, float] = defaultdict(float)
    for lane, number, issued, called in raw.rows(sql):
        waited = _without_pauses(raw, moment(issued), moment(called)).total_seconds() / 60
        found[f"{lane} {number}"] = max(found[f"{lane} {number}"], waited)
    return found


def waits(raw: Raw) -> list[int]:
    """Whole minutes to the first call, rising."""
    return sorted(int(one.wait.total_seconds() // 60) for one in numbers(raw) if one.wait is not None)


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def families(raw: Raw) -> int:
    return raw.one(f"SELECT count(DISTINCT h.household_id) FROM hand_over h WHERE {STANDING}")


def hand_overs(raw: Raw) -> int:
    return raw.one(f"SELECT count(*) FROM hand_over h WHERE {STANDING}")


def hand_overs_of_programmes(raw: Raw) -> int:
    """Those some programme gave something in."""
    return raw.one(
        f"SELECT count(*) FROM hand_over h WHERE {STANDING} AND EXISTS "
        "(SELECT 1 FROM hand_over_line l WHERE l.hand_over_id = h.id AND l.rule_id IS NOT NULL)"
    )


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


def people_by_age(raw: Raw) -> Counter[str]:
    """The age groups of everybody covered, by the last hand-over; a year alone counts from its first day."""
    sql = (
        "SELECT p.id, p.birth_date, max(h.day) FROM person p JOIN hand_over_person hp ON hp.person_id = p.id "
        f"JOIN hand_over h ON h.id = hp.hand_over_id WHERE {STANDING} GROUP BY p.id, p.birth_date"
    )
    return Counter(_group(_years(born, day)) if born else "?" for _, born, day in raw.rows(sql))


def _group(years: int) -> str:
    return next((name for name, upper in (("0-4", 4), ("5-11", 11), ("12-17", 17), ("18-59", 59)) if years <= upper), "60+")


def needs(raw: Raw) -> Counter[str]:
    """People covered, by what was noted of them on the last of those days."""
    sql = (
        "SELECT n.need, count(DISTINCT n.person_id) FROM person_need n WHERE n.since_day <= :b "
        "AND (n.until_day IS NULL OR n.until_day > :b) AND n.person_id IN "
        "(SELECT hp.person_id FROM hand_over_person hp JOIN hand_over h ON h.id = hp.hand_over_id "
        f"WHERE {STANDING}) GROUP BY n.need"
    )
    return Counter({need: int(n) for need, n in raw.rows(sql)})


def new_families(raw: Raw) -> int:
    """Families whose first hand-over ever lies in those days."""
    sql = (
        f"SELECT count(DISTINCT h.household_id) FROM hand_over h WHERE {STANDING} AND NOT EXISTS (SELECT 1 FROM hand_over e "
        "WHERE e.household_id = h.household_id AND e.day < :a AND NOT EXISTS "
        "(SELECT 1 FROM hand_over_void x WHERE x.hand_over_id = e.id AND x.day <= :b))"
    )
    return raw.one(sql)


def unregistered(raw: Raw) -> int:
    """People goods were given for without registration."""
    return raw.one(f"SELECT sum(h.people) FROM hand_over h WHERE h.household_id IS NULL AND {STANDING}")


def families_by_district(raw: Raw) -> Counter[int]:
    """Sizes of the districts families came from, the unnamed one too: how many districts of each size."""
    sql = (
        "SELECT CASE WHEN s.kind = 'place' AND d.kind = 'district' THEN d.code ELSE s.code END AS home, "
        "count(DISTINCT h.household_id) FROM hand_over h JOIN household f ON f.id = h.household_id "
        "LEFT JOIN settlement s ON s.id = f.settlement_id LEFT JOIN settlement d ON d.id = s.parent_id "
        f"WHERE {STANDING} AND h.household_id IS NOT NULL GROUP BY home"
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


def given_by_rule(raw: Raw) -> dict[str, int]:
    """By item, units some programme gave."""
    rows = raw.rows(
        "SELECT i.code, sum(l.quantity) FROM hand_over_line l JOIN hand_over h ON h.id = l.hand_over_id JOIN item i ON i.id = l.item_id "
        f"WHERE l.rule_id IS NOT NULL AND {STANDING} GROUP BY i.code"
    )
    return {code: int(units) for code, units in rows}


def shelves(raw: Raw) -> dict[str, tuple[int, int]]:
    """By item: what lay on the shelves and aside before the first day, and after the last one."""
    sums = []
    for until in ("m.day < :a", "m.day <= :b"):
        rows = raw.rows(
            "SELECT i.code, sum(CASE WHEN t.kind IN " + OURS + " THEN m.quantity ELSE 0 END) - "
            "sum(CASE WHEN f.kind IN " + OURS + " THEN m.quantity ELSE 0 END) FROM movement m JOIN item i ON i.id = m.item_id "
            "JOIN stock_place t ON t.id = m.to_id JOIN stock_place f ON f.id = m.from_id "
            f"WHERE {until} AND (:a <= :b) GROUP BY i.code"
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


def more(raw: Raw) -> tuple[int, int]:
    """Lines above what was allowed, and the units above it."""
    sql = (
        "SELECT count(*), sum(l.quantity - l.allowed) FROM hand_over_line l JOIN hand_over h ON h.id = l.hand_over_id "
        f"WHERE l.quantity > l.allowed AND {STANDING}"
    )
    ((lines, units),) = raw.rows(sql)
    return int(lines), int(units or 0)


def deeds(raw: Raw) -> Counter[str]:
    """How often each kind of operation was done in those days, up to the closing of the last one."""
    closed = _closed(raw)
    rows = raw.rows("SELECT kind, at FROM operation WHERE day BETWEEN :a AND :b")
    found = Counter(kind for kind, at in rows if moment(at) <= closed)
    found["spot_count"] = spot_counts(raw)
    return found


def spot_counts(raw: Raw) -> int:
    """Counts made in front of a family, as a part of a hand-over or by themselves."""
    rows = raw.rows("SELECT facts FROM document WHERE day BETWEEN :a AND :b")
    return sum(bool((json.loads(one) if isinstance(one, str) else one).get("spot")) for (one,) in rows)


def told_not_today(raw: Raw) -> int:
    return raw.one("SELECT count(*) FROM turned_away WHERE day BETWEEN :a AND :b")
