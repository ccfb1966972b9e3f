"""Hesitations out, corrections through, everything else as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft.corrections import cleaned, corrected, without_hesitations


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Um, and then he said no.", "And then he said no."),
        ("He, er, he went home.", "He went home."),
        ("I, I told the, um, school.", "I told the, school."),
        (
            "It was that that upset him, he had had enough.",
            "It was that that upset him, he had had enough.",
        ),
        ("Um.", "Um."),
        ("Mmm .", "Mmm ."),
        ("I asked if he hit her and she went uh-uh.", "I asked if he hit her and she went uh-uh."),
        ("Uh-huh, he said.", "Uh-huh, he said."),
        ("Er - he was, um-, late.", "He was, late."),
        ("I told her her dad rang.", "I told her her dad rang."),
        ("He came in in the evening.", "He came in in the evening."),
        ("School is so so, he said.", "School is so so, he said."),
    ],
)
def test_hesitations_are_taken_out(said: str, kept: str) -> None:
    assert without_hesitations(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "I'm seeing him on Tuesday the seventeenth, no sorry, Wednesday the eighteenth of March.",
            "I'm seeing him on Wednesday the eighteenth of March.",
        ),
        (
            "I got there about four, no, actually it was nearer half past four.",
            "I got there about half past four.",
        ),
        (
            "I got there about 4. Now, actually it was near a half past 4.",
            "I got there about half past 4.",
        ),
        (
            "I've used three of my lieu days, no, two days, and that's it.",
            "I've used two of my lieu days, and that's it.",
        ),
        ("I told mum, no sorry, nan about it.", "I told nan about it."),
        ("He, no, she hit him.", "She hit him."),
        (
            "I couldn't stay, so I went on Monday, no, Tuesday.",
            "I couldn't stay, so I went on Tuesday.",
        ),
    ],
)
def test_a_correction_wins(said: str, kept: str) -> None:
    assert corrected(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "He said no, he was not hit.",
        "There was one on Monday, no Tuesday session.",
        "No one saw him on Friday, and on Saturday nobody did.",
        "At the dance place, no, not at dance, so at the library.",
        "It wasn't Monday, no, it was Tuesday.",
        "It wasn't his mum, no, his dad.",
        "He didn't have two knives, no, three knives.",
        "It was never at four, no, at five.",
        "It's been moved from the twenty seventh of January to the third of February.",
    ],
)
def test_a_denial_is_no_correction(said: str) -> None:
    assert corrected(said) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Um, he said, quote, I, um, I hate it, unquote.",
            "He said, quote, I, um, I hate it, unquote.",
        ),
        (
            "He, he said, quote, it was Monday, no, Tuesday, unquote, on Monday, no, Wednesday.",
            "He said, quote, it was Monday, no, Tuesday, unquote, on Wednesday.",
        ),
        ('Er, he said "my mum, no, my nan".', 'He said "my mum, no, my nan".'),
    ],
)
def test_what_is_quoted_stays_word_for_word(said: str, kept: str) -> None:
    assert cleaned(said) == kept


@given(st.text(max_size=80))
def test_no_text_breaks_the_cleaning(said: str) -> None:
    assert isinstance(cleaned(said), str)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        (
            "It's Tuesday the third of March, no wait, he's got the dentist, Wednesday the fourth.",
            "It's Wednesday the fourth.",
        ),
        (
            "I'll go up on Tuesday, no, hold on, that's my training, Wednesday.",
            "I'll go up on Wednesday.",
        ),
        (
            "I rang on Tuesday, hang on, he was at school, and on Wednesday.",
            "I rang on Tuesday, hang on, he was at school, and on Wednesday.",
        ),
    ],
)
def test_a_correction_may_give_its_reason(said: str, means: str) -> None:
    assert cleaned(said) == means
