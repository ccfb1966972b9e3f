"""Watching the folder: events only wake it, the scan is the truth."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from recorder.config import Settings
from recorder.errors import IntakeError, MediaError
from recorder.intake.attention import Attention, attention
from recorder.intake.claim import Claim
from recorder.intake.overview import Overview, overview
from recorder.intake.scan import Arrived, ScanResult, Verdict, scan
from recorder.intake.settle import Tracker
from recorder.intake.wake import Events
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.errors import StoreError
from store.place import share_of

log = logging.getLogger(__name__)

_AT_A_TIME = 20.0  # seconds of taking in, then the folder is looked at again
_LONGEST_PAUSE = 60.0  # seconds before a file that could not be sealed is tried again


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

    def asked(self) -> frozenset[str] | None:
        """Which files a person says are whole as they are, if somebody asked for another try.

        None if nobody has since the last look. A try is for all that was left where it is.
        """


@dataclass(slots=True)
class _Failed:
    """A whole file that could not be sealed."""

    tries: int = 0
    again_at: float = 0.0


@dataclass(slots=True)
class _Taken:
    """What became of files that were ready."""

    refused: list[Attention] = field(default_factory=list)
    queued: list[Arrived] = field(default_factory=list)


class Watcher:
    """Looks at the intake folder, has taken what is ready, and the rest remembered."""

    def __init__(
        self, settings: Settings, taker: Taker, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = settings.intake
        self._pause_seconds = settings.scan_seconds
        self._taker = taker
        self._clock = clock  # seconds; never back
        self._tracker: Tracker[Verdict] = Tracker(
            quiet_seconds=settings.settle_seconds, looks=settings.settle_looks
        )
        self._shared = True  # until it is known
        self._failed: dict[Path, _Failed] = {}
        self._mounts: frozenset[Path] = frozenset()  # folders of their own that were ever seen
        self.claim = Claim(self._root)

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop. A folder that cannot be read is tried again, not given up."""
        wake = threading.Event()
        events = Events(self._root, wake)
        try:
            while not stop.is_set():
                events.keep()
                if self._is_ours():
                    self._look_or_log()
                wake.wait(self._pause_seconds)
                wake.clear()
                # A burst of events is one reason to look, not hundreds.
                stop.wait(min(0.5, self._pause_seconds))
        finally:
            events.stop()
            self.claim.release()

    def look(self) -> ScanResult:
        """One pass: take what is ready, note what waits or needs attention."""
        trusted = self._taker.asked()
        if trusted is not None:
            self._tracker.doubt()
            self._failed.clear()
            for path in trusted:
                self._tracker.trust(str(self._root / path))
        self._shared = _is_shared(self._root, otherwise=self._shared)
        result = scan(
            self._root,
            self._tracker,
            self._clock(),
            judge=self._taker.judge,
            shared=self._shared,
        )
        taken = self._take_all(result.ready)
        seen = overview(self._root, result, taken.refused, taken.queued)
        self._taker.tell(self._without_drives_that_are_away(seen, result))
        return result

    def _take_all(self, ready: tuple[Arrived, ...]) -> _Taken:
        end, taken = self._clock() + _AT_A_TIME, _Taken()
        failed = {each.path: self._failed[each.path] for each in ready if each.path in self._failed}
        self._failed = failed
        for arrived in ready:
            if self._clock() > end:
                taken.queued.append(arrived)
            elif (refused := self._take_or_log(arrived)) is not None:
                taken.refused.append(refused)
        return taken

    def _without_drives_that_are_away(self, seen: Overview, result: ScanResult) -> Overview:
        """Where a drive was mounted is an empty folder now: nothing was taken away there."""
        away = self._mounts - result.mounts
        self._mounts |= result.mounts
        unseen = (*seen.unseen, *(str(each.relative_to(self._root)) for each in sorted(away)))
        return replace(seen, unseen=unseen)

    def _is_ours(self) -> bool:
        """Whether nobody else watches the folder that is there now."""
        try:
            self.claim.hold()
        except IntakeError:
            log.error("the folder is another home's")  # noqa: TRY400 - there is no more to say
            return False
        return True

    def _look_or_log(self) -> None:
        try:
            self.look()
        except (IntakeError, StoreError, OSError) as error:
            log.error("intake looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths

    def _take_or_log(self, arrived: Arrived) -> Attention | None:
        """One file's trouble stops no other; it is tried again at a later look."""
        failed = self._failed.get(arrived.path, _Failed())
        if self._clock() < failed.again_at:
            return attention(arrived.path, "not_sealed")
        try:
            refused = self._taker.take(arrived)
        except MediaError as error:
            # Damage that only reading to the end brings to light: not read again until it changes.
            refused = attention(arrived.path, "damaged", error.sentence)
            self._tracker.keep_verdict(str(arrived.path), refused)
        except (StoreError, OSError) as error:
            log.error("file not taken in", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths
            self._failed[arrived.path] = self._later(failed)
            return attention(arrived.path, "not_sealed")
        self._failed.pop(arrived.path, None)
        return refused

    def _later(self, failed: _Failed) -> _Failed:
        """At once the first time, then less and less often: each try reads and seals all of it."""
        pause = self._pause_seconds * (2**failed.tries - 1)
        return _Failed(failed.tries + 1, self._clock() + min(pause, _LONGEST_PAUSE))


def _is_shared(root: Path, *, otherwise: bool) -> bool:
    """Whether other machines may write to the folder as well; `otherwise` if it cannot be told now."""
    try:
        return share_of(root) is not None
    except OSError:  # the folder is away, or no more files can be opened
        return otherwise
