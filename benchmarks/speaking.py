"""Spoken recordings of our own, made on this machine from written scripts.

Usage: python -m benchmarks.speaking FOLDER [--voice espeak|hibari]

Writes a folder a recording, as `benchmarks.transcription --cases` reads them: script.txt, gold.json and
audio.wav (16 kHz). `espeak` is espeak-ng with British voices; `hibari` is a small neural voice with
British sounds, and needs the package hibari-tts. Noise, level and pauses are as the script says.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCRIPTS = Path(__file__).parent / "spoken" / "scripts.toml"
RATE = 16_000
PAUSE = 0.45  # seconds between two lines
_ESPEAK = ("en-gb", "en-gb-x-rp", "en-gb-scotland", "en-gb+f3", "en-gb-x-gbcwmd", "en-gb+m5")
Sound = NDArray[np.float64]


def decoded(file: Path) -> Sound:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(file), "-ac", "1", "-ar", str(RATE)]
    raw = subprocess.run([*command, "-f", "s16le", "pipe:1"], check=True, capture_output=True)
    return np.frombuffer(raw.stdout, "<i2").astype(float) / 32768


def by_espeak(lines: list[str], number: int) -> list[Sound]:
    """One of its British voices, at an ordinary pace."""
    voice = _ESPEAK[number % len(_ESPEAK)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "line.wav"
        return [_espoken(line, voice, file) for line in lines]


def _espoken(line: str, voice: str, file: Path) -> Sound:
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), line], check=True)
    return decoded(file)


# Run as a process of its own, so that nobody has to have the package to read this file.
_HIBARI = """
import json, sys
from hibari import Hibari
from hibari.g2p import G2P
speaker = Hibari(g2p=G2P(british=True))
for number, (line, file) in enumerate(json.load(sys.stdin)):
    speaker.save(line, file, seed=number)
"""


def by_hibari(lines: list[str], number: int) -> list[Sound]:
    """Its one voice that is packaged, lower or higher from recording to recording."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.wav" for index in range(len(lines))]
        asked = json.dumps([(line, str(file)) for line, file in zip(lines, files, strict=True)])
        command = [sys.executable, "-c", _HIBARI]
        subprocess.run(command, input=asked, text=True, check=True)
        higher = (1.0, 0.9, 1.08, 0.84)[number % 4]
        return [_pitched(decoded(file), higher) for file in files]


def _pitched(sound: Sound, higher: float) -> Sound:
    """As if played faster or slower: pitch and pace together."""
    size = round(len(sound) / higher)
    return np.interp(np.linspace(0, len(sound) - 1, size), np.arange(len(sound)), sound)


def degraded(sound: Sound, how: str, seed: int) -> Sound:
    """The sound with noise of a street over it, or as quiet as somebody far away."""
    kind, _, amount = how.partition(" ")
    level = float(np.sqrt(np.mean(sound**2)))
    if kind == "quiet":
        return sound * (10 ** (-float(amount) / 20) / level)
    if kind == "noise":
        walk = np.random.default_rng(seed).normal(size=len(sound))
        spectrum = np.fft.rfft(walk) / np.maximum(np.fft.rfftfreq(len(walk), 1 / RATE), 40)
        noise = np.fft.irfft(spectrum, len(walk))
        noise *= level / float(np.sqrt(np.mean(noise**2))) / 10 ** (float(amount) / 20)
        return sound + noise
    return sound


def joined(spoken: list[Sound], how: str) -> Sound:
    """The lines one after the other, with the pauses that the script asks for."""
    kind, _, amount = how.partition(" ")
    parts = [np.zeros(RATE // 2)]
    for count, sound in enumerate(spoken, 1):
        long = kind == "pauses" and count % 3 == 0
        parts += [sound, np.zeros(round((float(amount) if long else PAUSE) * RATE))]
    return np.concatenate(parts)


def write(target: Path, recording: dict[str, Any], sound: Sound) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / "script.txt").write_text("\n".join(recording["lines"]) + "\n", encoding="utf-8")
    people = [{"name": name, "role": "other"} for name in recording["people"]]
    (target / "gold.json").write_text(json.dumps({"people": people}), encoding="utf-8")
    samples = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    command = ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    command += ["-i", "pipe:0", str(target / "audio.wav")]
    subprocess.run(command, input=samples, check=True)


VOICES = {"espeak": by_espeak, "hibari": by_hibari}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--voice", choices=sorted(VOICES), default="espeak")
    asked = reader.parse_args()
    recordings = tomllib.loads(SCRIPTS.read_text(encoding="utf-8"))["recording"]
    for number, recording in enumerate(recordings):
        spoken = VOICES[asked.voice](recording["lines"], number)
        sound = degraded(joined(spoken, recording["sound"]), recording["sound"], number)
        write(asked.folder / f"{asked.voice}-{recording['id']}", recording, sound)
        print(f"{recording['id']}: {len(sound) / RATE:.0f} s, {recording['sound']}")


if __name__ == "__main__":
    main()
