"""`check`: proves the truths of a database and names each failure; the exit status tells whether all of them hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from aidtrack.cli.console import Console, console_of
from aidtrack.errors import Text

if TYPE_CHECKING:
    from aidtrack.services.check import CheckReport

FAILED = 9
"""Exit status when a truth does not hold: different from every error of the program itself."""


def add_to(app: typer.Typer) -> None:
    """Mounts the command."""

    @app.command("check")
    def check(context: typer.Context) -> None:
        """Prove that stock, hand-overs and queue add up; every failure has a stable code."""
        from aidtrack.services.check import check as prove

        console = console_of(context)
        report = console.read(lambda session: prove(session, console.by))
        _tell(console, report)
        if not report.holds:
            raise typer.Exit(FAILED)


def _tell(console: Console, report: CheckReport) -> None:
    if console.json:
        console.answer(_as_json(console, report))
        return
    for failure in report.failures:
        console.say(Text("{code}: {words} [{about}]", code=failure.code, words=failure.text, about=failure.about))
    console.say(_counted(report))
    console.say(_verdict(report))


def _counted(report: CheckReport) -> Text:
    return Text(
        "Looked at: operations {operations}, movements {movements}, hand-overs {hand_overs}, queue numbers {tickets}.",
        operations=report.operations,
        movements=report.movements,
        hand_overs=report.hand_overs,
        tickets=report.tickets,
    )


def _verdict(report: CheckReport) -> Text:
    if report.holds:
        return Text("Everything adds up: T1–T4, T6–T8 and T10 hold.")
    return Text.plural("{n} place does not add up.", "{n} places do not add up.", n=len(report.failures))


def _as_json(console: Console, report: CheckReport) -> dict[str, object]:
    failures = [
        {"code": one.code, "truth": one.truth, "words": console.words(one.text), "about": one.about}
        for one in report.failures
    ]
    return {
        "holds": report.holds,
        "operations": report.operations,
        "movements": report.movements,
        "hand_overs": report.hand_overs,
        "tickets": report.tickets,
        "failures": failures,
    }
