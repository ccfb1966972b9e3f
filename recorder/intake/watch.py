"""Watching the folder: events only wake it, the scan is the truth."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from pathlib import Path, PurePath

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from recorder.errors import IntakeError, MediaError
from recorder.home import Home
from recorder.intake.identify import place
from recorder.intake.receive import Outcome, mark, owner, receive, remove
from recorder.intake.scan import Arrived, Attention, ScanResult, Verdict, Waiting, scan
from recorder.intake.settle import Tracker
from recorder.intake.unseal import inside
from store.errors import StoreError
from store.journal import ARRIVING, ATTENTION, GONE, Look
from store.tables import TEAM

log = logging.getLogger(__name__)

_NOBODY = (
    "This file lies in a folder that belongs to nobody on the team. Move it into the folder of "
    "the practitioner who made it, or ask an administrator to add them."
)


class Watcher:
    """Looks at the intake folder, takes in what is ready, remembers the rest in the journal."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._root = home.settings.intake
        self._tracker: Tracker[Verdict] = Tracker(
            quiet_seconds=home.settings.settle_seconds, looks=home.settings.settle_looks
        )
        # What was last written to the journal for each path, so that an unchanged folder costs
        # no database work.
        self._noted: dict[str, tuple[str, str | None]] = {
            entry.path: (entry.state, entry.reason) for entry in home.store.journal.waiting()
        }

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop. A folder that cannot be read is tried again, not given up."""
        wake = threading.Event()
        observer = Observer()
        observer.schedule(_Waker(wake), str(self._root), recursive=True)
        observer.start()
        try:
            while not stop.is_set():
                self._look_or_log()
                wake.wait(self._home.settings.scan_seconds)
                wake.clear()
                # A burst of events is one reason to look, not hundreds.
                stop.wait(min(0.5, self._home.settings.scan_seconds))
        finally:
            observer.stop()
            observer.join()

    def look(self) -> ScanResult:
        """One pass: take what is ready, note what waits or needs attention."""
        unseal = partial(inside, self._home.store)
        result = scan(self._root, self._tracker, time.monotonic(), unseal=unseal)
        for arrived in result.ready:
            self._take_or_log(arrived)
        for waiting in result.waiting:
            self._note(waiting.path, ARRIVING, waiting.reason)
        for attention in result.attention:
            self._note(attention.path, ATTENTION, attention.code, attention.sentence)
        self._forget_gone(result)
        return result

    def _look_or_log(self) -> None:
        try:
            self.look()
        except (IntakeError, StoreError, OSError) as error:
            log.error("intake looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths

    def _take_or_log(self, arrived: Arrived) -> None:
        """One file's trouble stops no other; it is tried again at the next look."""
        try:
            self._take(arrived)
        except MediaError as error:
            # Damage that only reading to the end brings to light: not read again until it changes.
            refusal = Attention(arrived.path, "damaged", error.sentence)
            self._tracker.keep_verdict(str(arrived.path), refusal)
            self._note(arrived.path, ATTENTION, refusal.code, refusal.sentence)
        except (StoreError, OSError) as error:
            log.error("file not taken in", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths

    def _take(self, arrived: Arrived) -> None:
        keeping = self._home.settings.after_intake == "keep"
        path = str(arrived.relative)
        if self._home.store.journal.known(path) == mark(arrived.signature):
            # It is in the vault already and only its removal was missed, by a crash or a lock.
            if not keeping:
                remove(self._home.store, arrived)
            return
        whose = owner(self._home.store, arrived.place.practitioner, arrived.place.case_ref)
        if whose is None:
            self._note(arrived.path, ATTENTION, Outcome.NOBODY.value, _NOBODY)
            return
        outcome, recording = receive(self._home.store, arrived, whose)
        if recording is None:
            return
        log.info("file taken in", extra={"recording": recording.id, "outcome": outcome.value})
        self._noted.pop(path, None)
        if not keeping:
            remove(self._home.store, arrived)

    def _note(self, path: Path, state: str, reason: str, sentence: str = "") -> None:
        relative = path.relative_to(self._root)
        if self._noted.get(str(relative)) == (state, reason):
            return
        lies = place(PurePath(relative))
        whose = owner(self._home.store, lies.practitioner, lies.case_ref)
        self._home.store.journal.note(
            Look(
                path=str(relative),
                scope=TEAM if whose is None else whose.scope,
                practitioner_id=None if whose is None else whose.practitioner_id,
                state=state,
                size=_size(path),
                reason=reason,
                sentence=sentence,
            )
        )
        self._noted[str(relative)] = (state, reason)

    def _forget_gone(self, result: ScanResult) -> None:
        here: list[Waiting | Attention | Arrived] = [
            *result.waiting,
            *result.attention,
            *result.ready,
        ]
        present = {str(each.path.relative_to(self._root)) for each in here}
        for path in self._noted.keys() - present:
            self._home.store.journal.close(path, GONE)
            del self._noted[path]


class _Waker(FileSystemEventHandler):
    """Any event is a reason to look; what it says is not believed."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):  # our own reading makes these
            self._wake.set()


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0  # it went away while we looked; the next pass closes its entry
