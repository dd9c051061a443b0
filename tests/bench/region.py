"""A region's people, 1,000,000 of them, written by SQL because registering them one by one takes an afternoon; and newcomers among them.

Names are as frequent as names are (a few surnames are everybody's, most are one family's), in both scripts, some with slips; everybody
is invented. The search index is made by the program's own rebuild.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

from anyascii import anyascii
from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Unclear, read_birth
from aidtrack.domain.contacts import phone_key
from aidtrack.domain.ids import new_card_number, new_id, new_token
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.services import days, founding
from aidtrack.services.today import current_day
from aidtrack.store.database import Database, create_database
from aidtrack.store.names import rebuild
from aidtrack.store.people import Card, Household, HouseholdMember, Person
from aidtrack.store.versions import head
from tests import cluster
from tests.bench.population import SURNAMES, actor

TODAY = date(2026, 11, 22)
DATA = Path(__file__).parents[1] / "data"
FREQUENT = tuple(
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов"
    " Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев"
    " Шевченко Мельник Коваленко Бондаренко Ткаченко Кравченко Ковальчук Олійник Шевчук Поліщук Лисенко Савченко Руденко Марченко".split()
)
MEN = (
    "Александр Сергей Владимир Андрей Алексей Дмитрий Николай Иван Михаил Евгений Виктор Юрий Анатолий Василий Олександр Сергій Микола"
    " Володимир Андрій Олексій Дмитро Максим Павел Игорь Олег Роман Артём Денис Антон Илья Пётр Богдан Тарас Ярослав Степан Григорий"
).split()
WOMEN = (
    "Елена Ольга Наталья Татьяна Анна Мария Ирина Светлана Екатерина Людмила Галина Валентина Надежда Любовь Марина Юлия Олена Наталія"
    " Тетяна Ганна Марія Ірина Світлана Катерина Людмила Оксана Виктория Дарья Алина Полина Софія Злата Вера Нина Зоя Лариса Маргарита"
).split()
_ROMAN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g".split(), strict=True))  # fmt: skip
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody as registered."""

    key: str
    family: str
    given: str
    patronymic: str
    born: date


class Place(StrEnum):
    """Where the people are kept."""

    FILE = "file"
    ENCRYPTED = "encrypted"
    SERVER = "server"


MEMORY = "1GB"
"""Of the server: a quarter of what a small one has, as its handbook advises."""
KEY = bytes(range(32))
"""Of the encrypted file: nobody in it exists."""


@contextmanager
def standing(folder: Path, number: int, place: Place) -> Iterator[tuple[str, bytes | None]]:
    """The address of a database with so many people, and its key. Files are kept for the next time, a server stands for this time only."""
    if place is not Place.SERVER:
        key = KEY if place is Place.ENCRYPTED else None
        yield str(make(folder, number, key)), key
        return
    with tempfile.TemporaryDirectory() as name:
        run = Path(name)
        run.chmod(0o711)
        try:
            cluster.address_of(run, "postgres", MEMORY)
            cluster.ask(run, "CREATE DATABASE region")
            database = create_database(cluster.address_of(run, "region"))
            fill(database, number)
            database.close()
            cluster.ask(run, "VACUUM ANALYZE", "region")
            yield cluster.address_of(run, "region"), None
        finally:
            cluster.stop(run)


def make(path: Path, number: int, key: bytes | None = None) -> Path:
    """The file with `number` people of this version, made when it is not there."""
    path = path / f"region-{number}-{head()}{'-encrypted' if key else ''}.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    database = create_database(making, key=key)
    fill(database, number)
    database.close()
    making.rename(path)
    return path


def fill(database: Database, number: int) -> None:
    """Founds a centre, puts the people in and makes them findable."""
    founder = Actor(None, "bench", frozenset(Role), wall_clock)
    database.write(lambda s: founding.found_centre(s, founder, request_id=new_id(), draft=CentreDraft("Bench")))
    by = actor(database)
    database.write(lambda s: days.open_day(s, by, request_id=new_id()))
    database.write(lambda s: _put_in(s, by, number))
    database.write(rebuild)


def _put_in(session: Session, by: Actor, number: int) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {Household: [], Person: [], HouseholdMember: [], Card: []}
    connection, people, today = session.connection(), humans(number), current_day(session, by)
    drawn: set[str] = set()
    while family := list(islice(people, 4)):
        _family(by, today, family, rows, drawn)
        if len(rows[Person]) >= _AT_ONCE:
            _write(connection, rows)
    _write(connection, rows)


def _new_number(drawn: set[str]) -> str:
    """Of a quarter of a million cards two are equal in three fillings of ten."""
    number = new_card_number()
    while number in drawn:
        number = new_card_number()
    drawn.add(number)
    return number


def _family(
    by: Actor, day: date, family: Sequence[Human], rows: dict[Any, list[dict[str, Any]]], drawn: set[str]
) -> None:
    household, now = new_id(), by.now()
    people = [new_id() for _ in family]
    phone = f"+79{int(family[0].key) * 7919 % 10**9:09}"
    rows[Household].append({"id": household, "site_id": by.site, "head_id": people[0], "origin_text": "Суджа", "registered_day": day,
                            "registered_at": now, "phone": phone, "phone_key": phone_key(phone)})  # fmt: skip
    number = _new_number(drawn)
    rows[Card].append({"id": new_id(), "site_id": by.site, "household_id": household, "number": number, "tail": number[-4:],
                       "token": new_token(), "issued_at": now})  # fmt: skip
    for no, (person, one) in enumerate(zip(people, family, strict=True), 1):
        rows[Person].append({"id": person, "external_id": one.key, "family_name": one.family, "given_name": one.given,
                             "patronymic": one.patronymic, "birth_date": one.born, "birth_precision": "day"})  # fmt: skip
        rows[HouseholdMember].append(
            {"id": new_id(), "household_id": household, "person_id": person, "no": no, "since_day": day}
        )


def _write(connection: Connection, rows: dict[Any, list[dict[str, Any]]]) -> None:
    for model, some in rows.items():
        table: Table = model.__table__
        if some:
            connection.execute(table.insert(), some)
        some.clear()


# ── who they are ─────────────────────────────────────────────────────────────────────────────────


def humans(number: int, seed: int = 7) -> Iterator[Human]:
    """Families of four with one surname; one in six in Latin letters, one in forty with a slip."""
    chance = Random(seed)
    surnames, weights = _surnames()
    for start in range(0, number, 4):
        surname = chance.choices(surnames, cum_weights=weights)[0]
        is_latin = chance.random() < 1 / 6
        for n in range(start, min(start + 4, number)):
            yield _human(chance, str(n), surname, is_latin)


def _surnames() -> tuple[list[tuple[str, str]], list[float]]:
    lines = (DATA / "names-cyrillic-latin.tsv").read_text(encoding="utf-8").splitlines()[1:]
    seen = [native.capitalize() for _, native, _ in (line.split("\t") for line in lines) if native.isalpha()]
    usual = [(name, name + "а" if name.endswith(("ов", "ев", "ёв", "ин")) else name) for name in FREQUENT]
    names = list(dict.fromkeys([*usual, *SURNAMES, *((name, name) for name in dict.fromkeys(seen))]))
    return names, list(accumulate(1 / (rank + 10) ** 0.85 for rank in range(len(names))))


def _human(chance: Random, key: str, surname: tuple[str, str], is_latin: bool) -> Human:
    is_woman = chance.random() < 0.55
    given = _often(chance, WOMEN if is_woman else MEN)
    names = [surname[is_woman], given, father(_often(chance, MEN), is_woman) if chance.random() < 0.8 else ""]
    if is_latin:
        names = [romanised(name) for name in names]
    if chance.random() < 1 / 40:
        names[chance.randrange(2)] = slipped(chance, names[chance.randrange(2)])
    return Human(key, names[0], names[1], names[2], date(1935, 1, 1) + timedelta(chance.randrange(32_000)))


def _often(chance: Random, names: Sequence[str]) -> str:
    """The first ones more often than the last."""
    return names[int(len(names) * chance.random() ** 1.8)]


def father(name: str, is_woman: bool) -> str:
    """The patronymic, by the plain rule."""
    stem = name[:-1] + "е" if name.endswith(("й", "ь")) else name[:-1] + "о" if name[-1] in "ао" else name + "о"
    return stem + ("вна" if is_woman else "вич")


def romanised(name: str) -> str:
    """As in a foreign passport."""
    return anyascii("".join(_ROMAN.get(letter, letter) for letter in name.lower()).replace("_", "")).title()


def slipped(chance: Random, name: str) -> str:
    """One letter left out, doubled, or two changed round."""
    at = chance.randrange(max(1, len(name) - 1))
    left, right = name[:at], name[at + 1 :]
    return chance.choice((left + right, left + name[at] * 2 + right, left + right[:1] + name[at] + right[1:]))


def comers_again(number: int, people: int, seed: int = 13) -> Iterator[tuple[Human, HouseholdDraft]]:
    """Families that are registered, one to four of them, as another desk types them; with the first of those who came."""
    chance = Random(seed)
    wanted = set(Random(seed + 1).sample(range(people // 4), number))
    everybody = humans(people)
    while family := list(islice(everybody, 4)):
        if int(family[0].key) // 4 in wanted:
            came = chance.sample(family, chance.randint(1, 4))
            members = tuple(_member(retyped(chance, one)) for one in came)
            yield came[0], HouseholdDraft(members=members, origin_text="Суджа")


def _member(typed: str) -> MemberDraft:
    *names, last = typed.split(" ")
    is_dated = last[:1].isdigit()
    family, given, father = [*names, *([] if is_dated else [last]), "", ""][:3]
    return MemberDraft(None, family, given, father, birth=_read(last) if is_dated else None)


def _read(written: str) -> Birth | None:
    """A form takes no birth that is still to come."""
    try:
        return read_birth(written, TODAY)
    except Unclear:
        return None


def newcomers(number: int, people: int, seed: int = 11) -> Iterator[tuple[Human, str]]:
    """People who are registered, and how another desk types them: other script, a slip, swapped names, no patronymic, birth with a slip."""
    chance = Random(seed)
    wanted = set(Random(seed + 1).sample(range(people), number))
    for one in humans(people):
        if int(one.key) in wanted:
            yield one, retyped(chance, one)


def retyped(chance: Random, one: Human) -> str:
    """What is typed for somebody at another desk."""
    names = [one.family, one.given, one.patronymic if chance.random() > 0.45 else ""]
    if chance.random() < 0.5:
        names = [romanised(name) for name in names]
    if chance.random() < 0.35:
        at = chance.randrange(2)
        names[at] = slipped(chance, names[at])
    if chance.random() < 0.1:
        names[:2] = names[1::-1]
    return " ".join(name for name in [*names, _birth(chance, one.born)] if name)


def _birth(chance: Random, born: date) -> str:
    dice = chance.random()
    if dice < 0.05:
        return ""
    if dice < 0.07 and born.day <= 12:
        return f"{born.month:02}.{born.day:02}.{born.year}"
    if dice < 0.18:
        year = str(born.year)
        return f"{born.day:02}.{born.month:02}.{year[:3]}{(int(year[3]) + chance.randrange(1, 10)) % 10}"
    return f"{born:%d.%m.%Y}"
