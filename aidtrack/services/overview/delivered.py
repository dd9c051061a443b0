"""R4: what families were due and what became of it, by item: handed over, not wanted, held back, more than the rule allows.

R1 and the papers of programmes take their items from here, so that all of them say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.stock import Unit
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.once import each_once, once_in
from aidtrack.services.overview.period_figures import DeliveredFigures, DeliveryReport
from aidtrack.services.overview.reached import districts_of, families_of, hand_overs_of, in_days, stands
from aidtrack.services.overview.reasons import TOOK_PART, reasons
from aidtrack.services.overview.stock import flow_of
from aidtrack.store.campaigns import Campaign, CampaignRule
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverVoid
from aidtrack.store.promises import WaitEntry
from aidtrack.store.stock import Item

_LINE = HandOverLine
_MORE = case((_LINE.quantity > _LINE.allowed, _LINE.quantity - _LINE.allowed), else_=0)
_HELD_BACK = case((_LINE.quantity < _LINE.allowed, _LINE.allowed - _LINE.quantity), else_=0)


def count_delivered(session: Session, by: Actor, period: Period) -> DeliveryReport:
    """Entitled against delivered in the days of the period; NotFound where the centre was never open."""
    frame = frame_of(session, by, period)
    flow = flow_of(session, frame)
    return DeliveryReport(
        heading=frame.heading,
        open_days=frame.open_days,
        families=len(families_of(session, frame, districts_of(session))),
        hand_overs=hand_overs_of(session, frame),
        items=delivered_rows(session, frame),
        issued=flow.issued,
        returned=flow.returned,
    )


def delivered_rows(session: Session, frame: Frame, campaign_id: UUID | None = None) -> tuple[DeliveredFigures, ...]:
    """Item by item in the order of their codes; only what one programme gave, if it is named."""
    given = {row[0]: row[1:] for row in _given(session, frame, campaign_id)}
    declined = dict(_declined(session, frame, campaign_id))
    waiting = dict(_waiting(session, frame, campaign_id))
    known = given.keys() | declined.keys() | waiting.keys()
    query = select(Item.id, Item.code, Item.names, Item.unit).where(Item.id.in_(known))
    held = {item for item, (_, _, held_back, _) in given.items() if held_back}
    why, donors = reasons(session, frame, held | waiting.keys()), _donors(session, frame, campaign_id)
    rows = []
    for item, code, names, unit in session.execute(query.order_by(Item.code)):
        families, units, held_back, more = given.get(item, (0, 0, 0, 0))
        not_wanted = declined.get(item, 0)
        due = units + held_back + not_wanted
        reason = why.get(item, TOOK_PART if held_back else None)
        rows.append(
            DeliveredFigures(
                code, names, Unit(unit).text, families, due, units, not_wanted, held_back, more, waiting.get(item, 0), reason,
                ", ".join(donors.get(item, ())),
            )
        )
    return tuple(rows)


def lines_above(session: Session, frame: Frame) -> int:
    """How many lines were more than their rule allows."""
    query = select(func.count(_LINE.id)).join(HandOver, HandOver.id == _LINE.hand_over_id)
    query = query.outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
    return session.scalar(query.where(*_counts(frame), _LINE.quantity > _LINE.allowed)) or 0


def _given(
    session: Session, frame: Frame, campaign_id: UUID | None
) -> Iterable[tuple[UUID, int, int, int, int]]:
    """(item, families, units, units held back, units above the rule)."""
    lines = (
        select(_LINE.item_id)
        .join(HandOver, HandOver.id == _LINE.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(*_counts(frame))
    )
    if campaign_id is not None:
        lines = lines.join(CampaignRule, CampaignRule.id == _LINE.rule_id)
        lines = lines.where(CampaignRule.campaign_id == campaign_id)
    families = each_once(session, lines, HandOver.household_id, once_in(session, frame).cards)
    sums = lines.add_columns(func.sum(_LINE.quantity), func.sum(_HELD_BACK), func.sum(_MORE)).group_by(_LINE.item_id)
    for item, units, held_back, more in session.execute(sums):
        yield item, families[item,], int(units), int(held_back), int(more)


def _donors(session: Session, frame: Frame, campaign_id: UUID | None) -> dict[UUID, list[str]]:
    """Who paid for the programmes each item was given by."""
    query = (
        select(_LINE.item_id, Campaign.donor)
        .join(HandOver, HandOver.id == _LINE.hand_over_id)
        .join(CampaignRule, CampaignRule.id == _LINE.rule_id)
        .join(Campaign, Campaign.id == CampaignRule.campaign_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(*_counts(frame), Campaign.donor != "")
    )
    if campaign_id is not None:
        query = query.where(Campaign.id == campaign_id)
    found: dict[UUID, list[str]] = defaultdict(list)
    for item, donor in session.execute(query.distinct().order_by(_LINE.item_id, Campaign.donor)):
        found[item].append(donor)
    return found


def _declined(session: Session, frame: Frame, campaign_id: UUID | None) -> Iterable[tuple[UUID, int]]:
    decline = HandOverDecline
    query = (
        select(decline.item_id, func.sum(decline.allowed))
        .join(HandOver, HandOver.id == decline.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(*_counts(frame))
        .group_by(decline.item_id)
    )
    if campaign_id is not None:
        query = query.join(CampaignRule, CampaignRule.id == decline.rule_id)
        query = query.where(CampaignRule.campaign_id == campaign_id)
    return [(item, int(units)) for item, units in session.execute(query)]


def _waiting(session: Session, frame: Frame, campaign_id: UUID | None) -> Iterable[tuple[UUID, int]]:
    """Units for which a place in the wait list was taken in those days."""
    entry = WaitEntry
    query = select(entry.item_id, func.sum(entry.quantity)).group_by(entry.item_id)
    query = query.where(entry.site_id == frame.site_id, entry.day.between(frame.first, frame.day))
    if campaign_id is not None:
        query = query.join(CampaignRule, CampaignRule.id == entry.rule_id)
        query = query.where(CampaignRule.campaign_id == campaign_id)
    return [(item, int(units)) for item, units in session.execute(query)]


def _counts(frame: Frame) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return stands(frame), in_days(frame)
