"""An export that is killed at any step leaves no half pack, and puts no note into two."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recorder.export.leaving import export
from recorder.home import Home, open_home
from recorder.sample import enrol
from store.outward import LEFT
from tests.approving import approved
from tests.crash.cutting import OUT
from tests.homes import new_home

_FEWEST = 20  # steps that an export takes
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(memory: Path) -> Path:
    """Closed, with two notes that wait."""
    made = new_home(memory / "home")
    team = enrol(made)
    for shade in ("white", "red"):
        approved(made, team, team.case.id, shade)
    made.close()
    return made.folder


def test_a_kill_at_any_step_puts_each_note_into_one_whole_pack(home: Path, memory: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.crash.cutting",
        "leave",
        str(home),
        str(memory / "copies"),
    ]
    said = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
    assert int(said.stdout) >= _FEWEST
    begun = [_ended_well(each) for each in sorted((memory / "copies").iterdir())]
    assert set(begun) == {0, 2}, "no export was killed before its notes had left, or none after"
    assert begun == sorted(begun)


def _ended_well(folder: Path) -> int:
    """How many notes had left when it was killed. The next export sees to the rest."""
    home = open_home(folder)
    try:
        begun = _left(home)
        seen = _packed(folder / OUT) if begun == 0 else []
        export(home, folder / OUT / "next", "test")
        assert seen == [], "something was in its place before it had left"
        assert _left(home) == 2
        assert sorted(_packed(folder / OUT)) == sorted(each.id for each in home.store.notes.all())
        assert export(home, folder / OUT / "last", "test") is None
        assert [each.name for each in (folder / OUT).glob(".*")] == []
        assert not (folder / "export.json").exists()
        home.store.audit.verify()
        return begun
    finally:
        home.close()


def _left(home: Home) -> int:
    return len(home.store.passages.all(LEFT))


def _packed(out: Path) -> list[str]:
    """The ids of the notes in whole packs; AssertionError where one is not whole."""
    found: list[str] = []
    for pack in out.glob("[!.]*") if out.is_dir() else ():
        manifest: dict[str, Any] = json.loads((pack / "manifest.json").read_bytes())
        for said in manifest["files"]:
            content = (pack / said["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == said["sha256"]
        found += [each["note_id"] for each in manifest["notes"]]
    return found
