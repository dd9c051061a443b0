"""Packs of goods and rules: looked at before they are taken in, taken in whole or not at all, and written from what runs here.

What a file may say is `domain.packs`; here it is asked what of it is known in this database. A programme that is taken in stands still
until a coordinator has read its rules and lets it run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft, rule_sentence
from aidtrack.domain.handover import SignOff
from aidtrack.domain.packs import LARGEST, Pack, PackItem, PackRule, read_pack, write_pack
from aidtrack.domain.stock import ItemDraft, ItemMode, Unit
from aidtrack.errors import InvalidInput, Names, NotFound, Problem, Refused, Text
from aidtrack.files import why_not
from aidtrack.services import days
from aidtrack.services.campaigns.rules import RuleRow, rule_rows, save_campaign, save_rule, stop_campaign
from aidtrack.services.stock.catalogue import shipped_pack, take_in
from aidtrack.services.stock.kits import newest_recipe
from aidtrack.shipped import RESOURCES
from aidtrack.store import journal
from aidtrack.store.base import by_first
from aidtrack.store.campaigns import Campaign
from aidtrack.store.people import Settlement
from aidtrack.store.stock import Item

PROGRAMMES = RESOURCES / "packs" / "programmes"



@dataclass(frozen=True, slots=True)
class PackPlan:
    """What would come in: the programme's names, its rules as sentences, the items that are new and how many are here already, and
    everything that keeps it from coming in.
    """

    names: Names
    sentences: tuple[Text, ...]
    new_items: tuple[Names, ...]
    known_items: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PackReceipt:
    """What came in: the programme, stopped (None where the file held none), and how many items are new."""

    campaign_id: UUID | None
    items: int


@dataclass(frozen=True, slots=True)
class ExamplePack:
    """A programme that came with the program, as its file says it."""

    code: str
    names: Names
    text: str


@cache
def programme_packs() -> tuple[ExamplePack, ...]:
    """The example programmes that came with the program, by code."""
    return tuple(
        ExamplePack(path.stem, shipped_pack(path).names, path.read_text(encoding="utf-8"))
        for path in sorted(PROGRAMMES.glob("*.toml"))
    )


def pack_text(path: Path) -> str:
    """What stands in a file; a sentence says it where that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.read(LARGEST + 1)
    except UnicodeDecodeError as error:
        raise Refused("no-text", Text("{file} is no text in UTF-8: this is no pack.", file=path.name)) from error
    except OSError as error:
        text = Text("Cannot read {file}: {why}.", file=path.name, why=why_not(error))
        raise NotFound("no-file", text) from error


def plan_pack(session: Session, by: Actor, *, text: str) -> PackPlan:
    """What this file would bring here; nothing is changed."""
    by.require(Permission.CAMPAIGN)
    pack, problems = read_pack(text)
    known = _Known(session, pack)
    new = [item for item in pack.items if item.code not in known.items]
    return PackPlan(
        pack.names, tuple(known.sentence(rule) for rule in pack.rules), tuple(item.draft.names for item in new),
        len(pack.items) - len(new), (*problems, *known.problems()),
    )  # fmt: skip


def import_pack(session: Session, by: Actor, *, request_id: UUID, text: str) -> PackReceipt:
    """Takes a pack in: items that are not here yet, then its programme from today on, stopped. InvalidInput names everything wrong at
    once, and then nothing is taken in: half a set of rules would be another programme.
    """
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "import_programme", text=text) as op:
        if not op.is_repeat:
            pack, problems = read_pack(text)
            problems += _Known(session, pack).problems()
            if problems:
                raise InvalidInput(problems)
            take_in(session, by, request_id=request_id, items=pack.items)
            if pack.rules:
                _programme(session, by, request_id, pack)
        new = [item for item in op.ids("item") if session.get_one(Item, item).variant_of_id is None]
        return PackReceipt(next(iter(op.ids("campaign")), None), len(new))


def _programme(session: Session, by: Actor, request_id: UUID, pack: Pack) -> None:
    known = _Known(session, pack)
    draft = CampaignDraft(pack.names, days.current_day(session, by), donor=pack.donor, sign_off=pack.sign_off)
    campaign = save_campaign(session, by, request_id=request_id, draft=draft)
    for rule in pack.rules:
        save_rule(session, by, request_id=request_id, campaign_id=campaign, draft=known.draft(rule))
    stop_campaign(session, by, request_id=request_id, campaign_id=campaign, version=1)


@dataclass(frozen=True, slots=True)
class _Item:
    """An item that is here, as a rule needs it."""

    id: UUID | None
    names: Names
    unit: Unit
    is_size: bool = False


class _Known:
    """Which items and places of a pack are known here."""

    def __init__(self, session: Session, pack: Pack) -> None:
        self._pack = pack
        codes = {rule.item for rule in pack.rules} | {item.code for item in pack.items}
        codes |= {part for item in pack.items for part, _ in item.parts}
        rows = session.execute(
            select(Item.code, Item.id, Item.names, Item.unit, Item.variant_of_id).where(Item.code.in_(codes))
        )
        self.items = {row.code: _Item(row.id, row.names, Unit(row.unit), row.variant_of_id is not None) for row in rows}
        places = {place for rule in pack.rules for place in rule.places}
        found = session.execute(select(Settlement.code, Settlement.id, Settlement.names).where(Settlement.code.in_(places)))
        self._places = {row.code: (row.id, row.names) for row in found}
        self._own = {item.code: _Item(None, item.draft.names, item.draft.unit) for item in pack.items}

    def problems(self) -> list[Problem]:
        """What the pack names and nobody here knows: a rule without its places would be for everybody."""
        found: list[Problem] = []
        for n, rule in enumerate(self._pack.rules, 1):
            found += [Problem(f"rule[{n}].item", text) for text in self._wrong_item(n, rule)]
            found += [
                Problem(f"rule[{n}].places", _of_rule(n, Text("the place {code} is not in the list of places here", code=place)))
                for place in rule.places
                if place not in self._places
            ]
        return found + [
            Problem(f"kit.{item.code}", Text("{where}: {what}", where=Text("item {code}", code=item.code), what=_no_item(part)))
            for item in self._pack.items
            for part, _ in item.parts
            if part not in self.items and part not in self._own
        ]

    def _wrong_item(self, n: int, rule: PackRule) -> Iterable[Text]:
        if rule.item not in self.items and rule.item not in self._own:
            yield _of_rule(n, _no_item(rule.item))
        elif rule.item in self.items and self.items[rule.item].is_size:
            yield _of_rule(n, Text("{code} is one size: name the item itself", code=rule.item))

    def sentence(self, rule: PackRule) -> Text:
        """A rule as people read it; what is not known here stands with its code."""
        item = self.items.get(rule.item) or self._own.get(rule.item) or _Item(None, {"en": rule.item}, Unit.PIECE)
        places = [self._places[place][1] if place in self._places else {"en": place} for place in rule.places]
        return rule_sentence(rule.draft, item.names, item.unit.text, places)

    def draft(self, rule: PackRule) -> RuleDraft:
        """A rule with the ids of this database."""
        places = frozenset(self._places[place][0] for place in rule.places)
        return replace(rule.draft, item_id=self.items[rule.item].id, filters=replace(rule.draft.filters, settlements=places))


def _of_rule(n: int, what: Text) -> Text:
    return Text("{where}: {what}", where=Text("rule {n}", n=n), what=what)


def _no_item(code: str) -> Text:
    return Text("the item {code} is neither here nor in the file", code=code)


# ── out of what is here ──────────────────────────────────────────────────────────────────────────


def export_programme(session: Session, by: Actor, *, campaign_id: UUID) -> str:
    """A programme as a pack another centre can take in: its rules in force, with the items they name, their sizes and kits."""
    by.require(Permission.CAMPAIGN)
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or (campaign.site_id != by.site and by.site.hex not in (campaign.sites or ())):
        raise NotFound("no-campaign", Text("This programme is not of this centre."))
    rows = rule_rows(session, by, campaign_id)
    if not rows:
        raise Refused("no-rules", Text("This programme has no rules yet: there is nothing to write."))
    items = _items_of(session, {row.rule.item_id for row in rows})
    codes = {item_id: item.code for item_id, item in items.items()}
    used = {place for row in rows for place in row.draft.filters.settlements}
    places = by_first(session, select(Settlement.id, Settlement.code).where(Settlement.id.in_(used)))
    rules = tuple(_pack_rule(row, codes, places) for row in rows)
    goods = tuple(sorted(items.values(), key=lambda one: one.code))
    return write_pack(Pack(campaign.names, goods, rules, campaign.donor, SignOff(campaign.sign_off)))


def _pack_rule(row: RuleRow, codes: Mapping[UUID, str], places: Mapping[UUID, str]) -> PackRule:
    draft = replace(row.draft, item_id=None, filters=replace(row.draft.filters, settlements=frozenset()))
    return PackRule(codes[row.rule.item_id], draft, tuple(sorted(places[place] for place in row.draft.filters.settlements)))


def _items_of(session: Session, item_ids: Iterable[UUID]) -> dict[UUID, PackItem]:
    """These items and whatever their kits are made of."""
    found: dict[UUID, PackItem] = {}
    wanted = set(item_ids)
    while wanted:
        for item in session.scalars(select(Item).where(Item.id.in_(wanted))):
            parts = newest_recipe(session, item.id)[1] if item.is_kit else ()
            codes = by_first(session, select(Item.id, Item.code).where(Item.id.in_([p.item_id for p in parts])))
            made_of = tuple(sorted((codes[part.item_id], part.quantity) for part in parts))
            found[item.id] = PackItem(_draft_of(item), _sizes_of(session, item.id), made_of)
            wanted |= codes.keys()
        wanted -= found.keys()
    return found


def _draft_of(item: Item) -> ItemDraft:
    return ItemDraft(
        dict(item.names), item.code, Unit(item.unit), item.category, item.expires, item.is_kit, ItemMode(item.mode),
        is_numbered=item.is_numbered,
    )  # fmt: skip


def _sizes_of(session: Session, item_id: UUID) -> tuple[str, ...]:
    query = select(Item.size).where(Item.variant_of_id == item_id, Item.is_active)
    return tuple(session.scalars(query.order_by(Item.code)))


