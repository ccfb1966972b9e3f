"""57 real conversations of another trade go through splitting, filing and checks without an error."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from templates import note_type
from tests.attacks.oracle import FULL
from transcribe.draft import draft, from_transcript
from transcribe.model import Origin, Person, Segment, Transcript

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "texts" / "primock57"
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract
PEOPLE = (Person("Pat", "young_person"), Person("Doctor", "practitioner"))
INTERVAL = re.compile(r'xmin = ([\d.]+) *\n\s*xmax = ([\d.]+) *\n\s*text = "(.*?)" *\n', re.DOTALL)
MARK = re.compile(r"<[^>]*>")  # <UNSURE>, <UNIN/>


def said(path: Path, speaker: str) -> Iterator[Segment]:
    for start, end, text in INTERVAL.findall(path.read_text(encoding="utf-8")):
        words = " ".join(MARK.sub(" ", text.replace('""', '"')).split())
        if words:
            yield Segment(int(1000 * float(start)), int(1000 * float(end)), words, speaker)


def conversation(name: str) -> Transcript:
    both = [
        *said(FOLDER / f"{name}_doctor.TextGrid", "Doctor"),
        *said(FOLDER / f"{name}_patient.TextGrid", "Pat"),
    ]
    turns = tuple(sorted(both, key=lambda one: (one.start_ms or 0, one.end_ms or 0)))
    return Transcript("typed", "0" * 64, "en", {}, max(one.end_ms or 0 for one in turns), turns)


def test_every_consultation_is_filed_with_a_source_for_each_sentence(
    request: pytest.FixtureRequest,
) -> None:
    if not FOLDER.is_dir():
        pytest.skip("the consultations are not on this machine")
    names = sorted(path.stem for path in FOLDER.glob("*.json"))
    assert len(names) == 57
    step = 1 if request.config.getoption("--attacks") >= FULL else 14
    for name in names[::step]:
        transcript = conversation(name)
        utterances = from_transcript("r1", transcript, None)
        made = draft(utterances, note_type("case_note"), PEOPLE, AT)
        assert len(made.statements) + len(made.left_out) == len(utterances) > 20
        for statement in made.statements:
            assert statement.origin is Origin.MACHINE
            assert statement.text.strip()
            assert all(source.recording == "r1" for source in statement.sources)
            assert statement.sources[0].end_ms is not None
            assert statement.sources[0].end_ms <= transcript.duration_ms
        assert all(action.sources for action in made.actions)
        heard = " ".join(one.text for one in utterances)
        assert all(quote in heard for quote in made.quotes)
