"""How much room is left on the disks of this machine that sealed recordings and notes go to."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from recorder.home import Home
from recorder.vaults import location

LITTLE = 1024**3  # bytes: less than a long film takes

NO_ROOM = (
    "Less than 1 GiB is left on the disk that Recorder keeps everything on. Once it is full, files wait "
    "in the intake folder and nothing new can be kept; what is there is safe. Ask IT to make room: what "
    "waits then goes on by itself."
)


def room_of(folder: Path) -> int:
    """Bytes that are free where a folder lies; OSError."""
    return shutil.disk_usage(folder).free


def is_short_of_room(home: Home, enough: int = LITTLE) -> bool:
    """Whether less than `enough` bytes are free for the database, or for a vault on this machine.

    Of a disk that is away nothing is known here; whoever needs it says so.
    """
    vault = location(home.settings)
    folders = [home.folder, vault] if isinstance(vault, Path) else [home.folder]
    with suppress(OSError):
        return any(room_of(each) < enough for each in folders)
    return False


def notice_of(home: Home, enough: int = LITTLE) -> str:
    """What is to be said of the room that is left; empty while there is enough."""
    return NO_ROOM if is_short_of_room(home, enough) else ""
