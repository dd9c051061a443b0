"""What each field of two records says for one person, in nats: against strangers, and against relatives.

Owns the weights. A weight is the logarithm of how much oftener a finding is met with one person written down twice than with two
strangers; `kin` is the same for two people of one family. Words for what was found are `reasons`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from math import log

from rapidfuzz.distance import OSA

from aidtrack.domain.identity.crowd import Crowd
from aidtrack.domain.identity.facts import FAMILY, GIVEN, PATRONYMIC, Face
from aidtrack.domain.names import NameWord, is_given_name, word_likeness


@dataclass(frozen=True, slots=True)
class Evidence:
    """`person`: one person against strangers, by what is a person's own, and `surname` the part of the surname in it; `against`:
    what in it contradicts; `kin`: relatives against strangers by the same fields; `place`: where they are from and live, and the phone,
    which a family shares."""

    person: float
    surname: float
    against: float
    kin: float
    place: float


# ── names ────────────────────────────────────────────────────────────────────────────────────────


class Spelling(IntEnum):
    """How two written names stand to each other."""

    SAME = 0
    SOUND = 1
    SLIP = 2
    NEAR = 3
    OTHER = 4
    INITIAL = 5


_KNOWN_FORM = 0.93
_LIKE_ENOUGH = 0.68
_WORTH_A_LOOK = 0.4
"""Words whose sounds have less in common are one name only as forms that are known: Саша and Александр."""
_INITIAL = 2
_MOST_KEPT = 2_000_000

_spellings: dict[tuple[str, str], Spelling] = {}


def spelling(a: NameWord, b: NameWord) -> Spelling:
    """Symmetric; remembered, for the same names meet again and again."""
    if a.plain == b.plain:
        return Spelling.SAME
    key = (a.plain, b.plain) if a.plain < b.plain else (b.plain, a.plain)
    found = _spellings.get(key)
    if found is None:
        if len(_spellings) > _MOST_KEPT:
            _spellings.clear()
        found = _spellings[key] = _spelling(a, b)
    return found


def _spelling(a: NameWord, b: NameWord) -> Spelling:
    if a.sound == b.sound:
        return Spelling.SOUND
    short, long = sorted((a.plain, b.plain), key=len)
    if len(short) <= _INITIAL and long.startswith(short):
        return Spelling.INITIAL
    gap, longest = OSA.distance(a.sound, b.sound), max(len(a.sound), len(b.sound))
    alike = 1 - gap / longest
    if alike < _WORTH_A_LOOK and not (is_given_name(a.plain) and is_given_name(b.plain)):
        return Spelling.OTHER
    if word_likeness(a, b) >= _KNOWN_FORM:
        return Spelling.SOUND
    if min(gap, OSA.distance(short, long)) == 1 and len(short) > _INITIAL:
        return Spelling.SLIP
    return Spelling.NEAR if longest > 3 and alike >= _LIKE_ENOUGH else Spelling.OTHER


# By part of the name and how it is spelled: how often one person's two records stand so to each other.
_ONE = (
    (0.71, 0.11, 0.13, 0.02, 0.03),
    (0.72, 0.11, 0.14, 0.02, 0.01),
    (0.78, 0.18, 0.025, 0.01, 0.0005),
)
# How often strangers do, beside those who bear the very name.
_CHANCE = ((0.0, 0.0, 0.0006, 0.004), (0.0, 0.0, 0.002, 0.01), (0.0, 0.0, 0.003, 0.01))
# How often relatives bear one name.
_KIN = (0.65, 0.015, 0.4)
_SWAPPED = log(0.1)
_OF_A_LETTER = 0.08
"""How many names begin with one letter."""


def _name(part: int, a: NameWord, b: NameWord, crowd: Crowd, *, other: int | None = None) -> tuple[float, float]:
    """`other`: the part of the name the second one stands in, where it is not the same."""
    found = spelling(a, b)
    if found is Spelling.OTHER or found is Spelling.INITIAL:
        return _said_of(part, found, 0.0)
    bearers = max(crowd.share(part, a), crowd.share(part, b))
    if other is not None:
        bearers = max(bearers, crowd.share(other, a), crowd.share(other, b))
    return _said_of(part, found, bearers)


@lru_cache(maxsize=20_000)
def _said_of(part: int, found: Spelling, bearers: float) -> tuple[float, float]:
    """For one person and for relatives; kept, for a name is as common as it was a line before."""
    kin, ones = _KIN[part], _ONE[part]
    if found is Spelling.OTHER:
        return log(ones[4]), log(1 - kin)
    if found is Spelling.INITIAL:
        return -log(_OF_A_LETTER), log(kin / _OF_A_LETTER + 1 - kin)
    chance = bearers + _CHANCE[part][found]
    one = ones[0] + ones[1] if found <= Spelling.SOUND else ones[found]
    return log(one / chance), log(kin * one / chance + 1 - kin)


def may_be_one(a: Face, family: NameWord | None, given: NameWord | None, patronymic: NameWord | None) -> bool:
    """Whether a name of two is alike, in its place or in the other's, or not known: three other names no birthday makes up for."""
    if a.family is None or a.given is None or family is None or given is None:
        return True
    pairs = ((a.family, family), (a.given, given), (a.family, given), (a.given, family))
    if any(spelling(one, other) is not Spelling.OTHER for one, other in pairs):
        return True
    return bool(a.patronymic and patronymic and spelling(a.patronymic, patronymic) is not Spelling.OTHER)


def is_swapped(a: Face, b: Face, crowd: Crowd) -> bool:
    """Whether surname and given name fit better in each other's place."""
    crossed = _crossed(a, b, crowd)
    return crossed is not None and crossed[0] + crossed[1] > max(0.0, sum(_straight(a, b, crowd)[:2]))


def _straight(a: Face, b: Face, crowd: Crowd) -> tuple[float, float, float]:
    family = _name(FAMILY, a.family, b.family, crowd) if a.family and b.family else (0.0, 0.0)
    given = _name(GIVEN, a.given, b.given, crowd) if a.given and b.given else (0.0, 0.0)
    return family[0], given[0], family[1] + given[1]


def _crossed(a: Face, b: Face, crowd: Crowd) -> tuple[float, float, float] | None:
    if not ((a.family and b.given) or (a.given and b.family)):
        return None
    left = _name(FAMILY, a.family, b.given, crowd, other=GIVEN) if a.family and b.given else (0.0, 0.0)
    right = _name(GIVEN, a.given, b.family, crowd, other=FAMILY) if a.given and b.family else (0.0, 0.0)
    return left[0], right[0] + _SWAPPED, left[1] + right[1] + _SWAPPED


def _names(a: Face, b: Face, crowd: Crowd) -> tuple[float, float, float]:
    """The weights of surname, of the given name, and of both with relatives; straight, or in each other's place."""
    straight = _straight(a, b, crowd)
    if straight[0] + straight[1] >= 0 and a.family and b.family:
        return straight
    crossed = _crossed(a, b, crowd)
    return (
        crossed if crossed is not None and crossed[0] + crossed[1] > max(0.0, straight[0] + straight[1]) else straight
    )


# ── birth ────────────────────────────────────────────────────────────────────────────────────────

_DAYS = 22_000
"""As many birth days are about equally likely."""
_SAME_DAY = log(0.8 * _DAYS), log(0.005 * _DAYS)
_DAY_AND_MONTH = log(0.02 * _DAYS)
_YEARS_OFF = ((5, log(0.1 * 365 / 0.14)), (9, log(0.03 * 365 / 0.1)), (200, 0.3))
_ONE_DIGIT, _SAME_YEAR, _OTHER_DAY = 0.9, -2.5, -5.0
_ABOUT = (log(0.5 * 60), log(0.48 * 30), -2.0, -6.0)
_KIN_OF_AGE = 1.0


def _born(a: Face, b: Face) -> tuple[float, float]:
    one, other = a.born, b.born
    if one is None or other is None:
        return 0.0, 0.0
    years = abs(one.year - other.year)
    if not (a.is_exact and b.is_exact):
        return _ABOUT[min(3, years)], 0.0
    if one == other:
        return _SAME_DAY
    if (one.month, one.day) == (other.month, other.day):
        return next(weight for most, weight in _YEARS_OFF if years <= most), 0.0
    if years == 0 and (one.month, one.day) == (other.day, other.month):
        return _DAY_AND_MONTH, 0.0
    kin = _KIN_OF_AGE if years <= 1 else 0.0
    if digits_apart(a, b) == 1:
        return _ONE_DIGIT, kin
    return (_SAME_YEAR if years == 0 else _OTHER_DAY), kin


def born_weight(a: Face, b: Face) -> float:
    """What the births alone say; 0 where one is unknown."""
    return _born(a, b)[0]


def digits_apart(a: Face, b: Face) -> int:
    """How many digits of two birth dates differ. Of two who both have one."""
    assert a.born is not None
    assert b.born is not None
    return sum(x != y for x, y in zip(a.born.isoformat(), b.born.isoformat(), strict=True))


# ── papers, phones, places, sex ──────────────────────────────────────────────────────────────────

_PAPER = (12.0, 8.0, -2.2)
"""The same number, one sign off or without its series, other papers: people have two of them."""
OTHER_PAPERS = 2
_OTHER_PHONE = -1.2
_MOST_OF_PLACE = 7.0
_SEX = (0.65, -5.0)
_RELATION = (0.6, -0.8)


def document_gap(a: Face, b: Face) -> int:
    """0 the same paper, 1 one sign differs or the series is missing, 2 other papers. Of two who both have papers."""
    if a.documents & b.documents:
        return 0
    return 1 if any(_nearly(x, y) for x in a.documents for y in b.documents) else 2


def _nearly(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    return len(short) > 4 and (OSA.distance(x, y, score_cutoff=1) == 1 or (len(short) > 5 and long.endswith(short)))


def _phones(a: Face, b: Face, crowd: Crowd) -> float:
    if not a.phones or not b.phones:
        return 0.0
    shared = a.phones & b.phones
    if not shared:
        return _OTHER_PHONE
    most = max(crowd.phones.get(phone, 2) for phone in shared)
    return max(0.0, min(_MOST_OF_PLACE, log(0.7 * crowd.people / max(2, most))))


def _place(a: Face, b: Face, crowd: Crowd) -> float:
    home = _words(a.home, b.home, crowd.homes, crowd, (0.8, -2.0)) if a.home and b.home else 0.0
    address = _words(a.address, b.address, crowd.addresses, crowd, (0.55, -0.8)) if a.address and b.address else 0.0
    return home + address + _phones(a, b, crowd)


def _words(
    a: frozenset[str], b: frozenset[str], counts: Mapping[str, int], crowd: Crowd, trust: tuple[float, float]
) -> float:
    """Rare words that both have speak for one place, words that one has speak a little against it."""
    shared = sum(crowd.rarity(word, counts) for word in a & b)
    apart = sum(crowd.rarity(word, counts) for word in a ^ b)
    return max(trust[1], min(_MOST_OF_PLACE, trust[0] * shared - 0.25 * apart))


def weigh(a: Face, b: Face, crowd: Crowd) -> Evidence:
    """Everything but the family around the two. Symmetric."""
    family, given, kin = _names(a, b, crowd)
    parts = [family, given]
    if a.patronymic and b.patronymic:
        father, of_kin = _name(PATRONYMIC, a.patronymic, b.patronymic, crowd)
        parts.append(father)
        kin += of_kin
    born, born_kin = _born(a, b)
    parts.append(born)
    if a.sex and b.sex:
        parts.append(_SEX[a.sex != b.sex])
    if a.relation and b.relation:
        parts.append(_RELATION[a.relation != b.relation])
    if a.documents and b.documents:
        parts.append(_PAPER[document_gap(a, b)])
    against = sum(part for part in parts if part < 0)
    return Evidence(sum(parts), family, against, kin + born_kin, _place(a, b, crowd))
