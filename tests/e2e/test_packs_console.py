"""`import pack` and `export programme`: looked at, refused in sentences, taken in, written, in the language asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aidtrack.cli.main import run

Type = Callable[..., tuple[int, str, str]]
EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "packs" / "programmes"


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Runs one command line on a plain file; its exit code, answer and complaint."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))

    def one(*words: str | Path, lang: str = "en") -> tuple[int, str, str]:
        before = ("--lang", lang, "--database", str(tmp_path / "aid.db"))
        code = run((*before, *map(str, words)), shows_window=lambda _address, _lang: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    assert one("init", "--plain", "--site", "Школа № 12")[0] == 0
    return one


def test_a_pack_goes_in_and_comes_out_the_same(typed: Type, tmp_path: Path) -> None:
    file = EXAMPLES / "first-days.toml"
    code, out, _ = typed("import", "pack", EXAMPLES.parent / "catalogue.toml")
    assert (code, out.splitlines()[-1]) == (0, "37 new items are here")
    code, out, _ = typed("import", "pack", file, "--dry-run")
    assert code == 0
    assert "Drinking water, 5 L: 1 bottle per person every day" in out
    assert typed("export", "programme", "First days after evacuation", "--out", tmp_path / "a.toml")[0] != 0, "nothing came in yet"
    code, out, _ = typed("import", "pack", file, lang="ru")
    assert code == 0
    assert "Программа здесь, остановлена." in out
    code, _, _ = typed("export", "programme", "Первые дни после эвакуации", "--out", tmp_path / "a.toml")
    assert code == 0
    assert typed("import", "pack", tmp_path / "a.toml", "--dry-run")[0] == 0


def test_what_is_wrong_in_a_file_is_said_line_by_line(typed: Type, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text((EXAMPLES / "kursk.toml").read_text(encoding="utf-8").replace("renew = 7", "renwe = 7"), encoding="utf-8")
    code, out, err = typed("import", "pack", wrong)
    assert code != 0
    assert out == ""
    assert err.count("the word “renwe” is not known here") == 2
    code, _, err = typed("import", "pack", tmp_path / "none.toml", lang="uk")
    assert code != 0
    assert "none.toml" in err
    assert "Traceback" not in err


def test_the_answer_for_a_machine(typed: Type) -> None:
    code, out, _ = typed("--json", "import", "pack", EXAMPLES.parent / "catalogue.toml")
    assert code == 0
    assert json.loads(out) == {"programme": None, "items": 37}
