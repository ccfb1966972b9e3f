"""Files that phones, cameras and people really made: each is taken, or refused for the right reason."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from tests.conftest import SHARED
from tools.media_table import Verdict, verdict

MEDIA = SHARED / "media"
FOLDERS = ("gopro", "phone", "photos", "drawings", "speech")
# Each was looked at by hand. What is not named here is taken.
REFUSED = {
    "gopro/LICENSE-APACHE": "NotTaken",  # texts
    "gopro/LICENSE-MIT": "NotTaken",
    "gopro/SAMPLES.md": "NotTaken",
    "gopro/karma.raw": "NotTaken",  # bare telemetry
    "phone/bbb_176x144_128kbps_15fps_h263.3gp": "NoSound",  # films without a sound track
    "phone/fixture.mov": "NoSound",
    "phone/invalid-bitstream.webm": "NoSound",
    "phone/pixel-motion-photo-2-hevc-tracks.mp4": "NoSound",
    "phone/sample_android_slow_motion.mp4": "NoSound",
    "phone/sample_av1.mkv": "NoSound",
    "phone/sample_with_invalid_nalu.mp4": "NoSound",
    "phone/fixture-adts-mpeg2.aac": "Incomplete",  # cut inside a frame
    "phone/fixture-adts-mpeg4.aac": "Incomplete",
    "phone/fixture-moov.mov": "Incomplete",  # 1 kB of an index of 98 kB
    "phone/fixture2.mkv": "Incomplete",  # 100 kB of 113 MB
    "phone/fixture.3g2": "Unfinished",  # twelve bytes
    "phone/fixture-babys-songbook.m4b.m4a": "Undecodable",  # its sound was taken out
    "phone/fixture-corrupt.mkv": "NotTaken",  # the first element of its header is overwritten
    "phone/fixture.asf": "NotTaken",  # Windows Media
    "phone/fixture.wma.asf": "NotTaken",
    "phone/fixture.wmv.asf": "NotTaken",
    "phone/fixture.qcp": "NotTaken",  # QCELP
    "photos/LICENSE": "NotTaken",
    "photos/corrupted.heic": "DamagedPicture",
    "photos/corrupted.hif": "Incomplete",  # 29 kB of 6 MB
    "photos/truncated.heic": "Incomplete",
    "photos/empty.heic": "Incomplete",  # no byte
    "drawings/LICENSE": "NotTaken",
    "drawings/LICENSE.txt": "NotTaken",
    "drawings/README.md": "NotTaken",
    "drawings/__LICENSE": "NotTaken",
    "speech/debug.development.rttm": "NotTaken",  # who spoke when, as text
    "speech/debug.test.rttm": "NotTaken",
    "speech/debug.train.rttm": "NotTaken",
    "speech/sample.rttm": "NotTaken",
    "speech/sample.stm": "NotTaken",
}


@cache
def verdicts(folder: str) -> list[Verdict]:
    paths = sorted(path for path in (MEDIA / folder).rglob("*") if path.is_file())
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(verdict, paths))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_is_taken_or_refused_for_the_right_reason(folder: str) -> None:
    if not MEDIA.is_dir():
        pytest.skip("the shared media are not here")
    found = {str(each.path.relative_to(MEDIA)): each for each in verdicts(folder)}
    assert found, "no files found"
    refused = {name: each.what for name, each in found.items() if not each.taken}
    assert refused == {name: why for name, why in REFUSED.items() if name.startswith(f"{folder}/")}
    for name, each in found.items():
        assert each.taken or each.sentence.endswith(".")
        assert (MEDIA / name).stem not in each.sentence


def test_whole_pictures_in_another_coding_are_not_called_damaged() -> None:
    """Seeds of a HEIF fuzzer: uncompressed pictures are as good as any, and no phone writes them."""
    paths = sorted((MEDIA / "hostile").glob("*unc*")) + sorted(
        (MEDIA / "hostile").glob("rgb_generic_*")
    )
    if not paths:
        pytest.skip("the shared media are not here")
    assert len(paths) == 86
    found = [verdict(path) for path in paths]
    assert {each.what for each in found} == {"NotTaken"}
    assert {"a format that is not taken" in each.sentence for each in found} == {True}
