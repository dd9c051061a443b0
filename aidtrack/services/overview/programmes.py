"""R14 and R16: who does what where when for whom, and what became of each programme that ran in the days of a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.days import Period
from aidtrack.domain.stock import Unit, sector
from aidtrack.errors import Names, Text
from aidtrack.services.campaigns import rule_rows
from aidtrack.services.overview.delivered import delivered_rows
from aidtrack.services.overview.figures import Flow
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.period_figures import (
    ActivityFigures,
    ActivityReport,
    ProgrammeFigures,
    ProgrammeItem,
    ProgrammeReport,
)
from aidtrack.services.overview.reached import districts_of, in_days, reached, stands
from aidtrack.services.overview.stock import item_flows
from aidtrack.store.campaigns import Campaign, CampaignRule, ItemSwitch
from aidtrack.store.days import Site
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import Household
from aidtrack.store.stock import Item

_RUNNING = "running"


def count_activities(session: Session, by: Actor, period: Period) -> ActivityReport:
    """A line an item of a programme that was given in the days of the period (R14)."""
    frame = frame_of(session, by, period)
    served = reached(session, frame, districts_of(session))
    site = session.get_one(Site, frame.site_id)
    return ActivityReport(
        heading=frame.heading,
        open_days=frame.open_days,
        organisation=site.name,
        place=site.place,
        activities=tuple(_activities(session, frame)),
        families=len(served.families),
        people=len(served.people),
    )


def _activities(session: Session, frame: Frame) -> Iterable[ActivityFigures]:
    people = {(campaign, item): n for campaign, item, n in session.execute(_people_by_item(frame))}
    query = (
        select(Campaign, Item, func.sum(HandOverLine.quantity), func.count(HandOver.household_id.distinct()),
               func.min(HandOver.day), func.max(HandOver.day))
        .join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
        .join(Campaign, Campaign.id == CampaignRule.campaign_id)
        .join(Item, Item.id == HandOverLine.item_id)
        .where(*_counts(frame))
        .group_by(Campaign.id, Item.id)
        .order_by(Campaign.starts_on, Campaign.id, Item.code)
    )  # fmt: skip
    for campaign, item, units, families, first, last in session.execute(_given(query)):
        yield ActivityFigures(
            campaign.names, campaign.donor, sector(item.category), item.code, item.names, Unit(item.unit).text, int(units), families,
            people.get((campaign.id, item.id), 0), first, last, campaign.state == _RUNNING,
        )  # fmt: skip


def _given(query: Any) -> Any:
    """From the lines of hand-overs, with their voids."""
    query = query.join(HandOver, HandOver.id == HandOverLine.hand_over_id)
    return query.outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)


def _counts(frame: Frame) -> tuple[Any, ...]:
    return stands(frame), in_days(frame)


def _people_by_item(frame: Frame) -> Any:
    """(programme, item, people covered by hand-overs it was in), everybody once."""
    query = (
        select(CampaignRule.campaign_id, HandOverLine.item_id, func.count(HandOverPerson.person_id.distinct()))
        .join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
        .join(HandOverPerson, HandOverPerson.hand_over_id == HandOverLine.hand_over_id)
        .where(*_counts(frame))
        .group_by(CampaignRule.campaign_id, HandOverLine.item_id)
    )
    return _given(query)


# ── a programme at its end ───────────────────────────────────────────────────────────────────────


def count_programmes(session: Session, by: Actor, period: Period) -> ProgrammeReport:
    """Every programme that ran in the days of the period, the oldest first (R16)."""
    frame = frame_of(session, by, period)
    not_over = Campaign.ends_on.is_(None) | (Campaign.ends_on >= frame.first)
    query = select(Campaign).where(Campaign.site_id == frame.site_id, Campaign.starts_on <= frame.day, not_over)
    rows = session.scalars(query.order_by(Campaign.starts_on, Campaign.id)).all()
    return ProgrammeReport(frame.heading, frame.open_days, tuple(_programme(session, by, frame, row) for row in rows))


def _programme(session: Session, by: Actor, frame: Frame, campaign: Campaign) -> ProgrammeFigures:
    families, people, hand_overs = _reached_by(session, frame, campaign.id)
    items = _items(session, by, frame, campaign.id)
    return ProgrammeFigures(
        names=campaign.names,
        donor=campaign.donor,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        is_running=campaign.state == _RUNNING,
        registered=_registered(session, frame),
        families=families,
        people=people,
        hand_overs=hand_overs,
        items=items,
        switched=tuple(_switched(session, frame, campaign.id)),
        cancelled=_cancelled(session, frame, campaign.id),
    )


def _of_programme(query: Any, campaign_id: UUID) -> Any:
    query = query.join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
    return query.where(CampaignRule.campaign_id == campaign_id)


def _reached_by(session: Session, frame: Frame, campaign_id: UUID) -> tuple[int, int, int]:
    """Families and people it gave to, each once, and in how many hand-overs."""
    counted = (HandOver.household_id, HandOverPerson.person_id, HandOver.id)
    query: Any = select(*(func.count(column.distinct()) for column in counted)).select_from(HandOverLine)
    query = _given(query).outerjoin(HandOverPerson, HandOverPerson.hand_over_id == HandOver.id)
    row = session.execute(_of_programme(query.where(*_counts(frame)), campaign_id)).one()
    return row[0], row[1], row[2]


def _registered(session: Session, frame: Frame) -> int:
    """Families of the centre by the end of those days: whom it was for."""
    query = select(func.count(Household.id)).where(
        Household.site_id == frame.site_id, Household.registered_day <= frame.day, Household.status == "active"
    )
    return session.scalar(query) or 0


def _items(session: Session, by: Actor, frame: Frame, campaign_id: UUID) -> tuple[ProgrammeItem, ...]:
    rules = {str(row.item_names): row.sentence for row in rule_rows(session, by, campaign_id)}
    flows = {str(row.names): row.flow for row in item_flows(session, frame)}
    rows = delivered_rows(session, frame, campaign_id)
    return tuple(ProgrammeItem(row, rules.get(str(row.names)), flows.get(str(row.names), Flow())) for row in rows)


def _switched(session: Session, frame: Frame, campaign_id: UUID) -> Iterable[tuple[date, Names, Text]]:
    """(day, item, how it was given) where that was not as the rules say, by the last word of each day."""
    items = select(CampaignRule.item_id).where(CampaignRule.campaign_id == campaign_id)
    query = (
        select(ItemSwitch.day, Item.names, ItemSwitch.giving, ItemSwitch.ration, ItemSwitch.item_id)
        .join(Item, Item.id == ItemSwitch.item_id)
        .where(ItemSwitch.site_id == frame.site_id, ItemSwitch.day.between(frame.first, frame.day))
        .where(ItemSwitch.item_id.in_(items))
        .order_by(ItemSwitch.day, Item.code, ItemSwitch.no)
    )
    last = {(row.day, row.item_id): row for row in session.execute(query)}
    for row in last.values():
        if row.giving != Giving.ALL.value:
            yield row.day, row.names, Switch(Giving(row.giving), row.ration).text


def _cancelled(session: Session, frame: Frame, campaign_id: UUID) -> int:
    """Hand-overs of the programme that were cancelled in those days."""
    query = _given(select(func.count(HandOver.id.distinct())).select_from(HandOverLine))
    query = query.where(HandOver.site_id == frame.site_id, HandOverVoid.day.between(frame.first, frame.day))
    return int(session.scalar(_of_programme(query, campaign_id)) or 0)
