"""No power cut and no kill, at any call, loses what was promised or shows what is half written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.double import NeverSyncs, NeverSyncsNames, Recording
from tests.crash.programs import KINDS, Blobs, Packs, RenamedFirst, Replaced, Steps
from tests.crash.replay import BrokenPromiseError, Player

SEED = 20261122
EACH = 24  # outcomes tried of one cut

Tell = Callable[[str], None]

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@each_kind
def test_a_power_cut_leaves_the_old_or_the_new(
    kind: type[Steps], memory: Path, attacks: int, tell: Tell
) -> None:
    player = Player(memory, SEED)
    while player.states < 3 * attacks:
        player.power_cut(kind.drawn(player.rng), EACH)
    tell(f"{player.states} states after power cuts, {kind.__name__}, seed {SEED}")


@each_kind
def test_what_a_killed_process_left_unsure_breaks_no_later_promise(
    kind: type[Steps], memory: Path, attacks: int, tell: Tell
) -> None:
    player = Player(memory, SEED)
    while player.states < attacks:
        player.kill_then_power_cut(kind.drawn(player.rng), EACH)
    tell(f"{player.states} states after kills and power cuts, {kind.__name__}, seed {SEED}")


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
    player = Player(memory, SEED)
    with pytest.raises(BrokenPromiseError):
        for _ in range(20):
            player.power_cut(kind.drawn(player.rng), EACH, double)
