"""Finding a family at every key: names in any order, script or keyboard layout, ends of cards and phones, papers, queue numbers.

Owns which candidates are fetched and how they are ranked. Volunteers see surname, initials, birth year and settlement of at most
eight families and need three letters; a protected family is found only by its own card or by a shift lead (field.md §1, 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.contacts import MIN_PHONE_DIGITS, document_key, phone_key
from aidtrack.domain.ids import CARD_DIGITS, card_number_ok
from aidtrack.domain.names import NameWord, delete_keys, likeness, name_words, other_layouts, query_words
from aidtrack.domain.text import clean
from aidtrack.errors import Refused, Text
from aidtrack.services.days import current_day
from aidtrack.services.people.view import masked_name
from aidtrack.store.names import NameDelete, NameToken, PersonToken
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, Settlement
from aidtrack.store.queueing import Ticket

MOST_HITS = 8
MIN_LETTERS = 3
_CANDIDATES = 60
_PROBES = 2000
_WORD_TOKENS = 120
_QUERY_WORDS = 6

_TICKET = re.compile(r"([AKMTАКМТ])\s*[-·]?\s*(\d{1,4})", re.IGNORECASE)
_LANE = str.maketrans("АКМТ", "AKMT")
_TOKEN = re.compile(r"[0-9a-f]{20}")
_NUMBERLIKE = re.compile(r"[\d\s()+.\-–·]+")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One hit: `name` as the asker may see it, `full_name` only for who may see names; `score` 0 to 1."""

    household_id: UUID
    person_id: UUID
    name: str
    full_name: str
    year: int | None
    settlement: Mapping[str, str]
    origin_text: str
    card_tail: str
    score: float
    external_id: str
    is_protected: bool


def find(
    session: Session, by: Actor, text: str, *, limit: int = MOST_HITS, families: bool = True
) -> tuple[FoundRow, ...]:
    """The best hits for what is typed so far, best first; `families`: each family once, with its best member.

    Volunteers get nothing under three letters and never more than eight.
    """
    by.require(Permission.FIND)
    typed = clean(text)
    sees_names = by.may(Permission.SEE_NAMES)
    most = limit if sees_names else min(limit, MOST_HITS)
    scores = _by_number(session, by, typed)
    if not scores and _is_enough(typed, sees_names):
        scores = _by_names(session, typed)
    rows = _details(session, by, scores)
    rows.sort(key=lambda row: (-row.score, row.name, row.person_id))
    if families:
        rows = list({row.household_id: row for row in reversed(rows)}.values())[::-1]
    return tuple(rows[:most])


def household_by_code(session: Session, by: Actor, code: str) -> UUID | None:
    """The family of a scanned token, a whole card number or its last digits; None for an unknown one.

    Refused for a card that was replaced: the family has a newer one. The end of a number must fit one family only.
    """
    by.require(Permission.FIND)
    plain = "".join(code.split()).lower()
    if _TOKEN.fullmatch(plain):
        return _of_card(session, Card.token == plain)
    if not (plain.isascii() and plain.isdigit()):
        return None
    if len(plain) == CARD_DIGITS:
        return _of_card(session, Card.number == plain) if card_number_ok(plain) else None
    found = set(session.scalars(_cards_ending(plain))) if 4 <= len(plain) < CARD_DIGITS else set()
    return found.pop() if len(found) == 1 else None


def _of_card(session: Session, condition: ColumnElement[bool]) -> UUID | None:
    query = select(Card.household_id, Card.state).join(Household, Household.id == Card.household_id)
    found = session.execute(query.where(condition, Household.status == "active").order_by(Card.state)).first()
    if found is not None and found.state == "revoked":
        raise Refused("card-replaced", Text("This card was reported lost and replaced. Find the family by name."))
    return found.household_id if found else None


def _cards_ending(digits: str) -> Select[UUID]:
    query = select(Card.household_id).join(Household, Household.id == Card.household_id)
    query = query.where(Card.tail == digits[-4:], Card.state == "active", Household.status == "active")
    return query.where(Card.number.endswith(digits, autoescape=True)).limit(_CANDIDATES)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _by_number(session: Session, by: Actor, typed: str) -> dict[UUID, float]:
    """People by card, phone, paper or queue number, where what is typed has that shape."""
    ticket = _TICKET.fullmatch(typed)
    if ticket:
        return _heads(session, _ticket_families(session, by, ticket[1].upper().translate(_LANE), int(ticket[2])))
    digits = re.sub(r"\D", "", typed)
    if not digits or not digits.isascii():
        return {}
    found: dict[UUID, float] = {}
    if _NUMBERLIKE.fullmatch(typed):
        if len(digits) >= 4:
            found |= _heads(session, session.scalars(_cards_ending(digits)).all())
        if len(digits) >= MIN_PHONE_DIGITS:
            found |= dict.fromkeys(_phone_bearers(session, typed), 0.98)
    if len(digits) >= 4:
        found |= dict.fromkeys(_paper_bearers(session, typed), 0.99)
    return found


def _ticket_families(session: Session, by: Actor, lane: str, number: int) -> Sequence[UUID]:
    query = select(Ticket.household_id).where(Ticket.site_id == by.site, Ticket.day == current_day(session, by))
    query = query.where(Ticket.lane == lane, Ticket.number == number, Ticket.household_id.is_not(None))
    return [found for found in session.scalars(query) if found]


def _heads(session: Session, households: Iterable[UUID]) -> dict[UUID, float]:
    query = select(Household.head_id).where(Household.id.in_(list(households)), Household.head_id.is_not(None))
    return {head: 1.0 for head in session.scalars(query) if head}


def _phone_bearers(session: Session, typed: str) -> list[UUID]:
    """Whose phone, own or of the family, ends with these digits."""
    key = phone_key(typed) or re.sub(r"\D", "", typed)[::-1]
    after = key + "\uffff"
    own = select(Person.id).where(Person.phone_key >= key, Person.phone_key < after).limit(_CANDIDATES)
    ours = select(Household.head_id).where(Household.phone_key >= key, Household.phone_key < after).limit(_CANDIDATES)
    return [found for query in (own, ours) for found in session.scalars(query) if found]


def _paper_bearers(session: Session, typed: str) -> Sequence[UUID]:
    query = select(PersonDocument.person_id).where(PersonDocument.number_key == document_key(typed))
    return session.scalars(query.limit(_CANDIDATES)).all()


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _is_enough(typed: str, sees_names: bool) -> bool:
    return bool(typed) if sees_names else sum(c.isalpha() for c in typed) >= MIN_LETTERS


def _by_names(session: Session, typed: str) -> dict[UUID, float]:
    """As typed; with a number in it taken for a birth year; then as the same keys give in other layouts."""
    found: dict[UUID, float] = {}
    for reading in (typed, *other_layouts(typed)):
        words = query_words(reading)[:_QUERY_WORDS]
        names = tuple(word for word in words if not word.plain.isdigit())
        years = tuple(int(word.plain) for word in words if _is_year(word.plain))
        if years and names:
            found = _likely(session, names, years)
        found = found or _likely(session, words, ())
        if found:
            return found
    return found


def _is_year(word: str) -> bool:
    return word.isdigit() and (len(word) == 2 or (len(word) == 4 and word[:2] in ("19", "20")))


def _likely(session: Session, words: Sequence[NameWord], years: Sequence[int]) -> dict[UUID, float]:
    if not words:
        return {}
    tokens = [_tokens_like(session, word) for word in words]
    people = _bearers(session, [group for group in tokens if group], years) if any(tokens) else []
    if len(tokens) > 1 and (not people or not all(tokens)):
        people = people or _bearers_of_most(session, tokens, years)
    return _scored(session, people, words)


def _tokens_like(session: Session, word: NameWord) -> list[int]:
    """Known words that begin like this one, sound like its beginning, or are one slip away."""
    t, d = NameToken, NameDelete
    queries = [select(t.id).where(_begins(t.plain, word.plain)).limit(_WORD_TOKENS)]
    if len(word.sound) > 1:
        queries.append(select(t.id).where(_begins(t.sound, word.sound)).limit(_WORD_TOKENS))
    if len(word.sound) >= 4:
        queries.append(select(d.token_id).where(d.key.in_(delete_keys(word.sound))).limit(_WORD_TOKENS))
    selects = [select(query.subquery().c[0]) for query in queries]
    found = session.scalars(union_all(*selects)).all()
    return list(dict.fromkeys(found))


def _begins(column: Any, start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + "\U0010ffff")


def _bearers(session: Session, groups: Sequence[Sequence[int]], years: Sequence[int]) -> list[UUID]:
    """People who bear a word of every group; walks the rarest group and asks for the others."""
    if len(groups) == 1 and not years:
        return _bearers_of_one(session, groups[0])
    sizes = [_size(session, group) for group in groups]
    rarest = min(range(len(groups)), key=sizes.__getitem__)
    walked = select(PersonToken.person_id).where(PersonToken.token_id.in_(groups[rarest])).limit(_PROBES).subquery()
    query = select(walked.c.person_id).distinct()
    for no, group in enumerate(groups):
        if no != rarest:
            other = aliased(PersonToken)
            query = query.where(exists().where(other.person_id == walked.c.person_id, other.token_id.in_(group)))
    if years:
        query = query.join(Person, Person.id == walked.c.person_id).where(or_(*(_born_in(year) for year in years)))
    return list(session.scalars(query.limit(_CANDIDATES)))


def _born_in(year: int) -> ColumnElement[bool]:
    whole = [year] if year > 99 else [1900 + year, 2000 + year]
    return or_(*(Person.birth_date.between(date(y, 1, 1), date(y, 12, 31)) for y in whole))


def _bearers_of_one(session: Session, group: Sequence[int]) -> list[UUID]:
    """Surnames first: a short beginning fits more given names than fit on a screen."""
    found: dict[UUID, None] = {}
    for part in range(3):
        query = select(PersonToken.person_id).where(PersonToken.token_id.in_(group), PersonToken.part == part)
        found.update(dict.fromkeys(session.scalars(query.limit(_CANDIDATES))))
        if len(found) >= _CANDIDATES:
            break
    return list(found)


def _bearers_of_most(session: Session, tokens: Sequence[Sequence[int]], years: Sequence[int]) -> list[UUID]:
    """One typed word may be nobody's: a patronymic that was not written down, a name misheard."""
    known = [group for group in tokens if group]
    if len(known) < 2:
        return []
    found: dict[UUID, None] = {}
    for left_out in range(len(known) - 1, -1, -1):
        found.update(dict.fromkeys(_bearers(session, known[:left_out] + known[left_out + 1 :], years)))
    return list(found)[:_CANDIDATES]


def _size(session: Session, group: Sequence[int]) -> int:
    counted: Select[Any] = (
        select(literal_column("1")).where(PersonToken.token_id.in_(group)).select_from(PersonToken).limit(_PROBES)
    )
    return len(session.execute(counted).all())


def _scored(session: Session, people: Sequence[UUID], words: Sequence[NameWord]) -> dict[UUID, float]:
    query = select(Person.id, Person.family_name, Person.given_name, Person.patronymic).where(Person.id.in_(people))
    return {row.id: likeness(words, name_words(*row[1:])) for row in session.execute(query)} if people else {}


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def _details(session: Session, by: Actor, scores: Mapping[UUID, float]) -> list[FoundRow]:
    if not scores:
        return []
    best = sorted(scores, key=lambda person: -scores[person])[:_CANDIDATES]
    p, m, h = Person, HouseholdMember, Household
    query = (
        select(h.id.label("household_id"), p.id, p.family_name, p.given_name, p.patronymic, p.birth_date, p.external_id,
               h.is_protected, h.origin_text, Settlement.names, Card.number)
        .select_from(p)
        .join(m, and_(m.person_id == p.id, m.until_day.is_(None)))
        .join(h, and_(h.id == m.household_id, h.status == "active"))
        .outerjoin(Settlement, Settlement.id == h.settlement_id)
        .outerjoin(Card, and_(Card.household_id == h.id, Card.state == "active"))
        .where(p.id.in_(best))
    )  # fmt: skip
    return [_found(row, scores[row.id], by) for row in session.execute(query) if _may_find(row, by)]


def _may_find(row: Any, by: Actor) -> bool:
    return not row.is_protected or by.may(Permission.SEE_NAMES) or Role.SHIFT_LEAD in by.roles


def _found(row: Any, score: float, by: Actor) -> FoundRow:
    names = (row.family_name, row.given_name, row.patronymic)
    whole = " ".join(name for name in names if name)
    sees_names = by.may(Permission.SEE_NAMES)
    return FoundRow(
        household_id=row.household_id,
        person_id=row.id,
        name=whole if sees_names else masked_name(*names),
        full_name=whole if sees_names else "",
        year=row.birth_date.year if row.birth_date else None,
        settlement=row.names or {},
        origin_text=row.origin_text,
        card_tail=row.number[-4:] if row.number else "",
        score=round(score, 4),
        external_id=row.external_id,
        is_protected=row.is_protected,
    )
