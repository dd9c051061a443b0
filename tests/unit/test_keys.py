"""Key slots: every password opens the same key, and every way it can go wrong has its own sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain import recovery
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, Refused, StoreTrouble
from aidtrack.store import keys

CHEAP = keys.Cost(1, 8, 1)
OLGA, PETR = new_id(), new_id()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def key(path: Path) -> keys.DatabaseKey:
    key = keys.new_key()
    keys.create(path, key, user_id=OLGA, name="Ольга К.", password="правильна кінь", cost=CHEAP)
    return key


def _code(error: pytest.ExceptionInfo[StoreTrouble]) -> str:
    assert str(error.value.text).endswith((".", "}."))
    return error.value.code


def _edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    written = json.loads(path.read_text())
    change(written)
    path.write_text(json.dumps(written))


def test_password_opens_the_key_and_says_whose_it_was(path: Path, key: keys.DatabaseKey) -> None:
    assert keys.unlock(path, name="  ольга  к. ", password="правильна кінь") == keys.Unlocked(key, OLGA)


def test_raw_key_is_256_bits_and_the_id_of_the_file(key: keys.DatabaseKey) -> None:
    assert len(key.secret) == 32
    assert key.raw == key.secret + key.database_id.bytes
    assert key.secret.hex() not in repr(key)


def test_no_name_and_no_password_stands_in_the_file(path: Path, key: keys.DatabaseKey) -> None:
    content = path.read_bytes()
    assert "Ольга".encode() not in content
    assert b"\\u041e\\u043b\\u044c\\u0433\\u0430" not in content
    assert key.secret.hex().encode() not in content


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_only_the_owner_can_read_the_file(path: Path, key: keys.DatabaseKey) -> None:
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ольга К.", "wrong"), ("Nobody", "правильна кінь"), ("", "правильна кінь"), ("Ольга К.", "")],
)
def test_wrong_name_and_wrong_password_are_one_answer(
    path: Path, key: keys.DatabaseKey, name: str, password: str
) -> None:
    with pytest.raises(StoreTrouble) as error:
        keys.unlock(path, name=name, password=password)
    assert _code(error) == "wrong-password"


def test_two_people_open_the_same_key(path: Path, key: keys.DatabaseKey) -> None:
    keys.put_slot(path, key, user_id=PETR, name="Petr", password="another one", cost=CHEAP)
    assert keys.unlock(path, name="Petr", password="another one").key == key
    assert keys.unlock(path, name="Ольга К.", password="правильна кінь").key == key
    assert keys.read(path).people == {OLGA, PETR}


@pytest.mark.parametrize(
    "fields", [("box",), ("salt", "nonce", "check", "box"), ("salt", "nonce", "check", "box", "seal"), ("owner",)]
)
def test_swapped_slots_are_told_from_a_wrong_password(
    path: Path, key: keys.DatabaseKey, fields: tuple[str, ...]
) -> None:
    keys.put_slot(path, key, user_id=PETR, name="Petr", password="another one", cost=CHEAP)

    def swap(written: dict[str, Any]) -> None:
        one, two = (slot for slot in written["slots"] if slot["owner"] != str(keys.RECOVERY))
        for field in fields:
            one[field], two[field] = two[field], one[field]

    _edit(path, swap)
    for password in ("another one", "правильна кінь"):
        with pytest.raises(StoreTrouble) as error:
            keys.unlock(path, name="Petr", password=password)
        assert _code(error) == "keys-mixed-up"


def test_a_slot_resealed_under_another_person_still_does_not_open(path: Path, key: keys.DatabaseKey) -> None:
    """The seal is no secret; what truly binds a slot to its person is the associated data of its box."""
    slot = keys.read(path).slot_of(OLGA)
    assert slot is not None
    forged = keys.Slot(PETR, slot.who, slot.salt, slot.nonce, slot.check, slot.box, slot.cost).sealed(key.database_id)
    keys._write(path, keys.KeyFile(key.database_id, (forged,)))
    with pytest.raises(StoreTrouble) as error:
        keys.unlock(path, name="Ольга К.", password="правильна кінь")
    assert _code(error) == "keys-mixed-up"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble) as error:
        keys.unlock(tmp_path / "keys.json", name="Ольга К.", password="x")
    assert _code(error) == "keys-missing"


def test_missing_file_with_its_earlier_version_says_which_to_rename(path: Path, key: keys.DatabaseKey) -> None:
    keys.put_slot(path, key, user_id=PETR, name="Petr", password="another one", cost=CHEAP)
    path.unlink()
    with pytest.raises(StoreTrouble) as error:
        keys.read(path)
    assert "keys.json.previous" in str(error.value.text)
    keys.previous_path(path).rename(path)
    assert keys.unlock(path, name="Ольга К.", password="правильна кінь").key == key


DAMAGE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no database": lambda w: w.pop("database"),
    "database no id": lambda w: w.update(database="17"),
    "slots no list": lambda w: w.update(slots=7),
    "slot no object": lambda w: w.update(slots=[1]),
    "field gone": lambda w: w["slots"][0].pop("box"),
    "no base64": lambda w: w["slots"][0].update(box="§§"),
    "box a number": lambda w: w["slots"][0].update(box=5),
    "cost of a terabyte": lambda w: w["slots"][0].update(argon2id=[3, 1 << 30, 4]),
    "cost in words": lambda w: w["slots"][0].update(argon2id="cheap"),
    "format zero": lambda w: w.update(format=0),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_file(path: Path, key: keys.DatabaseKey, how: str) -> None:
    _edit(path, DAMAGE[how])
    with pytest.raises(StoreTrouble) as error:
        keys.unlock(path, name="Ольга К.", password="правильна кінь")
    assert _code(error) == "keys-damaged"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'"keys"'])
def test_something_else_under_its_name(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreTrouble) as error:
        keys.read(path)
    assert _code(error) == "keys-damaged"


def test_newer_version(path: Path, key: keys.DatabaseKey) -> None:
    _edit(path, lambda written: written.update(format=2))
    with pytest.raises(StoreTrouble) as error:
        keys.read(path)
    assert _code(error) == "keys-too-new"


def test_a_folder_under_its_name_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "keys.json").mkdir()
    with pytest.raises(StoreTrouble) as error:
        keys.read(tmp_path / "keys.json")
    assert _code(error) == "file-unreadable"


def test_key_file_of_another_database(path: Path, key: keys.DatabaseKey, tmp_path: Path) -> None:
    mine, foreign = tmp_path / "mine.db", tmp_path / "foreign.db"
    mine.write_bytes(key.database_id.bytes + bytes(100))
    foreign.write_bytes(os.urandom(100))
    keys.check_belongs(path, mine)
    with pytest.raises(StoreTrouble) as error:
        keys.check_belongs(path, foreign)
    assert _code(error) == "keys-foreign"


def test_a_key_of_another_database_changes_nothing(path: Path, key: keys.DatabaseKey) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreTrouble) as error:
        keys.put_slot(path, keys.new_key(), user_id=PETR, name="Petr", password="p", cost=CHEAP)
    assert _code(error) == "keys-foreign"
    assert path.read_bytes() == before


def test_change_password_needs_the_old_one_and_forgets_it_everywhere(path: Path, key: keys.DatabaseKey) -> None:
    with pytest.raises(StoreTrouble):
        keys.change_password(path, name="Ольга К.", old="guess", new="new one", cost=CHEAP)
    keys.change_password(path, name="Ольга К.", old="правильна кінь", new="new one", cost=CHEAP)
    assert keys.unlock(path, name="Ольга К.", password="new one") == keys.Unlocked(key, OLGA)
    for where in (path, keys.previous_path(path)):
        with pytest.raises(StoreTrouble):
            keys.unlock(where, name="Ольга К.", password="правильна кінь")


def test_removed_person_opens_nothing_any_more_not_even_the_copy(path: Path, key: keys.DatabaseKey) -> None:
    keys.put_slot(path, key, user_id=PETR, name="Petr", password="another one", cost=CHEAP)
    keys.remove_slot(path, user_id=PETR)
    for where in (path, keys.previous_path(path)):
        with pytest.raises(StoreTrouble):
            keys.unlock(where, name="Petr", password="another one")


def test_the_last_person_cannot_be_removed(path: Path, key: keys.DatabaseKey) -> None:
    with pytest.raises(Refused) as error:
        keys.remove_slot(path, user_id=OLGA)
    assert error.value.code == "last-key"
    assert keys.unlock(path, name="Ольга К.", password="правильна кінь").key == key


def test_a_renamed_person_signs_in_under_the_new_name(path: Path, key: keys.DatabaseKey) -> None:
    keys.rename(path, user_id=OLGA, name="Olha")
    assert keys.unlock(path, name="olha", password="правильна кінь").user_id == OLGA


def test_recovery_code_opens_and_a_newer_one_ends_it(path: Path) -> None:
    key = keys.new_key()
    first = keys.create(path, key, user_id=OLGA, name="Olha", password="p", cost=CHEAP)
    assert keys.unlock_by_code(path, recovery.show(first)) == keys.Unlocked(key, None)
    second = keys.new_recovery_code(path, key, cost=CHEAP)
    assert keys.unlock_by_code(path, second).key == key
    with pytest.raises(StoreTrouble) as error:
        keys.unlock_by_code(path, first)
    assert _code(error) == "wrong-recovery-code"


def test_create_never_replaces_a_key_file(path: Path, key: keys.DatabaseKey) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreTrouble) as error:
        keys.create(path, keys.new_key(), user_id=OLGA, name="Olha", password="p", cost=CHEAP)
    assert _code(error) == "keys-exist"
    assert path.read_bytes() == before


def test_a_full_disk_leaves_the_old_file(path: Path, key: keys.DatabaseKey, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreTrouble) as error:
        keys.change_password(path, name="Ольга К.", old="правильна кінь", new="new one", cost=CHEAP)
    assert _code(error) == "keys-not-written"
    assert path.read_bytes() == before


def test_copy_carries_every_slot(path: Path, key: keys.DatabaseKey, tmp_path: Path) -> None:
    keys.copy(path, tmp_path / "backup.db.keys.json")
    assert keys.path_beside(tmp_path / "backup.db") == tmp_path / "backup.db.keys.json"
    assert keys.read(tmp_path / "backup.db.keys.json") == keys.read(path)


def test_plain_and_encrypted_files_are_told_apart(tmp_path: Path) -> None:
    plain, encrypted, absent = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    plain.write_bytes(b"SQLite format 3\0" + bytes(100))
    encrypted.write_bytes(UUID(int=5).bytes + bytes(100))
    assert [keys.is_plain(p) for p in (plain, encrypted, absent)] == [True, False, False]
    assert [keys.is_encrypted(p) for p in (plain, encrypted, absent)] == [False, True, False]


# ── the recovery code ────────────────────────────────────────────────────────────────────────────


def test_code_is_digits_in_groups_and_reads_back() -> None:
    code = recovery.new_code()
    assert len(code) == 50
    assert code.isdigit()
    assert [len(line) for line in recovery.show(code).split("\n")] == [29, 29]
    assert recovery.read(recovery.show(code).replace(" ", "-")) == code


def test_every_single_slip_is_found_and_its_group_named() -> None:
    code = recovery.new_code()
    for place, digit in enumerate(code):
        slip = code[:place] + str((int(digit) + 1) % 10) + code[place + 1 :]
        with pytest.raises(InvalidInput) as error:
            recovery.read(slip)
        assert error.value.problems[0].text.facts["groups"] == [place // 5 + 1]


def test_two_groups_in_the_wrong_order_are_found() -> None:
    code = "".join(recovery._complete(place, f"{place}234") for place in range(10))
    with pytest.raises(InvalidInput) as error:
        recovery.read(code[5:10] + code[:5] + code[10:])
    assert error.value.problems[0].text.facts["groups"] == [1, 2]


def test_a_code_too_short_says_how_many_digits() -> None:
    with pytest.raises(InvalidInput) as error:
        recovery.read("1234 5")
    assert error.value.problems[0].text.facts == {"wanted": 50, "n": 5}
