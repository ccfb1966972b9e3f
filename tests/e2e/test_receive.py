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


def _cut(made: House, start: str) -> Path:
    """Seven seconds of the sample."""
    whole, part = made.scratch / "whole.ogg", made.scratch / f"from-{start}.wav"
    whole.write_bytes((resources.files("recorder.sample") / "voice-note.ogg").read_bytes())
    argv = ["ffmpeg", "-v", "error", "-ss", start, "-t", "7", "-i", str(whole), str(part)]
    subprocess.run(argv, check=True)
    return part


def _folder(made: House) -> Path:
    return made.home / "intake" / "amara" / "EV-1001"


def _plain(made: House) -> Path:
    """A voice note, dropped for the case."""
    return Path(shutil.copy(_cut(made, "42.8"), _folder(made) / "visit.wav"))


def _sealed(made: House) -> Path:
    """Another, sealed on a laptop by the age program before it was dropped."""
    recipients, target = made.scratch / "recipients.txt", _folder(made) / "call.wav.age"
    recipients.write_text(made.said("recipient", "--x25519"))
    argv = ["age", "-R", str(recipients), "-o", str(target), str(_cut(made, "8"))]
    subprocess.run(argv, check=True)
    return target


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_what_one_takes_in_the_other_drafts(
    without_keys: House, start: Callable[[House], Running], recorder: Path
) -> None:
    made = without_keys
    with _receiving(made, recorder) as out:
        made.environ["RECORDER_KEYS"] = str(made.scratch / "elsewhere")
        running = start(made)
        dropped = _plain(made), _sealed(made)
        made.until(lambda: made.states() == {"drafted": 2}, "both to be drafted")
        assert made.json("status")["recordings"] == {"drafted": 2}
        made.until(lambda: not any(path.exists() for path in dropped), "the sources to go")
        assert not (made.home / "keys").exists()
        code, said = made.refused("receive", "--once")
        assert (code, "watches this home's intake folder already" in said) == (2, True)
        assert running.stop() == 0
    ready, *taken = out.read_text().splitlines()
    settled = [line for line in running.err.read_text().splitlines() if "arrival=" in line]
    assert (ready, len(taken), len(settled)) == ("ready", 2, 2)
    assert all(LOG_LINE.fullmatch(line) for line in (*taken, *settled))
