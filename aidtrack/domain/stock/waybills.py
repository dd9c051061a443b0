"""What the codes printed on a waybill say, so that the other centre receives a lorry by one scan.

A code is capital letters and digits only: a scanner types them right under any keyboard layout. It holds goods, numbers and the
sending centre, never a person.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from aidtrack.domain.stock.goods import MOST

MARK = "W:"
DOCUMENT_MARK = "D:"
LOT_MARK = "L:"
LINES_A_CODE = 10
"""More lines than this go on a second code: one that is too fine is not read by a cheap scanner."""

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class WaybillLine:
    """So many units of one batch of an item, which is named by its code in the catalogue."""

    item_code: str
    quantity: int
    lot: str = ""
    expiry: date | None = None
    donor: str = ""


@dataclass(frozen=True, slots=True)
class WaybillCode:
    """One code of a waybill: which document of which centre, which part of how many, and its lines."""

    document_id: UUID
    number: str
    sender: str
    part: int
    parts: int
    lines: tuple[WaybillLine, ...]


def waybill_codes(document_id: UUID, number: str, sender: str, lines: Sequence[WaybillLine]) -> tuple[str, ...]:
    """The codes to print on a waybill, in order; one where the lines are few."""
    pieces = [lines[at : at + LINES_A_CODE] for at in range(0, len(lines), LINES_A_CODE)] or [()]
    codes = [
        WaybillCode(document_id, number, sender, n, len(pieces), tuple(piece)) for n, piece in enumerate(pieces, 1)
    ]
    return tuple(_written(code) for code in codes)


def _written(code: WaybillCode) -> str:
    lines = [[one.item_code, one.quantity, one.lot, _day(one.expiry), one.donor] for one in code.lines]
    body = [code.document_id.hex, code.number, code.sender, code.part, code.parts, lines]
    packed = zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return MARK + base64.b32encode(packed).decode().rstrip("=")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_waybill(scanned: str) -> WaybillCode | None:
    """What a scanned code says; None when it is no code of a waybill, or was not read whole."""
    if not scanned.upper().startswith(MARK):
        return None
    letters = scanned[len(MARK) :].strip().upper()
    try:
        packed = base64.b32decode(letters + "=" * (-len(letters) % 8))
        unpacked = zlib.decompressobj()
        body = json.loads(unpacked.decompress(packed, _LONGEST))
        return _read(body) if unpacked.eof else None
    except (binascii.Error, zlib.error, ValueError, TypeError):
        return None


def _read(body: Any) -> WaybillCode:
    """ValueError or TypeError where something else stands than a waybill has."""
    document, number, sender, part, parts, lines = body
    found = tuple(_line(*line) for line in lines)
    return WaybillCode(UUID(hex=document), str(number), str(sender), int(part), int(parts), found)


def _line(item_code: str, quantity: int, lot: str, expiry: str, donor: str) -> WaybillLine:
    if not 0 < int(quantity) <= MOST:
        raise ValueError("a quantity no waybill has")
    return WaybillLine(str(item_code), int(quantity), str(lot), date.fromisoformat(expiry) if expiry else None, str(donor))


def id_behind(mark: str, scanned: str) -> UUID | None:
    """The id of a code that names a row: a document `D:…` or a batch `L:…`."""
    if not scanned.upper().startswith(mark):
        return None
    try:
        return UUID(hex=scanned[len(mark) :].strip().lower())
    except ValueError:
        return None
