"""A list that was mended and comes again: which families it means that are here already, and what it says anew about them.

A family is meant by the numbers of the list (its own, or those of its people), and only if the people agree: every list counts
from one. A list adds and corrects; it takes nobody and nothing away, and never overrules what a desk wrote since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import request_id_of
from aidtrack.domain.names import plain
from aidtrack.domain.people import DocumentDraft, HouseholdDraft, MemberDraft, problems_of
from aidtrack.errors import Text
from aidtrack.services.people.change import change_household
from aidtrack.services.people.view import birth_of, household_draft
from aidtrack.services.spreadsheets.planning import Fate, PlannedFamily, RowFate
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.journal import Change, Operation
from aidtrack.store.people import Household, HouseholdMember, Person, PersonDocument

Draft = TypeVar("Draft", MemberDraft, HouseholdDraft)

AT_ONCE = 400
"""So many values fit one question on both databases."""
BY_LISTS = ("register_household", "mend_household")
SAME_PERSON = 2
"""So many of surname, given name, birth, paper and phone must agree."""


class Meant(StrEnum):
    """What a list says about a family that is here: nothing new, something new, or what it may not say."""

    NOTHING_NEW = "nothing_new"
    CHANGED = "changed"
    DESK_CHANGED = "desk_changed"
    NOT_TO_TOUCH = "not_to_touch"


@dataclass(frozen=True, slots=True)
class Met:
    """A family of the list that is here under other rows. `draft` is it with what the list says anew."""

    household_id: UUID
    meant: Meant
    draft: HouseholdDraft

    @property
    def fate(self) -> RowFate:
        """What becomes of its rows (row 0 stands for each), and why the list changes nothing where it wanted to."""
        remarks = (_REMARKS[self.meant],) if self.meant in _REMARKS else ()
        return RowFate(0, Fate.CHANGED if self.meant is Meant.CHANGED else Fate.KNOWN, remarks)


_REMARKS = {
    Meant.DESK_CHANGED: Text("This family was changed at a window since: the list changed nothing. Compare them."),
    Meant.NOT_TO_TOUCH: Text("The shift lead looks after this family: the list changed nothing."),
}


def met(session: Session, by: Actor, families: Sequence[PlannedFamily]) -> dict[str, Met]:
    """By their keys the families of a list that are here with other content."""
    candidates = _candidates(session, by, families)
    known = _known(session, {household_id for ids in candidates.values() for household_id in ids})
    found: dict[str, Met] = {}
    taken: set[UUID] = set()
    drafts: dict[UUID, HouseholdDraft] = {}
    for family in families:
        for household_id in candidates.get(family.key, ()):
            if not _may_be(known[household_id], family.draft.members):
                continue
            if household_id not in drafts:
                drafts[household_id] = household_draft(session, by, household_id)
            pairs = _pairs(drafts[household_id].members, family.draft.members)
            if household_id not in taken and _agree(pairs, drafts[household_id], family.draft):
                taken.add(household_id)
                found[family.key] = _met(session, by, household_id, drafts[household_id], family.draft, pairs)
                break
    return found


def mend(session: Session, by: Actor, *, family: PlannedFamily, meant: Met) -> None:
    """Saves what the list says anew, as one operation."""
    request_id = request_id_of(meant.household_id, f"{family.key}/{meant.draft.version}")
    with journal.operation(
        session, by, request_id, "mend_household", key=family.key, household_id=meant.household_id
    ) as op:
        if not op.is_repeat:
            change_household(session, by, request_id=request_id, household_id=meant.household_id, draft=meant.draft)
            household = session.get_one(Household, meant.household_id)
            household.import_key = family.key


# ── which family is meant ────────────────────────────────────────────────────────────────────────


def _candidates(session: Session, by: Actor, families: Sequence[PlannedFamily]) -> dict[str, list[UUID]]:
    """Families from earlier lists with the number of this one, or with a person of a number in it."""
    by_family, by_person = defaultdict(list), defaultdict(list)
    for family in families:
        by_family[family.draft.external_id].append(family.key)
        for member in family.draft.members:
            by_person[member.external_id].append(family.key)
    found: dict[str, list[UUID]] = defaultdict(list)
    for column, wanted in ((Household.external_id, by_family), (Person.external_id, by_person)):
        for household_id, number in _numbered(session, by, column, [n for n in wanted if n]):
            for key in wanted[number]:
                if household_id not in found[key]:
                    found[key].append(household_id)
    return found


def _numbered(session: Session, by: Actor, column: Any, numbers: Sequence[str]) -> Iterable[tuple[UUID, str]]:
    h, m = Household, HouseholdMember
    for start in range(0, len(numbers), AT_ONCE):
        query = select(h.id, column)
        if column is Person.external_id:
            query = query.join(m, m.household_id == h.id).join(Person, Person.id == m.person_id)
            query = query.where(m.until_day.is_(None))
        here = (h.site_id == by.site, h.status == "active", h.import_key != "")
        yield from session.execute(query.where(*here, column.in_(numbers[start : start + AT_ONCE])).order_by(h.id))


def _known(session: Session, household_ids: Iterable[UUID]) -> dict[UUID, list[MemberDraft]]:
    """What tells people apart, of all candidates at once: many lists count from one, and then thousands have to be passed over."""
    m, p, d = HouseholdMember, Person, PersonDocument
    found: dict[UUID, list[MemberDraft]] = defaultdict(list)
    query = (
        select(m.household_id, p.family_name, p.given_name, p.birth_date, p.birth_precision, p.phone, d.number)
        .join(p, p.id == m.person_id)
        .outerjoin(d, d.person_id == p.id)
        .where(m.until_day.is_(None))
    )
    ids = sorted(household_ids)
    for start in range(0, len(ids), AT_ONCE):
        for row in session.execute(query.where(m.household_id.in_(ids[start : start + AT_ONCE]))):
            birth = birth_of(row.birth_date, row.birth_precision)
            paper = DocumentDraft(row.number) if row.number else None
            names = {"family_name": row.family_name, "given_name": row.given_name}
            found[row.household_id].append(MemberDraft(**names, birth=birth, document=paper, phone=row.phone))
    return found


def _may_be(here: Sequence[MemberDraft], listed: Sequence[MemberDraft]) -> bool:
    """Whether anybody at all is in both."""
    return any(_agreeing(old, new) >= SAME_PERSON for old in here for new in listed)


def _agree(pairs: Mapping[int, int], here: HouseholdDraft, listed: HouseholdDraft) -> bool:
    """At least half of those with names, and never fewer than one, agree in more than their number."""
    sure = sum(_agreeing(here.members[o], listed.members[n]) >= SAME_PERSON for n, o in pairs.items())
    named = min(sum(member.is_named for member in family.members) for family in (here, listed))
    return sure >= 1 and 2 * sure >= named


def _pairs(here: Sequence[MemberDraft], listed: Sequence[MemberDraft]) -> dict[int, int]:
    """Who of the list (place) is whom here (place); the likest first, each once."""
    scores = sorted((-_score(old, new), n, o) for n, new in enumerate(listed) for o, old in enumerate(here))
    found: dict[int, int] = {}
    for score, n, o in scores:
        if score < 0 and n not in found and o not in found.values():
            found[n] = o
    return found


def _score(old: MemberDraft, new: MemberDraft) -> int:
    """How sure it is one person, 0 for other people: two numbers that differ are two people, one number is one."""
    if old.external_id and new.external_id:
        return 3 + _agreeing(old, new) if old.external_id == new.external_id else 0
    both_unnamed = not old.is_named and not new.is_named and (old.sex, old.birth) == (new.sex, new.birth)
    agreeing = _agreeing(old, new)
    return agreeing if agreeing >= SAME_PERSON else int(both_unnamed)


def _agreeing(old: MemberDraft, new: MemberDraft) -> int:
    return sum(bool(a) and a == b for a, b in zip(_facts(old), _facts(new), strict=True))


def _facts(member: MemberDraft) -> tuple[object, ...]:
    number = member.document.number if member.document else ""
    return plain(member.family_name), plain(member.given_name), member.birth, number, member.phone


# ── what the list says anew ──────────────────────────────────────────────────────────────────────


def _met(
    session: Session,
    by: Actor,
    household_id: UUID,
    here: HouseholdDraft,
    listed: HouseholdDraft,
    pairs: Mapping[int, int],
) -> Met:
    draft = _merged(here, listed, pairs)
    if draft == here:
        return Met(household_id, Meant.NOTHING_NEW, draft)
    is_protected = session.scalars(select(Household.is_protected).where(Household.id == household_id)).one()
    if is_protected or problems_of(draft, current_day(session, by), name_needed=False):
        return Met(household_id, Meant.NOT_TO_TOUCH, draft)
    meant = Meant.DESK_CHANGED if _desk_changed(session, household_id) else Meant.CHANGED
    return Met(household_id, meant, draft)


def _merged(here: HouseholdDraft, listed: HouseholdDraft, pairs: Mapping[int, int]) -> HouseholdDraft:
    """The family as it stands, with every cell that the list fills and everybody whom only the list knows."""
    members = list(here.members)
    for n, new in enumerate(listed.members):
        if n in pairs:
            members[pairs[n]] = _filled(members[pairs[n]], new)
        else:
            members.append(new)
    return replace(_filled(here, replace(listed, members=())), members=tuple(members), version=here.version)


def _filled(here: Draft, listed: Draft) -> Draft:
    said = {field.name: getattr(listed, field.name) for field in fields(listed)}
    kept = ("person_id", "members", "version", "presence")
    return replace(here, **{name: value for name, value in said.items() if value and name not in kept})


def _desk_changed(session: Session, household_id: UUID) -> bool:
    """Whether somebody changed the family by hand: the journal knows."""
    query = select(Change.operation_id).join(Operation, Operation.id == Change.operation_id)
    query = query.where(Change.table_name == Household.__tablename__, Change.row_id == household_id.hex)
    return session.execute(query.where(Operation.kind.not_in(BY_LISTS)).limit(1)).first() is not None
