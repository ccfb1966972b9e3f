from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recorder.review.spoken import Line
from recorder.review.verbatim import Word, words_of
from transcribe.corrected import Correction, said
from transcribe.model import Origin, Segment, Source, Statement
from transcribe.model import Word as Heard


def lines(*words: tuple[str, float], put_right: str | None = None) -> dict[str, list[Line]]:
    heard = tuple(
        Heard(n * 100, n * 100 + 90, f" {text}", sure) for n, (text, sure) in enumerate(words)
    )
    segment = Segment(0, len(words) * 100, " ".join(each for each, _ in words), words=heard)
    made = [Correction(0, put_right)] if put_right else []
    return {"r": [Line(0, segment, said(segment, 0, made))]}


def sentence(text: str, start: int = 0, end: int = 10_000) -> Statement:
    return Statement("s1", "worry", text, Origin.MACHINE, None, (Source("r", start, end),))


SAID = (("um", 0.2), ("he", 0.9), ("owes", 0.3), ("Kai", 0.4), ("money", 0.9))


def test_words_that_the_machine_was_not_sure_of_are_told() -> None:
    assert words_of(sentence("He owes Kai money."), lines(*SAID)) == (
        Word("He", unsure=False),
        Word("owes", unsure=True),
        Word("Kai", unsure=True),
        Word("money.", unsure=False),
    )


def test_only_what_was_said_where_it_stands_counts() -> None:
    twice = (("he", 0.1), ("ran", 0.9), ("he", 0.9), ("ran", 0.2))
    assert [each.unsure for each in words_of(sentence("He ran.", 0, 200), lines(*twice))] == [
        True,
        False,
    ]
    assert [each.unsure for each in words_of(sentence("He ran.", 200, 400), lines(*twice))] == [
        False,
        True,
    ]


def test_a_sentence_in_other_words_or_anothers_is_left_as_it_is() -> None:
    assert words_of(sentence("He owes Tyrell money."), lines(*SAID)) == ()
    typed = replace(sentence("He owes Kai money."), origin=Origin.PRACTITIONER)
    assert words_of(typed, lines(*SAID)) == ()
    assert words_of(sentence("He owes Kai money."), {}) == ()
    untimed = replace(sentence("He owes Kai money."), sources=(Source("r"),))
    assert words_of(untimed, lines(*SAID)) == ()


def test_what_a_person_put_right_is_certain() -> None:
    found = words_of(
        sentence("He owes Kyle money."), lines(*SAID, put_right="um he owes Kyle money")
    )
    assert [(each.text, each.unsure) for each in found if each.unsure] == [("owes", True)]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0.1, 0.9])), max_size=8))
def test_a_sentence_reads_the_same_word_by_word(words: list[tuple[str, float]]) -> None:
    text = " ".join(each for each, _ in words)
    found = words_of(sentence(text), lines(*words))
    assert [each.text for each in found] in ([], text.split())
    assert [each.unsure for each in found] in ([], [sure < 0.5 for _, sure in words])
