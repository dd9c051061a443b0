"""What stands at the address of a database, and who asks before anybody has signed in.

The first thing the window needs: it imports neither the database nor its tables, so that a name can be typed at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from aidtrack.domain.actor import Actor
from aidtrack.errors import StoreTrouble, Text
from aidtrack.store import keys


class AddressKind(StrEnum):
    """What stands at an address of a database."""

    MISSING = "missing"
    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    SERVER = "server"


def kind_of(address: str) -> AddressKind:
    """What is at `address`. A first run that was interrupted at its last step is finished here."""
    if "://" in address:
        return AddressKind.SERVER
    finish_interrupted(address)
    path = Path(address)
    if keys.is_plain(path):
        return AddressKind.PLAIN
    return AddressKind.ENCRYPTED if keys.is_encrypted(path) else AddressKind.MISSING


def stranger(clock: Callable[[], datetime], *, site_id: UUID | None = None) -> Actor:
    """Whoever stands before the sign-in: no name, no roles."""
    return Actor(None, "", frozenset(), clock, site_id)


def new_path(final: Path) -> Path:
    """The name under which a database is made until it is whole."""
    return final.with_name(f"{final.name}.new")


def finish_interrupted(address: str) -> None:
    """A power cut between key file and database leaves the whole new database under its other name: it is taken up."""
    final = Path(address)
    new = new_path(final)
    if final.exists() or not new.exists() or keys.own_path(new).exists():
        return
    slots = keys.path_beside(final)
    if slots.exists() and keys.is_encrypted(new) and keys.belongs(slots, new):
        with folder_trouble(final.parent):
            os.replace(new, final)


@contextmanager
def folder_trouble(folder: Path) -> Iterator[None]:
    """What the system says about a folder becomes one sentence."""
    try:
        yield
    except OSError as error:
        text = Text(
            "The folder {path} cannot be written. Choose another one, or check disk and rights.", path=str(folder)
        )
        raise StoreTrouble("folder", text) from error
