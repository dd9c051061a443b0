"""The tones: what is heard, how long, and that a machine without a device is only silent."""

from __future__ import annotations

import array
from itertools import pairwise
from pathlib import Path

import pytest

from aidtrack import settings
from aidtrack.ui import sound
from aidtrack.ui.sound import RATE, Tone


def frequency(sound_of: bytes, since: float, until: float) -> float:
    """By counting how often the wave crosses zero upwards."""
    wave = array.array("h", sound_of)[int(since * RATE) : int(until * RATE)]
    crossings = sum(a < 0 <= b for a, b in pairwise(wave))
    return crossings / (until - since)


@pytest.mark.parametrize(("tone", "hertz", "seconds"), [(Tone.SOFT, 660, 0.09), (Tone.LOW, 220, 0.18)])
def test_a_tone_has_its_pitch_and_length(tone: Tone, hertz: int, seconds: float) -> None:
    made = sound.samples(tone)
    assert len(made) / 2 / RATE == pytest.approx(seconds, abs=0.001)
    assert frequency(made, 0, seconds) == pytest.approx(hertz, rel=0.06)


def test_the_chime_has_two_notes() -> None:
    made = sound.samples(Tone.CHIME)
    assert frequency(made, 0.02, 0.2) < frequency(made, 0.24, 0.5)


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_begins_and_ends_without_a_click_and_is_not_loud(tone: Tone) -> None:
    wave = array.array("h", sound.samples(tone))
    assert max(abs(wave[0]), abs(wave[-1])) < 400
    assert max(map(abs, wave)) < 32_767 / 2


def test_what_is_switched_off_is_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path))
    heard: list[bytes] = []
    sound.use(heard.append)
    settings.write(settings.MachineSettings(silent="low"))
    sound.play(Tone.LOW)
    sound.play(Tone.SOFT)
    assert heard == [sound.samples(Tone.SOFT)]


def test_without_a_device_it_is_silent_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    def no_device(*_: object, **__: object) -> object:
        raise miniaudio.MiniaudioError("no device")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", no_device)
    device = sound._Device()
    device(sound.samples(Tone.SOFT))
    device._hands.shutdown(wait=True)
    assert device._silent_until > 0
    device(sound.samples(Tone.SOFT))  # left alone for a minute: nothing is handed on
    assert device._waiting == 0


def test_the_stream_gives_the_tone_whole_and_then_silence() -> None:
    from threading import Event

    done = Event()
    stream = sound._stream(b"\x01\x00" * 100, done)
    next(stream)
    pieces = b"".join(stream.send(64) for _ in range(3))
    assert pieces == b"\x01\x00" * 100 + bytes(2 * 92)
