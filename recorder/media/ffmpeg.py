"""ffmpeg and ffprobe: the commands that Recorder gives them, and that they are there.

They run closed off, with the bytes of one recording on a pipe. Beside that, ``-protocol_whitelist
pipe`` shuts files and network alike, and the one demuxer that the content calls for is the only one
allowed to run.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from recorder.errors import MediaError, ToolMissing
from recorder.sandbox.ladder import Program
from recorder.sandbox.limits import Limits
from recorder.sandbox.runner import answer

FILM_BYTES = 400_000  # a second of a proxy, at the very most
_TOOLS = ("ffmpeg", "ffprobe")
_QUIETLY = ("-nostdin", "-hide_banner", "-v", "quiet")
_FILM_BITS, _SOUND_BITS = 2_000_000, 96_000  # a second
_MOST_FRAMES = 30  # a second
_QUALITY = 26  # x264's scale: about what a phone's own video call has
# Square pixels, then into the frame that lies as the film does; sides of H.264 are even.
_FITTED = (
    "scale=w=iw*sar:h=ih,setsar=1,"
    "scale=w='if(gte(iw,ih),min(iw,1280),min(iw,720))':h='if(gte(iw,ih),min(ih,720),min(ih,1280))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2"
)
HDR = frozenset({"smpte2084", "arib-std-b67"})
"""How ffprobe names the two ways of coding light beyond what screens show: PQ and HLG."""
# White is at 203 cd/m2 in both (ITU-R BT.2408). Up to half of it nothing changes, and what is
# brighter is brought closer together, up to five times white: what phones record.
_TONED = (
    "format=yuv420p10le,zscale=tin={transfer}:pin=bt2020:min=bt2020nc:t=linear:p=bt709:npl=203,"
    "format=gbrpf32le,tonemap=mobius:param=0.5:peak=5:desat=0,"
    "zscale=tin=linear:pin=bt709:t=bt709:p=bt709:m=bt709:r=tv"
)
_EIGHT_BITS = "format=yuv420p"
_SHORT = Limits(answer=256 * 1024, cpu_seconds=20, wall_seconds=20.0, stall_seconds=20.0)

_NAMED = re.compile(rb"^ [A-Z.|]{2,8} +(\w+) ", re.MULTILINE)

_FORMATS = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
_ONLY_FOR = {"mov": {"enable_drefs": 0, "use_absolute_path": 0}}  # other demuxers reject these
_SHOWN = (
    "stream=codec_type,codec_name,width,height,color_transfer:stream_disposition=attached_pic"
    ":format=duration:format_tags=creation_time,com.apple.quicktime.creationdate"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of ffmpeg are here that a build of it may lack."""

    h264: bool  # makes films that every browser plays
    aac: bool  # and their sound
    tones: bool  # brings HDR to ordinary screens


def decode_program(
    demuxer: str, *, rate: int, max_seconds: int, max_bytes: int, channels: int = 1
) -> Program:
    """The command that turns the first sound track on stdin into s16le on stdout."""
    source = ffmpeg.input("pipe:0", format=demuxer, **_input_options(demuxer))
    output = source.output(
        "pipe:1",
        format="s16le",
        acodec="pcm_s16le",
        ac=channels,
        ar=rate,
        map="0:a:0",
        map_metadata=-1,
        vn=None,
        sn=None,
        dn=None,
        t=max_seconds,
        fs=max_bytes,
    )
    path = _find("ffmpeg")
    return Program(tuple(output.compile(cmd=[path, *_QUIETLY])), _beside(path))


def proxy_program(demuxer: str, *, max_seconds: int, hdr: str | None = None) -> Program:
    """The command that turns the film on stdin into one that every browser plays, on stdout.

    H.264 and AAC in an MP4 of fragments, upright, at most 1280 by 720 pixels either way round and
    30 frames a second. It has the first film and sound track and nothing else: no data track, no
    tag, no chapter, no caption. `hdr`, one of `HDR`, is brought to the colours of ordinary screens.
    """
    toned = () if hdr is None else (_TONED.format(transfer=hdr),)
    source = ffmpeg.input("pipe:0", format=demuxer, **_input_options(demuxer))
    output = ffmpeg.output(
        source["V:0"],
        source["a:0?"],
        "pipe:1",
        format="mp4",
        map_metadata=-1,
        map_chapters=-1,
        sn=None,
        dn=None,
        vf=",".join((_FITTED, *toned, _EIGHT_BITS)),
        fpsmax=_MOST_FRAMES,
        vcodec="libx264",
        preset="superfast",
        crf=_QUALITY,
        maxrate=f"{_FILM_BITS // 1000}k",
        bufsize=f"{2 * _FILM_BITS // 1000}k",
        g=2 * _MOST_FRAMES,  # a seek lands within two seconds
        a53cc=0,
        acodec="aac",
        ac=2,
        ar=48_000,
        threads=2,
        flags="+bitexact",
        fflags="+bitexact",
        movflags="frag_keyframe+empty_moov+default_base_moof",
        max_muxing_queue_size=2048,
        t=max_seconds,
        **{"b:a": f"{_SOUND_BITS // 1000}k"},
    )
    path = _find("ffmpeg")
    return Program(tuple(output.compile(cmd=[path, *_QUIETLY])), _beside(path))


def stills_program(*, one_in: int, most: int) -> Program:
    """The command that gives one in so many key frames of a proxy, as JPEGs one after another."""
    source = ffmpeg.input("pipe:0", format="mov", skip_frame="nokey", **_input_options("mov"))
    output = source.output(
        "pipe:1",
        format="image2pipe",
        map="0:V:0",
        map_metadata=-1,
        vf=f"select='not(mod(n,{one_in}))'",
        vsync="passthrough",
        vcodec="mjpeg",
        flags="+bitexact",
        threads=2,
        **{"frames:v": most, "q:v": 3},
    )
    path = _find("ffmpeg")
    return Program(tuple(output.compile(cmd=[path, *_QUIETLY])), _beside(path))


def probe_program(demuxer: str) -> Program:
    """The command that describes the streams of the recording on stdin, as JSON."""
    path = _find("ffprobe")
    options = [
        part for name, value in _input_options(demuxer).items() for part in (f"-{name}", str(value))
    ]
    argv = (
        *(path, "-hide_banner", "-v", "quiet"),
        *("-f", demuxer, *options),
        *("-show_entries", _SHOWN, "-of", "json", "-i", "pipe:0"),
    )
    return Program(argv, _beside(path))


def measure_program(demuxer: str) -> Program:
    """The command that counts through the first sound track on stdin and tells on stdout how far.

    Nothing is decoded, and nothing of the recording comes out.
    """
    source = ffmpeg.input("pipe:0", format=demuxer, **_input_options(demuxer))
    output = source.output("-", format="null", c="copy", map="0:a:0", vn=None, sn=None, dn=None)
    path = _find("ffmpeg")
    argv = output.global_args("-progress", "pipe:1").compile(
        cmd=[path, "-nostdin", "-hide_banner", "-v", "quiet"]
    )
    return Program(tuple(argv), _beside(path))


def pieces_program(demuxer: str) -> Program:
    """The command that lists the first sound track on stdin piece by piece, as text on stdout.

    Stream 0 is what the file holds, stream 1 what was decoded of it: when, how long, a checksum.
    """
    source = ffmpeg.input("pipe:0", format=demuxer, **_input_options(demuxer))
    output = ffmpeg.output(
        source["a:0"],
        source["a:0"],
        "pipe:1",
        format="framecrc",
        map_metadata=-1,
        vn=None,
        sn=None,
        dn=None,
        **{"c:a:0": "copy", "c:a:1": "pcm_s16le"},
    )
    path = _find("ffmpeg")
    return Program(tuple(output.compile(cmd=[path, *_QUIETLY])), _beside(path))


def find_tools() -> dict[str, str | None]:
    """Return the version of each program needed, None for one that is missing or does not run."""
    return {name: _version(name) for name in _TOOLS}


def find_parts() -> Parts:
    """Which of the parts that a build may lack are here.

    Raises:
        ToolMissing, ToolFailed, SandboxFailed, Stalled, Overran: ffmpeg does not say.
    """
    encoders, filters = _listed("-encoders"), _listed("-filters")
    return Parts("libx264" in encoders, "aac" in encoders, {"zscale", "tonemap"} <= filters)


def _listed(what: str) -> set[str]:
    """The names in one of ffmpeg's own lists, each behind a word of flags."""
    path = _find("ffmpeg")
    said = answer(Program((path, *_QUIETLY, what), _beside(path)), iter(()), _SHORT)
    return {each.decode("ascii", "replace") for each in _NAMED.findall(said)}


def _input_options(demuxer: str) -> dict[str, str | int]:
    return {
        "protocol_whitelist": "pipe",
        "format_whitelist": _FORMATS.get(demuxer, demuxer),
        "max_streams": 16,
        "probesize": "50M",
        "analyzeduration": "20M",  # microseconds
        "threads": 2,
        **_ONLY_FOR.get(demuxer, {}),
    }


def _find(name: str) -> str:
    if path := shutil.which(name):
        return str(Path(path).resolve())
    raise ToolMissing


def _beside(path: str) -> tuple[str, ...]:
    """What a program that did not come with the system needs to read: itself and its libraries."""
    folder = Path(path).parent
    if folder.is_relative_to("/usr"):
        return ()
    libraries = folder.parent / "lib"
    return (str(folder), *([str(libraries)] if libraries.is_dir() else []))


def _version(name: str) -> str | None:
    try:
        path = _find(name)
        said = answer(Program((path, "-version"), _beside(path)), iter(()), _SHORT)
    except MediaError:
        return None
    found = re.match(rb"\S+ version (\S+)", said)
    return found.group(1).decode("ascii", "replace") if found else None
