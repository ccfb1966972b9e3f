"""Films of the MP4 and Matroska families that point elsewhere, never end, or count without bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.hostile.parts import Hostile, Targets, box, element, full_box

_FTYP = box(b"ftyp", b"qt  \0\0\0\0qt  ")
_MDAT = box(b"mdat", bytes(4000))
_HUGE = 0xFFFF_FFFF


def _number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "big")


def _sound_entry(reference: int = 1) -> bytes:
    fields = bytes(6) + _number(reference, 2) + bytes(8) + _number(1, 2) + _number(16, 2)
    return box(b"sowt", fields, bytes(4), _number(8000 << 16))


def track(
    dref: bytes = b"",
    *,
    count: int = 100,
    offset: int = 36,
    tables: dict[bytes, bytes] | None = None,
) -> bytes:
    """A sound track whose samples lie where ``dref`` says."""
    made = {
        b"stsd": full_box(b"stsd", _number(1), _sound_entry()),
        b"stts": full_box(b"stts", _number(1), _number(count), _number(1)),
        b"stsc": full_box(b"stsc", _number(1), _number(1), _number(count), _number(1)),
        b"stsz": full_box(b"stsz", _number(2), _number(count)),
        b"stco": full_box(b"stco", _number(1), _number(offset)),
        **(tables or {}),
    }
    data = full_box(b"dref", _number(1), dref or full_box(b"url ", flags=1))
    info = box(
        b"minf", full_box(b"smhd", bytes(4)), box(b"dinf", data), box(b"stbl", *made.values())
    )
    head = full_box(b"mdhd", bytes(8), _number(8000), _number(count), bytes(4))
    handler = full_box(b"hdlr", b"mhlrsoun", bytes(12), b"\0")
    identity = full_box(b"tkhd", bytes(8), _number(1), bytes(68), flags=7)
    return box(b"trak", identity, box(b"mdia", head, handler, info))


def film(*tracks: bytes, more: bytes = b"") -> bytes:
    """A QuickTime film with its index last, as phones write it."""
    head = full_box(b"mvhd", bytes(8), _number(8000), _number(100), bytes(80))
    return _FTYP + _MDAT + box(b"moov", head, *tracks, more)


def references(to: Targets) -> Iterator[Hostile]:
    """Sound that lies in another file, or at an address."""
    web, path = to.url.encode() + b"\0", to.file.encode() + b"\0"
    drefs = {
        "url": full_box(b"url ", web),
        "url-file": full_box(b"url ", b"file://" + path),
        "url-path": full_box(b"url ", path),
        "urn": full_box(b"urn ", b"urn:x\0" + web),
        "alias": full_box(b"alis", _alias(to.file)),
        "alias-up": full_box(b"alis", _alias("../../../../../../" + to.file)),
        "resource": full_box(b"rsrc", _alias(to.file)),
        "http-concat": full_box(b"url ", b"concat:" + path),
        "subfile": full_box(b"url ", b"subfile,,start,0,end,9,,:" + path),
        "unknown": full_box(b"cios", path),
    }
    for name, dref in drefs.items():
        yield Hostile("reference", f"dref-{name}.mov", film(track(dref)))
    for kind in (b"url ", b"alis", b"rsrc"):
        pointed = full_box(b"rdrf", kind, _number(len(web)), web)
        movie = box(b"moov", box(b"rmra", box(b"rmda", pointed)))
        yield Hostile("reference", f"rmra-{kind.decode().strip()}.mov", _FTYP + _MDAT + movie)
    for suffix in (".mp4", ".m4a", ".3gp"):
        yield Hostile(
            "reference", f"dref{suffix}", film(track(drefs["url"])).replace(b"qt  ", b"isom")
        )


def _alias(path: str) -> bytes:
    """What an old Mac wrote down of another file, as far as ffmpeg reads it."""
    name = path.encode()
    tail = _number(18, 2) + _number(len(name), 2) + name + b"\0" * (len(name) % 2) + b"\xff\xff\0\0"
    head = bytes(4) + _number(150 + len(tail), 2) + _number(2, 2) + bytes(142)
    return head + tail


def odd_boxes() -> Iterator[Hostile]:
    """Sizes and counts that are not to be believed."""
    ok = film(track())
    for name, data in {
        "whole": ok,
        "size-0": _FTYP + _MDAT + _number(0) + b"moov" + ok[-900:],
        "size-1": _FTYP + _number(1) + b"mdat" + _number(1, 8) + bytes(99),
        "size-7": _FTYP + _number(7) + b"mdat" + bytes(99),
        "size-63": _FTYP + _number(1) + b"mdat" + _number(1 << 63, 8) + bytes(99),
        "size-64": _FTYP + _number(1) + b"moov" + b"\xff" * 8 + bytes(99),
        "no-moov": _FTYP + _MDAT,
        "two-moov": ok + ok[len(_FTYP) + len(_MDAT) :],
        "moov-in-moov": _FTYP + _MDAT + box(b"moov", box(b"moov", box(b"moov", track()))),
        "free-boxes": _FTYP + box(b"free") * 90_000 + _MDAT + box(b"moov"),
        "many-tracks": film(*[track()] * 10_000),
        "many-empty-tracks": film(*[box(b"trak")] * 10_000),
        "deep": _FTYP + _MDAT + _deep(b"udta", 10_000),
        "deep-tracks": _FTYP + _MDAT + _deep(b"trak", 10_000),
        "many-tags": film(track(), more=box(b"udta", *[box(b"\xa9nam", b"\0\1\0\0x")] * 50_000)),
        "fragments": _FTYP + film(track())[len(_FTYP) + len(_MDAT) :] + _fragments(3000) + _MDAT,
        "fragment-count": _FTYP + film(track())[len(_FTYP) + len(_MDAT) :] + _run(1 << 31) + _MDAT,
        "compressed": _FTYP + _MDAT + _compressed(film(track()), len(ok)),
        "compressed-bomb": _FTYP + _MDAT + _compressed(bytes(50_000_000), _HUGE),
        "offset-in-index": film(track(offset=len(_FTYP) + len(_MDAT) + 20)),
        "offset-past-end": film(track(offset=1 << 31)),
        "fast-clock": ok.replace(_number(8000) + _number(100), _number(_HUGE) + _number(_HUGE)),
    }.items():
        yield Hostile("odd boxes", f"{name}.mov", data)
    yield from _odd_tables()


def _odd_tables() -> Iterator[Hostile]:
    for kind in (b"stts", b"stsc", b"stsz", b"stco", b"co64", b"stss", b"ctts", b"stsd", b"elst"):
        for name, count in (("all", _HUGE), ("half", 1 << 30), ("none", 0)):
            lying = {
                kind: full_box(kind, *([bytes(4)] * (kind == b"stsz")), _number(count), bytes(40))
            }
            yield Hostile("odd boxes", f"{kind.decode()}-{name}.mov", film(track(tables=lying)))
    many = full_box(b"stts", _number(60_000), (_number(1) + _number(_HUGE >> 1)) * 60_000)
    yield Hostile("odd boxes", "stts-long.mov", film(track(tables={b"stts": many})))
    repeated = full_box(b"stsz", _number(0), _number(2_000_000), bytes(8_000_000))
    yield Hostile(
        "odd boxes", "stsz-empty.mov", film(track(count=2_000_000, tables={b"stsz": repeated}))
    )


def _deep(kind: bytes, levels: int) -> bytes:
    made = b""
    for _ in range(levels):
        made = box(kind, made)
    return box(b"moov", made)


def _fragments(count: int) -> bytes:
    return b"".join(_run(1) for _ in range(count))


def _run(samples: int) -> bytes:
    run = full_box(b"trun", _number(samples), flags=0)
    return box(
        b"moof", full_box(b"mfhd", _number(1)), box(b"traf", full_box(b"tfhd", _number(1)), run)
    )


def _compressed(index: bytes, said: int) -> bytes:
    squeezed = zlib.compress(index)
    how, what = box(b"dcom", b"zlib"), box(b"cmvd", _number(min(said, _HUGE)), squeezed)
    return box(b"moov", box(b"cmov", how, what))


def matroska(to: Targets) -> Iterator[Hostile]:
    """Elements that lie, point elsewhere, or unpack to far more."""
    header = element("1A45DFA3", element("4282", b"matroska"))
    sound = element("86", b"A_PCM/INT/LIT") + element("D7", b"\1") + element("83", b"\2")
    tone = element("AE", sound + element("E1", element("9F", b"\1") + element("6264", b"\x10")))
    block = element("A3", b"\x81\0\0\x80" + bytes(400))
    cluster = element("1F43B675", element("E7", b"\0") + block * 4)
    squeezed = element("6D80", element("6240", element("5034", element("4254", b"\0"))))
    bomb = element("A3", b"\x81\0\0\x80" + zlib.compress(bytes(50_000_000)))
    attached = element("1941A469", element("61A7", element("466E", to.file.encode())))
    linked = element("1549A966", element("3C83AB", to.file.encode()) + element("3EB923", bytes(16)))
    laced = element("A3", b"\x81\0\0\x82" + b"\xff" * 2000)
    tracks = element("1654AE6B", tone)
    parts = {
        "whole": tracks + cluster,
        "linked": linked + tracks + cluster,
        "attached": attached + tracks + cluster,
        "chapters": element("1043A770", to.url.encode()) + tracks + cluster,
        "many-tracks": element("1654AE6B", tone * 10_000) + cluster,
        "packed-bomb": element("1654AE6B", element("AE", sound + squeezed))
        + element("1F43B675", bomb * 20),
        "lacing": tracks + element("1F43B675", laced * 20),
        "no-tracks": cluster,
        "many-clusters": tracks + element("1F43B675", b"") * 50_000,
        "many-tags": element("1254C367", element("7373", b"") * 50_000) + tracks + cluster,
        "deep": _nested("7373", 3000) + tracks + cluster,
    }
    for name, body in parts.items():
        yield Hostile("matroska", f"{name}.mkv", header + element("18538067", body))
    yield Hostile(
        "matroska", "long.mkv", header + element("18538067", tracks + cluster, size=(1 << 56) - 2)
    )
    yield Hostile(
        "matroska", "header.mkv", element("1A45DFA3", element("4282", b"matroska"), size=1 << 40)
    )
    yield Hostile(
        "matroska", "id.webm", header.replace(b"matroska", b"webm\0\0\0\0") + b"\x01" * 5000
    )


def _nested(kind: str, levels: int) -> bytes:
    made = b""
    for _ in range(levels):
        made = element(kind, made)
    return element("1254C367", made)
