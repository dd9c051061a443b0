"""Printing the poster of a programme: in the first public language of the centre, on A3, after the printer's question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.services import overview
from aidtrack.services.overview import Poster
from aidtrack.services.today import current_day
from aidtrack.ui import jobs, messages

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


def ask_poster(session: Session, by: Actor, *, campaign_id: UUID) -> Poster:
    """What the poster of this programme says today."""
    return overview.poster(session, by, current_day(session, by), campaign_id)


def print_poster(owner: QWidget, campaign_id: UUID) -> None:
    """Makes it in the other process and sends it to the printer."""
    jobs.read(partial(ask_poster, campaign_id=campaign_id), owner=owner, then=partial(_draw, owner))


def _draw(owner: QWidget, poster: Poster) -> None:
    from aidtrack.reports import catalogue

    lang = poster.heading.languages[0] if poster.heading.languages else i18n.language()
    printed = catalogue.Printed.by(jobs.actor())
    make = partial(jobs.paper, catalogue.make, "poster", catalogue.Format.PDF, poster, printed, lang)
    make(owner=owner, then=partial(_send, owner))


def _send(owner: QWidget, pdf: bytes) -> None:
    from aidtrack.ui.printing import print_with_dialog

    print_with_dialog(owner, pdf, i18n.tr("Poster"), _told)


def _told(went: bool) -> None:
    if went:
        messages.done(Text("Printed: {what}", what=Text("Poster")), icon="printer")
