"""What a family may have on a day, by whom it is counted, and when again if not now.

Owns the one rule of fairness: windows follow the *people*. What is due is computed from what the members standing
here were covered by, at any centre and in any household, so that moving grandmother neither feeds anybody twice nor
blocks a new family. It knows no tables and no stock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from aidtrack.domain.categories import kinds_of
from aidtrack.errors import Text


class Basis(StrEnum):
    """What the quantity of a rule is counted by."""

    HOUSEHOLD = "household"
    PERSON = "person"
    MATCHING = "matching"

    @property
    def text(self) -> Text:
        return _BASIS_WORDS[self]


_BASIS_WORDS = {
    Basis.HOUSEHOLD: Text("per family"),
    Basis.PERSON: Text("per person"),
    Basis.MATCHING: Text("per person who fits"),
}


class Windows(StrEnum):
    """Whose time runs until the next one: each person's own, or the whole family's."""

    PERSON = "person"
    HOUSEHOLD = "household"

    @property
    def text(self) -> Text:
        return _WINDOWS_WORDS[self]


_WINDOWS_WORDS = {
    Windows.PERSON: Text("each person by themselves"),
    Windows.HOUSEHOLD: Text("the whole family together"),
}


class Shared(StrEnum):
    """When a family's item counts as received for people who had it in another family (data.md §4)."""

    HALF = "half"
    ANY = "any"
    OWN_HOME = "own_home"

    @property
    def text(self) -> Text:
        return _SHARED_WORDS[self]


_SHARED_WORDS = {
    Shared.HALF: Text("when half of those here had it"),
    Shared.ANY: Text("when anybody here had it"),
    Shared.OWN_HOME: Text("a new home has its own"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom a rule is for. Member filters (age, sex, needs) must all fit one member; empty means everybody.

    `settlements` holds the home places named in the rule; everything below them fits too. `without_lodgings` names
    ways of living that are served elsewhere, such as a shelter that cooks. Sizes count the people who are here; `kinds` are kinds of
    families (domain.categories), of which one must fit.
    """

    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None
    needs: frozenset[str] = frozenset()
    settlements: frozenset[UUID] = frozenset()
    lodgings: frozenset[str] = frozenset()
    without_lodgings: frozenset[str] = frozenset()
    size_from: int | None = None
    size_to: int | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    kinds: frozenset[str] = frozenset()

    @property
    def looks_at_members(self) -> bool:
        """Whether some members of a family may fit and others not."""
        return self.age_from is not None or self.age_to is not None or self.sex is not None or bool(self.needs)


EVERYBODY = Filters()


@dataclass(frozen=True, slots=True)
class Band:
    """From this many people on, a family has this quantity."""

    people_from: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a campaign: how much of an item, per what, for whom, how often.

    It renews every `renew_days`, or with the calendar `monthly`, else it is given once. `windows` says whose time runs (None: as the basis
    suggests), `shared` when a family's item counts for people who had it elsewhere. Rules of one `group` share one window: a kit and
    what replaces it. `cap` is the most one family gets in a window, `daily_cap` the most the centre gives in a day. What is lent for
    `loan_days` comes back: it is due again when it has, not after a time. `counts_declared`: what a family declares it had from another
    centre counts as received; never set for what is never withheld (`domain.foreign_cards`).
    """

    id: UUID
    item_id: UUID
    basis: Basis
    quantity: int
    renew_days: int | None = None
    filters: Filters = EVERYBODY
    bands: tuple[Band, ...] = ()
    monthly: bool = False
    windows: Windows | None = None
    shared: Shared = Shared.HALF
    group: str = ""
    cap: int | None = None
    daily_cap: int | None = None
    loan_days: int | None = None
    counts_declared: bool = False

    @property
    def is_of_family(self) -> bool:
        """Whether the time of the whole family runs."""
        return self.basis is Basis.HOUSEHOLD or self.windows is Windows.HOUSEHOLD

    def quantity_for(self, people: int) -> int:
        """The quantity for a family of so many people: of the greatest band that is reached, else the plain
        quantity.
        """
        reached = [band for band in self.bands if band.people_from <= people]
        return max(reached, key=lambda band: band.people_from).quantity if reached else self.quantity

    def units(self, here: int, fitting: int) -> int:
        """What a family takes at once when all are due: by its size, or for those of its members who fit; never above the cap."""
        much = self.quantity_for(here) if self.basis is Basis.HOUSEHOLD else self.quantity * fitting
        return much if self.cap is None else min(much, self.cap)

    def due_again(self, when: date) -> date:
        """The first day on which somebody covered on `when` is due again; beyond every calendar for *once*."""
        if self.monthly:
            return date(when.year + when.month // 12, when.month % 12 + 1, 1)
        if self.renew_days is None or (date.max - when).days < self.renew_days:
            return date.max
        return when + timedelta(days=self.renew_days)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the family as the rules see them, with the age on the day of the question. A member without a name
    counts like any other.
    """

    person_id: UUID
    is_here: bool = True
    sex: str | None = None
    age: int | None = None
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Family:
    """The members of a household, where they come from (the home place and all above it), how they live now, since when they
    are known here.
    """

    members: tuple[Member, ...]
    places: frozenset[UUID] = frozenset()
    lodging: str | None = None
    registered: date | None = None

    @cached_property
    def here(self) -> tuple[Member, ...]:
        """The members who live with this family now; those elsewhere are counted where they are."""
        return tuple(m for m in self.members if m.is_here)


@dataclass(frozen=True, slots=True)
class Covering:
    """On `day` this person was covered by a hand-over of this item, whoever collected it and wherever it was.

    `group` is the one of the rule it was given by. `household_id` is the family it was given to; `other_home` says that this is another
    family in another home than the one that asks now. `is_promised`: it was not handed over yet but is promised, which counts from now on
    until it is handed over or the promise ends. `is_declared`: nobody here gave it, a stamp on the family's card says that another centre
    did; it counts only for rules that say so.
    """

    person_id: UUID
    item_id: UUID
    day: date
    group: str = ""
    household_id: UUID | None = None
    other_home: bool = False
    is_promised: bool = False
    is_declared: bool = False


class AllowanceState(StrEnum):
    """How one allowance stands at a window now."""

    GIVE = "give"
    NOT_TODAY = "not_today"
    """Nothing is due; `next_day` says when it is."""
    OTHER_WINDOW = "other_window"
    """The `windows` give it."""
    NONE_LEFT = "none_left"
    """The book has none on this shelf."""
    PUT_ASIDE = "put_aside"
    """`due` has what is promised and stands ready."""
    PROMISED = "promised"
    """For a day, and not here yet."""
    WAITING = "waiting"
    """None left, and the family is in the wait list."""

    @property
    def gives(self) -> bool:
        """Whether something is handed over here now."""
        return self in (AllowanceState.GIVE, AllowanceState.PUT_ASIDE)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one rule gives this family on one day. `persons` are those a hand-over of `due` covers; `by_new_home` says that it is due only
    because a new home has its own, `is_limited` that it is less by a decision of that day.
    """

    rule: Rule
    due: int
    reason: Text
    persons: tuple[UUID, ...] = ()
    last_day: date | None = None
    next_day: date | None = None
    fits: bool = True
    by_new_home: bool = False
    is_limited: bool = False

    def covers(self, quantity: int) -> tuple[UUID, ...]:
        """The persons covered when `quantity` is handed over."""
        return covered_by(self.rule, self.persons, self.due, quantity)


def covered_by(rule: Rule, persons: Sequence[UUID], due: int, quantity: int) -> tuple[UUID, ...]:
    """Whom `quantity` is for, of `persons` for whom `due` is: all of them for a family's item, else as many as it is enough for."""
    if quantity <= 0:
        return ()
    if rule.is_of_family or quantity >= due:
        return tuple(persons)
    return tuple(persons[: -(-quantity // rule.quantity)])


@dataclass(slots=True)
class _Had:
    """What one person had of what a rule gives: when last, until when they wait (a day beyond every calendar for *once*, None: no more),
    and whether it is promised to them.
    """

    last: date | None = None
    until: date | None = None
    is_promised: bool = False

    @property
    def enough(self) -> bool:
        """Whether nothing more is due to this person now."""
        return self.until is not None or self.is_promised


_NOTHING = _Had()


def allowance(
    rules: Sequence[Rule],
    family: Family,
    covered: Iterable[Covering],
    day: date,
    none_left: AbstractSet[UUID] = frozenset(),
) -> tuple[Allowance, ...]:
    """One answer a rule, in the order of the rules.

    Two rules may give the same item, or one what replaces the other: whoever an earlier one covers is not counted again by a later
    one on the same day. Where there is `none_left` of an item, what replaces it is counted in its place.
    """
    known = _Known(covered)
    answers = []
    for rule in rules:
        answer = _one(rule, family, known, day)
        group = "" if rule.item_id in none_left else rule.group
        known.add(Covering(person, rule.item_id, day, group) for person in answer.persons)
        answers.append(answer)
    return tuple(answers)


class _Known:
    """Who was covered by what, by item and by group, so that each rule reads only what counts for it."""

    def __init__(self, covered: Iterable[Covering] = ()) -> None:
        self._of_item: dict[UUID, list[Covering]] = defaultdict(list)
        self._of_group: dict[str, list[Covering]] = defaultdict(list)
        self._has_declared = False
        self.add(covered)

    def add(self, covered: Iterable[Covering]) -> None:
        for one in covered:
            self._of_item[one.item_id].append(one)
            self._has_declared = self._has_declared or one.is_declared
            if one.group:
                self._of_group[one.group].append(one)

    def for_rule(self, rule: Rule) -> list[Covering]:
        """What counts for it: the same item, or another one of its group; what is only declared where the rule says so."""
        same = self._of_item.get(rule.item_id, [])
        if self._has_declared and not rule.counts_declared:
            same = [one for one in same if not one.is_declared]
        if not rule.group:
            return same
        return [*same, *(one for one in self._of_group.get(rule.group, ()) if one.item_id != rule.item_id)]


def _one(rule: Rule, family: Family, known: _Known, day: date) -> Allowance:
    why_not = _why_not(rule, family)
    if why_not is not None:
        return Allowance(rule, 0, why_not, fits=False)
    counted = known.for_rule(rule)
    answer = _in_this_home(rule, family, counted, day)
    given_here = [one for one in counted if not one.is_declared]
    if len(given_here) == len(counted) or _in_this_home(rule, family, given_here, day).due <= answer.due:
        return answer
    return _declared(answer, max(one.day for one in counted if one.is_declared))


def _declared(answer: Allowance, stamped: date) -> Allowance:
    """Less is due because of a stamp: that is said, for only the family can tell whether it is true."""
    words = Text("another centre gave it on {day}, by the stamp on the card", day=stamped)
    if not answer.due and answer.next_day is not None:
        words = Text("{stamp}; from {day}", stamp=words, day=answer.next_day)
    return replace(answer, reason=words)


def _in_this_home(rule: Rule, family: Family, counted: Sequence[Covering], day: date) -> Allowance:
    if rule.shared is not Shared.OWN_HOME:
        return _counting(rule, family, counted, day)
    own = _of_this_home(rule, counted, day)
    answer = _counting(rule, family, own, day)
    is_more = len(own) < len(counted) and answer.due > _counting(rule, family, counted, day).due
    return replace(answer, by_new_home=True) if is_more else answer


def _counting(rule: Rule, family: Family, counted: Sequence[Covering], day: date) -> Allowance:
    had = _had_by(rule, counted, day)
    return _household(rule, family, had) if rule.is_of_family else _persons(rule, family, had)


def _of_this_home(rule: Rule, covered: Sequence[Covering], day: date) -> list[Covering]:
    """What counts where a new home has its own: not what people brought from one other home. Whoever had it in two homes within one
    window had it twice already, wherever that was.
    """
    homes: dict[UUID, set[UUID | None]] = {}
    for one in covered:
        if rule.due_again(one.day) > day:
            homes.setdefault(one.person_id, set()).add(one.household_id)
    return [one for one in covered if not one.other_home or len(homes.get(one.person_id, ())) > 1]


def _why_not(rule: Rule, family: Family) -> Text | None:
    wanted = rule.filters
    if not family.here:
        return Text("nobody of this family is here now")
    if wanted.settlements and not wanted.settlements & family.places:
        return Text("for families from other places")
    if (wanted.lodgings and family.lodging not in wanted.lodgings) or family.lodging in wanted.without_lodgings:
        return Text("not for this way of living")
    if not _fits_size(wanted, len(family.here)):
        return Text("for families of another size")
    if not _fits_registration(wanted, family.registered):
        return Text("for families registered on other days")
    if wanted.kinds and not wanted.kinds & kinds_of(member.age for member in family.here):
        return Text("for families of another kind")
    if not any(fits(wanted, member) for member in family.here):
        return Text("for nobody in this family")
    return None


def _fits_size(wanted: Filters, people: int) -> bool:
    return (wanted.size_from or 0) <= people and (wanted.size_to is None or people <= wanted.size_to)


def _fits_registration(wanted: Filters, registered: date | None) -> bool:
    """Whoever has no day of registration fits: nothing says it is another one."""
    if registered is None:
        return True
    is_late = wanted.registered_from is None or wanted.registered_from <= registered
    return is_late and (wanted.registered_to is None or registered <= wanted.registered_to)


def fits(wanted: Filters, member: Member) -> bool:
    """Whether one member fits. Somebody whose age or sex is not known fits no filter on it: a visit can tell."""
    if wanted.sex is not None and member.sex != wanted.sex:
        return False
    if wanted.needs and not wanted.needs & member.needs:
        return False
    if wanted.age_from is None and wanted.age_to is None:
        return True
    if member.age is None:
        return False
    return (wanted.age_from or 0) <= member.age <= (10**3 if wanted.age_to is None else wanted.age_to)


def _had_by(rule: Rule, covered: Iterable[Covering], day: date) -> dict[UUID, _Had]:
    """Everybody who had it or is promised it."""
    found: dict[UUID, _Had] = {}
    for one in covered:
        had = found.get(one.person_id)
        if had is None:
            had = found[one.person_id] = _Had()
        if one.is_promised:
            had.is_promised = True
        elif had.last is None or had.last < one.day:
            had.last = one.day
    for had in found.values():
        again = rule.due_again(had.last) if had.last is not None else day
        had.until = again if again > day else None
    return found


def _household(rule: Rule, family: Family, had: Mapping[UUID, _Had]) -> Allowance:
    here = tuple(m.person_id for m in family.here)
    theirs = [had.get(person, _NOTHING) for person in here]
    waiting, last = _waiting(theirs), _last(theirs)
    enough = 1 if rule.shared is Shared.ANY else _largest_minority(len(here)) + 1
    if waiting and len(waiting) >= enough:
        # The window ends with the member who brings the covered ones below what makes the family wait.
        return _not_today(rule, last, waiting[len(waiting) - enough])
    if sum(one.enough for one in theirs) >= enough:
        return Allowance(rule, 0, _PROMISED, (), last)
    fitting = sum(fits(rule.filters, member) for member in family.here)
    return Allowance(rule, rule.units(len(here), fitting), _due_words(rule.basis.text, last), here, last)


def _largest_minority(people: int) -> int:
    """The greatest number that is less than half of `people`."""
    return (people - 1) // 2


def _persons(rule: Rule, family: Family, had: Mapping[UUID, _Had]) -> Allowance:
    counted = tuple(m.person_id for m in family.here if fits(rule.filters, m))
    theirs = [had.get(person, _NOTHING) for person in counted]
    free = tuple(person for person, one in zip(counted, theirs, strict=True) if not one.enough)
    waiting, last = _waiting(theirs), _last(theirs)
    units = rule.quantity * len(free)
    due = units if rule.cap is None else min(units, max(rule.cap - rule.quantity * (len(counted) - len(free)), 0))
    if not due:
        return _not_today(rule, last, _room_again(rule, waiting)) if waiting else Allowance(rule, 0, _PROMISED, (), last)
    is_all = len(free) == len(counted)
    whom = rule.basis.text if is_all else Text("for {n} of {all}", n=len(free), all=len(counted))
    next_day = _shown(waiting[0]) if waiting else None
    return Allowance(rule, due, _due_words(whom, last), free, last, next_day)


def _waiting(theirs: Iterable[_Had]) -> list[date]:
    """Until when those wait who do, the soonest first."""
    return sorted(one.until for one in theirs if one.until is not None)


def _last(theirs: Iterable[_Had]) -> date | None:
    return max((one.last for one in theirs if one.last is not None), default=None)


def _room_again(rule: Rule, ends: Sequence[date]) -> date:
    """The day on which somebody may have it again: the first whose wait ends, or, under a cap, when few enough still wait."""
    if rule.cap is None:
        return ends[0]
    most = -(-rule.cap // rule.quantity) - 1
    return ends[max(len(ends) - most - 1, 0)]


def _not_today(rule: Rule, last: date | None, again: date) -> Allowance:
    next_day = _shown(again)
    if rule.loan_days is not None and last is not None:
        return Allowance(rule, 0, Text("on loan, due back on {day}", day=due_back(rule, last)), (), last)
    if next_day is None:
        return Allowance(rule, 0, Text("given once, on {day}", day=last), (), last)
    return Allowance(rule, 0, Text("not today, from {day}", day=next_day), (), last, next_day)


def due_back(rule: Rule, lent: date) -> date:
    """The day on which what was lent on `lent` is to come back."""
    return lent + timedelta(days=rule.loan_days or 0)


def _shown(again: date) -> date | None:
    return None if again == date.max else again


_PROMISED = Text("promised already")


def _due_words(whom: Text, last: date | None) -> Text:
    return whom if last is None else Text("{whom} · last time {day}", whom=whom, day=last)
