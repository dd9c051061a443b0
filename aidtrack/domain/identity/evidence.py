"""What each field of two records says for or against one person, in nats, with its words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler

from aidtrack.domain.identity.facts import Face, Word
from aidtrack.errors import Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sum of what speaks for (positive) and against; `is_enough` when there is something to go by at all."""

    weight: float
    is_enough: bool
    reasons: tuple[Text, ...]


RARITY = (7.0, 4.2, 4.2)


def weigh(a: Face, b: Face) -> Evidence:
    """All fields but the family around them. Symmetric."""
    parts = [_names(a, b), _born(a, b), _numbers(a, b), _place(a, b), _sex(a, b)]
    found = [reason for _, reasons in parts for reason in reasons]
    is_enough = a.is_named and b.is_named
    return Evidence(sum(weight for weight, _ in parts), is_enough, tuple(found))


def _names(a: Face, b: Face) -> tuple[float, list[Text]]:
    straight = [_name(no, a.names[no], b.names[no]) for no in (0, 1)]
    crossed = [_name(0, a.names[0], b.names[1]), _name(1, a.names[1], b.names[0])]
    is_swapped = sum(w for w, _ in crossed) - 3 > sum(w for w, _ in straight)
    best = crossed if is_swapped else straight
    father = _name(2, a.names[2], b.names[2])
    weight = sum(w for w, _ in best) - (3 if is_swapped else 0) + father[0]
    reasons = [Text("name and surname changed places")] if is_swapped else []
    return weight, reasons + [r for _, found in (*best, father) for r in found]


_SAME = (Text("same surname"), Text("same name"), Text("same patronymic"))
_SPELLED = (
    Text("same surname, spelled another way"),
    Text("same name, spelled another way"),
    Text("same patronymic, spelled another way"),
)


def _name(no: int, a: Word | None, b: Word | None) -> tuple[float, list[Text]]:
    if a is None or b is None:
        return 0.0, []
    if a.plain == b.plain:
        return RARITY[no] - 0.2, [_SAME[no]]
    if a.sound == b.sound:
        return RARITY[no] - 0.8, [_SPELLED[no]]
    distance = OSA.distance(a.sound, b.sound)
    if distance == 1 and min(len(a.sound), len(b.sound)) > 3:
        return RARITY[no] - 2.0, [_SPELLED[no]]
    if JaroWinkler.similarity(a.sound, b.sound) > 0.88:
        return 0.0, [_SPELLED[no]]
    return -4.0, []


def _born(a: Face, b: Face) -> tuple[float, list[Text]]:
    if a.born is None or b.born is None:
        return 0.0, []
    years = abs(a.born.year - b.born.year)
    if not (a.is_exact and b.is_exact):
        close = [Text("about the same age")]
        return (2.5, close) if years == 0 else (1.5, close) if years == 1 else (-5.0, [])
    if a.born == b.born:
        return 9.0, [Text("born on the same day")]
    if (a.born.month, a.born.day) == (b.born.month, b.born.day):
        return 3.0, [Text("same birthday, another year")]
    if years == 0 and (a.born.month, a.born.day) == (b.born.day, b.born.month):
        return 6.0, [Text("day and month of birth changed places")]
    digits = sum(x != y for x, y in zip(a.born.isoformat(), b.born.isoformat(), strict=True))
    return (3.0, [Text("one digit of the birth date differs")]) if digits == 1 else (-5.0, [])


def _numbers(a: Face, b: Face) -> tuple[float, list[Text]]:
    weight, reasons = 0.0, []
    if set(a.phones) & set(b.phones):
        weight, reasons = 4.0, [Text("same phone")]
    if a.documents and b.documents:
        gap = min(OSA.distance(x, y) for x in a.documents for y in b.documents)
        weight += 10.0 if gap == 0 else 7.0 if gap == 1 else -4.0
        reasons += [Text("same document")] if gap == 0 else [Text("document differs by one sign")] if gap == 1 else []
    return weight, reasons


def _place(a: Face, b: Face) -> tuple[float, list[Text]]:
    weight, reasons = 0.0, []
    if a.home and b.home:
        shared = len(set(a.home) & set(b.home)) / max(len(a.home), len(b.home))
        weight += 2.5 * shared - 0.7
        reasons += [Text("from the same place")] if shared == 1 else []
    if a.address and b.address:
        shared = len(set(a.address) & set(b.address)) / max(len(a.address), len(b.address))
        weight += 3.0 * shared - 0.7
        reasons += [Text("same address")] if shared == 1 else []
    return weight, reasons


def _sex(a: Face, b: Face) -> tuple[float, list[Text]]:
    if not a.sex or not b.sex:
        return 0.0, []
    return (math.log(1.9), []) if a.sex == b.sex else (-5.0, [])
