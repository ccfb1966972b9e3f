from __future__ import annotations

from transcribe.model import Segment, Transcript, Word
from transcribe.speakers import Turn
from transcribe.spoken import UNSURE, label, named, told_apart


def segment(text: str, start_ms: int, each_ms: int = 300) -> Segment:
    words = tuple(
        Word(start_ms + n * each_ms, start_ms + (n + 1) * each_ms, word, 0.9)
        for n, word in enumerate(text.split())
    )
    return Segment(start_ms, words[-1].end_ms, text, None, 0.9, words)


def transcript(*segments: Segment) -> Transcript:
    return Transcript("model", "", "en", {"beam_size": 5}, 60_000, segments)


def lines(heard: Transcript) -> list[tuple[str | None, str]]:
    return [(each.speaker, each.text) for each in heard.segments]


def test_a_segment_is_parted_where_the_speaker_changes_and_no_word_is_lost() -> None:
    heard = transcript(segment("How are you doing in yourself honestly I am so very tired", 0))
    turns = (Turn(0, 1850, 0), Turn(1850, 9000, 1))
    found = told_apart(heard, turns)
    assert lines(found) == [
        ("Speaker 1", "How are you doing in yourself"),
        ("Speaker 2", "honestly I am so very tired"),
    ]
    assert [word for each in found.segments for word in each.words] == list(heard.segments[0].words)
    assert found.parameters == {"beam_size": 5, "speakers": 2}


def test_where_one_person_speaks_nothing_is_said_of_speakers() -> None:
    heard = transcript(segment("We talked about college today", 0))
    found = told_apart(heard, (Turn(0, 5000, 0), Turn(300, 600, None)))
    assert found.segments == heard.segments
    assert found.parameters["speakers"] == 1


def test_a_word_or_two_at_the_edge_of_a_sentence_stay_with_it() -> None:
    heard = transcript(segment("Right let us start with Leila then.", 0))
    found = told_apart(heard, (Turn(0, 250, 1), Turn(250, 9000, 0)))
    assert lines(found) == [("Speaker 1", "Right let us start with Leila then.")]


def test_a_short_answer_that_is_a_sentence_keeps_its_speaker() -> None:
    heard = transcript(segment("Is he safe today?", 0), segment("Yes.", 1300))
    found = told_apart(heard, (Turn(0, 1250, 0), Turn(1250, 1700, 1)))
    assert [who for who, _ in lines(found)] == ["Speaker 1", "Speaker 2"]


def test_words_near_nobody_are_marked_as_unclear() -> None:
    heard = transcript(segment("Hello there", 0), segment("Somebody at the door", 20_000))
    found = told_apart(heard, (Turn(0, 600, 0), Turn(700, 1500, 1)))
    assert [who for who, _ in lines(found)] == ["Speaker 1", UNSURE]


def test_words_of_somebody_unknown_are_marked_as_unclear() -> None:
    heard = transcript(segment("Hello there you two", 5000))
    found = told_apart(heard, (Turn(0, 600, 0), Turn(700, 1500, 1), Turn(5000, 6300, None)))
    assert lines(found) == [(UNSURE, "Hello there you two")]


def test_a_segment_without_words_goes_by_its_own_times() -> None:
    heard = transcript(Segment(1000, 2000, "Good morning."))
    assert lines(told_apart(heard, (Turn(0, 500, 0), Turn(800, 2100, 1)))) == [
        ("Speaker 2", "Good morning.")
    ]


def test_names_take_the_place_of_labels() -> None:
    heard = transcript(Segment(0, 1, "Yes.", label(0)), Segment(1, 2, "No.", label(1)))
    assert lines(named(heard, {"Speaker 2": "Ravi"})) == [("Speaker 1", "Yes."), ("Ravi", "No.")]


def test_a_word_is_of_whose_turn_it_is_however_many_turns_there_are() -> None:
    """One long turn over many short ones: the first to start is not the first to end."""
    turns = [Turn(0, 400_000, 0), *(Turn(at, at + 900, 1) for at in range(1000, 60_000, 2000))]
    heard = transcript(segment("Yes I do think so", 5100, 100), segment("Then we left", 300_000))
    found = told_apart(heard, turns)
    assert lines(found) == [("Speaker 1", "Yes I do think so"), ("Speaker 1", "Then we left")]
    swapped = [Turn(each.start_ms, each.end_ms, 1 - (each.speaker or 0)) for each in turns]
    assert [who for who, _ in lines(told_apart(heard, swapped))] == ["Speaker 2", "Speaker 2"]
