"""How common names, phones and words of addresses are among the people records are compared with: what is rare says more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log

from aidtrack.domain.identity.facts import Face
from aidtrack.domain.names import NameWord

USUAL = (0.0008, 0.008, 0.008)
"""How often a surname, a given name, a patronymic is met where nobody has counted."""
SMALLEST = 1_000
"""Two records of an almost empty file are not one person for being alone in it."""

_TRUST = 300
"""A count of fewer people than this is believed less than what is usual."""
_RELATIVES, _SEEN = 3.0, 10
"""How many relatives of a person are in a crowd nobody has looked at, and among how many people one has to look to know better."""
_ONE_ROOF = 20
"""More people than these at one address are no household."""
_STEM = 3
"""So many sounds of a surname do not change with who bears it."""
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
    relatives: float = _RELATIVES
    """How many others of the crowd are of a person's own family, and share surname, home and phone for that."""
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


def crowd_of(faces: Sequence[Face], homes: Sequence[int]) -> Crowd:
    """The people counted. `homes`: with whom each was registered."""
    names: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    phones: Counter[str] = Counter()
    places: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    for face in faces:
        for counts, word in zip(names, (face.family, face.given, face.patronymic), strict=True):
            if word:
                counts[word.sound] += 1
        phones.update(face.phones)
        places.update(face.home)
        addresses.update(face.address)
    return Crowd(len(faces), names, phones, places, addresses, is_counted=True, relatives=_relatives(faces, homes))


def _relatives(faces: Sequence[Face], homes: Sequence[int]) -> float:
    """How many of one family are about a person, on the average: where all stand alone there are no fathers and sons either.

    Only who has an address or was registered with others can show it; the rest say nothing.
    """
    roofs: defaultdict[object, list[int]] = defaultdict(list)
    for no, (face, home) in enumerate(zip(faces, homes, strict=True)):
        roofs[home].append(no)
        if face.address:
            roofs[face.address].append(no)
    seen = sum(bool(face.address) or len(roofs[home]) > 1 for face, home in zip(faces, homes, strict=True))
    small = (roof for roof in roofs.values() if len(roof) <= _ONE_ROOF)
    pairs = {pair for roof in small for pair in combinations(roof, 2) if _are_relatives(pair, faces, homes)}
    return (2 * len(pairs) + _SEEN * _RELATIVES) / (seen + _SEEN)


def _are_relatives(pair: tuple[int, int], faces: Sequence[Face], homes: Sequence[int]) -> bool:
    """Whether two under one roof are a family and surely not one person: registered together, or two of one surname."""
    a, b = (faces[no] for no in pair)
    if homes[pair[0]] == homes[pair[1]]:
        return True
    if not (
        a.family and b.family and a.given and b.given and a.born and b.born and a.documents.isdisjoint(b.documents)
    ):
        return False
    is_other = a.given.sound != b.given.sound and abs(a.born.year - b.born.year) > 1
    return is_other and a.family.sound[:_STEM] == b.family.sound[:_STEM]
