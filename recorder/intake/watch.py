"""Watching the folder: events only wake it, the scan is the truth."""

from __future__ import annotations

import logging
import threading
import time
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from recorder.config import Settings
from recorder.errors import IntakeError, MediaError
from recorder.intake.overview import Overview, overview
from recorder.intake.scan import Arrived, Attention, ScanResult, Verdict, scan
from recorder.intake.settle import Tracker
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.errors import StoreError

log = logging.getLogger(__name__)


class Taker(Protocol):
    """Where files go: with the root key (`receive`), or without it (`keyless`)."""

    def judge(self, readable: Readable, name: str) -> MediaType:
        """The type of a file by its content and name; MediaError if it is not taken or whole."""

    def take(self, arrived: Arrived) -> Attention | None:
        """Take a file in, or do what is left to do of one that was; why not, if a person must know.

        Raises MediaError for damage that only reading to the end brings to light, StoreError and
        OSError for what may go better at the next look.
        """

    def tell(self, seen: Overview) -> None:
        """Remember how the folder stands after a look."""


class Watcher:
    """Looks at the intake folder, has taken what is ready, and the rest remembered."""

    def __init__(self, settings: Settings, taker: Taker) -> None:
        self._root = settings.intake
        self._pause_seconds = settings.scan_seconds
        self._taker = taker
        self._tracker: Tracker[Verdict] = Tracker(
            quiet_seconds=settings.settle_seconds, looks=settings.settle_looks
        )

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop. A folder that cannot be read is tried again, not given up."""
        wake = threading.Event()
        observer = Observer()
        observer.schedule(_Waker(wake), str(self._root), recursive=True)
        observer.start()
        try:
            while not stop.is_set():
                self._look_or_log()
                wake.wait(self._pause_seconds)
                wake.clear()
                # A burst of events is one reason to look, not hundreds.
                stop.wait(min(0.5, self._pause_seconds))
        finally:
            observer.stop()
            observer.join()

    def look(self) -> ScanResult:
        """One pass: take what is ready, note what waits or needs attention."""
        result = scan(self._root, self._tracker, time.monotonic(), judge=self._taker.judge)
        taken = [self._take_or_log(arrived) for arrived in result.ready]
        refused = [attention for attention in taken if attention is not None]
        self._taker.tell(overview(self._root, result, refused))
        return result

    def _look_or_log(self) -> None:
        try:
            self.look()
        except (IntakeError, StoreError, OSError) as error:
            log.error("intake looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths

    def _take_or_log(self, arrived: Arrived) -> Attention | None:
        """One file's trouble stops no other; it is tried again at the next look."""
        try:
            return self._taker.take(arrived)
        except MediaError as error:
            # Damage that only reading to the end brings to light: not read again until it changes.
            refusal = Attention(arrived.path, "damaged", error.sentence)
            self._tracker.keep_verdict(str(arrived.path), refusal)
            return refusal
        except (StoreError, OSError) as error:
            log.error("file not taken in", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths
            return None


class _Waker(FileSystemEventHandler):
    """Any event is a reason to look; what it says is not believed."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):  # our own reading makes these
            self._wake.set()
