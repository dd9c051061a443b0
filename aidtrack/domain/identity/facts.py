"""What is known of a person when records are compared, and the same folded once so that many comparisons are quick.

Owns the values and their folding, no weights. Names are folded in `domain.names`, phones and papers in `domain.contacts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.contacts import document_key, phone_key
from aidtrack.domain.names import NameWord, plain, sound
from aidtrack.domain.names.folding import letters

FAMILY, GIVEN, PATRONYMIC = 0, 1, 2

_WORD = re.compile(r"[^\W_]+")
_NO_LETTER = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’ʼ`´′‘ʹ\u02bb\u02bd]")


@dataclass(frozen=True, slots=True)
class Known:
    """What a record says of one person; everything may be empty. `others` are the rest of the family, without theirs.

    Names, phones, papers and places are as written; `home` is where they come from, `address` where they live now.
    """

    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    sex: str = ""
    birth: Birth | None = None
    documents: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    home: str = ""
    address: str = ""
    relation: str = ""
    others: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """A person ready to be compared. `born` is None when unknown; `is_exact` when the day is known."""

    family: NameWord | None = None
    given: NameWord | None = None
    patronymic: NameWord | None = None
    sex: str = ""
    born: date | None = None
    is_exact: bool = False
    documents: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()
    relation: str = ""

    @property
    def is_named(self) -> bool:
        """A surname or a given name; a patronymic alone tells nobody from others."""
        return self.family is not None or self.given is not None


def face_of(known: Known) -> Face:
    """The record folded. Never fails, whatever is written."""
    birth = known.birth
    return Face(
        family=word_of(known.family_name),
        given=word_of(known.given_name),
        patronymic=word_of(known.patronymic),
        sex=known.sex,
        born=birth.first if birth else None,
        is_exact=birth is not None and birth.precision is Precision.DAY,
        documents=frozenset(key for d in known.documents if (key := document_key(d))),
        phones=frozenset(key for p in known.phones if (key := phone_key(p))),
        home=place_words(known.home),
        address=place_words(known.address),
        relation=known.relation,
    )


@lru_cache(maxsize=100_000)
def word_of(written: str) -> NameWord | None:
    """A name as one word, «Anna-Maria» like «Анна Мария»; None for nothing that could be compared."""
    joined = _NO_LETTER.sub("", _APOSTROPHES.sub("", written))
    whole = joined or "".join(written.split())
    folded = plain(whole)
    return NameWord(folded, sound(folded), letters(whole)) if folded else None


@lru_cache(maxsize=100_000)
def place_words(written: str) -> frozenset[str]:
    """An address or a place as words and numbers that meet across scripts."""
    return frozenset(_place_word(word) for word in _WORD.findall(_APOSTROPHES.sub("", written.casefold())))


@lru_cache(maxsize=50_000)
def _place_word(word: str) -> str:
    return sound(plain(word)) if word.isalpha() else plain(word)
