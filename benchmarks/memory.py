"""Peak memory of `recorder process` on a long recording made of the sample.

Usage: python -m benchmarks.memory [--minutes 30] [--kind supervision]

The sample is repeated with pauses of changing length, packed as Opus, and given to the command line
in a process of its own. Linux reports the largest single process among those that ended: the one
that transcribes. ffmpeg runs beside it with some 50 MB of its own. In a supervision voices are told
apart as well.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path
from typing import IO, cast

RATE = 16_000
SEED = 30


def decoded(file: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(file), "-ac", "1", "-ar", str(RATE)]
    return subprocess.run(
        [*command, "-f", "s16le", "pipe:1"], check=True, capture_output=True
    ).stdout


def write_long(sample: bytes, minutes: int, target: Path) -> None:
    """Pauses of a moment to half a minute: windows and clips end in ever other places.

    It is written piece by piece: what starts a process is counted as that process is at first.
    """
    rng = random.Random(SEED)  # noqa: S311 - pauses, not secrets
    left = minutes * 60 * RATE * 2
    command = ["ffmpeg", "-v", "error", "-nostdin", "-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    command += ["-i", "pipe:0", "-c:a", "libopus", "-b:a", "24k", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        sink = cast("IO[bytes]", ffmpeg.stdin)
        while left > 0:
            pause = bytes(int(rng.choice((0.2, 1, 2.5, 7, 30)) * rng.uniform(0.5, 1) * RATE) * 2)
            left -= sink.write((sample + pause)[:left])
    if ffmpeg.returncode:
        raise SystemExit("ffmpeg could not write the recording: no figure")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=int, default=30)
    reader.add_argument("--kind", default="supervision")
    asked = reader.parse_args()
    minutes = asked.minutes
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.ogg"
        sample = resources.files("recorder.sample") / "voice-note.ogg"
        with resources.as_file(sample) as file:
            write_long(decoded(file), minutes, long)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # ffmpeg, above
        started = time.perf_counter()
        run = "from recorder.cli import main; main()"
        command = [sys.executable, "-c", run, "process", str(long), "--kind", asked.kind, "--json"]
        answer = subprocess.run(command, check=True, capture_output=True).stdout
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak <= before:
        raise SystemExit("the decoder was larger than the process measured: no figure")
    heard = json.loads(answer)["transcript"]["segments"]
    print(
        f"{minutes} min: peak {peak / 1024:.0f} MB, {seconds:.0f} s "
        f"({minutes * 60 / seconds:.1f} x real time), {len(heard)} segments heard"
    )


if __name__ == "__main__":
    main()
