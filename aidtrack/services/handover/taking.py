"""Taking goods off the shelf for the lines of a hand-over: what lies there, which batches, which numbers.

Owns the rows of lines and of numbers on pieces; movements and balances are `services.stock`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import LinesRefused, LineTrouble, allowed_per_pick
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import MovementKind
from aidtrack.errors import Names, Refused, Text
from aidtrack.services.campaigns.owed import Promised
from aidtrack.services.promises import fetching
from aidtrack.services.promises.fetching import Pick, Shelf
from aidtrack.services.stock import aside, ledger
from aidtrack.store import journal
from aidtrack.store.base import table_of
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverNumber, HandOverVoid, LoanReturn
from aidtrack.store.stock import Item, Movement

_HAND, _LINE, _NUMBER, _VOID, _ITEM, _MOVE, _DESK, _BACK = map(
    table_of, (HandOver, HandOverLine, HandOverNumber, HandOverVoid, Item, Movement, Desk, LoanReturn)
)
_ITEMS = select(_ITEM.c.id, _ITEM.c.names, _ITEM.c.is_active, _ITEM.c.is_numbered, _ITEM.c.variant_of_id).where(
    _ITEM.c.id.in_(bindparam("items", expanding=True))
)
_HOLD_ITEMS = (
    select(_ITEM.c.id)
    .where(_ITEM.c.id.in_(bindparam("items", expanding=True)))
    .order_by(_ITEM.c.id)
    .with_for_update(key_share=True)
)
_TAKEN_NUMBERS = (
    select(_NUMBER.c.item_id, _NUMBER.c.number)
    .join_from(_NUMBER, _LINE, _LINE.c.id == _NUMBER.c.hand_over_line_id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _LINE.c.hand_over_id)
    .outerjoin(_BACK, (_BACK.c.hand_over_line_id == _LINE.c.id) & (_BACK.c.outcome != "kept"))
    .where(
        _NUMBER.c.item_id.in_(bindparam("items", expanding=True)),
        _NUMBER.c.number.in_(bindparam("numbers", expanding=True)),
        _VOID.c.id.is_(None),
        _BACK.c.id.is_(None),
    )
)
_LAST_TAKEN_AT = (
    select(_DESK.c.number)
    .join_from(_MOVE, _LINE, _LINE.c.id == _MOVE.c.hand_over_line_id)
    .join(_HAND, _HAND.c.id == _LINE.c.hand_over_id)
    .join(_DESK, _DESK.c.id == _HAND.c.desk_id)
    .where(
        _MOVE.c.item_id == bindparam("item"), _MOVE.c.from_id == bindparam("shelf"),
        _MOVE.c.kind == MovementKind.ISSUE.value, _MOVE.c.reverses_id.is_(None), _HAND.c.day == bindparam("day"),
    )
    .order_by(_MOVE.c.at.desc(), _MOVE.c.id.desc())
    .limit(1)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """An item as a hand-over needs it; `size_of` is the item it is a size of."""

    id: UUID
    names: Names
    is_active: bool
    is_numbered: bool
    size_of: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of an item for one line. `name` is what a refusal names the line by: its rule, or its item. `promises` it keeps first."""

    name: UUID
    piece: Piece
    quantity: int
    allowed: int
    rule_id: UUID | None = None
    covered: list[str] | None = None
    instead_of: UUID | None = None
    numbers: tuple[str, ...] = ()
    household_id: UUID | None = field(default=None, compare=False)
    promises: tuple[Promised, ...] = field(default=(), compare=False)
    is_lent: bool = False
    by_new_home: bool = False

    def trouble(self, possible: int, text: Text) -> LineTrouble:
        """Why it cannot be given."""
        return LineTrouble(self.name, possible, text, self.household_id)


def pieces(session: Session, item_ids: Iterable[UUID]) -> dict[UUID, Piece]:
    """The items by their ids."""
    rows = session.connection().execute(_ITEMS, {"items": list(set(item_ids))})
    return {row.id: Piece(*row) for row in rows}


def lay_out(session: Session, shelf_id: UUID, item_ids: Iterable[UUID], promised: Iterable[Promised] = ()) -> Shelf:
    """What lies on the shelf of these items, and what stands aside for these promises wherever it does; locked in the order of ids until
    the commit.
    """
    promised = list(promised)
    items = sorted({*item_ids, *(part.item_id for one in promised for part in one.parts)})
    places = sorted({shelf_id, *(part.place_id for one in promised for part in one.parts)})
    lots = {place: ledger.shelf_lots(session, place, items, lock=True) for place in places}
    return Shelf(shelf_id, dict(lots[shelf_id]), aside.standing(session, [one.id for one in promised]))


def expect_there(session: Session, shelf: Shelf, shelf_id: UUID, day: date, wanted: Sequence[Wanted]) -> None:
    """Raises for every line the book cannot fill, with what it can and which window took the last one."""
    tried, troubles = shelf.copy(), []
    for one in wanted:
        _, missing = tried.take(one.piece.id, one.promises, one.quantity, day)
        if missing:
            left = one.quantity - missing
            troubles.append(one.trouble(left, _short(session, one.piece, left, shelf_id, day)))
    if troubles:
        raise LinesRefused("short", troubles)


def _short(session: Session, piece: Piece, left: int, shelf_id: UUID, day: date) -> Text:
    """“the last one just went at window 2”, where a window took it."""
    window = None
    if not left:
        asked = {"item": piece.id, "shelf": shelf_id, "day": day}
        window = session.connection().execute(_LAST_TAKEN_AT, asked).scalar()
    if window is None:
        return Text("{item}: the book has {available}.", item=piece.names, available=left)
    return Text("{item}: the last one just went at window {window}.", item=piece.names, window=str(window))


def expect_numbers(session: Session, wanted: Iterable[Wanted]) -> None:
    """Each piece of a numbered item has its own number, that nobody else holds. Their items are locked until the commit."""
    asked = [one for one in wanted if one.quantity and (one.piece.is_numbered or one.numbers)]
    troubles = [one.trouble(len(one.numbers), _scan(one)) for one in asked if one.quantity != len(one.numbers)]
    if troubles:
        raise LinesRefused("numbers", troubles)
    taken = _taken(session, asked)
    troubles = [
        one.trouble(one.quantity, Text("{number} is given already: each number is given once.", number=number))
        for one in asked
        for number in one.numbers
        if (one.piece.id, number) in taken
    ]
    if troubles:
        raise LinesRefused("number-given", troubles)


def _scan(one: Wanted) -> Text:
    if not one.piece.is_numbered:
        return Text("{item}: its pieces have no numbers.", item=one.piece.names)
    return Text(
        "{item}: scan the number on each piece: {n} of {all}.",
        item=one.piece.names,
        n=len(one.numbers),
        all=one.quantity,
    )


def _taken(session: Session, asked: Sequence[Wanted]) -> set[tuple[UUID, str]]:
    """The numbers among these that somebody holds."""
    if not asked:
        return set()
    items = sorted({one.piece.id for one in asked})
    session.connection().execute(_HOLD_ITEMS, {"items": items}).all()
    numbers = [number for one in asked for number in one.numbers]
    rows = session.connection().execute(_TAKEN_NUMBERS, {"items": items, "numbers": numbers})
    return {(item, number) for item, number in rows}


def take(
    session: Session, by: Actor, hand_over_id: UUID, wanted: Sequence[Wanted], shelf: Shelf, where: tuple[UUID, date]
) -> None:
    """First expiring first: a line and a movement for each batch, in the order of the lines. What is taken leaves `shelf` too."""
    _, day = where
    lines: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    drawn: dict[UUID, Pick] = {}
    for one in wanted:
        picks, _ = shelf.take(one.piece.id, one.promises, one.quantity, day)
        if one.is_lent:
            picks = _one_by_one(picks)
        on_pieces = iter(one.numbers)
        for taken, allowed in zip(picks, allowed_per_pick(one.allowed, [p.quantity for p in picks]), strict=True):
            line = _line(hand_over_id, len(lines) + 1, one, (taken.lot_id, taken.quantity, allowed))
            lines.append(line)
            drawn[line["id"]] = taken
            numbers += _numbered(line, [next(on_pieces) for _ in range(taken.quantity)] if one.numbers else [])
    give_lines(session, by, lines, {line: one.shelf_id for line, one in drawn.items()}, numbers, drawn)


def _one_by_one(picks: Iterable[Pick]) -> list[Pick]:
    """The same units, each by itself: what is lent comes back piece by piece."""
    return [replace(one, quantity=1) for one in picks for _ in range(one.quantity)]


def _line(hand_over_id: UUID, no: int, one: Wanted, taken: tuple[UUID, int, int]) -> dict[str, Any]:
    lot, quantity, allowed = taken
    return {
        "id": new_id(), "hand_over_id": hand_over_id, "no": no, "rule_id": one.rule_id, "item_id": one.piece.id,
        "lot_id": lot, "quantity": quantity, "allowed": allowed, "person_ids": one.covered,
        "substitute_of_id": one.instead_of, "by_new_home": one.by_new_home,
    }  # fmt: skip


def _numbered(line: Mapping[str, Any], numbers: Iterable[str]) -> list[dict[str, Any]]:
    return [{"hand_over_line_id": line["id"], "number": one, "item_id": line["item_id"]} for one in numbers]


def give_lines(
    session: Session,
    by: Actor,
    lines: Sequence[dict[str, Any]],
    shelves: Mapping[UUID, UUID],
    numbers: Sequence[dict[str, Any]] = (),
    drawn: Mapping[UUID, Pick] | None = None,
) -> None:
    """Writes lines of a hand-over with the numbers on their pieces, draws the promises they keep, and takes what they say off the shelf of
    each.
    """
    journal.add_many(session, HandOverLine, lines)
    journal.add_many(session, HandOverNumber, numbers)
    fetching.draw(session, by, drawn or {})
    issues = [
        ledger.Issue(line["id"], line["item_id"], line["lot_id"], line["quantity"], shelves[line["id"]])
        for line in lines
    ]
    ledger.issue_to_household(session, by, issues)


def expect_active(found: Mapping[UUID, Piece], item_ids: Iterable[UUID]) -> None:
    """Refused for an item that is not in the catalogue any more."""
    if any(item not in found or not found[item].is_active for item in item_ids):
        raise Refused("no-item", Text("This item is not in the catalogue any more. Look at the list again."))
