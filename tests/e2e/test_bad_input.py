"""What can be wrong with files, disks, keys and clocks, from a terminal: one sentence in each language, an exit code of its own,
no traceback, and nothing that was there is lost.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from aidtrack.cli.main import run
from aidtrack.errors import NotFound, Refused, StoreTrouble
from aidtrack.i18n import LANGUAGES
from aidtrack.services.spreadsheets import reading
from aidtrack.store import database as store
from tests.e2e.console import ROOT

Type = Callable[..., tuple[int, str, str]]
PASSWORD, OWNER = "три слова вместе", "Ольга К."
CYRILLIC = re.compile("[а-яіїєґ]", re.IGNORECASE)


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Type:
    """Runs one command line; its exit code, answer and complaint."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AIDTRACK_DATABASE", raising=False)

    def one(*words: str | Path, lang: str = "en") -> tuple[int, str, str]:
        code = run(("--lang", lang, *map(str, words)), shows_window=lambda _address, _lang: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return one


@pytest.fixture
def centre_file(typed: Type, tmp_path: Path) -> Path:
    """A plain centre with one person in it."""
    path, people = tmp_path / "centre.db", tmp_path / "one.csv"
    people.write_text("surname,name\nТкаченко,Мария\n", encoding="utf-8")
    assert typed("--database", path, "init", "--site", "Школа № 12", "--plain")[0] == 0
    assert typed("--database", path, "import", "people", people, "--yes")[0] == 0
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password.txt"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    return path


def expect_a_sentence(typed: Type, *words: str | Path, code: int) -> str:
    """The same complaint in each language: short, in its own words, without a traceback. The English one is returned."""
    said = {lang: typed(*words, lang=lang) for lang in LANGUAGES}
    assert {lang: ended for lang, (ended, _, _) in said.items()} == dict.fromkeys(LANGUAGES, code)
    complaints = {lang: err.strip() for lang, (_, _, err) in said.items()}
    for lang, complaint in complaints.items():
        assert 0 < len(complaint) < 400, complaint
        assert len(complaint.splitlines()) == 1
        assert "Traceback" not in complaint
        assert bool(CYRILLIC.search(complaint)) == (lang != "en")
    assert len(set(complaints.values())) == len(LANGUAGES)
    return complaints["en"]


def people_in(typed: Type, path: Path) -> int:
    """How many are found: nobody was lost."""
    code, out, _ = typed("--database", path, "--json", "people", "find", "ткаченко")
    assert code == 0
    return len(json.loads(out))


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20),
        ("broken.xlsx", b"PK\x03\x04" + b"\x00" * 3000),
        ("no-encoding.csv", "Фамилия;Имя\nТкач;Їжак".encode("koi8-u") + b"\x98\x98\n"),
        ("half.csv", b"\xff\xfe\x00\xd8"),
        ("empty.csv", b""),
        ("no-names.csv", b"a,b,c\n1,2,3\n"),
    ],
)
def test_a_list_that_is_none(typed: Type, centre_file: Path, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    expect_a_sentence(typed, "--database", centre_file, "import", "people", path, "--yes", code=Refused.exit_code)
    assert people_in(typed, centre_file) == 1
    assert path.read_bytes() == content


def test_a_huge_list_is_not_even_read(typed: Type, centre_file: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(reading.LARGEST + 1)  # a hole: no disk is filled
    said = expect_a_sentence(
        typed, "--database", centre_file, "import", "people", tmp_path / "huge.csv", code=Refused.exit_code
    )
    assert "200 MB" in said


def test_a_list_that_is_not_there_or_a_folder(typed: Type, centre_file: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        expect_a_sentence(typed, "--database", centre_file, "import", "people", path, code=Refused.exit_code)


def test_a_place_that_cannot_be_written(typed: Type, centre_file: Path, tmp_path: Path) -> None:
    nowhere = centre_file / "out.csv"  # a file is no folder
    for words in (
        ("export", "people", "--out", nowhere),
        ("report", "queue", "--day", "2024-08-12", "--out", nowhere.with_suffix(".pdf")),
        ("backup", Path("/proc/copy.db")),
    ):
        code, _, err = typed("--database", centre_file, *words, lang="uk")
        assert code in {Refused.exit_code, StoreTrouble.exit_code, NotFound.exit_code}, (words, code, err)
        assert "Traceback" not in err
        assert CYRILLIC.search(err)


def test_a_home_that_cannot_be_written_stops_nothing(
    typed: Type, centre_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").write_bytes(b"")
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "no-folder" / "home"))
    told = in_a_process("--database", centre_file, "people", "find", "ткаченко")
    assert (told.returncode, "Ткаченко" in told.stdout, told.stderr) == (0, True, "")


# ── the file of the database ─────────────────────────────────────────────────────────────────────


def test_a_database_of_a_newer_program(typed: Type, centre_file: Path) -> None:
    with closing(sqlcipher.connect(str(centre_file))) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    before = centre_file.read_bytes()
    for words in (("check",), ("people", "find", "ткаченко"), ("upgrade",)):
        said = expect_a_sentence(typed, "--database", centre_file, *words, code=StoreTrouble.exit_code)
        assert "newer" in said
    assert centre_file.read_bytes() == before


def test_a_file_that_another_program_holds(
    typed: Type, centre_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_MS", 100)
    with closing(sqlcipher.connect(str(centre_file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        words = ("--database", centre_file, "import", "people", tmp_path / "two.csv", "--yes")
        (tmp_path / "two.csv").write_text("surname,name\nТкаченко,Олена\n", encoding="utf-8")
        said = expect_a_sentence(typed, *words, code=StoreTrouble.exit_code)
        assert "busy" in said
        assert typed("--database", centre_file, "check")[0] == 0  # reading waits for nobody
        other.execute("ROLLBACK")
    assert typed(*words)[0] == 0
    assert people_in(typed, centre_file) == 2


def test_a_damaged_file(typed: Type, centre_file: Path) -> None:
    whole = centre_file.read_bytes()
    centre_file.write_bytes(whole[: 4096 * 3] + os.urandom(len(whole) - 4096 * 3))
    code, _, err = typed("--database", centre_file, "check", lang="ru")
    assert (code, "Traceback" in err, bool(CYRILLIC.search(err))) == (StoreTrouble.exit_code, False, True)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def locked(typed: Type, tmp_path: Path, secret: Path) -> Callable[[str], tuple[str | Path, ...]]:
    """Makes an encrypted centre in a folder of its own; how it is opened."""

    def make(name: str) -> tuple[str | Path, ...]:
        words = ("--database", tmp_path / name / "aid.db", "--user", OWNER, "--password-file", secret)
        assert typed(*words, "init", "--site", f"Школа {name}")[0] == 0
        return words

    return make


def test_wrong_swapped_missing_and_damaged_keys(
    typed: Type, locked: Callable[[str], tuple[str | Path, ...]], tmp_path: Path
) -> None:
    words = locked("a")
    locked("b")
    keys, other = tmp_path / "a" / "keys.json", tmp_path / "b" / "keys.json"
    whole, database = keys.read_bytes(), (tmp_path / "a" / "aid.db").read_bytes()
    (tmp_path / "wrong.txt").write_text("другие три слова\n", encoding="utf-8")
    wrong = (*words[:-1], tmp_path / "wrong.txt")
    trouble = StoreTrouble.exit_code
    said = [expect_a_sentence(typed, *wrong, "check", code=trouble)]
    shutil.copyfile(other, keys)
    said.append(expect_a_sentence(typed, *words, "check", code=trouble))
    keys.write_bytes(_swapped(whole))
    said.append(expect_a_sentence(typed, *words, "check", code=trouble))
    keys.write_text("{}", encoding="utf-8")
    said.append(expect_a_sentence(typed, *words, "check", code=trouble))
    keys.unlink()
    said.append(expect_a_sentence(typed, *words, "check", code=trouble))
    assert len({*said[:2], *said[4:]}) == 3, said  # each says what it is
    keys.write_bytes(whole)
    assert typed(*words, "check")[0] == 0
    assert (tmp_path / "a" / "aid.db").read_bytes()[:4096] == database[:4096]


def _swapped(whole: bytes) -> bytes:
    """The sealed keys of two slots in each other's place."""
    kept = json.loads(whole)
    slots = kept["slots"]
    assert len(slots) >= 2
    for name in ("sealed", "box", "key", "nonce", "salt"):
        if name in slots[0]:
            slots[0][name], slots[1][name] = slots[1][name], slots[0][name]
    return json.dumps(kept).encode()


# ── disks ────────────────────────────────────────────────────────────────────────────────────────


def in_a_process(*words: str | Path, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    """The real program, under a limit for the size of files if one is given."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    command = [sys.executable, str(ROOT / "main.py"), "--lang", "ru", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes; only where the test may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("a disk of its own can only be made by root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def many(path: Path, number: int) -> Path:
    rows = "\n".join(f"Ткаченко{n},Мария,Петровна,{'приехали ' * 20}" for n in range(number))
    path.write_text(f"surname,name,patronymic,note\n{rows}\n", encoding="utf-8")
    return path


def expect_nothing_lost(typed: Type, path: Path, told: subprocess.CompletedProcess[str]) -> None:
    """The complaint is a sentence; who was taken in before is there, and everything adds up."""
    assert told.returncode == StoreTrouble.exit_code, told
    assert "Traceback" not in told.stderr
    assert CYRILLIC.search(told.stderr)
    assert people_in(typed, path) >= 1
    assert typed("--database", path, "check")[0] == 0


def test_a_full_disk(typed: Type, centre_file: Path, small_disk: Path, tmp_path: Path) -> None:
    here = Path(shutil.copyfile(centre_file, small_disk / "centre.db"))
    told = in_a_process("--database", here, "import", "people", many(tmp_path / "many.csv", 2_000), "--yes")
    assert "заполнен" in told.stderr or "полон" in told.stderr, told.stderr
    shutil.copyfile(here, tmp_path / "after.db")
    shutil.copyfile(f"{here}-wal", tmp_path / "after.db-wal") if Path(f"{here}-wal").exists() else None
    expect_nothing_lost(typed, tmp_path / "after.db", told)


def test_a_file_that_may_not_grow(typed: Type, centre_file: Path, tmp_path: Path) -> None:
    size = centre_file.stat().st_size
    told = in_a_process(
        "--database",
        centre_file,
        "import",
        "people",
        many(tmp_path / "many.csv", 2_000),
        "--yes",
        largest=size + 200_000,
    )
    expect_nothing_lost(typed, centre_file, told)


def test_a_read_only_disk(typed: Type, centre_file: Path, small_disk: Path, tmp_path: Path) -> None:
    here = Path(shutil.copyfile(centre_file, small_disk / "centre.db"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    (tmp_path / "two.csv").write_text("surname,name\nТкаченко,Олена\n", encoding="utf-8")
    for words in (("import", "people", tmp_path / "two.csv", "--yes"), ("init", "--site", "Другой", "--plain")):
        told = in_a_process("--database", here if words[0] == "import" else small_disk / "new.db", *words)
        assert told.returncode == StoreTrouble.exit_code, told
        assert "Traceback" not in told.stderr
        assert CYRILLIC.search(told.stderr)
    assert here.read_bytes() == centre_file.read_bytes()
