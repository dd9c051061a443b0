"""`people duplicates`: all pairs of records that may be one person, into a table for somebody to settle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from aidtrack.cli.people import console_for, progress_bar
from aidtrack.errors import InvalidInput, Problem, Text

COMMAND = "duplicates"


def add_to(people: typer.Typer) -> None:
    """Hangs the command into the group of people, once."""
    if COMMAND not in {command.name for command in people.registered_commands}:
        people.command(COMMAND)(find_duplicates)


def find_duplicates(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Only pairs at least so likely.")] = 0.5,
    kind: Annotated[str, typer.Option("--format", help="csv or xlsx")] = "csv",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a machine.")] = False,
) -> None:
    """Compare everybody with everybody; pairs worth a person’s time, the likeliest first. Changes nothing."""
    from aidtrack.services.identity.pairs import find_pairs, load_people, write_pairs

    console = console_for(context, as_json)
    if kind not in ("csv", "xlsx"):
        raise InvalidInput([Problem("format", Text("The format is csv or xlsx."))])
    people = console.read(lambda session: load_people(session, console.by))
    with progress_bar(100) as advance:
        rows = find_pairs(people, min_score=min_score, progress=_told(advance))
    write_pairs(out, kind, rows, console.lang)
    if console.json:
        groups = len({row.group for row in rows})
        console.answer({"people": len(people.records), "pairs": len(rows), "groups": groups, "file": str(out)})
    console.say(
        Text(
            "People compared: {people}. Pairs to look at: {pairs}. {path}",
            people=len(people.records),
            pairs=len(rows),
            path=str(out),
        )
    )


def _told(advance: Callable[[int], None]) -> Callable[[int, int], None]:
    """Steps done so far as steps more."""
    done = 0

    def progress(step: int, _of: int) -> None:
        nonlocal done
        advance(step - done)
        done = step

    return progress
