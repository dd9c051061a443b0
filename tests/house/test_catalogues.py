"""Everything a person reads exists in all three languages: no missing words, no lost facts, right plural forms, nothing fuzzy."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from aidtrack import i18n
from tests.house.source import dotted, modules, place, tree

TRANSLATED = ("ru", "uk")
FACT = re.compile(r"{(\w*)[^{}]*}")
# Words that shame people, never on a screen or a paper of ours (field.md, glossary).
SHAMING = re.compile(r"(?i)\b(дубл|нужда[ею]|беженц|беженец|мошенн|шахра|отказано|льготник|пільговик)")
# Letters the language does not have: a word of the neighbour that was left, or a slip of the keyboard.
FOREIGN = {"ru": re.compile("[іїєґІЇЄҐ]"), "uk": re.compile("[ыэёъЫЭЁЪ]")}
# How the pages are set: their own signs in place of those of a typewriter. Each reason with what it looks like.
SET_WRONG = {
    "a straight quote or apostrophe": re.compile("[\"'`]"),
    "three dots in place of the one sign": re.compile(r"\.\.\."),
    "a hyphen in place of a dash": re.compile(r"(^|\s)-(\s|$)"),
    "two spaces, or one at the edge": re.compile(r" {2}|^ | $"),
    "a space before the sign": re.compile(r"\s[,;:.!?)](\s|$)"),
    "a word twice": re.compile(r"(?i)\b(\w{2,}) \1\b"),
    "letters of two alphabets in a word": re.compile("[А-Яа-яЁёІіЇїЄєҐґ][A-Za-z]|[A-Za-z][А-Яа-яЁёІіЇїЄєҐґ]"),
}
FOREIGN_QUOTES = re.compile("[“”„]")
# A counted word right behind its number follows it: Text.plural. These count only what is always many, or name a limit.
COUNTED = {
    "en": re.compile(r"\{(\w+)\} (units|items|lines|rows|families|people|boxes|kits|cards|times)\b"),
    "ru": re.compile(r"\{(\w+)\} (единиц|наименован|строк|записей|сем(ь|е)|человек|мест(а|о|\b)|набор|парти|карт)"),
    "uk": re.compile(r"\{(\w+)\} (одиниц|найменуван|ряд(о|к)|записів|родин|осіб|людей|місц|набор|парті|карт)"),
}
ALWAYS_MANY = re.compile(
    r"^(No family was registered on|More than \{n\}|No column of names|Who collects for more|for families of"
    r"|(\{much\}, )?from \{people\} people"
    r"|Over 65|Who comes again|Not there when called|Needed: |Enough for: |Came back: |It (adds|does not add) up: "
    r"|Backup made|Restored and|backup opened"
    r"|\{n\} cards end|\{item\}: the hand-over was cancelled|\{n\} of \{all\} units|\{promised\} units were|\{n\} units stand aside"
    r"|Take in \{people\} people|Written: \{people\}|units to |\{programme\}: reached)"
)
# One notion, one word: what was settled, and what must not stand in its place any more.
SETTLED = {
    "ru": {"подпись": r"роспис", "донор": r"дарител", "минимальный запас": r"наименьш\w+ запас"},
    "uk": {
        "виберіть": r"обер(и|іть)", "строк": r"\bтермін(?!ово)", "нестача": r"недостач", "перераховано": r"переліч",
        "під’єднайте": r"підключ", "безоплатно": r"безкоштовн", "суперечка": r"\bспор[иі]\w*\b|\bспір\b",
        "донор": r"дарувальник", "за записаним": r"судяч", "під час": r"\bпри (перерахунку|доставці|кожній)",
        "мінімальний запас": r"найменш\w+ запас", "тимчасово": r"\bна час\b",
    },
}
# Signs and short forms that start or end otherwise than their English: a unit has its dot, a code its own letters.
OWN_CASE = re.compile(r"^(\W*\w?\d|\W*[A-ZА-ЯІЇЄҐ]{2,}|.*\bA6\b|B4$|Age to$)")
ABBREVIATED = re.compile(r"^([а-яіїєґ]{2,6}\.|№|No\.)$|(чел|дн|подтв|підтв)\.$")


class Said(NamedTuple):
    """One sentence of the code: its id, the plural if it counts, and where it stands."""

    msgid: str
    many: str
    where: str


def sentences(source: ast.Module, where: str) -> Iterator[Said]:
    """Every message id in the code: Text(…), Text.plural(…), tr(…), trn(…)."""
    texts = {"Text", "tr"} | renamed(source)
    for node in ast.walk(source):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        words = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        name = dotted(node.func).rpartition(".")[2] if not dotted(node.func).endswith("Text.plural") else "plural"
        at = f"{where}:{node.lineno}"
        if name in {"plural", "trn"} and len(words) == 2:
            yield Said(words[0], words[1], at)
        elif name in texts and words and isinstance(node.args[0], ast.Constant) and words[0]:
            yield Said(words[0], "", at)


def renamed(source: ast.Module) -> set[str]:
    """Other names a module imports Text under."""
    imports = [n for n in ast.walk(source) if isinstance(n, ast.ImportFrom) and n.module == "aidtrack.errors"]
    return {alias.asname for n in imports for alias in n.names if alias.name == "Text" and alias.asname}


@cache
def said() -> tuple[Said, ...]:
    """Every sentence of the program."""
    return tuple(s for path in modules() for s in sentences(tree(path), place(path)))


@cache
def messages(lang: str) -> dict[str, Message]:
    """All catalogues of a language as one."""
    found = {}
    for path in i18n.po_files(lang):
        for message in read_po(io.BytesIO(path.read_bytes()), locale=lang):
            if message.id:
                found[message.id if isinstance(message.id, str) else message.id[0]] = message
    return found


def forms(message: Message) -> list[str]:
    """The translations of a message, one or one a plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def spoken(lang: str) -> list[tuple[str, str]]:
    """Each id with what is read in its place; in English the id itself, and its plural."""
    if lang == "en":
        return [(word, word) for m in messages("uk").values() for word in ([m.id] if isinstance(m.id, str) else m.id)]
    return [(msgid, form) for msgid, message in messages(lang).items() for form in forms(message)]


def begins(words: str) -> bool | None:
    """Whether it begins with a capital; None where a fact, a digit or a sign stands first."""
    return words[0].isupper() if words[:1].isalpha() else None


def ends(words: str) -> str:
    """The sign at the end, behind quotes and brackets; the dot of a shortened word is none."""
    last = words.rstrip("”»")[-1:]
    return last if last in set(".:?!…;,") and not ABBREVIATED.search(words) else ""


def facts(words: str) -> set[str]:
    return set(FACT.findall(words))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_has_words(lang: str) -> None:
    missing = [f"{s.where} {s.msgid}" for s in said() if s.msgid not in messages(lang) or not all(forms(messages(lang)[s.msgid]))]
    assert missing == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_counted_sentences_have_three_forms(lang: str) -> None:
    counted = {s.msgid: s for s in said() if s.many}
    wrong = [f"{s.where} {m}" for m, s in counted.items() if m in messages(lang) and len(forms(messages(lang)[m])) != 3]
    assert wrong == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_fact_is_lost_or_invented(lang: str) -> None:
    wrong = []
    for msgid, message in messages(lang).items():
        allowed = facts(msgid) | (facts(message.id[1]) if isinstance(message.id, list | tuple) else set())
        needed = allowed - {"n"} if isinstance(message.id, list | tuple) else allowed
        wrong += [f"{msgid} → {form}" for form in forms(message) if not needed <= facts(form) <= allowed]
    assert wrong == []


@pytest.mark.parametrize("path", [p for lang in TRANSLATED for p in i18n.po_files(lang)], ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_a_catalogue_is_clean(path: Path) -> None:
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=path.parts[-3], abort_invalid=True)
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    assert [str(error) for m in catalogue for error in m.check(catalogue) if m.id] == []
    assert catalogue.num_plurals == 3


@pytest.mark.parametrize("lang", TRANSLATED)
def test_one_sentence_is_said_one_way(lang: str) -> None:
    """The same id in two catalogues with two translations: which one people see would depend on the names of files."""
    seen: dict[str, tuple[object, str]] = {}
    differing = []
    for path in i18n.po_files(lang):
        for message in read_po(io.BytesIO(path.read_bytes()), locale=lang):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                kept, where = seen.setdefault(key, (message.string, path.name))
                if kept != message.string:
                    differing.append(f"{key}: {where} and {path.name}")
    assert differing == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_word_shames_anybody(lang: str) -> None:
    assert [form for message in messages(lang).values() for form in forms(message) if SHAMING.search(form)] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_letter_is_of_its_language(lang: str) -> None:
    assert [form for _, form in spoken(lang) if FOREIGN[lang].search(form)] == []


@pytest.mark.parametrize("lang", ["en", *TRANSLATED])
def test_words_are_set_with_the_signs_of_print(lang: str) -> None:
    """A fact is left out before looking: what stands in it comes from elsewhere."""
    plain = [FACT.sub("7", form) for _, form in spoken(lang)]
    assert [f"{fault}: {form}" for form in plain for fault, sign in SET_WRONG.items() if sign.search(form)] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_quotes_are_those_of_the_language(lang: str) -> None:
    assert [form for _, form in spoken(lang) if FOREIGN_QUOTES.search(form)] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_one_notion_has_one_word(lang: str) -> None:
    wrong = [(word, form) for _, form in spoken(lang) for word, other in SETTLED[lang].items() if re.search(other, form.lower())]
    assert wrong == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_sentence_begins_and_ends_as_its_english_does(lang: str) -> None:
    """A small letter where a line goes on, a capital where one begins; a full stop where the English has one."""
    cased = [(msgid, form) for msgid, form in spoken(lang) if not (OWN_CASE.match(form) or OWN_CASE.match(msgid))]
    assert [f"{msgid} → {form}" for msgid, form in cased if {begins(msgid), begins(form)} == {True, False}] == []
    assert [f"{msgid} → {form}" for msgid, form in spoken(lang) if ends(msgid) != ends(form)] == []


@pytest.mark.parametrize("lang", ["en", *TRANSLATED])
def test_a_counted_word_follows_its_number(lang: str) -> None:
    """“1 items”, «на 2 семей»: the word has its forms, or stands before the number."""
    counting = {message.id for message in messages("uk").values() if isinstance(message.id, str)}
    found = [f"{msgid} → {form}" for msgid, form in spoken(lang) if msgid in counting and COUNTED[lang].search(form)]
    assert [one for one in found if not ALWAYS_MANY.match(one)] == []


def test_a_fault_of_setting_would_be_seen() -> None:
    for form in ("don't", "Ждите...", "день - ночь", "два  слова", "слово :", "на на полку", "cлово"):
        assert any(sign.search(form) for sign in SET_WRONG.values()), form
    assert ends("шт.") == ends("pcs")
    assert ends("Готово.") != ends("Done")


def test_a_sentence_in_the_code_would_be_seen() -> None:
    source = ast.parse('Text("a {n}")\nText.plural("one", "many", n=2)\ntr("b")\ntrn("c", "d", 3)\nText(word)\nOther("e")\n'
        'from aidtrack.errors import Text as Sentence\nSentence("f")')
    assert [(s.msgid, s.many) for s in sentences(source, "x")] == [("a {n}", ""), ("one", "many"), ("b", ""), ("c", "d"), ("f", "")]
