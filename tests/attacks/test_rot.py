"""A single bit that flips in a backup, anywhere in it, is found by a drill."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from recorder.config import FILE, Settings, load
from recorder.errors import RecorderError
from recorder.home import create_home
from recorder.restoring import Unlocking, drill
from recorder.sample import enrol
from store.age import CHUNK
from store.backup.folder import Folder
from store.backup.write import Extras
from store.errors import StoreError
from store.keystore import KeyStore
from store.records import Arrival
from store.wrappers.passphrase import nobody
from tests.attacks.oracle import Attacks

_FEWEST = 24


@dataclass(frozen=True, slots=True)
class Disk:
    """A small home's backup."""

    folder: Path
    settings: Settings

    def found(self) -> list[str]:
        """What a drill has to say of it."""
        with tempfile.TemporaryDirectory() as scratch:
            way = Unlocking(nobody, self.settings.keys)
            try:
                return drill(self.folder, "", Path(scratch), self.settings, way).report.failures
            except (RecorderError, StoreError) as error:
                return [str(error)]

    def files(self) -> dict[str, list[Path]]:
        """Every file, by what it is."""
        (folder,) = (self.folder / "sets").iterdir()
        blobs = [each for each in (self.folder / "blobs").rglob("*") if each.is_file()]
        return {"blobs": blobs} | {each.name: [each] for each in folder.iterdir()}


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    home = create_home(tmp_path / "home")
    team, store = enrol(home), home.store
    case, maker = team.case.id, team.practitioner.id
    for number in range(3):
        arrival = Arrival(case, case, maker, "wav", "audio", f"{number}.wav", 1, "file")
        content = [b"%d" % number * (number * CHUNK + 99)]
        store.recordings.register(store.recordings.seal(case, content), arrival)
    extras = Extras(
        msgspec.json.encode(KeyStore(home.settings.keys).load()),
        (home.folder / FILE).read_text(),
    )
    store.backups.make(Folder(tmp_path / "disk"), extras, None, "test")
    home.close()
    return Disk(tmp_path / "disk", load(home.folder))


def test_a_drill_finds_every_bit_that_flips_in_a_backup(disk: Disk, attack: Attacks) -> None:
    kinds = disk.files()
    assert set(kinds) == {
        "blobs",
        "rows.age",
        "after.age",
        "blobs.sha256",
        "wrappers.json",
        "checkpoint.txt",
        "manifest.txt",
    }
    assert disk.found() == []
    with attack("32 one bit of a backup", 100) as flips:
        for number in range(max(_FEWEST, flips.planned)):
            # Each kind of file in turn: most bits are in the blobs.
            path = flips.chance.choice(kinds[sorted(kinds)[number % len(kinds)]])
            whole = path.read_bytes()
            bit = flips.chance.randrange(8 * len(whole))
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            flips.check(f"bit {bit} of {path.name}", well=disk.found() != [])
            path.write_bytes(whole)
    assert disk.found() == []
