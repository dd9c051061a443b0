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
from aidtrack.services.overview.once import each_once, once_in
from aidtrack.services.overview.period_figures import (
    ActivityFigures,
    ActivityReport,
    ProgrammeFigures,
    ProgrammeItem,
    ProgrammeReport,
)
from aidtrack.services.overview.reached import districts_of, in_days, reached, stands
from aidtrack.services.overview.stock import item_flows
from aidtrack.services.settlements import codes_of
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
    region, district = codes_of(session, site.place)
    return ActivityReport(
        heading=frame.heading,
        open_days=frame.open_days,
        organisation=site.name,
        place=site.place,
        activities=tuple(_activities(session, frame)),
        families=len(served.families),
        people=len(served.people),
        region=region,
        district=district,
    )


def _activities(session: Session, frame: Frame) -> Iterable[ActivityFigures]:
    once, families, people = once_in(session, frame), HandOver.household_id, HandOverPerson.person_id
    lines = _given(select(CampaignRule.campaign_id, HandOverLine.item_id).select_from(HandOverLine), frame)
    lines = lines.join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
    with_people = lines.join(HandOverPerson, HandOverPerson.hand_over_id == HandOver.id)
    of, with_ = each_once(session, lines, families, once.cards), each_once(session, with_people, people, once.people)
    for campaign, item, units, first, last in session.execute(_units(frame)):
        key = (campaign.id, item.id)
        yield ActivityFigures(
            campaign.names, campaign.donor, sector(item.category), item.code, item.names, Unit(item.unit).text, int(units), of[key],
            with_[key], first, last, campaign.state == _RUNNING,
        )  # fmt: skip


def _units(frame: Frame) -> Any:
    """(programme, item, units, first day, last day)."""
    query = (
        select(Campaign, Item, func.sum(HandOverLine.quantity), func.min(HandOver.day), func.max(HandOver.day))
        .join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
        .join(Campaign, Campaign.id == CampaignRule.campaign_id)
        .join(Item, Item.id == HandOverLine.item_id)
        .group_by(Campaign.id, Item.id)
        .order_by(Campaign.starts_on, Campaign.id, Item.code)
    )
    return _given(query, frame)


def _given(query: Any, frame: Frame) -> Any:
    """From the lines of hand-overs of those days that stand."""
    return _with_voids(query).where(stands(frame), in_days(frame))


def _with_voids(query: Any) -> Any:
    """From the lines of hand-overs, with their voids."""
    query = query.join(HandOver, HandOver.id == HandOverLine.hand_over_id)
    return query.outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)


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
    once, lines = once_in(session, frame), _of_programme(_given(select().select_from(HandOverLine), frame), campaign_id)
    with_people = lines.join(HandOverPerson, HandOverPerson.hand_over_id == HandOver.id)
    families = each_once(session, lines, HandOver.household_id, once.cards)
    people = each_once(session, with_people, HandOverPerson.person_id, once.people)
    hand_overs = session.scalar(lines.add_columns(func.count(HandOver.id.distinct())))
    return families[()], people[()], hand_overs or 0


def _registered(session: Session, frame: Frame) -> int:
    """Families of the centre by the end of those days: whom it was for."""
    query = (
        select()
        .select_from(Household)
        .where(Household.site_id == frame.site_id, Household.registered_day <= frame.day, Household.status == "active")
    )
    return each_once(session, query, Household.id, once_in(session, frame).cards)[()]


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
    query = _with_voids(select(func.count(HandOver.id.distinct())).select_from(HandOverLine))
    query = query.where(HandOver.site_id == frame.site_id, HandOverVoid.day.between(frame.first, frame.day))
    return int(session.scalar(_of_programme(query, campaign_id)) or 0)
