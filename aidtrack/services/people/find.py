"""Finding a family at every key: names in any order, script or keyboard layout, ends of cards and phones, papers, queue numbers.

Owns which candidates are fetched and how they are ranked. Volunteers see surname, initials, birth year and settlement of at most
eight families and need three letters; a protected family is found only by its own card or by a shift lead (field.md §1, 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.contacts import MIN_PHONE_DIGITS, document_key, phone_key
from aidtrack.domain.finding import MOST_WORDS, Ranking, Typed, birth_fit, lines_of, read_typed
from aidtrack.domain.ids import CARD_DIGITS, card_number_ok
from aidtrack.domain.names import is_latin, likeness, name_words, other_layouts, query_words
from aidtrack.domain.text import clean
from aidtrack.errors import Names, Refused, Text
from aidtrack.services.identity.classes import joined_cards
from aidtrack.services.people.by_name import Memory, bearers
from aidtrack.services.people.protection import may_see
from aidtrack.services.people.view import masked_name
from aidtrack.services.today import current_day
from aidtrack.store.asking import Ahead, answer
from aidtrack.store.found_people import FoundPerson, found_people
from aidtrack.store.name_lookup import which_begin
from aidtrack.store.people import Card, Household, Person, PersonDocument
from aidtrack.store.queueing import Ticket

MOST_HITS = 8
MIN_LETTERS = 3
_CANDIDATES = 60
_ROWS_AT_ONCE = 12
_BY_BIRTH = 0.1
_LIKELY = 0.9
_PAPER_LETTERS = 8
_FARTHEST_EAST = timedelta(hours=14)

_USUAL = ("Иванова Ol", "Shevchenko Мария Петровна 01.02.1980", "ghbdtn 12")
"""Questions that together ask everything there is to ask."""

Hit = tuple[float, FoundPerson]

_TICKET = re.compile(r"([AKMTАКМТ])\s*[-·]?\s*(\d{1,4})", re.IGNORECASE)
_LANE = str.maketrans("АКМТ", "AKMT")
_TOKEN = re.compile(r"[0-9a-f]{20}")
_NUMBERLIKE = re.compile(r"[\d\s()+.\-–·]+")

_TAILS = (
    select(Card.household_id, Card.tail, Household.is_protected)
    .join(Household, Household.id == Card.household_id)
    .where(Card.is_valid)
)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One hit: `name` as the asker may see it, `full_name` only for who may see names; `score` 0 to 1."""

    household_id: UUID
    person_id: UUID
    name: str
    full_name: str
    year: int | None
    settlement: Names
    origin_text: str
    card_tail: str
    score: float
    external_id: str
    is_protected: bool
    other_tails: tuple[str, ...] = ()
    """Ends of the other cards of a family that was registered twice and joined."""


def find(
    session: Session, by: Actor, text: str, *, limit: int = MOST_HITS, families: bool = True
) -> tuple[FoundRow, ...]:
    """The best hits for what is typed so far, best first; `families`: each family once, with its best member, however many cards it has.

    Volunteers get nothing under three letters and never more than eight; of a protected family, by its own whole card number,
    nothing but that it is there.
    """
    by.require(Permission.FIND)
    written = clean(text)
    sees_names = by.may(Permission.SEE_NAMES)
    most = limit if sees_names else min(limit, MOST_HITS)
    chosen = _Chosen(session, by, most, families, _whole_card(session, written))
    hits = chosen.of(_by_number(session, by, written))
    if not hits and _is_enough(written, sees_names):
        hits = _by_names(chosen, written)
    tails = chosen.other_tails(row.household_id for _, row in hits)
    return tuple(_found(row, score, by, tails.get(row.household_id, ())) for score, row in hits)


def get_ready(session: Session, by: Actor) -> None:
    """Does now what the first search would wait for: tables of names, statements, pages of the file. Nobody is found."""
    if by.may(Permission.FIND):
        for text in _USUAL:
            find(session, by, text)


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


def is_own_card(session: Session, household_id: UUID, code: str) -> bool:
    """Whether somebody holds a card of this family in hands: its token, its number or the end of it."""
    plain = "".join(code.split()).lower()
    if len(plain) < 4 or not plain.isalnum():
        return False
    fits = or_(Card.token == plain, Card.number.endswith(plain, autoescape=True))
    return session.scalar(select(Card.id).where(Card.household_id == household_id, fits).limit(1)) is not None


def _whole_card(session: Session, typed: str) -> UUID | None:
    """The family whose whole card number was typed."""
    digits = re.sub(r"\D", "", typed) if _NUMBERLIKE.fullmatch(typed) else ""
    if not card_number_ok(digits):
        return None
    return session.scalar(select(Card.household_id).where(Card.number == digits, Card.is_valid).limit(1))


def _of_card(session: Session, condition: ColumnElement[bool]) -> UUID | None:
    query = select(Card.household_id, Card.state).join(Household, Household.id == Card.household_id)
    found = session.execute(query.where(condition, Household.status == "active").order_by(Card.state)).first()
    if found is not None and found.state == "revoked":
        raise Refused("card-replaced", Text("This card was reported lost and replaced. Find the family by name."))
    return found.household_id if found else None


def _cards_ending(digits: str) -> Select[UUID]:
    query = select(Card.household_id).join(Household, Household.id == Card.household_id)
    query = query.where(Card.tail == digits[-4:], Card.is_valid, Household.status == "active")
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
    if len(digits) >= 4 and sum(c.isalpha() for c in typed) <= _PAPER_LETTERS:
        found |= dict.fromkeys(_paper_bearers(session, typed), 0.99)
    return found


def _ticket_families(session: Session, by: Actor, lane: str, number: int) -> Sequence[UUID]:
    query = select(Ticket.household_id).where(Ticket.site_id == by.site, Ticket.day == current_day(session, by))
    query = query.where(Ticket.lane == lane, Ticket.number == number, Ticket.household_id.is_not(None))
    return [found for found in session.scalars(query) if found]


def _heads(session: Session, households: Iterable[UUID]) -> dict[UUID, float]:
    query = select(Household.head_id).where(Household.id.in_(list(households)), Household.head_id.is_not(None))
    return {head: 1.0 for head in session.scalars(query) if head}


_BY_OWN_PHONE = select(Person.id).where(Person.phone_key >= bindparam("key"), Person.phone_key < bindparam("after"))
_BY_FAMILY_PHONE = select(Household.head_id).where(
    Household.phone_key >= bindparam("key"), Household.phone_key < bindparam("after")
)
_BY_PAPER = select(PersonDocument.person_id).where(PersonDocument.number_key == bindparam("key")).limit(_CANDIDATES)


def _phone_bearers(session: Session, typed: str) -> list[UUID]:
    """Whose phone, own or of the family, ends with these digits."""
    key = phone_key(typed) or re.sub(r"\D", "", typed)[::-1]
    facts = {"key": key, "after": key + "\uffff"}
    asked = (_BY_OWN_PHONE.limit(_CANDIDATES), _BY_FAMILY_PHONE.limit(_CANDIDATES))
    return [found for query in asked for found in session.connection().execute(query, facts).scalars() if found]


def _paper_bearers(session: Session, typed: str) -> Sequence[UUID]:
    return session.connection().execute(_BY_PAPER, {"key": document_key(typed)}).scalars().all()


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _is_enough(typed: str, sees_names: bool) -> bool:
    return bool(typed) if sees_names else sum(c.isalpha() for c in typed) >= MIN_LETTERS


def _by_names(chosen: _Chosen, written: str) -> list[Hit]:
    """As typed; if that is nobody for sure, as the same keys give in the other layouts; digits that are no birth year are a name."""
    today = _latest_day(chosen.by)
    typed = read_typed(written, today)
    readings = [read_typed(reading, today) for reading in other_layouts(written)]
    begin = Ahead(chosen.session, which_begin(chosen.session, [reading.words for reading in readings]))
    hits = _named(chosen, typed)
    if hits and hits[0][0] >= _LIKELY:
        return hits
    for meant, is_so in zip(readings, begin.answer(), strict=True):
        # Of several words typed in another layout not every one has a slip: letters that mean nothing cost no long look.
        if not (is_so or (not hits and len(meant.words) == 1)):
            continue
        other = _named(chosen, meant, is_thorough=not hits)
        if other and (not hits or other[0][0] > hits[0][0]):
            return other
    return hits or (_without_years(chosen, written, typed) if any(c.isdigit() for c in written) else [])


def _latest_day(by: Actor) -> date:
    """Nowhere it is later: whose birth is read needs no more of the day, and nothing has to be asked for it."""
    return (by.now() + _FARTHEST_EAST).date()


def _without_years(chosen: _Chosen, written: str, typed: Typed) -> list[Hit]:
    """The age was said wrong, or the digits belong to the name."""
    hits = _named(chosen, Typed(typed.words)) if typed.years else []
    words = query_words(written)[:MOST_WORDS]
    digits = [word for word in words if word.plain[:1].isdigit()]
    if hits or not digits or not answer(chosen.session, which_begin(chosen.session, [digits]))[0]:
        return hits
    return _named(chosen, Typed(words))


def _named(chosen: _Chosen, typed: Typed, *, is_thorough: bool = True) -> list[Hit]:
    """By the words, and by the long numbers that were typed beside them."""
    likely = dict.fromkeys(_bearers_of_numbers(chosen.session, typed.numbers), 0.0)
    found = bearers(chosen.session, typed, is_thorough=is_thorough, memory=chosen.memory)
    scores = {person: score for score, person in found}
    return chosen.of(likely | scores, typed, frozenset(likely))


def _bearers_of_numbers(session: Session, numbers: Iterable[str]) -> list[UUID]:
    return [p for number in numbers for p in (*_phone_bearers(session, number), *_paper_bearers(session, number))]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of the people that fit are shown: the best, whom this person may find, of each family one."""

    session: Session
    by: Actor
    most: int
    families: bool
    own_card: UUID | None = None
    memory: Memory = field(default_factory=Memory)
    cards: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    """All cards of the families that have several."""

    def of(
        self, scores: Mapping[UUID, float], typed: Typed | None = None, numbered: frozenset[UUID] = frozenset()
    ) -> list[Hit]:
        """The rows of the best of these people, the best first; rows are read until there are enough."""
        best = sorted(scores, key=lambda person: -scores[person])
        at_once = len(best) if numbered else self._at_once(scores, best) if typed and typed.born else _ROWS_AT_ONCE
        hits: list[Hit] = []
        while best and len(hits) < self.most:
            some, best = best[:at_once], best[at_once:]
            rows = self._rows(some)
            hits += [(_weighed(scores[row.person_id], row, typed, numbered), row) for row in rows]
            hits.sort(key=_in_order)
            if self.families:
                self.cards.update(joined_cards(self.session, {row.household_id for row in rows}))
                hits = self._each_once(hits)
        return _as_written_first(typed, hits, self.most)[: self.most]

    def _each_once(self, hits: list[Hit]) -> list[Hit]:
        """Each family at its best place, under whichever of its cards that is."""
        best: dict[UUID, Hit] = {}
        for hit in hits:
            home = hit[1].household_id
            best.setdefault(min(self.cards.get(home, (home,))), hit)
        return list(best.values())

    def other_tails(self, shown: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
        """Of the families that are shown, the ends of their other valid cards, of protected ones only for who may see them."""
        others = {home: self.cards[home] - {home} for home in shown if home in self.cards}
        known: dict[UUID, str] = {}
        if others:
            rows = self.session.execute(_TAILS.where(Card.household_id.in_(frozenset().union(*others.values()))))
            known = {home: tail for home, tail, is_protected in rows if may_see(self.by, is_protected)}
        return {home: tuple(sorted(known[one] for one in cards if one in known)) for home, cards in others.items()}

    def _at_once(self, scores: Mapping[UUID, float], best: Sequence[UUID]) -> int:
        """How many may yet be the best when their birth dates are known; who was found by the birth date stands first anyway."""
        least = scores[best[min(self.most, len(best)) - 1]] - _BY_BIRTH if best else 0.0
        return min(2 * _ROWS_AT_ONCE, max(_ROWS_AT_ONCE, sum(scores[person] >= least for person in best)))

    def _rows(self, people: Sequence[UUID]) -> list[FoundPerson]:
        """Protected families only for who may find them by name, or by their own card."""
        # Of one length: a server plans a statement once for each length.
        asked = [*people, *[people[0]] * (-len(people) % _ROWS_AT_ONCE)]
        rows = answer(self.session, found_people(self.session, asked))
        return [row for row in rows if may_see(self.by, row.is_protected) or row.household_id == self.own_card]


def _weighed(score: float, row: FoundPerson, typed: Typed | None, numbered: frozenset[UUID]) -> float:
    """The likeness of the name, with what the birth date and a long number say."""
    if typed is None:
        return score
    if row.person_id in numbered:
        score = max(score, _of_name(typed, row)) + 0.2
    return score + (birth_fit(typed.born, row.birth_date) if typed.born else 0.0)


def _in_order(hit: Hit) -> tuple[float, bool, str, str, UUID]:
    """Of names that fit equally well those in Cyrillic letters first: of two cards of one family it is the one people here can read."""
    score, row = hit
    return -score, row.family_name[:1].isascii(), row.family_name, row.given_name, row.person_id


def _as_written_first(typed: Typed | None, hits: list[Hit], most: int) -> list[Hit]:
    """Lines know no э from е: of names that fit equally well a Latin spelling means the one that is written so."""
    if typed is None or len(hits) < 2 or not any(is_latin(word.written) for word in typed.words):
        return hits
    least = hits[:most][-1][0]
    shown = [hit for hit in hits if hit[0] >= least]
    if len({score for score, _ in shown}) == len(shown):
        return shown
    fits = {one: likeness(typed.words, name_words(*one)) for one in {_names_of(row) for _, row in shown}}
    return sorted(shown, key=lambda hit: (-hit[0], -fits[_names_of(hit[1])]))


def _names_of(row: FoundPerson) -> tuple[str, str, str]:
    return row.family_name, row.given_name, row.patronymic


def _of_name(typed: Typed, row: FoundPerson) -> float:
    lines = lines_of(row.family_name, row.given_name, row.patronymic, None)
    return max((Ranking(typed).score(line)[0] for line in lines), default=0.0)


def _found(row: FoundPerson, score: float, by: Actor, other_tails: tuple[str, ...]) -> FoundRow:
    if not may_see(by, row.is_protected):
        return _see_lead(row, score)
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
        score=round(max(0.0, min(1.0, score)), 4),
        external_id=row.external_id,
        is_protected=row.is_protected,
        other_tails=other_tails,
    )


def _see_lead(row: FoundPerson, score: float) -> FoundRow:
    """A protected family for who may not see it: that it is there, and the end of the card in hand."""
    return FoundRow(
        household_id=row.household_id, person_id=row.person_id, name="", full_name="", year=None, settlement={},
        origin_text="", card_tail=row.number[-4:] if row.number else "", score=round(max(0.0, min(1.0, score)), 4),
        external_id="", is_protected=True,
    )  # fmt: skip
