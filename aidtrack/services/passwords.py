"""Passwords and PINs as they are kept in the database: argon2id, and whether a typed one is right.

The password of an encrypted file is another thing: that is a slot of `store.keys`.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


def kept_form(password: str) -> str:
    """The hash to keep; empty for an empty password, which is none."""
    return _HASHER.hash(_typed(password)) if password else ""


def is_right(kept: str, password: str) -> bool:
    """Whether `password` is the one `kept` was made from. Nobody without a password is ever right."""
    if not kept or not password:
        return False
    try:
        return _HASHER.verify(kept, _typed(password))
    except (VerificationError, InvalidHashError):
        return False


def _typed(password: str) -> str:
    """The same letters composed or not are the same password."""
    return unicodedata.normalize("NFC", password)
