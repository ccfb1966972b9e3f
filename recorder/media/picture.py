"""Photos of drawings: a clean copy to look at, and when the photo was taken.

The copy carries nothing of the original but its pixels: no place, no device, no comment.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from recorder.errors import PictureTooLarge, RecorderError, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
THUMBNAIL_SIDE = 320  # pixels
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # and no other decoder of Pillow's
_QUALITY = 85
_THUMBNAIL_QUALITY = 75
_DATE = slice(0, 10)
_TIME = slice(11, 19)

_DAMAGED = (
    "This picture is damaged and cannot be opened. If it shows on the device that took it, copy it "
    "into the folder again from there, or take the photo again."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A copy for looking at. Both files are JPEG, upright, without metadata."""

    jpeg: bytes
    width: int  # pixels, of jpeg
    height: int
    thumbnail: bytes  # longest side at most THUMBNAIL_SIDE pixels


def derive(data: bytes, max_side: int = 2000) -> Picture:
    """Return a clean copy whose longer side is at most ``max_side`` pixels.

    Raises:
        PictureTooLarge: more bytes or pixels than are taken.
        Unreadable: the picture could not be decoded.
    """
    with _opened(data) as image:
        copy = _flattened(_upright(image, max_side))
    small = copy.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(
        jpeg=_saved(copy, _QUALITY),
        width=copy.width,
        height=copy.height,
        thumbnail=_saved(small, _THUMBNAIL_QUALITY),
    )


def captured_at(data: bytes) -> datetime | None:
    """Return when the photo was taken, by the camera's clock (naive), None if it does not say.

    Raises:
        PictureTooLarge: more bytes or pixels than are taken.
        Unreadable: the picture could not be opened.
    """
    with _opened(data) as image:
        details = image.getexif().get_ifd(ExifTags.IFD.Exif)
    said = details.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(said, str):
        return None
    try:
        return datetime.fromisoformat(f"{said[_DATE].replace(':', '-')}T{said[_TIME]}")
    except ValueError:
        return None  # cameras whose clock was never set write zeros or blanks


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    if len(data) > MAX_BYTES:
        raise PictureTooLarge
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                _check_size(image)
                yield image
    except RecorderError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise PictureTooLarge from None
    except Exception:  # noqa: BLE001 - turned into the one error of this module
        # Decoders raise whatever a damaged file makes them trip over, and say so in words that
        # may quote it.
        raise Unreadable(_DAMAGED) from None


def _check_size(image: Image.Image) -> None:
    """Refuse by what the header says, before any pixel is decoded."""
    if image.width * image.height > MAX_PIXELS:
        raise PictureTooLarge


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    if image.mode in {"1", "P"}:  # these would be made smaller by leaving pixels out
        plain = image.convert("RGBA")
        plain.thumbnail((max_side, max_side))
        return ImageOps.exif_transpose(plain)
    # A JPEG is decoded straight to a fraction of its size here, so a large photo needs little memory.
    image.thumbnail((max_side, max_side))
    return ImageOps.exif_transpose(image)


def _flattened(image: Image.Image) -> Image.Image:
    """Return plain RGB on white, with nothing beside the pixels."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda level: level / 256, "L")  # 16 bits a pixel
    layered = image.convert("RGBA")
    page = Image.new("RGB", layered.size, "white")
    page.paste(layered, mask=layered.getchannel("A"))
    return page


def _saved(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
