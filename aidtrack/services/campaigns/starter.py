"""The programme a centre starts with, and what the catalogue that came with the program proposes for an item."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.services import days
from aidtrack.services.campaigns.rules import save_campaign, save_rule
from aidtrack.services.stock.catalogue import pack
from aidtrack.store import journal
from aidtrack.store.base import by_first
from aidtrack.store.stock import Item


def load_programme(session: Session, by: Actor, *, request_id: UUID) -> UUID:
    """Starts the pack's programme at this centre from today: every rule it marks to start with. Returns the
    programme's id.
    """
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "load_programme") as op:
        if op.is_repeat:
            return op.only("campaign")
        draft = CampaignDraft(pack().names, days.current_day(session, by))
        campaign = save_campaign(session, by, request_id=request_id, draft=draft)
        ids = by_first(session, select(Item.code, Item.id))
        for item in pack().items:
            if item.code in ids and item.rule is not None and item.rule.starts:
                rule = replace(item.rule.draft, item_id=ids[item.code])
                save_rule(session, by, request_id=request_id, campaign_id=campaign, draft=rule)
        return campaign


def usual_rule(code: str, item_id: UUID) -> RuleDraft:
    """What the pack proposes for an item: the starting values of a new rule; one per person once where it knows
    none.
    """
    rule = next((item.rule for item in pack().items if item.code == code), None)
    return replace(rule.draft, item_id=item_id) if rule is not None else RuleDraft(item_id)
