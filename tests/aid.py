"""A programme, goods on the shelf and families to give them to: what tests of hand-overs, checks and the Desk start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.domain.stock import MovementKind
from aidtrack.services import people
from aidtrack.services.campaigns import save_campaign, save_rule
from aidtrack.services.people import HouseholdReceipt
from aidtrack.services.stock.ledger import Step, book
from aidtrack.store import journal
from aidtrack.store.days import Day, DayEvent, Desk
from aidtrack.store.stock import Document, Item, Lot
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)
WEEK = 7


@dataclass(frozen=True)
class Goods:
    """One item, the rule that gives it, its lots: the first to expire first."""

    item_id: UUID
    rule_id: UUID
    lots: tuple[UUID, ...]


@dataclass(frozen=True)
class Aid:
    """An open day and three kinds of goods: food and soap per person every 7 days, one blanket a family once.

    Window 1 gives food and soap, window 2 gives blankets. Food lies in two lots: 3 that expire first, 100 more.
    """

    campaign_id: UUID
    food: Goods
    soap: Goods
    blanket: Goods


def make_aid(session: Session, by: Team, centre: Centre) -> Aid:
    """Opens the day, writes the programme, brings the goods in on one receipt."""
    lead = by.coordinator
    with journal.operation(session, lead, new_id(), "make_aid"):
        open_day(session, lead)
        draft = CampaignDraft({"ru": "Август", "en": "August"}, date(2024, 8, 1))
        campaign = save_campaign(session, lead, request_id=new_id(), draft=draft)
        paper = receipt_document(session, lead)
        food = _goods(session, lead, campaign, "food", ("Продуктовый набор", "Food kit"), Basis.PERSON, WEEK)
        soap = _goods(session, lead, campaign, "soap", ("Мыло", "Soap"), Basis.PERSON, WEEK)
        blanket = _goods(session, lead, campaign, "blanket", ("Одеяло", "Blanket"), Basis.HOUSEHOLD, None)
        first = bring_in(session, lead, centre, food[0], 3, paper, expires=TODAY + timedelta(days=20))
        more = bring_in(session, lead, centre, food[0], 100, paper, expires=TODAY + timedelta(days=200))
        bars = bring_in(session, lead, centre, soap[0], 50, paper)
        warm = bring_in(session, lead, centre, blanket[0], 10, paper)
        for desk_id, items in zip(centre.windows, ([food[0], soap[0]], [blanket[0]]), strict=True):
            session.get_one(Desk, desk_id).gives = [item.hex for item in items]
    return Aid(campaign, Goods(*food, (first, more)), Goods(*soap, (bars,)), Goods(*blanket, (warm,)))


def open_day(session: Session, by: Actor, day: date = TODAY) -> UUID:
    """The day, open since now."""
    row = Day(id=new_id(), site_id=by.site, day=day)
    session.add(row)
    session.flush()
    session.add(DayEvent(day_id=row.id, no=1, kind="open", at=by.now()))
    session.flush()
    return row.id


def receipt_document(session: Session, by: Actor) -> UUID:
    """The paper goods come in on."""
    row = Document(
        id=new_id(), site_id=by.site, kind="GRN", year=2024, number=1, code="KRS-GRN-2024-1", day=TODAY, at=by.now()
    )
    session.add(row)
    session.flush()
    return row.id


def _goods(
    session: Session, by: Actor, campaign: UUID, code: str, names: tuple[str, str], basis: Basis, every: int | None
) -> tuple[UUID, UUID]:
    item = Item(id=new_id(), code=code, names={"ru": names[0], "en": names[1]}, unit="pcs")
    session.add(item)
    session.flush()
    draft = RuleDraft(item.id, basis, 1, every)
    return item.id, save_rule(session, by, request_id=new_id(), campaign_id=campaign, draft=draft)


def bring_in(
    session: Session, by: Actor, centre: Centre, item_id: UUID, quantity: int, paper: UUID, expires: date | None = None
) -> UUID:
    """A lot on the shelf; returns its id."""
    lot = Lot(id=new_id(), item_id=item_id, code=f"L{quantity}", expires_on=expires, received_day=TODAY)
    session.add(lot)
    session.flush()
    way = centre.places["supplier"], centre.shelf
    book(session, by, [Step(MovementKind.RECEIVE, item_id, lot.id, *way, quantity, document_id=paper)])
    return lot.id


def make_family(session: Session, by: Actor, surname: str = "Ткаченко", size: int = 4) -> HouseholdReceipt:
    """A woman of 35 and `size` − 1 children who are counted but not named."""
    born = Birth(date(1989, 8, 12), Precision.DAY)
    mother = MemberDraft(family_name=surname, given_name="Мария", patronymic="Петровна", sex=Sex.FEMALE, birth=born)
    child = MemberDraft(sex=Sex.MALE, birth=Birth(date(2016, 1, 1), Precision.YEAR))
    draft = HouseholdDraft((mother, *[child] * (size - 1)))
    return people.register_household(session, by, request_id=new_id(), draft=draft)


def draft_of(
    household_id: UUID, *lines: tuple[Goods, int], ticket_id: UUID | None = None, collector: str = "соседка"
) -> HandOverDraft:
    """A hand-over to somebody who is not in the family, so that no test needs a person."""
    wanted = tuple(LineDraft(goods.rule_id, quantity) for goods, quantity in lines)
    return HandOverDraft(household_id, wanted, ticket_id, collector_text=collector)
