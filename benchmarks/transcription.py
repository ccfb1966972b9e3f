"""How well and how fast speech becomes words: settings compared, and our path against the library's.

Usage: python benchmarks/transcription.py [--cases FOLDER] [--only TEXT] [--rounds N]

With a folder of spoken cases (script.txt, gold.json, audio.*) it prints one row a setting: word
error rate, names recalled, and speed by the clock and by processor time. On a shared machine
compare rows of one run and trust processor time first. It then times the sample by our path (ffmpeg
through pipes, windows, marks) and by plain faster-whisper with the same settings, in turn.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from recorder import models
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from transcribe.draft.numbers import NUMBER, ORDINAL, value
from transcribe.engine import FasterWhisper, Options
from transcribe.model import Person
from transcribe.vocabulary import hotwords

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases" / "dev"
RATE = 16_000
THREADS = 2
SAMPLE_PEOPLE = (
    Person("Amara Cole", "practitioner"),
    Person("Jordan", "young_person"),
    Person("Tyrell", "peer"),
)

Hear = Callable[[bytes, str | None], str]  # 16 kHz mono s16le and hotwords to text


@dataclass(frozen=True)
class Spoken:
    """One recording with what is said in it."""

    sound: bytes
    script: str
    people: tuple[Person, ...]


@dataclass
class Score:
    """What one setting did with all recordings."""

    wrong: int = 0  # words replaced, left out or put in
    words: int = 0
    named: int = 0  # times a name was heard, of ...
    names: int = 0  # ... times it was said
    clock: float = 0.0  # seconds
    processor: float = 0.0  # seconds, all cores
    length: float = 0.0  # seconds of sound


# --- scoring ----------------------------------------------------------------------------------

_HESITATIONS = frozenset({"um", "uh", "erm", "er", "mm", "hmm"})


def normal(text: str) -> list[str]:
    """Words to compare: small letters, no marks, hyphens split, numbers as digits, no "um"."""
    text = text.lower().replace("-", " ").replace("’", "'")
    text = re.sub(rf"\b{ORDINAL}\b", lambda found: f"{value(found.group())}th", text)
    text = re.sub(rf"\b{NUMBER}\b", lambda found: str(value(found.group())), text)
    return [word for word in re.sub(r"[^\w' ]", " ", text).split() if word not in _HESITATIONS]


def errors(said: list[str], heard: list[str]) -> int:
    """The least number of words to replace, leave out or put in."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        diagonal, row[0] = row[0], count
        for place, other in enumerate(heard, 1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]


def score(hear: Hear, cases: list[Spoken], words: Callable[[Spoken], str | None]) -> Score:
    total = Score()
    for one in cases:
        clock, processor = time.perf_counter(), time.process_time()
        text = hear(one.sound, words(one))
        total.clock += time.perf_counter() - clock
        total.processor += time.process_time() - processor
        total.length += len(one.sound) / 2 / RATE
        said, heard = normal(one.script), normal(text)
        total.wrong += errors(said, heard)
        total.words += len(said)
        for name in {person.name.split()[-1].lower() for person in one.people}:
            total.names += said.count(name)
            total.named += min(said.count(name), heard.count(name))
    return total


# --- what is compared -------------------------------------------------------------------------


def ours(folder: models.ModelFolder, options: Options) -> Hear:
    engine = FasterWhisper(
        folder.path, name=folder.name, sha256=folder.sha256, threads=THREADS, options=options
    )

    def hear(sound: bytes, words: str | None) -> str:
        transcript = engine.hear([sound], language="en", hotwords=words)
        return " ".join(segment.text for segment in transcript.segments)

    return hear


def library(folder: models.ModelFolder, *, batch_size: int | None) -> Hear:
    """Plain faster-whisper on the whole sound: sequential, or batched with its own cuts."""
    model = WhisperModel(
        str(folder.path),
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        local_files_only=True,
    )
    listener = model if batch_size is None else BatchedInferencePipeline(model)
    batch = {} if batch_size is None else {"batch_size": batch_size}

    def hear(sound: bytes, words: str | None) -> str:
        found, _ = listener.transcribe(
            np.frombuffer(sound, "<i2").astype(np.float32) / 32768,
            language="en",
            hotwords=words,
            beam_size=5,
            temperature=0.0,
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
            **batch,
        )
        return " ".join(segment.text for segment in found)

    return hear


def no_words(_: Spoken) -> None:
    return None


def names(one: Spoken) -> str | None:
    return hotwords(one.people, ())


def names_and_terms(one: Spoken) -> str | None:
    return hotwords(one.people)


def settings(
    folder: models.ModelFolder,
) -> Iterator[tuple[str, Callable[[], Hear], Callable[[Spoken], str | None]]]:
    default = Options()

    def own(**changes: int | str) -> Callable[[], Hear]:
        return lambda: ours(folder, replace(default, **changes))  # type: ignore[arg-type]

    yield "sequential, beam 5", lambda: library(folder, batch_size=None), no_words
    yield (
        "sequential, beam 5, names+terms",
        lambda: library(folder, batch_size=None),
        names_and_terms,
    )
    yield (
        "library's batches of 8, names+terms",
        lambda: library(folder, batch_size=8),
        names_and_terms,
    )
    yield "ours (batch 4, beam 5), names+terms", own(), names_and_terms
    yield "ours, names", own(), names
    yield "ours, nothing", own(), no_words
    yield "ours, batch 8, names+terms", own(batch_size=8), names_and_terms
    yield "ours, batch 1, names+terms", own(batch_size=1), names_and_terms
    yield "ours, beam 2, names+terms", own(beam_size=2), names_and_terms
    yield "ours, beam 1, names+terms", own(beam_size=1), names_and_terms
    yield "ours, float32, names+terms", own(compute_type="float32"), names_and_terms


# --- reading ----------------------------------------------------------------------------------


def read_case(folder: Path) -> Spoken:
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    lines = (folder / "script.txt").read_text(encoding="utf-8").splitlines()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(next(folder.glob("audio.*")))]
    command += ["-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return Spoken(
        sound=subprocess.run(command, check=True, capture_output=True).stdout,
        script=" ".join(re.sub(r"^[A-Z][A-Z ]*: ", "", line) for line in lines),
        people=tuple(Person(each["name"], each["role"]) for each in gold["people"]),
    )


def compare(folder: models.ModelFolder, cases: list[Spoken], only: str) -> None:
    print(f"{'setting':38} {'WER':>6} {'names':>13} {'x clock':>8} {'x processor':>12}")
    for label, make, words in settings(folder):
        if only not in label:
            continue
        one = score(make(), cases, words)
        print(
            f"{label:38} {one.wrong / one.words:6.3f} {one.named:4}/{one.names}="
            f"{one.named / one.names:.2f} {one.length / one.clock:8.1f} "
            f"{one.length / one.processor:12.1f}",
            flush=True,
        )


# --- our path against the library's -----------------------------------------------------------


def by_our_path(engine: FasterWhisper, file: Path, words: str | None) -> float:
    started = time.perf_counter()
    engine.hear(pcm(BytesReadable(file.read_bytes()), TYPES["ogg"]), language="en", hotwords=words)
    return time.perf_counter() - started


def by_the_library(model: WhisperModel, file: Path, words: str | None) -> float:
    started = time.perf_counter()
    found, _ = BatchedInferencePipeline(model).transcribe(
        str(file),
        language="en",
        hotwords=words,
        beam_size=Options().beam_size,
        batch_size=Options().batch_size,
        temperature=0.0,
        word_timestamps=True,
    )
    for _ in found:
        pass
    return time.perf_counter() - started


def side_by_side(folder: models.ModelFolder, rounds: int) -> None:
    """Both read the same file; the best of some rounds in turn, so that a busy moment hits both."""
    words = hotwords(SAMPLE_PEOPLE)
    engine = FasterWhisper(folder.path, name="base", sha256=folder.sha256, threads=THREADS)
    model = engine._model  # noqa: SLF001 - the same weights in memory for both
    with resources.as_file(resources.files("recorder.sample") / "voice-note.ogg") as file:
        pairs = [
            (by_our_path(engine, file, words), by_the_library(model, file, words))
            for _ in range(rounds)
        ]
    our, plain = (min(each) for each in zip(*pairs, strict=True))
    print(
        f"\nsample: ours {our:.2f} s, plain faster-whisper {plain:.2f} s, ratio {our / plain:.2f}"
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=Path, default=CASES)
    reader.add_argument("--only", default="", help="settings whose name holds this text")
    reader.add_argument("--rounds", type=int, default=3)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        folder = models.folder("base", Path(cache))
        side_by_side(folder, asked.rounds)
        if not asked.cases.is_dir():
            print("no spoken cases here: no table")
            return
        cases = [read_case(each) for each in sorted(asked.cases.iterdir()) if each.is_dir()]
        compare(folder, cases, asked.only)


if __name__ == "__main__":
    main()
