"""The papers of the evening counted again from the raw tables: stock by column, promises, disputes, the shift, disclosures, forecasts.

As in `recount`, nothing of `services.overview` is used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.recount import OURS, STANDING, Raw, numbers

INWARDS = {"receive": "received", "return": "returned", "count": "difference"}
OUTWARDS = {"issue": "issued", "transfer": "transferred", "write_off": "written_off"}


def columns(raw: Raw) -> dict[str, Counter[str]]:
    """By item, the columns of R5 and R8: each movement over our shelves, forwards or as a counter-entry backwards."""
    rows = raw.rows(
        f"SELECT i.code, m.kind, f.kind IN {OURS}, t.kind IN {OURS}, sum(m.quantity) FROM movement m JOIN item i ON i.id = m.item_id "
        "JOIN stock_place t ON t.id = m.to_id JOIN stock_place f ON f.id = m.from_id WHERE m.day BETWEEN :a AND :b GROUP BY 1, 2, 3, 4"
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for code, kind, from_us, to_us, units in rows:
        if bool(from_us) != bool(to_us):
            forwards = bool(to_us) if kind in INWARDS else bool(from_us)
            found[code][(INWARDS | OUTWARDS)[kind]] += int(units) if forwards else -int(units)
    return found


def put_aside(raw: Raw) -> Counter[str]:
    """By item: what stands for families, what is set aside to check, and what is past its day, in the evening."""
    found: Counter[str] = Counter()
    for code, n in raw.rows(
        "SELECT i.code, sum(r.quantity) FROM reservation r JOIN item i ON i.id = r.item_id WHERE r.day <= :b AND (:a <= :b) GROUP BY i.code"
    ):
        found[code] += int(n)
    for (code, _, expired, place), n in batches(raw).items():
        if expired or place == "quarantine":
            found[code] += n
    return found


def batches(raw: Raw) -> Counter[tuple[str, Any, bool, str]]:
    """What lies where in the evening: by item, batch, whether it is past its day, kind of place."""
    found: Counter[tuple[str, Any, bool, str]] = Counter()
    for side, sign in (("to_id", 1), ("from_id", -1)):
        rows = raw.rows(
            "SELECT i.code, l.id, l.expires_on IS NOT NULL AND l.expires_on < :b, p.kind, sum(m.quantity) FROM movement m "
            f"JOIN item i ON i.id = m.item_id JOIN lot l ON l.id = m.lot_id JOIN stock_place p ON p.id = m.{side} "
            f"WHERE m.day <= :b AND (:a <= :b) AND p.kind IN {OURS} GROUP BY 1, 2, 3, 4"
        )
        for code, lot, expired, place, n in rows:
            found[code, lot, bool(expired), place] += sign * int(n)
    return +found


def can_be_given(raw: Raw) -> dict[str, int]:
    lying: Counter[str] = Counter()
    for (code, *_), n in batches(raw).items():
        lying[code] += n
    aside = put_aside(raw)
    return {code: n - aside[code] for code, n in lying.items()}


def expiring(raw: Raw) -> Counter[tuple[str, Any]]:
    """Batches with a last day that lie here in the evening: code of the batch, day, units."""
    names = {lot: (code, day) for lot, code, day in raw.rows("SELECT id, code, expires_on FROM lot WHERE (:a <= :b)")}
    found: Counter[tuple[str, Any]] = Counter()
    for (_, lot, _, _), n in batches(raw).items():
        code, day = names[lot]
        if day is not None:
            found[code, str(day)] += n
    return found


# ── owed and waited for ──────────────────────────────────────────────────────────────────────────


def promises(raw: Raw) -> dict[str, tuple[int, int, int]]:
    """By item: promises that are open in the evening, their units, and units that stand ready."""
    made = raw.rows("SELECT p.id, i.code, p.quantity FROM promise p JOIN item i ON i.id = p.item_id WHERE p.day <= :b AND (:a <= :b)")
    kept = dict(raw.rows(
        "SELECT r.promise_id, -sum(r.quantity) FROM reservation r JOIN hand_over_line l ON l.id = r.hand_over_line_id "
        "JOIN hand_over h ON h.id = l.hand_over_id WHERE r.kind = 'given' AND h.day <= :b AND (:a <= :b) AND NOT EXISTS "
        "(SELECT 1 FROM hand_over_void v WHERE v.hand_over_id = h.id AND v.day <= :b) GROUP BY r.promise_id"
    ))  # fmt: skip
    ready = dict(raw.rows("SELECT promise_id, sum(quantity) FROM reservation WHERE day <= :b AND (:a <= :b) GROUP BY promise_id"))
    found: dict[str, tuple[int, int, int]] = {}
    for promise, code, quantity in made:
        owed = quantity - int(kept.get(promise, 0))
        if owed:
            open_, units, stands = found.get(code, (0, 0, 0))
            found[code] = (open_ + 1, units + owed, stands + int(ready.get(promise, 0)))
    return found


def waiting(raw: Raw) -> Counter[str]:
    """By item, places in the wait list that nothing has ended by the evening."""
    rows = raw.rows(
        "SELECT i.code, count(*) FROM wait_entry w JOIN item i ON i.id = w.item_id WHERE w.day <= :b AND (:a <= :b) AND NOT EXISTS "
        "(SELECT 1 FROM wait_end e WHERE e.wait_entry_id = w.id AND e.day <= :b AND NOT EXISTS "
        "(SELECT 1 FROM hand_over_void v WHERE v.hand_over_id = e.hand_over_id AND v.day <= :b)) GROUP BY i.code"
    )
    return Counter({code: int(n) for code, n in rows})


def places_kept(raw: Raw) -> dict[str, int]:
    """By item, units places in the wait list were taken for in those days."""
    rows = raw.rows(
        "SELECT i.code, sum(w.quantity) FROM wait_entry w JOIN item i ON i.id = w.item_id WHERE w.day BETWEEN :a AND :b GROUP BY i.code"
    )
    return {code: int(n) for code, n in rows}


def disputes(raw: Raw) -> Counter[str]:
    """By outcome."""
    rows = raw.rows("SELECT outcome, count(*) FROM dispute WHERE day BETWEEN :a AND :b GROUP BY outcome")
    return Counter({outcome: int(n) for outcome, n in rows})


def with_the_lead(raw: Raw) -> int:
    """Numbers that nobody settled by the evening."""
    return sum(one.with_lead for one in numbers(raw))


# ── to the door ──────────────────────────────────────────────────────────────────────────────────

AT_HOME = "('older_alone', 'older_care', 'mobility')"


def to_the_door(raw: Raw) -> dict[str, tuple[str, str, dict[str, int]]]:
    """By the tail of its card: first name and address of every family that cannot come, and what it has not had yet of what lies on
    the shelves; for a day on which every rule is for everybody and nothing can be due a second time."""
    rows = raw.rows(
        "SELECT h.id, c.number, p.given_name, h.address FROM household h JOIN card c ON c.household_id = h.id JOIN person p ON "
        "p.id = h.head_id WHERE h.address <> '' AND NOT h.is_protected AND h.status = 'active' AND c.state = 'active' AND (:a <= :b) "
        "AND EXISTS (SELECT 1 FROM household_member m JOIN person_need n ON n.person_id = m.person_id WHERE m.household_id = h.id "
        f"AND m.until_day IS NULL AND n.until_day IS NULL AND n.need IN {AT_HOME}) ORDER BY h.address"
    )
    sizes = dict(raw.rows("SELECT household_id, count(*) FROM household_member WHERE until_day IS NULL AND (:a <= :b) GROUP BY 1"))
    had = set(raw.rows(
        "SELECT h.household_id, i.code FROM hand_over h JOIN hand_over_line l ON l.hand_over_id = h.id JOIN item i ON i.id = l.item_id "
        f"WHERE {STANDING}"
    ))  # fmt: skip
    rules = raw.rows(
        "SELECT i.code, r.basis, r.quantity FROM campaign_rule r JOIN item i ON i.id = r.item_id WHERE r.is_active AND (:a <= :b)"
    )
    free = can_be_given(raw)
    doors = {}
    for family, number, name, address in rows:
        due = {
            code: int(quantity) * (int(sizes[family]) if basis == "person" else 1)
            for code, basis, quantity in rules
            if free.get(code, 0) > 0 and (family, code) not in had
        }
        if due:
            doors[number[-4:]] = (name, address, due)
    return doors


# ── the shift, names, tomorrow ───────────────────────────────────────────────────────────────────


def by_window(raw: Raw) -> dict[int, int]:
    """Hand-overs that stand in the evening, by the number of the window."""
    rows = raw.rows(f"SELECT d.number, count(*) FROM hand_over h JOIN desk d ON d.id = h.desk_id WHERE {STANDING} GROUP BY d.number")
    return {window: int(n) for window, n in rows}


def missing_lines(raw: Raw, per_sheet: int = 20) -> dict[int, set[int]]:
    """By window, the lines below the last one that nobody is written for. A typed line that was taken back is free."""
    rows = raw.rows(
        "SELECT d.number, h.sheet, h.line, p.hand_over_id IS NOT NULL AND v.id IS NOT NULL FROM hand_over h "
        "JOIN desk d ON d.id = h.desk_id LEFT JOIN paper_entry p ON p.hand_over_id = h.id "
        "LEFT JOIN hand_over_void v ON v.hand_over_id = h.id WHERE h.day BETWEEN :a AND :b"
    )
    written: dict[int, set[int]] = defaultdict(set)
    for window, sheet, line, is_free in rows:
        written[window] |= set() if is_free else {(sheet - 1) * per_sheet + line}
    return {window: set(range(1, max(lines) + 1)) - lines for window, lines in written.items()}


def rolls(raw: Raw) -> list[tuple[int, int, int]]:
    """First and last number of each roll, and the last one given (0: none)."""
    return raw.rows(  # type: ignore[return-value]
        "SELECT b.first, b.last, coalesce((SELECT max(t.number) FROM ticket t WHERE t.day = b.day AND t.lane = b.lane "
        "AND t.number BETWEEN b.first AND b.last), 0) FROM number_block b WHERE b.day BETWEEN :a AND :b ORDER BY b.at"
    )


def badges(raw: Raw) -> int:
    return raw.one("SELECT count(*) FROM badge WHERE day BETWEEN :a AND :b")


def disclosed(raw: Raw) -> int:
    """Rows of people given out: everybody in an active family, for each copy."""
    return raw.one("SELECT sum(people) FROM disclosure WHERE day BETWEEN :a AND :b")


def members(raw: Raw) -> int:
    """People of active families of the centre now."""
    return raw.one(
        "SELECT count(*) FROM household_member m JOIN household h ON h.id = m.household_id WHERE h.status = 'active' "
        "AND m.until_day IS NULL AND (:a <= :b)"
    )


def households(raw: Raw) -> int:
    """Active families registered by the evening."""
    return raw.one("SELECT count(*) FROM household WHERE status = 'active' AND registered_day <= :b AND (:a <= :b)")


def moved(raw: Raw) -> int:
    """Numbers that go on tomorrow."""
    return sum(one.stands == "waiting" for one in numbers(raw))


def had(raw: Raw, code: str) -> int:
    """Families that were given this item by the evening."""
    return raw.one(
        "SELECT count(DISTINCT h.household_id) FROM hand_over h JOIN hand_over_line l ON l.hand_over_id = h.id JOIN item i "
        f"ON i.id = l.item_id WHERE i.code = '{code}' AND h.day <= :b AND (:a <= :b) AND NOT EXISTS "
        "(SELECT 1 FROM hand_over_void v WHERE v.hand_over_id = h.id AND v.day <= :b)"
    )


def coming(raw: Raw, code: str) -> int:
    """Units of an item announced for the next day that have not come by the evening."""
    return raw.one(
        "SELECT sum(l.quantity) FROM announcement_line l JOIN announcement a ON a.id = l.announcement_id JOIN item i ON i.id = l.item_id "
        f"LEFT JOIN document d ON d.id = a.document_id WHERE i.code = '{code}' AND a.day <= :b AND (:a <= :b) "
        "AND (d.id IS NULL OR d.day > :b) AND (a.cancelled_on IS NULL OR a.cancelled_on > :b)"
    )
