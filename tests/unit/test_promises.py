"""Rules of promises: order is kept, nothing is shared twice, and an evening asks about exactly what was not kept."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain import promises
from aidtrack.domain.entitlement import Basis, Covering, Family, Member, Rule, allowance
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseState

DAY = date(2024, 8, 12)
number = st.integers(0, 20)
days = st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n))


@given(st.lists(number, max_size=8), st.integers(0, 100))
def test_arrivals_are_shared_in_order_and_never_more_than_came(wanted: list[int], came: int) -> None:
    shares = promises.share_in_order(wanted, came)
    assert sum(shares) == min(sum(wanted), came)
    assert all(0 <= share <= number for share, number in zip(shares, wanted, strict=True))
    for n, share in enumerate(shares):
        assert not share or list(shares[:n]) == wanted[:n], "nobody is served before all earlier ones have all of theirs"


@given(st.lists(number, max_size=8), st.integers(0, 100))
def test_whoever_was_promised_last_gives_up_first(held: list[int], missing: int) -> None:
    lost = promises.give_up_in_order(held, missing)
    assert sum(lost) == min(sum(held), missing)
    for n, units in enumerate(lost):
        assert not units or list(lost[n + 1 :]) == held[n + 1 :], "nobody loses goods before all later ones lost theirs"


@given(owed=number, aside=number, until=days, is_coming=st.booleans())
def test_the_evening_asks_about_all_that_is_overdue_tomorrow(owed: int, aside: int, until: date, is_coming: bool) -> None:
    aside = min(aside, owed)
    tomorrow = promises.state_of(owed=owed, aside=aside, until=until, is_coming=is_coming, day=DAY + timedelta(days=1))
    asked = promises.must_be_answered(owed=owed, aside=aside, until=until, is_coming=is_coming, day=DAY)
    assert asked is (tomorrow is PromiseState.OVERDUE)


def test_a_promise_stands_somewhere() -> None:
    ready = {"owed": 2, "aside": 2, "until": DAY, "is_coming": False, "day": DAY}
    assert promises.state_of(**ready) is PromiseState.READY  # type: ignore[arg-type]
    assert promises.state_of(**ready | {"aside": 1, "is_coming": True}) is PromiseState.EXPECTED  # type: ignore[arg-type]
    assert promises.state_of(**ready | {"aside": 1}) is PromiseState.OVERDUE  # type: ignore[arg-type]
    assert promises.state_of(**ready | {"owed": 0}) is PromiseState.CLOSED  # type: ignore[arg-type]


def test_an_announcement_names_everything_that_is_wrong_with_it() -> None:
    one = UUID(int=1)
    lines = (AnnouncedLine(one, 5), AnnouncedLine(one, 0), AnnouncedLine(None, None))
    found = promises.announcement_problems(AnnouncementDraft("", DAY - timedelta(days=1), lines), DAY)
    assert [problem.field for problem in found] == [
        "supplier", "expected_on", "lines.1.item", "lines.1.quantity", "lines.2.item", "lines.2.quantity"
    ]  # fmt: skip
    assert promises.date_problems("x", None, DAY)
    assert promises.date_problems("x", DAY + timedelta(days=400), DAY)
    assert not promises.announcement_problems(AnnouncementDraft("Фонд", DAY, lines[:1]), DAY)


# ── counted once by the allowance ────────────────────────────────────────────────────────────────

people = st.integers(1, 5)


@given(
    size=people, promised=st.sets(st.integers(0, 4)), had=st.sets(st.integers(0, 4)),
    basis=st.sampled_from([Basis.PERSON, Basis.HOUSEHOLD]), cap=st.none() | st.integers(1, 6),
)  # fmt: skip
def test_what_is_promised_is_not_due_a_second_time(
    size: int, promised: set[int], had: set[int], basis: Basis, cap: int | None
) -> None:
    """A promise counts for the people it is for as a hand-over of today would, and leaves no trace when it ends."""
    item = UUID(int=100)
    rule = Rule(UUID(int=9), item, basis, 1, 7, cap=cap)
    family = Family(tuple(Member(UUID(int=n)) for n in range(size)))
    before = [Covering(UUID(int=n), item, DAY - timedelta(days=2)) for n in had]
    held = [Covering(UUID(int=n), item, DAY, is_promised=True) for n in promised]
    handed = [Covering(UUID(int=n), item, DAY) for n in promised]
    with_promise, served = allowance([rule], family, before + held, DAY)[0], allowance([rule], family, before + handed, DAY)[0]
    assert (with_promise.due, with_promise.persons) == (served.due, served.persons), "counted once, by whom it is for"
    assert with_promise.last_day in (None, DAY - timedelta(days=2)), "nothing was handed over yet"
    assert with_promise.due <= allowance([rule], family, before, DAY)[0].due
