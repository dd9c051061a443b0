"""`init`, `upgrade`, `backup` and `restore`: a database's beginning, its versions and its copies."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidtrack import settings
from aidtrack.cli.console import Console, console_of
from aidtrack.cli.passwords import name_and_new_password, name_and_password
from aidtrack.clock import wall_clock
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, Text

if TYPE_CHECKING:
    from aidtrack.services.backup import Secret
    from aidtrack.services.founding import Begun, Founded

Progress = Callable[[int, int], None]


def add_to(app: typer.Typer) -> None:
    """Registers the commands of this file."""
    app.command("init", help="Make an empty database: one centre with two windows and its coordinator.")(init)
    app.command("upgrade", help="Bring the tables of a database to this version (PostgreSQL: as its owner).")(upgrade)
    app.command("backup", help="Copy the open database, and prove the copy by opening it.")(backup)
    app.command("restore", help="Bring a backup back; what stands there is never overwritten unasked.")(restore)


def init(
    context: typer.Context,
    site: Annotated[str, typer.Option(metavar="NAME", help="The name of the centre.")],
    timezone: Annotated[str, typer.Option(metavar="TZ", help="Its time zone.")] = "Europe/Moscow",
    plain: Annotated[bool, typer.Option("--plain", help="Not encrypted, no passwords: for tries and lessons.")] = False,
) -> None:
    """Makes a database at the address asked for; an encrypted one prints its recovery code."""
    from aidtrack.services import founding

    console, address = console_of(context), _address(console_of(context))
    is_file = "://" not in address
    name, password = _coordinator(console) if plain and is_file else name_and_new_password(console.asked)
    draft = CentreDraft(site, timezone=timezone, public_languages=(console.lang if console.lang != "en" else "ru",))
    problems = founding.problems_of(draft, name, None if plain and is_file else password)
    if problems:
        raise InvalidInput(problems)
    begun = founding.begin(address, name=name, password=None if plain else password)
    founded = _found(console, begun, draft, name, password)
    founding.finish(begun, address)
    _tell_founded(console, address, founded, begun.code)


def upgrade(context: typer.Context) -> None:
    """Nothing to do is no error."""
    from aidtrack.services.upgrading import upgrade as bring_up

    console, address = console_of(context), _address(console_of(context))
    done = bring_up(address, key=_key(console, address))
    if console.json:
        console.answer({"before": done.before, "after": done.after, "kept": str(done.kept) if done.kept else None})
    elif done.before == done.after:
        console.say(Text("The database is of this version already: {version}.", version=done.after))
    else:
        console.say(Text("Upgraded from {before} to {after}.", before=done.before, after=done.after))
        if done.kept is not None:
            console.say(Text("A copy from before lies at {path}.", path=str(done.kept)))


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where the backup goes.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older backup of this name.")] = False,
) -> None:
    """People go on working meanwhile."""
    from aidtrack.services import backup as backups

    console = console_of(context)
    with _progress(console, Text("Backup")) as progress:
        make = partial(backups.back_up, by=console.by, target=file, overwrite=overwrite, progress=progress)
        receipt = console.read(make)
    console.write(partial(backups.record, by=console.by, request_id=new_id(), receipt=receipt))
    if console.json:
        keys = str(receipt.keys_path) if receipt.keys_path else None
        console.answer({"path": str(receipt.path), "keys": keys, "size": receipt.size, "rows": receipt.rows})
        return
    console.say(
        Text("Backup made, opened and counted: {path}, {rows} rows.", path=str(receipt.path), rows=receipt.rows)
    )
    if receipt.keys_path is not None:
        console.say(Text("Its key file goes with it: {path}.", path=str(receipt.keys_path)))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put aside the database that stands there.")] = False,
    code: Annotated[bool, typer.Option("--code", help="The password file holds the recovery code.")] = False,
) -> None:
    """Verified before it takes the place of anything."""
    from aidtrack.services import backup as backups

    console, target = console_of(context), Path(_address(console_of(context)))
    secret = _secret(console, file, is_code=code)
    with _progress(console, Text("Restore")) as progress:
        done = backups.restore(file, target, now=wall_clock(), secret=secret, overwrite=overwrite, progress=progress)
    if console.json:
        replaced = str(done.replaced) if done.replaced else None
        console.answer(
            {"path": str(done.path), "rows": done.rows, "replaced": replaced, "needs_upgrade": done.is_older}
        )
        return
    console.say(Text("Restored and checked: {path}, {rows} rows.", path=str(done.path), rows=done.rows))
    if done.replaced is not None:
        console.say(Text("The database that was there lies at {path}.", path=str(done.replaced)))
    if done.is_older:
        console.say(Text("It is of an older version. Next: upgrade."))


def _address(console: Console) -> str:
    return console.asked.address or settings.read().settings.database or str(settings.default_database())


def _coordinator(console: Console) -> tuple[str, str]:
    """On a plain file people are chosen by name: somebody must be there to be chosen."""
    return console.asked.user or console.words(Text("Coordinator")), ""


def _found(console: Console, begun: Begun, draft: CentreDraft, name: str, password: str) -> Founded:
    from aidtrack.cli.main import os_user
    from aidtrack.domain.access import Role
    from aidtrack.domain.actor import Actor
    from aidtrack.services import founding

    by = Actor(None, f"console:{os_user()}", frozenset(Role), wall_clock)
    database = console.creates(begun.address, begun.key)
    try:
        found = partial(founding.found_centre, by=by, request_id=new_id(), draft=draft, coordinator=name)
        return database.write(partial(found, user_id=begun.user_id, password=password))
    finally:
        database.close()


def _tell_founded(console: Console, address: str, founded: Founded, code: str) -> None:
    from aidtrack.domain import recovery

    shown = settings.without_password(address)
    if console.json:
        console.answer({"database": shown, "site": founded.site_code, "recovery_code": recovery.show(code) or None})
        return
    console.say(Text("Made: {path}. The code of the centre is {code}.", path=shown, code=founded.site_code))
    if code:
        console.say(Text("Write down the recovery code and keep it away from this computer:"))
        sys.stdout.write(recovery.show(code) + "\n")


def _secret(console: Console, file: Path, *, is_code: bool) -> Secret | None:
    from aidtrack.services.addresses import AddressKind, kind_of
    from aidtrack.services.backup import Secret

    if kind_of(str(file)) is not AddressKind.ENCRYPTED:
        return None
    if is_code:
        return Secret(code=_code(console))
    name, password = name_and_password(console.asked)
    return Secret(name=name, password=password)


def _code(console: Console) -> str:
    from aidtrack.cli.passwords import recovery_code

    return recovery_code(console.asked)


def _key(console: Console, address: str) -> bytes | None:
    from aidtrack.services.addresses import AddressKind, kind_of
    from aidtrack.services.signing_in import unlock

    if kind_of(address) is not AddressKind.ENCRYPTED:
        return None
    name, password = name_and_password(console.asked)
    return unlock(address, name=name, password=password).key


@contextmanager
def _progress(console: Console, words: Text) -> Iterator[Progress]:
    """A bar on the error stream, when somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console as Terminal
    from rich.progress import Progress as Bars

    with Bars(console=Terminal(stderr=True), transient=True) as bars:
        task = bars.add_task(console.words(words))
        yield lambda done, of: bars.update(task, completed=done, total=of)
