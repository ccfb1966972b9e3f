"""Two services on one home: one takes files in and has no keys, the other has them and no folder."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import House, Running

LOG_LINE = re.compile(
    r"[\d-]+ [\d:,]+ INFO recorder(\.\w+)+: [a-z ]+arrival=[0-9a-f]{32}( outcome=\w+)?"
)


@pytest.fixture
def without_keys(house: Callable[[str], House]) -> House:
    """A home for two services, its keys in no place that it names."""
    made = house("two services")
    made.environ["RECORDER_INTAKE_BY"] = "receive"
    made.said("init", "--team", "Evolve")
    made.said("people", "add", "amara", "--name", "Amara Cole", "--role", "practitioner")
    made.said("cases", "add", "EV-1001", "--name", "Jordan", "--by", "amara")
    shutil.move(made.home / "keys", made.scratch / "elsewhere")
    return made


@contextmanager
def _receiving(made: House, recorder: Path) -> Iterator[Path]:
    """`recorder receive` on a home, and where its output goes."""
    out = made.scratch / "receive.out"
    with out.open("wb") as output:
        process = subprocess.Popen(
            [recorder, "receive", "--home", made.home],
            env=made.environ,
            cwd=made.scratch,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        made.until(lambda: "ready" in out.read_text(), "the folder to be watched")
        yield out
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def _dropped(made: House) -> Path:
    """Seven seconds of the sample, dropped for the case."""
    whole = made.scratch / "whole.ogg"
    whole.write_bytes((resources.files("recorder.sample") / "voice-note.ogg").read_bytes())
    note = made.home / "intake" / "amara" / "EV-1001" / "note.wav"
    argv = ["ffmpeg", "-v", "error", "-ss", "42.8", "-t", "7", "-i", str(whole), str(note)]
    subprocess.run(argv, check=True)
    return note


def test_what_one_takes_in_the_other_drafts(
    without_keys: House, start: Callable[[House], Running], recorder: Path
) -> None:
    made = without_keys
    with _receiving(made, recorder) as out:
        made.environ["RECORDER_KEYS"] = str(made.scratch / "elsewhere")
        running = start(made)
        note = _dropped(made)
        made.until(lambda: made.json("status")["notes"] == {"draft": 1}, "the note to be drafted")
        assert not note.exists()
        assert not (made.home / "keys").exists()
        code, said = made.refused("receive", "--once")
        assert (code, "watches this home's intake folder already" in said) == (2, True)
        assert running.stop() == 0
    ready, *sealed = out.read_text().splitlines()
    settled = [line for line in running.err.read_text().splitlines() if "arrival=" in line]
    assert (ready, len(sealed), len(settled)) == ("ready", 1, 1)
    assert all(LOG_LINE.fullmatch(line) for line in (*sealed, *settled))
