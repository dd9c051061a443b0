"""What speaks for two records being one person, in words, the strongest first. Owns the sentences, no weights."""

from __future__ import annotations

from collections.abc import Iterator

from aidtrack.domain.identity.crowd import Crowd
from aidtrack.domain.identity.evidence import Spelling, digits_apart, document_gap, is_swapped, spelling
from aidtrack.domain.identity.facts import Face
from aidtrack.domain.names import NameWord
from aidtrack.errors import Text

_SAME = (Text("same surname"), Text("same name"), Text("same patronymic"))
_SPELLED = (
    Text("same surname, spelled another way"),
    Text("same name, spelled another way"),
    Text("same patronymic, spelled another way"),
)
_LIKE = (Text("surname is like"), Text("name is like"), Text("patronymic is like"))
_WORDS = {
    Spelling.SAME: _SAME,
    Spelling.SOUND: _SPELLED,
    Spelling.SLIP: _SPELLED,
    Spelling.NEAR: _LIKE,
    Spelling.INITIAL: _LIKE,
}


def reasons_for(a: Face, b: Face, shared: int, crowd: Crowd) -> tuple[Text, ...]:
    """`shared`: how many others of the two families are the same people."""
    return (*_papers(a, b), *_born(a, b), *_family(shared), *_names(a, b, crowd), *_places(a, b))


def _papers(a: Face, b: Face) -> Iterator[Text]:
    if a.documents and b.documents:
        gap = document_gap(a, b)
        if gap == 0:
            yield Text("same document")
        elif gap == 1:
            yield Text("document differs by one sign")
    if a.phones & b.phones:
        yield Text("same phone")


def _born(a: Face, b: Face) -> Iterator[Text]:
    if a.born is None or b.born is None:
        return
    years = abs(a.born.year - b.born.year)
    if not (a.is_exact and b.is_exact):
        if years <= 1:
            yield Text("about the same age")
    elif a.born == b.born:
        yield Text("born on the same day")
    elif (a.born.month, a.born.day) == (b.born.month, b.born.day):
        yield Text("same birthday, another year")
    elif years == 0 and (a.born.month, a.born.day) == (b.born.day, b.born.month):
        yield Text("day and month of birth changed places")
    elif digits_apart(a, b) == 1:
        yield Text("one digit of the birth date differs")


def _family(shared: int) -> Iterator[Text]:
    if shared:
        yield Text.plural("{n} of the same family members", "{n} of the same family members", n=shared)


def _names(a: Face, b: Face, crowd: Crowd) -> Iterator[Text]:
    pairs: tuple[tuple[NameWord | None, NameWord | None], ...] = ((a.family, b.family), (a.given, b.given))
    if is_swapped(a, b, crowd):
        yield Text("name and surname changed places")
        a, b = sorted((a, b), key=_as_written)  # nobody knows whose are in their place: the words are the same both ways
        pairs = ((a.family, b.given), (a.given, b.family))
    for no, (one, other) in enumerate((*pairs, (a.patronymic, b.patronymic))):
        if one and other and (words := _WORDS.get(spelling(one, other))):
            yield (_SPELLED if words is _SAME and one.written != other.written else words)[no]


def _as_written(face: Face) -> tuple[str, str]:
    return face.family.written if face.family else "", face.given.written if face.given else ""


def _places(a: Face, b: Face) -> Iterator[Text]:
    if a.address and a.address == b.address:
        yield Text("same address")
    if a.home and a.home == b.home:
        yield Text("from the same place")
