"""Erasing by the rules that is killed at any step: what goes has gone whole after the next run, each with one certificate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recorder.export.leaving import export_dated
from recorder.home import Home, open_home
from recorder.retention.going import run
from recorder.sample import Team, enrol
from store.disposal import PACK, SOUND
from store.outward import RECEIVED, Passing
from store.records import Arrival
from tests.approving import approved
from tests.crash.cutting import erase
from tests.homes import new_home

_FEWEST = 8  # steps that erasing takes
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(memory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Closed, with a drawing and a failed recording that go, in a note that went out, and its pack; all told of."""
    for name, value in {"RETENTION": "true", "KEEP_PICTURE_DAYS": "1"}.items():
        monkeypatch.setenv(f"RECORDER_{name}", value)
    new_home(memory / "home").close()
    made = open_home(memory / "home")
    team = enrol(made)
    note = approved(made, team, team.case.id)
    export_dated(made, "test")
    made.store.passages.add(made.store.notes.get(note.id), 0, RECEIVED, Passing(1, "4711"), "test")
    _fail(made, team)
    run(made, "test")
    made.close()
    return made.folder


def _fail(home: Home, team: Team) -> None:
    mine = (team.case.id, team.case.id, team.practitioner.id)
    sealed = home.store.recordings.seal(team.case.id, [b"no sound"])
    arrival = Arrival(*mine, "wav", "audio", "a.wav", 1, "file")
    failed, _ = home.store.recordings.register(sealed, arrival)
    home.store.recordings.quarantine(failed, "NoSpeech")


def test_a_kill_at_any_step_leaves_nothing_half_gone_once_it_runs_again(
    home: Path, memory: Path
) -> None:
    command = [sys.executable, "-m", "tests.crash.cutting", "erase", str(home)]
    command.append(str(memory / "copies"))
    said = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
    assert int(said.stdout) >= _FEWEST
    begun = [_ended_well(each) for each in sorted((memory / "copies").iterdir())]
    assert begun[0] == 0
    assert begun[-1] == 3
    assert begun == sorted(begun)


def _ended_well(folder: Path) -> int:
    """How many certificates there were when it was killed. The next run sees to the rest."""
    home = open_home(folder)
    try:
        begun = home.store.disposing.all()
        for done in begun:
            if done.kind == SOUND:
                assert home.store.recordings.get(done.object).gone_at is not None
        erase(home)
        kinds = sorted(each.kind for each in home.store.disposing.all())
        assert kinds == [PACK, SOUND, SOUND]
        assert all(each.gone_at is not None for each in home.store.recordings.all())
        assert list(home.store.vault.ids()) == []
        assert list(home.settings.export.iterdir()) == []
        assert home.store.strays.lost() == []
        home.store.audit.verify()
        return len(begun)
    finally:
        home.close()
