"""Pictures that are far larger inside than outside."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO

import pillow_heif
from PIL import Image

from tests.hostile.parts import Hostile, Targets, chunk, riff, riff_chunk

_PNG = b"\x89PNG\r\n\x1a\n"
_WIDEST = 1 << 20  # pixels of a row that are really there
_BOMB = zlib.compress(bytes(60_000_000), 9)


def saved(form: str, size: tuple[int, int] = (32, 24)) -> bytes:
    """A small picture of a kind."""
    pillow_heif.register_heif_opener()
    out = BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, form)
    return out.getvalue()


def _png(width: int, height: int, *more: bytes, bits: int = 8, data: bytes | None = None) -> bytes:
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([bits, 0, 0, 0, 0])
    rows = zlib.compress(bytes(1 + min(width, _WIDEST) * bits // 8)) if data is None else data
    return _PNG + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pngs(to: Targets) -> Iterator[Hostile]:
    """Sizes, and what is packed in chunks."""
    text = b"Comment\0\0" + _BOMB
    for name, data in {
        "65535": _png(65_535, 65_535),
        "31-bit": _png((1 << 31) - 1, (1 << 31) - 1),
        "0": _png(0, 0),
        "line": _png(100_000_000, 1),
        "just-too-many": _png(10_001, 10_000),
        "bits": _png(9_999, 9_999, bits=1, data=zlib.compress(bytes(9_999 * 1_251))),
        "short-data": _png(9_000, 9_000),
        "data-bomb": _png(16, 16, data=_BOMB),
        "text-bomb": _png(16, 16, chunk(b"zTXt", text)),
        "text-bombs": _png(16, 16, *[chunk(b"zTXt", text)] * 40),
        "profile-bomb": _png(16, 16, chunk(b"iCCP", b"x\0\0" + _BOMB)),
        "wide-text-bomb": _png(16, 16, chunk(b"iTXt", b"x\0\1\0\0\0" + _BOMB)),
        "exif-loop": _png(
            16, 16, chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08")
        ),
        "many-chunks": _png(16, 16, chunk(b"tEXt", b"a\0b") * 90_000),
        "frames": _png(16, 16, chunk(b"acTL", b"\x7f\xff\xff\xff\0\0\0\0")),
        "address": _png(16, 16, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + to.url.encode())),
    }.items():
        yield Hostile("PNG", f"{name}.png", data)


def jpegs(to: Targets) -> Iterator[Hostile]:
    """Sizes, metadata without end, scans without end."""
    plain = saved("JPEG")
    at = plain.index(b"\xff\xc0") + 5
    huge = plain[:at] + b"\xff\xff\xff\xff" + plain[at + 4 :]
    exif = b"\xff\xe1\xff\xff" + b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 65_519
    scan = plain[plain.index(b"\xff\xda") : -2]
    loop = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + to.url.encode()
    for name, data in {
        "65535": huge,
        "exif-1": plain[:2] + exif + plain[2:],
        "exif-200": plain[:2] + exif * 200 + plain[2:],
        "exif-loop": plain[:2]
        + b"\xff\xe1"
        + (len(loop) + 2).to_bytes(2, "big")
        + loop
        + plain[2:],
        "xmp": plain[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp + plain[2:],
        "scans": plain[:-2] + scan * 20_000 + plain[-2:],
        "zero": plain[:at] + bytes(4) + plain[at + 4 :],
        "components": plain[: at + 4] + b"\xff" + plain[at + 5 :],
        "tables": plain[:2] + b"\xff\xc4\0\x13" + b"\xff" * 17 + plain[2:],
        "fill": plain[:2] + b"\xff" * 60_000 + plain[2:],
        "no-tables": plain[:2] + plain[plain.index(b"\xff\xc0") :],
    }.items():
        yield Hostile("JPEG", f"{name}.jpg", data)


def others() -> Iterator[Hostile]:
    """WebP and HEIC."""
    lossless = b"\x2f" + (0x3FFF | 0x3FFF << 14).to_bytes(4, "little") + bytes(64)
    extended = bytes(4) + b"\xff" * 6
    frame = riff_chunk(b"ANMF", bytes(16) + riff_chunk(b"VP8L", lossless))
    for name, chunks in {
        "16383": [riff_chunk(b"VP8L", lossless)],
        "canvas": [riff_chunk(b"VP8X", extended), riff_chunk(b"VP8L", lossless)],
        "frames": [
            riff_chunk(b"VP8X", b"\2" + extended[1:]),
            riff_chunk(b"ANIM", bytes(6)),
            *[frame] * 5000,
        ],
        "size": [riff_chunk(b"VP8 ", bytes(30), size=0xFFFF_FFF0)],
    }.items():
        yield Hostile("WebP", f"{name}.webp", riff(b"WEBP", *chunks))
    plain = saved("HEIF", (64, 64))
    size = plain.index(b"ispe") + 8
    for name, value in (("65535", 65_535), ("32-bit", 0xFFFF_FFFF), ("0", 0), ("10001", 10_001)):
        sides = value.to_bytes(4, "big") * 2
        yield Hostile("HEIC", f"{name}.heic", plain[:size] + sides + plain[size + 8 :])
    place = plain.index(b"iloc") + 8
    for at in range(0, 24, 3):
        yield Hostile(
            "HEIC", f"iloc-{at}.heic", plain[: place + at] + b"\xff" * 3 + plain[place + at + 3 :]
        )
    count = plain.index(b"iinf") + 8
    yield Hostile("HEIC", "items.heic", plain[:count] + b"\xff\xff" + plain[count + 2 :])
    for kind in (b"hvcC", b"ipma", b"pitm", b"colr", b"hdlr", b"iprp"):
        if kind in plain:
            yield Hostile("HEIC", f"no-{kind.decode()}.heic", plain.replace(kind, b"free"))
