"""What a family may have now at this window, why, and if not, when again.

Reads what the pure rules ask for: members of today, home place and all above it, what these people were covered by
anywhere. The answer itself is `domain.entitlement`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, bindparam, exists, func, null, select
from sqlalchemy.orm import Session

from aidtrack.domain import entitlement
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Switch
from aidtrack.domain.entitlement import Allowance, AllowanceState, Basis, Covering, Rule, Shared
from aidtrack.domain.handover import SignOff
from aidtrack.domain.promises import PromiseState
from aidtrack.errors import Names, Text
from aidtrack.services import days
from aidtrack.services.campaigns.declared import declared_coverings
from aidtrack.services.campaigns.families import Home, home_of, with_owed
from aidtrack.services.campaigns.owed import Owed, Promised, Waiting
from aidtrack.services.campaigns.rules import RuleRow, rule_editions, rule_rows, running_rules
from aidtrack.services.campaigns.shelves import ShelfNow, SizeRow, shelf_for_rules
from aidtrack.services.campaigns.switching import switches
from aidtrack.services.campaigns.windows import WindowRow, elsewhere, windows_of
from aidtrack.services.identity.classes import household_class
from aidtrack.services.stock.ledger import find_shelf
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson, HandOverVoid, LoanReturn
from aidtrack.store.people import Household
from aidtrack.store.stock import Item

# Statements made once: building one anew costs more than running it.
_HOUSEHOLD, _HAND, _COVERED, _LINE, _VOID, _RULE, _ITEM, _BACK = map(
    table_of, (Household, HandOver, HandOverPerson, HandOverLine, HandOverVoid, CampaignRule, Item, LoanReturn)
)
_GROUP = _RULE.c.filters["group"].as_string()
# A size covers like the item it is a size of, a substitute like what it stands for: one window for all of them. A corrected hand-over
# counts from the day of the first one.
_WHOLE = func.coalesce(_LINE.c.substitute_of_id, _ITEM.c.variant_of_id, _ITEM.c.id, type_=_ITEM.c.id.type)
_SINCE = func.coalesce(_HAND.c.counts_from, _HAND.c.day, type_=Date)
_CANCELLED = exists().where(_VOID.c.hand_over_id == _HAND.c.id)
# What was lent and came back is with nobody.
_CAME_BACK = exists().where(_BACK.c.hand_over_line_id == _LINE.c.id, _BACK.c.outcome != "kept")


@cache
def _past_of(*, by_group: bool, by_home: bool) -> Select[*tuple[Any, ...]]:
    """By what these people were covered. The last day is enough: a family of many years has as many rows as items."""
    group, home = _GROUP if by_group else null(), _HAND.c.household_id if by_home else null()
    lines = (
        select(
            _COVERED.c.person_id, _WHOLE.label("item_id"), _LINE.c.person_ids, group.label("group"), home.label("household_id"),
            func.max(_SINCE, type_=Date).label("day"),
        )
        .join_from(_COVERED, _HAND, _HAND.c.id == _COVERED.c.hand_over_id)
        .join(_LINE, _LINE.c.hand_over_id == _HAND.c.id)
        .join(_ITEM, _ITEM.c.id == _LINE.c.item_id)
        .where(_COVERED.c.person_id.in_(bindparam("persons", expanding=True)), ~_CANCELLED, ~_CAME_BACK)
        .group_by(_COVERED.c.person_id, _WHOLE, _LINE.c.person_ids)
    )  # fmt: skip
    lines = lines.outerjoin(_RULE, _RULE.c.id == _LINE.c.rule_id).group_by(_GROUP) if by_group else lines
    return lines.group_by(_HAND.c.household_id) if by_home else lines


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

_Stands = tuple[AllowanceState, Text]


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """What one rule gives a family now, as the desk shows it. `covered` are the persons the whole of `due` is for.

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
    state: AllowanceState
    rule: Rule
    available: int
    windows: tuple[int, ...] = ()
    sizes: tuple[SizeRow, ...] = ()
    no: int = 0
    promised: int = 0
    promises: tuple[Promised, ...] = ()
    waiting: Waiting | None = None
    sign_off: SignOff = SignOff.SHEET
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
    home: Home | None = None,
    windows: Sequence[WindowRow] | None = None,
    is_served_first: bool = False,
    as_ruled: bool = False,
) -> tuple[AllowanceRow, ...]:
    """What this family may have on `day` (default: the open day) at this window, in the order of the rules.

    `home` and `windows` spare reading again what was read in this transaction, the family under its locks; `is_served_first`: its number is
    of that line; `as_ruled` leaves out what is decided for today only, for what is to be given on another day.
    Rules that are not for this family are left out;
    `try_rules` shows them too.
    """
    day = day or days.current_day(session, by)
    rules = running_rules(session, by, day)
    windows = windows_of(session, by.site) if windows is None else windows
    here = next((one for one in windows if one.id == by.desk_id), None)
    shelf = shelf_for_rules(session, here.shelf_id if here else find_shelf(session, by), day)
    given_here = {row.rule.item_id for row in rules if here is None or here.gives_item(row.rule.item_id)}
    none_left = {item for item in given_here if not shelf.held.get(item)}
    home = with_owed(session, home or home_of(session, household_id, day))
    given = given_today(session, by, rules, day)
    today = switches(session, by.site, day)
    answers = judge(session, rules, home, day, none_left)
    limited = answers if as_ruled else tuple(
        _as_today(_within(one, row, given), today, is_served_first) for row, one in zip(rules, answers, strict=True)
    )
    shown = [*zip(rules, limited, strict=True), *_kept_beyond(session, home.owed, rules)]
    return tuple(
        _allowance_row(row, answer, shelf, elsewhere(row.rule.item_id, here, windows), home, day)
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
    home = with_owed(session, home_of(session, household_id, day))
    return tuple(zip(rules, judge(session, rules, home, day), strict=True))


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
    reason = Text("{left} left of today’s share", left=left) if left else Text("today’s share is given out")
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


def _allowance_row(
    row: RuleRow, answer: Allowance, shelf: ShelfNow, windows: tuple[int, ...] | None, home: Home, day: date
) -> AllowanceRow:
    held = shelf.held.get(row.rule.item_id, 0)
    own, waiting = _own(home.owed, row), home.owed.waiting.get((row.campaign_id, row.no))
    ready = sum(one.aside(day) for one in own)
    kept = ready + min(sum(one.owed for one in own) - ready, held)
    plain = _state(answer, held, windows)
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
        windows=windows or (),
        sizes=shelf.sizes_of(row.rule.item_id, own, day),
        no=row.no,
        promised=kept,
        promises=own,
        waiting=waiting,
        by_new_home=answer.by_new_home,
        is_limited=answer.is_limited,
        sign_off=row.sign_off,
    )


def _covered(home: Home, own: Sequence[Promised], others: Sequence[UUID]) -> tuple[UUID, ...]:
    """Whom the whole is for: first those it was promised to, wherever they live now, each once."""
    promised = [home.whose.get(record, record) for one in own for record in one.persons]
    return tuple(dict.fromkeys([*promised, *others]))


def _with_promises(
    plain: _Stands, own: Sequence[Promised], ready: int, kept: int, day: date
) -> _Stands:
    """A promise says itself where it stands; what another window gives is given there, promised or not."""
    until = min(one.until for one in own)
    if ready:
        words = Text("put aside until {day}", day=until)
    elif any(one.state(day) is PromiseState.OVERDUE for one in own):
        words = Text("promised for {day}, has not come", day=until)
    else:
        words = Text("promised for {day}", day=until)
    if plain[0] is AllowanceState.OTHER_WINDOW:
        return AllowanceState.OTHER_WINDOW, words
    here = AllowanceState.PUT_ASIDE if ready else AllowanceState.GIVE
    return (here if kept else AllowanceState.PROMISED), words


def _with_wait(plain: _Stands, waiting: Waiting | None) -> _Stands:
    if waiting is None or plain[0] is not AllowanceState.NONE_LEFT:
        return plain
    return AllowanceState.WAITING, Text("in the wait list since {day}", day=waiting.since)


def _state(answer: Allowance, held: int, windows: tuple[int, ...] | None) -> _Stands:
    if windows is not None and (answer.due or not answer.fits):
        return AllowanceState.OTHER_WINDOW, Text("given at another window")
    if not answer.due:
        return AllowanceState.NOT_TODAY, answer.reason
    if not held:
        return AllowanceState.NONE_LEFT, Text("the book has none on this shelf")
    return AllowanceState.GIVE, answer.reason


def coverings(session: Session, home: Home, rules: Sequence[Rule]) -> list[Covering]:
    """By what the members here were covered, at any centre, in any household and under any of their records; cancelled
    hand-overs do not count.
    """
    whose, by_home = home.whose, any(rule.shared is Shared.OWN_HOME for rule in rules)
    query = _past_of(by_group=any(rule.group for rule in rules), by_home=by_home)
    rows = session.connection().execute(query, {"persons": list(whose)}).all()
    others = _other_homes(session, home, {row.household_id for row in rows}) if by_home else frozenset()
    return [
        Covering(
            whose[person], item, day, str(group or "").casefold(), household, household in others
        )
        for person, item, persons, group, household, day in rows
        if persons is None or person.hex in persons
    ]


def _other_homes(session: Session, home: Home, households: AbstractSet[UUID]) -> frozenset[UUID]:
    """Those of these households that are other families in another home: another place they come from or another way of living."""
    strangers = households - household_class(session, home.household_id)
    rows = session.connection().execute(_HOMES, {"households": [*strangers, home.household_id]})
    lives = {household: (settlement, lodging) for household, settlement, lodging in rows}
    return frozenset(one for one in strangers if lives[one] != lives[home.household_id])
