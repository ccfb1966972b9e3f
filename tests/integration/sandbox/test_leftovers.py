"""However a process of ours ends, nothing that it started is left behind."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recorder.sandbox import undertaker
from recorder.sandbox.ladder import Confinement, python_program
from recorder.sandbox.limits import Limits
from recorder.sandbox.runner import answer
from tests.attacks.oracle import Attacks
from tests.integration.sandbox.conftest import PROJECT

_FEWEST = 25  # kills of each level in a small run
_LOOKS = 200


def test_a_process_that_is_killed_while_it_starts_a_child_leaves_none(
    confinement: Confinement, attack: Attacks
) -> None:
    with attack(f"27 kill -9 while a child starts, {confinement.level.value}", 800) as kills:
        mark, lives = f"mark-{secrets.token_hex(8)}", max(_FEWEST, kills.planned)
        arguments = (mark, kills.seed, str(lives), confinement.level.value)
        argv = [sys.executable, "-m", "tests.integration.sandbox.brief", *arguments]
        subprocess.run(argv, cwd=PROJECT, check=True)
        assert _left(mark) == []
        kills.attempts += lives


def test_children_are_still_run_when_whoever_ends_them_was_killed() -> None:
    program, limits = python_program("-c", "print('done')"), Limits(answer=64)
    assert answer(program, iter(()), limits) == b"done\n"
    (before,) = undertaker._listeners
    os.kill(before.process.pid, signal.SIGKILL)
    before.process.wait()
    assert answer(program, iter(()), limits) == b"done\n"
    (after,) = undertaker._listeners
    assert after.process.pid != before.process.pid


def test_a_child_that_has_ended_is_taken_off_the_list() -> None:
    """Its number may be another's by then, and that one is not ours to end."""
    reading, writing = os.pipe()
    listener = subprocess.Popen(
        ["sh", "-c", undertaker._LISTEN], stdin=reading, start_new_session=True
    )
    os.close(reading)
    ours, others = (subprocess.Popen(["sleep", "1000"], start_new_session=True) for _ in range(2))
    said = f"began {ours.pid}\nbegan {others.pid}\nended {others.pid}\nended 4\n"
    os.write(writing, said.encode())
    os.close(writing)
    assert listener.wait() == 0
    assert ours.wait() == -signal.SIGKILL
    assert others.poll() is None
    others.kill()
    others.wait()


def _left(mark: str) -> list[str]:
    """What still runs with `mark` among its arguments, once there was time to end."""
    for _ in range(_LOOKS):
        found = [
            path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if _has(path, mark)
        ]
        if not found:
            return []
        time.sleep(0.05)
    return found


def _has(path: Path, mark: str) -> bool:
    try:
        return mark.encode() in path.read_bytes()
    except OSError:  # it has just ended
        return False


@pytest.fixture(autouse=True)
def _linux_only() -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("looks for processes in /proc")
