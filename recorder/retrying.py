"""What failed: by whose fault, when to try again, and what to say meanwhile."""

from __future__ import annotations

import random
from enum import Enum

from recorder import errors
from recorder.errors import (
    ConfigError,
    MachineFault,
    MediaError,
    ModelError,
    SandboxFailed,
    Stalled,
    ToolMissing,
)
from store.errors import DatabaseError, KeyUnavailableError, StoreError, VaultError

MAX_TRIES = 5
_FIRST_WAIT_MS = 5_000
_LONGEST_WAIT_MS = 15 * 60_000
# Nothing is wrong with the recording: wait, however long.
_MACHINE = (
    ToolMissing,
    SandboxFailed,
    ModelError,
    ConfigError,  # a worker could not open the home: its keys cannot be reached
    KeyUnavailableError,
    DatabaseError,
    VaultError,
    OSError,
)


class Fault(Enum):
    """Whose fault an error is."""

    MACHINE = "machine"  # it passes, and nothing is wrong with the recording
    RECORDING = "recording"  # trying again would end in the same way
    UNKNOWN = "unknown"  # worth a few tries


def fault_of(error: BaseException) -> Fault:
    """Whose fault it is."""
    if isinstance(error, _MACHINE):
        return Fault.MACHINE
    if isinstance(error, MediaError) and not isinstance(error, Stalled):
        return Fault.RECORDING
    return Fault.UNKNOWN


def wait_ms(attempts: int) -> int:
    """How long to wait after so many failed attempts and one more."""
    wait = min(_FIRST_WAIT_MS * 4 ** min(attempts, 9), _LONGEST_WAIT_MS)
    # Not all at the same moment: what failed together would fail together again.
    return int(wait * random.uniform(0.75, 1.25))  # noqa: S311 - spread, not secrecy


def reason_of(error: BaseException) -> str:
    """The code that a sentence for people belongs to; the log has the class."""
    of_its_own = not isinstance(error, ConfigError | StoreError | OSError)
    known = of_its_own or fault_of(error) is not Fault.MACHINE
    return (type(error) if known else MachineFault).__name__


def is_machines(reason: str | None) -> bool:
    """Whether a code stands for a fault of the machine."""
    found = getattr(errors, reason or "", None)
    return isinstance(found, type) and issubclass(found, (*_MACHINE, MachineFault))
