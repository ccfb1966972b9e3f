"""Where stages run: a pool of processes on this machine, each with a model of its own."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

from recorder.hearing import load_engine
from recorder.home import Home, open_home
from recorder.logs import to_stderr
from recorder.pipeline import Work
from recorder.scheduler import work_through

_stop: Event | None = None  # set in a worker process: the parent's word to leave off


class Pool:
    """Worker processes, started when there is work."""

    def __init__(self, home: Home) -> None:
        self._folder = str(home.folder)
        self._workers = home.settings.workers
        # spawn: a fork would carry the parent's threads, locks and database connection along.
        self._context = get_context("spawn")
        self._stop = self._context.Event()
        self._executor: Executor | None = None

    @property
    def room(self) -> int:
        """One job a process."""
        return self._workers

    def submit(self, recording_id: str) -> Future[str]:
        """Work on a recording in one of the processes; others take the place of dead ones."""
        try:
            return self._running().submit(job, self._folder, recording_id)
        except BrokenProcessPool:
            self._executor = None
            return self._running().submit(job, self._folder, recording_id)

    def close(self) -> None:
        """Let every process leave off where it can go on from later, and wait for it."""
        self._stop.set()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def _running(self) -> Executor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._workers, self._context, _prepare, (self._stop,)
            )
        return self._executor


def job(home_folder: str, recording_id: str) -> str:
    """What runs in a worker process. A path and an id only: they travel."""
    return work_through(_worker(home_folder), recording_id)


def _prepare(stop: Event) -> None:
    global _stop  # noqa: PLW0603 - one a process, handed over at its start
    _stop = stop
    # A terminal's Ctrl-C reaches the whole group; the parent ends the workers once a stage is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stopping() -> bool:
    return _stop is not None and _stop.is_set()


@cache
def _worker(home_folder: str) -> Work:
    """This process's home and model, opened once."""
    to_stderr(logging.WARNING)
    home = open_home(Path(home_folder))
    return Work(home, cache(lambda: load_engine(home.settings)), stopping=_stopping)
