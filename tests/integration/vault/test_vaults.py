"""What every vault does, on a folder, on Azure's and on an S3 server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import NotFoundError
from store.vault import Vault, new_id
from tests.integration.vault.conftest import KINDS

MIB = 1024 * 1024
LARGE = random.Random(4).randbytes(MIB)  # a piece; twenty of them take several requests

pytestmark = pytest.mark.parametrize("kind", KINDS, indirect=True)


def test_a_blob_reads_back_whole_and_by_range(vault: Vault) -> None:
    blob = new_id()
    assert vault.put(blob, [b"abc", b"", b"defg"]) == 7
    assert vault.size(blob) == 7
    assert vault.read_at(blob, 0, 7) == b"abcdefg"
    assert vault.read_at(blob, 2, 3) == b"cde"
    assert vault.read_at(blob, 2, 0) == b""


def test_a_read_that_goes_past_the_end_gives_what_there_is(vault: Vault) -> None:
    blob = new_id()
    vault.put(blob, [b"abcdefg"])
    assert vault.read_at(blob, 5, 99) == b"fg"
    assert vault.read_at(blob, 7, 1) == b""
    assert vault.read_at(blob, 1000, 10) == b""


def test_a_blob_may_be_empty(vault: Vault) -> None:
    for chunks in ([], [b"", b""]):
        blob = new_id()
        assert vault.put(blob, chunks) == 0
        assert vault.size(blob) == 0
        assert vault.read_at(blob, 0, 1) == b""


def test_a_blob_of_many_parts_is_whole(vault: Vault) -> None:
    blob = new_id()
    assert vault.put(blob, (LARGE for _ in range(20))) == 20 * MIB
    for at in (0, 8 * MIB - 3, 19 * MIB, 20 * MIB - 10):
        whole = LARGE[at % MIB :] + LARGE
        assert vault.read_at(blob, at, 7) == whole[: min(7, 20 * MIB - at)]
    assert vault.read_at(blob, 0, 20 * MIB) == LARGE * 20


def test_a_blob_is_there_only_when_all_of_it_is(vault: Vault) -> None:
    blob = new_id()

    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield LARGE
        with pytest.raises(NotFoundError):
            vault.size(blob)
        assert list(vault.ids()) == []

    vault.put(blob, chunks())
    assert list(vault.ids()) == [blob]


@pytest.mark.parametrize("pieces", [0, 1, 20])
@pytest.mark.parametrize("error", [OSError, FileNotFoundError, ValueError, KeyError])
def test_a_source_that_fails_leaves_no_blob_and_speaks_for_itself(
    vault: Vault, pieces: int, error: type[Exception]
) -> None:
    def failing() -> Iterator[bytes]:
        for _ in range(pieces):
            yield LARGE
        raise error("the card was pulled out")

    blob = new_id()
    with pytest.raises(error, match="pulled out"):
        vault.put(blob, failing())
    assert list(vault.ids()) == []
    with pytest.raises(NotFoundError):
        vault.size(blob)


def test_a_missing_blob_is_said_to_be_missing(vault: Vault) -> None:
    with pytest.raises(NotFoundError, match="is not in the vault"):
        vault.size("ab" * 16)
    with pytest.raises(NotFoundError, match="is not in the vault"):
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
    with pytest.raises(NotFoundError):
        vault.read_at(blob, 0, 1)


def test_all_blobs_are_listed_and_their_names_say_nothing(vault: Vault) -> None:
    blobs = {new_id() for _ in range(12)}
    for blob in blobs:
        vault.put(blob, [b"x"])
    assert sorted(vault.ids()) == sorted(blobs)
