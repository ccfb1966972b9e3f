"""How a child is closed off: the best of what this machine really does, tried and not believed.

From the top: bubblewrap (own namespaces and an own root with nothing in it but programs), namespaces
alone, and limits alone. On each, a filter leaves only the system calls that decoding needs, where
libseccomp is there, and on the lower two Landlock shuts off every file but the programs' own, where
the kernel has it. docs/MEDIA.md says what each promises.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from recorder.sandbox import confine, syscalls
from recorder.sandbox.limits import Limits

_LINKED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")  # into /usr on most systems
_SYSTEM = ("/usr", *(f"/{name}" for name in _LINKED))
_LOADER = ("/etc/ld.so.cache", "/etc/alternatives")  # how programs find their libraries
_NICE = "10"
# What systemd keeps for passing users. One of its own lets the kernel count a child apart.
_PASSING_USERS = range(61_184, 65_520)


class Level(Enum):
    """How far a child is closed off, the best first."""

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"
    LIMITS = "limits"
    NONE = "none"  # pipes, an empty environment and time limits only: not Linux


@dataclass(frozen=True, slots=True)
class Program:
    """What to run inside."""

    argv: tuple[str, ...]  # absolute, and with no name or path from outside in it
    reads: tuple[str, ...] = ()  # folders and files that it needs beside the system's own
    lists: tuple[str, ...] = ()  # folders in which it only has to find some of these


@dataclass(frozen=True, slots=True)
class Confinement:
    """One way of closing a child off."""

    level: Level
    own_user: bool = False  # root steps down to a user that nothing else runs as
    landlock: bool = False
    system_calls: bytes | None = None  # the filter; None: no filter

    @property
    def signals_start(self) -> bool:
        """Whether a child says on its own descriptor that it was closed off and started."""
        return self.level is not Level.NONE

    @property
    def keeps_files(self) -> bool:
        """Whether no file but programs can be read from inside."""
        return self.level is Level.BUBBLEWRAP or self.landlock

    def argv(self, program: Program, limits: Limits, filter_fd: int, said_fd: int) -> list[str]:
        """The whole command. ``filter_fd`` is read for the filter (-1: none), ``said_fd`` told.

        Raises:
            FileNotFoundError: a program that this level needs is gone.
        """
        if self.level is Level.NONE:
            return list(program.argv)
        nice = [_tool("nice"), "-n", _NICE]
        if self.level is Level.BUBBLEWRAP:
            return [*nice, *self._bubblewrap(program, limits, filter_fd, said_fd)]
        apart = _unshare() if self.level is Level.NAMESPACES else []
        counted = bool(apart) or self.own_user
        ceilings = limits.argv(_tool("prlimit"), counted=counted)
        inside = self._confined(program, filter_fd, said_fd)
        return [*nice, *self._lowered(), *apart, *ceilings, *inside]

    def _bubblewrap(
        self, program: Program, limits: Limits, filter_fd: int, said_fd: int
    ) -> list[str]:
        step_down = _step_down() if self.own_user else []
        return [
            *(_tool("bwrap"), *_apart(own_user=self.own_user), *_root(program.reads)),
            *(["--seccomp", str(filter_fd)] if filter_fd >= 0 else []),
            *("--json-status-fd", str(said_fd), "--"),
            *(*step_down, *limits.argv(_tool("prlimit"), counted=True), *program.argv),
        ]

    def _lowered(self) -> list[str]:
        """Dies with its parent, gains nothing, and keeps no privilege of root's."""
        start = [_tool("setpriv"), "--pdeathsig", "KILL", "--no-new-privs"]
        if self.own_user:
            return [*start, *_step_down()[1:]]
        if _is_root():
            return [*start, "--securebits=+noroot,+noroot_locked", "--inh-caps=-all"]
        return start

    def _confined(self, program: Program, filter_fd: int, said_fd: int) -> list[str]:
        paths: list[str] = []
        if self.landlock:
            reads = (*_system(), *program.reads, *_library())
            paths = [
                *(f"read={path}" for path in reads),
                *(f"list={path}" for path in program.lists),
            ]
        python = [_python(), "-I", "-S", "-B", str(Path(confine.__file__))]
        return [*python, str(filter_fd), str(said_fd), *paths, "--", *program.argv]


def python_program(
    *arguments: str, reads: tuple[str, ...] = (), lists: tuple[str, ...] = ()
) -> Program:
    """Python run with ``arguments``, with its own library and ``reads`` and nothing of Recorder."""
    return Program((_python(), "-I", "-S", "-B", *arguments), (*_library(), *reads), lists)


def candidates() -> Iterator[Confinement]:
    """Every way that this machine might know, the best first."""
    for level in (Level.BUBBLEWRAP, Level.NAMESPACES, Level.LIMITS):
        for own_user in (True, False) if _is_root() else (False,):
            step_inside = own_user and level is Level.BUBBLEWRAP
            found = syscalls.compiled(stepping_down=step_inside)
            for landlock in (False,) if level is Level.BUBBLEWRAP else (True, False):
                yield Confinement(level, own_user, landlock, found)
    yield Confinement(Level.NONE)


def _apart(*, own_user: bool) -> list[str]:
    rest = ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if not own_user:
        return ["--unshare-all", *rest]
    # Real root may do without a user namespace, and needs to: inside one it stays root outside.
    spaces = [f"--unshare-{name}" for name in ("ipc", "pid", "net", "uts", "cgroup-try")]
    return [*spaces, *rest, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]


def _root(reads: tuple[str, ...]) -> list[str]:
    """A root with programs and libraries, read-only, and not even an own /proc, /dev or /tmp."""
    made = ["--ro-bind", "/usr", "/usr"]
    for name in _LINKED:
        path = Path("/", name)
        if path.is_symlink():
            made += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            made += ["--ro-bind", str(path), str(path)]
    made += _folder(Path("/etc"))
    for name in _LOADER:
        made += ["--ro-bind-try", name, name]
    for path in map(Path, reads):
        for parent in reversed(path.parents[:-1]):
            made += _folder(parent)
        made += ["--ro-bind", str(path), str(path)]
    return [*made, *_folder(Path("/tmp")), "--remount-ro", "/", "--chdir", "/"]  # noqa: S108 - an empty one


def _folder(path: Path) -> list[str]:
    # Left to bubblewrap, its mode would keep out the user that root steps down to.
    return ["--perms", "0755", "--dir", str(path)]


def _unshare() -> list[str]:
    spaces = ("user", "net", "pid", "ipc", "uts", "mount", "cgroup")
    return [_tool("unshare"), *(f"--{name}" for name in spaces), "--fork", "--kill-child=KILL"]


def _step_down() -> list[str]:
    user = secrets.choice(_PASSING_USERS)
    gone = ["--clear-groups", "--inh-caps=-all"]
    return [_tool("setpriv"), f"--reuid={user}", f"--regid={user}", *gone]


def _system() -> list[str]:
    return [name for name in (*_SYSTEM, *_LOADER) if Path(name).exists()]


def _library() -> tuple[str, ...]:
    """Where this Python's own library lies, unless that is the system's."""
    bases = dict.fromkeys((sys.base_prefix, sys.base_exec_prefix))
    return tuple(base for base in bases if not Path(base).is_relative_to("/usr"))


def _python() -> str:
    return str(Path(sys.executable).resolve())


def _tool(name: str) -> str:
    if path := shutil.which(name):
        return path
    raise FileNotFoundError(name)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
