import pytest

from recorder.media import frames


@pytest.mark.parametrize(
    ("header", "length"),
    [
        ("fffb9064", 417),  # MPEG 1, 128 kbit/s, 44.1 kHz
        ("fffb9264", 418),  # the same, padded
        ("fff348c4", 144),  # MPEG 2, 32 kbit/s, 16 kHz
        ("ffe318c4", 72),  # MPEG 2.5, 8 kbit/s, 8 kHz
        ("fffb0064", 0),  # free format
        ("fffbf064", 0),  # forbidden bit rate
        ("fffb9c64", 0),  # reserved sample rate
        ("ffeb9064", 0),  # reserved version
        ("fffd9064", 0),  # layer II
        ("fffe0000", 0),  # UTF-16 text
        ("fffb", 0),
    ],
)
def test_the_length_of_a_layer_three_frame(header: str, length: int) -> None:
    assert frames.mp3_length(bytes.fromhex(header)) == length


@pytest.mark.parametrize(
    ("header", "length"),
    [
        ("fff15080043ffc", 33),
        ("fff1508000dffc", 0),  # shorter than its own header
        ("fff75080043ffc", 0),  # layer bits set: not ADTS
        ("fff150", 0),
    ],
)
def test_the_length_of_an_adts_frame(header: str, length: int) -> None:
    assert frames.adts_length(bytes.fromhex(header)) == length


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"ID3\x04\0\0\0\0\x02\x01rest", 10 + 257),
        (b"ID3\x04\0\x10\0\0\0\x05", 10 + 5 + 10),
        (b"ID3\x04\0\0\0\0\0\x80", 0),  # not a length by the tag's own rule
        (b"ID3\x04", 0),
        (b"TAG" + bytes(20), 0),
    ],
)
def test_the_length_of_a_tag(head: bytes, length: int) -> None:
    assert frames.id3_length(head) == length


def test_one_frame_alone_is_not_taken_for_mp3() -> None:
    frame = bytes.fromhex("fffb9064") + bytes(413)
    assert not frames.two_mp3(frame)
    assert frames.two_mp3(frame * 2)
    assert frames.two_mp3(bytes(100) + frame * 2)
    assert not frames.two_mp3(bytes(5000) + frame * 2)
