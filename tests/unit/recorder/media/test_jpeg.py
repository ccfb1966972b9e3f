from io import BytesIO

import pytest
from PIL import Image

from recorder.media.jpeg import is_clean


def made(**more: bytes | bool) -> bytes:
    out = BytesIO()
    Image.effect_noise((60, 40), 50).convert("RGB").save(out, "JPEG", **more)
    return out.getvalue()


def test_a_plain_jpeg_of_the_right_size_is_clean() -> None:
    assert is_clean(made(), 60, 40)
    assert is_clean(made(optimize=True), 60, 40)


@pytest.mark.parametrize("size", [(40, 60), (60, 41), (0, 0)])
def test_another_size_than_was_said_is_not(size: tuple[int, int]) -> None:
    assert not is_clean(made(), *size)


@pytest.mark.parametrize(
    "other",
    [
        made(exif=b"Exif\0\0" + bytes(20)),
        made(comment=b"who took it"),
        made(icc_profile=bytes(200)),
        made() + b"<script>",
        made() + made(),
        made()[:-2],
        made()[:300],
        b"\xff\xd8\xff\xd9",
        b"",
        b"<html>",
        made().replace(b"\xff\xda", b"\xff\xd9", 1),
    ],
)
def test_metadata_more_or_less_than_one_picture_is_not(other: bytes) -> None:
    assert not is_clean(other, 60, 40)


def test_headers_without_end_are_not_followed() -> None:
    assert not is_clean(b"\xff\xd8" + b"\xff\xdb\0\x02" * 100_000 + made()[2:], 60, 40)
