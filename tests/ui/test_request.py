"""The id work is sent under: one for the same content until its end is known."""

from __future__ import annotations

from aidtrack.errors import Conflict, StoreTrouble, Text
from aidtrack.ui.request import Request, Requests


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


def test_two_presses_are_two_wishes_and_a_lost_one_is_asked_for_again() -> None:
    moment = [0.0]
    requests = Requests(lambda: moment[0])
    first, second = requests.id_of("A"), requests.id_of("A")
    assert first != second
    requests.ended("A", first)
    requests.ended("A", second, StoreTrouble("busy", Text("The database is busy."), retry=True))
    assert requests.id_of("K") != second
    assert requests.id_of("A") == second
    requests.ended("A", second, StoreTrouble("busy", Text("The database is busy."), retry=True))
    moment[0] = 120.0
    assert requests.id_of("A") != second
