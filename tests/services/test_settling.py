"""What waits to be settled, on both databases: disputes first, clusters together, the answered left out; side by side; what is joined."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import pair_of
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.errors import AidTrackError, NotAllowed, NotFound, Text
from aidtrack.services import people
from aidtrack.services.handover import hand_over
from aidtrack.services.identity import links, settling
from aidtrack.services.identity.links import PairToSettle
from aidtrack.services.identity.settling import Origin, PairRow
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOver
from aidtrack.store.people import HouseholdMember
from tests.aid import make_aid, make_family
from tests.factories import Centre, SettableClock, Team


@dataclass(frozen=True)
class Evening:
    """Registers people and leaves pairs of them for the evening."""

    database: Database
    by: Team

    def family(self, *members: MemberDraft) -> tuple[UUID, ...]:
        draft = HouseholdDraft(members=members)
        receipt = self.database.write(
            lambda s: people.register_household(s, self.by.registrar, request_id=new_id(), draft=draft)
        )
        query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == receipt.household_id)
        return self.database.read(lambda s: tuple(s.scalars(query.order_by(HouseholdMember.no))))

    def leave(self, *pairs: PairToSettle) -> None:
        self.database.write(lambda s: links.leave_for_evening(s, self.by.registrar, request_id=new_id(), pairs=pairs))

    def join(self, a: UUID, b: UUID) -> None:
        self.database.write(lambda s: links.join(s, self.by.coordinator, request_id=new_id(), a=a, b=b))

    def different(self, a: UUID, b: UUID) -> None:
        self.database.write(lambda s: links.say_different(s, self.by.registrar, request_id=new_id(), pairs=[(a, b)]))

    def waiting(self, *found: PairToSettle) -> tuple[PairRow, ...]:
        return self.database.read(lambda s: settling.to_settle(s, self.by.coordinator, found=found))


@pytest.fixture
def evening(database: Database, centre: Centre, by: Team) -> Evening:
    return Evening(database, by)


def maria(family_name: str = "Ткаченко") -> MemberDraft:
    born = Birth(SettableClock()().date().replace(year=1961), Precision.DAY)
    return MemberDraft(family_name=family_name, given_name="Мария", sex=Sex.FEMALE, birth=born)


def boy(year: int) -> MemberDraft:
    return MemberDraft(sex=Sex.MALE, birth=Birth(SettableClock()().date().replace(year=year), Precision.YEAR))


def test_disputes_first_then_the_evening_then_the_file(evening: Evening) -> None:
    a, b, c, d, e, f = (evening.family(maria(name))[0] for name in ("А", "Б", "В", "Г", "Д", "Е"))
    evening.join(a, b)
    evening.join(b, c)
    evening.different(a, c)
    evening.leave(PairToSettle(d, e, 0.7, (Text("same surname"),)))
    rows = evening.waiting(PairToSettle(e, f, 0.9), PairToSettle(d, e, 0.7))
    assert [(row.origin, {row.a.person_id, row.b.person_id}) for row in rows] == [
        (Origin.DISPUTE, {a, c}),
        (Origin.EVENING, {d, e}),
        (Origin.FILE, {e, f}),
    ]
    assert [row.cluster for row in rows] == [2, 3, 3]
    assert rows[1].reasons == (Text("same surname"),)
    assert rows[1].left_by == "registrar"


def test_what_was_answered_or_joined_meanwhile_is_not_asked_again(evening: Evening) -> None:
    a, b, c, d = (evening.family(maria(name))[0] for name in ("А", "Б", "В", "Г"))
    evening.leave(PairToSettle(a, b, 0.7), PairToSettle(a, c, 0.7), PairToSettle(b, d, 0.7))
    evening.join(a, b)
    evening.different(a, c)
    assert [row.key for row in evening.waiting()] == [pair_of(b, d)]
    evening.join(a, d)
    assert evening.waiting() == (), "they are one person through another record"


def test_records_of_one_cluster_stand_behind_each_other(evening: Evening) -> None:
    a, b, c, d, e = (evening.family(maria(name))[0] for name in ("А", "Б", "В", "Г", "Д"))
    evening.leave(PairToSettle(a, b, 0.9), PairToSettle(c, d, 0.8), PairToSettle(b, e, 0.7))
    rows = evening.waiting()
    assert [row.key for row in rows] == [pair_of(a, b), pair_of(b, e), pair_of(c, d)]


def test_side_by_side_with_the_family_that_goes_along(evening: Evening) -> None:
    ours = evening.family(maria(), boy(2016), boy(1988))
    theirs = evening.family(maria("Tkachenko"), boy(1989), boy(2016), boy(2020))
    beside = evening.database.read(lambda s: settling.side_by_side(s, evening.by.coordinator, a=ours[0], b=theirs[0]))
    assert {(one.person_id, other.person_id) for one, other in beside.also} == {
        (ours[1], theirs[2]),
        (ours[2], theirs[1]),
    }
    assert [one.person_id for one in beside.family_b] == list(theirs[1:])
    assert beside.reasons
    assert not beside.are_joined
    with pytest.raises(NotFound):
        evening.database.read(lambda s: settling.side_by_side(s, evening.by.coordinator, a=ours[0], b=new_id()))


def test_what_is_joined_is_listed_with_who_and_why(evening: Evening) -> None:
    ours, theirs = evening.family(maria(), boy(2016)), evening.family(maria(), boy(2016))
    evening.database.write(
        lambda s: links.join(
            s,
            evening.by.coordinator,
            request_id=new_id(),
            a=ours[0],
            b=theirs[0],
            also=[(ours[1], theirs[1])],
            reason="сестра",
        )
    )
    (row,) = evening.database.read(lambda s: settling.joins(s, evening.by.coordinator))
    assert (row.pairs, row.by_name, row.reason) == (2, "coordinator", "сестра")
    evening.database.write(
        lambda s: links.unjoin(s, evening.by.coordinator, request_id=new_id(), a=ours[1], b=theirs[1])
    )
    assert evening.database.read(lambda s: settling.joins(s, evening.by.coordinator)) == ()
    with pytest.raises(NotAllowed):
        evening.database.read(lambda s: settling.joins(s, evening.by.shift_lead))


def test_a_contradiction_names_the_joinings_that_hold_it(evening: Evening) -> None:
    a, b, c, d, e = (evening.family(maria(name))[0] for name in ("А", "Б", "В", "Г", "Д"))
    evening.join(a, b)
    evening.join(b, c)
    evening.join(d, e)
    evening.different(a, c)
    rows = evening.database.read(lambda s: settling.holding(s, evening.by.coordinator, a=a, b=c))
    assert [{row.a.person_id, row.b.person_id} for row in rows] == [{b, c}, {a, b}]
    evening.database.write(
        lambda s: links.unjoin(s, evening.by.coordinator, request_id=new_id(), a=b, b=c, are_others=True)
    )
    assert evening.waiting() == ()
    evening.join(b, c)
    evening.join(a, c)
    assert evening.waiting() == (), "they are one person after all"


def test_two_windows_two_cards_one_family_one_ration(database: Database, centre: Centre, by: Team) -> None:
    """Both press at once: whoever comes second is told, on both databases."""
    aid = database.write(lambda s: make_aid(s, by, centre))
    cards = [database.write(lambda s, n=n: make_family(s, by.registrar, n, 3)).household_id for n in ("Б", "B")]
    members = [
        database.read(
            lambda s, card=card: list(
                s.scalars(select(HouseholdMember.person_id).where(HouseholdMember.household_id == card))
            )
        )
        for card in cards
    ]
    first, *rest = zip(*members, strict=True)
    database.write(lambda s: links.join(s, by.coordinator, request_id=new_id(), a=first[0], b=first[1], also=rest))
    start, outcomes = threading.Barrier(2), list[str]()

    def press(card: UUID) -> None:
        draft = HandOverDraft(card, lines=(LineDraft(aid.food.rule_id, 3),), collector_text="Мария")
        start.wait()
        outcomes.append(
            _outcome(lambda: database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft)))
        )

    threads = [threading.Thread(target=press, args=(card,)) for card in cards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["booked", "more-than-allowed"]
    assert len(database.read(lambda s: s.scalars(select(HandOver.id)).all())) == 1


def _outcome(do: Callable[[], object]) -> str:
    try:
        do()
    except AidTrackError as error:
        return error.code
    return "booked"
