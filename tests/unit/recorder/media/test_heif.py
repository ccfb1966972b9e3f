import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import NotTaken
from recorder.media.heif import is_taken
from recorder.media.readable import BytesReadable
from recorder.media.sniff import detect, sniff


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def entry(number: int, coding: bytes, version: int = 2) -> bytes:
    width = 2 if version == 2 else 4
    return box(
        b"infe", bytes([version, 0, 0, 0]) + number.to_bytes(width, "big") + b"\0\0" + coding
    )


def picture(*codings: bytes, main: int = 1, brand: bytes = b"heic", version: int = 2) -> bytes:
    """A file of pictures numbered from 1, as far as its description goes."""
    width, mark = (4, b"\1\0\0\0") if version == 3 else (2, bytes(4))
    entries = b"".join(entry(number, each, version) for number, each in enumerate(codings, 1))
    listed = box(b"iinf", mark + len(codings).to_bytes(width, "big") + entries)
    named = box(b"pitm", mark + main.to_bytes(width, "big"))
    handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    described = box(b"meta", bytes(4) + handler + named + listed)
    return box(b"ftyp", brand + bytes(4) + b"mif1") + described + box(b"mdat", bytes(64))


@pytest.mark.parametrize(
    "codings",
    [
        (b"hvc1",),
        (b"hvc1", b"Exif", b"jpeg"),  # a thumbnail may be what it likes
        (b"grid", b"hvc1", b"hvc1"),
        (b"iovl", b"av01", b"hvc1"),
        (b"grid",),  # nothing is said of its parts: the decoder has the last word
        (b"new1",),
        (),
    ],
)
def test_a_picture_that_may_be_hevc_goes_to_the_decoder(codings: tuple[bytes, ...]) -> None:
    found = sniff(picture(*codings))
    assert found is not None
    assert found.key == "heic"


@pytest.mark.parametrize("coding", [b"unci", b"av01", b"avc1", b"j2k1", b"jpeg", b"vvc1", b"evc1"])
@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
@pytest.mark.parametrize("version", [2, 3])
def test_a_whole_picture_in_another_coding_is_not_called_damaged(
    coding: bytes, brand: bytes, version: int
) -> None:
    data = picture(coding, b"hvc1", brand=brand, version=version)
    with pytest.raises(NotTaken) as refusal:
        detect(BytesReadable(data))
    assert "a format that is not taken" in refusal.value.sentence


def test_the_main_picture_decides_and_not_the_first() -> None:
    assert is_taken(picture(b"jpeg", b"hvc1", main=2))
    assert not is_taken(picture(b"hvc1", b"jpeg", main=2))


def test_a_picture_put_together_from_parts_in_another_coding_is_not_taken() -> None:
    assert not is_taken(picture(b"grid", b"av01", b"av01"))


@pytest.mark.parametrize("length", range(0, 150, 7))
def test_a_description_that_is_cut_off_goes_to_the_decoder(length: int) -> None:
    assert is_taken(picture(b"hvc1")[:length])


@given(st.binary(max_size=200), st.integers(0, 150))
def test_any_bytes_are_a_yes_or_a_no(noise: bytes, keep: int) -> None:
    assert is_taken(picture(b"grid", b"unci")[:keep] + noise) in {True, False}
