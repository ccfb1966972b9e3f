"""Runs inside the child, before the program it was started for: closes it off, then becomes it.

    confine.py FILTER_FD READY_FD [read=PATH|list=PATH]... -- PROGRAM...

With paths, Landlock leaves only these to be read or listed, no TCP port, and no signal and no
abstract socket outside. FILTER_FD holds a system call filter, READY_FD is written to just before PROGRAM starts.
-1 stands for none. It needs nothing of Recorder, so that Python's own library is all it reads.
"""

from __future__ import annotations

import ctypes
import os
import sys

_NO_NEW_PRIVS, _SECCOMP, _SECCOMP_FILTER = 38, 22, 2
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_VERSION = 1  # asks for the kernel's version of Landlock
_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
# Each version of Landlock knows more rights; one that is not named here is not taken away.
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_RIGHTS = (1 << 16) - 1  # from version 5
_NETWORK_FROM, _SCOPES_FROM = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def main(arguments: list[str]) -> None:
    """Close this process off and become the program."""
    at = arguments.index("--")
    filter_fd, ready_fd, paths = int(arguments[0]), int(arguments[1]), arguments[2:at]
    instructions = os.read(filter_fd, 65536) if filter_fd >= 0 else b""
    if filter_fd >= 0:
        os.close(filter_fd)
    if os.getpid() == 1:
        _become_the_child()
    libc = ctypes.CDLL(None, use_errno=True)
    _checked(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    if paths:
        _landlock(libc, paths)
    if instructions:
        _seccomp(libc, instructions)
    if ready_fd >= 0:
        os.write(ready_fd, b"ready")
        os.close(ready_fd)
    try:
        os.execv(arguments[at + 1], arguments[at + 1 :])  # noqa: S606 - this is what it is for
    except OSError:
        sys.exit(127)  # as a shell says it: no such program


def _become_the_child() -> None:
    """Go on as a child: the first process of a namespace is spared the signals that limits send."""
    child = os.fork()
    if not child:
        return
    for descriptor in range(3):
        os.close(descriptor)
    _, status = os.waitpid(child, 0)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def _landlock(libc: ctypes.CDLL, paths: list[str]) -> None:
    version = _checked(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION))
    rules = _Ruleset(
        files=_RIGHTS.get(version, _ALL_RIGHTS),
        network=0b11 if version >= _NETWORK_FROM else 0,
        scopes=0b11 if version >= _SCOPES_FROM else 0,
    )
    # An older kernel takes a longer description as long as what it does not know is zero.
    size = ctypes.c_size_t(ctypes.sizeof(rules))
    ruleset = _checked(libc.syscall(_CREATE, ctypes.byref(rules), size, 0))
    for path in paths:
        _permit(libc, ruleset, path)
    _checked(libc.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _permit(libc: ctypes.CDLL, ruleset: int, right: str) -> None:
    kind, _, path = right.partition("=")
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    allowed = _READ_DIR if os.path.isdir(path) else 0  # noqa: PTH112 - pathlib costs milliseconds
    if kind == "read":
        allowed |= _EXECUTE | _READ_FILE
    rule = _Beneath(allowed, opened)
    _checked(libc.syscall(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0))
    os.close(opened)


def _seccomp(libc: ctypes.CDLL, instructions: bytes) -> None:
    held = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(len(instructions) // 8, ctypes.cast(held, ctypes.c_void_p))
    _checked(libc.prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "the child could not be closed off")
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
