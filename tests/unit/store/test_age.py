from __future__ import annotations

import random
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import age, bech32
from store.errors import HeaderError, NoMatchError, PayloadError

SIZES = [0, 1, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 3 * age.CHUNK, 3 * age.CHUNK + 7]


def sealed(plaintext: bytes, identity: age.Identity) -> tuple[bytes, bytes]:
    file_key, header = age.seal_key([identity.recipient])
    return header, b"".join(age.encrypt(file_key, [plaintext]))


def reader(header: bytes, payload: bytes, identity: age.Identity) -> age.Reader:
    return age.Reader(
        age.open_key(header, [identity]), lambda at, n: payload[at : at + n], len(payload)
    )


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_whole(size: int) -> None:
    identity, plaintext = age.Identity.new(), random.Random(size).randbytes(size)
    header, payload = sealed(plaintext, identity)
    found = reader(header, payload, identity)
    assert found.size == size
    assert b"".join(found) == plaintext


@given(st.lists(st.binary(max_size=age.CHUNK), max_size=6))
@settings(max_examples=30)
def test_how_the_plaintext_was_cut_does_not_matter(pieces: list[bytes]) -> None:
    identity = age.Identity.new()
    file_key, header = age.seal_key([identity.recipient])
    payload = b"".join(age.encrypt(file_key, pieces))
    assert b"".join(reader(header, payload, identity)) == b"".join(pieces)


def test_ranges_agree_with_the_plaintext_at_every_chunk_edge() -> None:
    identity, plaintext = age.Identity.new(), random.Random(1).randbytes(3 * age.CHUNK + 100)
    found = reader(*sealed(plaintext, identity), identity)
    edges = [e + d for e in range(0, len(plaintext), age.CHUNK) for d in (-2, -1, 0, 1, 2)]
    for start in (max(edge, 0) for edge in edges):
        for length in (0, 1, 5, age.CHUNK, 2 * age.CHUNK + 3, len(plaintext)):
            assert found.read(start, length) == plaintext[start : start + length]


def test_every_truncation_at_a_chunk_edge_and_near_it_is_refused() -> None:
    identity = age.Identity.new()
    header, payload = sealed(bytes(2 * age.CHUNK + 10), identity)
    sealed_chunk = age.CHUNK + 16
    near = {16 + i * sealed_chunk + d for i in range(3) for d in range(-17, 18)}
    near |= set(range(40)) | set(range(len(payload) - 40, len(payload)))
    for size in sorted(cut for cut in near if 0 <= cut < len(payload)):
        with pytest.raises((PayloadError, HeaderError)):
            list(reader(header, payload[:size], identity))


@given(st.integers(0, 10**9))
@settings(max_examples=200)
def test_one_flipped_bit_of_a_header_opens_nothing(seed: int) -> None:
    identity = age.Identity.new()
    header, _ = sealed(b"words", identity)
    at, bit = seed % len(header), 1 << seed // len(header) % 8
    changed = bytearray(header)
    changed[at] ^= bit
    with pytest.raises((HeaderError, NoMatchError)):
        age.open_key(bytes(changed), [identity])


@given(st.integers(0, 10**9))
@settings(max_examples=200)
def test_one_flipped_bit_of_a_payload_is_found(seed: int) -> None:
    identity = age.Identity.new()
    header, payload = sealed(b"w" * 300, identity)
    changed = bytearray(payload)
    changed[seed % len(payload)] ^= 1 << seed // len(payload) % 8
    with pytest.raises(PayloadError):
        list(reader(header, bytes(changed), identity))


def test_chunks_swapped_or_doubled_are_found() -> None:
    identity = age.Identity.new()
    header, payload = sealed(bytes(range(256)) * 768, identity)
    size = age.CHUNK + 16
    nonce, chunks = payload[:16], [payload[16 + i * size : 16 + (i + 1) * size] for i in range(3)]
    for order in ((1, 0, 2), (0, 0, 2), (0, 2), (0, 1, 1, 2)):
        forged = nonce + b"".join(chunks[i] for i in order)
        with pytest.raises(PayloadError):
            list(reader(header, forged, identity))


def test_another_identity_opens_nothing() -> None:
    header, _ = sealed(b"words", age.Identity.new())
    with pytest.raises(NoMatchError):
        age.open_key(header, [age.Identity.new()])


def test_a_header_for_two_opens_for_each() -> None:
    first, second = age.Identity.new(), age.Identity.new()
    file_key, header = age.seal_key([first.recipient, second.recipient])
    assert age.open_key(header, [first]) == age.open_key(header, [second]) == file_key


def test_a_secret_does_not_show_in_a_repr() -> None:
    identity = age.Identity.new()
    assert identity.secret.hex() not in repr(identity)
    assert repr(identity.secret) not in repr(identity)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_the_age_program_opens_what_we_seal_and_we_open_what_it_seals(tmp_path: Path) -> None:
    identity, plaintext = age.Identity.new(), random.Random(5).randbytes(200_000)
    (tmp_path / "key").write_text(identity.encoded() + "\n")
    header, payload = sealed(plaintext, identity)
    (tmp_path / "ours.age").write_bytes(header + payload)
    opened = subprocess.run(
        ["age", "-d", "-i", tmp_path / "key", tmp_path / "ours.age"],
        capture_output=True,
        check=True,
    )
    assert opened.stdout == plaintext
    theirs = subprocess.run(
        ["age", "-r", str(identity.recipient)], input=plaintext, capture_output=True, check=True
    ).stdout
    end = theirs.index(b"\n", theirs.index(b"\n--- ") + 1) + 1
    assert b"".join(reader(theirs[:end], theirs[end:], identity)) == plaintext


def _vectors() -> list[Path]:
    folder = Path(__file__).parents[4] / "shared" / "vectors" / "age"
    return sorted(folder.glob("x25519*")) + sorted(folder.glob("stream_*"))


@pytest.mark.skipif(not _vectors(), reason="the public age vectors are not on this machine")
@pytest.mark.parametrize("path", _vectors(), ids=lambda path: path.name)
def test_a_public_vector_gives_its_listed_result(path: Path) -> None:
    head, _, body = path.read_bytes().partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
    if "compressed" in fields:
        body = zlib.decompress(body)
    outcome = _open_vector(body, fields.get("identity", ""))
    assert outcome == fields["expect"]


def _open_vector(body: bytes, identity: str) -> str:
    secret = age.Identity(bech32.decode(identity)[1])
    try:
        end = body.index(b"\n", body.index(b"\n--- ") + 1) + 1
        key = age.open_key(body[:end], [secret])
        payload = body[end:]
        list(age.Reader(key, lambda at, n: payload[at : at + n], len(payload)))
    except NoMatchError:
        return "no match"
    except PayloadError:
        return "payload failure"
    except HeaderError as error:
        return "HMAC failure" if "authentication code does not" in str(error) else "header failure"
    return "success"
