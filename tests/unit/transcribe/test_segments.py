"""What is made of the pieces that the speech model gives: words, and sentences of words."""

from collections.abc import Sequence

from tests.heard import found, said, texts
from transcribe.model import Segment, Word
from transcribe.segments import segment_of, sentences, words_of


def in_place(start: float, end: float) -> tuple[int, int]:
    return round(start * 1000), round(end * 1000)


def segments(words: Sequence[Word]) -> list[Segment]:
    return [segment_of(sentence) for sentence in sentences(words)]


def test_a_piece_without_a_space_continues_the_word_before() -> None:
    words = words_of(
        found((" at", 1, 1.2), (" 3.", 1.2, 1.5), ("45", 1.5, 2.0), (" pm", 2, 2.2)), in_place, 0
    )
    assert texts(words) == ["at", "3.45", "pm"]
    assert (words[1].start_ms, words[1].end_ms) == (1200, 2000)


def test_an_empty_piece_is_no_word() -> None:
    assert texts(words_of(found((" ", 1, 1.2), (" yes", 1.2, 2.0)), in_place, 0)) == ["yes"]


def test_each_sentence_is_a_segment_of_its_own() -> None:
    words = said("He was not hurt. Is that all? Yes")
    made = segments(words)
    assert [one.text for one in made] == ["He was not hurt.", "Is that all?", "Yes"]
    assert [word for one in made for word in one.words] == words
    assert (made[1].start_ms, made[1].end_ms) == (2000, 3400)


def test_a_long_silence_ends_a_segment() -> None:
    words = [Word(0, 500, "and", 0.9), Word(2500, 3000, "then", 0.9), Word(3900, 4000, "I", 0.9)]
    assert [one.text for one in segments(words)] == ["and", "then I"]


def test_a_full_stop_before_a_small_letter_ends_nothing() -> None:
    assert [one.text for one in segments(said("at 4 p.m. by the river"))] == [
        "at 4 p.m. by the river"
    ]


def test_a_segment_is_as_probable_as_its_words_on_average() -> None:
    words = [Word(0, 100, "yes", 0.4), Word(100, 200, "indeed", 0.8)]
    assert [one.probability for one in segments(words)] == [0.6]
