"""What this machine knows about itself: where the database is, which centre and window it stands in, its language.

Kept as TOML in the folder the system gives to the program. No password is ever written here. It owns no setting of the
organisation or of a person: those are in the database.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import platformdirs
import tomli_w

from aidtrack.errors import LANGUAGES, StoreTrouble, Text

APP = "AidTrack"


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """The settings of this machine; an empty word means “not chosen yet”."""

    database: str = ""
    site: str = ""
    site_name: str = ""
    desk: int = 0
    language: str = ""
    backup_folder: str = ""
    silent: str = ""
    camera: int = 0
    slip_printer: str = ""
    slip_paper: str = ""

    @property
    def site_id(self) -> UUID | None:
        """The centre this machine stands in."""
        try:
            return UUID(self.site) if self.site else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and a sentence when the file could not be used and the defaults stand in for it."""

    settings: MachineSettings
    problem: Text | None = None


def settings_path() -> Path:
    """Where the settings of this machine lie (AIDTRACK_HOME moves everything of the program, for tests and sticks)."""
    home = os.environ.get("AIDTRACK_HOME")
    folder = Path(home) if home else Path(platformdirs.user_config_dir(APP, appauthor=False))
    return folder / "settings.toml"


def usual_language() -> str:
    """What this machine speaks: its setting, else the system's language, else English."""
    chosen = read().settings.language or (locale.getlocale()[0] or "")[:2]
    return chosen if chosen in LANGUAGES else "en"


def data_folder() -> Path:
    """Where a database lies unless somebody chose another place."""
    home = os.environ.get("AIDTRACK_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir(APP, appauthor=False))


def default_database() -> Path:
    """The database of a machine that was never told another one."""
    return data_folder() / "aidtrack.db"


def read(path: Path | None = None) -> Found:
    """The settings; a missing file is a first start, a broken one a sentence and the defaults."""
    path = path or settings_path()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Found(MachineSettings())
    except (OSError, ValueError):
        return Found(MachineSettings(), _broken(path))
    return _checked(written, path)


def write(settings: MachineSettings, path: Path | None = None) -> None:
    """Keeps the settings, without any password; a power cut leaves the old file or the new one."""
    path = path or settings_path()
    settings = replace(settings, database=without_password(settings.database))
    content = tomli_w.dumps({name: value for name, value in asdict(settings).items() if value})
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        text = Text("The settings of this computer could not be saved: {name}. Check disk and rights.", name=path.name)
        raise StoreTrouble("settings-not-written", text) from error


def without_password(address: str) -> str:
    """A database address as it may be written down or shown."""
    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address
    credentials, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{credentials.split(':')[0]}@{host}"))


def _checked(written: Mapping[str, Any], path: Path) -> Found:
    """Every entry of the right kind is taken, so that one bad line does not lose the others."""
    known = {field.name: type(field.default) for field in fields(MachineSettings)}
    good = {name: written[name] for name, kind in known.items() if type(written.get(name)) is kind}
    bad = [name for name in written if name not in good]
    problem = (
        Text("Some settings of this computer could not be read: {names}. The others hold.", names=bad) if bad else None
    )
    return Found(MachineSettings(**good), problem)


def _broken(path: Path) -> Text:
    return Text(
        "The settings of this computer cannot be read ({name}). "
        "AidTrack starts without them: choose database and window again.",
        name=path.name,
    )
