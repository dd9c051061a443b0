"""A family registered twice: what it had, may have and waits for is one, whichever card it shows; taken apart it is as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.entitlement import Basis, Rule
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import Said, pair_of
from aidtrack.domain.queueing import Lane
from aidtrack.i18n import render
from aidtrack.services import days, journal, overview, people, queueing
from aidtrack.services.campaigns import AllowanceRow, allowances, still_to_come
from aidtrack.services.campaigns.demand import fits
from aidtrack.services.door import DoorState, ask_at_door
from aidtrack.services.handover import desk_view, hand_over, history
from aidtrack.services.identity import links
from aidtrack.services.identity.classes import joined_families
from aidtrack.services.people.protection import protect_household
from aidtrack.store.database import Database
from aidtrack.store.people import Card, HouseholdMember
from tests.aid import TODAY, Aid, make_aid, make_family
from tests.factories import Centre, Team


@dataclass(frozen=True)
class Twice:
    """One family of three under two cards, an open day and a programme."""

    database: Database
    by: Team
    aid: Aid
    ours: UUID
    theirs: UUID

    def read(self, ask: Callable[..., Any], *args: Any, **facts: Any) -> Any:
        return self.database.read(lambda s: ask(s, *args, **facts))

    def people(self, household: UUID) -> tuple[UUID, ...]:
        query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household)
        return self.database.read(lambda s: tuple(s.scalars(query.order_by(HouseholdMember.no))))

    def pairs(self) -> list[tuple[UUID, UUID]]:
        return list(zip(self.people(self.ours), self.people(self.theirs), strict=True))

    def join(self) -> None:
        first, *rest = self.pairs()
        self.database.write(
            lambda s: links.join(s, self.by.coordinator, request_id=new_id(), a=first[0], b=first[1], also=rest)
        )

    def unjoin(self) -> None:
        a, b = self.pairs()[0]
        self.database.write(lambda s: links.unjoin(s, self.by.coordinator, request_id=new_id(), a=a, b=b))

    def allowance(self, household: UUID, rule: UUID) -> AllowanceRow:
        rows: tuple[AllowanceRow, ...] = self.read(allowances, self.by.distributor, household)
        return next(row for row in rows if row.rule_id == rule)

    def serve(self, household: UUID, rule: UUID, quantity: int) -> None:
        draft = HandOverDraft(household, lines=(LineDraft(rule, quantity),), collector_text="Мария")
        self.database.write(lambda s: hand_over(s, self.by.distributor, request_id=new_id(), draft=draft))

    def ticket(self, household: UUID) -> UUID:
        return self.database.write(
            lambda s: queueing.issue_ticket(
                s, self.by.registrar, request_id=new_id(), lane=Lane.A, household_id=household
            )
        ).id

    def answers(self) -> list[Any]:
        """Everything derived that a join may change."""
        who: Actor = self.by.coordinator
        return [
            (
                self.read(allowances, self.by.distributor, card),
                self.read(history, who, card),
                self.read(desk_view, self.by.distributor, card).ticket,
                self.read(links.household_class, card),
                [self.read(links.class_of, person) for person in self.people(card)],
                self.read(links.answered, self.pairs()),
            )
            for card in (self.ours, self.theirs)
        ]


@pytest.fixture
def twice(database: Database, centre: Centre, by: Team) -> Twice:
    return make_twice(database, centre, by)


def make_twice(database: Database, centre: Centre, by: Team) -> Twice:
    aid = database.write(lambda s: make_aid(s, by, centre))
    cards = [database.write(lambda s, n=n: make_family(s, by.registrar, n, 3)) for n in ("Ткаченко", "Tkachenko")]
    return Twice(database, by, aid, cards[0].household_id, cards[1].household_id)


def reached(twice: Twice) -> set[tuple[int, int, int]]:
    """Families, new ones and people, as R1, R2 and R3 count them."""
    lead = twice.by.coordinator
    r1 = twice.read(overview.distribution_report, lead, TODAY)
    r2, r3 = (twice.read(report, lead, Period.of(TODAY)) for report in (overview.age_report, overview.origin_report))
    total = r3.total
    assert r1.origins[0].to_date == r1.families
    return {(r1.families, r1.new, r1.people), (r2.families, r2.new, r2.people), (total.families, total.new, total.people)}


def test_a_family_with_two_cards_is_reached_once_and_its_people_too(twice: Twice) -> None:
    """By what was said until the day was closed: what is known later changes no paper of it."""
    twice.serve(twice.ours, twice.aid.food.rule_id, 3)
    twice.serve(twice.theirs, twice.aid.soap.rule_id, 1)
    assert reached(twice) == {(2, 2, 6)}
    twice.join()
    assert reached(twice) == {(1, 1, 3)}
    twice.unjoin()
    assert reached(twice) == {(2, 2, 6)}
    twice.database.write(lambda s: days.close_day(s, twice.by.coordinator, request_id=new_id()))
    twice.by.clock.forward(minutes=5)
    twice.join()
    assert reached(twice) == {(2, 2, 6)}


def by_item(twice: Twice) -> set[tuple[int, int]]:
    """Families and people the food was for, and all of its programme, as R14, R4 and R16 count them."""
    lead, days_of = twice.by.coordinator, Period.of(TODAY)
    r14, r4, r16 = (
        twice.read(report, lead, days_of)
        for report in (overview.activity_report, overview.delivery_report, overview.programme_report)
    )
    (food,) = (row for row in r14.activities if row.units == 6)
    (programme,) = r16.programmes
    counted = {food.families, programme.families, r4.families, programme.registered, r14.families}
    for items in (r4.items, [item.delivered for item in programme.items]):
        counted |= {row.families for row in items if row.given == 6}
    assert programme.hand_overs == 2
    return {(families, people) for families in counted for people in (food.people, programme.people, r14.people)}


def test_a_family_with_two_cards_is_counted_once_for_each_item_and_each_programme(twice: Twice) -> None:
    """What it took under both cards is one line of the 5W sheet for one family and its three people."""
    for card in (twice.ours, twice.theirs):
        twice.serve(card, twice.aid.food.rule_id, 3)
    assert by_item(twice) == {(2, 6)}
    twice.join()
    assert by_item(twice) == {(1, 3)}
    twice.unjoin()
    assert by_item(twice) == {(2, 6)}
    twice.database.write(lambda s: days.close_day(s, twice.by.coordinator, request_id=new_id()))
    twice.by.clock.forward(minutes=5)
    twice.join()
    assert by_item(twice) == {(2, 6)}, "what is known later changes no paper of the day"


def test_who_can_still_come_is_counted_once_whatever_cards_a_family_holds(twice: Twice) -> None:
    item = twice.aid.food.item_id
    twice.database.write(lambda s: make_family(s, twice.by.registrar, "Шевченко", 2))

    def to_come() -> int:
        return int(twice.read(still_to_come, twice.by.coordinator, TODAY)[item])

    assert to_come() == 3, "nobody was joined yet"
    twice.join()
    assert to_come() == 2
    twice.serve(twice.theirs, twice.aid.food.rule_id, 3)
    assert to_come() == 1, "served under one card is served under both"
    twice.unjoin()
    assert to_come() == 2


@pytest.mark.parametrize("basis", list(Basis))
def test_a_rule_is_for_a_joined_family_once_and_for_each_of_its_people_once(twice: Twice, basis: Basis) -> None:
    twice.database.write(lambda s: make_family(s, twice.by.registrar, "Шевченко", 2))
    rule = Rule(twice.aid.food.rule_id, twice.aid.food.item_id, basis, 1)

    def told() -> tuple[int, int, int]:
        one = twice.read(fits, rule, TODAY)
        return one.families, one.people, one.units

    units = (3, 2) if basis is Basis.HOUSEHOLD else (8, 5)
    assert told() == (3, 8, units[0])
    twice.join()
    assert told() == (2, 5, units[1])
    twice.unjoin()
    assert told() == (3, 8, units[0])


def test_served_under_both_cards_it_was_one_family_all_the_same(twice: Twice) -> None:
    for card in (twice.ours, twice.theirs):
        twice.serve(card, twice.aid.food.rule_id, 3)
    twice.database.write(lambda s: make_family(s, twice.by.registrar, "Шевченко", 2))
    twice.join()
    assert twice.read(still_to_come, twice.by.coordinator, TODAY)[twice.aid.food.item_id] == 1


def test_a_chain_of_cards_is_one_family(twice: Twice) -> None:
    third = twice.database.write(lambda s: make_family(s, twice.by.registrar, "Tkatschenko", 3)).household_id
    twice.join()
    chain = list(zip(twice.people(twice.theirs), twice.people(third), strict=True))
    first, *rest = chain
    twice.database.write(
        lambda s: links.join(s, twice.by.coordinator, request_id=new_id(), a=first[0], b=first[1], also=rest)
    )
    every = frozenset({twice.ours, twice.theirs, third})
    assert twice.read(joined_families) == (every,)
    assert twice.read(links.household_class, twice.ours) == every
    assert twice.read(still_to_come, twice.by.coordinator, TODAY)[twice.aid.food.item_id] == 1


def test_served_under_one_card_is_served_under_the_other(twice: Twice) -> None:
    food = twice.aid.food.rule_id
    twice.serve(twice.ours, food, 3)
    assert twice.allowance(twice.theirs, food).due == 3, "two strangers as long as nobody joined them"
    twice.join()
    row = twice.allowance(twice.theirs, food)
    assert (row.due, row.state) == (0, "not_today")
    assert render(row.reason, "en") == "not today, from 19 Aug 2024"
    twice.unjoin()
    assert twice.allowance(twice.theirs, food).due == 3
    assert twice.allowance(twice.ours, food).due == 0


def test_what_a_family_takes_once_it_takes_once(twice: Twice, centre: Centre) -> None:
    blanket = twice.aid.blanket.rule_id
    at_two = Team.at(twice.by.distributor, centre.windows[1])
    draft = HandOverDraft(twice.ours, lines=(LineDraft(blanket, 1),), collector_text="Мария")
    twice.database.write(lambda s: hand_over(s, at_two, request_id=new_id(), draft=draft))
    twice.join()
    assert twice.allowance(twice.theirs, blanket).due == 0


def test_history_of_both_cards_is_shown_under_either(twice: Twice) -> None:
    twice.serve(twice.ours, twice.aid.food.rule_id, 3)
    twice.serve(twice.theirs, twice.aid.soap.rule_id, 3)
    twice.join()
    ours, theirs = (twice.read(history, twice.by.registrar, card) for card in (twice.ours, twice.theirs))
    assert ours == theirs
    assert len(ours) == 2
    twice.unjoin()
    assert len(twice.read(history, twice.by.registrar, twice.ours)) == 1


def test_one_family_keeps_one_place_in_the_queue(twice: Twice) -> None:
    first = twice.ticket(twice.ours)
    twice.join()
    assert twice.ticket(twice.theirs) == first
    number = twice.database.read(
        lambda s: s.scalars(select(Card.number).where(Card.household_id == twice.theirs)).one()
    )
    assert twice.read(ask_at_door, twice.by.registrar, number).state is DoorState.HELD


def test_both_cards_stay_valid(twice: Twice) -> None:
    twice.join()
    for card in (twice.ours, twice.theirs):
        number = twice.database.read(
            lambda s, card=card: s.scalars(select(Card.number).where(Card.household_id == card)).one()
        )
        assert twice.read(people.household_by_code, twice.by.registrar, number) == card


def test_a_joined_family_stands_once_in_find_under_either_card(twice: Twice) -> None:
    who = twice.by.registrar
    tails = {
        card: twice.database.read(
            lambda s, card=card: s.scalars(select(Card.tail).where(Card.household_id == card)).one()
        )
        for card in (twice.ours, twice.theirs)
    }

    def found(text: str) -> list[tuple[UUID, str, tuple[str, ...]]]:
        return [(row.household_id, row.card_tail, row.other_tails) for row in twice.read(people.find, who, text)]

    alone = {(card, tail, ()) for card, tail in tails.items()}
    assert set(found("ткаченко мария")) == alone
    twice.join()
    for typed in ("ткаченко мария", "tkachenko", "мария петровна 12.08.1989"):
        ((shown, tail, others),) = found(typed)
        assert {tail, *others} == set(tails.values())
        assert tails[shown] == tail
    for card, tail in tails.items():
        (other,) = set(tails.values()) - {tail}
        assert (card, tail, (other,)) in found(tail), "the card in hand is the one that is shown"
    twice.unjoin()
    assert set(found("ткаченко мария")) == alone


def test_the_cards_of_a_protected_family_are_told_to_the_shift_lead_only(twice: Twice) -> None:
    twice.join()
    lead = twice.by.shift_lead
    twice.database.write(
        lambda s: protect_household(s, lead, request_id=new_id(), household_id=twice.theirs, reason="asked for it")
    )
    assert twice.read(people.find, twice.by.registrar, "ткаченко мария") == ()
    (row,) = twice.read(people.find, lead, "ткаченко мария")
    assert len(row.other_tails) == 1


def test_each_card_knows_the_other_and_the_journal_of_both(twice: Twice) -> None:
    who = twice.by.coordinator
    alone = len(twice.read(journal.of_household, who, twice.ours))
    assert twice.read(people.other_cards, who, twice.ours) == ()
    twice.join()
    (other,) = twice.read(people.other_cards, who, twice.ours)
    assert twice.read(people.household_by_code, who, other) == twice.theirs
    kinds = [row.kind for row in twice.read(journal.of_household, who, twice.theirs)]
    assert kinds[0] == "join_records"
    assert kinds.count("register_household") == 2
    twice.unjoin()
    assert [row.kind for row in twice.read(journal.of_household, who, twice.theirs)][:2] == [
        "unjoin_records",
        "join_records",
    ]
    assert len(twice.read(journal.of_household, who, twice.ours)) == alone + 2


def test_somebody_written_down_twice_in_one_family_counts_once(twice: Twice) -> None:
    _, one, two = twice.people(twice.ours)
    twice.database.write(lambda s: links.join(s, twice.by.coordinator, request_id=new_id(), a=one, b=two))
    assert twice.allowance(twice.ours, twice.aid.food.rule_id).due == 2


def test_protection_covers_every_card_of_the_family(twice: Twice) -> None:
    def found() -> list[UUID]:
        return [row.household_id for row in twice.read(people.find, twice.by.registrar, "ткаченко")]

    assert set(found()) == {twice.ours, twice.theirs}
    twice.join()
    card, why = twice.theirs, "просьба семьи"
    twice.database.write(
        lambda s: people.protect_household(s, twice.by.shift_lead, request_id=new_id(), household_id=card, reason=why)
    )
    assert found() == []
    twice.database.write(
        lambda s: people.lift_protection(s, twice.by.shift_lead, request_id=new_id(), household_id=card, reason=why)
    )
    assert len(found()) == 1, "joined as it is, it stands once"


def test_what_a_protected_family_had_is_shown_under_its_own_card_only(twice: Twice) -> None:
    twice.serve(twice.ours, twice.aid.food.rule_id, 3)
    twice.join()
    twice.database.write(
        lambda s: people.protect_household(
            s, twice.by.shift_lead, request_id=new_id(), household_id=twice.ours, reason="просьба семьи"
        )
    )
    assert twice.read(history, twice.by.distributor, twice.theirs) == ()
    assert len(twice.read(history, twice.by.shift_lead, twice.theirs)) == 1
    assert twice.allowance(twice.theirs, twice.aid.food.rule_id).due == 0, "nobody is served twice for it"


STEPS = st.lists(
    st.sampled_from(
        ("serve ours", "serve theirs", "ticket ours", "ticket theirs", "different", "join one", "unjoin one")
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_joined_and_taken_apart_every_answer_is_as_before(sqlite_twice: Twice, steps: list[str]) -> None:
    """Whatever happened before, and as often as it is tried on the same two cards."""
    twice = sqlite_twice
    for step in steps:
        _play(twice, step)
    before = twice.answers()
    twice.join()
    a, b = next(pair for pair in twice.pairs() if before[0][5].get(pair_of(*pair)) is not Said.SAME)
    assert twice.answers() != before
    twice.database.write(lambda s: links.unjoin(s, twice.by.coordinator, request_id=new_id(), a=a, b=b))
    after = twice.answers()
    assert [_without_open(one) for one in after] == [_without_open(one) for one in before]


def _without_open(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """A pair asked again is a pair nobody has answered."""
    *rest, answered = answer
    return (*rest, {pair: said for pair, said in answered.items() if said is not Said.OPEN})


def _play(twice: Twice, step: str) -> None:
    verb, _, what = step.partition(" ")
    card = twice.theirs if what == "theirs" else twice.ours
    pair = twice.pairs()[1]
    said = twice.read(links.answered, [pair]).get(pair_of(*pair))
    if verb == "serve":
        row = twice.allowance(card, twice.aid.food.rule_id)
        if row.state == "give" and row.due <= row.available:
            twice.serve(card, row.rule_id, row.due)
    elif verb == "ticket":
        twice.ticket(card)
    elif verb == "different" and said is not Said.SAME:
        twice.database.write(lambda s: links.say_different(s, twice.by.registrar, request_id=new_id(), pairs=[pair]))
    elif verb == "join" and said is not Said.SAME:
        twice.database.write(lambda s: links.join(s, twice.by.coordinator, request_id=new_id(), a=pair[0], b=pair[1]))
    elif verb == "unjoin" and said is Said.SAME:
        twice.database.write(lambda s: links.unjoin(s, twice.by.coordinator, request_id=new_id(), a=pair[0], b=pair[1]))


@pytest.fixture
def sqlite_twice(sqlite_database: Database, centre: Centre, by: Team) -> Twice:
    """The same on SQLite alone, for many examples."""
    return make_twice(sqlite_database, centre, by)
