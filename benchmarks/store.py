"""How fast recordings are sealed and opened, against `cp` and `age` on the same file and disk.

Usage: python -m benchmarks.store [--size 2] [--large 10] [--rounds 5] [--folder FOLDER]

Ways are compared within one run and in turns, because the speed of a disk and of a shared machine
changes by the minute. What is copied and sealed is random and lies in memory already; every copy
counts as made when it was forced to the disk. The large file is sparse zeros: what is sealed of it
is as random as any other. The folder needs room for the large file and thrice the small one.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from store import age
from store.records import Arrival
from store.sealing import Tally, seal
from store.store import connect, create
from store.tables import TEAM
from store.vault import LocalVault, new_id

GB, MIB = 1_000_000_000, 1024 * 1024
READS = 200
SEED = 7
VERIFIED = "sealed and verified"

P = ParamSpec("P")
T = TypeVar("T")


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while piece := file.read(MIB):
            yield piece


# --- sealing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """What one way took, in seconds."""

    wall: float
    processor: float


class Contest:
    """The same file by several ways onto the same disk."""

    def __init__(self, folder: Path, size: int) -> None:
        self._source, self._copy, self._vault = folder / "source", folder / "copy", folder / "vault"
        with self._source.open("wb") as file:
            for _ in range(size // MIB):
                file.write(random.randbytes(MIB))  # noqa: S311 - content, not a secret
        self._recipient = age.X25519Identity.new().recipient  # the kind that Debian's age knows
        self.ways: dict[str, Callable[[], object]] = {
            "cp, fsync": self._cp,
            VERIFIED: lambda: seal(self._fresh(), self._recipient, pieces(self._source)),
            "sealed, not verified": self._written,
            "SHA-256 once, nothing written": self._hashed,
        }
        if shutil.which("age"):
            self.ways["age -r, fsync"] = self._age

    def round(self) -> dict[str, Took]:
        """Each way once, in an order of its own."""
        return {name: self._timed(name) for name in random.sample(list(self.ways), len(self.ways))}

    def _timed(self, name: str) -> Took:
        for _ in pieces(self._source):  # into memory, should it have left
            pass
        before, started = _processor(), time.perf_counter()
        self.ways[name]()
        took = Took(time.perf_counter() - started, _processor() - before)
        self._copy.unlink(missing_ok=True)
        shutil.rmtree(self._vault, ignore_errors=True)
        return took

    def _fresh(self) -> LocalVault:
        return LocalVault(self._vault)

    def _cp(self) -> None:
        subprocess.run(["cp", self._source, self._copy], check=True)
        _sync(self._copy)

    def _age(self) -> None:
        recipient = str(self._recipient)
        subprocess.run(["age", "-r", recipient, "-o", self._copy, self._source], check=True)
        _sync(self._copy)

    def _written(self) -> None:
        """What `seal` does before it opens again what it wrote."""
        file_key, _ = age.seal_key([self._recipient])
        sealed = age.encrypt(file_key, Tally().over(pieces(self._source)))
        self._fresh().put(new_id(), Tally().over(sealed))

    def _hashed(self) -> None:
        hashed = hashlib.sha256()
        for piece in pieces(self._source):
            hashed.update(piece)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _processor() -> float:
    """Seconds of processor time so far, of this process and of those that ended in it."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def sealing(folder: Path, size: int, rounds: int) -> None:
    contest = Contest(folder, size)
    print(f"sealing {size / GB:.1f} GB, {rounds} rounds, {os.cpu_count()} cores; medians")
    print(f"{'':32}{'GB/s':>7}{'s':>7}{'cpu s':>7}   its time : that of 'sealed and verified'")
    done = [contest.round() for _ in range(rounds)]
    for name in contest.ways:
        wall = statistics.median(each[name].wall for each in done)
        processor = statistics.median(each[name].processor for each in done)
        ratios = sorted(each[name].wall / each[VERIFIED].wall for each in done)
        print(
            f"{name:32}{size / GB / wall:7.2f}{wall:7.2f}{processor:7.2f}"
            f"   {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


# --- memory and opening, in processes of their own ------------------------------------------------


def sealed_large(folder: Path, size: int) -> tuple[str, float]:
    """Seal a sparse file of `size` bytes: the recording's id, and MiB above base at the peak."""
    source = folder / "sparse"
    with source.open("wb") as file:
        file.truncate(size)
    store = connect(*_where(folder))
    base = _memory_from_here()
    sealed = store.recordings.seal(TEAM, pieces(source))
    peak = _memory("VmHWM") - base
    arrival = Arrival(TEAM, None, "nobody", "mp4", "video", "sparse", 0, "file")
    recording, _ = store.recordings.register(sealed, arrival)
    store.close()
    return recording.id, peak


def opened_whole(folder: Path, recording_id: str) -> tuple[float, float]:
    """Open a recording to its end from the disk: GB a second, and MiB above base at the peak."""
    store = connect(*_where(folder))
    _forget(folder / "blobs")
    base, started = _memory_from_here(), time.perf_counter()
    size = sum(map(len, store.recordings.open(recording_id)))
    took = time.perf_counter() - started
    store.close()
    return size / GB / took, _memory("VmHWM") - base


def opened_anywhere(folder: Path, recording_id: str) -> tuple[list[float], list[float]]:
    """Milliseconds from opening to the first byte, and to 1 MB, at random places of a cold file."""
    store, places = connect(*_where(folder)), random.Random(SEED)  # noqa: S311 - places, not secrets
    size = store.recordings.get(recording_id).size
    first, whole = [], []
    for _ in range(READS):
        _forget(folder / "blobs")
        offset, started = places.randrange(size - 1_000_000), time.perf_counter()
        reader = store.recordings.open(recording_id)
        reader.read(offset, 1)
        first.append((time.perf_counter() - started) * 1000)
        reader.read(offset, 1_000_000)
        whole.append((time.perf_counter() - started) * 1000)
    store.close()
    return first, whole


def _where(folder: Path) -> tuple[str, Path, Path]:
    return f"sqlite:///{folder / 'recorder.db'}", folder / "blobs", folder / "keys"


def _forget(folder: Path) -> None:
    """Have the system drop from memory what it holds of the files in a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def _memory(field: str) -> float:
    """A field of this process's memory in MiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system does not say how much memory a process takes")


def _memory_from_here() -> float:
    """What this process takes now in MiB; its peak is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def large_files(folder: Path, large: int) -> None:
    create(*_where(folder)).close()
    for size in (large // 10, large):
        recording_id, peak = _apart(sealed_large, folder, size)
        print(f"sealing {size / GB:.1f} GB: {peak:.0f} MiB above base at the peak")
    speed, peak = _apart(opened_whole, folder, recording_id)
    print(f"opening {large / GB:.1f} GB to its end: {speed:.2f} GB/s, {peak:.0f} MiB above base")
    first, whole = _apart(opened_anywhere, folder, recording_id)
    for name, times in (("first byte", first), ("whole", whole)):
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"1 MB anywhere in it, cold, {len(times)} times, {name}: {p50:.1f} / {p99:.1f} ms")


def _apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as process:
        return process.submit(work, *args, **kwargs).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=2, help="GB, of what is sealed in turns")
    parser.add_argument("--large", type=float, default=10, help="GB, of the large file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="On the disk to measure (default: TMPDIR).")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as made:
        sealing(Path(made), int(given.size * GB), given.rounds)
    with tempfile.TemporaryDirectory(dir=given.folder) as made:
        large_files(Path(made), int(given.large * GB))


if __name__ == "__main__":
    main()
