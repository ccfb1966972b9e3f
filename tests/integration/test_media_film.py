"""Films of all sorts, made here by ffmpeg, and what is made of them to be looked at."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recorder.errors import MediaError, ToolMissing, Undecodable
from recorder.media import ffmpeg as commands
from recorder.media import film
from recorder.media.ffmpeg import Parts
from recorder.media.readable import BytesReadable, FileReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from tests.integration.test_media_sound import ffmpeg

SHARED = Path(__file__).parents[2].parent / "shared" / "media"
PLACE = b"+51.4571-000.1931/"
TONE = ("-f", "lavfi", "-i", "sine=frequency=330:sample_rate=44100:duration=2")


def pictures(size: str, rate: int = 10, seconds: float = 2) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}")


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0", "-tag:v", "hvc1")
TOLD = (
    *("-metadata", f"location={PLACE.decode()}", "-metadata", "title=canary-title"),
    *("-metadata", "com.apple.quicktime.location.ISO6709=canary-place"),
    *("-metadata:s:v:0", "handler_name=canary-handler", "-timecode", "10:11:12:13"),
    *("-movflags", "use_metadata_tags"),
)
JITTER = ("-vf", "setpts='PTS+random(1)*0.04/TB'", "-fps_mode", "vfr")

# name: (what goes in, how it is coded, width and height of what is made)
MADE = {
    "plain.mp4": (TONE + pictures("640x360"), (*H264, *TOLD), (640, 360)),
    "large-hevc.mp4": (TONE + pictures("3840x2160", 2, 1), HEVC, (1280, 720)),
    "odd.mkv": (TONE + pictures("321x241"), ("-c:v", "ffv1"), (320, 240)),
    "silent.mp4": (pictures("320x240"), H264, (320, 240)),
    "portrait.mp4": (TONE + pictures("1080x1920", 2, 1), H264, (720, 1280)),
    "narrow.mp4": (TONE + pictures("320x240"), (*H264, "-vf", "setsar=2/1"), (640, 240)),
    "uneven.mp4": (TONE + pictures("320x240", 25), (*H264, *JITTER), (320, 240)),
    "quick.mp4": (TONE + pictures("320x240", 120), H264, (320, 240)),
    "tall.webm": (TONE + pictures("200x400"), ("-c:v", "libvpx", "-c:a", "libopus"), (200, 400)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for name, (source, coding, _) in MADE.items():
        ffmpeg(*source, *coding, str(folder / name))
    return folder


def proxy(path: Path) -> bytes:
    media_type = TYPES["matroska" if path.suffix in {".mkv", ".webm"} else "mp4"]
    with path.open("rb") as file:
        return b"".join(film.proxy(FileReadable(file.fileno()), media_type))


def probed(content: bytes, *entries: str) -> dict[str, Any]:
    asked = ("-show_streams", "-show_format", *entries)
    done = subprocess.run(
        ["ffprobe", "-v", "error", *asked, "-of", "json", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", MADE)
def test_any_film_becomes_one_that_browsers_play(made: Path, name: str) -> None:
    content = proxy(made / name)
    found = probed(content, "-count_frames")
    kinds = {each["codec_type"]: each for each in found["streams"]}
    assert len(kinds) == len(found["streams"])  # one of each, and no data
    assert (kinds["video"]["codec_name"], kinds["video"]["pix_fmt"]) == ("h264", "yuv420p")
    assert (kinds["video"]["width"], kinds["video"]["height"]) == MADE[name][2]
    assert film.size(BytesReadable(content)) == MADE[name][2]
    expected = {"video"} if name == "silent.mp4" else {"video", "audio"}
    assert set(kinds) == expected
    assert kinds.get("audio", {}).get("codec_name", "aac") == "aac"
    assert int(kinds["video"]["nb_read_frames"]) <= 62


def test_nothing_of_where_and_with_what_it_was_made_is_left(made: Path) -> None:
    original = (made / "plain.mp4").read_bytes()
    for told in (PLACE, b"canary-title", b"canary-place", b"canary-handler"):
        assert told in original
    content = proxy(made / "plain.mp4")
    assert PLACE not in content
    assert b"canary" not in content
    found = probed(content)
    assert {each["codec_type"] for each in found["streams"]} == {"video", "audio"}
    tags = found["format"]["tags"] | found["streams"][0]["tags"] | found["streams"][1]["tags"]
    assert set(tags) <= {
        *("major_brand", "minor_version", "compatible_brands", "language"),
        *("handler_name", "vendor_id", "encoder"),
    }
    assert {tags["handler_name"], tags["language"]} <= {"VideoHandler", "SoundHandler", "und"}


def test_a_film_that_was_turned_stands_upright(made: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    ffmpeg(
        *("-display_rotation", "90") if _knows_display_rotation() else (),
        *("-i", str(made / "plain.mp4"), "-c", "copy"),
        *(() if _knows_display_rotation() else ("-metadata:s:v:0", "rotate=90")),
        str(turned),
    )
    assert probed(turned.read_bytes())["streams"][0]["width"] == 640
    content = proxy(turned)
    assert film.size(BytesReadable(content)) == (360, 640)
    assert "side_data_list" not in probed(content)["streams"][0]


def _knows_display_rotation() -> bool:
    done = subprocess.run(["ffmpeg", "-hide_banner", "-h", "full"], capture_output=True, check=True)
    return b"-display_rotation" in done.stdout


def test_it_keeps_time_with_the_original(tmp_path: Path) -> None:
    """What a sentence stands on is found at the same place: a tone that begins after a second."""
    path = tmp_path / "late.mp4"
    late = "aevalsrc='if(gte(t,1),0.5*sin(2*PI*440*t),0)':s=44100:d=2"
    ffmpeg("-f", "lavfi", "-i", late, *pictures("160x120"), *H264, str(path))
    copy = proxy(path)
    starts = []
    for content in (path.read_bytes(), copy):
        samples = memoryview(b"".join(pcm(BytesReadable(content), TYPES["mp4"]))).cast("h")
        starts.append(next(at for at, level in enumerate(samples) if abs(level) > 5000))
    assert abs(starts[0] - starts[1]) < 16 * 50  # ms


def test_frames_are_taken_all_over_a_film_and_dark_ones_come_last(tmp_path: Path) -> None:
    path = tmp_path / "dark.mp4"
    scenes = [("black", 8), ("red", 8), ("black", 8), ("green", 8), ("blue", 8)]
    sources = [f"color=c={colour}:s=160x120:r=5:d={long}" for colour, long in scenes]
    inputs = [part for each in sources for part in ("-f", "lavfi", "-i", each)]
    ffmpeg(*inputs, "-filter_complex", f"concat=n={len(scenes)}:v=1", *H264, str(path))
    posters = film.posters(BytesReadable(proxy(path)))
    assert 3 <= len(posters) <= film.MOST_POSTERS
    shades = [each.brightness for each in posters]
    assert shades[0] > 24 > shades[-1]
    colours = {_main(each.jpeg) for each in posters}
    assert {"red", "green", "dark"} <= colours


def _main(jpeg: bytes) -> str:
    red, green, blue = Image.open(BytesIO(jpeg)).resize((1, 1)).convert("RGB").tobytes()
    named = {"red": red, "green": green, "blue": blue}
    return max(named, key=lambda each: named[each]) if max(red, green, blue) > 60 else "dark"


BARS = 7
SHOT = "smptebars=s=640x360:r=1:d=2"
TAGGED = {"color_transfer": "bt709", "color_primaries": "bt709", "color_space": "bt709"}


def hdr_film(path: Path, transfer: str) -> Path:
    """Colour bars as a phone would take them in HDR: ten bits, BT.2020."""
    coded = f"t={transfer}:p=bt2020:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
    ffmpeg(
        *("-f", "lavfi", "-i", SHOT),
        *("-vf", f"zscale=tin=bt709:pin=bt709:min=bt709:rin=tv:{coded}", *HEVC),
        *("-color_trc", transfer, "-color_primaries", "bt2020", "-colorspace", "bt2020nc"),
        str(path),
    )
    return path


def bars(content: bytes) -> list[tuple[int, ...]]:
    """What the seven bars of a film's first frame look like on an ordinary screen."""
    arguments = ("-v", "error", "-i", "-", "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-")
    done = subprocess.run(["ffmpeg", *arguments], input=content, capture_output=True, check=True)
    image = Image.open(BytesIO(done.stdout)).convert("RGB")
    middles = [int((bar + 0.5) * image.width / BARS) for bar in range(BARS)]
    return [_pixel(image, at) for at in middles]


def _pixel(image: Image.Image, across: int) -> tuple[int, ...]:
    return tuple(image.crop((across, 90, across + 1, 91)).tobytes())


def _apart(one: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> int:
    return max(
        abs(a - b)
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("transfer", sorted(commands.HDR))
def test_a_film_in_hdr_looks_on_an_ordinary_screen_as_it_was(tmp_path: Path, transfer: str) -> None:
    if not commands.find_parts().tones:
        pytest.skip("this ffmpeg has no zscale or tonemap")
    plain, shot = tmp_path / "plain.mp4", hdr_film(tmp_path / "hdr.mp4", transfer)
    ordinary = ("-color_trc", "bt709", "-color_primaries", "bt709", "-colorspace", "bt709")
    ffmpeg("-f", "lavfi", "-i", SHOT, *H264, *ordinary, str(plain))
    wanted, readable = bars(plain.read_bytes()), BytesReadable(shot.read_bytes())
    light = film.light_of(readable, TYPES["mp4"])
    assert (light.hdr, light.pale) == (transfer, False)
    copy = b"".join(film.proxy(readable, TYPES["mp4"], light=light))
    (stream,) = probed(copy)["streams"]
    assert (stream["pix_fmt"], {name: stream[name] for name in TAGGED}) == ("yuv420p", TAGGED)
    assert _apart(bars(copy), wanted) < 30
    untoned = film.Light(transfer, toned=False)
    assert untoned.pale
    assert _apart(bars(b"".join(film.proxy(readable, TYPES["mp4"], light=untoned))), wanted) > 50


def test_a_film_as_ordinary_screens_show_it_is_left_as_it_is(made: Path) -> None:
    content = BytesReadable((made / "plain.mp4").read_bytes())
    assert film.light_of(content, TYPES["mp4"]) == film.ORDINARY


def test_an_ffmpeg_that_makes_no_films_is_to_blame_and_not_the_film(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that no encoder has, as where ffmpeg was built without libx264."""
    program = commands.proxy_program("mov", max_seconds=9)
    argv = tuple("libx2640" if each == "libx264" else each for each in program.argv)
    monkeypatch.setattr(commands, "proxy_program", lambda *_, **__: replace(program, argv=argv))
    content = BytesReadable((made / "plain.mp4").read_bytes())
    with pytest.raises(Undecodable):
        b"".join(film.proxy(content, TYPES["mp4"]))
    lacking = Parts(h264=False, aac=True, tones=True)
    monkeypatch.setattr(commands, "find_parts", lambda: lacking)
    with pytest.raises(ToolMissing, match="libx264"):
        b"".join(film.proxy(content, TYPES["mp4"]))


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    "spoiled", [_cut, lambda _: b"", lambda content: content[:200] + bytes(5000)]
)
def test_what_is_no_film_is_refused(made: Path, spoiled: Callable[[bytes], bytes]) -> None:
    content = spoiled((made / "plain.mp4").read_bytes())
    with pytest.raises(MediaError):
        b"".join(film.proxy(BytesReadable(content), TYPES["mp4"]))
    with pytest.raises(MediaError):
        film.posters(BytesReadable(content))


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    ffmpeg(*TONE, str(path))
    with pytest.raises(Undecodable):
        b"".join(film.proxy(BytesReadable(path.read_bytes()), TYPES["m4a"]))
    with pytest.raises(Undecodable):
        b"".join(film.proxy(BytesReadable(b""), TYPES["jpeg"]))


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared media on this machine")
def test_a_film_of_a_real_camera() -> None:
    found = probed(proxy(SHARED / "phone" / "h265_with_metadata_track.mp4"))
    assert {each["codec_type"] for each in found["streams"]} <= {"video", "audio"}
    assert {each["codec_name"] for each in found["streams"]} <= {"h264", "aac"}
