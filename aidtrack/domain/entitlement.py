"""What a family may have on a day, by whom it is counted, and when again if not now.

Owns the one rule of fairness: windows follow the *people*. What is due is computed from what the members standing
here were covered by, at any centre and in any household, so that moving grandmother neither feeds anybody twice nor
blocks a new family. It knows no tables and no stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

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
    Basis.MATCHING: Text("per matching person"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom a rule is for. Member filters (age, sex, needs) must all fit one member; empty means everybody.

    `settlements` holds the home places named in the rule; everything below them fits too. `without_lodgings` names
    ways of living that are served elsewhere, such as a shelter that cooks.
    """

    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None
    needs: frozenset[str] = frozenset()
    settlements: frozenset[UUID] = frozenset()
    lodgings: frozenset[str] = frozenset()
    without_lodgings: frozenset[str] = frozenset()

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
    """One line of a campaign: how much of an item, per what, for whom, how often. `renew_days` None means once."""

    id: UUID
    item_id: UUID
    basis: Basis
    quantity: int
    renew_days: int | None = None
    filters: Filters = EVERYBODY
    bands: tuple[Band, ...] = ()

    def quantity_for(self, people: int) -> int:
        """The quantity for a family of so many people: of the greatest band that is reached, else the plain
        quantity.
        """
        reached = [band for band in self.bands if band.people_from <= people]
        return max(reached, key=lambda band: band.people_from).quantity if reached else self.quantity


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


@dataclass(frozen=True, slots=True)
class Family:
    """The members of a household, where they come from (the home place and all above it) and how they live now."""

    members: tuple[Member, ...]
    places: frozenset[UUID] = frozenset()
    lodging: str | None = None

    @property
    def here(self) -> tuple[Member, ...]:
        """The members who live with this family now; those elsewhere are counted where they are."""
        return tuple(m for m in self.members if m.is_here)


@dataclass(frozen=True, slots=True)
class Covering:
    """On `day` this person was covered by a hand-over of this item, whoever collected it and wherever it was."""

    person_id: UUID
    item_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one rule gives this family on one day. `persons` are those a hand-over of `due` covers."""

    rule: Rule
    due: int
    reason: Text
    persons: tuple[UUID, ...] = ()
    last_day: date | None = None
    next_day: date | None = None
    fits: bool = True

    def covers(self, quantity: int) -> tuple[UUID, ...]:
        """The persons covered when `quantity` is handed over: all of them for a family's item, else as many as it is
        enough for.
        """
        if quantity <= 0:
            return ()
        if self.rule.basis is Basis.HOUSEHOLD:
            return self.persons
        return self.persons[: -(-quantity // self.rule.quantity)]


@dataclass(frozen=True, slots=True)
class _Window:
    """Until when each covered person waits for one item; a day beyond every calendar stands for *once*."""

    last: Mapping[UUID, date]
    until: Mapping[UUID, date] = field(default_factory=dict)


def allowance(rules: Sequence[Rule], family: Family, covered: Iterable[Covering], day: date) -> tuple[Allowance, ...]:
    """One answer a rule, in the order of the rules.

    Two rules may give the same item: whoever an earlier one covers is not counted again by a later one on the same day.
    """
    known = list(covered)
    answers = []
    for rule in rules:
        answer = _one(rule, family, known, day)
        known += [Covering(person, rule.item_id, day) for person in answer.persons]
        answers.append(answer)
    return tuple(answers)


def units_for(rule: Rule, family: Family) -> int:
    """How many units a family takes each time it is due: what a stock must be divided by."""
    answer = _one(rule, family, (), date.min + timedelta(days=1))
    return answer.due


def _one(rule: Rule, family: Family, covered: Iterable[Covering], day: date) -> Allowance:
    why_not = _why_not(rule, family)
    if why_not is not None:
        return Allowance(rule, 0, why_not, fits=False)
    window = _window(rule, covered, day)
    return _household(rule, family, window) if rule.basis is Basis.HOUSEHOLD else _persons(rule, family, window)


def _why_not(rule: Rule, family: Family) -> Text | None:
    wanted = rule.filters
    if not family.here:
        return Text("nobody of this family is here now")
    if wanted.settlements and not wanted.settlements & family.places:
        return Text("for families from other places")
    if (wanted.lodgings and family.lodging not in wanted.lodgings) or family.lodging in wanted.without_lodgings:
        return Text("not for this way of living")
    if not any(fits(wanted, member) for member in family.here):
        return Text("for nobody in this family")
    return None


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


def _window(rule: Rule, covered: Iterable[Covering], day: date) -> _Window:
    last: dict[UUID, date] = {}
    for one in covered:
        if one.item_id == rule.item_id:
            last[one.person_id] = max(one.day, last.get(one.person_id, one.day))
    ends = {person: _end(when, rule.renew_days) for person, when in last.items()}
    return _Window(last, {person: end for person, end in ends.items() if end > day})


def _end(when: date, renew_days: int | None) -> date:
    """The first day on which a person covered on `when` is due again."""
    if renew_days is None or (date.max - when).days < renew_days:
        return date.max
    return when + timedelta(days=renew_days)


def _household(rule: Rule, family: Family, window: _Window) -> Allowance:
    here = tuple(m.person_id for m in family.here)
    waiting = sorted(window.until[p] for p in here if p in window.until)
    last = _last(window, here)
    if waiting and 2 * len(waiting) >= len(here):
        # The window ends with the member who brings the covered ones below half of those who are here.
        return _not_today(rule, last, waiting[len(waiting) - _largest_minority(len(here)) - 1])
    return Allowance(rule, rule.quantity_for(len(here)), _due_words(rule.basis.text, last), here, last)


def _largest_minority(people: int) -> int:
    """The greatest number that is less than half of `people`."""
    return (people - 1) // 2


def _persons(rule: Rule, family: Family, window: _Window) -> Allowance:
    counted = tuple(m.person_id for m in family.here if fits(rule.filters, m))
    free = tuple(p for p in counted if p not in window.until)
    last = _last(window, counted)
    if not free:
        return _not_today(rule, last, min(window.until[p] for p in counted))
    whom = rule.basis.text if len(free) == len(counted) else Text("for {n} of {all}", n=len(free), all=len(counted))
    due = Allowance(rule, rule.quantity * len(free), _due_words(whom, last), free, last)
    if len(free) == len(counted):
        return due
    return replace(due, next_day=_shown(min(window.until[p] for p in counted if p in window.until)))


def _last(window: _Window, persons: Iterable[UUID]) -> date | None:
    return max((window.last[p] for p in persons if p in window.last), default=None)


def _not_today(rule: Rule, last: date | None, again: date) -> Allowance:
    next_day = _shown(again)
    if next_day is None:
        return Allowance(rule, 0, Text("given once, on {day}", day=last), (), last)
    return Allowance(rule, 0, Text("not today, from {day}", day=next_day), (), last, next_day)


def _shown(again: date) -> date | None:
    return None if again == date.max else again


def _due_words(whom: Text, last: date | None) -> Text:
    return whom if last is None else Text("{whom} · last time {day}", whom=whom, day=last)
