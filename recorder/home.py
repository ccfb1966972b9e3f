"""A home: the folder that holds everything, opened for work."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from recorder.config import FILE, Settings, load
from recorder.errors import ConfigError
from store.errors import KeyUnavailableError
from store.store import Store, connect, create

_CONFIG = """\
# Recorder's settings. Every key that is left out has its default; see docs/SETTINGS.md.
# Paths are relative to this folder unless they are absolute.
team = "{team}"
intake = "intake"              # or the synced folder that practitioners drop files into
after_intake = "remove"        # "keep" leaves the source in the folder once it is sealed
"""


@dataclass(frozen=True, slots=True)
class Home:
    """An open home."""

    folder: Path
    settings: Settings
    store: Store

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def create_home(folder: Path, team: str = "Our team") -> Home:
    """Make a new home; ConfigError if there is one already."""
    if (folder / FILE).exists():
        raise ConfigError(f"there is a Recorder home in {folder} already: choose another folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = _CONFIG.format(team=team.replace("\\", "").replace('"', "'"))
    (folder / FILE).write_text(text, encoding="utf-8")
    settings = load(folder)
    for path in (settings.intake, settings.export):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        opened = create(settings.database, settings.vault, settings.keys)
    except KeyUnavailableError as error:
        raise ConfigError(f"{error}: move it away or choose another 'keys' folder") from error
    return Home(folder, settings, opened)


def open_home(folder: Path) -> Home:
    """Open an existing home; ConfigError says what is missing."""
    settings = load(folder)
    if os.name == "posix" and folder.stat().st_mode & 0o007:
        raise ConfigError(
            f"{folder} is open to every user of this machine: run 'chmod 700 {folder}'"
        )
    try:
        opened = connect(settings.database, settings.vault, settings.keys)
    except KeyUnavailableError as error:
        raise ConfigError(f"{error} (looked in {settings.keys})") from error
    return Home(folder, settings, opened)
