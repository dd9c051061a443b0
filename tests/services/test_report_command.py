"""`report` on the command line: the same papers and tables into files, and clear words when there is nothing to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aidtrack.cli.main import run
from aidtrack.store.database import open_database
from tests.aid import make_aid
from tests.factories import SettableClock, make_centre, make_team

DAY = "2024-08-12"


@pytest.fixture
def file(database_file: Path, clock: SettableClock) -> Path:
    """A plain file with one open day and goods on the shelf."""
    database = open_database(database_file)
    centre = database.write(lambda s: make_centre(s, clock))
    by = database.write(lambda s: make_team(s, clock, centre))
    database.write(lambda s: make_aid(s, by, centre))
    database.close()
    return database_file


def report(file: Path, *arguments: str) -> int:
    return run(["--database", str(file), "--lang", "en", *arguments], shows_window=lambda *_: 0)


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
@pytest.mark.parametrize("name", ["queue", "stock"])
def test_a_report_is_written(file: Path, tmp_path: Path, name: str, kind: str, begins: bytes) -> None:
    out = tmp_path / f"paper.{kind}"
    assert report(file, "report", name, "--day", DAY, "--format", kind, "--out", str(out)) == 0
    assert out.read_bytes().startswith(begins)


def test_the_blank_form_and_another_centre(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "form.pdf"
    assert report(file, "report", "form", "--day", DAY, "--site", "KRS", "--lang", "uk", "--out", str(out)) == 0
    assert report(file, "report", "form", "--day", DAY, "--site", "XXX", "--out", str(out)) == 5


def test_a_machine_is_told_where_it_is(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "stock.csv"
    assert report(file, "--json", "report", "stock", "--day", DAY, "--format", "csv", "--out", str(out)) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "bytes": out.stat().st_size}


@pytest.mark.parametrize("name", ["ages", "origins", "delivered", "goods", "5w", "programme", "R14"])
def test_several_days_on_one_paper(file: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "paper.csv"
    days = ("--from", "2024-08-10", "--to", DAY)
    assert report(file, "report", name, *days, "--format", "csv", "--out", str(out)) == 0
    head = out.read_text(encoding="utf-8-sig").splitlines()[1]
    assert head.startswith("#date+start,#date+end,#loc+name")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("weather", "--day", DAY), 5),
        (("stock", "--day", "2020-01-01"), 5),
        (("cards", "--day", DAY), 5),
        (("form", "--day", DAY, "--format", "csv"), 5),
        (("stock", "--day", "yesterday"), 2),
        (("stock",), 2),
        (("ages", "--from", DAY), 2),
        (("ages", "--day", DAY, "--from", DAY, "--to", DAY), 2),
        (("ages", "--from", "2024-08-13", "--to", DAY), 3),
        (("stock", "--from", "2024-08-10", "--to", DAY), 3),
        (("ages", "--from", "2020-01-01", "--to", "2020-02-01"), 5),
        (("stock", "--day", DAY, "--format", "docx"), 2),
        (("stock", "--day", DAY, "--lang", "fr"), 2),
    ],
)
def test_nothing_to_write_is_said_and_no_file_is_left(
    file: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "paper"
    assert report(file, "report", *arguments, "--out", str(out)) == code
    assert "Traceback" not in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_is_not_there_is_said(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nowhere" / "paper.pdf"
    assert report(file, "report", "stock", "--day", DAY, "--out", str(out)) == 7
    assert "Cannot write" in capsys.readouterr().err
