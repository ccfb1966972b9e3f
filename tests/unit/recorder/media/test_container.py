import struct
import wave
from contextlib import suppress
from io import BytesIO

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recorder.errors import DamagedPicture, Incomplete, RecorderError, Unreadable
from recorder.media.container import check_complete
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES


def box(kind: bytes, body: bytes = b"") -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def large_box(kind: bytes, body: bytes = b"") -> bytes:
    return (1).to_bytes(4, "big") + kind + (16 + len(body)).to_bytes(8, "big") + body


def page(body: bytes) -> bytes:
    table = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return b"OggS\0\0" + bytes(20) + bytes([len(table)]) + table + body


def picture(form: str) -> bytes:
    out = BytesIO()
    pillow_heif.register_heif_opener()
    Image.effect_noise((40, 30), 60).convert("RGB").save(out, form)
    return out.getvalue()


def sound() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(400))
    return out.getvalue()


FILM = box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", b"media" * 9) + box(b"moov", box(b"trak"))
WHOLE = {
    "mp4": FILM,
    "mov": large_box(b"mdat", b"x" * 30) + box(b"free") + box(b"moov", b"1234"),
    "m4a": box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", b"1234") + box(b"mdat", b"x" * 30),
    "3gp": FILM,
    "heic": picture("HEIF"),
    "wav": sound(),
    "ogg": page(b"OpusHead" + bytes(11)) + page(b"sound" * 120),
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
}


def check(key: str, data: bytes) -> None:
    check_complete(BytesReadable(data), TYPES[key])


@pytest.mark.parametrize("key", WHOLE)
def test_a_whole_file_passes(key: str) -> None:
    check(key, WHOLE[key])


@pytest.mark.parametrize("key", WHOLE)
def test_every_cut_is_noticed(key: str) -> None:
    boundaries = {len(page(b"OpusHead" + bytes(11)))} if key == "ogg" else set()
    # WAV and WebP may lack one byte of padding that their length counts.
    last = len(WHOLE[key]) - (key in {"wav", "webp"})
    for cut in set(range(last)) - boundaries:
        with pytest.raises(Incomplete):
            check(key, WHOLE[key][:cut])


def test_an_unfinished_recording_says_that_the_recorder_stopped() -> None:
    with pytest.raises(Incomplete, match="battery"):
        check("mp4", box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", b"x" * 50))


def test_a_last_box_that_reaches_to_the_end_is_whole() -> None:
    check("mp4", box(b"moov", b"1234") + bytes(4) + b"mdat" + b"x" * 100)


def test_a_reserved_but_unwritten_end_is_incomplete() -> None:
    with pytest.raises(Incomplete):
        check("mp4", FILM + bytes(4096))


def test_notes_appended_by_a_phone_are_allowed() -> None:
    check("mp4", FILM + b"\xf0\x9fSEFT\xff\xff trailer")


def test_a_film_of_junk_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        check("mp4", box(b"ftyp", b"isom\0\0\0\0") + b"\xff\xfe\xfd\xfc\x01\x02\x03\x04" * 4)


def test_endless_boxes_are_given_up_on() -> None:
    with pytest.raises(Unreadable):
        check("mp4", box(b"free") * 100_001)


@pytest.mark.parametrize("length", [0, 0xFFFF_FFFF])
def test_a_streamed_wav_need_not_know_its_length(length: int) -> None:
    data = bytearray(WHOLE["wav"])
    data[4:8] = data[40:44] = length.to_bytes(4, "little")
    check("wav", bytes(data))


def test_a_wav_beyond_four_gigabytes_has_its_length_elsewhere() -> None:
    size = struct.pack("<QQQI", 56, 8, 0, 0)
    body = b"WAVEds64" + struct.pack("<I", len(size)) + size + b"data\xff\xff\xff\xff" + bytes(8)
    data = b"RF64\xff\xff\xff\xff" + body
    check("wav", data)
    with pytest.raises(Incomplete):
        check("wav", data[:-2])


def test_a_wav_of_endless_chunks_is_given_up_on() -> None:
    with pytest.raises(Unreadable):
        check("wav", b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 100_001)


def test_a_wav_without_sound_data_is_incomplete() -> None:
    with pytest.raises(Incomplete):
        check("wav", b"RIFF\x0c\0\0\0WAVEjunk\0\0\0\0")


def test_an_ogg_need_not_mark_its_last_page() -> None:
    assert WHOLE["ogg"][5] == 0
    check("ogg", WHOLE["ogg"])


def test_the_thumbnail_inside_a_photo_does_not_end_it() -> None:
    small = picture("JPEG")
    inside = b"\xff\xe1" + (len(small) + 2).to_bytes(2, "big") + small
    whole = WHOLE["jpeg"][:2] + inside + WHOLE["jpeg"][2:]
    check("jpeg", whole)
    with pytest.raises(Incomplete):
        check("jpeg", whole[:-2])


def test_a_motion_photo_has_a_film_behind_it() -> None:
    check("jpeg", WHOLE["jpeg"] + FILM)


def test_the_end_of_a_photo_is_found_across_blocks() -> None:
    head = b"\xff\xd8\xff\xff\x01\xff\xda"  # a fill byte, a lone marker, the scan
    for gap in range(256 * 1024 - 4, 256 * 1024 + 2):
        check("jpeg", head + b"\0" * gap + b"\xff\xd9")


def test_a_photo_without_markers_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        check("jpeg", b"\xff\xd8\x00\x00\x00\x00")
    with pytest.raises(Unreadable):
        check("jpeg", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 100_001)


def test_a_png_of_endless_chunks_is_given_up_on() -> None:
    with pytest.raises(Unreadable):
        check("png", WHOLE["png"][:8] + (bytes(4) + b"tEXt" + bytes(4)) * 100_001)


@pytest.mark.parametrize("key", TYPES)
def test_nothing_at_all_is_incomplete(key: str) -> None:
    with pytest.raises(Incomplete):
        check(key, b"")


def test_a_photo_that_makes_no_sense_is_said_to_be_a_photo() -> None:
    with pytest.raises(DamagedPicture, match="took it"):
        check("jpeg", b"\xff\xd8\x00\x00\x00\x00")


@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=300), st.integers(0, 200))
def test_any_bytes_pass_or_raise_our_errors(key: str, noise: bytes, keep: int) -> None:
    for data in (noise, WHOLE.get(key, b"")[:keep] + noise):
        with suppress(RecorderError):
            check(key, data)
