"""Every spoken case on this machine goes through the whole path."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home
from store.agreements import Said
from store.cases import Around, CaseDetails
from store.people import Member
from store.records import AGREEMENT_NEEDED, DRAFTED

FOLDER = Path(__file__).parents[3] / "shared" / "cases" / "dev"
CASES = sorted(FOLDER.glob("*/gold.json"))
_MOST_WRONG_LENGTH = 0.25  # of the words spoken; far above what mishearing alone does


@pytest.mark.skipif(not CASES, reason="the spoken cases are not on this machine")
@pytest.mark.parametrize("gold", CASES, ids=lambda path: path.parent.name)
def test_a_spoken_case_becomes_a_note_that_stands_on_its_sound(
    home: Home, settle: Callable[[], None], gold: Path
) -> None:
    said = json.loads(gold.read_text(encoding="utf-8"))
    practitioner = home.store.people.add(Member("", "practitioner", "w", _worker(said), None), "t")
    around = tuple(Around(each["name"], each["role"]) for each in said["people"])
    home.store.cases.add(CaseDetails("EV-1", "Young person", "", around), practitioner.id, "t")
    folder = home.settings.intake / "w" / "EV-1"
    folder.mkdir(parents=True)
    source = next(path for path in gold.parent.iterdir() if path.stem == "audio")
    shutil.copy2(source, folder / source.name)
    settle()
    (recording,) = home.store.recordings.all()
    if recording.state == AGREEMENT_NEEDED:  # a film
        home.store.agreements.give(recording, Said("the young person", "so", "then"), "t")
        settle()
        (recording,) = home.store.recordings.all()
    assert (recording.state, recording.reason) == (DRAFTED, None)
    _stands_on_its_sound(home, recording.id, [line["text"] for line in said["lines"]])


def _stands_on_its_sound(home: Home, recording_id: str, lines: list[str]) -> None:
    payload = home.store.recordings.transcript(recording_id)
    assert payload is not None
    transcript = decode_transcript(payload)
    heard = sum(len(segment.text.split()) for segment in transcript.segments)
    spoken = sum(len(line.split()) for line in lines)
    assert abs(heard - spoken) <= _MOST_WRONG_LENGTH * spoken
    (note,) = home.store.notes.all()
    draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
    assert draft.statements
    for statement in draft.statements:
        (source, *_) = statement.sources
        assert source.recording == recording_id
        assert source.start_ms is not None
        assert source.end_ms is not None
        assert 0 <= source.start_ms < source.end_ms <= transcript.duration_ms


def _worker(said: dict[str, list[dict[str, str]]]) -> str:
    workers = [each["name"] for each in said["people"] if each["role"] == "practitioner"]
    return workers[0] if workers else "Worker"
