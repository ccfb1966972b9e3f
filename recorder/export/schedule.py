"""When a pack is written by itself: at a time of day, or as soon as something waits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from recorder.clock import local
from recorder.config import ALWAYS
from recorder.export.leaving import export_dated, finish
from recorder.home import Home
from store.audit import SYSTEM
from store.session import now_ms

log = logging.getLogger(__name__)

_MEMORY = "exported"  # empty; when it was last written to is when this last ran
_OFTEN = timedelta(minutes=5)


def is_due(at: str, zone: str, last: datetime, now: datetime) -> bool:
    """Whether a pack is to be written, that was last seen to at `last`. Both aware."""
    if at == ALWAYS:
        return now - last >= _OFTEN
    here = local(int(now.timestamp() * 1000), zone)
    moment = datetime.combine(here.date(), time.fromisoformat(at), here.tzinfo)
    if moment > here:
        moment = datetime.combine(here.date() - timedelta(days=1), moment.timetz())
    return last.astimezone(UTC) < moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Exporting:
    """Looks whether it is time. Nobody else may export from the home meanwhile."""

    home: Home

    def look(self) -> None:
        """Bring what was cut off to its end; write a pack if it is time. ExportFailedError, OSError."""
        finish(self.home)
        settings, memory = self.home.settings, self.home.folder / _MEMORY
        if not settings.export_at or not _is_due(memory, settings.export_at, settings.timezone):
            return
        pack = export_dated(self.home, SYSTEM)
        memory.touch(mode=0o600)
        if pack is None:
            return
        log.info("exported by itself", extra={"notes": len(pack.written)})
        if pack.refused:
            log.warning("not exported by itself", extra={"notes": len(pack.refused)})


def _is_due(memory: Path, at: str, zone: str) -> bool:
    """From when it was switched on: what was missed before is not made up for."""
    if not memory.exists():
        memory.touch(mode=0o600)
    last = datetime.fromtimestamp(memory.stat().st_mtime, UTC)
    return is_due(at, zone, last, datetime.fromtimestamp(now_ms() / 1000, UTC))
