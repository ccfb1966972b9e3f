"""Matroska and WebM: where the end is, and the tracks before the media."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import Incomplete, RecorderError, Unreadable
from recorder.media import matroska
from recorder.media.container import check_complete
from recorder.media.matroska import front_to_back
from recorder.media.readable import BytesReadable
from recorder.media.sniff import WEBM

UNKNOWN = b"\x01" + b"\xff" * 7
SEGMENT = bytes.fromhex("18538067")
CLUSTER = bytes.fromhex("1F43B675")


def element(kind: str, body: bytes) -> bytes:
    return bytes.fromhex(kind) + (1 << 28 | len(body)).to_bytes(4, "big") + body


HEADER = element("1A45DFA3", element("4282", b"webm"))
INFO = element("1549A966", element("2AD7B1", b"\x0f\x42\x40"))
TRACKS = element("1654AE6B", b"sound")
BLOCKS = element("E7", b"\0") + b"".join(element("A3", bytes([at]) * 90) for at in range(50))
SAID = element("1F43B675", BLOCKS)
UNSAID = CLUSTER + UNKNOWN + BLOCKS

WHOLE = HEADER + element("18538067", INFO + TRACKS + SAID * 3)
STREAMED = HEADER + SEGMENT + UNKNOWN + INFO + TRACKS + SAID * 3
BROWSER = HEADER + SEGMENT + UNKNOWN + INFO + TRACKS + UNSAID * 3


def check(data: bytes) -> None:
    check_complete(BytesReadable(data), WEBM)


def ordered(data: bytes) -> bytes:
    return b"".join(front_to_back(BytesReadable(data)))


@pytest.mark.parametrize("whole", [WHOLE, STREAMED, BROWSER])
def test_a_whole_file_passes(whole: bytes) -> None:
    check(whole)


def test_every_cut_of_a_file_that_knows_its_length_is_noticed() -> None:
    for cut in range(len(WHOLE)):
        with pytest.raises((Incomplete, Unreadable)):
            check(WHOLE[:cut])


@pytest.mark.parametrize("whole", [STREAMED, BROWSER])
def test_a_cut_inside_a_block_is_noticed_though_no_length_is_said(whole: bytes) -> None:
    for cut in range(len(whole) - 90, len(whole)):
        with pytest.raises(Incomplete):
            check(whole[:cut])


def test_a_cut_between_two_blocks_does_not_show() -> None:
    check(BROWSER[: -len(element("A3", bytes(90)))])


def test_what_looks_like_a_cluster_inside_a_block_does_not_mislead() -> None:
    check(BROWSER + element("A3", CLUSTER + UNKNOWN + b"\xff" * 50))


def test_a_long_recording_of_a_browser_is_followed_from_its_last_cluster() -> None:
    many = BROWSER + UNSAID * 2000  # more blocks than are followed
    check(many)
    with pytest.raises(Incomplete):
        check(many[:-1])


def test_more_elements_than_are_followed_say_nothing() -> None:
    room = element("EC", b"")
    check(HEADER + SEGMENT + UNKNOWN + INFO + TRACKS + room * 200_001 + SAID[:9])


@pytest.mark.parametrize(
    "data",
    [
        b"\x1a\x45\xdf\xa3\x00",
        element("1A45DFA3", b"") + b"RIFF" * 9,
        HEADER + element("EC", b"") * 9 + element("1654AE6B", b""),
        HEADER + SEGMENT + UNKNOWN + bytes(40),
        HEADER + SEGMENT + UNKNOWN + bytes.fromhex("1654AE6B") + UNKNOWN + bytes(40),
        HEADER + SEGMENT + UNKNOWN + element("4282", b"webm") * 9,
    ],
)
def test_a_structure_that_makes_no_sense_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        check(data)


def test_a_file_in_order_passes_as_it_is() -> None:
    for whole in (WHOLE, STREAMED, BROWSER):
        assert ordered(whole) == whole


def test_tracks_that_come_last_are_moved_before_the_media() -> None:
    late = HEADER + element("18538067", INFO + SAID * 3 + TRACKS + element("1254C367", b"tags"))
    assert ordered(late) == HEADER + SEGMENT + UNKNOWN + INFO + TRACKS + SAID * 3 + element(
        "1254C367", b"tags"
    )


def test_a_file_without_tracks_passes_as_it_is() -> None:
    bare = HEADER + element("18538067", SAID * 2)
    assert ordered(bare) == bare
    endless = HEADER + SEGMENT + UNKNOWN + SAID + element("EC", b"") * 200_001
    assert ordered(endless) == endless


@given(st.binary(max_size=200), st.integers(0, 120))
def test_any_end_passes_or_raises_our_errors(noise: bytes, keep: int) -> None:
    for use in (check, ordered):
        with suppress(RecorderError):
            use(BROWSER[:keep] + noise)


@given(st.binary(min_size=12, max_size=12))
def test_a_head_is_never_longer_than_its_bytes(head: bytes) -> None:
    found = matroska._element(head, 0)
    assert found is None or 2 <= found.body <= 12
