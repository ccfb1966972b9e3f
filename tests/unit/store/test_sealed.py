from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import TamperedError
from store.sealed import open_row, seal_row

KEY = bytes(range(32))


@given(st.binary(max_size=2000))
def test_a_payload_survives_the_round_trip(payload: bytes) -> None:
    assert open_row(KEY, "t", "r", 1, seal_row(KEY, "t", "r", 1, payload)) == payload


@given(st.binary(max_size=300), st.integers(0, 10**9))
def test_one_flipped_bit_is_found(payload: bytes, seed: int) -> None:
    sealed = bytearray(seal_row(KEY, "t", "r", 1, payload))
    sealed[seed % len(sealed)] ^= 1 << seed // len(sealed) % 8
    with pytest.raises(TamperedError):
        open_row(KEY, "t", "r", 1, bytes(sealed))


@pytest.mark.parametrize(
    "place", [("other", "r", 1), ("t", "other", 1), ("t", "r", 2), ("t\0r", "", 1)]
)
def test_a_row_opens_in_its_own_place_only(place: tuple[str, str, int]) -> None:
    sealed = seal_row(KEY, "t", "r", 1, b"words")
    with pytest.raises(TamperedError):
        open_row(KEY, *place, sealed)


def test_a_row_of_another_case_does_not_open() -> None:
    with pytest.raises(TamperedError):
        open_row(bytes(32), "t", "r", 1, seal_row(KEY, "t", "r", 1, b"words"))


@pytest.mark.parametrize("size", [0, 1, 100, 251, 252])
def test_sizes_are_hidden_in_buckets(size: int) -> None:
    assert len(seal_row(KEY, "t", "r", 1, bytes(size))) == len(seal_row(KEY, "t", "r", 1, b""))


def test_every_truncation_is_refused() -> None:
    sealed = seal_row(KEY, "t", "r", 1, b"words")
    for size in range(len(sealed)):
        with pytest.raises(TamperedError):
            open_row(KEY, "t", "r", 1, sealed[:size])
