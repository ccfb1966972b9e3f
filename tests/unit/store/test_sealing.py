from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import age
from store.errors import StoreError, TamperedError
from store.sealing import Tally, reader, seal
from store.vault import LocalVault

IDENTITY = age.X25519Identity(bytes(range(1, 33)))


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_a_tally_passes_on_what_it_counts_and_hashes(pieces: list[bytes]) -> None:
    tally = Tally()
    assert list(tally.over(pieces)) == pieces
    whole = b"".join(pieces)
    assert (tally.hex, tally.size) == (hashlib.sha256(whole).hexdigest(), len(whole))


def test_a_source_that_fails_ends_the_hashing_with_it() -> None:
    def failing() -> Iterator[bytes]:
        yield b"x"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(Tally().over(failing()))
    assert not _hashing()


def test_hashing_that_fails_ends_the_source_with_it() -> None:
    endless: Any = repeat("no bytes")
    with pytest.raises(TypeError):
        list(Tally().over(endless))
    assert not _hashing()


def test_a_reader_that_leaves_early_leaves_no_thread_behind() -> None:
    passing = iter(Tally().over(repeat(b"x")))
    next(passing)
    assert _hashing()
    passing.close()  # type: ignore[attr-defined]  # generators have it, iterators need not
    assert not _hashing()


def test_pieces_are_drawn_one_by_one() -> None:
    drawn: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            drawn.append(number)
            yield bytes(10)

    passing = iter(Tally().over(pieces()))
    for count in range(1, 50):
        next(passing)
        assert len(drawn) == count


class Careless(LocalVault):
    """A disk that does not give back what it was given."""

    def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
        whole = bytearray(b"".join(chunks))
        whole[-1] ^= 1
        return super().put(blob_id, [bytes(whole)])


class Stuck(Careless):
    """One that does not remove it either."""

    def delete(self, blob_id: str) -> None:
        raise StoreError(f"blob {blob_id} cannot be removed")


@pytest.mark.parametrize(("kind", "left"), [(Careless, 0), (Stuck, 1)])
def test_what_does_not_open_again_is_never_called_sealed(
    tmp_path: Path, kind: type[LocalVault], left: int
) -> None:
    vault = kind(tmp_path)
    with pytest.raises(StoreError, match="does not open"):
        seal(vault, IDENTITY.recipient, [b"words"])
    assert len(list(vault.ids())) == left


def test_a_vault_that_loses_the_end_of_what_it_was_given_is_found(tmp_path: Path) -> None:
    class Forgetful(LocalVault):
        def put(self, blob_id: str, chunks: Iterable[bytes]) -> int:
            """Takes a source for finished that was not."""
            return super().put(blob_id, age.encrypt(bytes(16), list(chunks)[:1]))

    with pytest.raises((TamperedError, StoreError)):
        seal(Forgetful(tmp_path), IDENTITY.recipient, [b"words"])
    assert list(LocalVault(tmp_path).ids()) == []


@pytest.mark.parametrize("cut", [1, 1000, age.CHUNK, 16 * age.CHUNK, 40 * age.CHUNK])
def test_however_a_source_is_cut_it_opens_to_the_same(tmp_path: Path, cut: int) -> None:
    whole = bytes(range(251)) * 10_000 if cut > 1 else b"seven b"
    vault = LocalVault(tmp_path)
    sealed = seal(
        vault, IDENTITY.recipient, (whole[i : i + cut] for i in range(0, len(whole), cut))
    )
    file_key = age.open_key(sealed.header, [IDENTITY])
    assert b"".join(reader(vault, sealed.blob, file_key, sealed.payload_size)) == whole
    payload = vault.read_at(sealed.blob, 0, sealed.payload_size + 1)
    assert (sealed.payload_sha256, sealed.payload_size) == (
        hashlib.sha256(payload).hexdigest(),
        len(payload),
    )
    assert (sealed.sha256, sealed.size) == (hashlib.sha256(whole).hexdigest(), len(whole))


def _hashing() -> bool:
    return any(thread.name.startswith("hash") for thread in threading.enumerate())
