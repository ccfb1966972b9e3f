"""Voices are told apart on the way from a recording to its note, here by one who knows them."""

from __future__ import annotations

import io
import wave
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home
from recorder.pipeline import Work
from recorder.sample import Team
from recorder.scheduler import work_through
from store.records import DRAFTED, Arrival, Recording
from tests.ear import Ear
from transcribe.clips import RATE, Samples
from transcribe.voices import FRAME, FRAMES, MIDDLE, Look, Voice

TURN = 8 * RATE  # each speaks eight seconds


class Pitch:
    """Tells two voices apart by whether the sound's sign changes often or seldom."""

    name, sha256 = "pitch", "0" * 64

    def __init__(self) -> None:
        self.starts: list[int] = []

    def look(self, samples: Samples, start: int) -> Look:
        self.starts.append(start)
        at = np.clip(MIDDLE + np.arange(FRAMES) * FRAME, 0, len(samples) - 1)
        high = np.convolve(np.abs(np.diff(np.signbit(samples), append=False)), np.ones(800), "same")
        loud = np.abs(samples)[at] > 0
        found = []
        for who, active in enumerate((high[at] < 100, high[at] >= 100)):
            mine = active & loud
            if mine.any():
                vector = np.eye(2)[who].astype("<f2").tobytes()
                alone = int(mine.sum()) * FRAME * 1000 // RATE
                found.append(Voice(np.packbits(mine).tobytes(), alone, vector))
        return Look(start, start + len(samples), tuple(found))


def tones(*hertz: float) -> NDArray[np.float64]:
    at = np.arange(TURN) / RATE
    return np.concatenate([0.3 * np.sin(2 * np.pi * each * at + 0.3) for each in hertz])


def taken(home: Home, team: Team, sound: NDArray[np.float64], kind: str | None) -> Recording:
    """A WAV file of the sound, sealed as intake does it."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else 2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    scope = team.case.id
    arrival = Arrival(
        scope, scope, team.practitioner.id, "wav", "audio", "talk.wav", 1_762_362_300_000, "file"
    )
    store = home.store.recordings
    sealed = store.seal(scope, [content.getvalue()])
    return store.register(sealed, replace(arrival, note_kind=kind))[0]


def heard(home: Home, recording: Recording) -> list[str | None]:
    payload = home.store.recordings.transcript(recording.id)
    assert payload is not None
    return [each.speaker for each in decode_transcript(payload).segments]


def test_lines_and_statements_of_a_supervision_say_who_speaks(home: Home, team: Team) -> None:
    talk = taken(home, team, tones(200, 3000, 200), "supervision")
    assert work_through(Work(home, Ear, telling=Pitch), talk.id) == "done"
    expected = ["Speaker 1"] * 2 + ["Speaker 2"] * 2 + ["Speaker 1"] * 2
    assert heard(home, talk) == expected
    done = home.store.recordings.get(talk.id)
    assert (done.state, home.store.hearings.of(talk.id)) == (DRAFTED, [])
    assert done.note_id is not None
    made = decode_draft(home.store.notes.version(done.note_id, 1).payload)
    assert [each.speaker for each in made.statements] == expected
    assert [bool(each.checks) for each in made.statements] == [True, False, True, *[False] * 3]


def test_a_case_note_is_a_dictation_and_nobody_looks_at_its_voices(home: Home, team: Team) -> None:
    talk = taken(home, team, tones(200, 3000), "case_note")
    telling = Pitch()
    assert work_through(Work(home, Ear, telling=lambda: telling), talk.id) == "done"
    assert (heard(home, talk), telling.starts) == ([None] * 4, [])


def test_one_voice_in_a_supervision_is_a_dictation(home: Home, team: Team) -> None:
    talk = taken(home, team, tones(200, 200), "supervision")
    assert work_through(Work(home, Ear, telling=Pitch), talk.id) == "done"
    assert heard(home, talk) == [None] * 4


def test_what_was_cut_off_goes_on_to_the_same_speakers(home: Home, team: Team) -> None:
    sound = tones(200, 3000, 200)
    whole, cut = (taken(home, team, sound * loud, "supervision") for loud in (1, 0.9))
    assert work_through(Work(home, Ear, telling=Pitch), whole.id) == "done"
    first, second, windows = Pitch(), Pitch(), list[int]()
    stopping = Work(
        home, Ear, windows.append, stopping=lambda: len(windows) == 3, telling=lambda: first
    )
    assert work_through(stopping, cut.id) == "left"
    assert work_through(Work(home, Ear, telling=lambda: second), cut.id) == "done"
    assert max(first.starts) < min(second.starts)
    assert heard(home, cut) == heard(home, whole)


@pytest.mark.parametrize("across", [0.0, 0.1])
def test_a_person_on_each_channel_is_a_speaker_whatever_the_voices(
    home: Home, team: Team, across: float
) -> None:
    same, quiet = tones(200), np.zeros(TURN)
    left, right = np.concatenate([same, quiet, same]), np.concatenate([quiet, same, quiet])
    both = np.stack([left + across * right, right + across * left], 1)
    talk = taken(home, team, both, "supervision")
    assert work_through(Work(home, Ear, telling=Pitch), talk.id) == "done"
    assert heard(home, talk) == ["Speaker 1"] * 2 + ["Speaker 2"] * 2 + ["Speaker 1"] * 2
