"""`demo`: a database with the demonstration day and its two reports, then the window on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aidtrack import settings
from aidtrack.cli.console import Console, console_of
from aidtrack.display import NO_DISPLAY, has_display
from aidtrack.errors import Text

if TYPE_CHECKING:
    from aidtrack.demo import Figures
    from aidtrack.domain.actor import Actor
    from aidtrack.store.database import Database

DATABASE = "demo.db"
REPORTS = ("queue", "stock")

FolderOption = Annotated[Path | None, typer.Option(metavar="DIR", help="Where database and reports go.", file_okay=False)]
HeadlessOption = Annotated[bool, typer.Option("--no-window", help="Make everything, open nothing.")]


def add_to(app: typer.Typer) -> None:
    """Mounts the command."""
    app.command("demo", help="A demonstration day: 170 invented families, its database, its reports, then the window.")(demo)


def demo(context: typer.Context, out: FolderOption = None, no_window: HeadlessOption = False) -> None:
    """Makes what is not there yet; a day that was made before is opened as it was left."""
    console = console_of(context)
    folder = out or settings.data_folder() / "demo"
    path = folder / DATABASE
    figures = None if path.exists() else _make(console, path)
    papers = _print_reports(console, folder, path)
    console.close()
    _tell(console, path, papers, figures)
    if no_window or not has_display():
        return
    code = console.shows_window(str(path), console.lang)
    raise typer.Exit(0 if code == NO_DISPLAY else code)


def _make(console: Console, path: Path) -> Figures:
    """The whole day in a new plain file, which takes its name when it is complete."""
    from aidtrack.demo import write_day
    from aidtrack.services import founding

    console.say(Text("Playing the demonstration day, this takes half a minute …"))
    begun = founding.begin(str(path), name="", password=None)
    database = console.creates(begun.address, None)
    try:
        figures = write_day(database)
    finally:
        database.close()
    founding.finish(begun, str(path))
    return figures


def _print_reports(console: Console, folder: Path, path: Path) -> list[Path]:
    """Both reports of the day as PDF in the language asked for."""
    from aidtrack.demo import DAY
    from aidtrack.reports import catalogue

    database, by = console.open_at(str(path))
    papers = []
    for name in REPORTS:
        figures = _figures(database, by, name)
        paper = folder / f"{name}-{DAY.isoformat()}-{console.lang}.pdf"
        paper.write_bytes(catalogue.make(name, catalogue.Format.PDF, figures, catalogue.Printed.by(by), console.lang))
        papers.append(paper)
    return papers


def _figures(database: Database, by: Actor, name: str) -> Any:
    from aidtrack.demo import DAY
    from aidtrack.reports import catalogue

    read = catalogue.report(name).read
    return database.read(lambda session: read(session, by, DAY))


def _tell(console: Console, path: Path, papers: list[Path], figures: Figures | None) -> None:
    if console.json:
        console.answer({"database": str(path), "reports": [str(paper) for paper in papers]})
        return
    if figures is not None:
        console.say(
            Text("The day: families {families}, people {people}, queue numbers {tickets}, hand-overs {hand_overs}, cancelled {cancelled}.",
                 families=figures.families, people=figures.people, tickets=figures.tickets, hand_overs=figures.hand_overs,
                 cancelled=figures.cancelled)
        )  # fmt: skip
    console.say(Text("Database: {path}", path=str(path)))
    for paper in papers:
        console.say(Text("Report: {path}", path=str(paper)))
    console.say(Text("Open the window: {command}", command=f'{_python()} main.py --database "{path}"'))


def _python() -> str:
    """The interpreter that runs now, as it is called from here."""
    here, running = Path.cwd(), Path(sys.executable)
    return str(running.relative_to(here)) if running.is_relative_to(here) else str(running)
