"""Lists of people in and out, on both databases: every field back, nobody twice, nothing stops for one bad row."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import intake, people, settlements, spreadsheets
from aidtrack.services.check import check
from aidtrack.services.spreadsheets import Fate, ImportPlan, RowFate
from aidtrack.store.database import Database
from tests.factories import Centre, Team

DATA = Path(__file__).parents[1] / "data"
CANON = spreadsheets.EXPORT_FIELDS[:12]
HEADER = ",".join(CANON)
TakeIn = Callable[[Path], tuple[ImportPlan, list[RowFate]]]


@pytest.fixture
def take_in(database: Database, by: Team, centre: Centre) -> TakeIn:
    """Imports a file as the coordinator, in chunks."""

    def run(path: Path) -> tuple[ImportPlan, list[RowFate]]:
        table = spreadsheets.read_table(path)
        plan = database.read(lambda s: spreadsheets.plan_import(s, by.coordinator, table))
        batch = database.write(lambda s: spreadsheets.start_import(s, by.coordinator, request_id=new_id(), table=table))
        fates: list[RowFate] = []
        for start in range(0, len(plan.families), spreadsheets.CHUNK):
            chunk = plan.families[start : start + spreadsheets.CHUNK]
            fates += database.write(
                lambda s, chunk=chunk: spreadsheets.import_chunk(s, by.coordinator, batch_id=batch, families=chunk)
            )
        return plan, fates

    return run


def exported(database: Database, by: Team) -> list[dict[str, str]]:
    """Everybody, as the table gives them."""
    sheet = database.read(lambda s: spreadsheets.people_sheet(s, by.coordinator))
    return [dict(zip(spreadsheets.EXPORT_FIELDS, row, strict=True)) for row in sheet.rows]


def write(path: Path, lines: Sequence[str], encoding: str = "utf-8") -> Path:
    """A small list."""
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def read_csv(path: Path) -> list[list[str]]:
    """The cells of a written CSV as they stand there."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", ["people-febrl1.csv", "people-households-part.csv", "people-multiscript-part.csv"])
def test_every_field_comes_back(database: Database, by: Team, take_in: TakeIn, name: str) -> None:
    by.clock.forward(days=800)  # the lists have children who were born after the centre's first summer
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        given = [{k: unicodedata.normalize("NFC", v) for k, v in row.items()} for row in csv.DictReader(file)]
    _, fates = take_in(DATA / name)
    back = [{key: row[key] for key in CANON} for row in exported(database, by)]
    key = lambda row: row["external_id"]  # noqa: E731
    assert sorted(back, key=key) == sorted(given, key=key)
    assert {fate.fate for fate in fates} == {Fate.NEW}
    assert len(fates) == len(given)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_naughty_strings_are_names_and_notes(
    database: Database, by: Team, take_in: TakeIn, kind: str, tmp_path: Path
) -> None:
    written = json.loads((DATA / "naughty-strings.json").read_text(encoding="utf-8"))
    strings = [unicodedata.normalize("NFC", text.strip()).strip() for text in written]
    rows = [
        (str(no), "", "", text, "", "", "m", "", "", "", "", "", "", "", text, "") for no, text in enumerate(strings)
    ]
    sheet = spreadsheets.PeopleSheet(tuple(rows), len(rows))
    for turn in ("first", "second"):
        spreadsheets.write_people(tmp_path / f"{turn}.{kind}", kind, sheet)
        take_in(tmp_path / f"{turn}.{kind}")
        back = {row["external_id"]: row for row in exported(database, by)}
        assert [back[str(no)]["family_name"] for no in range(len(strings))] == strings
        assert [back[str(no)]["note"] for no in range(len(strings))] == strings
        assert len(back) == len(strings)
    missed = [text for text in strings[::4] if text and text not in _found(database, by, text)]
    assert missed == []


def _found(database: Database, by: Team, text: str) -> list[str]:
    return [row.full_name for row in database.read(lambda s: people.find(s, by.coordinator, text, limit=60))]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", "'=1", "+79101234567", "\t=1", "''=2", "'тихо", "=cmd|' /C calc'!A0")
    sheet = spreadsheets.PeopleSheet((evil + ("",) * 6,), 1)
    spreadsheets.write_people(tmp_path / "a.csv", "csv", sheet)
    spreadsheets.write_people(tmp_path / "a.xlsx", "xlsx", sheet)
    cells = read_csv(tmp_path / "a.csv")[1]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t") and cell != "+79101234567"] == []
    assert {
        cell.data_type for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row
    } <= {"s", "n"}
    for name in ("a.csv", "a.xlsx"):
        assert spreadsheets.read_table(tmp_path / name).rows[1][: len(evil)] == evil


def test_a_list_as_people_make_them(database: Database, by: Team, take_in: TakeIn, tmp_path: Path) -> None:
    path = write(tmp_path / "список.csv", [
        "Список прибывших в школу № 12;;;;", ";;;;", "№;Ф.И.О.;Дата рожд.;Чел.;Тел.",
        "1;Ткаченко Мария Петровна;12.08.1989;4 чел.;8 910 123-45-67", "2;Шевченко Олег;1961;м36 ж8;",
    ], "cp1251")  # fmt: skip
    plan, _ = take_in(path)
    assert (plan.header.row, len(plan.families), plan.people) == (2, 2, 7)
    rows = exported(database, by)
    assert [row["family_name"] for row in rows if row["given_name"]] == ["Ткаченко", "Шевченко"]
    assert (rows[0]["birth_date"], rows[0]["phone"], rows[4]["birth_date"]) == ("1989-08-12", "+79101234567", "1961")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str, tmp_path: Path) -> None:
    lines = [delimiter.join(("Фамилия", "Имя", "Возраст")), delimiter.join(("Їжакевич", "Галина", "63"))]
    table = spreadsheets.read_table(write(tmp_path / "a.csv", lines, encoding))
    assert table.rows[1] == ("Їжакевич", "Галина", "63")
    assert dict(spreadsheets.find_header(table.rows).columns) == {"family_name": 0, "given_name": 1, "age": 2}


def test_merged_cells_belong_to_every_row(database: Database, by: Team, take_in: TakeIn, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Списки", None, None], ["Семья", "ПІБ", "Вік"], [17, "Ткач Олена", 40], [None, "Ткач Іван", 12.0]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "m.xlsx")
    plan, _ = take_in(tmp_path / "m.xlsx")
    assert [len(family.draft.members) for family in plan.families] == [2]
    assert {row["household"] for row in exported(database, by)} == {"17"}


def test_a_bad_row_stops_nobody(database: Database, by: Team, take_in: TakeIn, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [
        "фамилия,пол,дата рождения,телефон,примечание", "Первый,м,1961-08-12,,", ",,,,только примечание", f"{'Я' * 500},м,,,",
        "Второй,марсианин,31.02.1960,,сосед", "Третий,ж,2099-01-01,,",
    ])  # fmt: skip
    plan, fates = take_in(path)
    told = {fate.row: fate for fate in (*fates, *plan.refused)}
    assert [told[row].fate for row in (2, 3, 4, 5, 6)] == [Fate.NEW, Fate.REFUSED, Fate.REFUSED, Fate.NEW, Fate.NEW]
    assert [len(told[row].remarks) for row in (2, 3, 4, 5, 6)] == [0, 1, 1, 2, 1]
    rows = {row["family_name"]: row for row in exported(database, by)}
    assert set(rows) == {"Первый", "Второй", "Третий"}
    assert rows["Второй"]["note"] == "сосед\nsex: марсианин\nbirth_date: 31.02.1960"
    result = tmp_path / "result.csv"
    spreadsheets.write_result(result, plan, (*fates, *plan.refused), "ru")
    assert [len(row) for row in read_csv(result)] == [7] * 6


def test_a_list_taken_in_twice_brings_nobody_twice(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    lines = [
        HEADER,
        "1,H1,HEAD,Иванов,Иван,,m,1980,,,,",
        "2,H1,,Иванова,Анна,,f,1985,,,,",
        ",,,Петров,,,,,,,,",
        ",,,Петров,,,,,,,,",
    ]
    take_in(write(tmp_path / "a.csv", lines))
    mended = [*lines, "3,,,Новая,,,f,,,,,"]
    plan, fates = take_in(write(tmp_path / "b.csv", mended))
    assert len(plan.new_families) == 1
    assert [fate.fate for fate in fates] == [Fate.KNOWN] * 4 + [Fate.NEW]
    assert len(exported(database, by)) == 5


FAMILY = [
    "1,H1,HEAD,Иванов,Иван,,m,1980,+79000000001,,,",
    "2,H1,WIFE_HUSBAND,Иванова,Анна,,f,1985,,,,",
    "3,H1,SON_DAUGHTER,Иванов,Пётр,,m,2015,,,,",
]


def test_a_mended_family_is_changed_and_stays_one(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    take_in(write(tmp_path / "a.csv", [HEADER, *FAMILY, "9,H2,HEAD,Ткач,Олена,,f,1971,,,,"]))
    mended = [
        FAMILY[0].replace("1980", "1981-05-06"),
        FAMILY[1].replace("Иванова,Анна", "Иванова-Мороз,Анна"),
        "4,H1,SON_DAUGHTER,Иванова,Оля,,f,2020,,,,",
    ]
    path = write(tmp_path / "b.csv", [HEADER, *mended, "9,H2,HEAD,Ткач,Олена,,f,1971,,,,"])
    plan, fates = take_in(path)
    assert [fate.fate for fate in plan.fates()] == [Fate.CHANGED] * 3 + [Fate.KNOWN]
    assert [fate.fate for fate in fates] == [Fate.CHANGED] * 3 + [Fate.KNOWN]
    assert (plan.people, len(plan.new_families), len(plan.changed_families), plan.known_families) == (0, 0, 1, 1)
    rows = {row["external_id"]: row for row in exported(database, by)}
    assert {n: (row["family_name"], row["birth_date"]) for n, row in rows.items()} == {
        "1": ("Иванов", "1981-05-06"),
        "2": ("Иванова-Мороз", "1985"),
        "3": ("Иванов", "2015"),  # a list takes nobody away
        "4": ("Иванова", "2020"),
        "9": ("Ткач", "1971"),
    }
    assert {row["household"] for row in rows.values()} == {"H1", "H2"}
    assert rows["1"]["phone"] == "+79000000001"
    assert len(database.read(lambda s: people.families(s, by.coordinator))) == 2
    assert [row.full_name for row in database.read(lambda s: people.find(s, by.coordinator, "мороз"))] != []
    again, _ = take_in(path)
    assert not again.is_anything


def test_a_single_person_mended_is_not_taken_in_again(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    take_in(write(tmp_path / "a.csv", [HEADER, "7,,,Щербаков,Юрий,,m,1961,,,,"]))
    plan, _ = take_in(write(tmp_path / "b.csv", [HEADER, "7,,,Щербаков,Юрий,Ильич,m,1961,,4514 123456,,"]))
    assert [fate.fate for fate in plan.fates()] == [Fate.CHANGED]
    (row,) = exported(database, by)
    assert (row["patronymic"], row["document_number"]) == ("Ильич", "4514 123456")


def test_the_numbers_of_another_list_are_other_people(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    """Every list counts from one: the number alone means nobody."""
    take_in(write(tmp_path / "a.csv", [HEADER, *FAMILY]))
    others = ["1,H1,HEAD,Петренко,Иван,,m,1955,,,,", "2,H1,WIFE_HUSBAND,Петренко,Ольга,,f,1957,,,,"]
    plan, _ = take_in(write(tmp_path / "b.csv", [HEADER, *others]))
    assert [fate.fate for fate in plan.fates()] == [Fate.NEW] * 2
    assert len(exported(database, by)) == 5


def test_what_a_window_changed_is_not_overruled_by_a_list(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    take_in(write(tmp_path / "a.csv", [HEADER, *FAMILY]))
    here = database.read(lambda s: people.families(s, by.coordinator))[0].id
    draft = database.read(lambda s: people.household_draft(s, by.registrar, here))
    draft = replace(draft, origin_text="Суджа")
    database.write(
        lambda s: people.change_household(s, by.registrar, request_id=new_id(), household_id=here, draft=draft)
    )
    plan, fates = take_in(write(tmp_path / "b.csv", [HEADER, FAMILY[0].replace("1980", "1990"), *FAMILY[1:]]))
    assert [(fate.fate, len(fate.remarks)) for fate in plan.fates()] == [(Fate.KNOWN, 1)] * 3
    assert [(fate.fate, len(fate.remarks)) for fate in fates] == [(Fate.KNOWN, 1)] * 3
    assert {row["birth_date"] for row in exported(database, by)} == {"1980", "1985", "2015"}


def test_undo_keeps_a_family_that_filled_in_the_form(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    form = database.write(lambda s: intake.load_form(s, by.coordinator, request_id=new_id()))
    take_in(write(tmp_path / "a.csv", [HEADER, "1,,,Иванов,Иван,,m,1980,,,,", "2,,,Петрова,Анна,,f,1985,,,,"]))
    served = database.read(lambda s: people.find(s, by.coordinator, "петрова"))[0].household_id
    filled = intake.SubmissionDraft(served, form.id, {"needs": ["food"], "remarks": "с кошкой"})
    database.write(lambda s: intake.fill_in(s, by.registrar, request_id=new_id(), draft=filled))
    (batch,) = database.read(lambda s: spreadsheets.import_batches(s, by.coordinator))
    assert (batch.families, batch.can_undo) == (2, 1)
    step = database.write(lambda s: spreadsheets.undo_chunk(s, by.coordinator, batch_id=batch.id))
    assert (step.done, step.left, step.kept) == (1, 0, 1)
    with pytest.raises(Refused, match="family-in-use"):
        database.write(lambda s: people.withdraw_household(s, by.coordinator, request_id=new_id(), household_id=served))
    assert [row["family_name"] for row in exported(database, by)] == ["Петрова"]
    assert database.read(lambda s: check(s, by.coordinator)).failures == ()


def test_an_import_is_undone_as_one_and_may_come_again(
    database: Database, by: Team, take_in: TakeIn, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [HEADER, "1,,,Иванов,Иван,,m,1980,,,,", "2,,,Петрова,Анна,,f,1985,,,,"])
    take_in(path)
    (batch,) = database.read(lambda s: spreadsheets.import_batches(s, by.coordinator))
    assert (batch.families, batch.can_undo) == (2, 2)
    kept = database.read(lambda s: people.find(s, by.coordinator, "иванов"))[0].household_id
    draft = database.read(lambda s: people.household_draft(s, by.registrar, kept))
    database.write(
        lambda s: people.change_household(s, by.registrar, request_id=new_id(), household_id=kept, draft=draft)
    )
    step = database.write(lambda s: spreadsheets.undo_chunk(s, by.coordinator, batch_id=batch.id))
    assert (step.done, step.left, step.kept) == (1, 0, 1)
    assert [row["family_name"] for row in exported(database, by)] == ["Иванов"]
    assert database.read(lambda s: people.find(s, by.coordinator, "петрова")) == ()
    take_in(path)
    assert sorted(row["family_name"] for row in exported(database, by)) == ["Иванов", "Петрова"]


def test_the_origin_becomes_a_place(database: Database, by: Team, take_in: TakeIn, tmp_path: Path) -> None:
    database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))
    take_in(write(tmp_path / "a.csv", ["surname,origin", "Ткач,Teotkino", "Шульга,Tetkino", "Кравец,Нигде"]))
    rows = database.read(lambda s: people.families(s, by.coordinator))
    assert {row.family_name: row.settlement.get("ru") for row in rows} == {
        "Ткач": None,
        "Шульга": "Тёткино",
        "Кравец": None,
    }


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    rows = spreadsheets.read_table(write(tmp_path / "a.csv", ["колонка один,zwei", "Ткач,12"])).rows
    for column in ("колонка один", "A", "1"):
        header = spreadsheets.find_header(rows, {"full_name": column, "age": "zwei"})
        assert dict(header.columns) == {"full_name": 0, "age": 1}
    for chosen in ({"full_name": "нет"}, {"nothing": "A"}):
        with pytest.raises(InvalidInput):
            spreadsheets.find_header(rows, chosen)


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"\x00\x01\x02" * 300, b"PK\x03\x04broken", b"a,b,c\n1,2,3\n", b"\xff\xfe\x00\xd8"]
)
def test_what_is_no_list_is_told(database: Database, by: Team, centre: Centre, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    read = lambda s: spreadsheets.plan_import(s, by.coordinator, spreadsheets.read_table(tmp_path / "a.csv"))  # noqa: E731
    with pytest.raises(Refused):
        database.read(read)
    with pytest.raises(Refused, match="no-file"):
        spreadsheets.read_table(tmp_path / "missing.csv")


def test_volunteers_cannot_give_names_out(database: Database, by: Team, centre: Centre) -> None:
    for actor in (by.registrar, by.distributor, by.shift_lead, by.storekeeper, by.administrator, by.auditor):
        with pytest.raises(NotAllowed):
            database.read(lambda s, actor=actor: spreadsheets.people_sheet(s, actor))
