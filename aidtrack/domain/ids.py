"""Identifiers made by the client: row ids, card numbers, card tokens.

A card number is 11 random digits and a Luhn check digit, so that it can be dictated in any language; the QR code of a card holds a
separate random token and nothing personal.
"""

from __future__ import annotations

import secrets
import uuid

import uuid_utils.compat

CARD_DIGITS = 12


def new_id() -> uuid.UUID:
    """A time-ordered UUIDv7: rows made together lie together in the index."""
    return uuid_utils.compat.uuid7()


def new_card_number() -> str:
    """Eleven random digits and their Luhn check digit."""
    digits = f"{secrets.randbelow(10**11):011}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The Luhn digit (ISO/IEC 7812-1) that completes `digits`."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def card_number_ok(digits: str) -> bool:
    """Twelve ASCII digits whose last one fits the others."""
    plain = digits.isascii() and digits.isdigit() and len(digits) == CARD_DIGITS
    return plain and check_digit(digits[:-1]) == digits[-1]


def show_card(digits: str) -> str:
    """«482117905570» → «4821 1790 5570»."""
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def new_token() -> str:
    """80 random bits for a card's QR code, as 20 hexadecimal digits."""
    return secrets.token_hex(10)


def request_id_of(namespace: uuid.UUID, name: str) -> uuid.UUID:
    """The same request id for the same content: repeating an interrupted import repeats no household."""
    return uuid.uuid5(namespace, name)
