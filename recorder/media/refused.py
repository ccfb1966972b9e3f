"""What to say about files that are not taken. Recognising them costs nothing and saves a call."""

from __future__ import annotations

_PLAYLIST = (
    "This is a playlist, not a recording: it only points at sound kept somewhere else. "
    "Send the sound file itself."
)
_ARCHIVE = (
    "This is an archive with other files packed inside. Unpack it and send the recordings or "
    "photos one by one."
)
_DOCUMENT = (
    "This is a document, not a recording or a photo. Recorder takes sound, video and photos; "
    "keep documents where your team keeps them."
)
_DRAWING = (
    "This is a drawing made by a computer program, not a photo. Save it as a PNG or JPEG picture "
    "and send that."
)
_WEB_PAGE = (
    "This is a web page, not a recording. Download the sound or video file itself and send that."
)
_TEXT = (
    "This is a text file, not a recording or a photo. If a recording was meant to be here, it may "
    "not have been downloaded yet; open it once on this device, or send it again."
)
_PICTURE = (
    "This picture is in a format that is not taken. Save it as a JPEG or PNG picture and send that."
)
_SOUND = (
    "This recording is in an older format that is not taken. Save or export it as M4A, MP3 or WAV "
    "and send that."
)
_FILM = (
    "This video is in an older format that is not taken. Save or export it as MP4 and send that."
)
_PROGRAM = (
    "This is a computer program, not a recording. It has been left alone. If you did not put it "
    "there, tell your IT team."
)
_SHADOW = (
    "This is a small helper file that a Mac makes beside each real file. It holds no recording "
    "and can be deleted."
)
_UNKNOWN = (
    "It is not clear what kind of file this is, so it has been left alone. Send a sound recording, "
    "a video, or a photo in one of the usual formats (for example M4A, MP3, WAV, MP4, MOV, JPEG, "
    "PNG or HEIC)."
)
_ZEROS = (
    "There is nothing but empty space in this file, which happens when a copy was cut off. "
    "Copy it into the folder again from the device that made it."
)

_BY_START: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", _DOCUMENT),
    (b"{\\rtf", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0", _DOCUMENT),  # Office before 2007, Outlook messages
    (b"%!PS", _DRAWING),
    (b"\xc5\xd0\xd3\xc6", _DRAWING),  # EPS with a preview
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\0", _PICTURE),  # TIFF and most raw formats
    (b"MM\0*", _PICTURE),
    (b"\0\0\0\x0cjP  ", _PICTURE),  # JPEG 2000
    (b"\xff\x0a", _PICTURE),  # JPEG XL
    (b"8BPS", _PICTURE),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _SOUND),  # WMA and WMV
    (b"caff", _SOUND),
    (b"FORM", _SOUND),  # AIFF
    (b".snd", _SOUND),
    (b"MAC ", _SOUND),
    (b"wvpk", _SOUND),
    (b"#!AMR_MC", _SOUND),
    (b"riff\x2e\x91\xcf\x11", _SOUND),  # Wave64
    (b"\0\0\x01\xba", _FILM),
    (b"\0\0\x01\xb3", _FILM),
    (b"FLV\x01", _FILM),
    (b"\0\x05\x16\x07", _SHADOW),  # AppleDouble
    (b"\0\x05\x16\x00", _SHADOW),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"#!", _PROGRAM),
)
_BY_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"#extm3u", _PLAYLIST),
    (b"ffconcat", _PLAYLIST),
    (b"[playlist]", _PLAYLIST),
    (b"<asx", _PLAYLIST),
    (b"<smil", _PLAYLIST),
    (b"v=0", _PLAYLIST),  # session description
    (b"<mpd", _PLAYLIST),
    (b"<svg", _DRAWING),
    (b"<!doctype html", _WEB_PAGE),
    (b"<html", _WEB_PAGE),
)
_BY_RIFF = {b"AVI ": _FILM, b"QLCM": _SOUND, b"RMID": _SOUND}
_TS_PACKET = 188
_SAMPLE = 2048  # bytes of text looked at


def why_not(head: bytes) -> str:
    """Return the sentence for a file whose first bytes are of no type that is taken."""
    if head.startswith(b"PK"):
        return _zip(head)
    if head[:4] == b"RIFF":
        return _BY_RIFF.get(head[8:12], _UNKNOWN)
    if head[4:8] == b"ftyp":
        return _PICTURE  # films of this family are all taken
    for start, sentence in _BY_START:
        if head.startswith(start):
            return sentence
    if head[:1] == b"G" and head[_TS_PACKET : _TS_PACKET + 1] == b"G":
        return _FILM
    return _textual(head)


def _zip(head: bytes) -> str:
    offices = (b"word/", b"xl/", b"ppt/", b"[Content_Types]", b"mimetypeapplication/vnd.oasis")
    return _DOCUMENT if any(mark in head for mark in offices) else _ARCHIVE


def _textual(head: bytes) -> str:
    if head and not head.strip(b"\0"):
        return _ZEROS
    text = _as_text(head[:_SAMPLE])
    if text is None:
        return _UNKNOWN
    return _marked(text.lstrip("\ufeff \t\r\n").lower().encode())


def _marked(text: bytes) -> str:
    for mark, sentence in _BY_TEXT:
        if text.startswith(mark):
            return sentence
    if text.startswith((b"<?xml", b"<!--", b"<!doctype")):
        inside = (pair for pair in _BY_TEXT if pair[0].startswith(b"<"))
        return next((sentence for mark, sentence in inside if mark in text), _DOCUMENT)
    return _TEXT


def _as_text(sample: bytes) -> str | None:
    """Return the sample as text, None if it is not. A character cut at the end is allowed for."""
    coding = "utf-16" if sample[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    text = sample.decode(coding, errors="replace").rstrip("\ufffd")
    if not text or "\ufffd" in text:
        return None
    return text if all(char.isprintable() or char in "\ufeff\t\r\n\f" for char in text) else None
