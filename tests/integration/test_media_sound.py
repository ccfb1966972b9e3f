"""Real media, made here by ffmpeg, decoded through pipes."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recorder.errors import Incomplete, MediaError, NoSound, TooLong, Undecodable, Unreadable
from recorder.intake.identify import identify
from recorder.media.container import check_complete
from recorder.media.readable import BytesReadable, FileReadable
from recorder.media.sniff import JPEG, TYPES, MediaType
from recorder.media.sound import RATE, Probe, find_tools, kind_of, measured, pcm, probe

TONE = ("-f", "lavfi", "-i", "sine=frequency=330:sample_rate=44100:duration=3")
FILM = ("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=3")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "100k", "-c:a", "libopus")
FRAGMENTS = ("-movflags", "frag_keyframe+empty_moov")

# name: (what goes in, how it is coded, the sound's codec)
MADE = {
    "plain.wav": (TONE, (), "pcm_s16le"),
    "large.wav": (TONE, ("-rf64", "always"), "pcm_s16le"),
    "float.wav": (TONE, ("-c:a", "pcm_f32le", "-ac", "2", "-ar", "48000"), "pcm_f32le"),
    "index-last.m4a": (TONE, (), "aac"),
    "index-first.m4a": (TONE, ("-movflags", "faststart"), "aac"),
    "fragments.m4a": (TONE, FRAGMENTS, "aac"),
    "film-index-last.mp4": (TONE + FILM, H264, "aac"),
    "film-index-first.mp4": (TONE + FILM, (*H264, "-movflags", "faststart"), "aac"),
    "film-fragments.mp4": (TONE + FILM, (*H264, *FRAGMENTS), "aac"),
    "film.mov": (TONE + FILM, (*H264, "-c:a", "pcm_s16be"), "pcm_s16be"),
    "film.3gp": (TONE + FILM, (*H264, "-c:a", "aac"), "aac"),
    "film.webm": (TONE + FILM, VP8, "opus"),
    "film.mkv": (TONE + FILM, (*H264, "-c:a", "flac"), "flac"),
    "note.opus": (TONE, ("-c:a", "libopus"), "opus"),
    "note.ogg": (TONE, ("-c:a", "libvorbis"), "vorbis"),
    "note.mp3": (TONE, ("-c:a", "libmp3lame", "-metadata", "title=canary"), "mp3"),
    "note.flac": (TONE, (), "flac"),
    "note.aac": (TONE, (), "aac"),
}
SAME_CONTAINER = {"float.wav", "index-first.m4a", "film.3gp", "film-index-first.mp4"}
"""Of these another one with the same kind of container is made."""


def ffmpeg(*arguments: str) -> bytes:
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True, capture_output=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for name, (source, coding, _) in MADE.items():
        ffmpeg(*source, *coding, str(folder / name))
    return folder


@contextmanager
def opened(path: Path) -> Iterator[tuple[FileReadable, MediaType]]:
    fd = os.open(path, os.O_RDONLY)
    try:
        readable = FileReadable(fd)
        yield readable, identify(readable, path.name)
    finally:
        os.close(fd)


def decoded(path: Path) -> bytes:
    with opened(path) as (readable, media_type):
        return b"".join(pcm(readable, media_type))


def described(path: Path) -> Probe:
    with opened(path) as (readable, media_type):
        return probe(readable, media_type)


def directly(path: Path) -> bytes:
    """Return what ffmpeg makes of the file itself, free to seek in it."""
    options = ("-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-")
    return ffmpeg("-i", str(path), *options)


@pytest.mark.parametrize("name", sorted(MADE.keys() - {"note.mp3"}))
def test_the_sound_through_a_pipe_is_the_sound_of_the_file(made: Path, name: str) -> None:
    expected = directly(made / name)
    assert len(expected) > 2.9 * RATE * 2
    assert decoded(made / name) == expected


def test_mp3_through_a_pipe_only_keeps_the_padding_of_its_last_frame(made: Path) -> None:
    # ffmpeg trims it only where it can seek; the resampler's last few samples then differ too.
    expected, found = directly(made / "note.mp3"), decoded(made / "note.mp3")
    frame = 1152 * RATE // 44_100 * 2
    assert 0 <= len(found) - len(expected) <= frame
    assert found.startswith(expected[:-64])


@pytest.mark.parametrize("name", MADE)
def test_what_ffmpeg_writes_is_whole(made: Path, name: str) -> None:
    with opened(made / name) as (readable, media_type):
        check_complete(readable, media_type)


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_cut_is_noticed_wherever_it_is(made: Path, name: str) -> None:
    whole = (made / name).read_bytes()
    with opened(made / name) as (_, media_type):
        # The last byte of a WAV may be padding that its length counts.
        for cut in range(len(whole) - 2, len(whole) // 3, -len(whole) // 40):
            if whole[cut:].startswith(b"OggS"):
                continue  # between two pages: only a mark that many recorders never set would tell
            with pytest.raises((Incomplete, Unreadable)):
                check_complete(BytesReadable(whole[:cut]), media_type)


STREAMED = {
    "live.webm": (*TONE, *FILM, *VP8, "-f", "webm", "-live", "1"),
    "live.mkv": (*TONE, *FILM, *H264, "-f", "matroska"),
    "live.flac": (*TONE, "-f", "flac"),
    "live.mp3": (*TONE, "-c:a", "libmp3lame", "-f", "mp3"),
    "live.aac": (*TONE, "-f", "adts"),
    "live.ogg": (*TONE, "-c:a", "libopus", "-f", "ogg"),
}


@pytest.mark.parametrize("name", STREAMED)
def test_a_recorder_that_could_not_go_back_in_its_file_is_followed_too(name: str) -> None:
    whole = ffmpeg(*STREAMED[name], "-")
    readable = BytesReadable(whole)
    media_type = identify(readable, name)
    check_complete(readable, media_type)
    assert b"".join(pcm(readable, media_type))
    noticed = 0
    for cut in range(len(whole) - 1, len(whole) - 40, -1):
        try:
            check_complete(BytesReadable(whole[:cut]), media_type)
        except Incomplete:
            noticed += 1
    assert noticed >= 38  # one of them may fall between two frames


@pytest.mark.parametrize("name", MADE)
def test_the_streams_are_described(made: Path, name: str) -> None:
    with opened(made / name) as (readable, media_type):
        found = probe(readable, media_type)
        is_film = "film" in name
        assert found.has_audio
        assert found.audio_codec == MADE[name][2]
        assert found.has_video == is_film
        assert (found.width, found.height) == ((160, 120) if is_film else (None, None))
        assert kind_of(media_type, found) == ("video" if is_film else "audio")


def test_blocks_are_whole_samples(made: Path) -> None:
    with opened(made / "note.opus") as (readable, media_type):
        assert all(len(block) % 2 == 0 for block in pcm(readable, media_type))


def test_speech_survives(tmp_path: Path) -> None:
    spoken = subprocess.run(
        ["espeak-ng", "-w", str(tmp_path / "speech.wav"), "We met at the library at four."],
        check=False,
    )
    assert spoken.returncode == 0, "espeak-ng is needed to make speech"
    ffmpeg("-i", str(tmp_path / "speech.wav"), str(tmp_path / "speech.m4a"))
    assert len(decoded(tmp_path / "speech.m4a")) > RATE


def test_a_cover_picture_is_not_a_film(tmp_path: Path) -> None:
    cover = ("-f", "lavfi", "-i", "color=red:size=64x64:duration=1", "-frames:v", "1")
    ffmpeg(*cover, str(tmp_path / "cover.jpg"))
    tagged = tmp_path / "note.mp3"
    ffmpeg(*TONE, "-i", str(tmp_path / "cover.jpg"), "-map", "0", "-map", "1", str(tagged))
    assert not described(tagged).has_video
    assert decoded(tagged)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("2025-03-04T15:16:17Z", "2025-03-04T15:16:17+00:00"),
        ("1970-01-01T00:00:00Z", None),
    ],
)
def test_the_time_of_the_recording_is_read(tmp_path: Path, tag: str, expected: str | None) -> None:
    path = tmp_path / "note.m4a"
    ffmpeg(*TONE, "-metadata", f"creation_time={tag}", str(path))
    found = described(path).creation_time
    assert (found.isoformat() if found else None) == expected


def test_the_local_time_of_a_phone_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    local = "com.apple.quicktime.creationdate=2025-07-04T15:16:17+0100"
    flags = ("-movflags", "use_metadata_tags", "-metadata", local)
    ffmpeg(*TONE, *flags, "-metadata", "creation_time=2025-07-04T14:16:17Z", str(path))
    found = described(path).creation_time
    assert found is not None
    assert found.isoformat() == "2025-07-04T15:16:17+01:00"


@pytest.mark.parametrize("name", ["silent.mp4", "silent.webm"])
def test_a_film_without_sound_says_so(tmp_path: Path, name: str) -> None:
    ffmpeg(*FILM, *(H264 if name.endswith("mp4") else VP8), str(tmp_path / name))
    assert not described(tmp_path / name).has_audio
    with pytest.raises(NoSound):
        decoded(tmp_path / name)


def test_a_picture_has_no_sound() -> None:
    with pytest.raises(NoSound):
        list(pcm(BytesReadable(b"\xff\xd8\xff"), JPEG))
    with pytest.raises(Undecodable):
        probe(BytesReadable(b"\xff\xd8\xff"), JPEG)


def test_a_sound_track_with_nothing_in_it_raises(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-t", "0", str(path))
    with pytest.raises(MediaError):
        decoded(path)


@pytest.mark.parametrize("name", ["film-index-last.mp4", "index-first.m4a", "film.mov"])
def test_a_cut_film_raises_and_gives_no_partial_sound(
    made: Path, name: str, tmp_path: Path
) -> None:
    data = (made / name).read_bytes()
    cut = tmp_path / name
    cut.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(Incomplete):
        decoded(cut)


@pytest.mark.parametrize("name", ["note.flac", "note.opus", "film.webm", "note.mp3"])
def test_a_header_without_sound_raises(made: Path, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((made / name).read_bytes()[:40])
    with opened(made / name) as (_, media_type):
        short = BytesReadable((tmp_path / name).read_bytes())
        with pytest.raises(MediaError):
            list(pcm(short, media_type))


def test_a_recording_longer_than_taken_raises(made: Path) -> None:
    with opened(made / "plain.wav") as (readable, media_type):
        assert len(b"".join(pcm(readable, media_type, max_seconds=3))) == 3 * RATE * 2
        with pytest.raises(TooLong):
            list(pcm(readable, media_type, max_seconds=2))


def test_the_tools_are_found_with_their_versions() -> None:
    tools = find_tools()
    assert set(tools) == {"ffmpeg", "ffprobe"}
    assert all(tools.values())


@pytest.mark.parametrize("name", sorted(MADE.keys() - SAME_CONTAINER))
def test_how_long_the_sound_is_is_known_of_every_container(made: Path, name: str) -> None:
    """By what the container says, or else counted through; where both tell, they agree."""
    with opened(made / name) as (readable, media_type):
        said, counted = probe(readable, media_type).length_ms, measured(readable, media_type)
    assert said or counted
    assert said is None or abs(said - 3000) < 150
    assert counted is None or abs(counted - 3000) < 150


def test_containers_written_without_their_length_are_counted_through(tmp_path: Path) -> None:
    for name in ("wav", "webm"):
        live = tmp_path / f"live.{name}"
        live.write_bytes(ffmpeg(*TONE, "-f", name, "-"))  # nothing can be filled in afterwards
        found = measured(BytesReadable(live.read_bytes()), TYPES[name])
        assert found is not None
        assert abs(found - 3000) < 150


@pytest.mark.parametrize("name", ["note.flac", "note.opus", "note.mp3"])
def test_what_cannot_be_counted_through_has_no_length(made: Path, name: str) -> None:
    with opened(made / name) as (_, media_type):
        assert measured(BytesReadable((made / name).read_bytes()[:40]), media_type) is None
    assert measured(BytesReadable(b"x"), JPEG) is None


def test_a_picture_stays_a_picture_whatever_its_streams() -> None:
    film = Probe(
        has_audio=False,
        has_video=True,
        audio_codec=None,
        video_codec="mjpeg",
        width=9,
        height=9,
        creation_time=None,
        length_ms=None,
    )
    assert kind_of(JPEG, film) == "picture"


def test_two_channels_come_in_turn_and_one_comes_twice(tmp_path: Path) -> None:
    sides = "sine=frequency=300:duration=2[a];anullsrc=r=16000:cl=mono:d=2[b];[a][b]amerge"
    argv = ("-filter_complex", sides, "-c:a", "pcm_s16le", str(tmp_path / "sides.wav"))
    ffmpeg(*argv)
    ffmpeg(*TONE, str(tmp_path / "one.wav"))
    for name, alike in (("sides.wav", False), ("one.wav", True)):
        content = (tmp_path / name).read_bytes()
        samples = memoryview(b"".join(pcm(BytesReadable(content), TYPES["wav"], channels=2)))
        left, right = samples.cast("h")[::2].tolist(), samples.cast("h")[1::2].tolist()
        assert max(left) > 1000
        assert (left == right) is alike
        assert len(left) == len(right) >= 2 * RATE
        if not alike:
            assert max(right) < 50
