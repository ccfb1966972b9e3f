"""What the crash tests share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: what is played back there was never on a disk."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    where = shared if os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where, prefix="recorder-crash-") as folder:
        yield Path(folder)
