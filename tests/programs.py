"""Programs that tests start on this machine, those from npm pinned in `tools/`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from recorder.config import cache_folder

TOOLS = Path(__file__).parents[1] / "tools"
_ENVIRONMENT = dict(os.environ)  # as it was before a test changed it


@contextmanager
def running(argv: list[str], ready: str) -> Iterator[str]:
    """A program, from when it says that it is `ready` until the block ends; what it said."""
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if found := re.search(ready, line):
                break
        else:
            pytest.fail(f"{argv[0]} did not start: {said}")
        yield found[1]
    finally:
        process.kill()
        process.communicate()


def installed(name: str) -> Path:
    """The folder of an npm program, installed as pinned where this user has not got it yet."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"{name} needs node and npm: install the packages nodejs and npm")
    pinned = TOOLS / name
    lock = (pinned / "package-lock.json").read_bytes()
    folder = cache_folder() / f"{name}-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "whole").exists():
            for each in ("package.json", "package-lock.json"):
                shutil.copy(pinned / each, folder)
            argv = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(
                argv, cwd=folder, env=_ENVIRONMENT, check=False, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{name} could not be installed: {done.stderr}"
            (folder / "whole").touch()
    return folder
