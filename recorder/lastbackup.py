"""When was the last backup made, and is that too long ago?"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.clock import local
from recorder.home import Home
from store.session import now_ms

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest set that was read back whole."""

    at: int | None  # ms since 1970, UTC; None: there was none yet
    overdue: bool
    sentence: str  # what was found, and what to do


def last_backup(home: Home) -> LastBackup:
    """The last backup of this home; a home with nothing in it needs none."""
    at, settings = home.store.ledger.newest(), home.settings
    since = home.store.ledger.first_case() if at is None else at
    overdue = since is not None and now_ms() - since > settings.backup_warn_days * _DAY_MS
    said = "No backup yet"
    if at is not None:
        said = f"Last backup: {local(at, settings.timezone):%-d %B %Y, %H:%M}"
    if overdue:
        said += ": run 'recorder backup --to FOLDER', with a folder on another disk or machine"
    return LastBackup(at, overdue, said)
