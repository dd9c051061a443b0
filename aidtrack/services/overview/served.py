"""Which cards were served and from when each is due again: the paper that keeps a family from being served twice without power.

No names: card numbers only. What a joined or moved family had under another card does not stand here; the program knows it, paper cannot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import show_card
from aidtrack.errors import Names
from aidtrack.services.campaigns import RuleRow
from aidtrack.services.campaigns.rules import running_rules
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.people import Card, Household
from aidtrack.store.stock import Item


@dataclass(frozen=True, slots=True)
class ServedCard:
    """A card and what it is not due now: numbers of items, each with the first day it is due again (None: never)."""

    number: str
    again: tuple[tuple[int, date | None], ...]


@dataclass(frozen=True, slots=True)
class ServedCards:
    """The items by their numbers on this paper, from 1, and the cards by theirs."""

    heading: Heading
    items: tuple[Names, ...]
    cards: tuple[ServedCard, ...]


def served_cards(session: Session, by: Actor, day: date) -> ServedCards:
    """Every card that is not due something on the day after `day`, with the first day it is; rising by number.

    Protected families are left out: they are served by the shift lead alone.
    """
    by.require(Permission.REPORT)
    rules = running_rules(session, by, day)
    names = {row.rule.item_id: row.item_names for row in rules}
    numbers = {item: n for n, item in enumerate(names, 1)}
    again: dict[str, dict[int, date]] = defaultdict(dict)
    for card, item, last in _last_served(session, by, day):
        when = _due_again(rules, item, last)
        if when is not None and when > day:
            again[card][numbers[item]] = when
    cards = tuple(ServedCard(show_card(card), _told(again[card])) for card in sorted(again))
    return ServedCards(heading_of(session, by, day), tuple(names.values()), cards)


def _told(again: Mapping[int, date]) -> tuple[tuple[int, date | None], ...]:
    """By day, then by item; what is given once has no day."""
    ordered = sorted(again.items(), key=lambda one: (one[1], one[0]))
    return tuple((item, None if when == date.max else when) for item, when in ordered)


def _due_again(rules: Iterable[RuleRow], item: UUID, last: date) -> date | None:
    """The first day any rule of this item is due again; None for an item no rule gives any more."""
    return min((row.rule.due_again(last) for row in rules if row.rule.item_id == item), default=None)


def _last_served(session: Session, by: Actor, day: date) -> Iterable[tuple[str, UUID, date]]:
    """(card, item, the last day it, a size of it or what stood for it was given), of every active card of this centre."""
    since = func.coalesce(HandOver.counts_from, HandOver.day, type_=Date)
    item = func.coalesce(HandOverLine.substitute_of_id, Item.variant_of_id, Item.id, type_=HandOverLine.item_id.type)
    query = (
        select(Card.number, item, func.max(since, type_=Date))
        .join(Household, Household.id == Card.household_id)
        .join(HandOver, HandOver.household_id == Household.id)
        .join(HandOverLine, HandOverLine.hand_over_id == HandOver.id)
        .join(Item, Item.id == HandOverLine.item_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(Card.site_id == by.site, Card.is_valid, Household.is_protected.is_(False))
        .where(HandOver.day <= day, HandOverVoid.id.is_(None))
        .group_by(Card.number, item)
    )
    return [(number, item, last) for number, item, last in session.execute(query)]
