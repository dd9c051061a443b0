"""Lists of people from a terminal: dry run, import, find, export, undo; what is wrong is one sentence and an exit code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.e2e.console import aidtrack

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def centre_file(tmp_path: Path) -> Path:
    """A plain database with a centre."""
    path = tmp_path / "centre.db"
    assert aidtrack("init", "--site", "KRS", "--plain", database=path).code == 0
    return path


@pytest.fixture
def people_list(tmp_path: Path) -> Path:
    """Three good rows and one that names nobody."""
    path = tmp_path / "list.csv"
    rows = (
        "ид;фамилия;имя;дата рождения",
        "1;Щербаков;Юрий;1961",
        "2;Ткаченко;Мария;31.02.1960",
        ";;;1961x",
        "3;Їжакевич;Галина;63",
    )
    path.write_text("\n".join(rows).replace("ид;", "id;"), encoding="utf-8")
    return path


def test_a_list_goes_in_out_and_back(centre_file: Path, people_list: Path, tmp_path: Path) -> None:
    dry = aidtrack("import", "people", people_list, "--dry-run", "--json", database=centre_file)
    assert dry.json["rows"] == {"new": 3, "changed": 0, "already_here": 0, "refused": 1, "not_reached": 0}
    assert [row["fate"] for row in dry.json["fates"]] == ["new", "new", "refused", "new"]
    assert aidtrack("people", "find", "Щербаков", "--json", database=centre_file).json == []

    done = aidtrack("import", "people", people_list, "--yes", database=centre_file, lang="ru")
    assert (done.code, "Строка 4: не принято" in done.out) == (0, True)
    with (tmp_path / "list-result.csv").open(encoding="utf-8", newline="") as file:
        assert [row[-2] for row in csv.reader(file)] == ["fate", "принято", "принято", "не принято", "принято"]

    again = aidtrack("import", "people", people_list, "--yes", "--json", database=centre_file)
    assert again.json["rows"]["already_here"] == 3

    found = aidtrack("people", "find", "shcherbakov", "--limit", "3", "--json", database=centre_file).json
    assert [(row["external_id"], row["name"]) for row in found] == [("1", "Щербаков Юрий")]
    assert set(found[0]) >= {"external_id", "person", "name", "score"}

    out = tmp_path / "out.csv"
    assert aidtrack("export", "people", "--format", "csv", "--out", out, database=centre_file).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert [row["family_name"] for row in csv.DictReader(file)] == ["Щербаков", "Ткаченко", "Їжакевич"]

    assert aidtrack("import", "undo", "--yes", database=centre_file).code == 0
    assert aidtrack("people", "find", "Щербаков", "--json", database=centre_file).json == []


def test_a_list_of_many_scripts_goes_in(centre_file: Path) -> None:
    for name in ("people-multiscript-part.csv",):
        ran = aidtrack(
            "import",
            "people",
            DATA / name,
            "--yes",
            "--json",
            "--result",
            centre_file.with_suffix(".result.csv"),
            database=centre_file,
        )
        assert (ran.code, ran.json["rows"]["refused"], ran.json["remarks"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "people", "missing.csv"), 3),
        (("import", "people", "LIST", "--map", "nothing=A"), 2),
        (("import", "people", "LIST", "--map", "full_name"), 2),
        (("import", "undo", "--yes"), 5),
        (("export", "people", "--format", "pdf", "--out", "x.pdf"), 2),
    ],
)
def test_what_is_wrong_is_a_sentence(centre_file: Path, people_list: Path, words: tuple[str, ...], code: int) -> None:
    ran = aidtrack(*(str(people_list) if word == "LIST" else word for word in words), database=centre_file, lang="uk")
    assert ran.code == code
    assert "Traceback" not in ran.err
    assert ran.err.strip()


def test_a_name_cannot_steer_the_terminal(centre_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "esc.csv"
    path.write_text("surname\nEvil\x1b[31mName\n", encoding="utf-8")
    assert aidtrack("import", "people", path, "--yes", database=centre_file).code == 0
    ran = aidtrack("people", "find", "evil", database=centre_file)
    assert "\x1b" not in ran.out
    assert "Evil" in ran.out
