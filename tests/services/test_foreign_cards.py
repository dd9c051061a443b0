"""A card of another centre on both databases: its number becomes the family's, its stamps are declared, reported and withhold nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain import foreign_cards as rules
from aidtrack.domain.ids import check_digit, new_id, show_card
from aidtrack.domain.stock import ItemDraft
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import campaigns, check, overview, people, stock
from aidtrack.services.campaigns import allowances
from aidtrack.services.handover import hand_over
from aidtrack.store.database import Database
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team

ELSEWHERE = "12345678901" + check_digit("12345678901")


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


def _take(database: Database, by: Team, household_id: Any, number: str = ELSEWHERE, *stamps: Any) -> Any:
    take = partial(people.take_over_card, by=by.registrar, request_id=new_id(), household_id=household_id)
    return database.write(partial(take, number=number, stamps=tuple(stamps)))


def test_the_number_of_the_other_centre_finds_the_family_and_the_card_of_here_no_longer_does(
    database: Database, by: Team, aid: Aid
) -> None:
    family = database.write(lambda s: make_family(s, by.registrar))
    receipt = _take(database, by, family.household_id, show_card(ELSEWHERE))
    assert receipt.card_number == ELSEWHERE
    find = partial(people.household_by_code, by=by.registrar)
    assert database.read(partial(find, code=ELSEWHERE)) == family.household_id
    with pytest.raises(Refused):
        database.read(partial(find, code=family.card_number))
    assert _take(database, by, family.household_id).card_number == ELSEWHERE  # once more changes nothing


def test_declared_receipts_are_reported_and_withhold_nothing(database: Database, by: Team, aid: Aid) -> None:
    family = database.write(lambda s: make_family(s, by.registrar))
    before = database.read(partial(allowances, by=by.registrar, household_id=family.household_id, day=TODAY))
    _take(database, by, family.household_id, ELSEWHERE, (aid.food.item_id, TODAY - timedelta(days=1)))
    after = database.read(partial(allowances, by=by.registrar, household_id=family.household_id, day=TODAY))
    assert [row.due for row in after] == [row.due for row in before]
    report = database.read(partial(overview.exception_report, by=by.coordinator, day=TODAY))
    assert [(str(row.names["en"]), row.stamped_on, row.families) for row in report.declared] == [
        ("Food kit", TODAY - timedelta(days=1), 1)
    ]
    assert database.read(partial(check.check, by=by.auditor)).failures == ()


def _counts(database: Database, by: Team, aid: Aid, goods: Any, category: str) -> Any:
    """The rule of these goods, once they are sorted, says that stamps count."""
    item = database.read(lambda s: next(row for row in stock.item_rows(s, by.storekeeper) if row.id == goods.item_id))
    draft = ItemDraft(
        item.names, item.code, item.unit, category, item.expires, item.is_kit, item.mode, item.is_active, item.version
    )
    database.write(partial(stock.save_item, by=by.coordinator, request_id=new_id(), draft=draft, item_id=item.id))
    rows = database.read(partial(campaigns.running_rules, by=by.coordinator, day=TODAY))
    row = next(one for one in rows if one.rule.item_id == goods.item_id)
    facts: dict[str, Any] = {"campaign_id": row.campaign_id, "no": row.no, "edition": row.edition}
    return partial(
        campaigns.save_rule, by=by.coordinator, request_id=new_id(), draft=replace(row.draft, counts_declared=True), **facts
    )


def test_where_the_rule_says_so_a_stamp_counts_and_the_reason_is_said(database: Database, by: Team, aid: Aid) -> None:
    database.write(_counts(database, by, aid, aid.soap, "bedding"))
    family = database.write(lambda s: make_family(s, by.registrar))
    yesterday = TODAY - timedelta(days=1)
    _take(database, by, family.household_id, ELSEWHERE, (aid.soap.item_id, yesterday), (aid.food.item_id, yesterday))
    rows = database.read(partial(allowances, by=by.registrar, household_id=family.household_id, day=TODAY))
    soap, food = (next(one for one in rows if one.item_id == goods.item_id) for goods in (aid.soap, aid.food))
    assert (soap.due, food.due > 0) == (0, True)
    assert str(soap.reason).startswith("another centre gave it on 2024-08-11, by the stamp on the card")
    (row,) = (one for one in database.read(partial(campaigns.running_rules, by=by.coordinator, day=TODAY)) if one.draft.counts_declared)
    assert str(row.sentence).endswith("what another centre stamped on the card counts")
    with pytest.raises(Refused):
        database.write(
            partial(hand_over, by=by.distributor, request_id=new_id(), draft=draft_of(family.household_id, (aid.soap, 1)))
        )


@pytest.mark.parametrize("category", ["food", "water", "hygiene", "infant", ""])
def test_no_rule_counts_stamps_for_what_is_never_withheld(database: Database, by: Team, aid: Aid, category: str) -> None:
    with pytest.raises(InvalidInput) as said:
        database.write(_counts(database, by, aid, aid.soap, category))
    assert [problem.field for problem in said.value.problems] == ["counts_declared"]


def test_goods_sorted_as_food_later_are_given_all_the_same(database: Database, by: Team, aid: Aid) -> None:
    database.write(_counts(database, by, aid, aid.soap, "bedding"))
    family = database.write(lambda s: make_family(s, by.registrar))
    ask = partial(allowances, by=by.registrar, household_id=family.household_id, day=TODAY)
    due = next(one for one in database.read(ask) if one.item_id == aid.soap.item_id).due
    _take(database, by, family.household_id, ELSEWHERE, (aid.soap.item_id, TODAY - timedelta(days=1)))
    _counts(database, by, aid, aid.soap, "food")
    assert next(one for one in database.read(ask) if one.item_id == aid.soap.item_id).due == due > 0


def test_a_number_that_fits_no_card_or_is_another_familys_is_said(database: Database, by: Team, aid: Aid) -> None:
    one, two = (
        database.write(lambda s, name=name: make_family(s, by.registrar, name)) for name in ("Ткаченко", "Бойко")
    )
    for number in ("123456789012"[:11] + str((int(ELSEWHERE[-1]) + 1) % 10), "12", one.card_number):
        with pytest.raises(InvalidInput):
            _take(database, by, two.household_id, number)


def test_each_hand_over_says_which_box_is_stamped(database: Database, by: Team, aid: Aid) -> None:
    family = database.write(lambda s: make_family(s, by.registrar))
    stamped = [
        database.write(
            partial(hand_over, by=by.distributor, request_id=new_id(), draft=draft_of(family.household_id, (goods, 1)))
        ).stamp
        for goods in (aid.food, aid.soap)
    ]
    assert stamped == [1, 2]


@given(st.text(max_size=30))
def test_nothing_typed_makes_the_reader_fall(typed: str) -> None:
    rules.read_stamps(typed, (new_id(),), TODAY)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("1 12.8", [date(2024, 8, 12)]),
        ("1 13.8", [date(2023, 8, 13)]),
        ("", []),
        ("3 1.8", None),
        ("1 31.2", None),
        ("хлеб", None),
    ],
)
def test_stamps_are_days_behind_us(typed: str, days: Any) -> None:
    found = rules.read_stamps(typed, (new_id(), new_id()), TODAY)
    assert (None if found is None else [day for _, day in found]) == days
