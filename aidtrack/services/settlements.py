"""The places families come from: loading a gazetteer pack, finding a place while it is typed, knowing one again in an import.

Places of the pack are from GeoNames (CC BY 4.0): whoever shows them names it, `ATTRIBUTION` is the sentence.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.names import name_words, other_layouts, query_words
from aidtrack.errors import Names, NotFound, Text
from aidtrack.shipped import RESOURCES
from aidtrack.store import journal
from aidtrack.store.people import Settlement

ATTRIBUTION = Text("Places: GeoNames (geonames.org), CC BY 4.0")
PACKS = RESOURCES / "packs"
PLACE = "place"

# The same place has the same id at every site: bundles of two sites meet in one row.
_IDS = UUID("5b0f8a52-6f1c-5e0e-9f38-2f4f4b1d6a10")


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A place with what it lies in; names by language."""

    id: UUID
    code: str
    kind: str
    names: Names
    within: Names
    population: int


def load_settlements(session: Session, by: Actor, *, request_id: UUID, pack: str = "kursk") -> int:
    """Adds the places of a pack that are not there yet; how many were added. Repeatable."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "load_settlements", pack=pack) as op:
        if op.is_repeat:
            return len(op.ids("settlement"))
        known = set(session.scalars(select(Settlement.code)))
        rows = [row for row in _pack_rows(pack) if row["code"] not in known]
        journal.add_many(session, Settlement, rows)
        return len(rows)


def _pack_rows(pack: str) -> list[dict[str, Any]]:
    path = PACKS / pack / "settlements.csv"
    if not path.exists():
        raise NotFound("no-pack", Text("There is no pack of places named {name}.", name=pack))
    with path.open(encoding="utf-8", newline="") as file:
        return [_pack_row(line) for line in csv.DictReader(file)]


def _pack_row(line: dict[str, str]) -> dict[str, Any]:
    names = {lang: line[f"name_{lang}"] for lang in ("ru", "uk", "en") if line[f"name_{lang}"]}
    alternatives = [name for name in line["alternatives"].split("|") if name]
    return {
        "id": settlement_id(line["code"]), "code": line["code"], "kind": line["kind"], "names": names,
        "parent_id": settlement_id(line["parent"]) if line["parent"] else None, "alternatives": alternatives,
        "population": int(line["population"]), "folded": folded(*names.values(), *alternatives),
    }  # fmt: skip


def settlement_id(code: str) -> UUID:
    """The id of a place of the gazetteer, computed from its code."""
    return uuid5(_IDS, code)


def folded(*names: str) -> str:
    """All words of all spellings, plain and by sound, each after a space, so that beginnings are found."""
    words = {fold for name in names for word in name_words(name) for fold in (word.plain, word.sound)}
    return " " + " ".join(sorted(words))


def find_settlements(session: Session, by: Actor, text: str, *, limit: int = 8) -> tuple[SettlementRow, ...]:
    """Places whose names begin like each typed word, in any script and keyboard layout; the larger first."""
    by.require(Permission.FIND)
    for reading in (text, *other_layouts(text)):
        words = query_words(reading)
        folds: list[tuple[str, ...]] = [
            (word.plain, word.sound) if len(word.sound) > 2 else (word.plain,) for word in words
        ]
        found = _begin_like(folds, session, limit) if folds else ()
        if found:
            return found
    return ()


def _begin_like(words: list[tuple[str, ...]], session: Session, limit: int) -> tuple[SettlementRow, ...]:
    conditions = [or_(*(Settlement.folded.contains(f" {fold}", autoescape=True) for fold in folds)) for folds in words]
    return _rows(session, and_(Settlement.kind == PLACE, *conditions), limit)


def _rows(session: Session, condition: ColumnElement[bool], limit: int) -> tuple[SettlementRow, ...]:
    parent = aliased(Settlement)
    s = Settlement
    query = select(s.id, s.code, s.kind, s.names, parent.names.label("within"), s.population)
    query = query.outerjoin(parent, parent.id == s.parent_id).where(condition)
    # Places of a district are nearer to a centre of this pack than those of which only the region is known.
    rows = session.execute(query.order_by((parent.kind == "district").desc(), s.population.desc(), s.code).limit(limit))
    return tuple(SettlementRow(r.id, r.code, r.kind, r.names, r.within or {}, r.population) for r in rows)


def settlement(session: Session, settlement_id: UUID) -> SettlementRow | None:
    """One place."""
    return next(iter(_rows(session, Settlement.id == settlement_id, 1)), None)


def places_by_spelling(session: Session) -> dict[str, UUID]:
    """Every spelling that means one place only, in the form `spelling_key` gives; for imports."""
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    query = select(Settlement.id, Settlement.names, Settlement.alternatives).where(Settlement.kind == PLACE)
    for row in session.execute(query):
        for name in (*row.names.values(), *row.alternatives):
            found[spelling_key(name)].add(row.id)
    return {key: places.pop() for key, places in found.items() if key and len(places) == 1}


def codes_of(session: Session, name: str) -> tuple[str, str]:
    """Codes of the region and of the district a place of this name lies in; empty where nothing is known or several are called so."""
    found, codes = places_by_spelling(session).get(spelling_key(name)), {"region": "", "district": ""}
    while found is not None:
        row = session.get_one(Settlement, found)
        codes[row.kind], found = row.code, row.parent_id
    return codes["region"], codes["district"]


def spelling_key(name: str) -> str:
    """Equal for spellings of one name in different scripts."""
    return " ".join(word.sound for word in query_words(name))
