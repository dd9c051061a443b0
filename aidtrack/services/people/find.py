"""Finding a family at every key: names in any order, script or keyboard layout, ends of cards and phones, papers, queue numbers.

Owns which candidates are fetched and how they are ranked. Volunteers see surname, initials, birth year and settlement of at most
eight families and need three letters; a protected family is found only by its own card or by a shift lead (field.md §1, 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.contacts import MIN_PHONE_DIGITS, document_key, phone_key
from aidtrack.domain.ids import CARD_DIGITS, card_number_ok
from aidtrack.domain.names import NameWord, delete_keys, likeness, name_words, other_layouts, query_words
from aidtrack.domain.text import clean
from aidtrack.errors import Refused, Text
from aidtrack.services.people.view import masked_name
from aidtrack.services.today import current_day
from aidtrack.store.names import FAMILY, GIVEN, PATRONYMIC, NameDelete, NameToken, PersonToken, token_id
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, Settlement
from aidtrack.store.queueing import Ticket

MOST_HITS = 8
MIN_LETTERS = 3
_CANDIDATES = 60
_PROBES = 800
_WORD_TOKENS = 120
_ENOUGH = 30
_QUERY_WORDS = 6
_LAST = "\U0010ffff"

Hit = tuple[float, Any]

_TICKET = re.compile(r"([AKMTАКМТ])\s*[-·]?\s*(\d{1,4})", re.IGNORECASE)
_LANE = str.maketrans("АКМТ", "AKMT")
_TOKEN = re.compile(r"[0-9a-f]{20}")
_NUMBERLIKE = re.compile(r"[\d\s()+.\-–·]+")


# A key press is answered by statements built once: building one takes longer than running it.
_T, _D, _P = NameToken.__table__.c, NameDelete.__table__.c, PersonToken.__table__.c
_WORDS_LIKE = union_all(
    select(
        select(_T.id)
        .where(_T.plain >= bindparam("plain"), _T.plain < bindparam("plain_end"))
        .limit(_WORD_TOKENS)
        .subquery()
        .c.id
    ),
    select(
        select(_T.id)
        .where(_T.sound >= bindparam("sound"), _T.sound < bindparam("sound_end"))
        .limit(_WORD_TOKENS)
        .subquery()
        .c.id
    ),
    select(
        select(_D.token_id)
        .where(_D.key.in_(bindparam("keys", expanding=True)))
        .limit(_WORD_TOKENS)
        .subquery()
        .c.token_id
    ),
)
_COUNT = select(func.count()).select_from(
    select(literal_column("1")).where(_P.token_id.in_(bindparam("tokens", expanding=True))).limit(_PROBES).subquery()
)
_OF_ONE = (
    select(_P.person_id)
    .where(_P.token_id.in_(bindparam("tokens", expanding=True)), _P.part == bindparam("part"))
    .limit(_CANDIDATES)
)


_p, _m, _h = Person.__table__, HouseholdMember.__table__, Household.__table__
_ROWS = (
    select(
        _h.c.id.label("household_id"), _p.c.id.label("person_id"), _p.c.family_name, _p.c.given_name, _p.c.patronymic,
        _p.c.birth_date, _p.c.external_id, _h.c.is_protected, _h.c.origin_text, Settlement.names, Card.number,
    )
    .select_from(_p)
    .join(_m, and_(_m.c.person_id == _p.c.id, _m.c.until_day.is_(None)))
    .join(_h, and_(_h.c.id == _m.c.household_id, _h.c.status == "active"))
    .outerjoin(Settlement, Settlement.id == _h.c.settlement_id)
    .outerjoin(Card, and_(Card.household_id == _h.c.id, Card.state == "active"))
    .where(_p.c.id.in_(bindparam("people", expanding=True)))
)  # fmt: skip


@cache
def _of_all(groups: int, years: int) -> Select[Any]:
    """People who bear a word of each group, walking the first one; born in one of so many years."""
    walked = select(_P.person_id).where(_P.token_id.in_(bindparam("tokens0", expanding=True))).limit(_PROBES).subquery()
    query = select(walked.c.person_id).distinct()
    for no in range(1, groups):
        other = PersonToken.__table__.alias()
        # + 0: look at the few words of this person instead of seeking every one of the hundred in the index.
        fits = (other.c.token_id + 0).in_(bindparam(f"tokens{no}", expanding=True))
        query = query.where(exists().where(other.c.person_id == walked.c.person_id, fits))
    if years:
        person = Person.__table__
        born = (person.c.birth_date.between(bindparam(f"from{no}"), bindparam(f"to{no}")) for no in range(years))
        query = query.join(person, person.c.id == walked.c.person_id).where(or_(*born))
    return query.limit(_CANDIDATES)


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
    scored = _details(session, by, _by_number(session, by, typed))
    if not scored and _is_enough(typed, sees_names):
        scored = _by_names(session, by, typed)
    scored.sort(key=lambda pair: (-pair[0], pair[1].family_name, pair[1].given_name, pair[1].person_id))
    if families:
        scored = list({row.household_id: (score, row) for score, row in reversed(scored)}.values())[::-1]
    return tuple(_found(row, score, by) for score, row in scored[:most])


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


def _by_names(session: Session, by: Actor, typed: str) -> list[Hit]:
    """As typed; with a number in it taken for a birth year; then as the same keys give in other layouts."""
    for reading in (typed, *other_layouts(typed)):
        words = query_words(reading)[:_QUERY_WORDS]
        names = tuple(word for word in words if not word.plain.isdigit())
        years = tuple(int(word.plain) for word in words if _is_year(word.plain))
        found = _likely(session, by, names, years) if years and names else []
        found = found or _likely(session, by, words, ())
        if found:
            return found
    return []


def _is_year(word: str) -> bool:
    return word.isdigit() and (len(word) == 2 or (len(word) == 4 and word[:2] in ("19", "20")))


def _likely(session: Session, by: Actor, words: Sequence[NameWord], years: Sequence[int]) -> list[Hit]:
    """Who bears exactly these words, then who bears words like them: a screenful of near ones must not hide the very one."""
    # One or two letters fit thousands: they only rank what the longer words find.
    telling = [word for word in words if len(word.plain) >= MIN_LETTERS] or words
    groups = [_words_like(session, word) for word in telling]
    known = [group for group in groups if group]
    people = _bearers(session, [[token_id(word.plain)] for word in telling], years) if all(groups) and words else []
    if len(people) < _ENOUGH:
        people += _bearers(session, known, years) if known else []
    if not people and len(known) > 1:
        people = _bearers_of_most(session, known, years)
    rows = _details(session, by, dict.fromkeys(people[:_CANDIDATES], 0.0))
    return [(likeness(words, name_words(row.family_name, row.given_name, row.patronymic)), row) for _, row in rows]


def _words_like(session: Session, word: NameWord) -> list[int]:
    """Known words that begin like this one, sound like its beginning, or are one slip away."""
    facts = {
        "plain": word.plain, "plain_end": word.plain + _LAST, "sound": word.sound, "sound_end": word.sound + _LAST,
        "keys": delete_keys(word.sound),
    }  # fmt: skip
    return list(dict.fromkeys(session.connection().execute(_WORDS_LIKE, facts).scalars()))


def _bearers(session: Session, groups: Sequence[Sequence[int]], years: Sequence[int]) -> list[UUID]:
    """People who bear a word of every group; walks the rarest group and asks for the others."""
    if len(groups) == 1 and not years:
        return _bearers_of_one(session, groups[0])
    ask = session.connection()
    if len(groups) > 1:
        groups = sorted(groups, key=lambda group: ask.execute(_COUNT, {"tokens": group}).scalar_one())
    spans = [span for year in years for span in _spans(year)]
    facts: dict[str, Any] = {f"tokens{no}": group for no, group in enumerate(groups)}
    for no, whole in enumerate(spans):
        facts |= {f"from{no}": date(whole, 1, 1), f"to{no}": date(whole, 12, 31)}
    return list(ask.execute(_of_all(len(groups), len(spans)), facts).scalars())


def _spans(year: int) -> tuple[int, ...]:
    return (year,) if year > 99 else (1900 + year, 2000 + year)


def _bearers_of_one(session: Session, group: Sequence[int]) -> list[UUID]:
    """Surnames first: a short beginning fits more given names than fit on a screen."""
    found: dict[UUID, None] = {}
    for part in (FAMILY, GIVEN, PATRONYMIC):
        if len(found) < _ENOUGH:
            people = session.connection().execute(_OF_ONE, {"tokens": group, "part": part}).scalars()
            found.update(dict.fromkeys(people))
    return list(found)[:_CANDIDATES]


def _bearers_of_most(session: Session, groups: Sequence[Sequence[int]], years: Sequence[int]) -> list[UUID]:
    """One typed word may be nobody's: a patronymic that was not written down, a name misheard."""
    found: dict[UUID, None] = {}
    for left_out in range(len(groups) - 1, -1, -1):
        found.update(dict.fromkeys(_bearers(session, [*groups[:left_out], *groups[left_out + 1 :]], years)))
    return list(found)[:_CANDIDATES]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def _details(session: Session, by: Actor, scores: Mapping[UUID, float]) -> list[Hit]:
    """The rows of these people with their scores; protected families only for who may find them by name."""
    if not scores:
        return []
    best = sorted(scores, key=lambda person: -scores[person])[:_CANDIDATES]
    sees_all = by.may(Permission.SEE_NAMES) or Role.SHIFT_LEAD in by.roles
    rows = session.connection().execute(_ROWS, {"people": best})
    return [(scores[row.person_id], row) for row in rows if sees_all or not row.is_protected]


def _found(row: Any, score: float, by: Actor) -> FoundRow:
    names = (row.family_name, row.given_name, row.patronymic)
    whole = " ".join(name for name in names if name)
    sees_names = by.may(Permission.SEE_NAMES)
    return FoundRow(
        household_id=row.household_id,
        person_id=row.person_id,
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
