"""What the README promises is true: every command of it runs, in its order, and every file and exit code it names exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from aidtrack import display, errors
from aidtrack.cli import check, main
from tests.e2e.console import ROOT, Ran, aidtrack

README = (ROOT / "README.md").read_text(encoding="utf-8")

FAMILIES = """external_id,household,relation,family_name,given_name,patronymic,sex,birth_date,phone,origin
1,7,HEAD,Ткаченко,Мария,Петровна,f,1989-08-12,+79000000001,Суджа
2,7,SON_DAUGHTER,Ткаченко,Илья,,m,2015,,Суджа
3,8,HEAD,Петренко,Олена,,f,1961-03,,Коренево
"""


def commands() -> list[list[str]]:
    """The words after `python main.py` of every command that stands in an indented block and names one."""
    found = re.findall(r"^    python main\.py (.+)$", README, re.MULTILINE)
    return [shlex.split(words) for words in found]


def run_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Ran]]:
    monkeypatch.chdir(folder)
    return [(" ".join(words), aidtrack(*words)) for words in commands()]


def test_every_command_runs_in_its_order(tmp_path: Path, demo_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "families.csv").write_text(FAMILIES, encoding="utf-8")
    (tmp_path / "names.txt").write_text("tkachenko\nпетренко олена 1961\n", encoding="utf-8")
    (tmp_path / "demo-day").mkdir()
    shutil.copyfile(demo_template, tmp_path / "demo-day" / "demo.db")
    ran = run_all(tmp_path, monkeypatch)
    assert [(words, one.code, one.err) for words, one in ran if one.code or "Traceback" in one.err] == []
    answers = dict(ran)
    assert "Ткаченко" in answers["--database centre.db people find tkachenko --limit 5"].out
    assert answers["--database centre.db --json people find Ткаченко мария"].json[0]["external_id"] == "1"
    assert (tmp_path / "hits.csv").read_text(encoding="utf-8").splitlines()[-1] == "2,1,3"
    for name in ("families.xlsx", "queue.pdf", "stock.xlsx", "stick.db", "again.db"):
        assert (tmp_path / name).stat().st_size > 1_000


def test_every_command_of_the_program_is_in_the_readme() -> None:
    named = {word for words in commands() for word in words}
    assert {"init", "upgrade", "import", "export", "find", "report", "check", "backup", "restore", "demo"} <= named


def test_every_target_of_make_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z]+)\b", texts)) <= targets


def test_without_a_screen_the_window_says_what_to_do() -> None:
    assert re.search(r"^    python main\.py$", README, re.MULTILINE)
    ran = aidtrack(lang="uk")
    assert (ran.code, "Traceback" in ran.err) == (display.NO_DISPLAY, False)
    assert "demo --no-window" in ran.err


def test_the_two_commands_would_run() -> None:
    for target in ("run", "test"):
        assert re.search(rf"^    make {target}\b", README, re.MULTILINE)
        planned = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ".ci/system" in planned.stdout


def test_every_link_and_picture_is_there() -> None:
    local = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert [target for target in local if not (ROOT / target).is_file()] == []


def test_the_exit_codes_are_these() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    families = (
        errors.InvalidInput,
        errors.Refused,
        errors.NotAllowed,
        errors.NotFound,
        errors.Conflict,
        errors.StoreTrouble,
    )
    assert told == {0, *(kind.exit_code for kind in families), check.FAILED, display.NO_DISPLAY, main.OUR_FAULT}
