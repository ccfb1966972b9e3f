"""One marked home, built once and copied for each test; and whatever is said while a test runs."""

from __future__ import annotations

import logging
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recorder.home import open_home
from tests.leaks.world import MARKED, Canaries, World, build

LEFT_OUT = ("intake", "export", "mosaic.toml")
"""Of a home: what people put there, what they took out, and whom staff are in Mosaic."""
BROWSERS = ("httpx", "httpcore")
"""Loggers of the browser that tests use: it may know what it asks for."""


@dataclass
class Watch:
    """Collects what is said; nothing of it may be marked."""

    caplog: pytest.LogCaptureFixture
    capfd: pytest.CaptureFixture[str]
    roots: list[Path]
    said: list[str] = field(default_factory=list)

    def error(self, error: BaseException) -> None:
        """Everything that an error could show to whoever prints it, and whatever caused it."""
        self.said += traceback.TracebackException.from_exception(error).format()
        chain: BaseException | None = error
        while chain is not None:
            self.said += [str(chain), repr(chain), repr(chain.args), repr(vars(chain))]
            shown = None if chain.__suppress_context__ else chain.__context__
            chain = chain.__cause__ or shown

    def spoken(self) -> list[str]:
        """Errors, log records and output in which the mark was found; each is looked at once."""
        out, err = self.capfd.readouterr()
        records = [
            f"{record.getMessage()} {vars(record)} {record.exc_text} {record.exc_info}"
            for record in self.caplog.records
            if not record.name.startswith(BROWSERS)
        ]
        spoken = {"error": list(self.said), "log": records, "stdout": [out], "stderr": [err]}
        self.said.clear()
        self.caplog.clear()
        return [
            f"{kind}: {text}"
            for kind, texts in spoken.items()
            for text in texts
            if MARKED.in_text(text)
        ]

    def leaks(self) -> list[str]:
        """Where the mark was found: an error, a log record, an output, a file."""
        files = [name for root in self.roots for name in MARKED.under(root, LEFT_OUT)]
        return [*self.spoken(), *(f"file: {name}" for name in files)]


@pytest.fixture(scope="session")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, canaries: Canaries) -> Path:
    """The home, closed. Never opened again: tests open copies."""
    folder = tmp_path_factory.mktemp("marked") / "home"
    build(folder, canaries)
    return folder


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Commands send the log to standard error, which is another for each test."""
    log = logging.getLogger("recorder")
    level, handlers, raising = log.level, log.handlers[:], logging.raiseExceptions
    yield
    log.setLevel(level)
    log.handlers[:] = handlers
    logging.raiseExceptions = raising


@pytest.fixture
def world(
    built: Path,
    canaries: Canaries,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[World]:
    """A copy of the home, open; temporary files go beside it."""
    folder, tmp = tmp_path / "home", tmp_path / "tmp"
    shutil.copytree(built, folder)
    tmp.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp))
    monkeypatch.setenv("TMPDIR", str(tmp))
    monkeypatch.setenv("RECORDER_HOME", str(folder))
    monkeypatch.setenv("RECORDER_SETTLE_SECONDS", "0")
    monkeypatch.setenv("RECORDER_SETTLE_LOOKS", "2")
    # Before the engine is made: it asks once whether anybody listens, and then tells every
    # statement and every row.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    home = open_home(folder)
    yield World(home, canaries, tmp, lambda: request.getfixturevalue("server"))
    home.close()
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)


@pytest.fixture
def watch(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Watch:
    """Listens to everything from here on."""
    caplog.set_level(logging.DEBUG)
    return Watch(caplog, capfd, [world.home.folder, world.tmp])


@pytest.fixture
def silent(watch: Watch, world: World) -> Callable[[], None]:
    """Fails if anything leaked, with the database open and after it was closed."""

    def check() -> None:
        assert watch.leaks() == []
        world.home.close()
        assert watch.leaks() == []

    return check
