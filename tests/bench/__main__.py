"""`make bench`: speed as it is here and now, against a floor measured in the same run. A table for people, never a test."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import (
    accuracy,
    fairness,
    handing,
    keys,
    live,
    measures,
    pages,
    painting,
    papers,
    population,
    region,
    searching,
    stocking,
)
from tests.bench.measures import Figure
from tests.bench.region import Place
from tests.e2e.console import ROOT

LONG = {"search": 100_000, "search-million": 1_000_000}
"""Measured only when named, in a file unless --place says encrypted or server: making so many people takes minutes."""
KEPT = ROOT / "build" / "bench"
PAINTED = 40
SPEED = ("register", "give", "find", "report", "print", "stock", "start")


def main() -> None:
    """Measures what is asked for (everything, unless named) and prints it: speed, then what the daily tasks cost in keys."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("names", nargs="*", choices=[*SPEED, *LONG, "keys", "accuracy", "fairness", "live", "pages", []], metavar="NAME")
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument(
        "--place", type=Place, default=Place.FILE, choices=list(Place), help="for the long ones, and for `give` alone"
    )
    asked = options.parse_args()
    terminal = Console(highlight=False)
    speed = [name for name in asked.names or SPEED if name in SPEED]
    if speed == ["give"] and asked.place is Place.SERVER:
        terminal.print(_table(handing.serving(asked.people)))
    elif speed:
        _print_speed(terminal, speed, asked.people)
    for name in (name for name in asked.names if name in LONG):
        figures = searching.searching(KEPT, LONG[name], asked.place)
        terminal.print(_table([*figures, *(_painted(LONG[name]) if asked.place is Place.FILE else [])]))
    if not asked.names or "keys" in asked.names:
        with tempfile.TemporaryDirectory() as folder:
            terminal.print(keys.table(keys.counted(Path(folder))))
    if not asked.names or "accuracy" in asked.names:
        terminal.print(accuracy.table())
    if not asked.names or "live" in asked.names:
        terminal.print(_table(live.living()))
    if not asked.names or "pages" in asked.names:
        terminal.print(_table(pages.turning()))
    if not asked.names or "fairness" in asked.names:
        for one in fairness.tables():
            terminal.print(one)


def _print_speed(terminal: Console, names: list[str], number: int) -> None:
    terminal.print(f"Making or taking a database with {number:,} people …")
    people_file = population.populated(KEPT, number)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        here = Path(folder)
        all_of_them: dict[str, Callable[[], list[Figure]]] = {
            "register": lambda: measures.registering(people_file, here, number),
            "give": lambda: giving(people_file, here, number),
            "find": lambda: measures.searching(people_file, number),
            "report": lambda: measures.reporting(here),
            "stock": lambda: stocking.stocking(people_file, here),
            "print": lambda: papers.printing(here),
            "start": lambda: measures.starting(people_file, here),
        }
        figures = [figure for name in names for figure in all_of_them[name]()]
    terminal.print(_table(figures))


def _painted(number: int) -> list[Figure]:
    """The same file, searched in a window."""
    texts = [text.lower() for _, text in region.newcomers(PAINTED, number)]
    return painting.painting(region.make(KEPT, number), number, texts)


def giving(people_file: Path, here: Path, number: int) -> list[Figure]:
    """Handing over, and what is asked before it."""
    return [
        *handing.handing(people_file, here, number),
        *handing.allowing(people_file, here),
        *handing.reaching(people_file, here, number),
    ]


def _table(figures: list[Figure]) -> Table:
    table = Table(box=None, pad_edge=False)
    for header, side in (("measured", "left"), ("value", "right"), ("limit", "right"), ("", "left")):
        table.add_column(header, justify=side)  # type: ignore[arg-type]
    for one in figures:
        limit = "" if one.limit is None else f"≤ {one.limit:g} {one.unit}"
        verdict = "" if one.limit is None else "holds" if one.holds else "OVER"
        table.add_row(one.what, f"{one.value:.2f} {one.unit}", limit, verdict)
    return table


if __name__ == "__main__":
    main()
