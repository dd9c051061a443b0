"""`--help` in the language of the person, every word of it."""

from __future__ import annotations

import re

import pytest

from aidtrack import i18n
from aidtrack.cli.help import commands, words_of
from aidtrack.cli.main import application, run

TRANSLATED = ("ru", "uk")
LATIN_WORDS = re.compile(r"\b[a-z]{4,}\b")


def ask(*words: str) -> int:
    return run((*words, "--help"), shows_window=lambda _address, _lang: 0)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_word_of_help_is_translated(lang: str) -> None:
    whole = application(lambda _address, _lang: 0)
    missing = [words for words in words_of(whole) if i18n.catalogue(lang).gettext(words) == words]
    assert missing == []
    assert len(list(commands(whole))) > 10


@pytest.mark.parametrize("before", [("--lang", "ru"), ("--lang=ru",)])
def test_help_speaks_the_language_asked_for(before: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(*before) == 0
    said = capsys.readouterr().out
    assert "Использование: aidtrack" in said
    assert "без сети" in said
    assert ask(*before, "import", "people") == 0
    said = capsys.readouterr().out
    assert "Не спрашивать." in said
    assert LATIN_WORDS.findall(re.sub(r"--[a-z-]+|<\w+>|\{?file\}?", "", said.partition("\n")[2])) == []


def test_help_follows_the_language_of_the_machine(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda *_: ("uk_UA", "UTF-8"))
    assert ask("check") == 0
    assert "Використання: aidtrack check" in capsys.readouterr().out


def test_english_stays_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--lang", "en") == 0
    said = capsys.readouterr().out
    assert "Usage: aidtrack" in said
    assert "Show this help." in said
