from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recorder.commands.running import alone, in_turn
from recorder.errors import ConfigError
from tests.homes import new_home


def test_only_a_database_that_machines_share_has_a_standby(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    with pytest.raises(ConfigError, match="two machines share"), in_turn(home, threading.Event()):
        pytest.fail("it stood by")
    home.close()


def test_a_hold_that_nobody_can_take_away_stands(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    with alone(home) as hold:
        assert hold.look()
        assert hold.stands()
        with pytest.raises(ConfigError, match="running on this home already"), alone(home):
            pytest.fail("both run")
    home.close()


_KILLED_WHILE_IT_STARTS_A_CHILD = """
import ctypes, os, signal, sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
if not ctypes.CDLL(None).fork():  # as subprocess does it: without Python's own hooks
    time.sleep(0.3)  # until it would become another program, which a busy machine can make long
    os._exit(0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_who_was_killed_while_it_started_a_child_keeps_nobody_out(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    argv = [sys.executable, "-c", _KILLED_WHILE_IT_STARTS_A_CHILD, str(home.folder / "run.lock")]
    assert subprocess.run(argv, check=False).returncode < 0
    with alone(home) as hold:
        assert hold.stands()
    home.close()
