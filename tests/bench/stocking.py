"""What the store's page costs with 2,000 items of 20 batches each, and again after a million movements; the same sums by the bare driver
beside it.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import MovementKind, PlaceKind
from aidtrack.services import stock
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.stock import Balance, Item, Lot, Movement
from aidtrack.ui.pages.stock import ask_stock
from aidtrack.ui.pages.stock.side import ask_detail
from tests.bench import population
from tests.bench.measures import Figure, percentile, timed

ITEMS, LOTS, MANY = 2_000, 20, 1_000_000
AT_ONCE = 20_000
TIMES = 15
HELD = 40
_FLOOR = """SELECT b.item_id, sum(b.quantity), min(l.expires_on) FROM balance b JOIN lot l ON l.id = b.lot_id
    WHERE b.quantity > 0 GROUP BY b.item_id"""


def stocking(people_file: Path, folder: Path) -> list[Figure]:
    """The table, an item opened, and the same a million movements later."""
    database, by = population.opened(Path(shutil.copyfile(people_file, folder / "store.db")))
    shelf = database.write(partial(_fill, by=by))
    before, opened = _page(database, by), _item(database, by)
    floor = min(timed(partial(_bare, database)) for _ in range(TIMES))
    _move(database, by, shelf)
    after, opened_after = _page(database, by), _item(database, by)
    database.close()
    whole = f"{ITEMS:,} items × {LOTS} batches"
    return [
        Figure(f"floor: sums of {whole} by the bare driver", floor * 1000, "ms"),
        Figure(f"the store's page, {whole}", before, "ms", 150),
        Figure(f"… after {MANY:,} movements, as times of that", after / before, "×", 1.3),
        Figure("an item opened to batches and movements", opened, "ms"),
        Figure(f"… after {MANY:,} movements", opened_after, "ms"),
    ]


def _page(database: Database, by: Actor) -> float:
    """What the page reads, at its quickest: what else the machine does is not the page's."""
    return percentile([timed(lambda: database.read(lambda s: ask_stock(s, by))) for _ in range(TIMES)], 0)


def _item(database: Database, by: Actor) -> float:
    row = database.read(lambda s: stock.stock_rows(s, by))[ITEMS // 2]
    return percentile([timed(lambda: database.read(partial(ask_detail, by=by, row=row))) for _ in range(TIMES)], 0)


def _bare(database: Database) -> None:
    with database.connection() as connection:
        connection.execute(text(_FLOOR)).all()


def _fill(session: Session, by: Actor) -> tuple[UUID, UUID]:
    """The shelf full, by one receipt a batch; returns the shelf and where goods come from."""
    today = current_day(session, by)
    with journal.operation(session, by, new_id(), "bench_store") as op:
        shelf, supplier = (stock.place_of(session, by.site, kind) for kind in (PlaceKind.SHELF, PlaceKind.SUPPLIER))
        items = [
            {"id": new_id(), "code": f"B-{n:05}", "names": {"en": f"Item {n}"}, "unit": "pcs", "version": 1}
            for n in range(ITEMS)
        ]
        journal.add_many(session, Item, items)
        lots = [
            {
                "id": new_id(), "item_id": item["id"], "code": f"{n}", "received_day": today,
                "expires_on": today + timedelta(days=20 * n + 1) if n % 3 else None, "donor": "Bench",
            }
            for item in items
            for n in range(LOTS)
        ]  # fmt: skip
        journal.add_many(session, Lot, lots)
        way = {"kind": MovementKind.RECEIVE.value, "from_id": supplier, "to_id": shelf, "quantity": HELD}
        fixed = way | {"operation_id": op.id, "day": today, "at": by.now()}
        journal.add_many(session, Movement, [_moved(lot, fixed) for lot in lots])
        keys = [
            {"place_id": shelf, "item_id": lot["item_id"], "lot_id": lot["id"], "quantity": HELD, "reserved": 0}
            for lot in lots
        ]
        journal.add_many(session, Balance, [{k: v for k, v in row.items() if k in _COLUMNS} for row in keys])
    return shelf, supplier


_COLUMNS = {column.key for column in Balance.__table__.columns}


def _moved(lot: dict[str, Any], fixed: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(), "item_id": lot["item_id"], "lot_id": lot["id"], **fixed}


def _move(database: Database, by: Actor, way: tuple[UUID, UUID]) -> None:
    """A year of goods that came and went again: the shelf holds what it held."""
    shelf, supplier = way
    lots = database.read(lambda s: [{"id": a, "item_id": b} for a, b in s.execute(select(Lot.id, Lot.item_id))])
    for start in range(0, MANY, AT_ONCE):
        database.write(partial(_some, by=by, lots=lots, start=start, way=(shelf, supplier)))
    database.checkpoint()


def _some(session: Session, by: Actor, lots: list[dict[str, Any]], start: int, way: tuple[UUID, UUID]) -> None:
    shelf, supplier = way
    day = current_day(session, by) - timedelta(days=365 - start * 300 // MANY)
    with journal.operation(session, by, new_id(), "bench_moves") as op:
        fixed = {"quantity": 1, "operation_id": op.id, "day": day, "at": by.now() - timedelta(days=30)}
        came = fixed | {"kind": MovementKind.RECEIVE.value, "from_id": supplier, "to_id": shelf}
        left = fixed | {"kind": MovementKind.TRANSFER.value, "from_id": shelf, "to_id": supplier}
        rows = [_moved(lots[(start + n) % len(lots)], way) for n in range(AT_ONCE // 2) for way in (came, left)]
        journal.add_many(session, Movement, rows)
