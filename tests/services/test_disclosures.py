"""Names leave the program by two people, on a paper, in a locked file; every copy stands in the register. On both databases."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import msoffcrypto
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, Conflict, InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.reports.disclosures import locked_workbook
from aidtrack.services import disclosures, passwords
from aidtrack.services.disclosures import Disclosed
from aidtrack.store.accounts import User
from aidtrack.store.database import Database
from aidtrack.store.disclosures import Disclosure
from tests.aid import TODAY, make_aid, make_family
from tests.factories import MORNING, Centre, Team

DRAFT = DisclosureDraft(
    "Администрация района, Иванов, секретарь", "исх. 114 от 12.08", "Сверка списков ПВР", Extent.NAMES.fields
)
PASSWORD = "длинный пароль"


@pytest.fixture
def kept(database: Database, centre: Centre, by: Team) -> Database:
    """An open day with two families, and a shift lead with a password."""
    database.write(lambda s: make_aid(s, by, centre))
    for surname in ("Ткаченко", "Шевченко"):
        database.write(lambda s, surname=surname: make_family(s, by.registrar, surname, 2))
    for actor in (by.shift_lead, by.coordinator):
        database.write(lambda s, a=actor: _give_password(s, a.user_id))
    return database


def _give_password(session: object, user_id: UUID | None) -> None:
    session.get_one(User, user_id).password = passwords.kept_form(PASSWORD)  # type: ignore[attr-defined]


def disclose(
    database: Database, by: Actor, second: Actor | None, draft: DisclosureDraft = DRAFT, request: UUID | None = None
) -> Disclosed:
    request = request or new_id()
    return database.write(lambda s: disclosures.disclose(s, by, request_id=request, draft=draft, second=second))


def test_two_people_a_paper_and_a_line_in_the_register(kept: Database, by: Team) -> None:
    second = kept.read(lambda s: disclosures.who_signs(s, by.coordinator, who=by.shift_lead.name, secret=PASSWORD))
    copy = disclose(kept, by.coordinator, second)
    assert [row[2] for row in copy.sheet.rows] == ["Ткаченко", "", "Шевченко", ""]
    assert copy.sheet.fields == Extent.NAMES.fields
    report = kept.read(lambda s: disclosures.register(s, by.auditor, Period.of(TODAY)))
    (row,) = report.rows
    assert (row.number, row.asked_by, row.paper, row.purpose) == (
        "KRS-D-2024-1",
        DRAFT.asked_by,
        DRAFT.paper,
        DRAFT.purpose,
    )
    assert (row.people, row.families, row.given_by, row.second) == (4, 2, by.coordinator.name, by.shift_lead.name)
    assert disclose(kept, by.coordinator, second).code == "KRS-D-2024-2"


def test_the_same_press_twice_is_one_copy(kept: Database, by: Team) -> None:
    request = new_id()
    copies = [disclose(kept, by.coordinator, by.shift_lead, request=request) for _ in range(2)]
    assert copies[0].mark == copies[1].mark
    assert len(kept.read(lambda s: s.scalars(select(Disclosure)).all())) == 1
    with pytest.raises(Conflict):
        disclose(kept, by.coordinator, by.shift_lead, replace(DRAFT, paper="another"), request)


@pytest.mark.parametrize("role", ["registrar", "distributor", "storekeeper", "shift_lead", "administrator", "auditor"])
def test_only_a_coordinator_gives_names_out(kept: Database, by: Team, role: str) -> None:
    with pytest.raises(NotAllowed):
        disclose(kept, getattr(by, role), by.coordinator)


@pytest.mark.parametrize("role", ["registrar", "distributor", "storekeeper"])
def test_not_everybody_may_stand_beside(kept: Database, by: Team, role: str) -> None:
    with pytest.raises(NotAllowed):
        disclose(kept, by.coordinator, getattr(by, role))


def test_nobody_is_the_second_person_to_themselves(kept: Database, by: Team) -> None:
    for second in (None, by.coordinator, Actor(None, "console", frozenset(Role), by.clock, by.coordinator.site_id)):
        with pytest.raises(Refused):
            disclose(kept, by.coordinator, second)
    assert kept.read(lambda s: s.scalars(select(Disclosure)).all()) == []


@pytest.mark.parametrize("field", ["asked_by", "paper", "purpose"])
def test_what_is_not_said_is_asked_for(kept: Database, by: Team, field: str) -> None:
    with pytest.raises(InvalidInput) as told:
        disclose(kept, by.coordinator, by.shift_lead, replace(DRAFT, **{field: "  "}))  # type: ignore[arg-type]
    assert [problem.field for problem in told.value.problems] == [field]


def test_a_wrong_password_opens_nothing(kept: Database, by: Team) -> None:
    with pytest.raises(AidTrackError):
        kept.read(lambda s: disclosures.who_signs(s, by.coordinator, who=by.shift_lead.name, secret="неверный"))
    with pytest.raises(AidTrackError):
        kept.read(lambda s: disclosures.who_signs(s, by.coordinator, who=by.shift_lead.name, secret=""))


def test_a_line_of_the_register_stays(kept: Database, by: Team) -> None:
    disclose(kept, by.coordinator, by.shift_lead)
    with pytest.raises((DatabaseError, AidTrackError)):
        kept.write(lambda s: s.delete(s.scalars(select(Disclosure)).one()))


def test_days_without_a_copy_are_said(kept: Database, by: Team) -> None:
    assert kept.read(lambda s: disclosures.register(s, by.auditor, Period.of(TODAY))).rows == ()
    with pytest.raises(NotFound):
        kept.read(lambda s: disclosures.register(s, by.auditor, Period.of(date(2020, 1, 1))))


# ── the locked file, and the paper ───────────────────────────────────────────────────────────────


def opened(content: bytes, password: str) -> list[list[str]]:
    """The cells of a locked workbook."""
    file, plain = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    assert file.is_encrypted()
    file.load_key(password=password, verify_password=True)
    file.decrypt(plain, verify_integrity=True)
    plain.seek(0)
    return [list(map(str, row)) for row in CalamineWorkbook.from_filelike(plain).get_sheet_by_index(0).to_python()]


def test_the_file_opens_by_its_password_alone_and_says_whose_copy_it_is(kept: Database, by: Team) -> None:
    copies = [disclose(kept, by.coordinator, by.shift_lead) for _ in range(2)]
    files = [locked_workbook(copy, PASSWORD, "ru") for copy in copies]
    assert all(
        "Ткаченко".encode() not in content and "Ткаченко".encode("utf-16-le") not in content for content in files
    )
    marks = []
    for copy, content in zip(copies, files, strict=True):
        rows = opened(content, PASSWORD)
        marks.append(rows[0][0])
        assert copy.mark in rows[0][0]
        assert DRAFT.asked_by in rows[0][0]
        assert tuple(rows[2]) == Extent.NAMES.fields
        assert [row[2] for row in rows[3:]] == ["Ткаченко", "", "Шевченко", ""]
    assert marks[0] != marks[1]
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(files[0], "не тот пароль")


def test_the_register_is_a_paper_and_names_no_family(kept: Database, by: Team) -> None:
    disclose(kept, by.coordinator, by.shift_lead)
    report = catalogue.report("R18")
    figures = kept.read(lambda s: report.figures(s, by.coordinator, TODAY))
    said = catalogue.make("disclosures", Format.CSV, figures, Printed(MORNING), "en").decode("utf-8-sig")
    assert "KRS-D-2024-1" in said
    assert "Ткаченко" not in said
    assert catalogue.make("disclosures", Format.PDF, figures, Printed(MORNING), "uk").startswith(b"%PDF")


@pytest.fixture
def plain(sqlite_database: Database, centre: Centre, by: Team) -> Database:
    """A plain file, as for lessons."""
    sqlite_database.write(lambda s: make_aid(s, by, centre))
    sqlite_database.write(lambda s: make_family(s, by.registrar))
    return sqlite_database


def test_on_a_plain_file_people_are_chosen_by_name(plain: Database, by: Team) -> None:
    second = plain.read(lambda s: disclosures.who_signs(s, by.coordinator, who="shift_lead", secret=""))
    assert second.user_id == by.shift_lead.user_id
    assert disclose(plain, by.coordinator, second).sheet.families == 1


def test_the_console_of_a_plain_file_stands_in_the_register_too(plain: Database, by: Team, tmp_path: Path) -> None:
    console = Actor(None, "console:olga", frozenset(Role), by.clock, by.coordinator.site_id)
    disclose(plain, console, None, DisclosureDraft("", "", ""))
    (row,) = plain.read(lambda s: disclosures.register(s, by.auditor, Period.of(TODAY))).rows
    assert (row.given_by, row.second, row.is_locked) == ("console:olga", "", False)
