"""What this machine can make of films and pictures, and what it costs where it cannot.

Each function says in a sentence what is there. What people would miss at once is an error, what
they can do without is said.
"""

from __future__ import annotations

from collections.abc import Callable

from recorder.errors import MediaError, RecorderError
from recorder.media import ffmpeg, picture, reading, straighten

_FFMPEG = "'apt-get install ffmpeg' brings one that has it"
_TESSERACT = "'apt-get install tesseract-ocr' brings it"
_OPENCV = "install Recorder with its extra 'pages'"


def films() -> str:
    """Whether films can be made to play in browsers, HDR in its right colours.

    Raises:
        RecorderError: they cannot be made here.
    """
    try:
        parts = ffmpeg.find_parts()
    except MediaError as error:
        raise RecorderError(f"it is not known what ffmpeg can make: {error.sentence}") from error
    missing = [name for name, here in (("libx264", parts.h264), ("aac", parts.aac)) if not here]
    if missing:
        raise RecorderError(
            f"ffmpeg comes without {' and '.join(missing)}: no version of a film is made that every "
            f"browser plays, and its page has only the original; {_FFMPEG}"
        )
    if not parts.tones:
        return (
            "made with libx264 and aac; ffmpeg comes without zscale and tonemap, so films in HDR "
            f"look pale on their pages; {_FFMPEG}"
        )
    return "made with libx264 and aac, HDR in ordinary colours"


def sheets() -> str:
    """Whether the sheet in a photo is cut out and straightened.

    Raises:
        RecorderError: what does it is there, and does not run.
    """
    if not straighten.is_there():
        return f"no OpenCV, so a sheet in a photo is not straightened; {_OPENCV}"
    _tried("OpenCV", lambda: straighten.straighten(picture.try_out().jpeg))
    return "straightened with OpenCV"


def words() -> str:
    """Whether words on a picture are read, as suggestions.

    Raises:
        RecorderError: what does it is there, and does not run.
    """
    if not reading.is_there():
        return f"no Tesseract, so no words on pictures are suggested; {_TESSERACT}"
    _tried("Tesseract", reading.try_out)
    return "suggested by Tesseract"


def _tried(name: str, look: Callable[[], object]) -> None:
    try:
        look()
    except MediaError as error:
        raise RecorderError(
            f"{name} is installed and does not run in the sandbox: pictures are shown without what "
            "it would suggest. Install it anew from your system's own packages"
        ) from error
