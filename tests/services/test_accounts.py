"""Users, roles for a time, the centre and its windows: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, TextSize, Theme, UserDraft, WindowDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Refused
from aidtrack.services import accounts, addresses, journal, signing_in
from aidtrack.services.accounts import UserRow
from aidtrack.store.database import Database
from tests.factories import Centre, Team

PASSWORD = "три слова вместе"


def _add(
    database: Database, by: Actor, name: str, *roles: Role, password: str = "", until_days: int | None = None
) -> UserRow:
    until = None if until_days is None else by.now().date() + timedelta(days=until_days)
    draft = UserDraft(name, frozenset(roles or {Role.REGISTRAR}), until)
    return database.write(lambda s: accounts.add_user(s, by, request_id=new_id(), draft=draft, password=password))


def _problems(error: pytest.ExceptionInfo[InvalidInput]) -> set[str]:
    return {problem.field for problem in error.value.problems}


def _enter(database: Database, by: Actor, user_id: UUID) -> signing_in.Entered:
    outside = addresses.stranger(by.clock, site_id=by.site_id)
    return database.write(lambda s: signing_in.enter(s, outside, request_id=new_id(), user_id=user_id, desk_number=2))


# ── users and roles ──────────────────────────────────────────────────────────────────────────────


def test_a_new_user_signs_in_and_acts_with_the_roles(database: Database, centre: Centre, by: Team) -> None:
    user = _add(database, by.coordinator, "  Ольга К. ", Role.REGISTRAR, Role.DISTRIBUTOR, password=PASSWORD)
    found = database.read(lambda s: signing_in.check_password(s, by.registrar, name="ольга  к.", password=PASSWORD))
    entered = _enter(database, by.coordinator, found)
    assert (found, user.draft.name, user.has_password) == (user.id, "Ольга К.", True)
    assert entered.actor.roles == {Role.REGISTRAR, Role.DISTRIBUTOR}
    assert entered.actor.desk_id == centre.windows[1]


def test_signing_in_is_journaled_by_name(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро")
    _enter(database, by.coordinator, user.id)
    rows = database.read(lambda s: journal.operations(s, by.coordinator))
    assert (rows[0].kind, rows[0].actor_name) == ("sign_in", "Петро")


def test_no_password_ever_stands_in_the_journal(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Ольга", password=PASSWORD)
    database.write(
        lambda s: accounts.set_password(s, by.coordinator, request_id=new_id(), user_id=user.id, password="1234")
    )

    def bodies(session: Session) -> str:
        rows = journal.operations(session, by.coordinator)
        return str([journal.changes(session, by.coordinator, row.id) for row in rows])

    written = database.read(bodies)
    assert "Ольга" in written
    assert "argon2" not in written
    assert PASSWORD not in written


@pytest.mark.parametrize("role", ["registrar", "distributor", "storekeeper", "shift_lead", "auditor"])
def test_only_who_may_adds_users(database: Database, by: Team, role: str) -> None:
    with pytest.raises(NotAllowed):
        _add(database, getattr(by, role), "Somebody")


def test_the_same_request_adds_one_user(database: Database, by: Team) -> None:
    add = partial(
        accounts.add_user, by=by.coordinator, request_id=new_id(), draft=UserDraft("Ольга", frozenset({Role.REGISTRAR}))
    )
    assert database.write(add) == database.write(add)
    with pytest.raises(Conflict):
        database.write(partial(add, draft=UserDraft("Petro", frozenset({Role.REGISTRAR}))))


def test_all_problems_of_a_user_at_once(database: Database, by: Team) -> None:
    yesterday = by.clock().date() - timedelta(days=1)
    draft = UserDraft("", frozenset(), yesterday)
    with pytest.raises(InvalidInput) as error:
        database.write(lambda s: accounts.add_user(s, by.coordinator, request_id=new_id(), draft=draft))
    assert _problems(error) == {"name", "roles", "until"}


def test_a_name_that_only_differs_in_case_is_taken(database: Database, by: Team) -> None:
    _add(database, by.coordinator, "Ольга К.")
    with pytest.raises(InvalidInput) as error:
        _add(database, by.coordinator, "ольга к.")
    assert _problems(error) == {"name"}


def test_roles_end_with_their_last_day(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", Role.REGISTRAR, until_days=1)
    by.clock.forward(days=1)
    assert _enter(database, by.coordinator, user.id).actor.roles == {Role.REGISTRAR}
    by.clock.forward(days=1)
    with pytest.raises(Refused) as error:
        _enter(database, by.coordinator, user.id)
    assert error.value.code == "no-role"


def test_a_role_taken_away_is_gone_at_once_and_one_given_is_there(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", Role.REGISTRAR)
    draft = replace(user.draft, roles=frozenset({Role.STOREKEEPER}))
    change = partial(accounts.change_user, by=by.coordinator, request_id=new_id(), user_id=user.id, draft=draft)
    assert database.write(change).draft.roles == {Role.STOREKEEPER}
    assert _enter(database, by.coordinator, user.id).actor.roles == {Role.STOREKEEPER}


def test_a_draft_filled_before_somebody_elses_save_is_a_conflict(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро")
    for name, saves in (("Петро Б.", True), ("Петро В.", False)):
        change = partial(
            accounts.change_user,
            by=by.coordinator,
            request_id=new_id(),
            user_id=user.id,
            draft=replace(user.draft, name=name),
        )
        if saves:
            database.write(change)
        else:
            with pytest.raises(Conflict):
                database.write(change)


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"roles": frozenset({Role.AUDITOR})}, {"until": "today"}],
    ids=lambda c: next(iter(c)),
)
def test_the_last_coordinator_stays(database: Database, by: Team, change: dict[str, object]) -> None:
    people = database.read(lambda s: accounts.users(s, by.coordinator))
    last = next(row for row in people if Role.COORDINATOR in row.draft.roles)
    if "until" in change:
        change = {"until": by.clock().date()}
    draft = replace(last.draft, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused) as error:
        database.write(
            lambda s: accounts.change_user(s, by.coordinator, request_id=new_id(), user_id=last.id, draft=draft)
        )
    assert error.value.code == "last-coordinator"
    _add(database, by.coordinator, "Second", Role.COORDINATOR)
    database.write(lambda s: accounts.change_user(s, by.coordinator, request_id=new_id(), user_id=last.id, draft=draft))


def test_somebody_who_ended_does_not_enter(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", password=PASSWORD)
    draft = replace(user.draft, is_active=False)
    database.write(lambda s: accounts.change_user(s, by.coordinator, request_id=new_id(), user_id=user.id, draft=draft))
    with pytest.raises(Refused):
        database.read(lambda s: signing_in.check_password(s, by.registrar, name="Петро", password=PASSWORD))
    with pytest.raises(Refused) as error:
        _enter(database, by.coordinator, user.id)
    assert error.value.code == "not-active"


# ── passwords ────────────────────────────────────────────────────────────────────────────────────


def _wrong(database: Database, by: Actor, name: str) -> int:
    with pytest.raises(Refused):
        database.read(lambda s: signing_in.check_password(s, by, name=name, password="0000"))
    return database.write(lambda s: signing_in.wrong_try(s, by, name=name))


def test_five_wrong_pins_end_the_pin_until_a_new_one_is_given(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", password="4711")
    assert [_wrong(database, by.registrar, "петро") for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(Refused) as error:
        database.read(lambda s: signing_in.check_password(s, by.registrar, name="Петро", password="4711"))
    assert error.value.code == "pin-blocked"
    row = database.write(
        lambda s: accounts.set_password(s, by.coordinator, request_id=new_id(), user_id=user.id, password="5822")
    )
    assert not row.is_blocked
    assert database.read(lambda s: signing_in.check_password(s, by.registrar, name="Петро", password="5822")) == user.id


def test_five_wrong_passwords_only_make_wait(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", password=PASSWORD)
    for _ in range(5):
        _wrong(database, by.registrar, "Петро")
    with pytest.raises(Refused) as error:
        database.read(lambda s: signing_in.check_password(s, by.registrar, name="Петро", password=PASSWORD))
    assert error.value.code == "wait"
    by.clock.forward(seconds=31)
    assert (
        database.read(lambda s: signing_in.check_password(s, by.registrar, name="Петро", password=PASSWORD)) == user.id
    )


def test_a_right_password_forgets_the_wrong_ones(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", password="4711")
    for _ in range(4):
        _wrong(database, by.registrar, "Петро")
    _enter(database, by.coordinator, user.id)
    assert _wrong(database, by.registrar, "Петро") == 4


def test_nobody_without_a_password_signs_in_by_one(database: Database, by: Team) -> None:
    _add(database, by.coordinator, "Петро")
    for name, password in (("Петро", ""), ("", ""), ("Nobody", "x")):
        with pytest.raises(Refused) as error:
            database.read(partial(signing_in.check_password, by=by.registrar, name=name, password=password))
        assert error.value.code == "wrong-password"


@pytest.mark.parametrize("password", ["", "123", "short", "12ab"])
def test_a_password_that_is_too_easy_is_not_taken(database: Database, by: Team, password: str) -> None:
    user = _add(database, by.coordinator, "Петро")
    with pytest.raises(InvalidInput):
        database.write(
            lambda s: accounts.set_password(s, by.coordinator, request_id=new_id(), user_id=user.id, password=password)
        )


def test_ones_own_password_needs_the_old_one(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Петро", password=PASSWORD)
    actor = _enter(database, by.coordinator, user.id).actor
    with pytest.raises(InvalidInput) as error:
        database.write(lambda s: accounts.change_own_password(s, actor, request_id=new_id(), old="?", new="4711"))
    assert _problems(error) == {"old"}
    database.write(lambda s: accounts.change_own_password(s, actor, request_id=new_id(), old=PASSWORD, new="4711"))
    assert database.read(lambda s: signing_in.check_password(s, actor, name="Петро", password="4711")) == user.id


# ── on a plain file ──────────────────────────────────────────────────────────────────────────────


def test_on_a_plain_file_people_are_chosen_by_name(sqlite_database: Database, centre: Centre, by: Team) -> None:
    outside = addresses.stranger(by.clock)
    rows = sqlite_database.read(lambda s: signing_in.people_to_choose(s, outside))
    assert {row.name for row in rows} == {role.value for role in Role}


def test_the_console_is_everything_on_a_plain_file(sqlite_database: Database, centre: Centre, by: Team) -> None:
    actor = sqlite_database.read(lambda s: signing_in.console_actor(s, os_user="root", clock=by.clock))
    assert (actor.name, actor.roles, actor.site_id) == ("console:root", frozenset(Role), centre.site_id)
    again = sqlite_database.read(lambda s: signing_in.console_actor(s, os_user="x", clock=by.clock, site_code="KRS"))
    assert again.site_id == centre.site_id


def test_a_server_never_lets_choose(database: Database, by: Team) -> None:
    if database.is_sqlite:
        return
    for ask in (
        partial(signing_in.people_to_choose, by=by.registrar),
        partial(signing_in.console_actor, os_user="x", clock=by.clock),
    ):
        with pytest.raises(Refused) as error:
            database.read(ask)
        assert error.value.code == "password-needed"


# ── the centre, its windows, the frame ───────────────────────────────────────────────────────────


def test_a_changed_centre_is_kept(database: Database, by: Team) -> None:
    draft = database.read(lambda s: accounts.centre(s, by.coordinator))
    wanted = replace(
        draft, name="Школа № 12", public_languages=("ru", "en"), outside_phone="+7 800 100", day_starts_at=300
    )
    change = partial(accounts.change_centre, by=by.coordinator, request_id=new_id(), draft=wanted)
    assert database.write(change) == replace(wanted, version=draft.version + 1)
    with pytest.raises(Conflict):
        database.write(partial(change, request_id=new_id()))


def test_all_problems_of_a_centre_at_once(database: Database, by: Team) -> None:
    draft = CentreDraft("", timezone="Moscow time", public_languages=(), day_starts_at=2000, version=1)
    with pytest.raises(InvalidInput) as error:
        database.write(lambda s: accounts.change_centre(s, by.coordinator, request_id=new_id(), draft=draft))
    assert _problems(error) == {"name", "timezone", "public_languages", "day_starts_at"}


def test_windows_are_added_and_closed(database: Database, by: Team) -> None:
    add = WindowDraft(3, "Hygiene", ("hand_over",))
    row = database.write(lambda s: accounts.add_window(s, by.coordinator, request_id=new_id(), draft=add))
    close = replace(row.draft, is_active=False)
    database.write(
        lambda s: accounts.change_window(s, by.coordinator, request_id=new_id(), window_id=row.id, draft=close)
    )
    rows = database.read(lambda s: accounts.windows(s, by.coordinator))
    assert [(r.draft.number, r.draft.is_active) for r in rows] == [(1, True), (2, True), (3, False)]


def test_all_problems_of_a_window_at_once(database: Database, by: Team) -> None:
    draft = WindowDraft(1, stages=("sell",), gives=())
    with pytest.raises(InvalidInput) as error:
        database.write(lambda s: accounts.add_window(s, by.coordinator, request_id=new_id(), draft=draft))
    assert _problems(error) == {"number", "stages", "gives"}


def test_the_frame_knows_centre_window_person_and_looks(database: Database, by: Team) -> None:
    user = _add(database, by.coordinator, "Ольга", Role.REGISTRAR)
    actor = _enter(database, by.coordinator, user.id).actor
    database.write(
        lambda s: accounts.change_looks(
            s, actor, request_id=new_id(), language="uk", text_size=TextSize.LARGE, theme=Theme.DARK
        )
    )
    view = database.read(lambda s: accounts.frame_view(s, actor))
    assert (view.site_name, view.desk_name, view.user_name) == ("Пункт на Гоголя", "Окно 2", "Ольга")
    assert (view.language, view.large_text, view.theme, view.backup_age) == ("uk", True, Theme.DARK, None)
    assert view.is_plain is database.is_sqlite
