"""Events of the file system, which wake the watcher early. It does well without them.

A drive of another machine sends none, a system may have no more of them to give, and those of a
folder that was unmounted never come again: the watcher looks every few seconds in any case.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)


class Events:
    """Sets `wake` when anything happens in a folder."""

    def __init__(self, root: Path, wake: threading.Event) -> None:
        self._root = root
        self._wake = wake
        self._observer: BaseObserver | None = None
        self._tried: tuple[int, int] | None = None  # device and inode of the folder
        # What it has to say of itself quotes paths: to nobody.
        quiet = logging.getLogger("watchdog")
        quiet.propagate, quiet.handlers = False, [logging.NullHandler()]

    def keep(self) -> None:
        """Listen to the folder that is there now: it may have been unmounted, or another put there."""
        try:
            status = self._root.stat()
        except OSError:
            return
        if (status.st_dev, status.st_ino) != self._tried:
            self.stop()
            self._tried = (status.st_dev, status.st_ino)
            self._start()

    def stop(self) -> None:
        """Listen no more."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _start(self) -> None:
        observer = Observer()
        observer.schedule(_Waker(self._wake), str(self._root), recursive=True)
        try:
            observer.start()
        except OSError as error:
            observer.unschedule_all()
            log.warning("no events of the folder", extra={"reason": type(error).__name__})
            return
        self._observer = observer


class _Waker(FileSystemEventHandler):
    """Any event is a reason to look; what it says is not believed."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):  # our own reading makes these
            self._wake.set()
