import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.media.readable import BLOCK, BytesReadable, FileReadable, blocks


@pytest.mark.parametrize(("offset", "length"), [(0, 4), (3, 100), (10, 5), (0, 0), (9, 1)])
def test_a_file_and_memory_read_alike(tmp_path: Path, offset: int, length: int) -> None:
    data = b"0123456789"
    (tmp_path / "file").write_bytes(data)
    fd = os.open(tmp_path / "file", os.O_RDONLY)
    try:
        readable = FileReadable(fd)
        assert readable.size == BytesReadable(data).size == 10
        assert readable.read(offset, length) == BytesReadable(data).read(offset, length)
    finally:
        os.close(fd)


def test_a_file_that_grows_is_read_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1234")
    fd = os.open(tmp_path / "file", os.O_RDONLY)
    try:
        readable = FileReadable(fd)
        (tmp_path / "file").write_bytes(b"12345678")
        assert readable.read(0, 100) == b"1234"
    finally:
        os.close(fd)


@given(st.integers(0, 3 * BLOCK), st.integers(0, BLOCK), st.integers(0, 3 * BLOCK))
def test_blocks_give_the_range_and_no_more(size: int, start: int, end: int) -> None:
    data = os.urandom(16) * (size // 16 + 1)
    assert b"".join(blocks(BytesReadable(data), start, end)) == data[start:end]


def test_blocks_end_when_the_file_shrank() -> None:
    class Shrunk:
        size = 100

        def read(self, offset: int, length: int) -> bytes:
            return b"x" * min(length, 10 - offset)

    assert b"".join(blocks(Shrunk())) == b"x" * 10
