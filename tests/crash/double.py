"""A double of the file-system facade that really does each call and remembers it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from store.fs import Disk
from tests.crash.calls import (
    Begun,
    Call,
    Committed,
    Done,
    Dropped,
    FileMade,
    FolderMade,
    FolderSynced,
    Removed,
    Renamed,
    Synced,
    Wrote,
)


class Recording(Disk):
    """Writes below `top`, and keeps a list of what it did. What fails is not on it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.calls: list[Call] = []
        self._paths: dict[int, str] = {}  # of open handles

    def begin(self, step: int) -> None:
        """A step of the program starts."""
        self.calls.append(Begun(step))

    def done(self, step: int) -> None:
        """A step of the program returned: whoever asked for it relies on it now."""
        self.calls.append(Done(step))

    def committed(self, snapshot: bytes) -> None:
        """The database holds `snapshot` for good."""
        self.calls.append(Committed(snapshot))

    def make_folder(self, folder: Path) -> None:
        super().make_folder(folder)
        self.calls.append(FolderMade(self._below(folder)))

    def create(self, path: Path) -> int:
        handle = super().create(path)
        self._paths[handle] = self._below(path)
        self.calls.append(FileMade(self._below(path)))
        return handle

    def write(self, handle: int, data: bytes) -> None:
        super().write(handle, data)
        self.calls.append(Wrote(self._paths[handle], bytes(data)))

    def sync(self, handle: int) -> None:
        # Nothing here ever loses power, so nothing is forced to this machine's own disk.
        self.calls.append(Synced(self._paths[handle]))

    def close(self, handle: int) -> None:
        super().close(handle)
        del self._paths[handle]

    def rename(self, path: Path, target: Path) -> None:
        super().rename(path, target)
        self.calls.append(Renamed(self._below(path), self._below(target)))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.calls.append(Removed(self._below(path)))

    def remove_folder(self, folder: Path) -> None:
        super().remove_folder(folder)
        self.calls.append(Removed(self._below(folder)))

    def sync_folder(self, folder: Path) -> None:
        folder.stat()  # FileNotFoundError, as the real one
        if folder.is_relative_to(self.top):
            self.calls.append(FolderSynced(self._below(folder)))

    def _below(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix()


class NeverSyncs(Recording):
    """Wrong on purpose: the bytes of a file are left to luck."""

    def sync(self, handle: int) -> None:
        pass


class NeverSyncsNames(Recording):
    """Wrong on purpose: names are left to luck."""

    def sync_folder(self, folder: Path) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, when, and whether it goes on until somebody sees to it."""

    call: int  # the first call that fails, from 0
    number: int  # errno
    lasting: bool


class Failing(Recording):
    """Fails as a real disk does: half written, and forgetting what it could not sync."""

    def __init__(self, top: Path, fault: Fault) -> None:
        super().__init__(top)
        self._fault: Fault | None = fault
        self.lasting = fault.lasting
        self.made = 0  # calls so far

    def failed(self, error: Exception) -> None:
        """It was said, and said plainly; the cause ends."""
        assert str(self.top) not in str(error), "an error says where things lie"
        assert "\n" not in str(error)
        self._fault = None

    def make_folder(self, folder: Path) -> None:
        self._perhaps_fail()
        super().make_folder(folder)

    def create(self, path: Path) -> int:
        self._perhaps_fail()
        return super().create(path)

    def write(self, handle: int, data: bytes) -> None:
        if self._fails():
            super().write(handle, data[: len(data) // 2])
            self._fail()
        super().write(handle, data)

    def sync(self, handle: int) -> None:
        if self._fails():
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            self.calls.append(Dropped(self._paths[handle]))
            self._fail()
        super().sync(handle)

    def close(self, handle: int) -> None:
        failing = self._fails()
        super().close(handle)  # Linux lets go of the handle whatever it says
        if failing:
            self._fail()

    def rename(self, path: Path, target: Path) -> None:
        self._perhaps_fail()
        super().rename(path, target)

    def remove(self, path: Path) -> None:
        self._perhaps_fail()
        super().remove(path)

    def remove_folder(self, folder: Path) -> None:
        self._perhaps_fail()
        super().remove_folder(folder)

    def sync_folder(self, folder: Path) -> None:
        self._perhaps_fail()
        super().sync_folder(folder)

    def _perhaps_fail(self) -> None:
        if self._fails():
            self._fail()

    def _fails(self) -> bool:
        fault, number = self._fault, self.made
        self.made += 1
        if fault is None:
            return False
        return number >= fault.call if fault.lasting else number == fault.call

    def _fail(self) -> NoReturn:
        assert self._fault is not None
        raise OSError(self._fault.number, os.strerror(self._fault.number))
