"""From rows of a list to families to take in: what each cell means, who belongs together, what is wrong with a row.

A value that cannot be read never stops a person: the field stays empty, what was written goes into the note, and the row says so.
Only a row that names nobody, or does not fit, is refused.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from aidtrack.domain.birth import Birth, Unclear, read_birth
from aidtrack.domain.people import (
    MOST_MEMBERS,
    DocumentDraft,
    HouseholdDraft,
    Lodging,
    MemberDraft,
    Need,
    Relation,
    problems_of,
    read_members,
    split_full_name,
)
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import Text
from aidtrack.services.people.register import cleaned
from aidtrack.services.settlements import spelling_key
from aidtrack.services.spreadsheets.columns import FIELDS, Header, read_code, read_relation, read_sex
from aidtrack.services.spreadsheets.reading import Table

T = TypeVar("T")
Remarks = list[tuple[str, str, Text]]
"""Field, what was written, what to know about it."""


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "already_here"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"

    @property
    def text(self) -> Text:
        return _FATES[self]


_FATES = {
    Fate.NEW: Text("taken in"),
    Fate.CHANGED: Text("changed as the list says"),
    Fate.KNOWN: Text("was here already"),
    Fate.REFUSED: Text("not taken in"),
    Fate.NOT_REACHED: Text("not reached"),
}


@dataclass(frozen=True, slots=True)
class RowFate:
    """A row of the file (counted from 1, as spreadsheets do), what becomes of it, and what to know about it."""

    row: int
    fate: Fate
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedFamily:
    """A family of the file: its draft, the rows it came from, and the key that knows the same rows again."""

    key: str
    draft: HouseholdDraft
    rows: tuple[RowFate, ...]

    def told(self, one: RowFate) -> tuple[RowFate, ...]:
        """The fates of all its rows where the whole family has one."""
        return tuple(replace(row, fate=one.fate, remarks=(*row.remarks, *one.remarks)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would happen to a file."""

    table: Table
    header: Header
    families: tuple[PlannedFamily, ...]
    refused: tuple[RowFate, ...]
    known: frozenset[str] = frozenset()
    met: Mapping[str, RowFate] = field(default_factory=dict)
    """Families that are here with other content: what becomes of their rows, and why."""

    @property
    def people(self) -> int:
        """How many new people the file brings."""
        return sum(len(family.draft.members) for family in self.new_families)

    @property
    def new_families(self) -> tuple[PlannedFamily, ...]:
        """The families that are not here yet."""
        return tuple(family for family in self.families if family.key not in self.known and family.key not in self.met)

    @property
    def changed_families(self) -> tuple[PlannedFamily, ...]:
        """The families that are here and will be as the list says."""
        return tuple(f for f in self.families if f.key in self.met and self.met[f.key].fate is Fate.CHANGED)

    @property
    def known_families(self) -> int:
        """How many families are here and stay as they are."""
        return len(self.families) - len(self.new_families) - len(self.changed_families)

    @property
    def is_anything(self) -> bool:
        """Whether taking it in would do anything."""
        return bool(self.new_families or self.changed_families)

    def fates(self) -> tuple[RowFate, ...]:
        """Every row's fate if everything is taken in, in the order of the file."""
        known = (replace(r, fate=Fate.KNOWN) for f in self.families if f.key in self.known for r in f.rows)
        met = (row for f in self.families if f.key in self.met for row in f.told(self.met[f.key]))
        new = (row for family in self.new_families for row in family.rows)
        return tuple(sorted((*self.refused, *known, *met, *new), key=lambda fate: fate.row))


@dataclass(slots=True)
class _Person:
    row: int
    values: Mapping[str, str]
    member: MemberDraft
    others: tuple[MemberDraft, ...]
    remarks: list[Text] = field(default_factory=list)


def plan(table: Table, header: Header, day: date, places: Mapping[str, UUID]) -> ImportPlan:
    """Every row read and put into its family. Empty `household`: a family of its own."""
    families: dict[str, list[_Person]] = {}
    refused: list[RowFate] = []
    for no, cells in enumerate(table.rows[header.row + 1 :], header.row + 2):
        values = _values(cells, header.columns)
        if not any(values.values()):
            continue
        person = _person(no, values, day)
        problem = _cannot_be(person, day)
        if problem:
            refused.append(RowFate(no, Fate.REFUSED, (problem,)))
        else:
            families.setdefault(f"h{values['household']}" if values["household"] else f"r{no}", []).append(person)
    planned, too_many = _families(families.values(), day, places)
    return ImportPlan(table, header, planned, (*refused, *too_many))


def _values(cells: tuple[str, ...], columns: Mapping[str, int]) -> dict[str, str]:
    found = dict.fromkeys(FIELDS, "")
    for name, place in columns.items():
        if place < len(cells):
            found[name] = clean_note(cells[place]) if name == "note" else clean(cells[place])
    return found


def _person(no: int, values: Mapping[str, str], day: date) -> _Person:
    remarks: Remarks = []
    family, given, patronymic = values["family_name"], values["given_name"], values["patronymic"]
    if values["full_name"] and not (family or given):
        family, given, patronymic = split_full_name(values["full_name"])
    member = MemberDraft(
        family_name=family,
        given_name=given,
        patronymic=patronymic,
        sex=_coded(values, "sex", read_sex, remarks),
        birth=_birth(values, day, remarks),
        relation=_coded(values, "relation", read_relation, remarks),
        needs=_needs(values, remarks),
        document=DocumentDraft(values["document_number"]) if values["document_number"] else None,
        phone=values["phone"],
        address=values["address"],
        origin_text=values["origin"],
        external_id=values["external_id"],
    )
    others = _others(values, day, remarks)
    _coded(values, "lodging", lambda cell: read_code(Lodging, cell), remarks)
    kept = "\n".join((values["note"], *(f"{name}: {written}" for name, written, _ in remarks))).strip("\n")
    return _Person(no, values, replace(member, note=kept), others, [text for _, _, text in remarks])


def _coded(values: Mapping[str, str], name: str, read: Callable[[str], T | None], remarks: Remarks) -> T | None:
    found = read(values[name]) if values[name] else None
    if values[name] and found is None:
        remarks.append((name, values[name], _unknown(name, values[name])))
    return found


def _needs(values: Mapping[str, str], remarks: Remarks) -> frozenset[Need]:
    found = set()
    for word in values["needs"].replace(",", ";").split(";"):
        need = read_code(Need, word) if word.strip() else None
        if need:
            found.add(need)
        elif word.strip():
            remarks.append(("needs", word.strip(), _unknown("needs", word.strip())))
    return frozenset(found)


def _unknown(name: str, written: str) -> Text:
    return Text("{field}: “{written}” is not known; it stands in the note.", field=name, written=written)


def _birth(values: Mapping[str, str], day: date, remarks: Remarks) -> Birth | None:
    """The date of birth, else the age."""
    for name in ("birth_date", "age"):
        written = values[name].partition(" ")[0] if name == "birth_date" and values[name][4:5] == "-" else values[name]
        try:
            if written:
                return read_birth(written, day)
        except Unclear as unclear:
            remarks.append((name, values[name], Text("{field}: {problem}", field=name, problem=unclear.text)))
    return None


def _others(values: Mapping[str, str], day: date, remarks: Remarks) -> tuple[MemberDraft, ...]:
    """People only counted: «4», «4 чел.» are all of the family with this row, `м36 ж8` are the others."""
    written = values["members"]
    digits = "".join(c for c in written.split(" ")[0].split(".")[0] if c.isdecimal())
    if not written:
        return ()
    if digits and written.startswith(digits) and not any(c.isdecimal() for c in written.replace(digits, "", 1)):
        total = int(digits[:4])
        if total > MOST_MEMBERS:
            remarks.append(("members", written, _unknown("members", written)))
        return tuple(MemberDraft() for _ in range(total - 1)) if 1 <= total <= MOST_MEMBERS else ()
    line = read_members(written, day)
    if line.problems:
        remarks.append(("members", written, _unknown("members", written)))
    return line.members


def _cannot_be(person: _Person, day: date) -> Text | None:
    """Why this row cannot be taken in at all."""
    m = person.member
    if not (m.is_named or m.sex or m.birth or m.document or m.phone or m.external_id or person.others):
        return Text("This row names nobody.")
    problems = problems_of(cleaned(HouseholdDraft(members=(m, *person.others))), day, name_needed=False)
    return (
        Text("{field}: {problem}", field=problems[0].field.split(".")[-1], problem=problems[0].text)
        if problems
        else None
    )


def _families(
    groups: Iterable[list[_Person]], day: date, places: Mapping[str, UUID]
) -> tuple[tuple[PlannedFamily, ...], list[RowFate]]:
    planned: list[PlannedFamily] = []
    refused: list[RowFate] = []
    seen: Counter[str] = Counter()
    for group in groups:
        draft = cleaned(_draft(group, places))
        problems = problems_of(draft, day, name_needed=False)
        if problems:
            refused += [RowFate(person.row, Fate.REFUSED, (problems[0].text,)) for person in group]
            continue
        content = _content(group)
        seen[content] += 1
        rows = tuple(RowFate(person.row, Fate.NEW, tuple(person.remarks)) for person in group)
        planned.append(PlannedFamily(f"{content}-{seen[content]}", draft, rows))
    return tuple(planned), refused


def _content(group: list[_Person]) -> str:
    """Equal for the same rows in any file, wherever they stand and whatever else is in it."""
    written = [[person.values[name] for name in FIELDS] for person in group]
    return hashlib.sha256(repr(written).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _draft(group: list[_Person], places: Mapping[str, UUID]) -> HouseholdDraft:
    """The card is for who is the head, else for who stands first; what the family shares is the head's, else the first one's."""
    ordered = sorted(group, key=lambda person: person.member.relation is not Relation.HEAD)
    head = ordered[0].member
    others = [person.member for person in ordered[1:]] + [other for person in ordered for other in person.others]
    origin = next((p.member.origin_text for p in ordered if p.member.origin_text), "")
    lodging = next((p.values["lodging"] for p in ordered if p.values["lodging"]), "")
    return HouseholdDraft(
        members=(replace(head, note=""), *others),
        settlement_id=places.get(spelling_key(origin)) if origin else None,
        origin_text=origin,
        lodging=read_code(Lodging, lodging) if lodging else None,
        address=next((p.member.address for p in ordered if p.member.address), ""),
        phone=next((p.member.phone for p in ordered if p.member.phone), ""),
        note=head.note,
        external_id=group[0].values["household"],
    )
