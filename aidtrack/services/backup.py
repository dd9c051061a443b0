"""Backups that were opened and counted before anybody trusts them, and bringing one back without losing what is there.

On SQLite files, plain or encrypted. A PostgreSQL server is backed up with its own tools, and the sentence says which.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import Refused, StoreTrouble, Text
from aidtrack.services.accounts import LAST_BACKUP
from aidtrack.services.signing_in import unlock, unlock_by_code
from aidtrack.store import copies, journal, keys
from aidtrack.store.accounts import put_setting, setting_of
from aidtrack.store.copies import IsCancelled, Progress
from aidtrack.store.database import database_of
from aidtrack.store.versions import head


@dataclass(frozen=True, slots=True)
class BackupReceipt:
    """A backup that was opened again and counted. `keys_path` is the key file saved with it, if it is encrypted."""

    path: Path
    keys_path: Path | None
    size: int
    rows: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LastBackup:
    """What is remembered of the newest backup."""

    at: datetime
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens an encrypted backup: name and password, or the recovery code."""

    name: str = ""
    password: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return "Secret()"


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup brought back; `replaced` is where the database that stood there before lies now."""

    path: Path
    rows: int
    replaced: Path | None
    is_older: bool


def default_name(now: datetime) -> str:
    """The name of a backup file: nothing in it but the moment."""
    return f"aidtrack-{now:%Y-%m-%d-%H%M}.db"


def back_up(
    session: Session,
    by: Actor,
    *,
    target: Path,
    overwrite: bool = False,
    progress: Progress | None = None,
    is_cancelled: IsCancelled | None = None,
) -> BackupReceipt:
    """A verified copy of the open file at `target`, with its key file beside it. Runs in a read scope while people work.

    The copy takes its name only when it was opened, checked and counted; an existing file stays unless `overwrite`.
    """
    by.require(Permission.BACKUP)
    database = database_of(session)
    if database.path is None:
        raise _on_a_server()
    _may_write(target, database.path, overwrite=overwrite)
    part = target.with_name(f"{target.name}.part")
    try:
        copies.remove(part)
        found = copies.copy_open_database(session, part, progress or _silent, is_cancelled or _never)
        copies.settle(part)
        keys_path = _copy_keys(database.path, target) if database.is_encrypted else None
        os.replace(part, target)
    except OSError as error:
        raise copies.not_written() from error
    finally:
        if part.exists():
            copies.remove(part)
    return BackupReceipt(target, keys_path, target.stat().st_size, found.rows, by.now())


def record(session: Session, by: Actor, *, request_id: UUID, receipt: BackupReceipt) -> LastBackup:
    """Remembers that a verified backup was made; the window says how old it is."""
    by.require(Permission.BACKUP)
    with journal.operation(session, by, request_id, "backup", at=receipt.at, name=receipt.path.name) as op:
        if not op.is_repeat:
            kept = {"at": receipt.at.isoformat(), "name": receipt.path.name, "size": receipt.size}
            put_setting(session, LAST_BACKUP, kept)
        return LastBackup(receipt.at, receipt.path.name, receipt.size)


def last_backup(session: Session, by: Actor) -> LastBackup | None:
    """The newest backup anybody made of this database."""
    by.require(Permission.BACKUP)
    kept = setting_of(session, LAST_BACKUP)
    return LastBackup(datetime.fromisoformat(kept["at"]), kept["name"], kept["size"]) if kept else None


def restore(
    source: Path,
    target: Path,
    *,
    now: datetime,
    secret: Secret | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    is_cancelled: IsCancelled | None = None,
) -> Restored:
    """Brings a backup back as the database at `target`, verified first. A database that stands there is put aside, never lost.

    Without `overwrite` an existing database is Refused. The restored file writes as a new writer.
    """
    _may_restore(source, target, overwrite=overwrite)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        copies.remove(part)
        copies.copy_closed_database(source, part, progress or _silent, is_cancelled or _never)
        key = _key_of(source, secret)
        found = copies.verify(part, key)
        _expect_known(found.version)
        copies.as_new_writer(part, key, now)
        replaced = copies.put_aside(target, now) if _stands(target) else None
        _take_place(source, part, target, replaced, has_keys=key is not None)
    except OSError as error:
        raise copies.not_written() from error
    finally:
        if part.exists():
            copies.remove(part)
    return Restored(target, found.rows, replaced, found.version < head())


def _take_place(source: Path, part: Path, target: Path, replaced: Path | None, *, has_keys: bool) -> None:
    """The copy takes the name of the database; when it cannot, what stood there stands there again."""
    try:
        if has_keys:
            _place_keys(source, target)
        os.replace(part, target)
    except BaseException:
        if replaced is not None:
            copies.put_back(replaced, target)
        raise


def _may_write(target: Path, database: Path, *, overwrite: bool) -> None:
    if target.resolve() == database.resolve():
        raise Refused("backup-onto-itself", Text("A backup needs another place than the database itself."))
    if target.is_dir():
        raise Refused("backup-is-folder", Text("{path} is a folder. Give the name of a file in it.", path=str(target)))
    if target.exists() and not overwrite:
        raise Refused("backup-exists", Text("There is a file {path} already. It was not touched.", path=str(target)))
    if not target.parent.is_dir():
        raise Refused("backup-no-folder", Text("There is no folder {path}.", path=str(target.parent)))


def _may_restore(source: Path, target: Path, *, overwrite: bool) -> None:
    if not source.is_file():
        raise StoreTrouble("missing", Text("There is no backup at {path}.", path=str(source)))
    if source.resolve() == target.resolve():
        raise Refused("restore-onto-itself", Text("The backup is the database itself. Choose another backup or place."))
    if not _stands(target):
        return
    if not overwrite:
        text = Text("There is a database at {path} already. It was not touched.", path=str(target))
        raise Refused("restore-exists", text)
    if copies.is_in_use(target):
        raise Refused(
            "restore-in-use", Text("AidTrack is running on the database at {path}. Close it first.", path=str(target))
        )


def _stands(target: Path) -> bool:
    return target.exists() and target.stat().st_size > 0


def _key_of(source: Path, secret: Secret | None) -> bytes | None:
    if keys.is_plain(source):
        return None
    slots = keys.path_beside(source)
    if not slots.exists():
        text = Text(
            "{name} is no AidTrack backup, or its key file {keys} is missing beside it.",
            name=source.name,
            keys=keys.own_path(source).name,
        )
        raise StoreTrouble("keys-missing", text)
    if secret is None:
        raise Refused(
            "password-needed", Text("This backup is encrypted: it needs a name and a password, or the recovery code.")
        )
    if secret.code:
        return unlock_by_code(str(source), secret.code).key
    return unlock(str(source), name=secret.name, password=secret.password).key


def _expect_known(version: str) -> None:
    if version > head():
        raise StoreTrouble("too-new", Text("This database is of a newer version. Open it with the newer AidTrack."))


def _copy_keys(database: Path, target: Path) -> Path:
    own = keys.own_path(target)
    keys.copy(keys.path_beside(database), own)
    return own


def _place_keys(source: Path, target: Path) -> None:
    """The backup's keys become the database's; the shared key file of another database in this folder is left alone."""
    slots, shared = keys.path_beside(source), target.with_name("keys.json")
    mine = not shared.exists() or keys.read(shared).database_id == keys.read(slots).database_id
    keys.copy(slots, shared if mine else keys.own_path(target))


def _on_a_server() -> Refused:
    text = Text(
        "This database is on a PostgreSQL server. Back it up there: pg_dump --format=custom --file=FILE DATABASE, "
        "and bring it back with pg_restore."
    )
    return Refused("backup-on-server", text)


def _silent(_done: int, _of: int) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False
