"""Where stages run: a pool of processes on this machine, each with a model of its own.

A job carries a recording's id and nothing else. Home, keys and model are the worker's own: it opens
them once, when its first job comes.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread

from recorder.hearing import load_engine
from recorder.home import Asked, Home, open_home
from recorder.logs import to_stderr
from recorder.making import make_or_wait
from recorder.pipeline import Work
from recorder.scheduler import work_on
from recorder.voicemodels import load_voices
from store.root import Secret
from store.wrappers.passphrase import nobody


class Pool:
    """Worker processes, started when there is work."""

    def __init__(self, home: Home, job: Callable[[str], str], room: int) -> None:
        """`room` processes that each do one `job` at a time."""
        self._job = job
        self._folder = home.folder
        self._passphrase = home.asked.answer
        self._workers = room
        # spawn: a fork would carry the parent's threads, locks and database connection along.
        self._context = get_context("spawn")
        self._stop = self._context.Event()
        self._executor: Executor | None = None

    @property
    def room(self) -> int:
        """One job a process."""
        return self._workers

    def submit(self, recording_id: str) -> Future[str]:
        """Work on a recording in one of the processes; others take the place of dead ones.

        OSError if none can be started just now: then nothing was given out.
        """
        try:
            return self._running().submit(self._job, recording_id)
        except BrokenProcessPool:
            self._executor = None
            return self._running().submit(self._job, recording_id)
        except OSError:
            self._leave()
            raise

    def close(self) -> None:
        """Let every process leave off where it can go on from later, and wait for it."""
        self._stop.set()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def _leave(self) -> None:
        """Let the processes end once they have done what they began; what waits there is dropped."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    def _running(self) -> Executor:
        if self._executor is None:
            # The passphrase goes through a pipe, like all that a process is started with.
            given = (self._folder, self._stop, self._passphrase)
            self._executor = ProcessPoolExecutor(self._workers, self._context, _prepare, given)
        return self._executor


def settle_in(folder: Path, stopping: Callable[[], bool], passphrase: Secret | None = None) -> None:
    """Make this process a worker of the home in `folder`; `stopping` tells it to leave off.

    `passphrase` is what the home was opened with, if anybody was asked for one.
    """
    _place.append((folder, stopping, passphrase))
    to_stderr(logging.WARNING)


def job(item_id: str) -> str:
    """What runs in a worker process; a word for the log."""
    return work_on(_work(), item_id)


def making(recording_id: str) -> str:
    """Likewise, of what makes copies to be looked at."""
    return make_or_wait(_work().home, recording_id, _work().stopping)


# Of this process, once it has settled in.
_place: list[tuple[Path, Callable[[], bool], Secret | None]] = []


def _prepare(folder: Path, stop: Event, passphrase: Secret | None) -> None:
    settle_in(folder, stop.is_set, passphrase)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    # A terminal's Ctrl-C reaches the whole group; the parent ends the workers once a stage is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with(parent: BaseProcess | None) -> None:
    """End this process once whoever started it is gone, however that ended; work is left as it is."""
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _work() -> Work:
    """This process's home and model, opened once."""
    folder, stopping, passphrase = _place[-1]
    home = open_home(folder, Asked(nobody, passphrase))
    return Work(
        home,
        cache(lambda: load_engine(home.settings)),
        stopping=stopping,
        telling=cache(lambda: load_voices(home.settings)),
        careful=cache(lambda: load_engine(home.settings, careful=True)),
    )
