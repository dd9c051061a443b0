"""Families at the desk, on both databases: registered once, seen whole, changed without losing anybody, cards lost and replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from aidtrack.domain.birth import Birth, Precision, of_age, read_birth
from aidtrack.domain.ids import card_number_ok, new_id
from aidtrack.domain.people import (
    DocumentDraft,
    DocumentKind,
    HouseholdDraft,
    HowConfirmed,
    Lodging,
    MemberDraft,
    Need,
    Presence,
    Relation,
    Sex,
    read_members,
)
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.services import people
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store.database import Database
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)
Register = Callable[[HouseholdDraft], HouseholdReceipt]


def tkachenko() -> HouseholdDraft:
    """Four people, two of them without names."""
    maria = MemberDraft(
        family_name=" Ткаченко ", given_name="Мария", patronymic="Петровна", sex=Sex.FEMALE, relation=Relation.HEAD,
        birth=read_birth("12.8.89", TODAY), document=DocumentDraft("38 15 123456"), phone="8 910 123-45-67",
    )  # fmt: skip
    petr = MemberDraft(
        family_name="Ткаченко",
        given_name="Пётр",
        sex=Sex.MALE,
        birth=of_age(71, TODAY),
        needs=frozenset({Need.MOBILITY}),
    )
    unnamed = read_members("м12 ж8", TODAY).members
    return HouseholdDraft(
        members=(maria, petr, *unnamed), lodging=Lodging.RELATIVES, how_confirmed=HowConfirmed.DOCUMENT, notice_language="ru",
        origin_text="Суджа", note="ключ у соседей",
    )  # fmt: skip


@pytest.fixture
def register(database: Database, centre: Centre, by: Team) -> Register:
    """Registers a draft by the registrar."""
    return lambda draft: database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
    )


def test_a_family_is_saved_whole_with_a_card(database: Database, by: Team, register: Register) -> None:
    receipt = register(tkachenko())
    view = database.read(lambda s: people.household_view(s, by.distributor, receipt.household_id))
    assert card_number_ok(receipt.card_number)
    assert view.card_number == receipt.card_number
    assert view.head_name == "Ткаченко Мария Петровна"
    assert view.lodging is Lodging.RELATIVES
    assert view.registered_day == TODAY
    assert [(m.no, m.given_name, m.age, m.sex) for m in view.members] == [
        (1, "Мария", 35, Sex.FEMALE), (2, "Пётр", 71, Sex.MALE), (3, "", 12, Sex.MALE), (4, "", 8, Sex.FEMALE),
    ]  # fmt: skip
    assert view.members[1].needs == (Need.MOBILITY,)
    assert (view.unnamed, view.here, view.needs) == (2, 4, (Need.MOBILITY,))


def test_ages_are_those_of_the_day_asked_for(database: Database, by: Team, register: Register) -> None:
    receipt = register(tkachenko())
    view = database.read(lambda s: people.household_view(s, by.registrar, receipt.household_id, day=date(2025, 8, 11)))
    assert [m.age for m in view.members] == [35, 72, 13, 9]


def test_the_same_request_registers_once(database: Database, centre: Centre, by: Team) -> None:
    request_id, draft = new_id(), tkachenko()
    receipts = [
        database.write(lambda s: people.register_household(s, by.registrar, request_id=request_id, draft=draft))
        for _ in range(2)
    ]
    assert receipts[0] == receipts[1]
    other = replace(draft, note="другое")
    with pytest.raises(Conflict):
        database.write(lambda s: people.register_household(s, by.registrar, request_id=request_id, draft=other))


def test_all_problems_are_told_at_once(database: Database, register: Register) -> None:
    nameless = MemberDraft(birth=Birth(date(2030, 1, 1), Precision.DAY), phone="1" * 300)
    with pytest.raises(InvalidInput) as caught:
        register(HouseholdDraft(members=(nameless,), settlement_id=new_id()))
    assert {p.field for p in caught.value.problems} == {
        "members.0.family_name", "members.0.birth", "members.0.phone", "settlement_id",
    }  # fmt: skip


def test_a_storekeeper_registers_nobody(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotAllowed):
        database.write(lambda s: people.register_household(s, by.storekeeper, request_id=new_id(), draft=tkachenko()))


def test_a_change_keeps_who_stays_names_the_unnamed_and_lets_go(
    database: Database, by: Team, register: Register, centre: Centre
) -> None:
    receipt = register(tkachenko())
    draft = database.read(lambda s: people.household_draft(s, by.registrar, receipt.household_id))
    maria, petr, boy, girl = draft.members
    assert petr.needs == frozenset({Need.MOBILITY})
    assert maria.document == DocumentDraft("38 15 123456", DocumentKind.RU_PASSPORT)
    named = replace(boy, given_name="Иван", family_name="Ткаченко", presence=Presence.ELSEWHERE)
    newcomer = MemberDraft(given_name="Ольга", family_name="Шевченко")
    changed = replace(
        draft, members=(maria, replace(petr, needs=frozenset()), named, newcomer), note="", phone="050 123 45 67"
    )
    view = database.write(
        lambda s: people.change_household(
            s, by.registrar, request_id=new_id(), household_id=receipt.household_id, draft=changed
        )
    )
    assert [m.given_name for m in view.members] == ["Мария", "Пётр", "Иван", "Ольга"]
    assert view.members[2].person_id == boy.person_id
    assert view.members[2].presence is Presence.ELSEWHERE
    assert girl.person_id not in {m.person_id for m in view.members}
    assert (view.needs, view.note, view.version) == ((), "", 2)
    found = database.read(lambda s: people.find(s, by.registrar, "ткаченко иван"))
    assert found[0].person_id == boy.person_id


def test_an_older_draft_is_a_conflict(database: Database, by: Team, register: Register) -> None:
    receipt = register(tkachenko())
    draft = database.read(lambda s: people.household_draft(s, by.registrar, receipt.household_id))
    for note, fails in (("первое", False), ("второе", True)):
        mine = replace(draft, note=note)
        change = lambda s, mine=mine: people.change_household(  # noqa: E731
            s, by.registrar, request_id=new_id(), household_id=receipt.household_id, draft=mine
        )
        if fails:
            with pytest.raises(Conflict):
                database.write(change)
        else:
            database.write(change)
    assert database.read(lambda s: people.household_view(s, by.registrar, receipt.household_id)).note == "первое"


def test_a_lost_card_is_replaced(database: Database, by: Team, register: Register) -> None:
    lost = register(tkachenko())
    request_id = new_id()
    new = [
        database.write(
            lambda s: people.reissue_card(s, by.registrar, request_id=request_id, household_id=lost.household_id)
        )
        for _ in range(2)
    ]
    assert new[0] == new[1]
    assert new[0].card_number != lost.card_number

    def by_code(code: str) -> UUID | None:
        return database.read(lambda s: people.household_by_code(s, by.distributor, code))

    assert by_code(new[0].token) == lost.household_id
    for old in (lost.token, lost.card_number):
        with pytest.raises(Refused, match="replaced"):
            by_code(old)


def test_a_card_is_known_by_token_number_and_end(database: Database, by: Team, register: Register) -> None:
    receipt = register(tkachenko())
    number = receipt.card_number
    for code in (receipt.token, number, f"{number[:4]} {number[4:8]} {number[8:]}", number[-4:], number[-5:]):
        assert (
            database.read(lambda s, code=code: people.household_by_code(s, by.distributor, code))
            == receipt.household_id
        )
    for unknown in ("0" * 20, "482117905571", "12", "ткаченко"):
        assert database.read(lambda s, code=unknown: people.household_by_code(s, by.distributor, code)) is None


def test_a_family_that_is_not_there(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotFound):
        database.read(lambda s: people.household_view(s, by.registrar, new_id()))


def test_the_list_goes_page_by_page(database: Database, by: Team, register: Register) -> None:
    for number in range(5):
        by.clock.forward(minutes=1)
        register(HouseholdDraft(members=(MemberDraft(family_name=f"Фамилия{number}"),), lodging=Lodging.RENT))
    first = database.read(lambda s: people.families(s, by.coordinator, limit=3))
    rest = database.read(lambda s: people.families(s, by.coordinator, after=first[-1], limit=3))
    assert [row.family_name for row in (*first, *rest)] == [f"Фамилия{n}" for n in (4, 3, 2, 1, 0)]
    assert database.read(lambda s: people.family_count(s, by.coordinator, lodging="rent")) == (5, 5)
    assert database.read(lambda s: people.family_count(s, by.coordinator, lodging="pvr")) == (0, 0)
    with pytest.raises(NotAllowed):
        database.read(lambda s: people.families(s, by.distributor))
