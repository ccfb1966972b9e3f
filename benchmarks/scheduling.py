"""What the scheduler costs: a queue of recordings, and stages that take a known time.

Usage: python -m benchmarks.scheduling [--queue 10000] [--sleep 200]

Prints two figures of one run. The overhead of one recording: the time in which the scheduler and
one worker empty the queue, less the time that the same moves take one after the other without it.
And how much faster two workers are than one on stages that only sleep.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from recorder.home import Home, create_home
from recorder.sample import Team, enrol
from recorder.scheduler import Scheduler
from store.records import DRAFTED, RECEIVED, Arrival

SLEEP_SECONDS = 0.05


class Threads:
    """Workers that are threads of this process."""

    def __init__(self, home: Home, room: int, stage: Callable[[str], None]) -> None:
        self._room, self._stage, self._home = room, stage, home
        self._threads = ThreadPoolExecutor(room)

    @property
    def room(self) -> int:
        """How many at a time."""
        return self._room

    def submit(self, recording_id: str) -> Future[str]:
        """Start one."""
        return self._threads.submit(self._work, recording_id)

    def close(self) -> None:
        """Wait for all."""
        self._threads.shutdown()

    def _work(self, recording_id: str) -> str:
        self._stage(recording_id)
        move(self._home, recording_id)
        return "done"


def move(home: Home, recording_id: str) -> None:
    recording = home.store.recordings.get(recording_id)
    with home.store.database.write() as connection:
        home.store.recordings.advance(connection, recording, DRAFTED)


def fill(home: Home, team: Team, count: int, first: int) -> None:
    """Rows that are due; they share one blob, which nobody opens here."""
    sealed = home.store.recordings.seal(team.case.id, [b"sound"])
    arrival = Arrival(
        scope=team.case.id,
        case_id=team.case.id,
        practitioner_id=team.practitioner.id,
        media_type="wav",
        kind="audio",
        name="note.wav",
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )
    for number in range(first, first + count):
        home.store.recordings.register(replace(sealed, sha256=f"{number:064x}"), arrival)


def emptied(home: Home, room: int, stage: Callable[[str], None]) -> float:
    """Seconds until nothing is due."""
    stop, left = threading.Event(), len(home.store.recordings.all(RECEIVED))
    done = threading.Semaphore(0)

    def counted(recording_id: str) -> None:
        stage(recording_id)
        done.release()

    scheduler = Scheduler(home, Threads(home, room, counted))
    thread = threading.Thread(target=scheduler.run, args=(stop,))
    started = time.perf_counter()
    thread.start()
    for _ in range(left):
        done.acquire()
    stop.set()
    thread.join()
    taken = time.perf_counter() - started
    if home.store.recordings.all(RECEIVED):
        raise RuntimeError("recordings were left behind")
    return taken


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--queue", type=int, default=10_000)
    reader.add_argument("--sleep", type=int, default=200, help="recordings whose stage sleeps")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = create_home(Path(folder) / "home", "Benchmark")
        team = enrol(home)
        fill(home, team, asked.queue, 0)
        plain = min(asked.queue, 1000)
        waiting = [each.id for each in home.store.recordings.all(RECEIVED)]
        started = time.perf_counter()
        for recording_id in waiting[:plain]:
            move(home, recording_id)
        alone = (time.perf_counter() - started) / plain
        each = emptied(home, 1, lambda _: None) / (asked.queue - plain)
        print(
            f"queue of {asked.queue - plain}: {each * 1000:.2f} ms each, {alone * 1000:.2f} ms bare"
        )
        print(f"overhead of scheduling: {(each - alone) * 1000:.2f} ms a recording (aim 5)")
        fill(home, team, asked.sleep, asked.queue)
        one = emptied(home, 1, lambda _: time.sleep(SLEEP_SECONDS))
        fill(home, team, asked.sleep, asked.queue + asked.sleep)
        two = emptied(home, 2, lambda _: time.sleep(SLEEP_SECONDS))
        print(f"two workers over one, sleep-bound: {one / two:.2f} (aim 1.8)")
        home.close()


if __name__ == "__main__":
    main()
