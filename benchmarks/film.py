"""What making the version of a long film to be looked at takes: time, and memory of every process.

Usage: python -m benchmarks.film [--minutes 120]

A film of moving bars with the sample's words is sealed into a home of its own and made by a worker
process, as `recorder run` has it made. What each process held at most is what Linux says of it, and
every regular file that any of them has open for writing is looked up while they work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from recorder.home import Home, create_home
from recorder.media.readable import BLOCK
from recorder.media.sniff import TYPES
from recorder.media.sound import RATE, pcm
from recorder.sample import enrol
from recorder.workers import Pool, making
from store.records import DRAFTED, Arrival, Recording

CHUNK = 5  # minutes that are coded; the rest repeats them
PICTURES = "testsrc=size=320x180:rate=12"
_WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Watched:
    """What this process and all below it were seen to hold."""

    home: Path
    before: set[str]  # files written when it began: where this prints to
    peaks: dict[str, int] = field(default_factory=dict)  # KB, by program
    strays: set[str] = field(default_factory=set)  # files written outside the home's own

    def look(self) -> None:
        """Look at each of them once."""
        for process in _below(os.getpid()):
            with suppress(OSError, KeyError):  # it has just ended
                name, peak = _peak(process)
                self.peaks[name] = max(self.peaks.get(name, 0), peak)
                found = set(_written(process)) - self.before
                self.strays |= {each for each in found if not self._own(each)}

    def _own(self, path: str) -> bool:
        inside = Path(path).is_relative_to(self.home)
        return inside and (Path(path).name.startswith("recorder.db") or "/vault/" in path)


def _below(root: int) -> Iterator[Path]:
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(process.name))
    waiting = [root]
    while waiting:
        process_id = waiting.pop()
        yield Path("/proc", str(process_id))
        waiting += children.get(process_id, [])


def _peak(process: Path) -> tuple[str, int]:
    status = dict(
        line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line
    )
    name = status["Name"].strip()
    if int(process.name) == os.getpid():
        name = "this process"
    return name, int(status["VmHWM"].split()[0])


def _written(process: Path) -> Iterator[str]:
    for each in (process / "fd").iterdir():
        with suppress(OSError):  # it was just closed
            target = each.resolve()
            if _flags(process, each.name) & _WRITES and target.is_file():
                yield str(target)


def _flags(process: Path, descriptor: str) -> int:
    lines = (process / "fdinfo" / descriptor).read_text().splitlines()
    return int(dict(line.split(":", 1) for line in lines if ":" in line)["flags"], 8)


def write_film(target: Path, minutes: int) -> None:
    """A film with its index at its end, as cameras write it."""
    chunk = target.with_name("chunk.mp4")
    with resources.as_file(resources.files("recorder.sample") / "voice-note.ogg") as voice:
        sources = ["-stream_loop", "-1", "-i", str(voice), "-f", "lavfi", "-i", PICTURES]
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        length = ["-t", str(CHUNK * 60), "-map", "1:v", "-map", "0:a"]
        _ffmpeg(*sources, *length, *coded, str(chunk))
    again = str(-(-minutes // CHUNK) - 1)
    _ffmpeg("-stream_loop", again, "-i", str(chunk), "-map", "0", "-c", "copy", str(target))
    chunk.unlink()


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)


def sealed(home: Home, film: Path) -> Recording:
    """A recording of the film on which nothing is left to do before copies are made."""
    team = enrol(home)
    arrival = Arrival(
        *(team.case.id, team.case.id, team.practitioner.id), "mp4", "video", film.name, 1, "file"
    )
    with film.open("rb") as file:
        blocks = iter(lambda: file.read(BLOCK), b"")
        found, _ = home.store.recordings.register(
            home.store.recordings.seal(team.case.id, blocks), arrival
        )
    with home.store.database.write() as connection:
        home.store.recordings.advance(connection, found, DRAFTED)
    return home.store.recordings.get(found.id)


def made(home: Home, recording: Recording) -> tuple[Watched, float]:
    """Have its copies made by a worker, and watch."""
    before = set(_written(Path("/proc/self")))
    watched, started = Watched(home.folder, before), time.perf_counter()
    pool, over = Pool(home, making, 1), threading.Event()
    try:
        waiting = pool.submit(recording.id)
        waiting.add_done_callback(lambda _: over.set())
        while not over.wait(0.2):
            watched.look()
        if waiting.result() != "done":
            raise SystemExit(f"not made: {waiting.result()}")
    finally:
        pool.close()
    return watched, time.perf_counter() - started


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=int, default=120)
    minutes = reader.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        write_film(film, minutes)
        home = create_home(Path(folder) / "home", "Benchmark")
        recording = sealed(home, film)
        size = film.stat().st_size
        film.unlink()
        watched, seconds = made(home, recording)
        copies = {(each.kind, each.number): each for each in home.store.makings.of(recording.id)}
        started = time.perf_counter()
        original = home.store.recordings.open(recording.id)
        heard = sum(map(len, pcm(original, TYPES["mp4"]))) / RATE / 2
        decoding = time.perf_counter() - started
        home.close()
    proxy = copies["proxy", 1]
    print(
        f"{minutes} min, {size / 1e6:.0f} MB: made in {seconds:.0f} s "
        f"({minutes * 60 / seconds:.1f} x real time), {proxy.size / 1e6:.0f} MB, "
        f"{len(copies) - 1} frames; its sound ({heard / 60:.1f} min) decoded in {decoding:.0f} s"
    )
    for name, peak in sorted(watched.peaks.items(), key=lambda each: -each[1]):
        print(f"  {name}: at most {peak / 1024:.0f} MB")
    print(f"  files written outside vault and database: {sorted(watched.strays) or 'none'}")


if __name__ == "__main__":
    main()
