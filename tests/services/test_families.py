"""Separate cards and people who move: nobody is served twice by it, and nobody is kept from what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from aidtrack.domain.entitlement import Shared
from aidtrack.domain.handover import HandOverDraft, LineDraft, MoreDraft, WhyMore
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import Lodging
from aidtrack.errors import Conflict, InvalidInput, NotAllowed
from aidtrack.reports import exceptions
from aidtrack.reports.page import Stamp
from aidtrack.services import people
from aidtrack.services.campaigns import allowances, rule_rows, save_rule
from aidtrack.services.handover import CorrectionDraft, HandOverReceipt, correct_hand_over, hand_over
from aidtrack.services.overview.exceptions import count_exceptions
from aidtrack.services.people import HouseholdView, MoveDraft, SeparationDraft
from aidtrack.services.people.families import move_member, separate_card
from aidtrack.services.settlements import find_settlements, load_settlements
from aidtrack.store.database import Database
from aidtrack.store.people import Household
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team
from tests.unit.test_reports import text_of


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def family(database: Database, aid: Aid, by: Team) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar)).household_id


def view(database: Database, by: Team, household_id: UUID) -> HouseholdView:
    return database.read(lambda s: people.household_view(s, by.shift_lead, household_id))


def separated(database: Database, by: Team, household_id: UUID, *nos: int, lodging: Lodging | None = None) -> UUID:
    seen = view(database, by, household_id)
    who = frozenset(member.person_id for member in seen.members if member.no in nos)
    draft = SeparationDraft(household_id, seen.version, who, lodging=lodging)
    receipt = database.write(lambda s: separate_card(s, by.registrar, request_id=new_id(), draft=draft))
    return receipt.household_id


def moved(database: Database, by: Team, household_id: UUID, to: UUID, *nos: int) -> UUID:
    seen = view(database, by, household_id)
    who = frozenset(member.person_id for member in seen.members if member.no in nos)
    draft = MoveDraft(household_id, seen.version, who, to)
    return database.write(lambda s: move_member(s, by.registrar, request_id=new_id(), draft=draft))


def due(database: Database, by: Team, household_id: UUID) -> dict[UUID, int]:
    return {row.rule_id: row.due for row in database.read(lambda s: allowances(s, by.shift_lead, household_id))}


def give(database: Database, by: Team, centre: Centre, household_id: UUID, aid: Aid) -> None:
    food = draft_of(household_id, (aid.food, due(database, by, household_id)[aid.food.rule_id]))
    database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=food))
    blanket = draft_of(household_id, (aid.blanket, 1))
    second = by.at(by.distributor, centre.windows[1])
    database.write(lambda s: hand_over(s, second, request_id=new_id(), draft=blanket))


def test_a_separate_card_takes_everybodys_past_along(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by, centre, family, aid)
    before = [member.person_id for member in view(database, by, family).members]
    new = separated(database, by, family, 1, 4)
    assert [member.person_id for member in view(database, by, family).members] == before[1:3]
    assert len(view(database, by, new).members) == 2
    assert due(database, by, new)[aid.food.rule_id] == 0, "who had food has had it"
    assert due(database, by, new)[aid.blanket.rule_id] == 0, "half of those here were covered"
    assert due(database, by, family)[aid.food.rule_id] == 0
    by.clock.forward(days=7)
    assert [due(database, by, one)[aid.food.rule_id] for one in (family, new)] == [2, 2], (
        "never more than as one family"
    )


def test_the_card_holder_goes_and_the_card_finds_another_one(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    head = view(database, by, family).head_id
    new = separated(database, by, family, 1)
    assert view(database, by, new).head_id == head
    stays = view(database, by, family)
    assert stays.head_id == stays.members[0].person_id
    assert stays.is_protected, "three children without an adult are found by their card or the shift lead only"


def test_moving_grandmother_neither_feeds_twice_nor_blocks_the_new_family(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by, centre, family, aid)
    other = database.write(lambda s: make_family(s, by.registrar, "Бондаренко", 3)).household_id
    moved(database, by, family, other, 1)
    now = due(database, by, other)
    assert now[aid.food.rule_id] == 3, "the three who had nothing; she had hers"
    assert now[aid.blanket.rule_id] == 1, "one of four had a blanket: the family is not blocked"
    moved(database, by, other, family, 4)
    assert due(database, by, family)[aid.food.rule_id] == 0, "back again: still hers was given"


def test_a_new_home_has_its_own_item_once_where_the_programme_says_so(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    row = next(r for r in database.read(lambda s: rule_rows(s, by.coordinator, aid.campaign_id)) if r.no == 3)
    draft = replace(row.draft, shared=Shared.OWN_HOME)
    rule = database.write(
        lambda s: save_rule(
            s, by.coordinator, request_id=new_id(), campaign_id=aid.campaign_id, draft=draft, no=3, edition=1
        )
    )
    second = by.at(by.distributor, centre.windows[1])
    blanket = replace(
        draft_of(family, (aid.blanket, 1)), lines=(replace(draft_of(family, (aid.blanket, 1)).lines[0], rule_id=rule),)
    )
    database.write(lambda s: hand_over(s, second, request_id=new_id(), draft=blanket))
    same_home = separated(database, by, family, 4)
    assert due(database, by, same_home)[rule] == 0, "another card in the same home shares"
    new_home = separated(database, by, family, 1, lodging=Lodging.RENT)
    assert due(database, by, new_home)[rule] == 1
    again = replace(blanket, household_id=new_home)
    signed = database.write(lambda s: hand_over(s, second, request_id=new_id(), draft=again)).signed_at
    report = database.read(lambda s: count_exceptions(s, by.coordinator, TODAY))
    assert [(one.window, one.signed, one.names["en"], one.given) for one in report.new_homes] == [("2", str(signed), "Blanket", 1)]
    words = text_of(exceptions.make_pdf(report, Stamp("Пункт", "KRS", TODAY, "R10"), "en"))
    assert "Given because a new home has its own; with the old card they had it already" in words
    third = database.write(lambda s: make_family(s, by.registrar, "Бондаренко", 1)).household_id
    moved(database, by, new_home, third, 1)
    assert due(database, by, third)[rule] == 0, "moving once more brings nothing"


def own_home_blankets(database: Database, by: Team, aid: Aid) -> UUID:
    row = next(r for r in database.read(lambda s: rule_rows(s, by.coordinator, aid.campaign_id)) if r.no == 3)
    facts = {"campaign_id": aid.campaign_id, "draft": replace(row.draft, shared=Shared.OWN_HOME), "no": 3, "edition": 1}
    return database.write(lambda s: save_rule(s, by.coordinator, request_id=new_id(), **facts))  # type: ignore[arg-type]


def blanket_to(database: Database, by: Team, centre: Centre, household_id: UUID, rule: UUID) -> HandOverReceipt:
    draft = HandOverDraft(household_id, (LineDraft(rule, 1),), collector_text="соседка")
    there = by.at(by.distributor, centre.windows[1])
    return database.write(lambda s: hand_over(s, there, request_id=new_id(), draft=draft))


def test_a_corrected_hand_over_to_a_new_home_still_says_so(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    rule = own_home_blankets(database, by, aid)
    blanket_to(database, by, centre, family, rule)
    new = separated(database, by, family, 1, lodging=Lodging.RENT)
    given = blanket_to(database, by, centre, new, rule)
    there = by.at(by.distributor, centre.windows[1])
    draft = CorrectionDraft(given.id, (LineDraft(rule, 2),), more=MoreDraft(WhyMore.NEED))
    database.write(lambda s: correct_hand_over(s, there, request_id=new_id(), draft=draft, approver=by.shift_lead))
    lines = database.read(lambda s: count_exceptions(s, by.coordinator, TODAY)).new_homes
    assert [one.given for one in lines] == [2], "the cancelled line is said no more, the one in its place is"


def test_another_place_is_a_new_home_as_another_way_of_living_is(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    rule = own_home_blankets(database, by, aid)
    blanket_to(database, by, centre, family, rule)
    database.write(lambda s: load_settlements(s, by.coordinator, request_id=new_id()))
    place = database.read(lambda s: find_settlements(s, by.registrar, "рыльск"))[0]
    seen = view(database, by, family)
    draft = SeparationDraft(family, seen.version, frozenset({seen.members[0].person_id}), place.id, address="ул. Ленина, 3")
    new = database.write(lambda s: separate_card(s, by.registrar, request_id=new_id(), draft=draft)).household_id
    home = view(database, by, new)
    assert (home.settlement["ru"], home.address) == ("Рыльск", "ул. Ленина, 3")
    assert due(database, by, new)[rule] == 1


def test_a_separate_card_makes_nobody_a_newcomer(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    by.clock.forward(days=2)
    row = database.read(lambda s: rule_rows(s, by.coordinator, aid.campaign_id))[0]
    filters = replace(row.draft.filters, registered_from=date(2024, 8, 13))
    draft = replace(row.draft, filters=filters)
    rule = database.write(
        lambda s: save_rule(
            s, by.coordinator, request_id=new_id(), campaign_id=aid.campaign_id, draft=draft, no=1, edition=1
        )
    )
    new = separated(database, by, family, 1)
    assert rule not in due(database, by, new)
    fresh = database.write(lambda s: make_family(s, by.registrar, "Бондаренко", 2)).household_id
    assert due(database, by, fresh)[rule] == 2


def test_the_same_request_gives_one_card(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    seen = view(database, by, family)
    draft = SeparationDraft(family, seen.version, frozenset({seen.members[0].person_id}))
    request = new_id()
    first = database.write(lambda s: separate_card(s, by.registrar, request_id=request, draft=draft))
    assert database.write(lambda s: separate_card(s, by.registrar, request_id=request, draft=draft)) == first
    with pytest.raises(Conflict):
        database.write(lambda s: separate_card(s, by.registrar, request_id=new_id(), draft=draft))


def test_nobody_everybody_and_strangers_are_told(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    seen = view(database, by, family)
    for who in (frozenset[UUID](), frozenset(m.person_id for m in seen.members), frozenset({new_id()})):
        draft = SeparationDraft(family, seen.version, who)
        with pytest.raises(InvalidInput):
            database.write(lambda s, d=draft: separate_card(s, by.registrar, request_id=new_id(), draft=d))  # type: ignore[misc]
    with pytest.raises(InvalidInput):
        moved(database, by, family, family, 1)


def test_a_child_without_parents_is_moved_by_the_coordinator_with_a_reason_only(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    separated(database, by, family, 1)
    children = view(database, by, family)
    to = database.write(lambda s: make_family(s, by.registrar, "Бондаренко", 2)).household_id
    draft = MoveDraft(family, children.version, frozenset({children.members[0].person_id}), to)
    with pytest.raises(NotAllowed):
        database.write(lambda s: move_member(s, by.registrar, request_id=new_id(), draft=draft))
    with pytest.raises(InvalidInput):
        database.write(lambda s: move_member(s, by.coordinator, request_id=new_id(), draft=draft))


def test_when_everybody_moves_the_old_card_is_empty(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    other = database.write(lambda s: make_family(s, by.registrar, "Бондаренко", 1)).household_id
    moved(database, by, family, other, 1, 2, 3, 4)
    assert view(database, by, family).members == ()
    assert database.read(lambda s: s.get_one(Household, family).head_id) is None
    assert due(database, by, other)[aid.food.rule_id] == 5
