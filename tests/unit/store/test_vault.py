from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from store.errors import NotFoundError, StoreError
from store.fs import Disk
from store.vault import LocalVault, Vault, new_id


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return LocalVault(tmp_path / "vault")


def test_a_blob_reads_back_whole_and_by_range(vault: Vault) -> None:
    blob = new_id()
    assert vault.put(blob, [b"abc", b"", b"defg"]) == 7
    assert vault.size(blob) == 7
    assert vault.read_at(blob, 0, 7) == b"abcdefg"
    assert vault.read_at(blob, 2, 3) == b"cde"
    assert vault.read_at(blob, 5, 99) == b"fg"


def test_a_blob_of_many_parts_is_whole(vault: Vault) -> None:
    blob, piece = new_id(), bytes(range(256)) * 4096
    assert vault.put(blob, (piece for _ in range(20))) == 20 * len(piece)
    assert vault.read_at(blob, 19 * len(piece), len(piece)) == piece


def test_a_missing_blob_is_said_to_be_missing(vault: Vault) -> None:
    with pytest.raises(NotFoundError):
        vault.size("ab" * 16)
    with pytest.raises(NotFoundError):
        vault.read_at("ab" * 16, 0, 1)


def test_a_path_in_the_place_of_an_id_leads_nowhere(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "keys"
    outside.write_bytes(b"secret")
    for odd in (f"..{outside}", "../keys", "..keys", "", "..", "ab/../../../keys", "AB" * 16):
        with pytest.raises(NotFoundError):
            vault.size(odd)
        with pytest.raises(NotFoundError):
            vault.read_at(odd, 0, 6)
        vault.delete(odd)  # as of any blob that is not there
    assert outside.read_bytes() == b"secret"


def test_a_deleted_blob_is_gone_and_deleting_again_is_harmless(vault: Vault) -> None:
    blob = new_id()
    vault.put(blob, [b"x"])
    vault.delete(blob)
    vault.delete(blob)
    assert list(vault.ids()) == []


def test_a_source_that_fails_half_way_leaves_no_blob(vault: Vault) -> None:
    def failing() -> object:
        yield b"x" * 100
        raise OSError("the card was pulled out")

    with pytest.raises(Exception, match="pulled out"):
        vault.put(new_id(), failing())  # type: ignore[arg-type]
    assert list(vault.ids()) == []


def test_a_blobs_name_says_nothing(vault: Vault) -> None:
    blob = new_id()
    vault.put(blob, [b"x"])
    assert list(vault.ids()) == [blob]


class Unsure(Disk):
    """A disk that cannot say whether a name will stay."""

    failing = False

    def sync_folder(self, folder: Path) -> None:
        if self.failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync_folder(folder)


def test_a_blob_that_may_not_stay_is_no_blob(tmp_path: Path) -> None:
    disk = Unsure()
    vault = LocalVault(tmp_path / "vault", disk)
    vault.put("ab" * 16, [b"the folder is made"])
    disk.failing = True
    with pytest.raises(StoreError, match="could not be written"):
        vault.put("ab" * 15 + "cd", [b"x"])
    assert list(vault.ids()) == ["ab" * 16]


def test_a_blob_that_may_come_back_is_said_to_be_there(tmp_path: Path) -> None:
    disk = Unsure()
    vault = LocalVault(tmp_path / "vault", disk)
    vault.put("ab" * 16, [b"x"])
    disk.failing = True
    with pytest.raises(StoreError, match="could not be removed"):
        vault.delete("ab" * 16)
