"""The way of a file from the watched folder through every decoder, as Recorder itself goes it."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from recorder import hearing
from recorder.errors import RecorderError
from recorder.home import Home
from recorder.intake.owner import owner
from recorder.intake.receive import Registrar, receive
from recorder.intake.scan import ScanResult, Verdict, scan
from recorder.intake.settle import Tracker
from recorder.media import film, picture, sound
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.sandbox.ladder import Level
from recorder.sandbox.runner import chosen
from store.records import Recording
from tests.hostile.parts import Hostile

_SECONDS = 300  # of sound decoded of each: enough to meet what is hidden in it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    hostile: Hostile
    said: str  # "taken", or the sentence for a person
    error: str  # the class of the refusal; empty when it was taken
    defect: str  # what should not have happened; empty when all is well
    seconds: float = 0.0  # from the first child to the end of the last, waits for others included


def laid_out(home: Home, files: Sequence[Hostile]) -> dict[Path, Hostile]:
    """Put the files into the intake folder, each in a folder of its own."""
    place = home.settings.intake / "amara" / "EV-1001"
    laid: dict[Path, Hostile] = {}
    for number, hostile in enumerate(files):
        path = place / f"{number:05d}" / hostile.name
        path.parent.mkdir(parents=True)
        path.write_bytes(hostile.data)
        laid[path] = hostile
    return laid


def gone(home: Home, files: Sequence[Hostile]) -> Iterator[Outcome]:
    """Take all files in and decode what was taken; what became of each that was not left out."""
    laid, store = laid_out(home, files), home.store
    tracker: Tracker[Verdict] = Tracker(quiet_seconds=0, looks=1)
    judge = Registrar(home).judge
    seen = scan(home.settings.intake, tracker, 0.0, judge=judge, patience_seconds=0)
    assert _counted(seen) == len(files), "a file was passed over in silence"
    assert not seen.waiting
    for attention in seen.attention:
        yield _refused(laid[attention.path], attention.sentence, attention.code)
    taken: list[tuple[Recording, Hostile]] = []
    for arrived in seen.ready:
        whose = owner(store, arrived.place.practitioner, arrived.place.case_ref)
        assert whose is not None
        _, recording = receive(store, arrived, whose)
        assert recording is not None
        taken.append((recording, laid[arrived.path]))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(lambda each: decoded(home, *each), taken)


def _counted(seen: ScanResult) -> int:
    return len(seen.ready) + len(seen.waiting) + len(seen.attention) + seen.ignored


def decoded(home: Home, recording: Recording, hostile: Hostile) -> Outcome:
    """What its own stages make of a sealed recording."""
    began = time.monotonic()
    outcome = _decoded(home, recording, hostile)
    return replace(outcome, seconds=time.monotonic() - began)


def _decoded(home: Home, recording: Recording, hostile: Hostile) -> Outcome:
    try:
        kind = hearing.examine(home, recording).columns["kind"]
        reader, media_type = home.store.recordings.open(recording.id), TYPES[recording.media_type]
        if kind == "picture":
            picture.derive(reader.read(0, picture.MAX_BYTES + 1))
        else:
            for _ in sound.pcm(reader, media_type, max_seconds=_SECONDS):
                pass
        if kind == "video":
            light = film.light_of(reader, media_type)
            film.posters(BytesReadable(b"".join(film.proxy(reader, media_type, light=light))))
    except RecorderError as error:
        return _refused(hostile, error.sentence, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - anything else is what is looked for
        return Outcome(hostile, "", "", f"{type(error).__name__}: {error}")
    return Outcome(hostile, "taken", "", "")


def _refused(hostile: Hostile, sentence: str, error: str) -> Outcome:
    defect = ""
    if not sentence.endswith("."):
        defect = f"no sentence: {sentence}"
    elif error in {"SandboxFailed", "ToolMissing"}:
        defect = f"the machine was blamed: {error}"
    elif len(Path(hostile.name).stem) > 8 and Path(hostile.name).stem in sentence:
        defect = "its name is in the sentence"
    return Outcome(hostile, sentence, error, defect)


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """The outcomes by family, the slowest, and what the children used at most."""
    lines = []
    for family in dict.fromkeys(each.hostile.family for each in outcomes):
        counts = Counter(
            each.error or "taken" for each in outcomes if each.hostile.family == family
        )
        lines.append(f"{family}: " + ", ".join(f"{n} {name}" for name, n in counts.most_common()))
    slowest = max(outcomes, key=lambda each: each.seconds)
    lines.append(f"slowest: {slowest.hostile.name}, {slowest.seconds:.1f} s")
    if chosen().level is not Level.BUBBLEWRAP:  # which does not hand on what its child used
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines.append(f"children: at most {used.ru_maxrss >> 10} MiB")
    return lines
