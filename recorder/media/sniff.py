"""What a file is, by its own first bytes. Names are checked against the content, never believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recorder.errors import Incomplete, LeftOut, NotTaken
from recorder.media import frames, heif, matroska
from recorder.media.refused import why_not

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.media.readable import Readable

HEAD = 16 * 1024  # bytes looked at: holds two of the longest ADTS frames
_PREVIEWS = frozenset({".lrv", ".thm"})
_MAX_TAGS = 4  # ID3 tags in a row; some taggers stack them

Kind = Literal["audio", "video", "picture"]


@dataclass(frozen=True, slots=True)
class MediaType:
    """One type of file that is taken."""

    key: str  # stable, stored in records
    label: str  # for people, with its article: "a WAV recording"
    kind: Kind  # a first guess for mov/mp4, ogg and webm: their streams decide
    mime: str
    demuxer: str | None  # the one ffmpeg demuxer that may read it; None for pictures
    suffixes: frozenset[str]  # endings that agree with the content, lower case, with the dot


# Phones and recorders mix these endings freely; one demuxer reads them all. iPhones have written
# voice notes as .qta since iOS 18.2: QuickTime with an ordinary AAC track before the spatial one.
_ISO = frozenset(
    {
        ".mp4",
        ".m4v",
        ".mov",
        ".qt",
        ".qta",
        ".m4a",
        ".m4b",
        ".3gp",
        ".3gpp",
        ".3g2",
        ".3ga",
        ".mp4a",
    }
)
_OGG = frozenset({".ogg", ".oga", ".opus", ".ogv", ".spx"})
_MATROSKA = frozenset({".webm", ".weba", ".mkv", ".mka"})

MP4 = MediaType("mp4", "an MP4 recording", "video", "video/mp4", "mov", _ISO)
MOV = MediaType("mov", "a QuickTime recording", "video", "video/quicktime", "mov", _ISO)
M4A = MediaType("m4a", "an M4A recording", "audio", "audio/mp4", "mov", _ISO)
THREEGP = MediaType("3gp", "a 3GP recording", "video", "video/3gpp", "mov", _ISO)
MP3 = MediaType("mp3", "an MP3 recording", "audio", "audio/mpeg", "mp3", frozenset({".mp3"}))
WAV = MediaType("wav", "a WAV recording", "audio", "audio/wav", "wav", frozenset({".wav", ".wave"}))
OGG = MediaType("ogg", "an Ogg recording", "audio", "audio/ogg", "ogg", _OGG)
WEBM = MediaType("webm", "a WebM recording", "video", "video/webm", "matroska", _MATROSKA)
MATROSKA = MediaType(
    "matroska", "a Matroska recording", "video", "video/x-matroska", "matroska", _MATROSKA
)
AAC = MediaType(
    "aac", "an AAC recording", "audio", "audio/aac", "aac", frozenset({".aac", ".adts"})
)
AMR = MediaType("amr", "an AMR recording", "audio", "audio/amr", "amr", frozenset({".amr", ".awb"}))
FLAC = MediaType("flac", "a FLAC recording", "audio", "audio/flac", "flac", frozenset({".flac"}))
JPEG = MediaType(
    "jpeg",
    "a JPEG picture",
    "picture",
    "image/jpeg",
    None,
    frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
)
PNG = MediaType("png", "a PNG picture", "picture", "image/png", None, frozenset({".png"}))
WEBP = MediaType("webp", "a WebP picture", "picture", "image/webp", None, frozenset({".webp"}))
HEIC = MediaType(
    "heic", "a HEIC picture", "picture", "image/heic", None, frozenset({".heic", ".heif", ".hif"})
)

TYPES = {
    taken.key: taken
    for taken in (
        *(MP4, MOV, M4A, THREEGP, MP3, WAV, OGG, WEBM, MATROSKA, AAC, AMR, FLAC),
        *(JPEG, PNG, WEBP, HEIC),
    )
}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_PICTURE_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})  # of any coding
_NOT_OURS = frozenset(
    {b"avif", b"avis", b"avci", b"crx ", b"jp2 ", b"jpx ", b"mjp2", b"j2ki", b"jpeg"}
)
_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def sniff(head: bytes) -> MediaType | None:
    """Return the type whose magic number ``head`` (the first ``HEAD`` bytes) carries, if taken."""
    for test in (_fixed, _riff, _iso, _ebml, _framed):
        if found := test(head):
            return found
    return None


def detect(readable: Readable) -> MediaType:
    """Return the type of a file by its content.

    Raises:
        NotTaken: the content is of no type that is taken.
        Incomplete: there is no content yet.
    """
    if not readable.size:
        raise Incomplete
    head = readable.read(0, HEAD)
    found = _behind_tags(readable, head) if frames.id3_length(head) else sniff(head)
    if found is None:
        raise NotTaken(why_not(head))
    return found


def _behind_tags(readable: Readable, head: bytes) -> MediaType | None:
    start = 0
    for _ in range(_MAX_TAGS):
        start += frames.id3_length(head)
        head = readable.read(start, HEAD)
        if not frames.id3_length(head):
            return _framed(head) or _fixed_sound(head)
    return None


def named(suffix: str) -> MediaType | None:
    """Return a type whose files may end so (``.m4a``), None if none that is taken does."""
    ending = suffix.lower()
    return next((each for each in TYPES.values() if ending in each.suffixes), None)


def agreed(found: MediaType, suffix: str) -> MediaType:
    """Return the type that content and the name's ending (``.m4a``) together stand for.

    Raises:
        LeftOut: a camera's own preview.
        NotTaken: the name says one thing, the content another.
    """
    ending = suffix.lower()
    if ending in _PREVIEWS:
        raise LeftOut
    if ending not in found.suffixes:
        raise NotTaken(_disagreement(found, ending))
    if found is MP4 and ending in {".m4a", ".m4b", ".3ga", ".mp4a"}:
        return M4A  # Android writes voice notes under the general MP4 brand
    return found


def _disagreement(found: MediaType, ending: str) -> str:
    if ending == ".360":
        return (
            "This is a 360-degree recording, which cannot be read as it is. Export it as an "
            "ordinary MP4 with the camera maker's own app and send that."
        )
    if found is MP4 and ending in HEIC.suffixes:
        return (  # the family's general type: all that is certain is that it is not a photo we know
            "This picture is in a format that is not taken, or it is damaged. Save it as a JPEG or "
            "PNG picture and send that."
        )
    usual = _USUAL.get(found.key, f".{found.key}")
    return (
        f"The name of this file does not match what is in it: inside it is {found.label}. "
        f"If you trust where it came from, change the end of its name to {usual}; "
        "otherwise send it again from the device that made it."
    )


_USUAL = {"jpeg": ".jpg", "matroska": ".mkv"}


def _fixed(head: bytes) -> MediaType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return _fixed_sound(head)


def _fixed_sound(head: bytes) -> MediaType | None:
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    if head.startswith(b"fLaC"):
        return FLAC
    return OGG if head.startswith(b"OggS\0") else None


def _riff(head: bytes) -> MediaType | None:
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return WAV
    return WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _iso(head: bytes) -> MediaType | None:
    kind = head[4:8]
    if kind in _OLD_QUICKTIME:
        return MOV  # QuickTime from before the ftyp box
    if kind != b"ftyp":
        return None
    length = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    found = _by_brand(brands)
    return None if found is HEIC and not heif.is_taken(head) else found


def _by_brand(brands: list[bytes]) -> MediaType | None:
    major = brands[0]
    if major in _HEIC_BRANDS:
        return None if major == b"mif1" and b"avif" in brands else HEIC
    if major in _NOT_OURS or _PICTURE_BRANDS.intersection(brands):
        return None  # a picture in a coding that is not taken
    if major in _AUDIO_BRANDS:
        return M4A
    if major == b"qt  ":
        return MOV
    return THREEGP if major[:2] == b"3g" else MP4


def _ebml(head: bytes) -> MediaType | None:
    return {b"webm": WEBM, b"matroska": MATROSKA}.get(matroska.doc_type(head))


def _framed(head: bytes) -> MediaType | None:
    if frames.id3_length(head):
        return _after_tag(head)
    if frames.two_adts(head):
        return AAC
    return MP3 if frames.two_mp3(head) else None


def _after_tag(head: bytes) -> MediaType | None:
    rest = head[frames.id3_length(head) :]
    if not rest:
        return MP3  # the tag fills what we were given (cover art): MP3 is by far the likeliest
    tests: tuple[Callable[[bytes], MediaType | None], ...] = (_framed, _fixed_sound)
    return next((found for test in tests if (found := test(rest))), None)
