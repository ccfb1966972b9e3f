"""A backup that is cut off at any call is never taken for a whole one, and harms no earlier one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from store.backup.folder import Folder
from tests.attacks.oracle import Attack, Attacks
from tests.crash.backups import Backups, House
from tests.crash.disk_model import DiskModel, Tree
from tests.crash.double import NeverSyncs, NeverSyncsNames, Recording
from tests.crash.replay import BrokenPromiseError, Player, place


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


def test_a_set_whose_removal_was_killed_is_never_half_there(memory: Path) -> None:
    whole: Tree = {
        "sets": None,
        "sets/a": None,
        "sets/a/manifest.txt": b"what is in it",
        "sets/a/rows.age": b"sealed",
    }
    place(memory / "run", whole)
    disk, model, states = Recording(memory / "run"), DiskModel(whole), set[frozenset[str]]()
    disk.rename(disk.top / "sets" / "a", disk.top / "sets" / ".a.part")  # and killed
    Folder(disk.top, disk).clear()
    for call in disk.calls:
        model.apply(call)
        for tree in model.after_power_cut(random.Random(7), 20):
            states.add(frozenset(tree))
            assert "sets/a" not in tree or whole.items() <= tree.items()
    assert frozenset(whole) in states
    assert frozenset({"sets"}) in states


@pytest.mark.parametrize("double", [NeverSyncs, NeverSyncsNames])
def test_a_wrong_writer_is_found(double: type[Recording], house: House, memory: Path) -> None:
    player = Player(memory, Attack("wrong writer", "any", 1))
    with pytest.raises(BrokenPromiseError):
        player.power_cut(Backups(house, 2, 0), 4, double)
