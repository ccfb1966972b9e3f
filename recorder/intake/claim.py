"""One watcher to a folder, whichever home it belongs to: two would each take what comes."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from recorder.errors import IntakeError

_TAKEN = (
    "Another Recorder on this machine watches this intake folder already, or one in it or around it, "
    "for another home. Stop it, or set another 'intake' in config.toml: what is dropped here must end "
    "up in one of them."
)

_PATIENCE_SECONDS = 1.0

if sys.platform == "win32":

    class Claim:
        """Windows does not lock folders: there, only two of one home are kept apart."""

        def __init__(self, root: Path) -> None:
            pass

        def hold(self) -> None:
            """Claim the folder that is there now."""

        def check(self) -> None:
            """Whether nobody else holds it."""

        def release(self) -> None:
            """Let go of it."""

else:
    import fcntl

    class Claim:
        """The system's lock on a folder. It ends with whoever holds it, however they end.

        The folders around it are held as well, so that others may hold those too, and nobody may
        watch them: what lies deeper in a watched folder is watched with it.
        """

        def __init__(self, root: Path) -> None:
            self._root = root
            self._handles: list[int] = []
            self._held: tuple[int, int] | None = None  # device and inode

        def hold(self) -> None:
            """Claim the folder that is there now, which may have been mounted since.

            One that is not there, or a drive that has no locks, is left to the lock of the home.

            Raises:
                IntakeError: somebody else holds it, or one in it or around it.
            """
            try:
                status = self._root.stat()
                if (status.st_dev, status.st_ino) == self._held:
                    return
                self.release()
                around = self._root.resolve().parents
                if not self._lock(self._root, fcntl.LOCK_EX):
                    return
            except OSError:
                return
            for folder in around:
                with suppress(OSError):  # it may not be ours to open
                    self._lock(folder, fcntl.LOCK_SH)
            self._held = (status.st_dev, status.st_ino)

        def _lock(self, folder: Path, how: int) -> bool:
            """Whether the drive has locks; IntakeError if somebody else holds the folder."""
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                self.release()
                raise IntakeError(_TAKEN) from None
            except OSError:
                os.close(handle)
                return False
            self._handles.append(handle)
            return True

        def check(self) -> None:
            """Hold it for a moment; IntakeError if somebody else still does after a second.

            Who was killed while it started a child holds it until that child has begun.
            """
            end = time.monotonic() + _PATIENCE_SECONDS
            while True:
                try:
                    self.hold()
                except IntakeError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(_PATIENCE_SECONDS / 20)
                else:
                    self.release()
                    return

        def release(self) -> None:
            """Let go of it."""
            while self._handles:
                os.close(self._handles.pop())
            self._held = None
