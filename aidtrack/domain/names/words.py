"""The words of a written name: names are split, hyphenated ones kept as parts and joined, and every word is folded.

Owns what a word is; the folds are `folding`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from aidtrack.domain.names.folding import MAX_WORD, letters, one_sign_each, plain, sound

MAX_WORDS = 24

_APOSTROPHES = re.compile("['’ʼ`´′‘ʹ\u02ba\u02bb\u02bd\u02be\u02bf\u05f3\u2033\uff07]")
_NO_WORD = re.compile(r"[\W_]+")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")


class NameWord(NamedTuple):
    """One word of a name: its two folds, and its letters as they were written (small, one script) where they are still known."""

    plain: str
    sound: str
    written: str = ""


def name_words(*written: str) -> tuple[NameWord, ...]:
    """The distinct words of a name, hyphenated ones as parts and joined; empty only for an empty name."""
    found: dict[str, NameWord] = {}
    for part in written:
        for word in _words_of(part) if part else ():
            found.setdefault(word.plain, word)
    return tuple(found.values())[:MAX_WORDS]


def query_words(typed: str) -> tuple[NameWord, ...]:
    """The words of what was typed into a search box, in order; hyphens only separate."""
    pieces = (w for word in _split(typed) for w in [part for part in _HYPHENS.split(word) if part] or [word])
    found: dict[str, NameWord] = {}
    for piece in pieces:
        word = _word(piece)
        if word.plain:
            found.setdefault(word.plain, word)
    return tuple(found.values())[:MAX_WORDS]


@lru_cache(maxsize=50_000)
def _words_of(part: str) -> tuple[NameWord, ...]:
    return tuple(word for written in _split(part) for word in _parts(written))


def _parts(word: str) -> list[NameWord]:
    pieces = [found for found in (_word(piece) for piece in _HYPHENS.split(word)) if found.plain]
    if len(pieces) < 2:
        return pieces or [_word(word)]
    joined = "".join(piece.plain for piece in pieces)[:MAX_WORD]
    letters = "".join(piece.written for piece in pieces)[:MAX_WORD]
    return [*pieces, NameWord(joined, sound(joined), letters)]


def _word(written: str) -> NameWord:
    folded = plain(written)
    return NameWord(folded, sound(folded), letters(written))


def _split(written: str) -> list[str]:
    """Words of letters and digits with inner hyphens; a name of nothing but signs is one word of those signs."""
    text = _APOSTROPHES.sub("", one_sign_each(written))
    words = [w for w in re.split(r"[^\w\-\u2010-\u2015\u2212]+|_", text) if _NO_WORD.sub("", w)]
    signs = "".join(written.split())
    return words or ([signs] if signs else [])


def initials(names: Iterable[str]) -> str:
    """«Мария», «Петровна» → «М. П.»"""
    return " ".join(f"{name[:1]}." for name in names if name)
