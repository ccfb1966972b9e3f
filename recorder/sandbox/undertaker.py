"""Ends every closed-off child after us, however we end.

The kernel ends a child with its parent, but not one that is still being set up: killed at that
moment, we would leave bubblewrap's inner process waiting for ever for a word from the outer one. So
a small shell listens at a pipe that nobody holds but this process and children that just begin.
Each of these writes its process group there before it becomes what it is to be, and we write when it
has ended. The pipe closes when we are gone, and the shell ends the groups that are left.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

_LISTEN = """
trap '' HUP INT TERM
left=' '
while read -r word group; do
  case $word in
  began) left="$left$group " ;;
  ended) case $left in *" $group "*) left="${left%% $group *} ${left#* $group }" ;; esac ;;
  esac
done
for group in $left; do kill -s KILL -- "-$group"; done
"""
# $$ is the child's process group, for it was started as the leader of a session. Its standard error
# is the pipe. Should the listener be gone, the child begins all the same.
_ANNOUNCE = """trap '' PIPE; echo "began $$" >&2; trap - PIPE; exec "$@" 2>/dev/null"""


@dataclass(frozen=True, slots=True)
class _Listener:
    """The shell that listens, and our end of its pipe."""

    process: subprocess.Popen[bytes]
    door: int
    owner: int  # the process that started it: one that was forked off needs its own

    def is_ours(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None


_LEAVING_SECONDS = 1.0

_lock = threading.Lock()
_listeners: list[_Listener] = []  # one at most


def announced(argv: Sequence[str]) -> list[str]:
    """The command that makes itself known and then becomes `argv`; FileNotFoundError without sh."""
    return [_shell(), "-c", _ANNOUNCE, "sh", *argv]


def door() -> int:
    """The descriptor that a child which makes itself known has to have as its standard error."""
    with _lock:
        if not (_listeners and _listeners[0].is_ours()):
            before = _listeners.copy()
            _listeners[:] = [_started()]
            atexit.unregister(_leave)  # once is enough
            atexit.register(_leave)
            for each in before:
                os.close(each.door)
        return _listeners[0].door


def ended(group: int) -> None:
    """A child was waited for: its number may soon be another's."""
    with _lock, suppress(BrokenPipeError):  # a listener that was ended knows of nobody
        if _listeners and _listeners[0].owner == os.getpid():
            os.write(_listeners[0].door, f"ended {group}\n".encode())


def _leave() -> None:
    """An orderly end: the listener goes with us, unless a child that just begins holds the pipe."""
    with _lock, suppress(subprocess.TimeoutExpired):
        if _listeners and _listeners[0].is_ours():
            listener = _listeners.pop()
            os.close(listener.door)
            listener.process.wait(_LEAVING_SECONDS)


def _started() -> _Listener:
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - constants, for the shell too
            [_shell(), "-c", _LISTEN],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=os.sep,
            start_new_session=True,  # a terminal's Ctrl-C is not for it
        )
    except BaseException:
        os.close(writing)
        raise
    finally:
        os.close(reading)
    return _Listener(process, writing, os.getpid())


def _shell() -> str:
    if path := shutil.which("sh"):
        return path
    raise FileNotFoundError("sh")
