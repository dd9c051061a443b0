"""What every command gets: who acts, on which database, in which language, and how to answer on the terminal.

It opens nothing itself: `cli.main` hands in the function that does, and it runs at the first question to the database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import typer

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.errors import Text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.store.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that stand before the command."""

    address: str | None = None
    user: str | None = None
    password_file: Path | None = None
    lang: str = "en"
    json: bool = False


@dataclass
class Console:
    """The state of one run of the program on a terminal."""

    asked: Asked
    opens: Callable[[Asked], tuple[Database, Actor]]
    creates: Callable[[str, bytes | None], Database]
    shows_window: Callable[[str | None, str], int]
    _opened: tuple[Database, Actor] | None = field(default=None, repr=False)

    @property
    def lang(self) -> str:
        """The language of everything said on this terminal."""
        return self.asked.lang

    @property
    def json(self) -> bool:
        """Whether answers are for a machine."""
        return self.asked.json

    @property
    def db(self) -> Database:
        """The database, opened at first use."""
        return self._both()[0]

    @property
    def by(self) -> Actor:
        """Who acts."""
        return self._both()[1]

    def _both(self) -> tuple[Database, Actor]:
        if self._opened is None:
            self._opened = self.opens(self.asked)
        return self._opened

    def read(self, ask: Callable[[Session], T]) -> T:
        """The answer of a use case that only reads."""
        return self.db.read(ask)

    def write(self, do: Callable[[Session], T]) -> T:
        """The receipt of a use case, committed."""
        return self.db.write(do)

    def open_at(self, address: str) -> tuple[Database, Actor]:
        """From now on this run acts on another database: one that was just made."""
        self.close()
        self.asked = replace(self.asked, address=address)
        return self._both()

    def close(self) -> None:
        """Lets go of the database."""
        if self._opened is not None:
            self._opened[0].close()
            self._opened = None

    def words(self, text: Text) -> str:
        """A sentence in the language of this terminal."""
        return i18n.render(text, self.lang)

    def say(self, text: Text) -> None:
        """One line for a person; a machine that asked for JSON gets none of it in its answer."""
        stream = sys.stderr if self.json else sys.stdout
        stream.write(self.words(text) + "\n")

    def answer(self, value: object) -> None:
        """The answer for a machine: JSON on the standard output."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def table(self, headers: Sequence[Text], rows: Iterable[Sequence[object]]) -> None:
        """Rows for a person, in columns."""
        from rich.console import Console as Terminal
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for header in headers:
            table.add_column(self.words(header), overflow="fold")
        for row in rows:
            table.add_row(*(_cell(value, self.lang) for value in row))
        Terminal(markup=False, highlight=False).print(table)


def _cell(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return i18n.render(value, lang)
    if isinstance(value, int) and not isinstance(value, bool):
        return i18n.number(value, lang)
    return "" if value is None else str(value)


def console_of(context: typer.Context) -> Console:
    """The console of the running command."""
    return cast("Console", context.find_root().obj)

