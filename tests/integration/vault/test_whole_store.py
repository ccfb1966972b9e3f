"""A whole store on each kind of vault: what is sealed there is found, played, checked and erased."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.cases import Case
from store.errors import ErasedError, TamperedError
from store.records import Arrival, Recording
from store.store import Store, create
from store.vault import Location, open_vault
from tests.integration.vault.conftest import KINDS

pytestmark = pytest.mark.parametrize("kind", KINDS, indirect=True)

MIB = 1024 * 1024
CONTENT = random.Random(5).randbytes(9 * MIB + 7)  # more than goes into one request


@pytest.fixture
def store(tmp_path: Path, location: Location) -> Iterator[Store]:
    made = create(f"sqlite:///{tmp_path / 'recorder.db'}", location, tmp_path / "keys")
    yield made
    made.close()


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    pieces = (CONTENT[at : at + MIB] for at in range(0, len(CONTENT), MIB))
    return store.recordings.register(store.recordings.seal(arrival.scope, pieces), arrival)[0]


def test_what_was_sealed_opens_whole_and_anywhere(store: Store, recording: Recording) -> None:
    reader = store.recordings.open(recording.id)
    assert b"".join(reader) == CONTENT
    for at in (0, 65_535, 8 * MIB - 1, len(CONTENT) - 5):
        assert reader.read(at, 100_000) == CONTENT[at : at + 100_000]


def test_nothing_is_lost_and_nothing_is_left_over(store: Store, recording: Recording) -> None:
    assert store.strays.lost() == []
    assert store.strays.orphans() == set()
    (blob,) = store.vault.ids()
    store.vault.delete(blob)
    assert [each.id for each in store.strays.lost()] == [recording.id]


def test_the_same_content_again_leaves_one_blob(
    store: Store, arrival: Arrival, recording: Recording
) -> None:
    again = store.recordings.register(store.recordings.seal(arrival.scope, [CONTENT]), arrival)
    assert again == (recording, False)
    assert len(list(store.vault.ids())) == 1


def test_another_blob_in_its_place_is_found(store: Store, recording: Recording) -> None:
    (blob,) = store.vault.ids()
    size = store.vault.size(blob)
    store.vault.put(blob, [bytes(size)])
    with pytest.raises(TamperedError):
        store.recordings.open(recording.id)
    store.vault.put(blob, [bytes(size - 1)])
    with pytest.raises(TamperedError):
        store.recordings.open(recording.id)


def test_an_erased_case_leaves_no_blob(
    store: Store, location: Location, case: Case, recording: Recording
) -> None:
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.recordings.open(recording.id)
    assert list(open_vault(location).ids()) == []
