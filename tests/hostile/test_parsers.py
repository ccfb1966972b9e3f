"""Everything that Recorder's own Python reads of a hostile file, or of a child that was taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import PurePath

import pytest

from recorder.codec import decode_draft, decode_transcript
from recorder.errors import RecorderError
from recorder.media import faststart, matroska, picture, sound
from recorder.media.container import check_complete
from recorder.media.jpeg import is_clean
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES, agreed, detect
from store.errors import TamperedError
from tests.attacks.oracle import Attacks
from tests.hostile.corpus import corpus, damaged
from tests.hostile.parts import Targets

FULL = 1_000_000
LARGEST = 64 * 1024  # bytes of what is damaged: structure, not sound


def recognise(data: bytes) -> None:
    found = detect(BytesReadable(data))
    agreed(found, min(found.suffixes))


def end(data: bytes) -> None:
    readable = BytesReadable(data)
    check_complete(readable, detect(readable))


def in_order(reorder: Callable[[BytesReadable], Iterable[bytes]]) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        for _ in reorder(BytesReadable(data)):
            pass

    return read


def description(data: bytes) -> None:
    sound.understood(data)


def copies(data: bytes) -> None:
    head, _, rest = data.partition(b"\n")
    picture._understood(head, picture._Derived)
    is_clean(rest, 60, 40)


def payload(data: bytes) -> None:
    for decode in (decode_transcript, decode_draft):
        try:
            decode(data)
        except TamperedError:  # sealed by us, so never met
            continue


PROBED = b"""{"streams": [{"codec_type": "audio", "codec_name": "aac"}, {"codec_type": "video",
"codec_name": "h264", "width": 1920, "height": 1080, "disposition": {"attached_pic": 0}}],
"format": {"duration": "12.5", "tags": {"creation_time": "2025-03-04T15:16:17Z"}}}"""
DERIVED = (
    b'{"type": "derived", "width": 60, "height": 40, "small_width": 60, "small_height": 40, '
    b'"jpeg": 9, "thumbnail": 9}\n\xff\xd8\xff\xdb\0\x04\0\0\xff\xc0\0\x0b\x08\0\x28\0\x3c\xff\xda'
)
TRANSCRIPT = b'{"segments": [{"text": "hello", "start_ms": 0, "end_ms": 900, "words": []}], "language": "en"}'

PARSERS: dict[str, tuple[Callable[[bytes], None], dict[str, bytes]]] = {
    "types": (recognise, {}),
    "ends": (end, {}),
    "MP4 order": (in_order(faststart.front_to_back), {}),
    "Matroska order": (in_order(matroska.front_to_back), {}),
    "ffprobe's answer": (description, {"probe": PROBED}),
    "a decoder's answer": (copies, {"derived": DERIVED}),
    "transcripts": (payload, {"transcript": TRANSCRIPT}),
}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Small files of every type, honest and not."""
    made = corpus(Targets("http://127.0.0.1:9/x", "/nowhere"))
    return {
        f"{number}{PurePath(each.name).suffix}": each.data
        for number, each in enumerate(made)
        if 0 < len(each.data) <= LARGEST and each.family != "disguised text"
    }


@pytest.mark.parametrize("name", PARSERS)
def test_damage_ends_in_an_answer_or_one_of_our_errors(
    name: str, files: dict[str, bytes], attack: Attacks
) -> None:
    parse, own = PARSERS[name]
    with attack(f"26 a parser trips over damage: {name}", FULL) as tried:
        for hostile in islice(damaged(own or files, tried.chance), tried.planned):
            try:
                parse(hostile.data)
            except RecorderError:
                tried.check(hostile.name, well=True)
            except Exception as error:  # noqa: BLE001 - what is looked for
                tried.check((hostile.name, hostile.data[:200], repr(error)), well=False)
            else:
                tried.check(hostile.name, well=True)


def test_every_type_has_a_file_to_damage(files: dict[str, bytes]) -> None:
    found = set()
    for data in files.values():
        try:
            found.add(detect(BytesReadable(data)).key)
        except RecorderError:
            continue
    assert found >= TYPES.keys() - {"m4a", "3gp"}
