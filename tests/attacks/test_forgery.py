"""Content that somebody made up, put in by who can write to database and vault and holds no key.

Public keys seal: that is what they are for. So what is made with them must be told from what was
taken in here by what only this home could have written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from store import age
from store.errors import TamperedError
from tests.attacks.world import World, fill, opened


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        fill(made, Random(9))
        yield made


def _forged(world: World, recording_id: str) -> bytes:
    """Put another content of the same length under a recording, sealed to its scope's public key."""
    made_up = bytes(len(world.originals[recording_id]))
    scope, public = world.row(
        "SELECT i.id, i.recipient FROM identities i JOIN recordings r ON r.scope = i.id "
        "WHERE r.id = ?",
        recording_id,
    )
    assert scope
    file_key, header = age.seal_key([age.HybridRecipient(public)])
    world.put_file(world.blob(recording_id), b"".join(age.encrypt(file_key, [made_up])))
    row = "recordings", recording_id
    world.put({row: {**world.values(row), "header": header}})
    return made_up


def test_a_recording_sealed_by_another_hand_does_not_open(world: World) -> None:
    for recording_id in world.originals:
        _forged(world, recording_id)
        with pytest.raises(TamperedError):
            world.store.recordings.open(recording_id)
        assert world.found()[-1] == recording_id


def test_a_recording_sealed_by_another_hand_is_not_made_good_by_giving_it_to_a_case(
    world: World,
) -> None:
    loose = world.store.notes.get(world.notes[-1])
    (recording,) = world.store.recordings.of_note(loose.id)
    _forged(world, recording.id)
    with pytest.raises(TamperedError):
        world.store.assigning.assign(loose, world.cases[0].id, "test")
    assert world.found() == [recording.id]
    world.undo()
    world.store.assigning.assign(world.store.notes.get(loose.id), world.cases[0].id, "test")
    content = b"".join(world.store.recordings.open(recording.id))
    assert content == world.originals[recording.id]
