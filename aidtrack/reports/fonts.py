"""The letters of the paper: PT Sans and PT Sans Narrow, and DejaVu Sans for what they do not have.

Owns registration, measuring, shrinking and wrapping of strings. It draws nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from math import ceil

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from aidtrack.shipped import RESOURCES

FOLDER = RESOURCES / "fonts"

TEXT = "PTSans"
BOLD = "PTSans-Bold"
NARROW = "PTSansNarrow"
NARROW_BOLD = "PTSansNarrow-Bold"
_SPARE = "DejaVuSans"
_SPARE_BOLD = "DejaVuSans-Bold"

_FILES = {
    TEXT: "PTSans_400Regular.ttf",
    BOLD: "PTSans_700Bold.ttf",
    NARROW: "PTSansNarrow_400Regular.ttf",
    NARROW_BOLD: "PTSansNarrow_700Bold.ttf",
    _SPARE: "DejaVuSans.ttf",
    _SPARE_BOLD: "DejaVuSans-Bold.ttf",
}
_SPARE_OF = {TEXT: _SPARE, NARROW: _SPARE, BOLD: _SPARE_BOLD, NARROW_BOLD: _SPARE_BOLD}
_SAID_ANOTHER_WAY = {"\u2009": "\u00a0", "\u202f": "\u00a0", "\u2007": "\u00a0", "\u2011": "-"}
SOFT_HYPHEN = "\u00ad"
SMALLEST = 6.5
_STEP = 0.25

Run = tuple[str, str]
_Fits = Callable[[str], bool]


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, str(FOLDER / _FILES[name]))
    pdfmetrics.registerFont(font)
    return font


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(_font(name).face.charToGlyph)


@lru_cache(maxsize=20_000)
def runs(text: str, face: str) -> tuple[Run, ...]:
    """The string as (face, part) pairs, every character in a font that has it; one no font has is printed as its code."""
    own = _letters(face)
    if all(ord(c) in own for c in text):
        return ((face, text),) if text else ()
    pieces = ((where, piece) for c in _in_reading_order(text) for where, piece in _printable(c, face))
    return tuple((where, "".join(p for _, p in group)) for where, group in groupby(pieces, key=lambda run: run[0]))


def _printable(char: str, face: str) -> Iterator[Run]:
    char = _SAID_ANOTHER_WAY.get(char, char)
    spare = _SPARE_OF[face]
    if ord(char) in _letters(face):
        yield face, char
    elif char.isspace():
        yield face, " "
    elif unicodedata.category(char) in {"Cf", "Cc", "Cs"} or "\ufe00" <= char <= "\ufe0f" or char == SOFT_HYPHEN:
        return
    elif ord(char) in _letters(spare):
        yield spare, char
    else:
        yield face, f"[U+{ord(char):04X}]"


def _in_reading_order(text: str) -> str:
    """Words written from right to left are turned, because the paper is drawn from left to right."""
    kinds = [_is_leftward(c) for c in text]
    if not any(kinds):
        return text
    parts = re.split(r"(\s+)", text)
    turned = [part[::-1] if any(map(_is_leftward, part)) else part for part in parts]
    return "".join(reversed(turned)) if all(map(_is_leftward, re.sub(r"\W", "", text))) else "".join(turned)


def _is_leftward(char: str) -> bool:
    return unicodedata.bidirectional(char) in {"R", "AL"}


@lru_cache(maxsize=50_000)
def width(text: str, face: str, size: float) -> float:
    """How wide the string prints, in points."""
    return sum(float(_font(where).stringWidth(part, size)) for where, part in runs(text, face))


@lru_cache(maxsize=20_000)
def fit(text: str, face: str, size: float, room: float, smallest: float = SMALLEST) -> tuple[float, tuple[str, ...]]:
    """Size and lines that keep the whole string within `room` points: shrunk by quarter points first, then wrapped; never cut.

    What is wrapped is set as large as so few lines and words left whole allow: smaller letters would save nothing.
    """
    sizes = _sizes(size, smallest)
    one = next((at for at in sizes if width(text, face, at) <= room), None)
    if one is not None:
        return one, (text,)
    least = wrap(text, face, sizes[-1], room)
    at = next(at for at in sizes if _is_like(wrap(text, face, at, room), least))
    return at, wrap(text, face, at, room)


def _is_like(lines: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """As many lines, and no word parted that was whole there."""
    return len(lines) == len(others) and " ".join(lines).split() == " ".join(others).split()


@cache
def _sizes(size: float, smallest: float) -> tuple[float, ...]:
    """From the one that is wanted down to the smallest, a quarter of a point at a time."""
    steps = max(ceil((size - smallest) / _STEP), 0)
    return tuple(max(size - n * _STEP, min(smallest, size)) for n in range(steps + 1))


@lru_cache(maxsize=20_000)
def wrap(text: str, face: str, size: float, room: float) -> tuple[str, ...]:
    """The string in lines of at most `room` points; a word wider than that is hyphenated, or broken where it must."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            line = _add_word(lines, line, word, lambda s: width(s, face, size) <= room)
        lines.append(line)
    return tuple(lines)


def _add_word(lines: list[str], line: str, word: str, fits: _Fits) -> str:
    joined = f"{line} {word}" if line else word
    if fits(joined):
        return joined
    if line:
        lines.append(line)
    while not fits(word):
        head, word = _broken(word, fits)
        lines.append(head)
    return word


def _broken(word: str, fits: _Fits) -> tuple[str, str]:
    most = _longest(word, fits)
    place = next((n for n in reversed(_syllables(word, most)) if fits(word[:n] + "-")), None)
    return (word[:most], word[most:]) if place is None else (word[:place] + "-", word[place:])


def _longest(word: str, fits: _Fits) -> int:
    """So many letters of it fit, one at least. Only about as many are measured: a key held down makes words of thousands."""
    most = 2
    while most < len(word) and fits(word[:most]):
        most *= 2
    return max(bisect_left(range(1, min(most, len(word)) + 1), True, key=lambda n: not fits(word[:n])), 1)


_VOWELS = "аеёиоуыэюяєіїaeiouy"
_MUTE = "йьъ’"


def _syllables(word: str, most: int) -> list[int]:
    """Places among the first `most` where a Russian, Ukrainian or English word may be parted: two letters on each side, no part without
    a vowel."""
    low = word.lower()
    places = []
    for n in range(2, min(len(word) - 2, most + 1)):
        before, after = low[:n], low[n:]
        if not any(c in _VOWELS for c in before) or not any(c in _VOWELS for c in after):
            continue
        if not (before[-1].isalpha() and after[0].isalpha() and after[1].isalpha()) or after[0] in _MUTE:
            continue
        if _is_seam(before, after):
            places.append(n)
    return places


def _is_seam(before: str, after: str) -> bool:
    vowel_follows = after[0] not in _VOWELS and after[1] in _VOWELS
    return vowel_follows and (before[-1] in _VOWELS or before[-1] in _MUTE or before[-2] in _VOWELS + _MUTE)
