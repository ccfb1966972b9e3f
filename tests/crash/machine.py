"""What can be wrong with a machine for a while: real faults, each begun and ended by one block."""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recorder.home import Home, open_home

DAY_MS = 86_400_000


@dataclass
class Clock:
    """The machine's clock, as this process reads it."""

    ahead_ms: int = 0
    real: Callable[[], int] = field(default=time.time_ns)

    def time_ns(self) -> int:
        return self.real() + self.ahead_ms * 1_000_000


@dataclass
class Machine:
    """A home on a disk of its own, and the clock it goes by."""

    disk: Path  # a small file system with nothing else on it
    chance: random.Random
    clock: Clock
    home: Home = field(init=False)

    @property
    def folder(self) -> Path:
        return self.disk / "home"

    def open(self) -> Home:
        self.home = open_home(self.folder)
        return self.home


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of 24 MB that can be filled up and made read-only; skips without the right."""
    # Not in pytest's folders: should this process be killed, nobody could clear them up.
    with tempfile.TemporaryDirectory(prefix="recorder-disk-") as name:
        argv = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", name]
        if os.geteuid() or subprocess.run(argv, check=False, capture_output=True).returncode:
            pytest.skip("a small file system of its own takes the right to mount one")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


@contextmanager
def full_disk(machine: Machine) -> Iterator[None]:
    """No room but for a few pages, more or fewer each time."""
    filler, rest = machine.disk / "filler", machine.chance.randrange(0, 40) * 4096
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        free = os.fstatvfs(handle)
        os.posix_fallocate(handle, 0, max(4096, free.f_bavail * free.f_frsize - rest))
        yield
    finally:
        os.close(handle)
        filler.unlink()


@contextmanager
def failing_writes(machine: Machine) -> Iterator[None]:
    """No file grows past some length: SQLite calls that a disk I/O error, others EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (machine.chance.randrange(0, 200_000), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_handles(machine: Machine) -> Iterator[None]:
    """Only a few more files can be opened, more or fewer each time."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = {int(path.name) for path in Path("/proc/self/fd").iterdir()}
    free = [number for number in range(len(used) + 16) if number not in used]
    resource.setrlimit(resource.RLIMIT_NOFILE, (free[machine.chance.randrange(0, 8)], hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def read_only(machine: Machine) -> Iterator[None]:
    """The file system was made read-only, as Linux does when a disk fails."""
    machine.home.store.database.engine.dispose()  # else it cannot be
    _remount(machine.disk, "ro")
    try:
        yield
    finally:
        machine.home.store.database.engine.dispose()
        _remount(machine.disk, "rw")


@contextmanager
def held_database(machine: Machine) -> Iterator[None]:
    """Another program holds the database and does not let go."""
    with closing(sqlite3.connect(machine.folder / "recorder.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def keys_away(machine: Machine) -> Iterator[None]:
    """What opens the root key cannot be reached: here the folder with its file."""
    keys, away = machine.folder / "keys", machine.folder / "away"
    keys.rename(away)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):  # a lock, at most
            for path in keys.iterdir():
                path.unlink()
            keys.rmdir()
        away.rename(keys)


@contextmanager
def day_ahead(machine: Machine) -> Iterator[None]:
    """The clock is a day ahead, until somebody puts it right."""
    with _off(machine.clock, DAY_MS):
        yield


@contextmanager
def day_ahead_without_keys(machine: Machine) -> Iterator[None]:
    """Both at once: what is put off then is put off by the wrong clock."""
    with day_ahead(machine), keys_away(machine):
        yield


@contextmanager
def day_behind(machine: Machine) -> Iterator[None]:
    """The clock is a day behind, until somebody puts it right."""
    with _off(machine.clock, -DAY_MS):
        yield


@contextmanager
def _off(clock: Clock, by_ms: int) -> Iterator[None]:
    clock.ahead_ms += by_ms
    try:
        yield
    finally:
        clock.ahead_ms -= by_ms


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


FAULTS = (
    full_disk,
    failing_writes,
    no_handles,
    read_only,
    held_database,
    keys_away,
    day_ahead,
    day_ahead_without_keys,
    day_behind,
)
