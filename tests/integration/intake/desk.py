"""The watched folder of a real home, looked at with a clock that the tests turn."""

from __future__ import annotations

import random
import wave
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from msgspec import structs

from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.intake.scan import ScanResult
from recorder.intake.watch import Watcher
from recorder.sample import Team
from store.journal import Sighting


def sound(seed: object = 1, size: int = 4_000) -> bytes:
    """A WAV file of noise, a different one for each seed."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(random.Random(str(seed)).randbytes(size // 2 * 2))
    return out.getvalue()


def streamed(seed: object = 1) -> bytes:
    """As `sound`, but its header does not say how long it is: it looks whole wherever it is cut."""
    whole = sound(seed)
    return whole[:4] + b"\xff" * 4 + whole[8:40] + b"\xff" * 4 + whole[44:]


@dataclass
class Desk:
    """A home with the sample's team, its watcher as `recorder run` has it, and a clock."""

    home: Home
    team: Team
    now: float = 1_000.0  # seconds
    watcher: Watcher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def clock(self) -> float:
        return self.now

    def set(self, **settings: object) -> None:
        """Have settings changed, as from the next start."""
        changed = structs.replace(self.home.settings, **settings)
        self.home = replace(self.home, settings=changed)
        self.restart()

    def restart(self) -> None:
        """Another process, that remembers nothing."""
        self.watcher = watcher(self.home, self.clock)

    @property
    def root(self) -> Path:
        return self.home.settings.intake

    @property
    def folder(self) -> Path:
        """The folder of the sample's case."""
        path = self.root / self.team.practitioner.handle / self.team.case.details.ref
        path.mkdir(parents=True, exist_ok=True)
        return path

    def look(self, seconds: float = 10) -> ScanResult:
        self.now += seconds
        return self.watcher.look()

    def settle(self) -> ScanResult:
        """Long enough for what lies still to be taken."""
        for _ in range(7):
            seen = self.look(10)
        return seen

    def patience(self) -> ScanResult:
        """Long enough for a person to be told."""
        self.look(700)
        return self.look(1)

    def held(self) -> list[bytes]:
        """What every recording opens to."""
        store = self.home.store
        return sorted(b"".join(store.recordings.open(each.id)) for each in store.recordings.all())

    def entries(self) -> list[Sighting]:
        return self.home.store.journal.recent(100_000)

    def entry(self, path: Path) -> Sighting:
        """The one entry of a file."""
        relative = str(path.relative_to(self.root))
        (found,) = [each for each in self.entries() if each.path == relative]
        return found

    def said(self, path: Path) -> tuple[str, str | None]:
        """State and reason of the one entry of a file."""
        entry = self.entry(path)
        return entry.state, entry.reason
