"""What the crash tests share: how hard they try, and a place to say what they tried."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_SAID = pytest.StashKey[list[str]]()


@pytest.fixture
def attacks(request: pytest.FixtureRequest) -> int:
    """How hard to try."""
    found: int = request.config.getoption("--attacks")
    return found


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: what is played back there was never on a disk."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    where = shared if os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where, prefix="recorder-crash-") as folder:
        yield Path(folder)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what was tried, at the end of the run."""
    return request.config.stash.setdefault(_SAID, []).append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if said := config.stash.get(_SAID, []):
        terminalreporter.section("crashes tried")
        for line in said:
            terminalreporter.write_line(line)
