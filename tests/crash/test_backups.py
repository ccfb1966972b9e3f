"""A backup that is cut off at any call is never taken for a whole one, and harms no earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.oracle import Attack, Attacks
from tests.crash.backups import Backups, House
from tests.crash.double import NeverSyncs, NeverSyncsNames, Recording
from tests.crash.replay import BrokenPromiseError, Player


@pytest.fixture
def house(memory: Path) -> House:
    return House.made(memory / "house")


@pytest.mark.parametrize("keep_ms", [None, 0], ids=["all kept", "newest kept"])
def test_a_power_cut_leaves_only_whole_backups(
    house: House, keep_ms: int | None, memory: Path, attack: Attacks
) -> None:
    with attack("28 power cut: backups", 2_000) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.power_cut(Backups(house, 2, keep_ms), 2)


def test_a_backup_after_one_that_was_killed_is_whole(
    house: House, memory: Path, attack: Attacks
) -> None:
    with attack("28 kill, then power cut: backups", 2_000) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.kill_then_power_cut(Backups(house, 2, 0), 2)


@pytest.mark.parametrize("double", [NeverSyncs, NeverSyncsNames])
def test_a_wrong_writer_is_found(double: type[Recording], house: House, memory: Path) -> None:
    player = Player(memory, Attack("wrong writer", "any", 1))
    with pytest.raises(BrokenPromiseError):
        player.power_cut(Backups(house, 2, 0), 4, double)
