from __future__ import annotations

import threading
from pathlib import Path

import pytest

from recorder.commands.running import alone, in_turn
from recorder.errors import ConfigError
from recorder.home import create_home


def test_only_a_database_that_machines_share_has_a_standby(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    with pytest.raises(ConfigError, match="two machines share"), in_turn(home, threading.Event()):
        pytest.fail("it stood by")
    home.close()


def test_a_hold_that_nobody_can_take_away_stands(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    with alone(home) as hold:
        assert hold.look()
        assert hold.stands()
        with pytest.raises(ConfigError, match="running on this home already"), alone(home):
            pytest.fail("both run")
    home.close()
