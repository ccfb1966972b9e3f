"""Where something was recorded is in the sealed original, and in nothing that is made from it."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs
from PIL import ExifTags, Image
from starlette.testclient import TestClient

from recorder.export.leaving import export
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from recorder.sample import Team
from recorder.scheduler import work_off
from recorder.status import status_of
from tests.ear import Ear
from tests.gopro import LATITUDE, LONGITUDE, PLACE, Made, newer, older, write
from tests.leaks.needles import Needles

WALL = datetime(2026, 7, 3, 15, 5, 0)  # noqa: DTZ001 - by the camera's clock
BEGAN = datetime(2026, 7, 3, 14, 5, 7, tzinfo=UTC)
NEEDLES = Needles([PLACE, "51.4561", "51.456123", "-000.1912", str(LATITUDE), str(abs(LONGITUDE))])


def _photo() -> bytes:
    exif = Image.Exif()
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = "2026:07:03 16:10:00"
    camera[ExifTags.Base.OffsetTimeOriginal] = "+01:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitude] = (51.0, 27.0, 22.0443)
    place[ExifTags.GPS.GPSAreaInformation] = f"UNICODE\0{PLACE}".encode()
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def _phone_film(path: Path) -> Path:
    argv = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=440", "-t", "4"]
    argv += ["-c:a", "aac", "-movflags", "use_metadata_tags"]
    for name, value in (
        ("com.apple.quicktime.location.ISO6709", PLACE),
        ("com.apple.quicktime.creationdate", "2026-07-03T17:20:00+0100"),
    ):
        argv += ["-metadata", f"{name}={value}"]
    subprocess.run([*argv, str(path)], check=True)
    return path


@pytest.fixture
def full(home: Home, team: Team) -> Home:
    """A home in which such files were taken in and drafted."""
    folder = home.settings.intake / team.practitioner.handle / team.case.details.ref
    folder.mkdir(parents=True)
    write(folder / "GX010034.MP4", None, 0, 4, Made(wall=WALL, telemetry=[older(BEGAN)]))
    write(folder / "GX010035.MP4", None, 0, 4, Made(wall=WALL, telemetry=[newer(BEGAN)]))
    _phone_film(folder / "IMG_0001.MOV")
    (folder / "drawing.jpg").write_bytes(_photo())
    assert all(NEEDLES.in_bytes(path.read_bytes()) for path in folder.glob("*[!5].*"))
    here = replace(home, settings=structs.replace(home.settings, agreement=()))
    looking = watcher(here)
    for _ in range(3):
        looking.look()
    work_off(Work(here, Ear))
    return here


def _pages(home: Home, team: Team) -> Iterator[bytes]:
    """Every page and picture that staff can open."""
    app = create_app(home.store, team="T", timezone="Europe/London", hosts=["a"], explain=str)
    browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    code = home.store.access.new_link(team.practitioner.id, "test", 60_000)
    browser.post("/sign-in", data={"code": code})
    paths = ["/work", "/arrived"]
    paths += [
        f"/notes/{note.id}{more}"
        for note in home.store.notes.all()
        for more in ("", "/edit", "/facts")
    ]
    for each in home.store.recordings.all():
        paths += [f"/recordings/{each.id}", f"/recordings/{each.id}/agreement"]
        paths += [f"/recordings/{each.id}/picture"] if each.kind == "picture" else []
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        yield answer.content


def _opened(home: Home) -> Iterator[bytes]:
    """All that is kept beside the originals, opened."""
    store = home.store
    for each in store.recordings.all():
        yield store.recordings.transcript(each.id) or b""
        yield repr((each, store.recordings.details(each.id), store.captures.of(each.id))).encode()
    for note in store.notes.all():
        yield store.notes.version(note.id, note.number).payload
    yield repr(store.journal.recent()).encode()
    yield json.dumps(status_of(home).as_json()).encode()
    yield repr(list(store.audit.events())).encode()


def _exported(home: Home, team: Team, folder: Path) -> Iterator[bytes]:
    for note in home.store.notes.all():
        Desk(home.store, team.practitioner).submit(note.id, note.number)
        Desk(home.store, team.supervisor).approve(note.id, note.number)
    assert export(home, folder, team.supervisor.id) is not None
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _each_device_says_when(full: Home) -> None:
    said = {}
    for each in full.store.recordings.all():
        capture = full.store.captures.of(each.id)
        assert capture is not None
        moment = datetime.fromtimestamp(each.recorded_at / 1000, UTC)
        said[full.store.recordings.details(each.id).name] = (capture.origin, f"{moment:%H:%M:%S}")
    assert said == {
        "GX010034.MP4": ("telemetry", "14:05:07"),
        "GX010035.MP4": ("telemetry", "14:05:07"),
        "IMG_0001.MOV": ("container", "16:20:00"),
        "drawing.jpg": ("exif", "15:10:00"),
    }


def test_of_what_devices_say_the_time_is_shown_and_the_place_nowhere(
    full: Home, team: Team, tmp_path: Path
) -> None:
    originals = [b"".join(full.store.recordings.open(r.id)) for r in full.store.recordings.all()]
    assert sum(map(NEEDLES.in_bytes, originals)) == 4, "what is sealed stays as it came"
    found = [*_opened(full), *_pages(full, team), *_exported(full, team, tmp_path / "out")]
    assert len(found) > 25
    assert not any(map(NEEDLES.in_bytes, found))
    assert list(NEEDLES.under(full.folder)) == []
    _each_device_says_when(full)
