from __future__ import annotations

from recorder.whose import WHO, voices_named, with_doubts
from transcribe.model import Contact, Draft, Origin, Person, Segment, Source, Statement, Transcript
from transcribe.spoken import UNSURE

PEOPLE = (Person("Margaret", "supervisor"), Person("Tomasz", "practitioner"))


def transcript(*lines: tuple[str | None, str]) -> Transcript:
    segments = tuple(Segment(n, n + 1, text, who) for n, (who, text) in enumerate(lines))
    return Transcript("model", "", "en", {}, 9, segments)


def drafted(*speakers: str | None) -> Draft:
    statements = tuple(
        Statement(f"s{n}", "header", "Said.", Origin.MACHINE, who, (Source("r", n, n + 1),))
        for n, who in enumerate(speakers)
    )
    return Draft("supervision", Contact(), statements)


def doubts(made: Draft) -> list[str]:
    return [
        " ".join(check.message for check in each.checks if check.code == WHO)
        for each in made.statements
    ]


def test_a_guessed_name_is_marked_where_it_first_stands() -> None:
    whose = voices_named(
        transcript(("Speaker 1", "How are you, Tomasz?"), ("Speaker 2", "Fine.")), PEOPLE
    )
    assert [each.speaker for each in whose.transcript.segments] == ["Margaret", "Tomasz"]
    found = doubts(with_doubts(drafted("Margaret", "Tomasz", "Tomasz"), whose))
    assert "guess" in found[0]
    assert "guess" in found[1]
    assert found[2] == ""


def test_a_voice_without_a_name_is_marked_once_and_an_unclear_one_each_time() -> None:
    whose = voices_named(transcript(("Speaker 1", "Hello."), ("Speaker 2", "Hello.")), PEOPLE)
    assert whose.suggested == {}
    found = doubts(with_doubts(drafted("Speaker 1", "Speaker 1", UNSURE, UNSURE), whose))
    assert [bool(each) for each in found] == [True, False, True, True]


def test_a_dictation_has_no_marks() -> None:
    whose = voices_named(transcript((None, "We met at the library.")), PEOPLE)
    assert doubts(with_doubts(drafted(None, "Tomasz"), whose)) == ["", ""]
