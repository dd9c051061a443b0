"""Families and the people in them: household, person, membership as periods, cards, documents, needs, collectors, settlements.

The search tables live in `store.names`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, Note, OwnId, Versioned, Word


class Settlement(Base):
    """A place of the gazetteer; `parent_id` is the district or region it lies in."""

    __tablename__ = "settlement"
    exchange = "fields"
    id: Mapped[OwnId]
    code: Mapped[Code] = mapped_column(unique=True)
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("settlement.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[Code]
    names: Mapped[Json]
    alternatives: Mapped[JsonList] = mapped_column(default=list)
    folded: Mapped[Note] = mapped_column(default="", info={"derived": True})
    population: Mapped[int] = mapped_column(default=0)


class ImportBatch(Base):
    """One file taken in; its households are undone together."""

    __tablename__ = "import_batch"
    exchange = "append"
    id: Mapped[OwnId]
    digest: Mapped[Code] = mapped_column(index=True)
    name: Mapped[Note] = mapped_column(default="")
    at: Mapped[Moment]


class Household(Versioned, Base):
    """People served together. `status`: active, withdrawn (an import undone). `import_key` tells the same rows of a file again."""

    __tablename__ = "household"
    __table_args__ = (CheckConstraint("status IN ('active', 'withdrawn')", name="status"),)
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    external_id: Mapped[Word] = mapped_column(default="", index=True)
    head_id: Mapped[Id | None] = mapped_column(default=None)
    settlement_id: Mapped[Id | None] = mapped_column(
        ForeignKey("settlement.id", ondelete="RESTRICT"), default=None, index=True
    )
    origin_text: Mapped[Note] = mapped_column(default="")
    lodging: Mapped[Code] = mapped_column(default="")
    address: Mapped[Note] = mapped_column(default="")
    phone: Mapped[Word] = mapped_column(default="")
    phone_key: Mapped[Code] = mapped_column(default="", index=True)
    arrived_on: Mapped[DayDate | None] = mapped_column(default=None)
    registered_day: Mapped[DayDate] = mapped_column(index=True)
    registered_at: Mapped[Moment]
    how_confirmed: Mapped[Code] = mapped_column(default="")
    language: Mapped[Code] = mapped_column(default="")
    note: Mapped[Note] = mapped_column(default="")
    is_protected: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Code] = mapped_column(default="active")
    import_key: Mapped[Code] = mapped_column(default="", index=True)
    batch_id: Mapped[Id | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="RESTRICT"), default=None, index=True
    )


class Person(Versioned, Base):
    """One human being; the names may be empty for a member counted but not yet named."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("sex IN ('', 'f', 'm', 'x')", name="sex"),
        CheckConstraint("birth_precision IN ('', 'day', 'month', 'year', 'age')", name="precision"),
        Index("ix_person_birth", "birth_date"),
    )
    exchange = "fields"
    subject_column = "id"
    id: Mapped[OwnId]
    external_id: Mapped[Word] = mapped_column(default="", index=True)
    family_name: Mapped[Note] = mapped_column(default="")
    given_name: Mapped[Note] = mapped_column(default="")
    patronymic: Mapped[Note] = mapped_column(default="")
    sex: Mapped[Code] = mapped_column(default="")
    birth_date: Mapped[DayDate | None] = mapped_column(default=None)
    birth_precision: Mapped[Code] = mapped_column(default="")
    phone: Mapped[Word] = mapped_column(default="")
    phone_key: Mapped[Code] = mapped_column(default="", index=True)
    address: Mapped[Note] = mapped_column(default="")
    origin_text: Mapped[Note] = mapped_column(default="")
    note: Mapped[Note] = mapped_column(default="")


class HouseholdMember(Versioned, Base):
    """A person's time in a household; `until_day` None: still. `presence`: here, elsewhere, apart (not living with us now)."""

    __tablename__ = "household_member"
    __table_args__ = (
        CheckConstraint("presence IN ('here', 'elsewhere', 'apart')", name="presence"),
        Index("ix_household_member_household", "household_id", "no"),
        Index("ix_household_member_person", "person_id"),
    )
    exchange = "fields"
    subject_column = "person_id"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    no: Mapped[int]
    relation: Mapped[Code] = mapped_column(default="")
    presence: Mapped[Code] = mapped_column(default="here")
    since_day: Mapped[DayDate]
    until_day: Mapped[DayDate | None] = mapped_column(default=None)


class Card(Base):
    """A family's card: 12 digits people read, a token the scanner reads. Lost ones are revoked and reissued."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("state IN ('active', 'revoked')", name="state"),
        Index("ix_card_household", "household_id"),
        Index("ix_card_tail", "tail"),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    number: Mapped[Code]
    tail: Mapped[Code]
    token: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[Code] = mapped_column(default="active")
    issued_at: Mapped[Moment]

    @hybrid_property
    def is_valid(self) -> bool:
        """Whether it is in the family's hands: neither lost nor replaced. In a query the condition that says so."""
        return self.state == "active"


class DeclaredReceipt(Base):
    """An item the stamps on a card of another centre say the family had there. `day` is when it was declared here."""

    __tablename__ = "declared_receipt"
    exchange = "append"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    stamped_on: Mapped[DayDate]
    day: Mapped[DayDate] = mapped_column(index=True)
    at: Mapped[Moment]


class PersonDocument(Base):
    """A paper somebody has: `number` as written, `number_key` normalised for comparing, `tail` what lists may show."""

    __tablename__ = "person_document"
    exchange = "fields"
    subject_column = "person_id"
    id: Mapped[OwnId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[Code] = mapped_column(default="")
    number: Mapped[Note]
    number_key: Mapped[Note] = mapped_column(index=True)
    tail: Mapped[Code] = mapped_column(default="")


class PersonNeed(Base):
    """What helps this person (domain.md §2.2, the desk list); never a diagnosis."""

    __tablename__ = "person_need"
    exchange = "fields"
    subject_column = "person_id"
    id: Mapped[OwnId]
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    need: Mapped[Code]
    since_day: Mapped[DayDate]
    until_day: Mapped[DayDate | None] = mapped_column(default=None)


class Collector(Base):
    """Who may collect for a household: a member, an alternate, or a proxy; and how we know."""

    __tablename__ = "collector"
    __table_args__ = (CheckConstraint("kind IN ('member', 'alternate', 'proxy')", name="kind"),)
    exchange = "append"
    subject_column = "person_id"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), default=None)
    name: Mapped[Note] = mapped_column(default="")
    kind: Mapped[Code]
    how_known: Mapped[Code] = mapped_column(default="")


class PrivacyNotice(Base):
    """That a family was told why we write things down: which version, in which language, how."""

    __tablename__ = "privacy_notice"
    exchange = "append"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    edition: Mapped[Code]
    language: Mapped[Code]
    how: Mapped[Code]
    at: Mapped[Moment]


class ChildAlone(Versioned, Base):
    """A child who came without parents: with whom, where found; and that the shift lead was called to a window, `seen_at` None: not
    there yet."""

    __tablename__ = "child_alone"
    exchange = "fields"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), unique=True)
    came_with: Mapped[Note] = mapped_column(default="")
    found_at: Mapped[Note] = mapped_column(default="")
    desk_id: Mapped[Id | None] = mapped_column(ForeignKey("desk.id", ondelete="RESTRICT"), default=None)
    called_at: Mapped[Moment]
    seen_at: Mapped[Moment | None] = mapped_column(default=None)


class FamilyOpening(Base):
    """That somebody opened a family: by name, by its card or another number, from the queue or from a list (field.md §1, 11)."""

    __tablename__ = "family_opening"
    __table_args__ = (
        CheckConstraint("how IN ('name', 'code', 'queue', 'list')", name="how"),
        Index("ix_family_opening_day", "site_id", "day"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    by_id: Mapped[Id | None] = mapped_column(default=None)
    by_name: Mapped[Word]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    at: Mapped[Moment]
    how: Mapped[Code]
