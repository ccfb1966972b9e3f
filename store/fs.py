"""The file system, as whatever must survive a power cut uses it. The one place that syncs.

A system promises very little about a file that was not synced: after a power cut it may be empty,
torn or absent, and a rename may have come before the bytes it was to make visible. So there is one
order of steps here, `save`, and a small set of calls below it. Tests put a double in the place of
`Disk` that remembers the calls and plays back every state a crash could have left.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

TEMPORARY = ".part"
"""How the name of a file that is still being written ends."""

_DAY_SECONDS = 86_400  # longer than any file takes to be written
_LARGE = 256 * 1024  # bytes written in one call, from which on they are brought to the disk at once

# Some network file systems cannot sync a folder, and say so with these.
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP})


class Fs(Protocol):
    """What a file system is asked for. Every call raises OSError when it fails."""

    def make_folder(self, folder: Path) -> None:
        """Make one folder that only its owner may enter; FileExistsError."""

    def create(self, path: Path) -> int:
        """A handle to write a new file that only its owner may read; FileExistsError."""

    def write(self, handle: int, data: bytes) -> None:
        """Append all of `data`."""

    def sync(self, handle: int) -> None:
        """Force the file's bytes to the disk."""

    def close(self, handle: int) -> None:
        """Let go of the handle."""

    def rename(self, path: Path, target: Path) -> None:
        """Put a file in the place of whatever file is at `target`, in one step.

        A folder likewise, in the place of none or of an empty one.
        """

    def remove(self, path: Path) -> None:
        """Remove a file; FileNotFoundError if it is not there."""

    def remove_folder(self, folder: Path) -> None:
        """Remove an empty folder; FileNotFoundError if it is not there."""

    def sync_folder(self, folder: Path) -> None:
        """Force the names in a folder to the disk."""


class Disk:
    """The real one."""

    def make_folder(self, folder: Path) -> None:
        """See `Fs`."""
        folder.mkdir(mode=0o700)

    def create(self, path: Path) -> int:
        """See `Fs`; a link that lies there is never followed."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.open(path, flags, 0o600)

    def write(self, handle: int, data: bytes) -> None:
        """See `Fs`; a system may take less than it was given."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if len(data) >= _LARGE:
            _let_go(handle)

    def sync(self, handle: int) -> None:
        """See `Fs`; whoever reads the file then is given what the disk holds."""
        os.fsync(handle)
        _let_go(handle)

    def close(self, handle: int) -> None:
        """See `Fs`."""
        os.close(handle)

    def rename(self, path: Path, target: Path) -> None:
        """See `Fs`; Windows puts no folder in the place of another."""
        if os.name != "posix" and path.is_dir() and target.exists():
            target.rmdir()  # fails, as it should, on a folder that holds something
        path.replace(target)

    def remove(self, path: Path) -> None:
        """See `Fs`."""
        path.unlink()

    def remove_folder(self, folder: Path) -> None:
        """See `Fs`."""
        folder.rmdir()

    def sync_folder(self, folder: Path) -> None:
        """See `Fs`; Windows has no such call, and some network shares refuse it."""
        if os.name != "posix":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:
                raise
        finally:
            os.close(handle)


DISK = Disk()


def make_folders(fs: Fs, folder: Path) -> None:
    """Make a folder, and those above it that are missing, durably; there already is fine.

    One that is there is synced into the folder above it all the same: the process that made it may
    have died before it could.
    """
    if folder.is_dir():
        with suppress(PermissionError):  # not readable, so not made here
            fs.sync_folder(folder.parent)
        return
    make_folders(fs, folder.parent)
    with suppress(FileExistsError):  # another process was quicker
        fs.make_folder(folder)
    fs.sync_folder(folder.parent)


def discard(fs: Fs, path: Path) -> None:
    """Remove a file for good; nothing to do is fine.

    Its folder is synced even then: whoever removed it may have been stopped before that.
    """
    with suppress(FileNotFoundError):
        fs.remove(path)
    with suppress(FileNotFoundError):
        fs.sync_folder(path.parent)


def remove_unfinished(fs: Fs, folder: Path) -> None:
    """Remove what crashes left half written in a folder, once it has lain there for a day."""
    for path in folder.glob(f".*{TEMPORARY}"):
        with suppress(OSError):  # it does no harm, and somebody else may have been quicker
            if time.time() - path.lstat().st_mtime > _DAY_SECONDS:
                fs.remove(path)


def remove_tree(fs: Fs, folder: Path) -> None:
    """Remove a folder and all in it. A crash leaves some of it."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            remove_tree(fs, entry)
        else:
            fs.remove(entry)
    fs.remove_folder(folder)


def write(fs: Fs, path: Path, chunks: Iterable[bytes]) -> int:
    """Write and sync a new file and return its size; FileExistsError if something is there.

    Its name is not synced yet. If anything fails, nothing is left at `path`: a sync that failed is
    never tried again on the same file, because the system may have dropped the bytes by then.
    """
    handle = fs.create(path)
    try:
        written = _fill(fs, handle, chunks)
    except BaseException:
        with suppress(OSError):  # what went wrong first is what is said
            fs.remove(path)
        raise
    return written


def save(fs: Fs, path: Path, chunks: Iterable[bytes]) -> int:
    """Put a file in place whole and durably, over any that is there; its size in bytes.

    A crash at any moment leaves what was there before or what is there now, and perhaps a file
    whose name ends in `TEMPORARY`.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    written = write(fs, temporary, chunks)
    try:
        fs.rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            fs.remove(temporary)
        raise
    fs.sync_folder(path.parent)
    return written


def forget(path: Path) -> None:
    """Have a file be read from the disk next, and not from memory, where that can be asked for."""
    with path.open("rb") as file:
        _let_go(file.fileno())


def _let_go(handle: int) -> None:
    """Have the system drop its copy of a file from memory, where it can be asked to.

    Linux then begins to write what the disk does not have yet, without waiting: so the disk works
    while the next piece is made, and a large file takes no memory from anybody.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _fill(fs: Fs, handle: int, chunks: Iterable[bytes]) -> int:
    written = 0
    try:
        for chunk in chunks:
            fs.write(handle, chunk)
            written += len(chunk)
        fs.sync(handle)
    finally:
        fs.close(handle)
    return written
