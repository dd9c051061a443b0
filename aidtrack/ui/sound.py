"""Three tones, made here and played beside the window: soft for whatever was taken, a chime for the board, low for a fault of ours.

“Not today” sounds like good: nobody in the room hears what a family was told. Where there is no sound device it is silent, and each
tone can be switched off; the message line says the same.
"""

from __future__ import annotations

import array
import logging
import math
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

from aidtrack import settings
from aidtrack.errors import Text

RATE = 22_050
LOUD = 0.35
FADE_S = 0.012
TRY_AGAIN_S = 60
MOST_WAITING = 2
"""Tones that may wait for the one that sounds: what is older than that nobody needs to hear."""

_log = logging.getLogger(__name__)


class Tone(StrEnum):
    """What is heard."""

    SOFT = "soft"
    CHIME = "chime"
    LOW = "low"

    @property
    def text(self) -> Text:
        return _WORDS[self]

    @property
    def notes(self) -> tuple[tuple[int, float], ...]:
        """Hertz and seconds, one note after the other."""
        return _NOTES[self]


_WORDS = {
    Tone.SOFT: Text("soft tone: taken, given, not today"),
    Tone.CHIME: Text("chime: the board calls"),
    Tone.LOW: Text("low tone: a fault of ours"),
}
_NOTES: dict[Tone, tuple[tuple[int, float], ...]] = {
    Tone.SOFT: ((660, 0.09),),
    Tone.CHIME: ((660, 0.22), (880, 0.42)),
    Tone.LOW: ((220, 0.18),),
}


def play(tone: Tone) -> None:
    """Sounds soon, and never keeps anybody waiting; nothing where it is switched off."""
    if tone not in silent():
        _player(samples(tone))


def try_out() -> bool:
    """The three tones one after the other, also those that are switched off: whether a device took them. Waits for them, so it is for a
    worker.
    """
    play_now = getattr(_player, "play_now", None) or (lambda made: _player(made) is not False)
    return all(play_now(samples(tone)) for tone in Tone)


def use(player: Callable[[bytes], object]) -> None:
    """Another way to sound: tests listen, a machine without a device is silent."""
    global _player
    _player = player


def silent() -> frozenset[Tone]:
    """The tones that are switched off on this computer."""
    return _switched_off(settings.read().settings.silent)


def _switched_off(words: str) -> frozenset[Tone]:
    return frozenset(tone for tone in Tone if tone.value in words.split())


@cache
def samples(tone: Tone) -> bytes:
    """The tone as 16-bit samples of one channel."""
    made = array.array("h")
    for hertz, seconds in tone.notes:
        made.extend(_note(hertz, seconds))
    return made.tobytes()


def _note(hertz: int, seconds: float) -> Generator[int, None, None]:
    """A sine that swells and dies away, so that it does not click."""
    number = int(RATE * seconds)
    for n in range(number):
        at = n / RATE
        swell = min(1.0, at / FADE_S, (seconds - at) / FADE_S)
        yield int(32_767 * LOUD * swell * math.sin(2 * math.pi * hertz * at))


# ── the device ───────────────────────────────────────────────────────────────────────────────────


class _Device:
    """Opens the sound device for each tone and lets it go again; after a failure it is left alone for a minute."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="sound")
        self._waiting = 0
        self._silent_until = 0.0

    def __call__(self, sound: bytes) -> None:
        if self._waiting < MOST_WAITING and time.monotonic() >= self._silent_until:
            self._waiting += 1
            self._hands.submit(self._sound, sound)

    def play_now(self, sound: bytes) -> bool:
        """Waits for the sound; whether the device took it, however it went before."""
        self._waiting += 1
        return self._hands.submit(self._sound, sound).result()

    def _sound(self, sound: bytes) -> bool:
        import miniaudio  # loaded when something sounds first

        try:
            self._play(miniaudio, sound)
        except (miniaudio.MiniaudioError, OSError) as error:
            self._silent_until = time.monotonic() + TRY_AGAIN_S
            _log.info("no sound: %s", error)
            return False
        finally:
            self._waiting -= 1
        return True

    def _play(self, miniaudio: Any, sound: bytes) -> None:
        done = Event()
        device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE, buffersize_msec=50, backends=_ways(miniaudio)
        )
        try:
            stream = _stream(sound, done)
            next(stream)
            device.start(stream)
            done.wait(len(sound) / 2 / RATE + 1)
        finally:
            device.close()


def _ways(miniaudio: Any) -> list[Any] | None:
    """Every way the system knows; without a card on Linux only the one of a sound server, for ALSA would fill the terminal with words."""
    has_card = not sys.platform.startswith("linux") or Path("/dev/snd").is_dir()
    return None if has_card else [miniaudio.Backend.PULSEAUDIO]


def _stream(sound: bytes, done: Event) -> Generator[bytes, int, None]:
    """What the device asks for, piece by piece; then silence until it is closed."""
    at = 0
    wanted = yield b""
    while True:
        piece = sound[at : at + wanted * 2]
        at += len(piece)
        if not piece:
            done.set()
        wanted = yield piece + bytes(wanted * 2 - len(piece))


_player: Callable[[bytes], object] = _Device()
