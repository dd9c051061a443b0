"""A stand-in for a bad cable: a loopback proxy before PostgreSQL that lets a COMMIT through and cuts the connection before its answer.

The desk cannot know whether its work was booked; the database does.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65_536


class Cutting:
    """Cuts after every `every`-th COMMIT; `cuts` counts them."""

    def __init__(self, host: str, port: int, every: int) -> None:
        self._target, self._every = (host, port), every
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._count, self._lock = 0, threading.Lock()
        self.cuts = 0
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _start(self, do: object, *args: object) -> None:
        thread = threading.Thread(target=do, args=args, daemon=True)  # type: ignore[arg-type]
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, desk)

    def _serve(self, desk: socket.socket) -> None:
        with desk, socket.create_connection(self._target) as server:
            doomed = threading.Event()
            self._start(self._answers, server, desk, doomed)
            while data := _receive(desk):
                if b"COMMIT" in data and self._is_turn():
                    doomed.set()
                server.sendall(data)
            _shut(server)

    def _answers(self, server: socket.socket, desk: socket.socket, doomed: threading.Event) -> None:
        while data := _receive(server):
            if doomed.is_set():
                with self._lock:
                    self.cuts += 1
                break  # the commit is done; its answer never comes
            desk.sendall(data)
        _shut(desk)
        _shut(server)

    def _is_turn(self) -> bool:
        with self._lock:
            self._count += 1
            return self._count % self._every == 0

    def close(self) -> None:
        """Takes no more connections; waits for those there are."""
        _shut(self._listener)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)


def _receive(one: socket.socket) -> bytes:
    try:
        return one.recv(CHUNK)
    except OSError:
        return b""


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@contextmanager
def cutting(address: str, every: int) -> Iterator[tuple[Cutting, str]]:
    """The proxy, and the address of the same database through it."""
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    proxy = Cutting(parts.hostname, parts.port, every)
    through = address.replace(f":{parts.port}/", f":{proxy.port}/")
    try:
        yield proxy, f"{through}?sslmode=disable&gssencmode=disable"
    finally:
        proxy.close()
