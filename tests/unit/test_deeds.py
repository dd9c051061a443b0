"""Every kind of operation has words, so that the journal can be read by people."""

from __future__ import annotations

import re
from pathlib import Path

from aidtrack.domain.deeds import DEEDS
from aidtrack.domain.queueing import TicketEventKind

SERVICES = Path(__file__).resolve().parents[2] / "aidtrack" / "services"


def kinds_in_use() -> set[str]:
    """The codes use cases open their operations with; those of a number's events are made from the event."""
    opening = re.compile(r'journal\.operation\(\s*session,\s*by,\s*request_id,\s*"([a-z_]+)"')
    event = re.compile(r"_event\(session, by, request_id, ticket_id, TicketEventKind\.([A-Z]+)")
    texts = [path.read_text(encoding="utf-8") for path in SERVICES.rglob("*.py")]
    plain = {kind for text in texts for kind in opening.findall(text)}
    return plain | {f"ticket_{TicketEventKind[name]}" for text in texts for name in event.findall(text)} | {"not_here"}


def test_every_kind_of_operation_has_words() -> None:
    assert kinds_in_use() == DEEDS.keys()


def test_the_kinds_are_found() -> None:
    assert {"register_household", "hand_over", "ticket_left", "call_next"} <= kinds_in_use()
