"""What can go wrong, as values that know their words but not their language.

Owns the error families, `Names`, and `Text`, a sentence that can be rendered in any language later. Rendering is `aidtrack.i18n`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

LANGUAGES = ("ru", "uk", "en")
"""What window and paper speak."""

Names: TypeAlias = Mapping[str, str]
"""What something is called, by language; `i18n.pick` chooses."""


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """One sentence: an English message id, its plural if it counts, and the facts that fill it.

    Facts may be str, int, date, datetime.time, a name per language or another Text; numbers and dates are formatted for the
    language at rendering.
    """

    msgid: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""
    count: int | None = None

    def __init__(self, msgid: str, /, *, _many: str = "", _count: int | None = None, **facts: Any) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "many", _many)
        object.__setattr__(self, "count", _count)

    @classmethod
    def plural(cls, one: str, many: str, /, *, n: int, **facts: Any) -> Text:
        """A sentence whose words follow the number `n`, which is also the fact {n}."""
        return cls(one, _many=many, _count=n, n=n, **facts)

    def __hash__(self) -> int:
        return hash((self.msgid, self.count))

    def __str__(self) -> str:
        """English, for logs and test failures; people see `i18n.render`."""
        return (self.many if self.many and self.count != 1 else self.msgid).format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One field of a form and what to do about it."""

    field: str
    text: Text


class AidTrackError(Exception):
    """Something a person can be told in one sentence. `code` is stable for machines, `text` is for people."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.__dict__)


def _rebuilt(kind: type[AidTrackError], state: dict[str, Any]) -> AidTrackError:
    """An error sent from another process, whatever its constructor wants."""
    error = kind.__new__(kind)
    Exception.__init__(error, state["code"], state["text"])
    error.__dict__.update(state)
    return error


class InvalidInput(AidTrackError):
    """What was typed cannot be saved yet; all problems at once, each with its field."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        assert problems, "an InvalidInput without problems tells nobody anything"
        super().__init__("invalid-input", problems[0].text)
        self.problems = tuple(problems)


class Refused(AidTrackError):
    """A rule of the centre says no, and why."""

    exit_code = 3


class NotAllowed(AidTrackError):
    """This person's roles do not include it."""

    exit_code = 4


class NotFound(AidTrackError):
    """What was asked for is not there."""

    exit_code = 5


class Conflict(AidTrackError):
    """Somebody else changed it meanwhile, or one request id came with two different contents."""

    exit_code = 6


class StoreTrouble(AidTrackError):
    """The database cannot answer: disk full, busy, wrong key, corrupt, too new. `retry` says whether waiting may help."""

    exit_code = 7

    def __init__(self, code: str, text: Text, *, retry: bool = False) -> None:
        super().__init__(code, text)
        self.retry = retry


class SyncRefused(AidTrackError):
    """A bundle from another site cannot be taken in."""

    exit_code = 8
