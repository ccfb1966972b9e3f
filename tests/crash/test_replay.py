"""No power cut and no kill, at any call, loses what was promised or shows what is half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.oracle import Attack, Attacks
from tests.crash.double import NeverSyncs, NeverSyncsNames, Recording
from tests.crash.exports import EXPORTS, Packs
from tests.crash.programs import KINDS, Blobs, RenamedFirst, Replaced, Steps
from tests.crash.replay import BrokenPromiseError, Player

EACH = 24  # outcomes tried of one cut

each_kind = pytest.mark.parametrize("kind", [*KINDS, *EXPORTS], ids=lambda kind: kind.__name__)


@each_kind
def test_a_power_cut_leaves_the_old_or_the_new(
    kind: type[Steps], memory: Path, attack: Attacks
) -> None:
    with attack(f"28 power cut: {kind.__name__}", 20_000) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.power_cut(kind.drawn(cuts.chance), EACH)


@each_kind
def test_what_a_killed_process_left_unsure_breaks_no_later_promise(
    kind: type[Steps], memory: Path, attack: Attacks
) -> None:
    with attack(f"28 kill, then power cut: {kind.__name__}", 8_000) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.kill_then_power_cut(kind.drawn(cuts.chance), EACH)


@pytest.mark.parametrize(
    ("kind", "double"),
    [
        (Blobs, NeverSyncs),
        (Blobs, NeverSyncsNames),
        (Replaced, NeverSyncs),
        (Replaced, NeverSyncsNames),
        (Packs, NeverSyncs),
        (Packs, NeverSyncsNames),
        (RenamedFirst, Recording),
    ],
)
def test_a_wrong_writer_is_found(kind: type[Steps], double: type[Recording], memory: Path) -> None:
    player = Player(memory, Attack("wrong writer", "any", 1))
    with pytest.raises(BrokenPromiseError):
        for _ in range(20):
            player.power_cut(kind.drawn(player.attack.chance), EACH, double)
