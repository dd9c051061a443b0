"""Home-delivery sheets on both databases: who stands on them, numbered copies out and back in, and what the paper says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.reports.catalogue import Printed, make_single
from aidtrack.services import people
from aidtrack.services.days.checklist import SHEETS_OUT, checklist
from aidtrack.services.handover import SheetOut, hand_over, sheets_out, sign_in_sheet, sign_out_sheet
from aidtrack.services.identity import links
from aidtrack.services.overview import delivery_paper
from aidtrack.services.today import require_open_day
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Site
from aidtrack.store.people import HouseholdMember
from tests.aid import Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team

ADDRESS = "ул. Школьная, 7, кв. 12"


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def at_home(database: Database, aid: Aid, by: Team) -> UUID:
    """A woman who lives alone and cannot come."""
    one = MemberDraft(family_name="Гончар", given_name="Нина", needs=frozenset({Need.OLDER_ALONE}))
    draft = HouseholdDraft((one,), address=ADDRESS)
    return database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
    ).household_id


def sign_out(database: Database, by: Team, carrier: str = "бейдж 14") -> SheetOut:
    return database.write(lambda s: sign_out_sheet(s, by.shift_lead, request_id=new_id(), carrier=carrier))


def test_a_copy_goes_out_once_and_comes_back_once(database: Database, by: Team, at_home: UUID) -> None:
    first = sign_out(database, by)
    assert (first.number, first.families, first.back_at) == (1, 1, None)
    with pytest.raises(Refused, match="nobody-at-home"):
        sign_out(database, by)
    assert [one.id for one in database.read(lambda s: sheets_out(s, by.shift_lead))] == [first.id]
    back = database.write(lambda s: sign_in_sheet(s, by.shift_lead, request_id=new_id(), sheet_id=first.id))
    assert back.back_at is not None
    with pytest.raises(Refused, match="back-already"):
        database.write(lambda s: sign_in_sheet(s, by.shift_lead, request_id=new_id(), sheet_id=first.id))
    assert sign_out(database, by).number == 2


def registered(database: Database, by: Team, address: str, site: UUID | None = None) -> UUID:
    """The same woman once more."""
    one = MemberDraft(family_name="Гончар", given_name="Нина", needs=frozenset({Need.OLDER_ALONE}))
    actor = replace(by.registrar, site_id=site, desk_id=None) if site else by.registrar
    draft = HouseholdDraft((one,), address=address)
    return database.write(lambda s: people.register_household(s, actor, request_id=new_id(), draft=draft)).household_id


def person_of(database: Database, household: UUID) -> UUID:
    return database.read(lambda s: s.scalars(select(HouseholdMember.person_id).where(HouseholdMember.household_id == household)).one())


def test_a_family_with_two_cards_is_brought_its_goods_once(database: Database, by: Team, at_home: UUID) -> None:
    again = registered(database, by, "ул. Школьная 7 кв 12")
    a, b = person_of(database, at_home), person_of(database, again)
    database.write(lambda s: links.join(s, by.coordinator, request_id=new_id(), a=a, b=b))
    assert sign_out(database, by).families == 1
    with pytest.raises(Refused, match="nobody-at-home"):
        sign_out(database, by)


def other_centre(by: Team, session: Session) -> UUID:
    with journal.operation(session, by.coordinator, new_id(), "found_centre"):
        site = Site(code="BEL", name="Белгород")
        session.add(site)
        session.flush()
    return site.id


def test_doors_stand_in_the_order_they_are_walked(database: Database, by: Team, at_home: UUID) -> None:
    for house in ("12", "4", "8а²"):
        registered(database, by, f"ул. Садовая, {house}, кв. 1")
    sheet = sign_out(database, by)
    paper = database.read(lambda s: delivery_paper(s, by.shift_lead, sheet_id=sheet.id))
    assert [line.address.partition(", ")[2][:2] for line in paper.lines] == ["4,", "8а", "12", "7,"]


def test_families_of_another_centre_are_not_brought_goods_from_here(database: Database, by: Team, at_home: UUID) -> None:
    registered(database, by, "Белгород, ул. Победы, 1", database.write(partial(other_centre, by)))
    sheet = sign_out(database, by)
    paper = database.read(lambda s: delivery_paper(s, by.shift_lead, sheet_id=sheet.id))
    assert [line.address for line in paper.lines] == [ADDRESS]


def test_whoever_was_served_needs_no_visit(database: Database, by: Team, aid: Aid, centre: Centre, at_home: UUID) -> None:
    give = (
        (by.distributor, draft_of(at_home, (aid.food, 1), (aid.soap, 1))),
        (by.at(by.distributor, centre.windows[1]), draft_of(at_home, (aid.blanket, 1))),
    )
    for actor, draft in give:
        database.write(lambda s, a=actor, d=draft: hand_over(s, a, request_id=new_id(), draft=d))  # type: ignore[misc]
    with pytest.raises(Refused, match="nobody-at-home"):
        sign_out(database, by)


def test_families_who_can_come_stand_on_no_sheet(database: Database, by: Team, at_home: UUID) -> None:
    database.write(lambda s: make_family(s, by.registrar))
    assert sign_out(database, by).families == 1


def test_only_the_shift_lead_signs_out_and_names_the_carrier(database: Database, by: Team, at_home: UUID) -> None:
    with pytest.raises(NotAllowed):
        database.write(lambda s: sign_out_sheet(s, by.distributor, request_id=new_id(), carrier="бейдж 14"))
    with pytest.raises(InvalidInput):
        sign_out(database, by, " ")


def test_the_evening_asks_for_a_copy_that_is_not_back(database: Database, by: Team, at_home: UUID) -> None:
    sheet = sign_out(database, by)
    day = database.read(lambda s: require_open_day(s, by.coordinator).id)

    def topics() -> dict[str, str]:
        return {row.topic: i18n.render(row.figures, "en") for row in database.read(lambda s: checklist(s, by.coordinator, day))}

    assert topics()[SHEETS_OUT] == "copy 1"
    database.write(lambda s: sign_in_sheet(s, by.shift_lead, request_id=new_id(), sheet_id=sheet.id))
    assert SHEETS_OUT not in topics()


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_paper_names_no_surname_and_no_need(database: Database, by: Team, at_home: UUID, lang: str) -> None:
    sheet = sign_out(database, by)
    lead = replace(by.shift_lead)
    paper = database.read(lambda s: delivery_paper(s, lead, sheet_id=sheet.id))
    assert paper.code == "R15-1"
    pdf = pypdfium2.PdfDocument(make_single("delivery", paper, Printed.by(lead), lang))
    text = pdf[0].get_textpage().get_text_range()
    assert "Нина" in text
    assert ADDRESS in text
    assert f"… {paper.lines[0].card_tail}" in text
    for hidden in ("Гончар", Need.OLDER_ALONE.text.msgid, "Живёт одна", "живет сам"):
        assert hidden not in text
