"""A film that its camera cut into files, and a home that takes them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from msgspec import structs

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.scheduler import work_off, work_through
from store.records import GATHERING, Recording
from tests.ear import Ear
from tests.gopro import Made, older, write
from transcribe.model import Transcript

WALL = datetime(2026, 7, 3, 15, 5, 0)  # noqa: DTZ001 - by the camera's clock: British Summer Time
BEGAN = datetime(2026, 7, 3, 14, 5, 7, tzinfo=UTC)
ALL = ("GX010034.MP4", "GX020034.MP4", "GX030034.MP4")
LENGTHS = (5.0, 5.0, 3.0)  # seconds: the last is shorter than its camera's files get


def with_settings(home: Home, **settings: object) -> Home:
    return replace(home, settings=structs.replace(home.settings, **settings))


def lay(shelf: Path, folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes((shelf / name).read_bytes())


def take_in(home: Home) -> None:
    looking = watcher(home)
    for _ in range(3):
        looking.look()


def work(home: Home) -> Work:
    return Work(home, Ear)


def settle(home: Home) -> None:
    """Take in what is there and do all that can be done now."""
    take_in(home)
    work_off(work(home))


def look_again(home: Home) -> None:
    """Look at what waits, as the scheduler does every minute."""
    for each in home.store.recordings.all(GATHERING):
        work_through(work(home), each.id)
    work_off(work(home))


def by_name(home: Home) -> dict[str, Recording]:
    return {home.store.recordings.details(r.id).name: r for r in home.store.recordings.all()}


def sentences(home: Home, recording: Recording) -> list[str]:
    """The sentences of a recording's note."""
    assert recording.note_id is not None
    note = home.store.notes.get(recording.note_id)
    draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
    return [statement.text for statement in draft.statements]


def heard_in(home: Home, recording: Recording) -> Transcript:
    payload = home.store.recordings.transcript(recording.id)
    assert payload is not None
    return decode_transcript(payload)


def shelve(folder: Path) -> None:
    """Three chapters of one film, each made once."""
    at = 0.0
    voice = folder / "voice.ogg"
    voice.write_bytes((resources.files("recorder.sample") / "voice-note.ogg").read_bytes())
    for number, seconds in enumerate(LENGTHS, start=1):
        began = BEGAN + timedelta(seconds=at)
        sky = [older(began + timedelta(seconds=each)) for each in range(int(seconds))]
        name = f"GX0{number}0034.MP4"
        write(folder / name, voice, at, seconds, Made(wall=WALL, telemetry=sky))
        at += seconds


def damaged(path: Path) -> bytes:
    """A film with its index, and sound and pictures that make no sense."""
    film = path.read_bytes()
    at = film.index(b"mdat")
    end = at - 4 + int.from_bytes(film[at - 4 : at], "big")
    return film[: at + 4] + b"\xff" * (end - at - 4) + film[end:]
