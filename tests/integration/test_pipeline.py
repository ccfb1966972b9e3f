from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from recorder.codec import decode_draft, decode_transcript
from recorder.errors import ToolMissing
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import STAGES, Work
from recorder.retrying import MAX_TRIES
from recorder.review.desk import Desk
from recorder.sample import Team, drop
from recorder.scheduler import due, run_stage, work_off
from recorder.status import status_of
from store.records import DRAFTED, QUARANTINED, RECEIVED
from transcribe.engine import Engine
from transcribe.model import Draft, Origin

Settle = Callable[[], None]


def test_a_voice_note_and_a_drawing_become_one_sealed_note(
    home: Home, team: Team, settle: Settle
) -> None:
    files = drop(home, team)
    settle()
    assert not any(path.exists() for path in files)
    recordings = home.store.recordings.all()
    assert [each.state for each in recordings] == [DRAFTED, DRAFTED]
    (note,) = home.store.notes.all()
    assert {each.note_id for each in recordings} == {note.id}
    draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
    said = " ".join(statement.text for statement in draft.statements)
    assert "he was not hurt" in said
    assert "I just want to walk home without looking behind me" in said
    assert all(each.sources for each in draft.statements)
    assert draft.contact.seen_alone is True
    assert [str(action.due) for action in draft.actions] == ["2026-11-06", "2026-11-12"]

    _every_word_is_accounted_for(home, draft)
    assert {each.origin for each in draft.statements} == {Origin.MACHINE}
    (thought,) = [each for each in draft.statements if each.section == "analysis"]
    assert thought.speaker == "Amara Cole"


def _every_word_is_accounted_for(home: Home, draft: Draft) -> None:
    """Each word heard lies in the span of a statement or of a sentence left out."""
    (voice,) = [each for each in home.store.recordings.all() if each.kind == "audio"]
    payload = home.store.recordings.transcript(voice.id)
    assert payload is not None
    transcript = decode_transcript(payload)
    spans = [
        (source.start_ms, source.end_ms)
        for statement in draft.statements
        for source in statement.sources
        if source.start_ms is not None and source.end_ms is not None
    ]
    spans += [(left.start_ms or 0, left.end_ms or 0) for left in draft.left_out]
    for word in (word for segment in transcript.segments for word in segment.words):
        assert any(start <= word.start_ms and word.end_ms <= end for start, end in spans)


def test_the_same_file_dropped_again_is_one_recording_with_two_sightings(
    home: Home, brief: Path, settle: Settle
) -> None:
    content = brief.read_bytes()
    settle()
    brief.with_name("again.wav").write_bytes(content)
    settle()
    assert len(home.store.recordings.all()) == 1
    assert len(home.store.notes.all()) == 1
    states = sorted(entry.state for entry in home.store.journal.recent())
    assert states == ["duplicate", "removed"]


def test_an_unknown_case_is_worked_on_in_the_practitioners_unassigned_list(
    home: Home, team: Team, brief: Path, settle: Settle
) -> None:
    elsewhere = home.settings.intake / "amara" / "EV-7777" / "note.wav"
    elsewhere.parent.mkdir()
    brief.rename(elsewhere)
    settle()
    (row,) = Desk(home.store, team.practitioner).my_work()
    assert row.case is None
    assert row.note.state == "draft"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        ("cut.wav", b"RIFF\xff\xff\x00\x00WAVEfmt ", ""),
        ("letter.txt", b"Dear team, please find ...", ""),
    ],
    ids=["playlist", "cut", "letter"],
)
def test_what_is_not_taken_stays_where_it_is_and_stops_nothing_else(
    home: Home, brief: Path, settle: Settle, name: str, content: bytes, word: str
) -> None:
    bad = brief.with_name(name)
    bad.write_bytes(content)
    settle()
    assert bad.read_bytes() == content
    assert not brief.exists()
    status = status_of(home)
    assert status.recordings == {DRAFTED: 1}
    sentences = [item.sentence for item in status.attention]
    assert len(sentences) + len(status.arriving) == 1
    assert all(word in sentence for sentence in sentences)


def test_silence_is_quarantined_and_its_original_kept(
    home: Home, brief: Path, settle: Settle
) -> None:
    silence = "anullsrc=r=16000:cl=mono"
    argv = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", silence, "-t", "8", str(brief)]
    subprocess.run(argv, check=True)
    content = brief.read_bytes()
    settle()
    (recording,) = home.store.recordings.all()
    assert (recording.state, recording.reason) == (QUARANTINED, "NoSpeech")
    assert b"".join(home.store.recordings.open(recording.id)) == content
    assert home.store.notes.all() == []


def test_a_source_is_kept_when_the_setting_says_so(home: Home, brief: Path) -> None:
    keeping = replace(home, settings=structs.replace(home.settings, after_intake="keep"))
    folder = watcher(keeping)
    for _ in range(5):
        folder.look()
    assert brief.exists()
    assert len(home.store.recordings.all()) == 1
    assert len(home.store.journal.recent()) == 1


def test_a_file_that_grows_is_taken_once_it_is_whole(
    home: Home, brief: Path, settle: Settle
) -> None:
    whole = brief.read_bytes()
    brief.write_bytes(whole[: len(whole) // 2])
    settle()
    assert brief.exists()
    assert home.store.recordings.all() == []
    brief.write_bytes(whole)
    settle()
    (recording,) = home.store.recordings.all()
    assert b"".join(home.store.recordings.open(recording.id)) == whole


def test_a_stage_that_runs_twice_takes_effect_once(
    home: Home, brief: Path, engine: Engine, settle: Settle
) -> None:
    settle()
    assert not brief.exists()
    work = Work(home, lambda: engine)
    (recording,) = home.store.recordings.all()
    assert run_stage(work, replace(recording, state=RECEIVED)) == "left"
    assert due(home) == []
    assert work_off(work) == 0
    assert len(home.store.notes.all()) == 1


def test_a_stage_that_keeps_failing_is_set_aside_after_a_few_tries(
    home: Home, brief: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("words from a recording")

    monkeypatch.setitem(STAGES, RECEIVED, fails)
    monkeypatch.setattr("recorder.retrying._FIRST_WAIT_MS", 0)
    settle()
    assert not brief.exists()
    (recording,) = home.store.recordings.all()
    assert (recording.state, recording.reason) == (QUARANTINED, "TooManyTries")


def test_what_is_wrong_with_the_machine_is_waited_out(
    home: Home, brief: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ToolMissing

    with monkeypatch.context() as away:
        away.setitem(STAGES, RECEIVED, fails)
        settle()
        (recording,) = home.store.recordings.all()
        for _ in range(MAX_TRIES + 2):
            assert home.store.recordings.get(recording.id).state == RECEIVED
            home.store.recordings.postpone(recording, "ToolMissing", 0)
    settle()
    assert not brief.exists()
    assert home.store.recordings.get(recording.id).state == DRAFTED
