"""The two folds of one written word: `plain`, letter by letter, and `sound`, one symbol a sound.

Owns the tables of letters and sounds and the keys that survive one slip. What the words of a name are is `words`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from anyascii import anyascii

MAX_WORD = 64

_NO_WORD = re.compile(r"[\W_]+")
_MARKS = re.compile("[\u0300-\u036f\ufe20-\ufe2f]")
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
    "schtsch": "s",
    "chtch": "s",
    "stsch": "s",
    "szcz": "s",
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
_IOTATED = re.compile("[ijy](?=[aou])")
_HARD_C = re.compile("(?<!t)c(?=[aouktlr])")
_YO_AT_THE_END = re.compile("(?<=.)[ijy]o(?=[vw]a?$)")


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """«Подъячев» → podiachev, «Łukasz» → lukasz: lower-case ASCII, letter by letter; signs that have no letters stay as they are."""
    kept = _NO_WORD.sub("", "".join(_letter(c) for c in letters(word)).lower())
    return (kept or word.casefold())[:MAX_WORD]


def one_sign_each(text: str) -> str:
    """Letters with their accents as one sign; accents and ties that have no such sign («i͡a») fall away."""
    composed = unicodedata.normalize("NFKC", text)
    return composed if composed.isascii() else _MARKS.sub("", composed)


@lru_cache(maxsize=50_000)
def letters(word: str) -> str:
    """The word in its own script, small, each letter one sign, look-alikes of another script put right."""
    return _one_script(one_sign_each(word.casefold()))[: 2 * MAX_WORD]


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
    """One symbol a sound: iurii, yuriy, jurij → iuri; shcherbakov, scherbakov → serbakov. Of a plain word; never empty for one."""
    single = _DOUBLED.sub(r"\1", plain_word)
    hard = _HARD_C.sub("k", single) if "ch" not in single else single
    # Соловьёв is Solovyov to some and, as ё is written е, Solovev to others.
    hard = _YO_AT_THE_END.sub("e", hard)
    # Within a word я is a, but Яна is not Анна and Юля is not Уля.
    begin = "i" if _IOTATED.match(hard) else ""
    return _DOUBLED.sub(r"\1", begin + _SOUND.sub(lambda m: _SOUNDS[m[0]], hard[len(begin) :])) or plain_word


def first_sound(name: str) -> str:
    """What a written name begins with, by its first letters alone: the quickest question there is of many names."""
    return _first_sound(name[:3])


@lru_cache(maxsize=20_000)
def _first_sound(start: str) -> str:
    return sound(plain(start))[:1] if start else ""


@lru_cache(maxsize=200)
def letters_of(first: str) -> str:
    """Every letter, capital and small, that a Cyrillic or Latin name may begin with whose `first_sound` this is; without order."""
    return "".join(letter for letter, sounds in _beginnings().items() if first in sounds)


@cache
def _beginnings() -> dict[str, frozenset[str]]:
    """By the letter alone and by the groups it may open: С is s and c is k, but ц may be written ts and ч ch."""
    opened: dict[str, set[str]] = {}
    for group in _SOUNDS:
        opened.setdefault(group[0], set()).add(first_sound(group))
    signs = [chr(code) for first, last in _ALPHABETS for code in range(first, last) if chr(code).isalpha()]
    alone = {sign: plain(sign) for sign in signs}
    return {
        sign: frozenset({sound(folded)[:1], *opened.get(folded[:1], ())}) for sign, folded in alone.items() if folded
    }


_ALPHABETS = ((0x41, 0x5B), (0x61, 0x7B), (0xC0, 0x180), (0x218, 0x21C), (0x400, 0x460), (0x490, 0x500))


def delete_keys(word_sound: str) -> tuple[str, ...]:
    """The word and the word with one symbol left out: two words one slip apart share a key. Short words have only themselves."""
    if len(word_sound) < 4:
        return (word_sound,)
    return tuple(dict.fromkeys([word_sound, *(word_sound[:i] + word_sound[i + 1 :] for i in range(len(word_sound)))]))
