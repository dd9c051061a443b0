"""Names and passwords asked for on a terminal: from the prompt or a file, never from arguments or the environment."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from aidtrack import i18n
from aidtrack.cli.console import Asked
from aidtrack.errors import InvalidInput, Problem, Refused, Text


def name_and_password(asked: Asked) -> tuple[str, str]:
    """Who acts and the password that proves it."""
    if not asked.user:
        words = Text("This database asks who you are: add --user NAME; the password is asked for then.")
        raise Refused("user-needed", words)
    return asked.user, _from_file(asked) or _prompt(asked, Text("Password:"))


def name_and_new_password(asked: Asked) -> tuple[str, str]:
    """Who will act and a new password, typed twice at a prompt."""
    if not asked.user:
        raise Refused(
            "user-needed", Text("Say who will be coordinator: add --user NAME; a password is asked for then.")
        )
    given = _from_file(asked)
    if given:
        return asked.user, given
    password = _prompt(asked, Text("New password:"))
    if _prompt(asked, Text("The same password again:")) != password:
        raise InvalidInput([Problem("again", Text("The two passwords differ. Type both again."))])
    return asked.user, password


def recovery_code(asked: Asked) -> str:
    """The recovery code: all lines of the password file, or typed at the prompt."""
    if asked.password_file is None:
        return _prompt(asked, Text("Recovery code:"))
    return " ".join(_lines(asked.password_file))


def two_secrets(asked: Asked, file: Path | None, second: str) -> tuple[str, str]:
    """The secret of the second person and the password of a list that goes out: two lines of the file, or typed."""
    if file is not None:
        secret, password, *_ = (*_lines(file), "")
        return secret, password
    secret = _prompt(asked, Text("Password or PIN of {name}:", name=second))
    password = _prompt(asked, Text("Password of the list:"))
    if _prompt(asked, Text("The same password again:")) != password:
        raise InvalidInput([Problem("again", Text("The two passwords differ. Type both again."))])
    return secret, password


def _from_file(asked: Asked) -> str:
    """The first line of the password file; empty when none was named."""
    return _lines(asked.password_file)[0] if asked.password_file is not None else ""


def _lines(file: Path) -> list[str]:
    trouble = Refused("password-file", Text("The password file {name} cannot be read or is empty.", name=file.name))
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise trouble from error
    if not lines or not lines[0]:
        raise trouble
    return lines


def _prompt(asked: Asked, words: Text) -> str:
    if not sys.stdin.isatty():
        raise Refused("password-needed", Text("Nobody is here to type the password: use --password-file."))
    return getpass.getpass(i18n.render(words, asked.lang) + " ")
