"""What of our own labelled sentences, made false or changed by a word or a break, the gate would take.

Usage: python benchmarks/gate.py [--shown]
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

from benchmarks import drafting
from benchmarks.checks import SEED, spoken
from benchmarks.corruptions import corrupted
from transcribe.draft.checks import Said
from transcribe.draft.llm_gate import refused

_SETS = ("tuning", "rules", "training", "held_out")


def changed(text: str, said: Said, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Every sort of change with each text that it makes of `text`."""
    yield from (("made false", one.text) for one in corrupted(text, said, chance))
    words = text.split()
    for at in range(1, len(words)):
        if words[at - 1][-1].isalnum():
            before, after = words[: at - 1], words[at + 1 :]
            raised = words[at][:1].upper() + words[at][1:]
            yield "cut", " ".join([*before, f"{words[at - 1]}.", raised, *after])
            yield "cut", " ".join([*before, f"{words[at - 1]},", words[at], *after])
        yield "exchanged", " ".join([*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]])
    yield from (("a word less", " ".join(words[:at] + words[at + 1 :])) for at in range(len(words)))


def main() -> None:
    """Print how many changes of each sort were tried, and how many taken."""
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    tried: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    own = drafting.ROOT / "tests" / "labelled"
    for name in _SETS:
        for pair in spoken(drafting.load_own(own / f"{name}.toml")):
            said = Said(pair.text, pair.said.recorded, pair.said.cast, pair.said.speaker)
            for sort, text in changed(pair.text, said, chance):
                if text.casefold().split() == pair.text.casefold().split():
                    continue
                tried[sort] += 1
                if refused(text, said) is None:
                    taken[sort] += 1
                    if "--shown" in sys.argv:
                        print(f"{sort}: {pair.text}\n  {text}")
    for sort, count in tried.items():
        print(f"{sort}: {taken[sort]} of {count} taken")


if __name__ == "__main__":
    main()
