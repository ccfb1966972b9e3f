"""The size of a picture, read by the same code that puts it into the document."""

from __future__ import annotations

import struct

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.image.image import Image

_END_OF_IMAGE = b"\xff\xd9"


def jpeg_size(jpeg: bytes) -> tuple[int, int] | None:
    """The (width, height) of a JPEG in pixels; None for anything else or a file cut short."""
    try:
        image = Image.from_blob(jpeg)
        size = (int(image.px_width), int(image.px_height))
    except (
        InvalidImageStreamError,
        UnexpectedEndOfFileError,
        UnrecognizedImageError,
        KeyError,  # a marker segment that its parser does not know
        struct.error,
    ):
        return None
    whole = image.content_type == "image/jpeg" and jpeg.rstrip(b"\0").endswith(_END_OF_IMAGE)
    return size if whole and all(size) else None
