"""Programmes of aid and their rules: who gets what.

Rules are editions: changing one writes the next, so that what was handed over keeps the rule it was handed over by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain import campaigns
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis, Rule
from aidtrack.domain.foreign_cards import may_count
from aidtrack.domain.handover import SignOff
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import Unit
from aidtrack.domain.text import clean
from aidtrack.errors import Conflict, InvalidInput, Names, NotFound, Problem, Text
from aidtrack.store import journal
from aidtrack.store.base import expect_version, table_of
from aidtrack.store.campaigns import Campaign, CampaignRule
from aidtrack.store.days import Site
from aidtrack.store.people import Settlement
from aidtrack.store.stock import Item

_Kept = Row[Any]


# Statements made once: each hand-over and each opened family asks for all rules in force.
_RULE, _CAMPAIGN, _ITEM = table_of(CampaignRule), table_of(Campaign), table_of(Item)
_LATEST = (
    select(_RULE.c.campaign_id, _RULE.c.no, func.max(_RULE.c.edition).label("edition"))
    .group_by(_RULE.c.campaign_id, _RULE.c.no)
    .subquery()
)
_EDITIONS = (
    select(_RULE, _ITEM.c.names, _ITEM.c.unit, _CAMPAIGN.c.sign_off, _CAMPAIGN.c.site_id, _CAMPAIGN.c.sites)
    .join_from(_RULE, _ITEM, _ITEM.c.id == _RULE.c.item_id)
    .join(_CAMPAIGN, _CAMPAIGN.c.id == _RULE.c.campaign_id)
)
_NEWEST = _EDITIONS.join(
    _LATEST,
    (_RULE.c.campaign_id == _LATEST.c.campaign_id)
    & (_RULE.c.no == _LATEST.c.no)
    & (_RULE.c.edition == _LATEST.c.edition),
).where(_RULE.c.is_active)
_OF_CAMPAIGN = _NEWEST.where(_RULE.c.campaign_id == bindparam("campaign")).order_by(_RULE.c.no)
_RUNNING = _NEWEST.where(
    (_CAMPAIGN.c.site_id == bindparam("site")) | _CAMPAIGN.c.sites.is_not(None),
    _CAMPAIGN.c.state == "running",
    _CAMPAIGN.c.starts_on <= bindparam("day"),
    _CAMPAIGN.c.ends_on.is_(None) | (_CAMPAIGN.c.ends_on >= bindparam("day")),
).order_by(_CAMPAIGN.c.starts_on, _RULE.c.campaign_id, _RULE.c.no)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A programme in the list."""

    id: UUID
    names: Names
    donor: str
    starts_on: date
    ends_on: date | None
    is_running: bool
    rules: int
    version: int
    sign_off: SignOff = SignOff.SHEET
    sites: frozenset[UUID] = frozenset()
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in force, as a draft to edit and as a sentence. `rule.id` is the edition's id."""

    rule: Rule
    campaign_id: UUID
    no: int
    edition: int
    item_names: Names
    unit: Text
    draft: RuleDraft
    places: tuple[tuple[UUID, Names], ...] = ()
    sign_off: SignOff = SignOff.SHEET

    @property
    def sentence(self) -> Text:
        """The whole rule as people read it."""
        return campaigns.rule_sentence(self.draft, self.item_names, self.unit, [names for _, names in self.places])

    @property
    def is_active(self) -> bool:
        """Whether the rule gives anything."""
        return self.draft.is_active


def campaign_rows(session: Session, by: Actor) -> tuple[CampaignRow, ...]:
    """The programmes of the centre: running ones first, then the newest; those of other centres that run here too stand among them."""
    newest = _NEWEST.subquery()
    counts = select(newest.c.campaign_id, func.count().label("n")).group_by(newest.c.campaign_id).subquery()
    query = select(Campaign, func.coalesce(counts.c.n, 0)).outerjoin(counts, counts.c.campaign_id == Campaign.id)
    ours = or_(Campaign.site_id == by.site, Campaign.sites.is_not(None))
    rows = session.execute(query.where(ours).order_by(Campaign.state, Campaign.starts_on.desc()))
    return tuple(
        _campaign_row(row, rules, row.site_id == by.site)
        for row, rules in rows
        if _runs_at(row.site_id, row.sites, by.site)
    )


def _campaign_row(row: Campaign, rules: int, is_ours: bool) -> CampaignRow:
    running, sites = row.state == "running", frozenset(UUID(hex=one) for one in row.sites or ())
    kind = SignOff(row.sign_off)
    return CampaignRow(
        row.id, row.names, row.donor, row.starts_on, row.ends_on, running, rules, row.version, kind, sites, is_ours
    )


def _runs_at(owner: UUID, sites: Sequence[str] | None, site: UUID) -> bool:
    """A programme gives at the centre it is of, and at those it names."""
    return owner == site or site.hex in (sites or ())


@dataclass(frozen=True, slots=True)
class SiteRow:
    """Another centre a programme may run at."""

    id: UUID
    name: str


def other_sites(session: Session, by: Actor) -> tuple[SiteRow, ...]:
    """The other centres this database knows, by name."""
    rows = session.execute(select(Site.id, Site.name).where(Site.id != by.site).order_by(Site.name))
    return tuple(SiteRow(row.id, row.name) for row in rows)


def save_campaign(
    session: Session, by: Actor, *, request_id: UUID, draft: CampaignDraft, campaign_id: UUID | None = None
) -> UUID:
    """A new programme, or new values of one; returns its id."""
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "save_campaign", draft=draft, campaign_id=campaign_id) as op:
        if op.is_repeat:
            return campaign_id or op.only("campaign")
        names = {lang: clean(name) for lang, name in draft.names.items() if clean(name)}
        draft = replace(draft, names=names, donor=clean(draft.donor))
        problems = campaigns.campaign_problems(draft)
        if problems:
            raise InvalidInput(problems)
        row = _own_campaign(session, by, campaign_id) if campaign_id else Campaign(id=new_id(), site_id=by.site)
        if campaign_id:
            expect_version(row, draft.version)
        assert draft.starts_on is not None
        row.names, row.donor, row.starts_on, row.ends_on = names, draft.donor, draft.starts_on, draft.ends_on
        row.sign_off = draft.sign_off.value
        row.sites = sorted(site.hex for site in draft.sites - {by.site}) or None
        session.add(row)
        session.flush()
        return row.id


def stop_campaign(session: Session, by: Actor, *, request_id: UUID, campaign_id: UUID, version: int) -> None:
    """The programme gives nothing from now on; what it gave stays counted."""
    _set_state(session, by, request_id, campaign_id, version, "stopped")


def run_campaign(session: Session, by: Actor, *, request_id: UUID, campaign_id: UUID, version: int) -> None:
    """A stopped programme gives again."""
    _set_state(session, by, request_id, campaign_id, version, "running")


def _set_state(session: Session, by: Actor, request_id: UUID, campaign_id: UUID, version: int, state: str) -> None:
    by.require(Permission.CAMPAIGN)
    with journal.operation(
        session, by, request_id, f"campaign_{state}", campaign_id=campaign_id, version=version
    ) as op:
        if not op.is_repeat:
            row = _own_campaign(session, by, campaign_id)
            expect_version(row, version)
            row.state = state


def _own_campaign(session: Session, by: Actor, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    row = session.get(Campaign, campaign_id, with_for_update=lock or None)
    if row is None or row.site_id != by.site:
        raise NotFound("no-campaign", Text("This programme is not of this centre."))
    return row


def save_rule(
    session: Session, by: Actor, *, request_id: UUID, campaign_id: UUID, draft: RuleDraft, no: int | None = None,
    edition: int = 0,
) -> UUID:  # fmt: skip
    """A new rule, or the next edition of rule `no` (`edition` is what the edit was filled from); returns the
    edition's id.
    """
    by.require(Permission.CAMPAIGN)
    asked = {"campaign_id": campaign_id, "draft": draft, "no": no, "edition": edition}
    with journal.operation(session, by, request_id, "save_rule", asked=asked) as op:
        if op.is_repeat:
            return op.only("campaign_rule")
        draft = replace(draft, group=clean(draft.group))
        problems = campaigns.rule_problems(draft) + _size_problems(session, draft.item_id) + _stamp_problems(session, draft)
        if problems:
            raise InvalidInput(problems)
        _own_campaign(session, by, campaign_id, lock=True)
        last_no, last_edition = _last(session, campaign_id, no)
        if no is not None and last_edition != edition:
            raise Conflict("changed-meanwhile", Text("Somebody changed this rule meanwhile. Look at it again."))
        row = _rule_of(draft, campaign_id, no or last_no + 1, last_edition + 1 if no else 1)
        row.made_at = by.now()
        session.add(row)
        session.flush()
        return row.id


def _size_problems(session: Session, item_id: UUID | None) -> list[Problem]:
    """A rule is about the whole item: whoever had one size waits for all of them."""
    is_size = item_id is not None and session.scalar(
        select(Item.id).where(Item.id == item_id, Item.variant_of_id.is_not(None))
    )
    return [Problem("item", Text("Choose the item itself: a rule gives any of its sizes."))] if is_size else []


def _stamp_problems(session: Session, draft: RuleDraft) -> list[Problem]:
    """What is never withheld is not withheld for a stamp either."""
    category = session.scalar(select(Item.category).where(Item.id == draft.item_id)) if draft.counts_declared else None
    if category is None or may_count(category):
        return []
    words = Text("Food, water, hygiene and what babies need are given whatever the card says. So is what is of no kind yet.")
    return [Problem("counts_declared", words)]


def taken_out(row: RuleRow) -> RuleDraft:
    """The next edition of a rule that is to give nothing any more."""
    return replace(row.draft, is_active=False)


def _last(session: Session, campaign_id: UUID, no: int | None) -> tuple[int, int]:
    query = select(func.max(CampaignRule.no), func.max(CampaignRule.edition)).where(
        CampaignRule.campaign_id == campaign_id, *([CampaignRule.no == no] if no is not None else [])
    )
    last_no, last_edition = session.execute(query).one()
    return last_no or 0, last_edition or 0


def _rule_of(draft: RuleDraft, campaign_id: UUID, no: int, edition: int) -> CampaignRule:
    return CampaignRule(
        id=new_id(),
        campaign_id=campaign_id,
        no=no,
        edition=edition,
        item_id=draft.item_id,
        basis=draft.basis.value,
        quantity=draft.quantity,
        every_days=draft.every_days,
        filters=campaigns.pack_terms(draft),
        is_active=draft.is_active,
    )


def rule_rows(session: Session, by: Actor, campaign_id: UUID) -> tuple[RuleRow, ...]:
    """The rules of one programme in force, in their order, with their sentences."""
    session.flush()
    return _rule_rows(session, session.connection().execute(_OF_CAMPAIGN, {"campaign": campaign_id}).all())


def running_rules(session: Session, by: Actor, day: date) -> tuple[RuleRow, ...]:
    """Every rule in force at this centre on `day`, the oldest programme first."""
    session.flush()
    rows = session.connection().execute(_RUNNING, {"site": by.site, "day": day}).all()
    return _rule_rows(session, [row for row in rows if _runs_at(row.site_id, row.sites, by.site)])


def rule_editions(session: Session, rule_ids: Iterable[UUID]) -> tuple[RuleRow, ...]:
    """These editions of rules, in force or not: what was promised by one is kept by it."""
    query = _EDITIONS.where(_RULE.c.id.in_(list(rule_ids))).order_by(_RULE.c.id)
    rows = session.connection().execute(query).all()
    return _rule_rows(session, rows)


@dataclass(frozen=True, slots=True)
class RulesThen:
    """The rules that were in force at a moment, how many changes had been written until then, and when the last one was."""

    rows: tuple[RuleRow, ...]
    changes: int
    since: datetime | None


def rules_then(
    session: Session, by: Actor, day: date, until: datetime, campaign_id: UUID | None = None
) -> RulesThen:
    """The rules of this centre on `day` as they stood at `until`: of one programme, or of all that run. A later change of a rule changes
    nothing here.
    """
    session.flush()
    rule = CampaignRule
    written = rule.made_at <= until
    latest = (
        select(rule.campaign_id, rule.no, func.max(rule.edition).label("edition"))
        .where(written)
        .group_by(rule.campaign_id, rule.no)
        .subquery()
    )
    same = (rule.campaign_id == latest.c.campaign_id) & (rule.no == latest.c.no) & (rule.edition == latest.c.edition)
    chosen = _programmes_on(by, day, campaign_id)
    query = (
        _EDITIONS.join(latest, same)
        .where(rule.is_active, *chosen)
        .order_by(Campaign.starts_on, rule.campaign_id, rule.no)
    )
    rows = [row for row in session.execute(query) if _runs_at(row.site_id, row.sites, by.site)]
    counted = select(func.count(), func.max(rule.made_at)).join(Campaign, Campaign.id == rule.campaign_id)
    changes, since = session.execute(counted.where(written, *chosen)).one()
    return RulesThen(_rule_rows(session, rows), changes, since)


def _programmes_on(by: Actor, day: date, campaign_id: UUID | None) -> list[ColumnElement[bool]]:
    if campaign_id is not None:
        return [Campaign.id == campaign_id]
    ours = or_(Campaign.site_id == by.site, Campaign.sites.is_not(None))
    ends = or_(Campaign.ends_on.is_(None), Campaign.ends_on >= day)
    return [ours, Campaign.state == "running", Campaign.starts_on <= day, ends]


def _rule_rows(session: Session, rows: Sequence[_Kept]) -> tuple[RuleRow, ...]:
    editions = [_read_edition(_Edition(row.id, row)) for row in rows]
    places = _place_names(session, {place for draft, _ in editions for place in draft.filters.settlements})
    return tuple(_rule_row(row, edition, places) for row, edition in zip(rows, editions, strict=True))


def _place_names(session: Session, ids: Collection[UUID]) -> dict[UUID, Names]:
    if not ids:
        return {}
    query = select(Settlement.id, Settlement.names).where(Settlement.id.in_(ids))
    return {row.id: row.names for row in session.execute(query)}


def _rule_row(row: _Kept, edition: tuple[RuleDraft, Rule], places: Mapping[UUID, Names]) -> RuleRow:
    draft, rule = edition
    named = tuple((place, places[place]) for place in sorted(draft.filters.settlements) if place in places)
    unit, kind = Unit(row.unit).text, SignOff(row.sign_off)
    return RuleRow(rule, row.campaign_id, row.no, row.edition, row.names, unit, draft, named, kind)


@dataclass(frozen=True, slots=True)
class _Edition:
    """An edition is written once and never changed: its id says everything."""

    id: UUID
    row: _Kept = field(compare=False)


@lru_cache(maxsize=1024)
def _read_edition(edition: _Edition) -> tuple[RuleDraft, Rule]:
    """Read from its row once, not by every allowance."""
    row = edition.row
    draft = campaigns.unpack_draft(
        row.item_id, Basis(row.basis), row.quantity, row.every_days, row.filters, row.is_active
    )
    return draft, campaigns.rule_of(row.id, draft)
