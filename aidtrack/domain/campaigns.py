"""Who gets what, as a coordinator types it and as people read it: drafts, their problems, and a rule as one sentence.

What a family may have by these rules is `domain.entitlement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aidtrack.domain.entitlement import EVERYBODY, Band, Basis, Filters
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.domain.stock import LONGEST_NAME, MOST, length_problems, quantity_problems
from aidtrack.errors import Problem, Text

Names = Mapping[str, str]

LONGEST_RENEWAL = 366
OLDEST = 120


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as typed: an item, how much, per what, how often (`every_days` None: once), for whom."""

    item_id: UUID | None
    basis: Basis = Basis.PERSON
    quantity: int | None = 1
    every_days: int | None = None
    filters: Filters = EVERYBODY
    bands: tuple[Band, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A programme of aid as typed. `version` is what an edit was filled from."""

    names: Names
    starts_on: date | None
    ends_on: date | None = None
    donor: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Enough:
    """How many families what can be given is enough for; `until` by today's pace, when it ends today."""

    families: int
    until: datetime | None = None


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
    found += _age_problems(draft.filters)
    if draft.basis is Basis.MATCHING and not draft.filters.looks_at_members:
        found.append(Problem("basis", Text("Say who fits: age, sex or what helps.")))
    return found + _band_problems(draft)


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
        "lodgings": sorted(wanted.lodgings),
        "without_lodgings": sorted(wanted.without_lodgings),
        "bands": [[band.people_from, band.quantity] for band in bands],
    }
    return {key: value for key, value in packed.items() if value is not None and value != []}


def unpack_filters(packed: Mapping[str, list[str] | int | str | None]) -> Filters:
    """The filters of a kept rule."""
    age_from, age_to, sex = packed.get("age_from"), packed.get("age_to"), packed.get("sex")
    return Filters(
        age_from=age_from if isinstance(age_from, int) else None,
        age_to=age_to if isinstance(age_to, int) else None,
        sex=sex if isinstance(sex, str) else None,
        needs=frozenset(_words(packed, "needs")),
        settlements=frozenset(UUID(hex=place) for place in _words(packed, "settlements")),
        lodgings=frozenset(_words(packed, "lodgings")),
        without_lodgings=frozenset(_words(packed, "without_lodgings")),
    )


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
    parts = [_how_much(draft, unit), how_often(draft.every_days), *_for_whom(draft.filters, list(places))]
    return Text("{item}: {rule}", item=item, rule=_joined(parts))


def _how_much(draft: RuleDraft, unit: Text) -> Text:
    much = Text("{n} {unit} {basis}", n=draft.quantity or 0, unit=unit, basis=draft.basis.text)
    for band in draft.bands:
        much = Text("{much}, from {people} people {n}", much=much, people=band.people_from, n=band.quantity)
    return much


def how_often(every_days: int | None) -> Text:
    """“once”, “every 7 days”."""
    if every_days is None:
        return Text("once")
    return Text("every day") if every_days == 1 else Text.plural("every {n} day", "every {n} days", n=every_days)


def _for_whom(wanted: Filters, places: Sequence[Names]) -> list[Text]:
    found = []
    if wanted.looks_at_members:
        found.append(Text("for {who}", who=_who(wanted)))
    if places:
        found.append(Text("for families from {places}", places=list(places)))
    if wanted.lodgings:
        found.append(Text("only for those living: {ways}", ways=_ways(wanted.lodgings)))
    if wanted.without_lodgings:
        found.append(Text("not for those living: {ways}", ways=_ways(wanted.without_lodgings)))
    return found


def _who(wanted: Filters) -> list[Text]:
    words = [Sex(wanted.sex).text] if wanted.sex else []
    words += [_ages(wanted)] if wanted.age_from is not None or wanted.age_to is not None else []
    return words + [Need(need).text for need in sorted(wanted.needs)]


def _ages(wanted: Filters) -> Text:
    if wanted.age_to is None:
        return Text("aged {a} and over", a=wanted.age_from)
    if not wanted.age_from:
        return Text("aged up to {b}", b=wanted.age_to)
    return Text("aged {a} to {b}", a=wanted.age_from, b=wanted.age_to)


def _ways(codes: Iterable[str]) -> list[Text]:
    return [Lodging(code).text for code in sorted(codes)]


def _joined(parts: Sequence[Text]) -> Text:
    """How much and how often in one breath, then for whom."""
    whole = Text("{a} {b}", a=parts[0], b=parts[1])
    for part in parts[2:]:
        whole = Text("{a}; {b}", a=whole, b=part)
    return whole
