from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.errors import Incomplete, RecorderError, Unreadable
from recorder.media.boxes import top_boxes
from recorder.media.faststart import MAX_INDEX, front_to_back
from recorder.media.readable import BytesReadable

FTYP = b"\0\0\0\x14ftypisom\0\0\0\0isom"


def box(kind: bytes, body: bytes = b"", *, large: bool = False) -> bytes:
    if large:
        return (1).to_bytes(4, "big") + kind + (16 + len(body)).to_bytes(8, "big") + body
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def table(offsets: list[int], width: int) -> bytes:
    rows = b"".join(offset.to_bytes(width, "big") for offset in offsets)
    return box(
        b"stco" if width == 4 else b"co64", bytes(4) + len(offsets).to_bytes(4, "big") + rows
    )


def index(tables: list[bytes], extra: bytes = b"") -> bytes:
    tracks = [
        box(
            b"trak",
            box(b"tkhd", b"k" * 8)
            + box(b"mdia", box(b"minf", box(b"stbl", box(b"stsz") + each), large=True)),
        )
        for each in tables
    ]
    return box(b"moov", box(b"mvhd", b"h" * 20) + b"".join(tracks) + extra)


def offsets_in(data: bytes) -> Iterator[int]:
    for kind, width in ((b"stco", 4), (b"co64", 8)):
        at = data.find(kind)
        while at >= 0:
            count = int.from_bytes(data[at + 8 : at + 12], "big")
            for row in range(count):
                start = at + 12 + row * width
                yield int.from_bytes(data[start : start + width], "big")
            at = data.find(kind, at + 1)


def moved(data: bytes) -> bytes:
    return b"".join(front_to_back(BytesReadable(data)))


@st.composite
def films(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Return a film whose index does not come first, and its chunks in the index's order."""
    chunks = [bytes([97 + n]) * 9 for n in range(draw(st.integers(1, 8)))]
    groups = [chunks[0::2], chunks[1::2]] if draw(st.booleans()) else [chunks]
    data, where, at_index = FTYP + draw(st.sampled_from([b"", box(b"wide")])), {}, 0
    index_after = draw(st.integers(0, len(groups) - 1))
    widths = [draw(st.sampled_from([4, 8])) for _ in groups]
    tables = [table([0] * len(group), width) for group, width in zip(groups, widths, strict=True)]
    length = len(index(tables))
    for number, group in enumerate(groups):
        large = draw(st.booleans())
        start = len(data) + (16 if large else 8)
        where.update({chunk: start + 9 * place for place, chunk in enumerate(group)})
        data += box(b"mdat", b"".join(group), large=large)
        if number == index_after:
            at_index = len(data)
            data += bytes(length)
    real = [
        table([where[chunk] for chunk in group], width)
        for group, width in zip(groups, widths, strict=True)
    ]
    data = data[:at_index] + index(real) + data[at_index + length :]
    order = [width_order for wanted in (4, 8) for width_order in _of_width(groups, widths, wanted)]
    return data + draw(st.sampled_from([b"", box(b"free", b"f" * 5)])), order


def _of_width(groups: list[list[bytes]], widths: list[int], wanted: int) -> Iterator[bytes]:
    for group, width in zip(groups, widths, strict=True):
        if width == wanted:
            yield from group


@given(films())
def test_every_chunk_is_where_the_moved_index_says(film: tuple[bytes, list[bytes]]) -> None:
    data, chunks = film
    result = moved(data)
    kinds = [found.kind for found in top_boxes(BytesReadable(result), frozenset())]
    assert kinds.index(b"moov") < kinds.index(b"mdat")
    assert [result[at : at + 9] for at in offsets_in(result)] == chunks


def test_an_index_that_comes_first_is_left_alone() -> None:
    data = FTYP + index([table([999], 4)]) + box(b"mdat", b"x" * 50)
    assert moved(data) == data


def test_a_fragmented_film_is_left_alone() -> None:
    data = FTYP + index([]) + box(b"moof", b"1234") + box(b"mdat", b"x" * 50)
    assert moved(data) == data


def test_an_index_alone_is_left_alone() -> None:
    assert moved(FTYP + index([])) == FTYP + index([])


def test_a_missing_index_is_incomplete() -> None:
    with pytest.raises(Incomplete):
        moved(FTYP + box(b"mdat", b"x" * 50))


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_cut_film_is_incomplete(cut: int) -> None:
    data = FTYP + box(b"mdat", b"x" * 50) + index([table([30], 4)])
    with pytest.raises(Incomplete):
        moved(data[:-cut])


class Huge:
    """A film of more than 4 GiB that is nowhere: zeros between its first bytes and its index."""

    def __init__(self, head: bytes, gap: int, tail: bytes) -> None:
        self._head, self._gap, self._tail = head, gap, tail
        self.size = len(head) + gap + len(tail)

    def read(self, offset: int, length: int) -> bytes:
        if offset < len(self._head):
            return (self._head + bytes(64))[offset : offset + length]
        start = offset - len(self._head) - self._gap
        return self._tail[start : start + length] if start >= 0 else bytes(length)


def test_offsets_that_outgrow_32_bits_are_made_wide() -> None:
    gap = 2**32 - 100
    head = FTYP + (1).to_bytes(4, "big") + b"mdat" + (16 + gap).to_bytes(8, "big")
    offsets = [40, 2**32 - 70]
    start, new_index = islice(front_to_back(Huge(head, gap, index([table(offsets, 4)]))), 2)
    assert start == FTYP
    assert b"stco" not in new_index
    assert list(offsets_in(new_index)) == [offset + len(new_index) for offset in offsets]


def test_a_file_that_shrinks_while_it_is_read_is_incomplete() -> None:
    data = FTYP + box(b"mdat", b"x" * 50) + index([table([30], 4)])

    class Shrinks(BytesReadable):
        def read(self, offset: int, length: int) -> bytes:
            return super().read(offset, min(length, 16))

    with pytest.raises(Incomplete):
        b"".join(front_to_back(Shrinks(data)))


def test_offsets_that_outgrow_64_bits_are_refused() -> None:
    gap = 2**32 - 100
    head = FTYP + (1).to_bytes(4, "big") + b"mdat" + (16 + gap).to_bytes(8, "big")
    tables = [table([2**32 - 70] * 20, 4), table([2**64 - 1], 8)]
    with pytest.raises(Unreadable):
        list(islice(front_to_back(Huge(head, gap, index(tables))), 2))


def test_an_index_beyond_the_limit_is_refused_unread() -> None:
    tail = (MAX_INDEX + 100).to_bytes(4, "big") + b"moov"
    data = Huge(FTYP + box(b"mdat", b"x"), 0, tail)
    data.size += MAX_INDEX + 92
    with pytest.raises(Unreadable, match="unusual"):
        b"".join(front_to_back(data))


@pytest.mark.parametrize(
    "bad",
    [
        box(b"moov", box(b"cmov", b"zzzz")),
        box(b"moov", b"\0\0\0\x05trak"),
        box(b"moov", b"\0\0\xff\xfftrak"),
        box(b"moov", b"junk"),
        index([box(b"stco", bytes(4) + b"\xff\xff\xff\xff" + bytes(8))]),
        index([box(b"stco", b"12")]),
        index([table([24 + 60], 4)]),  # points into the index itself
        box(b"moof") + index([]),
    ],
)
def test_an_index_that_makes_no_sense_is_refused(bad: bytes) -> None:
    with pytest.raises(Unreadable):
        moved(FTYP + box(b"mdat", b"x" * 50) + bad)


def test_a_list_that_ends_in_zeros_is_kept() -> None:
    data = FTYP + box(b"mdat", b"x" * 50) + index([table([30], 4)], extra=bytes(4))
    assert bytes(4) + b"\0\0\0\x3amdat" in moved(data)


def test_boxes_nested_without_end_are_not_followed() -> None:
    nested = b""
    for _ in range(5_000):
        nested = box(b"moov", nested)
    data = FTYP + box(b"mdat", b"x" * 50) + box(b"moov", nested)
    assert moved(data).endswith(box(b"mdat", b"x" * 50))


@settings(max_examples=300)
@given(films(), st.data())
def test_damage_anywhere_gives_bytes_or_our_errors(
    film: tuple[bytes, list[bytes]], data: st.DataObject
) -> None:
    whole = film[0]
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255))
    for damaged in (whole[:at] + bytes([byte]) + whole[at + 1 :], whole[:at]):
        with suppress(RecorderError):
            moved(damaged)


@given(st.binary(max_size=400))
def test_any_bytes_give_bytes_or_our_errors(noise: bytes) -> None:
    for data in (noise, FTYP + box(b"mdat", b"x") + box(b"moov", noise)):
        with suppress(RecorderError):
            moved(data)
