"""Programmes that come with the program: the one a centre starts with, and examples; their rules are for the coordinator to edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Band, Basis, Filters, Shared
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services import days
from aidtrack.services.campaigns.rules import save_campaign, save_rule, stop_campaign
from aidtrack.services.stock.catalogue import pack
from aidtrack.store import journal
from aidtrack.store.people import Settlement
from aidtrack.store.stock import Item

PROGRAMMES = Path(__file__).resolve().parents[3] / "resources" / "packs" / "programmes"


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


@dataclass(frozen=True, slots=True)
class ProgrammePack:
    """An example programme that can be taken in."""

    code: str
    names: Mapping[str, str]


def programme_packs() -> tuple[ProgrammePack, ...]:
    """The example programmes that came with the program, by code."""
    return tuple(ProgrammePack(path.stem, _read(path)["names"]) for path in sorted(PROGRAMMES.glob("*.toml")))


def import_programme(session: Session, by: Actor, *, request_id: UUID, code: str) -> UUID:
    """Takes in an example programme from today on, stopped: the coordinator reads its rules, then lets it run. Returns its id.

    Refused when an item or a place it names is not in the lists here: a rule without its places would be for everybody.
    """
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "import_programme", code=code) as op:
        if op.is_repeat:
            return op.only("campaign")
        path = next((one for one in PROGRAMMES.glob("*.toml") if one.stem == code), None)
        if path is None:
            raise NotFound("no-programme", Text("There is no example of this name."))
        return _take_in(session, by, request_id, _read(path))


def _take_in(session: Session, by: Actor, request_id: UUID, found: Mapping[str, Any]) -> UUID:
    items = _ids(session, Item.code, Item.id, {entry["item"] for entry in found["rule"]})
    places = frozenset(_ids(session, Settlement.code, Settlement.id, set(found.get("places", ()))).values())
    draft = CampaignDraft(dict(found["names"]), days.current_day(session, by))
    campaign = save_campaign(session, by, request_id=request_id, draft=draft)
    for entry in found["rule"]:
        rule = rule_of(entry, items[entry["item"]], places)
        save_rule(session, by, request_id=request_id, campaign_id=campaign, draft=rule)
    stop_campaign(session, by, request_id=request_id, campaign_id=campaign, version=1)
    return campaign


def _ids(session: Session, code: Any, row_id: Any, wanted: set[str]) -> dict[str, UUID]:
    """The rows of these codes; Refused when one is not there."""
    found: dict[str, UUID] = {row[0]: row[1] for row in session.execute(select(code, row_id).where(code.in_(wanted)))}
    missing = sorted(wanted - found.keys())
    if missing:
        words = Text(
            "Not in the lists here: {codes}. Load the catalogue and the places first.", codes=", ".join(missing)
        )
        raise Refused("not-in-lists", words)
    return found


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rule_of(entry: Mapping[str, Any], item_id: UUID, places: frozenset[UUID] = frozenset()) -> RuleDraft:
    """A rule of a pack as a draft, for homes in `places`."""
    wanted = Filters(
        age_from=entry.get("age_from"),
        age_to=entry.get("age_to"),
        sex=entry.get("sex"),
        needs=frozenset(entry.get("needs", ())),
        settlements=places,
        without_lodgings=frozenset(entry.get("without_lodgings", ())),
        size_from=entry.get("size_from"),
        size_to=entry.get("size_to"),
        kinds=frozenset(entry.get("kinds", ())),
    )
    bands = tuple(Band(people, number) for people, number in entry.get("bands", ()))
    draft = RuleDraft(item_id, Basis(entry["basis"]), entry["quantity"], entry.get("renew") or None, wanted, bands)
    return replace(
        draft,
        monthly=entry.get("monthly", False),
        shared=Shared(entry.get("shared", Shared.HALF)),
        group=entry.get("group", ""),
        cap=entry.get("cap"),
        daily_cap=entry.get("daily_cap"),
        loan_days=entry.get("loan_days"),
    )


def usual_rule(code: str, item_id: UUID) -> RuleDraft:
    """What the pack proposes for an item: the starting values of a new rule; one per person once where it knows
    none.
    """
    entry: Mapping[str, Any] = next((entry for entry in pack()["item"] if entry["code"] == code), {})
    return rule_of(entry["rule"], item_id) if "rule" in entry else RuleDraft(item_id)
