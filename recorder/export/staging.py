"""A folder or file that appears whole or not at all. The one place here that differs between systems.

Files are written into a hidden folder beside the target, or a file under a hidden name, forced to
the disk, and that is then renamed. A process that dies before the rename leaves what is hidden, which
only its owner may read, and no target; the next export to the same place removes it. A lock, which the system drops with the process, keeps one export from
removing what another is still writing.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from store.fs import DISK, Fs, remove_tree, write

_HIDDEN = re.compile(r"\.mosaic-[0-9a-f]{16}\.part")
_PART = re.compile(r"\.recording-[0-9a-f]{16}\.part")
_DAY_S = 86_400


@contextmanager
def staged(
    target: Path, disk: Fs = DISK, take: Callable[[Path], None] | None = None
) -> Iterator[Path]:
    """A folder to write into with `write_file`; it becomes `target` when the block ends well.

    `target` may be absent or an empty folder. If the block raises, nothing is left but, on a disk
    that fails, what `remove_abandoned` removes once it is mended. `take`, if given, is called with
    the whole folder, and puts it in its place instead.

    Raises:
        OSError: the folder could not be made or renamed; no target then.
    """
    staging = target.parent / f".mosaic-{secrets.token_hex(8)}.part"
    disk.make_folder(staging)
    with ExitStack() as undo:
        undo.callback(_clear, staging, disk)
        with _held(staging):
            yield staging
            disk.sync_folder(staging)
            if take is not None:
                take(staging)
                undo.pop_all()
                return
            disk.rename(staging, target)
            undo.pop_all()
            undo.callback(_withdraw, target, staging, disk)
            disk.sync_folder(target.parent)
            undo.pop_all()


@contextmanager
def staged_file(target: Path, disk: Fs = DISK) -> Iterator[Path]:
    """The path of a new file to write, which becomes `target` when the block ends well.

    If the block raises, nothing is left, as with `staged`.

    Raises:
        FileExistsError: there is something at `target`, which is left as it is.
        OSError: the file could not be put in place; no target then.
    """
    part = target.with_name(f".recording-{secrets.token_hex(8)}.part")
    with ExitStack() as undo:
        undo.enter_context(_writing(target.parent))
        undo.callback(_drop, part, disk)
        yield part
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "there is a file of this name already")
        disk.rename(part, target)
        with ExitStack() as unless_sure:
            unless_sure.callback(_drop, target, disk)
            disk.sync_folder(target.parent)
            unless_sure.pop_all()


def write_file(path: Path, content: bytes, disk: Fs = DISK) -> None:
    """Write a new file that only its owner may read, and force it to the disk."""
    write(disk, path, [content])


def remove_abandoned(folder: Path, disk: Fs = DISK) -> None:
    """Remove what exports that were killed left in `folder`. One that still runs is left alone."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return  # nothing can have been left where nothing can be written
    entries = [entry for entry in folder.iterdir() if not entry.is_symlink()]
    for entry in entries:
        if _HIDDEN.fullmatch(entry.name) and entry.is_dir():
            _remove_if_abandoned(entry, disk)
    if parts := [entry for entry in entries if _PART.fullmatch(entry.name)]:
        _remove_parts_if_abandoned(parts, disk)


def _clear(staging: Path, disk: Fs) -> None:
    with suppress(OSError):  # what cannot be removed now, the next export removes
        remove_tree(disk, staging)


def _withdraw(target: Path, staging: Path, disk: Fs) -> None:
    with suppress(OSError):
        disk.rename(target, staging)
        _remove(staging, disk)


def _drop(target: Path, disk: Fs) -> None:
    with suppress(OSError):
        disk.remove(target)


def _remove(staging: Path, disk: Fs) -> None:
    # It may have been the target once: no power cut brings it back as that, half removed.
    disk.sync_folder(staging.parent)
    remove_tree(disk, staging)


if sys.platform == "win32":

    @contextmanager
    def _held(_staging: Path) -> Iterator[None]:
        """Windows does not lock folders; there, age tells what was abandoned."""
        yield

    def _remove_if_abandoned(staging: Path, disk: Fs) -> None:
        if time.time() - staging.stat().st_mtime > _DAY_S:
            with suppress(OSError):
                _remove(staging, disk)

    @contextmanager
    def _writing(_folder: Path) -> Iterator[None]:
        """As `_held`."""
        yield

    def _remove_parts_if_abandoned(parts: list[Path], disk: Fs) -> None:
        for part in parts:
            if time.time() - part.stat().st_mtime > _DAY_S:
                _drop(part, disk)

else:
    import fcntl

    @contextmanager
    def _held(staging: Path) -> Iterator[None]:
        handle = os.open(staging, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)

    def _remove_if_abandoned(staging: Path, disk: Fs) -> None:
        try:
            with _held(staging):
                _remove(staging, disk)
        except OSError:
            # Somebody is writing it, or it is not ours: either way it is not ours to remove.
            return

    @contextmanager
    def _writing(folder: Path) -> Iterator[None]:
        """Tell others that what is hidden in a folder is not abandoned; several may at once."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # where nothing can be locked, nothing is removed either
                fcntl.flock(handle, fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)

    def _remove_parts_if_abandoned(parts: list[Path], disk: Fs) -> None:
        with suppress(OSError), _held(parts[0].parent):  # else somebody is writing one
            for part in parts:
                disk.remove(part)
            disk.sync_folder(parts[0].parent)
