from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import Incomplete, NotTaken, RecorderError
from recorder.media.readable import BytesReadable
from recorder.media.sniff import HEAD, TYPES, agreed, detect, sniff

MP3_FRAME = bytes.fromhex("fffb9064") + bytes(413)
ADTS_FRAME = bytes.fromhex("fff15080043ffc") + bytes(26)
TAG = b"ID3\x04\0\0\0\0\x02\0" + bytes(256)
LONG_TAG = b"ID3\x04\0\0\0\x02\0\0" + bytes(2 << 14)


def ftyp(major: bytes, *others: bytes) -> bytes:
    body = major + bytes(4) + b"".join(others)
    return (8 + len(body)).to_bytes(4, "big") + b"ftyp" + body


HEADS = [
    (ftyp(b"isom", b"iso2", b"mp41"), "mp4"),
    (ftyp(b"mp42"), "mp4"),
    (ftyp(b"XAVC"), "mp4"),
    (ftyp(b"qt  "), "mov"),
    (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
    (ftyp(b"M4A ", b"isom"), "m4a"),
    (ftyp(b"3gp4", b"isom"), "3gp"),
    (ftyp(b"3g2a"), "3gp"),
    (ftyp(b"heic", b"mif1"), "heic"),
    (ftyp(b"mif1", b"heic"), "heic"),
    (MP3_FRAME * 2, "mp3"),
    (TAG + MP3_FRAME * 2, "mp3"),
    (LONG_TAG[:HEAD], "mp3"),
    (ADTS_FRAME * 2, "aac"),
    (TAG + ADTS_FRAME * 2, "aac"),
    (TAG + b"fLaC\0", "flac"),
    (b"RIFF\x10\0\0\0WAVEfmt ", "wav"),
    (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
    (b"OggS\0\x02", "ogg"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "webm"),
    (b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "matroska"),
    (b"#!AMR\n\x3c", "amr"),
    (b"#!AMR-WB\n", "amr"),
    (b"fLaC\0\0\0\x22", "flac"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
]


@pytest.mark.parametrize(("head", "key"), HEADS)
def test_each_type_is_known_by_its_first_bytes(head: bytes, key: str) -> None:
    found = sniff(head)
    assert found is not None
    assert found.key == key


def test_every_type_has_an_example_here() -> None:
    assert {key for _, key in HEADS} == set(TYPES)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"#EXTM3U\nhttp://127.0.0.1/a.ts",
        b"ffconcat version 1.0\nfile /etc/passwd",
        b"RIFF\x10\0\0\0AVI LIST",
        b"#!AMR_MC1.0\n",
        b"\xff\xfeh\0e\0l\0l\0o\0",
        MP3_FRAME,
        ftyp(b"avif", b"mif1"),
        ftyp(b"mif1", b"avif"),
        ftyp(b"j2ki", b"mif1"),
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84doom",
        b"\x1a\x45\xdf\xa3" + bytes(80),
        b"OggS\x01",
    ],
)
def test_what_is_not_taken_is_no_type(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize(
    ("frames", "key"), [(MP3_FRAME * 2, "mp3"), (ADTS_FRAME * 2, "aac"), (b"fLaC\0\0\0\0", "flac")]
)
@pytest.mark.parametrize("tags", [TAG, LONG_TAG, TAG + LONG_TAG])
def test_tags_of_any_length_are_looked_behind(tags: bytes, frames: bytes, key: str) -> None:
    assert detect(BytesReadable(tags + frames)).key == key


def test_a_tag_with_no_sound_behind_it_is_refused() -> None:
    with pytest.raises(NotTaken):
        detect(BytesReadable(TAG + b"#EXTM3U\n"))


def test_tags_without_end_are_given_up_on() -> None:
    with pytest.raises(NotTaken):
        detect(BytesReadable(LONG_TAG * 6 + b"#EXTM3U\n"))


def test_a_tag_does_not_turn_a_picture_into_something_taken() -> None:
    with pytest.raises(NotTaken):
        detect(BytesReadable(TAG + b"\xff\xd8\xff\xe0\0\x10JFIF"))


def test_an_empty_file_is_still_arriving() -> None:
    with pytest.raises(Incomplete):
        detect(BytesReadable(b""))


@pytest.mark.parametrize("key", TYPES)
def test_name_and_content_agree_on_every_listed_ending(key: str) -> None:
    for suffix in TYPES[key].suffixes:
        assert agreed(TYPES[key], suffix.upper()).demuxer == TYPES[key].demuxer


def test_a_voice_note_under_the_general_brand_is_sound() -> None:
    assert agreed(TYPES["mp4"], ".m4a").key == "m4a"
    assert agreed(TYPES["mp4"], ".mp4").key == "mp4"


def test_a_voice_note_of_a_newer_iphone_is_taken_under_its_own_ending() -> None:
    assert agreed(detect(BytesReadable(ftyp(b"qt  "))), ".qta").demuxer == "mov"


@pytest.mark.parametrize(
    ("key", "suffix", "words"),
    [
        ("wav", ".mp3", "inside it is a WAV recording"),
        ("jpeg", ".png", "to .jpg"),
        ("matroska", ".avi", "to .mkv"),
        ("mp4", ".lrv", "small preview"),
        ("jpeg", ".THM", "small preview"),
        ("mp4", ".360", "360-degree"),
        ("mp4", ".heic", "JPEG or PNG"),
    ],
)
def test_a_name_that_disagrees_is_refused_with_help(key: str, suffix: str, words: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        agreed(TYPES[key], suffix)
    assert words in refusal.value.sentence


def test_a_refusal_never_quotes_the_name() -> None:
    with pytest.raises(NotTaken) as refusal:
        agreed(TYPES["wav"], ".about-kieran")
    assert "kieran" not in refusal.value.sentence


@given(st.binary(max_size=600), st.sampled_from([head for head, _ in HEADS]), st.integers(0, 60))
def test_any_bytes_are_a_type_or_a_refusal(noise: bytes, head: bytes, keep: int) -> None:
    for data in (noise, head[:keep] + noise, head + noise):
        with suppress(RecorderError):
            detect(BytesReadable(data))
