"""What a family may have now at this window, why, and if not, when again.

Reads what the pure rules ask for: members of today, home place and all above it, what these people were covered by
anywhere. The answer itself is `domain.entitlement`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, bindparam, func, null, select
from sqlalchemy.orm import Session

from aidtrack.domain import entitlement
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import age_on
from aidtrack.domain.campaigns import Switch
from aidtrack.domain.entitlement import Allowance, Basis, Covering, Family, Member, Rule, Shared
from aidtrack.domain.promises import PromiseState
from aidtrack.errors import NotFound, Text
from aidtrack.services import days
from aidtrack.services.campaigns.declared import declared_coverings
from aidtrack.services.campaigns.owed import NOTHING, Owed, Promised, Waiting, owed_to
from aidtrack.services.campaigns.rules import RuleRow, rule_editions, rule_rows, running_rules
from aidtrack.services.campaigns.switching import switches
from aidtrack.services.identity.classes import class_of_many, household_class
from aidtrack.services.stock.ledger import available, find_shelf
from aidtrack.services.stock.sizes import Size, sizes_of, with_sizes
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson, HandOverVoid, LoanReturn
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed, Settlement
from aidtrack.store.stock import Item

Names = Mapping[str, str]

# Statements made once: building one anew costs more than running it.
_DESK, _HOUSEHOLD, _PERSON, _MEMBER, _NEED, _PLACE, _HAND, _COVERED, _LINE, _VOID, _RULE, _ITEM, _BACK = map(
    table_of,
    (
        Desk, Household, Person, HouseholdMember, PersonNeed, Settlement, HandOver, HandOverPerson, HandOverLine,
        HandOverVoid, CampaignRule, Item, LoanReturn,
    ),
)  # fmt: skip
_WINDOWS = (
    select(_DESK.c.id, _DESK.c.number, _DESK.c.gives, _DESK.c.shelf_id, _DESK.c.is_active, _DESK.c.stages)
    .where(_DESK.c.site_id == bindparam("site"))
    .order_by(_DESK.c.number)
)
# A family is known since its card holder is: a separate card makes nobody a newcomer.
_KNOWN_SINCE = (
    select(func.min(_MEMBER.c.since_day)).where(_MEMBER.c.person_id == _HOUSEHOLD.c.head_id).scalar_subquery()
)
_HOME = select(
    _HOUSEHOLD.c.settlement_id,
    _HOUSEHOLD.c.lodging,
    func.coalesce(_KNOWN_SINCE, _HOUSEHOLD.c.registered_day, type_=Date).label("known_since"),
).where(_HOUSEHOLD.c.id == bindparam("household"))
_MEMBERS = (
    select(_PERSON.c.id, _PERSON.c.sex, _PERSON.c.birth_date, _PERSON.c.birth_precision, _MEMBER.c.presence)
    .join_from(_PERSON, _MEMBER, _MEMBER.c.person_id == _PERSON.c.id)
    .where(
        _MEMBER.c.household_id == bindparam("household"),
        _MEMBER.c.since_day <= bindparam("day"),
        _MEMBER.c.until_day.is_(None) | (_MEMBER.c.until_day > bindparam("day")),
    )
    .order_by(_MEMBER.c.no)
)
_NEEDS = select(_NEED.c.person_id, _NEED.c.need).where(
    _NEED.c.person_id.in_(bindparam("persons", expanding=True)),
    _NEED.c.until_day.is_(None) | (_NEED.c.until_day > bindparam("day")),
)
_UP = select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == bindparam("home")).cte("above", recursive=True)
_UP = _UP.union(select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == _UP.c.parent_id))
_ABOVE = select(_UP.c.id)
_GROUP = _RULE.c.filters["group"].as_string()
# The last day is enough: a family of many years has as many rows as items.
# A size covers like the item it is a size of, a substitute like what it stands for: one window for all of them. A corrected hand-over
# counts from the day of the first one.
_WHOLE = func.coalesce(_LINE.c.substitute_of_id, _ITEM.c.variant_of_id, _ITEM.c.id, type_=_ITEM.c.id.type)
_SINCE = func.coalesce(_HAND.c.counts_from, _HAND.c.day, type_=Date)
_WHAT = (_COVERED.c.person_id, _WHOLE.label("item_id"), _LINE.c.person_ids, _HAND.c.household_id)
# What was lent and came back is with nobody.
_CAME_BACK = (
    select(_BACK.c.id).where(_BACK.c.hand_over_line_id == _LINE.c.id, _BACK.c.outcome != "kept").correlate(_LINE).exists()
)
_VALID_LINES = (
    select(*_WHAT, func.max(_SINCE, type_=Date).label("day"))
    .join_from(_COVERED, _HAND, _HAND.c.id == _COVERED.c.hand_over_id)
    .join(_LINE, _LINE.c.hand_over_id == _HAND.c.id)
    .join(_ITEM, _ITEM.c.id == _LINE.c.item_id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _HAND.c.id)
    .where(_COVERED.c.person_id.in_(bindparam("persons", expanding=True)), _VOID.c.id.is_(None), ~_CAME_BACK)
    .group_by(_COVERED.c.person_id, _WHOLE, _LINE.c.person_ids, _HAND.c.household_id)
)
_OF_ITEMS = _WHOLE.in_(bindparam("items", expanding=True))
_COVERINGS = _VALID_LINES.add_columns(null().label("group")).where(_OF_ITEMS)
_COVERINGS_OF_GROUPS = (
    _VALID_LINES.add_columns(_GROUP.label("group"))
    .outerjoin(_RULE, _RULE.c.id == _LINE.c.rule_id)
    .where(_OF_ITEMS | _GROUP.is_not(None))
    .group_by(_GROUP)
)
_HOMES = select(_HOUSEHOLD.c.id, _HOUSEHOLD.c.settlement_id, _HOUSEHOLD.c.lodging).where(
    _HOUSEHOLD.c.id.in_(bindparam("households", expanding=True))
)
_GIVEN_TODAY = (
    select(_RULE.c.campaign_id, _RULE.c.no, func.sum(_LINE.c.quantity))
    .join_from(_RULE, _LINE, _LINE.c.rule_id == _RULE.c.id)
    .join(_HAND, _HAND.c.id == _LINE.c.hand_over_id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _HAND.c.id)
    .where(
        _HAND.c.site_id == bindparam("site"),
        _HAND.c.day == bindparam("day"),
        _RULE.c.campaign_id.in_(bindparam("campaigns", expanding=True)),
        _VOID.c.id.is_(None),
    )
    .group_by(_RULE.c.campaign_id, _RULE.c.no)
)

GIVE, NOT_TODAY, OTHER_WINDOW, NONE_LEFT = "give", "not_today", "other_window", "none_left"
PUT_ASIDE, PROMISED, WAITING = "put_aside", "promised", "waiting"


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size of an item and how many of it this shelf has now."""

    item_id: UUID
    size: str
    available: int


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """What one rule gives a family now, as the desk shows it. `covered` are the persons the whole of `due` is for.

    `state`: give · not_today (grey, `next_day`) · other_window (`windows` give it) · none_left (nothing on this shelf) · put_aside (`due`
    has what is promised and stands ready) · promised (for a day, not here yet) · waiting (none left, the family is in the wait list).
    `promised` of `due` are kept promises of the family, taken first. `sizes` are those the item comes in, in use or still on the shelf;
    `available` counts all of them and what has no size, as far as this family may be given it. `by_new_home`: due only because a new
    home has its own; `is_limited`: less is given by a decision of today, which `reason` says.
    """

    rule_id: UUID
    campaign_id: UUID
    item_id: UUID
    item_names: Names
    unit: Text
    basis: Basis
    due: int
    covered: tuple[UUID, ...]
    last_day: date | None
    next_day: date | None
    reason: Text
    state: str
    rule: Rule
    available: int
    windows: tuple[int, ...] = ()
    sizes: tuple[SizeRow, ...] = ()
    no: int = 0
    promised: int = 0
    promises: tuple[Promised, ...] = ()
    waiting: Waiting | None = None
    by_new_home: bool = False
    is_limited: bool = False

    @property
    def without_size(self) -> int:
        """How many this shelf has that carry no size."""
        return self.available - sum(one.available for one in self.sizes)

    @property
    def until(self) -> date | None:
        """Until when it is put aside, or for when it is promised: the nearest date of its promises."""
        return min((one.until for one in self.promises), default=None)

    def covers(self, quantity: int) -> tuple[UUID, ...]:
        """The persons a hand-over of `quantity` is for: what `hand_over_line.person_ids` keeps."""
        return entitlement.covered_by(self.rule, self.covered, self.due, quantity)


def allowances(
    session: Session,
    by: Actor,
    household_id: UUID,
    *,
    day: date | None = None,
    family: Family | None = None,
    is_served_first: bool = False,
    as_ruled: bool = False,
) -> tuple[AllowanceRow, ...]:
    """What this family may have on `day` (default: the open day) at this window, in the order of the rules.

    `family` spares reading it again where it was read under its locks; `is_served_first`: its number is of that line; `as_ruled` leaves
    out what is decided for today only, for what is to be given on another day.
    Rules that are not for this family are left out;
    `try_rules` shows them too.
    """
    day = day or days.current_day(session, by)
    rules = running_rules(session, by, day)
    windows = _windows(session, by.site)
    here = next((one for one in windows if one.id == by.desk_id), None)
    shelf = (here.shelf_id if here else None) or find_shelf(session, by)
    lying, sizes = available(session, shelf, day) if shelf else {}, sizes_of(session)
    held = with_sizes(lying, sizes)
    given_here = {row.rule.item_id for row in rules if _elsewhere(row.rule.item_id, here, windows) is None}
    none_left = {item for item in given_here if not held.get(item)}
    home = home_of(session, household_id, family or family_of(session, household_id, day))
    given = given_today(session, by, rules, day)
    today = switches(session, by.site, day)
    answers = judge(session, rules, home, day, none_left)
    limited = answers if as_ruled else tuple(
        _as_today(_within(one, row, given), today, is_served_first) for row, one in zip(rules, answers, strict=True)
    )
    there = _Shelf(lying, held, sizes)
    shown = [*zip(rules, limited, strict=True), *_kept_beyond(session, home.owed, rules)]
    return tuple(
        _allowance_row(row, answer, there, _elsewhere(row.rule.item_id, here, windows), home, day)
        for row, answer in shown
        if answer.fits or _own(home.owed, row)
    )


def _own(owed: Owed, row: RuleRow) -> tuple[Promised, ...]:
    """The family's open promises of what this rule gives, in any of its sizes."""
    promised = owed.own.get((row.campaign_id, row.no), ())
    return tuple(one for one in promised if one.whole_id == row.rule.item_id)


def _kept_beyond(session: Session, owed: Owed, rules: Sequence[RuleRow]) -> list[tuple[RuleRow, Allowance]]:
    """Rules that are not in force any more but were promised by: a promise is kept."""
    if not owed.own:
        return []
    in_force = {(row.campaign_id, row.no, row.rule.item_id) for row in rules}
    promised = (one for ones in owed.own.values() for one in ones)
    editions = {one.rule_id for one in promised if (*one.rule, one.whole_id) not in in_force}
    known = {(row.campaign_id, row.no, row.rule.item_id): row for row in rule_editions(session, editions)}
    return [(row, Allowance(row.rule, 0, Text("promised already"))) for row in known.values()]


def try_rules(
    session: Session, by: Actor, household_id: UUID, *, campaign_id: UUID | None = None
) -> tuple[tuple[RuleRow, Allowance], ...]:
    """Every rule with its answer for one family, those that do not fit too, with the reason: the coordinator's
    trial.
    """
    by.require(Permission.CAMPAIGN)
    day = days.current_day(session, by)
    rules = rule_rows(session, by, campaign_id) if campaign_id else running_rules(session, by, day)
    home = home_of(session, household_id, family_of(session, household_id, day))
    return tuple(zip(rules, judge(session, rules, home, day), strict=True))


@dataclass(frozen=True, slots=True)
class Home:
    """The family that asks, under which card, which of its members each record is (joined ones are one), and what it is owed."""

    household_id: UUID
    family: Family
    whose: Mapping[UUID, UUID]
    owed: Owed = NOTHING


def home_of(session: Session, household_id: UUID, family: Family) -> Home:
    """The family with everything that is promised to it."""
    joined = class_of_many(session, [member.person_id for member in family.here])
    whose = {record: person for person, records in joined.items() for record in records}
    return Home(household_id, family, whose, owed_to(session, household_id, list(whose)))


def judge(
    session: Session, rules: Sequence[RuleRow], home: Home, day: date, none_left: AbstractSet[UUID] = frozenset()
) -> tuple[Allowance, ...]:
    """The pure rules asked about one family with everything its members were covered by, anywhere, and were promised."""
    asked = [row.rule for row in rules]
    covered = [
        *coverings(session, home, asked), *declared_coverings(session, home.whose, asked), *home.owed.coverings(home.whose, day)
    ]  # fmt: skip
    return entitlement.allowance(asked, home.family, covered, day, none_left)


def given_today(session: Session, by: Actor, rules: Iterable[RuleRow], day: date) -> dict[tuple[UUID, int], int]:
    """How many units each rule with a daily limit gave today at this centre, by (programme, number)."""
    limited = {row.campaign_id for row in rules if row.rule.daily_cap is not None}
    if not limited:
        return {}
    asked = {"site": by.site, "day": day, "campaigns": list(limited)}
    rows = session.connection().execute(_GIVEN_TODAY, asked)
    return {(campaign, no): int(units) for campaign, no, units in rows}


def _within(answer: Allowance, row: RuleRow, given: Mapping[tuple[UUID, int], int]) -> Allowance:
    """The answer within what the centre gives in a day."""
    if answer.rule.daily_cap is None or not answer.due:
        return answer
    left = max(answer.rule.daily_cap - given.get((row.campaign_id, row.no), 0), 0)
    if answer.due <= left:
        return answer
    reason = Text("{left} left of today's share", left=left) if left else Text("today's share is given out")
    return _limited(answer, left, reason)


def _as_today(answer: Allowance, today: Mapping[UUID, Switch], is_served_first: bool) -> Allowance:
    """The answer as the item is given today."""
    switch = today.get(answer.rule.item_id)
    most = switch.most(is_served_first=is_served_first) if switch else None
    return answer if switch is None or most is None or answer.due <= most else _limited(answer, most, switch.text)


def _limited(answer: Allowance, most: int, reason: Text) -> Allowance:
    """Less than is due, by a decision of today: it says nothing of when it was last or is next."""
    if most:
        return replace(answer, due=most, reason=reason, persons=answer.covers(most), is_limited=True)
    return replace(answer, due=0, reason=reason, persons=(), last_day=None, next_day=None)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What can be given from a shelf: of each row of the catalogue, of each item with its sizes, and which sizes there are."""

    lying: Mapping[UUID, int]
    held: Mapping[UUID, int]
    sizes: Mapping[UUID, tuple[Size, ...]]

    def sizes_of(self, item_id: UUID, own: Sequence[Promised], day: date) -> tuple[SizeRow, ...]:
        """What this family may be given of each size: what lies free, and what stands aside for it."""
        ready: dict[UUID, int] = defaultdict(int)
        for part in (part for one in own for part in one.parts if part.can_be_given(day)):
            ready[part.item_id] += part.quantity
        rows = (
            SizeRow(one.item_id, one.size, self.lying.get(one.item_id, 0) + ready[one.item_id])
            for one in self.sizes.get(item_id, ())
        )
        in_use = {one.item_id for one in self.sizes.get(item_id, ()) if one.is_active}
        return tuple(row for row in rows if row.available or row.item_id in in_use)


def _allowance_row(
    row: RuleRow, answer: Allowance, shelf: _Shelf, elsewhere: tuple[int, ...] | None, home: Home, day: date
) -> AllowanceRow:
    held = shelf.held.get(row.rule.item_id, 0)
    own, waiting = _own(home.owed, row), home.owed.waiting.get((row.campaign_id, row.no))
    ready = sum(one.aside(day) for one in own)
    kept = ready + min(sum(one.owed for one in own) - ready, held)
    plain = _state(answer, held, elsewhere)
    state, reason = _with_promises(plain, own, ready, kept, day) if own else _with_wait(plain, waiting)
    due = kept + (answer.due if held or not kept else 0)
    return AllowanceRow(
        rule_id=row.rule.id,
        campaign_id=row.campaign_id,
        item_id=row.rule.item_id,
        item_names=row.item_names,
        unit=row.unit,
        basis=row.rule.basis,
        due=due,
        covered=_covered(home, own if kept else (), answer.persons if due > kept else ()),
        last_day=answer.last_day,
        next_day=answer.next_day,
        reason=reason,
        state=state,
        rule=row.rule,
        available=held + ready,
        windows=elsewhere or (),
        sizes=shelf.sizes_of(row.rule.item_id, own, day),
        no=row.no,
        promised=kept,
        promises=own,
        waiting=waiting,
        by_new_home=answer.by_new_home,
        is_limited=answer.is_limited,
    )


def _covered(home: Home, own: Sequence[Promised], others: Sequence[UUID]) -> tuple[UUID, ...]:
    """Whom the whole is for: first those it was promised to, wherever they live now, each once."""
    promised = [home.whose.get(record, record) for one in own for record in one.persons]
    return tuple(dict.fromkeys([*promised, *others]))


def _with_promises(
    plain: tuple[str, Text], own: Sequence[Promised], ready: int, kept: int, day: date
) -> tuple[str, Text]:
    """A promise says itself where it stands; what another window gives is given there, promised or not."""
    until = min(one.until for one in own)
    if ready:
        words = Text("put aside until {day}", day=until)
    elif any(one.state(day) is PromiseState.OVERDUE for one in own):
        words = Text("promised for {day}, has not come", day=until)
    else:
        words = Text("promised for {day}", day=until)
    if plain[0] == OTHER_WINDOW:
        return OTHER_WINDOW, words
    return (PUT_ASIDE if ready else GIVE if kept else PROMISED), words


def _with_wait(plain: tuple[str, Text], waiting: Waiting | None) -> tuple[str, Text]:
    if waiting is None or plain[0] != NONE_LEFT:
        return plain
    return WAITING, Text("in the wait list since {day}", day=waiting.since)


def _state(answer: Allowance, held: int, elsewhere: tuple[int, ...] | None) -> tuple[str, Text]:
    if elsewhere is not None and (answer.due or not answer.fits):
        return OTHER_WINDOW, Text("given at another window")
    if not answer.due:
        return NOT_TODAY, answer.reason
    return (GIVE, answer.reason) if held else (NONE_LEFT, Text("the book has none on this shelf"))


@dataclass(frozen=True, slots=True)
class _WindowRow:
    """A window as allowances see it: what it gives, None for all, and from which shelf."""

    id: UUID
    number: int
    gives: frozenset[str] | None
    shelf_id: UUID | None
    hands_over: bool

    def gives_item(self, item_id: UUID) -> bool:
        return self.gives is None or item_id.hex in self.gives


def _windows(session: Session, site_id: UUID) -> Sequence[_WindowRow]:
    rows = session.connection().execute(_WINDOWS, {"site": site_id})
    return [
        _WindowRow(desk, n, _items(gives), shelf, is_active and "hand_over" in stages)
        for desk, n, gives, shelf, is_active, stages in rows
    ]


def _items(gives: list[str] | None) -> frozenset[str] | None:
    return None if gives is None else frozenset(map(str, gives))


def _elsewhere(item_id: UUID, here: _WindowRow | None, windows: Sequence[_WindowRow]) -> tuple[int, ...] | None:
    """None when this window gives the item, else the numbers of those that do; somebody without a window sees them all."""
    if here is None or here.gives_item(item_id):
        return None
    return tuple(one.number for one in windows if one.hands_over and one.gives_item(item_id))


def family_of(session: Session, household_id: UUID, day: date) -> Family:
    """A household as the rules see it on `day`: members of today, their age and needs, home place with all above it."""
    session.flush()
    home = session.connection().execute(_HOME, {"household": household_id}).one_or_none()
    if home is None:
        raise NotFound("no-household", Text("This family is not registered here."))
    places = _places_above(session, home.settlement_id)
    return Family(_members(session, household_id, day), places, home.lodging or None, home.known_since)


def _members(session: Session, household_id: UUID, day: date) -> tuple[Member, ...]:
    rows = _each_once(session, session.connection().execute(_MEMBERS, {"household": household_id, "day": day}).all())
    needs = _needs(session, [row[0] for row in rows], day)
    return tuple(
        Member(person, presence == "here", sex or None, age_on(day, born, precision), needs.get(person, frozenset()))
        for person, sex, born, precision, presence in rows
    )


def _each_once(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    """Somebody written down twice in one family counts once: the record that is here, else the first."""
    joined = class_of_many(session, [row.id for row in rows])
    kept: dict[UUID, Row[*tuple[Any, ...]]] = {}
    for row in rows:
        stand_in = min(joined[row.id])
        if stand_in not in kept or (row.presence == "here" and kept[stand_in].presence != "here"):
            kept[stand_in] = row
    return list(kept.values())


def _needs(session: Session, persons: Sequence[UUID], day: date) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for person, need in session.connection().execute(_NEEDS, {"persons": list(persons), "day": day}):
        found[person] = found.get(person, frozenset()) | {need}
    return found


def _places_above(session: Session, settlement_id: UUID | None) -> frozenset[UUID]:
    """The home place and everything it lies in."""
    if settlement_id is None:
        return frozenset()
    return frozenset(session.connection().execute(_ABOVE, {"home": settlement_id}).scalars())


def coverings(session: Session, home: Home, rules: Sequence[Rule]) -> list[Covering]:
    """By what the members here were covered, at any centre, in any household and under any of their records; cancelled
    hand-overs do not count.
    """
    whose = home.whose
    asked = {"persons": list(whose), "items": [rule.item_id for rule in rules]}
    query = _COVERINGS_OF_GROUPS if any(rule.group for rule in rules) else _COVERINGS
    rows = session.connection().execute(query, asked).all()
    others = _other_homes(session, home, {row.household_id for row in rows}) if _asks_homes(rules) else frozenset()
    return [
        Covering(
            whose[row.person_id], row.item_id, row.day, str(row.group or "").casefold(), row.household_id,
            row.household_id in others,
        )
        for row in rows
        if row.person_ids is None or row.person_id.hex in row.person_ids
    ]  # fmt: skip


def _asks_homes(rules: Iterable[Rule]) -> bool:
    return any(rule.shared is Shared.OWN_HOME for rule in rules)


def _other_homes(session: Session, home: Home, households: AbstractSet[UUID]) -> frozenset[UUID]:
    """Those of these households that are other families in another home: another place they come from or another way of living."""
    strangers = households - household_class(session, home.household_id)
    rows = session.connection().execute(_HOMES, {"households": [*strangers, home.household_id]})
    lives = {household: (settlement, lodging) for household, settlement, lodging in rows}
    return frozenset(one for one in strangers if lives[one] != lives[home.household_id])
