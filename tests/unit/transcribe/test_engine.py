"""What is made of the words that the speech model gives: times, joins, doubts and sentences."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.transcribe import Word as Found

from transcribe.clips import RATE, Window
from transcribe.engine import EngineError, FasterWhisper, Speech, _doubted, _sentences, _words
from transcribe.model import Word

TEN_SECONDS = 10 * RATE


def speech(*spans: tuple[int, int], start: int = 0) -> Speech:
    """Ten seconds of sound from `start` s, with one clip of the given seconds."""
    first = start * RATE
    clip = tuple((one * RATE, two * RATE) for one, two in spans)
    samples = np.arange(TEN_SECONDS, dtype=np.float32)
    return Speech(Window(first, first + TEN_SECONDS, samples, (clip,)))


def found(*words: tuple[str, float, float]) -> list[Found]:
    return [Found(start, end, text, 0.9) for text, start, end in words]


def said(text: str, probability: float = 0.9) -> list[Word]:
    return [
        Word(at * 500, at * 500 + 400, word, probability) for at, word in enumerate(text.split())
    ]


def texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def test_times_count_from_the_start_of_the_recording() -> None:
    (word,) = _words(found((" hello", 1.0, 1.5)), speech((0, 5), start=60), 0)
    assert (word.start_ms, word.end_ms, word.text) == (61_000, 61_500, "hello")


def test_the_silence_that_was_left_out_counts() -> None:
    words = _words(found((" hello", 0.5, 1.0), (" again", 2.5, 3.0)), speech((1, 3), (6, 9)), 0)
    assert [(word.start_ms, word.end_ms) for word in words] == [(1500, 2000), (6500, 7000)]


def test_a_word_stands_within_one_span() -> None:
    (word,) = _words(found((" hello", 1.8, 2.6)), speech((1, 3), (6, 9)), 0)
    assert (word.start_ms, word.end_ms) == (6000, 6600)


def test_times_never_run_backwards_or_out_of_the_speech() -> None:
    words = _words(
        found((" one", 1.0, 2.0), (" two", 1.5, 1.2), (" three", 9.0, 11.0)), speech((0, 10)), 1200
    )
    times = [at for word in words for at in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[0] == 1200
    assert times[-1] == 10_000


def test_clips_lie_end_to_end_in_what_the_model_hears() -> None:
    clips = (((RATE, 2 * RATE), (3 * RATE, 5 * RATE)), ((6 * RATE, 7 * RATE),))
    samples = np.arange(TEN_SECONDS, dtype=np.float32)
    heard = Speech(Window(0, TEN_SECONDS, samples, clips))
    assert heard.clips == [{"start": 0.0, "end": 3.0}, {"start": 3.0, "end": 4.0}]
    assert heard.samples.tolist() == [
        *range(RATE, 2 * RATE),
        *range(3 * RATE, 5 * RATE),
        *range(6 * RATE, 7 * RATE),
    ]


def test_a_piece_without_a_space_continues_the_word_before() -> None:
    words = _words(
        found((" at", 1, 1.2), (" 3.", 1.2, 1.5), ("45", 1.5, 2.0), (" pm", 2, 2.2)),
        speech((0, 5)),
        0,
    )
    assert texts(words) == ["at", "3.45", "pm"]
    assert (words[1].start_ms, words[1].end_ms) == (1200, 2000)


def test_an_empty_piece_is_no_word() -> None:
    assert texts(_words(found((" ", 1, 1.2), (" yes", 1.2, 2.0)), speech((0, 5)), 0)) == ["yes"]


def test_ordinary_words_keep_their_probability() -> None:
    words = said("he was not hurt and he rang home")
    assert _doubted(words, all_=False) == words


def test_a_loop_is_kept_and_doubted() -> None:
    words = said("well " + "thank you " * 6)
    heard = _doubted(words, all_=False)
    assert texts(heard) == texts(words)
    assert [word.probability for word in heard] == [0.9] + [0.0] * 12


def test_a_doubtful_clip_is_kept_and_doubted_whole() -> None:
    heard = _doubted(said("the end of the film"), all_=True)
    assert {word.probability for word in heard} == {0.0}


def test_each_sentence_is_a_segment_of_its_own() -> None:
    words = said("He was not hurt. Is that all? Yes")
    segments = list(_sentences(words))
    assert [one.text for one in segments] == ["He was not hurt.", "Is that all?", "Yes"]
    assert [word for one in segments for word in one.words] == words
    assert (segments[1].start_ms, segments[1].end_ms) == (2000, 3400)


def test_a_long_silence_ends_a_segment() -> None:
    words = [Word(0, 500, "and", 0.9), Word(2500, 3000, "then", 0.9), Word(3900, 4000, "I", 0.9)]
    assert [one.text for one in _sentences(words)] == ["and", "then I"]


def test_a_full_stop_before_a_small_letter_ends_nothing() -> None:
    assert [one.text for one in _sentences(said("at 4 p.m. by the river"))] == [
        "at 4 p.m. by the river"
    ]


def test_a_segment_is_as_probable_as_its_words_on_average() -> None:
    words = [Word(0, 100, "yes", 0.4), Word(100, 200, "indeed", 0.8)]
    assert [one.probability for one in _sentences(words)] == [0.6]


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        FasterWhisper(tmp_path, name="none", sha256="0" * 64)
