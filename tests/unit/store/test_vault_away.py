"""A vault whose drive is away: nothing is put in its place, and nothing is called lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import NotFoundError, VaultError
from store.records import Arrival
from store.store import Store, connect
from store.vault import LocalVault, new_id


@pytest.fixture
def vault(tmp_path: Path, store: Store, arrival: Arrival) -> Path:
    """The folder of a vault with one recording in it."""
    store.recordings.register(store.recordings.seal(arrival.scope, [b"voice"]), arrival)
    return tmp_path / "vault"


def _away(vault: Path, *, bare: bool) -> Path:
    """Its drive is unmounted: the folder is gone, or what it was mounted on is there and bare."""
    gone = vault.with_name("elsewhere")
    vault.rename(gone)
    if bare:
        vault.mkdir()
    return gone


@pytest.mark.parametrize("bare", [True, False])
def test_nothing_is_taken_in_or_called_lost_while_it_is_away(
    store: Store, arrival: Arrival, vault: Path, *, bare: bool
) -> None:
    (recording,) = store.recordings.all()
    gone = _away(vault, bare=bare)
    with pytest.raises(VaultError, match="mounted"):
        store.recordings.open(recording.id).read(0, 5)
    with pytest.raises(VaultError, match="mounted"):
        store.recordings.seal(arrival.scope, [b"more"])
    assert list(vault.glob("*")) == []
    if bare:
        vault.rmdir()
    gone.rename(vault)
    assert store.recordings.open(recording.id).read(0, 5) == b"voice"


@pytest.mark.parametrize("bare", [True, False])
def test_a_home_whose_vault_is_away_does_not_open_and_makes_no_other(
    url: str, tmp_path: Path, vault: Path, *, bare: bool
) -> None:
    _away(vault, bare=bare)
    with pytest.raises(VaultError, match="mounted"):
        connect(url, vault, tmp_path / "keys")
    assert vault.is_dir() is bare


def test_a_blob_that_is_missing_from_a_vault_that_is_there_is_missing(tmp_path: Path) -> None:
    vault = LocalVault(tmp_path / "new")
    vault.put(new_id(), [b"x"])
    with pytest.raises(NotFoundError):
        vault.size(new_id())
