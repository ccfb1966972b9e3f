from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import age
from store.errors import HeaderError, PayloadError

KEY = bytes(range(16))
SEALED_CHUNK = age.CHUNK + 16
RUN = 16 * age.CHUNK
STRIDE = 4 * RUN
SIZES = [
    *(0, 1, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 3 * age.CHUNK, 3 * age.CHUNK + 7),
    *(RUN - 1, RUN, RUN + 1, 2 * RUN, 2 * RUN + age.CHUNK + 7, STRIDE, STRIDE + 1),
]


def sealed(plaintext: bytes) -> bytes:
    return b"".join(age.encrypt(KEY, [plaintext]))


def reader(payload: bytes) -> age.Reader:
    return age.Reader(KEY, lambda at, n: payload[at : at + n], len(payload))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_whole(size: int) -> None:
    plaintext = random.Random(size).randbytes(size)
    found = reader(sealed(plaintext))
    assert found.size == size
    assert b"".join(found) == plaintext


@given(st.lists(st.binary(max_size=age.CHUNK), max_size=6))
@settings(max_examples=30, deadline=None)
def test_how_the_plaintext_was_cut_does_not_matter(pieces: list[bytes]) -> None:
    payload = b"".join(age.encrypt(KEY, pieces))
    assert b"".join(reader(payload)) == b"".join(pieces)


@given(st.integers(0, 3), st.integers(-2, 2), st.integers(0, 3 * age.CHUNK))
@settings(max_examples=60, deadline=None)
def test_any_range_agrees_with_the_plaintext(chunk: int, near: int, length: int) -> None:
    plaintext = random.Random(1).randbytes(3 * age.CHUNK + 100)
    start = max(chunk * age.CHUNK + near, 0)
    assert reader(sealed(plaintext)).read(start, length) == plaintext[start : start + length]


def test_ranges_agree_with_the_plaintext_at_every_chunk_edge() -> None:
    plaintext = random.Random(1).randbytes(3 * age.CHUNK + 100)
    found = reader(sealed(plaintext))
    edges = [e + d for e in range(0, len(plaintext), age.CHUNK) for d in (-2, -1, 0, 1, 2)]
    for start in (max(edge, 0) for edge in edges):
        for length in (0, 1, 5, age.CHUNK, 2 * age.CHUNK + 3, len(plaintext)):
            assert found.read(start, length) == plaintext[start : start + length]


@pytest.mark.parametrize("size", [0, 1, age.CHUNK, 2 * age.CHUNK, 2 * age.CHUNK + 10])
def test_every_truncation_near_a_chunks_edge_releases_nothing(size: int) -> None:
    payload = sealed(bytes(size))
    near = {16 + i * SEALED_CHUNK + d for i in range(4) for d in range(-40, 41)}
    near |= set(range(len(payload) - 40, len(payload)))
    for cut in sorted(cut for cut in near if 0 <= cut < len(payload)):
        with pytest.raises(HeaderError if cut < age.NONCE_SIZE else PayloadError):
            reader(payload[:cut])


def test_every_extension_near_a_chunks_edge_releases_nothing() -> None:
    payload = sealed(bytes(2 * age.CHUNK - 20))
    for more in (*range(1, 60), SEALED_CHUNK - 1, SEALED_CHUNK, SEALED_CHUNK + 1):
        with pytest.raises(PayloadError):
            reader(payload + bytes(more))


@given(st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_one_flipped_bit_of_a_payload_is_found(seed: int) -> None:
    payload = bytearray(sealed(b"w" * 300))
    payload[seed % len(payload)] ^= 1 << seed // len(payload) % 8
    with pytest.raises(PayloadError):
        reader(bytes(payload))


def test_a_damaged_chunk_releases_the_runs_before_its_own_and_no_more() -> None:
    plaintext = random.Random(2).randbytes(2 * STRIDE + 9)
    payload = bytearray(sealed(plaintext))
    payload[16 + 70 * SEALED_CHUNK + 5] ^= 1
    found = iter(reader(bytes(payload)))
    assert next(found) == plaintext[:STRIDE]
    with pytest.raises(PayloadError):
        next(found)


def test_what_lies_around_a_damaged_chunk_can_still_be_read() -> None:
    plaintext = random.Random(2).randbytes(3 * age.CHUNK)
    payload = bytearray(sealed(plaintext))
    payload[16 + SEALED_CHUNK + 5] ^= 1
    found = reader(bytes(payload))
    assert found.read(0, age.CHUNK) == plaintext[: age.CHUNK]
    assert found.read(2 * age.CHUNK, age.CHUNK) == plaintext[2 * age.CHUNK :]
    with pytest.raises(PayloadError):
        found.read(age.CHUNK, 1)


def test_who_reads_on_asks_storage_once_a_run() -> None:
    payload, asked = sealed(bytes(3 * RUN)), []

    def read_at(offset: int, length: int) -> bytes:
        asked.append(length)
        return payload[offset : offset + length]

    found = age.Reader(KEY, read_at, len(payload))
    asked.clear()
    for offset in range(0, 2 * RUN, 10_000):
        found.read(offset, 10_000)
    assert asked[0] == SEALED_CHUNK
    assert asked[1:] == [16 * SEALED_CHUNK, 16 * SEALED_CHUNK]
    assert max(asked) <= 16 * SEALED_CHUNK


def test_chunks_swapped_or_doubled_are_found() -> None:
    payload = sealed(bytes(range(256)) * 768)
    nonce = payload[:16]
    chunks = [payload[16 + i * SEALED_CHUNK :][:SEALED_CHUNK] for i in range(3)]
    for order in ((1, 0, 2), (0, 0, 2), (0, 2), (0, 1, 1, 2), (2,), (0, 1)):
        forged = nonce + b"".join(chunks[i] for i in order)
        with pytest.raises(PayloadError):
            list(reader(forged))


def test_a_chunk_of_another_payload_under_the_same_key_is_found() -> None:
    one, other = sealed(b"a" * 2 * age.CHUNK), sealed(b"b" * 2 * age.CHUNK)
    for cut in (16, 16 + SEALED_CHUNK):
        with pytest.raises(PayloadError):
            list(reader(one[:cut] + other[cut:]))


def test_storage_that_gives_too_little_is_an_error() -> None:
    payload = sealed(bytes(2 * age.CHUNK))
    short = age.Reader(KEY, lambda at, n: payload[at : at + n], len(payload))
    short._read_at = lambda at, n: payload[at : at + n - 1]
    with pytest.raises(PayloadError):
        short.read(0, 10)


def test_no_two_payloads_are_alike() -> None:
    assert len({sealed(b"words") for _ in range(100)}) == 100
