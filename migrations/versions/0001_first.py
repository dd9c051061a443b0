"""The first tables of a centre's day, and the triggers that keep append-only tables append-only."""

import sqlalchemy as sa
from alembic import op


from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIXED = {
    "campaign_rule": [
        "id",
        "campaign_id",
        "no",
        "edition",
        "item_id",
        "basis",
        "quantity",
        "every_days",
        "filters",
        "is_active",
        "made_at",
    ],
    "collector": ["id", "household_id", "person_id", "name", "kind", "how_known"],
    "count_line": ["id", "document_id", "place_id", "item_id", "lot_id", "seen", "book", "counted_at", "note"],
    "day": ["id", "site_id", "day"],
    "day_event": ["id", "day_id", "no", "kind", "at", "by_name", "reason", "facts"],
    "day_note": ["id", "day_id", "topic", "sentence", "at"],
    "document": [
        "id",
        "site_id",
        "kind",
        "year",
        "number",
        "code",
        "day",
        "at",
        "other_party",
        "paper_number",
        "cause",
        "note",
        "facts",
    ],
    "form": ["id", "site_id", "code", "edition", "names", "questions", "made_at"],
    "hand_over": [
        "id",
        "site_id",
        "household_id",
        "ticket_id",
        "desk_id",
        "day",
        "at",
        "collector_id",
        "collector_text",
        "sheet",
        "line",
        "people",
        "cohorts",
        "served_ticket",
    ],
    "hand_over_decline": ["hand_over_id", "rule_id", "item_id", "allowed"],
    "hand_over_line": ["id", "hand_over_id", "no", "rule_id", "item_id", "lot_id", "quantity", "allowed", "person_ids"],
    "hand_over_person": ["hand_over_id", "person_id"],
    "hand_over_void": ["id", "hand_over_id", "goods", "reason", "replaced_by_id", "day", "at"],
    "import_batch": ["id", "digest", "name", "at"],
    "kit_recipe": ["id", "kit_id", "edition", "part_id", "quantity"],
    "movement": [
        "id",
        "operation_id",
        "kind",
        "item_id",
        "lot_id",
        "from_id",
        "to_id",
        "quantity",
        "day",
        "at",
        "document_id",
        "hand_over_line_id",
        "reverses_id",
        "recipe_edition",
    ],
    "privacy_notice": ["id", "household_id", "edition", "language", "how", "at"],
    "submission": ["id", "form_id", "household_id", "replaces_id", "number", "answers", "day", "at"],
    "ticket": ["id", "site_id", "day", "lane", "number", "issued_at", "from_id"],
    "ticket_event": [
        "id",
        "operation_id",
        "ticket_id",
        "no",
        "kind",
        "at",
        "desk_id",
        "household_id",
        "stage",
        "reason",
        "undoes_no",
    ],
    "change": ["operation_id", "no", "table_name", "row_id", "subject_id", "salt", "body", "body_hash"],
    "operation": [
        "arrival",
        "id",
        "digest",
        "writer",
        "seq",
        "kind",
        "actor_id",
        "actor_name",
        "site_id",
        "desk_id",
        "at",
        "day",
        "reason",
    ],
}


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("user_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("body", JsonType, nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_draft_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("user_key", "kind", name=op.f("uq_draft_user_key_kind")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_digest"), "import_batch", ["digest"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("names", JsonType, nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.Boolean(), nullable=False),
        sa.Column("is_kit", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mode IN ('counted', 'free_table')", name=op.f("ck_item_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    op.create_table(
        "name_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("plain", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("sound", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_token")),
        sa.UniqueConstraint("plain", name=op.f("uq_name_token_plain")),
    )
    op.create_index("ix_name_token_sound", "name_token", ["sound"], unique=False)
    op.create_table(
        "operation",
        sa.Column("arrival", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", IdType(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("writer", IdType(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("actor_id", IdType(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("site_id", IdType(), nullable=True),
        sa.Column("desk_id", IdType(), nullable=True),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_operation")),
        sa.UniqueConstraint("id", name=op.f("uq_operation_id")),
        sa.UniqueConstraint("writer", "seq", name=op.f("uq_operation_writer_seq")),
    )
    op.create_index("ix_operation_day", "operation", ["site_id", "day"], unique=False)
    op.create_index(op.f("ix_operation_kind"), "operation", ["kind"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("patronymic", sa.Text(), nullable=False),
        sa.Column("sex", sa.String(length=64), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("origin_text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("birth_precision IN ('', 'day', 'month', 'year', 'age')", name=op.f("ck_person_precision")),
        sa.CheckConstraint("sex IN ('', 'f', 'm', 'x')", name=op.f("ck_person_sex")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_birth", "person", ["birth_date"], unique=False)
    op.create_index(op.f("ix_person_external_id"), "person", ["external_id"], unique=False)
    op.create_index(op.f("ix_person_phone_key"), "person", ["phone_key"], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", JsonType, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "settlement",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("parent_id", IdType(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("names", JsonType, nullable=False),
        sa.Column("alternatives", JsonType, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["settlement.id"], name=op.f("fk_settlement_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("code", name=op.f("uq_settlement_code")),
    )
    op.create_index(op.f("ix_settlement_parent_id"), "settlement", ["parent_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("public_languages", JsonType, nullable=False),
        sa.Column("day_starts_at", sa.Integer(), nullable=False),
        sa.Column("outside_phone", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("is_pin", sa.Boolean(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", MomentType(), nullable=True),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("text_size", sa.String(length=64), nullable=False),
        sa.Column("theme", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
    )
    op.create_table(
        "writer",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("since", MomentType(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writer")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("names", JsonType, nullable=False),
        sa.Column("donor", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('running', 'stopped')", name=op.f("ck_campaign_state")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_campaign_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "change",
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("subject_id", IdType(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("body", JsonType, nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_change_operation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("operation_id", "no", name=op.f("pk_change")),
    )
    op.create_index("ix_change_row", "change", ["row_id"], unique=False)
    op.create_index("ix_change_subject", "change", ["subject_id"], unique=False)
    op.create_table(
        "counter",
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_counter_site_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "series", name=op.f("pk_counter")),
    )
    op.create_table(
        "day",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paused', 'closed', 'signed_off')", name=op.f("ck_day_state")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_day_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day")),
        sa.UniqueConstraint("site_id", "day", name=op.f("uq_day_site_id_day")),
    )
    op.create_index("ix_day_open", "day", ["site_id", "state"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("other_party", sa.String(length=200), nullable=False),
        sa.Column("paper_number", sa.String(length=200), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", JsonType, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("site_id", "kind", "year", "number", name=op.f("uq_document_site_id_kind_year_number")),
    )
    op.create_index(op.f("ix_document_day"), "document", ["day"], unique=False)
    op.create_table(
        "form",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("names", JsonType, nullable=False),
        sa.Column("questions", JsonType, nullable=False),
        sa.Column("made_at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_form_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("site_id", "code", "edition", name=op.f("uq_form_site_id_code_edition")),
    )
    op.create_table(
        "household",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("head_id", IdType(), nullable=True),
        sa.Column("settlement_id", IdType(), nullable=True),
        sa.Column("origin_text", sa.Text(), nullable=False),
        sa.Column("lodging", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("registered_day", sa.Date(), nullable=False),
        sa.Column("registered_at", MomentType(), nullable=False),
        sa.Column("how_confirmed", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("import_key", sa.String(length=64), nullable=False),
        sa.Column("batch_id", IdType(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'withdrawn')", name=op.f("ck_household_status")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_household_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_household_settlement_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_household_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_batch_id"), "household", ["batch_id"], unique=False)
    op.create_index(op.f("ix_household_external_id"), "household", ["external_id"], unique=False)
    op.create_index(op.f("ix_household_import_key"), "household", ["import_key"], unique=False)
    op.create_index(op.f("ix_household_phone_key"), "household", ["phone_key"], unique=False)
    op.create_index(op.f("ix_household_registered_day"), "household", ["registered_day"], unique=False)
    op.create_index(op.f("ix_household_settlement_id"), "household", ["settlement_id"], unique=False)
    op.create_table(
        "kit_recipe",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("kit_id", IdType(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("part_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_kit_recipe_quantity")),
        sa.ForeignKeyConstraint(["kit_id"], ["item.id"], name=op.f("fk_kit_recipe_kit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["part_id"], ["item.id"], name=op.f("fk_kit_recipe_part_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_recipe")),
        sa.UniqueConstraint("kit_id", "edition", "part_id", name=op.f("uq_kit_recipe_kit_id_edition_part_id")),
    )
    op.create_table(
        "lot",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("donor", sa.String(length=200), nullable=False),
        sa.Column("received_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_lot_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    op.create_index("ix_lot_item", "lot", ["item_id", "expires_on"], unique=False)
    op.create_table(
        "name_delete",
        sa.Column("key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["name_token.id"], name=op.f("fk_name_delete_token_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "token_id", name=op.f("pk_name_delete")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_document",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("tail", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_document_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_document")),
    )
    op.create_index(op.f("ix_person_document_number_key"), "person_document", ["number_key"], unique=False)
    op.create_index(op.f("ix_person_document_person_id"), "person_document", ["person_id"], unique=False)
    op.create_table(
        "person_need",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.Column("need", sa.String(length=64), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_need_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_need")),
    )
    op.create_index(op.f("ix_person_need_person_id"), "person_need", ["person_id"], unique=False)
    op.create_table(
        "person_token",
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_token_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["name_token.id"], name=op.f("fk_person_token_token_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token_id", "part", "person_id", name=op.f("pk_person_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_token_person", "person_token", ["person_id", "token_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("user_id", IdType(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("site_id", IdType(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_role_grant_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_user_id"), "role_grant", ["user_id"], unique=False)
    op.create_table(
        "stock_place",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shelf', 'quarantine', 'transit', 'supplier', 'household', 'partner', 'loss', 'count', 'kit')",
            name=op.f("ck_stock_place_kind"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stock_place_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_place")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_stock_place_site_id_code")),
    )
    op.create_table(
        "balance",
        sa.Column("place_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("lot_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_balance_quantity")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_balance_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_balance_lot_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["stock_place.id"], name=op.f("fk_balance_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("place_id", "item_id", "lot_id", name=op.f("pk_balance")),
    )
    op.create_index("ix_balance_item", "balance", ["item_id"], unique=False)
    op.create_table(
        "campaign_rule",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("campaign_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("filters", JsonType, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("made_at", MomentType(), nullable=False),
        sa.CheckConstraint("basis IN ('household', 'person', 'matching')", name=op.f("ck_campaign_rule_basis")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_campaign_rule_quantity")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_rule_campaign_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_campaign_rule_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_rule")),
        sa.UniqueConstraint("campaign_id", "no", "edition", name=op.f("uq_campaign_rule_campaign_id_no_edition")),
    )
    op.create_index("ix_campaign_rule_item", "campaign_rule", ["item_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("tail", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("issued_at", MomentType(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'revoked')", name=op.f("ck_card_state")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_card_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_card_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_card_site_id_number")),
        sa.UniqueConstraint("token", name=op.f("uq_card_token")),
    )
    op.create_index("ix_card_household", "card", ["household_id"], unique=False)
    op.create_index("ix_card_tail", "card", ["tail"], unique=False)
    op.create_table(
        "collector",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("how_known", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('member', 'alternate', 'proxy')", name=op.f("ck_collector_kind")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_collector_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_collector_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector")),
    )
    op.create_index(op.f("ix_collector_household_id"), "collector", ["household_id"], unique=False)
    op.create_table(
        "count_line",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("document_id", IdType(), nullable=False),
        sa.Column("place_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("lot_id", IdType(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("counted_at", MomentType(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("seen >= 0", name=op.f("ck_count_line_seen")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_count_line_document_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_count_line_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_count_line_lot_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["stock_place.id"], name=op.f("fk_count_line_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
    )
    op.create_index(op.f("ix_count_line_document_id"), "count_line", ["document_id"], unique=False)
    op.create_table(
        "day_event",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("day_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", JsonType, nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["day.id"], name=op.f("fk_day_event_day_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_event")),
        sa.UniqueConstraint("day_id", "no", name=op.f("uq_day_event_day_id_no")),
    )
    op.create_table(
        "day_note",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("day_id", IdType(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["day.id"], name=op.f("fk_day_note_day_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_note")),
    )
    op.create_index(op.f("ix_day_note_day_id"), "day_note", ["day_id"], unique=False)
    op.create_table(
        "desk",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stages", JsonType, nullable=False),
        sa.Column("gives", JsonType, nullable=True),
        sa.Column("shelf_id", IdType(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shelf_id"], ["stock_place.id"], name=op.f("fk_desk_shelf_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_desk_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_desk_site_id_number")),
    )
    op.create_table(
        "household_member",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("presence", sa.String(length=64), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("presence IN ('here', 'elsewhere', 'apart')", name=op.f("ck_household_member_presence")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_member_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_household_member_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
    )
    op.create_index("ix_household_member_household", "household_member", ["household_id", "no"], unique=False)
    op.create_index("ix_household_member_person", "household_member", ["person_id"], unique=False)
    op.create_table(
        "privacy_notice",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_privacy_notice_household_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notice")),
    )
    op.create_index(op.f("ix_privacy_notice_household_id"), "privacy_notice", ["household_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("form_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("replaces_id", IdType(), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("answers", JsonType, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_submission_form_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_submission_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["submission.id"], name=op.f("fk_submission_replaces_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index("ix_submission_household", "submission", ["household_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", MomentType(), nullable=False),
        sa.Column("from_id", IdType(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("household_id", IdType(), nullable=True),
        sa.Column("desk_id", IdType(), nullable=True),
        sa.Column("called_at", MomentType(), nullable=True),
        sa.Column("first_called_at", MomentType(), nullable=True),
        sa.Column("ended_at", MomentType(), nullable=True),
        sa.Column("returned_at", MomentType(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("families", sa.Integer(), nullable=False),
        sa.Column("is_printed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("lane IN ('A', 'K', 'M', 'T')", name=op.f("ck_ticket_lane")),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'served', 'missed', 'left', 'cancelled', 'expired', 'tomorrow')",
            name=op.f("ck_ticket_state"),
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_ticket_desk_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["from_id"], ["ticket.id"], name=op.f("fk_ticket_from_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_ticket_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ticket_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("site_id", "day", "lane", "number", name=op.f("uq_ticket_site_id_day_lane_number")),
    )
    op.create_index("ix_ticket_day_state", "ticket", ["site_id", "day", "state"], unique=False)
    op.create_index("ix_ticket_household", "ticket", ["household_id"], unique=False)
    op.create_table(
        "hand_over",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("ticket_id", IdType(), nullable=True),
        sa.Column("desk_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("collector_id", IdType(), nullable=True),
        sa.Column("collector_text", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cohorts", JsonType, nullable=False),
        sa.Column("served_ticket", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["person.id"], name=op.f("fk_hand_over_collector_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_hand_over_desk_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_hand_over_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_hand_over_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hand_over_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint(
            "site_id", "day", "desk_id", "sheet", "line", name=op.f("uq_hand_over_site_id_day_desk_id_sheet_line")
        ),
    )
    op.create_index("ix_hand_over_day", "hand_over", ["site_id", "day"], unique=False)
    op.create_index("ix_hand_over_household", "hand_over", ["household_id"], unique=False)
    op.create_index(op.f("ix_hand_over_ticket_id"), "hand_over", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_event",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("ticket_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("desk_id", IdType(), nullable=True),
        sa.Column("household_id", IdType(), nullable=True),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes_no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_ticket_event_desk_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_ticket_event_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_ticket_event_operation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
        sa.UniqueConstraint("ticket_id", "no", name=op.f("uq_ticket_event_ticket_id_no")),
    )
    op.create_index("ix_ticket_event_at", "ticket_event", ["at"], unique=False)
    op.create_index(op.f("ix_ticket_event_operation_id"), "ticket_event", ["operation_id"], unique=False)
    op.create_table(
        "hand_over_decline",
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("rule_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.CheckConstraint("allowed > 0", name=op.f("ck_hand_over_decline_allowed")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_decline_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_hand_over_decline_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["campaign_rule.id"], name=op.f("fk_hand_over_decline_rule_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "rule_id", name=op.f("pk_hand_over_decline")),
    )
    op.create_table(
        "hand_over_line",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("rule_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("lot_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("person_ids", JsonType, nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_hand_over_line_quantity")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_line_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_hand_over_line_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_hand_over_line_lot_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["campaign_rule.id"], name=op.f("fk_hand_over_line_rule_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_line")),
        sa.UniqueConstraint("hand_over_id", "no", name=op.f("uq_hand_over_line_hand_over_id_no")),
    )
    op.create_index(op.f("ix_hand_over_line_rule_id"), "hand_over_line", ["rule_id"], unique=False)
    op.create_table(
        "hand_over_person",
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_person_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hand_over_person_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "person_id", name=op.f("pk_hand_over_person")),
    )
    op.create_index(op.f("ix_hand_over_person_person_id"), "hand_over_person", ["person_id"], unique=False)
    op.create_table(
        "hand_over_void",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("goods", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replaced_by_id", IdType(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint(
            "goods IN ('shelf', 'other_household', 'set_aside', 'never_left')", name=op.f("ck_hand_over_void_goods")
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_void_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["hand_over.id"], name=op.f("fk_hand_over_void_replaced_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_void")),
        sa.UniqueConstraint("hand_over_id", name=op.f("uq_hand_over_void_hand_over_id")),
    )
    op.create_index(op.f("ix_hand_over_void_day"), "hand_over_void", ["day"], unique=False)
    op.create_table(
        "movement",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("lot_id", IdType(), nullable=False),
        sa.Column("from_id", IdType(), nullable=False),
        sa.Column("to_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("document_id", IdType(), nullable=True),
        sa.Column("hand_over_line_id", IdType(), nullable=True),
        sa.Column("reverses_id", IdType(), nullable=True),
        sa.Column("recipe_edition", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_movement_places")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movement_quantity")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_movement_document_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["from_id"], ["stock_place.id"], name=op.f("fk_movement_from_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["hand_over_line_id"],
            ["hand_over_line.id"],
            name=op.f("fk_movement_hand_over_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_movement_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_movement_operation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["movement.id"], name=op.f("fk_movement_reverses_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["stock_place.id"], name=op.f("fk_movement_to_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_movement_reverses_id")),
    )
    op.create_index("ix_movement_day", "movement", ["day"], unique=False)
    op.create_index(op.f("ix_movement_document_id"), "movement", ["document_id"], unique=False)
    op.create_index("ix_movement_item", "movement", ["item_id", "lot_id", "at"], unique=False)
    op.create_index("ix_movement_line", "movement", ["hand_over_line_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _make_refusal()
    for table, columns in FIXED.items():
        keep_rows(table, columns)


def _make_refusal() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )


def downgrade() -> None:
    op.drop_index("ix_movement_line", table_name="movement")
    op.drop_index("ix_movement_item", table_name="movement")
    op.drop_index(op.f("ix_movement_document_id"), table_name="movement")
    op.drop_index("ix_movement_day", table_name="movement")
    op.drop_table("movement")
    op.drop_index(op.f("ix_hand_over_void_day"), table_name="hand_over_void")
    op.drop_table("hand_over_void")
    op.drop_index(op.f("ix_hand_over_person_person_id"), table_name="hand_over_person")
    op.drop_table("hand_over_person")
    op.drop_index(op.f("ix_hand_over_line_rule_id"), table_name="hand_over_line")
    op.drop_table("hand_over_line")
    op.drop_table("hand_over_decline")
    op.drop_index(op.f("ix_ticket_event_operation_id"), table_name="ticket_event")
    op.drop_index("ix_ticket_event_at", table_name="ticket_event")
    op.drop_table("ticket_event")
    op.drop_index(op.f("ix_hand_over_ticket_id"), table_name="hand_over")
    op.drop_index("ix_hand_over_household", table_name="hand_over")
    op.drop_index("ix_hand_over_day", table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_index("ix_ticket_household", table_name="ticket")
    op.drop_index("ix_ticket_day_state", table_name="ticket")
    op.drop_table("ticket")
    op.drop_index("ix_submission_household", table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_privacy_notice_household_id"), table_name="privacy_notice")
    op.drop_table("privacy_notice")
    op.drop_index("ix_household_member_person", table_name="household_member")
    op.drop_index("ix_household_member_household", table_name="household_member")
    op.drop_table("household_member")
    op.drop_table("desk")
    op.drop_index(op.f("ix_day_note_day_id"), table_name="day_note")
    op.drop_table("day_note")
    op.drop_table("day_event")
    op.drop_index(op.f("ix_count_line_document_id"), table_name="count_line")
    op.drop_table("count_line")
    op.drop_index(op.f("ix_collector_household_id"), table_name="collector")
    op.drop_table("collector")
    op.drop_index("ix_card_tail", table_name="card")
    op.drop_index("ix_card_household", table_name="card")
    op.drop_table("card")
    op.drop_index("ix_campaign_rule_item", table_name="campaign_rule")
    op.drop_table("campaign_rule")
    op.drop_index("ix_balance_item", table_name="balance")
    op.drop_table("balance")
    op.drop_table("stock_place")
    op.drop_index(op.f("ix_role_grant_user_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index("ix_person_token_person", table_name="person_token")
    op.drop_table("person_token")
    op.drop_index(op.f("ix_person_need_person_id"), table_name="person_need")
    op.drop_table("person_need")
    op.drop_index(op.f("ix_person_document_person_id"), table_name="person_document")
    op.drop_index(op.f("ix_person_document_number_key"), table_name="person_document")
    op.drop_table("person_document")
    op.drop_table("name_delete")
    op.drop_index("ix_lot_item", table_name="lot")
    op.drop_table("lot")
    op.drop_table("kit_recipe")
    op.drop_index(op.f("ix_household_settlement_id"), table_name="household")
    op.drop_index(op.f("ix_household_registered_day"), table_name="household")
    op.drop_index(op.f("ix_household_phone_key"), table_name="household")
    op.drop_index(op.f("ix_household_import_key"), table_name="household")
    op.drop_index(op.f("ix_household_external_id"), table_name="household")
    op.drop_index(op.f("ix_household_batch_id"), table_name="household")
    op.drop_table("household")
    op.drop_table("form")
    op.drop_index(op.f("ix_document_day"), table_name="document")
    op.drop_table("document")
    op.drop_index("ix_day_open", table_name="day")
    op.drop_table("day")
    op.drop_table("counter")
    op.drop_index("ix_change_subject", table_name="change")
    op.drop_index("ix_change_row", table_name="change")
    op.drop_table("change")
    op.drop_table("campaign")
    op.drop_table("writer")
    op.drop_table("user_account")
    op.drop_table("site")
    op.drop_index(op.f("ix_settlement_parent_id"), table_name="settlement")
    op.drop_table("settlement")
    op.drop_table("setting")
    op.drop_index(op.f("ix_person_phone_key"), table_name="person")
    op.drop_index(op.f("ix_person_external_id"), table_name="person")
    op.drop_index("ix_person_birth", table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_operation_kind"), table_name="operation")
    op.drop_index("ix_operation_day", table_name="operation")
    op.drop_table("operation")
    op.drop_index("ix_name_token_sound", table_name="name_token")
    op.drop_table("name_token")
    op.drop_table("item")
    op.drop_index(op.f("ix_import_batch_digest"), table_name="import_batch")
    op.drop_table("import_batch")
    op.drop_table("draft")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
