"""The id work is sent under: one for the same content until its end is known."""

from __future__ import annotations

from aidtrack.errors import Conflict, StoreTrouble, Text
from aidtrack.ui.request import Request


def test_a_lost_answer_keeps_the_id_and_other_content_gets_another() -> None:
    request = Request()
    first = request.id_of(("rice", 2))
    request.ended(StoreTrouble("busy", Text("The database is busy.")))
    assert request.is_open
    assert request.id_of(("rice", 2)) == first
    assert request.id_of(("rice", 3)) != first


def test_an_answer_ends_the_id() -> None:
    request = Request()
    first = request.id_of("rice")
    request.ended()
    assert not request.is_open
    second = request.id_of("rice")
    assert second != first
    request.ended(Conflict("changed", Text("It was changed meanwhile.")))
    assert request.id_of("rice") not in (first, second)
