"""A transcript with its names and its spelling put right, and what is kept of what was heard."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft import from_transcript
from transcribe.draft.checks import UNCLEAR_BELOW
from transcribe.draft.taken import PERHAPS, TAKEN, name_checks
from transcribe.mending import mended
from transcribe.model import Person, Segment, Transcript, Word

PEOPLE = (Person("Siobhan", "young_person"), Person("Delroy", "parent"), Person("Tomasz", "peer"))
COMMON = frozenset("i saw at the behavior with del roy Del Roy Thomas".split())


def heard(*sentences: str) -> Transcript:
    segments, clock = [], 0
    for sentence in sentences:
        words = []
        for text in sentence.split():
            words.append(Word(clock, clock + 90, text, 0.9))
            clock += 100
        start, end = words[0].start_ms, words[-1].end_ms
        segments.append(Segment(start, end, sentence, None, 0.9, tuple(words)))
    return Transcript("base", "0" * 64, "en", {"beam_size": 5}, clock, tuple(segments))


def put_right(*sentences: str, people: tuple[Person, ...] = PEOPLE) -> Transcript:
    return mended(heard(*sentences), people, ("MASH",), COMMON.__contains__)


def texts(transcript: Transcript) -> list[str]:
    return [segment.text for segment in transcript.segments]


def test_a_name_that_was_taken_for_another_spelling_keeps_what_was_heard() -> None:
    made = put_right("I saw Shivon's behavior.")
    assert texts(made) == ["I saw Siobhan's behaviour."]
    word = made.segments[0].words[2]
    assert (word.text, word.heard, word.start_ms, word.end_ms) == (
        "Siobhan's",
        "Shivon's",
        200,
        290,
    )


def test_a_name_heard_as_two_words_becomes_one_with_the_time_of_both() -> None:
    made = put_right("I saw Del Roy, at the MASH.", "With Siobhan.")
    assert texts(made) == ["I saw Delroy, at the MASH.", "With Siobhan."]
    word = made.segments[0].words[2]
    assert (word.text, word.heard, word.start_ms, word.end_ms) == ("Delroy,", "Del Roy", 200, 390)


def test_a_name_in_small_letters_gets_its_capital_if_it_is_no_common_word() -> None:
    people = (Person("Ifrah", "parent"), Person("Roy", "peer"))
    made = put_right("I saw ifrah's del roy.", people=people)
    assert texts(made) == ["I saw Ifrah's del roy."]
    assert made.segments[0].words[2].heard is None


@pytest.mark.parametrize("text", ["Shivon/Peter", "Shivon…Peter", "Del Roy—and", "Shivon(Anna)"])
def test_a_word_that_is_joined_to_a_name_is_never_lost(text: str) -> None:
    assert texts(put_right(f"I saw {text} there.")) == [f"I saw {text} there."]


def test_nothing_said_after_a_long_pause_is_part_of_a_name() -> None:
    before, after = put_right("I saw Del", "Roy at home.").segments
    assert (before.text, after.text) == ("I saw Del", "Roy at home.")


def test_a_common_name_stays_as_it_was_heard_beside_the_one_it_may_be() -> None:
    made = put_right("I saw Thomas.")
    assert texts(made) == ["I saw Thomas."]
    assert made.segments[0].words[2].perhaps == "Tomasz"


def test_the_reader_is_told_of_each() -> None:
    made = put_right("I saw Shivon's mum.", "I saw Thomas.", "I saw Siobhan.")
    told = [name_checks(one.names, one.text) for one in from_transcript("r", made, None)]
    (taken,), (perhaps,), plain = told
    assert (taken.code, taken.level, taken.instead) == (TAKEN, "look", "I saw Shivon's mum.")
    assert "“Shivon” was heard, and taken for the name “Siobhan”" in taken.message
    assert (perhaps.code, perhaps.level, perhaps.instead) == (PERHAPS, "look", "I saw Tomasz.")
    assert "“Thomas” was heard. It may be the name “Tomasz”" in perhaps.message
    assert plain == ()


def test_of_two_names_none_is_put_in_by_a_click() -> None:
    made = put_right("I saw Layla.", people=(Person("Leila", "peer"), Person("Laila", "peer")))
    (one,) = from_transcript("r", made, None)
    (check,) = name_checks(one.names, one.text)
    assert "“Laila or Leila”" in check.message
    assert check.instead is None


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [("He took his own life.", "took", "Tuck"), ("He burned himself.", "burned", "Bernard")],
)
def test_no_click_takes_a_phrase_for_harm_out(text: str, word: str, name: str) -> None:
    (check,) = name_checks([Word(0, 90, word, 0.6, perhaps=name)], text)
    assert (check.code, check.instead) == (PERHAPS, None)


def test_where_a_name_stands_twice_no_click_changes_one_of_them() -> None:
    """It would be the first, whichever was asked about."""
    (one,) = from_transcript("r", put_right("I saw Siobhan with Shivon."), None)
    (check,) = name_checks(one.names, one.text)
    assert check.code == TAKEN
    assert check.instead is None


def test_a_name_that_was_taken_back_is_not_asked_about() -> None:
    (one,) = from_transcript("r", put_right("I saw Shivon."), None)
    assert name_checks(one.names, "I saw her.") == ()


@pytest.mark.parametrize(
    ("text", "probability", "kept"),
    [
        ("Siobhan's,", 0.01, 0.0),  # as likely from the hints as from the speaker
        ("Siobhan", 0.03, 0.03),
        ("behaviour", 0.01, 0.01),  # no name: hearing itself says what it is worth
    ],
)
def test_a_name_that_was_hardly_heard_is_doubted(
    text: str, probability: float, kept: float
) -> None:
    (segment,) = heard(f"I saw him with {text}").segments
    doubtful = replace(segment.words[-1], probability=probability)
    whole = replace(segment, words=(*segment.words[:-1], doubtful))
    made = mended(Transcript("t", "", "en", {}, 500, (whole,)), PEOPLE, (), COMMON.__contains__)
    assert [word.probability for word in made.segments[0].words] == [0.9] * 4 + [kept]
    (one,) = from_transcript("r", made, None)
    assert one.probability is not None
    assert (one.probability < UNCLEAR_BELOW) == (kept == 0)


@pytest.mark.parametrize(("clock", "kept"), [(29_000, 0.0), (31_000, 0.9)])
def test_a_name_that_is_written_again_is_as_doubtful_as_it_was_at_first(
    clock: int, kept: float
) -> None:
    words = (Word(0, 90, "Siobhan,", 0.01), Word(clock, clock + 90, "Siobhan's", 0.9))
    segments = tuple(Segment(w.start_ms, w.end_ms, w.text, None, 0.9, (w,)) for w in words)
    made = mended(Transcript("t", "", "en", {}, 40_000, segments), PEOPLE, (), COMMON.__contains__)
    assert [segment.words[0].probability for segment in made.segments] == [0.0, kept]


def test_how_it_was_done_stands_beside_the_parameters() -> None:
    made = put_right("I saw Siobhan.")
    assert made.parameters == {"beam_size": 5, "spelling": "British", "names": "by sound"}
    weighed = replace(heard("I saw him"), parameters={"names_asked": 2})
    assert mended(weighed, PEOPLE, (), COMMON.__contains__).parameters["names"] == (
        "by the speech model and by sound"
    )


def test_segments_without_words_stay() -> None:
    whole = Transcript("t", "", "en", {}, 9, (Segment(0, 9, "I saw Shivon."),))
    assert mended(whole, PEOPLE, (), COMMON.__contains__).segments == whole.segments


@given(
    st.lists(
        st.lists(
            st.sampled_from("I saw Shivon Del Roy, Thomas. behavior Siobhan Hano Mom's 47".split()),
            min_size=1,
            max_size=8,
        ),
        max_size=5,
    )
)
def test_times_stay_in_order_and_mending_twice_changes_nothing(said: list[list[str]]) -> None:
    once = put_right(*(" ".join(words) for words in said))
    words = [word for segment in once.segments for word in segment.words]
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))
    again = mended(once, PEOPLE, ("MASH",), COMMON.__contains__)
    assert texts(again) == texts(once)


def asked(
    text: str, place: int, *, heard_as: str | None = None, perhaps: str | None = None
) -> Segment:
    """A segment with marks of the speech model's at one word."""
    (segment,) = heard(text).segments
    words = list(segment.words)
    words[place] = replace(words[place], heard=heard_as, perhaps=perhaps)
    return replace(segment, words=tuple(words))


@pytest.mark.parametrize(
    ("segment", "word"),
    [
        (asked("I saw Shivon today", 2, perhaps="Delroy or Siobhan"), ("Shivon", None)),
        (asked("I saw Shivon today", 2, perhaps="Delroy"), ("Shivon", None)),
        (asked("I saw Shivon today", 2, heard_as="Chevron"), ("Shivon", "Chevron")),
        (asked("I saw Shivon today", 2, perhaps="Siobhan"), ("Siobhan", "Shivon")),
    ],
)
def test_sound_alone_answers_no_question_that_the_speech_model_left_open(
    segment: Segment, word: tuple[str, str | None]
) -> None:
    made = mended(Transcript("t", "", "en", {}, 500, (segment,)), PEOPLE, (), COMMON.__contains__)
    found = made.segments[0].words[2]
    assert (found.text, found.heard) == word
    assert found.perhaps == (None if word[0] == "Siobhan" else segment.words[2].perhaps)


@pytest.mark.parametrize(("said", "name"), [("Gun", "Gunn"), ("Not", "Knott"), ("Dye", "Dai")])
def test_sound_alone_writes_over_no_harm_and_no_denial(said: str, name: str) -> None:
    made = put_right(f"I saw {said} there", people=(Person(name, "peer"),))
    written = made.segments[0].words[2].text
    assert written == (name if said == "Dye" else said)


@pytest.mark.parametrize(("sure", "perhaps"), [(0.3, "killed"), (0.9, None)])
def test_what_may_be_harm_and_was_hardly_heard_is_asked_about_as_that(
    sure: float, perhaps: str | None
) -> None:
    (segment,) = heard("that he Called him there").segments
    words = [replace(word, probability=sure) for word in segment.words]
    said = Transcript("t", "", "en", {}, 500, (replace(segment, words=tuple(words)),))
    made = mended(said, (Person("Callad", "peer"),), (), COMMON.__contains__)
    found = made.segments[0].words[2]
    assert (found.text, found.perhaps) == (("Called", "killed") if perhaps else ("Callad", None))


def test_words_that_may_together_be_a_name_are_asked_about_together() -> None:
    (segment,) = heard("I saw Poor Drake today").segments
    words = [
        replace(each, perhaps="Padraig" if at in (2, 3) else None)
        for at, each in enumerate(segment.words)
    ]
    made = Transcript("t", "", "en", {}, 500, (replace(segment, words=tuple(words)),))
    (one,) = from_transcript("r", made, None)
    (check,) = name_checks(one.names, one.text)
    assert "“Poor Drake” was heard. It may be the name “Padraig”" in check.message
    assert check.instead == "I saw Padraig today"


@pytest.mark.parametrize("said", ["a knife", "never"])
def test_no_click_takes_harm_or_a_denial_out(said: str) -> None:
    text = f"He had {said} on him"
    (segment,) = heard(text).segments
    end = 2 + len(said.split())
    words = [
        replace(each, perhaps="Niva" if at in range(2, end) else None)
        for at, each in enumerate(segment.words)
    ]
    made = Transcript("t", "", "en", {}, 500, (replace(segment, words=tuple(words)),))
    (one,) = from_transcript("r", made, None)
    (check,) = name_checks(one.names, one.text)
    assert (check.code, check.instead) == (PERHAPS, None)


def test_a_name_that_looks_like_a_word_for_harm_is_announced_as_a_name() -> None:
    segment = asked("I saw Mindy today", 2, perhaps="Mandy")
    (one,) = from_transcript("r", Transcript("t", "", "en", {}, 500, (segment,)), None)
    (check,) = name_checks(one.names, one.text)
    assert check.code == PERHAPS


TERMS = ("Roehampton", "Garratt Lane", "SENCo", "NRM")


def with_terms(*sentences: str, people: tuple[Person, ...] = PEOPLE) -> Transcript:
    return mended(heard(*sentences), people, TERMS, COMMON.__contains__)


def test_a_place_is_put_right_as_a_name_is_and_keeps_what_was_heard() -> None:
    made = with_terms("We met in Rohampton.", "The Senko came.")
    assert texts(made) == ["We met in Roehampton.", "The SENCo came."]
    assert [word.heard for part in made.segments for word in part.words if word.heard] == [
        "Rohampton",
        "Senko",
    ]


def test_a_place_has_its_capital() -> None:
    made = with_terms("I was in roehampton common.")
    assert texts(made) == ["I was in Roehampton common."]
    assert made.segments[0].words[3].heard is None


def test_a_place_is_never_written_over_what_people_write_nor_over_a_name_of_the_case() -> None:
    made = with_terms("I saw Gareth at Garrett.", people=())
    assert texts(made) == ["I saw Gareth at Garrett."]
    both = with_terms("I saw Rohampton.", people=(Person("Rohampton", "peer"),))
    assert texts(both) == ["I saw Rohampton."]
