"""State is the queue: finds recordings whose next stage is due and hands them to an executor.

A job carries a home's path and a recording's id, never content. What a job raises is turned into a
state on the recording's row: a permanent cause quarantines it, a passing one is tried again later.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from recorder.errors import MediaError, ModelError, Stalled, ToolMissing
from recorder.hearing import load_engine
from recorder.home import Home, open_home
from recorder.logs import to_stderr
from recorder.pipeline import STAGES, Work
from store.errors import ConflictError, StoreError
from store.records import Recording
from store.session import now_ms

log = logging.getLogger(__name__)

MAX_TRIES = 5
_FIRST_WAIT_MS = 5_000
_LONGEST_WAIT_MS = 15 * 60_000
_MACHINE = (ToolMissing, ModelError)  # nothing is wrong with the recording: wait, however long

Submit = Callable[[Recording], "Future[str]"]


def due(home: Home) -> list[Recording]:
    """Recordings to work on now, in order: voices first, short ones first, pictures last.

    A picture waits for the voices of its case, because it joins the note made from them.
    """
    found = home.store.recordings.due(STAGES)
    voices = [recording for recording in found if recording.kind != "picture"]
    busy = {
        recording.case_id
        for recording in home.store.recordings.all(*STAGES)
        if recording.kind != "picture"
    }
    pictures = [r for r in found if r.kind == "picture" and r.case_id not in busy]
    return [*sorted(voices, key=lambda recording: recording.size), *pictures]


def work_off(work: Work) -> int:
    """Run every due stage here and now, until nothing is due; how many were run."""
    count = 0
    while batch := due(work.home):
        for recording in batch:
            run_stage(work, recording)
            count += 1
    return count


def run_stage(work: Work, recording: Recording) -> str:
    """Run what is due for `recording`; a word for the log: done, moved, quarantined, postponed."""
    try:
        STAGES[recording.state](work, recording)
    except ConflictError:
        return "moved"  # another worker did it first, which is as good
    except _MACHINE as error:
        return _wait(work.home, recording, error)
    except Stalled as error:
        return _try_again(work.home, recording, error)
    except MediaError as error:
        work.home.store.recordings.quarantine(recording, type(error).__name__)
        log.warning(
            "recording quarantined",
            extra={"recording": recording.id, "reason": type(error).__name__},
        )
        return "quarantined"
    except Exception as error:  # noqa: BLE001 - the loop's outer edge: it becomes a state
        return _try_again(work.home, recording, error)
    return "done"


def _try_again(home: Home, recording: Recording, error: Exception) -> str:
    """Try again later, but not for ever: what fails again and again is set aside."""
    if recording.attempts + 1 < MAX_TRIES:
        return _wait(home, recording, error)
    _log_failure(recording, error)
    home.store.recordings.quarantine(recording, "TooManyTries")
    return "quarantined"


def _wait(home: Home, recording: Recording, error: Exception) -> str:
    _log_failure(recording, error)
    wait = min(_FIRST_WAIT_MS * 4 ** min(recording.attempts, 9), _LONGEST_WAIT_MS)
    home.store.recordings.postpone(recording, type(error).__name__, now_ms() + wait)
    return "postponed"


def _log_failure(recording: Recording, error: Exception) -> None:
    # The class only: an exception's text may hold content.
    fields = {"recording": recording.id, "state": recording.state, "reason": type(error).__name__}
    log.error("stage failed", extra=fields)


class Scheduler:
    """Keeps an executor busy with what is due."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._flying: dict[str, Future[str]] = {}
        self._executor: Executor | None = None

    def run(self, stop: threading.Event, pause_seconds: float = 0.5) -> None:
        """Look for due work until told to stop; a stage under way is finished first."""
        try:
            while not stop.is_set():
                self._look_or_log()
                stop.wait(pause_seconds)
        finally:
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)

    def _look_or_log(self) -> None:
        """A full disk or a held database is waited out: what is due stays due."""
        try:
            self.look()
        except StoreError as error:
            log.error("scheduler looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show values

    def look(self) -> None:
        """Collect what has ended and submit what is due."""
        for recording_id in [each for each, future in self._flying.items() if future.done()]:
            self._collect(recording_id, self._flying.pop(recording_id))
        for recording in due(self._home):
            if len(self._flying) >= self._home.settings.workers:
                return
            if recording.id not in self._flying:
                self._flying[recording.id] = self._submit(recording.id)

    def _submit(self, recording_id: str) -> Future[str]:
        if self._executor is None:
            # spawn: a fork would carry the parent's threads, locks and database connection along.
            self._executor = ProcessPoolExecutor(
                self._home.settings.workers, get_context("spawn"), _leave_stopping_to_the_parent
            )
        return self._executor.submit(job, str(self._home.folder), recording_id)

    def _collect(self, recording_id: str, future: Future[str]) -> None:
        error = future.exception()
        if error is None:
            return
        log.error("worker lost", extra={"recording": recording_id, "reason": type(error).__name__})
        if isinstance(error, BrokenProcessPool):
            # The kernel or an administrator killed it. What it held is still due; count the try.
            self._executor = None
        recording = self._home.store.recordings.get(recording_id)
        if recording.state in STAGES:
            _try_again(self._home, recording, RuntimeError("worker lost"))


def _leave_stopping_to_the_parent() -> None:
    # A terminal's Ctrl-C reaches the whole group; the parent ends the workers once a stage is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def job(home_folder: str, recording_id: str) -> str:
    """What runs in a worker process. Ids only."""
    work = _worker(home_folder)
    recording = work.home.store.recordings.get(recording_id)
    if recording.state not in STAGES:
        return "moved"
    return run_stage(work, recording)


@cache
def _worker(home_folder: str) -> Work:
    """This process's home and model, opened once."""
    to_stderr(logging.WARNING)
    home = open_home(Path(home_folder))
    return Work(home, cache(lambda: load_engine(home.settings)), lambda _: None)
