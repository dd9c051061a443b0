"""`import pack` and `export programme`: rules and goods as a file, from a terminal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidtrack import files
from aidtrack.cli.console import Console, console_of
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, NotFound, Text

if TYPE_CHECKING:
    from aidtrack.services.campaigns import CampaignRow, PackPlan


def add_to(imports: typer.Typer, exports: typer.Typer) -> None:
    """Mounts both beside the lists of people."""
    imports.command("pack")(import_pack)
    exports.command("programme")(export_programme)


def import_pack(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A pack: rules of a programme, goods of a catalogue, or both.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
) -> None:
    """Take in the rules of a programme and its goods from a file; the programme comes stopped."""
    from aidtrack.services import campaigns

    console = console_of(context)
    text = campaigns.pack_text(file)
    plan = console.read(lambda session: campaigns.plan_pack(session, console.by, text=text))
    if plan.problems:
        raise InvalidInput(list(plan.problems))
    _tell_plan(console, plan)
    if dry_run:
        return
    receipt = console.write(partial(campaigns.import_pack, by=console.by, request_id=new_id(), text=text))
    if console.json:
        console.answer({"programme": receipt.campaign_id, "items": receipt.items})
    elif receipt.campaign_id is not None:
        console.say(Text("The programme is here, stopped. Read its rules, then let it run."))
    else:
        console.say(Text.plural("{n} new item is here", "{n} new items are here", n=receipt.items))


def _tell_plan(console: Console, plan: PackPlan) -> None:
    for sentence in plan.sentences:
        console.say(sentence)
    for names in plan.new_items:
        console.say(Text("new item: {item}", item=names))


def export_programme(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The programme: its name, in any language.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
) -> None:
    """Write a programme into a file: its rules in force and the goods they name, for another centre."""
    from aidtrack.services import campaigns

    console = console_of(context)
    row = _programme(console.read(lambda session: campaigns.campaign_rows(session, console.by)), name)
    text = console.read(lambda session: campaigns.export_programme(session, console.by, campaign_id=row.id))
    files.write_whole(out, text.encode())
    if console.json:
        console.answer({"programme": row.id, "file": str(out)})
    console.say(Text("Written: {path}", path=str(out)))


def _programme(rows: tuple[CampaignRow, ...], name: str) -> CampaignRow:
    wanted = name.strip().casefold()
    found = next((row for row in rows if wanted in {one.casefold() for one in row.names.values()}), None)
    if found is None:
        raise NotFound("no-campaign", Text("There is no programme named {name}.", name=name))
    return found
