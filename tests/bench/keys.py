"""What the daily tasks cost in keys: the scripts of the tests are run off-screen, and what they counted is put beside the budget."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rich.table import Table

from tests.e2e.console import ROOT
from tests.ui.keys import COUNTS_FILE, TASKS, Cost, Task, read_counts

SCRIPTS = ("tests/ui/test_desk_tasks.py", "tests/ui/test_window_tasks.py")


def counted(folder: Path) -> dict[str, Cost]:
    """Runs every script once; a task whose script did not come to its end is missing."""
    counts = folder / "keys.jsonl"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", COUNTS_FILE: str(counts)}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:randomly", *SCRIPTS]
    run = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if run.returncode:
        sys.stderr.write(run.stdout[-2000:] + run.stderr[-2000:])
    return read_counts(counts)


def table(costs: dict[str, Cost]) -> Table:
    """Task, scans, keys and letters measured, and the budget of keys."""
    made = Table(box=None, pad_edge=False)
    made.add_column("daily task", no_wrap=True)
    for header in ("scans", "keys", "typed", "budget"):
        made.add_column(header, justify="right")
    made.add_column("")
    for name, task in TASKS.items():
        made.add_row(task.words, *_figures(costs.get(name), task))
    return made


def _figures(cost: Cost | None, task: Task) -> tuple[str, ...]:
    budget = f"{task.budget.scans} + {task.budget.keys}" if task.budget.scans else str(task.budget.keys)
    if cost is None:
        return "", "", "", budget, "DID NOT END"
    verdict = "holds" if cost.is_within(task.budget) else "OVER"
    return str(cost.scans), str(cost.keys), str(cost.typed), budget, verdict
