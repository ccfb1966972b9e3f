"""How often whom a recording is about, and who speaks, is found in its opening, and how often wrongly.

Speaks every labelled opening of tests/openings with espeak-ng, hears it with Whisper as Recorder
does, and compares what is suggested with the label; also from the text as it was written.

    python -m benchmarks.openings
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from recorder import models
from recorder.config import cache_folder
from recorder.media import sound
from recorder.media.readable import FileReadable
from recorder.media.sniff import TYPES
from tests.openings import labelled
from transcribe.engine import FasterWhisper
from transcribe.model import Person
from transcribe.subject import speakers, subjects
from transcribe.vocabulary import GLOSSARY, hotwords

_TAIL = "We met at the library at four, and he told me that college is going well."
"""What follows, as in a real recording: an opening alone is an unusual thing to hear."""
VOICES = ("en-gb",)
Wanted = list[tuple[str, frozenset[str]]]
"""What was said, and who is meant."""


def main() -> None:
    found = models.folder("base", cache_folder() / "models")
    engine = FasterWhisper(found.path, name=found.name, sha256=found.sha256, threads=2)
    team = hotwords([Person(each.name, "practitioner") for each in labelled.staff()], GLOSSARY)
    for name, wanted, told in _sets():
        # As Recorder does: who speaks is looked for where nobody owns the file.
        expected = team if name.startswith("speaker") else hotwords((), GLOSSARY)
        written = {text: told(text) for text, _ in wanted}
        print(name, "as written", asdict(labelled.score(written, wanted)))
        for voice in VOICES:
            heard = {text: hear(engine, text, voice, expected) for text, _ in wanted}
            ids = {text: told(words) for text, words in heard.items()}
            for text, label in wanted:
                if ids[text] != label:
                    print(f"  {text!r} heard as {heard[text][:60]!r}: {sorted(ids[text])}")
            print(name, voice, asdict(labelled.score(ids, wanted)), flush=True)


def _sets() -> Iterator[tuple[str, Wanted, Callable[[str], set[str]]]]:
    """Whom openings are about and who speaks in them, those that rules were made on and others."""
    cases, staff = labelled.cases(), labelled.staff()
    for part in ("", "unseen_"):
        which = part.rstrip("_") or "seen"
        yield f"about, {which}:", labelled.about(part), lambda t: _ids(subjects(t, cases, staff))
        yield f"speaker, {which}:", labelled.speaking(part), lambda t: _ids(speakers(t, staff))


def hear(engine: FasterWhisper, text: str, voice: str, expected: str | None) -> str:
    """What Whisper makes of an opening and what follows it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opening.wav"
        command = ["espeak-ng", "-v", voice, "-s", "150", "-w", str(path), f"{text} {_TAIL}"]
        subprocess.run(command, check=True)
        with path.open("rb") as file:
            pcm = sound.pcm(FileReadable(file.fileno()), TYPES["wav"])
            heard = engine.hear(pcm, language="en", hotwords=expected)
    return " ".join(each.text.strip() for each in heard.segments)


def _ids(heard: Iterable[object]) -> set[str]:
    return {str(getattr(each, "id", "")) for each in heard}


if __name__ == "__main__":
    main()
