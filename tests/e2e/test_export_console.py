"""`export people`: from an encrypted file or a server by two, on a paper, locked; from a plain one as ever, and registered all the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import msoffcrypto
import pytest

from aidtrack.cli.main import run
from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import accounts, addresses, founding, people, signing_in
from aidtrack.store.database import open_database

WORDS = "три слова вместе"
ASKED = ("--asked-by", "Администрация района", "--paper", "исх. 114 от 12.08", "--purpose", "Сверка списков")
Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Runs one command line on the encrypted file; its exit code, answer and complaint."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    (tmp_path / "password.txt").write_text(WORDS + "\n", encoding="utf-8")
    before = ("--database", str(tmp_path / "aid.db"), "--user", "Ольга К.", "--password-file", str(tmp_path / "password.txt"))

    def one(*words: str) -> tuple[int, str, str]:
        code = run(("--lang", "en", *before, *words), shows_window=lambda _address, _lang: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    assert one("init", "--site", "Школа № 12")[0] == 0
    _two_more(tmp_path / "aid.db")
    return one


def _two_more(path: Path) -> None:
    """A shift lead with a password, and a family."""
    unlocked = signing_in.unlock(str(path), name="Ольга К.", password=WORDS)
    database = open_database(str(path), key=unlocked.key)
    assert unlocked.user_id is not None
    stranger, user = addresses.stranger(wall_clock), unlocked.user_id
    by = database.write(lambda s: signing_in.enter(s, stranger, request_id=new_id(), user_id=user)).actor
    lead = database.write(
        lambda s: accounts.add_user(s, by, request_id=new_id(), draft=UserDraft("Ирина Л.", frozenset({Role.SHIFT_LEAD})))
    )
    database.write(lambda s: accounts.set_password(s, by, request_id=new_id(), user_id=lead.id, password="ещё три слова"))
    draft = HouseholdDraft((MemberDraft(family_name="Ткаченко", given_name="Мария"),))
    database.write(lambda s: people.register_household(s, by, request_id=new_id(), draft=draft))
    database.close()


def test_names_from_an_encrypted_file_go_out_locked_and_by_two(typed: Type, tmp_path: Path) -> None:
    out, secrets = tmp_path / "list.xlsx", tmp_path / "secrets.txt"
    secrets.write_text("ещё три слова\nпароль списка\n", encoding="utf-8")
    beside = ("--second", "Ирина Л.", "--secrets", str(secrets))
    code, answer, _ = typed("--json", "export", "people", "--out", str(out), *ASKED, *beside)
    told = json.loads(answer)
    assert (code, told["people"]) == (0, 1)
    locked = msoffcrypto.OfficeFile(io.BytesIO(out.read_bytes()))
    assert locked.is_encrypted()
    locked.load_key(password="пароль списка", verify_password=True)
    today = (wall_clock() + timedelta(hours=3)).date().isoformat()
    paper = tmp_path / "register.csv"
    days = ("--from", (wall_clock() - timedelta(days=2)).date().isoformat(), "--to", today)
    assert typed("report", "R18", *days, "--format", "csv", "--out", str(paper))[0] == 0
    register = paper.read_text(encoding="utf-8-sig")
    for words in (told["disclosure"], "Администрация района", "исх. 114 от 12.08", "Ольга К.", "Ирина Л."):
        assert words in register, words
    assert "Ткаченко" not in register


MISSING = (
    ({"--second": ""}, InvalidInput.exit_code),
    ({"--second": "Ольга К."}, Refused.exit_code),
    ({"--paper": ""}, InvalidInput.exit_code),
    ({"--format": "csv"}, InvalidInput.exit_code),
    ({"--fields": "surname"}, InvalidInput.exit_code),
)


def test_what_is_missing_is_said_and_nothing_is_written(typed: Type, tmp_path: Path) -> None:
    out, secrets = tmp_path / "list.xlsx", tmp_path / "secrets.txt"
    for change, code in MISSING:
        secrets.write_text(f"{WORDS if change.get('--second') else 'ещё три слова'}\nпароль списка\n", encoding="utf-8")
        asked = dict(zip(ASKED[::2], ASKED[1::2], strict=True)) | {"--second": "Ирина Л.", "--secrets": str(secrets)} | change
        ran = typed("export", "people", "--out", str(out), *(word for pair in asked.items() for word in pair))
        assert (ran[0], "Traceback" in ran[2], out.exists()) == (code, False, False), change
    secrets.write_text("неверно\nпароль списка\n", encoding="utf-8")
    beside = ("--second", "Ирина Л.", "--secrets", str(secrets))
    codes = [typed("export", "people", "--out", str(out), *ASKED, *beside)[0] for _ in range(2)]
    assert codes == [Refused.exit_code] * 2
    assert not out.exists()


# ── a centre of many desks ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def on_a_server(
    postgres_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Type:
    """The same on a PostgreSQL database: its own coordinator, a shift lead beside her, a family."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    (tmp_path / "password.txt").write_text(WORDS + "\n", encoding="utf-8")
    database = open_database(postgres_address)
    founder = Actor(None, "console", frozenset(Role), wall_clock)
    centre = CentreDraft("Школа № 12", "Курск", "Europe/Moscow", ("ru",))
    founded = database.write(
        lambda s: founding.found_centre(s, founder, request_id=new_id(), draft=centre, coordinator="Ольга К.")
    )
    by = replace(founder, site_id=founded.site_id)
    lead = UserDraft("Ирина Л.", frozenset({Role.SHIFT_LEAD}))
    database.write(lambda s: accounts.add_user(s, by, request_id=new_id(), draft=lead))
    secrets = {"Ольга К.": WORDS, "Ирина Л.": "ещё три слова"}
    for row in database.read(lambda s: accounts.users(s, by)):
        own = partial(accounts.set_password, by=by, request_id=new_id(), user_id=row.id, password=secrets[row.draft.name])
        database.write(own)
    draft = HouseholdDraft((MemberDraft(family_name="Ткаченко", given_name="Мария"),))
    database.write(lambda s: people.register_household(s, by, request_id=new_id(), draft=draft))
    database.close()
    before = ("--database", postgres_address, "--user", "Ольга К.", "--password-file", str(tmp_path / "password.txt"))

    def one(*words: str) -> tuple[int, str, str]:
        code = run(("--lang", "en", *before, *words), shows_window=lambda _address, _lang: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return one


def test_from_a_server_too_names_go_out_by_two_and_locked_only(on_a_server: Type, tmp_path: Path) -> None:
    out, secrets = tmp_path / "list.xlsx", tmp_path / "secrets.txt"
    code, _, complaint = on_a_server("export", "people", "--out", str(out), *ASKED)
    assert (code, out.exists()) == (InvalidInput.exit_code, False)
    assert "Names go out by two people only: add --second NAME." in complaint
    secrets.write_text(f"{WORDS}\nпароль списка\n", encoding="utf-8")
    herself = ("--second", "Ольга К.", "--secrets", str(secrets))
    assert on_a_server("export", "people", "--out", str(out), *ASKED, *herself)[0] == Refused.exit_code
    assert not out.exists()
    secrets.write_text("ещё три слова\nпароль списка\n", encoding="utf-8")
    beside = ("--second", "Ирина Л.", "--secrets", str(secrets))
    code, answer, complaint = on_a_server("--json", "export", "people", "--out", str(out), *ASKED, *beside)
    assert code == 0, complaint
    assert json.loads(answer)["people"] == 1
    locked = msoffcrypto.OfficeFile(io.BytesIO(out.read_bytes()))
    assert locked.is_encrypted()
    locked.load_key(password="пароль списка", verify_password=True)
