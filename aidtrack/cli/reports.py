"""`report`: a day's paper or table into a file, the same bytes as from the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aidtrack import files, i18n
from aidtrack.cli.console import Console, console_of
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.errors import Text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NAMES = "The name or the code of a report, like queue or R9; asked for an unknown one, it tells which there are."
_DAY: dict[str, Any] = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
DayOption = Annotated[datetime | None, typer.Option(help="The centre’s day.", **_DAY)]
FromOption = Annotated[datetime | None, typer.Option("--from", help="The first of several days.", **_DAY)]
ToOption = Annotated[datetime | None, typer.Option("--to", help="The last of several days.", **_DAY)]
OutOption = Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.", dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Mounts the command."""

    @app.command("report")
    def report(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help=_NAMES)],
        out: OutOption,
        day: DayOption = None,
        since: FromOption = None,
        until: ToOption = None,
        site: Annotated[
            str | None, typer.Option(metavar="CODE", help="The centre, if it is not the first one.")
        ] = None,
        lang: Annotated[str | None, typer.Option(metavar="ru|uk|en", help="The language on paper.")] = None,
        kind: Annotated[str, typer.Option("--format", metavar="pdf|xlsx|csv")] = "pdf",
        revision: Annotated[
            int | None, typer.Option(min=1, help="Which revision of a signed-off day, if not the newest.")
        ] = None,
    ) -> None:
        """Write a report of a day, or of the days from one to another, into a file."""
        console = console_of(context)
        content = _made(console, (name, kind, lang or console.lang), (_days(day, since, until), revision), site)
        files.write_whole(out, content)
        _told(console, out, len(content))


def _days(day: datetime | None, since: datetime | None, until: datetime | None) -> Period:
    """One day, or the days from the first to the last; one of the two ways must be given, not both."""
    if day is not None and since is None and until is None:
        return Period.of(day.date())
    if day is not None or since is None or until is None:
        raise typer.BadParameter("--day YYYY-MM-DD | --from YYYY-MM-DD --to YYYY-MM-DD")
    return Period(since.date(), until.date())


def _made(console: Console, asked: tuple[str, str, str], when: tuple[Period, int | None], site: str | None) -> bytes:
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
