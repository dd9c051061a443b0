"""The programme a centre starts with: the rules of the catalogue pack, for the coordinator to edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Band, Basis, Filters
from aidtrack.services import days
from aidtrack.services.campaigns.rules import save_campaign, save_rule
from aidtrack.services.stock.catalogue import pack
from aidtrack.store import journal
from aidtrack.store.stock import Item


def load_programme(session: Session, by: Actor, *, request_id: UUID) -> UUID:
    """Starts the pack's programme at this centre from today: every rule it marks to start with. Returns the
    programme's id.
    """
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "load_programme") as op:
        if op.is_repeat:
            return op.only("campaign")
        names = dict(pack()["programme"]["names"])
        draft = CampaignDraft(names, days.current_day(session, by))
        campaign = save_campaign(session, by, request_id=request_id, draft=draft)
        ids = {row[0]: row[1] for row in session.execute(select(Item.code, Item.id))}
        for entry in pack()["item"]:
            if entry["code"] in ids and entry.get("rule", {}).get("start", "rule" in entry):
                rule = rule_of(entry["rule"], ids[entry["code"]])
                save_rule(session, by, request_id=request_id, campaign_id=campaign, draft=rule)
        return campaign


def rule_of(entry: Mapping[str, Any], item_id: UUID) -> RuleDraft:
    """A rule of the pack as a draft."""
    wanted = Filters(
        age_from=entry.get("age_from"),
        age_to=entry.get("age_to"),
        sex=entry.get("sex"),
        needs=frozenset(entry.get("needs", ())),
    )
    bands = tuple(Band(people, number) for people, number in entry.get("bands", ()))
    return RuleDraft(item_id, Basis(entry["basis"]), entry["quantity"], entry["renew"] or None, wanted, bands)


def usual_rule(code: str, item_id: UUID) -> RuleDraft:
    """What the pack proposes for an item: the starting values of a new rule; one per person once where it knows
    none.
    """
    entry: Mapping[str, Any] = next((entry for entry in pack()["item"] if entry["code"] == code), {})
    return rule_of(entry["rule"], item_id) if "rule" in entry else RuleDraft(item_id)
