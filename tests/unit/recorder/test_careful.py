"""Which recordings are heard with care."""

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.config import Settings
from recorder.hearing import with_care
from recorder.home import create_home
from recorder.pipeline import Work
from store.records import Recording
from tests.ear import Ear

NOTE = Recording(
    id="r",
    scope="c",
    case_id="c",
    practitioner_id="p",
    media_type="wav",
    kind="audio",
    state="probed",
    reason=None,
    size=10,
    note_id=None,
    note_kind=None,
    recorded_at=0,
    received_at=0,
    length_ms=60_000,
    attempts=0,
)


@pytest.mark.parametrize(
    ("settings", "recording"),
    [
        (Settings(careful_seconds=60), NOTE),
        (Settings(careful_kinds=("case_note",)), NOTE),
        (
            Settings(careful_kinds=("return_home_interview",)),
            replace(NOTE, note_kind="return_home_interview"),
        ),
    ],
    ids=["short", "of the default kind", "of a kind that was named"],
)
def test_what_was_asked_for_is_heard_with_care(settings: Settings, recording: Recording) -> None:
    assert with_care(settings, recording)


@pytest.mark.parametrize(
    ("settings", "recording"),
    [
        (Settings(), NOTE),
        (Settings(careful_seconds=59), NOTE),
        (Settings(careful_seconds=600), replace(NOTE, length_ms=None)),
        (Settings(careful_kinds=("phone_call",)), NOTE),
    ],
    ids=["nothing asked for", "too long", "of unknown length", "another kind"],
)
def test_anything_else_is_not(settings: Settings, recording: Recording) -> None:
    assert not with_care(settings, recording)


def test_each_recording_has_its_own_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORDER_CAREFUL_SECONDS", "60")
    home, usual, careful = create_home(tmp_path / "home"), Ear(), Ear()
    try:
        work = Work(home, lambda: usual, careful=lambda: careful)
        assert work.hears(NOTE)() is careful
        assert work.hears(replace(NOTE, length_ms=61_000))() is usual
        assert Work(home, lambda: usual).hears(NOTE)() is usual
    finally:
        home.close()
