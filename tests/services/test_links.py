"""Records of one person, on both databases: joined, taken apart, called other people; nothing is moved, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import Said, disputes, pair_of
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need, Sex, read_members
from aidtrack.errors import InvalidInput, NotAllowed, NotFound, Refused, Text
from aidtrack.services import people
from aidtrack.services.identity import classes, links
from aidtrack.services.identity.links import PairToSettle, Words
from aidtrack.store.database import Database
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.people import HouseholdMember
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)


@dataclass(frozen=True)
class Card:
    """A family: its id and the ids of its people in order."""

    id: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True)
class Folk:
    """Registers families and says words about their people."""

    database: Database
    by: Team

    def family(self, *names: str, line: str = "") -> Card:
        named = tuple(MemberDraft(family_name=name, given_name="Анна", sex=Sex.FEMALE) for name in names)
        draft = HouseholdDraft(members=(*named, *read_members(line, TODAY).members))
        receipt = self.database.write(
            lambda s: people.register_household(s, self.by.registrar, request_id=new_id(), draft=draft)
        )
        query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == receipt.household_id)
        found = self.database.read(lambda s: tuple(s.scalars(query.order_by(HouseholdMember.no))))
        return Card(receipt.household_id, found)

    def join(self, a: UUID, b: UUID, *also: tuple[UUID, UUID], by: Actor | None = None, reason: str = "") -> Words:
        who = by or self.by.coordinator
        return self.database.write(
            lambda s: links.join(s, who, request_id=new_id(), a=a, b=b, also=also, reason=reason)
        )

    def unjoin(self, a: UUID, b: UUID, *, are_others: bool = False) -> Words:
        return self.database.write(
            lambda s: links.unjoin(s, self.by.coordinator, request_id=new_id(), a=a, b=b, are_others=are_others)
        )

    def different(self, a: UUID, b: UUID, by: Actor | None = None) -> Words:
        who = by or self.by.registrar
        return self.database.write(lambda s: links.say_different(s, who, request_id=new_id(), pairs=[(a, b)]))

    def class_of(self, person: UUID) -> frozenset[UUID]:
        return self.database.read(lambda s: links.class_of(s, person))

    def cards_of(self, household: UUID) -> frozenset[UUID]:
        return self.database.read(lambda s: links.household_class(s, household))

    def said(self, a: UUID, b: UUID) -> Said | None:
        return self.database.read(lambda s: links.answered(s, [(a, b)]).get(pair_of(a, b)))


@pytest.fixture
def folk(database: Database, centre: Centre, by: Team) -> Folk:
    return Folk(database, by)


def test_joining_makes_one_class_and_taking_it_back_makes_two(folk: Folk) -> None:
    a, b, c = (folk.family(name).people[0] for name in ("Ткаченко", "Tkachenko", "Ткаченка"))
    assert folk.class_of(a) == {a}
    folk.join(a, b)
    folk.join(c, b)
    assert folk.class_of(a) == folk.class_of(c) == {a, b, c}
    folk.unjoin(a, b)
    assert folk.class_of(a) == {a}
    assert folk.class_of(b) == {b, c}
    assert folk.said(a, b) is Said.OPEN, "nobody has answered any more: it is asked again"


def test_known_to_be_others_when_taken_apart(folk: Folk) -> None:
    a, b = folk.family("Ткаченко").people[0], folk.family("Tkachenko").people[0]
    folk.join(a, b)
    folk.unjoin(b, a, are_others=True)
    assert folk.said(a, b) is Said.DIFFERENT


def test_taking_back_gives_the_word_before_again(folk: Folk) -> None:
    a, b = folk.family("Ткаченко").people[0], folk.family("Tkachenko").people[0]
    folk.different(a, b)
    folk.join(a, b)
    folk.unjoin(a, b)
    assert folk.said(a, b) is Said.DIFFERENT


def test_a_family_registered_twice_is_joined_and_taken_apart_in_one_go(folk: Folk) -> None:
    ours, theirs = folk.family("Ткаченко", line="м36 ж8"), folk.family("Tkachenko", line="м36 ж8 м3")
    pairs = list(zip(ours.people, theirs.people, strict=False))
    words = folk.join(*pairs[0], *pairs[1:])
    assert words.pairs == tuple(pair_of(a, b) for a, b in pairs)
    assert folk.cards_of(ours.id) == folk.cards_of(theirs.id) == {ours.id, theirs.id}
    folk.unjoin(*pairs[2])
    assert folk.cards_of(ours.id) == {ours.id}
    assert all(folk.class_of(person) == {person} for person in (*ours.people, *theirs.people))


def test_a_grandmother_who_is_with_two_families_makes_them_no_one_family(folk: Folk) -> None:
    ours, theirs = folk.family("Бойко", "Ткаченко", line="м36"), folk.family("Шевченко", "Ткаченко", line="ж30")
    folk.join(ours.people[1], theirs.people[1])
    assert folk.cards_of(ours.id) == {ours.id}
    closure = folk.database.read(lambda s: classes.closure(s, [ours.id]))
    assert closure == {*ours.people, theirs.people[1]}


def test_one_card_holder_is_one_family(folk: Folk) -> None:
    ours, theirs = folk.family("Бойко", line="м36 ж8"), folk.family("Бойко", line="м40")
    folk.join(ours.people[0], theirs.people[0])
    assert folk.cards_of(theirs.id) == {ours.id, theirs.id}


def test_joining_moves_no_row(folk: Folk) -> None:
    ours, theirs = folk.family("Бойко", line="м36"), folk.family("Бойко", line="м36")

    def counts() -> tuple[int, ...]:
        tables = ("person", "household", "household_member", "card", "person_need")
        return folk.database.read(lambda s: tuple(s.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables))

    before = counts()
    folk.join(ours.people[0], theirs.people[0], (ours.people[1], theirs.people[1]))
    assert counts() == before
    rows = folk.database.read(lambda s: s.scalar(select(func.count()).select_from(PersonLink)))
    assert rows == 2


def test_only_the_coordinator_joins(folk: Folk) -> None:
    a, b = folk.family("Ткаченко").people[0], folk.family("Tkachenko").people[0]
    for who in (folk.by.registrar, folk.by.distributor, folk.by.shift_lead, folk.by.auditor):
        with pytest.raises(NotAllowed):
            folk.join(a, b, by=who)
    folk.join(a, b)
    with pytest.raises(NotAllowed):
        folk.different(a, b, folk.by.registrar)
    assert folk.class_of(a) == {a, b}


def test_a_different_inside_a_class_is_a_dispute(folk: Folk) -> None:
    a, b, c = (folk.family(name).people[0] for name in ("Ткаченко", "Tkachenko", "Ткаченка"))
    folk.join(a, b)
    folk.join(b, c)
    folk.different(a, c)
    assert folk.database.read(lambda s: disputes(links.last_words(s))) == (pair_of(a, c),)
    assert folk.class_of(a) == {a, b, c}, "nobody is torn apart by one word: a person decides"


def test_what_makes_no_sense_is_refused(folk: Folk) -> None:
    a, b = folk.family("Ткаченко").people[0], folk.family("Tkachenko").people[0]
    with pytest.raises(InvalidInput):
        folk.join(a, a)
    with pytest.raises(NotFound):
        folk.join(a, new_id())
    with pytest.raises(Refused, match="not-joined"):
        folk.unjoin(a, b)
    folk.join(a, b)
    with pytest.raises(Refused, match="joined-already"):
        folk.join(b, a)


def test_the_same_request_twice_says_it_once(folk: Folk) -> None:
    a, b = folk.family("Ткаченко").people[0], folk.family("Tkachenko").people[0]
    request = new_id()
    first, again = (
        folk.database.write(lambda s: links.join(s, folk.by.coordinator, request_id=request, a=a, b=b)) for _ in "12"
    )
    assert first == again
    assert folk.database.read(lambda s: s.scalar(select(func.count()).select_from(PersonLink))) == 1


def test_a_child_without_parents_is_joined_only_with_a_reason(folk: Folk) -> None:
    ticked = MemberDraft(family_name="Бойко", given_name="Оля", needs=frozenset({Need.CHILD_ALONE}))
    draft = HouseholdDraft(members=(ticked,))
    receipt = folk.database.write(
        lambda s: people.register_household(s, folk.by.registrar, request_id=new_id(), draft=draft)
    )
    child = folk.database.read(
        lambda s: s.scalars(
            select(HouseholdMember.person_id).where(HouseholdMember.household_id == receipt.household_id)
        ).one()
    )
    family = folk.family("Бойко", "Бойко")
    with pytest.raises(InvalidInput) as refusal:
        folk.join(child, family.people[1])
    assert [problem.field for problem in refusal.value.problems] == ["reason"]
    folk.join(child, family.people[1], reason="Мать узнана, документы проверены")
    assert folk.class_of(child) == {child, family.people[1]}


def test_the_evening_list_keeps_what_nobody_has_answered(folk: Folk) -> None:
    a, b, c = (folk.family(name).people[0] for name in ("Ткаченко", "Tkachenko", "Ткаченка"))
    folk.different(a, c)
    family = Text.plural("{n} of the same family", "{n} of the same family", n=2)
    reasons = (Text("same surname"), family, Text("born in {year}", year=1961))
    left = [PairToSettle(b, a, 0.7123, reasons), PairToSettle(a, c, 0.6)]
    put = folk.database.write(lambda s: links.leave_for_evening(s, folk.by.registrar, request_id=new_id(), pairs=left))
    assert put == 1
    row = folk.database.read(
        lambda s: s.execute(select(SimilarPair.a_id, SimilarPair.b_id, SimilarPair.score, SimilarPair.reasons)).one()
    )
    assert (row.a_id, row.b_id) == pair_of(a, b)
    assert row.score == 712
    assert tuple(links.told_reason(kept) for kept in row.reasons) == reasons
