"""Every page of every paper of the day as PNG: the reports by the same command a person would use, the others as the window makes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.cli.main import run
from aidtrack.demo import DAY
from aidtrack.domain.actor import Actor
from aidtrack.reports import catalogue
from aidtrack.reports.store_papers import card_pdf, count_sheet_pdf, document_pdf
from aidtrack.services import overview, stock
from aidtrack.store.handover import DeliverySheet, HandOver
from aidtrack.store.promises import Promise, WaitEntry
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Lot
from aidtrack.ui.pages.stock.printing import ask_card, ask_document, ask_to_count
from tests.screenshots.day import Moment

SCALE = 1.5
"""108 dots an inch: enough to read every word."""


def paint(moment: Moment, folder: Path) -> list[Path]:
    """All reports in all languages; the files made."""
    made = []
    for name in (report.name for report in catalogue.REPORTS):
        for lang in i18n.LANGUAGES:
            pdf = folder / "papers" / f"{name}-{lang}.pdf"
            pdf.parent.mkdir(parents=True, exist_ok=True)
            words = ["--database", str(moment.path), "report", name, "--day", DAY.isoformat(), "--lang", lang, "--out", str(pdf)]
            assert run(words, shows_window=lambda _address, _lang: 0) == 0
            made += _pages(pdf)
    return [*made, *_of_the_store(moment, folder), *_of_one(moment, folder)]


def _of_the_store(moment: Moment, folder: Path) -> list[Path]:
    """Every paper the store wrote that day, the cards of an item and of a batch, and the sheet to count on, in all languages."""
    database, by = moment.open(), moment.people["Виктор Т."]
    papers = database.read(partial(_store_papers, by))
    database.close()
    made = []
    for name, (draw, paper) in papers.items():
        for lang in i18n.LANGUAGES:
            pdf = folder / "papers" / f"store-{name}-{lang}.pdf"
            pdf.write_bytes(draw(paper, catalogue.Printed.by(by), lang))
            made += _pages(pdf)
    return made


def _store_papers(by: Actor, session: Session) -> dict[str, tuple[Callable[..., bytes], Any]]:
    rows = [row for row in stock.document_rows(session, by) if row.day == DAY]
    found = {row.code.lower(): (document_pdf, ask_document(session, by, row=row)) for row in rows}
    item, lot = session.execute(select(Lot.item_id, Lot.id).order_by(Lot.code)).first() or (None, None)
    assert item is not None
    cards = stock.stock_card(session, by, item), stock.stock_card(session, by, item, lot_id=lot)
    named = dict(zip(("stock-card", "bin-card"), cards, strict=True))
    found |= {name: (card_pdf, ask_card(session, by, card=card)) for name, card in named.items()}
    return found | {"count-sheet": (count_sheet_pdf, ask_to_count(session, by))}


def _of_one(moment: Moment, folder: Path) -> list[Path]:
    """What is printed for one family, one number or one copy, in all languages."""
    database, by = moment.open(), moment.people["Ирина Л."]
    made = []
    for name, (kind, figures) in database.read(partial(_single, by)).items():
        for lang in i18n.LANGUAGES:
            pdf = folder / "papers" / f"one-{name}-{lang}.pdf"
            pdf.write_bytes(catalogue.make_single(kind, figures, catalogue.Printed.by(by), lang))
            made += _pages(pdf)
    database.close()
    return made


def _single(by: Actor, session: Session) -> dict[str, tuple[str, Any]]:
    """By name, the kind of paper and what stands on it: of the last that were served, waited, were promised or are brought goods."""
    last = lambda column, *order: session.scalars(select(column).order_by(*order).limit(1)).one()  # noqa: E731
    hand_over = last(HandOver.id, HandOver.at.desc())
    household = session.get_one(HandOver, hand_over).household_id
    assert household is not None
    return {
        "ticket": ("ticket", overview.ticket_slip(session, by, ticket_id=last(Ticket.id, Ticket.issued_at.desc()))),
        "come-back": ("come_back", overview.come_back_slip(session, by, household_id=household)),
        "hand-over": ("hand_over", overview.hand_over_slip(session, by, hand_over_id=hand_over)),
        "wait": ("owed", overview.wait_slip(session, by, entry_id=last(WaitEntry.id, WaitEntry.at.desc()))),
        "promise": ("owed", overview.promise_slip(session, by, promise_id=last(Promise.id, Promise.at.desc()))),
        "card": ("card", overview.family_card(session, by, household_id=household)),
        "delivery": ("delivery", overview.delivery_paper(session, by, sheet_id=last(DeliverySheet.id, DeliverySheet.at.desc()))),
        "form": ("form", overview.filled_form(session, by, household_id=household)),
    }


def _pages(pdf: Path) -> list[Path]:
    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            path = pdf.with_name(f"{pdf.stem}-{number}.png")
            page.render(scale=SCALE).to_pil().save(path)
            made.append(path)
    return made
