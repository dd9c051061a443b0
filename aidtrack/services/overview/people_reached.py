"""R2 and R3: who was reached by sex and age, and where they came from, in the days of a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.small_counts import FEWEST
from aidtrack.errors import Names
from aidtrack.services.overview.figures import OriginFigures
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.period_figures import AgeReport, DistrictFigures, NeedFigures, OriginReport
from aidtrack.services.overview.reached import (
    Reached,
    by_age,
    cells_of,
    cohort_rows,
    districts_of,
    families_to_date,
    hand_overs_of,
    needs_of,
    reached,
)
from aidtrack.services.settlements import codes_of
from aidtrack.store.days import Site
from aidtrack.store.people import Settlement


def count_ages(session: Session, by: Actor, period: Period) -> AgeReport:
    """People by sex and age (R2); NotFound where the centre was never open."""
    frame = frame_of(session, by, period)
    served = reached(session, frame, districts_of(session))
    cohorts = cohort_rows(served.people)
    site = session.get_one(Site, frame.site_id)
    hard = [person for person in served.people if person.has_difficulty]
    return AgeReport(
        heading=frame.heading,
        open_days=frame.open_days,
        families=len(served.families),
        new=sum(family.is_new for family in served.families),
        hand_overs=hand_overs_of(session, frame),
        cohorts=cohorts,
        hard=tuple(by_age(row.name, [p for p in hard if p.sex_name == row.name]) for row in cohorts),
        needs=tuple(NeedFigures(need.text, n) for need, n in needs_of(session, frame, served.people).items()),
        organisation=site.name,
        region=codes_of(session, site.place)[0],
    )


# ── where they came from ─────────────────────────────────────────────────────────────────────────


def count_origins(session: Session, by: Actor, period: Period) -> OriginReport:
    """Districts and their places (R3): most families first, those who named no place last."""
    frame = frame_of(session, by, period)
    districts = districts_of(session)
    served = reached(session, frame, districts)
    rows = _districts(session, frame, served, districts)
    return OriginReport(frame.heading, frame.open_days, rows, cells_of(served))


def _districts(
    session: Session, frame: Frame, served: Reached, districts: Mapping[UUID | None, UUID]
) -> tuple[DistrictFigures, ...]:
    known = _all_places(session)
    by_place = _by_place(served, families_to_date(session, frame))
    places: dict[UUID | None, list[OriginFigures]] = defaultdict(list)
    for place, (families, people, new, to_date) in by_place.items():
        names, code = known.get(place, _NOWHERE)
        row = OriginFigures(names, families, people, new, to_date, code)
        places[districts.get(place, place)].append(row)
    rows = [DistrictFigures(_sum(known.get(home, _NOWHERE), rows), _told(rows)) for home, rows in places.items()]
    return tuple(sorted(rows, key=lambda row: (row.whole.names is None, -row.whole.families, str(row.whole.names))))


_Named = tuple[Names | None, str]
_NOWHERE: _Named = (None, "")


def _all_places(session: Session) -> dict[UUID | None, _Named]:
    """Names and code of every place of the list."""
    query = select(Settlement.id, Settlement.names, Settlement.code)
    return {place: (names, code) for place, names, code in session.execute(query)}


def _by_place(served: Reached, so_far: Counter[UUID | None]) -> dict[UUID | None, tuple[int, int, int, int]]:
    """Families, people, new families, and families to date, by place; only places somebody came from in those days."""
    home = {family.id: family.settlement for family in served.families}
    families = Counter(home.values())
    people = Counter(home[person.household_id] for person in served.people)
    new = Counter(family.settlement for family in served.families if family.is_new)
    return {place: (count, people[place], new[place], so_far[place]) for place, count in families.items()}


def _sum(named: _Named, rows: Sequence[OriginFigures]) -> OriginFigures:
    names, code = named
    families, people, new = (sum(getattr(row, name) for row in rows) for name in ("families", "people", "new"))
    return OriginFigures(names, families, people, new, sum(row.to_date for row in rows), code)


def _told(rows: Sequence[OriginFigures]) -> tuple[OriginFigures, ...]:
    """The places, most families first; those of too few people together, with as many others as hide each of them."""
    falling = sorted(rows, key=lambda row: (-row.people, str(row.names)))
    together: list[OriginFigures] = []
    while falling and (falling[-1].people < FEWEST or (together and not _hides(together))):
        together.append(falling.pop())
    told = sorted(falling, key=lambda row: (-row.families, str(row.names)))
    return (*told, *([_sum(_NOWHERE, together)] if together else []))


def _hides(together: Sequence[OriginFigures]) -> bool:
    """Whether nobody can be found in a line of several places: two of them at least, and enough people."""
    return len(together) > 1 and sum(row.people for row in together) >= FEWEST
