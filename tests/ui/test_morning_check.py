"""The morning check tries scanner and sound for real: a code that was read, three tones a device took and people heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aidtrack.services.days import RowState
from aidtrack.store.database import Database
from aidtrack.ui import jobs, morning, sound
from aidtrack.ui.dialogs import Question
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.parts import ChecklistRow, Words
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn

ASKS = "Three tones were played. Were they heard?"


@pytest.fixture
def page(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team) -> DayPage:
    jobs_on(sqlite_database, by.coordinator)
    made = DayPage()
    window_kit.addWidget(made)
    made.resize(1260, 640)
    made.show()
    made.load()
    jobs.wait_all()
    return made


@pytest.fixture
def no_device() -> Iterator[None]:
    """A computer without a loudspeaker."""
    sound.use(lambda _made: False)
    yield
    sound.use(lambda _made: None)


def row_of(page: DayPage, topic: str) -> ChecklistRow:
    return page._rows[topic]


def words_of(page: DayPage, topic: str) -> list[str]:
    return [one.said() for one in row_of(page, topic).findChildren(Words) if one.said()]


def tried(page: DayPage) -> None:
    page._open_row(morning.SOUND)
    jobs.wait_all()


def answered(page: DayPage, digit: int) -> None:
    question = page.window().findChildren(Question)[-1]
    assert question.title.said() == ASKS
    assert question.answer_digit(digit)
    jobs.wait_all()


def test_the_three_tones_are_played_and_people_say_whether_they_were_heard(page: DayPage, heard: list[bytes]) -> None:
    assert "Enter plays the three tones." in words_of(page, morning.SOUND)
    assert row_of(page, morning.SOUND)._cap.isVisible(), "its key stands in the row"
    tried(page)
    assert heard == [sound.samples(tone) for tone in sound.Tone]
    assert "Enter plays the three tones." in words_of(page, morning.SOUND), "played is not heard"
    answered(page, 2)
    assert "They were played and not heard. Turn the loudspeaker up, then press Enter." in words_of(page, morning.SOUND)
    tried(page)
    answered(page, 1)
    assert "All three tones were heard." in words_of(page, morning.SOUND)


def test_without_a_loudspeaker_nobody_is_asked_and_one_sentence_says_what_to_do(page: DayPage, no_device: None) -> None:
    tried(page)
    assert not page.window().findChildren(Question)
    said = "No sound comes out of this computer. Plug a loudspeaker in, then press Enter."
    assert said in words_of(page, morning.SOUND)


def test_the_scanner_counts_when_it_has_read_something(page: DayPage) -> None:
    assert "Scan any card or badge: this row tells whether it was read." in words_of(page, morning.SCANNER)
    page._open_row(morning.SCANNER)
    jobs.wait_all()
    assert "It reads." not in words_of(page, morning.SCANNER)
    assert page.on_scan("482117905570")
    assert "It reads." in words_of(page, morning.SCANNER)


def test_a_device_that_fails_is_told_by_the_real_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """The player of this computer, with a driver that is not there."""
    import miniaudio

    def broken(*_args: object, **_more: object) -> None:
        raise miniaudio.MiniaudioError("no device")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", broken)
    device = sound._Device()
    assert device.play_now(sound.samples(sound.Tone.SOFT)) is False
    assert device.play_now(sound.samples(sound.Tone.SOFT)) is False, "tried again at once: nobody waits a minute to be told"


def test_what_is_not_heard_wants_a_sentence_and_stops_nobody() -> None:
    states = {
        morning.SoundWas.UNTRIED: RowState.OPEN, morning.SoundWas.HEARD: RowState.DONE,
        morning.SoundWas.NOT_HEARD: RowState.SENTENCE, morning.SoundWas.NO_DEVICE: RowState.SENTENCE,
    }  # fmt: skip
    for was, state in states.items():
        assert morning._sound(morning.Tried(sound=was)).state is state
