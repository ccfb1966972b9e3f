"""What looking for names and for words of harm costs and finds, in text alone.

Usage: python -m benchmarks.misheard [--texts FOLDER]

It prints how long the rules take to look for names in a clip of half a minute, by how many names the
case has; of misspellings of words for harm, how many are found; and with --texts (a folder of
TextGrid files of real talk, as in ../shared/texts/primock57), how many of its words are asked about as
such. Words count as surely heard, and in the second row as hardly heard.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.make_spoken import SCRIPTS, cases
from transcribe.harmful import harmful
from transcribe.model import Word
from transcribe.weighing import rivals

MISSPELT = (
    *("Self-Home", "Self-hum", "suicidle", "stabbered", "explited", "knifing", "strangold"),
    *(
        "pregnent",
        "ligator",
        "arristed",
        "mashetty",
        "ketermine",
        "canabis",
        "sewicide",
        "overdoes",
    ),
    *("disclothes", "asalted"),
)
"""Words for harm as a speech model may write them. Written with the rules, and not held out."""
_CLIP = 75  # words that are said in half a minute
_COUNTS = (6, 12, 30, 60, 120)
_SURE, _HARDLY = 0.9, 0.3
_EVERY = (0.99, 0.95, 0.8, 0.99, 0.6, 0.99)  # how probable words are, one after the other


def words(text: str, probable: Sequence[float]) -> list[Word]:
    return [
        Word(at * 400, at * 400 + 300, word, probable[at % len(probable)])
        for at, word in enumerate(text.split())
    ]


def cost() -> None:
    """How long it takes to find what to ask about in a clip: the speech model's time comes on top."""
    made = [case for file in sorted(SCRIPTS.glob("*.toml")) for case in cases(file)]
    names = tuple(dict.fromkeys(name for case in made for name, _ in case["people"]))
    clips = [words(" ".join(case["text"].split()[:_CLIP]), _EVERY) for case in made]
    for count in _COUNTS:
        began = time.process_time()
        asked = sum(len(rivals(clip, names[:count])) for clip in clips)
        took = (time.process_time() - began) / len(clips)
        print(f"{count:4} names: {took:.3f} s and {asked / len(clips):.1f} questions a clip")


def said(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.TextGrid")):
        found = re.findall(r'text = "(.*?)"', file.read_text(encoding="utf-8", errors="ignore"))
        yield re.sub(r"<[^>]*>", "", " ".join(found))


def harm(texts: Sequence[str]) -> None:
    for name, probability in (("surely", _SURE), ("hardly", _HARDLY)):
        found = sum(
            bool(list(harmful(words(each, (probability,)), frozenset()))) for each in MISSPELT
        )
        heard = [words(text, (probability,)) for text in texts]
        asked = sum(len(list(harmful(each, frozenset()))) for each in heard)
        print(
            f"{name} heard: {found} of {len(MISSPELT)} misspellings found, "
            f"{asked} asked about in {sum(map(len, heard))} words of the texts"
        )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--texts", type=Path)
    asked = reader.parse_args()
    cost()
    harm(list(said(asked.texts)) if asked.texts else [])


if __name__ == "__main__":
    main()
