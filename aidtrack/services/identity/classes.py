"""Which records are one person and which cards are one family, read from the words about pairs.

Everything a family has is read through its class: history, allowances, queue numbers. Nothing here writes; the locks of a class
are taken here, because only here is known how far it reaches (data.md §4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select, union
from sqlalchemy.orm import Session

from aidtrack.domain import links
from aidtrack.domain.links import Pair, Said, pair_of
from aidtrack.store.identity import PersonLink
from aidtrack.store.people import Household, HouseholdMember, Person

_MOST_IDS = 5_000
"""Ids in one question: both databases take this many."""

_L, _M, _H = PersonLink.__table__.c, HouseholdMember.__table__.c, Household.__table__.c
_WORDS = select(_L.a_id, _L.b_id, _L.verdict, _L.no, _L.at, _L.id)
_WORDS_OF = _WORDS.where(
    or_(_L.a_id.in_(bindparam("people", expanding=True)), _L.b_id.in_(bindparam("people", expanding=True)))
)


def said_about(person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Joins the words about somebody to a greater question, which asks for `WORD`: most people have none, and then it was the only one."""
    return or_(_L.a_id == person, _L.b_id == person)


WORD = tuple(_WORDS.selected_columns)
_MEMBERS = (
    select(_M.household_id, _M.person_id, _H.head_id, *WORD)
    .join(Household.__table__, _H.id == _M.household_id)
    .outerjoin(PersonLink.__table__, said_about(_M.person_id))
    .where(_M.until_day.is_(None), _H.status == "active", _M.household_id.in_(bindparam("families", expanding=True)))
)
_JOINED = union(
    *(
        select(_M.household_id)
        .join(PersonLink.__table__, side == _M.person_id)
        .where(_L.verdict == Said.SAME, _M.until_day.is_(None))
        .where(_M.household_id.in_(bindparam("families", expanding=True)))
        for side in (_L.a_id, _L.b_id)
    )
)
_FAMILIES_OF = (
    select(_M.household_id)
    .join(Household.__table__, _H.id == _M.household_id)
    .where(_M.until_day.is_(None), _H.status == "active", _M.person_id.in_(bindparam("people", expanding=True)))
    .distinct()
)
_P = Person.__table__.c
_HOLD = select(_P.id).where(_P.id.in_(bindparam("people", expanding=True))).order_by(_P.id).with_for_update()


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def last_words(session: Session, people: Iterable[UUID] | None = None) -> dict[Pair, Said]:
    """The last word of every pair these people stand in; of every pair there is when `people` is None."""
    session.flush()
    ask = session.connection()
    if people is None:
        return last_among(ask.execute(_WORDS))
    return last_among(row for some in portions(set(people)) for row in ask.execute(_WORDS_OF, {"people": some}))


def last_among(rows: Iterable[Sequence[Any]]) -> dict[Pair, Said]:
    """The last words among these; a row without one says nothing."""
    # Two sites may give one pair the same number; then the later word counts, and of equal ones the same at every site.
    ordered = sorted((row for row in rows if row[0] is not None), key=lambda row: (row[3], row[4], row[5]))
    return {(a, b): Said(verdict) for a, b, verdict, *_ in ordered}


def portions(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """The ids in order, so many at a time as one question may hold."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MOST_IDS):
        yield ordered[start : start + _MOST_IDS]


def answered(session: Session, pairs: Iterable[tuple[UUID, UUID]]) -> dict[Pair, Said]:
    """The last word of those of these pairs that have one; keys are in the order of `pair_of`."""
    wanted = {pair_of(a, b) for a, b in pairs}
    words = last_words(session, {person for pair in wanted for person in pair})
    return {pair: said for pair, said in words.items() if pair in wanted}


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def class_of(session: Session, person_id: UUID) -> frozenset[UUID]:
    """All records of this person, this one among them."""
    return class_of_many(session, [person_id])[person_id]


def class_of_many(
    session: Session, person_ids: Iterable[UUID], said: Mapping[Pair, Said] | None = None
) -> dict[UUID, frozenset[UUID]]:
    """All records of each of these people; `said` spares asking for the words about them where they are known."""
    wanted = set(person_ids)
    words = dict(last_words(session, wanted) if said is None else said)
    known, fresh = set(wanted), _joined(words) - wanted
    while fresh:
        known |= fresh
        found = last_words(session, fresh)
        words |= found
        fresh = _joined(found) - known
    found_classes = links.classes(words)
    return {person: found_classes.get(person, frozenset({person})) for person in wanted}


def _joined(words: Mapping[Pair, Said]) -> set[UUID]:
    return {person for pair, said in words.items() if said is Said.SAME for person in pair}


def stand_ins(session: Session, said_by: datetime | None = None) -> dict[UUID, UUID]:
    """Of everybody who is written down more than once the record that stands for them, by the words until a moment or until now."""
    session.flush()
    words = _WORDS if said_by is None else _WORDS.where(_L.at <= said_by)
    found = links.classes(last_among(session.connection().execute(words)))
    return {record: min(one) for record, one in found.items()}


# ── families ─────────────────────────────────────────────────────────────────────────────────────


def household_class(session: Session, household_id: UUID) -> frozenset[UUID]:
    """All cards of this family, this one among them: registered twice, joined, and not taken apart since."""
    return _family_of(session, household_id)[0]


def joined_cards(session: Session, household_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Of these families those that have several cards, each with all its cards. A quick question where nobody was ever joined."""
    if not household_ids:
        return {}
    asked = {"families": list(household_ids)}
    met = session.connection().execute(_JOINED, asked).scalars().all()
    return {home: cards for home in met if len(cards := household_class(session, home)) > 1}


def joined_families(session: Session, said_by: datetime | None = None) -> tuple[frozenset[UUID], ...]:
    """The cards of every family that holds several, by the words until a moment or until now. A quick question where nobody was ever
    joined.
    """
    stand_in = stand_ins(session, said_by)
    if not stand_in:
        return ()
    known = _members(session, _families_of(session, stand_in))
    people = {card: {one: stand_in.get(one, one) for one in some} for card, some in known.of.items()}
    sharing: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for card, some in people.items():
        for person in set(some.values()):
            sharing[person].append(card)
    met = {pair_of(a, b) for cards in sharing.values() for a, b in combinations(cards, 2)}
    return links.components(
        (a, b) for a, b in met if links.are_one_family(people[a], people[b], (known.heads.get(a), known.heads.get(b)))
    )


def _family_of(session: Session, household_id: UUID) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """(the cards of one family, every record of its people)."""
    cards, fresh, people = {household_id}, {household_id}, set[UUID]()
    while fresh:
        near, records = _near(session, fresh)
        people |= records
        fresh = near - cards
        cards |= fresh
    return frozenset(cards), frozenset(people)


def _near(session: Session, cards: Collection[UUID]) -> tuple[set[UUID], frozenset[UUID]]:
    """Other cards of the same families, and every record of their people."""
    ours = _members(session, cards)
    people = ours.people
    found = class_of_many(session, people, ours.words)
    records = people.union(*found.values())
    if len(records) == len(people) and all(len(one) == 1 for one in found.values()):
        return set(), records
    others = _families_of(session, records) - set(cards)
    theirs = _members(session, others)
    stand_in = {record: min(one) for one in found.values() for record in one}
    near = {
        other
        for other in others
        for card in cards
        if links.are_one_family(
            {person: stand_in.get(person, person) for person in ours.of[card]},
            {person: stand_in.get(person, person) for person in theirs.of[other]},
            (ours.heads.get(card), theirs.heads.get(other)),
        )
    }
    return near, records


@dataclass(frozen=True, slots=True)
class _Members:
    """The people of each family, whom its card is for, and the last words about them."""

    of: Mapping[UUID, AbstractSet[UUID]]
    heads: Mapping[UUID, UUID | None]
    words: Mapping[Pair, Said]

    @property
    def people(self) -> frozenset[UUID]:
        return frozenset(person for some in self.of.values() for person in some)


def _members(session: Session, households: Collection[UUID]) -> _Members:
    members: defaultdict[UUID, set[UUID]] = defaultdict(set)
    heads: dict[UUID, UUID | None] = {}
    words = []
    session.flush()
    for some in portions(households):
        for household, person, head, *word in session.connection().execute(_MEMBERS, {"families": some}):
            members[household].add(person)
            heads[household] = head
            words.append(word)
    return _Members(members, heads, last_among(words))


def _families_of(session: Session, people: Collection[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for some in portions(people):
        found.update(session.connection().execute(_FAMILIES_OF, {"people": some}).scalars())
    return found


# ── locks ────────────────────────────────────────────────────────────────────────────────────────


def closure(session: Session, household_ids: Iterable[UUID], people: Iterable[UUID] = ()) -> frozenset[UUID]:
    """Every record that what is done to these families and people may touch: all members of all their cards, all records of each."""
    asked = set(people)
    households = set(household_ids) | _families_of(session, asked)
    found = frozenset(asked).union(*class_of_many(session, asked).values()) if asked else frozenset[UUID]()
    return found.union(*(_family_of(session, household)[1] for household in sorted(households)))


def lock_family(session: Session, *household_ids: UUID, people: Iterable[UUID] = ()) -> frozenset[UUID]:
    """Locks every record of the closure in the order of ids until the commit, and looks again: it may have grown meanwhile."""
    asked, held = tuple(people), frozenset[UUID]()
    while True:
        wanted = closure(session, household_ids, asked)
        if wanted <= held:
            return held
        for some in portions(wanted):
            session.connection().execute(_HOLD, {"people": some}).all()
        held = held | wanted
