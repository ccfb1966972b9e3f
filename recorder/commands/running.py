"""What long-running commands share: who may run beside whom, and how they end."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from recorder.errors import ConfigError
from recorder.home import Home
from store.errors import BusyError, DatabaseError
from store.hold import LOOK_SECONDS, Hold

log = logging.getLogger(__name__)

# A child that was just being started when its parent was killed has the parent's locks a moment longer.
_PATIENCE = 1.0  # seconds
_NO_STANDBY = (
    "a standby takes a database that two machines share: set 'database' to PostgreSQL's address, or "
    "leave out --standby"
)
_RUNNING = "Recorder is running on this home already: stop it first"
_ELSEWHERE = (
    "Recorder is running on this database already, from another machine: stop it there first, or "
    "start this one again once it has stopped"
)
_EXPORTING = "another export from this home is under way: try again once it has ended"
_WATCHED = (
    "another process watches this home's intake folder already: stop it first. Set intake_by in "
    'config.toml to say which is to: "run", or "receive" for one without the root key'
)


@contextmanager
def alone(home: Home, again: Callable[[], bool] = lambda: False) -> Iterator[Hold]:
    """Nobody else runs on this home, or changes its root key; ConfigError if somebody does.

    Nor does anybody on another machine that shares the home's database. That is tried again as
    long as `again`, which waits a little, says so. The hold tells whether it is still so.
    """
    with _locked(home.folder / "run.lock", _RUNNING):
        try:
            with home.store.database.alone(again) as hold:
                yield hold
        except BusyError as error:
            raise ConfigError(_ELSEWHERE) from error


@contextmanager
def in_turn(home: Home, stop: threading.Event) -> Iterator[Hold | None]:
    """Stand by until nobody else runs on the home's database, and be the one; None at `stop`.

    ConfigError where another machine cannot share the database.
    """
    if home.store.database.running() is None:
        raise ConfigError(_NO_STANDBY)

    def again() -> bool:
        return not stop.wait(LOOK_SECONDS)

    with ExitStack() as held:
        hold = None
        while hold is None and not stop.is_set():
            try:
                hold = held.enter_context(alone(home, again))
            except (ConfigError, DatabaseError) as error:
                # A server that is restarted, or another standby on this home, is waited out.
                if again():
                    log.warning("cannot stand by", extra={"reason": type(error).__name__})
        yield hold


@contextmanager
def watching(folder: Path) -> Iterator[None]:
    """Nobody else watches the intake folder of this home; ConfigError if somebody does."""
    with _locked(folder / "watch.lock", _WATCHED):
        yield


@contextmanager
def exporting(home: Home) -> Iterator[None]:
    """Nobody else exports from this home; ConfigError if somebody does."""
    with _locked(home.folder / "export.lock", _EXPORTING):
        yield


@contextmanager
def told_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """A stop signal, or Ctrl-C, calls `stop` and nothing else: whoever runs ends by themselves."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _locked(path: Path, sentence: str) -> Iterator[None]:
    lock = FileLock(path, timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        raise ConfigError(sentence) from error
    try:
        yield
    finally:
        lock.release()
