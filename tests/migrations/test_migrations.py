"""Migrations: the newest revision is what the mappings say, every revision goes up and down, and a populated file loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from aidtrack.errors import StoreTrouble
from aidtrack.store import migrate, names, schema
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.days import Site
from aidtrack.store.versions import MIGRATIONS, head, version_of
from tests.factories import Centre

REVISIONS = sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))

ON_A_SERVER_ONLY = {"0017"}

FAMILY = '''
"""A parent with one child of each kind, as a later version of the program might have them."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9001", "%s", None, None

def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    for kind in KINDS:
        op.create_table(kind.replace(" ", "_").lower(), sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete=kind), nullable=True))
    op.execute("INSERT INTO parent VALUES (1, 'one'), (2, 'two')")
    for kind in KINDS:
        op.execute(f"INSERT INTO {kind.replace(' ', '_').lower()} VALUES (1, 1), (2, 2), (3, 2)")

def downgrade():
    for kind in KINDS:
        op.drop_table(kind.replace(" ", "_").lower())
    op.drop_table("parent")

KINDS = %r
'''

REBUILD = '''
"""Rebuilds the parent table, which on SQLite means: copy, drop, rename."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9002", "9001", None, None

def upgrade():
    with op.batch_alter_table("parent") as batch:
        batch.alter_column("name", type_=sa.String(40))
        batch.add_column(sa.Column("note", sa.Text, server_default=""))

def downgrade():
    with op.batch_alter_table("parent") as batch:
        batch.drop_column("note")
'''


def run_alembic(connection: Connection, action: str, to: str) -> None:
    """One step of alembic on our own connection, with foreign keys off as the program does it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    {"upgrade": command.upgrade, "downgrade": command.downgrade}[action](config, to)


def shape(connection: Connection) -> set[str]:
    """Every column and index there is: an older revision has fewer."""
    found = inspect(connection)
    names = set(found.get_table_names()) - {"alembic_version"}
    columns = {f"{table}.{column['name']}" for table in names for column in found.get_columns(table)}
    return columns | {f"{table}: {index['name']}" for table in names for index in found.get_indexes(table)}


def on_every_database(_object: object, name: str, *_: object) -> bool:
    """Mappings say what every database has."""
    return name not in names.ON_A_SERVER


def test_the_indexes_of_a_server_are_there(database: Database) -> None:
    with database.connection() as connection:
        found = {index["name"] for table in ("name_line", "name_slip") for index in inspect(connection).get_indexes(table)}
    assert found == (set() if database.is_sqlite else set(names.ON_A_SERVER))


def test_the_newest_revision_is_what_the_mappings_say(database: Database) -> None:
    with database.connection() as connection:
        opts = {"compare_type": True, "target_metadata": schema.metadata, "include_object": on_every_database}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, schema.metadata) == []
        assert version_of(connection) == head()


def test_append_only_tables_refuse_changes_in_the_database_itself(database: Database, centre: Centre) -> None:
    with database.connection() as connection:
        for table, columns in schema.fixed_columns().items():
            if connection.scalar(text(f'SELECT count(*) FROM "{table}"')):
                for statement in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET "{columns[0]}" = "{columns[0]}"'):
                    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
                        connection.execute(text(statement))


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_goes_up_and_down_and_up(database: Database, revision: str) -> None:
    with database.connection() as connection, connection.begin():
        before = shape(connection)
        run_alembic(connection, "downgrade", dict(zip(REVISIONS, ["base", *REVISIONS], strict=False))[revision])
        is_like_before = database.is_sqlite and set(REVISIONS[REVISIONS.index(revision) :]) <= set(ON_A_SERVER_ONLY)
        assert (shape(connection) == before) is is_like_before
        run_alembic(connection, "upgrade", "head")
        assert shape(connection) == before


@pytest.fixture
def later_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that tests may add revisions to."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    return folder / "versions"


def grow(versions: Path, database: Database, kinds: list[str]) -> dict[str, int]:
    """Adds the family of tables and the rebuild, fills them, and counts the rows before the rebuild."""
    (versions / "9001_family.py").write_text((FAMILY % (head(), kinds)).lstrip())
    (versions / "9002_rebuild.py").write_text(REBUILD.lstrip())
    migrate.upgrade(database, to="9001")
    with database.connection() as connection:
        return migrate.row_counts(connection)


def test_a_rebuilt_parent_keeps_every_child(database: Database, centre: Centre, later_versions: Path) -> None:
    before = grow(later_versions, database, ["CASCADE", "SET NULL", "RESTRICT"])
    migrate.upgrade(database, to="9002")
    with database.connection() as connection:
        assert migrate.row_counts(connection) == before
        assert before["set_null.parent_id"] == 3
        assert version_of(connection) == "9002"
    assert database.read(lambda s: s.scalar(select(Site.id))) == centre.site_id


@pytest.mark.parametrize("kind", ["CASCADE", "SET NULL", "RESTRICT"])
def test_a_migration_with_foreign_keys_on_is_caught(
    sqlite_database: Database, later_versions: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The planted fault: the pragma is not set, so the rebuild deletes, empties or refuses; whichever, nothing is changed."""
    before = grow(later_versions, sqlite_database, [kind])
    monkeypatch.setattr(migrate, "_driver", lambda connection, pragma: None)
    with pytest.raises(StoreTrouble if kind != "RESTRICT" else (StoreTrouble, DBAPIError)):
        migrate.upgrade(sqlite_database, to="9002")
    with sqlite_database.connection() as connection:
        assert migrate.row_counts(connection) == before
        assert version_of(connection) == "9001"


def test_a_backup_stands_before_an_upgrade(sqlite_database: Database, centre: Centre, later_versions: Path) -> None:
    (later_versions / "9001_family.py").write_text((FAMILY % (head(), ["CASCADE"])).lstrip())
    kept = migrate.upgrade(sqlite_database, to="9001")
    assert kept is not None
    old = open_database(kept)
    assert old.read(lambda s: s.scalar(select(Site.id))) == centre.site_id
    old.close()


def test_a_file_of_a_newer_version_is_left_alone(sqlite_database: Database, later_versions: Path) -> None:
    (later_versions / "9001_family.py").write_text((FAMILY % (head(), ["CASCADE"])).lstrip())
    migrate.upgrade(sqlite_database, to="9001")
    with pytest.raises(StoreTrouble) as refusal:
        open_database(sqlite_database.address)
    assert refusal.value.code == "too-new"


def test_an_upgrade_that_has_nothing_to_do_does_nothing(database: Database) -> None:
    assert migrate.upgrade(database) is None


def test_an_existing_file_is_never_made_again(tmp_path: Path) -> None:
    create_database(tmp_path / "a.db").close()
    with pytest.raises(StoreTrouble) as refusal:
        create_database(tmp_path / "a.db")
    assert refusal.value.code == "exists"
