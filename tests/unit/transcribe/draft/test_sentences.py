"""Sentences out of heard words and typed lines."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft import from_script, from_transcript
from transcribe.model import SCRIPT, Segment, Transcript, Word


def transcript(*segments: Segment) -> Transcript:
    return Transcript(
        model="base",
        model_sha256="0" * 64,
        language="en",
        parameters={},
        duration_ms=60_000,
        segments=segments,
    )


def heard(text: str, start_ms: int = 0, speaker: str | None = None) -> Segment:
    words = tuple(
        Word(start_ms + 300 * n, start_ms + 300 * n + 250, f" {word}", 0.5 + 0.5 * (n % 2))
        for n, word in enumerate(text.split())
    )
    return Segment(start_ms, words[-1].end_ms, text, speaker=speaker, words=words)


def texts(*segments: Segment) -> list[str]:
    return [one.text for one in from_transcript("r1", transcript(*segments), "Dele")]


def test_a_sentence_spans_segments() -> None:
    found = texts(heard("He was in his school"), heard("uniform. He looked tired.", 1500))
    assert found == ["He was in his school uniform.", "He looked tired."]


def test_times_and_probability_come_from_the_words() -> None:
    (one,) = from_transcript("r1", transcript(heard("He looked tired.", 4000)), "Dele")
    assert (one.source.start_ms, one.source.end_ms) == (4000, 4850)
    assert one.source.recording == "r1"
    assert one.speaker == "Dele"
    assert one.probability is not None
    assert abs(one.probability - 2 / 3) < 0.01


def test_one_doubted_word_makes_its_whole_sentence_doubted() -> None:
    made = heard("He was not at school. He looked tired.")
    words = (replace(made.words[0], probability=0.0), *made.words[1:])
    first, second = from_transcript("r1", transcript(replace(made, words=words)), None)
    assert first.probability == 0.0
    assert second.probability is not None
    assert second.probability > 0.5


def test_a_segment_without_words_lends_its_own_times() -> None:
    segment = Segment(1000, 5000, "One. Two.", probability=0.4)
    found = from_transcript("r1", transcript(segment), None)
    assert [(one.text, one.source.start_ms, one.source.end_ms) for one in found] == [
        ("One.", 1000, 5000),
        ("Two.", 1000, 5000),
    ]


def test_abbreviations_times_and_decimals_do_not_end_a_sentence() -> None:
    text = "Mr. Rahmani came at 3.45 p.m. with Dr. Shah, e.g. for the St. John's form. He left."
    assert texts(heard(text)) == [text.removesuffix(" He left."), "He left."]


def test_no_can_end_a_sentence() -> None:
    assert texts(heard("I asked and he said no. Then he left.")) == [
        "I asked and he said no.",
        "Then he left.",
    ]


def test_a_spoken_quotation_is_kept_whole() -> None:
    text = "He said, quote, I'm not scared. I'm angry, unquote. Then he left."
    assert texts(heard(text)) == [text.removesuffix(" Then he left."), "Then he left."]


def test_a_quote_that_never_closes_holds_nothing() -> None:
    text = "He said, quote, I'm not scared. Then he left."
    assert texts(heard(text)) == ["He said, quote, I'm not scared.", "Then he left."]


def test_two_speakers_never_share_a_sentence() -> None:
    found = from_transcript(
        "r1",
        transcript(heard("how are you", speaker="Bev"), heard("tired.", 2000, speaker="Ravi")),
        None,
    )
    assert [(one.text, one.speaker) for one in found] == [
        ("how are you", "Bev"),
        ("tired.", "Ravi"),
    ]


def test_a_long_pause_ends_a_sentence() -> None:
    assert texts(heard("we looked at the map"), heard("mum rang", 9000)) == [
        "we looked at the map",
        "mum rang",
    ]


def test_pieces_of_a_word_are_joined() -> None:
    words = (Word(0, 100, " 3", 1.0), Word(100, 200, ".45", 1.0), Word(200, 300, " now", 1.0))
    assert texts(Segment(0, 300, "3.45 now", words=words)) == ["3.45 now"]


def test_words_without_leading_spaces_are_set_apart() -> None:
    words = (Word(0, 100, "He", 1.0), Word(100, 200, "left", 1.0))
    assert texts(Segment(0, 200, "He left", words=words)) == ["He left"]


def test_a_script_gives_one_utterance_a_line() -> None:
    found = from_script("RAVI: I'm tired. Very.\n\nNote: nothing.\n")
    assert [(one.text, one.speaker) for one in found] == [
        ("I'm tired. Very.", "Ravi"),
        ("Note: nothing.", None),
    ]
    assert found[0].source.recording == SCRIPT
    assert found[0].source.start_ms is None


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["He", "no.", "quote,", "unquote.", "Mr.", "p.m.", "3.45", "end", "what?"]),
        st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=12,
)


@given(st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(["", " "]), st.integers(0, 5000))
def test_every_word_is_in_exactly_one_utterance(
    segments: list[list[str]], lead: str, gap: int
) -> None:
    made = []
    clock = 0
    for words in segments:
        timed = tuple(
            Word(clock + 10 * n, clock + 10 * n + 9, lead + word, 0.9)
            for n, word in enumerate(words)
        )
        made.append(Segment(clock, timed[-1].end_ms, " ".join(words), words=timed))
        clock = timed[-1].end_ms + gap
    found = from_transcript("r1", transcript(*made), None)
    said = [word for words in segments for word in words]
    assert " ".join(one.text for one in found).split() == " ".join(said).split()
    starts = [one.source.start_ms for one in found if one.source.start_ms is not None]
    assert starts == sorted(starts)


def test_a_piece_cut_off_at_a_breath_is_put_back() -> None:
    text = "I saw her yesterday. At the library. Because she felt okay there. He left."
    assert texts(heard(text)) == [text.removesuffix(" He left."), "He left."]


def test_an_if_waits_for_its_then() -> None:
    text = "If I don't get him by lunchtime. I'll speak to my manager."
    assert texts(heard(text)) == [text]


def test_short_sentences_of_their_own_stay_apart() -> None:
    assert texts(heard("Right. Chidi. He told me.")) == ["Right.", "Chidi.", "He told me."]


def test_a_piece_that_goes_on_joins_its_sentence_and_one_that_starts_anew_does_not() -> None:
    assert texts(heard("He rang his nan. Because he was scared.")) == [
        "He rang his nan. Because he was scared."
    ]
    assert texts(heard("I will see him on Friday. That's everything, thanks.")) == [
        "I will see him on Friday.",
        "That's everything, thanks.",
    ]
