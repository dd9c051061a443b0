"""`--help` in the language of the person: the words of every command and option, and the few of the library around them.

Knows no command by name: it walks what is there. That each of these words has its translation is proved by a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aidtrack import i18n
from aidtrack.errors import Text

_AROUND = {
    "Usage:": Text("Usage:"),
    "Arguments:": Text("Arguments:"),
    "Options:": Text("Options:"),
    "Commands:": Text("Commands:"),
    "[required]": Text("[required]"),
    "Show this message and exit.": Text("Show this help."),
    "COMMAND [ARGS]...": Text("COMMAND …"),
    "[OPTIONS]": Text("[OPTIONS]"),
}
"""What the library says in English only, and what is said in its place."""


def in_language(command: Any, lang: str) -> Any:
    """The same command, and all below it, with its help in `lang`."""
    for one in commands(command):
        one.help = _said(one.help, lang)
        for parameter in one.params:
            if getattr(parameter, "help", None):
                parameter.help = _said(parameter.help, lang)
        one.get_help = _surrounded(one.get_help, lang)
    return command


def commands(command: Any) -> Iterator[Any]:
    """A command and all below it."""
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from commands(one)


def words_of(command: Any) -> list[str]:
    """Everything that `--help` says of a command and all below it; for the proof that it is translated."""
    found = [getattr(part, "help", None) for one in commands(command) for part in (one, *one.params)]
    return list(dict.fromkeys(words for words in found if words))


def _said(words: str | None, lang: str) -> str:
    return i18n.render(Text(words), lang) if words else ""


def _surrounded(get_help: Any, lang: str) -> Any:
    def said(context: Any) -> str:
        whole: str = get_help(context)
        for english, words in _AROUND.items():
            whole = whole.replace(english, i18n.render(words, lang))
        return whole

    return said
