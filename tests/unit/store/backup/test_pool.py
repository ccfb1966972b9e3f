from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.backup.pool import Blob, Pool, ReadOnly, copy, pieces
from store.errors import BackupError, NotFoundError, StoreError, TamperedError
from store.vault import LocalVault, new_id

CONTENT = b"noise" * 2_000_000  # more than two pieces


@pytest.fixture
def vault(tmp_path: Path) -> LocalVault:
    return LocalVault(tmp_path / "vault")


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    return Pool(tmp_path / "pool")


def _blob(vault: LocalVault, content: bytes = CONTENT) -> Blob:
    blob = Blob(new_id(), hashlib.sha256(content).hexdigest())
    vault.put(blob.id, [content])
    return blob


def _file(pool: Pool, blob: Blob) -> Path:
    return pool.folder / blob.id[:2] / blob.id[2:]


def test_a_blob_is_copied_once(vault: LocalVault, pool: Pool) -> None:
    blob = _blob(vault)
    assert pool.take(vault, blob)
    assert b"".join(pieces(pool, blob.id)) == CONTENT
    assert not pool.take(vault, blob)
    vault.delete(blob.id)
    assert not pool.take(vault, blob)


def test_a_blob_that_rotted_in_the_pool_is_copied_again(vault: LocalVault, pool: Pool) -> None:
    blob = _blob(vault)
    pool.take(vault, blob)
    _file(pool, blob).write_bytes(CONTENT[:-1] + b"!")
    assert not pool.holds(blob)
    assert pool.take(vault, blob)
    assert pool.holds(blob)


def test_what_is_not_the_blob_that_was_sealed_is_not_kept(vault: LocalVault, pool: Pool) -> None:
    blob = _blob(vault)
    other = Blob(blob.id, "0" * 64)
    with pytest.raises(TamperedError):
        pool.take(vault, other)
    with pytest.raises(NotFoundError):
        pool.take(vault, Blob(new_id(), blob.sha256))
    assert list(pool.ids()) == []
    with pytest.raises(TamperedError):
        copy(vault, LocalVault(pool.folder), other)


def test_a_blob_that_is_not_there_is_not_held(pool: Pool) -> None:
    assert not pool.holds(Blob(new_id(), hashlib.sha256(b"").hexdigest()))


def test_a_pool_that_does_not_give_back_what_it_took_is_an_error(
    vault: LocalVault, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = _blob(vault)
    monkeypatch.setattr(Pool, "holds", lambda *_: False)
    with pytest.raises(BackupError, match="does not give back"):
        pool.take(vault, blob)


def test_only_what_is_needed_is_kept(vault: LocalVault, pool: Pool) -> None:
    kept, spare = _blob(vault), _blob(vault, b"spare")
    for blob in (kept, spare):
        pool.take(vault, blob)
    cut = _file(pool, kept).with_name(".cut.1234abcd.part")
    cut.write_bytes(b"half")
    assert pool.keep_only({kept.id}) == 1
    assert list(pool.ids()) == [kept.id]
    assert not cut.exists()


def test_a_blob_that_shrinks_while_it_is_read_is_an_error(
    vault: LocalVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = _blob(vault)
    monkeypatch.setattr(LocalVault, "size", lambda *_: len(CONTENT) + 1)
    with pytest.raises(StoreError, match="cut short"):
        list(pieces(vault, blob.id))


def test_a_pool_that_is_only_looked_at_is_not_changed(vault: LocalVault) -> None:
    blob = _blob(vault)
    only = ReadOnly(vault)
    assert b"".join(pieces(only, blob.id)) == CONTENT
    assert list(only.ids()) == [blob.id]
    for change in (lambda: only.put("ab" * 16, [b"x"]), lambda: only.delete(blob.id)):
        with pytest.raises(BackupError, match="only looked at"):
            change()
    assert list(vault.ids()) == [blob.id]


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
def test_a_line_of_the_list_comes_back_as_the_blob_it_was(blob: bytes, pin: bytes) -> None:
    kept = Blob(blob.hex(), pin.hex())
    assert Blob.parse(kept.line().removesuffix(b"\n")) == kept


@given(st.integers(0, 8 * 114 - 1))
def test_a_line_with_any_bit_changed_is_another_blob_or_none(bit: int) -> None:
    line = bytearray(Blob("ab" * 16, "cd" * 32).line().removesuffix(b"\n"))
    line[bit // 8 % len(line)] ^= 1 << bit % 8
    try:
        found = Blob.parse(bytes(line))
    except BackupError:
        return
    assert found != Blob("ab" * 16, "cd" * 32)
    assert found.line().removesuffix(b"\n") == line


def test_what_is_no_line_is_refused() -> None:
    good = Blob("ab" * 16, "cd" * 32).line()
    for bad in (b"", good, good.strip() + b" ", b" " + good.strip(), good.strip().upper()):
        with pytest.raises(BackupError):
            Blob.parse(bad)
