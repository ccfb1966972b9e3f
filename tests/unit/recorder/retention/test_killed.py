"""A run that is killed leaves each thing erased and certified, or untouched; the next one ends it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from recorder.home import Home
from recorder.retention.going import run
from store.disposal import SOUND
from store.errors import SoundErasedError
from store.session import now_ms
from tests.unit.recorder.retention.conftest import DAY, Make

KILLS = 3
_LONGEST = 0.12  # seconds that a run goes on before it is killed
_LATER = 400 * DAY

_RUNS = """
import sys
from pathlib import Path
from recorder.home import open_home
from recorder.retention.going import run
home = open_home(Path(sys.argv[1]))
print("ready", flush=True)
run(home, "test", int(sys.argv[2]))
"""


def test_a_run_that_is_killed_leaves_nothing_half_erased(
    home: Home, make: Make, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_RETENTION", "true")
    chance, store = random.Random(request.node.nodeid), home.store
    made = [make() for _ in range(12)]
    kept = make("kept")
    run(home, "test")
    seen = set()
    for _ in range(KILLS):
        command = [sys.executable, "-c", _RUNS, str(home.folder), str(now_ms() + _LATER)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * _LONGEST)
            process.send_signal(signal.SIGKILL)
        certified = {each.object for each in store.disposing.all() if each.kind == SOUND}
        for each in made:
            if each.id in certified:
                with pytest.raises(SoundErasedError):
                    store.recordings.open(each.id)
            else:
                assert b"".join(store.recordings.open(each.id)).startswith(b"what was said")
        assert store.audit.verify() > 0
        seen.add(len(certified))
    run(home, "test", now_ms() + _LATER)
    assert {e.object for e in store.disposing.all() if e.kind == SOUND} == {e.id for e in made}
    assert store.strays.orphans() == set()
    assert b"".join(store.recordings.open(kept.id)).startswith(b"what was said")
    assert seen - {len(made)}, "no run was killed before its end"
