"""`people find`, `import people`, `import undo`, `export people`: the desk's use cases from a terminal.

Names go out only to who may export them; what a terminal shows has no control characters, whatever somebody is called.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aidtrack import files
from aidtrack.cli.console import Console, console_of
from aidtrack.cli.passwords import two_secrets
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.domain.disclosures import DisclosureDraft
    from aidtrack.services.disclosures import Disclosed
    from aidtrack.services.people import FoundRow
    from aidtrack.services.spreadsheets import ImportPlan, RowFate

Json = Annotated[bool, typer.Option("--json", help="Answer for a machine.")]

import_app = typer.Typer(help="Take lists in.", no_args_is_help=True)
export_app = typer.Typer(help="Give lists out.", no_args_is_help=True)
people_app = typer.Typer(help="Families and people.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Mounts the three groups, and what stands in a file of its own."""
    from aidtrack.cli import identity, packs

    identity.add_to(people_app)
    packs.add_to(import_app, export_app)
    app.add_typer(import_app, name="import")
    app.add_typer(export_app, name="export")
    app.add_typer(people_app, name="people")


def console_for(context: typer.Context, as_json: bool) -> Console:
    console = console_of(context)
    if as_json:
        console.asked = replace(console.asked, json=True)
    return console


# ── find ─────────────────────────────────────────────────────────────────────────────────────────


@people_app.command("find")
def find_people(
    context: typer.Context,
    text: Annotated[
        str, typer.Argument(help="Any part of a name, in any order and script; the end of a card; a phone.")
    ],
    limit: Annotated[int, typer.Option("--limit", min=1, max=60, help="At most so many.")] = 10,
    as_json: Json = False,
) -> None:
    """Find people, the best first."""
    from aidtrack.services.people import find

    console = console_for(context, as_json)
    rows = console.read(lambda session: find(session, console.by, text, limit=limit, families=False))
    if console.json:
        console.answer([_found(row) for row in rows])
    elif rows:
        headers = (Text("Name"), Text("Born"), Text("Where from"), Text("Card"), Text("Likeness"))
        console.table(headers, [_shown(row, console.lang) for row in rows])
    else:
        console.say(Text("Nobody was found."))


def _found(row: FoundRow) -> dict[str, object]:
    return {
        "external_id": row.external_id, "person": str(row.person_id), "household": str(row.household_id), "name": row.name,
        "year": row.year, "score": row.score,
    }  # fmt: skip


def _shown(row: FoundRow, lang: str) -> tuple[str, ...]:
    from aidtrack.i18n import pick

    place = pick(row.settlement, lang) or row.origin_text
    cells = (row.name, str(row.year or ""), place, f"·{row.card_tail}" if row.card_tail else "", f"{row.score:.2f}")
    return tuple(printable(cell) for cell in cells)


def printable(text: str) -> str:
    """Without the signs that steer a terminal."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)


# ── import ───────────────────────────────────────────────────────────────────────────────────────


@import_app.command("people")
def import_people(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX, XLS or ODS file.")],
    chosen: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="This field is in that column.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    result: Annotated[Path | None, typer.Option("--result", help="Where every row’s fate is written.")] = None,
    as_json: Json = False,
) -> None:
    """Take a list of people in; interrupted or repeated, it brings nobody twice."""
    from aidtrack.services import spreadsheets

    console = console_for(context, as_json)
    mapping = _mapping(chosen or [])
    table = spreadsheets.read_table(file)
    plan = console.read(lambda session: spreadsheets.plan_import(session, console.by, table, mapping))
    _tell_plan(console, plan)
    if dry_run or not plan.is_anything or not _agreed(console, plan, yes):
        kept = result if result else None
        fates = plan.fates()
    else:
        kept = result or file.with_name(f"{file.stem}-result{'.xlsx' if file.suffix.lower() == '.xlsx' else '.csv'}")
        fates = _take_in(console, plan)
    if kept:
        spreadsheets.write_result(kept, plan, fates, console.lang)
    _tell_fates(console, plan, fates, kept, dry_run)


def _mapping(chosen: Sequence[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in chosen]
    wrong = next((field for field, sign, column in pairs if not sign or not column.strip()), None)
    if wrong is not None:
        raise InvalidInput([Problem("map", Text("Write --map FIELD=COLUMN, not “{given}”.", given=wrong))])
    return {field.strip(): column for field, _, column in pairs}


def _tell_plan(console: Console, plan: ImportPlan) -> None:
    if plan.header.unknown:
        console.say(Text("Columns nobody asked for: {names}.", names=printable(", ".join(plan.header.unknown))))
    console.say(Text("New: families {families}, people {people}.", families=len(plan.new_families), people=plan.people))
    if plan.changed_families:
        console.say(Text("Changed as the list says: families {changed}.", changed=len(plan.changed_families)))
    console.say(
        Text(
            "Here already: families {known}. Rows not taken in: {refused}.",
            known=plan.known_families,
            refused=len(plan.refused),
        )
    )


def _agreed(console: Console, plan: ImportPlan, yes: bool) -> bool:
    question = Text("Take in {people} people?", people=plan.people)
    if plan.changed_families:
        families = len(plan.changed_families)
        question = Text(
            "Take in {people} people and change {families} families?", people=plan.people, families=families
        )
    return yes or typer.confirm(console.words(question), err=True)


def _take_in(console: Console, plan: ImportPlan) -> tuple[RowFate, ...]:
    """In chunks, so that others may write between them; Ctrl+C ends it, what is in stays in, and the next run goes on."""
    from aidtrack.services import spreadsheets
    from aidtrack.services.spreadsheets import Fate

    start_it = partial(spreadsheets.start_import, by=console.by, request_id=new_id(), table=plan.table)
    batch = console.write(start_it)
    fates: list[RowFate] = [*plan.refused]
    families = plan.families
    try:
        with progress_bar(len(families)) as advance:
            for start in range(0, len(families), spreadsheets.CHUNK):
                chunk = families[start : start + spreadsheets.CHUNK]
                take_in = partial(spreadsheets.import_chunk, by=console.by, batch_id=batch, families=chunk)
                fates += console.write(take_in)
                advance(len(chunk))
    except KeyboardInterrupt:
        console.say(Text("Stopped. Start it again to go on: nobody comes twice."))
    told = {fate.row for fate in fates}
    fates += [replace(fate, fate=Fate.NOT_REACHED) for fate in plan.fates() if fate.row not in told]
    return tuple(sorted(fates, key=lambda fate: fate.row))


def _tell_fates(console: Console, plan: ImportPlan, fates: Sequence[RowFate], kept: Path | None, dry_run: bool) -> None:
    if console.json:
        console.answer(_fates_as_json(console, plan, fates, kept, dry_run))
        return
    if dry_run:
        rows = [(fate.row, fate.fate.text, _remarks(console, fate)) for fate in fates]
        console.table((Text("Row"), Text("What happens"), Text("Remark")), rows)
    else:
        for fate in (fate for fate in fates if fate.remarks):
            console.say(
                Text("Row {row}: {fate}. {remark}", row=fate.row, fate=fate.fate.text, remark=_remarks(console, fate))
            )
    if kept:
        console.say(Text("What became of every row: {path}", path=str(kept)))


def _remarks(console: Console, fate: RowFate) -> str:
    return printable(" ".join(console.words(remark) for remark in fate.remarks))


def _fates_as_json(
    console: Console, plan: ImportPlan, fates: Sequence[RowFate], kept: Path | None, dry_run: bool
) -> dict[str, object]:
    counts = {
        kind: sum(fate.fate == kind for fate in fates)
        for kind in ("new", "changed", "already_here", "refused", "not_reached")
    }
    return {
        "dry_run": dry_run, "families": len(plan.new_families), "people": plan.people, "rows": counts,
        "remarks": sum(bool(fate.remarks) for fate in fates), "result": str(kept) if kept else None,
        "fates": [
            {"row": fate.row, "fate": fate.fate.value, "remarks": [console.words(text) for text in fate.remarks]}
            for fate in fates
        ],
    }  # fmt: skip


@import_app.command("undo")
def undo_import(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="Which list: its number; the last one if nothing is given.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Take back a list that was taken in; families changed or served since then stay."""
    from aidtrack.services import spreadsheets

    console = console_for(context, as_json)
    batches = console.read(lambda session: spreadsheets.import_batches(session, console.by))
    row = next((b for b in batches if str(b.id) == batch or not batch), None)
    if row is None:
        raise NotFound("no-batch", Text("There is no list to take back."))
    question = Text("Take back the list {name}, families: {n}?", n=row.can_undo, name=printable(row.name))
    if not (yes or typer.confirm(console.words(question), err=True)):
        return
    done, left, kept = 0, row.can_undo, 0
    with progress_bar(row.can_undo) as advance:
        while left:
            step = console.write(lambda session: spreadsheets.undo_chunk(session, console.by, batch_id=row.id))
            done, left, kept = done + step.done, step.left, step.kept
            advance(step.done)
    kept = kept or row.families - row.can_undo
    if console.json:
        console.answer({"batch": str(row.id), "families_taken_back": done, "families_kept": kept})
    console.say(Text("Taken back: families {done}. Kept: {kept}.", done=done, kept=kept))


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal's error stream, when it is one."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console as Terminal
    from rich.progress import Progress

    with Progress(console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)


# ── export ───────────────────────────────────────────────────────────────────────────────────────


_SECRETS = "A file: the second person’s password or PIN, below it the password of the list; else both are asked for."


@export_app.command("people")
def export_people(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    kind: Annotated[str, typer.Option("--format", help="csv or xlsx; a locked list is always xlsx")] = "",
    asked_by: Annotated[str, typer.Option("--asked-by", help="Who asks: organisation, name, office.")] = "",
    paper: Annotated[str, typer.Option("--paper", help="On what paper: its number and date.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="For what, in one sentence.")] = "",
    fields: Annotated[str, typer.Option("--fields", help="Which fields, with commas between; all if not said.")] = "",
    second: Annotated[str, typer.Option("--second", help="The second person who signs for it: name or badge.")] = "",
    secrets: Annotated[Path | None, typer.Option("--secrets", help=_SECRETS)] = None,
    as_json: Json = False,
) -> None:
    """Write everybody into a table; every copy stands in the register of disclosures.

    From an encrypted file or a server: by two people, with who asks, on what paper and for what, locked by a password.
    """
    from aidtrack.domain.disclosures import FIELDS, DisclosureDraft
    from aidtrack.services import disclosures

    console = console_for(context, as_json)
    chosen = tuple(field.strip() for field in fields.split(",")) if fields else FIELDS
    draft = DisclosureDraft(asked_by.strip(), paper.strip(), purpose.strip(), chosen)
    by_two = console.read(lambda session: disclosures.two_are_needed(session, console.by))
    kind = kind or ("xlsx" if by_two else "csv")
    if kind not in (("xlsx",) if by_two else ("csv", "xlsx")):
        locked = Text("Names from this database go out locked: the format is xlsx.")
        raise InvalidInput([Problem("format", locked if by_two else Text("The format is csv or xlsx."))])
    copy = _locked(console, out, draft, second, secrets) if by_two else _open(console, out, draft, kind)
    _tell_given(console, out, copy)


def _open(console: Console, out: Path, draft: DisclosureDraft, kind: str) -> Disclosed:
    """From a plain file at the console: whoever reads that file can read it all."""
    from aidtrack.services import disclosures, spreadsheets

    copy = console.write(partial(disclosures.disclose, by=console.by, request_id=new_id(), draft=draft))
    spreadsheets.write_people(out, kind, copy.sheet)
    return copy


def _locked(console: Console, out: Path, draft: DisclosureDraft, second: str, secrets: Path | None) -> Disclosed:
    """By two people; nothing is written before both have proved who they are."""
    from aidtrack.domain import disclosures as rules
    from aidtrack.reports import disclosures as papers
    from aidtrack.services import disclosures

    wrong = rules.problems(draft)
    if not second:
        wrong.append(Problem("second", Text("Names go out by two people only: add --second NAME.")))
    if wrong:
        raise InvalidInput(wrong)
    secret, password = two_secrets(console.asked, secrets, second)
    weak = rules.password_problems(password)
    if weak:
        raise InvalidInput(weak)
    beside = _signed(console, second, secret)
    give = partial(disclosures.disclose, by=console.by, request_id=new_id(), draft=draft, second=beside)
    copy = console.write(give)
    files.write_whole(out, papers.locked_workbook(copy, password, console.lang))
    return copy


def _signed(console: Console, who: str, secret: str) -> Actor:
    """The second person; a wrong password is counted before it is told."""
    from aidtrack.services import badges, disclosures

    try:
        return console.read(lambda session: disclosures.who_signs(session, console.by, who=who, secret=secret))
    except Refused as refusal:
        if refusal.code in ("wrong-password", "wrong-pin"):
            console.write(lambda session: badges.count_wrong(session, console.by, who=who))
        raise


def _tell_given(console: Console, out: Path, copy: Disclosed) -> None:
    people, families = len(copy.sheet.rows), copy.sheet.families
    if console.json:
        console.answer({"people": people, "families": families, "file": str(out), "disclosure": copy.code})
    console.say(
        Text(
            "Written: {people} people, {families} families: {path}; number {code} in the register.",
            people=people,
            families=families,
            path=str(out),
            code=copy.code,
        )
    )
