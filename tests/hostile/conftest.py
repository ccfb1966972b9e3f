"""A home to throw hostile files at, with everything around it watched."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from recorder.home import Home
from recorder.sample import enrol
from tests.homes import new_home
from tests.hostile.parts import Targets
from tests.hostile.pictures import saved


class Watch(FileSystemEventHandler):
    """What happened to the files that nobody has any business opening, and who called."""

    def __init__(self, service: socket.socket) -> None:
        self._service = service
        self.events: list[str] = []

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.events.append(f"{event.event_type} {event.src_path!r}")

    def calls(self) -> int:
        """Connections since the last time."""
        count = 0
        while True:
            try:
                self._service.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("RECORDER_SETTLE_SECONDS", "0")
    made = new_home(tmp_path / "home", "Test team")
    enrol(made)
    yield made
    made.close()


_SOUND = ("-f", "lavfi", "-i", "sine=frequency=330:sample_rate=16000:duration=1")
_FILM = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1")
_HONEST = {
    "note.wav": _SOUND,
    "note.m4a": _SOUND,
    "note.mp3": (*_SOUND, "-c:a", "libmp3lame"),
    "note.ogg": (*_SOUND, "-c:a", "libopus"),
    "note.flac": _SOUND,
    "note.aac": _SOUND,
    "film.mp4": (*_SOUND, *_FILM, "-c:v", "libx264", "-preset", "ultrafast"),
    "film.mov": (*_SOUND, *_FILM, "-c:v", "mjpeg"),
    "film.webm": (*_SOUND, *_FILM, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
    "film.mkv": (*_SOUND, *_FILM, "-c:v", "mpeg4"),
}


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small whole file of each type."""
    folder = tmp_path_factory.mktemp("honest")
    for name, how in _HONEST.items():
        argv = ["ffmpeg", "-nostdin", "-v", "error", *how, str(folder / name)]
        subprocess.run(argv, check=True)
    made = {name: (folder / name).read_bytes() for name in _HONEST}
    kinds = (("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("heic", "HEIF"))
    return made | {f"photo.{suffix}": saved(form) for suffix, form in kinds}


@pytest.fixture
def service() -> Iterator[socket.socket]:
    """A port of this machine that hostile files point at."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=4096)) as made:
        made.setblocking(False)  # noqa: FBT003 - its only parameter
        yield made


@pytest.fixture
def targets(tmp_path: Path, service: socket.socket) -> Targets:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "canary").write_text("not yours")
    return Targets(f"http://127.0.0.1:{service.getsockname()[1]}/x", str(elsewhere / "canary"))


@pytest.fixture
def watch(targets: Targets, service: socket.socket) -> Iterator[Watch]:
    """Watches the folder of the canary and the port."""
    made, observer = Watch(service), Observer()
    observer.schedule(made, str(Path(targets.file).parent))
    observer.start()
    yield made
    observer.stop()
    observer.join()
