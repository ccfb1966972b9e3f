"""The size of a picture, read by the same code that puts it into the document."""

from __future__ import annotations

from docx.image.image import Image
from docx.shared import Mm

_JPEG = "image/jpeg"
_END_OF_IMAGE = b"\xff\xd9"


def jpeg_size(jpeg: bytes) -> tuple[int, int] | None:
    """The (width, height) of a JPEG in pixels; None for anything else or a file cut short."""
    try:
        image = Image.from_blob(jpeg)
        width, height = image.px_width, image.px_height
        image.scaled_dimensions(Mm(10))  # divides by what the file says of itself
    except Exception:  # noqa: BLE001 - its parser raises the bare Exception, among others, for damage
        return None
    whole = image.content_type == _JPEG and jpeg.rstrip(b"\0").endswith(_END_OF_IMAGE)
    return (width, height) if whole and width and height else None
