"""Forms of one name that no folding of letters can see: Николай and Микола, Саша and Александр, Иванова and Иванов, Сергіївна and
Сергеевна.

Owns which forms belong together (given names from resources/names/given.tsv, patronymics made from them, endings of surnames) and how
sure they are; how alike two words look is `likeness`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from aidtrack.domain.names.folding import plain, sound
from aidtrack.shipped import table

SAME_NAME = 0.95
"""Full forms of one given name or patronymic in two languages, a surname in its two genders."""
ELSEWHERE = 0.88
"""The same name among other peoples: Юрий and Jerzy, Михаил and Michael; oftener two people than one."""
SHORT_FORM = 0.90
"""A short form and the full one."""
BOTH_SHORT = 0.85
SIBLINGS = 0.85
"""The patronymics of a brother and a sister: one father, two people."""


class GivenName(NamedTuple):
    """One given name: its full forms in Russian, Ukrainian and other languages, and what people are called at home."""

    sex: str
    russian: tuple[str, ...]
    ukrainian: tuple[str, ...]
    others: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def full(self) -> tuple[str, ...]:
        """Every form that may stand in papers."""
        return self.russian + self.ukrainian + self.others


class _Form(NamedTuple):
    """What a word is known as: of which name (its line in the table) and in which way."""

    name: int
    kind: str


_FULL, _OTHER, _SHORT, _SON, _DAUGHTER = "full", "other", "short", "son", "daughter"
_ALIKE = {
    frozenset({_FULL}): SAME_NAME,
    frozenset({_SON}): SAME_NAME,
    frozenset({_DAUGHTER}): SAME_NAME,
    frozenset({_FULL, _OTHER}): ELSEWHERE,
    frozenset({_OTHER}): ELSEWHERE,
    frozenset({_OTHER, _SHORT}): BOTH_SHORT,
    frozenset({_FULL, _SHORT}): SHORT_FORM,
    frozenset({_SHORT}): BOTH_SHORT,
    frozenset({_SON, _DAUGHTER}): SIBLINGS,
}
# Fathers whose patronymics no rule makes.
_PATRONYMICS = {
    "Илья": "Ильич Ильинична Ілліч Іллівна", "Кузьма": "Кузьмич Кузьминична Кузьмівна", "Лука": "Лукич Лукинична Лукич Луківна",
    "Фома": "Фомич Фоминична Хомич Хомівна", "Никита": "Никитич Никитична Микитович Микитівна",
    "Павел": "Павлович Павловна Павлівна", "Лев": "Львович Львовна Львівна", "Пётр": "Петрович Петровна Петрівна",
    "Яков": "Яковлевич Яковлевна Якович Яківна", "Михаил": "Михайлович Михайловна Михайлівна",
    "Савва": "Саввич Саввична Савович Савівна", "Николай": "Николаевич Николаевна Миколайович Миколаївна",
    "Григорий": "Григорьевич Григорьевна Григорович Григорівна",
    "Фёдор": "Фёдорович Фёдоровна Федорович Федорівна", "Федір": "", "Прохор": "Прохорович Прохоровна Прохорівна",
}  # fmt: skip
_DAUGHTERS = ("на",)

_POSSESSIVE = re.compile(r"(.{2,}(?:ov|ev|iv|in))a?")
_SKII = re.compile(r"(.{2,}[sckz]k)(?:i|a|oi)")
_MASCULINE = re.compile(r"(.{3,})(?:ii|oi|yi|iy|yy|ij|y)")
_FEMININE = re.compile(r"(.{3,}?)(?:aia|aya|aja|a)")


def forms_likeness(a: str, b: str) -> float | None:
    """How sure two plain words are forms of one name; 0 for forms of different names, None where nothing is known of them."""
    ours, others = _known(a), _known(b)
    if ours and others:
        shared = [_ALIKE.get(frozenset({x.kind, y.kind}), 0.0) for x in ours for y in others if x.name == y.name]
        return max(shared, default=0.0)
    return SAME_NAME if _is_one_surname(a, b) else None


@lru_cache(maxsize=20_000)
def other_forms(word: str) -> tuple[str, ...]:
    """The sounds of all other forms of a given name, full ones first: where else its bearer may be written."""
    names = [_given()[form.name] for form in _known(word) if form.kind in (_FULL, _OTHER, _SHORT)]
    written = [form for name in names for form in name.full] + [form for name in names for form in name.short]
    return tuple(dict.fromkeys(found for found in map(_sound_of, written) if found != sound(word)))


def is_given_name(word: str) -> bool:
    """Whether a plain word is a full or short given name of the table."""
    return any(form.kind in (_FULL, _OTHER, _SHORT) for form in _known(word))


def _is_one_surname(a: str, b: str) -> bool:
    """Иванов and Иванова, Левицький and Левицька, Белый and Белая; of words that have such endings only."""
    if a[:1] != b[:1]:
        return False
    ours, others = _stems(a), _stems(b)
    if ours.both and ours.both == others.both:
        return True
    return bool(ours.his and ours.his == others.hers) or bool(ours.hers and ours.hers == others.his)


class _Stems(NamedTuple):
    """A surname without its ending, in sound: one that either gender has, a man's, a woman's; empty where it has no such ending."""

    both: str
    his: str
    hers: str


@lru_cache(maxsize=100_000)
def _stems(word: str) -> _Stems:
    folded = sound(word)
    both = _POSSESSIVE.fullmatch(folded) or _SKII.fullmatch(folded)
    his, hers = _MASCULINE.fullmatch(word), _FEMININE.fullmatch(word)
    return _Stems(both[1] if both else "", sound(his[1]) if his else "", sound(hers[1]) if hers else "")


@lru_cache(maxsize=100_000)
def _known(word: str) -> tuple[_Form, ...]:
    """By its letters, and only where those are unknown by its sound: Яна sounds like Анна."""
    by_letters, by_sound = _forms()
    return by_letters.get(word) or by_sound.get(sound(word), ())


@cache
def _given() -> tuple[GivenName, ...]:
    return tuple(
        GivenName(sex, *(tuple(forms.split()) for forms in (russian, ukrainian, others, short)))
        for sex, russian, ukrainian, others, short in table("names/given.tsv")
    )


@cache
def _forms() -> tuple[dict[str, tuple[_Form, ...]], dict[str, tuple[_Form, ...]]]:
    """Every known form by its plain word and by its sound."""
    by_letters: dict[str, dict[_Form, None]] = {}
    by_sound: dict[str, dict[_Form, None]] = {}
    for written, form in _written_forms():
        by_letters.setdefault(plain(written), {})[form] = None
        by_sound.setdefault(_sound_of(written), {})[form] = None
    return _frozen(by_letters), _frozen(by_sound)


def _frozen(forms: dict[str, dict[_Form, None]]) -> dict[str, tuple[_Form, ...]]:
    return {word: tuple(found) for word, found in forms.items()}


def _written_forms() -> Iterator[tuple[str, _Form]]:
    for number, name in enumerate(_given()):
        yield from ((form, _Form(number, _FULL)) for form in name.russian + name.ukrainian)
        ours = {_sound_of(form) for form in name.russian + name.ukrainian}
        yield from ((form, _Form(number, _FULL if _sound_of(form) in ours else _OTHER)) for form in name.others)
        yield from ((form, _Form(number, _SHORT)) for form in name.short)
        for form in _patronymics(name) if name.sex == "m" else ():
            yield form, _Form(number, _DAUGHTER if form.endswith(_DAUGHTERS) else _SON)


def _patronymics(father: GivenName) -> Iterable[str]:
    """The patronymics of a man's children in both languages."""
    irregular = _PATRONYMICS.get(father.russian[0])
    if irregular:
        return irregular.split()
    russian = (made for form in father.russian for made in _russian(form))
    return [*russian, *(made for form in father.ukrainian for made in _ukrainian(form))]


def _russian(name: str) -> tuple[str, ...]:
    """Сергей → Сергеевич, Юрий → Юрьевич and Юриевич, Игорь → Игоревич, Иван → Иванович."""
    if name.endswith("ий"):
        return tuple(name[:-2] + between + end for between in "ьи" for end in ("евич", "евна"))
    if name.endswith(("й", "ь")):
        return name[:-1] + "евич", name[:-1] + "евна"
    stem = name.rstrip("аяоеи")
    return stem + "ович", stem + "овна"


def _ukrainian(name: str) -> tuple[str, ...]:
    """Сергій → Сергійович and Сергіївна, Ігор → Ігорович and Ігорівна, Дмитро → Дмитрович."""
    if name.endswith("й"):
        return name + "ович", name[:-1] + "ївна"
    stem = name.rstrip("аяоеиіь")
    return stem + "ович", stem + "івна"


def _sound_of(written: str) -> str:
    return sound(plain(written))
