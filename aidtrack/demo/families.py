"""Who comes on the demonstration day: 170 families, 630 people, all invented, the same at every run.

Owns the drafts only. What happens to these families is `demo.day`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random
from typing import Any

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.people import (
    DocumentDraft,
    HouseholdDraft,
    HowConfirmed,
    Lodging,
    MemberDraft,
    Need,
    Relation,
    Sex,
)
from aidtrack.services.settlements import settlement_id
from aidtrack.shipped import RESOURCES

PACK = RESOURCES / "packs" / "demo" / "names.json"
SEED = 20240812
SIZES = {1: 12, 2: 32, 3: 37, 4: 38, 5: 28, 6: 13, 7: 7, 8: 3}
"""How many families of each size come: 170 families, 630 people, 3.7 a family as at a real point."""

ORIGINS = (
    ("GN486816", "", 46), ("GN544906", "", 24), ("GN560995", "", 18), ("", "Малая Локня", 12), ("GN557731", "", 9), ("GN695019", "", 8),
    ("GN573295", "", 8), ("GN483166", "", 8), ("RU-KRS-38618000-snagost", "", 7), ("RU-KRS-38640000-kazachya-loknya", "", 7),
    ("", "Замостье", 6), ("GN538560", "", 5), ("", "Плёхово", 4), ("", "Гоголевка", 4), ("RU-KRS-38618000-olgovka", "", 4),
)  # fmt: skip
"""Places of the gazetteer by their codes, and villages it does not know, in words; how many families come from each."""
LODGINGS = ((Lodging.RELATIVES, 82), (Lodging.RENT, 56), (Lodging.SHELTER, 18), (Lodging.OTHER, 8), (Lodging.CHURCH, 4), (Lodging.HOME, 2))
CONFIRMED = ((HowConfirmed.DOCUMENT, 112), (HowConfirmed.WITNESS, 22), (HowConfirmed.OWN_WORD, 28), (HowConfirmed.LIST, 8))


@dataclass(frozen=True, slots=True)
class Family:
    """One family at the door: the draft of its registration, and what helps the people in it."""

    draft: HouseholdDraft
    needs: frozenset[Need] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        return len(self.draft.members)

    @property
    def is_served_first(self) -> bool:
        """Whether somebody in it should not have to stand in line."""
        return any(need.served_first for need in self.needs)


@cache
def words() -> dict[str, Any]:
    """The names of the pack."""
    loaded: dict[str, Any] = json.loads(PACK.read_text(encoding="utf-8"))
    return loaded


def families(day: date) -> tuple[Family, ...]:
    """Everybody who comes, in the order of coming."""
    chance = Random(SEED)
    sizes = [size for size, count in SIZES.items() for _ in range(count)]
    chance.shuffle(sizes)
    return tuple(_family(chance, size, number, day) for number, size in enumerate(sizes, 1))


def _weighted(chance: Random, options: tuple[tuple[Any, int], ...]) -> Any:
    return chance.choices([value for value, _ in options], [weight for _, weight in options])[0]


def _family(chance: Random, size: int, number: int, day: date) -> Family:
    surname = chance.choice(words()["surnames"])
    father = chance.choice(words()["fathers"])
    members = _people(chance, size, surname, father, day)
    code, village = _weighted(chance, tuple(((code, village), weight) for code, village, weight in ORIGINS))
    draft = HouseholdDraft(
        members=members, settlement_id=settlement_id(code) if code else None, origin_text=village,
        lodging=_weighted(chance, LODGINGS), phone=_phone(chance) if chance.random() < 0.8 else "",
        how_confirmed=_weighted(chance, CONFIRMED), notice_language="ru" if number % 6 else "uk",
    )  # fmt: skip
    return Family(draft, frozenset(need for member in members for need in member.needs))


def _phone(chance: Random) -> str:
    """A number of a range that is never given to anybody."""
    return f"+7 900 000-{chance.randrange(100):02}-{chance.randrange(100):02}"


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def _people(chance: Random, size: int, surname: list[str], father: list[str], day: date) -> tuple[MemberDraft, ...]:
    """A head, mostly a woman; then a husband or wife, a grandparent, and children."""
    age = chance.randint(63, 84) if size <= 2 and chance.random() < 0.55 else chance.randint(24, 52)
    head_is_woman = chance.random() < 0.78
    members = [_adult(chance, surname, age, Relation.HEAD, is_woman=head_is_woman, day=day)]
    if size > 1 and (size > 3 or chance.random() < 0.6):
        members.append(_adult(chance, surname, age + chance.randint(-4, 5), Relation.SPOUSE, is_woman=not head_is_woman, day=day))
    if size > 3 and chance.random() < 0.4:
        members.append(_adult(chance, surname, age + chance.randint(22, 31), Relation.PARENT, is_woman=chance.random() < 0.8, day=day))
    while len(members) < size:
        members.append(_younger(chance, surname, father, age, day))
    return tuple(members)


def _adult(chance: Random, surname: list[str], age: int, relation: Relation, *, is_woman: bool, day: date) -> MemberDraft:
    own_father = chance.choice(words()["fathers"])
    return MemberDraft(
        family_name=surname[is_woman], given_name=chance.choice(words()["women" if is_woman else "men"]),
        patronymic=own_father[1 + is_woman], sex=Sex.FEMALE if is_woman else Sex.MALE, relation=relation,
        birth=_birth(chance, min(age, 91), day), needs=_needs(chance, age, is_woman=is_woman),
        document=_document(chance) if relation is Relation.HEAD and chance.random() < 0.6 else None,
    )  # fmt: skip


def _younger(chance: Random, surname: list[str], father: list[str], age: int, day: date) -> MemberDraft:
    """A child of the family; of old people a grown one who came to care for them."""
    is_girl = chance.random() < 0.5
    if age > 60:
        return _adult(chance, surname, age - chance.randint(24, 33), Relation.CHILD, is_woman=is_girl, day=day)
    years = chance.randint(0, min(17, age - 19))
    needs = frozenset({Need.INFANT}) if years == 0 else frozenset[Need]()
    return MemberDraft(
        family_name=surname[is_girl], given_name=chance.choice(words()["girls" if is_girl else "boys"]), patronymic=father[1 + is_girl],
        sex=Sex.FEMALE if is_girl else Sex.MALE, relation=Relation.CHILD, birth=_birth(chance, years, day), needs=needs,
    )  # fmt: skip


def _birth(chance: Random, age: int, day: date) -> Birth:
    """Mostly to the day; of one in seven only the year is said."""
    first = date(day.year - age, chance.randint(1, 7), chance.randint(1, 28))
    return Birth(date(first.year, 1, 1), Precision.YEAR) if chance.random() < 0.14 else Birth(first, Precision.DAY)


def _needs(chance: Random, age: int, *, is_woman: bool) -> frozenset[Need]:
    found = set()
    if age >= 75 and chance.random() < 0.35:
        found.add(Need.MOBILITY)
    if age >= 65 and chance.random() < 0.2:
        found.add(Need.OLDER_CARE)
    if is_woman and 20 <= age <= 40 and chance.random() < 0.06:
        found.add(Need.PREGNANT)
    if chance.random() < 0.03:
        found.add(Need.NO_DOCUMENTS)
    return frozenset(found)


def _document(chance: Random) -> DocumentDraft:
    """Series 00 00 is on no real passport."""
    return DocumentDraft(f"00 00 {chance.randrange(10**6):06}")
