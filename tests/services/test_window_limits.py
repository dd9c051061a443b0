"""Limits of a centre's windows on both databases: saved for one centre, obeyed by hand-overs, lifted by a shift lead on the spot."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import HandOverDraft, Limits, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HowConfirmed
from aidtrack.domain.stock import CountDraft, DocumentKind, SeenLine
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Refused, Text
from aidtrack.i18n import render
from aidtrack.services import overview, stock
from aidtrack.services.handover import HandOverReceipt, hand_over, limits, save_limits
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Site
from aidtrack.store.stock import Document
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


def save(database: Database, by: Actor, draft: Limits) -> Limits:
    return database.write(lambda s: save_limits(s, by, request_id=new_id(), draft=draft))


def home(database: Database, by: Team, surname: str) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar, surname)).household_id


def give(database: Database, by: Actor, draft: HandOverDraft, approver: Actor | None = None) -> HandOverReceipt:
    return database.write(lambda s: hand_over(s, by, request_id=new_id(), draft=draft, approver=approver))


def test_a_centre_that_said_nothing_has_the_usual_limits(database: Database, by: Team, centre: Centre) -> None:
    assert database.read(lambda s: limits(s, by.distributor)) == Limits(families=5, spot_count=None, version=0)


def test_limits_are_of_one_centre(database: Database, by: Team, centre: Centre) -> None:
    def other_centre(session: Session) -> UUID:
        with journal.operation(session, by.coordinator, new_id(), "found_centre"):
            site = Site(code="BEL", name="Белгород")
            session.add(site)
            session.flush()
        return site.id

    there = replace(by.coordinator, site_id=database.write(other_centre), desk_id=None)
    assert save(database, by.coordinator, Limits(2, 10)) == Limits(2, 10, 1)
    assert database.read(lambda s: limits(s, there)) == Limits()
    assert save(database, there, Limits(0, 0)) == Limits(0, 0, 1)
    assert database.read(lambda s: limits(s, by.distributor)) == Limits(2, 10, 1)


def test_only_whoever_keeps_the_settings_saves_limits(database: Database, by: Team, centre: Centre) -> None:
    with pytest.raises(NotAllowed):
        save(database, by.shift_lead, Limits(9))


def test_two_who_save_at_once_see_each_other(database: Database, by: Team, centre: Centre) -> None:
    save(database, by.coordinator, Limits(2))
    with pytest.raises(Conflict):
        save(database, by.administrator, Limits(7))
    assert database.read(lambda s: limits(s, by.coordinator)).families == 2


def test_all_that_is_wrong_is_said_at_once(database: Database, by: Team, centre: Centre) -> None:
    with pytest.raises(InvalidInput) as wrong:
        save(database, by.coordinator, Limits(None, -1))
    assert [problem.field for problem in wrong.value.problems] == ["families", "spot_count"]


def test_a_cap_of_none_leaves_only_the_own_family(database: Database, by: Team, aid: Aid) -> None:
    save(database, by.coordinator, Limits(0))
    family = home(database, by, "Ткаченко")
    for_others = replace(draft_of(family, (aid.food, 1)), how_known=HowConfirmed.LIST)
    with pytest.raises(Refused, match="too-many-families"):
        give(database, by.distributor, for_others)
    assert give(database, by.distributor, draft_of(family, (aid.food, 1))).given


def seen(aid: Aid, family: UUID, number: int) -> HandOverDraft:
    return HandOverDraft(family, (LineDraft(aid.food.rule_id, 1, seen=number),), collector_text="сам")


@pytest.mark.parametrize(("number", "is_within"), [(108, True), (98, True), (109, False), (97, False)])
def test_it_is_on_the_shelf_keeps_to_its_limit_both_ways(
    database: Database, by: Team, aid: Aid, number: int, is_within: bool
) -> None:
    save(database, by.coordinator, Limits(5, 5))
    family = home(database, by, "Ткаченко")
    if is_within:
        assert give(database, by.distributor, seen(aid, family, number)).given
        return
    with pytest.raises(Refused, match="spot-count"):
        give(database, by.distributor, seen(aid, family, number))
    counts = select(func.count()).select_from(Document).where(Document.kind == DocumentKind.COUNT.value)
    assert database.read(lambda s: s.scalar(counts)) == 0, "a refused count leaves no paper"
    assert give(database, by.distributor, seen(aid, family, number), by.shift_lead).given


def test_the_limit_is_of_what_is_counted_not_of_what_it_replaces(database: Database, by: Team, aid: Aid) -> None:
    """Soap is given in place of food: what was seen of the soap is held against the soap's own book."""
    save(database, by.coordinator, Limits(5, 5))
    family = home(database, by, "Ткаченко")
    line = LineDraft(aid.food.rule_id, 1, instead_id=aid.soap.item_id, seen=53)
    assert give(database, by.distributor, HandOverDraft(family, (line,), collector_text="сам")).given
    too_many = replace(line, seen=500)
    with pytest.raises(Refused, match="spot-count"):
        give(database, by.distributor, HandOverDraft(home(database, by, "Коваль"), (too_many,), collector_text="сам"))


def test_many_small_counts_are_one_large_one(database: Database, by: Team, aid: Aid) -> None:
    """Twice two more than the book are four: with five allowed the third pair needs the shift lead; a count that agrees never does."""
    save(database, by.coordinator, Limits(5, 5))
    for number in (105, 106):  # 103 in the book, one given each time
        assert give(database, by.distributor, seen(aid, home(database, by, f"Ткаченко {number}"), number)).given
    assert give(database, by.distributor, seen(aid, home(database, by, "Рудь"), 105)).given, "the book is right"
    third = seen(aid, home(database, by, "Коваль"), 106)
    with pytest.raises(Refused) as told:
        give(database, by.distributor, third)
    assert "4" in render(told.value.text, "ru")
    assert give(database, by.distributor, third, by.shift_lead).given
    after = seen(aid, home(database, by, "Заика"), 107)
    assert give(database, by.distributor, after).given, "the shift lead answered for what was before"


def test_a_count_on_a_sheet_begins_the_sum_anew_and_other_items_have_their_own(database: Database, by: Team, aid: Aid) -> None:
    save(database, by.coordinator, Limits(5, 3))
    family = home(database, by, "Ткаченко")
    both = (LineDraft(aid.food.rule_id, 1, seen=106), LineDraft(aid.soap.rule_id, 1, seen=53))
    assert give(database, by.distributor, HandOverDraft(family, both, collector_text="сам")).given
    again = seen(aid, home(database, by, "Коваль"), 106)
    with pytest.raises(Refused, match="spot-count"):
        give(database, by.distributor, again)
    line = SeenLine(aid.food.item_id, aid.food.lots[1], 102, "пересчитано")
    database.write(lambda s: stock.count(s, by.storekeeper, request_id=new_id(), draft=CountDraft((line,))))
    assert give(database, by.distributor, seen(aid, home(database, by, "Заика"), lies(database, by, aid) + 1)).given


def lies(database: Database, by: Team, aid: Aid) -> int:
    """Food the book has on the shelf."""
    rows = database.read(lambda s: stock.lot_rows(s, by.storekeeper, aid.food.item_id))
    return sum(row.quantity for row in rows if row.is_given)


def test_what_is_counted_in_front_of_a_family_is_out_of_the_ordinary(database: Database, by: Team, aid: Aid) -> None:
    give(database, by.distributor, seen(aid, home(database, by, "Ткаченко"), 105))
    deeds = database.read(lambda s: overview.exception_report(s, by.coordinator, TODAY)).deeds
    assert [deed.count for deed in deeds if deed.name == Text("It is on the shelf")] == [1]
