"""How well and how fast speech becomes words: settings compared, and our path against the library's.

Usage: python -m benchmarks.transcription [--cases FOLDER] [--own FOLDER] [--of PATTERN] [--joined]
       [--only PATTERN] [--model M]

With folders of spoken cases (script.txt, gold.json, audio.*) it prints one row a setting: word error
rate, names recalled, and speed by processor time and by the clock, as multiples of real time. Settings
take turns at each recording; `--joined` puts all of them end to end, which says how fast a long recording
is heard. On a shared machine trust processor time: two cores at rest hear twice as fast as it says.
It then times the sample by our path (ffmpeg through pipes, windows, marks) and
by plain faster-whisper with the same settings, in turn.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from recorder import models
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from transcribe.clips import Cutting
from transcribe.draft.numbers import NUMBER, ORDINAL, value
from transcribe.engine import FasterWhisper, Options
from transcribe.model import Person
from transcribe.vocabulary import GLOSSARY, hotwords

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases" / "dev"
CALL = ROOT.parent / "shared" / "media" / "speech" / "sample.wav"
RATE = 16_000
THREADS = 2
BETWEEN = 2  # seconds of silence between recordings that are joined
MOST_NAMES = 12  # the model reads the first 223 tokens of its hints
SAMPLE_PEOPLE = (
    Person("Amara Cole", "practitioner"),
    Person("Jordan", "young_person"),
    Person("Tyrell", "peer"),
)

Hear = Callable[[bytes, str | None], str]  # 16 kHz mono s16le and hotwords to text


@dataclass(frozen=True)
class Spoken:
    """One recording with what is said in it."""

    group: str  # which recordings it belongs to
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


def add(total: Score, hear: Hear, one: Spoken, words: str | None) -> None:
    """Count in what a setting does with one recording."""
    clock, processor = time.perf_counter(), time.process_time()
    text = hear(one.sound, words)
    total.clock += time.perf_counter() - clock
    total.processor += time.process_time() - processor
    total.length += len(one.sound) / 2 / RATE
    said, heard = normal(one.script), normal(text)
    total.wrong += errors(said, heard)
    total.words += len(said)
    for name in {person.name.split()[-1].lower() for person in one.people}:
        total.names += said.count(name)
        total.named += min(said.count(name), heard.count(name))


# --- what is compared -------------------------------------------------------------------------


@cache
def engine(folder: models.ModelFolder, threads: int, compute_type: str) -> FasterWhisper:
    """One model in memory for all settings that can share it."""
    options = Options(compute_type=compute_type)
    return FasterWhisper(
        folder.path, name=folder.name, sha256=folder.sha256, threads=threads, options=options
    )


def ours(folder: models.ModelFolder, options: Options, threads: int = THREADS) -> Hear:
    listening = engine(folder, threads, options.compute_type).listening(options)

    def hear(sound: bytes, words: str | None) -> str:
        transcript = listening.hear([sound], language="en", hotwords=words)
        return " ".join(segment.text for segment in transcript.segments)

    return hear


@cache
def plain_model(folder: models.ModelFolder) -> WhisperModel:
    """As the library loads it: one batch at a time on all threads."""
    return WhisperModel(
        str(folder.path),
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        local_files_only=True,
    )


def library(folder: models.ModelFolder, *, batch_size: int | None) -> Hear:
    """Plain faster-whisper on the whole sound: sequential, or batched with its own cuts."""
    model = plain_model(folder)
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
    return hotwords(one.people)


def names_and_terms(one: Spoken) -> str | None:
    return hotwords(one.people, GLOSSARY)


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    make: Callable[[], Hear]
    words: Callable[[Spoken], str | None] = names


def settings(folder: models.ModelFolder) -> list[Setting]:
    """What is compared: the default first, then one change at a time."""
    default = Options()

    def own(name: str, threads: int = THREADS, **changes: str | float | Cutting) -> Setting:
        options = replace(default, **changes)  # type: ignore[arg-type]  # each of its own type
        return Setting(name, lambda: ours(folder, options, threads))

    def cut(name: str, **changes: float) -> Setting:
        return own(name, cutting=replace(default.cutting, **changes))

    return [
        own(f"default: batch {default.batch_size}, beam {default.beam_size}, int8, 2 listeners"),
        Setting("library, sequential, beam 5", lambda: library(folder, batch_size=None)),
        Setting("library, batches of 8, beam 5", lambda: library(folder, batch_size=8)),
        *(own(f"beam {size}", beam_size=size) for size in (1, 2, 3, 5, 8)),
        *(own(f"batch {size}", batch_size=size) for size in (1, 2, 4, 8)),
        own("1 thread", threads=1),
        own("int8_float32", compute_type="int8_float32"),
        own("float32", compute_type="float32"),
        *(own(f"speech from {level}", speech_threshold=level) for level in (0.3, 0.7)),
        *(own(f"pauses from {ms} ms", min_silence_ms=ms) for ms in (100, 320)),
        *(cut(f"clips of {length} s", clip=length) for length in (15.0, 22.0)),
        *(cut(f"windows of {length:.0f} s", window=length) for length in (60.0, 240.0)),
        *(cut(f"{quiet} s of quiet around", pad=quiet) for quiet in (0.1, 0.4)),
        Setting("names and terms", lambda: ours(folder, default), names_and_terms),
        Setting("no hints", lambda: ours(folder, default), no_words),
    ]


# --- reading ----------------------------------------------------------------------------------


def decoded(file: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(file)]
    command += ["-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def joined(spoken: list[Spoken]) -> Spoken:
    """All of them as one long recording, with the names that the hints have room for."""
    people = dict.fromkeys(person for one in spoken for person in one.people)
    return Spoken(
        group="joined",
        sound=bytes(2 * RATE * BETWEEN).join(one.sound for one in spoken),
        script=" ".join(one.script for one in spoken),
        people=tuple(people)[:MOST_NAMES],
    )


def read_case(folder: Path, group: str) -> Spoken:
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    lines = (folder / "script.txt").read_text(encoding="utf-8").splitlines()
    return Spoken(
        group=group,
        sound=decoded(next(folder.glob("audio.*"))),
        script=" ".join(re.sub(r"^[A-Z][A-Z ]*: ", "", line) for line in lines),
        people=tuple(Person(each["name"], each["role"]) for each in gold["people"]),
    )


def read_call(file: Path) -> Spoken:
    """Real speech: the telephone call that comes with its words."""
    lines = file.with_suffix(".stm").read_text(encoding="utf-8").splitlines()
    said = " ".join(line.split(maxsplit=5)[5] for line in lines)
    return Spoken(
        "call", decoded(file), said, (Person("Diane", "other"), Person("Sheila", "other"))
    )


def recordings(cases: Path, own: Path, those: str = "") -> list[Spoken]:
    """Spoken cases, a real call, and recordings made here, if any; `those` is found in their names."""
    found = [
        read_case(folder, group)
        for group, parent in (("cases", cases), ("own", own))
        if parent.is_dir()
        for folder in sorted(parent.iterdir())
        if folder.is_dir() and re.search(those, folder.name)
    ]
    with_call = CALL.exists() and re.search(those, CALL.stem)
    return [*found, *([read_call(CALL)] if with_call else [])]


def compare(folder: models.ModelFolder, spoken: list[Spoken], only: str) -> None:
    """Every setting hears a recording before any hears the next: a busy moment hits all alike."""
    rows = [row for row in settings(folder) if re.search(only, row.name)]
    heard = [(row, row.make()) for row in rows]
    groups = list(dict.fromkeys(one.group for one in spoken))
    scores = {(row.name, group): Score() for row in rows for group in groups}
    for one in spoken:
        for row, hear in heard:
            add(scores[row.name, one.group], hear, one, row.words(one))
    print(
        f"\n| setting | {' | '.join(f'WER, {each}' for each in groups)} | WER | names | x processor | x clock |"
    )
    print("|---" * (len(groups) + 5) + "|")
    for row in rows:
        print(_row(row.name, [scores[row.name, group] for group in groups]), flush=True)


def _row(name: str, scores: list[Score]) -> str:
    rates = [each.wrong / each.words for each in scores]
    total = Score(*(sum(column) for column in zip(*map(astuple, scores), strict=True)))
    return (
        f"| {name} | {' | '.join(f'{rate:.3f}' for rate in rates)} "
        f"| {total.wrong / total.words:.3f} | {total.named}/{total.names} "
        f"| {total.length / total.processor:.1f} | {total.length / total.clock:.1f} |"
    )


# --- our path against the library's -----------------------------------------------------------


def by_our_path(listening: FasterWhisper, file: Path, words: str | None) -> float:
    started = time.perf_counter()
    listening.hear(
        pcm(BytesReadable(file.read_bytes()), TYPES["ogg"]), language="en", hotwords=words
    )
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
    listening = engine(folder, THREADS, Options().compute_type)
    model = plain_model(folder)
    with resources.as_file(resources.files("recorder.sample") / "voice-note.ogg") as file:
        pairs = [
            (by_our_path(listening, file, words), by_the_library(model, file, words))
            for _ in range(rounds)
        ]
    our, plain = (min(each) for each in zip(*pairs, strict=True))
    print(
        f"\nsample: ours {our:.2f} s, plain faster-whisper {plain:.2f} s, ratio {our / plain:.2f}"
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=Path, default=CASES)
    reader.add_argument(
        "--own", type=Path, default=Path("made"), help="made by benchmarks.speaking"
    )
    reader.add_argument("--of", default="", help="recordings whose name this pattern is found in")
    reader.add_argument("--joined", action="store_true", help="all as one long recording")
    reader.add_argument("--only", default="", help="settings whose name this pattern is found in")
    reader.add_argument("--model", default="base", help="a packaged model, or a model's folder")
    reader.add_argument("--rounds", type=int, default=3)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        folder = models.folder(asked.model, Path(cache))
        spoken = recordings(asked.cases, asked.own, asked.of)
        spoken = [joined(spoken)] if asked.joined else spoken
        minutes = sum(len(one.sound) for one in spoken) / 2 / RATE / 60
        print(f"{len(spoken)} recordings, {minutes:.1f} minutes, {THREADS} threads")
        if spoken:
            compare(folder, spoken, asked.only)
        side_by_side(folder, asked.rounds)


if __name__ == "__main__":
    main()
