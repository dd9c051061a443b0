"""Packs: goods and the rules of a programme in one file that people can read, write by hand and carry to another centre.

Owns the words of the file and what can be wrong with them; each problem says where it stands. What is here already is asked by
`services.campaigns.packs`. A pack names goods and places by their codes and nobody by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import tomli_w

from aidtrack.domain.campaigns import RuleDraft, rule_problems
from aidtrack.domain.categories import FamilyKind
from aidtrack.domain.entitlement import Band, Basis, Filters, Shared, Windows
from aidtrack.domain.handover import SignOff
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.domain.sizes import sizes_problems
from aidtrack.domain.stock import (
    LONGEST_NAME,
    ItemDraft,
    ItemMode,
    Unit,
    item_problems,
    length_problems,
    quantity_problems,
)
from aidtrack.errors import LANGUAGES, Names, Problem, Text

Word = TypeVar("Word", bound=StrEnum)

LARGEST = 1_000_000
"""Letters of a file: a programme of a whole country is smaller."""

_ANY_ITEM = UUID(int=1)
_WHOLE_FILE = Text("the whole file")


@dataclass(frozen=True, slots=True)
class PackRule:
    """A rule as a file has it: the item and the places by their codes. `starts`: a first programme begins with it."""

    item: str
    draft: RuleDraft
    places: tuple[str, ...] = ()
    starts: bool = True


@dataclass(frozen=True, slots=True)
class PackItem:
    """An item as a file has it, with its sizes, what a kit of it is made of, and the rule that is usual for it."""

    draft: ItemDraft
    sizes: tuple[str, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    rule: PackRule | None = None

    @property
    def code(self) -> str:
        return self.draft.code


@dataclass(frozen=True, slots=True)
class Pack:
    """What a file holds: a programme's names, rules, donor and how it is signed for, and items of a catalogue."""

    names: Names = field(default_factory=dict)
    items: tuple[PackItem, ...] = ()
    rules: tuple[PackRule, ...] = ()
    donor: str = ""
    sign_off: SignOff = SignOff.SHEET


def read_pack(text: str) -> tuple[Pack, list[Problem]]:
    """The pack of a file and everything that is wrong with it, in the order of the file; what is wrong is left out of the pack."""
    if len(text) > LARGEST:
        return Pack(), [Problem("file", Text("This file is too long for a pack."))]
    problems: list[Problem] = []
    try:
        whole = _Table(tomllib.loads(text), _WHOLE_FILE, "file", problems)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Pack(), [Problem("file", Text("This is no pack: {why}.", why=str(error).rstrip(".") or "…"))]
    names, places = whole.names("names"), whole.codes("places")
    kits = [_kit(table) for table in whole.tables("kit")]
    items = _items(whole, dict(kits))
    rules = tuple(_rule(table, places) for table in whole.tables("rule"))
    donor, sign_off = whole.text("donor").strip(), whole.word("sign_off", SignOff, SignOff.SHEET)
    whole.all_wrong(length_problems(LONGEST_NAME, donor=donor))
    whole.end()
    if rules and not names:
        whole.wrong("names", Text("“{word}” is missing", word="names"))
    if not items and not rules and not problems:
        whole.wrong("file", Text("there is no item and no rule in it"))
    return Pack(names, items, tuple(rule for rule in rules if rule.item), donor, sign_off), problems


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


class _Table:
    """One table of a file: each word is asked for once; what nobody asked for is a problem, for a slip must not change a rule silently."""

    def __init__(self, found: Mapping[str, Any], where: Text, at: str, problems: list[Problem]) -> None:
        self.where, self.at = where, at
        self._found, self._problems = dict(found), problems

    def wrong(self, word: str, what: Text) -> None:
        """One more problem, with where it stands."""
        self._problems.append(Problem(f"{self.at}.{word}", Text("{where}: {what}", where=self.where, what=what)))

    def all_wrong(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.wrong(one.field, one.text)

    def _take(self, word: str, kind: type, what: Text) -> Any:
        """The value of a word if it is of this kind; None where there is none."""
        value = self._found.pop(word, None)
        if value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
            return value
        self.wrong(word, what)
        return None

    def has(self, word: str) -> bool:
        return word in self._found

    def text(self, word: str) -> str:
        return self._take(word, str, Text("“{word}” is to be a text in quotes", word=word)) or ""

    def code(self, word: str) -> str:
        """A text that must be there."""
        if not self.has(word):
            self.wrong(word, Text("“{word}” is missing", word=word))
        return self.text(word).strip()

    def number(self, word: str) -> int | None:
        found = self._take(word, int, Text("“{word}” is to be a whole number", word=word))
        return found if isinstance(found, int) else None

    def day(self, word: str) -> date | None:
        found = self._take(word, date, Text("“{word}” is to be a day like 2024-08-31", word=word))
        return found if isinstance(found, date) else None

    def flag(self, word: str, usual: bool = False) -> bool:
        found = self._take(word, bool, Text("“{word}” is to be true or false", word=word))
        return usual if found is None else bool(found)

    def list(self, word: str) -> Sequence[Any]:
        return self._take(word, list, Text("“{word}” is to be a list in square brackets", word=word)) or ()

    def codes(self, word: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self.list(word)
        if all(isinstance(one, str) for one in found):
            return tuple(dict.fromkeys(one.strip() for one in found))
        self.wrong(word, Text("“{word}” is to be a list of texts in quotes", word=word))
        return ()

    def word(self, word: str, kind: type[Word], usual: Word) -> Word:
        """One of a few words."""
        found = self.text(word)
        return (self._known(word, found, kind) or usual) if found else usual

    def words(self, word: str, kind: type[StrEnum]) -> frozenset[str]:
        """Several of a few words."""
        return frozenset(known.value for one in self.codes(word) if (known := self._known(word, one, kind)) is not None)

    def _known(self, word: str, found: str, kind: type[Word]) -> Word | None:
        allowed = {one.value: one for one in kind}
        if found not in allowed:
            what = Text("“{word}” is none of: {allowed}", word=found, allowed=", ".join(allowed))
            self.wrong(word, what)
        return allowed.get(found)

    def names(self, word: str) -> Names:
        """A name by language."""
        like = Text("“{word}” is to be like {example}", word=word, example='{ ru = "…", uk = "…", en = "…" }')
        found = self._take(word, dict, like) or {}
        if set(found) - set(LANGUAGES) or not all(isinstance(one, str) for one in found.values()):
            self.wrong(word, like)
            return {}
        self.all_wrong(length_problems(LONGEST_NAME, **{word: max(found.values(), key=len, default="")}))
        return {lang: str(name).strip() for lang, name in found.items() if name.strip()}

    def table(self, word: str) -> _Table | None:
        """A table inside this one."""
        if not self.has(word):
            return None
        found = self._take(word, dict, Text("“{word}” is to be a table", word=word))
        return _Table(found or {}, self.where, self.at, self._problems)

    def tables(self, word: str) -> Sequence[_Table]:
        """The tables [[word]], numbered as they stand."""
        made = {"item": "item {n}", "kit": "kit {n}", "rule": "rule {n}"}
        found = self.list(word)
        tables = [one for one in found if isinstance(one, dict)]
        if len(tables) < len(found):
            self.wrong(word, Text("“{word}” is to be written as [[{word}]]", word=word))
        return [
            _Table(one, _where(made[word], n), f"{word}[{n}]", self._problems) for n, one in enumerate(tables, 1)
        ]

    def left(self) -> tuple[str, ...]:
        """The words nobody has asked for yet."""
        return tuple(self._found)

    def end(self) -> None:
        """Nothing else may stand here."""
        for word in self._found:
            self.wrong(word, Text("the word “{word}” is not known here", word=word))


def _where(kind: str, n: int) -> Text:
    return {"item {n}": Text("item {n}", n=n), "kit {n}": Text("kit {n}", n=n), "rule {n}": Text("rule {n}", n=n)}[kind]


def _kit(table: _Table) -> tuple[str, tuple[tuple[str, int], ...]]:
    """A kit by its code, with so many of each part."""
    code, parts = table.code("code"), table.table("parts")
    table.end()
    if parts is None:
        table.wrong("parts", Text("“{word}” is missing", word="parts"))
        return code, ()
    numbers = [(part, parts.number(part)) for part in parts.left()]
    for part, number in numbers:
        table.all_wrong(quantity_problems(part, number))
    return code, tuple((part, number) for part, number in numbers if number)


def _items(whole: _Table, kits: Mapping[str, tuple[tuple[str, int], ...]]) -> tuple[PackItem, ...]:
    tables = whole.tables("item")
    items = [_item(table, kits) for table in tables]
    seen: set[str] = set()
    for table, item in zip(tables, items, strict=True):
        if item.code and item.code in seen:
            table.wrong("code", Text("the code {code} stands in the file twice", code=item.code))
        seen.add(item.code)
    for code in kits:
        if not any(item.code == code and item.draft.is_kit for item in items):
            whole.wrong("kit", Text("{code} has parts and is no item with “kit = true” in this file", code=code))
    return tuple(item for item in items if item.code)


def _item(table: _Table, kits: Mapping[str, tuple[tuple[str, int], ...]]) -> PackItem:
    code = table.code("code")
    if code:
        table.where = Text("item {code}", code=code)
    draft = ItemDraft(
        table.names("names"), code, table.word("unit", Unit, Unit.PIECE), table.text("category"), table.flag("expires"),
        table.flag("kit"), table.word("mode", ItemMode, ItemMode.COUNTED), is_numbered=table.flag("numbered"),
    )  # fmt: skip
    sizes, usual = table.codes("sizes"), table.table("rule")
    rule = _rule(usual, (), code) if usual is not None else None
    table.end()
    table.all_wrong(item_problems(draft) + sizes_problems(draft.names, sizes))
    return PackItem(draft, sizes, kits.get(code, ()), rule)


def _rule(table: _Table, places: tuple[str, ...], item: str = "") -> PackRule:
    item = item or table.code("item")
    if item:
        table.where = Text("{where} ({code})", where=table.where, code=item)
    if not any(table.has(word) for word in ("renew", "monthly", "loan_days")):
        table.wrong("renew", Text("how often is missing: “renew” in days (0: once), “monthly” or “loan_days”"))
    if not table.has("basis"):
        table.wrong("basis", Text("“{word}” is missing", word="basis"))
    own = table.codes("places") if table.has("places") else places
    draft = RuleDraft(
        _ANY_ITEM, table.word("basis", Basis, Basis.PERSON), table.number("quantity"), table.number("renew") or None,
        _filters(table), _bands(table), monthly=table.flag("monthly"),
        windows=table.word("windows", Windows, Windows.PERSON) if table.has("windows") else None,
        shared=table.word("shared", Shared, Shared.HALF), group=table.text("group"), cap=table.number("cap"),
        daily_cap=table.number("daily_cap"), loan_days=table.number("loan_days"),
        counts_declared=table.flag("stamps"),
    )  # fmt: skip
    starts = table.flag("start", True)
    table.end()
    table.all_wrong(rule_problems(draft))
    return PackRule(item, replace(draft, item_id=None), own, starts)


def _filters(table: _Table) -> Filters:
    sex = table.word("sex", Sex, Sex.OTHER) if table.has("sex") else None
    return Filters(
        table.number("age_from"), table.number("age_to"), sex.value if sex else None, table.words("needs", Need), frozenset(),
        table.words("lodgings", Lodging), table.words("without_lodgings", Lodging), table.number("size_from"),
        table.number("size_to"), table.day("registered_from"), table.day("registered_to"), table.words("kinds", FamilyKind),
    )  # fmt: skip


def _bands(table: _Table) -> tuple[Band, ...]:
    pairs = table.list("bands")
    if all(isinstance(one, list) and len(one) == 2 and all(type(n) is int for n in one) for one in pairs):
        return tuple(Band(people, number) for people, number in pairs)
    table.wrong("bands", Text("“{word}” is to be like {example}", word="bands", example="[[3, 2], [6, 3]]"))
    return ()


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def write_pack(pack: Pack) -> str:
    """The pack as a file; `read_pack` gives back an equal one."""
    sign_off = pack.sign_off.value if pack.sign_off is not SignOff.SHEET else ""
    whole = {
        "names": pack.names, "donor": pack.donor, "sign_off": sign_off, "item": [_said(_item_words(item)) for item in pack.items],
        "kit": [{"code": item.code, "parts": dict(item.parts)} for item in pack.items if item.parts],
        "rule": [{"item": rule.item, **_said(_rule_words(rule))} for rule in pack.rules],
    }  # fmt: skip
    return tomli_w.dumps(_said(whole))


def _item_words(item: PackItem) -> dict[str, Any]:
    draft = item.draft
    return {
        "code": draft.code, "names": draft.names, "unit": draft.unit.value, "category": draft.category,
        "expires": draft.expires or None, "kit": draft.is_kit or None, "numbered": draft.is_numbered or None,
        "mode": draft.mode.value if draft.mode is not ItemMode.COUNTED else None, "sizes": list(item.sizes),
        "rule": _said(_rule_words(item.rule)) if item.rule else None,
    }  # fmt: skip


def _rule_words(rule: PackRule) -> dict[str, Any]:
    draft, wanted = rule.draft, rule.draft.filters
    often = draft.monthly or draft.loan_days is not None
    return {
        "basis": draft.basis.value, "quantity": draft.quantity, "renew": None if often else draft.every_days or 0,
        "monthly": draft.monthly or None, "loan_days": draft.loan_days, "bands": [[b.people_from, b.quantity] for b in draft.bands],
        "cap": draft.cap, "daily_cap": draft.daily_cap, "windows": draft.windows.value if draft.windows else None,
        "shared": draft.shared.value if draft.shared is not Shared.HALF else None, "group": draft.group,
        "stamps": draft.counts_declared or None,
        "age_from": wanted.age_from, "age_to": wanted.age_to, "sex": wanted.sex, "needs": sorted(wanted.needs),
        "kinds": sorted(wanted.kinds), "lodgings": sorted(wanted.lodgings), "without_lodgings": sorted(wanted.without_lodgings),
        "size_from": wanted.size_from, "size_to": wanted.size_to, "registered_from": wanted.registered_from,
        "registered_to": wanted.registered_to, "places": list(rule.places), "start": None if rule.starts else False,
    }  # fmt: skip


def _said(words: Mapping[str, Any]) -> dict[str, Any]:
    """Without what need not be said. A zero and a no are said."""
    return {word: value for word, value in words.items() if value is not None and value not in ("", [], {})}
