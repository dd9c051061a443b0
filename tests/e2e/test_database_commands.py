"""init, upgrade, backup and restore as they are typed: an encrypted centre from nothing to a restored copy."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aidtrack.cli.main import run
from aidtrack.errors import InvalidInput, Refused, StoreTrouble
from aidtrack.store import copies

Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Type:
    """Runs one command line; its exit code, answer and complaint."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AIDTRACK_DATABASE", raising=False)

    def one(*words: str) -> tuple[int, str, str]:
        code = run(("--lang", "en", *words), shows_window=lambda _address, _lang: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return one


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A password file."""
    path = tmp_path / "password.txt"
    path.write_text("три слова вместе\n", encoding="utf-8")
    return path


def _as(database: Path, secret: Path) -> Sequence[str]:
    return ("--database", str(database), "--user", "Ольга К.", "--password-file", str(secret))


def test_an_encrypted_centre_from_init_to_restore(typed: Type, secret: Path, tmp_path: Path) -> None:
    here = _as(tmp_path / "a" / "aid.db", secret)
    code, out, _ = typed(*here, "--json", "init", "--site", "Школа № 12", "--timezone", "Europe/Kyiv")
    made = json.loads(out)
    assert (code, made["site"]) == (0, "SHKO12")
    assert typed(*here, "upgrade")[0] == 0
    code, out, _ = typed(*here, "--json", "backup", str(tmp_path / "copy.db"))
    receipt = json.loads(out)
    assert (code, Path(receipt["keys"]).name) == (0, "copy.db.keys.json")
    there = _as(tmp_path / "b" / "aid.db", secret)
    code, out, _ = typed(*there, "--json", "restore", str(tmp_path / "copy.db"))
    assert (code, json.loads(out)["replaced"]) == (0, None)
    assert typed(*there, "backup", str(tmp_path / "copy2.db"))[0] == 0
    code, _, err = typed(*there, "restore", str(tmp_path / "copy.db"))
    assert (code, "It was not touched" in err) == (Refused.exit_code, True)
    assert typed(*there, "restore", str(tmp_path / "copy.db"), "--overwrite")[0] == 0


def test_the_recovery_code_restores_too(typed: Type, secret: Path, tmp_path: Path) -> None:
    here = _as(tmp_path / "a" / "aid.db", secret)
    code = json.loads(typed(*here, "--json", "init", "--site", "Школа № 12")[1])["recovery_code"]
    typed(*here, "backup", str(tmp_path / "copy.db"))
    (tmp_path / "code.txt").write_text(code)
    there = ("--database", str(tmp_path / "b" / "aid.db"), "--password-file", str(tmp_path / "code.txt"))
    assert typed(*there, "restore", str(tmp_path / "copy.db"), "--code")[0] == 0


def test_a_plain_file_needs_nobody(typed: Type, tmp_path: Path) -> None:
    here = ("--database", str(tmp_path / "aid.db"))
    assert typed(*here, "init", "--site", "Школа № 12", "--plain")[0] == 0
    code, out, _ = typed(*here, "backup", str(tmp_path / "copy.db"))
    assert (code, "opened and counted" in out) == (0, True)
    assert copies.verify(tmp_path / "copy.db", None).rows > 0


def test_a_second_init_touches_nothing(typed: Type, tmp_path: Path) -> None:
    here = ("--database", str(tmp_path / "aid.db"))
    typed(*here, "init", "--site", "Школа № 12", "--plain")
    before = (tmp_path / "aid.db").read_bytes()
    code, _, err = typed(*here, "init", "--site", "Other", "--plain")
    assert (code, "It was not touched" in err) == (Refused.exit_code, True)
    assert (tmp_path / "aid.db").read_bytes() == before


def test_all_problems_of_init_are_told_at_once(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("short\n")
    here = _as(tmp_path / "aid.db", tmp_path / "short.txt")
    code, _, err = typed(*here, "init", "--site", " ", "--timezone", "Moscow")
    assert (code, len(err.splitlines())) == (InvalidInput.exit_code, 3)
    assert list(tmp_path.glob("aid*")) == []


def test_wrong_password_and_nobody_to_ask_are_sentences(typed: Type, secret: Path, tmp_path: Path) -> None:
    here = _as(tmp_path / "aid.db", secret)
    typed(*here, "init", "--site", "Школа № 12")
    (tmp_path / "wrong.txt").write_text("nonsense\n")
    code, _, err = typed(*_as(tmp_path / "aid.db", tmp_path / "wrong.txt"), "backup", str(tmp_path / "copy.db"))
    assert (code, "not right" in err) == (StoreTrouble.exit_code, True)
    code, _, err = typed("--database", str(tmp_path / "aid.db"), "backup", str(tmp_path / "copy.db"))
    assert (code, "--user" in err) == (Refused.exit_code, True)
    assert not (tmp_path / "copy.db").exists()


def test_upgrade_of_nothing_and_of_something_else(typed: Type, tmp_path: Path) -> None:
    code, _, err = typed("--database", str(tmp_path / "none.db"), "upgrade")
    assert (code, "There is no database" in err) == (StoreTrouble.exit_code, True)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8" * 100)
    code, _, err = typed(*_as(tmp_path / "photo.jpg", tmp_path / "photo.jpg"), "upgrade")
    assert (code, "Traceback" in err) == (Refused.exit_code, False)
