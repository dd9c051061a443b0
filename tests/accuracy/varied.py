"""Families made anew from a seed and registered again at a second desk with its errors: data of the kind that nobody has looked at.

Rows have the columns of `import people`. Families have fathers and sons of one name, twins, and cousins of one name and age elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from aidtrack.demo.families import words
from tests.accuracy.records import Row, Sample, pair_of, sample
from tests.bench.population import ENDINGS, MIDDLES, STEMS

TOWNS = "Суджа Глушково Коренево Рыльск Тёткино Обоянь Льгов Поныри Тим Фатеж Золотухино Медвенка Конышевка Хомутовка".split()
STREETS = "Лесная Школьная Садовая Кирова Победы Мира Заводская Гагарина Ленина Советская Первомайская".split()
ICAO = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y  e iu ia".split(" "),
        strict=True,
    )
)
GOST = ICAO | dict(zip("ёйхцщъьюя", "jo j h c shh ' ' ju ja".split(), strict=True))
GERMAN = (
    ICAO | dict(zip("вжзйхцчшщъыью", "w sh s j ch z tsch sch schtsch  y  ju".split(" "), strict=True)) | {"я": "ja"}
)
SCHEMES = (ICAO, GOST, GERMAN)
LETTERS = "абвгдежзиклмнопрстуфхцчшыя"


@dataclass(slots=True)
class Desk:
    """What a run of making knows."""

    chance: Random
    numbers: count[int] = field(default_factory=count)

    def often(self, share: float) -> bool:
        return self.chance.random() < share


def households(seed: int, families: int = 900) -> Sample:
    """Registered families (ids A…) and those of them that came to a second desk (ids B…), with the true pairs and whom to keep apart."""
    desk = Desk(Random(seed))
    first = [_family(desk, no) for no in range(families)]
    cousins = [pair for family in first if desk.often(0.07) for pair in _cousins(desk, family, first)]
    again: list[Row] = []
    pairs: set[tuple[str, str]] = set()
    seconds = [(family, _second(desk, family, no)) for no, family in enumerate(first) if desk.often(0.6)]
    for _, rows in seconds:
        if desk.often(0.1) and len(rows) > 1:
            rows[-1][1]["household"] = desk.chance.choice(seconds)[1][0][1]["household"]
        for old, new in rows:
            again.append(new)
            pairs.add((old["external_id"], new["external_id"]))
    apart = {*cousins, *(pair for family in first for pair in _alike_at_home(family))}
    return Sample(
        f"families of seed {seed}",
        [row for family in first for row in family] + again,
        frozenset(pairs),
        frozenset(apart),
    )


def _family(desk: Desk, no: int) -> list[Row]:
    chance = desk.chance
    male, female = _surname(chance)
    home, address = chance.choice(TOWNS), f"Курск, ул. {chance.choice(STREETS)}, {chance.randint(1, 120)}"
    fathers = {name: (son, daughter) for name, son, daughter in words()["fathers"]}
    husband = chance.choice(sorted(fathers))
    born = date(1940, 1, 1) + timedelta(chance.randrange(20_000))
    members = [(husband, chance.choice(words()["fathers"])[1], "m", born, "HEAD")]
    wife = (
        chance.choice(words()["women"]),
        chance.choice(words()["fathers"])[2],
        "f",
        _days(born, chance, 3000),
        "WIFE_HUSBAND",
    )
    members += [wife] * desk.often(0.8)
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
        sex, day = chance.choice("mf"), _days(born + timedelta(9500), chance, 3500)
        given = husband if sex == "m" and desk.often(0.1) else chance.choice(words()["men" if sex == "m" else "women"])
        members.append((given, fathers[husband][sex == "f"], sex, day, "SON_DAUGHTER"))
    if desk.often(0.03) and len(members) > 2:
        sex = members[-1][2]
        twin = chance.choice([n for n in words()["men" if sex == "m" else "women"] if n != members[-1][0]])
        members.append((twin, *members[-1][1:]))
    return [
        _row(desk, f"A{next(desk.numbers):05}", f"H{no}", (male if who[2] == "m" else female, *who), (home, address))
        for who in members
    ]


def _surname(chance: Random) -> tuple[str, str]:
    stem, (male, female) = chance.choice(STEMS) + chance.choice(MIDDLES), chance.choice(ENDINGS)
    stem += chance.choice(("", "", chance.choice(MIDDLES)))
    return stem + male, stem + female


def _days(around: date, chance: Random, span: int) -> date:
    return min(date(2025, 12, 31), around + timedelta(chance.randint(-span, span)))


def _row(desk: Desk, key: str, home: str, who: tuple[str, str, str, str, date, str], places: tuple[str, str]) -> Row:
    family, given, father, sex, day, relation = who
    is_grown = day.year < 2010
    phone = f"+79{desk.chance.randrange(10**9):09}" if is_grown and desk.often(0.7) else ""
    paper = f"38{desk.chance.randrange(10**8):08}" if is_grown and desk.often(0.6) else ""
    return {
        "external_id": key, "household": home, "relation": relation, "family_name": family, "given_name": given,
        "patronymic": father if desk.often(0.8) else "", "sex": sex, "birth_date": day.isoformat(), "phone": phone,
        "document_number": paper, "address": places[1], "origin": places[0],
    }  # fmt: skip


def _cousins(desk: Desk, family: list[Row], families: list[list[Row]]) -> list[tuple[str, str]]:
    """Somebody of one name and age, whose father has another name, in a family of the same place."""
    one, other = desk.chance.choice(family), desk.chance.choice(families)
    if other is family or one["birth_date"] < "1950":
        return []
    day = date.fromisoformat(one["birth_date"])
    born = desk.chance.choice([d for d in (day + timedelta(n) for n in range(-300, 300, 7)) if d != day])
    born = min(born, date(2025, 12, 31))
    born -= timedelta(7) * (born == day)  # two of one name born on one day in one place are nobody's to tell apart
    father = desk.chance.choice([f for f in words()["fathers"] if one["patronymic"] not in f])[1 + (one["sex"] == "f")]
    who = (one["family_name"], one["given_name"], father, one["sex"], born, "OTHER")
    cousin = _row(desk, f"A{next(desk.numbers):05}", other[0]["household"], who, (one["origin"], other[0]["address"]))
    other.append(cousin)
    return [(one["external_id"], cousin["external_id"])]


def _alike_at_home(family: list[Row]) -> list[tuple[str, str]]:
    """Fathers and sons of one name, and twins."""
    return [
        (a["external_id"], b["external_id"])
        for no, a in enumerate(family)
        for b in family[no + 1 :]
        if a["given_name"] == b["given_name"] or a["birth_date"] == b["birth_date"]
    ]


# ── the second desk ──────────────────────────────────────────────────────────────────────────────


def _second(desk: Desk, family: list[Row], no: int) -> list[tuple[Row, Row]]:
    """The family as another desk wrote it: one spelling for all, some left out, another home, slips in each row."""
    left = desk.chance.sample(family, max(1, len(family) - desk.chance.choice((0, 0, 0, 1, 1, 2, 3))))
    scheme = desk.chance.choice(SCHEMES) if desk.often(0.45) else None
    address = f"Курск, ПВР № {desk.chance.randint(1, 12)}" if desk.often(0.5) else ""
    found = []
    for old in left:
        new = {**old, "external_id": f"B{next(desk.numbers):05}", "household": f"G{no}"}
        new["address"] = address or old["address"]
        found.append((old, _spelled(_with_slips(desk, new), scheme)))
    return found


def _with_slips(desk: Desk, row: Row) -> Row:
    if desk.often(0.35):
        name = desk.chance.choice(("family_name", "given_name"))
        row[name] = slip(desk.chance, row[name])
    if desk.often(0.1):
        row["family_name"], row["given_name"] = row["given_name"], row["family_name"]
    row["patronymic"] = row["patronymic"] if desk.often(0.6) else ""
    if desk.often(0.28):
        year = int(row["birth_date"][:4]) + desk.chance.choice((-1, 0, 0, 1))
        return (
            row
            | {"birth_date": str(year)}
            | dict.fromkeys(("sex", "phone", "document_number", "address", "origin", "patronymic"), "")
        )
    row["birth_date"] = _other_date(desk, row["birth_date"])
    row["document_number"] = row["document_number"] if desk.often(0.6) else ""
    if row["document_number"] and desk.often(0.1):
        row["document_number"] = slip(desk.chance, row["document_number"], "0123456789")
    row["phone"] = row["phone"] if desk.often(0.5) else ""
    row["origin"] = row["origin"] if desk.often(0.7) else ""
    return row


def _other_date(desk: Desk, written: str) -> str:
    luck = desk.chance.random()
    year, month, day = written.split("-")
    if luck < 0.05:
        return ""
    if luck < 0.08 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    return f"{year[:3]}{desk.chance.randint(0, 9)}-{month}-{day}" if luck < 0.16 and year < "2015" else written


def slip(chance: Random, word: str, letters: str = LETTERS) -> str:
    """One letter more, less, another, or two in each other's place."""
    if len(word) < 3:
        return word
    at, kind = chance.randrange(len(word) - 1), chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    new = chance.choice(letters) if kind < 3 else ""
    return word[:at] + new + word[at + (kind > 1) :]


def _spelled(row: Row, scheme: dict[str, str] | None) -> Row:
    if scheme is None:
        return row
    names = ("family_name", "given_name", "patronymic", "address", "origin")
    return row | {name: " ".join(_latin(word, scheme) for word in row[name].split()) for name in names}


def _latin(word: str, scheme: dict[str, str]) -> str:
    spelled = "".join(scheme.get(c, c) for c in word.lower())
    return spelled[:1].upper() + spelled[1:]


# ── the classic list, shuffled ───────────────────────────────────────────────────────────────────

_SPOILT = ("family_name", "given_name", "swap", "birth_date", "document_number", "address", "origin")
_HOW_OFTEN = (20, 18, 6, 8, 8, 30, 20)
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz "


def febrl(seed: int) -> Sample:
    """New people from the shuffled columns of the classic list, each written down again with one to four faults."""
    chance = Random(seed)
    people = [row for row in sample("febrl1").rows if row["external_id"].endswith("org")]
    columns = {name: [row[name] for row in people] for name in people[0]}
    for values in columns.values():
        chance.shuffle(values)
    rows: list[Row] = []
    for no in range(len(people)):
        first = {name: values[no] for name, values in columns.items()} | {"external_id": f"rec-{no}-org"}
        rows += [first, _spoilt(chance, first, columns) | {"external_id": f"rec-{no}-dup-0"}]
    pairs = frozenset(pair_of(f"rec-{no}-org", f"rec-{no}-dup-0") for no in range(len(people)))
    return Sample(f"febrl1 shuffled by {seed}", rows, pairs)


def _spoilt(chance: Random, row: Row, columns: dict[str, list[str]]) -> Row:
    new = dict(row)
    for _ in range(chance.choice((1, 1, 2, 2, 3, 3, 4))):
        name = chance.choices(_SPOILT, _HOW_OFTEN)[0]
        if name == "swap":
            new["family_name"], new["given_name"] = new["given_name"], new["family_name"]
        else:
            new[name] = _fault(chance, name, new[name], columns[name])
    return new if new["family_name"] or new["given_name"] else new | {"family_name": row["family_name"]}


def _fault(chance: Random, name: str, value: str, others: list[str]) -> str:
    luck = chance.random()
    if name == "birth_date":
        return chance.choice(others) if luck < 0.6 else ""
    if luck < (0.6 if name == "document_number" else 0.12):
        return chance.choice(others)
    if luck < 0.2 and name != "address":
        return ""
    return slip(chance, value, "0123456789" if name == "document_number" else _LATIN_LETTERS)
