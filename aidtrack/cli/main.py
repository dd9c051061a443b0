"""The command line of AidTrack: global options, who acts, and one place where errors become a sentence and an exit code.

The only module of the command line that opens a database. Commands stand beside it, one file a subject.
"""

from __future__ import annotations

import getpass
import importlib
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from typer.core import TyperGroup

from aidtrack import i18n, settings
from aidtrack.cli.console import Asked, Console
from aidtrack.cli.help import in_language
from aidtrack.cli.passwords import name_and_password
from aidtrack.clock import wall_clock
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, InvalidInput, Refused, Text

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.store.database import Database

COMMANDS = ("demo", "database", "people", "search", "reports", "check")
OUR_FAULT = 70
STOPPED = 130

ShowWindow = Callable[[str | None, str], int]
DatabaseOption = Annotated[
    str | None,
    typer.Option(envvar="AIDTRACK_DATABASE", metavar="PATH_OR_URL", help="A file, or postgresql+psycopg://…"),
]
PasswordOption = Annotated[
    Path | None, typer.Option(help="A file with the password; without it the password is asked for.")
]

_log = logging.getLogger(__name__)


def run(arguments: Sequence[str], *, shows_window: ShowWindow) -> int:
    """Runs one command line and returns its exit code. Without a command the window opens."""
    try:
        command = in_language(application(shows_window), _language_in(arguments))
        return _exit_code(lambda: command(list(arguments), prog_name="aidtrack"))
    except AidTrackError as error:
        _tell(error, _language_in(arguments), is_json="--json" in arguments)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our answer has enough of it; a second complaint at exit would help nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        _report(error, _language_in(arguments))
        return OUR_FAULT


def _exit_code(call: Callable[[], Any]) -> int:
    """Typer ends every run with SystemExit; the code is what we want of it."""
    try:
        answer = call()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return answer if isinstance(answer, int) else 0


# ── what is asked ────────────────────────────────────────────────────────────────────────────────


class _Group(TyperGroup):
    """The commands; Ctrl+C ends one with the usual exit code and without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise typer.Exit(STOPPED) from stop
        finally:
            if isinstance(ctx.obj, Console):
                ctx.obj.close()


def application(shows_window: ShowWindow) -> Any:
    """All commands under one roof, with the options that stand before each."""
    app = typer.Typer(
        cls=_Group, help="AidTrack: a day at a distribution centre, on one computer, with no network.", no_args_is_help=False,
        invoke_without_command=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    )  # fmt: skip

    @app.callback()
    def globally(
        context: typer.Context,
        database: DatabaseOption = None,
        user: Annotated[str | None, typer.Option(help="Who acts; needed for encrypted files and servers.")] = None,
        password_file: PasswordOption = None,
        lang: Annotated[str | None, typer.Option(metavar="ru|uk|en", help="The language of answers.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Answers for a machine.")] = False,
    ) -> None:
        asked = Asked(database, user, password_file, _known(lang), as_json)
        context.obj = Console(asked, _open, _create, shows_window)
        if context.invoked_subcommand is None:
            raise typer.Exit(shows_window(database, asked.lang))

    for name in COMMANDS:
        importlib.import_module(f"aidtrack.cli.{name}").add_to(app)
    return typer.main.get_command(app)


def _known(lang: str | None) -> str:
    if lang is None:
        return settings.usual_language()
    if lang not in i18n.LANGUAGES:
        raise typer.BadParameter(f"{lang}: ru, uk, en")
    return lang


def _language_in(arguments: Sequence[str]) -> str:
    """The language asked for, read without the parser: errors may come before it has run."""
    given = [word for flag, word in pairwise(arguments) if flag == "--lang"]
    given += [word.partition("=")[2] for word in arguments if word.startswith("--lang=")]
    return given[0] if given and given[0] in i18n.LANGUAGES else settings.usual_language()


# ── who acts on what ─────────────────────────────────────────────────────────────────────────────


def _open(asked: Asked) -> tuple[Database, Actor]:
    """The database at the address, and the actor: the console on a plain file, else the user who gives the password."""
    from aidtrack.services.addresses import AddressKind, kind_of

    address = asked.address or settings.read().settings.database or str(settings.default_database())
    kind = kind_of(address)
    if kind in (AddressKind.PLAIN, AddressKind.MISSING) and not asked.user:
        return _as_console(address)
    name, password = name_and_password(asked)
    return _as_user(address, name, password, is_encrypted=kind is AddressKind.ENCRYPTED)


def _as_console(address: str) -> tuple[Database, Actor]:
    from aidtrack.services.signing_in import console_actor
    from aidtrack.store.database import open_database

    database = open_database(address)
    try:
        return database, database.read(lambda s: console_actor(s, os_user=os_user(), clock=wall_clock))
    except BaseException:
        database.close()
        raise


def _as_user(address: str, name: str, password: str, *, is_encrypted: bool) -> tuple[Database, Actor]:
    from aidtrack.services import addresses, signing_in
    from aidtrack.store.database import open_database

    stranger = addresses.stranger(wall_clock, site_id=settings.read().settings.site_id)
    unlocked = signing_in.unlock(address, name=name, password=password) if is_encrypted else None
    database = open_database(address, key=unlocked.key if unlocked else None)
    try:
        user_id = unlocked.user_id if unlocked else _checked(database, stranger, name, password)
        assert user_id is not None
        entered = database.write(lambda s: signing_in.enter(s, stranger, request_id=new_id(), user_id=user_id))
    except BaseException:
        database.close()
        raise
    return database, entered.actor


def _checked(database: Database, stranger: Actor, name: str, password: str) -> UUID:
    """Who it is; a wrong password is counted before it is told."""
    from aidtrack.services import signing_in

    try:
        return database.read(lambda s: signing_in.check_password(s, stranger, name=name, password=password))
    except Refused as refusal:
        if refusal.code == "wrong-password":
            database.write(lambda s: signing_in.wrong_try(s, stranger, name=name))
        raise


def _create(address: str, key: bytes | None) -> Database:
    from aidtrack.store.database import create_database

    return create_database(address, key=key)


def os_user() -> str:
    """Who is signed in on this machine, as the journal names the command line."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


# ── what went wrong ──────────────────────────────────────────────────────────────────────────────


def _tell(error: AidTrackError, lang: str, *, is_json: bool) -> None:
    """What happened and what to do, on the error stream: never a traceback."""
    problems = error.problems if isinstance(error, InvalidInput) else ()
    if is_json:
        told: dict[str, object] = {"error": error.code, "text": i18n.render(error.text, lang)}
        told |= (
            {"problems": [{"field": p.field, "text": i18n.render(p.text, lang)} for p in problems]} if problems else {}
        )
        sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    lines = [i18n.render(p.text, lang) for p in problems] or [i18n.render(error.text, lang)]
    sys.stderr.write("\n".join(lines) + "\n")


def _report(error: Exception, lang: str) -> None:
    """A fault of ours: a line for the person, and a report without personal data that can be copied."""
    from aidtrack import logs

    kept = logs.start()
    _log.error("the command line failed", exc_info=error)
    words = Text("This is a fault of the program, not yours. Nothing was half saved. Please send this report:")
    sys.stderr.write(f"{i18n.render(words, lang)}\n{logs.trace_of(error)}\n")
    if kept is not None:
        sys.stderr.write(f"{kept}\n")
