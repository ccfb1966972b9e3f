"""Small files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from store.errors import KeyUnavailableError

_OTHERS = 0o077


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, and sync it; FileExistsError if it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, data)
    _sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Put `data` in place of whatever is at `path`: a crash leaves the old file or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # left behind by a crash
    _write(temporary, data)
    temporary.replace(path)
    _sync_folder(path.parent)


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


def remove(path: Path) -> None:
    """Remove a file for good; nothing to do is fine."""
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix" or not folder.is_dir():  # Windows has no such call
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
