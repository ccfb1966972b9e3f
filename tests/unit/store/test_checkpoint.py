from __future__ import annotations

import base64
import hashlib
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from store.checkpoint import Checkpoint, Signer, kept, load, save
from store.errors import CheckpointError

SEED = bytes(range(32))
AT = 1_762_362_300_000  # 2025-11-05 17:05:00 UTC

# The example of Go's golang.org/x/mod/sumdb/note, from which the note format comes.
GO_SEED = base64.b64decode("gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=")
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def _note(size: int = 12) -> tuple[Signer, Checkpoint, bytes]:
    signer = Signer(SEED)
    checkpoint = Checkpoint(signer.name, size, hashlib.sha256(b"root").digest())
    return signer, checkpoint, signer.sign(checkpoint.text())


def test_a_note_is_signed_as_the_format_s_first_tool_signs_it() -> None:
    signer = Signer(GO_SEED, "PeterNeumann")
    assert signer.public_key == GO_KEY
    assert signer.sign(GO_TEXT) == f"{GO_TEXT}\n{GO_SIGNATURE}".encode()
    assert signer.open(f"{GO_TEXT}\n{GO_SIGNATURE}".encode()) == GO_TEXT


def test_the_public_key_is_enough_to_verify_elsewhere() -> None:
    signer, checkpoint, note = _note()
    name, key_id, encoded = signer.public_key.split("+", 2)
    kind, public = base64.b64decode(encoded)[:1], base64.b64decode(encoded)[1:]
    text, _, line = note.decode().rpartition("\n\n")
    dash, signed_by, signature = line.rstrip("\n").split(" ")
    raw = base64.b64decode(signature)
    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{text}\n".encode())
    assert (dash, kind, signed_by, raw[:4].hex()) == ("—", b"\x01", name, key_id)
    assert text.split("\n") == [name, "12", base64.b64encode(checkpoint.root).decode()]


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_written(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("recorder/audit/00", size, root)
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name\n12\n",
        "\n12\n{root}\n",
        "name\n012\n{root}\n",
        "name\n-1\n{root}\n",
        "name\n1_2\n{root}\n",
        "name\n٣\n{root}\n",
        "name\n12\n{root}",
        "name\n12\n{root}\nmore\n",
        "name\n12\n{root}\n\n",
        "name\n12\nAAAA\n",
        "name\n12\n{root}=\n",
        "name\n12\nnot base64\n",
        "name\n12\n" + "é" * 44 + "\n",
        "name\n12\n" + "A" * 42 + "B=\n",
    ],
)
def test_what_the_writer_would_not_write_is_refused(text: str) -> None:
    root = base64.b64encode(bytes(32)).decode()
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text.replace("{root}", root))


_lines = st.sampled_from(
    ["name", "12", "0", "01", "-1", "", " ", "\r", "A" * 43 + "=", "A" * 44, "é"]
)


@given(st.lists(_lines | st.text(max_size=5), max_size=6).map("\n".join))
def test_any_text_is_one_canonical_checkpoint_or_refused(text: str) -> None:
    for candidate in (text, f"{text}\n", f"name\n7\n{'A' * 43}=\n{text}"):
        try:
            found = Checkpoint.parse(candidate)
        except CheckpointError:
            continue
        assert found.text() == candidate


@given(st.binary(max_size=80), st.binary(max_size=20))
def test_any_bytes_are_no_signed_note(first: bytes, second: bytes) -> None:
    signer, _, note = _note()
    for candidate in (first, first + note, note + first, first + b"\n\n" + second):
        if candidate == note:
            continue
        with pytest.raises(CheckpointError):
            signer.open(candidate)


def test_one_changed_bit_anywhere_gives_one_known_error() -> None:
    signer, _, note = _note()
    for place, bit in product(range(len(note)), range(8)):
        changed = note[:place] + bytes([note[place] ^ 1 << bit]) + note[place + 1 :]
        with pytest.raises(CheckpointError):
            signer.open(changed)


def test_a_note_cut_short_anywhere_is_refused() -> None:
    signer, _, note = _note()
    for length in range(len(note)):
        with pytest.raises(CheckpointError):
            signer.open(note[:length])


def test_another_key_s_note_is_refused_even_under_this_log_s_name() -> None:
    signer, checkpoint, _ = _note()
    for other in (Signer(bytes(32)), Signer(bytes(32), signer.name)):
        with pytest.raises(CheckpointError, match="not signed with this log's key"):
            signer.open(other.sign(checkpoint.text()))


def test_a_witness_may_sign_beside_the_log() -> None:
    signer, checkpoint, note = _note()
    witness = Signer(bytes(32), "witness.example").sign(checkpoint.text())
    line = witness.rpartition(b"\n\n")[2]
    assert signer.open(note + line) == checkpoint.text()
    broken = note.rpartition(b"\n\n")[2].replace(b"=", b"A", 1)
    with pytest.raises(CheckpointError):
        signer.open(note + broken)


def test_a_note_without_bound_is_refused() -> None:
    signer, _, note = _note()
    line = note.rpartition(b"\n\n")[2]
    assert signer.open(note + line)
    with pytest.raises(CheckpointError, match="not a signed note"):
        signer.open(note + line * 1000)


def test_files_sort_by_size_then_time_and_nothing_else_is_left(tmp_path: Path) -> None:
    signer = Signer(SEED)
    wished = [(2, AT), (10, AT), (10, AT + 1000), (1_000_000, AT - 5000)]
    made = [
        save(tmp_path / "out", Checkpoint(signer.name, size, bytes(32)), signer, at)
        for size, at in reversed(wished)
    ]
    assert kept(tmp_path / "out") == made[::-1] == sorted((tmp_path / "out").iterdir())
    assert made[-1].name == "checkpoint-000000000002-20251105T170500Z.txt"
    assert load(made[0], signer) == Checkpoint(signer.name, 1_000_000, bytes(32))
    assert kept(tmp_path / "nowhere") == []


def test_a_file_that_another_log_signed_is_named(tmp_path: Path) -> None:
    signer = Signer(SEED)
    path = save(tmp_path, Checkpoint(signer.name, 5, bytes(32)), signer, AT)
    with pytest.raises(CheckpointError, match=path.name):
        load(path, Signer(bytes(32)))


def test_a_folder_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    signer = Signer(SEED)
    (tmp_path / "file").touch()
    for folder in (tmp_path / "not" / "mounted", tmp_path / "file"):
        with pytest.raises(CheckpointError, match="'checkpoints'"):
            save(folder, Checkpoint(signer.name, 5, bytes(32)), signer, AT)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
