"""Papers that look ahead, on both databases: enough for, what expires, the request for goods; and as PDF, XLSX and CSV."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from uuid import UUID

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import select

from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft
from aidtrack.domain.queueing import Lane
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import campaigns, days, handover, overview, people, promises, queueing
from aidtrack.services.identity import links
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOver
from aidtrack.store.people import HouseholdMember
from tests.aid import TODAY, Aid, Goods, make_aid, make_family
from tests.factories import Centre, Team

ahead = import_module("aidtrack.services.overview.supply")


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    """Three families of four, one served with food; two numbers in line. 100 food, 50 soap, 10 blankets lay there before."""
    aid = database.write(lambda s: make_aid(s, by, centre))
    homes = [database.write(lambda s: make_family(s, by.registrar)).household_id for _ in range(3)]
    give(database, by, homes[0], aid.food, 4)
    for home in homes[1:]:
        issue = partial(queueing.issue_ticket, request_id=new_id(), lane=Lane.A, household_id=home)
        database.write(lambda s, issue=issue: issue(s, by.registrar))  # type: ignore[misc]
    return aid


def give(database: Database, by: Team, home: UUID, goods: Goods, quantity: int) -> None:
    draft = HandOverDraft(home, (LineDraft(goods.rule_id, quantity),), collector_text="мать")
    database.write(lambda s: handover.hand_over(s, by.distributor, request_id=new_id(), draft=draft))


def announce(database: Database, by: Team, item: UUID, quantity: int, day: date) -> None:
    draft = AnnouncementDraft("Фонд", day, (AnnouncedLine(item, quantity),))
    database.write(lambda s: promises.announce(s, by.storekeeper, request_id=new_id(), draft=draft))


def test_enough_for_is_held_against_the_line_and_those_who_have_not_had_it(
    database: Database, by: Team, aid: Aid
) -> None:
    announce(database, by, aid.blanket.item_id, 30, TODAY + timedelta(days=2))
    found = database.read(lambda s: overview.supply(s, by.coordinator, TODAY))
    lines = [
        (one.names["en"], one.can_be_given, one.families, one.waiting, one.to_come, one.is_short) for one in found.lines
    ]
    assert lines == [
        ("Food kit", 99, 20, 2, 2, False), ("Soap", 50, 10, 2, 3, False), ("Blanket", 10, 10, 2, 3, False)
    ]  # fmt: skip
    assert [one.is_enough_for_all for one in found.lines] == [True, True, True]
    blanket = found.lines[2].expected
    assert blanket is not None
    assert (blanket.units, blanket.first_on) == (30, TODAY + timedelta(days=2))
    assert found.waiting == 2


def test_who_can_still_come_falls_with_each_family_and_rises_when_it_is_due_again(
    database: Database, by: Team, aid: Aid
) -> None:
    later = TODAY + timedelta(days=7)
    assert database.read(lambda s: campaigns.still_to_come(s, by.coordinator, TODAY))[aid.food.item_id] == 2
    assert database.read(lambda s: campaigns.still_to_come(s, by.coordinator, later))[aid.food.item_id] == 3
    assert database.read(lambda s: campaigns.still_to_come(s, by.coordinator, later))[aid.blanket.item_id] == 3


def test_what_expires_is_told_with_what_will_be_left(database: Database, by: Team, aid: Aid) -> None:
    found = database.read(lambda s: overview.expiring(s, by.coordinator, TODAY))
    lines = [(one.names["en"], one.days, one.quantity, one.a_day, one.left) for one in found.lines]
    assert lines == [("Food kit", 200, 99, 4, 0)]


def test_the_request_asks_for_what_shelf_and_announced_goods_leave_open(
    database: Database, by: Team, aid: Aid, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = database.read(lambda s: overview.goods_request(s, by.coordinator, TODAY))
    assert (found.served, found.moved, found.families) == (1, 0, 1)
    assert [(one.needed, one.can_be_given, one.ask) for one in found.lines] == [(4, 99, 0), (4, 50, 0), (1, 10, 0)]
    monkeypatch.setattr(ahead, "_served", lambda *_: 100)
    assert asked_for(database, by) == [(0, 301), (0, 350), (0, 90)]
    announce(database, by, aid.soap.item_id, 300, TODAY + timedelta(days=1))
    announce(database, by, aid.soap.item_id, 999, TODAY + timedelta(days=2))
    assert asked_for(database, by) == [(0, 301), (300, 50), (0, 90)]


def asked_for(database: Database, by: Team) -> list[tuple[int, int]]:
    """Of each item what is announced, and what is asked for."""
    lines = database.read(lambda s: overview.goods_request(s, by.coordinator, TODAY)).lines
    return [(one.announced, one.ask) for one in lines]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("enough", ("Enough for …", "Food kit", "99", "20", "families in line")),
        ("expiring", ("What expires", "Food kit", "99")),
        ("request", ("Request for goods", "We ask for", "agreed", "Agreed by")),
    ],
)
def test_each_comes_as_pdf_xlsx_and_csv(
    database: Database, by: Team, aid: Aid, name: str, words: tuple[str, ...]
) -> None:
    report = catalogue.report(name)
    figures = database.read(lambda s: report.figures(s, by.coordinator, TODAY))
    pdf = catalogue.make(name, Format.PDF, figures, Printed.by(by.coordinator), "en")
    document = PdfDocument(pdf)
    said = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    for word in words:
        assert word.casefold() in said.casefold(), word
    assert catalogue.make(name, Format.XLSX, figures, Printed.by(by.coordinator), "ru")[:2] == b"PK"
    table = catalogue.make(name, Format.CSV, figures, Printed.by(by.coordinator), "en").decode("utf-8-sig").splitlines()
    assert "#item+name" in table[1]
    assert len(table) == 2 + len(figures.lines)


# ── a day that is closed ─────────────────────────────────────────────────────────────────────────


def told(database: Database, by: Team) -> tuple[object, object]:
    """What R6 and R19 of that day say, without the head of the paper."""
    ahead_of_it = database.read(lambda s: overview.supply(s, by.coordinator, TODAY))
    asked = database.read(lambda s: overview.goods_request(s, by.coordinator, TODAY))
    return ahead_of_it.lines, (asked.lines, asked.served, asked.moved)


def next_morning(database: Database, by: Team) -> None:
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    by.clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))


def test_a_closed_day_says_the_next_morning_what_it_said(database: Database, by: Team, aid: Aid) -> None:
    """Nobody has signed it off yet; families came, moved and grew, and a rule was changed since."""
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    evening = told(database, by)
    by.clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    fresh = [database.write(lambda s: make_family(s, by.registrar, "Новая", 5)).household_id for _ in range(3)]
    give(database, by, fresh[0], aid.food, 5)
    row = database.read(lambda s: campaigns.rule_rows(s, by.coordinator, aid.campaign_id))[0]
    change = partial(campaigns.save_rule, campaign_id=aid.campaign_id, draft=replace(row.draft, quantity=3), no=1, edition=1)
    database.write(lambda s: change(s, by.coordinator, request_id=new_id()))
    seen = database.read(lambda s: people.household_view(s, by.shift_lead, fresh[1]))
    leaves = people.SeparationDraft(fresh[1], seen.version, frozenset({seen.members[0].person_id}))
    database.write(lambda s: people.separate_card(s, by.registrar, request_id=new_id(), draft=leaves))
    assert told(database, by) == evening
    today = database.read(lambda s: overview.supply(s, by.coordinator, TODAY + timedelta(days=1)))
    assert [line.to_come for line in today.lines] != [line.to_come for line in database.read(
        lambda s: overview.supply(s, by.coordinator, TODAY)).lines], "the day that runs counts those who are here now"  # fmt: skip


def test_a_hand_over_cancelled_later_still_counted_that_evening(database: Database, by: Team, aid: Aid) -> None:
    given = database.read(lambda s: s.scalars(select(HandOver.id)).one())
    next_morning(database, by)
    evening = told(database, by)
    cancel = partial(handover.cancel_hand_over, hand_over_id=given, where=GoodsAre.BACK_ON_SHELF)
    database.write(lambda s: cancel(s, by.coordinator, request_id=new_id()))
    assert told(database, by) == evening


def test_families_joined_later_were_two_that_evening(database: Database, by: Team, aid: Aid) -> None:
    next_morning(database, by)
    evening = told(database, by)
    households = select(HouseholdMember.household_id).distinct().order_by(HouseholdMember.household_id).limit(2)
    first, second = database.read(lambda s: s.scalars(households).all())
    pairs = list(zip(people_of(database, first), people_of(database, second), strict=True))
    join = partial(links.join, a=pairs[0][0], b=pairs[0][1], also=pairs[1:])
    database.write(lambda s: join(s, by.coordinator, request_id=new_id()))
    assert told(database, by) == evening
    assert database.read(lambda s: campaigns.still_to_come(s, by.coordinator, TODAY + timedelta(days=1)))[aid.soap.item_id] == 2


def test_a_family_with_two_cards_is_one_in_the_request(database: Database, by: Team, aid: Aid, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted as two, it would make the average family smaller than it is, and the lorry too short."""
    monkeypatch.setattr(ahead, "_served", lambda *_: 30)
    before = [one.needed for one in database.read(lambda s: overview.goods_request(s, by.coordinator, TODAY)).lines]
    households = select(HouseholdMember.household_id).distinct().order_by(HouseholdMember.household_id).limit(2)
    first, second = database.read(lambda s: s.scalars(households).all())
    pairs = list(zip(people_of(database, first), people_of(database, second), strict=True))
    join = partial(links.join, a=pairs[0][0], b=pairs[0][1], also=pairs[1:])
    database.write(lambda s: join(s, by.coordinator, request_id=new_id()))
    after = [one.needed for one in database.read(lambda s: overview.goods_request(s, by.coordinator, TODAY)).lines]
    assert after == before == [120, 120, 30]


def people_of(database: Database, household: UUID) -> list[UUID]:
    query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household).order_by(HouseholdMember.no)
    return list(database.read(lambda s: s.scalars(query).all()))


def test_a_signed_off_day_keeps_its_papers_whatever_comes(database: Database, by: Team, aid: Aid) -> None:
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    database.write(lambda s: overview.sign_off(s, by.coordinator, request_id=new_id()))
    evening = told(database, by)
    by.clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    announce(database, by, aid.soap.item_id, 300, TODAY + timedelta(days=2))
    database.write(lambda s: make_family(s, by.registrar, "Новая", 5))
    assert told(database, by) == evening
