"""Disks of their own, for as long as a test needs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, *what: str) -> Iterator[None]:
    """Have `mount WHAT FOLDER` done; the test is skipped where that is not allowed."""
    argv = ["mount", *what, str(folder)]
    if os.geteuid() or subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("a drive of its own takes the right to mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
