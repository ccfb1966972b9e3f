"""What a closed-off child may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIB = 1024 * 1024
_CPU_BASE = 60  # seconds
_WALL_BASE = 110.0  # seconds
_BYTES_A_SECOND = 256 * 1024  # of a recording, for each further second of computing
_THREADS_OF_A_TOOL = 128


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one child. Reaching one ends the child, never the parent."""

    answer: int  # bytes it may give back
    memory: int = 1536 * MIB  # bytes of address space
    cpu_seconds: int = _CPU_BASE  # of computing, all threads together
    wall_seconds: float = _WALL_BASE  # of being waited for, its own source not counted
    stall_seconds: float = 100.0  # without a byte in or out
    processes: int = _THREADS_OF_A_TOOL  # threads included
    files: int = 64  # open at once

    def for_size(self, size: int) -> Limits:
        """These limits with the time that ``size`` bytes of an honest recording may need more."""
        more = size // _BYTES_A_SECOND
        return replace(
            self,
            cpu_seconds=self.cpu_seconds + more,
            wall_seconds=self.wall_seconds + 2 * more,
        )

    def argv(self, program: str, *, counted: bool) -> list[str]:
        """The start of a command that sets these limits: ``program`` is util-linux's prlimit.

        ``counted``: the child's user is its own, so that a ceiling on processes counts no others.
        No byte can be written to any file, and no core is ever dumped.
        """
        ceilings = {
            "as": self.memory,
            # The first ends the child; the second, should it have caught the first.
            "cpu": f"{self.cpu_seconds}:{self.cpu_seconds + 1}",
            "nofile": self.files,
            "fsize": 0,
            "core": 0,
            "memlock": 0,
            "msgqueue": 0,
        }
        if counted:
            ceilings["nproc"] = self.processes
        return [program, *(f"--{name}={value}" for name, value in ceilings.items())]
