"""What somebody sees who types in from paper: whose card it is, what the numbers of the items mean, what is typed and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack.domain import on_paper as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import SheetLine, sheet_series
from aidtrack.domain.ids import CARD_DIGITS
from aidtrack.domain.queueing import Stage
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Names, NotFound, Problem, Refused, Text
from aidtrack.services.campaigns import allowances, family_of, running_rules
from aidtrack.services.handover.receipts import given_lines
from aidtrack.services.on_paper import same_line
from aidtrack.services.people.protection import may_see
from aidtrack.services.people.view import masked_name
from aidtrack.services.stock.sizes import sizes_of
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.campaigns import Campaign, CampaignRule
from aidtrack.store.days import Desk, draw_up_to, last_drawn
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.on_paper import PaperEntry, standing_lines
from aidtrack.store.people import Card, Household, Person
from aidtrack.store.stock import Item

FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PaperItem:
    """An item and the number it is typed by: the same as on the list of served cards; the sizes it comes in, each an item of its own."""

    number: int
    item_id: UUID
    names: Names
    sizes: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperFamily:
    """Whose card the typed digits are: surname and initials, people here, and what was due that day, by item."""

    household_id: UUID
    card_tail: str
    name: str
    people: int
    due: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class WindowLines:
    """A window and the lines of its sheets: the last one signed, and those nobody typed yet."""

    window_id: UUID
    number: int
    last: int
    missing: tuple[int, ...]

    @property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """What is missing, from–to, as it stands on the sheets."""
        show = rules.show_place
        return tuple((show(self.number, a), show(self.number, b)) for a, b in rules.in_runs(self.missing))


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """A line that was typed in, the newest first; `beside` are the cards of the others on that line of the sheet."""

    hand_over_id: UUID
    place: str
    card_tail: str
    at: datetime
    items: tuple[tuple[Names, int], ...]
    over: int
    is_back: bool
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperView:
    """Everything beside the line that is being typed."""

    items: tuple[PaperItem, ...]
    windows: tuple[WindowLines, ...]
    entered: tuple[EnteredRow, ...]


def paper_view(session: Session, by: Actor, day: date, *, limit: int = 100) -> PaperView:
    """The items by their numbers, the windows with what is missing, and the newest `limit` lines typed for that day."""
    by.require(Permission.HAND_OVER)
    return PaperView(_items(session, by, day), missing_lines(session, by, day), _typed(session, by, day, limit))


def family_of_card(session: Session, by: Actor, code: str, day: date) -> PaperFamily:
    """The family of a scanned or typed card, by its last four digits or more; a card replaced since was good on paper.

    NotFound for an unknown end, Refused `more-digits` where several cards end alike.
    """
    by.require(Permission.HAND_OVER)
    plain = "".join(clean(code).split()).lower()
    shown = plain[-CARD_DIGITS:]  # whatever was pasted here, the answer is one sentence
    homes = {row.id: row for row in session.execute(_of_card(plain))} if len(plain) >= FEWEST_DIGITS else {}
    if not homes:
        words = Text("No card here ends in {digits}. New on paper? Register the family first, the line stays.", digits=shown)
        raise NotFound("no-card", words)
    if len(homes) > 1:
        raise Refused("more-digits", Text("{n} cards end in {digits}: type more digits.", n=len(homes), digits=shown))
    (home,) = homes.values()
    rows = allowances(session, by, home.id, day=day)
    due = {item: max(row.due for row in rows if row.item_id == item) for item in {row.item_id for row in rows}}
    seen = may_see(by, home.is_protected)
    name = masked_name(home.family_name or "", home.given_name or "", home.patronymic or "") if seen else ""
    return PaperFamily(home.id, home.number[-FEWEST_DIGITS:], name, _people(session, home.id, day), due)


def _of_card(code: str) -> Select[*tuple[Any, ...]]:
    whole = Card.token == code if not code.isdigit() else Card.number.endswith(code, autoescape=True)
    return (
        select(
            Household.id, Household.is_protected, Card.number, Person.family_name, Person.given_name, Person.patronymic
        )
        .join(Card, Card.household_id == Household.id)
        .outerjoin(Person, Person.id == Household.head_id)
        .where(whole, Household.status == "active")
        .order_by(Card.state.desc())
        .limit(CARD_DIGITS)
    )


def _people(session: Session, household_id: UUID, day: date) -> int:
    return len(family_of(session, household_id, day).here)


def items_of_today(session: Session, by: Actor) -> tuple[PaperItem, ...]:
    """The items by the numbers they are typed by today."""
    by.require(Permission.FIND)
    return _items(session, by, current_day(session, by))


def _items(session: Session, by: Actor, day: date) -> tuple[PaperItem, ...]:
    """What the rules in force give, in their order as on the paper; then what earlier rules gave."""
    names = {row.rule.item_id: row.item_names for row in running_rules(session, by, day)}
    earlier = (
        select(Item.id, Item.names)
        .join(CampaignRule, CampaignRule.item_id == Item.id)
        .join(Campaign, Campaign.id == CampaignRule.campaign_id)
        .where(Campaign.site_id == by.site, Item.variant_of_id.is_(None))
        .order_by(Item.code)
    )
    for item, shown in session.execute(earlier):
        names.setdefault(item, shown)
    sizes = sizes_of(session)
    return tuple(
        PaperItem(n, item, shown, {one.size: one.item_id for one in sizes.get(item, ())})
        for n, (item, shown) in enumerate(names.items(), 1)
    )


def place_of(window: int, place: int) -> str:
    """2-03/12; empty before the first line."""
    return rules.show_place(window, place) if place else ""


# ── lines of the sheets ──────────────────────────────────────────────────────────────────────────


def missing_lines(session: Session, by: Actor, day: date) -> tuple[WindowLines, ...]:
    """The windows that hand over, each with the lines up to its last one that no hand-over stands on."""
    desks = session.scalars(select(Desk).where(Desk.site_id == by.site).order_by(Desk.number))
    rows = [_window_lines(session, by, desk, day) for desk in desks if Stage.HAND_OVER in desk.stages]
    return tuple(rows)


def _window_lines(session: Session, by: Actor, desk: Desk, day: date) -> WindowLines:
    last = last_drawn(session, by.site, sheet_series(day, desk.number))
    taken = standing_lines(session, desk.id, day)
    return WindowLines(desk.id, desk.number, last, rules.missing(taken, last))


def paper_ended(
    session: Session, by: Actor, *, request_id: UUID, day: date, window_id: UUID, place: int
) -> WindowLines:
    """The last line that was signed on paper at a window: the next hand-over goes below it, and the lines before it are to be typed in."""
    by.require(Permission.HAND_OVER)
    with journal.operation(session, by, request_id, "paper_ended", day=day, window_id=window_id, place=place) as op:
        desk = session.get(Desk, window_id)
        if desk is None or desk.site_id != by.site:
            raise NotFound("no-window", Text("There is no such window."))
        if not 1 <= place <= rules.MOST_UNITS:
            raise InvalidInput([Problem("place", Text("The line as it stands on the sheet: 2-03/12, or 3/12."))])
        if not op.is_repeat:
            draw_up_to(session, by.site, sheet_series(day, desk.number), place)
        return _window_lines(session, by, desk, day)


def _typed(session: Session, by: Actor, day: date, limit: int) -> tuple[EnteredRow, ...]:
    query = (
        select(HandOver, Desk.number, Card.tail, HandOverVoid.id.is_not(None))
        .join(PaperEntry, PaperEntry.hand_over_id == HandOver.id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .outerjoin(Card, (Card.household_id == HandOver.household_id) & Card.is_valid)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == by.site, HandOver.day == day)
        .order_by(PaperEntry.typed_at.desc(), HandOver.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    given, others = given_lines(session, [row[0].id for row in rows]), same_line.beside(session, [row[0].id for row in rows])
    found = []
    for row, window, tail, is_back in rows:
        lines = [line for line in given[row.id] if line.quantity]
        over = sum(max(line.quantity - line.allowed, 0) for line in lines)
        place = str(SheetLine(str(window), row.sheet, row.line))
        items = tuple((line.item_names, line.quantity) for line in lines)
        beside = others.get(row.id, ()) if not is_back else ()
        found.append(EnteredRow(row.id, place, tail or "", row.at, items, over, is_back, beside))
    return tuple(found)
