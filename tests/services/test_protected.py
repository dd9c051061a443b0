"""Protected families, on both databases: whoever is no shift lead meets nothing of them anywhere but by their own card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision, of_age
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import DocumentDraft, HouseholdDraft, MemberDraft, Need, Sex
from aidtrack.domain.queueing import Lane
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import journal, people, queueing, spreadsheets
from aidtrack.services.door import DoorState, ask_at_door
from aidtrack.services.handover import desk_view, history
from aidtrack.services.identity import links, pairs, settling
from aidtrack.services.identity.candidates import candidates
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store.database import Database
from aidtrack.store.journal import Operation
from aidtrack.store.people import Household, HouseholdMember
from tests.aid import open_day
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)
HIDDEN = HouseholdDraft(
    members=(
        MemberDraft(
            family_name="Приховайло", given_name="Зоряна", patronymic="Ярославівна", sex=Sex.FEMALE,
            birth=Birth(date(1990, 4, 17), Precision.DAY), document=DocumentDraft("38 15 667788"), phone="+79105556677",
        ),
    ),
    address="ул. Тихая, 7", note="не говорить мужу",
)  # fmt: skip


@pytest.fixture
def hidden(database: Database, centre: Centre, by: Team) -> HouseholdReceipt:
    """One ordinary family, one protected by the shift lead; the day is open."""
    from aidtrack.store import journal as written

    def start(s: object) -> None:
        with written.operation(s, by.coordinator, new_id(), "open"):  # type: ignore[arg-type]
            open_day(s, by.coordinator)  # type: ignore[arg-type]

    database.write(start)
    other = HouseholdDraft(members=(MemberDraft(family_name="Шевченко", given_name="Олег"),))
    database.write(lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=other))
    receipt = database.write(lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=HIDDEN))
    protect(database, by.shift_lead, receipt.household_id)
    return receipt


def protect(database: Database, who: Actor, household: UUID, reason: str = "просьба семьи") -> None:
    database.write(
        lambda s: people.protect_household(s, who, request_id=new_id(), household_id=household, reason=reason)
    )


def lift(database: Database, who: Actor, household: UUID) -> None:
    database.write(
        lambda s: people.lift_protection(s, who, request_id=new_id(), household_id=household, reason="опасность прошла")
    )


def is_protected(database: Database, household: UUID) -> bool:
    return bool(database.read(lambda s: s.scalar(select(Household.is_protected).where(Household.id == household))))


TYPED = (
    "приховайло", "Pryhovailo", "зоряна", "Приховайло Зоряна 1990", "ghb[jdfqkj", "ярославівна", "38 15 667788", "667788",
    "+79105556677", "5556677", "17.04.1990",
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_nobody_at_a_window_finds_them_by_anything_known_of_them(
    database: Database, by: Team, hidden: HouseholdReceipt, typed: str
) -> None:
    for who in (by.registrar, by.distributor):
        found = database.read(lambda s, who=who: people.find(s, who, typed))
        assert hidden.household_id not in {row.household_id for row in found}


def test_the_shift_lead_and_the_coordinator_find_them_by_name(
    database: Database, by: Team, hidden: HouseholdReceipt
) -> None:
    for who in (by.shift_lead, by.coordinator):
        (row,) = database.read(lambda s, who=who: people.find(s, who, "приховайло"))
        assert row.household_id == hidden.household_id
        assert row.name.startswith("Приховайло")


def test_their_own_card_says_that_they_are_there_and_nothing_else(
    database: Database, by: Team, hidden: HouseholdReceipt
) -> None:
    (row,) = database.read(lambda s: people.find(s, by.registrar, hidden.card_number))
    assert row.is_protected
    assert (row.name, row.full_name, row.year, row.settlement, row.origin_text) == ("", "", None, {}, "")
    assert database.read(lambda s: people.find(s, by.registrar, hidden.card_number[-5:])) == ()


def test_the_end_of_the_card_finds_nobody(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    assert database.read(lambda s: people.find(s, by.registrar, hidden.card_number[-4:])) == ()


def test_at_a_window_they_open_by_their_card_only(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    with pytest.raises(Refused, match="see-shift-lead"):
        database.read(lambda s: desk_view(s, by.distributor, hidden.household_id))
    with pytest.raises(Refused, match="see-shift-lead"):
        database.read(lambda s: desk_view(s, by.distributor, hidden.household_id, card="приховайло"))
    for card in (hidden.card_number, hidden.token):
        view = database.read(lambda s, card=card: desk_view(s, by.distributor, hidden.household_id, card=card))
        assert view.family.id == hidden.household_id
    assert database.read(lambda s: desk_view(s, by.shift_lead, hidden.household_id)).family.id == hidden.household_id


def test_the_door_and_the_queue_show_no_name(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    answer = database.read(lambda s: ask_at_door(s, by.registrar, hidden.card_number))
    assert answer.state is DoorState.SHIFT_LEAD
    assert "Приховайло" not in f"{answer.text} {answer.second}"
    ticket = database.write(
        lambda s: queueing.issue_ticket(
            s, by.registrar, request_id=new_id(), lane=Lane.K, household_id=hidden.household_id
        )
    )
    assert database.read(lambda s: people.find(s, by.registrar, ticket.label)) == ()
    assert "Приховайло" not in str(database.read(lambda s: queueing.board(s, by.registrar)))


def test_they_are_nobodys_candidates(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    again = replace(HIDDEN, note="")
    for who in (by.registrar, by.shift_lead, by.coordinator):
        rows = database.read(lambda s, who=who: candidates(s, who, again))
        assert hidden.household_id not in {row.household_id for row in rows}


def test_they_are_in_no_list_of_pairs(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    twin = database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=replace(HIDDEN, note=""))
    )
    found = database.read(lambda s: pairs.similar_pairs(s, by.coordinator, min_score=0.1))
    assert hidden.household_id not in {home for row in found for home in (row.a_household, row.b_household)}
    assert twin.household_id != hidden.household_id


REFUSED: dict[str, Callable[..., object]] = {
    "families": lambda s, who, _: people.families(s, who),
    "family_count": lambda s, who, _: people.family_count(s, who),
    "similar_pairs": lambda s, who, _: pairs.similar_pairs(s, who),
    "to_settle": lambda s, who, _: settling.to_settle(s, who),
    "joins": lambda s, who, _: settling.joins(s, who),
    "of_household": lambda s, who, household: journal.of_household(s, who, household),
    "operations": lambda s, who, _: journal.operations(s, who),
}


@pytest.mark.parametrize("name", REFUSED)
def test_lists_of_names_are_not_for_who_registers_or_hands_over(
    database: Database, by: Team, hidden: HouseholdReceipt, name: str
) -> None:
    for who in (by.registrar, by.distributor, by.storekeeper):
        with pytest.raises(NotAllowed):
            database.read(lambda s, who=who: REFUSED[name](s, who, hidden.household_id))


def test_nobody_but_the_coordinator_gives_people_out(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    for who in (by.registrar, by.distributor, by.shift_lead, by.administrator, by.auditor):
        with pytest.raises(NotAllowed):
            database.read(lambda s, who=who: spreadsheets.people_sheet(s, who))


def test_what_they_had_does_not_show_under_a_joined_card(
    database: Database, by: Team, hidden: HouseholdReceipt
) -> None:
    twin = database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=replace(HIDDEN, note=""))
    )
    members = {
        row.household_id: row.person_id
        for row in database.read(
            lambda s: s.execute(select(HouseholdMember.household_id, HouseholdMember.person_id)).all()
        )
    }
    a, b = members[hidden.household_id], members[twin.household_id]
    database.write(lambda s: links.join(s, by.coordinator, request_id=new_id(), a=a, b=b))
    assert database.read(lambda s: history(s, by.distributor, twin.household_id)) == ()


# ── who marks ────────────────────────────────────────────────────────────────────────────────────


def test_the_shift_lead_marks_and_lifts_with_a_reason_in_the_journal(
    database: Database, by: Team, hidden: HouseholdReceipt
) -> None:
    for who in (by.registrar, by.distributor, by.storekeeper, by.administrator, by.auditor):
        with pytest.raises(NotAllowed):
            lift(database, who, hidden.household_id)
    with pytest.raises(InvalidInput):
        protect(database, by.shift_lead, hidden.household_id, "  ")
    with pytest.raises(Refused, match="marked-already"):
        protect(database, by.shift_lead, hidden.household_id)
    lift(database, by.shift_lead, hidden.household_id)
    assert not is_protected(database, hidden.household_id)
    kept = database.read(
        lambda s: s.execute(
            select(Operation.kind, Operation.reason).where(Operation.reason != "").order_by(Operation.arrival)
        ).all()
    )
    assert [tuple(row) for row in kept] == [
        ("protect_household", "просьба семьи"),
        ("lift_protection", "опасность прошла"),
    ]


def test_the_same_press_twice_marks_once(database: Database, by: Team, hidden: HouseholdReceipt) -> None:
    request = new_id()
    for _ in "12":
        database.write(
            lambda s: people.lift_protection(
                s, by.shift_lead, request_id=request, household_id=hidden.household_id, reason="опасность прошла"
            )
        )
    assert not is_protected(database, hidden.household_id)


# ── a child without parents ──────────────────────────────────────────────────────────────────────


def child(*needs: Need) -> MemberDraft:
    return MemberDraft(family_name="Бойко", given_name="Оля", birth=of_age(9, TODAY), needs=frozenset(needs))


def registered(database: Database, by: Team, *members: MemberDraft) -> UUID:
    draft = HouseholdDraft(members=members)
    return database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
    ).household_id


def test_a_child_without_parents_is_protected_from_the_first_minute(database: Database, by: Team) -> None:
    alone = registered(database, by, child())
    assert is_protected(database, alone)
    assert database.read(lambda s: people.find(s, by.registrar, "бойко")) == ()
    with pytest.raises(NotAllowed):
        lift(database, by.shift_lead, alone)
    lift(database, by.coordinator, alone)
    assert not is_protected(database, alone)
    assert not is_protected(database, registered(database, by, MemberDraft(family_name="Бойко", given_name="Анна")))


def test_no_window_gives_a_child_to_a_family(database: Database, by: Team) -> None:
    alone = registered(database, by, child(Need.CHILD_ALONE))
    draft = database.read(lambda s: people.household_draft(s, by.registrar, alone))
    adult = MemberDraft(family_name="Бойко", given_name="Пётр", birth=of_age(40, TODAY))
    found = replace(draft.members[0], needs=frozenset())
    with_adult = replace(draft, members=(found, adult))

    def change(who: Actor, reason: str = "") -> None:
        database.write(
            lambda s: people.change_household(
                s, who, request_id=new_id(), household_id=alone, draft=with_adult, reason=reason
            )
        )

    with pytest.raises(NotAllowed):
        change(by.registrar)
    with pytest.raises(NotAllowed):
        change(by.shift_lead, "сказал, что дядя")
    with pytest.raises(InvalidInput):
        change(by.coordinator)
    change(by.coordinator, "Дядя, документы проверены с опекой")
    assert is_protected(database, alone), "the mark stays until somebody lifts it"
