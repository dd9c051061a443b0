"""`bench search` and `people index` from a terminal: who was found stands in a table, and the search is the same when made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.console import aidtrack

PEOPLE = """external_id,family_name,given_name,patronymic,birth_date,phone
1,Щербаков,Юрий,Иванович,1961-03-05,+79101234567
2,Ткаченко,Мария,Петровна,1989-08-12,
3,Ткаченко,Мария,Ивановна,1954,
"""
QUERIES = ("shcherbakov yurii", "", "ткаченко мария 1954", "Щербаоков 05.03.1961", "👾", "9101234567")


@pytest.fixture
def centre_file(tmp_path: Path) -> Path:
    """A plain database with three people."""
    path, people = tmp_path / "centre.db", tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    assert aidtrack("init", "--site", "KRS", "--plain", database=path).code == 0
    assert aidtrack("import", "people", people, "--yes", database=path).code == 0
    return path


def hits_of(centre_file: Path, name: str) -> list[str]:
    queries, hits = centre_file.with_name("queries.txt"), centre_file.with_name(name)
    queries.write_text("\n".join(QUERIES), encoding="utf-8")
    ran = aidtrack("bench", "search", "--queries", queries, "--hits", hits, "--json", database=centre_file)
    assert (ran.code, set(ran.json), ran.json["n"]) == (0, {"p50_ms", "p99_ms", "n"}, len(QUERIES))
    return hits.read_text(encoding="utf-8").splitlines()


def test_hits_stand_in_a_table_and_stay_when_the_search_is_made_anew(centre_file: Path) -> None:
    before = hits_of(centre_file, "before.csv")
    assert before == ["query_no,rank,external_id", "1,1,1", "3,1,3", "4,1,1", "6,1,1"]
    assert aidtrack("people", "index", "--json", database=centre_file).json == {"people": 3}
    assert hits_of(centre_file, "after.csv") == before


def test_what_cannot_be_read_is_a_sentence(centre_file: Path) -> None:
    ran = aidtrack("bench", "search", "--queries", centre_file, database=centre_file, lang="uk")
    assert (ran.code, "Traceback" in ran.err, bool(ran.err.strip())) == (2, False, True)
