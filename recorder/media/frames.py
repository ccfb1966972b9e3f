"""Headers of bare audio frames: MPEG layer III, AAC in ADTS, and the ID3 tags before them."""

from __future__ import annotations

_ID3_HEADER = 10
_PADDING = 4096  # bytes of padding some taggers leave between tag and sound
_KBPS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG 1, layer III
_KBPS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
_RATES = (44_100, 48_000, 32_000)  # MPEG 1; halved for 2, again for 2.5
_LAYER_3 = 1
_MPEG_1 = 3
_RESERVED = 1
LONGEST_MP3 = 2881  # bytes of the longest frame there is


def id3_length(head: bytes) -> int:
    """Return the whole length of the ID3v2 tag that ``head`` starts with, 0 if it has none."""
    if len(head) < _ID3_HEADER or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    footer = _ID3_HEADER if head[5] & 0x10 else 0
    return _ID3_HEADER + size + footer


def mp3_length(header: bytes) -> int:
    """Return the length in bytes of the layer III frame with this 4-byte header, 0 if none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - bytes of the format
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    rate_index, kbps_index = header[2] >> 2 & 3, header[2] >> 4
    if layer != _LAYER_3 or version == _RESERVED or rate_index == len(_RATES):
        return 0
    if kbps_index in {0, 15}:  # free format and forbidden
        return 0
    kbps = (_KBPS_1 if version == _MPEG_1 else _KBPS_2)[kbps_index - 1]
    rate = _RATES[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    per_frame = 144_000 if version == _MPEG_1 else 72_000
    return per_frame * kbps // rate + (header[2] >> 1 & 1)


def adts_length(header: bytes) -> int:
    """Return the length in bytes of the ADTS frame with this 7-byte header, 0 if none."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:  # noqa: PLR2004 - bytes of the format
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0  # noqa: PLR2004 - the header's own length


def two_mp3(head: bytes) -> bool:
    """Say whether two layer III frames follow one another, after zero padding at most."""
    start = _past_padding(head)
    first = mp3_length(head[start : start + 4])
    return bool(first and mp3_length(head[start + first : start + first + 4]))


def two_adts(head: bytes) -> bool:
    """Say whether two ADTS frames follow one another."""
    first = adts_length(head[:7])
    return bool(first and adts_length(head[first : first + 7]))


def _past_padding(head: bytes) -> int:
    padding = len(head) - len(head.lstrip(b"\0"))
    return padding if padding <= _PADDING else 0


def indexed_bytes(frame: bytes) -> int:
    """Return how long the index in an MP3's first frame says the sound is, 0 if there is none."""
    if not mp3_length(frame[:4]):
        return 0
    mono = frame[3] >> 6 == 3  # noqa: PLR2004 - the format's number for one channel
    mpeg_1 = frame[1] >> 3 & 3 == _MPEG_1
    side = (17 if mono else 32) if mpeg_1 else (9 if mono else 17)
    index = frame[4 + side :]
    if index[:4] in {b"Xing", b"Info"} and len(index) >= 16:  # noqa: PLR2004 - name, flags, two numbers
        flags = index[7]
        at = 8 + (4 if flags & 1 else 0)
        return int.from_bytes(index[at : at + 4], "big") if flags & 2 else 0
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[46:50], "big")
    return 0
