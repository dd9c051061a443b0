"""How common names, phones and words of addresses are among the people records are compared with: what is rare says more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from aidtrack.domain.identity.facts import Face
from aidtrack.domain.names import NameWord

USUAL = (0.0008, 0.008, 0.008)
"""How often a surname, a given name, a patronymic is met where nobody has counted."""
SMALLEST = 1_000
"""Two records of an almost empty file are not one person for being alone in it."""

_TRUST = 300
"""A count of fewer people than this is believed less than what is usual."""
_TWICE = 0.4
"""How many other records of a person there are, on the average."""
_RAREST = 6.0
_UNCOUNTED = 10


@dataclass(frozen=True, slots=True)
class Crowd:
    """Counts by sound of names, by phone, by words of places, among `size` people."""

    size: int = 20_000
    names: tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]] = ({}, {}, {})
    phones: Mapping[str, int] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)
    addresses: Mapping[str, int] = field(default_factory=dict)
    is_counted: bool = False
    people: int = field(init=False, default=0)
    prior: float = field(init=False, default=0.0)
    """Log-odds that two records drawn from the crowd are one person."""

    def __post_init__(self) -> None:
        people = max(SMALLEST, self.size)
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "prior", log(_TWICE / people))

    def share(self, part: int, word: NameWord) -> float:
        """How many of the crowd bear the name, 0 to 1, never 0."""
        if not self.is_counted:
            return USUAL[part]
        return (self.names[part].get(word.sound, 0) + _TRUST * USUAL[part]) / (self.size + _TRUST)

    def rarity(self, word: str, counts: Mapping[str, int]) -> float:
        """How much a word of a place says, in nats."""
        return max(0.0, min(_RAREST, log(self.people / max(1, counts.get(word, _UNCOUNTED)))))


def crowd_of(faces: Iterable[Face]) -> Crowd:
    """The people counted."""
    names: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    phones: Counter[str] = Counter()
    homes: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    size = 0
    for size, face in enumerate(faces, 1):  # noqa: B007 - how many there were
        for counts, word in zip(names, (face.family, face.given, face.patronymic), strict=True):
            if word:
                counts[word.sound] += 1
        phones.update(face.phones)
        homes.update(face.home)
        addresses.update(face.address)
    return Crowd(size, names, phones, homes, addresses, is_counted=True)
