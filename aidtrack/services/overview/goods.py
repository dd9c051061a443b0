"""R8: the papers on which goods came in, were lost or were passed on, and the book of the shelves for those days (truth T6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.stock import Destination, DocumentKind, LossCause, MovementKind, PlaceKind
from aidtrack.errors import Names, Text
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.period_figures import GoodsReport, LossLine, PassedLine, ReceiptLine
from aidtrack.services.overview.stock import item_flows
from aidtrack.store.stock import Document, Item, Lot, Movement, StockPlace


def count_goods(session: Session, by: Actor, period: Period) -> GoodsReport:
    """Receipts, losses and what was passed on in the days of the period; NotFound where the centre was never open."""
    frame = frame_of(session, by, period)
    return GoodsReport(
        heading=frame.heading,
        open_days=frame.open_days,
        items=item_flows(session, frame),
        receipts=tuple(sorted([*_receipts(session, frame), *_given_back(session, frame)], key=lambda line: line.day)),
        losses=tuple(_losses(session, frame)),
        passed_on=tuple(_passed_on(session, frame)),
        on_the_way=tuple(_on_the_way(session, frame)),
    )


def _receipts(session: Session, frame: Frame) -> Iterable[ReceiptLine]:
    """The lines as they stand on the acts, act by act."""
    names = {item.hex: names for item, names in session.execute(select(Item.id, Item.names))}
    query = select(Document).where(*_of_kind(frame, DocumentKind.RECEIPT)).order_by(Document.at, Document.number)
    for document in session.scalars(query):
        for line in document.facts.get("lines", ()):
            yield _receipt_line(document, line, names)


def _receipt_line(document: Document, line: Mapping[str, Any], names: Mapping[str, Names]) -> ReceiptLine:
    return ReceiptLine(
        document.code, document.day, document.other_party, document.paper_number, document.facts.get("donor", ""),
        names.get(line["item"], {}), line["on_waybill"], line["received"], line["damaged"], line["short"],
    )  # fmt: skip


def _given_back(session: Session, frame: Frame) -> Iterable[ReceiptLine]:
    """Acts that took a receipt back."""
    query = _moved(frame, DocumentKind.RECEIPT, MovementKind.RECEIVE).where(Movement.reverses_id.is_not(None))
    for document, names, _, quantity in session.execute(query):
        number = document.facts.get("reverses", "")
        yield ReceiptLine(document.code, document.day, "", number, "", names, None, quantity, 0, 0)


def _losses(session: Session, frame: Frame) -> Iterable[LossLine]:
    query = _moved(frame, DocumentKind.WRITE_OFF, MovementKind.WRITE_OFF)
    for document, names, lot, quantity in session.execute(query):
        cause = LossCause(document.cause).text if document.cause else Text("taken back")
        yield LossLine(document.code, document.day, names, lot, quantity, cause, document.note, _approved(document))


def _approved(document: Document) -> Text | None:
    """As what a second person said yes to a great write-off; no name."""
    role = document.facts.get("approved_as")
    return Role(role).text if role else None


def _passed_on(session: Session, frame: Frame) -> Iterable[PassedLine]:
    query = _moved(frame, DocumentKind.WAYBILL, MovementKind.TRANSFER)
    for document, names, _, quantity in session.execute(query):
        to = document.other_party or document.facts.get("reverses", "")
        where = Text("free table") if document.facts.get("to") == Destination.FREE_TABLE.value else None
        yield PassedLine(document.code, document.day, to, names, quantity, int(document.facts.get("people") or 0), where)


def _on_the_way(session: Session, frame: Frame) -> Iterable[LossLine]:
    """What this centre sent that its waybill did not bring, on the day it became known, whoever wrote the paper: the signed copy that
    came back, or the receipt of the other centre. What others sent to us is short on our receipt."""
    lost = select(Movement.id).join(StockPlace, StockPlace.id.in_((Movement.from_id, Movement.to_id)))
    lost = lost.where(StockPlace.site_id == frame.site_id, StockPlace.kind == PlaceKind.TRANSIT.value)
    query = (
        _lines(MovementKind.WRITE_OFF)
        .where(Movement.id.in_(lost), Movement.day.between(frame.first, frame.day))
        .order_by(Movement.at, Item.code, Lot.code)
    )
    for document, names, lot, quantity in session.execute(query):
        yield LossLine(document.code, document.day, names, lot, quantity, Text("lost on the way"), document.note)


def _moved(frame: Frame, paper: DocumentKind, kind: MovementKind) -> Select[Any]:
    """The movements of one kind of paper in those days, as `_lines` gives them."""
    return _lines(kind).where(*_of_kind(frame, paper)).order_by(Document.at, Document.number, Item.code, Lot.code)


def _lines(kind: MovementKind) -> Select[Any]:
    """(paper, names of the item, lot, quantity) of every movement; what took another one back is below zero."""
    signed = case((Movement.reverses_id.is_not(None), -Movement.quantity), else_=Movement.quantity)
    return (
        select(Document, Item.names, Lot.code, signed)
        .join(Movement, Movement.document_id == Document.id)
        .join(Item, Item.id == Movement.item_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Movement.kind == kind.value)
    )


def _of_kind(frame: Frame, kind: DocumentKind) -> tuple[Any, ...]:
    in_days = Document.day.between(frame.first, frame.day)
    return Document.site_id == frame.site_id, Document.kind == kind.value, in_days
