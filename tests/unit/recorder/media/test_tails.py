"""MP3, AAC and AMR files whose last frame is cut."""

import pytest

from recorder.errors import Incomplete
from recorder.media.container import check_complete
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES

MP3_FRAME = b"\xff\xfb\x90\x00" + b"\x11" * 413
ADTS_FRAME = b"\xff\xf1\x50\x80" + (200 << 5 | 0x1F).to_bytes(2, "big") + b"\xfc" + b"\x22" * 193
TALK = b"\x3c" + b"\x33" * 31
PAUSE = b"\x7c"  # a frame without data
WIDE_TALK = b"\x44" + b"\x33" * 60
FRAMES = 200  # more than the tail that is looked at holds
OLD_TAG = b"TAG" + bytes(125)
APE_TAG = (
    b"x" * 30 + b"APETAGEX" + (2000).to_bytes(4, "little") + (62).to_bytes(4, "little") + bytes(16)
)


def check(key: str, data: bytes) -> None:
    check_complete(BytesReadable(data), TYPES[key])


def with_index(bytes_promised: int, name: bytes = b"Xing") -> bytes:
    """An MP3 whose first frame holds an index."""
    index = name + (3).to_bytes(4, "big") + bytes(4) + bytes_promised.to_bytes(4, "big")
    first = MP3_FRAME[:4] + bytes(32) + index
    return first.ljust(417, b"\0") + MP3_FRAME * FRAMES


WHOLE = {
    "mp3": MP3_FRAME * FRAMES,
    "aac": ADTS_FRAME * 400,
    "amr": b"#!AMR\n" + (TALK + PAUSE) * FRAMES,
}
FRAME = {"mp3": len(MP3_FRAME), "aac": len(ADTS_FRAME)}


@pytest.mark.parametrize("key", WHOLE)
def test_a_whole_file_passes(key: str) -> None:
    check(key, WHOLE[key])
    check(key, b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + WHOLE[key])


@pytest.mark.parametrize("key", ["mp3", "aac"])
def test_every_cut_inside_the_last_frames_is_noticed(key: str) -> None:
    whole = WHOLE[key]
    for cut in range(len(whole) - 3 * FRAME[key], len(whole)):
        if cut % FRAME[key] == 0:
            check(key, whole[:cut])  # between two frames: nothing shows it
        else:
            with pytest.raises(Incomplete):
                check(key, whole[:cut])


def test_every_cut_inside_a_frame_of_amr_is_noticed() -> None:
    starts = {6 + at * 33 for at in range(FRAMES)}
    for cut in range(len(WHOLE["amr"]) - 200, len(WHOLE["amr"])):
        if cut in starts or cut - 32 in starts:
            check("amr", WHOLE["amr"][:cut])
        else:
            with pytest.raises(Incomplete):
                check("amr", WHOLE["amr"][:cut])


def test_wide_amr_has_frames_of_its_own() -> None:
    whole = b"#!AMR-WB\n" + WIDE_TALK * 50
    check("amr", whole)
    with pytest.raises(Incomplete):
        check("amr", whole[:-1])


def test_amr_of_a_kind_that_is_not_known_is_left_to_the_decoder() -> None:
    check("amr", b"#!AMR\n" + TALK + b"\x6c" + b"noise")


@pytest.mark.parametrize("key", ["mp3", "aac"])
@pytest.mark.parametrize(
    "behind", [OLD_TAG, APE_TAG, APE_TAG + OLD_TAG, bytes(5000), b"LYRICSBEGIN"]
)
def test_what_stands_behind_the_sound_is_no_cut(key: str, behind: bytes) -> None:
    check(key, WHOLE[key] + behind)


@pytest.mark.parametrize("behind", [OLD_TAG, APE_TAG])
def test_a_tag_does_not_hide_a_cut(behind: bytes) -> None:
    with pytest.raises(Incomplete):
        check("mp3", WHOLE["mp3"][:-100] + behind)


@pytest.mark.parametrize("name", [b"Xing", b"Info"])
def test_an_index_shows_a_cut_between_two_frames(name: bytes) -> None:
    whole = with_index(len(MP3_FRAME) * (FRAMES + 1), name)
    check("mp3", whole)
    with pytest.raises(Incomplete):
        check("mp3", whole[: -50 * len(MP3_FRAME)])


def test_an_index_of_another_maker_is_read_too() -> None:
    index = b"VBRI" + bytes(6) + (417 * (FRAMES + 1)).to_bytes(4, "big")
    whole = (MP3_FRAME[:4] + bytes(32) + index).ljust(417, b"\0") + MP3_FRAME * FRAMES
    check("mp3", whole)
    with pytest.raises(Incomplete):
        check("mp3", whole[: -50 * len(MP3_FRAME)])


def test_an_index_that_was_never_filled_in_says_nothing() -> None:
    check("mp3", with_index(0))


@pytest.mark.parametrize("key", ["mp3", "aac", "amr"])
def test_too_little_to_tell_is_left_to_the_decoder(key: str) -> None:
    check(key, b"x")
    check(key, b"\xff" * 100_000)


def test_an_endless_file_is_not_followed_for_ever() -> None:
    check("amr", b"#!AMR\n" + PAUSE * 3_000_100 + TALK[:5])
