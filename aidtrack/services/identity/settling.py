"""What waits for somebody to settle it: disputes first, then what was left for the evening, then what the whole file gave.

Owns the list, two records side by side, and what was joined. Words about pairs are said in `links`; the whole file is looked
through in `pairs`. Only the coordinator settles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import links as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.identity import Verdict, compare
from aidtrack.domain.links import Pair, Said, pair_of
from aidtrack.errors import NotFound, Text
from aidtrack.services.identity.classes import class_of_many, last_words
from aidtrack.services.identity.links import THOUSAND, PairToSettle, told_reason
from aidtrack.services.identity.records import Record, records
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.journal import Operation

MOST = 500
AGES_APART = 1


class Origin(StrEnum):
    """Why a pair is on the list, in the order of the list."""

    DISPUTE = "dispute"
    EVENING = "evening"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair to settle. `cluster` is how many records hang together with these two on this list; `left_by` who passed it by."""

    a: Record
    b: Record
    origin: Origin
    score: float
    reasons: tuple[Text, ...]
    cluster: int = 2
    left_by: str = ""

    @property
    def key(self) -> Pair:
        """The pair in its one order."""
        return pair_of(self.a.person_id, self.b.person_id)


@dataclass(frozen=True, slots=True)
class JoinRow:
    """Records joined in one operation that still are; `a` and `b` are the first pair of it."""

    id: UUID
    a: Record
    b: Record
    pairs: int
    by_name: str
    day: date
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two records with how alike they are now, and who else of their families would be joined with them."""

    a: Record
    b: Record
    score: float
    reasons: tuple[Text, ...]
    said: Said | None
    are_joined: bool
    also: tuple[tuple[Record, Record], ...]
    family_a: tuple[Record, ...]
    family_b: tuple[Record, ...]


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


def to_settle(
    session: Session, by: Actor, *, found: Sequence[PairToSettle] = (), limit: int = MOST
) -> tuple[PairRow, ...]:
    """What waits, most pressing first and the records of one cluster together; `found` is what the whole file gave.

    Whatever was answered or joined meanwhile is left out.
    """
    by.require(Permission.SETTLE)
    words = last_words(session)
    waiting: dict[Pair, tuple[Origin, float, tuple[Text, ...], str]] = {}
    for pair in rules.disputes(words):
        waiting[pair] = (Origin.DISPUTE, 1.0, (Text("joined through others, and called other people"),), "")
    for pair, score, reasons, who in _evening(session):
        waiting.setdefault(pair, (Origin.EVENING, score, reasons, who))
    for one in found:
        waiting.setdefault(pair_of(one.a, one.b), (Origin.FILE, one.score, one.reasons, ""))
    joined = rules.classes(words)
    pairs = [pair for pair, facts in waiting.items() if facts[0] is Origin.DISPUTE or _is_open(pair, words, joined)]
    chosen = sorted(pairs, key=lambda pair: (_ORDER[waiting[pair][0]], -waiting[pair][1], pair))[:limit]
    return _together(_pair_rows(session, chosen, waiting))


_ORDER = {origin: place for place, origin in enumerate(Origin)}


def _is_open(pair: Pair, words: Mapping[Pair, Said], joined: Mapping[UUID, frozenset[UUID]]) -> bool:
    a, b = pair
    return words.get(pair) not in (Said.SAME, Said.DIFFERENT) and b not in joined.get(a, ())


def _evening(session: Session) -> Iterable[tuple[Pair, float, tuple[Text, ...], str]]:
    """Every pair that was left, by who left it last."""
    s = SimilarPair
    query = select(s.a_id, s.b_id, s.score, s.reasons, Operation.actor_name)
    for a, b, score, reasons, who in session.execute(
        query.join(Operation, Operation.id == s.operation_id).order_by(s.at.desc(), s.id.desc())
    ):
        yield (a, b), score / THOUSAND, tuple(told_reason(kept) for kept in reasons), who


def _pair_rows(
    session: Session, pairs: Sequence[Pair], waiting: Mapping[Pair, tuple[Origin, float, tuple[Text, ...], str]]
) -> list[PairRow]:
    people = records(session, {person for pair in pairs for person in pair})
    rows = []
    for pair in pairs:
        if pair[0] in people and pair[1] in people:
            origin, score, reasons, who = waiting[pair]
            first, second = sorted(
                (people[pair[0]], people[pair[1]]), key=lambda one: (one.registered_day, one.person_id)
            )
            rows.append(PairRow(first, second, origin, score, reasons, left_by=who))
    return rows


def _together(rows: Sequence[PairRow]) -> tuple[PairRow, ...]:
    """Pairs of one cluster stand behind each other, where its most pressing pair stands."""
    cluster = {person: found for found in rules.components(row.key for row in rows) for person in found}
    place: dict[frozenset[UUID], int] = {}
    for row in rows:
        place.setdefault(cluster[row.a.person_id], len(place))
    ordered = sorted(rows, key=lambda row: (_ORDER[row.origin], place[cluster[row.a.person_id]]))
    return tuple(replace(row, cluster=len(cluster[row.a.person_id])) for row in ordered)


# ── side by side ─────────────────────────────────────────────────────────────────────────────────


def side_by_side(session: Session, by: Actor, *, a: UUID, b: UUID) -> SideBySide:
    """Two records as they are written now. NotFound when one belongs to no family any more."""
    by.require(Permission.SETTLE)
    two = records(session, (a, b))
    if a not in two or b not in two:
        raise NotFound("no-person", Text("This person is not in this database."))
    left, right = two[a], two[b]
    around = records(session, {*left.others, *right.others})
    family_a, family_b = ([around[one] for one in side.others if one in around] for side in (left, right))
    likeness = compare(left.known, right.known)
    words = last_words(session, [a, b])
    return SideBySide(
        a=left,
        b=right,
        score=likeness.score,
        reasons=likeness.reasons,
        said=words.get(pair_of(a, b)),
        are_joined=b in class_of_many(session, [a])[a],
        also=_also(session, left, right, family_a, family_b),
        family_a=tuple(family_a),
        family_b=tuple(family_b),
    )


def _also(
    session: Session, a: Record, b: Record, family_a: Sequence[Record], family_b: Sequence[Record]
) -> tuple[tuple[Record, Record], ...]:
    """Who else is one person if these two are: by name, and counted ones without a name by sex and age."""
    if a.household_id == b.household_id:
        return ()
    people = {one.person_id: one for one in (*family_a, *family_b)}
    words = last_words(session, people)
    alike = [
        (score, ours.person_id, theirs.person_id)
        for ours in family_a
        for theirs in family_b
        if words.get(pair_of(ours.person_id, theirs.person_id)) not in (Said.DIFFERENT, Said.SAME)
        and (score := _alike(ours, theirs)) > 0
    ]
    return tuple((people[ours], people[theirs]) for ours, theirs in rules.best_matches(alike))


def _alike(ours: Record, theirs: Record) -> float:
    """Above 1 by what is written of the two; up to 1 for one who was only counted, of the same sex and age; 0 for others."""
    if ours.name and theirs.name:
        likeness = compare(ours.known, theirs.known)
        return 1 + likeness.score if likeness.verdict is not Verdict.OTHER else 0
    if ours.sex is None or ours.sex is not theirs.sex or ours.birth is None or theirs.birth is None:
        return 0
    apart = abs(ours.birth.first.year - theirs.birth.first.year)
    return 1 - apart / 10 if apart <= AGES_APART else 0


# ── what was joined ──────────────────────────────────────────────────────────────────────────────


def joins(session: Session, by: Actor, *, limit: int = MOST) -> tuple[JoinRow, ...]:
    """What is joined now, the newest first, one row an operation."""
    by.require(Permission.SETTLE)
    return _rows_of(session, list(_joined(session).values())[:limit])


def holding(session: Session, by: Actor, *, a: UUID, b: UUID) -> tuple[JoinRow, ...]:
    """The joinings that hold these two in one class, the newest first: one of them is wrong when the two are other people."""
    by.require(Permission.SETTLE)
    near = class_of_many(session, [a])[a] | class_of_many(session, [b])[b]
    inside = ([one for one in some if one.pair[0] in near] for some in _joined(session).values())
    return _rows_of(session, [some for some in inside if some])


@dataclass(frozen=True, slots=True)
class _Joined:
    """A pair that is joined now, by whom and why."""

    operation_id: UUID
    pair: Pair
    day: date
    at: datetime
    reason: str
    by_name: str


def _joined(session: Session) -> dict[UUID, list[_Joined]]:
    """Every joined pair by the operation that joined it last, the newest first."""
    words, link = last_words(session), PersonLink
    query = (
        select(link.operation_id, link.a_id, link.b_id, link.day, link.at, link.reason, Operation.actor_name)
        .join(Operation, Operation.id == link.operation_id)
        .where(link.verdict == Said.SAME.value)
        .order_by(Operation.arrival.desc(), link.id)
    )
    groups: dict[UUID, list[_Joined]] = {}
    seen: set[Pair] = set()
    for operation, a, b, day, at, reason, who in session.execute(query):
        if words[(a, b)] is Said.SAME and (a, b) not in seen:
            seen.add((a, b))
            groups.setdefault(operation, []).append(_Joined(operation, (a, b), day, at, reason, who))
    return groups


def _rows_of(session: Session, groups: Sequence[Sequence[_Joined]]) -> tuple[JoinRow, ...]:
    """A row a group, shown by its first pair whose people still belong to a family."""
    people = records(session, {person for some in groups for one in some for person in one.pair})
    rows = []
    for some in groups:
        shown = next((one for one in some if one.pair[0] in people and one.pair[1] in people), None)
        if shown is not None:
            a, b = (people[person] for person in shown.pair)
            rows.append(JoinRow(shown.operation_id, a, b, len(some), shown.by_name, shown.day, shown.at, shown.reason))
    return tuple(rows)
