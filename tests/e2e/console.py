"""The command line as a person runs it: another process, its words and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def aidtrack(*words: str | Path, database: Path | str | None = None, lang: str = "en", typed: str = "") -> Ran:
    """Runs `python main.py …` and waits for its end."""
    before = ["--lang", lang, *(["--database", str(database)] if database else [])]
    command = [sys.executable, str(ROOT / "main.py"), *before, *map(str, words)]
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "QT_QPA_PLATFORM", "AIDTRACK_DATABASE"}}
    done = subprocess.run(command, input=typed, capture_output=True, text=True, encoding="utf-8", env=environment, check=False, timeout=120)
    return Ran(done.returncode, done.stdout, done.stderr)
