"""The long lists whole, as a centre would take them in one evening: every row in, every field back, nobody twice, in little memory."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.e2e.console import ROOT, aidtrack

LISTS = ROOT.parent / "shared" / "data"
COUNTS = {"people-households.csv": 15_766, "people-multiscript.csv": 16_000}
MOST_MEMORY = 600 << 20

_MEASURED = """
import resource, sys
from aidtrack.app import main
code = main(sys.argv[1:])
sys.stderr.write(f"\\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}")
raise SystemExit(code)
"""


def take_in(database: Path, path: Path) -> tuple[dict[str, object], int]:
    """What the import answered, and the bytes of memory it needed."""
    words = [
        "--lang",
        "en",
        "--database",
        database,
        "import",
        "people",
        path,
        "--yes",
        "--json",
        "--result",
        database.with_name("r.csv"),
    ]
    command = [sys.executable, "-c", _MEASURED, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=900)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer, int(done.stderr.splitlines()[-1])


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["external_id"]: {k: unicodedata.normalize("NFC", v) for k, v in row.items()}
            for row in csv.DictReader(file)
        }


@pytest.mark.soak
@pytest.mark.parametrize("name", COUNTS)
def test_a_whole_list_goes_in_and_comes_back(tmp_path: Path, name: str) -> None:
    if not (LISTS / name).exists():
        pytest.skip("the long lists are not beside this copy")
    database, out = tmp_path / "centre.db", tmp_path / "out.csv"
    assert aidtrack("init", "--site", "KRS", "--plain", database=database).code == 0
    answer, memory = take_in(database, LISTS / name)
    assert answer["rows"] == {"new": COUNTS[name], "changed": 0, "already_here": 0, "refused": 0, "not_reached": 0}
    assert memory < MOST_MEMORY
    again, _ = take_in(database, LISTS / name)
    assert again["rows"] == {"new": 0, "changed": 0, "already_here": COUNTS[name], "refused": 0, "not_reached": 0}
    assert aidtrack("export", "people", "--format", "csv", "--out", out, database=database).code == 0
    given, back = rows(LISTS / name), rows(out)
    assert len(back) == COUNTS[name]
    assert {n: {key: row[key] for key in given[n]} for n, row in back.items()} == given
    assert aidtrack("check", database=database).code == 0
