"""Real tools for the tests that need them: one speech model, homes on real disks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder import models
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.sample import Team, drop, enrol
from recorder.scheduler import work_off
from tests.homes import new_home
from tests.integration import films
from tests.integration.films import with_settings
from transcribe.engine import Engine, FasterWhisper


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Whisper base, joined from its packages and loaded once for all tests."""
    found = models.folder("base", tmp_path_factory.mktemp("models"))
    return FasterWhisper(found.path, name=found.name, sha256=found.sha256, threads=2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A new home that takes files as soon as they lie still."""
    monkeypatch.setenv("RECORDER_SETTLE_SECONDS", "0")
    monkeypatch.setenv("RECORDER_SETTLE_LOOKS", "2")
    made = new_home(tmp_path / "home", "Test team")
    yield made
    made.close()


@pytest.fixture
def team(home: Home) -> Team:
    """The sample's three people and their case."""
    return enrol(home)


@pytest.fixture
def settle(home: Home, engine: Engine) -> Callable[[], None]:
    """Call it to take in what lies in the intake folder and work it all off."""
    folder = watcher(home)

    def run() -> None:
        for _ in range(4):
            folder.look()
        work_off(Work(home, lambda: engine))

    return run


@pytest.fixture
def brief(home: Home, team: Team) -> Path:
    """Seven seconds of the sample, dropped for the sample's case."""
    voice, drawing = drop(home, team)
    drawing.unlink()
    target = voice.with_name("brief.wav")
    argv = ["ffmpeg", "-v", "error", "-ss", "42.8", "-t", "7", "-i", str(voice), str(target)]
    subprocess.run(argv, check=True)
    voice.unlink()
    return target


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three chapters of one film, each made once."""
    folder = tmp_path_factory.mktemp("films")
    films.shelve(folder)
    return folder


@pytest.fixture
def folder(home: Home, team: Team) -> Path:
    """The sample case's own folder."""
    made = home.settings.intake / team.practitioner.handle / team.case.details.ref
    made.mkdir(parents=True)
    return made


@pytest.fixture
def agreed(home: Home) -> Home:
    """The home, where no film waits for an agreement."""
    return with_settings(home, agreement=())
