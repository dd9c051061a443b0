"""`bench search`: how quickly and how well a list of queries is answered; `people index`: the search made anew."""

from __future__ import annotations

import csv
import gc
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidtrack.cli.console import Console
from aidtrack.cli.people import console_for, people_app, progress_bar
from aidtrack.errors import InvalidInput, Problem, Text

if TYPE_CHECKING:
    from aidtrack.services.people import FoundRow

INDEX = "index"
COLUMNS = ("query_no", "rank", "external_id")
_WARM_UP = 50

bench_app = typer.Typer(help="Measure this computer.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]


def add_to(app: typer.Typer) -> None:
    """Mounts the group, and hangs the other command into the group of people, once."""
    app.add_typer(bench_app, name="bench")
    if INDEX not in {command.name for command in people_app.registered_commands}:
        people_app.command(INDEX)(make_index)


@bench_app.callback()
def _group() -> None:
    """Measure this computer."""


@bench_app.command("search")
def bench_search(
    context: typer.Context,
    queries: Annotated[Path, typer.Option("--queries", help="One query a line, as it would be typed into Find.")],
    hits: Annotated[
        Path | None, typer.Option("--hits", help="A CSV with what was found: query_no, rank, external_id.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=48, help="At most so many hits a query.")] = 10,
    as_json: Json = False,
) -> None:
    """Ask every query through the service and tell p50 and p99 in milliseconds. The first queries are asked once before, unmeasured."""
    console = console_for(context, as_json)
    asked = _lines(queries)
    times, found = _answers(console, asked, limit)
    if hits:
        _write(hits, found)
    figures = {"p50_ms": _percentile(times, 0.5), "p99_ms": _percentile(times, 0.99), "n": len(times)}
    if console.json:
        console.answer(figures)
    else:
        half, most = str(figures["p50_ms"]), str(figures["p99_ms"])
        words = Text(
            "Queries {n}: half within {p50} ms, all but one in a hundred within {p99} ms.",
            n=len(times),
            p50=half,
            p99=most,
        )
        console.say(words)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = Text("The file {path} cannot be read as text in UTF-8.", path=str(path))
        raise InvalidInput([Problem("queries", problem)]) from error


def _answers(console: Console, asked: Sequence[str], limit: int) -> tuple[list[float], list[tuple[FoundRow, ...]]]:
    from aidtrack.services.people import find, get_ready

    def answer(text: str) -> tuple[FoundRow, ...]:
        return console.read(lambda session: find(session, console.by, text, limit=limit, families=False))

    console.read(lambda session: get_ready(session, console.by))
    for text in asked[:_WARM_UP]:
        answer(text)
    gc.freeze()  # as in the window: the collector leaves alone what is loaded
    times, found = [], []
    for text in asked:
        begin = time.perf_counter()
        found.append(answer(text))
        times.append(time.perf_counter() - begin)
    return times, found


def _write(path: Path, found: Sequence[Sequence[FoundRow]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for no, rows in enumerate(found, 1):
                table.writerows((no, rank, row.external_id) for rank, row in enumerate(rows, 1))
    except OSError as error:
        problem = Text("The file {path} cannot be written.", path=str(path))
        raise InvalidInput([Problem("hits", problem)]) from error


def _percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 3) if ordered else 0.0


def make_index(context: typer.Context, as_json: Json = False) -> None:
    """Make the search of names anew from the people. The program does it by itself when it is needed."""
    from aidtrack.services.people import rebuild_search

    console = console_for(context, as_json)
    with progress_bar(100) as advance:
        told = 0

        def progress(done: int, total: int) -> None:
            nonlocal told
            now = 100 * done // max(1, total)
            advance(now - told)
            told = now

        people = console.write(lambda session: rebuild_search(session, console.by, progress=progress))
    if console.json:
        console.answer({"people": people})
    else:
        console.say(Text.plural("The search knows {n} person.", "The search knows {n} people.", n=people))
