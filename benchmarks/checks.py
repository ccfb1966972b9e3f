"""How many false sentences the checks catch, and how often they speak up about true ones.

Usage: python benchmarks/checks.py [--misses] [--seed N]
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks import drafting
from benchmarks.corruptions import corrupted
from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said, against, weekday_of
from transcribe.draft.corrections import corrected, without_hesitations
from transcribe.model import Person

ROOT = Path(__file__).resolve().parents[1]
REWORDINGS = ROOT / "tests" / "unit" / "transcribe" / "draft" / "checks" / "rewordings.toml"
REWORDED = ("tuning", "second", "third", "held_out", "fourth", "fifth", "sixth", "unseen")
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Pair:
    """A true sentence and what it stands on."""

    text: str
    said: Said


@dataclass(slots=True)
class Count:
    """How a set of sentences came out."""

    caught: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)  # kind, sentence

    @property
    def share(self) -> float:
        """Caught of all."""
        return self.caught.total() / self.all.total()


def spoken(cases: list[drafting.Case]) -> list[Pair]:
    """Every sentence of the cases as the drafter would put it in a note, and as it was said."""
    pairs = []
    for case in cases:
        cast = make_cast(case.people, (line.text for line in case.lines))
        speaker = next(iter(cast.young if "annotation" in case.kind else cast.practitioners), None)
        before = ""
        for line in case.lines:
            said = Said(line.text, case.recorded_at.date(), cast, speaker, before=before)
            pairs.append(Pair(corrected(without_hesitations(line.text)), said))
            before = line.text
    return pairs


def reworded(name: str) -> list[Pair]:
    """True sentences in other words than were said."""
    pairs = []
    for each in tomllib.loads(REWORDINGS.read_text(encoding="utf-8"))["set"]:
        if each["name"] != name:
            continue
        rows = [row.split(" | ") for row in each["rows"].strip().splitlines()]
        cast = make_cast([Person(*one) for one in each["people"]], (row[0] for row in rows))
        recorded = date.fromisoformat(each["recorded"])
        speaker = next(iter(cast.practitioners), None)
        pairs += [
            Pair(row[1], Said(row[0], recorded, cast, speaker, before="".join(row[2:])))
            for row in rows
        ]
    return pairs


def alarms(pairs: list[Pair]) -> Count:
    """True sentences that a check speaks up about: `caught` are the false alarms."""
    count = Count()
    for pair in pairs:
        count.all["true"] += 1
        found = found_in(pair.text, pair.said)
        if found:
            count.caught["true"] += 1
            count.missed.append((found[0], pair.text))
    return count


def falsehoods(pairs: list[Pair], seed: int = SEED) -> Count:
    """Every sentence made false in every way that it can be, and how much of that is caught."""
    chance, count = random.Random(seed), Count()  # noqa: S311 - the same each time
    for pair in pairs:
        before = Counter(found_in(pair.text, pair.said))
        for one in corrupted(pair.text, pair.said, chance):
            count.all[one.kind] += 1
            new = Counter(found_in(one.text, one.said)) - before
            if new["harm_added"] if one.kind == "harm" else new:
                count.caught[one.kind] += 1
            else:
                count.missed.append((one.kind, one.text))
    return count


def found_in(text: str, said: Said) -> list[str]:
    """The codes of the checks that set a sentence against what was said."""
    return [each.code for each in (*weekday_of(text, said), *against(text, said))]


def main() -> None:
    """Print a table."""
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else SEED
    own = [case for name in ("tuning", "held_out") for case in _own(name)]
    sets = {"our sentences": spoken(own)}
    if drafting.CASES.is_dir():
        sets["shared cases"] = spoken(drafting.load_cases(drafting.CASES))
    wanted = sys.argv[sys.argv.index("--set") + 1] if "--set" in sys.argv else None
    for name in REWORDED if wanted is None else (wanted,):
        sets[f"rewordings, {name}"] = reworded(name)
    for name, pairs in sets.items():
        _show(name, pairs, seed)


def _own(name: str) -> list[drafting.Case]:
    return drafting.load_own(drafting.OWN / f"{name}.toml")


def _show(name: str, pairs: list[Pair], seed: int) -> None:
    quiet, false = alarms(pairs), falsehoods(pairs, seed)
    print(
        f"\n{name}: {len(pairs)} true sentences, {quiet.caught.total()} false alarms"
        f" ({quiet.share:.1%}); {false.all.total()} false ones, {false.share:.1%} caught"
    )
    for kind, number in false.all.items():
        print(
            f"  {kind:<14} {false.caught[kind]:>4} of {number:>4}  {false.caught[kind] / number:.1%}"
        )
    if "--misses" in sys.argv:
        for code, text in quiet.missed:
            print(f"  false alarm ({code}): {text}")
        for kind, text in false.missed:
            print(f"  missed ({kind}): {text}")


if __name__ == "__main__":
    main()
