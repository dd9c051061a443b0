"""Goods: items, kit recipes, lots, places, documents, movements, counts; balances are the fold of movements."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, Moment, Note, OwnId, Quantity, Versioned, Word


class Item(Versioned, Base):
    """A thing given, counted in its smallest unit. One with `variant_of_id` is a `size` of another: rules and windows are that one's,
    stock and batches its own. Of a numbered one each piece has its own number: vouchers, pharmacy cards.
    """

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("mode IN ('counted', 'free_table')", name="mode"),)
    exchange = "fields"
    id: Mapped[OwnId]
    code: Mapped[Code] = mapped_column(unique=True)
    names: Mapped[Json]
    unit: Mapped[Code]
    category: Mapped[Code] = mapped_column(default="")
    mode: Mapped[Code] = mapped_column(default="counted")
    expires: Mapped[bool] = mapped_column(default=False)
    is_kit: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    variant_of_id: Mapped[Id | None] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"), default=None, index=True)
    size: Mapped[Word] = mapped_column(default="", server_default="")
    is_numbered: Mapped[bool] = mapped_column(default=False)


class KitRecipe(Base):
    """What one kit is made of, by version."""

    __tablename__ = "kit_recipe"
    __table_args__ = (
        UniqueConstraint("kit_id", "edition", "part_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    kit_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    edition: Mapped[int]
    part_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]


class Lot(Base):
    """A batch of an item that came together: its expiry and who gave it."""

    __tablename__ = "lot"
    __table_args__ = (Index("ix_lot_item", "item_id", "expires_on"),)
    exchange = "fields"
    id: Mapped[OwnId]
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    code: Mapped[Word]
    expires_on: Mapped[DayDate | None] = mapped_column(default=None)
    donor: Mapped[Word] = mapped_column(default="")
    received_day: Mapped[DayDate]


class StockPlace(Base):
    """A shelf of a site, or a virtual place that goods come from or go to."""

    __tablename__ = "stock_place"
    __table_args__ = (
        UniqueConstraint("site_id", "code"),
        CheckConstraint(
            "kind IN ('shelf', 'quarantine', 'transit', 'supplier', 'household', 'partner', 'loss', 'count', 'kit')",
            name="kind",
        ),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    code: Mapped[Code]
    name: Mapped[Word] = mapped_column(default="")
    kind: Mapped[Code]


class Document(Base):
    """A numbered paper of the stock: receipt, transfer, write-off, count, kit; no gaps in a site's series.

    `follows_id`: the paper this one goes on with (counted after it was signed for, received after it was sent) or takes back.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("site_id", "kind", "year", "number"),)
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    kind: Mapped[Code]
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[Word]
    day: Mapped[DayDate] = mapped_column(index=True)
    at: Mapped[Moment]
    other_party: Mapped[Word] = mapped_column(default="")
    paper_number: Mapped[Word] = mapped_column(default="")
    cause: Mapped[Code] = mapped_column(default="")
    note: Mapped[Note] = mapped_column(default="")
    facts: Mapped[Json] = mapped_column(default=dict)
    follows_id: Mapped[Id | None] = mapped_column(
        ForeignKey("document.id", ondelete="RESTRICT"), default=None, index=True
    )


class Movement(Base):
    """A quantity of one lot that went from one place to another; append-only, a correction names what it reverses."""

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("from_id <> to_id", name="places"),
        Index("ix_movement_day", "day"),
        Index("ix_movement_item", "item_id", "lot_id", "at"),
        Index("ix_movement_line", "hand_over_line_id"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"))
    kind: Mapped[Code]
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    from_id: Mapped[Id] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"))
    to_id: Mapped[Id] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    day: Mapped[DayDate]
    at: Mapped[Moment]
    document_id: Mapped[Id | None] = mapped_column(
        ForeignKey("document.id", ondelete="RESTRICT"), default=None, index=True
    )
    hand_over_line_id: Mapped[Id | None] = mapped_column(
        ForeignKey("hand_over_line.id", ondelete="RESTRICT"), default=None
    )
    reverses_id: Mapped[Id | None] = mapped_column(
        ForeignKey("movement.id", ondelete="RESTRICT"), default=None, unique=True
    )
    recipe_edition: Mapped[int | None] = mapped_column(default=None)


class CountLine(Base):
    """What was seen on a shelf, and the book it was compared with at that moment. `first_seen`: before it was counted once more."""

    __tablename__ = "count_line"
    __table_args__ = (CheckConstraint("seen >= 0", name="seen"),)
    exchange = "append"
    id: Mapped[OwnId]
    document_id: Mapped[Id] = mapped_column(ForeignKey("document.id", ondelete="RESTRICT"), index=True)
    place_id: Mapped[Id] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    seen: Mapped[Quantity]
    book: Mapped[Quantity]
    counted_at: Mapped[Moment]
    note: Mapped[Note] = mapped_column(default="")
    first_seen: Mapped[Quantity | None] = mapped_column(default=None)


class StockLevel(Versioned, Base):
    """The least a centre wants to have of an item: with less it is warned."""

    __tablename__ = "stock_level"
    __table_args__ = (UniqueConstraint("site_id", "item_id"), CheckConstraint("least >= 0", name="least"))
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    least: Mapped[Quantity]


class Balance(Base):
    """How much of a lot lies at a real place now, the fold of movements, and how much of it is put aside for promises, the fold of
    reservations: never below zero, never more aside than lies there.
    """

    __tablename__ = "balance"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved"),
        Index("ix_balance_item", "item_id"),
    )
    exchange = "derived"
    place_id: Mapped[Id] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"), primary_key=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"), primary_key=True)
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"), primary_key=True)
    quantity: Mapped[Quantity]
    reserved: Mapped[Quantity] = mapped_column(default=0)
