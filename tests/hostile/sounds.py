"""Sound that claims to go on for ever, or in more tracks than anybody has ears."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.parts import (
    Hostile,
    Targets,
    ogg_page,
    riff,
    riff_chunk,
    wave,
    wave_format,
)

_ALL = 0xFFFF_FFFF


def waves(to: Targets) -> Iterator[Hostile]:
    """WAV: every number of its head in turn."""
    data = riff_chunk(b"data", bytes(1600))
    heads = {
        "channels": wave_format(channels=65_535),
        "no-channels": wave_format(channels=0),
        "rate": wave_format(rate=_ALL),
        "no-rate": wave_format(rate=0),
        "no-align": wave_format(align=0),
        "align": wave_format(align=65_535),
        "no-bits": wave_format(bits=0),
        "bits": wave_format(bits=65_535),
        "codec": wave_format(coding=0x55),
        "adpcm": wave_format(coding=2, align=1, bits=4),
        "extensible": wave_format(coding=0xFFFE),
        "reserved": wave_format(coding=0x674F),
    }
    for name, head in heads.items():
        yield Hostile("WAV", f"{name}.wav", riff(b"WAVE", head, data))
    endless = riff_chunk(b"data", bytes(1600), size=_ALL)
    many = riff_chunk(b"LIST", b"INFOIART" + to.url.encode())
    large = (
        b"RF64\xff\xff\xff\xffWAVEds64"
        + (28).to_bytes(4, "little")
        + b"\xff\xff\xff\xff\xff\xff\xff\x7f" * 3
    )
    for name, made in {
        "endless": riff(b"WAVE", wave_format(), endless, size=_ALL),
        "endless-2": riff(b"WAVE", wave_format(), endless, size=0x7FFF_FFFF),
        "large": large + bytes(4) + wave_format() + endless,
        "lists": riff(b"WAVE", wave_format(), many * 20_000, data),
        "formats": riff(b"WAVE", wave_format() * 10_000, data),
        "two-data": riff(b"WAVE", wave_format(), data * 10_000),
        "no-format": riff(b"WAVE", data),
    }.items():
        yield Hostile("WAV", f"{name}.wav", made)


def oggs() -> Iterator[Hostile]:
    """Ogg: jumps in time, streams without number."""
    head = b"OpusHead\1\1\0\0" + (48_000).to_bytes(4, "little") + bytes(3)
    tags = b"OpusTags" + bytes(8)
    start = ogg_page(head, flags=2) + ogg_page(tags, number=1)
    voice = b"\x08\x0b\xe4" * 20

    def pages(*granules: int) -> bytes:
        return b"".join(
            ogg_page(voice, number=2 + at, granule=granule) for at, granule in enumerate(granules)
        )

    streams = [ogg_page(head, serial=at, flags=2) for at in range(10_000)]
    claims = b"OpusTags" + _ALL.to_bytes(4, "little") * 2
    for name, made in {
        "jump": start + pages(960, 1 << 62, 1920),
        "back": start + pages(1 << 40, 960, -1, 1 << 40),
        "negative": start + pages(-(1 << 63), -2),
        "streams": b"".join(streams) + start + pages(960),
        "one-serial": ogg_page(head, flags=2) * 5000 + pages(960),
        "tags": ogg_page(head, flags=2) + ogg_page(claims, number=1) + pages(960),
        "channels": ogg_page(head[:9] + b"\xff" + head[10:], flags=2) + ogg_page(tags) + pages(960),
        "mapping": ogg_page(head[:18] + b"\xff" + b"\xff" * 99, flags=2)
        + ogg_page(tags)
        + pages(960),
        "empty-pages": start + ogg_page(b"") * 20_000,
        "only-head": start,
        "text": start + ogg_page(b"\x80kate\0\0\0", serial=7, flags=2),
    }.items():
        yield Hostile("Ogg", f"{name}.ogg", made)


def frames(to: Targets) -> Iterator[Hostile]:
    """MP3, AAC, AMR and FLAC."""
    mp3 = b"\xff\xfb\x90\x00" + bytes(413)
    adts = b"\xff\xf1\x50\x80" + (60 << 5 | 0x1F).to_bytes(2, "big") + b"\xfc" + bytes(53)
    tag = b"ID3\x04\0\0"
    picture = b"APIC" + (900).to_bytes(4, "big") + b"\0\0\0-->\0\3\0" + to.url.encode()
    index = mp3[:4] + bytes(32) + b"Xing\0\0\0\3" + b"\xff" * 8
    info = b"fLaC\0\0\0\x22" + b"\x10\0" * 2 + bytes(6)
    for name, made in {
        "free-format.mp3": (b"\xff\xfb\x00\x00" + bytes(600)) * 300,
        "frames.mp3": mp3 * 8000,
        "tag.mp3": tag + b"\x7f\x7f\x7f\x7f" + mp3 * 20,
        "tags.mp3": (tag + bytes(4)) * 5000 + mp3 * 20,
        "picture.mp3": tag + b"\0\0\x07\x7f" + picture.ljust(1023, b"\0") + mp3 * 20,
        "index.mp3": index.ljust(417, b"\0") + mp3 * 20,
        "rates.mp3": b"".join(
            bytes([0xFF, 0xFB, 0x90 | at % 3 << 2, 0]) + bytes(413) for at in range(500)
        ),
        "frames.aac": adts * 20_000,
        "lying.aac": (b"\xff\xf1\x50\x80\xff\xff\xfc" + bytes(2042)) * 50,
        "channels.aac": adts.replace(b"\x50\x80", b"\x50\x00") * 200,
        "silence.amr": b"#!AMR\n" + b"\x7c" * 300_000,
        "kinds.amr": b"#!AMR\n" + bytes(range(256)) * 100,
        "wide.amr": b"#!AMR-WB\n" + b"\x7c" * 100_000,
        "many.amr": b"#!AMR_MC1.0\n\xff\xff\xff\xff" + bytes(1000),
        "long.flac": info.replace(b"\0\0\0\x22", b"\x80\0\0\x22")
        + b"\xff" * 8
        + bytes(16)
        + bytes(4000),
        "blocks.flac": info
        + b"\x0a\xc4\x42\xf0"
        + bytes(20)
        + b"\4\0\0\0" * 50_000
        + b"\x84\0\0\0",
        "picture.flac": info + b"\x0a\xc4\x42\xf0" + bytes(20) + b"\x86\xff\xff\xff" + bytes(5000),
        "comment.flac": info + b"\x0a\xc4\x42\xf0" + bytes(20) + b"\x84\0\0\x08" + b"\xff" * 8,
    }.items():
        yield Hostile("frames", name, made)


def names() -> Iterator[Hostile]:
    """A plain recording under names that have undone other programs."""
    for number, name in enumerate(_NAMES):
        yield Hostile("name", name, wave(note=number))


_NAMES = (
    "-i.wav",
    "--help.wav",
    "-.wav",
    "@list.wav",
    "concat:a|b.wav",
    "pipe:0.wav",
    "file:x.wav",
    "http:x.wav",
    "subfile,,start,0,end,9,,:x.wav",
    "%d.wav",
    "%s%n%x.wav",
    "img%03d.wav",
    "*.wav",
    "?[a-z]{b,c}.wav",
    "$(touch planted).wav",
    "`touch planted`.wav",
    "; touch planted;.wav",
    "a & b | c > d.wav",
    "'\"\\'.wav",
    "line\nbreak.wav",
    "tab\tand\rreturn.wav",
    "\x1b[31mred\x1b[0m.wav",
    "\x07bell.wav",
    "\u202evaw.3pm.wav",
    "\u2066hidden\u2069.wav",
    "zero\u200bwidth\ufeff.wav",
    "e\u0301.wav",
    "\u00e9.wav",
    "\U0001f3a4\U0001f468\u200d\U0001f469\u200d\U0001f467.wav",
    "CON.wav",
    "nul .wav",
    "a:b.wav",
    "..  .wav",
    "...wav",
    "<script>alert(1)</script>.wav".replace("/", "\u2215"),
    "=cmd|calc!A1.wav",
    "{{7*7}}.wav",
    "' OR 1=1 --.wav",
    "a" * 251 + ".wav",
    "\u00e9" * 125 + ".wav",
    "\U0001f3a4" * 62 + ".wav",
    "note.wav.exe",
    "note.exe.wav",
    "note.wav.",
    "note.wav ",
    "note.WAV",
    "note.wav.age",
    "note",
    b"bad\xff\xfe.wav".decode("utf-8", "surrogateescape"),
)
