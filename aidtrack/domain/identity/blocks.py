"""Which records are worth comparing: those that share a paper, a phone, a birth date with a name, or two names with at most a slip.

Pure lists of numbers; who the records are, and what comparing says, is known elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from aidtrack.domain.identity.facts import Face
from aidtrack.domain.names import delete_keys

MOST_IN_BLOCK = 120
"""A block of more people tells nothing by itself: it is split by year of birth, and left alone when that does not help."""
_WHOLE_ADDRESS = 3
"""Fewer words than these are a village, not a house."""

_VOWELS = re.compile(r"(?<=.)[aeiou]")
Key = tuple[object, ...]


def pairs_to_compare(faces: Sequence[Face], homes: Sequence[int]) -> list[tuple[int, int]]:
    """Each pair once, the smaller number first; never two of one home."""
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    for no, face in enumerate(faces):
        for key in keys_of(face):
            blocks[key].append(no)
    seen: set[int] = set()
    size = len(faces)
    for block in blocks.values():
        for small in _small_enough(block, faces):
            for place, a in enumerate(small):
                home = homes[a]
                seen.update(a * size + b for b in small[place + 1 :] if homes[b] != home)
    return [divmod(pair, size) for pair in sorted(seen)]


def _small_enough(block: list[int], faces: Sequence[Face]) -> Iterable[list[int]]:
    if len(block) < 2:
        return ()
    if len(block) <= MOST_IN_BLOCK:
        return (block,)
    years: defaultdict[int, list[int]] = defaultdict(list)
    for no in block:
        born = faces[no].born
        for year in (born.year, born.year + 1) if born else ():
            years[year].append(no)
    return [year for year in years.values() if 1 < len(year) <= MOST_IN_BLOCK]


def keys_of(face: Face) -> set[Key]:
    """All blocks a record stands in. Who has no name is found by papers only."""
    papers = set(_number_keys(face))
    return papers | {*_birth_keys(face), *_name_keys(face), *_place_keys(face)} if face.is_named else papers


def _number_keys(face: Face) -> Iterator[Key]:
    for paper in face.documents:
        yield ("d", paper)
        if len(paper) > 5:
            yield ("e", paper[-6:])
            yield from (("e", key) for key in delete_keys(paper))
    if face.is_named:
        yield from (("p", phone) for phone in face.phones)


def _birth_keys(face: Face) -> Iterator[Key]:
    """The day with day and month in any order, the birthday of whatever year, the year or the one after; each with a name."""
    born = face.born
    if born is None:
        return
    family, given = (face.family.sound if face.family else ""), (face.given.sound if face.given else "")
    for year in (born.year, born.year + 1):
        if family and given:
            yield (*_both(family[:1], given), year)
            yield (*_both(family, given[:1]), year)
    if face.is_exact:
        first, second = sorted((born.day, born.month))
        for name in (family, given):
            if name:
                yield (born.year, first, second, name[:1])
                yield (first, second, name)


def _name_keys(face: Face) -> Iterator[Key]:
    """Two names in any order, one of them with a slip, or both by their consonants."""
    if not (face.family and face.given):
        return
    family, given = face.family.sound, face.given.sound
    yield _both(_skeleton(family), _skeleton(given))
    yield from (_both(family, key) for key in delete_keys(given))
    yield from (_both(key, given) for key in delete_keys(family))


def _place_keys(face: Face) -> Iterator[Key]:
    """The whole address; a shelter has one for everybody and is no block."""
    if len(face.address) >= _WHOLE_ADDRESS:
        yield ("a", face.address)


def _both(one: str, other: str) -> Key:
    return (one, other) if one < other else (other, one)


def _skeleton(sound: str) -> str:
    return "~" + _VOWELS.sub("", sound)
