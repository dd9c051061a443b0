"""A private PostgreSQL for one test run: its own data directory, a free loopback port, gone afterwards.

All workers of a run share it through a file lock; the process that started the run stops it. Owns no fixtures.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

QUICK_AND_FORGETFUL = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC", "log_min_messages": "fatal",
}  # fmt: skip


def programs() -> Path | None:
    """The folder with initdb and postgres, the newest when there are several; None without PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """One worker of the run at a time."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def address_of(run: Path, database: str, memory: str = "64MB") -> str:
    """The address of a database of the run's cluster; starts the cluster, which takes so much memory, when nobody has yet."""
    with only_one(run / "cluster.lock"):
        port = run / "cluster.port"
        if not port.exists():
            port.write_text(str(_start(run, memory)), encoding="ascii")
    return f"postgresql+psycopg://postgres@127.0.0.1:{port.read_text(encoding='ascii')}/{database}"


def ask(run: Path, statement: str, database: str = "postgres") -> None:
    """One statement outside of any transaction, as the owner of the cluster."""
    with psycopg.connect(address_of(run, database).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def stop(run: Path) -> None:
    """Ends the cluster of the run, if there is one, without waiting for anybody."""
    if (run / "cluster.port").exists() and (folder := programs()):
        command = [str(folder / "pg_ctl"), "-D", str(run / "cluster"), "-m", "immediate", "-s", "stop"]
        subprocess.run(command, check=False, **_as_postgres())


def restart(run: Path) -> None:
    """Everybody is thrown out, what was committed stays, and it answers again."""
    folder = programs()
    assert folder, "PostgreSQL is not installed"
    data = run / "cluster"
    _run([str(folder / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "-s", "-l", str(data / "log"), "restart"])


def _start(run: Path, memory: str) -> int:
    folder, data = programs(), run / "cluster"
    assert folder, "PostgreSQL is not installed"
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    _run([str(folder / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    port = free_port()
    settings = {**QUICK_AND_FORGETFUL, "shared_buffers": memory, "port": str(port)}
    options = " ".join(f"-c {name}={value!r}" for name, value in settings.items())
    _run([str(folder / "pg_ctl"), "-D", str(data), "-w", "-s", "-l", str(data / "log"), "-o", options, "start"])
    return port


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, **_as_postgres())  # fmt: skip
    assert done.returncode == 0, done.stderr


def _as_postgres() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    return {"cwd": "/", **({"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {})}


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

