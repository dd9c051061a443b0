"""The daily tasks of the Desk key by key, as field.md §3 counts them: each press outside of typed facts is counted and may only fall."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import TicketState
from aidtrack.services import settlements
from aidtrack.services.people import household_by_code
from aidtrack.store.handover import HandOver
from aidtrack.store.people import Card, Household, HouseholdMember, Person, Settlement
from aidtrack.store.queueing import Ticket
from aidtrack.ui.inputs import SuggestInput
from tests.ui.test_desk import Visit, give_blanket, said, state, ticket_for, visit

__all__ = ["visit"]


class Hands:
    """Counts what a person does: keys pressed, letters typed, cards scanned."""

    def __init__(self, at: Visit) -> None:
        self.at = at
        self.keys = self.typed = self.scans = 0

    def key(self, key: Qt.Key) -> None:
        self.keys += 1
        self.at.key(key)

    def digit(self, digit: str) -> None:
        """A digit that chooses; it waits until a scan is ruled out."""
        self.keys += 1
        self.at.write(digit)
        self.at.settle()

    def write(self, text: str) -> None:
        self.typed += len(text)
        self.at.write(text)
        self.at.settle()

    def scan(self) -> None:
        self.scans += 1
        self.at.scan(self.at.family)


@pytest.fixture
def hands(visit: Visit) -> Hands:
    return Hands(visit)


def test_task_1_serving_a_known_family_is_one_scan_and_one_key(hands: Hands) -> None:
    hands.scan()
    hands.key(Qt.Key.Key_F9)
    assert (hands.scans, hands.keys, hands.typed) == (1, 1, 0)
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01"
    assert hands.at.ask(lambda s: s.scalar(select(func.count()).select_from(HandOver))) == 1


def test_task_1_with_the_number_called_before(hands: Hands) -> None:
    give_blanket(hands.at, hands.at.family.household_id)
    ticket = ticket_for(hands.at, hands.at.family.household_id)
    hands.key(Qt.Key.Key_F5)
    hands.scan()
    hands.key(Qt.Key.Key_F9)
    assert (hands.scans, hands.keys) == (1, 2)
    assert state(hands.at, ticket) is TicketState.SERVED


def test_task_1_without_a_card_is_three_keys_and_a_name(hands: Hands) -> None:
    hands.key(Qt.Key.Key_F2)
    hands.write("ткач мар")
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_F9)
    assert (hands.keys, hands.typed) == (3, 8)
    assert said() == "Given: food kit 4, soap 4 · signed on 1-01/01"


def test_task_1_less_of_one_item_is_two_more_keys(hands: Hands) -> None:
    hands.scan()
    hands.key(Qt.Key.Key_Down)
    hands.digit("3")
    hands.key(Qt.Key.Key_F9)
    assert (hands.scans, hands.keys) == (1, 3)
    assert said() == "Given: food kit 3, soap 4 · signed on 1-01/01"


def test_task_2_registering_four_people_is_eight_keys_and_the_facts(hands: Hands, window_kit: QtBot) -> None:
    at = hands.at
    at.database.write(lambda s: settlements.load_settlements(s, at.by.coordinator, request_id=new_id()))
    hands.key(Qt.Key.Key_F3)
    hands.write("Олійник Мария")
    hands.key(Qt.Key.Key_Return)
    hands.write("35")
    hands.key(Qt.Key.Key_Return)
    hands.write("суд")
    places = QApplication.focusWidget()
    assert isinstance(places, SuggestInput)
    hands.key(Qt.Key.Key_Return)
    hands.digit("2")
    hands.write("м36 ж8 м3")
    hands.key(Qt.Key.Key_Return)
    hands.digit("1")
    window_kit.waitUntil(lambda: at.page.register.told.value())
    hands.key(Qt.Key.Key_F9)
    assert hands.keys <= 8 + 1
    assert hands.typed == len("Олійник Мария" + "35" + "суд" + "м36 ж8 м3")
    newest = at.ask(
        lambda s: s.scalars(select(Household).order_by(Household.registered_at.desc(), Household.id.desc())).first()
    )
    assert newest is not None
    members = select(func.count()).select_from(HouseholdMember).where(HouseholdMember.household_id == newest.id)
    assert at.ask(lambda s: s.scalar(members)) == 4
    assert at.ask(lambda s: s.get_one(Person, newest.head_id).family_name) == "Олійник"
    assert at.ask(lambda s: s.get_one(Settlement, newest.settlement_id).names["ru"]) == "Суджа"
    assert newest.lodging == "relatives"
    card = at.ask(lambda s: s.scalars(select(Card.number).where(Card.household_id == newest.id)).one())
    assert at.ask(lambda s: household_by_code(s, at.by.registrar, card)) == newest.id
    assert at.words("family_name") == "Олійник Мария", "the new family stands open, ready to be served"


def test_task_2_what_was_typed_in_find_goes_along(hands: Hands) -> None:
    hands.key(Qt.Key.Key_F2)
    hands.write("новая семья")
    hands.key(Qt.Key.Key_F3)
    assert hands.at.page.register.fields.full_name.input.value() == "Новая Семья"


def test_task_3_calling_is_one_key_and_nobody_there_another(hands: Hands) -> None:
    ticket = ticket_for(hands.at, None)
    hands.key(Qt.Key.Key_F5)
    assert state(hands.at, ticket) is TicketState.CALLED
    hands.key(Qt.Key.Key_F6)
    assert state(hands.at, ticket) is TicketState.WAITING
    assert hands.keys == 2
    assert hands.at.ask(lambda s: s.scalar(select(Ticket.calls))) == 1
