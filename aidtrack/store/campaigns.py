"""Programmes of aid: who gets what, by rules that are versioned and never change the past."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, Moment, OwnId, Quantity, Versioned, Word


class Campaign(Versioned, Base):
    """A programme of a site: from when to when, whose goods."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("state IN ('running', 'stopped')", name="state"),)
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    names: Mapped[Json]
    donor: Mapped[Word] = mapped_column(default="")
    starts_on: Mapped[DayDate]
    ends_on: Mapped[DayDate | None] = mapped_column(default=None)
    state: Mapped[Code] = mapped_column(default="running")


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
