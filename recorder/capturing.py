"""When a recording was made, by all that it and its file say; and which chapter of a film it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from recorder.clock import milliseconds
from recorder.home import Home
from recorder.media import gopro
from recorder.media.captured import Captured, Clues, captured
from recorder.media.named import named
from recorder.media.readable import Readable
from store.captures import Capture, Chapter
from store.records import Recording

SAID: Final = "said"  # by a person: it stands above what any device wrote


def capture_of(
    home: Home, recording: Recording, reader: Readable, made: datetime | None
) -> tuple[int, Capture]:
    """When `recording` was made (ms), and how that is known.

    `made` is what its picture or container says. Raises as `gopro.film`.
    """
    known = home.store.captures.of(recording.id)
    if known is not None:  # looked at before: the file's own time no longer stands in its row
        return recording.recorded_at, known
    details = home.store.recordings.details(recording.id)
    film = gopro.film(reader) if recording.media_type == "mp4" else None
    zone = home.settings.timezone
    # GoPros write the clock on the wall as if it were UTC.
    said = made if film is None or made is None else made.replace(tzinfo=None)
    clues = Clues(
        file=recording.recorded_at,
        received=recording.received_at,
        telemetry=None if film is None else film.began,
        container=None if recording.kind == "picture" else said,
        exif=said if recording.kind == "picture" else None,
        name=named(details.name),
        action_camera=film is not None,
    )
    found = captured(clues, zone)
    if details.recorded_from == SAID:
        found = Captured(recording.recorded_at, SAID)
    began = None if said is None else milliseconds(said, zone)
    return found.at, Capture(found.origin, _chapter(details.name, film, began))


def _chapter(name: str, film: gopro.Film | None, began: int | None) -> Chapter | None:
    """Only what a GoPro both made and named: anybody may call a file GX010001."""
    found = gopro.chapter(name)
    if found is None or film is None:
        return None
    return Chapter(found.film, found.number, film.camera, began)
