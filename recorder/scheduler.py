"""State is the queue: finds recordings whose next stage is due and hands them to workers.

A job carries a home's path and a recording's id, never content. What a job raises is turned into a
state on the recording's row: a permanent cause quarantines it, a passing one is tried again later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Protocol

from recorder import opening
from recorder.errors import Stopping
from recorder.home import Home
from recorder.pipeline import STAGES, Work
from recorder.retrying import MAX_TRIES, Fault, fault_of, is_machines, reason_of, wait_ms
from recorder.turns import Item, Turns
from store.errors import ConflictError, NotFoundError, StoreError
from store.records import Recording
from store.session import now_ms
from store.switches import PAUSED

log = logging.getLogger(__name__)

_FRESH_SECONDS = 1.0  # how long an order of turns holds


class Workers(Protocol):
    """Where jobs run: an executor, and how many jobs to give it at a time."""

    @property
    def room(self) -> int:
        """How many jobs it holds."""

    def submit(self, recording_id: str) -> Future[str]:
        """Work on a recording as far as it will go. The future's error means a lost worker."""

    def close(self) -> None:
        """Let stages that can be taken up again be left, and wait for the others."""


class Queue(Protocol):
    """What there is to do."""

    def due(self, home: Home) -> Sequence[Item]:
        """What to work on now, in no order."""

    def lost(self, home: Home, item_id: str, error: BaseException) -> None:
        """A worker was lost while it worked on this one: what it held is still due.

        If it was killed, the recording may be why: the try counts.
        """


class Notes:
    """The way to a note; before it, whose a file may be that is nobody's yet."""

    def due(self, home: Home) -> Sequence[Item]:
        """See `Queue`."""
        return [*due(home), *opening.due(home)]

    def lost(self, home: Home, item_id: str, error: BaseException) -> None:
        """See `Queue`."""
        if opening.is_opening(home, item_id):
            opening.failed(home, item_id, error)
            return
        recording = home.store.recordings.get(item_id)
        if recording.state in STAGES:
            _failed(home, recording, error)


def due(home: Home) -> list[Recording]:
    """Recordings to work on now, in no order.

    A picture waits for the voices of its case, because it joins the note made from them.
    """
    voiced = home.store.recordings.voiced(STAGES)
    found = home.store.recordings.due(STAGES)
    return [each for each in found if each.kind != "picture" or each.case_id not in voiced]


def work_off(work: Work) -> int:
    """Run every due stage here and now, until nothing is due; how many were run."""
    count, turns = 0, Turns()
    while batch := turns.order(due(work.home), now_ms()):
        for recording in batch:
            run_stage(work, recording)
            count += 1
    return count


def work_on(work: Work, item_id: str) -> str:
    """Do all that can be done now for a recording, or for a file whose opening is to be heard."""
    if opening.is_opening(work.home, item_id):
        return opening.hear_or_wait(work, item_id)
    try:
        return work_through(work, item_id)
    except NotFoundError:  # a file that was seen to before its opening's turn came
        return "left"


def work_through(work: Work, recording_id: str) -> str:
    """Run stage after stage of one recording, as long as the next one is due at once."""
    while True:
        recording = work.home.store.recordings.get(recording_id)
        if recording.state not in STAGES:
            return "left"
        said = run_stage(work, recording)
        after = work.home.store.recordings.get(recording_id)
        # A picture's note may have to wait for the voices of its case, a film for its chapters.
        waits = after.kind == "picture" or after.state == recording.state
        if said != "done" or after.state not in STAGES or waits:
            return said


def run_stage(work: Work, recording: Recording) -> str:
    """Run what is due for `recording`; a word for the log.

    One of done, left, postponed, quarantined.
    """
    try:
        STAGES[recording.state](work, recording)
    except (ConflictError, Stopping):
        # Another worker did it first, a person took it away, or we are being stopped.
        return "left"
    except Exception as error:  # noqa: BLE001 - the loop's outer edge: it becomes a state
        return _failed(work.home, recording, error)
    return "done"


def _failed(home: Home, recording: Recording, error: BaseException) -> str:
    """Wait, try again or set aside, by whose fault it was."""
    fault = fault_of(error)
    if fault is Fault.MACHINE:
        return _wait(home, recording, error)
    if fault is Fault.RECORDING:
        return _set_aside(home, recording, type(error).__name__)
    return _try_again(home, recording, error)


def _try_again(home: Home, recording: Recording, error: BaseException) -> str:
    """Try again later, but not for ever: what fails again and again is set aside.

    Tries that failed by the machine's fault before do not count.
    """
    anew = is_machines(recording.reason)
    if anew or recording.attempts + 1 < MAX_TRIES:
        return _wait(home, recording, error, anew=anew)
    _log_failure(recording, error)
    return _set_aside(home, recording, "TooManyTries")


def _set_aside(home: Home, recording: Recording, reason: str) -> str:
    try:
        home.store.recordings.quarantine(recording, reason)
    except ConflictError:
        return "left"
    log.warning("recording quarantined", extra={"recording": recording.id, "reason": reason})
    return "quarantined"


def _wait(home: Home, recording: Recording, error: BaseException, *, anew: bool = False) -> str:
    _log_failure(recording, error)
    next_try_at = now_ms() + wait_ms(0 if anew else recording.attempts)
    home.store.recordings.postpone(recording, reason_of(error), next_try_at, anew=anew)
    return "postponed"


def _log_failure(recording: Recording, error: BaseException) -> None:
    # The class only: an exception's text may hold content.
    fields = {"recording": recording.id, "state": recording.state, "reason": type(error).__name__}
    log.error("stage failed", extra=fields)


class Scheduler:
    """Keeps the workers busy with what is due."""

    def __init__(
        self,
        home: Home,
        workers: Workers,
        may_start: Callable[[], bool] = lambda: True,
        queue: Queue | None = None,
    ) -> None:
        """`queue` says what is due: by default, the way to a note.

        `may_start` is asked before each job: whether it is still for us to give jobs out.
        """
        self._home = home
        self._workers = workers
        self._may_start = may_start
        self._todo = queue or Notes()
        self._flying: dict[str, Future[str]] = {}
        self._turns = Turns()
        self._queue: deque[Item] = deque()
        self._ordered_at = 0.0
        self._wake = threading.Event()

    def run(self, stop: threading.Event, pause_seconds: float = 0.5) -> None:
        """Look for due work until told to stop.

        What can be left and taken up again is left then; another stage under way is finished first.
        """
        try:
            while not stop.is_set():
                self._look_or_log()
                self._wake.wait(pause_seconds)
                self._wake.clear()
        finally:
            self._workers.close()

    def _look_or_log(self) -> None:
        """A held database, or no means to start a process, is waited out: what is due stays due."""
        try:
            self.look()
        except (StoreError, OSError) as error:
            log.error("scheduler looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show values

    def look(self) -> None:
        """Collect what has ended and submit what is due."""
        for recording_id in [each for each, future in self._flying.items() if future.done()]:
            self._collect(recording_id, self._flying.pop(recording_id))
        while len(self._flying) < self._workers.room and self._may_start():
            item = self._next()
            if item is None:
                return
            self._turns.started(item)
            self._flying[item.id] = self._submit(item.id)

    def _next(self) -> Item | None:
        """Whose turn it is. The order is made anew every second; in between it is kept.

        An order that is out of date does no harm: a job looks at its recording's row again.
        """
        if time.monotonic() - self._ordered_at >= _FRESH_SECONDS:
            paused = self._home.store.switches.is_on(PAUSED)
            waiting = [] if paused else self._todo.due(self._home)
            self._queue = deque(self._turns.order(waiting, now_ms()))
            self._ordered_at = time.monotonic()
        while self._queue:
            item = self._queue.popleft()
            if item.id not in self._flying:
                return item
        return None

    def _submit(self, recording_id: str) -> Future[str]:
        future = self._workers.submit(recording_id)
        future.add_done_callback(lambda _: self._wake.set())
        return future

    def _collect(self, recording_id: str, future: Future[str]) -> None:
        error = future.exception()
        if error is None:
            return
        log.error("worker lost", extra={"recording": recording_id, "reason": type(error).__name__})
        with suppress(NotFoundError):
            self._todo.lost(self._home, recording_id, error)
