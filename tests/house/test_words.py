"""What must not stand in any kept file: unfinished work, numbers of tickets elsewhere, one machine's paths, registry addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, kept_files, place

TEXT_FILES = {".py", ".md", ".toml", ".txt", ".po", ".mako", ".ini", ".css", ".qss", ".json", ".csv", ""}
# Written in pieces, so that this file may be read by its own rule.
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X ", "NotImplemented" + "Error", "no" + " cover", "HA" + "CK:")
PLACES = ("/wor" + "k/", "/roo" + "t/")
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian", "--index" + "-url", "--extra" + "-index")
WIDE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")


def faults(text: str) -> list[str]:
    """Forbidden words of a text."""
    return [word for word in UNFINISHED + PLACES + REGISTRIES if word in text]


def readable(path: Path) -> bool:
    """Whether it is text that people wrote."""
    return path.suffix in TEXT_FILES and path.name not in {"LICENSE", "naughty-strings.json"}


WRITTEN = [path for path in kept_files() if readable(path)]


@pytest.mark.parametrize("path", WRITTEN, ids=place)
def test_nothing_unfinished_and_nothing_of_one_machine(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [p for p in WRITTEN if p.suffix == ".py"], ids=place)
def test_an_exception_from_a_rule_names_the_rule(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {line.strip()}" for n, line in enumerate(lines, 1) if WIDE_IGNORE.search(line)] == []


@pytest.mark.parametrize("path", [p for p in WRITTEN if p.suffix in {".py", ".md"}], ids=place)
def test_a_reason_stands_here_and_not_in_a_number(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line.partition("#")[1] + line.partition("#")[2] for line in lines] if path.suffix == ".py" else lines
    assert [line.strip() for line in comments if re.search(r"(?i)\b(issue|pull request|bug)s?\s+#?\d+", line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.match(r"^([a-z0-9.-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$", line)] == []


def test_a_forbidden_word_would_be_seen() -> None:
    assert faults("x = 1  # " + UNFINISHED[0]) == [UNFINISHED[0]]
    assert WIDE_IGNORE.search("x = y  # type: " + "ignore")
    assert not WIDE_IGNORE.search("x = y  # type: " + "ignore[attr-defined]")
