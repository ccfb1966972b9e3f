"""Every way of closing a child off that works on this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recorder.sandbox.ladder import Confinement, Level, candidates
from recorder.sandbox.runner import works

PROJECT = Path(__file__).parents[3]
CLOSING = (Level.BUBBLEWRAP, Level.NAMESPACES, Level.LIMITS)  # NONE closes nothing off


def ways(level: Level) -> list[Confinement]:
    """The ways of this level that work here, the best first; skips the test when none does."""
    found = [each for each in candidates() if each.level is level and works(each)]
    if not found:
        pytest.skip(f"{level.value} does not work on this machine")
    return found


@pytest.fixture(params=CLOSING, ids=lambda level: level.value)
def confinement(request: pytest.FixtureRequest) -> Confinement:
    """The best way of each level in turn."""
    return ways(request.param)[0]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[str]:
    """Something worth reaching: a home with a key, a process, a port and sockets. As JSON."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    (home / "keys").mkdir(parents=True)
    scratch.mkdir()
    key = home / "keys" / "root.key"
    key.write_text("secret")
    (home / "canary").write_text("untouched")
    abstract = f"recorder-test-{os.getpid()}"
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as service,
        closing(_listening(str(tmp_path / "door"))),
        closing(_listening(f"\0{abstract}")),
        subprocess.Popen(["sleep", "600"]) as process,
    ):
        yield json.dumps(
            {
                "home": str(home),
                "key": str(key),
                "scratch": str(scratch),
                "project": str(PROJECT),
                "parent": str(process.pid),
                "port": str(service.getsockname()[1]),
                "socket": str(tmp_path / "door"),
                "abstract": abstract,
                "uts": str(Path("/proc/self/ns/uts").readlink()),
            }
        )
        process.kill()
    assert key.read_text() == "secret"
    assert (home / "canary").read_text() == "untouched"
    assert {path.name for path in home.iterdir()} == {"keys", "canary"}


def _listening(address: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.bind(address)
    made.listen()
    return made
