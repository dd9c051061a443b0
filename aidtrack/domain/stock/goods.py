"""The rules of the shelf: which lot goes first, what may move from where to where, what a count says, how documents
are numbered.

Owns values and rules only. Balances and movements as they stand in the database are the store's and the stock use
cases' work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from aidtrack.errors import Names, Problem, Text

MOST = 9_999_999
"""The greatest quantity a line may hold: a slip of the finger with a bar code is not a delivery."""

SOON_DAYS = 14
"""A lot that has no more days than this is shown as *soon*."""

FEW_FAMILIES = 20
"""An item that is enough for fewer families than this is shown as *few*."""


class ItemMode(StrEnum):
    """Counted goods have family lines; a free table is received and closed by box or kilogram."""

    COUNTED = "counted"
    FREE_TABLE = "free_table"

    @property
    def text(self) -> Text:
        return {ItemMode.COUNTED: Text("counted"), ItemMode.FREE_TABLE: Text("free table")}[self]


class Unit(StrEnum):
    """What one of an item is called; quantities are whole numbers of it."""

    PIECE = "pcs"
    KIT = "kit"
    SET = "set"
    PACK = "pack"
    BOTTLE = "bottle"
    BOX = "box"
    KILOGRAM = "kg"
    CARD = "card"
    CERTIFICATE = "cert"

    @property
    def text(self) -> Text:
        return _UNIT_WORDS[self]


BY_BULK = frozenset({Unit.BOX, Unit.KILOGRAM})
"""What goods of the free table are received and closed by: nobody counts T-shirts."""

_UNIT_WORDS = {
    Unit.PIECE: Text("pcs"),
    Unit.KIT: Text("kit"),
    Unit.SET: Text("set"),
    Unit.PACK: Text("pack"),
    Unit.BOTTLE: Text("bottle"),
    Unit.BOX: Text("box"),
    Unit.KILOGRAM: Text("kg"),
    Unit.CARD: Text("card (pharmacy)"),
    Unit.CERTIFICATE: Text("certificate"),
}

_SO_MANY = {
    "pcs": Text.plural("{n} piece", "{n} pieces", n=1),
    "kit": Text.plural("{n} kit", "{n} kits", n=1),
    "set": Text.plural("{n} set", "{n} sets", n=1),
    "pack": Text.plural("{n} pack", "{n} packs", n=1),
    "bottle": Text.plural("{n} bottle", "{n} bottles", n=1),
    "box": Text.plural("{n} carton", "{n} cartons", n=1),
    "kg": Text("{n} kg"),
    "card (pharmacy)": Text.plural("{n} pharmacy card", "{n} pharmacy cards", n=1),
    "certificate": Text.plural("{n} certificate", "{n} certificates", n=1),
}


def so_many(n: int, unit: Text) -> Text:
    """A quantity as it is said: “1 kit”, “171 kits”; of a unit by its word."""
    words = _SO_MANY[unit.msgid]
    return Text.plural(words.msgid, words.many, n=n) if words.many else Text(words.msgid, n=n)


class PlaceKind(StrEnum):
    """Real places hold balances that never fall below zero; virtual ones say where goods came from or went."""

    SHELF = "shelf"
    QUARANTINE = "quarantine"
    TRANSIT = "transit"
    SUPPLIER = "supplier"
    HOUSEHOLD = "household"
    PARTNER = "partner"
    LOSS = "loss"
    COUNT = "count"
    ASSEMBLY = "kit"

    @property
    def is_real(self) -> bool:
        return self in REAL

    @property
    def text(self) -> Text:
        return _PLACE_WORDS[self]


def place_words(kind: PlaceKind, code: str) -> Text:
    """“shelf B4”; a place that stands alone of its kind is called by its kind."""
    return Text("shelf {code}", code=code) if kind is PlaceKind.SHELF and code != kind.value else kind.text


REAL = frozenset({PlaceKind.SHELF, PlaceKind.QUARANTINE, PlaceKind.TRANSIT})
"""Places where goods of ours stand or travel."""

_PLACE_WORDS = {
    PlaceKind.SHELF: Text("shelf"),
    PlaceKind.QUARANTINE: Text("set aside to check"),
    PlaceKind.TRANSIT: Text("on the way"),
    PlaceKind.SUPPLIER: Text("supplier"),
    PlaceKind.HOUSEHOLD: Text("family"),
    PlaceKind.PARTNER: Text("organisation"),
    PlaceKind.LOSS: Text("written off"),
    PlaceKind.COUNT: Text("count"),
    PlaceKind.ASSEMBLY: Text("kit assembly"),
}


class MovementKind(StrEnum):
    """Why a quantity moved: the columns of the stock report."""

    RECEIVE = "receive"
    ISSUE = "issue"
    RETURN = "return"
    TRANSFER = "transfer"
    MOVE = "move"
    WRITE_OFF = "write_off"
    COUNT = "count"
    ASSEMBLE = "assemble"

    @property
    def text(self) -> Text:
        return _MOVEMENT_WORDS[self]


_MOVEMENT_WORDS = {
    MovementKind.RECEIVE: Text("received"),
    MovementKind.ISSUE: Text("handed over"),
    MovementKind.RETURN: Text("returned"),
    MovementKind.TRANSFER: Text("transferred"),
    MovementKind.MOVE: Text("moved"),
    MovementKind.WRITE_OFF: Text("written off"),
    MovementKind.COUNT: Text("count"),
    MovementKind.ASSEMBLE: Text("kit assembly"),
}

_P = PlaceKind
_STANDING = (_P.SHELF, _P.QUARANTINE)
ROUTES: Mapping[MovementKind, frozenset[tuple[PlaceKind, PlaceKind]]] = {
    MovementKind.RECEIVE: frozenset({(a, b) for a in (_P.SUPPLIER, _P.TRANSIT) for b in _STANDING}),
    MovementKind.ISSUE: frozenset({(_P.SHELF, _P.HOUSEHOLD)}),
    MovementKind.RETURN: frozenset({(_P.HOUSEHOLD, to) for to in _STANDING}),
    MovementKind.TRANSFER: frozenset(
        {(_P.SHELF, _P.TRANSIT), (_P.SHELF, _P.PARTNER), (_P.TRANSIT, _P.PARTNER)} | {(a, _P.SUPPLIER) for a in _STANDING}
    ),
    MovementKind.MOVE: frozenset({(a, b) for a in _STANDING for b in _STANDING}),
    MovementKind.WRITE_OFF: frozenset({(a, _P.LOSS) for a in (*_STANDING, _P.TRANSIT)}),
    MovementKind.COUNT: frozenset({(a, _P.COUNT) for a in _STANDING} | {(_P.COUNT, a) for a in _STANDING}),
    MovementKind.ASSEMBLE: frozenset({(_P.SHELF, _P.ASSEMBLY), (_P.ASSEMBLY, _P.SHELF)}),
}
"""What may move from where to where. A reversal takes the same way back."""


def breaks_promises(kind: MovementKind, target: PlaceKind, *, reverses: bool = False) -> bool:
    """Whether goods may go this way though they are put aside: a count, a loss, a paper taken back and goods to be checked are facts, and
    a promise on goods that are not there would be a lie. Everything else waits until the promise is cancelled.
    """
    return reverses or kind in (MovementKind.COUNT, MovementKind.WRITE_OFF) or target is PlaceKind.QUARANTINE


def may_move(kind: MovementKind, origin: PlaceKind, target: PlaceKind, *, reverses: bool = False) -> bool:
    """Whether goods may take this way; the counter-entry of a movement takes it backwards.

    What a family brings back is a counter-entry with a way of its own: it may be set aside instead.
    """
    way = (target, origin) if reverses and kind is not MovementKind.RETURN else (origin, target)
    return way in ROUTES[kind]


class LossCause(StrEnum):
    """Why goods are written off (domain.md §1.5)."""

    DAMAGED = "damaged"
    EXPIRED = "expired"
    SPOILED = "spoiled"
    SHORT_DELIVERY = "short_delivery"
    THEFT = "theft"
    PEST = "pest"
    WET = "wet"
    REPACK_LOSS = "repack_loss"
    SAMPLE = "sample"
    COUNT_DIFF = "count_diff"
    RECALLED = "recalled"

    @property
    def text(self) -> Text:
        return _CAUSE_WORDS[self]


_CAUSE_WORDS = {
    LossCause.DAMAGED: Text("damaged"),
    LossCause.EXPIRED: Text("expired"),
    LossCause.SPOILED: Text("spoiled"),
    LossCause.SHORT_DELIVERY: Text("short on delivery"),
    LossCause.THEFT: Text("theft"),
    LossCause.PEST: Text("pests"),
    LossCause.WET: Text("got wet"),
    LossCause.REPACK_LOSS: Text("lost in repacking"),
    LossCause.SAMPLE: Text("sample or display"),
    LossCause.COUNT_DIFF: Text("difference found in a count"),
    LossCause.RECALLED: Text("recalled"),
}


class DocumentKind(StrEnum):
    """The papers of the store; the value is the middle of their numbers, in letters every language reads alike."""

    RECEIPT = "GRN"
    SIGNED = "SF"
    WAYBILL = "WB"
    ARRIVAL = "AR"
    WRITE_OFF = "WO"
    COUNT = "CS"
    ASSEMBLY = "KA"
    BREAKING = "KB"
    MOVE = "MV"

    @property
    def text(self) -> Text:
        return _DOCUMENT_WORDS[self]


_DOCUMENT_WORDS = {
    DocumentKind.RECEIPT: Text("receipt act"),
    DocumentKind.SIGNED: Text("signed for, contents not checked"),
    DocumentKind.WAYBILL: Text("waybill"),
    DocumentKind.ARRIVAL: Text("arrival of a waybill"),
    DocumentKind.WRITE_OFF: Text("write-off act"),
    DocumentKind.COUNT: Text("count sheet"),
    DocumentKind.ASSEMBLY: Text("kit assembly sheet"),
    DocumentKind.BREAKING: Text("kits taken apart"),
    DocumentKind.MOVE: Text("move between shelves"),
}


def document_number(site_code: str, kind: DocumentKind, year: int, n: int) -> str:
    """SITE-KIND-YEAR-n, for example K1-GRN-2024-17."""
    return f"{site_code}-{kind.value}-{year}-{n}"


# ── first expiring, first out ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """What a shelf holds of one lot. `received` orders lots without a date, oldest first; `reserved` stands aside for promises."""

    lot_id: UUID
    quantity: int
    received: date
    expiry: date | None = None
    reserved: int = 0

    @property
    def free(self) -> int:
        """Units nobody was promised."""
        return self.quantity - self.reserved

    def can_be_given(self, day: date) -> bool:
        """A lot may be given on its last day, never after; what is put aside only to whom it is promised."""
        return self.free > 0 and (self.expiry is None or self.expiry >= day)


@dataclass(frozen=True, slots=True)
class LotPick:
    """So many units of one lot."""

    lot_id: UUID
    quantity: int


def picking_order(lot: ShelfLot) -> tuple[bool, date, date, int]:
    """First expiring first; without a date last; then the one that came first."""
    return lot.expiry is None, lot.expiry or date.max, lot.received, lot.lot_id.int


def pick(lots: Iterable[ShelfLot], wanted: int, day: date) -> tuple[LotPick, ...]:
    """The lots to take `wanted` units from, first expiring first, expired ones never.

    Holds less than `wanted` when the shelf does: the caller compares the sum.
    """
    picked: list[LotPick] = []
    for lot in sorted((lot for lot in lots if lot.can_be_given(day)), key=picking_order):
        taken = min(lot.free, wanted - sum(p.quantity for p in picked))
        if taken <= 0:
            break
        picked.append(LotPick(lot.lot_id, taken))
    return tuple(picked)


def without(lots: Iterable[ShelfLot], picks: Iterable[LotPick]) -> list[ShelfLot]:
    """What is left of these lots when the picks are gone."""
    taken = {one.lot_id: one.quantity for one in picks}
    return [replace(lot, quantity=lot.quantity - taken.get(lot.lot_id, 0)) for lot in lots]


def can_be_given(lots: Iterable[ShelfLot], day: date) -> int:
    """How many units may still be given to anybody on `day`."""
    return sum(lot.free for lot in lots if lot.can_be_given(day))


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CountDifference:
    """What was seen of a lot against the book: positive when the shelf holds more."""

    lot_id: UUID
    book: int
    seen: int

    @property
    def difference(self) -> int:
        return self.seen - self.book


def book_at(now: Mapping[UUID, int], since: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    """What the book had of each lot before the changes `since`: a count is held against the moment it was made."""
    book = dict(now)
    for lot, change in since:
        book[lot] = book.get(lot, 0) - change
    return book


def count_differences(book: Mapping[UUID, int], seen: Mapping[UUID, int]) -> tuple[CountDifference, ...]:
    """One row for every lot that was looked at, equal ones too; a lot nobody looked at is not counted as missing."""
    return tuple(CountDifference(lot, book.get(lot, 0), quantity) for lot, quantity in seen.items())


def spread_seen(lots: Iterable[ShelfLot], seen: int) -> dict[UUID, int]:
    """What each lot must hold when only the sum of an item was counted. What is put aside stands apart: it is not in the sum and stays.

    Less than the book: what is missing went in picking order. More: the surplus belongs to the lot that came last.
    """
    ordered = sorted(lots, key=picking_order)
    missing = sum(lot.free for lot in ordered) - seen
    left = {}
    for lot in ordered:
        gone = min(lot.free, max(missing, 0))
        missing -= gone
        left[lot.lot_id] = lot.quantity - gone
    if missing < 0 and ordered:
        left[max(ordered, key=lambda lot: (lot.received, lot.lot_id.int)).lot_id] -= missing
    return left


# ── how an item stands ───────────────────────────────────────────────────────────────────────────


class StockState(StrEnum):
    """What the list of goods says of an item, the most pressing thing only."""

    LOW = "low"
    """Less can be given than the centre wants to have."""
    FREE_TABLE = "free_table"
    NONE = "none"
    SOON = "soon"
    """Its last day comes near."""
    FEW = "few"
    """Enough for few families."""
    OK = "ok"


def stock_state(mode: ItemMode, can: int, least: int, days: int | None, families: int | None) -> StockState:
    """Of an item of which `can` may be given: `days` are those left to its nearest lot, `families` those it is enough for."""
    if can < least:
        return StockState.LOW
    if mode is ItemMode.FREE_TABLE:
        return StockState.FREE_TABLE
    if not can:
        return StockState.NONE
    if days is not None and days <= SOON_DAYS:
        return StockState.SOON
    return StockState.FEW if families is not None and families < FEW_FAMILIES else StockState.OK


def days_left(expiry: date | None, day: date) -> int | None:
    """Days until the lot may no longer be given; 0 on its last day, negative after; None without a date."""
    return None if expiry is None else (expiry - day).days


# ── what is typed ────────────────────────────────────────────────────────────────────────────────


def quantity_problems(field: str, quantity: int | None, *, zero: bool = False) -> list[Problem]:
    """A quantity is a whole number, above zero unless a count may say none."""
    if quantity is None:
        return [Problem(field, Text("How many? Type a number."))]
    if quantity < 0 or (quantity == 0 and not zero):
        return [Problem(field, Text("The quantity must be more than zero."))]
    if quantity > MOST:
        return [Problem(field, Text("This is more than one delivery can be: {most} at most.", most=MOST))]
    return []


LONGEST_NAME = 200
LONGEST_CODE = 64


def length_problems(most: int, **written: str) -> list[Problem]:
    """A name or number that is longer than its line on any paper."""
    text = Text("Too long: {most} letters at most.", most=most)
    return [Problem(field, text) for field, words in written.items() if len(words) > most]


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item of the catalogue as typed. `version` is what an edit was filled from."""

    names: Names
    code: str = ""
    unit: Unit = Unit.PIECE
    category: str = ""
    expires: bool = False
    is_kit: bool = False
    mode: ItemMode = ItemMode.COUNTED
    is_active: bool = True
    version: int = 0
    is_numbered: bool = False


def item_problems(draft: ItemDraft) -> list[Problem]:
    """Everything wrong with an item."""
    found = [] if any(draft.names.values()) else [Problem("names", Text("Give the item a name."))]
    found += length_problems(LONGEST_CODE, code=draft.code, category=draft.category)
    if any(len(name) > LONGEST_NAME for name in draft.names.values()):
        found.append(Problem("names", Text("Too long: {most} letters at most.", most=LONGEST_NAME)))
    if draft.is_kit and draft.mode is ItemMode.FREE_TABLE:
        found.append(Problem("mode", Text("A kit is always counted.")))
    if draft.mode is ItemMode.FREE_TABLE and draft.unit not in BY_BULK:
        found.append(Problem("unit", Text("Goods of the free table are counted by box or by kilogram.")))
    return found


_SECTORS = {
    "food": Text("Food security"),
    "water": Text("Water, sanitation, hygiene"),
    "hygiene": Text("Water, sanitation, hygiene"),
    "infant": Text("Nutrition"),
    "bedding": Text("Shelter and household items"),
    "household": Text("Shelter and household items"),
    "clothing": Text("Shelter and household items"),
    "voucher": Text("Cash and vouchers"),
}


def sector(category: str) -> Text:
    """The cluster a category of goods is reported to (domain.md §6.1, E4); what nobody sorted is help of several kinds."""
    return _SECTORS.get(category, Text("Several sectors"))


# ── goods on the way ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Settled:
    """A waybill that ended: what arrived of each batch, what did not, and what came beyond it."""

    arrived: Mapping[UUID, int]
    lost: Mapping[UUID, int]
    surplus: Mapping[UUID, int]


def settle(sent: Mapping[UUID, int], came: Mapping[UUID, int]) -> Settled:
    """Every unit that was sent arrived or is lost; a batch nobody speaks of did not come."""
    arrived = {lot: min(number, came.get(lot, 0)) for lot, number in sent.items()}
    lost = {lot: number - arrived[lot] for lot, number in sent.items()}
    surplus = {lot: number - sent.get(lot, 0) for lot, number in came.items()}
    return Settled(*({lot: n for lot, n in some.items() if n > 0} for some in (arrived, lost, surplus)))
