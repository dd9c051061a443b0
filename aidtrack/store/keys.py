"""The key of an encrypted database file, and the key file beside it in which each person's password opens that key.

Owns `keys.json`: a slot a person who may start the program and one for the recovery code, each AES-GCM over the random
256-bit key under argon2id, bound to its owner and its database. Names are not in it, only their digests. It opens no
database and knows no roles.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aidtrack.domain import recovery
from aidtrack.errors import Refused, StoreTrouble, Text

FORMAT = 1
PLAIN_HEADER = b"SQLite format 3\0"
RECOVERY = UUID(int=0)
"""The owner written into the slot of the recovery code."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a password costs: argon2id passes, memory in KiB and lanes (RFC 9106 §4, second choice)."""

    passes: int = 3
    memory: int = 65536
    lanes: int = 4

    @property
    def is_sane(self) -> bool:
        """A damaged file must not make the program ask for a terabyte."""
        return 1 <= self.passes <= 64 and 8 * self.lanes <= self.memory <= 1 << 20 and 1 <= self.lanes <= 64


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """The random key of one file and the id of that file, which SQLCipher keeps as its first sixteen bytes."""

    secret: bytes
    database_id: UUID

    @property
    def raw(self) -> bytes:
        """Key and salt in the form of SQLCipher's raw key."""
        return self.secret + self.database_id.bytes

    def __repr__(self) -> str:
        return f"DatabaseKey(database_id={self.database_id})"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The key, and whose password opened it; nobody's when it was the recovery code."""

    key: DatabaseKey
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the key. `seal` finds slots that were mixed up or half written before a password is blamed for it."""

    owner: UUID
    who: bytes
    salt: bytes
    nonce: bytes
    check: bytes
    box: bytes
    cost: Cost
    seal: bytes = b""

    def sealed(self, database_id: UUID) -> Slot:
        return replace(self, seal=self._digest(database_id))

    def is_whole(self, database_id: UUID) -> bool:
        return hmac.compare_digest(self.seal, self._digest(database_id))

    def _digest(self, database_id: UUID) -> bytes:
        cost = f"{self.cost.passes},{self.cost.memory},{self.cost.lanes}".encode()
        parts = (self.who, self.salt, self.nonce, self.check, self.box, cost)
        content = b"".join(len(part).to_bytes(4) + part for part in parts)
        return hashlib.sha256(_identity(self.owner, database_id) + content).digest()


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The key file as read."""

    database_id: UUID
    slots: tuple[Slot, ...]

    def slot_of(self, owner: UUID) -> Slot | None:
        return next((slot for slot in self.slots if slot.owner == owner), None)

    def named(self, name: str) -> Slot | None:
        wanted = _who(name, self.database_id)
        return next((slot for slot in self.slots if slot.who == wanted), None)

    def without(self, owner: UUID) -> KeyFile:
        return replace(self, slots=tuple(slot for slot in self.slots if slot.owner != owner))

    def plus(self, slot: Slot) -> KeyFile:
        return replace(self, slots=(*self.without(slot.owner).slots, slot))

    @property
    def people(self) -> frozenset[UUID]:
        """Who may start the program with a password of their own."""
        return frozenset(slot.owner for slot in self.slots) - {RECOVERY}


# ── where it lies ────────────────────────────────────────────────────────────────────────────────


def path_beside(database: Path) -> Path:
    """The key file of a database: `NAME.keys.json` (a backup carries its own), else `keys.json` in the same folder."""
    own = own_path(database)
    return own if own.exists() else database.with_name("keys.json")


def own_path(database: Path) -> Path:
    """The key file that belongs to this one file alone, as every backup has it."""
    return database.with_name(f"{database.name}.keys.json")


def previous_path(path: Path) -> Path:
    """The key file before its last change."""
    return path.with_name(f"{path.name}.previous")


def is_plain(database: Path) -> bool:
    """Whether the file is an ordinary SQLite file that everybody can read. False for an empty or missing one."""
    return _header(database) == PLAIN_HEADER


def is_encrypted(database: Path) -> bool:
    """Whether the file has content that is no plain SQLite file."""
    header = _header(database)
    return len(header) == len(PLAIN_HEADER) and header != PLAIN_HEADER


def _header(database: Path) -> bytes:
    try:
        with database.open("rb") as file:
            return file.read(len(PLAIN_HEADER))
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(database) from error


# ── making and opening ───────────────────────────────────────────────────────────────────────────


def new_key() -> DatabaseKey:
    """256 random bits and a random id for a database that is about to be made."""
    return DatabaseKey(secrets.token_bytes(32), UUID(bytes=secrets.token_bytes(16)))


def create(path: Path, key: DatabaseKey, *, user_id: UUID, name: str, password: str, cost: Cost | None = None) -> str:
    """A new key file with one person's slot and a recovery code, which is returned and never shown again."""
    if path.exists():
        text = Text("There is already a key file in this folder: {name}. It was not touched.", name=path.name)
        raise StoreTrouble("keys-exist", text)
    code = recovery.new_code()
    slots = (_slot(key, user_id, name, password, cost or Cost()), _slot(key, RECOVERY, "", code, cost or Cost()))
    _write(path, KeyFile(key.database_id, slots))
    return code


def unlock(path: Path, *, name: str, password: str) -> Unlocked:
    """The key by a person's password."""
    file = read(path)
    slot = file.named(name) if name.strip() else None
    if slot is None:
        raise _wrong_password()
    return Unlocked(_open(file, slot, password), slot.owner)


def unlock_by_code(path: Path, typed: str) -> Unlocked:
    """The key by the printed recovery code, however it was grouped in typing."""
    file, code = read(path), recovery.read(typed)
    slot = file.slot_of(RECOVERY)
    if slot is None:
        text = Text("This key file has no recovery code. Sign in with a coordinator’s password.")
        raise StoreTrouble("no-recovery", text)
    try:
        return Unlocked(_open(file, slot, code), None)
    except StoreTrouble as error:
        if error.code != "wrong-password":
            raise
        text = Text("This recovery code belongs to another database, or a newer code was printed since.")
        raise StoreTrouble("wrong-recovery-code", text) from None


def check_belongs(path: Path, database: Path) -> None:
    """Raises unless the key file is the one of this database file."""
    if not belongs(path, database):
        raise _foreign(path)


def belongs(path: Path, database: Path) -> bool:
    """Whether the key file is the one of this database file: told by the id both carry."""
    return _header(database) == read(path).database_id.bytes


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


def put_slot(
    path: Path, key: DatabaseKey, *, user_id: UUID, name: str, password: str, cost: Cost | None = None
) -> None:
    """This person's password opens the file from now on; the password they had before is forgotten."""
    file = read(path)
    _same_database(file, key, path)
    had = file.slot_of(user_id) is not None
    _write(path, file.plus(_slot(key, user_id, name, password, cost or Cost())), forget=had)


def change_password(path: Path, *, name: str, old: str, new: str, cost: Cost | None = None) -> None:
    """Replaces a person's password, who must know the old one."""
    unlocked = unlock(path, name=name, password=old)
    assert unlocked.user_id is not None
    put_slot(path, unlocked.key, user_id=unlocked.user_id, name=name, password=new, cost=cost)


def rename(path: Path, *, user_id: UUID, name: str) -> None:
    """The person's slot is found under a new name; the password stays."""
    file = read(path)
    slot = file.slot_of(user_id)
    if slot is not None:
        _write(path, file.plus(replace(slot, who=_who(name, file.database_id)).sealed(file.database_id)))


def remove_slot(path: Path, *, user_id: UUID) -> None:
    """The person's password no longer opens the file. The last person's stays, else nobody could start the program."""
    file = read(path)
    if file.people == {user_id}:
        text = Text("This is the last person who can start the program. Give somebody else a password first.")
        raise Refused("last-key", text)
    _write(path, file.without(user_id), forget=True)


def new_recovery_code(path: Path, key: DatabaseKey, *, cost: Cost | None = None) -> str:
    """A fresh recovery code; the one printed before stops working."""
    file, code = read(path), recovery.new_code()
    _same_database(file, key, path)
    _write(path, file.plus(_slot(key, RECOVERY, "", code, cost or Cost())), forget=True)
    return code


def copy(source: Path, target: Path) -> None:
    """The key file read, checked and written again beside a backup or a restored database."""
    _write(target, read(source), forget=True)


def _same_database(file: KeyFile, key: DatabaseKey, path: Path) -> None:
    if file.database_id != key.database_id:
        raise _foreign(path)


# ── one slot ─────────────────────────────────────────────────────────────────────────────────────


def _slot(key: DatabaseKey, owner: UUID, name: str, password: str, cost: Cost) -> Slot:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    wrap, check = _derive(password, salt, cost)
    box = AESGCM(wrap).encrypt(nonce, key.secret, _identity(owner, key.database_id))
    who = b"" if owner == RECOVERY else _who(name, key.database_id)
    return Slot(owner, who, salt, nonce, check, box, cost).sealed(key.database_id)


def _open(file: KeyFile, slot: Slot, password: str) -> DatabaseKey:
    if not slot.is_whole(file.database_id):
        raise _mixed_up()
    wrap, check = _derive(password, slot.salt, slot.cost)
    if not hmac.compare_digest(check, slot.check):
        raise _wrong_password()
    try:
        secret = AESGCM(wrap).decrypt(slot.nonce, slot.box, _identity(slot.owner, file.database_id))
    except InvalidTag:
        raise _mixed_up() from None
    return DatabaseKey(secret, file.database_id)


def _derive(password: str, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    """The key that wraps, and a value that says whether the password was right without opening anything."""
    typed = unicodedata.normalize("NFC", password).encode()
    root = hash_secret_raw(typed, salt, cost.passes, cost.memory, cost.lanes, 32, Type.ID)
    return hmac.digest(root, b"AidTrack key wrap", "sha256"), hmac.digest(root, b"AidTrack password check", "sha256")


def _identity(owner: UUID, database_id: UUID) -> bytes:
    return b"AidTrack slot 1" + owner.bytes + database_id.bytes


def _who(name: str, database_id: UUID) -> bytes:
    """A name's digest: enough to find the slot, not a list of the staff for whoever finds the laptop."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hmac.digest(database_id.bytes, folded.encode(), "sha256")[:16]


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> KeyFile:
    """The key file. Raises StoreTrouble when it is missing, unreadable, damaged or of a newer version."""
    try:
        written = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise _unreadable(path) from error
    except ValueError:
        raise _damaged(path) from None
    if isinstance(written, dict) and isinstance(written.get("format"), int) and written["format"] > FORMAT:
        text = Text("The key file was written by a newer AidTrack. Start that version, or update this one.")
        raise StoreTrouble("keys-too-new", text)
    return _parsed(path, written)


def _parsed(path: Path, written: Any) -> KeyFile:
    try:
        if written["format"] != FORMAT:
            raise ValueError(written["format"])
        return KeyFile(UUID(written["database"]), tuple(_slot_from(slot) for slot in written["slots"]))
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise _damaged(path) from None


def _slot_from(written: Mapping[str, Any]) -> Slot:
    passes, memory, lanes = written["argon2id"]
    cost = Cost(int(passes), int(memory), int(lanes))
    if not cost.is_sane:
        raise ValueError("argon2id cost out of bounds")
    fields = {name: base64.b64decode(written[name], validate=True) for name in _BYTES}
    return Slot(owner=UUID(written["owner"]), cost=cost, **fields)


_BYTES = ("who", "salt", "nonce", "check", "box", "seal")


def _slot_to(slot: Slot) -> dict[str, Any]:
    fields = {name: base64.b64encode(getattr(slot, name)).decode() for name in _BYTES}
    return {"owner": str(slot.owner), "argon2id": [slot.cost.passes, slot.cost.memory, slot.cost.lanes], **fields}


def _write(path: Path, file: KeyFile, *, forget: bool = False) -> None:
    """Writes beside, reads back, then takes its name: a power cut leaves the old or the new file, never half of one.

    The file before is kept as `.previous`; with `forget` the new one is kept there too, for a password taken away must
    not live on in a copy.
    """
    written = {"format": FORMAT, "database": str(file.database_id), "slots": [_slot_to(slot) for slot in file.slots]}
    content = json.dumps(written, indent=1).encode() + b"\n"
    try:
        if path.exists():
            _put(previous_path(path), content if forget else path.read_bytes())
        _put(path, content)
    except OSError as error:
        text = Text("The key file could not be written: the disk is full or read-only. The old one still holds.")
        raise StoreTrouble("keys-not-written", text) from error


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if part.read_bytes() != content:
        raise OSError("read back differently")
    os.replace(part, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A rename is on the disk only when its folder is; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────


def _wrong_password() -> StoreTrouble:
    text = Text(
        "Name or password is not right. Check the keyboard language and Caps Lock. "
        "If the password is forgotten, use the recovery code."
    )
    return StoreTrouble("wrong-password", text)


def _mixed_up() -> StoreTrouble:
    text = Text(
        "This person’s entry in the key file was exchanged or changed outside AidTrack. "
        "Put back the key file from the last backup, or use the recovery code."
    )
    return StoreTrouble("keys-mixed-up", text)


def _foreign(path: Path) -> StoreTrouble:
    text = Text(
        "The key file {name} belongs to another database. "
        "Put back the key file that was saved together with this database.",
        name=path.name,
    )
    return StoreTrouble("keys-foreign", text)


def _missing(path: Path) -> StoreTrouble:
    kept = previous_path(path)
    if kept.exists():
        text = Text(
            "The key file {name} is missing. Its earlier version lies beside it: rename {kept} to {name}.",
            name=path.name,
            kept=kept.name,
        )
    else:
        text = Text(
            "The key file {name} is missing beside the database. "
            "Copy it from the last backup: without it nobody can open the data.",
            name=path.name,
        )
    return StoreTrouble("keys-missing", text)


def _damaged(path: Path) -> StoreTrouble:
    kept = previous_path(path)
    if kept.exists():
        text = Text(
            "The key file {name} is damaged. Its earlier version lies beside it: rename {kept} to {name}.",
            name=path.name,
            kept=kept.name,
        )
    else:
        text = Text("The key file {name} is damaged. Copy it from the last backup.", name=path.name)
    return StoreTrouble("keys-damaged", text)


def _unreadable(path: Path) -> StoreTrouble:
    text = Text("{name} cannot be read. Check the disk and the rights of this user.", name=path.name)
    return StoreTrouble("file-unreadable", text)
