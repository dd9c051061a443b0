"""The recovery code of an encrypted file: digits only, so that it can be written down and dictated in any language.

Ten groups of five digits: four random ones and a check digit over them and the group's place, so that a slip of the
pen is found and named by its group before anything is tried. It carries 132 random bits. What it opens is the matter
of `store.keys`.
"""

from __future__ import annotations

import secrets

from aidtrack.errors import InvalidInput, Problem, Text

GROUPS = 10
GROUP_DIGITS = 5

# Damm's quasigroup (2004): finds every wrong digit and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def new_code() -> str:
    """A fresh code of fifty digits, ungrouped."""
    return "".join(_complete(place, f"{secrets.randbelow(10**4):04}") for place in range(GROUPS))


def show(code: str) -> str:
    """The code as it is printed: groups of five, five groups a line."""
    groups = _groups(code)
    return "\n".join(" ".join(groups[i : i + 5]) for i in range(0, len(groups), 5))


def read(typed: str) -> str:
    """The fifty digits of what was typed. Raises InvalidInput naming every group that cannot be right."""
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    if len(digits) != GROUPS * GROUP_DIGITS:
        text = Text("The code has {wanted} digits, {n} were typed.", wanted=GROUPS * GROUP_DIGITS, n=len(digits))
        raise _problem(text)
    wrong = [place + 1 for place, group in enumerate(_groups(digits)) if group != _complete(place, group[:-1])]
    if wrong:
        raise _problem(Text("Check these groups of digits again: {groups}.", groups=wrong))
    return digits


def _complete(place: int, four: str) -> str:
    return four + str(_damm(f"{place}{four}"))


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def _groups(code: str) -> list[str]:
    return [code[i : i + GROUP_DIGITS] for i in range(0, len(code), GROUP_DIGITS)]


def _problem(text: Text) -> InvalidInput:
    return InvalidInput([Problem("recovery_code", text)])
