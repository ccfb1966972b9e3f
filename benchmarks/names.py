"""How many names are heard, and how many that nobody said.

Usage: python -m benchmarks.names FOLDER [--cases FOLDER] [--only TEXT] [--others FOLDER] [--keep FOLDER]

FOLDER has the sound of benchmarks/spoken_names, made by tools/make_spoken.py; --cases a folder of spoken
cases (script.txt, gold.json, audio.*). For each set it prints word error rate and names heard: with
and without the case's names as hints to the speech model, each as it was heard and with names put
right by sound. Then every recording is heard once more with the names of another case's people, who
are not in it: names an hour that nobody said, and how many of them no mark says so of. --others is a
folder of more sound for that, of anything at all in which none of these people are named. With --keep
each transcript is kept, and the next run hears only what is new.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.transcription import RATE, THREADS, decoded, errors, normal, read_case
from recorder import models
from tools.make_spoken import SCRIPTS, cases
from transcribe.doubts import DOUBTED
from transcribe.engine import FasterWhisper
from transcribe.mending import mended
from transcribe.model import Person, Transcript, Word
from transcribe.names import of_people
from transcribe.vocabulary import GLOSSARY, hotwords

DEV = Path(__file__).resolve().parents[2] / "shared" / "cases" / "dev"
_APART = 5  # cases further on is the one whose people are not in the recording


@dataclass(frozen=True)
class Case:
    """A recording with what is said in it, and of whom."""

    set: str
    id: str
    sound: bytes  # 16 kHz mono s16le
    script: str
    people: tuple[Person, ...]

    @property
    def hours(self) -> float:
        """Its length."""
        return len(self.sound) / 2 / RATE / 3600


@dataclass
class Row:
    """What one way of listening did with a set."""

    wrong: int = 0  # words replaced, left out or put in
    words: int = 0
    named: int = 0  # times a name was heard, of ...
    names: int = 0  # ... times it was said
    offered: int = 0  # and of these, heard or asked about
    more: int = 0  # times it was written and nobody said it
    taken: int = 0  # words written as a name that sounds like them
    asked: int = 0  # words that may be a name


class Listener:
    """Hears each recording once in each way."""

    def __init__(self, engine: FasterWhisper, keep: Path) -> None:
        self._engine = engine
        self._keep = keep
        keep.mkdir(parents=True, exist_ok=True)

    def hear(self, case: Case, people: Sequence[Person], *, hints: bool, mend: bool) -> Transcript:
        """What is heard with or without hints of `people`, put right by sound or not."""
        words = hotwords(people) if hints else None
        names = [person.name for person in people] if hints else []
        terms = GLOSSARY if hints else ()
        how = repr(sorted(self._engine.parameters(words, names, terms).items())).encode()
        file = self._keep / f"{hashlib.sha256(case.sound + how).hexdigest()}.pickle"
        if not file.exists():
            heard = self._engine.hear(
                [case.sound], language="en", hotwords=words, names=names, terms=terms
            )
            file.write_bytes(pickle.dumps(heard))
        raw: Transcript = pickle.loads(file.read_bytes())  # noqa: S301 - written here
        return mended(raw, people, GLOSSARY, self._engine.common) if mend else raw


def spoken(folder: Path) -> Iterator[Case]:
    for file in sorted(SCRIPTS.glob("*.toml")):
        for case in cases(file):
            sound = folder / f"{case['id']}.ogg"
            if sound.exists():
                said = " ".join(
                    re.sub(r"^[A-Z]+: ", "", line) for line in case["text"].strip().splitlines()
                )
                people = tuple(Person(name, role) for name, role in case["people"])
                yield Case(file.stem, case["id"], decoded(sound), said, people)


def given(folder: Path) -> Iterator[Case]:
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        if each.is_dir():
            one = read_case(each, folder.name)
            yield Case(folder.name, each.name, one.sound, one.script, one.people)


def unscripted(folder: Path | None) -> Iterator[Case]:
    for file in sorted(folder.iterdir()) if folder is not None else ():
        yield Case("others", file.stem, decoded(file), "", ())


def count(row: Row, case: Case, people: Sequence[Person], heard: Transcript) -> None:
    said = [_bare(word) for word in normal(case.script)]
    found = [_bare(word) for word in normal(" ".join(one.text for one in heard.segments))]
    row.wrong += errors(said, found)
    row.words += len(said)
    for name in of_people([person.name for person in people]):
        plain = _bare(normal(name)[0])
        row.names += said.count(plain)
        heard_as, times = found.count(plain), said.count(plain)
        row.named += min(times, heard_as)
        row.more += max(heard_as - times, 0)
        row.offered += min(times, heard_as + sum(name in each for each in _asked(heard)))
    words = [word for segment in heard.segments for word in segment.words]
    row.taken += sum(word.heard is not None for word in words)
    row.asked += sum(word.perhaps is not None for word in words)


def _asked(heard: Transcript) -> Iterator[list[str]]:
    """The names that some words, one or several together, may be."""
    before = None
    for word in (word for segment in heard.segments for word in segment.words):
        if word.perhaps and word.perhaps != before:
            yield word.perhaps.split(" or ")
        before = word.perhaps


def _bare(word: str) -> str:
    return word.removesuffix("'s")


def table(listener: Listener, made: Sequence[Case]) -> None:
    print(
        f"{'set':10} {'hints':6} {'by sound':8} {'WER':>6} {'names':>13} {'or asked':>8} {'not said':>8} "
        f"{'taken':>6} {'asked':>6}"
    )
    for name in dict.fromkeys(case.set for case in made):
        for hints in (False, True):
            for mend in (False, True):
                row = Row()
                for case in made:
                    if case.set == name:
                        heard = listener.hear(case, case.people, hints=hints, mend=mend)
                        count(row, case, case.people, heard)
                print(
                    f"{name:10} {_yes(hints):6} {_yes(mend):8} {row.wrong / row.words:6.3f} "
                    f"{row.named:4}/{row.names}={row.named / row.names:.3f} {row.offered:8} {row.more:8} {row.taken:6} "
                    f"{row.asked:6}",
                    flush=True,
                )


def _yes(value: bool) -> str:  # noqa: FBT001 - a word for a table
    return "yes" if value else "no"


def put_in(heard: Transcript, absent: Sequence[Person]) -> Iterator[Word]:
    """The words of a transcript that are names of people who are not in it."""
    names = {_bare(normal(name)[0]) for name in of_people([person.name for person in absent])}
    for word in (word for segment in heard.segments for word in segment.words):
        if names.intersection(map(_bare, normal(word.text))):
            yield word


def strangers(listener: Listener, made: Sequence[Case], others: Sequence[Case]) -> None:
    """Names that nobody said: by the hints alone, and after names were put right by sound."""
    alone, unmarked, taken, hours = 0, 0, 0, 0.0
    for place, case in enumerate((*made, *others)):
        said = {_bare(word) for word in normal(case.script)}
        people = made[(place + _APART) % len(made)].people
        absent = [each for each in people if not said & {_bare(x) for x in normal(each.name)}]
        hours += case.hours
        alone += sum(1 for _ in put_in(listener.hear(case, absent, hints=True, mend=False), absent))
        for word in put_in(listener.hear(case, absent, hints=True, mend=True), absent):
            taken += word.heard is not None
            marked = word.heard or word.perhaps or word.probability == DOUBTED
            unmarked += not marked
            print(f"{case.id}: {word}", flush=True)
    print(
        f"\npeople who are not in it, {hours:.2f} hours: {alone} of their names by the hints alone, "
        f"{unmarked} of those not marked; {taken} more taken by sound, each with what was heard"
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--cases", type=Path, default=DEV)
    reader.add_argument("--only", default="", help="sets whose name holds this text")
    reader.add_argument("--others", type=Path, help="more sound for names that nobody said")
    reader.add_argument("--keep", type=Path, help="where transcripts are kept")
    asked = reader.parse_args()
    made = [case for case in (*given(asked.cases), *spoken(asked.folder)) if asked.only in case.set]
    with tempfile.TemporaryDirectory() as folder:
        model = models.folder("base", Path(folder))
        engine = FasterWhisper(model.path, name=model.name, sha256=model.sha256, threads=THREADS)
        listener = Listener(engine, asked.keep or Path(folder) / "heard")
        table(listener, made)
        strangers(listener, made, list(unscripted(asked.others)))


if __name__ == "__main__":
    main()
