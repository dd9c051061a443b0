"""Which column of a list means what: headers in three languages, found among the first rows, and words in cells as codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

from aidtrack import i18n
from aidtrack.domain.people import Lodging, Need, Relation, Sex
from aidtrack.errors import InvalidInput, Problem, Refused, Text

HEADER_WITHIN = 20
FIELDS = (
    "external_id", "household", "relation", "family_name", "given_name", "patronymic", "sex", "birth_date", "phone",
    "document_number", "address", "origin", "full_name", "age", "members", "lodging", "needs", "note",
)  # fmt: skip
_NAMES = {"family_name", "given_name", "full_name"}
_NO_WORD = re.compile(r"[\W_]+")

# As they stand in real lists; compared without case, signs and ё.
_SYNONYMS = {
    "external_id": "id, код, номер, № , n, no, externalid, идентификатор, ідентифікатор, person id, код человека",
    "household": "family id, household id, hh, hhid, семья, родина, домохозяйство, домогосподарство, номер семьи, "
    "номер родини, id семьи, карта семьи, картка родини, family",
    "relation": "relationship, родство, кем приходится, степень родства, споріднення, родинний зв'язок, ким доводиться, "
    "отношение, роль в семье",
    "family_name": "surname, last name, lastname, фамилия, прізвище",
    "given_name": "first name, firstname, name, имя, ім'я, имена, імя",
    "patronymic": "middle name, отчество, по батькові, побатькові",
    "full_name": "fullname, фио, ф и о, піб, п і б, прізвище ім'я по батькові, фамилия имя отчество, "
    "имя фамилия, прізвище та ім'я, фамилия имя, прізвище ім'я, кому, получатель, отримувач, фио полностью",
    "sex": "gender, пол, стать, м ж, ч ж",
    "birth_date": "date of birth, dob, birthdate, birthday, дата рождения, дата народження, д р, др, год рождения, "
    "рік народження, родился, year of birth, дата рожд, г р, гр",
    "age": "возраст, вік, лет, полных лет, років, age years",
    "members": "family size, size, people, чел, человек, кол во, количество человек, состав, состав семьи, членов семьи, "
    "склад родини, кількість осіб, осіб, всего человек, кількість, количество",
    "phone": "telephone, mobile, phone number, телефон, тел, номер телефона, номер телефону, моб, контакт, моб телефон",
    "document_number": "document, passport, id number, документ, паспорт, номер документа, серия и номер, серия номер, "
    "серія і номер, паспортные данные, паспорт серия номер",
    "address": "current address, адрес, адреса, где живут, где живет сейчас, место проживания, место пребывания, "
    "місце проживання, адрес проживания, адреса проживання, проживает",
    "origin": "place of origin, from, home, where from, откуда, откуда прибыл, откуда прибыли, откуда приехали, звідки, "
    "звідки приїхали, населенный пункт, населений пункт, прописка, регистрация, адрес регистрации, район",
    "lodging": "stay, жильё, житло, где живут сейчас, де живуть зараз, размещение",
    "needs": "what helps, что учесть, що врахувати, особые потребности, потреби",
    "note": "notes, comment, remark, remarks, примечание, примечания, комментарий, примітка, примітки",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headers stand and which column holds what."""

    row: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...]


def key_of(header: str) -> str:
    """«Ф.И.О.» → «ф и о»."""
    return " ".join(
        _NO_WORD.sub(
            " ", header.casefold().replace("ё", "е").replace("'", "").replace("’", "").replace("ʼ", "")
        ).split()
    )


@cache
def _known() -> dict[str, str]:
    found = {key_of(field): field for field in FIELDS}
    for field, words in _SYNONYMS.items():
        found |= {key_of(word): field for word in words.split(",") if key_of(word)}
    return found


def find_header(rows: Sequence[Sequence[str]], chosen: Mapping[str, str] | None = None) -> Header:
    """The row among the first twenty that names the most fields; `chosen` says field = header text, letter or number of a column.

    Refused when no row names anybody.
    """
    chosen = dict(chosen or {})
    _expect_known(chosen)
    wanted = {key_of(column): field for field, column in chosen.items()}
    found = [_matched(no, row, wanted) for no, row in enumerate(rows[:HEADER_WITHIN])]
    best = max(found, key=lambda header: len(header.columns), default=Header(0, {}, ()))
    columns = dict(best.columns) | _by_place(chosen, best.columns, len(rows[best.row]) if rows else 0)
    if "given_name" in columns and not {"family_name", "full_name"} & columns.keys():
        columns["full_name"] = columns.pop("given_name")  # a list with one column of names has whole names in it
    if not (_NAMES | {"external_id", "document_number"}) & columns.keys():
        raise Refused("no-header", Text("No column of names was found in the first {n} rows.", n=HEADER_WITHIN))
    return Header(best.row, columns, best.unknown)


def _expect_known(chosen: Mapping[str, str]) -> None:
    unknown = [field for field in chosen if field not in FIELDS]
    if unknown:
        text = Text("There is no field “{field}”. Fields: {fields}.", field=unknown[0], fields=", ".join(FIELDS))
        raise InvalidInput([Problem("map", text)])


def _matched(no: int, row: Sequence[str], wanted: Mapping[str, str]) -> Header:
    columns: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(row):
        key = key_of(cell)
        field = wanted.get(key) or _known().get(key)
        if field and field not in columns:
            columns[field] = place
        elif key:
            unknown.append(cell.strip())
    return Header(no, columns, tuple(unknown))


def _by_place(chosen: Mapping[str, str], found: Mapping[str, int], width: int) -> dict[str, int]:
    """Columns chosen by letter (B) or number (2)."""
    places = {}
    for field, column in chosen.items():
        if field in found:
            continue
        letters = column.strip().upper()
        place = int(letters) - 1 if letters.isdecimal() else ord(letters) - ord("A") if len(letters) == 1 else -1
        if not 0 <= place < width:
            raise InvalidInput([Problem("map", Text("There is no column “{column}” in the file.", column=column))])
        places[field] = place
    return places


# ── words in cells ───────────────────────────────────────────────────────────────────────────────

_SEXES = {
    **dict.fromkeys(
        ("m", "male", "man", "м", "муж", "мужской", "мужчина", "ч", "чол", "чоловіча", "чоловік"), Sex.MALE
    ),
    **dict.fromkeys(
        ("f", "female", "w", "woman", "ж", "жен", "женский", "женщина", "жін", "жіноча", "жінка"), Sex.FEMALE
    ),
    **dict.fromkeys(("x", "other", "другой", "інша"), Sex.OTHER),
}
_RELATIONS = {
    Relation.HEAD: "head, self, глава, глава семьи, голова родини, голова, заявитель, заявник, сам, сама",
    Relation.SPOUSE: "wife, husband, spouse, жена, муж, супруг, супруга, дружина, чоловік",
    Relation.CHILD: "son, daughter, child, сын, дочь, дочка, син, донька, дитина, ребенок, сын дочь",
    Relation.PARENT: "mother, father, parent, мать, отец, мама, папа, мати, батько, тато",
    Relation.SIBLING: "brother, sister, брат, сестра",
    Relation.GRANDPARENT: "grandmother, grandfather, бабушка, дедушка, бабуся, дідусь",
    Relation.GRANDCHILD: "granddaugher grandson, grandson, granddaughter, внук, внучка, онук, онука",
    Relation.PARENT_IN_LAW: "mother in law, father in law, теща, тесть, свекровь, свекр, свекруха, свекор",
    Relation.CHILD_IN_LAW: "daughter in law, son in law, невестка, зять, невістка",
    Relation.AUNT_UNCLE: "aunt, uncle, тетя, дядя, тітка, дядько",
    Relation.NEPHEW_NIECE: "nephew, niece, племянник, племянница, племінник, племінниця",
    Relation.COUSIN: "двоюродный брат, двоюродная сестра",
    Relation.FOSTER_CHILD: "foster child, приемный ребенок, опекаемый",
    Relation.PARTNER: "partner, гражданский муж, гражданская жена",
    Relation.OTHER: "other, другое, другой, інше, unknown, родственник",
}

Coded = TypeVar("Coded", Lodging, Need, Relation)


def read_sex(cell: str) -> Sex | None:
    """m, «ж», «чол.»; None for what is no sex."""
    return _SEXES.get(key_of(cell))


def read_relation(cell: str) -> Relation | None:
    """A key of the code list or a word of the three languages; None for what is neither."""
    return _relations().get(key_of(cell)) or read_code(Relation, cell)


@cache
def _relations() -> dict[str, Relation]:
    return {key_of(word): relation for relation, words in _RELATIONS.items() for word in words.split(",")}


def read_code(kind: type[Coded], cell: str) -> Coded | None:
    """A code, or its label in any of the three languages."""
    return _labels(kind).get(key_of(cell))  # type: ignore[return-value]


@cache
def _labels(kind: type[StrEnum]) -> dict[str, StrEnum]:
    codes = {key_of(member.value): member for member in kind}
    words = {
        key_of(i18n.render(member.text, lang)): member  # type: ignore[attr-defined]
        for lang in i18n.LANGUAGES
        for member in kind
    }
    return words | codes
