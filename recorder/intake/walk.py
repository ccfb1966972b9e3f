"""Every file below a folder, as it is right now. Links are never followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from recorder.errors import IntakeError
from recorder.intake.identify import is_ignored, is_ignored_folder

MAX_DEPTH = 32  # folders within folders: nobody files deeper, and a loop of mounts ends here
_LINK_TAGS = frozenset({0xA000_0003, 0xA000_000C})  # Windows: mount point, symbolic link


@dataclass(slots=True)
class Walked:
    """What one walk met. Filled while walking, then only read."""

    files: list[tuple[Path, os.stat_result]] = field(default_factory=list)
    unreadable: list[tuple[Path, OSError]] = field(default_factory=list)
    too_deep: list[Path] = field(default_factory=list)
    mounts: set[Path] = field(default_factory=set)  # folders that are file systems of their own
    device: int = 0  # that the folder itself lies on
    bare: bool = False  # nothing in it at all: an unmounted drive looks like that
    ignored: int = 0  # by-products of other programs, their folders, links and devices


def walk(root: Path) -> Walked:
    """Return everything below ``root``. What vanishes meanwhile is left out.

    Raises:
        IntakeError: ``root`` itself cannot be read.
    """
    walked = Walked()
    try:
        walked.device = root.stat().st_dev
        pending = _enter(root, 0, walked)
    except OSError:
        raise IntakeError from None
    walked.bare = not (pending or walked.files or walked.unreadable)
    while pending:
        folder, depth = pending.pop()
        try:
            pending += _enter(folder, depth, walked)
        except (FileNotFoundError, NotADirectoryError):
            continue  # gone since its parent was read
        except OSError as error:
            walked.unreadable.append((folder, error))
    return walked


def _enter(folder: Path, depth: int, walked: Walked) -> list[tuple[Path, int]]:
    """Note what lies in a folder and return the folders in it that are to be entered."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    paths = (folder / name for name in names)
    return [(path, depth + 1) for path in paths if _note(path, depth, walked)]


def _note(path: Path, depth: int, walked: Walked) -> bool:
    """Note one entry; say whether it is a folder to be entered."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        walked.unreadable.append((path, error))
        return False
    if stat.S_ISDIR(status.st_mode) and not _is_link(status) and not is_ignored_folder(path.name):
        if status.st_dev != walked.device:
            walked.mounts.add(path)
        if depth < MAX_DEPTH:
            return True
        walked.too_deep.append(path)
    elif stat.S_ISREG(status.st_mode) and not _is_link(status) and not is_ignored(path.name):
        walked.files.append((path, status))
    else:
        walked.ignored += 1
    return False


def _is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) in _LINK_TAGS
