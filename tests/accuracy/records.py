"""The lists of people with known truths, as records to compare, and how well the pairs that are found agree with the truth.

Rows go the way of `import people`: read by its planner, and to the records the database would give back.

    python -m tests.accuracy.records
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import process_time

from aidtrack.domain.identity import Known
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.services.identity.known import Record
from aidtrack.services.identity.pairs import PairRow, People, find_pairs
from aidtrack.services.spreadsheets.columns import FIELDS, find_header
from aidtrack.services.spreadsheets.planning import plan
from aidtrack.services.spreadsheets.reading import Table

DATA = Path(__file__).parents[1] / "data"
DAY = date(2026, 11, 22)

Row = dict[str, str]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of a list, the pairs in it that are one person, pairs alike that are two, and what was done to a pair."""

    name: str
    rows: list[Row]
    pairs: frozenset[Pair]
    apart: frozenset[Pair] = frozenset()
    how: dict[Pair, str] = field(default_factory=dict)

    @property
    def nameless(self) -> frozenset[str]:
        """Rows nobody could tell: neither right nor wrong."""
        return frozenset(row["external_id"] for row in self.rows if not (row["family_name"] or row["given_name"]))


@dataclass(frozen=True, slots=True)
class Figures:
    """How well found pairs agree with the truth."""

    precision: float
    recall: float
    found: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.4f}  R {self.recall:.4f}  F1 {self.f1:.4f}"


def sample(name: str) -> Sample:
    """`febrl1`, `multiscript` or `households`."""
    pairs = _table(f"people-{name}-pairs.csv")
    truth = {pair_of(row["a_external_id"], row["b_external_id"]): row.get("how", "") for row in pairs}
    rows = _table(f"people-{name}.csv")
    return Sample(
        name, rows, frozenset(truth), frozenset(planted(rows)) if name == "households" else frozenset(), truth
    )


def _table(name: str) -> list[Row]:
    plain, packed = DATA / name, DATA / f"{name}.gz"
    text = plain.read_text(encoding="utf-8") if plain.exists() else gzip.decompress(packed.read_bytes()).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def pair_of(a: str, b: str) -> Pair:
    """The pair in one order."""
    return (a, b) if a < b else (b, a)


def planted(rows: Collection[Row]) -> Iterator[Pair]:
    """Among the registered: fathers and sons of one name, twins, and cousins of one name and age from one place."""
    homes: dict[str, list[Row]] = {}
    names: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["external_id"].startswith("A") and row["family_name"] and row["birth_date"]:
            homes.setdefault(row["household"], []).append(row)
            names.setdefault((row["family_name"], row["given_name"]), []).append(row)
    for a, b in (pair for family in homes.values() for pair in _all_pairs(family)):
        if a["birth_date"] == b["birth_date"] or (a["family_name"], a["given_name"]) == (
            b["family_name"],
            b["given_name"],
        ):
            yield pair_of(a["external_id"], b["external_id"])
    for a, b in (pair for alike in names.values() for pair in _all_pairs(alike)):
        years = abs(int(a["birth_date"][:4]) - int(b["birth_date"][:4]))
        if a["household"] != b["household"] and a["origin"] == b["origin"] and years <= 1:
            yield pair_of(a["external_id"], b["external_id"])


def _all_pairs(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    return ((a, b) for no, a in enumerate(rows) for b in rows[no + 1 :])


# ── the way of the service ───────────────────────────────────────────────────────────────────────


def people_of(rows: Collection[Row]) -> People:
    """The rows as `load_people` gives them after `import people`."""
    return People(tuple(record for draft in drafts_of(rows) for record in _records(draft)), {})


def drafts_of(rows: Collection[Row]) -> list[HouseholdDraft]:
    """The families of the rows as `import people` reads them."""
    cells = [FIELDS[:12], *(tuple(row[name] for name in FIELDS[:12]) for row in rows)]
    table = Table(name="list", digest="", rows=tuple(cells))
    return [family.draft for family in plan(table, find_header(table.rows), DAY, {}).families]


def _records(draft: HouseholdDraft) -> Iterator[Record]:
    home = new_id()
    for no, member in enumerate(draft.members):
        yield Record(new_id(), home, no, member.external_id, _known(member))


def _known(member: MemberDraft) -> Known:
    return Known(
        family_name=member.family_name,
        given_name=member.given_name,
        patronymic=member.patronymic,
        sex=member.sex or "",
        birth=member.birth,
        documents=(member.document.number,) if member.document else (),
        phones=(member.phone,) if member.phone else (),
        home=member.origin_text,
        address=member.address,
        relation=member.relation or "",
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in a sample, and in how many seconds of one core."""

    sample: Sample
    pairs: tuple[PairRow, ...]
    seconds: float

    def figures(self, counts: Callable[[Pair], bool] = lambda pair: True) -> Figures:
        """Of the pairs that count: every row with every row, unless said otherwise."""
        nameless = self.sample.nameless
        found = {pair for pair in self.found if nameless.isdisjoint(pair) and counts(pair)}
        truth = {pair for pair in self.sample.pairs if counts(pair)}
        right = len(found & truth)
        return Figures(right / len(found) if found else 0.0, right / len(truth) if truth else 0.0, len(found))

    @property
    def found(self) -> frozenset[Pair]:
        return frozenset(pair_of(row.a_external_id, row.b_external_id) for row in self.pairs)

    @property
    def together(self) -> frozenset[Pair]:
        """Pairs that should have been kept apart and were not."""
        return self.found & self.sample.apart

    def recall_of(self, *how: str) -> float:
        """The share found of the pairs something of this was done to."""
        asked = {pair for pair, done in self.sample.how.items() if set(how) & set(done.split("+"))}
        return len(asked & self.found) / len(asked)


def newcomers(pair: Pair) -> bool:
    """One registered before, one come again."""
    return pair[0][0] != pair[1][0]


def outcome(of: Sample) -> Outcome:
    """All pairs of the sample, as `people duplicates` finds them."""
    people = people_of(of.rows)
    start = process_time()
    pairs = find_pairs(people)
    return Outcome(of, pairs, process_time() - start)


def lines_of(one: Outcome) -> Iterator[str]:
    """The outcome for people."""
    rows = len(one.sample.rows)
    yield f"{one.sample.name}, {rows:,} rows, {one.seconds:.1f} s: every row with every row  {one.figures()}"
    if not one.sample.name.startswith("febrl1"):
        yield f"    newcomers against registered  {one.figures(newcomers)}"
    if one.sample.how and any(one.sample.how.values()):
        yield f"    other script, recall {one.recall_of('translit', 'ascii'):.4f}"
    if one.sample.apart:
        yield f"    alike but two people: {len(one.sample.apart)}, taken for one: {len(one.together)}"


def main() -> None:
    """Prints how well the three lists are told."""
    for name in ("febrl1", "multiscript", "households"):
        print(*lines_of(outcome(sample(name))), sep="\n")


if __name__ == "__main__":
    main()
