"""The words of a written name: names are split, hyphenated ones kept as parts and joined, and every word is folded.

Owns what a word is; the folds are `folding`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aidtrack.domain.names.folding import MAX_WORD, plain, sound

MAX_WORDS = 24

_APOSTROPHES = re.compile("['’ʼ`´′‘ʹ\u02bb\u02bd\u05f3\uff07]")
_NO_WORD = re.compile(r"[\W_]+")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name in its two folds."""

    plain: str
    sound: str


def name_words(*written: str) -> tuple[NameWord, ...]:
    """The distinct words of a name, hyphenated ones as parts and joined; empty only for an empty name."""
    found = {word: None for part in written if part for word in _words_of(part)}
    return tuple(found)[:MAX_WORDS]


@lru_cache(maxsize=50_000)
def _words_of(part: str) -> tuple[NameWord, ...]:
    words = (word for written in _split(part) for word in _parts(written))
    return tuple(NameWord(word, sound(word)) for word in dict.fromkeys(words))


def query_words(typed: str) -> tuple[NameWord, ...]:
    """The words of what was typed into a search box, in order; hyphens only separate."""
    found = (plain(w) for word in _split(typed) for w in [part for part in _HYPHENS.split(word) if part] or [word])
    return tuple(NameWord(word, sound(word)) for word in dict.fromkeys(found) if word)[:MAX_WORDS]


def _parts(word: str) -> list[str]:
    pieces = [p for p in (plain(piece) for piece in _HYPHENS.split(word)) if p]
    return [*pieces, "".join(pieces)[:MAX_WORD]] if len(pieces) > 1 else pieces or [plain(word)]


def _split(written: str) -> list[str]:
    """Words of letters and digits with inner hyphens; a name of nothing but signs is one word of those signs."""
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", written))
    words = [w for w in re.split(r"[^\w\-\u2010-\u2015\u2212]+|_", text) if _NO_WORD.sub("", w)]
    signs = "".join(written.split())
    return words or ([signs] if signs else [])


def initials(names: Iterable[str]) -> str:
    """«Мария», «Петровна» → «М. П.»"""
    return " ".join(f"{name[:1]}." for name in names if name)
