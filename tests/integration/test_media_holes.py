"""Damage in the middle of a recording is noticed, and its note says so."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.codec import decode_draft
from recorder.home import Home
from recorder.intake.identify import identify
from recorder.media.holes import Hole, holes
from recorder.media.readable import FileReadable
from store.records import DRAFTED
from tests.integration.test_media_sound import ffmpeg

NOISE = ("-f", "lavfi", "-i", "anoisesrc=duration=30:color=pink:amplitude=0.3:seed=1")
CODED = {
    "note.opus": ("-c:a", "libopus", "-b:a", "48k"),
    "note.ogg": ("-c:a", "libvorbis"),
    "note.flac": (),
    "note.m4a": ("-b:a", "64k"),
    "note.mp3": ("-b:a", "64k"),
    "note.aac": ("-b:a", "64k"),
    "note.webm": ("-c:a", "libopus", "-b:a", "48k"),
}
DAMAGE = 20_000  # bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("noise")
    for name, coding in (CODED | {"note.wav": ()}).items():
        ffmpeg(*NOISE, *coding, str(folder / name))
    return folder


def found(path: Path) -> tuple[Hole, ...]:
    fd = os.open(path, os.O_RDONLY)
    try:
        readable = FileReadable(fd)
        return holes(readable, identify(readable, path.name))
    finally:
        os.close(fd)


def overwrite(path: Path, count: int) -> None:
    whole = path.read_bytes()
    at = len(whole) // 2
    noise = random.Random(4).randbytes(count)
    path.write_bytes(whole[:at] + noise + whole[at + count :])


@pytest.mark.parametrize("name", [*CODED, "note.wav"])
def test_a_whole_recording_has_no_hole(made: Path, name: str) -> None:
    assert found(made / name) == ()


@pytest.mark.parametrize("name", CODED)
def test_what_was_overwritten_in_the_middle_is_a_hole(
    made: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes((made / name).read_bytes())
    overwrite(path, DAMAGE)
    ((at, lost),) = found(path)
    assert 10_000 < at < 20_000
    if name in {"note.mp3", "note.aac"}:  # their frames are counted, and carry no time
        assert lost == 0
    else:
        bytes_a_second = (made / name).stat().st_size / 30
        wanted = DAMAGE / bytes_a_second * 1000
        assert 0.5 * wanted < lost < wanted + 4000  # whole pages and clusters go


@pytest.mark.parametrize("name", ["note.opus", "note.ogg", "note.flac"])
def test_what_was_cut_out_of_the_middle_is_a_hole(made: Path, tmp_path: Path, name: str) -> None:
    whole = (made / name).read_bytes()
    at = len(whole) // 2
    path = tmp_path / name
    path.write_bytes(whole[:at] + whole[at + DAMAGE :])
    ((at, lost),) = found(path)
    assert 10_000 < at < 20_000
    assert lost > 0


def test_a_pause_that_the_file_itself_has_is_no_hole(made: Path, tmp_path: Path) -> None:
    paused, longer = tmp_path / "paused.mka", tmp_path / "longer.mka"
    for path, last in ((paused, 220), (longer, 300)):  # packets of 20 ms
        left_out = f"noise=drop='between(n,200,{last})'"
        ffmpeg("-i", str(made / "note.webm"), "-c", "copy", "-bsf:a", left_out, str(path))
    assert found(paused) == ()
    ((at, lost),) = found(longer)
    assert (round(at / 100), round(lost / 100)) == (40, 20)


def test_a_damaged_voice_note_is_heard_and_its_note_says_what_is_missing(
    home: Home, brief: Path, settle: Callable[[], None]
) -> None:
    voice = brief.with_suffix(".ogg")
    coding = ("-c:a", "libopus", "-b:a", "32k", "-page_duration", "500000")
    ffmpeg("-i", str(brief), *coding, str(voice))
    brief.unlink()
    overwrite(voice, 1000)
    damaged = voice.read_bytes()
    settle()
    (recording,) = home.store.recordings.all()
    assert recording.state == DRAFTED
    assert b"".join(home.store.recordings.open(recording.id)) == damaged
    (note,) = home.store.notes.all()
    draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
    (told,) = [s for s in draft.statements if "damaged" in {each.code for each in s.checks}]
    assert told.text.startswith("Part of this recording is damaged: ")
    assert "at 0:03 could not be read" in told.text or "at 0:02 could" in told.text
    others = [s for s in draft.statements if s is not told]
    assert others
    assert any("beside_gap" in {each.code for each in s.checks} for s in others)
