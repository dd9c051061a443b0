"""Backups are opened and counted before anybody trusts them; a restore loses nothing; a first run is whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, InvalidInput, NotAllowed, Refused, StoreTrouble
from aidtrack.services import accounts, addresses, backup, founding, signing_in
from aidtrack.services.addresses import AddressKind
from aidtrack.services.backup import Secret
from aidtrack.store import copies, keys
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.journal import writer_of
from tests.factories import Centre, SettableClock, Team

NAME, PASSWORD = "Ольга К.", "три слова вместе"
ROOT = Actor(None, "console:root", frozenset(Role), wall_clock)


def _found(address: Path, password: str | None = PASSWORD) -> founding.Begun:
    begun = founding.begin(str(address), name=NAME, password=password)
    database = create_database(begun.address, key=begun.key)
    found = partial(founding.found_centre, by=ROOT, request_id=new_id(), draft=CentreDraft("Школа № 12"))
    database.write(partial(found, coordinator=NAME, user_id=begun.user_id, password=password or ""))
    database.close()
    founding.finish(begun, str(address))
    return begun


def _sign_in(address: Path, password: str = PASSWORD) -> tuple[Database, Actor]:
    unlocked = signing_in.unlock(str(address), name=NAME, password=password)
    database = open_database(address, key=unlocked.key)
    assert unlocked.user_id is not None
    enter = partial(signing_in.enter, by=addresses.stranger(wall_clock), request_id=new_id(), user_id=unlocked.user_id)
    return database, database.write(enter).actor


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Database, Actor]]:
    """An encrypted database made by a first run, with its coordinator signed in."""
    _found(tmp_path / "home" / "aidtrack.db")
    database, actor = _sign_in(tmp_path / "home" / "aidtrack.db")
    yield database, actor
    database.close()


def _back_up(database: Database, by: Actor, target: Path) -> backup.BackupReceipt:
    receipt = database.read(partial(backup.back_up, by=by, target=target))
    database.write(partial(backup.record, by=by, request_id=new_id(), receipt=receipt))
    return receipt


def _code(error: pytest.ExceptionInfo[AidTrackError]) -> str:
    return error.value.code


# ── the first run ────────────────────────────────────────────────────────────────────────────────


def test_a_first_run_makes_an_encrypted_file_its_keys_and_a_coordinator(tmp_path: Path) -> None:
    begun = _found(tmp_path / "aidtrack.db")
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".turn")) == [
        "aidtrack.db",
        "keys.json",
    ]
    assert addresses.kind_of(str(tmp_path / "aidtrack.db")) is AddressKind.ENCRYPTED
    assert NAME.encode() not in (tmp_path / "aidtrack.db").read_bytes()
    database, actor = _sign_in(tmp_path / "aidtrack.db")
    assert (actor.name, set(actor.roles)) == (NAME, {Role.COORDINATOR})
    assert database.read(lambda s: accounts.centre(s, actor)).name == "Школа № 12"
    assert not database.read(lambda s: accounts.frame_view(s, actor)).is_plain
    database.close()
    assert begun.key is not None
    assert begun.key.hex() not in repr(begun)


def test_the_standard_library_cannot_read_it(tmp_path: Path) -> None:
    _found(tmp_path / "aidtrack.db")
    with sqlite3.connect(tmp_path / "aidtrack.db") as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM site")
    plain.close()


def test_a_first_run_touches_no_database_that_is_there(tmp_path: Path) -> None:
    _found(tmp_path / "aidtrack.db")
    with pytest.raises(Refused) as error:
        founding.begin(str(tmp_path / "aidtrack.db"), name=NAME, password=PASSWORD)
    assert _code(error) == "database-exists"


def test_a_second_database_in_the_folder_gets_its_own_key_file(tmp_path: Path) -> None:
    _found(tmp_path / "one.db")
    _found(tmp_path / "two.db")
    for name in ("one.db", "two.db"):
        _sign_in(tmp_path / name)[0].close()


def test_a_power_cut_before_the_end_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    address = tmp_path / "aidtrack.db"
    begun = founding.begin(str(address), name=NAME, password=PASSWORD)
    create_database(begun.address, key=begun.key).close()
    assert addresses.kind_of(str(address)) is AddressKind.MISSING
    _found(address)
    _sign_in(address)[0].close()


def test_a_power_cut_between_keys_and_database_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, replace = tmp_path / "aidtrack.db", os.replace

    def cut(source: Path, target: Path) -> None:
        if Path(target) == address:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        _found(address)
    monkeypatch.setattr(os, "replace", replace)
    assert addresses.kind_of(str(address)) is AddressKind.ENCRYPTED
    _sign_in(address)[0].close()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreTrouble) as error:
        founding.begin(str(tmp_path / "file" / "aidtrack.db"), name=NAME, password=PASSWORD)
    assert _code(error) == "folder"


def test_a_second_centre_is_not_founded_by_somebody_unasked(database: Database, centre: Centre) -> None:
    with pytest.raises(Refused) as error:
        database.write(partial(founding.found_centre, by=ROOT, request_id=new_id(), draft=CentreDraft("Other")))
    assert _code(error) == "centre-exists"


def test_all_problems_of_a_first_run_at_once() -> None:
    problems = founding.problems_of(CentreDraft("", timezone="x"), " ", "short", "other")
    assert [p.field for p in problems] == ["name", "timezone", "coordinator", "password", "again"]


# ── opening an encrypted file ────────────────────────────────────────────────────────────────────


def test_wrong_password_missing_and_foreign_keys_have_their_sentences(tmp_path: Path) -> None:
    one, two = tmp_path / "1" / "aidtrack.db", tmp_path / "2" / "aidtrack.db"
    _found(one)
    _found(two)
    found = []
    with pytest.raises(StoreTrouble) as wrong:
        signing_in.unlock(str(one), name=NAME, password="no")
    found.append(_code(wrong))
    (one.parent / "keys.json").write_bytes((two.parent / "keys.json").read_bytes())
    with pytest.raises(StoreTrouble) as foreign:
        signing_in.unlock(str(one), name=NAME, password=PASSWORD)
    found.append(_code(foreign))
    (one.parent / "keys.json").unlink()
    with pytest.raises(StoreTrouble) as missing:
        signing_in.unlock(str(one), name=NAME, password=PASSWORD)
    found.append(_code(missing))
    assert found == ["wrong-password", "keys-foreign", "keys-missing"]


def test_the_recovery_code_gives_a_coordinator_a_new_password(tmp_path: Path) -> None:
    begun = _found(tmp_path / "aidtrack.db")
    unlocked = signing_in.unlock_by_code(str(tmp_path / "aidtrack.db"), begun.code)
    database = open_database(tmp_path / "aidtrack.db", key=unlocked.key)
    outside = addresses.stranger(wall_clock)
    (row,) = database.read(lambda s: signing_in.coordinators_to_recover(s, outside))
    database.read(lambda s: signing_in.recover(s, outside, user_id=row.id, password="другие три слова"))
    database.write(lambda s: signing_in.keep_password(s, outside, user_id=row.id, password="другие три слова"))
    assert (
        database.read(lambda s: signing_in.check_password(s, outside, name=NAME, password="другие три слова")) == row.id
    )
    database.close()
    _sign_in(tmp_path / "aidtrack.db", "другие три слова")[0].close()


def test_a_second_person_gets_a_key_and_loses_it(encrypted: tuple[Database, Actor]) -> None:
    database, by = encrypted
    draft = UserDraft("Петро", frozenset({Role.COORDINATOR}))
    user = database.write(partial(accounts.add_user, by=by, request_id=new_id(), draft=draft, password="второй пароль"))
    address = str(database.path)
    database.read(partial(signing_in.give_key, by=by, user_id=user.id, password="второй пароль"))
    assert database.read(partial(signing_in.who_may_start, by=by)) == {by.user_id, user.id}
    assert signing_in.unlock(address, name="петро", password="второй пароль").user_id == user.id
    database.read(partial(signing_in.take_key, by=by, user_id=user.id))
    with pytest.raises(StoreTrouble):
        signing_in.unlock(address, name="петро", password="второй пароль")


def test_a_pin_opens_no_file(encrypted: tuple[Database, Actor]) -> None:
    database, by = encrypted
    assert by.user_id is not None
    with pytest.raises(InvalidInput):
        database.read(partial(signing_in.give_key, by=by, user_id=by.user_id, password="4711"))


def test_a_new_recovery_code_ends_the_old_one(tmp_path: Path) -> None:
    begun = _found(tmp_path / "aidtrack.db")
    database, by = _sign_in(tmp_path / "aidtrack.db")
    code = database.read(partial(signing_in.new_recovery_code, by=by))
    database.close()
    assert signing_in.unlock_by_code(str(tmp_path / "aidtrack.db"), code).key == begun.key
    with pytest.raises(StoreTrouble):
        signing_in.unlock_by_code(str(tmp_path / "aidtrack.db"), begun.code)


# ── backup ───────────────────────────────────────────────────────────────────────────────────────


def test_a_plain_backup_is_whole_and_remembered(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    receipt = _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    found = copies.verify(tmp_path / "copy.db", None)
    assert (receipt.rows, receipt.keys_path) == (found.rows, None)
    by.clock.forward(hours=2)
    age = sqlite_database.read(lambda s: accounts.backup_age(s, by.coordinator))
    assert age is not None
    assert age.total_seconds() == 7200
    last = sqlite_database.read(lambda s: backup.last_backup(s, by.coordinator))
    assert last is not None
    assert (last.name, last.size) == ("copy.db", (tmp_path / "copy.db").stat().st_size)
    assert sorted(p.name for p in tmp_path.glob("copy*")) == ["copy.db"]


def test_an_encrypted_backup_goes_with_its_keys_and_opens_by_the_password(
    encrypted: tuple[Database, Actor], tmp_path: Path
) -> None:
    receipt = _back_up(*encrypted, tmp_path / "copy.db")
    assert receipt.keys_path == tmp_path / "copy.db.keys.json"
    assert NAME.encode() not in (tmp_path / "copy.db").read_bytes()
    _sign_in(tmp_path / "copy.db")[0].close()


def test_people_work_on_while_a_backup_is_made(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            draft = UserDraft(f"user {new_id()}", frozenset({Role.AUDITOR}))
            sqlite_database.write(partial(accounts.add_user, by=by.coordinator, request_id=new_id(), draft=draft))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for n in range(10):
            _back_up(sqlite_database, by.coordinator, tmp_path / f"{n}.db")
    finally:
        done.set()
        worker.join()


def test_an_existing_file_stays_unless_asked(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("letters")
    with pytest.raises(Refused) as error:
        _back_up(sqlite_database, by.coordinator, target)
    assert (_code(error), target.read_text()) == ("backup-exists", "letters")
    make = partial(backup.back_up, by=by.coordinator, target=target, overwrite=True)
    assert sqlite_database.read(make).rows == copies.verify(target, None).rows


def test_places_that_are_none(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    assert sqlite_database.path is not None
    for target, code in (
        (sqlite_database.path, "backup-onto-itself"),
        (tmp_path, "backup-is-folder"),
        (tmp_path / "none" / "copy.db", "backup-no-folder"),
    ):
        with pytest.raises(Refused) as error:
            _back_up(sqlite_database, by.coordinator, target)
        assert _code(error) == code


def test_only_who_cares_for_backups_makes_one(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        _back_up(sqlite_database, by.registrar, tmp_path / "copy.db")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(sqlite_database: Database, by: Team) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no device that is always full")
    with pytest.raises(StoreTrouble) as error:
        sqlite_database.read(partial(backup.back_up, by=by.coordinator, target=Path("/proc/copy.db")))
    assert _code(error) == "copy-not-written"


def test_cancelled_in_the_middle_leaves_nothing(sqlite_database: Database, by: Team, tmp_path: Path) -> None:
    for n in range(300):
        draft = UserDraft(f"user {n}", frozenset({Role.AUDITOR}))
        sqlite_database.write(partial(accounts.add_user, by=by.coordinator, request_id=new_id(), draft=draft))
    looks = iter([False, False, True])
    make = partial(backup.back_up, by=by.coordinator, target=tmp_path / "copy.db")
    with pytest.raises(Refused) as error:
        sqlite_database.read(partial(make, is_cancelled=lambda: next(looks, True)))
    assert _code(error) == "cancelled"
    assert list(tmp_path.glob("copy*")) == []
    seen: list[tuple[int, int]] = []
    sqlite_database.read(partial(make, progress=lambda done, of: seen.append((done, of))))
    assert len(seen) > 2
    assert seen[-1][0] == seen[-1][1]


def test_a_copy_that_lost_rows_is_not_trusted(
    sqlite_database: Database, by: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = copies.verify

    def lossy(path: Path, key: bytes | None) -> copies.Verified:
        found = verify(path, key)
        return copies.Verified(found.version, found.counts | {"user_account": 0})

    monkeypatch.setattr(copies, "verify", lossy)
    with pytest.raises(StoreTrouble) as error:
        _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    assert _code(error) == "copy-bad"
    assert list(tmp_path.glob("copy*")) == []


def test_a_server_says_what_to_use(database: Database, by: Team, tmp_path: Path) -> None:
    if database.is_sqlite:
        return
    with pytest.raises(Refused) as error:
        _back_up(database, by.coordinator, tmp_path / "copy.db")
    assert "pg_dump" in str(error.value.text)


# ── restore ──────────────────────────────────────────────────────────────────────────────────────


def test_a_restored_file_has_everything_and_writes_as_somebody_new(
    sqlite_database: Database, by: Team, clock: SettableClock, tmp_path: Path
) -> None:
    receipt = _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    done = backup.restore(tmp_path / "copy.db", tmp_path / "new" / "aidtrack.db", now=clock())
    assert (done.rows, done.replaced, done.is_older) == (receipt.rows, None, False)
    restored = open_database(tmp_path / "new" / "aidtrack.db")
    names = restored.read(lambda s: {row.draft.name for row in accounts.users(s, by.coordinator)})
    assert names == sqlite_database.read(lambda s: {row.draft.name for row in accounts.users(s, by.coordinator)})
    assert restored.read(writer_of_session) != sqlite_database.read(writer_of_session)
    restored.close()


def writer_of_session(session: object) -> object:
    """The chain a database writes under."""
    return writer_of(session.connection())  # type: ignore[attr-defined]


def test_an_existing_database_is_put_aside_only_when_asked(
    sqlite_database: Database, by: Team, clock: SettableClock, tmp_path: Path
) -> None:
    _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    target = tmp_path / "there.db"
    create_database(target).close()
    before = target.read_bytes()
    with pytest.raises(Refused) as error:
        backup.restore(tmp_path / "copy.db", target, now=clock())
    assert (_code(error), target.read_bytes()) == ("restore-exists", before)
    done = backup.restore(tmp_path / "copy.db", target, now=clock(), overwrite=True)
    assert done.replaced is not None
    assert done.replaced.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="Windows itself keeps open files from being renamed")
def test_a_database_at_work_is_not_replaced(
    sqlite_database: Database, by: Team, clock: SettableClock, tmp_path: Path
) -> None:
    _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    target = tmp_path / "there.db"
    create_database(target).close()
    script = (
        "import sys; from pathlib import Path; from aidtrack.store.database import open_database\n"
        "d = open_database(Path(sys.argv[1])); d.read(lambda s: s.connection()); print('open', flush=True); sys.stdin.read()"
    )
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-c", script, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Refused) as error:
            backup.restore(tmp_path / "copy.db", target, now=clock(), overwrite=True)
        other.communicate("")
    assert _code(error) == "restore-in-use"
    assert backup.restore(tmp_path / "copy.db", target, now=clock(), overwrite=True).replaced is not None


def test_an_encrypted_backup_is_restored_by_password_or_code(
    encrypted: tuple[Database, Actor], clock: SettableClock, tmp_path: Path
) -> None:
    database, by = encrypted
    code = database.read(partial(signing_in.new_recovery_code, by=by))
    _back_up(database, by, tmp_path / "copy.db")
    for n, secret in enumerate((Secret(NAME, PASSWORD), Secret(code=code))):
        target = tmp_path / f"home{n}" / "aidtrack.db"
        backup.restore(tmp_path / "copy.db", target, now=clock(), secret=secret)
        assert (target.parent / "keys.json").exists()
        _sign_in(target)[0].close()
    with pytest.raises(Refused) as unasked:
        backup.restore(tmp_path / "copy.db", tmp_path / "x.db", now=clock())
    with pytest.raises(StoreTrouble) as wrong:
        backup.restore(tmp_path / "copy.db", tmp_path / "x.db", now=clock(), secret=Secret(NAME, "no"))
    assert (_code(unasked), _code(wrong)) == ("password-needed", "wrong-password")
    assert list(tmp_path.glob("x.db*")) == []


def test_a_replaced_encrypted_database_can_still_be_opened(
    encrypted: tuple[Database, Actor], clock: SettableClock, tmp_path: Path
) -> None:
    _back_up(*encrypted, tmp_path / "copy.db")
    target = tmp_path / "other" / "aidtrack.db"
    _found(target)
    done = backup.restore(tmp_path / "copy.db", target, now=clock(), secret=Secret(NAME, PASSWORD), overwrite=True)
    assert done.replaced is not None
    _sign_in(done.replaced)[0].close()
    _sign_in(target)[0].close()


@pytest.mark.parametrize("content", [b"", b"x", b"not a database at all, but long enough to look like one" * 50])
def test_something_that_is_no_backup(tmp_path: Path, clock: SettableClock, content: bytes) -> None:
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(StoreTrouble):
        backup.restore(tmp_path / "photo.jpg", tmp_path / "x.db", now=clock())
    assert list(tmp_path.glob("x.db*")) == []


def test_a_damaged_backup_is_not_taken(
    sqlite_database: Database, by: Team, clock: SettableClock, tmp_path: Path
) -> None:
    _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    content = bytearray((tmp_path / "copy.db").read_bytes())
    content[len(content) // 2 :] = os.urandom(len(content) - len(content) // 2)
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(StoreTrouble):
        backup.restore(tmp_path / "copy.db", tmp_path / "x.db", now=clock())
    assert list(tmp_path.glob("x.db*")) == []


def test_there_is_no_backup(tmp_path: Path, clock: SettableClock) -> None:
    with pytest.raises(StoreTrouble) as error:
        backup.restore(tmp_path / "none.db", tmp_path / "x.db", now=clock())
    assert _code(error) == "missing"


def test_a_cancelled_restore_leaves_everything(
    sqlite_database: Database, by: Team, clock: SettableClock, tmp_path: Path
) -> None:
    _back_up(sqlite_database, by.coordinator, tmp_path / "copy.db")
    with pytest.raises(Refused):
        backup.restore(tmp_path / "copy.db", tmp_path / "x.db", now=clock(), is_cancelled=lambda: True)
    assert list(tmp_path.glob("x.db*")) == []


def test_keys_of_a_backup_are_read_beside_it(encrypted: tuple[Database, Actor], tmp_path: Path) -> None:
    _back_up(*encrypted, tmp_path / "copy.db")
    assert keys.path_beside(tmp_path / "copy.db").name == "copy.db.keys.json"
