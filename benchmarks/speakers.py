"""Who speaks when: diarization error, speakers found, and words given to whose they are.

Usage: python -m benchmarks.speakers [--shared FOLDER] [--alike 0.45 ...] [--told] [--only TEXT]

Takes recordings with turns in RTTM (meetings, a telephone call) and spoken cases with timing.json.
The times of a case are of whole lines, with the pauses inside them: what is missed there is mostly
silence, so confusion is the figure to read.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.der import Errors, Turn, errors
from recorder.config import Settings, cache_folder
from recorder.voicemodels import load_voices
from transcribe.clips import RATE, Samples, samples_of
from transcribe.speakers import ALIKE, looks, turns
from transcribe.voices import Look, Telling

SHARED = Path(__file__).resolve().parents[2] / "shared"
COLLAR_MS = 250
SOUND = (".flac", ".wav", ".opus", ".m4a", ".mp4", ".mp3", ".ogg", ".mov", ".3gp")


@dataclass(frozen=True)
class Talk:
    """A recording, looked at, and who speaks when in it."""

    group: str
    name: str
    seen: list[Look]
    end_ms: int
    true: list[Turn]


def decoded(path: Path) -> Samples:
    argv = ["ffmpeg", "-v", "error", "-i", str(path), "-vn", "-ac", "1", "-ar", str(RATE)]
    argv += ["-f", "s16le", "-"]
    return samples_of(subprocess.run(argv, check=True, capture_output=True).stdout)


def sources(shared: Path) -> Iterator[tuple[str, Path, list[Turn]]]:
    """Each recording with its true turns."""
    folder = shared / "media" / "speech"
    rows: dict[str, list[Turn]] = {}
    for path in sorted(folder.glob("*.rttm")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = line.split()
            start, length = float(row[3]), float(row[4])
            turn = (round(1000 * start), round(1000 * (start + length)), row[7])
            rows.setdefault(row[1], []).append(turn)
    for path in sorted(each for each in folder.iterdir() if each.suffix in SOUND):
        if path.stem.replace("ñ", "n") in rows:
            group = "call" if path.stem == "sample" else "meeting"
            yield group, path, rows[path.stem.replace("ñ", "n")]
    for case in sorted((shared / "cases" / "dev").iterdir()):
        lines = json.loads((case / "timing.json").read_text(encoding="utf-8"))
        spans = [
            (round(1000 * each["start"]), round(1000 * each["end"]), each["speaker"])
            for each in lines
        ]
        many = len({who for _, _, who in spans}) > 1
        sound = next(each for each in case.iterdir() if each.suffix in SOUND)
        yield "case, two voices" if many else "case, one voice", sound, spans


def heard(shared: Path, only: str, telling: Telling) -> Iterator[Talk]:
    for group, path, true in sources(shared):
        name = path.parent.name if path.stem == "audio" else path.stem
        if only in name:
            samples = decoded(path)
            seen = list(looks(samples, 0, telling))
            yield Talk(group, name, seen, len(samples) * 1000 // RATE, true)


def report(talks: list[Talk], alike: float | None) -> None:
    """One row a recording and one a group; without `alike`, as where the number of people is told."""
    print(
        f"\n{'number of people told' if alike is None else f'alike {alike}'}\n| | people | found | missed | false | confused | DER | DER 0.25 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    sums: dict[str, tuple[Errors, Errors]] = {}
    for talk in talks:
        people = len({who for _, _, who in talk.true})
        found = turns(talk.seen, people if alike is None else None, alike)
        named = [(each.start_ms, each.end_ms, str(each.speaker)) for each in found]
        exact, kind = (errors(talk.true, named, talk.end_ms, collar) for collar in (0, COLLAR_MS))
        speakers = len({each.speaker for each in found} - {None})
        print(f"| {talk.name} | {people} | {speakers} |{_shares(exact)} | {kind.rate:.3f} |")
        before = sums.get(talk.group, (Errors(0, 0, 0, 0),) * 2)
        sums[talk.group] = before[0] + exact, before[1] + kind
    for group, (exact, kind) in sums.items():
        print(f"| **{group}** | | |{_shares(exact)} | {kind.rate:.3f} |")


def _shares(wrong: Errors) -> str:
    parts = (wrong.missed, wrong.false, wrong.confused)
    shares = [part / wrong.total for part in parts]
    return " |".join(f" {share:.3f}" for share in (*shares, wrong.rate))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--alike", type=float, nargs="*", default=[ALIKE])
    parser.add_argument("--told", action="store_true", help="also with the number of people told")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    telling = load_voices(Settings(models=cache_folder() / "models"))
    if telling is None:
        raise SystemExit("the weights are not installed: see requirements-voices.lock")
    clock, work = time.perf_counter(), time.process_time()
    talks = list(heard(options.shared, options.only, telling))
    clock, work = time.perf_counter() - clock, time.process_time() - work
    length = sum(talk.end_ms for talk in talks) / 1000
    print(f"{length:.0f} s of sound in {clock:.0f} s, {work:.0f} s of processor time")
    for alike in (*options.alike, *([None] if options.told else [])):
        report(talks, alike)


if __name__ == "__main__":
    main()
