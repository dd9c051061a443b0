"""Machine settings: what is broken is said and replaced by defaults, and a password never gets into the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from aidtrack import settings
from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble
from aidtrack.settings import MachineSettings


def test_first_start_has_defaults_and_no_complaint(tmp_path: Path) -> None:
    assert settings.read(tmp_path / "none" / "settings.toml") == settings.Found(MachineSettings())


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path, site = tmp_path / "deep" / "settings.toml", new_id()
    kept = MachineSettings("/data/школа 12.db", str(site), "Школа № 12", 2, "uk")
    settings.write(kept, path)
    assert settings.read(path) == settings.Found(kept)
    assert kept.site_id == site
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("content", [b"database = ", b"\xff\xfe\x00", b"[[[", b"\x00"])
def test_broken_file_is_a_sentence_and_defaults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    found = settings.read(path)
    assert found.settings == MachineSettings()
    assert found.problem is not None
    assert "settings.toml" in str(found.problem)


def test_one_bad_entry_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('database = "a.db"\ndesk = "two"\ncolour = "red"\n')
    found = settings.read(path)
    assert found.settings == MachineSettings(database="a.db")
    assert found.problem is not None
    assert found.problem.facts["names"] == ["desk", "colour"]


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    assert settings.read(tmp_path).problem is not None


def test_a_site_that_is_no_id_is_not_chosen() -> None:
    assert MachineSettings(site="Школа").site_id is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql+psycopg://olga:s3:cr@t@host:5432/aid", "postgresql+psycopg://olga@host:5432/aid"),
        ("postgresql+psycopg://host/aid", "postgresql+psycopg://host/aid"),
        ("/home/a@b/aid.db", "/home/a@b/aid.db"),
        ("C:\\data\\aid.db", "C:\\data\\aid.db"),
    ],
)
def test_address_without_password(tmp_path: Path, address: str, shown: str) -> None:
    settings.write(MachineSettings(database=address), tmp_path / "s.toml")
    assert settings.read(tmp_path / "s.toml").settings.database == shown


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreTrouble) as error:
        settings.write(MachineSettings(desk=1), tmp_path / "file" / "settings.toml")
    assert error.value.code == "settings-not-written"


def test_everything_moves_with_its_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path))
    assert settings.settings_path() == tmp_path / "settings.toml"
    assert settings.default_database() == tmp_path / "aidtrack.db"
