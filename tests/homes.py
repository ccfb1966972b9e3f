"""New homes for tests."""

from __future__ import annotations

from pathlib import Path

from recorder.home import Home, create_home
from tests.databases import SqliteFiles


def new_home(folder: Path, team: str = "Our team") -> Home:
    """A new home, made as ever but for its tables: those are copied, which is four times as quick."""
    folder.mkdir(mode=0o700)
    SqliteFiles(folder).new()
    return create_home(folder, team)
