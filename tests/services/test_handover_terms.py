"""Hand-overs that are more than one family with a card, on both databases: more than due, something else in its place, numbers on
pieces, several families at once, nobody's names, corrections. After each test every truth of the shelf holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import (
    GoodsAre,
    GoodsDraft,
    HandOverDraft,
    LineDraft,
    LinesRefused,
    MoreDraft,
    SignOff,
    UnregisteredDraft,
    VoidKind,
    WhyMore,
)
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import days
from aidtrack.services.campaigns import allowances, save_campaign, save_rule
from aidtrack.services.check import goods as truths
from aidtrack.services.handover import (
    CorrectionDraft,
    CorrectReceipt,
    HandOverReceipt,
    cancel_hand_over,
    correct_hand_over,
    given_as_drafts,
    given_without_registration,
    hand_over,
    hand_over_together,
    hand_over_unregistered,
    history,
    limits,
    save_limits,
    word_of,
)
from aidtrack.services.identity import links
from aidtrack.services.overview.distribution import count_distribution
from aidtrack.services.overview.exceptions import count_exceptions
from aidtrack.services.people import household_view
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Desk
from aidtrack.store.handover import Approval, HandOver, HandOverLine, HandOverNumber, HandOverVoid
from aidtrack.store.stock import Balance, Document, Item
from tests.aid import TODAY, Aid, Goods, bring_in, draft_of, make_aid, make_family
from tests.factories import Centre, Team

MORE = MoreDraft(WhyMore.NEED, "младенец")


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def family(database: Database, aid: Aid, by: Team) -> UUID:
    return home(database, by, "Ткаченко")


@pytest.fixture(autouse=True)
def every_truth_holds(database: Database) -> Iterator[None]:
    """Whatever a test did, the shelf adds up afterwards."""
    yield
    assert [one.code for one in database.read(lambda s: list(truths.failures(s)))] == []


def home(database: Database, by: Team, surname: str, size: int = 4) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar, surname, size)).household_id


def give(database: Database, by: Actor, draft: HandOverDraft, approver: Actor | None = None) -> HandOverReceipt:
    return database.write(lambda s: hand_over(s, by, request_id=new_id(), draft=draft, approver=approver))


def due(database: Database, by: Actor, household_id: UUID, goods: Goods) -> tuple[str, int]:
    rows = database.read(lambda s: allowances(s, by, household_id))
    return next((row.state, row.due) for row in rows if row.rule_id == goods.rule_id)


def on_shelf(database: Database, place: UUID, item: UUID) -> int:
    query = select(func.sum(Balance.quantity)).where(Balance.place_id == place, Balance.item_id == item)
    return int(database.read(lambda s: s.scalar(query)) or 0)


def rows(database: Database, table: type[object]) -> int:
    return database.read(lambda s: s.scalar(select(func.count()).select_from(table)) or 0)


def head_of(database: Database, by: Team, household: UUID) -> UUID:
    return database.read(lambda s: household_view(s, by.shift_lead, household)).members[0].person_id


def settings(database: Database, by: Team, **answers: int) -> None:
    def save(session: Session) -> None:
        draft = replace(limits(session, by.coordinator), **answers)
        save_limits(session, by.coordinator, request_id=new_id(), draft=draft)

    database.write(save)


# ── more than is due ─────────────────────────────────────────────────────────────────────────────


def test_more_needs_the_shift_lead_and_a_reason(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    five = draft_of(family, (aid.food, 5))
    with pytest.raises(LinesRefused, match="more-than-allowed"):
        give(database, by.distributor, five, by.shift_lead)
    with pytest.raises(NotAllowed, match="not-approved"):
        give(database, by.distributor, replace(five, more=MORE))
    with pytest.raises(NotAllowed, match="not-approved"):
        give(database, by.distributor, replace(five, more=MORE), by.distributor)
    assert rows(database, HandOver) == 0
    done = give(database, by.distributor, replace(five, more=MORE), by.shift_lead)
    assert [(line.quantity, line.allowed) for line in done.lines] == [(5, 4)]
    row = database.read(lambda s: s.scalars(select(Approval)).one())
    assert (row.hand_over_id, row.approver_id, row.reason, row.note) == (
        done.id, by.shift_lead.user_id, "need", "младенец",
    )  # fmt: skip


def test_a_shift_lead_at_the_window_approves_with_a_reason_alone(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by.shift_lead, replace(draft_of(family, (aid.food, 6)), more=MORE))
    assert rows(database, Approval) == 1


def test_an_approval_is_written_only_where_more_was_given(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    give(database, by.distributor, replace(draft_of(family, (aid.food, 4)), more=MORE), by.shift_lead)
    assert rows(database, Approval) == 0


def test_given_again_in_good_faith_starts_no_time_anew(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    give(database, by.distributor, draft_of(family, (aid.food, 4)))
    by.clock.forward(hours=1)
    again = replace(draft_of(family, (aid.food, 1)), more=MoreDraft(WhyMore.GOOD_FAITH))
    done = give(database, by.distributor, again, by.shift_lead)
    assert [(line.quantity, line.allowed) for line in done.lines] == [(1, 0)]
    rows_now = database.read(lambda s: allowances(s, by.distributor, family))
    assert next(row.next_day for row in rows_now if row.rule_id == aid.food.rule_id) == date(2024, 8, 19)


# ── something else in its place ──────────────────────────────────────────────────────────────────


def test_a_substitute_settles_what_it_stands_for(database: Database, centre: Centre, by: Team, aid: Aid, family: UUID) -> None:
    instead = LineDraft(aid.food.rule_id, 4, instead_id=aid.soap.item_id)
    done = give(database, by.distributor, replace(draft_of(family), lines=(instead,)))
    line = database.read(lambda s: s.scalars(select(HandOverLine)).one())
    assert (line.rule_id, line.item_id, line.substitute_of_id, line.quantity) == (
        aid.food.rule_id, aid.soap.item_id, aid.food.item_id, 4,
    )  # fmt: skip
    assert done.given[0].substitute_of_id == aid.food.item_id
    assert on_shelf(database, centre.shelf, aid.soap.item_id) == 46
    assert due(database, by.distributor, family, aid.food) == ("not_today", 0)
    assert due(database, by.distributor, family, aid.soap) == ("give", 4), "it was soap, but not the soap they are due"


def test_part_of_it_may_be_something_else_and_together_no_more_than_due(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    both = (LineDraft(aid.food.rule_id, 3), LineDraft(aid.food.rule_id, 2, instead_id=aid.soap.item_id))
    with pytest.raises(LinesRefused, match="more-than-allowed"):
        give(database, by.distributor, replace(draft_of(family), lines=both))
    fewer = (both[0], replace(both[1], quantity=1))
    done = give(database, by.distributor, replace(draft_of(family), lines=fewer))
    assert [(line.quantity, line.allowed) for line in done.given] == [(3, 3), (1, 1)]


# ── numbers on pieces ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def vouchers(database: Database, centre: Centre, by: Team, aid: Aid) -> Goods:
    """Pharmacy cards with numbers, one a person."""
    return more_goods(database, centre, by, aid.campaign_id, numbered=True)


def more_goods(
    database: Database, centre: Centre, by: Team, campaign: UUID, *, numbered: bool = False, daily: int | None = None
) -> Goods:
    """Twenty pieces of one more item, one a person; both windows give everything from now on."""

    def make(session: Session) -> Goods:
        with journal.operation(session, by.coordinator, new_id(), "save_item"):
            item = Item(id=new_id(), code="card", names={"en": "Pharmacy card"}, unit="pcs", is_numbered=numbered)
            session.add(item)
            session.flush()
            draft = RuleDraft(item.id, Basis.PERSON, 1, 30, daily_cap=daily)
            rule = save_rule(session, by.coordinator, request_id=new_id(), campaign_id=campaign, draft=draft)
            paper = session.scalars(select(Document.id)).first()
            assert paper is not None
            lot = bring_in(session, by.coordinator, centre, item.id, 20, paper)
            for desk in centre.windows:
                session.get_one(Desk, desk).gives = None
        return Goods(item.id, rule, (lot,))

    return database.write(make)


def numbered(household: UUID, goods: Goods, *numbers: str) -> HandOverDraft:
    return replace(draft_of(household), lines=(LineDraft(goods.rule_id, len(numbers), numbers=numbers),))


def test_each_number_is_given_once_and_a_cancelled_one_is_free_again(
    database: Database, by: Team, family: UUID, vouchers: Goods
) -> None:
    first = give(database, by.distributor, numbered(family, vouchers, "A-1", "A-2", "A-3", "A-4"))
    assert rows(database, HandOverNumber) == 4
    other = home(database, by, "Коваль", 2)
    with pytest.raises(LinesRefused, match="number-given"):
        give(database, by.distributor, numbered(other, vouchers, "B-1", "A-2"))
    cancel = cancel_hand_over
    database.write(
        lambda s: cancel(s, by.distributor, request_id=new_id(), hand_over_id=first.id, where=GoodsAre.BACK_ON_SHELF)
    )
    assert give(database, by.distributor, numbered(other, vouchers, "B-1", "A-2")).given[0].quantity == 2


def test_a_numbered_item_wants_a_number_for_each_piece(database: Database, by: Team, family: UUID, vouchers: Goods) -> None:
    for numbers in ((), ("A-1",)):
        line = LineDraft(vouchers.rule_id, 2, numbers=numbers)
        with pytest.raises(LinesRefused, match="numbers"):
            give(database, by.distributor, replace(draft_of(family), lines=(line,)))
    with pytest.raises(InvalidInput):
        give(database, by.distributor, numbered(family, vouchers, "A-1", "A-1"))


def test_numbers_go_with_goods_that_another_family_has(database: Database, by: Team, family: UUID, vouchers: Goods) -> None:
    first = give(database, by.distributor, numbered(family, vouchers, "A-1"))
    other = home(database, by, "Коваль")

    def move(session: Session) -> object:
        return cancel_hand_over(
            session, by.distributor, request_id=new_id(), hand_over_id=first.id, where=GoodsAre.OTHER_FAMILY,
            other_household_id=other,
        )  # fmt: skip

    database.write(move)
    with pytest.raises(LinesRefused, match="number-given"):
        give(database, by.distributor, numbered(family, vouchers, "A-1"))


# ── several families in one go ───────────────────────────────────────────────────────────────────


def together(database: Database, by: Actor, *drafts: HandOverDraft, approver: Actor | None = None) -> tuple[HandOverReceipt, ...]:
    return database.write(
        lambda s: hand_over_together(s, by, request_id=new_id(), drafts=drafts, approver=approver)
    )


def by_one(database: Database, by: Team, aid: Aid, homes: list[UUID]) -> list[HandOverDraft]:
    """The first family's card holder collects for all of them."""
    who = head_of(database, by, homes[0])
    return [
        replace(
            draft_of(one, (aid.food, 1)), collector_text="", collector_person_id=who, how_known=HowConfirmed.WITNESS
        )
        for one in homes
    ]


def test_three_families_by_one_collector_are_one_press_and_a_line_each(database: Database, by: Team, aid: Aid) -> None:
    homes = [home(database, by, name) for name in ("Ткаченко", "Коваль", "Олійник")]
    drafts = by_one(database, by, aid, homes)
    done = together(database, by.distributor, *drafts)
    assert [one.household_id for one in done] == homes
    assert [str(one.signed_at) for one in done] == ["1-01/01", "1-01/02", "1-01/03"]
    known = database.read(lambda s: s.execute(select(HandOver.household_id, HandOver.how_known)).all())
    assert {row[0]: row[1] for row in known} == {homes[0]: "", homes[1]: "witness", homes[2]: "witness"}
    who = drafts[0].collector_person_id
    assert database.read(lambda s: word_of(s, by.distributor, person_id=who)) is HowConfirmed.WITNESS


def test_sent_twice_it_is_given_once(database: Database, by: Team, aid: Aid) -> None:
    homes = [home(database, by, name) for name in ("Ткаченко", "Коваль")]
    drafts, request = tuple(by_one(database, by, aid, homes)), new_id()
    first, again = (
        database.write(lambda s: hand_over_together(s, by.distributor, request_id=request, drafts=drafts))
        for _ in range(2)
    )
    assert first == again
    assert rows(database, HandOver) == 2


def test_one_line_that_cannot_be_given_holds_all_of_them_back(database: Database, by: Team, aid: Aid) -> None:
    homes = [home(database, by, name) for name in ("Ткаченко", "Коваль")]
    drafts = by_one(database, by, aid, homes)
    drafts[1] = replace(drafts[1], lines=(LineDraft(aid.food.rule_id, 9),))
    with pytest.raises(LinesRefused) as refused:
        together(database, by.distributor, *drafts)
    assert [line.household_id for line in refused.value.lines] == [homes[1]]
    assert rows(database, HandOver) == 0


def test_the_last_of_the_shelf_is_not_promised_to_two_of_them(database: Database, by: Team, aid: Aid) -> None:
    homes = [home(database, by, name, 30) for name in ("Ткаченко", "Коваль")]
    drafts = [replace(one, lines=(LineDraft(aid.soap.rule_id, 30),)) for one in by_one(database, by, aid, homes)]
    with pytest.raises(LinesRefused, match="short") as refused:
        together(database, by.distributor, *drafts)
    assert [(line.household_id, line.possible) for line in refused.value.lines] == [(homes[1], 20)]


def test_nobody_collects_for_more_families_than_the_centre_allows(database: Database, by: Team, aid: Aid) -> None:
    settings(database, by, families=2)
    homes = [home(database, by, name) for name in ("Ткаченко", "Коваль", "Олійник", "Бойко")]
    drafts = by_one(database, by, aid, homes)
    together(database, by.distributor, *drafts[:3])
    with pytest.raises(Refused, match="too-many-families"):
        together(database, by.distributor, drafts[3])
    assert together(database, by.distributor, drafts[3], approver=by.shift_lead)[0].given


def test_somebody_who_is_not_registered_has_the_same_cap(database: Database, by: Team, aid: Aid) -> None:
    settings(database, by, families=1)
    homes = [home(database, by, name) for name in ("Ткаченко", "Коваль")]
    drafts = [replace(draft_of(one, (aid.food, 1)), how_known=HowConfirmed.LIST) for one in homes]
    give(database, by.distributor, drafts[0])
    with pytest.raises(Refused, match="too-many-families"):
        give(database, by.distributor, drafts[1])


def test_two_cards_of_one_family_are_never_one_press(database: Database, by: Team, aid: Aid) -> None:
    homes = [home(database, by, "Ткаченко", 1) for _ in range(2)]
    a, b = (head_of(database, by, one) for one in homes)
    database.write(lambda s: links.join(s, by.coordinator, request_id=new_id(), a=a, b=b))
    with pytest.raises(Refused, match="same-people"):
        together(database, by.distributor, *by_one(database, by, aid, homes))
    assert rows(database, HandOver) == 0


def test_the_share_of_the_day_is_one_for_all_of_them(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    limited = more_goods(database, centre, by, aid.campaign_id, daily=5)
    homes = [home(database, by, name) for name in ("Бойко", "Коваль")]
    drafts = [replace(one, lines=(LineDraft(limited.rule_id, 4),)) for one in by_one(database, by, aid, homes)]
    with pytest.raises(LinesRefused, match="more-than-allowed") as refused:
        together(database, by.distributor, *drafts)
    assert [(line.household_id, line.possible) for line in refused.value.lines] == [(homes[1], 1)]
    fewer = replace(drafts[1], lines=(LineDraft(limited.rule_id, 1),))
    assert len(together(database, by.distributor, drafts[0], fewer)) == 2


# ── how it is signed for ─────────────────────────────────────────────────────────────────────────


def test_the_strictest_programme_says_how_it_is_signed_for(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    def second(session: Session) -> UUID:
        draft = CampaignDraft({"en": "Winter"}, date(2024, 8, 1), sign_off=SignOff.WITNESSES)
        return save_campaign(session, by.coordinator, request_id=new_id(), draft=draft)

    winter = more_goods(database, centre, by, database.write(second))
    plain = CampaignDraft({"en": "August"}, date(2024, 8, 1), sign_off=SignOff.NONE, version=1)
    database.write(
        lambda s: save_campaign(s, by.coordinator, request_id=new_id(), draft=plain, campaign_id=aid.campaign_id)
    )
    assert give(database, by.distributor, draft_of(family, (aid.food, 4))).sign_off is SignOff.NONE
    other = home(database, by, "Коваль")
    assert give(database, by.distributor, draft_of(other, (aid.food, 4), (winter, 4))).sign_off is SignOff.WITNESSES


# ── without registration ─────────────────────────────────────────────────────────────────────────


def test_tea_for_a_shelter_needs_no_names(database: Database, centre: Centre, by: Team, aid: Aid) -> None:
    draft = UnregisteredDraft((GoodsDraft(aid.soap.item_id, 40),), 120, "ПВР № 3, представитель")
    request = new_id()
    first, again = (
        database.write(lambda s: hand_over_unregistered(s, by.distributor, request_id=request, draft=draft))
        for _ in range(2)
    )
    assert first == again
    assert (first.household_id, first.people, str(first.signed_at)) == (None, 120, "1-01/01")
    assert on_shelf(database, centre.shelf, aid.soap.item_id) == 10
    assert [one.id for one in database.read(lambda s: given_without_registration(s, by.distributor))] == [first.id]
    database.write(
        lambda s: cancel_hand_over(
            s, by.distributor, request_id=new_id(), hand_over_id=first.id, where=GoodsAre.BACK_ON_SHELF
        )
    )
    assert on_shelf(database, centre.shelf, aid.soap.item_id) == 50
    assert database.read(lambda s: given_without_registration(s, by.distributor)) == ()


def test_without_registration_the_book_is_the_same_and_problems_come_at_once(
    database: Database, by: Team, aid: Aid
) -> None:
    with pytest.raises(InvalidInput) as invalid:
        database.write(
            lambda s: hand_over_unregistered(s, by.distributor, request_id=new_id(), draft=UnregisteredDraft((), 0))
        )
    assert [one.field for one in invalid.value.problems] == ["lines", "people"]
    draft = UnregisteredDraft((GoodsDraft(aid.soap.item_id, 51),), 10)
    with pytest.raises(LinesRefused, match="short"):
        database.write(lambda s: hand_over_unregistered(s, by.distributor, request_id=new_id(), draft=draft))


# ── correcting ───────────────────────────────────────────────────────────────────────────────────


def correct(
    database: Database, by: Actor, draft: CorrectionDraft, approver: Actor | None = None, request: UUID | None = None
) -> CorrectReceipt:
    return database.write(
        lambda s: correct_hand_over(s, by, request_id=request or new_id(), draft=draft, approver=approver)
    )


def test_a_correction_is_one_operation_with_the_lines_prefilled(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 4)))
    lines = database.read(lambda s: given_as_drafts(s, first.id))
    assert [(line.rule_id, line.quantity) for line in lines] == [(aid.food.rule_id, 4), (aid.soap.rule_id, 4)]
    draft = CorrectionDraft(first.id, (lines[0], replace(lines[1], quantity=2)), reason="мыла было два")
    request = new_id()
    done = correct(database, by.distributor, draft, request=request)
    assert correct(database, by.distributor, draft, request=request) == done
    assert [(line.item_names["en"], line.quantity, line.allowed) for line in done.now.lines] == [
        ("Food kit", 4, 4), ("Soap", 2, 4),
    ]  # fmt: skip
    void = database.read(lambda s: s.scalars(select(HandOverVoid)).one())
    assert (void.kind, void.replaced_by_id, void.reason) == (VoidKind.CORRECTED, done.now.id, "мыла было два")
    assert on_shelf(database, centre.shelf, aid.soap.item_id) == 48
    assert on_shelf(database, centre.shelf, aid.food.item_id) == 99
    assert due(database, by.distributor, family, aid.soap) == ("give", 2)
    past = database.read(lambda s: history(s, by.distributor, family))
    assert sorted(row.is_cancelled for row in past) == [False, True], "the cancelled one stays visible"


def test_the_item_itself_can_be_corrected(database: Database, centre: Centre, by: Team, aid: Aid, family: UUID) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    instead = LineDraft(aid.food.rule_id, 4, instead_id=aid.soap.item_id)
    done = correct(database, by.distributor, CorrectionDraft(first.id, (instead,)))
    assert done.now.given[0].substitute_of_id == aid.food.item_id
    assert (on_shelf(database, centre.shelf, aid.food.item_id), on_shelf(database, centre.shelf, aid.soap.item_id)) == (
        103, 46,
    )  # fmt: skip


def test_a_correction_to_more_than_due_needs_the_shift_lead(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    draft = CorrectionDraft(first.id, (LineDraft(aid.food.rule_id, 5),))
    with pytest.raises(LinesRefused, match="more-than-allowed"):
        correct(database, by.distributor, draft)
    done = correct(database, by.distributor, replace(draft, more=MORE), by.shift_lead)
    assert [(line.quantity, line.allowed) for line in done.now.lines] == [(5, 4)]
    assert rows(database, Approval) == 1


def test_a_correction_the_shelf_cannot_fill_changes_nothing(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 2)))
    crowd = home(database, by, "Гость", 48)
    give(database, by.distributor, draft_of(crowd, (aid.soap, 48)))
    draft = CorrectionDraft(first.id, (LineDraft(aid.food.rule_id, 4, instead_id=aid.soap.item_id),))
    with pytest.raises(LinesRefused, match="short"):
        correct(database, by.distributor, draft)
    assert rows(database, HandOverVoid) == 0


def test_nothing_changed_or_nothing_given_is_no_correction(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    same = database.read(lambda s: given_as_drafts(s, first.id))
    for lines in (same, (LineDraft(aid.food.rule_id, 0),)):
        with pytest.raises(InvalidInput):
            correct(database, by.distributor, CorrectionDraft(first.id, lines))


def test_a_corrected_hand_over_of_an_earlier_day_counts_from_that_day(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    next_morning(database, by)
    draft = CorrectionDraft(first.id, (LineDraft(aid.food.rule_id, 3),))
    with pytest.raises(Refused, match="earlier-day"):
        correct(database, by.distributor, draft)
    correct(database, by.at(by.coordinator, by.distributor.desk), draft)
    again = database.read(lambda s: allowances(s, by.distributor, family))
    food = next(row for row in again if row.rule_id == aid.food.rule_id)
    assert (food.due, food.last_day, food.next_day) == (1, TODAY, date(2024, 8, 19))


def next_morning(database: Database, by: Team) -> None:
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    by.clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))


def test_the_same_day_whoever_did_it_or_the_shift_lead_takes_it_back(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    first = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    other = replace(by.distributor, user_id=by.registrar.user_id, name="другая смена")

    def cancel(actor: Actor, approver: Actor | None = None) -> None:
        database.write(
            lambda s: cancel_hand_over(
                s, actor, request_id=new_id(), hand_over_id=first.id, where=GoodsAre.NEVER_LEFT, approver=approver
            )
        )

    with pytest.raises(Refused, match="not-yours"):
        cancel(other)
    cancel(other, by.shift_lead)
    assert rows(database, HandOverVoid) == 1


# ── complaints heard elsewhere ───────────────────────────────────────────────────────────────────


def test_second_visit_by_another_member(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    """The wife came in the morning; the husband comes at noon with the same card: the book shows it, whoever stands there."""
    view = database.read(lambda s: household_view(s, by.shift_lead, family))
    wife, husband = view.members[0].person_id, view.members[1].person_id
    morning = replace(draft_of(family, (aid.food, 4)), collector_text="", collector_person_id=wife)
    give(database, by.distributor, morning)
    with pytest.raises(LinesRefused, match="more-than-allowed"):
        give(database, by.distributor, replace(morning, collector_person_id=husband))
    assert [row.collector for row in database.read(lambda s: history(s, by.distributor, family))] == ["Мария"]


# ── in the evening ───────────────────────────────────────────────────────────────────────────────


def test_the_evening_shows_who_allowed_more_and_why_and_people_without_registration_apart(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by.distributor, replace(draft_of(family, (aid.food, 5)), more=MORE), by.shift_lead)
    tea = UnregisteredDraft((GoodsDraft(aid.soap.item_id, 10),), 40)
    database.write(lambda s: hand_over_unregistered(s, by.distributor, request_id=new_id(), draft=tea))
    (more,) = database.read(lambda s: count_exceptions(s, by.coordinator, TODAY)).more
    assert (more.approver, more.note, more.given - more.allowed) == (by.shift_lead.name, "младенец", 1)
    report = database.read(lambda s: count_distribution(s, by.coordinator, TODAY))
    assert (report.families, report.people, report.unregistered) == (1, 4, 40)
    assert report.adds_up
