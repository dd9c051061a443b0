"""`report`: a day's paper or table into a file, the same bytes as from the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aidtrack import files, i18n
from aidtrack.cli.console import Console, console_of
from aidtrack.domain.actor import Actor
from aidtrack.errors import Text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DayOption = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The centre’s day.")]
OutOption = Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.", dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Mounts the command."""

    @app.command("report")
    def report(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help="distribution, queue, stock, exceptions, sheets, served, form or cards")],
        day: DayOption,
        out: OutOption,
        site: Annotated[
            str | None, typer.Option(metavar="CODE", help="The centre, if it is not the first one.")
        ] = None,
        lang: Annotated[str | None, typer.Option(metavar="ru|uk|en", help="The language on paper.")] = None,
        kind: Annotated[str, typer.Option("--format", metavar="pdf|xlsx|csv")] = "pdf",
        revision: Annotated[
            int | None, typer.Option(min=1, help="Which revision of a signed-off day, if not the newest.")
        ] = None,
    ) -> None:
        """Write a day's report into a file."""
        console = console_of(context)
        content = _made(console, (name, kind, lang or console.lang), (day.date(), revision), site)
        files.write_whole(out, content)
        _told(console, out, len(content))


def _made(console: Console, asked: tuple[str, str, str], when: tuple[date, int | None], site: str | None) -> bytes:
    from aidtrack.reports import catalogue

    name, kind, lang = asked
    if lang not in i18n.LANGUAGES:
        raise typer.BadParameter(f"{lang}: ru, uk, en")
    if kind not in set(catalogue.Format):
        raise typer.BadParameter(f"{kind}: pdf, xlsx, csv")
    wanted = catalogue.report(name)

    def read(session: Session) -> Any:
        return wanted.figures(session, _at(session, console.by, site), *when)

    figures = console.read(read)
    return catalogue.make(wanted.name, catalogue.Format(kind), figures, catalogue.Printed.by(console.by), lang)


def _at(session: Session, by: Actor, site: str | None) -> Actor:
    """Who acts, at the centre that was named."""
    from aidtrack.services import overview

    return replace(by, site_id=overview.site_of_code(session, site)) if site else by


def _told(console: Console, out: Path, size: int) -> None:
    if console.json:
        console.answer({"file": str(out), "bytes": size})
    else:
        console.say(Text("Written: {file}", file=str(out)))
