"""Every page of every paper of the day as PNG, made as the window makes them; those of a public language alone and of rare days too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.demo import DAY
from aidtrack.domain.actor import Actor
from aidtrack.domain.recovery import new_code, show
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed, SlipSize
from aidtrack.reports.store_papers import card_pdf, count_sheet_pdf, document_pdf
from aidtrack.services import overview, stock
from aidtrack.store.handover import DeliverySheet, HandOver
from aidtrack.store.promises import Promise, WaitEntry
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Lot
from aidtrack.ui.pages.stock.printing import ask_card, ask_document, ask_to_count
from tests.screenshots import rare
from tests.screenshots.day import Moment

SCALE = 1.5
"""108 dots an inch: enough to read every word."""
PUBLIC = ("poster", "wall", "door", "served", "waiting", "roll", "quick", "badges", "sheets")
"""What a centre of one language hangs up, gives out or has signed."""

Papers = Mapping[str, Callable[[str], bytes]]
"""What makes each paper in a language, by the name of its file."""


def paint(moments: Mapping[str, Moment], folder: Path) -> list[Path]:
    """All papers in all languages; the files made."""
    evening = rare.day(moments["evening"], folder / "day")
    found = _asked(evening, "Ольга К.", _reports) | _asked(evening, "Виктор Т.", _of_the_store) | _asked(evening, "Ирина Л.", _of_one)
    found |= _asked(moments["signed"], "Ольга К.", _signed)
    found |= {"recovery": partial(_recovery, new_code(), evening.people["Ольга К."])}
    (folder / "papers").mkdir(parents=True, exist_ok=True)
    return [page for name, make in found.items() for lang in i18n.LANGUAGES for page in _pages(folder / "papers", name, make, lang)]


def _asked(moment: Moment, name: str, ask: Callable[..., Papers]) -> dict[str, Callable[[str], bytes]]:
    """What somebody prints at that moment."""
    with closing(moment.open()) as database:
        return dict(database.read(partial(ask, moment.people[name])))


def _reports(by: Actor, session: Session) -> Papers:
    """Every report of the catalogue; what the public reads also as a centre of one language has it."""
    figures = {report.name: report.figures(session, by, DAY) for report in catalogue.REPORTS}
    make = {name: partial(catalogue.make, name, Format.PDF, found, Printed.by(by)) for name, found in figures.items()}
    return make | {f"alone-{name}": partial(_alone, make[name].func, (name, Format.PDF, figures[name], Printed.by(by))) for name in PUBLIC}


def _alone(make: Callable[..., bytes], arguments: tuple[Any, ...], lang: str) -> bytes:
    """The paper where the public reads this language only."""
    return make(*(_of_one_language(one, lang) if hasattr(one, "heading") else one for one in arguments), lang)


def _of_one_language(figures: Any, lang: str) -> Any:
    return replace(figures, heading=replace(figures.heading, languages=(lang,)))


def _signed(by: Actor, session: Session) -> Papers:
    """The three papers of the evening on a day without anything rare, once the figures stand."""
    figures = {name: catalogue.report(name).figures(session, by, DAY) for name in ("distribution", "stock", "queue")}
    return {f"signed-{name}": partial(catalogue.make, name, Format.PDF, found, Printed.by(by)) for name, found in figures.items()}


def _of_the_store(by: Actor, session: Session) -> Papers:
    """Every paper the store wrote that day, the cards of an item and of a batch, and the sheet to count on."""
    rows = [row for row in stock.document_rows(session, by) if row.day == DAY]
    found: dict[str, tuple[Callable[..., bytes], Any]] = {}
    found |= {row.code.lower(): (document_pdf, ask_document(session, by, row=row)) for row in rows}
    item, lot = session.execute(select(Lot.item_id, Lot.id).order_by(Lot.code)).first() or (None, None)
    assert item is not None
    cards = stock.stock_card(session, by, item), stock.stock_card(session, by, item, lot_id=lot)
    named = dict(zip(("stock-card", "bin-card"), cards, strict=True))
    found |= {name: (card_pdf, ask_card(session, by, card=card)) for name, card in named.items()}
    found |= {"count-sheet": (count_sheet_pdf, ask_to_count(session, by))}
    return {f"store-{name}": partial(draw, paper, Printed.by(by)) for name, (draw, paper) in found.items()}


def _of_one(by: Actor, session: Session) -> Papers:
    """What is printed for one family, one number or one copy; slips also on A6, and where one language is read."""
    single = _single(by, session)
    make: dict[str, Callable[[str], bytes]] = {}
    for name, (kind, figures) in single.items():
        if kind in catalogue.SLIPS:
            draw: Callable[..., bytes] = partial(catalogue.make_slip, size=SlipSize.ROLL)
            arguments: tuple[Any, ...] = kind, figures
            make[f"one-a6-{name}"] = partial(catalogue.make_slip, kind, figures, size=SlipSize.A6)
        else:
            draw, arguments = catalogue.make_single, (kind, figures, Printed.by(by))
        make[f"one-{name}"] = partial(draw, *arguments)
        make[f"one-alone-{name}"] = partial(_alone, draw, arguments)
    return make


def _single(by: Actor, session: Session) -> dict[str, tuple[str, Any]]:
    """By name, the kind of paper and what stands on it: of the last that were served, waited, were promised or are brought goods."""
    last = lambda column, *order: session.scalars(select(column).order_by(*order).limit(1)).one()  # noqa: E731
    hand_over = last(HandOver.id, HandOver.id.desc())
    household = session.get_one(HandOver, hand_over).household_id
    assert household is not None
    return {
        "ticket": ("ticket", overview.ticket_slip(session, by, ticket_id=last(Ticket.id, Ticket.state != "waiting", Ticket.stage))),
        "ticket-lead": ("ticket", overview.ticket_slip(session, by, ticket_id=last(Ticket.id, Ticket.stage != "shift_lead"))),
        "ticket-tomorrow": ("ticket", overview.ticket_slip(session, by, ticket_id=last(Ticket.id, Ticket.state != "tomorrow"))),
        "come-back": ("come_back", overview.come_back_slip(session, by, household_id=household)),
        "hand-over": ("hand_over", overview.hand_over_slip(session, by, hand_over_id=hand_over)),
        "wait": ("owed", overview.wait_slip(session, by, entry_id=last(WaitEntry.id, WaitEntry.at.desc()))),
        "promise": ("owed", overview.promise_slip(session, by, promise_id=last(Promise.id, Promise.id.desc()))),
        "aside": ("owed", overview.promise_slip(session, by, promise_id=last(Promise.id, Promise.owed == 0, Promise.at))),
        "card": ("card", overview.family_card(session, by, household_id=household)),
        "delivery": ("delivery", overview.delivery_paper(session, by, sheet_id=last(DeliverySheet.id, DeliverySheet.at.desc()))),
        "form": ("form", overview.filled_form(session, by, household_id=household)),
    }


def _recovery(code: str, by: Actor, lang: str) -> bytes:
    return catalogue.make_recovery(show(code), "Пункт выдачи на Гоголя · Курск", DAY, Printed.by(by), "Europe/Moscow", lang)


def _pages(folder: Path, name: str, make: Callable[[str], bytes], lang: str) -> Iterator[Path]:
    pdf = folder / f"{name}-{lang}.pdf"
    pdf.write_bytes(make(lang))
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            path = pdf.with_name(f"{pdf.stem}-{number}.png")
            page.render(scale=SCALE).to_pil().save(path)
            yield path
