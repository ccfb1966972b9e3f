"""Runs inside a closed-off child: opens one photo from stdin and gives a clean copy on stdout.

    main(["derive", MAX_PIXELS, MAX_SIDE, THUMBNAIL_SIDE])
    main(["captured_at", MAX_PIXELS])
    main(["fill", MAX_PIXELS, LEFT, TOP, RIGHT, BOTTOM, LEFT, ...])  # thousandths of its sides

The answer is one line of JSON: what was found, or {"error": ...}; behind it stand the copies, whose
lengths it gives. It imports nothing of Recorder: nothing else of Recorder is to be seen in there.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageOps, ImageStat

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # and no other decoder of Pillow's
_QUALITY = 85
_THUMBNAIL_QUALITY = 75
_ZONE = ExifTags.Base.OffsetTimeOriginal
_LENGTH_OF_A_TIME = 19  # characters: 2025:03:04 15:16:17
_LENGTH_OF_A_ZONE = 6  # +01:00


class _TooLargeError(Exception):
    """More pixels than are taken."""


def main(arguments: list[str]) -> None:
    """Answer one question about the picture on stdin."""
    most, *numbers = map(int, arguments[1:])
    said: dict[str, Any]
    try:
        with _opened(sys.stdin.buffer.read(), most) as image:
            said, copies = _ANSWERS[arguments[0]](image, *numbers)
    except (_TooLargeError, MemoryError):
        said, copies = {"type": "failed", "error": "too large"}, []
    except Exception:  # noqa: BLE001 - decoders raise whatever a damaged file makes them trip over
        said, copies = {"type": "failed", "error": "damaged"}, []
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + b"".join(copies))


def _derived(image: Image.Image, side: int, small_side: int) -> tuple[dict[str, Any], list[bytes]]:
    profile = image.info.get("icc_profile")
    copy = _flattened(_true(_upright(image, side), profile))
    small = copy.copy()
    small.thumbnail((small_side, small_side))
    copies = [_saved(copy, _QUALITY), _saved(small, _THUMBNAIL_QUALITY)]
    return {
        "type": "derived",
        "width": copy.width,
        "height": copy.height,
        "small_width": small.width,
        "small_height": small.height,
        "brightness": round(ImageStat.Stat(small.convert("L")).mean[0]),
        "jpeg": len(copies[0]),
        "thumbnail": len(copies[1]),
    }, copies


def _captured(image: Image.Image) -> tuple[dict[str, Any], list[bytes]]:
    said = image.getexif().get_ifd(ExifTags.IFD.Exif)
    made, zone = said.get(ExifTags.Base.DateTimeOriginal), said.get(_ZONE)
    if not isinstance(made, str):
        return {"type": "captured", "captured": None, "zone": None}, []
    zone = zone[:_LENGTH_OF_A_ZONE] if isinstance(zone, str) else None
    return {"type": "captured", "captured": made[:_LENGTH_OF_A_TIME], "zone": zone}, []


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[Image.Image]:
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                # By what the header says, before any pixel is decoded.
                if image.width * image.height > max_pixels:
                    raise _TooLargeError
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _TooLargeError from None


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    if image.mode in {"1", "P"}:  # these would be made smaller by leaving pixels out
        plain = image.convert("RGBA")
        plain.thumbnail((max_side, max_side))
        return ImageOps.exif_transpose(plain)
    # A JPEG is decoded straight to a fraction of its size here, so a large photo needs little memory.
    image.thumbnail((max_side, max_side))
    return ImageOps.exif_transpose(image)


def _true(image: Image.Image, profile: object) -> Image.Image:
    """In the colours that screens take for granted; as they are if the profile makes no sense."""
    if not isinstance(profile, bytes) or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        standard = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        made = ImageCms.profileToProfile(image, own, standard, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return image if made is None else made


def _filled(image: Image.Image, *corners: int) -> tuple[dict[str, Any], list[bytes]]:
    page = _flattened(image)
    pen, sides = ImageDraw.Draw(page), (page.width, page.height)
    for start in range(0, len(corners), 4):
        box = corners[start : start + 4]
        pen.rectangle([share * sides[at % 2] // 1000 for at, share in enumerate(box)], fill="black")
    made = _saved(page, _QUALITY)
    said = {"type": "filled", "width": page.width, "height": page.height, "jpeg": len(made)}
    return said, [made]


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


_ANSWERS: dict[str, Callable[..., tuple[dict[str, Any], list[bytes]]]] = {
    "derive": _derived,
    "captured_at": _captured,
    "fill": _filled,
}
