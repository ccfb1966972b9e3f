"""Small files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from store import fs
from store.errors import KeyUnavailableError
from store.fs import DISK, Fs

_OTHERS = 0o077


def write_new(path: Path, data: bytes, disk: Fs = DISK) -> None:
    """Write a file that must not be there yet, and sync it; FileExistsError if it is."""
    fs.make_folders(disk, path.parent)
    fs.write(disk, path, [data])
    disk.sync_folder(path.parent)


def replace(path: Path, data: bytes, disk: Fs = DISK) -> None:
    """Put `data` in place of whatever is at `path`: a crash leaves the old file or the new one."""
    fs.make_folders(disk, path.parent)
    fs.remove_unfinished(disk, path.parent)
    fs.save(disk, path, [data])


def read(path: Path, limit: int, *, others: int = _OTHERS) -> bytes:
    """What is in the file, at most `limit` bytes.

    Raises FileNotFoundError when it is not there, KeyUnavailableError when its mode has any of
    the bits in `others`, and when it is larger or cannot be read.
    """
    try:
        with path.open("rb") as file:
            # The open file is asked, not its name: nobody can swap it in between.
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & others:
                raise KeyUnavailableError("a key is readable by others: set its mode to 0600")
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyUnavailableError("a key file cannot be read") from error
    if len(data) > limit:
        raise KeyUnavailableError("a key file is larger than any that is written here")
    return data


def remove(path: Path, disk: Fs = DISK) -> None:
    """Remove a file for good; nothing to do is fine."""
    fs.discard(disk, path)
