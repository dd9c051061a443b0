"""What the disk, the file or another program can do to a database: one sentence each, and nothing acknowledged is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select, text

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble
from aidtrack.store import database as store
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.days import Desk
from tests.factories import Centre, Team
from tests.services.test_journal import add_desk


def code_of(address: str | Path, key: bytes | None = None) -> str:
    with pytest.raises(StoreTrouble) as caught:
        open_database(address, key=key)
    assert i18n.render(caught.value.text, "ru")
    return caught.value.code


def test_a_full_disk_is_one_sentence_and_the_next_save_works_when_there_is_room(
    sqlite_database: Database, centre: Centre, by: Team
) -> None:
    def crowd(session: object) -> None:
        for number in range(100, 400):
            add_desk(session, by.coordinator, new_id(), number)  # type: ignore[arg-type]

    _limit_pages(sqlite_database, 1)
    with pytest.raises(StoreTrouble, match="disk-full"):
        sqlite_database.write(crowd)
    _limit_pages(sqlite_database, 1_000_000)
    sqlite_database.write(lambda s: add_desk(s, by.coordinator, new_id(), 99))
    assert sqlite_database.read(lambda s: s.scalars(select(Desk.number).where(Desk.number >= 99)).all()) == [99]


def _limit_pages(database: Database, pages: int) -> None:
    """SQLite lets a file grow no further, as a full disk would; there is one writing connection, so it keeps the limit."""
    with database.connection() as connection:
        connection.connection.cursor().execute(f"PRAGMA max_page_count={pages}")


def test_another_program_that_holds_the_file_is_told_after_waiting(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_MS", 200)
    database = open_database(database_file)
    other = sqlcipher.connect(str(database_file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTrouble) as caught:
        database.write(lambda s: s.execute(text("SELECT 1")))
    assert (caught.value.code, caught.value.retry) == ("busy", True)
    other.execute("ROLLBACK")
    other.close()
    assert database.write(lambda s: s.scalar(text("SELECT 1"))) == 1
    database.close()


def test_a_missing_file_is_said_and_not_made(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nowhere.db") == "missing"
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 400, b"PK\x03\x04" + os.urandom(5000)])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert code_of(path) in {"not-ours", "wrong-key"}
    assert path.read_bytes() == content or not content


def test_a_wrong_key_and_a_missing_key_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "centre.db"
    create_database(path, key=b"k" * 32).close()
    assert code_of(path, b"x" * 32) == "wrong-key"
    assert code_of(path) == "wrong-key"
    open_database(path, key=b"k" * 32).close()


@pytest.mark.parametrize(("version", "code"), [("9999", "too-new"), ("0000", "too-old")])
def test_a_database_of_another_version_is_refused(database_file: Path, version: str, code: str) -> None:
    raw = sqlcipher.connect(str(database_file))
    raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    raw.commit()
    raw.close()
    assert code_of(database_file) == code


def test_a_damaged_file_says_restore_the_backup(database_file: Path) -> None:
    data = bytearray(database_file.read_bytes())
    data[4096 * 2 :] = os.urandom(len(data) - 4096 * 2)
    database_file.write_bytes(data)
    with pytest.raises(StoreTrouble) as caught:
        open_database(database_file).read(lambda s: s.execute(text("SELECT count(*) FROM person")).all())
    assert caught.value.code in {"corrupt", "not-ours"}


def test_an_existing_database_is_never_made_anew(database_file: Path) -> None:
    before = database_file.read_bytes()
    with pytest.raises(StoreTrouble, match="exists"):
        create_database(database_file)
    assert database_file.read_bytes() == before


def test_a_lost_server_is_said_in_a_sentence(postgres_address: str) -> None:
    gone = postgres_address.replace(postgres_address.rsplit("/", 1)[1], "no_such_database")
    assert code_of(gone) == "unreachable"
