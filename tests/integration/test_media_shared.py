"""Files that phones, cameras and attackers really made: each is taken, or refused with a reason."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "media"
FOLDERS = ("phone", "gopro", "photos", "broken", "hostile", "speech", "drawings")

# In a child, so that a crash of a decoder, a runaway or a bomb is seen as what it is.
TRY = """
import os, resource, sys
from pathlib import Path
from recorder.errors import RecorderError
from recorder.intake.identify import identify
from recorder.media.container import check_complete
from recorder.media.picture import captured_at, derive
from recorder.media.readable import FileReadable
from recorder.media.sound import pcm, probe

def outcome(path, readable):
    try:
        found = identify(readable, path.name)
        check_complete(readable, found)
        if found.kind == "picture":
            data = readable.read(0, readable.size)
            captured_at(data)
            made = derive(data)
            assert made.jpeg and made.thumbnail and max(made.width, made.height) <= 2000
        else:
            probe(readable, found)
            assert sum(len(block) for block in pcm(readable, found)) > 0
        return "taken " + found.key
    except RecorderError as error:
        assert error.sentence.endswith(".") and path.stem not in error.sentence
        return "refused " + type(error).__name__

resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
for path in sorted(path for path in Path(sys.argv[1]).rglob("*") if path.is_file()):
    print(path.name, end=": ", flush=True)
    fd = os.open(path, os.O_RDONLY)
    print(outcome(path, FileReadable(fd)), flush=True)
    os.close(fd)
"""


@cache
def outcomes(folder: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRY, str(SHARED / folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr[-2000:]
    return dict(line.rpartition(": ")[::2] for line in done.stdout.splitlines())


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_is_taken_or_refused_with_a_reason(folder: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared media are not here")
    found = outcomes(folder)
    assert found, "no files found"
    assert all(said.startswith(("taken ", "refused ")) for said in found.values())


@pytest.mark.parametrize(
    ("folder", "suffixes"),
    [
        ("speech", {".wav", ".flac"}),
        ("gopro", {".mp4"}),
        ("drawings", {".jpg", ".jpeg", ".png"}),
    ],
)
def test_ordinary_recordings_and_photos_are_all_taken(folder: str, suffixes: set[str]) -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared media are not here")
    wanted = {name for name in outcomes(folder) if Path(name).suffix.lower() in suffixes}
    assert wanted, "no files found"
    assert {outcomes(folder)[name].split()[0] for name in wanted} == {"taken"}
