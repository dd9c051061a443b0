"""Sizes as typed, their order and what they are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.sizes import MOST_SIZES, read_sizes, show_sizes, size_names, sizes_problems

words = st.text(st.characters(categories=("L", "N"), exclude_characters=",;-–"), min_size=1, max_size=8)


def test_sizes_are_read_in_their_order_and_spans_are_written_out() -> None:
    assert read_sizes("5, 3;4, 3") == ("3", "4", "5")
    assert read_sizes("36-38, 40–41") == ("36", "37", "38", "40", "41")
    assert read_sizes("XL, s, M, 2") == ("2", "s", "M", "XL")
    assert read_sizes("90x200, детский") == ("90x200", "детский")
    assert read_sizes(" , ") == ()


def test_a_span_that_is_none_is_a_name() -> None:
    assert read_sizes("5-3") == ("5-3",)
    assert read_sizes("1-9999") == ("1-9999",)


@given(st.lists(words))
def test_what_is_shown_is_read_again(sizes: list[str]) -> None:
    read = read_sizes(", ".join(sizes))
    assert read_sizes(show_sizes(read)) == read
    assert set(read) == {" ".join(size.split()) for size in sizes} - {""}


def test_a_size_is_called_like_its_item_in_every_language() -> None:
    assert size_names({"ru": "Обувь", "en": "Shoes"}, "38") == {"ru": "Обувь, 38", "en": "Shoes, 38"}
    assert [one.field for one in sizes_problems({"ru": "Обувь"}, ["3" * 13])] == ["sizes"]
    assert sizes_problems({}, [str(n) for n in range(MOST_SIZES)]) == []
    assert sizes_problems({}, [str(n) for n in range(MOST_SIZES + 1)])
