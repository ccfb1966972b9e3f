"""What a speech model invents is marked; what people say is not, and no word is ever left out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.heard import said, texts
from transcribe.doubts import DOUBTED, Evidence, Limits, enough, judged
from transcribe.model import Segment, Transcript, Word

CLEAR = Evidence(no_speech=0.01, log_probability=-0.15, compression=1.5)
ALWAYS = [(0, 10_000_000)]
LIMITS = Limits()
NOTE = "he was not hurt and he rang home from the bus stop"


def marked(
    words: Sequence[Word],
    evidence: Evidence = CLEAR,
    voice: Sequence[tuple[int, int]] = ALWAYS,
    hints: str | None = None,
) -> list[str]:
    kept = judged(words, evidence, voice, hints, LIMITS)
    assert texts(kept) == texts(words)
    assert [(word.start_ms, word.end_ms) for word in kept] == [
        (word.start_ms, word.end_ms) for word in words
    ]
    return [word.text for word in kept if word.probability == DOUBTED]


def crammed(text: str, start_ms: int = 5000, word_ms: int = 0) -> list[Word]:
    """All at one place, as a model puts words that it has no sound for."""
    return [
        Word(start_ms + at * word_ms, start_ms + (at + 1) * word_ms, word, 0.9)
        for at, word in enumerate(text.split())
    ]


def test_what_was_clearly_said_is_not_doubted() -> None:
    words = said(NOTE)
    assert judged(words, CLEAR, ALWAYS, None, LIMITS) == words


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(0.05, -0.2, 2.5),
        Evidence(0.05, -0.9, 1.5),
        Evidence(0.4, -0.6, 1.5),
    ],
    ids=["text in circles", "hardly believed", "no speech"],
)
def test_a_clip_that_speaks_against_itself_is_doubted_whole(evidence: Evidence) -> None:
    assert marked(said(NOTE), evidence) == NOTE.split()


def test_a_loop_is_doubted_and_what_stands_beside_it_is_not() -> None:
    assert marked(said("well " + "thank you " * 6)) == ["thank", "you"] * 6


def test_words_without_time_are_doubted() -> None:
    words = [*said("He rang home."), *crammed("And then it was about to start.", 9000)]
    assert marked(words) == "And then it was about to start.".split()


def test_words_faster_than_anybody_speaks_are_doubted() -> None:
    assert marked(crammed("he went to the shop and came home", word_ms=80))
    assert not marked(crammed("he went to the shop and came home", word_ms=140))


def test_a_word_or_two_over_many_seconds_of_voice_are_doubted() -> None:
    words = [Word(1000, 3000, "Thank", 0.9), Word(3000, 9000, "everybody.", 0.9)]
    assert marked(words) == ["Thank", "everybody."]
    pause = [(0, 1800), (8600, 10_000)]  # in which nobody speaks
    assert not marked(words, voice=pause)


def test_a_few_short_words_in_a_sentence_are_not() -> None:
    words = said("He went to the shop.")
    words[2] = replace(words[2], end_ms=words[2].start_ms)
    assert not marked(words)


def test_words_where_nobody_speaks_are_doubted() -> None:
    words = said("I was there. It was cold.")
    assert marked(words, voice=[(0, 1400)]) == ["It", "was", "cold."]
    assert marked(words, voice=[]) == texts(words)


def test_a_sentence_that_begins_before_its_voice_is_not() -> None:
    assert not marked(said("I was not there at all"), voice=[(1000, 3000)])


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for watching!",
        "Thank you so much for watching.",
        "Thank you all very much for watching this video and I'll see you next time.",
        "Subtitles by the Amara.org community",
        "Subtitles by the community.",
        "Transcribed by ESO, translated by —",
        "Please like and subscribe to my channel.",
        "Visit www.mooji.org for more.",
    ],
)
def test_what_films_end_with_is_always_doubted(text: str) -> None:
    before = said("He rang home.")
    words = [replace(w, start_ms=w.start_ms + 1500, end_ms=w.end_ms + 1500) for w in said(text)]
    assert marked([*before, *words]) == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "She said thank you for the food.",
        "He thanked her for watching the baby.",
        "He wants to subscribe.",
        "She was watching television.",
        "I will see you in the next few days.",
        "The letter was written by the school.",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert not marked(said(text))


def test_a_courtesy_far_from_any_other_word_is_doubted() -> None:
    alone = [Word(9000, 9300, "Thank", 0.9), Word(9300, 9600, "you.", 0.9)]
    assert marked([*said("He rang home."), *alone]) == ["Thank", "you."]
    assert not marked(said("He rang home. Thank you."))


HINTS = "This is a note about Jordan and Tyrell. We talked about MASH, county lines and Putney."


def test_hints_said_over_again_are_doubted_unless_they_are_clear() -> None:
    text = "We talked about MASH, county lines."
    assert marked(said(text, 0.3), hints=HINTS) == text.split()
    assert not marked(said(text, 0.9), hints=HINTS)
    assert not marked(said("Jordan went to Putney on the bus", 0.3), hints=HINTS)


@given(
    st.lists(
        st.sampled_from("he she went home not hurt the bus. Friday. rang".split()), max_size=40
    ),
    st.floats(0, 1),
    st.floats(-3, 0),
    st.floats(0.3, 9),
    st.lists(st.integers(0, 20_000), max_size=8).map(sorted),
)
def test_no_word_is_left_out_moved_or_changed_whatever_the_evidence(
    text: list[str], no_speech: float, log_probability: float, compression: float, edges: list[int]
) -> None:
    words = said(" ".join(text))
    voice = list(zip(edges[::2], edges[1::2], strict=False))
    kept = judged(words, Evidence(no_speech, log_probability, compression), voice, None, LIMITS)
    assert [replace(word, probability=0.9) for word in kept] == words
    assert {word.probability for word in kept} <= {0.9, DOUBTED}


def heard(sure: str, doubted: str) -> Transcript:
    words = (*said(sure), *(replace(word, probability=DOUBTED) for word in said(doubted)))
    segments = (Segment(0, 1, "", None, 0.5, words),) if words else ()
    return Transcript("base", "0" * 64, "en", {}, 1000, segments)


@pytest.mark.parametrize(
    ("sure", "doubted"),
    [("Jo rang, all well.", ""), ("No answer at the door.", ""), (NOTE, "so " * 20)],
)
def test_a_short_note_and_one_with_noise_in_it_are_enough(sure: str, doubted: str) -> None:
    assert enough(heard(sure, doubted))


@pytest.mark.parametrize(
    ("sure", "doubted"),
    [("", ""), ("Okay. Bye.", ""), ("", "I know " * 20), ("He was not at home", "so " * 60)],
)
def test_silence_a_word_or_two_and_loops_are_not(sure: str, doubted: str) -> None:
    assert not enough(heard(sure, doubted))
