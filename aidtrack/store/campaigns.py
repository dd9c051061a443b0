"""Programmes of aid: who gets what, by rules that are versioned and never change the past."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, OwnId, Quantity, Versioned, Word


class Campaign(Versioned, Base):
    """A programme of a site: from when to when, whose goods, how its hand-overs are signed for; `sites` are the other sites that give
    by it, by their ids.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'stopped')", name="state"),
        CheckConstraint("sign_off IN ('sheet', 'none', 'witnesses')", name="sign_off"),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    names: Mapped[Json]
    donor: Mapped[Word] = mapped_column(default="")
    starts_on: Mapped[DayDate]
    ends_on: Mapped[DayDate | None] = mapped_column(default=None)
    state: Mapped[Code] = mapped_column(default="running")
    sign_off: Mapped[Code] = mapped_column(default="sheet")
    sites: Mapped[JsonList | None] = mapped_column(default=None)


class CampaignRule(Base):
    """One edition of one rule: an item, for whom, how much, how often. The newest edition of (campaign, no) is in force."""

    __tablename__ = "campaign_rule"
    __table_args__ = (
        UniqueConstraint("campaign_id", "no", "edition"),
        CheckConstraint("basis IN ('household', 'person', 'matching')", name="basis"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_campaign_rule_item", "item_id"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    campaign_id: Mapped[Id] = mapped_column(ForeignKey("campaign.id", ondelete="RESTRICT"))
    no: Mapped[int]
    edition: Mapped[int]
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    basis: Mapped[Code]
    quantity: Mapped[Quantity]
    every_days: Mapped[int | None] = mapped_column(default=None)
    filters: Mapped[Json] = mapped_column(default=dict)
    is_active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[Moment]


class ItemSwitch(Base):
    """How an item is given at a centre on one day; the newest of the day is in force, and only on that day."""

    __tablename__ = "item_switch"
    __table_args__ = (
        UniqueConstraint("site_id", "day", "item_id", "no"),
        CheckConstraint("giving IN ('all', 'served_first', 'ration', 'none')", name="giving"),
        CheckConstraint("ration > 0", name="ration"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    no: Mapped[int]
    giving: Mapped[Code]
    ration: Mapped[Quantity | None] = mapped_column(default=None)
    at: Mapped[Moment]
