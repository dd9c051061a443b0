"""Day badges on both databases: made for a role, claimed with four digits, dead after five wrong ones, over when the day is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from aidtrack.domain import badges as rules
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.ids import new_id, new_token
from aidtrack.errors import AidTrackError, InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.services import accounts, badges, check, days, journal, signing_in
from aidtrack.services.badges import BadgeRow
from aidtrack.services.signing_in import Entered
from aidtrack.store.accounts import Badge
from aidtrack.store.database import Database
from tests.factories import SettableClock, Team

PIN = "4821"


class Door:
    """The screen of a window nobody has signed in at, and the coordinator who makes badges."""

    def __init__(self, database: Database, by: Team) -> None:
        self.database, self.by = database, by
        self.stranger = Actor(None, "", frozenset(), by.clock, by.registrar.site_id, by.registrar.desk_id)

    def make(self, role: Role = Role.DISTRIBUTOR, count: int = 1, **more: Any) -> tuple[BadgeRow, ...]:
        ask = partial(badges.make_badges, by=self.by.coordinator, request_id=new_id(), role=role, count=count, **more)
        return self.database.write(ask)

    def code(self, badge: BadgeRow) -> str:
        return rules.badge_code(self.database.read(lambda s: s.get_one(Badge, badge.id).token))

    def claim(self, code: str, name: str = "Ольга К.", pin: str = PIN) -> Entered:
        ask = partial(badges.claim_badge, by=self.stranger, request_id=new_id(), code=code, name=name, pin=pin)
        return self.database.write(ask)

    def check(self, code: str, pin: str = PIN, **more: Any) -> BadgeRow:
        return self.database.read(partial(badges.check_badge, by=self.stranger, code=code, pin=pin, **more))

    def wrong(self, code: str) -> int:
        return self.database.write(partial(badges.wrong_pin, by=self.stranger, code=code))

    def refusal(self, code: str, **more: Any) -> str:
        with pytest.raises(AidTrackError) as refused:
            self.check(code, **more)
        return refused.value.code

    def day(self, use_case: Any) -> None:
        self.database.write(partial(use_case, by=self.by.coordinator, request_id=new_id()))


@pytest.fixture
def door(database: Database, by: Team) -> Door:
    return Door(database, by)


def test_the_first_scan_asks_a_name_and_the_second_the_four_digits(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    assert not door.database.read(partial(badges.badge_row, by=door.stranger, code=code)).is_claimed
    entered = door.claim(code)
    assert (entered.actor.name, entered.actor.roles, entered.actor.site_id) == (
        "Ольга К.",
        frozenset({Role.DISTRIBUTOR}),
        door.by.coordinator.site_id,
    )
    shown = door.check(code)
    again = door.database.write(
        partial(badges.enter_by_badge, by=door.stranger, request_id=new_id(), badge_id=shown.id)
    )
    assert again.actor.user_id == entered.actor.user_id
    rows = door.database.read(partial(journal.operations, by=door.by.coordinator))
    assert [(row.kind, row.actor_name) for row in rows[:2]] == [("sign_in", "Ольга К."), ("claim_badge", "Ольга К.")]


def test_a_badge_is_read_under_any_layout_and_case(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    door.claim(code)
    assert door.check(code.upper()).number == badge.number
    assert door.check(f" {code.lower()} ").number == badge.number


def test_five_wrong_pins_kill_the_badge_and_a_new_one_keeps_the_name(door: Door) -> None:
    old, new = door.make(count=2)
    code = door.code(old)
    first = door.claim(code)
    assert door.refusal(code, pin="0000") == "wrong-pin"
    assert [door.wrong(code) for _ in range(5)] == [4, 3, 2, 1, 0]
    assert door.refusal(code) == "badge-dead"
    assert door.claim(door.code(new)).actor.user_id == first.actor.user_id


def test_signing_in_forgets_wrong_pins(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    door.claim(code)
    door.wrong(code)
    door.database.write(partial(badges.enter_by_badge, by=door.stranger, request_id=new_id(), badge_id=badge.id))
    assert door.check(code).tries_left == 5


def test_a_badge_ends_with_its_day_and_signs_it_off(door: Door, clock: SettableClock) -> None:
    (badge,) = door.make(Role.SHIFT_LEAD)
    code = door.code(badge)
    door.claim(code)
    door.day(days.open_day)
    clock.forward(hours=17)  # an hour past midnight the day is still open
    assert door.check(code).number == 1
    door.day(days.close_day)
    assert door.refusal(code) == "badge-over"
    assert door.check(code, to_sign_off=True).role is Role.SHIFT_LEAD
    door.day(days.sign_off)
    assert door.refusal(code, to_sign_off=True) == "badge-over"


def test_yesterdays_badge_opens_nothing_but_the_name_comes_again(door: Door, clock: SettableClock) -> None:
    (badge,) = door.make()
    first = door.claim(door.code(badge))
    clock.forward(days=1)
    assert door.refusal(door.code(badge)) == "badge-over"
    (tomorrow,) = door.make()
    assert tomorrow.number == 1
    assert door.claim(door.code(tomorrow)).actor.user_id == first.actor.user_id


def test_a_lost_badge_opens_nothing(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    door.claim(code)
    door.database.write(partial(badges.end_badge, by=door.by.coordinator, request_id=new_id(), badge_id=badge.id))
    assert door.refusal(code) == "badge-ended"
    assert door.refusal("B:" + new_token()) == "no-badge"
    assert door.refusal("482117905570") == "no-badge"


def test_nobody_takes_the_name_of_an_account_or_of_another_badge(door: Door) -> None:
    one, two = door.make(Role.REGISTRAR, 2)
    door.claim(door.code(one))
    for name in ("ольга  к.", "coordinator"):
        with pytest.raises(InvalidInput):
            door.claim(door.code(two), name)
    with pytest.raises(Refused):
        door.claim(door.code(one), "Пётр")


def test_a_badge_carries_its_role_and_nothing_more(door: Door) -> None:
    """A volunteer of yesterday's registration who gets a lead's badge today is a lead by that badge only."""
    plain, lead = door.make(Role.REGISTRAR)[0], door.make(Role.SHIFT_LEAD)[0]
    door.claim(door.code(plain), "Пётр")
    entered = door.claim(door.code(lead), "Ирина")
    assert entered.actor.roles == {Role.SHIFT_LEAD}
    listed = door.database.read(partial(accounts.users, by=door.by.coordinator))
    assert {"Пётр", "Ирина"}.isdisjoint(row.draft.name for row in listed)
    with pytest.raises(Refused):
        door.database.read(partial(signing_in.check_password, by=door.stranger, name="Ирина", password=PIN))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_no_badge_carries_a_role_of_the_office(door: Door, role: Role) -> None:
    with pytest.raises(InvalidInput):
        door.make(role)


def test_only_the_coordinator_makes_badges(door: Door) -> None:
    with pytest.raises(NotAllowed):
        door.database.write(
            partial(badges.make_badges, by=door.by.shift_lead, request_id=new_id(), role=Role.REGISTRAR, count=1)
        )


def test_who_approves_beside_the_operator_is_told_by_badge_or_password(door: Door) -> None:
    (badge,) = door.make(Role.SHIFT_LEAD)
    code = door.code(badge)
    door.claim(code, "Ирина")
    at_desk = door.by.distributor
    lead = door.database.read(partial(badges.who_is, by=at_desk, who=code, secret=PIN))
    assert (lead.name, lead.roles, lead.desk_id) == ("Ирина", frozenset({Role.SHIFT_LEAD}), at_desk.desk_id)
    with pytest.raises(Refused) as wrong:
        door.database.read(partial(badges.who_is, by=at_desk, who=code, secret="0000"))
    assert wrong.value.code == "wrong-pin"
    assert door.database.write(partial(badges.count_wrong, by=at_desk, who=code)) == 4
    user_id = door.by.coordinator.user_id
    assert user_id is not None
    door.database.write(
        partial(accounts.set_password, by=door.by.coordinator, request_id=new_id(), user_id=user_id, password="1357")
    )
    found = door.database.read(partial(badges.who_is, by=at_desk, who="coordinator", secret="1357"))
    assert found.may(Permission.DAY)


def test_the_same_press_twice_makes_and_claims_once(door: Door) -> None:
    press = partial(badges.make_badges, by=door.by.coordinator, request_id=new_id(), role=Role.REGISTRAR, count=3)
    made = door.database.write(press)
    assert door.database.write(press) == made
    assert [badge.number for badge in made] == [1, 2, 3]
    code = door.code(made[0])
    claim = partial(badges.claim_badge, by=door.stranger, request_id=new_id(), code=code, name="Ольга", pin=PIN)
    assert door.database.write(claim).actor.user_id == door.database.write(claim).actor.user_id


def test_no_token_and_no_pin_stand_in_the_journal(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    door.claim(code)

    def bodies(session: Any) -> str:
        rows = journal.operations(session, door.by.coordinator)
        return str([journal.changes(session, door.by.coordinator, row.id) for row in rows])

    written = door.database.read(bodies)
    assert "Ольга К." in written
    assert "argon2" not in written
    assert code.removeprefix(rules.PREFIX) not in written
    assert door.database.read(partial(check.check, by=door.by.auditor)).failures == ()
    assert door.database.read(lambda s: s.scalars(select(Badge.pin)).all())[0].startswith("$argon2")


def test_a_badge_of_another_centre_is_not_known(door: Door) -> None:
    (badge,) = door.make()
    code = door.code(badge)
    elsewhere = replace(door.stranger, site_id=None)
    assert door.database.read(partial(badges.badge_row, by=elsewhere, code=code)).number == 1
    with pytest.raises(NotFound):
        door.database.read(partial(badges.badge_row, by=elsewhere, code="B:zz"))


# ── the pure rules ───────────────────────────────────────────────────────────────────────────────

_DAYS = st.dates()


@given(_DAYS, st.integers(-3, 3), st.sampled_from(DayState), st.booleans())
def test_a_badge_holds_only_on_its_day_and_never_after_it(day: Any, off: int, state: DayState, sign: bool) -> None:
    try:
        today = day + timedelta(days=off)
    except OverflowError:
        return
    held = rules.holds(day, today, state, to_sign_off=sign)
    assert not (held and state is DayState.SIGNED_OFF)
    assert not (held and off and state is not DayState.CLOSED)
    assert not held or state is not DayState.CLOSED or sign


@given(st.text(max_size=30))
def test_only_a_badge_is_read_as_one(code: str) -> None:
    token = rules.token_of(code)
    assert token is None or rules.token_of(rules.badge_code(token)) == token


@pytest.mark.parametrize(
    ("pin", "fits"), [("4821", True), ("0000", False), ("1234", False), ("48 1", False), ("٤٨٢١", False)]
)
def test_four_digits_that_can_be_guessed_are_not_taken(pin: str, fits: bool) -> None:
    assert (rules.claim_problems("Ольга", pin) == []) is fits
