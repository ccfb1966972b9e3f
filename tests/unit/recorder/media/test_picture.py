import zlib
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from recorder.errors import PictureTooLarge, RecorderError, SandboxFailed, Unreadable
from recorder.media import inchild, picture
from recorder.media.picture import captured_at, derive
from recorder.sandbox.ladder import python_program

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]
PLACE = b"SECRET-PLACE"


def details(**base: str | int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = PLACE.decode()
    if orientation := base.get("orientation"):
        exif[ExifTags.Base.Orientation] = orientation
    if taken := base.get("taken"):
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if zone := base.get("zone"):
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = zone
    return exif


def photo(form: str = "JPEG", size: tuple[int, int] = (60, 40), **base: str | int) -> bytes:
    """Return a photo that is red on its left third and white elsewhere."""
    image = Image.new("RGB", size, "white")
    image.paste((255, 0, 0), (0, 0, size[0] // 3, size[1]))
    return saved(image, form, exif=details(**base).tobytes())


def saved(image: Image.Image, form: str, **more: bytes) -> bytes:
    pillow_heif.register_heif_opener()
    out = BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=["JPEG"])


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, green, blue = image.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
    return red > 180 and green < 100 and blue < 100


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_a_clean_copy_and_a_thumbnail(form: str) -> None:
    data = photo(form, taken="2025:03:04 15:16:17")
    assert PLACE in data
    made = derive(data)
    assert (made.width, made.height) == (60, 40)
    for copy in (made.jpeg, made.thumbnail):
        assert PLACE not in copy
        assert not opened(copy).getexif()
        assert is_red(opened(copy), 5, 20)
        assert not is_red(opened(copy), 50, 20)


@pytest.mark.parametrize("form", FORMATS)
def test_a_photo_taken_sideways_is_turned_once(form: str) -> None:
    made = derive(photo(form, orientation=6))
    assert (made.width, made.height) == (40, 60)
    assert is_red(opened(made.jpeg), 20, 5)
    assert not is_red(opened(made.jpeg), 20, 50)


def test_a_large_photo_is_made_smaller_but_never_larger() -> None:
    made = derive(photo(size=(900, 300)), max_side=450)
    assert (made.width, made.height) == (450, 150)
    assert max(opened(made.thumbnail).size) == picture.THUMBNAIL_SIDE
    assert derive(photo(), max_side=450).width == 60


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_scans_of_every_depth_come_out_in_colour(mode: str) -> None:
    made = derive(saved(Image.new("L", (50, 50), 255).convert(mode), "PNG"))
    assert opened(made.jpeg).mode == "RGB"


def test_sixteen_bits_a_pixel_keep_their_shade() -> None:
    grey = Image.new("I;16", (50, 50), 128 * 256)
    assert opened(derive(saved(grey, "PNG")).jpeg).getpixel((25, 25)) == (128, 128, 128)


def test_what_is_transparent_becomes_paper() -> None:
    made = derive(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert opened(made.jpeg).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("form", FORMATS)
def test_the_time_of_the_photo_is_read(form: str) -> None:
    assert captured_at(photo(form, taken="2025:03:04 15:16:17")) == datetime.fromisoformat(
        "2025-03-04T15:16:17"
    )


@pytest.mark.parametrize(("zone", "read"), [("+01:00", "+01:00"), ("", ""), ("   :  ", "")])
def test_the_zone_that_a_camera_wrote_counts(zone: str, read: str) -> None:
    found = captured_at(photo(taken="2025:03:04 15:16:17", zone=zone))
    assert found == datetime.fromisoformat(f"2025-03-04T15:16:17{read}")


@pytest.mark.parametrize("taken", ["", "0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday"])
def test_a_clock_that_was_never_set_gives_no_time(taken: str) -> None:
    assert captured_at(photo(taken=taken)) is None


def huge_png(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    header = side.to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [10_001, 12_000, 65_535])
def test_too_many_pixels_are_refused_before_decoding(side: int) -> None:
    for use in (derive, captured_at):
        with pytest.raises(PictureTooLarge):
            use(huge_png(side))


def test_too_many_bytes_are_refused_before_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_BYTES", 10)
    with pytest.raises(PictureTooLarge):
        derive(photo())


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "PPM", "ICO"])
def test_other_formats_are_not_opened(form: str) -> None:
    with pytest.raises(Unreadable):
        derive(saved(Image.new("RGB", (20, 20)), form))


@pytest.mark.parametrize("form", FORMATS)
def test_a_cut_picture_is_unreadable(form: str) -> None:
    data = saved(Image.effect_noise((64, 64), 80).convert("RGB"), form)
    with pytest.raises(Unreadable):
        derive(data[: len(data) // 2])


SAID = '{"type": "derived", "width": 60, "height": 40, "small_width": 60, "small_height": 40, "brightness": 9, '


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not JSON\n",
        b'{"type": "derived"}\n',
        b'{"type": "captured", "captured": null}\n',
        b'{"type": "failed", "error": "a sentence of its own"}\n',
        SAID.encode() + b'"jpeg": 9, "thumbnail": 9}\n<html></html><html></html>',
        SAID.encode() + b'"jpeg": 99999999999, "thumbnail": 9}\n',
        SAID.replace("60", "9999").encode() + b'"jpeg": 9, "thumbnail": 9}\n',
        SAID.encode() + b'"jpeg": 4, "thumbnail": 4}\n' + b"\xff\xd8\xff\xd9" * 2,
        SAID.encode() + b'"jpeg": 4, "thumbnail": 4, "more": 1}\n' + b"\xff\xd8\xff\xd9" * 2,
    ],
)
def test_a_decoder_that_was_taken_over_cannot_send_what_it_likes(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    script = f"import sys; sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(picture, "_decoder", lambda *_: python_program("-c", script))
    with pytest.raises(Unreadable):
        derive(photo())


@pytest.mark.parametrize("answer", ["0" * 20, "2025:03:04 25:16:17", "<script>"])
def test_a_time_that_is_none_is_no_time(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    said = f'{{"type": "captured", "captured": "{answer}"}}'
    monkeypatch.setattr(picture, "_decoder", lambda *_: python_program("-c", f"print({said!r})"))
    with suppress(Unreadable):
        assert captured_at(photo()) is None


def test_a_decoder_that_crashes_is_the_pictures_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "import ctypes; ctypes.string_at(0)"
    monkeypatch.setattr(picture, "_decoder", lambda *_: python_program("-c", crash))
    with pytest.raises(Unreadable):
        derive(photo())


def test_a_library_that_is_missing_inside_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inchild, "seen", lambda *_: ((), ()))
    with pytest.raises(SandboxFailed):
        derive(photo())


def test_pictures_are_tried_out() -> None:
    picture.try_out()


WHOLE = [photo(form, taken="2025:03:04 15:16:17") for form in FORMATS]


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_damage_gives_a_picture_or_our_errors(whole: bytes, at: int, noise: bytes) -> None:
    start = at % len(whole)
    damaged = whole[:start] + noise + whole[start + len(noise) :]
    for use in (derive, captured_at):
        with suppress(RecorderError):
            use(damaged)
