"""Folding of written names into forms that can be compared: across case, script, spelling, look-alikes and keyboard layout.

Owns `plain` (letter by letter, so that what is typed so far is a prefix of what is stored), `sound` (one symbol a sound, so that
schemes of romanisation meet) and the likeness of a query to a name. It knows no tables and no people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

MAX_WORD = 64
MAX_WORDS = 24

_APOSTROPHES = re.compile("['’ʼ`´′‘ʹ\u02bb\u02bd\u05f3\uff07]")
_NO_WORD = re.compile(r"[\W_]+")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")

# One Latin spelling a letter, the same for Russian and Ukrainian spelling of one name (domain.md §2.8).
_TO_LATIN = {
    **dict(zip("абвгґдеёєэзиіїйыклмнопрстуфў", "abvggdeeeeziiiiiklmnoprstufu", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "iu",
    "я": "ia",
    "ъ": "",
    "ь": "",
}
_LOOKS_LIKE = dict(zip("aceikmopxytbh", "асеікморхутвн", strict=True))
_LOOKS_LIKE_LATIN = {cyrillic: latin for latin, cyrillic in _LOOKS_LIKE.items()}

# Longest first: what different schemes write for one sound.
_SOUNDS = {
    "tsch": "c",
    "shch": "s",
    "tch": "c",
    "sch": "s",
    "dzh": "z",
    "sh": "s",
    "sz": "s",
    "zh": "z",
    "rz": "z",
    "ch": "c",
    "cz": "c",
    "ts": "c",
    "tz": "c",
    "tc": "c",
    "ck": "k",
    "qu": "k",
    "kh": "h",
    "gh": "h",
    "ph": "f",
    "th": "t",
    "ou": "u",
    "yu": "u",
    "iu": "u",
    "ju": "u",
    "ya": "a",
    "ia": "a",
    "ja": "a",
    "ye": "e",
    "ie": "e",
    "je": "e",
    "yo": "o",
    "io": "o",
    "jo": "o",
    "yi": "i",
    "ji": "i",
    "g": "h",
    "x": "ks",
    "w": "v",
    "q": "k",
    "y": "i",
    "j": "i",
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([^\d])\1+")
_HARD_C = re.compile("c(?=[aouktlr])")

_KEYS_EN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_KEYS_RU = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_KEYS_UK = "ʼйцукенгшщзхїфівапролджєячсмитьбю."


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


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """«Подъячев» → podiachev, «Łukasz» → lukasz: lower-case ASCII, letter by letter; signs that have no letters stay as they are."""
    lower = _one_script(unicodedata.normalize("NFC", word.casefold()))
    kept = _NO_WORD.sub("", "".join(_letter(c) for c in lower).lower())
    return (kept or word.casefold())[:MAX_WORD]


def _letter(c: str) -> str:
    if c.isascii():
        return c
    return _TO_LATIN[c] if c in _TO_LATIN else anyascii(c)


def _one_script(word: str) -> str:
    """A word with letters of two scripts, one of them only look-alikes: typed with the layout switched too late."""
    cyrillic, latin = set(_CYRILLIC.findall(word)), set(_LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    if latin <= _LOOKS_LIKE.keys() and not (cyrillic <= _LOOKS_LIKE_LATIN.keys() and len(latin) > len(cyrillic)):
        return "".join(_LOOKS_LIKE.get(c, c) for c in word)
    if cyrillic <= _LOOKS_LIKE_LATIN.keys():
        return "".join(_LOOKS_LIKE_LATIN.get(c, c) for c in word)
    return word


@lru_cache(maxsize=50_000)
def sound(plain_word: str) -> str:
    """One symbol a sound: iurii, yuriy, jurij → uri; shcherbakov, scherbakov → serbakov. Of a plain word; never empty for one."""
    single = _DOUBLED.sub(r"\1", plain_word)
    hard = _HARD_C.sub("k", single) if "ch" not in single else single
    return _DOUBLED.sub(r"\1", _SOUND.sub(lambda m: _SOUNDS[m[0]], hard)) or plain_word


def delete_keys(word_sound: str) -> tuple[str, ...]:
    """The word and the word with one symbol left out: two words one slip apart share a key. Short words have only themselves."""
    if len(word_sound) < 4:
        return (word_sound,)
    return tuple(dict.fromkeys([word_sound, *(word_sound[:i] + word_sound[i + 1 :] for i in range(len(word_sound)))]))


def other_layouts(typed: str) -> tuple[str, ...]:
    """What the same keys give in the other keyboard layouts: «nrfx» → «ткач»."""
    low = typed.lower()
    if _CYRILLIC.search(low):
        return tuple({low.translate(str.maketrans(keys, _KEYS_EN)): None for keys in (_KEYS_RU, _KEYS_UK)})
    if not _LATIN.search(low):
        return ()
    return tuple({low.translate(str.maketrans(_KEYS_EN, keys)): None for keys in (_KEYS_RU, _KEYS_UK)})


def likeness(query: Sequence[NameWord], name: Sequence[NameWord]) -> float:
    """How well what was typed fits a name, 0 to 1: every typed word by its best partner, whole words before beginnings before slips."""
    if not query or not name:
        return 0.0
    best = [max(_pair(q, n) for n in name) for q in query]
    in_order = 0.01 if query[0].plain[:3] == name[0].plain[:3] else 0.0
    return min(1.0, sum(best) / len(best) - 0.01 + in_order)


def _pair(typed: NameWord, written: NameWord) -> float:
    if typed.plain == written.plain:
        return 1.0
    if typed.sound == written.sound:
        return 0.97
    if written.plain.startswith(typed.plain):
        return 0.90 + 0.05 * len(typed.plain) / len(written.plain)
    if written.sound.startswith(typed.sound):
        return 0.86 + 0.05 * len(typed.sound) / len(written.sound)
    return 0.85 * JaroWinkler.similarity(typed.sound, written.sound)


def initials(names: Iterable[str]) -> str:
    """«Мария», «Петровна» → «М. П.»"""
    return " ".join(f"{name[:1]}." for name in names if name)
