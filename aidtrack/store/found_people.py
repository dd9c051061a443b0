"""People who were found, as a list of hits needs them: with their family, its settlement and its card.

Who is found is `name_lookup`; who may see which of them is `services.people`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.errors import Names
from aidtrack.store.asking import Question, Rows, is_on_server
from aidtrack.store.name_lookup import date_of, keys_of, person_of


class FoundPerson(NamedTuple):
    """Somebody who is a member of a family that counts; of who is in several, a row for each."""

    household_id: UUID
    person_id: UUID
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date | None
    external_id: str
    is_protected: bool
    origin_text: str
    names: Names | None
    number: str | None


def found_people(session: Session, people: Sequence[UUID]) -> Question[list[FoundPerson]]:
    """These people, in no order; who is in no family now is left out. The names of the settlement, the number of the valid card."""
    sql = _rows("%s" if is_on_server(session) else "?", len(people))
    return Question([(sql, keys_of(session, people))] if people else [], _people)


def _people(parts: Sequence[Rows]) -> list[FoundPerson]:
    return [
        FoundPerson(
            person_of(home), person_of(who), family, given, father, date_of(born), key, bool(hidden), origin, _read(names), card
        )
        for home, who, family, given, father, born, key, hidden, origin, names, card in chain(*parts)
    ]


def _read(names: Any) -> Names | None:
    """A server's driver reads them itself."""
    read: Names | None = json.loads(names) if isinstance(names, str) else names
    return read


@cache
def _rows(place: str, size: int) -> str:
    return (
        "SELECT h.id, p.id, p.family_name, p.given_name, p.patronymic, p.birth_date, p.external_id, h.is_protected, h.origin_text,"
        " s.names, c.number FROM person AS p"
        " JOIN household_member AS m ON m.person_id = p.id AND m.until_day IS NULL"
        " JOIN household AS h ON h.id = m.household_id AND h.status = 'active'"
        " LEFT JOIN settlement AS s ON s.id = h.settlement_id"
        " LEFT JOIN card AS c ON c.household_id = h.id AND c.state = 'active'"
        f" WHERE p.id IN ({', '.join([place] * size)})"
    )
