"""What is known of a person when records are compared, and the same folded once so that many comparisons are quick.

Owns the values and their folding, no weights. Names are folded in `domain.names`, phones and papers in `domain.contacts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from anyascii import anyascii

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.contacts import document_key, phone_key
from aidtrack.domain.names import plain, sound

FAMILY, GIVEN, PATRONYMIC = 0, 1, 2

_WORD = re.compile(r"[^\W_]+")
_NO_LETTER = re.compile(r"[\W_]+")


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
    others: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A name of one kind in its two folds, all its words joined."""

    plain: str
    sound: str


@dataclass(frozen=True, slots=True)
class Face:
    """A person ready to be compared. `born` is None when unknown; `is_exact` when the day is known."""

    names: tuple[Word | None, Word | None, Word | None]
    sex: str
    born: date | None
    is_exact: bool
    documents: tuple[str, ...]
    phones: tuple[str, ...]
    home: tuple[str, ...]
    address: tuple[str, ...]

    @property
    def is_named(self) -> bool:
        return any(self.names)


def face_of(known: Known) -> Face:
    """The record folded. Never fails, whatever is written."""
    birth = known.birth
    return Face(
        names=(_word(known.family_name), _word(known.given_name), _word(known.patronymic)),
        sex=known.sex,
        born=birth.first if birth else None,
        is_exact=birth is not None and birth.precision is Precision.DAY,
        documents=tuple(dict.fromkeys(key for d in known.documents if (key := document_key(d)))),
        phones=tuple(dict.fromkeys(key for p in known.phones if (key := phone_key(p)))),
        home=place_words(known.home),
        address=place_words(known.address),
    )


@lru_cache(maxsize=100_000)
def _word(written: str) -> Word | None:
    """Without hyphens, spaces and signs: «Anna-Maria» and «Анна Мария» are one word. None for nothing that could be compared."""
    joined = _NO_LETTER.sub("", written)
    folded = plain(joined) if joined else "".join(written.split())
    return Word(folded, sound(folded)) if folded else None


@lru_cache(maxsize=100_000)
def place_words(written: str) -> tuple[str, ...]:
    """An address or a place as words and numbers that meet across scripts."""
    words = (_place_word(word) for word in _WORD.findall(written.casefold().replace("'", "")))
    return tuple(dict.fromkeys(word for word in words if word))


def _place_word(word: str) -> str:
    return word if word.isascii() and not word.isalpha() else sound(plain(word)) if word.isalpha() else anyascii(word)
