"""ffmpeg and ffprobe: what they are asked, and that they are there."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from recorder.errors import MediaError, Overran, RecorderError, ToolMissing, Undecodable
from recorder.media import equipment, ffmpeg, reading, straighten
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm, probe
from recorder.sandbox.ladder import Program, python_program

DEMUXERS = sorted({found.demuxer for found in TYPES.values() if found.demuxer})


@pytest.mark.parametrize("demuxer", DEMUXERS)
def test_a_command_allows_pipes_and_one_demuxer_only(demuxer: str) -> None:
    for program in (
        ffmpeg.decode_program(demuxer, rate=16_000, max_seconds=9, max_bytes=99),
        ffmpeg.probe_program(demuxer),
    ):
        pairs = dict(pairwise(program.argv))
        assert pairs["-protocol_whitelist"] == "pipe"
        assert demuxer in pairs["-format_whitelist"].split(",")
        assert program.argv.index("-format_whitelist") < program.argv.index("-i")
        assert pairs["-i"] == "pipe:0"
        assert pairs["-max_streams"] == "16"
        assert ("-enable_drefs" in program.argv) == (demuxer == "mov")


def test_a_decoder_is_told_where_to_stop() -> None:
    argv = ffmpeg.decode_program("wav", rate=16_000, max_seconds=9, max_bytes=99).argv
    pairs = dict(pairwise(argv))
    assert (pairs["-t"], pairs["-fs"]) == ("9", "99")


def test_a_missing_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ToolMissing, match="install"):
        ffmpeg.probe_program("wav")
    assert ffmpeg.find_tools() == {"ffmpeg": None, "ffprobe": None}


@pytest.mark.parametrize("program", ["exit 1", "echo something else entirely"])
def test_a_broken_program_has_no_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    for name in ("ffmpeg", "ffprobe"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert ffmpeg.find_tools() == {"ffmpeg": None, "ffprobe": None}


def test_a_program_that_came_without_the_system_is_found_inside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ffmpeg", "ffprobe"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} version 9.9 of its own\n")
        (tmp_path / name).chmod(0o755)
    tmp_path.chmod(0o755)  # the child may run as another user
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert ffmpeg.find_tools() == {"ffmpeg": "9.9", "ffprobe": "9.9"}


H264 = " V....D libx264              H.264 as every browser plays it"
AAC = " A....D aac                  AAC"
TONES = (" .S. tonemap           V->V       x", " .SC zscale            V->V       x")


def _built(monkeypatch: pytest.MonkeyPatch, folder: Path, *lines: str) -> None:
    """An ffmpeg in the path that says that it has these parts and no other."""
    said = "\n".join(("Encoders:", " V..... = Video", " ... scale   V->V  x", *lines))
    for name in ("ffmpeg", "ffprobe"):
        (folder / name).write_text(f"#!/bin/sh\necho '{said}'\n")
        (folder / name).chmod(0o755)
    folder.chmod(0o755)  # the child may run as another user
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.mark.parametrize(
    ("lines", "well", "words"),
    [
        ((H264, AAC, *TONES), True, "HDR in ordinary colours"),
        ((H264, AAC, TONES[0]), True, "films in HDR look pale"),
        ((H264, AAC), True, "without zscale and tonemap"),
        ((AAC, *TONES), False, "without libx264: no version of a film"),
        ((), False, "without libx264 and aac: "),
    ],
)
def test_what_an_ffmpeg_lacks_is_said_with_what_it_costs(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    lines: tuple[str, ...],
    well: bool,  # noqa: FBT001 - a case of the table
    words: str,
) -> None:
    _built(monkeypatch, tmp_path, *lines)
    if well:
        assert words in equipment.films()
    else:
        with pytest.raises(RecorderError, match=words):
            equipment.films()


def test_this_ffmpeg_makes_films() -> None:
    assert "libx264 and aac" in equipment.films()


def test_what_is_not_installed_is_said_with_what_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "is_there", lambda: False)
    monkeypatch.setattr(straighten, "is_there", lambda: False)
    assert "no words on pictures are suggested" in equipment.words()
    assert "not straightened" in equipment.sheets()


@pytest.mark.skipif(not reading.is_there(), reason="no Tesseract on this machine")
def test_a_tesseract_that_does_not_run_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert equipment.words() == "suggested by Tesseract"
    (tmp_path / "tesseract").write_text("#!/bin/sh\necho 'List of languages (1): osd'\n")
    (tmp_path / "tesseract").chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(RecorderError, match="Tesseract is installed and does not run"):
        equipment.words()


@pytest.mark.skipif(not straighten.is_there(), reason="no OpenCV on this machine")
def test_an_opencv_that_does_not_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert equipment.sheets() == "straightened with OpenCV"
    monkeypatch.setattr(straighten, "_LIBRARIES", ("json",))  # all that its child may import
    with pytest.raises(RecorderError, match="OpenCV is installed and does not run"):
        equipment.sheets()


@pytest.mark.parametrize("key", sorted(key for key, found in TYPES.items() if found.demuxer))
@pytest.mark.parametrize("target", ["http://127.0.0.1:9/x.ts", "file:///etc/hostname"])
def test_a_playlist_under_any_type_opens_nothing(key: str, target: str) -> None:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{target}'\n"
    for text in (playlist, concat):
        readable = BytesReadable(text.encode())
        with pytest.raises(MediaError):
            list(pcm(readable, TYPES[key]))
        with suppress(MediaError):  # some demuxers describe a stream that is not there
            probe(readable, TYPES[key])


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("'[' * 999_999", Overran),
        ("'not JSON'", Undecodable),
        ("'{\"streams\": ' + '[' * 200_000", Undecodable),
        ("'{\"streams\": 7}'", Undecodable),
        ("'{\"streams\": [' + ','.join(['{}'] * 65) + ']}'", Undecodable),
        ("'{\"streams\": [{\"codec_name\": \"' + 'x' * 65 + '\"}]}'", Undecodable),
        ('\'{"streams": [{"codec_name": "<b>"}]}\'', Undecodable),
        ('\'{"streams": [{"width": 65536}]}\'', Undecodable),
        ('\'{"streams": [{"width": -1}]}\'', Undecodable),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, said: str, error: type[MediaError]
) -> None:
    def answering(_: str) -> Program:
        return python_program("-c", f"print({said})")

    monkeypatch.setattr(ffmpeg, "probe_program", answering)
    with pytest.raises(error):
        probe(BytesReadable(b"x"), TYPES["wav"])
