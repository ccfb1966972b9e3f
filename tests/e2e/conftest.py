"""The real thing: a home made by the real command, `recorder run` in a process, a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect
from playwright.sync_api import sync_playwright as start_playwright

RECORDER = Path(sys.executable).with_name("recorder")
LOG_LINE = re.compile(
    r"[\d-]+ [\d:,]+ (INFO|WARNING|ERROR) recorder(\.\w+)+: [a-z ]+"
    r"(recording=[0-9a-f]{32}|(outcome|reason|state|by)=\w+)( (outcome|reason|state)=\w+)*"
)
"""All that may stand in the log: constant words, a recording's id, states and class names."""

_PATIENCE = 300  # seconds until a step that never ends is given up as failed
_PATIENCE_MS = 60_000  # until a page that never comes to show something has failed
_CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync "
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"  # a microphone that beeps
).split()
# Whatever Chromium might want of its own has no name server to ask.
_NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
ARGUMENTS = [*_CHROMIUM, _NO_NAMES]


@dataclass(frozen=True, slots=True)
class House:
    """A home on disk, and its commands as somebody would type them."""

    home: Path
    scratch: Path  # TMPDIR, and where what commands print is kept
    environ: dict[str, str]
    port: int

    def run(self, *words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One command, whatever comes of it."""
        command = [str(RECORDER), *map(str, words)]
        return subprocess.run(
            command,
            env=self.environ | {"RECORDER_HOME": str(self.home)},
            cwd=self.scratch,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, *words: str | Path, typed: str = "") -> str:
        """What a command printed that went well."""
        done = self.run(*words, typed=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words: str | Path) -> Any:
        """What a command printed with --json that went well."""
        return json.loads(self.said(*words, "--json"))

    def states(self, table: str = "recordings") -> dict[str, int]:
        """How many recordings or notes are in each state: for waiting.

        Asking a command again and again would take the processor from what is waited for.
        """
        address = f"file:{self.home / 'recorder.db'}?mode=ro"
        query = f"SELECT state, count(*) FROM {table} GROUP BY state"  # noqa: S608 - no one types it
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as file:
            return dict(file.execute(query).fetchall())

    def refused(self, *words: str | Path) -> tuple[int, str]:
        """The exit code and the one line of a command that was refused."""
        done = self.run(*words)
        assert done.returncode != 0
        assert done.stdout == ""
        assert done.stderr.startswith("recorder: ")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.returncode, done.stderr.removeprefix("recorder: ").rstrip("\n")

    def link(self, handle: str) -> str:
        """A fresh sign-in link."""
        return self.said("people", "link", handle).strip()

    def until(self, met: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        end = time.monotonic() + _PATIENCE
        while not met():
            assert time.monotonic() < end, f"waited in vain: {what}; {self.run('status').stdout}"
            time.sleep(0.25)


@dataclass(slots=True)
class Running:
    """`recorder run` on a house."""

    house: House
    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def stop(self) -> int:
        """Send the signal that systems send, and wait for the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE)


@dataclass
class Seen:
    """What a browser did and met, for every page in it."""

    hosts: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)  # script errors, policy violations
    kept: list[str] = field(default_factory=list)  # answers that a browser may keep, but static

    def watch(self, context: BrowserContext) -> None:
        """See everything that `context` does from now on."""
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        context.on("console", self._console)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _response(self, response: Response) -> None:
        static = urlsplit(response.url).path.startswith("/static/")
        if not static and response.headers.get("cache-control") != "no-store":
            self.kept.append(response.url)


@dataclass(frozen=True, slots=True)
class Browsers:
    """A browser for each person."""

    chromium: Browser
    seen: Seen

    def enter(self, link: str, **profile: Any) -> Page:
        """Open somebody's sign-in link in a browser of their own, or invitation with its numbers."""
        context = self.chromium.new_context(locale="en-GB", **profile)
        context.set_default_timeout(_PATIENCE_MS)
        self.seen.watch(context)
        page = context.new_page()
        link, _, numbers = link.partition("\n")
        page.goto(link)
        if numbers:  # an invitation
            page.get_by_label("Six numbers").fill(numbers)
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("link", name="Go on").or_(
                page.get_by_role("button", name="Go on")
            ).click()
            page.wait_for_url("**/summary*")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the speech model is put together, once for all homes."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def house(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], House]:
    """Makes a house of a given name; nothing of this machine's user is read or written."""

    def made(name: str) -> House:
        folder = tmp_path_factory.mktemp(name)
        scratch, port = folder / "scratch", free_port()
        scratch.mkdir()
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(
                Path(__file__).parents[2]
            ),  # this checkout, wherever the command lies
            "LANG": "C.UTF-8",
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "RECORDER_CACHE": str(cache),
            "RECORDER_PORT": str(port),
            "RECORDER_SETTLE_SECONDS": "0.5",
            "RECORDER_SIGN_IN": "link",
            "RECORDER_SETTLE_LOOKS": "2",
            "RECORDER_SCAN_SECONDS": "0.25",
        }
        return House(folder / "home", scratch, environ, port)

    return made


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[[House], Running]]:
    """Starts `recorder run` and waits until the pages answer; ends what is left at the end."""
    running: list[Running] = []

    def started(house: House) -> Running:
        out, err = house.scratch / "run.out", house.scratch / "run.err"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [RECORDER, "run", "--port", str(house.port), "--home", house.home],
                env=house.environ,
                cwd=house.scratch,
                stdout=stdout,
                stderr=stderr,
            )
        running.append(Running(house, process, out, err))
        house.until(lambda: _ready(running[-1]), "the pages to answer")
        return running[-1]

    yield started
    for each in running:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture(scope="session")
def system(house: Callable[[str], House], start: Callable[[House], Running]) -> Running:
    """The sample's team at work: their voice note and drawing dropped, and drafted."""
    made = house("system")
    made.said("init", "--team", "Evolve")
    made.said("people", "add", "amara", "--name", "Amara Cole", "--role", "practitioner")
    made.said("people", "add", "ruth", "--name", "Ruth Adeyemi", "--role", "supervisor")
    around = ("--person", "Nan=family", "--person", "Tyrell=peer")
    case = ("EV-1001", "--name", "Jordan", "--by", "amara", "--mosaic-id", "900001")
    made.said("cases", "add", *case, *around)
    young = ("jordan", "--name", "Jordan", "--role", "young_person", "--case", "EV-1001")
    made.said("people", "add", *young)
    running = start(made)
    intake = made.home / "intake" / "amara" / "EV-1001"
    sample("voice-note.ogg", intake, "2026-11-05T17:05+00:00")
    sample("drawing.jpg", intake, "2026-11-05T16:40+00:00")
    made.until(lambda: made.states() == {"drafted": 2}, "the sample to be drafted")
    assert made.json("status")["recordings"] == {"drafted": 2}
    return running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own Chromium, headless."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail(
            "Chromium is not installed, so the pages cannot be tried. 'make test' installs it, or "
            "type 'sudo apt-get install chromium'."
        )
    expect.set_options(timeout=_PATIENCE_MS)
    with start_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browsers(chromium: Browser) -> Iterator[Browsers]:
    """Browsers that are watched, and closed at the end."""
    yield Browsers(chromium, Seen())
    for context in chromium.contexts:
        context.close()


def sample(name: str, folder: Path, moment: str) -> Path:
    """Put one of the sample's files into `folder`, as old as it claims to be."""
    target, when = folder / name, datetime.fromisoformat(moment).timestamp()
    beside = folder / f".{name}.part"  # a name that intake passes over, until the time is set
    beside.write_bytes((resources.files("recorder.sample") / name).read_bytes())
    os.utime(beside, (when, when))
    return beside.rename(target)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _ready(running: Running) -> bool:
    assert running.process.poll() is None, running.err.read_text()
    return "ready" in running.out.read_text().split()


@pytest.fixture(scope="session")
def log_line() -> re.Pattern[str]:
    """What every line of a log must be."""
    return LOG_LINE


@pytest.fixture(scope="session")
def recorder() -> Path:
    """The command."""
    return RECORDER
