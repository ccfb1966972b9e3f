"""Programs run closed off, in the best way that was seen to work on this machine."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cache

from recorder.errors import MediaError, SandboxFailed
from recorder.sandbox import child
from recorder.sandbox.ladder import Confinement, Program, candidates, python_program
from recorder.sandbox.limits import Limits

_TRIAL = Limits(answer=64)
# What a child finds open to it: the promise is tried out, not believed.
_LOOK = """
import _socket, sys
found = []
try:
    _socket.socket()
    found.append("sockets")
except OSError:
    pass
try:
    open("/etc/passwd").close()
    found.append("files")
except OSError:
    pass
sys.stdout.write("open: " + " ".join(found))
"""


def stream(
    program: Program, source: Iterator[bytes], limits: Limits
) -> Generator[bytes, None, None]:
    """Run a program closed off; see `child.stream`."""
    return child.stream(program, source, limits, chosen())


def answer(program: Program, source: Iterator[bytes], limits: Limits) -> bytes:
    """Run a program closed off and return all that it gives back, at most ``limits.answer``."""
    with closing(stream(program, source, limits)) as output:
        return b"".join(output)


@cache
def chosen() -> Confinement:
    """The best way of closing a child off that works here; tried once a process.

    Raises:
        SandboxFailed: not even a plain child can be started.
    """
    for confinement in candidates():
        if works(confinement):
            return confinement
    raise SandboxFailed


def works(confinement: Confinement) -> bool:
    """Whether a child can be closed off in this way here, and then finds closed what should be."""
    program = python_program("-c", _LOOK)
    try:
        with closing(child.stream(program, iter(()), _TRIAL, confinement)) as output:
            word, *found = b"".join(output).split()
    except (MediaError, ValueError):
        return False
    shut = {b"sockets"} if confinement.system_calls else set()
    if confinement.keeps_files:
        shut.add(b"files")
    return word == b"open:" and shut.isdisjoint(found)
