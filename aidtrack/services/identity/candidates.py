"""Who a family that is being typed may be already: asked in the background at every change of the form, so it must be quick.

Owns which people are looked at; how like they are is `domain.identity`. Nothing is decided here and nothing is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.contacts import document_key, phone_key
from aidtrack.domain.finding import Typed
from aidtrack.domain.identity import Known, Likeness, Verdict
from aidtrack.domain.identity.compare import likest
from aidtrack.domain.identity.crowd import USUAL, Crowd
from aidtrack.domain.identity.evidence import may_be_one, weigh
from aidtrack.domain.identity.facts import Face, face_of, word_of
from aidtrack.domain.names import first_sound, letters_of
from aidtrack.domain.people import HouseholdDraft
from aidtrack.errors import Names, Text
from aidtrack.services.identity.known import Record, draft_as_known, members_around, records_from
from aidtrack.services.people.by_name import bearers, bearers_without_slips
from aidtrack.services.people.view import birth_of, masked_name
from aidtrack.store import identity_lookup as lookup
from aidtrack.store.asking import Question, answer, answers
from aidtrack.store.name_lookup import PersonRow, born_on, date_of, person_of, rows_of
from aidtrack.store.people import Settlement

MOST_SHOWN = 3
SHOWN_FROM = 0.1
_LOOKED_AT = 6
_NAMED_ALIKE = 24
_MEMBERS_ASKED = 4
_FEWEST_LETTERS = 4
_SURELY_FOUND = 17.0
_LIKELY_FOUND = 11.5
_WORTH_A_LOOK = 5.0
_FAR_BEHIND = 12.0
"""Who is so much less likely than the likest by what is a person's own is not made up for by a place."""
_EXACT = "day"
_BOTH = 2
_AS_LIKELY = 0.02
_STRANGERS = Crowd()

_PLACE = select(Settlement.names).where(Settlement.id == bindparam("settlement"))


Sought = tuple[Any, Sequence[Face]]
"""A row of a person, and whom of the form it may be."""


class Found(NamedTuple):
    """Whom a member of the form may be, how likely, and which member."""

    record: Record
    face: Face
    like: Likeness
    member: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A family that is here, by its member who is likest to one of the form: `member_no` from 0 is who is meant in the form."""

    household_id: UUID
    person_id: UUID
    member_no: int
    name: str
    year: int | None
    settlement: Names
    card_tail: str
    verdict: Verdict
    score: float
    reasons: tuple[Text, ...]


def candidates(
    session: Session, by: Actor, draft: HouseholdDraft, *, limit: int = MOST_SHOWN
) -> tuple[CandidateRow, ...]:
    """The families the typed one may be, each once, the likeliest first; names as far as the asker may see them.

    Protected families are never among them, nor is the family the form was opened for.
    """
    by.require(Permission.REGISTER)
    typed = draft_as_known(draft, _place(session, draft))
    ours = {member.person_id for member in draft.members if member.person_id}
    faces = [face_of(known) for known in typed]
    near = {person: face for person, face in _near(session, typed, faces).items() if person not in ours}
    rows = members_around(session, near)
    if not rows:
        return ()
    papers = lookup.papers_of(session, [row.person_id for row in rows])
    numbers, crowd = answers(session, papers, _crowd(session, [*faces, *near.values()]))
    families = _families(records_from(rows, numbers), ours)
    best = sorted((_best(faces, family, crowd) for family in families), key=lambda one: -one.like.score)
    shown = [_shown(one, _has_namesakes(one, best)) for one in best[:limit] if one.like.score >= SHOWN_FROM]
    homes = {row.household_id: row for row in rows}
    return tuple(_row(by, homes[one.record.household_id], one) for one in shown)


def _place(session: Session, draft: HouseholdDraft) -> Names | None:
    if draft.settlement_id is None or draft.origin_text:
        return None
    return session.connection().execute(_PLACE, {"settlement": draft.settlement_id}).scalar_one_or_none()


# ── who is looked at ─────────────────────────────────────────────────────────────────────────────


class _Seeker(NamedTuple):
    """A member of the form looking for who it may be: born on which days, as text, and what the names begin with, or would if their
    first two letters had not changed places."""

    face: Face
    days: frozenset[str]
    letters: frozenset[str]
    letters_or_next: frozenset[str]


def _near(session: Session, typed: Sequence[Known], faces: Sequence[Face]) -> dict[UUID, Face]:
    """Who shares a paper, a phone, a birth day or the names with a member, the likeliest by names and birth alone first.

    Birthdays in other years are asked for when nobody was surely found, names with slips when nobody is likely: that takes the most time.
    """
    seekers = [_seeker(known, face) for known, face in zip(typed, faces, strict=True)]
    sure = _of_numbers(session, typed)
    asked: defaultdict[UUID, list[Face]] = defaultdict(list, {person: list(faces) for person in sure})
    days = list({day for one in typed for day in _days(one)})
    named, born = answers(session, _named_exactly(session, faces[:_MEMBERS_ASKED]), born_on(session, days))
    for face, people in named:
        for person in people:
            asked[person].append(face)
    found = _weighed(chain(_those_named(born, asked), _alike(born, seekers)))
    known, others = rows_of(session, asked.keys() - found.keys()), _born_in_other_years(session, typed[0], seekers[0])
    if _likest(found) < _SURELY_FOUND:
        rows, likely = answers(session, known, others)
        found |= _weighed(likely)
    else:
        rows = answer(session, known)
    found |= _weighed(_those_named(rows, asked))
    if _likest(found) < _LIKELY_FOUND:
        slips = bearers(session, _typed(faces[0]), most=_NAMED_ALIKE)
        rows = answer(session, rows_of(session, {who for _, who in slips} - found.keys()))
        found |= _weighed((row, faces[:1]) for row in rows)
    least = max(_WORTH_A_LOOK, _likest(found) - _FAR_BEHIND)
    worth = [who for who, (weight, _) in found.items() if weight > least or who in sure]
    worth.sort(key=lambda who: (who not in sure, -found[who][0]))
    return {who: found[who][1] for who in worth[:_LOOKED_AT]}


def _of_numbers(session: Session, typed: Sequence[Known]) -> set[UUID]:
    phones = {key for known in typed for phone in known.phones if (key := phone_key(phone))}
    papers = {key for known in typed for number in known.documents if (key := document_key(number))}
    return lookup.people_of_numbers(session, phones, papers)


def _likest(found: Mapping[UUID, tuple[float, Face]]) -> float:
    return max((weight for weight, _ in found.values()), default=0.0)


def _seeker(known: Known, face: Face) -> _Seeker:
    sounds = [word.sound for word in (face.family, face.given) if word]
    letters, letters_or_next = (frozenset(sign for one in sounds for sign in one[:most]) for most in (1, 2))
    return _Seeker(face, frozenset(day.isoformat() for day in _days(known)), letters, letters_or_next)


def _alike(rows: Iterable[Any], seekers: Sequence[_Seeker]) -> Iterator[Sought]:
    """Of everybody born on a day most are nobody we look for: only those of whose names one begins like one of the seeker's."""
    for row in rows:
        born = str(row.born)
        faces = [one.face for one in seekers if born in one.days and _begin(row, one.letters)]
        if faces and _share_a_name(row, faces):
            yield row, faces


def _those_named(rows: Iterable[PersonRow], asked: Mapping[UUID, Sequence[Face]]) -> Iterator[Sought]:
    """Who is called like a member of the form, or has its number."""
    for row in rows:
        if (person := person_of(row.key)) in asked:
            yield row, asked[person]


def _born_in_other_years(session: Session, known: Known, seeker: _Seeker) -> Question[list[Sought]]:
    """Of ten times as many days: only those both of whose names begin alike."""
    letters = seeker.letters_or_next
    born = born_on(session, list(_other_years(known)), "".join(map(letters_of, letters)), _BOTH)
    return born.then(
        lambda rows: [
            (row, [seeker.face]) for row in rows if _begin(row, letters) == _BOTH and _share_a_name(row, [seeker.face])
        ]
    )


def _share_a_name(row: Any, faces: Sequence[Face]) -> bool:
    """Weighing takes ten times as long as this."""
    words = word_of(row.family_name), word_of(row.given_name), word_of(row.patronymic)
    return any(may_be_one(face, *words) for face in faces)


def _begin(row: Any, letters: Collection[str]) -> int:
    """How many of surname and given name begin with one of these sounds."""
    return (first_sound(row.family_name) in letters) + (first_sound(row.given_name) in letters)


def _other_years(known: Known) -> Iterator[date]:
    """The same birthday with another last digit of the year."""
    birth = known.birth
    if birth is None or birth.precision != _EXACT or (birth.first.month, birth.first.day) == (2, 29):
        return
    decade = birth.first.year // 10 * 10
    yield from (birth.first.replace(year=year) for year in range(decade, decade + 10) if year != birth.first.year)


def _days(known: Known) -> Iterator[date]:
    """The birth day as written, and with day and month in each other's place."""
    birth = known.birth
    if birth is None or birth.precision != _EXACT:
        return
    yield birth.first
    if birth.first.day <= 12 and birth.first.day != birth.first.month:
        yield birth.first.replace(month=birth.first.day, day=birth.first.month)


def _named_exactly(session: Session, faces: Sequence[Face]) -> Question[list[tuple[Face, list[UUID]]]]:
    """Of frequent names only who is about as old; the years around are asked for where only an age is known."""
    asked = [(face, _typed(face, year)) for face in faces for year in _years(face) or ((),)]
    found = bearers_without_slips(session, [typed for _, typed in asked], most=_NAMED_ALIKE)
    return found.then(lambda people: list(zip((face for face, _ in asked), people, strict=True)))


def _years(face: Face) -> tuple[tuple[int], ...]:
    if face.born is None:
        return ()
    around = (0,) if face.is_exact else (0, -1, 1)
    return tuple((face.born.year + step,) for step in around)


def _typed(face: Face, years: tuple[int, ...] = ()) -> Typed:
    """Surname and given name as if they were typed; of too few letters nothing."""
    words = tuple(word for word in (face.family, face.given) if word)
    return Typed(words if sum(len(word.plain) for word in words) >= _FEWEST_LETTERS else (), years)


def _weighed(rows: Iterable[Sought]) -> dict[UUID, tuple[float, Face]]:
    """By names, sex and birth alone: good enough to say who deserves a closer look."""
    found: dict[UUID, tuple[float, Face]] = {}
    for row, faces in rows:
        birth = birth_of(date_of(row.born), row.precision)
        other = face_of(Known(row.family_name, row.given_name, row.patronymic, row.sex, birth))
        weight, person = max(weigh(face, other, _STRANGERS).person for face in faces), person_of(row.key)
        if person not in found or weight > found[person][0]:
            found[person] = weight, other
    return found


def _families(records: Iterable[Record], ours: set[UUID]) -> list[tuple[Record, ...]]:
    """Families with everybody in them, without ours."""
    grouped: defaultdict[UUID, list[Record]] = defaultdict(list)
    for record in records:
        grouped[record.household_id].append(record)
    return [tuple(family) for family in grouped.values() if ours.isdisjoint(one.person_id for one in family)]


# ── how like they are ────────────────────────────────────────────────────────────────────────────


def _crowd(session: Session, everybody: Sequence[Face]) -> Question[Crowd]:
    """How common the names of these people are; of others what is usual."""
    words = {
        (str(part), word.plain): word.sound
        for face in everybody
        for part, word in enumerate((face.family, face.given, face.patronymic))
        if word
    }
    return lookup.crowd_of(session, words).then(partial(_as_crowd, words))


def _as_crowd(words: Mapping[tuple[str, str], str], found: tuple[int, Mapping[tuple[str, str], int]]) -> Crowd:
    size, counts = found
    names: tuple[dict[str, int], dict[str, int], dict[str, int]] = ({}, {}, {})
    for (part, plain), count in counts.items():
        whole = count if count < lookup.COUNTED_TO else max(count, round(USUAL[int(part)] * size))
        kept, heard = names[int(part)], words[part, plain]
        kept[heard] = kept.get(heard, 0) + whole
    return Crowd(size, names, is_counted=True)


def _best(faces: list[Face], family: Sequence[Record], crowd: Crowd) -> Found:
    """The likest pair of the form and a family that is here."""
    theirs = [face_of(record.known) for record in family]
    member, other, like = likest(faces, theirs, crowd)
    return Found(family[other], theirs[other], like, member)


def _has_namesakes(one: Found, best: Sequence[Found]) -> bool:
    """Whether somebody else is as likely: then it is one of them, and nobody can tell which without asking more.

    A person who is here twice already is no rival of oneself.
    """
    rivals = (other for other in best if other is not one and one.like.score - other.like.score < _AS_LIKELY)
    return any(likest([one.face], [rival.face])[2].verdict is Verdict.OTHER for rival in rivals)


def _shown(one: Found, has_namesakes: bool) -> Found:
    """What may be passed is shown from less: of two namesakes each is less likely than not, and one of them may be meant."""
    is_passed = one.like.verdict is Verdict.OTHER or has_namesakes
    return one._replace(like=replace(one.like, verdict=Verdict.PERHAPS)) if is_passed else one


def _row(by: Actor, shown: Any, found: Found) -> CandidateRow:
    record, _, like, member = found
    known = record.known
    names = (known.family_name, known.given_name, known.patronymic)
    return CandidateRow(
        household_id=record.household_id,
        person_id=record.person_id,
        member_no=member,
        name=" ".join(name for name in names if name) if by.may(Permission.SEE_NAMES) else masked_name(*names),
        year=known.birth.first.year if known.birth else None,
        settlement=shown.names or {},
        card_tail=shown.card_number[-4:] if shown.card_number else "",
        verdict=like.verdict,
        score=like.score,
        reasons=like.reasons,
    )
