"""Who gets what, as a coordinator types it and as people read it: drafts, their problems, and a rule as one sentence.

What a family may have by these rules is `domain.entitlement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from aidtrack.domain.categories import FamilyKind
from aidtrack.domain.entitlement import EVERYBODY, Band, Basis, Filters, Rule, Shared, Windows
from aidtrack.domain.handover import SignOff
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.domain.stock import LONGEST_NAME, MOST, length_problems, quantity_problems, so_many
from aidtrack.errors import Names, Problem, Text

LONGEST_RENEWAL = 366
LONGEST_LOAN = 1096
OLDEST = 120
LONGEST_GROUP = 40
MOST_PEOPLE = 99


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as typed: an item, how much, per what, how often, for whom. Without `every_days` and `monthly` it is given once."""

    item_id: UUID | None
    basis: Basis = Basis.PERSON
    quantity: int | None = 1
    every_days: int | None = None
    filters: Filters = EVERYBODY
    bands: tuple[Band, ...] = ()
    is_active: bool = True
    monthly: bool = False
    windows: Windows | None = None
    shared: Shared = Shared.HALF
    group: str = ""
    cap: int | None = None
    daily_cap: int | None = None
    loan_days: int | None = None
    counts_declared: bool = False


class Giving(StrEnum):
    """What an item is given to today at this centre, whatever the rules say. The order is the order of the digits."""

    ALL = "all"
    SERVED_FIRST = "served_first"
    RATION = "ration"
    NONE = "none"

    @property
    def text(self) -> Text:
        return _GIVING_WORDS[self]


_GIVING_WORDS = {
    Giving.ALL: Text("given as the rules say"),
    Giving.SERVED_FIRST: Text("only for those served first"),
    Giving.RATION: Text("a ration for each family"),
    Giving.NONE: Text("none today"),
}


@dataclass(frozen=True, slots=True)
class Switch:
    """How an item is given today: a decision for one day, not a change of rule. `ration` is what a family gets at most."""

    giving: Giving = Giving.ALL
    ration: int | None = None

    @property
    def text(self) -> Text:
        """As windows and board say it."""
        return Text("{n} for a family today", n=self.ration) if self.giving is Giving.RATION else self.giving.text

    def most(self, *, is_served_first: bool) -> int | None:
        """What a family may have of it now at most; None: what is due."""
        if self.giving is Giving.SERVED_FIRST:
            return None if is_served_first else 0
        return {Giving.ALL: None, Giving.RATION: self.ration, Giving.NONE: 0}[self.giving]


def switch_problems(switch: Switch) -> list[Problem]:
    """A ration needs its number."""
    return quantity_problems("ration", switch.ration) if switch.giving is Giving.RATION else []


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A programme of aid as typed. `version` is what an edit was filled from; `sites` are the other centres that give by it."""

    names: Names
    starts_on: date | None
    ends_on: date | None = None
    donor: str = ""
    version: int = 0
    sign_off: SignOff = SignOff.SHEET
    sites: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Enough:
    """How many families what can be given is enough for; `until` by today's pace, when it ends today."""

    families: int
    until: datetime | None = None

    @property
    def about(self) -> Enough:
        """As it is said to people: rounded down to tens of families and ten minutes, never up."""
        return Enough(about_families(self.families), about_time(self.until) if self.until else None)


def about_families(families: int) -> int:
    """Rounded down to tens; fewer than ten stand as they are."""
    return families // 10 * 10 if families >= 10 else families


def about_time(moment: datetime) -> datetime:
    """Rounded down to ten minutes."""
    return moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)


def campaign_problems(draft: CampaignDraft) -> list[Problem]:
    """Everything wrong with a programme, at once."""
    found = []
    if not any(name.strip() for name in draft.names.values()):
        found.append(Problem("name", Text("Give the programme a name.")))
    found += length_problems(LONGEST_NAME, donor=draft.donor)
    if any(len(name) > LONGEST_NAME for name in draft.names.values()):
        found.append(Problem("name", Text("Too long: {most} letters at most.", most=LONGEST_NAME)))
    if draft.starts_on is None:
        found.append(Problem("starts_on", Text("From which day?")))
    elif draft.ends_on is not None and draft.ends_on < draft.starts_on:
        found.append(Problem("ends_on", Text("The last day is before the first.")))
    return found


def rule_problems(draft: RuleDraft) -> list[Problem]:
    """Everything wrong with a rule, at once."""
    found = [] if draft.item_id else [Problem("item", Text("Which item? Type three letters of it."))]
    found += quantity_problems("quantity", draft.quantity)
    if draft.every_days is not None and not 1 <= draft.every_days <= LONGEST_RENEWAL:
        found.append(Problem("every_days", Text("Between 1 and {most} days.", most=LONGEST_RENEWAL)))
    if draft.every_days is not None and draft.monthly:
        found.append(Problem("every_days", Text("Either every so many days or with each month.")))
    found += _age_problems(draft.filters) + _span_problems(draft.filters)
    found += quantity_problems("cap", draft.cap or 1) + quantity_problems("daily_cap", draft.daily_cap or 1)
    found += length_problems(LONGEST_GROUP, group=draft.group) + _loan_problems(draft)
    if draft.windows is Windows.PERSON and draft.basis is Basis.HOUSEHOLD:
        found.append(Problem("windows", Text("What is given per family has the time of the whole family.")))
    if draft.basis is Basis.MATCHING and not draft.filters.looks_at_members:
        found.append(Problem("basis", Text("Say who fits: age, sex or what helps.")))
    return found + _band_problems(draft)


def _loan_problems(draft: RuleDraft) -> list[Problem]:
    if draft.loan_days is None:
        return []
    if not 1 <= draft.loan_days <= LONGEST_LOAN:
        return [Problem("loan_days", Text("Between 1 and {most} days.", most=LONGEST_LOAN))]
    if draft.every_days is not None or draft.monthly:
        return [Problem("loan_days", Text("What is lent is due again when it came back: leave the days between empty."))]
    return []


def _age_problems(wanted: Filters) -> list[Problem]:
    ages = [("age_from", wanted.age_from), ("age_to", wanted.age_to)]
    found = [
        Problem(field, Text("An age is between 0 and {most}.", most=OLDEST))
        for field, age in ages
        if age is not None and not 0 <= age <= OLDEST
    ]
    if not found and wanted.age_from is not None and wanted.age_to is not None and wanted.age_to < wanted.age_from:
        found.append(Problem("age_to", Text("The second age is lower than the first.")))
    return found


def _span_problems(wanted: Filters) -> list[Problem]:
    found = []
    sizes = [size for size in (wanted.size_from, wanted.size_to) if size is not None]
    if any(not 1 <= size <= MOST_PEOPLE for size in sizes) or sizes != sorted(sizes):
        found.append(Problem("size_from", Text("Write the sizes of families from the smaller to the larger.")))
    days = [day for day in (wanted.registered_from, wanted.registered_to) if day is not None]
    if days != sorted(days):
        found.append(Problem("registered_from", Text("The last day is before the first.")))
    return found


def _band_problems(draft: RuleDraft) -> list[Problem]:
    if not draft.bands:
        return []
    if draft.basis is not Basis.HOUSEHOLD:
        return [Problem("bands", Text("Sizes of families belong to rules per family."))]
    starts = [band.people_from for band in draft.bands]
    is_fine = starts == sorted(set(starts)) and starts[0] > 1 and all(0 < b.quantity <= MOST for b in draft.bands)
    return [] if is_fine else [Problem("bands", Text("Write sizes as 3=2, 6=3: from 3 people 2, from 6 people 3."))]


# ── filters as they are kept ─────────────────────────────────────────────────────────────────────


def pack_filters(wanted: Filters, bands: Sequence[Band] = ()) -> dict[str, object]:
    """Filters and sizes as plain values; what is not asked is left out."""
    packed: dict[str, object] = {
        "age_from": wanted.age_from,
        "age_to": wanted.age_to,
        "sex": wanted.sex,
        "needs": sorted(wanted.needs),
        "settlements": sorted(place.hex for place in wanted.settlements),
        "kinds": sorted(wanted.kinds),
        "lodgings": sorted(wanted.lodgings),
        "without_lodgings": sorted(wanted.without_lodgings),
        "size_from": wanted.size_from,
        "size_to": wanted.size_to,
        "registered_from": wanted.registered_from.isoformat() if wanted.registered_from else None,
        "registered_to": wanted.registered_to.isoformat() if wanted.registered_to else None,
        "bands": [[band.people_from, band.quantity] for band in bands],
    }
    return {key: value for key, value in packed.items() if value is not None and value != []}


def pack_terms(draft: RuleDraft) -> dict[str, object]:
    """Everything a rule asks besides item, basis, quantity and days, as plain values; what is usual is left out."""
    terms: dict[str, object] = {
        "monthly": draft.monthly or None,
        "windows": draft.windows.value if draft.windows else None,
        "shared": draft.shared.value if draft.shared is not Shared.HALF else None,
        "group": draft.group or None,
        "cap": draft.cap,
        "daily_cap": draft.daily_cap,
        "loan_days": draft.loan_days,
        "counts_declared": draft.counts_declared or None,
    }
    return pack_filters(draft.filters, draft.bands) | {key: value for key, value in terms.items() if value is not None}


def unpack_draft(
    item_id: UUID,
    basis: Basis,
    quantity: int,
    every_days: int | None,
    packed: Mapping[str, Any],
    is_active: bool = True,
) -> RuleDraft:
    """A kept rule as it would be typed."""
    windows = packed.get("windows")
    return RuleDraft(
        item_id, basis, quantity, every_days, unpack_filters(packed), unpack_bands(packed), is_active,
        monthly=bool(packed.get("monthly")),
        windows=Windows(windows) if windows else None,
        shared=Shared(packed.get("shared", Shared.HALF)),
        group=str(packed.get("group", "")),
        cap=_number(packed, "cap"),
        daily_cap=_number(packed, "daily_cap"),
        loan_days=_number(packed, "loan_days"),
        counts_declared=bool(packed.get("counts_declared")),
    )  # fmt: skip


def rule_of(edition_id: UUID, draft: RuleDraft) -> Rule:
    """A rule as the allowances ask it."""
    assert draft.item_id is not None, "a kept rule names an item"
    return Rule(
        edition_id, draft.item_id, draft.basis, draft.quantity or 0, draft.every_days, draft.filters, draft.bands,
        monthly=draft.monthly, windows=draft.windows, shared=draft.shared, group=draft.group.casefold(),
        cap=draft.cap, daily_cap=draft.daily_cap, loan_days=draft.loan_days, counts_declared=draft.counts_declared,
    )  # fmt: skip


def unpack_filters(packed: Mapping[str, list[str] | int | str | None]) -> Filters:
    """The filters of a kept rule."""
    sex = packed.get("sex")
    return Filters(
        age_from=_number(packed, "age_from"),
        age_to=_number(packed, "age_to"),
        sex=sex if isinstance(sex, str) else None,
        needs=frozenset(_words(packed, "needs")),
        settlements=frozenset(UUID(hex=place) for place in _words(packed, "settlements")),
        lodgings=frozenset(_words(packed, "lodgings")),
        without_lodgings=frozenset(_words(packed, "without_lodgings")),
        size_from=_number(packed, "size_from"),
        size_to=_number(packed, "size_to"),
        registered_from=_day(packed, "registered_from"),
        registered_to=_day(packed, "registered_to"),
        kinds=frozenset(_words(packed, "kinds")),
    )


def _number(packed: Mapping[str, object], key: str) -> int | None:
    found = packed.get(key)
    return found if isinstance(found, int) else None


def _day(packed: Mapping[str, object], key: str) -> date | None:
    found = packed.get(key)
    return date.fromisoformat(found) if isinstance(found, str) else None


def _words(packed: Mapping[str, object], key: str) -> list[str]:
    found = packed.get(key)
    return [str(word) for word in found] if isinstance(found, list) else []


def unpack_bands(packed: Mapping[str, object]) -> tuple[Band, ...]:
    """The sizes of a kept rule."""
    found = packed.get("bands")
    return tuple(Band(int(people), int(quantity)) for people, quantity in found) if isinstance(found, list) else ()


def read_bands(typed: str) -> tuple[Band, ...] | None:
    """`3=2, 6=3` as sizes; None when it cannot be read."""
    bands = []
    for part in typed.replace(";", ",").split(","):
        if part.strip():
            people, sign, quantity = (word.strip() for word in part.partition("="))
            if not (sign and people.isdecimal() and quantity.isdecimal()):
                return None
            bands.append(Band(int(people), int(quantity)))
    return tuple(bands)


def show_bands(bands: Iterable[Band]) -> str:
    """Sizes as they are typed."""
    return ", ".join(f"{band.people_from}={band.quantity}" for band in bands)


# ── a rule as a sentence ─────────────────────────────────────────────────────────────────────────


def rule_sentence(draft: RuleDraft, item: Names, unit: Text, places: Iterable[Names] = ()) -> Text:
    """“Food kit, 7 days: 1 kit per person every 7 days; for homes in Sudzha; not for people living in a shelter”."""
    parts = [
        _how_much(draft, unit),
        how_often(draft.every_days, monthly=draft.monthly, loan_days=draft.loan_days),
        *_for_whom(draft.filters, list(places)),
        *_limits(draft),
    ]
    return Text("{item}: {rule}", item=item, rule=_joined(parts))


def _how_much(draft: RuleDraft, unit: Text) -> Text:
    much = Text("{much} {basis}", much=so_many(draft.quantity or 0, unit), basis=draft.basis.text)
    for band in draft.bands:
        much = Text("{much}, from {people} people {n}", much=much, people=band.people_from, n=band.quantity)
    if draft.cap is not None:
        much = Text("{much}, {n} at most", much=much, n=draft.cap)
    return much


def how_often(every_days: int | None, *, monthly: bool = False, loan_days: int | None = None) -> Text:
    """“once”, “every 7 days”, “once a month”, “on loan for 30 days”."""
    if loan_days is not None:
        return Text.plural("on loan for {n} day", "on loan for {n} days", n=loan_days)
    if monthly:
        return Text("once a month")
    if every_days is None:
        return Text("once")
    return Text("every day") if every_days == 1 else Text.plural("every {n} day", "every {n} days", n=every_days)


def _limits(draft: RuleDraft) -> list[Text]:
    """Whose time runs where it is not the usual, what shares it, and what the centre gives in a day."""
    found = []
    if draft.windows is Windows.HOUSEHOLD and draft.basis is not Basis.HOUSEHOLD:
        found.append(Text("the time runs for the whole family together"))
    if draft.shared is not Shared.HALF:
        found.append(Text("it counts as received {when}", when=draft.shared.text))
    if draft.group:
        found.append(Text("in turn with everything marked {group}", group=draft.group))
    if draft.daily_cap is not None:
        found.append(Text("{n} a day at most", n=draft.daily_cap))
    if draft.counts_declared:
        found.append(Text("what another centre stamped on the card counts"))
    return found


def _for_whom(wanted: Filters, places: Sequence[Names]) -> list[Text]:
    members = [Text("who fits: {who}", who=who_fits(wanted))] if wanted.looks_at_members else []
    return members + conditions(wanted, places)


def conditions(wanted: Filters, places: Sequence[Names]) -> list[Text]:
    """What a rule asks of the whole family, each as a part of its sentence."""
    found = []
    if wanted.size_from is not None or wanted.size_to is not None:
        found.append(_sizes(wanted))
    if wanted.kinds:
        found.append(Text("for families: {kinds}", kinds=[FamilyKind(kind).text for kind in sorted(wanted.kinds)]))
    if places:
        found.append(Text("for families from {places}", places=list(places)))
    if wanted.lodgings:
        found.append(Text("only for those living: {ways}", ways=_ways(wanted.lodgings)))
    if wanted.without_lodgings:
        found.append(Text("not for those living: {ways}", ways=_ways(wanted.without_lodgings)))
    if wanted.registered_from is not None:
        found.append(Text("registered from {day} on", day=wanted.registered_from))
    if wanted.registered_to is not None:
        found.append(Text("registered up to {day}", day=wanted.registered_to))
    return found


def _sizes(wanted: Filters) -> Text:
    if wanted.size_to is None:
        return Text("for families of {a} people and more", a=wanted.size_from)
    if wanted.size_from in (None, 1):
        return Text("for families of {b} people at most", b=wanted.size_to)
    return Text("for families of {a} to {b} people", a=wanted.size_from, b=wanted.size_to)


def who_fits(wanted: Filters) -> list[Text]:
    """Sex, age and needs of a member who fits, as words of a list."""
    words = [Sex(wanted.sex).text] if wanted.sex else []
    words += [_ages(wanted)] if wanted.age_from is not None or wanted.age_to is not None else []
    return words + [Need(need).text for need in sorted(wanted.needs)]


def _ages(wanted: Filters) -> Text:
    if wanted.age_to is None:
        return Text("aged {a} or older", a=wanted.age_from)
    if not wanted.age_from:
        return Text("aged {b} or younger", b=wanted.age_to)
    return Text("aged {a} to {b}", a=wanted.age_from, b=wanted.age_to)


def _ways(codes: Iterable[str]) -> list[Text]:
    return [Lodging(code).text for code in sorted(codes)]


def _joined(parts: Sequence[Text]) -> Text:
    """How much and how often in one breath, then for whom."""
    whole = Text("{a} {b}", a=parts[0], b=parts[1])
    for part in parts[2:]:
        whole = Text("{a}; {b}", a=whole, b=part)
    return whole
