"""`people duplicates` as a person runs it: a table of pairs in the asked language, one sentence and an exit code for what is wrong."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.accuracy.records import pair_of, sample
from tests.e2e.console import ROOT, aidtrack

ROWS = 300
STOPPED = 130


@pytest.fixture(scope="module")
def centre_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain database with the first people of the classic list, each written down twice."""
    folder = tmp_path_factory.mktemp("duplicates")
    rows = sorted(sample("febrl1").rows, key=lambda row: row["external_id"])[:ROWS]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    database = folder / "centre.db"
    assert aidtrack("init", "--site", "KRS", "--plain", database=database).code == 0
    assert aidtrack("import", "people", folder / "list.csv", "--yes", database=database).code == 0
    return database


def test_pairs_go_into_a_table(centre_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    ran = aidtrack("people", "duplicates", "--format", "csv", "--out", out, database=centre_file, lang="ru")
    assert (ran.code, ran.err) == (0, "")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["a_external_id", "b_external_id", "score", "reasons"]
    found = {pair_of(row["a_external_id"], row["b_external_id"]) for row in rows}
    assert found <= sample("febrl1").pairs
    assert len(found) >= 0.98 * ROWS / 2
    assert all("0.5" <= row["score"] <= "1.0000" for row in rows)
    assert any("тот же документ" in row["reasons"] for row in rows)


def test_only_likelier_pairs(centre_file: Path, tmp_path: Path) -> None:
    counts = [
        aidtrack(
            "people", "duplicates", "--min-score", score, "--out", tmp_path / "p.csv", "--json", database=centre_file
        ).json["pairs"]
        for score in ("0.2", "0.999")
    ]
    assert counts[0] > counts[1] > 0


@pytest.mark.parametrize(
    ("words", "code"), [(("--format", "pdf"), "2"), (("--min-score", "2"), "2"), (("--out", "/dev/null/pairs.csv"), "")]
)
def test_what_is_wrong_is_one_sentence(centre_file: Path, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    out = () if "--out" in words else ("--out", tmp_path / "pairs.csv")
    ran = aidtrack("people", "duplicates", *words, *out, database=centre_file)
    assert ran.code != 0
    assert "Traceback" not in ran.err
    assert not (tmp_path / "pairs.csv").exists()


def _heeds_ctrl_c() -> None:
    """A shell that starts its work in the background leaves it deaf to Ctrl+C; a person at a terminal is heard."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is another signal there")
def test_ctrl_c_leaves_nothing_behind(centre_file: Path, tmp_path: Path) -> None:
    """The signal comes when the work has begun: the child tells what it has imported."""
    out = tmp_path / "pairs.csv"
    command = [sys.executable, "-X", "importtime", str(ROOT / "main.py"), "--database", str(centre_file)]
    command += ["people", "duplicates", "--out", str(out)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heeds_ctrl_c
    )
    assert running.stderr is not None
    next(line for line in running.stderr if "aidtrack.services.identity.pairs" in line)
    running.send_signal(signal.SIGINT)
    _, complaint = running.communicate(timeout=60)
    assert "Traceback" not in complaint
    assert running.returncode == STOPPED
    assert os.listdir(tmp_path) == []
