"""Joining records of one person, taking it back, and calling two people other people (data.md §2).

Owns the words about pairs. Joining moves no row and loses nothing: every reader asks for the class. Joining and taking back is the
coordinator's; that two are other people anybody who registers may say of a pair nobody has joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import Pair, Said, pair_of
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services.identity.classes import (
    answered,
    class_of,
    class_of_many,
    household_class,
    last_words,
    lock_family,
)
from aidtrack.services.people.protection import children_alone
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.journal import Operation
from aidtrack.store.people import Person

__all__ = [
    "PairToSettle",
    "Words",
    "answered",
    "class_of",
    "class_of_many",
    "household_class",
    "join",
    "last_words",
    "leave_for_evening",
    "lock_family",
    "say_different",
    "unjoin",
]

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class PairToSettle:
    """A pair passed by at the desk: how alike (0 to 1) and why."""

    a: UUID
    b: UUID
    score: float
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What was said of which pairs in one operation, by whom and when; re-read from the rows."""

    id: UUID
    pairs: tuple[Pair, ...]
    said: Said
    by_name: str
    day: date
    at: datetime
    reason: str


def join(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    a: UUID,
    b: UUID,
    reason: str = "",
    also: Sequence[tuple[UUID, UUID]] = (),
) -> Words:
    """Two records are one person, and so are the pairs in `also` (the rest of a family registered twice), in one operation.

    Pairs that are joined already are left as they are; Refused when none is left. A child without parents is joined only with a reason.
    """
    by.require(Permission.SETTLE)
    pairs, reason = _pairs([(a, b), *also]), clean(reason)
    with journal.operation(session, by, request_id, "join_records", because=reason, pairs=pairs, reason=reason) as op:
        if op.is_repeat:
            return words_of(session, request_id)
        _hold(session, pairs)
        _expect_reason(session, by, pairs, reason)
        known = answered(session, pairs)
        fresh = [pair for pair in pairs if known.get(pair) is not Said.SAME]
        if not fresh:
            raise Refused("joined-already", Text("These records are joined already."))
        _say(session, by, dict.fromkeys(fresh, Said.SAME), reason)
        return words_of(session, request_id)


def unjoin(
    session: Session, by: Actor, *, request_id: UUID, a: UUID, b: UUID, reason: str = "", are_others: bool = False
) -> Words:
    """Takes back the joining of this pair with everything joined in the same operation: each pair has its word before again.

    `are_others`: they are known to be other people now. Refused for a pair nobody has joined.
    """
    by.require(Permission.SETTLE)
    pair, reason = pair_of(a, b), clean(reason)
    with journal.operation(
        session, by, request_id, "unjoin_records", because=reason, pair=pair, reason=reason, are_others=are_others
    ) as op:
        if op.is_repeat:
            return words_of(session, request_id)
        _hold(session, [pair])
        together = _joined_with(session, pair)
        _hold(session, together)
        before = dict.fromkeys(together, Said.DIFFERENT) if are_others else _words_before(session, together)
        _say(session, by, before, reason)
        return words_of(session, request_id)


def say_different(
    session: Session, by: Actor, *, request_id: UUID, pairs: Iterable[tuple[UUID, UUID]], reason: str = ""
) -> Words:
    """These are other people; remembered for the pair. A pair that is joined only the coordinator may take apart so.

    Inside a class, where others hold the two together, it opens a dispute.
    """
    ordered, reason = _pairs(pairs), clean(reason)
    by.require(Permission.REGISTER)
    with journal.operation(
        session, by, request_id, "say_different", because=reason, pairs=ordered, reason=reason
    ) as op:
        if op.is_repeat:
            return words_of(session, request_id)
        _hold(session, ordered)
        if Said.SAME in answered(session, ordered).values():
            by.require(Permission.SETTLE)
        _say(session, by, dict.fromkeys(ordered, Said.DIFFERENT), reason)
        return words_of(session, request_id)


def leave_for_evening(session: Session, by: Actor, *, request_id: UUID, pairs: Sequence[PairToSettle]) -> int:
    """Puts what may be the same and was passed by on the evening list; how many of them were not answered yet."""
    by.require(Permission.REGISTER)
    with journal.operation(session, by, request_id, "leave_for_evening", pairs=pairs) as op:
        if op.is_repeat:
            return len(op.ids("similar_pair"))
        ordered = {pair_of(one.a, one.b): one for one in pairs}
        _expect_people(session, _pairs(ordered))
        known = answered(session, ordered)
        left = [pair for pair in ordered if known.get(pair) not in (Said.SAME, Said.DIFFERENT)]
        journal.add_many(session, SimilarPair, [_left(session, by, pair, ordered[pair]) for pair in left])
        return len(left)


def _left(session: Session, by: Actor, pair: Pair, one: PairToSettle) -> dict[str, object]:
    return {
        "id": new_id(), "a_id": pair[0], "b_id": pair[1], "score": max(0, min(THOUSAND, round(one.score * THOUSAND))),
        "reasons": [kept_reason(reason) for reason in one.reasons], "operation_id": journal.current(session).id,
        "day": current_day(session, by), "at": by.now(),
    }  # fmt: skip


def kept_reason(reason: Text) -> dict[str, object]:
    """A reason as it is stored: which sentence, with what it counts and names, in no language."""
    kept: dict[str, object] = {"code": reason.msgid}
    if reason.many:
        kept |= {"many": reason.many, "n": reason.count}
    facts = {name: value for name, value in reason.facts.items() if name != "n" and isinstance(value, str | int)}
    return kept | {"facts": facts} if facts else kept


def told_reason(kept: Mapping[str, object]) -> Text:
    """A stored reason as a sentence again."""
    many, count, facts = kept.get("many"), kept.get("n"), kept.get("facts")
    named = {str(name): value for name, value in facts.items()} if isinstance(facts, dict) else {}
    if isinstance(many, str) and isinstance(count, int):
        return Text.plural(str(kept["code"]), many, n=count, **named)
    return Text(str(kept["code"]), **named)


# ── inside ───────────────────────────────────────────────────────────────────────────────────────


def _pairs(pairs: Iterable[tuple[UUID, UUID]]) -> list[Pair]:
    """Each pair once, in its one order; nobody is compared with oneself."""
    ordered = list(dict.fromkeys(pair_of(a, b) for a, b in pairs))
    if not ordered or any(a == b for a, b in ordered):
        raise InvalidInput([Problem("pairs", Text("Two different records are needed."))])
    return ordered


def _hold(session: Session, pairs: Sequence[Pair]) -> None:
    """Locks everybody whom a word about these pairs may touch."""
    _expect_people(session, pairs)
    lock_family(session, people={person for pair in pairs for person in pair})


def _expect_people(session: Session, pairs: Sequence[Pair]) -> None:
    people = {person for pair in pairs for person in pair}
    found = session.scalar(select(func.count()).select_from(Person).where(Person.id.in_(people)))
    if found != len(people):
        raise NotFound("no-person", Text("This person is not in this database."))


def _expect_reason(session: Session, by: Actor, pairs: Sequence[Pair], reason: str) -> None:
    people = {person for pair in pairs for person in pair}
    if not reason and children_alone(session, people, current_day(session, by)):
        words = Text("A child without parents is joined to a family only with a reason: write who decided it and why.")
        raise InvalidInput([Problem("reason", words)])


def _say(session: Session, by: Actor, words: Mapping[Pair, Said], reason: str) -> None:
    """One more word for each pair, counted on from its last one."""
    last = _numbers(session, words)
    day, operation = current_day(session, by), journal.current(session).id
    rows = [
        {"id": new_id(), "a_id": pair[0], "b_id": pair[1], "verdict": said.value, "no": last.get(pair, 0) + 1,
         "operation_id": operation, "day": day, "at": by.now(), "reason": reason}
        for pair, said in words.items()
    ]  # fmt: skip
    journal.add_many(session, PersonLink, rows)


def _numbers(session: Session, pairs: Iterable[Pair]) -> dict[Pair, int]:
    a, b = PersonLink.a_id, PersonLink.b_id
    query = select(a, b, func.max(PersonLink.no)).where(tuple_(a, b).in_(list(pairs))).group_by(a, b)
    return {(one, other): no for one, other, no in session.execute(query)}


def _joined_with(session: Session, pair: Pair) -> list[Pair]:
    """This pair and all that were joined in the same operation and still are."""
    if answered(session, [pair]).get(pair) is not Said.SAME:
        raise Refused("not-joined", Text("Nobody has joined these two records with each other."))
    link = PersonLink
    newest = select(link.operation_id).where(link.a_id == pair[0], link.b_id == pair[1]).order_by(link.no.desc())
    operation = session.scalars(newest.limit(1)).one()
    mates = [(a, b) for a, b in session.execute(select(link.a_id, link.b_id).where(link.operation_id == operation))]
    words = answered(session, mates)
    numbers = _numbers(session, mates)
    said_there = {
        (a, b): no
        for a, b, no in session.execute(select(link.a_id, link.b_id, link.no).where(link.operation_id == operation))
    }
    return [mate for mate in mates if words[mate] is Said.SAME and numbers[mate] == said_there[mate]]


def _words_before(session: Session, pairs: Sequence[Pair]) -> dict[Pair, Said]:
    """What each pair had before its last word; OPEN when that was the first."""
    link = PersonLink
    query = select(link.a_id, link.b_id, link.verdict).where(tuple_(link.a_id, link.b_id).in_(list(pairs)))
    found: dict[Pair, list[str]] = {}
    for a, b, verdict in session.execute(query.order_by(link.no, link.at, link.id)):
        found.setdefault((a, b), []).append(verdict)
    return {pair: Said(found[pair][-2]) if len(found[pair]) > 1 else Said.OPEN for pair in pairs}


def words_of(session: Session, operation_id: UUID) -> Words:
    """What one operation said, re-read."""
    link = PersonLink
    rows = session.execute(
        select(link.a_id, link.b_id, link.verdict, link.day, link.at, link.reason, Operation.actor_name)
        .join(Operation, Operation.id == link.operation_id)
        .where(link.operation_id == operation_id)
        .order_by(link.id)
    ).all()
    first = rows[0]
    pairs = tuple((row.a_id, row.b_id) for row in rows)
    return Words(operation_id, pairs, Said(first.verdict), first.actor_name, first.day, first.at, first.reason)
