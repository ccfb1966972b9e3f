import os
import unicodedata
from pathlib import PurePosixPath

import pytest

from recorder.errors import NotTaken
from recorder.intake.identify import (
    Place,
    comparison_key,
    identify,
    is_ignored,
    is_ignored_folder,
    place,
)
from recorder.media.readable import BytesReadable

WAV = b"RIFF\x04\0\0\0WAVE"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("note.m4a", Place(None, None, ())),
        ("maya/note.m4a", Place("maya", None, ())),
        ("maya/K-17/note.m4a", Place("maya", "K-17", ())),
        ("maya/K-17/May/GoPro/GX010001.MP4", Place("maya", "K-17", ("May", "GoPro"))),
    ],
)
def test_the_path_names_the_practitioner_and_the_case(path: str, expected: Place) -> None:
    assert place(PurePosixPath(path)) == expected


def test_two_spellings_of_a_name_have_one_key() -> None:
    mac = unicodedata.normalize("NFD", "Zoë")
    found = place(PurePosixPath(mac, "k-17 ", "a.wav"))
    assert found.practitioner == "Zoë"
    assert comparison_key(mac) == comparison_key("ZOË")
    assert found.case_key == comparison_key("K-17")
    assert place(PurePosixPath("a.wav")).case_key is None


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._note.m4a",
        "~$report.docx",
        ".~lock.report.odt#",
        "note.m4a.tmp",
        "note.TMP",
        "note.m4a~RF1a2b3c.TMP",
        "video.mp4.partial",
        "video.mp4.part",
        "video.mp4.crdownload",
        "video.download",
        ".syncthing.note.m4a.tmp",
        "~syncthing~note.m4a.tmp",
        "desktop.ini",
        "Thumbs.db",
        "note.m4a~",
    ],
)
def test_what_other_programs_leave_while_they_work_is_ignored(name: str) -> None:
    assert is_ignored(name)


@pytest.mark.parametrize(
    "name", ["note.m4a", "GX010001.MP4", "part.wav", "download.mp3", "~note.m4a", "a.tmp.wav"]
)
def test_recordings_are_not_ignored(name: str) -> None:
    assert not is_ignored(name)


@pytest.mark.parametrize("name", [".stfolder", "@eaDir", "#recycle", "$RECYCLE.BIN", "__MACOSX"])
def test_folders_of_other_programs_are_ignored(name: str) -> None:
    assert is_ignored_folder(name)


@pytest.mark.parametrize("name", ["K-17", "maya", "tmp", "May visit"])
def test_folders_of_cases_are_not_ignored(name: str) -> None:
    assert not is_ignored_folder(name)


@pytest.mark.parametrize(
    "name",
    [
        "note.wav",
        "NOTE.WAV",
        "odd : name \u202e?.wav",
        "x" * 200 + ".wav",
        "note.wav ",
        "note.wav. .",
    ],
)
def test_content_and_name_that_agree_are_identified(name: str) -> None:
    assert identify(BytesReadable(WAV), name).key == "wav"


@pytest.mark.parametrize("name", ["note", "note.", " . "])
def test_a_name_without_an_ending_is_refused_with_help(name: str) -> None:
    with pytest.raises(NotTaken, match="ending"):
        identify(BytesReadable(WAV), name)


def test_the_content_is_explained_before_the_name() -> None:
    with pytest.raises(NotTaken, match="playlist"):
        identify(BytesReadable(b"#EXTM3U\n"), "note.wav")


def test_a_name_that_is_no_text_is_refused_with_help() -> None:
    with pytest.raises(NotTaken, match="Rename"):
        identify(BytesReadable(WAV), os.fsdecode(b"caf\xe9.wav"))
